import Packets
import Streams
import Testing

@Suite struct CommunityIDTests {
  struct Flow: Sendable, CustomTestStringConvertible {
    let source: (String, UInt16)
    let destination: (String, UInt16)
    let transport: UInt8
    /// The id with seed 0, and with seed 1 where it is published.
    let id: String
    var seeded: String?

    var testDescription: String { "\(source) > \(destination)" }
  }

  /// The baseline of the specification, and one of IPv6 as Wireshark gives it.
  static let flows = [
    Flow(
      source: ("128.232.110.120", 34855),
      destination: ("66.35.250.204", 80),
      transport: 6,
      id: "1:LQU9qZlK+B5F3KDmev6m5PMibrg=",
      seeded: "1:3V71V58M3Ksw/yuFALMcW0LAHvc="
    ),
    Flow(
      source: ("192.168.1.52", 54585),
      destination: ("8.8.8.8", 53),
      transport: 17,
      id: "1:d/FP5EW3wiY1vCndhwleRRKHowQ="
    ),
    Flow(
      source: ("2001:db8::10", 40846),
      destination: ("2001:db8::20", 3389),
      transport: 6,
      id: "1:KxOhBk00vWnCLTzCSg8014l3xQ4="
    ),
  ]

  @Test(arguments: flows) func idIsThePublishedOne(_ flow: Flow) throws {
    let source = try endpoint(flow.source)
    let destination = try endpoint(flow.destination)
    let forward = CommunityID(source, destination, transport: flow.transport)
    #expect(forward.description == flow.id)
    #expect(CommunityID(destination, source, transport: flow.transport) == forward)
    if let seeded = flow.seeded {
      let id = CommunityID(source, destination, transport: flow.transport, seed: 1)
      #expect(id.description == seeded)
    }
  }

  private func endpoint(_ pair: (String, UInt16)) throws -> Endpoint {
    Endpoint(address: try #require(IPAddress(pair.0)), port: pair.1)
  }
}
