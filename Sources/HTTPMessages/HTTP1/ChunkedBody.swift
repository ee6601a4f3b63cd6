package import Wire

/// Takes the chunks of a body apart as they come. RFC 9112 §7.1
package struct ChunkedBody: Hashable, Sendable {
  /// Octets of a line with a chunk's size, extensions included.
  package static let maximumLineByteCount = 1024

  private enum State: Hashable {
    case size
    case data(Int)
    case endOfData
    case trailer
    case done
  }

  private var state = State.size
  private var line: [UInt8] = []

  /// Creates a body of which nothing is read.
  package init() {}

  /// Whether the last chunk was read.
  package var isAtEnd: Bool { state == .done }

  /// Takes the octets that come next.
  ///
  /// - Parameter octets: What is left of them is behind the body.
  /// - Returns: The data in them.
  /// - Throws: ``DecodeError`` for a size that is none.
  package mutating func take(_ octets: inout ArraySlice<UInt8>) throws(DecodeError) -> [UInt8] {
    var data: [UInt8] = []
    while let first = octets.first, state != .done {
      if case .data(let count) = state {
        let part = octets.prefix(count)
        data += part
        octets = octets.dropFirst(part.count)
        state = part.count == count ? .endOfData : .data(count - part.count)
        continue
      }
      octets = octets.dropFirst()
      if first == 10 { try endLine(at: octets.startIndex) } else { try append(first, octets) }
    }
    return data
  }

  private mutating func append(
    _ octet: UInt8,
    _ octets: ArraySlice<UInt8>
  ) throws(DecodeError) {
    guard line.count < Self.maximumLineByteCount else {
      throw error(at: octets.startIndex, found: "a longer line")
    }
    if octet != 13 { line.append(octet) }
  }

  private mutating func endLine(at offset: Int) throws(DecodeError) {
    let text = String(decoding: line, as: UTF8.self)
    line = []
    switch state {
    case .size:
      let digits = text.prefix { $0.isHexDigit }
      guard let count = Int(digits, radix: 16) else { throw error(at: offset, found: text) }
      state = count == 0 ? .trailer : .data(count)
    case .endOfData: state = .size
    case .trailer: if text.isEmpty { state = .done }
    case .data, .done: break
    }
  }

  private func error(at offset: Int, found: String) -> DecodeError {
    DecodeError(
      layer: .http,
      field: "chunk-size",
      offset: offset,
      reason: .unexpected(expected: "hexadecimal digits", found: found)
    )
  }
}
