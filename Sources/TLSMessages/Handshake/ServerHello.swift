package import Wire

/// ServerHello: what a server chose.
///
/// Layout: legacy_version 2, random 32, session id ≤ 32, cipher suite 2, compression method 1,
/// extensions (absent in old servers). RFC 8446 §4.1.3, RFC 5246 §7.4.1.3
package struct ServerHello: WireDecodable, Hashable {
  /// The version field, which TLS 1.3 leaves at 1.2.
  package let legacyVersion: TLSVersion
  /// 32 octets, copied: the record they came in is not kept alive.
  package let random: [UInt8]
  /// The session's name; empty when it cannot be resumed by it.
  package let sessionID: [UInt8]
  /// The suite chosen.
  package let cipherSuite: CipherSuite
  /// The compression method chosen; 0 is none.
  package let compression: UInt8
  /// What the extensions say.
  package var extensions: HelloExtensions

  /// What a server that knows a newer version says in its random when it chooses an older one.
  ///
  /// A client that offered the newer one was then kept from it by someone on the way.
  /// RFC 8446 §4.1.3
  package enum DowngradeSentinel: Hashable, Sendable {
    /// The server knows TLS 1.3 and chose 1.2.
    case toTLS12
    /// The server knows TLS 1.2 and chose 1.1 or older.
    case toTLS11OrOlder
  }

  /// Decodes the body of the handshake message.
  ///
  /// - Parameter reader: Positioned at `legacy_version`.
  /// - Throws: ``DecodeError`` if a field before the extensions, or the extensions' length, does
  ///   not fit; what is wrong inside the extensions is among their problems.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    legacyVersion = TLSVersion(rawValue: try reader.uint16BigEndian("legacy_version"))
    random = Array(try reader.bytes(32, "random"))
    sessionID = Array(try reader.vector8("legacy_session_id_echo").remaining)
    cipherSuite = CipherSuite(rawValue: try reader.uint16BigEndian("cipher_suite"))
    compression = try reader.uint8("legacy_compression_method")
    extensions = try HelloExtensions(decoding: &reader, of: .serverHello)
  }

  /// The version chosen: the extension's where there is one.
  package var selectedVersion: TLSVersion { extensions.supportedVersions.first ?? legacyVersion }

  /// The application protocol chosen; `nil` without one.
  ///
  /// TLS 1.3 chooses it under encryption.
  package var alpn: String? { extensions.alpn.first }

  /// The group chosen in TLS 1.3, or asked for in a HelloRetryRequest; TLS 1.2 names it in
  /// ServerKeyExchange.
  package var group: NamedGroup? { extensions.keyShareGroups.first }

  /// Whether the server agreed to compute the MAC over what is encrypted (RFC 7366).
  package var encryptThenMAC: Bool { extensions.contains(.encryptThenMAC) }

  /// Whether this asks the client to offer again (RFC 8446 §4.1.3: the SHA-256 of
  /// "HelloRetryRequest" in place of a random).
  package var isHelloRetryRequest: Bool { random == Self.retryRandom }

  /// The downgrade said in the random's last octets; `nil` without one.
  package var downgradeSentinel: DowngradeSentinel? {
    guard random.suffix(8).starts(with: Array("DOWNGRD".utf8)) else { return nil }
    switch random.last {
    case 0: return .toTLS11OrOlder
    case 1: return .toTLS12
    default: return nil
    }
  }

  /// Whether the server resumes the session that the client offered.
  ///
  /// - Parameter client: The ClientHello that this answers.
  /// - Returns: `nil` where it does not show: in a HelloRetryRequest, and when a client sent a
  ///   ticket without a session id beside it, so that only a missing Certificate tells
  ///   (RFC 5077 §3.4).
  package func resumes(_ client: ClientHello) -> Bool? {
    guard !isHelloRetryRequest else { return nil }
    if selectedVersion == .tls13 { return extensions.contains(.preSharedKey) }
    guard client.sessionID.isEmpty else { return sessionID == client.sessionID }
    return client.hasSessionTicket ? nil : false
  }

  /// How many octets of plaintext a record of this connection may hold.
  ///
  /// - Parameter recordLength: The length field of the record.
  /// - Returns: The lengths, or `nil` for an unknown suite or a record that it cannot have made.
  package func plaintextRange(recordLength: Int) -> ClosedRange<Int>? {
    cipherSuite.plaintextRange(
      recordLength: recordLength,
      version: selectedVersion,
      encryptThenMAC: encryptThenMAC
    )
  }

  private static let retryRandom: [UInt8] = [
    0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
    0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
  ]
}
