import Diagnosis
import Reports
import Streams
import Testing

/// Hosts with an IPv6 and an IPv4 address, of which only one works.
@Suite struct OtherVersionTests {
  /// SYNs to an IPv6 address in vain, and so many seconds later sessions over IPv4.
  private func list(pause: Double, clients: Int = 1) throws -> PacketList {
    let session = try HealthyCapture.named("healthy-tls12-closed-by-user").list.packets
    let syn = try #require(TCPFrame(session[0].bytes))
    var forge = PacketForge(between: syn)
    forge.now = session[0].seconds - 60
    forge.client.address = [0x20, 1, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [1]
    forge.server.address = [0x20, 1, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [2]
    forge.callInVain(after: [1, 2])
    let shift = forge.now + pause - session[0].seconds
    for number in 0..<clients {
      forge.list.packets += session.map { packet in
        var packet = packet.shifted(by: shift + 0.1 * Double(number))
        // The last octet of the client's IPv4 address, as source or as target.
        let place = TCPFrame(packet.bytes)?.source == syn.source ? 29 : 33
        packet.bytes[place] &+= UInt8(number)
        return packet
      }
    }
    forge.list.packets.sort { $0.seconds < $1.seconds }
    return forge.list
  }

  @Test func aCallThatTheOtherVersionMakesGoodIsNoFailure() throws {
    let diagnosis = try list(pause: 0.3).analyse().diagnosis
    #expect(diagnosis.connections.count == 2)
    #expect(diagnosis.attempts.map(\.verdict.severity) == [.warning, .none])
    let verdict = try #require(diagnosis.connections.first?.verdict)
    #expect(verdict.cause.family == .hostAsleepOrUnreachable)
    #expect(verdict.evidence.contains { $0.kind == .reachedByOtherVersion })
  }

  /// A minute later somebody has typed another name.
  @Test func aLaterSessionMakesNothingGood() throws {
    let diagnosis = try list(pause: 40).analyse().diagnosis
    #expect(diagnosis.attempts.map(\.verdict.severity) == [.failure, .none])
  }

  /// Where two clients come at the moment, nobody knows whose call it was.
  @Test func severalClientsMakeNothingGood() throws {
    let diagnosis = try list(pause: 0.3, clients: 2).analyse().diagnosis
    #expect(diagnosis.connections.count == 3)
    #expect(diagnosis.attempts.first?.verdict.severity == .failure)
  }
}
