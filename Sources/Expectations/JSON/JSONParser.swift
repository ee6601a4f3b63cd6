/// Reads JSON text (RFC 8259) and keeps the line of every value, which Foundation's decoder does
/// not: an error in a file that people edit has to say where.
package struct JSONParser {
  /// Depth of nesting accepted: the files read here need six; a file of brackets must not exhaust
  /// the stack.
  static let maximumDepth = 64

  private let text: [UInt8]
  private var index = 0
  private var line = 1

  private init(_ text: [UInt8]) { self.text = text }

  /// The value of a whole text.
  ///
  /// - Parameter text: UTF-8, with or without a byte order mark.
  /// - Returns: The value, with the lines of all values in it.
  /// - Throws: ``JSONError`` with the line where the text stops being JSON.
  package static func parse(_ text: [UInt8]) throws(JSONError) -> JSONNode {
    guard let valid = String(validating: text, as: UTF8.self) else {
      throw JSONError(line: 1, message: "the text is not UTF-8")
    }
    var parser = JSONParser(valid.hasPrefix("\u{FEFF}") ? Array(text.dropFirst(3)) : text)
    let node = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.index == parser.text.count else { throw parser.error("nothing more") }
    return node
  }

  private var next: UInt8? { index < text.count ? text[index] : nil }

  private mutating func skipSpace() {
    while let octet = next {
      switch octet {
      case UInt8(ascii: "\n"): line += 1
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): break
      default: return
      }
      index += 1
    }
  }

  private func error(_ expected: String) -> JSONError {
    let found =
      next.map { octet in
        0x20...0x7E ~= octet ? "found \"\(Unicode.Scalar(octet))\"" : "found something else"
      } ?? "the text ends"
    return JSONError(line: line, message: "expected \(expected), \(found)")
  }

  private mutating func take(_ octet: UInt8) -> Bool {
    skipSpace()
    guard next == octet else { return false }
    index += 1
    return true
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSONNode {
    skipSpace()
    guard depth < Self.maximumDepth else {
      throw JSONError(line: line, message: "nested deeper than \(Self.maximumDepth)")
    }
    let start = line
    switch next {
    case UInt8(ascii: "{"): return JSONNode(line: start, value: try object(depth: depth))
    case UInt8(ascii: "["): return JSONNode(line: start, value: try array(depth: depth))
    case UInt8(ascii: "\""): return JSONNode(line: start, value: .string(try string()))
    case UInt8(ascii: "t"): return JSONNode(line: start, value: try word("true", .boolean(true)))
    case UInt8(ascii: "f"): return JSONNode(line: start, value: try word("false", .boolean(false)))
    case UInt8(ascii: "n"): return JSONNode(line: start, value: try word("null", .null))
    default: return JSONNode(line: start, value: try number())
    }
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSONNode.Value {
    index += 1
    var members: [JSONNode.Member] = []
    if take(UInt8(ascii: "}")) { return .object(members) }
    repeat {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw error("a key in quotes") }
      let keyLine = line
      let key = try string()
      guard take(UInt8(ascii: ":")) else { throw error("\":\" after the key \"\(key)\"") }
      members.append(JSONNode.Member(key: key, line: keyLine, node: try value(depth: depth + 1)))
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "}")) else { throw error("\",\" or \"}\"") }
    return .object(members)
  }

  private mutating func array(depth: Int) throws(JSONError) -> JSONNode.Value {
    index += 1
    var elements: [JSONNode] = []
    if take(UInt8(ascii: "]")) { return .array(elements) }
    repeat { elements.append(try value(depth: depth + 1)) } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "]")) else { throw error("\",\" or \"]\"") }
    return .array(elements)
  }

  private mutating func word(
    _ word: StaticString,
    _ value: JSONNode.Value
  ) throws(JSONError) -> JSONNode.Value {
    let octets = Array("\(word)".utf8)
    guard text[index...].starts(with: octets) else { throw error("a value") }
    index += octets.count
    return value
  }

  private mutating func number() throws(JSONError) -> JSONNode.Value {
    let start = index
    while let octet = next, Self.isPartOfNumber(octet) { index += 1 }
    let digits = String(decoding: text[start..<index], as: UTF8.self)
    // Swift reads forms that JSON does not have: a leading "+" or "." and hexadecimal digits.
    guard let first = digits.utf8.first, first == UInt8(ascii: "-") || isDigit(first),
      let number = Double(digits), number.isFinite
    else {
      index = start
      throw error("a value")
    }
    return .number(number)
  }

  private func isDigit(_ octet: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= octet }

  private static func isPartOfNumber(_ octet: UInt8) -> Bool {
    switch octet {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"),
      UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    default: false
    }
  }

  private mutating func string() throws(JSONError) -> String {
    index += 1
    var octets: [UInt8] = []
    while let octet = next {
      index += 1
      switch octet {
      case UInt8(ascii: "\""): return String(decoding: octets, as: UTF8.self)
      case UInt8(ascii: "\\"): octets += UTF8.encode(try escaped()).map(Array.init) ?? []
      case 0..<0x20:
        index -= 1
        throw JSONError(line: line, message: "a string ends on the line on which it begins")
      default: octets.append(octet)
      }
    }
    throw error("\" at the end of a string")
  }

  private mutating func escaped() throws(JSONError) -> Unicode.Scalar {
    guard let octet = next else { throw error("an escape") }
    index += 1
    switch octet {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(octet)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try codePoint()
    default:
      index -= 1
      throw error("an escape that JSON has after \"\\\"")
    }
  }

  /// A code point written as one UTF-16 code unit or as two; half a pair becomes U+FFFD.
  private mutating func codePoint() throws(JSONError) -> Unicode.Scalar {
    let unit = try codeUnit()
    guard 0xD800...0xDBFF ~= unit else { return Unicode.Scalar(unit) ?? "\u{FFFD}" }
    guard text[index...].starts(with: "\\u".utf8) else { return "\u{FFFD}" }
    index += 2
    let low = try codeUnit()
    guard 0xDC00...0xDFFF ~= low else { return "\u{FFFD}" }
    return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}"
  }

  private mutating func codeUnit() throws(JSONError) -> UInt32 {
    let end = index + 4
    guard end <= text.count, text[index..<end].allSatisfy({ $0 != UInt8(ascii: "+") }),
      let unit = UInt32(String(decoding: text[index..<end], as: UTF8.self), radix: 16)
    else { throw error("four hexadecimal digits") }
    index = end
    return unit
  }
}
