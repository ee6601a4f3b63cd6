package import Streams
package import TLSMessages
import Wire

/// What one connection's handshake and the key ring together give: openers of its records.
package struct TLSDecryptor {
  private let ring: KeyRing
  private var clientHello: ClientHello?
  private var serverHello: ServerHello?
  /// The handshake's messages up to ClientKeyExchange, kept only where a pre-master secret may come
  /// of them.
  private var transcript = HandshakeTranscript()
  /// The client's contribution as it was sent.
  private var keyExchange: ArraySlice<UInt8> = []
  private var ticket: [UInt8] = []
  private var master: [UInt8]?
  /// Why there are no openers although keys were given, once they have been asked for.
  package private(set) var problem: DecryptionProblem?

  /// Starts with nothing known of the connection.
  package init(ring: KeyRing) { self.ring = ring }

  /// Takes a handshake message, before any keys that it agrees on are asked for.
  package mutating func observe(_ message: HandshakeMessage, _ body: HandshakeBody) {
    switch body {
    case .clientHello(let hello):
      // A second one follows a HelloRetryRequest, or begins a renegotiation.
      self = TLSDecryptor(ring: ring)
      clientHello = hello
    case .serverHello(let hello) where !hello.isHelloRetryRequest: serverHello = hello
    case .clientKeyExchange: keyExchange = message.body
    case .newSessionTicket(let new): ticket = new.ticket
    default: break
    }
    if ring.mayHavePremaster, master == nil { transcript.append(message) }
  }

  /// The opener of what a side sends after its ChangeCipherSpec, in TLS 1.2 and before.
  ///
  /// - Parameter side: Whose records.
  /// - Returns: `nil` without the connection's secrets, or for a suite that is not decrypted here.
  package mutating func opener(of side: Side) -> RecordOpener? {
    guard !ring.isEmpty, let clientHello, let serverHello else { return nil }
    let version = serverHello.selectedVersion
    guard let spec = CipherSpec(serverHello.cipherSuite), .tls10 <= version, version <= .tls12,
      serverHello.compression == 0
    else {
      if secrets != nil { problem = .unsupportedCipher }
      return nil
    }
    if master == nil {
      master = findMaster(clientHello, serverHello, spec.pseudorandomFunction(version))
    }
    guard let master else {
      if !ring.serverKeys.isEmpty, !keyExchange.isEmpty {
        problem =
          serverHello.cipherSuite.keyExchange == .rsa ? .wrongRSAKey : .notRSAKeyExchange
      }
      return nil
    }
    ring.remember(master, sessionID: serverHello.sessionID, ticket: ticket)
    let keys = spec.keys(
      master: master,
      seed: serverHello.random + clientHello.random,
      version: version,
      isClient: side == .client
    )
    return spec.recordCipher(keys, version: version, encryptThenMAC: serverHello.encryptThenMAC)
      .map { RecordOpener($0) }
  }

  /// The opener of what a side sends from the ServerHello to its Finished, in TLS 1.3.
  package mutating func handshakeOpener(of side: Side) -> RecordOpener? {
    opener(side == .client ? secrets?.clientHandshake : secrets?.serverHandshake)
  }

  /// The opener of what a side sends after its Finished, in TLS 1.3.
  package mutating func trafficOpener(of side: Side) -> RecordOpener? {
    opener(side == .client ? secrets?.clientTraffic : secrets?.serverTraffic)
  }

  private var secrets: TLSSecrets? { clientHello.flatMap { ring.secrets(clientRandom: $0.random) } }

  private mutating func opener(_ octets: [UInt8]?) -> RecordOpener? {
    guard let octets else {
      if secrets == nil, !ring.serverKeys.isEmpty { problem = .notRSAKeyExchange }
      return nil
    }
    guard let serverHello, let spec = CipherSpec(serverHello.cipherSuite) else {
      problem = .unsupportedCipher
      return nil
    }
    return RecordOpener(spec, TrafficSecret(octets: octets, algorithm: spec.hash))
  }

  /// The master secret: as it was logged, as it was in the session that is resumed, or from the
  /// pre-master secret.
  private func findMaster(
    _ clientHello: ClientHello,
    _ serverHello: ServerHello,
    _ function: PseudorandomFunction
  ) -> [UInt8]? {
    if let master = secrets?.master { return master }
    guard !keyExchange.isEmpty else {
      return ring.master(
        sessionID: clientHello.sessionID == serverHello.sessionID ? serverHello.sessionID : [],
        ticket: clientHello.extensions.sessionTicket ?? []
      )
    }
    guard let premaster = secrets?.premaster ?? decryptedPremaster(clientHello) else { return nil }
    // RFC 7627 §4: where both sides say so, bound to the whole handshake.
    let isExtended =
      clientHello.extensions.contains(.extendedMasterSecret)
      && serverHello.extensions.contains(.extendedMasterSecret)
    if isExtended {
      guard let octets = transcript.octets else { return nil }
      return function(
        premaster,
        label: "extended master secret",
        seed: function.transcriptHash(octets),
        count: Self.masterByteCount
      )
    }
    return function(
      premaster,
      label: "master secret",
      seed: clientHello.random + serverHello.random,
      count: Self.masterByteCount
    )
  }

  /// RSA key exchange: the pre-master secret, encrypted with the certificate's key, after its length.
  ///
  /// RFC 5246 §7.4.7.1
  private func decryptedPremaster(_ hello: ClientHello) -> [UInt8]? {
    var reader = ByteReader(keyExchange, layer: .tls, boundedBy: .lengthField(.tls))
    guard serverHello?.cipherSuite.keyExchange == .rsa,
      let length = try? reader.uint16BigEndian("EncryptedPreMasterSecret length"),
      let encrypted = try? reader.bytes(Int(length), "EncryptedPreMasterSecret")
    else { return nil }
    return ring.premaster(encrypted: encrypted)
  }

  private static let masterByteCount = 48
}

/// The octets of a handshake, as the extended master secret is made of them.
private struct HandshakeTranscript {
  /// More than any handshake has: two chains of certificates.
  private static let maximumByteCount = 1 << 20

  /// The messages with their headers; `nil` once there are too many.
  private(set) var octets: [UInt8]? = []
  /// Whether ClientKeyExchange, the last that counts, was there.
  private var isComplete = false

  mutating func append(_ message: HandshakeMessage) {
    guard !isComplete, message.type != .helloRequest, var octets else { return }
    isComplete = message.type == .clientKeyExchange
    guard octets.count + message.body.count < Self.maximumByteCount else {
      self.octets = nil
      return
    }
    self.octets = nil
    octets += [message.type.rawValue]
    octets += [16, 8, 0].map { UInt8(truncatingIfNeeded: message.body.count >> $0) }
    octets += message.body
    self.octets = octets
  }
}
