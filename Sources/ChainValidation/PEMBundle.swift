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
    var digits = 0
    for character in text.dropLast(padding) {
      let digit = values[Int(character)]
      guard digit < 64 else { return nil }
      bits = bits << 6 | UInt32(digit)
      digits += 1
      guard digits == 4 else { continue }
      octets.append(UInt8(truncatingIfNeeded: bits >> 16))
      octets.append(UInt8(truncatingIfNeeded: bits >> 8))
      octets.append(UInt8(truncatingIfNeeded: bits))
      digits = 0
    }
    switch digits {
    case 3:
      octets.append(UInt8(truncatingIfNeeded: bits >> 10))
      octets.append(UInt8(truncatingIfNeeded: bits >> 2))
    case 2: octets.append(UInt8(truncatingIfNeeded: bits >> 4))
    default: break
    }
    return octets
  }

  /// The value of each character; 64 for what is no digit.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 64, count: 256)
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    for (value, character) in alphabet.utf8.enumerated() { values[Int(character)] = UInt8(value) }
    return values
  }()
}
