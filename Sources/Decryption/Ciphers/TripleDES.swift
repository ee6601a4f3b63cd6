/// Triple DES in CBC mode: for old captures only, and for the FIPS level of standard RDP security.
///
/// NIST SP 800-67; each application decrypts, encrypts and decrypts with three keys. About 20 times
/// slower than AES.
package struct TripleDES: Sendable {
  /// Octets of a block.
  package static let blockByteCount = 8
  /// Octets of the three keys.
  package static let keyByteCount = 24

  private let keys: [DES]

  /// Schedules three keys of eight octets each; what is missing counts as zero.
  package init(key: [UInt8]) {
    let octets = key + [UInt8](repeating: 0, count: max(0, Self.keyByteCount - key.count))
    keys = (0..<3).map { DES(key: UInt64(bigEndian: octets[($0 * 8)..<($0 * 8 + 8)])) }
  }

  /// Decrypts whole blocks, which the caller has counted.
  func decrypt(_ octets: ArraySlice<UInt8>, iv: ArraySlice<UInt8>) -> [UInt8] {
    var chain = UInt64(bigEndian: iv)
    var output: [UInt8] = []
    output.reserveCapacity(octets.count)
    var start = octets.startIndex
    while start + Self.blockByteCount <= octets.endIndex {
      let block = UInt64(bigEndian: octets[start..<start + Self.blockByteCount])
      let middle = keys[1].encrypt(keys[2].decrypt(block))
      output += (keys[0].decrypt(middle) ^ chain).bigEndianOctets
      chain = block
      start += Self.blockByteCount
    }
    return output
  }
}

extension UInt64 {
  /// Joins octets, the first most significant.
  fileprivate init(bigEndian octets: ArraySlice<UInt8>) {
    self = octets.reduce(0) { $0 << 8 | UInt64($1) }
  }
}
