import Wire

/// What a security package says, told by its first octets.
package indirect enum SecurityToken: Hashable, Sendable {
  case ntlm(NTLMMessage)
  case spnego(SPNEGOToken)
  case kerberos(KerberosMessage)
  /// NEGOEX, which negotiates mechanisms of its own. [MS-NEGOEX] 2.2
  case negoEx
  /// Another package's, or nothing that can be told.
  case other(byteCount: Int)

  /// Decodes a token; one that cannot be decoded is `other`, and a problem.
  ///
  /// - Parameters:
  ///   - bytes: The whole token.
  ///   - isInside: Whether it stands inside SPNEGO, where SPNEGO once more has no use and would be a
  ///     hostile depth.
  ///   - problems: Receives what is wrong in it.
  init(_ bytes: ArraySlice<UInt8>, isInside: Bool = false, problems: inout [DecodeError]) {
    do throws(DecodeError) {
      let token = try Self.decode(bytes, isInside: isInside, problems: &problems)
      self = token
    } catch {
      problems.append(error)
      self = .other(byteCount: bytes.count)
    }
  }

  private static func decode(
    _ bytes: ArraySlice<UInt8>,
    isInside: Bool,
    problems: inout [DecodeError]
  ) throws(DecodeError) -> SecurityToken {
    if bytes.starts(with: NTLMMessage.signature) { return .ntlm(try NTLMMessage(bytes)) }
    if bytes.starts(with: Array("NEGOEXTS".utf8)) { return .negoEx }
    switch bytes.first {
    case 0x60: return try gss(bytes, isInside: isInside, problems: &problems)
    case 0xA0 where !isInside, 0xA1 where !isInside:
      return .spnego(try SPNEGOToken(bytes, problems: &problems))
    default: return .other(byteCount: bytes.count)
    }
  }

  /// An initial token: [APPLICATION 0], the mechanism's identifier, and its token. RFC 2743 §3.1
  private static func gss(
    _ bytes: ArraySlice<UInt8>,
    isInside: Bool,
    problems: inout [DecodeError]
  ) throws(DecodeError) -> SecurityToken {
    var outer = ByteReader(bytes, layer: .spnego)
    var token = try outer.derElement(0x60, "InitialContextToken")
    let start = token.offset
    try token.skipElement("thisMech")
    let identifier = try ASN1Element(
      parsing: bytes[start..<token.offset],
      "thisMech",
      layer: .spnego
    )
    let mechanism = SecurityMechanism(rawValue: try identifier.objectIdentifier("thisMech"))
    switch mechanism {
    case .spnego where !isInside:
      return .spnego(try SPNEGOToken(token.remaining, problems: &problems))
    case .kerberos, .microsoftKerberos, .kerberosUserToUser:
      return .kerberos(try KerberosMessage(gss: token.remaining))
    case .ntlm: return .ntlm(try NTLMMessage(token.remaining))
    default: return .other(byteCount: bytes.count)
    }
  }

  /// The token and those inside it.
  package var all: [SecurityToken] {
    guard case .spnego(let outer) = self, let inner = outer.token else { return [self] }
    return [self] + inner.all
  }
}
