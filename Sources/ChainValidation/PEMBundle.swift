import Wire

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
    let text = text.span
    var certificates: [[UInt8]] = []
    var block: [UInt8]?
    var start = 0
    while start < text.count {
      var end = start
      while end < text.count, text[end] != 10, text[end] != 13 { end += 1 }
      let line = text.extracting(start..<end)
      if Self.isLine(line, Self.begin) {
        block = []
      } else if Self.isLine(line, Self.end) {
        if let der = block.flatMap(Self.decode), certificates.count < Self.maximumCount {
          certificates.append(der)
        }
        block = nil
      } else {
        block?.append(contentsOf: line)
      }
      start = end + 1
    }
    self.certificates = certificates
  }

  private static let begin = Array("-----BEGIN CERTIFICATE-----".utf8)
  private static let end = Array("-----END CERTIFICATE-----".utf8)

  private static func isLine(_ line: Span<UInt8>, _ expected: [UInt8]) -> Bool {
    line.count == expected.count && line.indices.allSatisfy { line[$0] == expected[$0] }
  }

  /// Base64 with padding (RFC 4648 §4); `nil` for anything else.
  private static func decode(_ text: [UInt8]) -> [UInt8]? {
    guard !text.isEmpty, text.count % 4 == 0 else { return nil }
    let padding = text.suffix(2).count { $0 == UInt8(ascii: "=") }
    let (text, values) = (text.span, values.span)
    var octets: [UInt8] = []
    octets.reserveCapacity(text.count / 4 * 3)
    var bits: UInt32 = 0
    var digits = 0
    for index in 0..<text.count - padding {
      let digit = values[Int(text[index])]
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
