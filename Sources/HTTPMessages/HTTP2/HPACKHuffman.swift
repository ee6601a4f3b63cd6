/// The Huffman code of header strings. RFC 7541, Appendix B
enum HPACKHuffman {
  /// Decodes a string; `nil` where a code or the padding at its end is none.
  static func decode(_ octets: ArraySlice<UInt8>) -> [UInt8]? {
    var plain: [UInt8] = []
    var code = 0
    var length = 0
    for octet in octets {
      for shift in stride(from: 7, through: 0, by: -1) {
        code = code << 1 | Int(octet >> shift & 1)
        length += 1
        if let symbol = codes[length]?[code] {
          guard symbol < 256 else { return nil }
          plain.append(UInt8(symbol))
          code = 0
          length = 0
        } else if 30 <= length {
          return nil
        }
      }
    }
    // Up to seven ones fill the last octet (§5.2).
    return length < 8 && code == (1 << length) - 1 ? plain : nil
  }

  /// Symbols by the length of their code and the code.
  ///
  /// The code is canonical: of codes of one length, a larger symbol has the larger code.
  private static let codes: [Int: [Int: Int]] = {
    var codes: [Int: [Int: Int]] = [:]
    var code = 0
    for length in 5...30 {
      for symbol in lengths.indices where lengths[symbol] == length {
        codes[length, default: [:]][code] = symbol
        code += 1
      }
      code <<= 1
    }
    return codes
  }()

  /// The length of each symbol's code, the end of string's last.
  private static let lengths: [Int] = [
    13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30,
    28, 28, 28, 28, 28, 28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5,
    5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
    7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6,
    6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23,
    22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23,
    24, 22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22,
    23, 23, 20, 22, 22, 22, 23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27,
    26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21,
    22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27,
    27, 27, 27, 27, 26, 30,
  ]
}
