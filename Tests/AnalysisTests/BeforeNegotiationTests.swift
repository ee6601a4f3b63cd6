import Diagnosis
import Foundation
import RDPMessages
import Reports
import Streams
import Testing
import Timeline

/// Connections that begin otherwise than with an X.224 Connection Request.
@Suite struct BeforeNegotiationTests {
  /// A recorded connection of TLS as a client of the direct approach makes it: without the negotiation
  /// before it. [MS-RDPBCGR] 5.4.2.2
  private func direct(_ name: String) throws -> PacketList {
    let folder = capturesFolder.appending(path: name)
    var list = try PacketList(contentsOf: GoldenCase(folder: folder).capture.path)
    var negotiated: [UInt16: UInt32] = [:]
    list.packets.removeAll { packet in
      guard let segment = Segment(packet.bytes), segment.payload.first == 3 else { return false }
      negotiated[segment.port] = UInt32(segment.payload.count)
      return true
    }
    #expect(negotiated.count == 2)
    for index in list.packets.indices {
      guard let segment = Segment(list.packets[index].bytes), segment.isSYN else { continue }
      let sequence = segment.sequence &+ (negotiated[segment.port] ?? 0)
      for (place, shift) in [24, 16, 8, 0].enumerated() {
        list.packets[index].bytes[segment.start + 4 + place] =
          UInt8(truncatingIfNeeded: sequence >> UInt32(shift))
      }
    }
    return list
  }

  /// A TCP segment over IPv4 and Ethernet.
  private struct Segment {
    let start: Int
    let port: UInt16
    let sequence: UInt32
    let isSYN: Bool
    let payload: ArraySlice<UInt8>

    init?(_ bytes: [UInt8]) {
      guard 54 <= bytes.count, bytes[12] == 8, bytes[13] == 0, bytes[23] == 6 else { return nil }
      start = 14 + Int(bytes[14] & 0x0F) * 4
      guard start + 20 <= bytes.count else { return nil }
      port = UInt16(bytes[start]) << 8 | UInt16(bytes[start + 1])
      sequence = bytes[start + 4..<start + 8].reduce(0) { $0 << 8 | UInt32($1) }
      isSYN = bytes[start + 13] & 2 != 0
      let length = Int(bytes[16]) << 8 | Int(bytes[17])
      let begin = start + Int(bytes[start + 12] >> 4) * 4
      payload = bytes[min(begin, bytes.count)..<max(begin, min(14 + length, bytes.count))]
    }
  }

  @Test(arguments: ["healthy-nla-tls12", "healthy-nla-keys"])
  func credSSPComesAtOnce(_ name: String) throws {
    let list = try direct(name)
    let report = try list.analyse()
    let judged = try #require(report.diagnosis.connections.first)
    #expect(report.diagnosis.connections.count == 1)
    #expect(judged.connection.facts.request == nil && judged.connection.facts.undecoded.isEmpty)
    let phases = judged.connection.facts.phases.map(\.phase.name)
    #expect(phases.prefix(4) == ["tcp", "tls", "credssp", "mcs"])
    #expect(phases.last == "session")
    #expect(judged.verdict.severity == .none)
  }

  @Test func credSSPOfTheDirectApproachIsRead() throws {
    let report = try direct("healthy-nla-keys").analyse(withKeys: true)
    let facts = try #require(report.diagnosis.connections.first).connection.facts
    #expect(facts.login.user == "lab")
    #expect(facts.mcs.connectInitial != nil)
    #expect(facts.undecoded.isEmpty)
  }

  /// Hyper-V tells the machine before everything else, on a port of its own. [MS-RDPEPS] 2.2.1.2
  @Test func virtualMachineIsNamedFirst() throws {
    let machine = Array("B3D5444C-2611-405A-9CA0-7AA8DA94DF0B\0".utf16)
    let blob = machine.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let size = UInt8(18 + blob.count)
    var forge = PacketForge()
    forge.serverPort = 2179
    forge.connect()
    forge.say(
      .client,
      [size, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, UInt8(machine.count), 0] + blob
    )
    forge.negotiate(offer: 3, answer: [2, 0x1F, 8, 0, 2, 0, 0, 0])
    let connections = try forge.list.analyse().diagnosis.connections
    let facts = try #require(connections.first).connection.facts
    #expect(connections.count == 1)
    #expect(facts.preconnection?.message.blob == "B3D5444C-2611-405A-9CA0-7AA8DA94DF0B")
    #expect(facts.request?.message.negotiation?.requestedProtocols.names == ["ssl", "hybrid"])
    #expect(facts.selected?.names == ["hybrid"])
    #expect(facts.phases.map(\.phase.name) == ["tcp", "x224"])
    #expect(facts.undecoded.isEmpty)
  }
}
