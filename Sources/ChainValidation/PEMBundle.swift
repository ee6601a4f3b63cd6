/// The certificates of a PEM file.
///
/// RFC 7468 §5; what stands between the blocks, and a block that is not Base64, is passed over, so
/// that one odd entry of a system's bundle does not cost the others.
package struct PEMBundle: Sendable {
  /// Certificates taken from one file: systems have about 150.
  package static let maximumCount = 10_000

  /// The certificates in DER, in the order of the file.
  package let certificates: [[UInt8]]

  /// Reads a file.
  ///
  /// - Parameter text: The whole file.
  package init(_ text: [UInt8]) {
    var certificates: [[UInt8]] = []
    var block: [UInt8]?
    for line in text.split(whereSeparator: { $0 == 10 || $0 == 13 }) {
      if line.elementsEqual(Self.begin) {
        block = []
      } else if line.elementsEqual(Self.end) {
        if let der = block.flatMap(Self.decode), certificates.count < Self.maximumCount {
          certificates.append(der)
        }
        block = nil
      } else {
        block?.append(contentsOf: line)
      }
    }
    self.certificates = certificates
  }

  private static let begin = Array("-----BEGIN CERTIFICATE-----".utf8)
  private static let end = Array("-----END CERTIFICATE-----".utf8)

  /// Base64 with padding (RFC 4648 §4); `nil` for anything else.
  private static func decode(_ text: [UInt8]) -> [UInt8]? {
    guard !text.isEmpty, text.count % 4 == 0 else { return nil }
    let padding = text.suffix(2).count { $0 == UInt8(ascii: "=") }
    var octets: [UInt8] = []
    octets.reserveCapacity(text.count / 4 * 3)
    var bits: UInt32 = 0
    for (index, character) in text.dropLast(padding).enumerated() {
      guard let digit = digit(character) else { return nil }
      bits = bits << 6 | digit
      if index % 4 == 3 {
        octets += [16, 8, 0].map { UInt8(truncatingIfNeeded: bits >> UInt32($0)) }
      }
    }
    switch padding {
    case 1: octets += [10, 2].map { UInt8(truncatingIfNeeded: bits >> UInt32($0)) }
    case 2: octets.append(UInt8(truncatingIfNeeded: bits >> 4))
    default: break
    }
    return octets
  }

  private static func digit(_ character: UInt8) -> UInt32? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a") + 26)
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0") + 52)
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
