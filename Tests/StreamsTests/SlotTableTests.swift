import Packets
import Testing

@testable import Streams

@Suite struct SlotTableTests {
  @Test func everyKeyIsFoundAfterGrowing() {
    var table = SlotTable()
    let addresses = (0..<10_000).map { IPAddress(ipv4: UInt32($0)) }
    for (index, address) in addresses.enumerated() {
      let place = table.place(of: address) { addresses[$0] == address }
      #expect(place.index == nil)
      table.set(index, at: place)
    }
    for (index, address) in addresses.enumerated() {
      #expect(table.place(of: address) { addresses[$0] == address }.index == index)
    }
    let stranger = IPAddress(high: 1, low: 0)
    #expect(table.place(of: stranger) { addresses[$0] == stranger }.index == nil)
  }

  @Test func newestElementTakesThePlaceOfTheOldOne() {
    var table = SlotTable()
    let low = Endpoint(address: IPAddress(ipv4: 1), port: 1)
    let high = Endpoint(address: IPAddress(ipv4: 2), port: 3389)
    for index in 0..<3 { table.set(index, at: table.place(of: low, high) { _ in true }) }
    #expect(table.place(of: low, high) { _ in true }.index == 2)
    table.removeAll()
    #expect(table.place(of: low, high) { _ in true }.index == nil)
  }
}
