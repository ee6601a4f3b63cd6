import Crypto

/// A secret of TLS 1.3 that one side's records are protected with for a while.
///
/// RFC 8446 §7.1 to §7.3
struct TrafficSecret: Hashable, Sendable {
  let octets: [UInt8]
  let algorithm: HashAlgorithm

  /// The secret after a KeyUpdate. RFC 8446 §7.2
  var updated: TrafficSecret {
    TrafficSecret(
      octets: expand(label: "traffic upd", count: algorithm.byteCount),
      algorithm: algorithm
    )
  }

  /// HKDF-Expand-Label with an empty context. RFC 8446 §7.1
  func expand(label: String, count: Int) -> [UInt8] {
    let name = Array("tls13 ".utf8) + Array(label.utf8)
    let info =
      [UInt8(truncatingIfNeeded: count >> 8), UInt8(truncatingIfNeeded: count)]
      + [UInt8(truncatingIfNeeded: name.count)] + name + [0]
    let key = SymmetricKey(data: octets)
    var output: [UInt8] = []
    var block: [UInt8] = []
    var counter: UInt8 = 1
    // HKDF-Expand (RFC 5869 §2.3); no label asks for more than two blocks.
    while output.count < count {
      block = algorithm.hmac(block[...], info[...], [counter], key: key)
      output += block
      counter += 1
    }
    return Array(output.prefix(count))
  }
}
