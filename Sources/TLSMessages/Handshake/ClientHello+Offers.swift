/// What a client offers, by number and without the detour over its extensions.
extension ClientHello {
  /// Versions of the extension, in order of preference, GREASE among them; empty without it.
  package var supportedVersions: [TLSVersion] { extensions.supportedVersions }
  /// Groups of the key exchange (TLS Supported Groups registry), GREASE among them.
  package var supportedGroups: [UInt16] { extensions.supportedGroups.map(\.rawValue) }
  /// Signature algorithms (TLS SignatureScheme registry), in order of preference.
  package var signatureAlgorithms: [UInt16] { extensions.signatureAlgorithms.map(\.rawValue) }
  /// Forms of elliptic curve points, by number.
  package var pointFormats: [UInt8] { extensions.pointFormats }
  /// The highest version offered, GREASE left out.
  package var highestVersion: TLSVersion {
    let offered = offeredVersions
    return (legacyVersion.isDatagram ? offered.min() : offered.max()) ?? legacyVersion
  }
  /// Whether the client takes session tickets, or sends one along. RFC 5077 §3.2
  package var offersSessionTicket: Bool { extensions.contains(.sessionTicket) }
}
