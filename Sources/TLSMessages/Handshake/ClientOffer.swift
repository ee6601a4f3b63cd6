/// What a ClientHello offers: the same in every connection that one client makes, without what is new in
/// each (random, session, ticket, keys) and the server's name.
///
/// All that tells clients apart, fingerprints too, is made of it, and so once for many connections.
package struct ClientOffer: Hashable, Sendable {
  /// The version field, which TLS 1.3 leaves at 1.2.
  package let legacyVersion: TLSVersion
  /// Suites in order of preference, GREASE and signals among them.
  package let cipherSuites: [CipherSuite]
  /// Extension types in the order in which they were sent.
  package let extensionTypes: [ExtensionType]
  /// Versions of the extension, GREASE among them; empty without it.
  package let supportedVersions: [TLSVersion]
  /// Groups of the key exchange, GREASE among them.
  package let supportedGroups: [NamedGroup]
  /// Groups for which a key was sent.
  package let keyShareGroups: [NamedGroup]
  /// Signature algorithms, in order of preference.
  package let signatureAlgorithms: [SignatureScheme]
  /// Forms of elliptic curve points, by number.
  package let pointFormats: [UInt8]
  /// Application protocols.
  package let alpn: [String]

  /// The versions offered, highest first, GREASE left out.
  ///
  /// A client without supported_versions accepts every version up to its own (RFC 5246 §E.1).
  package var versions: [TLSVersion] {
    let listed = supportedVersions.filter { !$0.isGREASE }
    if !listed.isEmpty { return listed.sorted(by: >) }
    // DTLS counts downwards (RFC 6347 §4.1).
    if legacyVersion.isDatagram { return [.dtls12, .dtls10].filter { legacyVersion <= $0 } }
    return [.tls12, .tls11, .tls10, .ssl3].filter { $0 <= legacyVersion }
  }

  /// The highest version offered, GREASE left out.
  package var highestVersion: TLSVersion {
    let offered = versions
    return (legacyVersion.isDatagram ? offered.min() : offered.max()) ?? legacyVersion
  }
}
