package import Wire

/// Decodes the header blocks of one direction. RFC 7541
package struct HPACKDecoder: Sendable {
  /// Octets of the dynamic table: sixteen times the usual setting. §4.2
  package static let maximumTableByteCount = 1 << 16
  /// Fields of one block.
  package static let maximumFields = 256

  /// A header field.
  package struct Field: Hashable, Sendable {
    package let name: String
    package let value: String
    /// What it takes of the table. §4.1
    var byteCount: Int { name.utf8.count + value.utf8.count + 32 }

    /// Creates a field.
    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Newest first.
  private var table: [Field] = []
  private var tableLimit = 4096

  /// Creates a decoder with an empty dynamic table.
  package init() {}

  /// Decodes one whole header block.
  ///
  /// - Throws: ``DecodeError`` where it is cut or refers to what is not there; the blocks after it
  ///   cannot be read then.
  package mutating func decode(_ block: ArraySlice<UInt8>) throws(DecodeError) -> [Field] {
    var reader = ByteReader(block, layer: .http)
    var fields: [Field] = []
    while !reader.isAtEnd {
      let start = reader.offset
      let first = try reader.uint8("representation")
      if first & 0x80 != 0 {
        fields.append(try field(try reader.integer(first, bits: 7), at: start, reader))
      } else if first & 0xE0 == 0x20 {
        tableLimit = min(try reader.integer(first, bits: 5), Self.maximumTableByteCount)
        evict()
      } else {
        let isKept = first & 0x40 != 0
        let index = try reader.integer(first, bits: isKept ? 6 : 4)
        let name = index == 0 ? try reader.string() : try field(index, at: start, reader).name
        let field = Field(name, try reader.string())
        fields.append(field)
        if isKept {
          table.insert(field, at: 0)
          evict()
        }
      }
      guard fields.count <= Self.maximumFields else {
        throw reader.limitExceeded(
          "fields",
          at: start,
          limit: Self.maximumFields,
          found: fields.count
        )
      }
    }
    return fields
  }

  private func field(
    _ index: Int,
    at offset: Int,
    _ reader: ByteReader
  ) throws(DecodeError) -> Field {
    let known = Self.staticTable.count
    if 1...known ~= index { return Self.staticTable[index - 1] }
    guard known < index, index - known <= table.count else {
      throw reader.invalid("index", at: offset, expected: "one of the tables'", found: index)
    }
    return table[index - known - 1]
  }

  private mutating func evict() {
    var byteCount = table.reduce(0) { $0 + $1.byteCount }
    while tableLimit < byteCount, let last = table.popLast() { byteCount -= last.byteCount }
  }

  /// RFC 7541, Appendix A.
  private static let staticTable: [Field] = [
    Field(":authority", ""), Field(":method", "GET"), Field(":method", "POST"),
    Field(":path", "/"), Field(":path", "/index.html"), Field(":scheme", "http"),
    Field(":scheme", "https"), Field(":status", "200"), Field(":status", "204"),
    Field(":status", "206"), Field(":status", "304"), Field(":status", "400"),
    Field(":status", "404"), Field(":status", "500"), Field("accept-charset", ""),
    Field("accept-encoding", "gzip, deflate"), Field("accept-language", ""),
    Field("accept-ranges", ""), Field("accept", ""), Field("access-control-allow-origin", ""),
    Field("age", ""), Field("allow", ""), Field("authorization", ""), Field("cache-control", ""),
    Field("content-disposition", ""), Field("content-encoding", ""),
    Field("content-language", ""), Field("content-length", ""), Field("content-location", ""),
    Field("content-range", ""), Field("content-type", ""), Field("cookie", ""),
    Field("date", ""), Field("etag", ""), Field("expect", ""), Field("expires", ""),
    Field("from", ""), Field("host", ""), Field("if-match", ""), Field("if-modified-since", ""),
    Field("if-none-match", ""), Field("if-range", ""), Field("if-unmodified-since", ""),
    Field("last-modified", ""), Field("link", ""), Field("location", ""),
    Field("max-forwards", ""), Field("proxy-authenticate", ""),
    Field("proxy-authorization", ""), Field("range", ""), Field("referer", ""),
    Field("refresh", ""), Field("retry-after", ""), Field("server", ""), Field("set-cookie", ""),
    Field("strict-transport-security", ""), Field("transfer-encoding", ""),
    Field("user-agent", ""), Field("vary", ""), Field("via", ""), Field("www-authenticate", ""),
  ]
}

extension ByteReader {
  /// Longest string of a header block.
  private static let maximumStringByteCount = 1 << 16

  /// Reads an integer whose first octet holds `bits` of it. RFC 7541 §5.1
  fileprivate mutating func integer(_ first: UInt8, bits: Int) throws(DecodeError) -> Int {
    let mask = (1 << bits) - 1
    var value = Int(first) & mask
    guard value == mask else { return value }
    var shift = 0
    while true {
      let octet = try uint8("integer")
      guard shift < 28 else {
        throw invalid("integer", at: offset - 1, expected: "below 2^28", found: "more octets")
      }
      value += Int(octet & 0x7F) << shift
      shift += 7
      if octet & 0x80 == 0 { return value }
    }
  }

  /// Reads a string, plain or in Huffman's code. RFC 7541 §5.2
  fileprivate mutating func string() throws(DecodeError) -> String {
    let start = offset
    let first = try uint8("string length")
    let count = try integer(first, bits: 7)
    guard count <= Self.maximumStringByteCount else {
      throw limitExceeded(
        "string length",
        at: start,
        limit: Self.maximumStringByteCount,
        found: count
      )
    }
    let octets = try bytes(count, "string")
    guard first & 0x80 != 0 else { return String(decoding: octets, as: UTF8.self) }
    guard let plain = HPACKHuffman.decode(octets) else {
      throw invalid("string", at: start + 1, expected: "Huffman's code", found: "another")
    }
    return String(decoding: plain, as: UTF8.self)
  }
}
