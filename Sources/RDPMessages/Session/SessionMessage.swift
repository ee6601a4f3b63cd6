package import Wire

/// What an MCS Send Data PDU carries, by its channel and its headers.
package enum SessionMessage: Hashable, Sendable {
  case share(SharePDU)
  case securityExchange(SecurityExchange)
  case clientInfo(ClientInfo)
  case licensing(LicensingMessage)
  /// With standard RDP security. [MS-RDPBCGR] 2.2.13.2
  case redirection(ServerRedirection)
  case messageChannel(MessageChannelPDU)
  case dynamicChannel(DynamicChannelPDU)
  /// A static virtual channel's data, whose contents are the channel's own.
  case channelData(name: String, ChannelPDUHeader)
  /// Encrypted, without a key.
  case encrypted(SecurityHeader)
  /// Nothing that the headers tell.
  case other

  /// Where a PDU comes from.
  package struct Origin: Hashable, Sendable {
    let channelID: UInt16
    let isFromClient: Bool
    let channels: ChannelMap

    /// Tells a PDU's channel and sender.
    package init(channelID: UInt16, isFromClient: Bool, channels: ChannelMap) {
      self.channelID = channelID
      self.isFromClient = isFromClient
      self.channels = channels
    }
  }

  /// Decodes a PDU as it comes.
  ///
  /// - Parameters:
  ///   - data: Its octets, or the beginning of them.
  ///   - byteCount: All of its octets.
  ///   - origin: Its channel and sender.
  ///   - problems: Receives what is wrong where the kind of message is plain.
  /// - Throws: ``DecodeError`` where the message breaks off or lies about a length.
  package init(
    _ data: ArraySlice<UInt8>,
    byteCount: Int,
    from origin: Origin,
    problems: inout [DecodeError]
  ) throws(DecodeError) {
    var reader = ByteReader(data, layer: .rdp, boundedBy: .lengthField(.mcs))
    if !origin.channels.hasSecurityHeaders {
      if let name = origin.channels.name(of: origin.channelID) {
        self = try Self.channel(name, &reader, origin)
        return
      }
      let isIO = origin.channelID == origin.channels.io
      guard isIO || origin.channelID == origin.channels.message else {
        // A channel whose name the capture does not hold.
        self = .other
        return
      }
      if isIO, SharePDU.begins(reader, byteCount: byteCount) {
        self = .share(
          try SharePDU(decoding: &reader, byteCount: byteCount, problems: &problems)
        )
        return
      }
    }
    let header = try SecurityHeader(decoding: &reader)
    guard !header.flags.contains(.encrypted) else {
      self = .encrypted(header)
      return
    }
    let headerByteCount = data.count - reader.remainingCount
    try self.init(
      after: header,
      &reader,
      byteCount: byteCount - headerByteCount,
      from: origin,
      problems: &problems
    )
  }

  /// Decodes what follows a security header, never encrypted or decrypted.
  ///
  /// - Parameters:
  ///   - header: The header.
  ///   - reader: After it.
  ///   - byteCount: All octets after it.
  ///   - origin: Its channel and sender.
  ///   - problems: Receives what is wrong where the kind of message is plain.
  /// - Throws: ``DecodeError`` where the message breaks off or lies about a length.
  package init(
    after header: SecurityHeader,
    _ reader: inout ByteReader,
    byteCount: Int,
    from origin: Origin,
    problems: inout [DecodeError]
  ) throws(DecodeError) {
    let flags = header.flags
    if flags.contains(.exchange), origin.isFromClient {
      self = .securityExchange(try SecurityExchange(decoding: &reader))
    } else if flags.contains(.info), origin.isFromClient {
      self = .clientInfo(try ClientInfo(decoding: &reader))
    } else if flags.contains(.license) {
      self = .licensing(try LicensingMessage(decoding: &reader))
    } else if flags.contains(.redirection), !origin.isFromClient {
      self = .redirection(try ServerRedirection(decoding: &reader))
    } else if let message = try MessageChannelPDU(header, &reader) {
      self = .messageChannel(message)
    } else if let name = origin.channels.name(of: origin.channelID) {
      self = try Self.channel(name, &reader, origin)
    } else if SharePDU.begins(reader, byteCount: byteCount) {
      self = .share(try SharePDU(decoding: &reader, byteCount: byteCount, problems: &problems))
    } else {
      self = .other
    }
  }

  /// The static channel that multiplexes the dynamic ones. [MS-RDPEDYC] 2.1
  private static let dynamicChannels = "drdynvc"

  private static func channel(
    _ name: String,
    _ reader: inout ByteReader,
    _ origin: Origin
  ) throws(DecodeError) -> SessionMessage {
    let header = try ChannelPDUHeader(decoding: &reader)
    guard name.lowercased() == dynamicChannels, header.isWhole,
      Int(header.byteCount) <= reader.remainingCount
    else { return .channelData(name: name, header) }
    return .dynamicChannel(
      origin.isFromClient
        ? try DynamicChannelPDU(fromClient: &reader) : try DynamicChannelPDU(decoding: &reader)
    )
  }
}
