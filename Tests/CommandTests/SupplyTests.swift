import Foundation
import Testing

/// Who gets a release is told what is in it.
@Suite struct SupplyTests {
  private struct Pins: Decodable {
    struct Pin: Decodable {
      let identity: String
      let location: String
    }

    let pins: [Pin]
  }

  private struct Bill: Decodable {
    struct Component: Decodable { let name: String }

    let components: [Component]
  }

  /// The bill of materials refuses a package whose purpose and licence nobody has written down.
  @Test func everyPackageIsInTheBillAndInTheNotice() throws {
    let resolved = Command.root.appending(path: "Package.resolved")
    let pins = try JSONDecoder().decode(Pins.self, from: Data(contentsOf: resolved)).pins
    try #require(!pins.isEmpty)
    let result = try Command.shell("python3 Packaging/sbom.py 1.0 Package.resolved")
    try #require(result.status == 0, "\(result.errors)")
    let names = try JSONDecoder().decode(Bill.self, from: result.output).components.map(\.name)
    let notice = try String(contentsOf: Command.root.appending(path: "NOTICE"), encoding: .utf8)
    for pin in pins {
      #expect(names.contains(pin.identity))
      let address = pin.location.hasSuffix(".git") ? pin.location.dropLast(4) : pin.location[...]
      #expect(notice.contains(address), "NOTICE does not name \(pin.identity)")
    }
  }
}
