package import Wire

/// A message of CredSSP, in every version.
///
/// DER: SEQUENCE of version [0], negoTokens [1], authInfo [2], pubKeyAuth [3], errorCode [4] (version
/// 3, 4 and 6), clientNonce [5] (version 5 and 6). [MS-CSSP] 2.2.1
package struct TSRequest: Hashable, Sendable {
  /// The highest version that the sender knows.
  package let version: UInt32
  /// What the security packages say; almost always one.
  package let tokens: [SecurityToken]
  /// Octets of the user's credentials, encrypted with the session key of the login; `nil` without.
  ///
  /// Which kind they are stays unread: the key is not to be had from the capture.
  package let credentialsByteCount: Int?
  /// Whether the sender proves that it means this TLS connection.
  package let provesPublicKey: Bool
  /// Why the server refuses the login.
  package let error: LoginStatus?
  /// Whether the client hashes a nonce into its proof, as since version 5 (CVE-2018-0886).
  package let hasNonce: Bool
  /// What is wrong inside a token; what is around it stands.
  package let problems: [DecodeError]

  /// Tokens of one message: [MS-CSSP] knows no use of more than one.
  package static let maximumTokens = 8

  /// Decodes the message.
  ///
  /// - Parameter bytes: From the SEQUENCE's tag on.
  /// - Throws: ``DecodeError`` if it is no such SEQUENCE, or breaks off.
  package init(_ bytes: ArraySlice<UInt8>) throws(DecodeError) {
    let root = try ASN1Element(parsing: bytes, "TSRequest", layer: .credSSP)
    let fields = try root.sequence("TSRequest")
    version = try fields.required(0, "version", in: root).unsigned32("version")
    var problems: [DecodeError] = []
    tokens = try Self.tokens(try fields.tagged(1, "negoTokens"), &problems)
    credentialsByteCount = try fields.tagged(2, "authInfo")?.secretByteCount("authInfo")
    provesPublicKey = try fields.tagged(3, "pubKeyAuth")?.secretByteCount("pubKeyAuth") != nil
    error = try fields.tagged(4, "errorCode").map { element throws(DecodeError) in
      LoginStatus(rawValue: try element.unsigned32("errorCode"))
    }
    hasNonce = try fields.tagged(5, "clientNonce")?.octetString("clientNonce") != nil
    self.problems = problems
  }

  private static func tokens(
    _ element: ASN1Element?,
    _ problems: inout [DecodeError]
  ) throws(DecodeError) -> [SecurityToken] {
    guard let element else { return [] }
    let items = try element.sequence("negoTokens")
    guard items.count <= maximumTokens else {
      throw DecodeError(
        layer: .credSSP,
        field: "negoTokens",
        offset: element.offset,
        reason: .limitExceeded(limit: maximumTokens, found: items.count)
      )
    }
    var tokens: [SecurityToken] = []
    for item in items {
      let token = try item.sequence("negoToken").required(0, "negoToken", in: item)
      tokens.append(SecurityToken(try token.octetString("negoToken"), problems: &problems))
    }
    return tokens
  }
}

extension TSRequest {
  /// Every token, those inside SPNEGO included.
  package var allTokens: [SecurityToken] { tokens.flatMap(\.all) }
}
