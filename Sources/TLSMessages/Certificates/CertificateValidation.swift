package import Wire

/// What is wrong with a server's certificate, seen from the moment at which it was sent.
package struct CertificateValidation: Hashable, Sendable {
  /// What is wrong, the gravest first; empty for a certificate without fault.
  package let problems: [CertificateProblem]
  /// Whether the chain ends at a known root; `nil` when it was not checked, or could not be.
  package let isTrusted: Bool?
  /// The roots that the chain was checked against; `nil` when there were none.
  package var roots: String?
  /// The names in the chain from the certificate to its root; empty without trust.
  package var path: [String]
  /// Why the chain is refused or cannot be followed; `nil` otherwise.
  package var reason: String?

  /// `trusted`, the gravest problem, or `not_checked`.
  package var result: String {
    if let problem = problems.first { return problem.rawValue }
    return isTrusted == true ? "trusted" : "not_checked"
  }

  /// Judges a certificate.
  ///
  /// - Parameters:
  ///   - certificate: The server's own.
  ///   - time: When it was sent.
  ///   - serverName: The name that the client asked for; `nil` when it named none.
  ///   - address: The server's address as text.
  ///   - trust: What the roots say of the chain; `nil` when there were none.
  package init(
    _ certificate: CertificateFacts,
    at time: CalendarTime,
    serverName: String?,
    address: String,
    trust: ChainTrust?
  ) {
    var problems: [CertificateProblem] = []
    if let end = certificate.notAfter, end < time { problems.append(.expired) }
    if let begin = certificate.notBefore, time < begin { problems.append(.notYetValid) }
    switch trust?.outcome {
    case .trusted: break
    case .rejected: problems.append(.chainRejected)
    case .unknownIssuer where !certificate.selfSigned: problems.append(.unknownIssuer)
    case .unknownIssuer, .unreadable, nil:
      if certificate.selfSigned { problems.append(.selfSigned) }
    }
    if let serverName {
      if !certificate.isFor(serverName) { problems.append(.serverNameMismatch) }
    } else if !certificate.isFor(address) {
      // A client that goes by address has no name to ask for (RFC 6066 §3).
      problems.append(.addressMismatch)
    }
    if certificate.hasWeakKey { problems.append(.weakKey) }
    if certificate.hasWeakSignature { problems.append(.weakSignature) }
    if !certificate.isForServers { problems.append(.wrongPurpose) }
    self.problems = problems
    isTrusted = trust?.isTrusted
    roots = trust?.roots
    path = trust?.path ?? []
    switch trust?.outcome {
    case .rejected(let reason), .unreadable(let reason): self.reason = reason
    case .trusted, .unknownIssuer, nil: reason = nil
    }
  }
}

/// One thing that is wrong with a certificate; the raw value is its name in reports.
package enum CertificateProblem: String, Hashable, Sendable, CaseIterable {
  /// Its validity ended before the capture.
  case expired
  /// Its validity began after the capture.
  case notYetValid = "not_yet_valid"
  /// It leads to a root, but the chain breaks a rule: an issuer expired or may not issue.
  case chainRejected = "chain_rejected"
  /// It leads to no known root.
  case unknownIssuer = "unknown_issuer"
  /// It vouches for itself and is not among the roots.
  case selfSigned = "self_signed"
  /// It is not for the name that the client asked for.
  case serverNameMismatch = "server_name_mismatch"
  /// The client asked for no name, and the certificate is not for the server's address.
  case addressMismatch = "address_mismatch"
  /// Its key is shorter than clients accept today.
  case weakKey = "weak_key"
  /// It is signed with MD5, SHA-1 or older.
  case weakSignature = "weak_signature"
  /// Its extended key usage has neither server authentication nor remote desktop.
  case wrongPurpose = "wrong_purpose"
}

/// What roots say of a chain, whatever the connection it was sent on.
package struct ChainTrust: Hashable, Sendable {
  /// What was found.
  package let outcome: Outcome
  /// The roots' name: `system`, or a path.
  package var roots: String

  /// What was found.
  package enum Outcome: Hashable, Sendable {
    /// The chain ends at a root; the subjects from the certificate to it.
    case trusted([String])
    /// No root is reached.
    case unknownIssuer
    /// A root is reached, but the chain breaks a rule.
    case rejected(String)
    /// The certificate cannot be validated: its key or its form is one that is refused.
    case unreadable(String)
  }

  /// Creates a finding.
  package init(_ outcome: Outcome, roots: String) {
    self.outcome = outcome
    self.roots = roots
  }

  /// Whether the chain ends at a root; `nil` when that could not be found out.
  package var isTrusted: Bool? {
    switch outcome {
    case .trusted: true
    case .unknownIssuer, .rejected: false
    case .unreadable: nil
    }
  }

  /// The subjects from the certificate to its root; empty without trust.
  package var path: [String] {
    guard case .trusted(let path) = outcome else { return [] }
    return path
  }
}
