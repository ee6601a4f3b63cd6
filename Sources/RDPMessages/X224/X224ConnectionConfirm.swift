package import Wire

/// X.224 Connection Confirm (CC): the server's answer. [MS-RDPBCGR] 2.2.1.2
///
/// Layout after the code: DST-REF 2, SRC-REF 2, class 1, then optionally a negotiation response or
/// failure of 8 octets.
package struct X224ConnectionConfirm: WireDecodable, Hashable {
  /// What the server decided.
  package let outcome: Outcome
  /// What was wrong with the variable part; the outcome is then ``Outcome/noNegotiation``.
  package let problem: DecodeError?

  /// The server's decision.
  package enum Outcome: Hashable, Sendable {
    case selected(NegotiationResponse)
    case refused(NegotiationFailure)
    /// No negotiation structure: a server that knows only standard RDP security, or an answer to a
    /// request that had none.
    case noNegotiation
  }

  /// Decodes the fields after the code.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    try reader.skip(5, "DST-REF, SRC-REF and class")
    do throws(DecodeError) {
      outcome = try reader.confirmOutcome()
      problem = nil
    } catch {
      outcome = .noNegotiation
      problem = error
    }
  }
}

extension ByteReader {
  fileprivate mutating func confirmOutcome() throws(DecodeError) -> X224ConnectionConfirm.Outcome {
    guard !isAtEnd else { return .noNegotiation }
    let start = offset
    let type = try uint8("type")
    switch type {
    case 2: return .selected(try NegotiationResponse(decoding: &self))
    case 3: return .refused(try NegotiationFailure(decoding: &self))
    default:
      throw invalid(
        "type",
        at: start,
        expected: "2 (RDP_NEG_RSP) or 3 (RDP_NEG_FAILURE)",
        found: type
      )
    }
  }
}
