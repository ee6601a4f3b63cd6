package import Wire

/// ClientHello: what a client offers. RFC 8446 §4.1.2, RFC 5246 §7.4.1.2
///
/// Layout: legacy_version 2, random 32, session id ≤ 32, cipher suites, compression methods,
/// extensions (absent in old clients).
package struct ClientHello: WireDecodable, Hashable {
  package let legacyVersion: TLSVersion
  package let random: ArraySlice<UInt8>
  package let sessionID: ArraySlice<UInt8>
  package let cipherSuites: [CipherSuite]
  package let extensions: HelloExtensions

  /// Decodes the body of the handshake message.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    legacyVersion = TLSVersion(rawValue: try reader.uint16BigEndian("legacy_version"))
    random = try reader.bytes(32, "random")
    sessionID = try reader.vector8("legacy_session_id").remaining
    var suites = try reader.vector16("cipher_suites")
    cipherSuites = try suites.values16("cipher_suite").map { CipherSuite(rawValue: $0) }
    _ = try reader.vector8("legacy_compression_methods")
    extensions = try HelloExtensions(decoding: &reader, of: .clientHello)
  }

  /// The versions offered, GREASE left out; the legacy version where there is no extension.
  package var offeredVersions: [TLSVersion] {
    let listed = extensions.supportedVersions.filter { !$0.isGREASE }
    if !listed.isEmpty { return listed }
    // A client without the extension accepts every version up to its own (RFC 5246 §E.1).
    return [.tls12, .tls11, .tls10, .ssl3].filter { $0 <= legacyVersion }
  }

  /// The name that the client asked for (server_name); `nil` without one.
  package var serverName: String? { extensions.serverName }
}

/// ServerHello: what a server chose. RFC 8446 §4.1.3, RFC 5246 §7.4.1.3
///
/// Layout: legacy_version 2, random 32, session id ≤ 32, cipher suite 2, compression method 1,
/// extensions (absent in old servers).
package struct ServerHello: WireDecodable, Hashable {
  package let legacyVersion: TLSVersion
  package let random: ArraySlice<UInt8>
  package let sessionID: ArraySlice<UInt8>
  package let cipherSuite: CipherSuite
  package let extensions: HelloExtensions

  /// Decodes the body of the handshake message.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    legacyVersion = TLSVersion(rawValue: try reader.uint16BigEndian("legacy_version"))
    random = try reader.bytes(32, "random")
    sessionID = try reader.vector8("legacy_session_id_echo").remaining
    cipherSuite = CipherSuite(rawValue: try reader.uint16BigEndian("cipher_suite"))
    try reader.skip(1, "legacy_compression_method")
    extensions = try HelloExtensions(decoding: &reader, of: .serverHello)
  }

  /// The version chosen: the extension's where there is one.
  package var selectedVersion: TLSVersion { extensions.supportedVersions.first ?? legacyVersion }

  /// The protocol chosen by ALPN; `nil` without one.
  package var alpn: String? { extensions.alpn.first }

  /// Whether this asks the client to offer again (RFC 8446 §4.1.3: the SHA-256 of
  /// "HelloRetryRequest" in place of a random).
  package var isHelloRetryRequest: Bool { random.elementsEqual(Self.retryRandom) }

  /// Whether the server resumes the session that the client offered.
  package func resumes(_ client: ClientHello) -> Bool {
    if selectedVersion == .tls13 { return extensions.types.contains(HelloExtensions.preSharedKey) }
    return !sessionID.isEmpty && sessionID.elementsEqual(client.sessionID)
  }

  private static let retryRandom: [UInt8] = [
    0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
    0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
  ]
}
