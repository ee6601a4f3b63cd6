package import Streams
package import TLSMessages
import Wire

/// What one connection's handshake and the key ring together give: openers of its records.
package struct TLSDecryptor {
  private let ring: KeyRing
  private var clientRandom: [UInt8] = []
  private var serverHello: ServerHello?

  /// Starts with nothing known of the connection.
  package init(ring: KeyRing) { self.ring = ring }

  /// Takes a handshake message, before any keys that it agrees on are asked for.
  package mutating func observe(_ body: HandshakeBody) {
    switch body {
    case .clientHello(let hello): clientRandom = hello.random
    case .serverHello(let hello) where !hello.isHelloRetryRequest: serverHello = hello
    default: break
    }
  }

  /// The opener of what a side sends after its ChangeCipherSpec, in TLS 1.2 and before.
  ///
  /// - Returns: `nil` without the connection's secrets, or for a suite that is not decrypted here.
  package func opener(of side: Side) -> RecordOpener? {
    guard let serverHello, serverHello.selectedVersion == .tls12,
      let spec = CipherSpec(serverHello.cipherSuite),
      let master = ring.secrets(clientRandom: clientRandom)?.master
    else { return nil }
    let ivByteCount = spec.cipher == .aesGCM ? 4 : RecordCipher.nonceByteCount
    let block = PseudorandomFunction.hash(spec.hash)(
      master,
      label: "key expansion",
      seed: serverHello.random + clientRandom,
      count: 2 * (spec.keyByteCount + ivByteCount)
    )
    let keys = block.prefix(2 * spec.keyByteCount)
    let ivs = block.dropFirst(2 * spec.keyByteCount)
    let isClient = side == .client
    return RecordOpener(
      spec,
      RecordCipher(
        spec.cipher,
        key: Array(isClient ? keys.prefix(spec.keyByteCount) : keys.suffix(spec.keyByteCount)),
        iv: Array(isClient ? ivs.prefix(ivByteCount) : ivs.suffix(ivByteCount))
      )
    )
  }

  /// The opener of what a side sends from the ServerHello to its Finished, in TLS 1.3.
  package func handshakeOpener(of side: Side) -> RecordOpener? {
    opener13(side == .client ? \.clientHandshake : \.serverHandshake)
  }

  /// The opener of what a side sends after its Finished, in TLS 1.3.
  package func trafficOpener(of side: Side) -> RecordOpener? {
    opener13(side == .client ? \.clientTraffic : \.serverTraffic)
  }

  private func opener13(_ field: KeyPath<TLSSecrets, [UInt8]?>) -> RecordOpener? {
    guard let serverHello, let spec = CipherSpec(serverHello.cipherSuite),
      let octets = ring.secrets(clientRandom: clientRandom)?[keyPath: field]
    else { return nil }
    return RecordOpener(spec, TrafficSecret(octets: octets, algorithm: spec.hash))
  }
}
