import Decryption

/// Key logs: every line counts at most once, reading one again gives the same, and it makes no
/// difference in how many rings its lines end up.
enum KeyLogOracle {
  static func check(_ input: [UInt8]) throws(Violation) {
    let ring = KeyRing()
    let first = ring.add(keyLog: input)
    let lineCount = 1 + input.count { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    try require(
      first.secrets + first.malformed <= lineCount,
      "\(first.secrets + first.malformed) lines counted of \(lineCount)"
    )
    try require(first.secrets > 0 || ring.isEmpty, "no secret was counted, and there are some")
    let again = ring.add(keyLog: input)
    try require(first == again, "the second reading counts otherwise: \(first) and \(again)")
  }
}
