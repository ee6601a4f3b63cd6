package import Wire

/// Client Core Data (TS_UD_CS_CORE): the client's machine, screen and keyboard.
///
/// 128 octets little-endian, then fields that old clients leave out, from the end.
/// [MS-RDPBCGR] 2.2.1.3.2
package struct ClientCoreData: WireDecodable, Hashable {
  package let version: RDPVersion
  /// Width and height of the desktop, in pixels.
  package let desktopWidth: UInt16
  package let desktopHeight: UInt16
  /// The colour depth of clients of before 5.1.
  package let colorDepthCode: UInt16
  package let keyboardLayout: KeyboardLayout
  package let clientBuild: ClientBuild
  /// The client's computer name, at most 15 characters.
  package var clientName: String
  package let keyboardType: UInt32
  package let keyboardSubtype: UInt32
  package let keyboardFunctionKeys: UInt32
  /// The fields that old clients leave out; `nil` from the first that is missing.
  package let highColorDepth: UInt16?
  package let supportedColorDepths: UInt16?
  package let earlyCapabilityFlags: EarlyCapabilities?
  /// The client's product id; empty where it is all zero.
  package var digitalProductID: String?
  package let connectionType: UInt8?
  /// What the client repeats of the server's choice in the negotiation.
  package let serverSelectedProtocol: SecurityProtocols?
  /// Size of the screen, in millimetres.
  package let physicalWidth: UInt32?
  package let physicalHeight: UInt32?
  /// Rotation of the screen, in degrees.
  package let orientation: UInt16?
  /// Scale of the desktop and of the device, in percent.
  package let desktopScaleFactor: UInt32?
  package let deviceScaleFactor: UInt32?
  private let postBeta2ColorDepth: UInt16?

  /// Flags of the client's early capabilities; unknown bits are kept.
  package struct EarlyCapabilities: OptionSet, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The client takes Set Error Info PDUs.
    package static let supportsErrorInfo = Self(rawValue: 0x0001)
    package static let wants32BitsPerPixel = Self(rawValue: 0x0002)
    /// ``ClientCoreData/connectionType`` means something.
    package static let validConnectionType = Self(rawValue: 0x0020)
    package static let supportsMonitorLayout = Self(rawValue: 0x0040)
    package static let supportsNetworkDetection = Self(rawValue: 0x0080)
    package static let supportsGraphicsPipeline = Self(rawValue: 0x0100)
    package static let supportsHeartbeat = Self(rawValue: 0x0400)

    /// The flags by name, in the specification's spelling.
    package var names: [String] {
      Self.known.filter { rawValue & $0.0 != 0 }.map { "RNS_UD_CS_" + $0.1 }
    }

    private static let known: [(UInt16, String)] = [
      (0x0001, "SUPPORT_ERRINFO_PDU"), (0x0002, "WANT_32BPP_SESSION"),
      (0x0004, "SUPPORT_STATUSINFO_PDU"), (0x0008, "STRONG_ASYMMETRIC_KEYS"),
      (0x0010, "RELATIVE_MOUSE_INPUT"), (0x0020, "VALID_CONNECTION_TYPE"),
      (0x0040, "SUPPORT_MONITOR_LAYOUT_PDU"), (0x0080, "SUPPORT_NETCHAR_AUTODETECT"),
      (0x0100, "SUPPORT_DYNVC_GFX_PROTOCOL"), (0x0200, "SUPPORT_DYNAMIC_TIME_ZONE"),
      (0x0400, "SUPPORT_HEARTBEAT_PDU"), (0x0800, "SUPPORT_SKIP_CHANNELJOIN"),
    ]
  }

  /// Decodes the block's contents.
  ///
  /// - Parameter reader: Over the block, behind its header.
  /// - Throws: ``DecodeError`` if the first 128 octets are not there or an optional field breaks
  ///   off.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    version = RDPVersion(rawValue: try reader.uint32LittleEndian("version"))
    desktopWidth = try reader.uint16LittleEndian("desktopWidth")
    desktopHeight = try reader.uint16LittleEndian("desktopHeight")
    colorDepthCode = try reader.uint16LittleEndian("colorDepth")
    try reader.skip(2, "SASSequence")
    keyboardLayout = KeyboardLayout(rawValue: try reader.uint32LittleEndian("keyboardLayout"))
    clientBuild = ClientBuild(rawValue: try reader.uint32LittleEndian("clientBuild"))
    clientName = try reader.utf16Text(32, "clientName")
    keyboardType = try reader.uint32LittleEndian("keyboardType")
    keyboardSubtype = try reader.uint32LittleEndian("keyboardSubType")
    keyboardFunctionKeys = try reader.uint32LittleEndian("keyboardFunctionKey")
    try reader.skip(64, "imeFileName")
    postBeta2ColorDepth = try reader.optional16("postBeta2ColorDepth")
    _ = try reader.optional16("clientProductId")
    _ = try reader.optional32("serialNumber")
    highColorDepth = try reader.optional16("highColorDepth")
    supportedColorDepths = try reader.optional16("supportedColorDepths")
    earlyCapabilityFlags = try reader.optional16("earlyCapabilityFlags").map {
      EarlyCapabilities(rawValue: $0)
    }
    digitalProductID = reader.isAtEnd ? nil : try reader.utf16Text(64, "clientDigProductId")
    connectionType = reader.isAtEnd ? nil : try reader.uint8("connectionType")
    if !reader.isAtEnd { try reader.skip(1, "pad1octet") }
    serverSelectedProtocol = try reader.optional32("serverSelectedProtocol").map {
      SecurityProtocols(rawValue: $0)
    }
    physicalWidth = try reader.optional32("desktopPhysicalWidth")
    physicalHeight = try reader.optional32("desktopPhysicalHeight")
    orientation = try reader.optional16("desktopOrientation")
    desktopScaleFactor = try reader.optional32("desktopScaleFactor")
    deviceScaleFactor = try reader.optional32("deviceScaleFactor")
  }

  /// The colour depth that the client asks for, in bits per pixel: the newest field that it sends
  /// decides; `nil` for a code that is not defined.
  package var bitsPerPixel: Int? {
    if earlyCapabilityFlags?.contains(.wants32BitsPerPixel) == true { return 32 }
    if let highColorDepth { return Int(highColorDepth) }
    switch postBeta2ColorDepth ?? colorDepthCode {
    case 0xCA00: return 4
    case 0xCA01: return 8
    case 0xCA02: return 15
    case 0xCA03: return 16
    case 0xCA04: return 24
    default: return nil
    }
  }

  /// The connection that the user chose, or the client found; `nil` where it does not say.
  package var connectionTypeName: String? {
    guard earlyCapabilityFlags?.contains(.validConnectionType) == true, let connectionType else {
      return nil
    }
    let names = [
      "modem", "broadband low", "satellite", "broadband high", "wan", "lan", "autodetect",
    ]
    return 1...names.count ~= Int(connectionType)
      ? names[Int(connectionType) - 1] : "\(connectionType)"
  }
}

extension ByteReader {
  /// Reads little-endian UTF-16 in a field of fixed size, up to its first zero.
  mutating func utf16Text(_ byteCount: Int, _ field: StaticString) throws(DecodeError) -> String {
    var text = try subReader(byteCount, field)
    var units: [UInt16] = []
    while !text.isAtEnd {
      let unit = try text.uint16LittleEndian(field)
      guard unit != 0 else { break }
      units.append(unit)
    }
    return String(decoding: units, as: UTF16.self)
  }

  /// `nil` at the end of the block: the sender is too old to know the field.
  mutating func optional16(_ field: StaticString) throws(DecodeError) -> UInt16? {
    isAtEnd ? nil : try uint16LittleEndian(field)
  }

  /// `nil` at the end of the block: the sender is too old to know the field.
  mutating func optional32(_ field: StaticString) throws(DecodeError) -> UInt32? {
    isAtEnd ? nil : try uint32LittleEndian(field)
  }
}
