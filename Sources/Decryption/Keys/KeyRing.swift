package import Streams
package import TLSMessages

/// Every key that was given for a capture: key logs, secrets embedded in it, private keys.
///
/// A class, because the decoders of all connections of one capture share it, and secrets in the
/// middle of the file join it while they read.
package final class KeyRing {
  /// Connections whose secrets are kept: the log of a busy host over a week.
  package static let maximumSecrets = 1_000_000
  /// Sessions that may be resumed; a server keeps fewer.
  private static let maximumSessions = 65_536

  /// Told of every TLS record that was opened: where it was complete, who sent it, what it carries
  /// and how many octets of plaintext.
  package var onOpened: ((Moment, Side, TLSContentType, Int) -> Void)?
  private var secrets: [[UInt8]: TLSSecrets] = [:]
  private var premasters: [[UInt8]: [UInt8]] = [:]
  private var privateKeys: [RSAPrivateKey] = []
  private var hasClientPremasters = false
  /// Master secrets by what resumes them: session ids and tickets.
  private var sessions: [[UInt8]: [UInt8]] = [:]

  /// Creates a ring without keys.
  package init() {}

  /// Creates a ring with another's keys, which does not get those that join this one.
  package init(_ other: KeyRing) {
    secrets = other.secrets
    premasters = other.premasters
    privateKeys = other.privateKeys
    hasClientPremasters = other.hasClientPremasters
    onOpened = other.onOpened
  }

  /// Whether nothing can be decrypted.
  package var isEmpty: Bool { secrets.isEmpty && premasters.isEmpty && privateKeys.isEmpty }

  /// Adds the secrets of a key log.
  ///
  /// - Parameter octets: The log, lines of SSLKEYLOGFILE.
  /// - Returns: Lines with a secret, and lines that are none.
  @discardableResult
  package func add(keyLog octets: some Collection<UInt8>) -> (secrets: Int, malformed: Int) {
    let log = KeyLog(octets, into: self)
    return (log.secretCount, log.malformedCount)
  }

  /// Adds a server's private key, for TLS with RSA key exchange and for standard RDP security.
  package func add(_ key: RSAPrivateKey) { privateKeys.append(key) }

  /// What is known of the connection with a ClientHello's random.
  package func secrets(clientRandom: [UInt8]) -> TLSSecrets? { secrets[clientRandom] }

  func add(
    _ secret: [UInt8],
    to field: WritableKeyPath<TLSSecrets, [UInt8]?>,
    clientRandom: [UInt8]
  ) {
    guard secrets.count < Self.maximumSecrets || secrets[clientRandom] != nil else { return }
    secrets[clientRandom, default: TLSSecrets()][keyPath: field] = secret
    if field == \.premaster { hasClientPremasters = true }
  }

  func add(premaster: [UInt8], encryptedStart: [UInt8]) {
    guard premasters.count < Self.maximumSecrets else { return }
    premasters[Array(encryptedStart.prefix(Self.premasterNameByteCount))] = premaster
  }

  /// Octets of an encrypted pre-master secret that name it in a log.
  private static let premasterNameByteCount = 8
}

// What TLS 1.2 and before make a master secret of.
extension KeyRing {
  /// Whether a pre-master secret may be known of some connection.
  var mayHavePremaster: Bool {
    hasClientPremasters || !premasters.isEmpty || !privateKeys.isEmpty
  }

  /// The pre-master secret that was sent encrypted like this.
  func premaster(encrypted: ArraySlice<UInt8>) -> [UInt8]? {
    if let logged = premasters[Array(encrypted.prefix(Self.premasterNameByteCount))] {
      return logged
    }
    for key in privateKeys {
      if let premaster = key.decryptedPremaster(encrypted) { return premaster }
    }
    return nil
  }

  /// Keeps the master secret of a session that may be resumed.
  func remember(_ master: [UInt8], sessionID: [UInt8], ticket: [UInt8]) {
    for name in [sessionID, ticket] where !name.isEmpty && sessions.count < Self.maximumSessions {
      sessions[name] = master
    }
  }

  /// The master secret of the session that is resumed.
  func master(sessionID: [UInt8], ticket: [UInt8]) -> [UInt8]? {
    [ticket, sessionID].lazy.filter { !$0.isEmpty }.compactMap { self.sessions[$0] }.first
  }

  /// The keys that standard RDP security may have been set up with.
  package var serverKeys: [RSAPrivateKey] { privateKeys }
}
