import Capture
import Decryption
import Reports
import Streams
import TLSMessages
import Timeline

extension KeyRing {
  /// Adds what a capture says of its own keys; of the kinds of secrets only TLS key logs serve here.
  func add(_ secrets: DecryptionSecrets) {
    if secrets.type == DecryptionSecrets.tlsKeyLog { add(keyLog: secrets.bytes) }
  }
}

extension Connection {
  /// Whether secrets are known by now that were not when a side's first encrypted records went by.
  func isClosed(to keys: KeyRing) -> Bool {
    let decryption = facts.tls.decryption
    let isClosed =
      decryption.client.records == 0 && 0 < facts.encrypted.clientRecords
      || decryption.server.records == 0 && 0 < facts.encrypted.serverRecords
    guard isClosed, decryption.problem == nil, let hello = facts.tls.clientHello?.message else {
      return false
    }
    return keys.secrets(clientRandom: hello.random) != nil
  }
}

extension CaptureReport.Warning {
  /// Connections whose keys are told to be wrong one by one.
  private static let maximumKeyWarnings = 16

  /// The keys that were given and do not serve, and the records that none opened.
  static func keys(_ connections: [Connection]) -> [Self] {
    let warnings = connections.lazy.compactMap { connection -> Self? in
      let facts = connection.facts
      guard let (kind, moment) = facts.tls.decryption.problem ?? facts.mcs.decryption.problem
      else { return nil }
      return Self(
        code: kind.code,
        message: "stream \(connection.stream): \(kind.advice)",
        frame: moment.frame
      )
    }
    return Array(warnings.prefix(maximumKeyWarnings))
  }

  /// Secrets that came when the packets they serve could not be read again.
  static func secretsTooLate(_ streams: [Int]) -> Self {
    let some = streams.prefix(maximumKeyWarnings).map { "\($0)" }.joined(separator: ", ")
    return Self(
      code: "secrets_too_late",
      message:
        "the secrets of stream \(some) came after its first encrypted packets, which cannot be "
        + "read twice here: put them before the packets with `editcap --inject-secrets`, or name a file",
      frame: nil
    )
  }
}

extension DecryptionProblem {
  /// The warning's identifier.
  fileprivate var code: String {
    switch self {
    case .wrongSecrets, .wrongRSAKey: "wrong_key"
    case .notRSAKeyExchange: "key_does_not_serve"
    case .unsupportedCipher: "cipher_not_decrypted"
    }
  }

  /// What is wrong, and what would help.
  fileprivate var advice: String {
    switch self {
    case .wrongSecrets:
      "the secrets given for it do not open its records: the key log is wrong or was changed"
    case .wrongRSAKey:
      "the client's secret was encrypted with none of the RSA keys given: name the one that belongs "
        + "to what the server showed"
    case .notRSAKeyExchange:
      "its keys were agreed on for this connection only, and no RSA key opens it: give a key log"
    case .unsupportedCipher: "its secrets are known, and its cipher is not decrypted here"
    }
  }
}
