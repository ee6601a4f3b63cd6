/// The distinct certificates of a capture: each is read and kept once, however many connections
/// show it.
///
/// A class, because the decoders of all connections of one capture share it.
package final class CertificateShelf {
  /// Certificates kept; those beyond are read anew each time and cannot be validated.
  ///
  /// A network has fewer hosts; a scan of the Internet would have more.
  package static let maximumCount = 4096

  private var entries: [String: (facts: CertificateFacts, der: [UInt8])] = [:]

  /// Creates an empty shelf.
  package init() {}

  /// Reads a certificate, or finds it read.
  ///
  /// - Parameter der: The certificate, DER.
  /// - Returns: What it says.
  package func facts(of der: ArraySlice<UInt8>) -> CertificateFacts {
    let fingerprint = CertificateFacts.fingerprint(of: der)
    if let entry = entries[fingerprint] { return entry.facts }
    let facts = CertificateFacts(der: der, sha256: fingerprint)
    if entries.count < Self.maximumCount, der.count <= CertificateFacts.maximumByteCount {
      entries[fingerprint] = (facts, Array(der))
    }
    return facts
  }

  /// Forgets all of them once there are as many as are kept: those still in use are shown again.
  package func makeRoom() { if Self.maximumCount <= entries.count { entries = [:] } }

  /// A certificate in DER.
  ///
  /// - Parameter sha256: Its fingerprint, in hexadecimal.
  /// - Returns: The certificate; `nil` for one that was never seen, or not kept.
  package func der(sha256: String) -> [UInt8]? { entries[sha256]?.der }
}
