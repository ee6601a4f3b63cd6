package import Wire

/// Client Security Data (TS_UD_CS_SEC): the encryption that the client can do.
///
/// encryptionMethods 4, extEncryptionMethods 4 (in place of the first for French clients), both
/// little-endian. [MS-RDPBCGR] 2.2.1.3.3
package struct ClientSecurityData: WireDecodable, Hashable {
  package let encryptionMethods: EncryptionMethods
  package let extendedEncryptionMethods: EncryptionMethods

  /// Decodes the block's contents.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    encryptionMethods = EncryptionMethods(
      rawValue: try reader.uint32LittleEndian("encryptionMethods")
    )
    extendedEncryptionMethods = EncryptionMethods(
      rawValue: try reader.uint32LittleEndian("extEncryptionMethods")
    )
  }
}

/// Client Network Data (TS_UD_CS_NET): the static virtual channels that the client wants.
///
/// channelCount 4, then name 8 and options 4 for each, little-endian. [MS-RDPBCGR] 2.2.1.3.4
package struct ClientNetworkData: WireDecodable, Hashable {
  /// Channels in one block; the specification's own limit.
  package static let maximumCount = 31

  /// The channels, in order.
  package var channels: [Channel]

  /// A static virtual channel (CHANNEL_DEF). [MS-RDPBCGR] 2.2.1.3.4.1
  package struct Channel: Hashable, Sendable {
    /// At most seven characters.
    package var name: String
    /// How the channel is to be handled; bits as the specification numbers them.
    package let options: UInt32

    /// The options by name, in the specification's spelling.
    package var optionNames: [String] {
      Self.known.filter { options & $0.0 != 0 }.map { "CHANNEL_OPTION_" + $0.1 }
    }

    private static let known: [(UInt32, String)] = [
      (0x8000_0000, "INITIALIZED"), (0x4000_0000, "ENCRYPT_RDP"), (0x2000_0000, "ENCRYPT_SC"),
      (0x1000_0000, "ENCRYPT_CS"), (0x0800_0000, "PRI_HIGH"), (0x0400_0000, "PRI_MED"),
      (0x0200_0000, "PRI_LOW"), (0x0080_0000, "COMPRESS_RDP"), (0x0040_0000, "COMPRESS"),
      (0x0020_0000, "SHOW_PROTOCOL"), (0x0010_0000, "REMOTE_CONTROL_PERSISTENT"),
    ]
  }

  /// Decodes the block's contents.
  ///
  /// - Throws: ``DecodeError`` if there are more than ``maximumCount`` channels or fewer than
  ///   announced.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    let count = try reader.count("channelCount", limit: Self.maximumCount)
    var channels: [Channel] = []
    for _ in 0..<count {
      let name = try reader.bytes(8, "name").prefix { $0 != 0 }
      let options = try reader.uint32LittleEndian("options")
      channels.append(Channel(name: String(decoding: name, as: UTF8.self), options: options))
    }
    self.channels = channels
  }
}

/// Client Cluster Data (TS_UD_CS_CLUSTER): what the client knows of redirection.
///
/// Flags 4, RedirectedSessionID 4, little-endian. [MS-RDPBCGR] 2.2.1.3.5
package struct ClientClusterData: WireDecodable, Hashable {
  /// Bits as the specification numbers them.
  package let flags: UInt32
  /// The session to go on with; `nil` unless the client was redirected to it.
  package let redirectedSessionID: UInt32?

  /// Decodes the block's contents.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    flags = try reader.uint32LittleEndian("Flags")
    let session = try reader.uint32LittleEndian("RedirectedSessionID")
    redirectedSessionID = flags & 0x02 != 0 ? session : nil
  }

  /// Whether the client can be redirected (REDIRECTION_SUPPORTED).
  package var supportsRedirection: Bool { flags & 0x01 != 0 }
  /// The form of redirection that it knows, from 1 (ServerSessionRedirectionVersionMask).
  package var redirectionVersion: Int { Int(flags >> 2 & 0x0F) + 1 }
  /// Whether the user came with a smart card (REDIRECTED_SMARTCARD).
  package var usesSmartCard: Bool { flags & 0x40 != 0 }
}

