package import Wire

/// The head of an HTTP/1.1 message: its first line and its fields.
///
/// RFC 9112 §2, §3, §4, §5
package struct HTTPHead: Hashable, Sendable {
  /// Octets of a head that are waited for: several times a Kerberos ticket in an Authorization field.
  package static let maximumByteCount = 1 << 17
  /// Fields kept; more than any client or server sends.
  package static let maximumFields = 128

  /// What the first line says.
  package let start: Start
  /// Names in lower case, with their values.
  package let fields: [(name: String, value: String)]

  /// The first line of a message.
  package enum Start: Hashable, Sendable {
    case request(method: String, target: String)
    case response(status: Int, reason: String)
  }

  /// The size of the head at the start of the octets, its empty line included; `nil` while that is
  /// not here.
  package static func byteCount(startOf octets: ArraySlice<UInt8>) -> Int? {
    let end = octets.indices.first { index in
      octets[index] == 10 && octets.startIndex + 3 <= index && octets[index - 1] == 13
        && octets[index - 2] == 10 && octets[index - 3] == 13
    }
    return end.map { $0 + 1 - octets.startIndex }
  }

  /// Decodes a whole head.
  ///
  /// - Parameter octets: From the first line to the empty one.
  /// - Throws: ``DecodeError`` where the first line is none of HTTP's.
  package init(_ octets: ArraySlice<UInt8>) throws(DecodeError) {
    let lines = octets.split(separator: 10, omittingEmptySubsequences: true).map {
      String(decoding: $0.last == 13 ? $0.dropLast() : $0, as: UTF8.self)
    }
    let words = (lines.first ?? "").split(separator: " ", maxSplits: 2).map(String.init)
    if 2 <= words.count, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) {
      start = .response(status: status, reason: 2 < words.count ? words[2] : "")
    } else if words.count == 3, words[2].hasPrefix("HTTP/1.") {
      start = .request(method: words[0], target: words[1])
    } else {
      throw DecodeError(
        layer: .http,
        field: "start-line",
        offset: octets.startIndex,
        reason: .unexpected(expected: "a request or a status", found: lines.first ?? "nothing")
      )
    }
    fields = lines.dropFirst().prefix(Self.maximumFields).compactMap { line in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      return (line[..<colon].lowercased(), String(value))
    }
  }

  /// The first value of a field; `nil` without one.
  package func value(_ name: String) -> String? { fields.first { $0.name == name }?.value }

  /// How long the body is, as the fields say. RFC 9112 §6.3
  package var body: Body {
    if value("transfer-encoding")?.lowercased().contains("chunked") == true { return .chunked }
    if let text = value("content-length"), let count = Int(text), 0 <= count {
      return .counted(count)
    }
    switch start {
    case .request: return .counted(0)
    case .response(let status, _):
      return status < 200 || status == 204 || status == 304 ? .counted(0) : .untilClose
    }
  }

  /// The length of a body.
  package enum Body: Hashable, Sendable {
    case counted(Int)
    case chunked
    case untilClose
  }

  package static func == (left: Self, right: Self) -> Bool {
    left.start == right.start && left.fields.elementsEqual(right.fields) { $0 == $1 }
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(start)
  }
}
