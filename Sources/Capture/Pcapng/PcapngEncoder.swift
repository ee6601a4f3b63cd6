import Wire

/// Encodes the blocks of a pcapng file, little-endian, times in nanoseconds.
///
/// [draft-ietf-opsawg-pcapng] §4
package enum PcapngEncoder {
  /// Octets of one comment: an option's length has 16 bits, and people read it.
  package static let maximumCommentOctets = 16_384

  /// A Section Header Block of unknown length, with a comment and the program's name.
  package static func section(comment: String?, application: String) -> [UInt8] {
    var body = little(UInt32(0x1a2b_3c4d)) + little(UInt16(1)) + little(UInt16(0))
    body += [UInt8](repeating: 0xFF, count: 8)
    var options = comment.map(Self.comment) ?? []
    options += option(4, Array(application.utf8))
    return block(.sectionHeader, body, options: options)
  }

  /// An Interface Description Block.
  package static func interface(_ interface: CaptureInterface) -> [UInt8] {
    let body =
      little(UInt16(clamping: interface.linkType.rawValue)) + little(UInt16(0))
      + little(UInt32(clamping: interface.snapLength))
    var options = interface.name.map { option(2, Array($0.utf8)) } ?? []
    options += interface.description.map { option(3, Array($0.utf8)) } ?? []
    options += option(9, [9])  // if_tsresol: nanoseconds.
    return block(.interfaceDescription, body, options: options)
  }

  /// An Enhanced Packet Block.
  package static func packet(
    _ record: PacketRecord,
    interface: Int,
    octets: Span<UInt8>,
    comment: String? = nil
  ) -> [UInt8] {
    let time = UInt64(clamping: record.timestamp.nanoseconds)
    var body = little(UInt32(clamping: interface))
    body +=
      little(UInt32(truncatingIfNeeded: time >> 32)) + little(UInt32(truncatingIfNeeded: time))
    body += little(UInt32(clamping: octets.count)) + little(UInt32(clamping: record.originalLength))
    for index in octets.indices { body.append(octets[index]) }
    return block(.enhancedPacket, padded(body), options: comment.map(Self.comment) ?? [])
  }

  /// A Decryption Secrets Block.
  package static func secrets(_ secrets: DecryptionSecrets) -> [UInt8] {
    let body =
      little(secrets.type) + little(UInt32(clamping: secrets.bytes.count)) + secrets.bytes
    return block(.decryptionSecrets, padded(body), options: [])
  }

  /// A block: type 4, length 4, body, options and their end, length 4.
  private static func block(
    _ type: BlockType,
    _ body: [UInt8],
    options: [UInt8],
  ) -> [UInt8] {
    let end = options.isEmpty ? [] : endOfOptions
    let length = little(UInt32(clamping: 12 + body.count + options.count + end.count))
    return little(type.rawValue) + length + body + options + end + length
  }

  private static let endOfOptions: [UInt8] = [0, 0, 0, 0]

  private static func comment(_ text: String) -> [UInt8] {
    option(OptionCursor.comment, commentOctets(text))
  }

  /// A comment's octets, cut where it is too long.
  static func commentOctets(_ text: String) -> [UInt8] {
    var octets = Array(text.utf8.prefix(maximumCommentOctets))
    // Not in the middle of a character: continuation octets begin with the bits 10.
    while octets.count == maximumCommentOctets, let last = octets.last, last & 0xC0 == 0x80 {
      octets.removeLast()
    }
    return octets
  }

  private static func option(_ code: UInt16, _ value: [UInt8]) -> [UInt8] {
    padded(little(code) + little(UInt16(clamping: value.count)) + value)
  }

  private static func padded(_ octets: [UInt8]) -> [UInt8] {
    octets + [UInt8](repeating: 0, count: (4 - octets.count % 4) % 4)
  }

  private static func little(_ value: some FixedWidthInteger) -> [UInt8] {
    (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }
}
