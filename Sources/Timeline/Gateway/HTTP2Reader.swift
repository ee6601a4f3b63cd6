import HTTPMessages
import Wire

/// Reads the header blocks of one direction of HTTP/2.
struct HTTP2Reader {
  /// Octets of a header block over its frames.
  private static let maximumBlock = 1 << 17

  private var framer = HTTP2Framer()
  private var hpack = HPACKDecoder()
  private var block: [UInt8] = []

  /// The header fields of one message.
  struct Message {
    let stream: UInt32
    let fields: [HPACKDecoder.Field]
  }

  /// Takes the octets that come next.
  ///
  /// - Returns: The messages whose header fields are complete.
  /// - Throws: ``DecodeError`` where a frame or a block cannot be read.
  mutating func take(_ octets: ArraySlice<UInt8>) throws(DecodeError) -> [Message] {
    framer.append(octets)
    var messages: [Message] = []
    while let frame = try framer.next() {
      guard frame.type == HTTP2Framer.Frame.headers || frame.type == HTTP2Framer.Frame.continuation,
        let part = frame.headerBlock
      else { continue }
      guard block.count + part.count <= Self.maximumBlock else {
        throw ByteReader(part, layer: .http).limitExceeded(
          "header block",
          at: part.startIndex,
          limit: Self.maximumBlock,
          found: block.count + part.count
        )
      }
      block += part
      guard frame.endsHeaders else { continue }
      let fields = try hpack.decode(block[...])
      block = []
      messages.append(Message(stream: frame.stream, fields: fields))
    }
    return messages
  }
}
