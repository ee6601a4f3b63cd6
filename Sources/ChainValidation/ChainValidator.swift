import SwiftASN1
package import TLSMessages
package import Wire
@_spi(FixedExpiryValidationTime) import X509

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Follows certificates to known roots, at packet time and without any I/O of its own.
///
/// Roots are read and parsed when the first chain asks for them; each distinct certificate is
/// followed once.
package struct ChainValidator: Sendable {
  /// Issuers taken from one chain: beyond any real one, and few enough that a made-up web of
  /// issuers that vouch for each other is searched in no time.
  package static let maximumIssuerCount = 8

  /// What reports call the roots: `system`, or the file's path.
  package let name: String
  private let load: @Sendable () -> [UInt8]?
  private var bundle: [[UInt8]]?
  private var store: CertificateStore?
  private var findings: [String: ChainTrust] = [:]

  /// Creates a validator.
  ///
  /// - Parameters:
  ///   - name: What reports call the roots.
  ///   - load: Reads the roots as PEM, called at most once; `nil` when there are none.
  package init(name: String, load: @escaping @Sendable () -> [UInt8]?) {
    self.name = name
    self.load = load
  }

  /// Follows a chain to a root.
  ///
  /// - Parameters:
  ///   - certificates: The chain in DER, the server's own certificate first.
  ///   - facts: What that certificate says.
  ///   - time: When it was sent. A certificate out of its own validity is followed at the nearest
  ///     moment of it: that it is out of date and that nobody vouches for it are two facts.
  /// - Returns: What was found; `nil` without roots.
  package mutating func trust(
    _ certificates: [[UInt8]],
    facts: CertificateFacts,
    at time: CalendarTime
  ) async -> ChainTrust? {
    if let known = findings[facts.sha256] { return known }
    let bundle = roots()
    guard !bundle.isEmpty, let own = certificates.first else { return nil }
    let outcome: ChainTrust.Outcome
    if facts.selfSigned {
      // Nearly every RDP server's: no chain to follow, so the roots need not be parsed.
      outcome = bundle.contains(own) ? .trusted([facts.subject]) : .unknownIssuer
    } else {
      outcome = await follow(certificates, at: Self.moment(time, within: facts))
    }
    let finding = ChainTrust(outcome, roots: name)
    findings[facts.sha256] = finding
    return finding
  }

  private mutating func roots() -> [[UInt8]] {
    if let bundle { return bundle }
    let read = load().map { PEMBundle($0).certificates } ?? []
    bundle = read
    return read
  }

  private mutating func follow(
    _ certificates: [[UInt8]],
    at time: CalendarTime
  ) async -> ChainTrust.Outcome {
    var chain: [Certificate] = []
    do {
      for der in certificates.prefix(1 + Self.maximumIssuerCount) {
        chain.append(try Certificate(derEncoded: der))
      }
    } catch {
      return .unreadable("\(error)")
    }
    guard let leaf = chain.first else { return .unreadable("no certificate") }
    let roots = store ?? CertificateStore(roots().compactMap { try? Certificate(derEncoded: $0) })
    store = roots
    let date = Date(timeIntervalSince1970: Double(time.secondsSinceEpoch))
    var verifier = Verifier(rootCertificates: roots) {
      RFC5280Policy(fixedExpiryValidationTime: date)
      PurposePolicy()
    }
    let result = await verifier.validate(
      leaf: leaf,
      intermediates: CertificateStore(chain.dropFirst())
    )
    switch result {
    case .validCertificate(let path):
      return .trusted(path.map { $0.subject.description })
    case .couldNotValidate(let failures):
      guard let failure = failures.first else { return .unknownIssuer }
      return .rejected(failure.policyFailureReason.description)
    }
  }

  private static func moment(_ time: CalendarTime, within facts: CertificateFacts) -> CalendarTime {
    guard let begin = facts.notBefore, let end = facts.notAfter, begin <= end else { return time }
    return min(max(time, begin), end)
  }
}

/// Takes certificates for servers: ``CertificateFacts/isForServers`` reports the others, which is
/// no fault of the chain.
///
/// Names it as handled, too, so that a purpose or a name marked critical does not hide the chain;
/// names are compared by ``CertificateValidation``.
private struct PurposePolicy: VerifierPolicy {
  /// extKeyUsage and subjectAltName.
  let verifyingCriticalExtensions: [ASN1ObjectIdentifier] = [[2, 5, 29, 37], [2, 5, 29, 17]]

  func chainMeetsPolicyRequirements(chain: UnverifiedCertificateChain) -> PolicyEvaluationResult {
    .meetsPolicy
  }
}
