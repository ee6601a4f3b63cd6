import Wire

/// Writes JSON text, keys in the order in which they are given.
///
/// Foundation's encoder needs a class and a dictionary for every value, which for a large report
/// costs more than reading its capture; it also cannot keep the contract's key order.
package struct JSONWriter {
  /// The text so far, without what was handed to the sink.
  package private(set) var text: [UInt8] = []
  /// Takes the text in pieces, so that a long report is never in memory as a whole.
  private let sink: (([UInt8]) -> Void)?
  private var depth = 0
  private var needsComma = false
  private let isPretty: Bool

  /// Octets gathered before they are handed to the sink.
  private static let pieceByteCount = 1 << 16

  /// Creates a writer; with `isPretty` each value stands on a line of its own.
  package init(isPretty: Bool, sink: (([UInt8]) -> Void)? = nil) {
    self.isPretty = isPretty
    self.sink = sink
  }

  /// Ends the text with a line feed and hands what is left of it to the sink.
  package mutating func finish() {
    text.append(UInt8(ascii: "\n"))
    handOver()
  }

  private mutating func handOver() {
    guard let sink else { return }
    sink(text)
    text.removeAll(keepingCapacity: true)
  }

  /// Writes an object whose members `body` writes.
  package mutating func object(_ body: (inout JSONWriter) -> Void) {
    bracket(UInt8(ascii: "{"), UInt8(ascii: "}"), body)
  }

  /// Writes an array with one element for each value.
  package mutating func array<Values: Sequence>(
    _ values: Values,
    _ body: (inout JSONWriter, Values.Element) -> Void
  ) {
    bracket(UInt8(ascii: "["), UInt8(ascii: "]")) { writer in
      for value in values {
        writer.separate()
        body(&writer, value)
        writer.needsComma = true
        if Self.pieceByteCount <= writer.text.count { writer.handOver() }
      }
    }
  }

  /// Writes an array like ``array(_:_:)``, of many elements half in a thread beside.
  package mutating func array<Value>(
    inTwoThreads values: [Value],
    _ body: (inout JSONWriter, Value) -> Void
  ) {
    guard 2 * Self.elementsAtATime <= values.count, let thread = SideThread() else {
      array(values, body)
      return
    }
    bracket(UInt8(ascii: "["), UInt8(ascii: "]")) { writer in
      for start in stride(from: 0, to: values.count, by: 2 * Self.elementsAtATime) {
        let middle = min(start + Self.elementsAtATime, values.count)
        let end = min(middle + Self.elementsAtATime, values.count)
        var beside = JSONWriter(isPretty: writer.isPretty)
        beside.depth = writer.depth
        beside.needsComma = true
        thread.both(
          { writer.elements(values[start..<middle], body) },
          { beside.elements(values[middle..<end], body) }
        )
        writer.text += beside.text
        writer.handOver()
      }
    }
  }

  /// Elements that one thread writes before their text is put together with the other's.
  private static let elementsAtATime = 32

  private mutating func elements<Value>(
    _ values: ArraySlice<Value>,
    _ body: (inout JSONWriter, Value) -> Void
  ) {
    for value in values {
      separate()
      body(&self, value)
      needsComma = true
    }
  }

  /// Writes a member's key; its value comes next.
  package mutating func key(_ name: StaticString) {
    separate()
    text.append(UInt8(ascii: "\""))
    // A key of the schema has nothing to escape.
    name.withUTF8Buffer { unsafe text.append(contentsOf: $0) }
    text.append(UInt8(ascii: "\""))
    endKey()
  }

  /// Writes a member's key that is not part of the schema.
  package mutating func key(dynamic name: String) {
    separate()
    string(name)
    endKey()
  }

  private mutating func endKey() {
    text.append(UInt8(ascii: ":"))
    if isPretty { text.append(UInt8(ascii: " ")) }
    needsComma = true
  }

  /// Writes a string, or null.
  package mutating func value(_ value: String?) {
    guard let value else { return null() }
    string(value)
  }

  /// Writes an integer, or null.
  package mutating func value(_ value: Int?) {
    guard let value else { return null() }
    text.append(contentsOf: String(value).utf8)
  }

  /// Writes a Boolean, or null.
  package mutating func value(_ value: Bool?) {
    guard let value else { return null() }
    text.append(contentsOf: (value ? "true" : "false").utf8)
  }

  /// Writes a number rounded to six decimals, or null.
  package mutating func value(_ value: Double?) {
    guard let value, value.isFinite else { return null() }
    let millionths = (value * 1e6).rounded()
    text.append(contentsOf: "\(millionths / 1e6)".utf8)
  }

  /// Writes a list of strings, on one line.
  package mutating func value(_ values: [String]) {
    line(values) { $0.string($1) }
  }

  /// Writes a list of integers, on one line.
  package mutating func value(_ values: [Int]) {
    line(values) { $0.value($1) }
  }

  /// Ends the text with a line break.
  package mutating func endLine() { text.append(UInt8(ascii: "\n")) }

  private mutating func line<Value>(
    _ values: [Value],
    _ write: (inout JSONWriter, Value) -> Void
  ) {
    text.append(UInt8(ascii: "["))
    for (index, value) in values.enumerated() {
      if 0 < index { text.append(UInt8(ascii: ",")) }
      if 0 < index, isPretty { text.append(UInt8(ascii: " ")) }
      write(&self, value)
    }
    text.append(UInt8(ascii: "]"))
    needsComma = true
  }

  private mutating func null() { text.append(contentsOf: "null".utf8) }

  private mutating func bracket(
    _ open: UInt8,
    _ close: UInt8,
    _ body: (inout JSONWriter) -> Void
  ) {
    text.append(open)
    depth += 1
    needsComma = false
    body(&self)
    depth -= 1
    if needsComma { newLine() }
    text.append(close)
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { text.append(UInt8(ascii: ",")) }
    newLine()
    needsComma = false
  }

  private mutating func newLine() {
    guard isPretty else { return }
    Self.lineStart.withUTF8Buffer { octets in
      let start = unsafe octets.prefix(1 + depth * 2)
      unsafe text.append(contentsOf: UnsafeBufferPointer(rebasing: start))
    }
  }

  /// A line break and the indentation of the deepest value, two spaces a level.
  private static let lineStart: StaticString =
    "\n                                                                "

  /// Writes a string: quotes, backslashes and every control character escaped (RFC 8259 §7), the
  /// C1 controls and the line separators too, since terminals and scripts act on them.
  private mutating func string(_ value: String) {
    text.append(UInt8(ascii: "\""))
    defer { text.append(UInt8(ascii: "\"")) }
    let isPlain = unsafe value.utf8.withContiguousStorageIfAvailable { octets in
      guard unsafe octets.allSatisfy(\.isPlain) else { return false }
      unsafe text.append(contentsOf: octets)
      return true
    }
    if isPlain == true { return }
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text.append(contentsOf: "\\\"".utf8)
      case "\\": text.append(contentsOf: "\\\\".utf8)
      case "\n": text.append(contentsOf: "\\n".utf8)
      case "\r": text.append(contentsOf: "\\r".utf8)
      case "\t": text.append(contentsOf: "\\t".utf8)
      case "\u{0}"..<"\u{20}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
        let digits = String(scalar.value, radix: 16)
        text.append(
          contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8
        )
      default:
        text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      }
    }
  }
}

extension UInt8 {
  /// Whether it is an ASCII character that needs no escape.
  fileprivate var isPlain: Bool {
    0x20 <= self && self < 0x7F && self != UInt8(ascii: "\"") && self != UInt8(ascii: "\\")
  }
}
