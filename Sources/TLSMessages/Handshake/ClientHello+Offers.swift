/// What a client offers, by number and without the detour over its extensions.
extension ClientHello {
  /// What other connections of the same client offer, too.
  package var offer: ClientOffer {
    ClientOffer(
      legacyVersion: legacyVersion,
      cipherSuites: cipherSuites,
      extensionTypes: extensions.types,
      supportedVersions: extensions.supportedVersions,
      supportedGroups: extensions.supportedGroups,
      keyShareGroups: extensions.keyShareGroups,
      signatureAlgorithms: extensions.signatureAlgorithms,
      pointFormats: extensions.pointFormats,
      alpn: extensions.alpn
    )
  }
  /// The versions offered, highest first, GREASE left out.
  package var offeredVersions: [TLSVersion] { offer.versions }
  /// The highest version offered, GREASE left out.
  package var highestVersion: TLSVersion { offer.highestVersion }
  /// Versions of the extension, in order of preference, GREASE among them; empty without it.
  package var supportedVersions: [TLSVersion] { extensions.supportedVersions }
  /// Groups of the key exchange (TLS Supported Groups registry), GREASE among them.
  package var supportedGroups: [UInt16] { extensions.supportedGroups.map(\.rawValue) }
  /// Signature algorithms (TLS SignatureScheme registry), in order of preference.
  package var signatureAlgorithms: [UInt16] { extensions.signatureAlgorithms.map(\.rawValue) }
  /// Forms of elliptic curve points, by number.
  package var pointFormats: [UInt8] { extensions.pointFormats }
  /// Whether the client takes session tickets, or sends one along. RFC 5077 §3.2
  package var offersSessionTicket: Bool { extensions.contains(.sessionTicket) }
}
