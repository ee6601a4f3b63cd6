public import Wire

extension IPAddress: CustomStringConvertible, PlainText {
  /// `a.b.c.d`, or the canonical text of RFC 5952 for IPv6.
  public var description: String { plainText }

  /// Adds what ``description`` says.
  package func write(to buffer: OctetBuffer) {
    guard let ipv4 else {
      for octet in ipv6Text.utf8 { buffer.append(octet) }
      return
    }
    for shift: UInt32 in [24, 16, 8, 0] {
      buffer.append(decimal: Int(ipv4 >> shift & 255))
      if 0 < shift { buffer.append(UInt8(ascii: ".")) }
    }
  }

  private var ipv6Text: String {
    let groups = groups
    let zeros = Self.longestZeroRun(groups)
    let text = { (range: Range<Int>) in
      groups[range].map { String($0, radix: 16) }.joined(separator: ":")
    }
    return zeros.isEmpty
      ? text(0..<8) : text(0..<zeros.lowerBound) + "::" + text(zeros.upperBound..<8)
  }

  /// Reads `a.b.c.d` or any text of an IPv6 address (RFC 4291 §2.2), without zone or brackets.
  ///
  /// - Parameter text: The address; anything else gives `nil`.
  package init?(_ text: String) {
    guard text.utf8.contains(UInt8(ascii: ":")) else {
      guard let address = Self.dottedQuad(text[...]) else { return nil }
      self.init(ipv4: address)
      return
    }
    guard let groups = Self.parseGroups(text) else { return nil }
    let word = { (range: Range<Int>) in groups[range].reduce(UInt64(0)) { $0 << 16 | UInt64($1) } }
    self.init(high: word(0..<4), low: word(4..<8))
  }

  /// The eight 16-bit groups of the IPv6 form.
  private var groups: [UInt16] {
    [high, low].flatMap { word in
      [48, 32, 16, 0].map { UInt16(truncatingIfNeeded: word >> UInt64($0)) }
    }
  }

  /// The first longest run of two or more zero groups, empty if there is none.
  private static func longestZeroRun(_ groups: [UInt16]) -> Range<Int> {
    var best = 0..<0
    var start = 0
    for index in groups.indices {
      guard groups[index] == 0 else {
        start = index + 1
        continue
      }
      if index + 1 - start > max(best.count, 1) { best = start..<index + 1 }
    }
    return best
  }

  private static func dottedQuad(_ text: Substring) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var address: UInt32 = 0
    for part in parts {
      guard part.utf8.allSatisfy({ (0x30...0x39).contains($0) }), part.utf8.count <= 3,
        let octet = UInt8(part)
      else { return nil }
      address = address << 8 | UInt32(octet)
    }
    return address
  }

  private static func parseGroups(_ text: String) -> [UInt16]? {
    guard let elision = firstElision(text) else {
      let groups = parseRun(text[...], mayEndInQuad: true)
      return groups?.count == 8 ? groups : nil
    }
    guard let head = parseRun(text[..<elision.lowerBound], mayEndInQuad: false),
      let tail = parseRun(text[elision.upperBound...], mayEndInQuad: true),
      head.count + tail.count < 8
    else { return nil }
    return head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
  }

  private static func firstElision(_ text: String) -> Range<String.Index>? {
    var index = text.startIndex
    while index < text.endIndex {
      let next = text.index(after: index)
      if text[index] == ":", next < text.endIndex, text[next] == ":" {
        return index..<text.index(after: next)
      }
      index = next
    }
    return nil
  }

  /// Groups separated by single colons; the last of the address may be a dotted quad.
  private static func parseRun(_ text: Substring, mayEndInQuad: Bool) -> [UInt16]? {
    guard !text.isEmpty else { return [] }
    var groups: [UInt16] = []
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if mayEndInQuad, index == parts.count - 1, part.utf8.contains(UInt8(ascii: ".")) {
        guard let quad = dottedQuad(part) else { return nil }
        groups += [UInt16(quad >> 16), UInt16(quad & 0xFFFF)]
        continue
      }
      guard part.utf8.count <= 4, part.allSatisfy(\.isHexDigit),
        let group = UInt16(part, radix: 16)
      else { return nil }
      groups.append(group)
    }
    return groups
  }
}
