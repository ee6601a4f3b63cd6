/// Every key that was given for a capture: key logs, secrets embedded in it, private keys.
///
/// A class, because the decoders of all connections of one capture share it, and secrets in the
/// middle of the file join it while they read.
package final class KeyRing {
  /// Connections whose secrets are kept: the log of a busy host over a week.
  package static let maximumSecrets = 1_000_000

  private var secrets: [[UInt8]: TLSSecrets] = [:]
  private var premasters: [[UInt8]: [UInt8]] = [:]

  /// Creates a ring without keys.
  package init() {}

  /// Creates a ring with another's keys, which does not get those that join this one.
  package init(_ other: KeyRing) {
    secrets = other.secrets
    premasters = other.premasters
  }

  /// Whether nothing can be decrypted.
  package var isEmpty: Bool { secrets.isEmpty && premasters.isEmpty }

  /// Adds the secrets of a key log.
  ///
  /// - Parameter octets: The log, lines of SSLKEYLOGFILE.
  /// - Returns: Lines with a secret, and lines that are none.
  @discardableResult
  package func add(keyLog octets: some Collection<UInt8>) -> (secrets: Int, malformed: Int) {
    let log = KeyLog(octets, into: self)
    return (log.secretCount, log.malformedCount)
  }

  /// What is known of the connection with a ClientHello's random.
  package func secrets(clientRandom: [UInt8]) -> TLSSecrets? { secrets[clientRandom] }

  /// The pre-master secret whose encrypted form begins like this.
  func premaster(encrypted: ArraySlice<UInt8>) -> [UInt8]? {
    premasters.isEmpty ? nil : premasters[Array(encrypted.prefix(Self.premasterNameByteCount))]
  }

  func add(
    _ secret: [UInt8],
    to field: WritableKeyPath<TLSSecrets, [UInt8]?>,
    clientRandom: [UInt8]
  ) {
    guard secrets.count < Self.maximumSecrets || secrets[clientRandom] != nil else { return }
    secrets[clientRandom, default: TLSSecrets()][keyPath: field] = secret
  }

  func add(premaster: [UInt8], encryptedStart: [UInt8]) {
    guard premasters.count < Self.maximumSecrets else { return }
    premasters[Array(encryptedStart.prefix(Self.premasterNameByteCount))] = premaster
  }

  /// Octets of an encrypted pre-master secret that name it in a log.
  private static let premasterNameByteCount = 8
}
