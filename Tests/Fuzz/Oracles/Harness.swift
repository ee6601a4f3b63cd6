/// An entry point for bytes that nobody vouches for, with the checks that hold for every input.
///
/// The fuzzer calls it with mutated inputs, the tests with those that once broke something.
package enum Harness: String, CaseIterable, Sendable {
  /// A whole capture file, compressed ones excepted: what is packed comes out of another program.
  case captureFile = "capture-file"
  /// Captured packets of one link type, one after the other.
  case packet
  /// Two directions of octets, in any division into segments.
  case stream
  /// A TCP connection, packet by packet, from its headers to every form of report.
  case connection
  /// Handshake messages, alerts and hellos.
  case tls
  /// A certificate in DER, read and followed to a root.
  case certificate
  /// TPKT, X.224, the negotiation and what may come before it.
  case negotiation
  /// MCS with GCC's data blocks.
  case mcs
  /// Security headers, licensing and the session's PDUs.
  case session
  /// RDP over UDP, and DTLS.
  case datagram
  /// DNS and LLMNR.
  case dns
  /// The files that people edit: expectations and baselines.
  case expectation
  /// The file of `--ca`.
  case roots
  /// The file of `--key-log`, and what a capture embeds of the same form.
  case keyLog = "key-log"

  /// Checks one input.
  ///
  /// - Throws: ``Violation`` when something that must hold for every input does not.
  package func check(_ input: [UInt8]) throws(Violation) {
    switch self {
    case .captureFile: try CaptureFileOracle.check(input)
    case .packet: try PacketOracle.check(input)
    case .stream: try StreamOracle.check(input)
    case .connection: try ConnectionOracle.check(input)
    case .tls: try TLSOracle.check(input)
    case .certificate: try CertificateOracle.check(input)
    case .negotiation: try MessageOracle.check(input, among: MessageOracle.negotiation)
    case .mcs: try MessageOracle.check(input, among: MessageOracle.mcs)
    case .session: try MessageOracle.check(input, among: MessageOracle.session)
    case .datagram: try MessageOracle.check(input, among: MessageOracle.datagram)
    case .dns: try DNSOracle.check(input)
    case .expectation: try ExpectationOracle.check(input)
    case .roots: try CertificateOracle.checkRoots(input)
    case .keyLog: try KeyLogOracle.check(input)
    }
  }
}

/// Something that must hold for every input, and does not.
package struct Violation: Error, CustomStringConvertible {
  /// What does not hold, and for what.
  package let description: String

  /// Creates a violation.
  package init(_ description: String) { self.description = description }
}

/// Throws a violation unless a condition holds.
func require(_ condition: Bool, _ what: @autoclosure () -> String) throws(Violation) {
  guard condition else { throw Violation(what()) }
}
