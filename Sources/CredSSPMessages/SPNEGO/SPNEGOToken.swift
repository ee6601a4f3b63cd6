import Wire

/// A token of the negotiation of mechanisms.
///
/// DER: NegTokenInit [0] with mechTypes [0], mechToken [2], mechListMIC [3]; or NegTokenResp [1] with
/// negState [0], supportedMech [1], responseToken [2], mechListMIC [3]. RFC 4178 §4.2
package struct SPNEGOToken: Hashable, Sendable {
  /// What is offered, best first; empty in an answer.
  package let offered: [SecurityMechanism]
  /// How the negotiation stands; `nil` in the first token.
  package let state: State?
  /// The mechanism that the server takes.
  package let chosen: SecurityMechanism?
  /// The mechanism's own token.
  package let token: SecurityToken?

  /// Mechanisms of one offer; Windows sends four.
  package static let maximumMechanisms = 32

  /// How a negotiation stands (negState); unknown values are kept.
  package struct State: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let rejected = Self(rawValue: 2)

    /// The specification's name, or the number.
    package var name: String {
      switch rawValue {
      case 0: "accept-completed"
      case 1: "accept-incomplete"
      case 2: "reject"
      case 3: "request-mic"
      default: "\(rawValue)"
      }
    }
  }

  /// Decodes the token.
  ///
  /// - Parameters:
  ///   - bytes: From the tag [0] or [1] on.
  ///   - problems: Receives what is wrong in the mechanism's token.
  /// - Throws: ``DecodeError`` if it is no such token, or breaks off.
  init(_ bytes: ArraySlice<UInt8>, problems: inout [DecodeError]) throws(DecodeError) {
    let root = try ASN1Element(parsing: bytes, "NegotiationToken", layer: .spnego)
    let fields = try root.only("NegotiationToken").sequence("NegotiationToken")
    switch root.contextTag {
    case 0:
      offered = try Self.mechanisms(try fields.required(0, "mechTypes", in: root))
      state = nil
      chosen = nil
    case 1:
      offered = []
      state = try fields.tagged(0, "negState").map { element throws(DecodeError) in
        State(rawValue: try element.unsigned32("negState"))
      }
      chosen = try fields.tagged(1, "supportedMech").map { element throws(DecodeError) in
        SecurityMechanism(rawValue: try element.objectIdentifier("supportedMech"))
      }
    default: throw root.invalid("NegotiationToken", expected: "the tag [0] or [1]")
    }
    guard let inner = try fields.tagged(2, "mechToken") else {
      token = nil
      return
    }
    let octets = try inner.octetString("mechToken")
    token = SecurityToken(octets, isInside: true, problems: &problems)
  }

  private static func mechanisms(
    _ element: ASN1Element
  ) throws(DecodeError) -> [SecurityMechanism] {
    let items = try element.sequence("mechTypes")
    guard items.count <= maximumMechanisms else {
      throw DecodeError(
        layer: .spnego,
        field: "mechTypes",
        offset: element.offset,
        reason: .limitExceeded(limit: maximumMechanisms, found: items.count)
      )
    }
    var mechanisms: [SecurityMechanism] = []
    for item in items {
      mechanisms.append(SecurityMechanism(rawValue: try item.objectIdentifier("mechType")))
    }
    return mechanisms
  }
}
