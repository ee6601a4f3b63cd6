package import Wire

/// ClientHello: what a client offers.
///
/// Layout: legacy_version 2, random 32, session id ≤ 32, cipher suites, compression methods,
/// extensions (absent in old clients). RFC 8446 §4.1.2, RFC 5246 §7.4.1.2
package struct ClientHello: WireDecodable, Hashable {
  /// The version field, which TLS 1.3 leaves at 1.2.
  package let legacyVersion: TLSVersion
  /// 32 octets, copied: the record they came in is not kept alive.
  package let random: [UInt8]
  /// The session to resume; empty for none, made up by TLS 1.3 clients.
  package let sessionID: [UInt8]
  /// Suites in order of preference, GREASE and signals among them.
  package let cipherSuites: [CipherSuite]
  /// Compression methods, by number; 0 is none.
  package let compression: [UInt8]
  /// What the extensions say.
  package var extensions: HelloExtensions

  /// Decodes the body of the handshake message.
  ///
  /// - Parameter reader: Positioned at `legacy_version`.
  /// - Throws: ``DecodeError`` if a field before the extensions, or the extensions' length, does
  ///   not fit; what is wrong inside the extensions is among their problems.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    legacyVersion = TLSVersion(rawValue: try reader.uint16BigEndian("legacy_version"))
    random = Array(try reader.bytes(32, "random"))
    sessionID = Array(try reader.vector8("legacy_session_id").remaining)
    var suites = try reader.vector16("cipher_suites")
    cipherSuites = try suites.values16("CipherSuite").map { CipherSuite(rawValue: $0) }
    compression = Array(try reader.vector8("legacy_compression_methods").remaining)
    extensions = try HelloExtensions(decoding: &reader, of: .clientHello)
  }

  /// The name that the client asked for (server_name); `nil` without one.
  package var serverName: String? { extensions.serverName }
  /// Application protocols that are offered.
  package var alpn: [String] { extensions.alpn }
  /// Whether a session ticket was sent along, to resume with.
  package var hasSessionTicket: Bool { extensions.sessionTicket.map { !$0.isEmpty } ?? false }
  /// Whether a TLS 1.3 session (pre-shared key) is offered to resume.
  package var pskOffered: Bool { extensions.contains(.preSharedKey) }
}
