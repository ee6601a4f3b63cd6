import Foundation

/// The octets of a pcapng without its Decryption Secrets Blocks, as if nobody had had the keys.
///
/// Blocks are type 4, total length 4, body, total length 4; little-endian here. The type of a
/// Decryption Secrets Block is 10 (draft-ietf-opsawg-pcapng §4.7).
func withoutSecrets(_ file: Data) -> (octets: Data, removed: Int)? {
  let octets = [UInt8](file)
  func number(_ at: Int) -> Int {
    (0..<4).reduce(0) { $0 | Int(octets[at + $1]) << (8 * $1) }
  }
  guard 12 <= octets.count, number(0) == 0x0A0D_0D0A, number(8) == 0x1A2B_3C4D else { return nil }
  var kept: [UInt8] = []
  var removed = 0
  var at = 0
  while at + 12 <= octets.count {
    let length = number(at + 4)
    guard 12 <= length, length <= octets.count - at else { break }
    if number(at) == 10 { removed += 1 } else { kept += octets[at..<at + length] }
    at += length
  }
  return (Data(kept), removed)
}
