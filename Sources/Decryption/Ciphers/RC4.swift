/// The stream cipher RC4: for old captures only, where TLS or RDP was protected with it.
///
/// Tested against RFC 6229.
package struct RC4: Sendable {
  private var state: [UInt8]
  private var first: UInt8 = 0
  private var second: UInt8 = 0

  /// Schedules a key of 1 to 256 octets.
  package init(key: [UInt8]) {
    state = Array(0...255)
    guard !key.isEmpty else { return }
    var other = 0
    for index in 0..<256 {
      other = (other + Int(state[index]) + Int(key[index % key.count])) & 0xFF
      state.swapAt(index, other)
    }
  }

  /// Encrypts or decrypts in place, going on where the last call ended.
  package mutating func apply(to octets: inout [UInt8]) {
    for index in octets.indices {
      first &+= 1
      let left = state[Int(first)]
      second &+= left
      let right = state[Int(second)]
      state[Int(first)] = right
      state[Int(second)] = left
      octets[index] ^= state[Int(left &+ right)]
    }
  }
}