/// Client Monitor Data (TS_UD_CS_MONITOR): where the client's monitors stand.
///
/// flags 4, monitorCount 4, then left, top, right, bottom and flags, 4 each, little-endian.
/// [MS-RDPBCGR] 2.2.1.3.6
package struct ClientMonitorData: WireDecodable, Hashable {
  /// Monitors in one block: four times the specification's sixteen.
  package static let maximumCount = 64

  /// The monitors, in order.
  package let monitors: [Monitor]

  /// One monitor; edges in pixels from the primary's upper left corner, inclusive.
  package struct Monitor: Hashable, Sendable {
    package let left: Int32
    package let top: Int32
    package let right: Int32
    package let bottom: Int32
    package let isPrimary: Bool

    /// Width and height in pixels: `1920x1080`.
    package var size: String {
      "\(Int64(right) - Int64(left) + 1)x\(Int64(bottom) - Int64(top) + 1)"
    }
  }

  /// Decodes the block's contents.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    try reader.skip(4, "flags")
    let count = try reader.count("monitorCount", limit: Self.maximumCount)
    var monitors: [Monitor] = []
    for _ in 0..<count {
      monitors.append(
        Monitor(
          left: Int32(bitPattern: try reader.uint32LittleEndian("left")),
          top: Int32(bitPattern: try reader.uint32LittleEndian("top")),
          right: Int32(bitPattern: try reader.uint32LittleEndian("right")),
          bottom: Int32(bitPattern: try reader.uint32LittleEndian("bottom")),
          isPrimary: try reader.uint32LittleEndian("flags") & 1 != 0
        )
      )
    }
    self.monitors = monitors
  }
}

/// Client Monitor Extended Data (TS_UD_CS_MONITOR_EX): size and scale of each monitor.
///
/// flags 4, monitorAttributeSize 4 (20), monitorCount 4, then physicalWidth, physicalHeight,
/// orientation, desktopScaleFactor and deviceScaleFactor, 4 each. [MS-RDPBCGR] 2.2.1.3.9
package struct ClientMonitorExtendedData: WireDecodable, Hashable {
  /// The attributes, in the order of the monitors.
  package let attributes: [Attributes]

  /// Size in millimetres, rotation in degrees, scales in percent.
  package struct Attributes: Hashable, Sendable {
    package let physicalWidth: UInt32
    package let physicalHeight: UInt32
    package let orientation: UInt32
    package let desktopScaleFactor: UInt32
    package let deviceScaleFactor: UInt32
  }

  /// Decodes the block's contents.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    try reader.skip(4, "flags")
    let sizeOffset = reader.offset
    let size = try reader.uint32LittleEndian("monitorAttributeSize")
    guard size == 20 else {
      throw reader.invalid("monitorAttributeSize", at: sizeOffset, expected: "20", found: size)
    }
    let count = try reader.count("monitorCount", limit: ClientMonitorData.maximumCount)
    var attributes: [Attributes] = []
    for _ in 0..<count {
      attributes.append(
        Attributes(
          physicalWidth: try reader.uint32LittleEndian("physicalWidth"),
          physicalHeight: try reader.uint32LittleEndian("physicalHeight"),
          orientation: try reader.uint32LittleEndian("orientation"),
          desktopScaleFactor: try reader.uint32LittleEndian("desktopScaleFactor"),
          deviceScaleFactor: try reader.uint32LittleEndian("deviceScaleFactor")
        )
      )
    }
    self.attributes = attributes
  }
}

extension ByteReader {
  /// Reads a count of four octets, little-endian, and holds it against its limit.
  mutating func count(_ field: StaticString, limit: Int) throws(DecodeError) -> Int {
    let start = offset
    let count = Int(try uint32LittleEndian(field))
    guard count <= limit else {
      throw limitExceeded(field, at: start, limit: limit, found: count)
    }
    return count
  }
}
