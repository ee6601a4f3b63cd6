package import Wire

/// Writes JSON text, keys in the order in which they are given.
///
/// Foundation's encoder needs a class and a dictionary for every value, which for a large report
/// costs more than reading its capture; it also cannot keep the contract's key order.
package struct JSONWriter {
  /// The text so far, without what was handed to the sink.
  package var text: [UInt8] { buffer.octets }
  private let buffer = OctetBuffer()
  /// Takes the text in pieces, so that a long report is never in memory as a whole.
  private let sink: (([UInt8]) -> Void)?
  private var depth = 0
  private var needsComma = false
  /// The octets of what was written and will be needed again.
  private var pieces: [PlacedPiece: [UInt8]] = [:]
  /// Whether octets are written that will be needed again, and so must not be handed over yet.
  private var isKeeping = false
  private let isPretty: Bool

  /// Octets gathered before they are handed to the sink.
  private static let handedOverByteCount = 1 << 16

  /// Creates a writer; with `isPretty` each value stands on a line of its own.
  package init(isPretty: Bool, sink: (([UInt8]) -> Void)? = nil) {
    self.isPretty = isPretty
    self.sink = sink
  }

  /// Ends the text with a line feed and hands what is left of it to the sink.
  package mutating func finish() {
    endLine()
    handOver()
  }

  private mutating func handOver() {
    guard let sink else { return }
    sink(buffer.octets)
    buffer.removeAll()
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
        if Self.handedOverByteCount <= writer.buffer.count, !writer.isKeeping { writer.handOver() }
      }
    }
  }

  /// Writes an array like ``array(_:_:)``, of many elements half in a thread beside.
  package mutating func array<Value>(
    inTwoThreads values: [Value],
    _ body: @escaping (inout JSONWriter, Value) -> Void
  ) {
    guard 2 * Self.elementsAtATime <= values.count, let thread = SideThread() else {
      array(values, body)
      return
    }
    bracket(UInt8(ascii: "["), UInt8(ascii: "]")) { writer in
      // Two, so that one may be written while the other's text is put behind what is written here.
      let besides = [Beside(writer), Beside(writer)]
      let starts = stride(from: 0, to: values.count, by: 2 * Self.elementsAtATime)
      for (round, start) in starts.enumerated() {
        let middle = min(start + Self.elementsAtATime, values.count)
        let end = min(middle + Self.elementsAtATime, values.count)
        let beside = besides[round % 2]
        thread.start { beside.writer.elements(values[middle..<end], body) }
        thread.wait(leaving: 1)
        writer.append(besides[(round + 1) % 2])
        writer.elements(values[start..<middle], body)
        writer.handOver()
      }
      thread.wait()
      // All but what was started last is there already.
      for beside in besides { writer.append(beside) }
    }
  }

  /// What another thread writes.
  private final class Beside {
    var writer: JSONWriter

    /// Its elements stand after others, on the level that another writer is on.
    init(_ other: JSONWriter) {
      writer = JSONWriter(isPretty: other.isPretty)
      writer.depth = other.depth
      writer.needsComma = true
    }
  }

  /// Takes the text that another thread has written.
  private mutating func append(_ beside: Beside) {
    buffer.append(contentsOf: beside.writer.buffer)
    beside.writer.buffer.removeAll()
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
    buffer.append(UInt8(ascii: "\""))
    // A key of the schema has nothing to escape.
    buffer.append(name)
    buffer.append(UInt8(ascii: "\""))
    endKey()
  }

  /// Writes a member's key that is not part of the schema.
  package mutating func key(dynamic name: String) {
    separate()
    string(name)
    endKey()
  }

  private mutating func endKey() {
    buffer.append(UInt8(ascii: ":"))
    if isPretty { buffer.append(UInt8(ascii: " ")) }
    needsComma = true
  }

  /// Writes members that many objects share: what `body` writes, or the same octets as when it last was
  /// called for the same piece.
  ///
  /// - Parameters:
  ///   - piece: What the members are made of, and of nothing else.
  ///   - body: Writes one member or more.
  package mutating func members(of piece: JSONPiece, _ body: (inout JSONWriter) -> Void) {
    let placed = PlacedPiece(piece: piece, depth: depth, isFirst: !needsComma)
    if let octets = pieces[placed] {
      buffer.append(contentsOf: octets)
      needsComma = true
      return
    }
    guard !isKeeping, pieces.count < Self.maximumPieces else { return body(&self) }
    isKeeping = true
    let start = buffer.count
    body(&self)
    pieces[placed] = buffer.octets(from: start)
    isKeeping = false
  }

  /// Pieces kept: there are as many as causes, certificates and kinds of clients; in a hostile capture
  /// each connection may have its own.
  private static let maximumPieces = 512

  /// A piece where it stands.
  private struct PlacedPiece: Hashable {
    let piece: JSONPiece
    let depth: Int
    let isFirst: Bool
  }

  /// Writes a value as a string, or null.
  package mutating func value(_ value: (some PlainText)?) {
    guard let value else { return null() }
    buffer.append(UInt8(ascii: "\""))
    value.write(to: buffer)
    buffer.append(UInt8(ascii: "\""))
  }

  /// Writes a string, or null.
  package mutating func value(_ value: String?) {
    guard let value else { return null() }
    string(value)
  }

  /// Writes an integer, or null.
  package mutating func value(_ value: Int?) {
    guard let value else { return null() }
    buffer.append(decimal: value)
  }

  /// Writes a Boolean, or null.
  package mutating func value(_ value: Bool?) {
    guard let value else { return null() }
    buffer.append(value ? "true" : "false")
  }

  /// Writes a number rounded to six decimals, or null.
  package mutating func value(_ value: Double?) {
    guard let value, value.isFinite else { return null() }
    let millionths = (value * 1e6).rounded()
    guard let exact = Int(exactly: millionths), exact.magnitude < 1 << 53 else {
      for unit in "\(millionths / 1e6)".utf8 { buffer.append(unit) }
      return
    }
    buffer.append(millionths: exact)
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
  package mutating func endLine() { buffer.append(UInt8(ascii: "\n")) }

  private mutating func line<Value>(
    _ values: [Value],
    _ write: (inout JSONWriter, Value) -> Void
  ) {
    buffer.append(UInt8(ascii: "["))
    for (index, value) in values.enumerated() {
      if 0 < index { buffer.append(UInt8(ascii: ",")) }
      if 0 < index, isPretty { buffer.append(UInt8(ascii: " ")) }
      write(&self, value)
    }
    buffer.append(UInt8(ascii: "]"))
    needsComma = true
  }

  private mutating func null() { buffer.append("null") }

  private mutating func bracket(
    _ open: UInt8,
    _ close: UInt8,
    _ body: (inout JSONWriter) -> Void
  ) {
    buffer.append(open)
    depth += 1
    needsComma = false
    body(&self)
    depth -= 1
    if needsComma { newLine() }
    buffer.append(close)
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { buffer.append(UInt8(ascii: ",")) }
    newLine()
    needsComma = false
  }

  private mutating func newLine() {
    guard isPretty else { return }
    buffer.append(UInt8(ascii: "\n"))
    buffer.append(UInt8(ascii: " "), count: depth * 2)
  }

  /// Writes a string: quotes, backslashes and every control character escaped (RFC 8259 §7), the
  /// C1 controls and the line separators too, since terminals and scripts act on them.
  private mutating func string(_ value: String) {
    buffer.append(UInt8(ascii: "\""))
    defer { buffer.append(UInt8(ascii: "\"")) }
    let isPlain = unsafe value.utf8.withContiguousStorageIfAvailable { octets in
      // Without an early end, so that many octets are looked at in one step.
      var isPlain = true
      for index in octets.indices { unsafe isPlain = isPlain && octets[index].isPlain }
      if isPlain { unsafe buffer.append(contentsOf: octets) }
      return isPlain
    }
    if isPlain == true { return }
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": buffer.append("\\\"")
      case "\\": buffer.append("\\\\")
      case "\n": buffer.append("\\n")
      case "\r": buffer.append("\\r")
      case "\t": buffer.append("\\t")
      case "\u{0}"..<"\u{20}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
        buffer.append("\\u")
        buffer.append(hexadecimal: UInt16(truncatingIfNeeded: scalar.value))
      default:
        for unit in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { buffer.append(unit) }
      }
    }
  }
}

extension UInt8 {
  /// Whether it is an ASCII character that needs no escape.
  fileprivate var isPlain: Bool {
    (self &- 0x20 < 0x5F) && (self != UInt8(ascii: "\"")) && (self != UInt8(ascii: "\\"))
  }
}
