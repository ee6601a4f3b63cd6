import Wire

/// A DNS or LLMNR message, as far as it tells which name is asked for and whether there is an answer.
///
/// Layout, big-endian: header 12 (id 2, flags 2, four counts of 2), then the question: labels of up
/// to 63 octets, each after its length, a zero, type 2, class 2. RFC 1035 §4.1, RFC 4795 §2.1
package struct DNSMessage: Hashable, Sendable {
  /// Longest name in octets (RFC 1035 §2.3.4).
  package static let maximumName = 255

  /// Ties an answer to its question.
  package let id: UInt16
  package let isResponse: Bool
  /// 0 no error, 2 server failure, 3 no such name (RFC 1035 §4.1.1).
  package let responseCode: UInt8
  /// Records in the answer.
  package let answerCount: Int
  /// The name asked for, in lower case, without the final dot; what is no letter, digit, hyphen or
  /// underscore is escaped as RFC 1035 §5.1 has it.
  package let name: String
  /// The type asked for: 1 A, 28 AAAA.
  package let type: UInt16

  /// Whether an address is asked for.
  package var asksForAddress: Bool { type == 1 || type == 28 }

  /// Decodes a message; `nil` for what is none or breaks off in the question.
  ///
  /// - Parameters:
  ///   - bytes: What the range refers to.
  ///   - range: The datagram's payload.
  package init?(_ bytes: Span<UInt8>, in range: Range<Int>) {
    guard 0 <= range.lowerBound, range.upperBound <= bytes.count, 17 <= range.count else {
      return nil
    }
    let start = range.lowerBound
    let flags = bytes.uint16BigEndian(at: start + 2)
    guard bytes.uint16BigEndian(at: start + 4) == 1, flags >> 11 & 0x0F == 0 else { return nil }
    id = bytes.uint16BigEndian(at: start)
    isResponse = flags & 0x8000 != 0
    responseCode = UInt8(flags & 0x0F)
    answerCount = Int(bytes.uint16BigEndian(at: start + 6))
    var cursor = start + 12
    var name = ""
    while cursor < range.upperBound, bytes[cursor] != 0 {
      let length = Int(bytes[cursor])
      // A question comes first: there is nothing before it that a pointer could point to.
      guard length < 64, cursor + 1 + length < range.upperBound,
        cursor + length - start < 12 + Self.maximumName
      else { return nil }
      if !name.isEmpty { name += "." }
      for index in cursor + 1...cursor + length { name += Self.text(bytes[index]) }
      cursor += 1 + length
    }
    guard cursor + 5 <= range.upperBound, !name.isEmpty else { return nil }
    self.name = name
    type = bytes.uint16BigEndian(at: cursor + 1)
  }

  private static func text(_ octet: UInt8) -> String {
    switch octet {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"):
      return String(UnicodeScalar(octet + 0x20))
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "-"), UInt8(ascii: "_"):
      return String(UnicodeScalar(octet))
    default:
      let digits = String(octet)
      return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
    }
  }
}
