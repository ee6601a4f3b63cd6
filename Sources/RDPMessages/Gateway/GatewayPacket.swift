package import Wire

/// A packet between a client and an RD Gateway over HTTP.
///
/// Layout, little-endian: packetType 2, reserved 2, packetLength 4 (header included), body.
/// [MS-TSGU] 2.2.10.9
package enum GatewayPacket: Hashable, Sendable {
  /// HTTP_HANDSHAKE_REQUEST: the client's version and the authentications beyond HTTP's. 2.2.10.10
  case handshakeRequest(extendedAuthentication: UInt16)
  /// HTTP_HANDSHAKE_RESPONSE. 2.2.10.11
  case handshakeResponse(GatewayError)
  /// HTTP_TUNNEL_PACKET: a tunnel is asked for. 2.2.10.18
  case tunnelCreate(hasCookie: Bool)
  /// HTTP_TUNNEL_RESPONSE. 2.2.10.20
  case tunnelResponse(GatewayError)
  /// HTTP_TUNNEL_AUTH_PACKET: the client names itself. 2.2.10.14
  case tunnelAuthorization(clientName: String)
  /// HTTP_TUNNEL_AUTH_RESPONSE: what the connection authorization policies say. 2.2.10.16
  case tunnelAuthorizationResponse(GatewayError)
  /// HTTP_CHANNEL_PACKET: the resources that are wanted, the alternative ones last. 2.2.10.2
  case channelCreate(resources: [String], port: UInt16)
  /// HTTP_CHANNEL_RESPONSE: what the resource authorization policies say, and the target. 2.2.10.4
  case channelResponse(GatewayError)
  /// HTTP_DATA_PACKET: octets of the connection inside. 2.2.10.6
  case data(ArraySlice<UInt8>)
  /// HTTP_SERVICE_MESSAGE: the administrator's words. 2.2.10.13
  case serviceMessage(String)
  case reauthenticate
  case keepAlive
  /// HTTP_CLOSE_PACKET. 2.2.10.5
  case closeChannel(GatewayError)
  case closeChannelResponse(GatewayError)
  case other(type: UInt16)

  /// Octets of a packet's header.
  package static let headerByteCount = 8
  /// Longest packet that is put together: data come with a length of 16 bits, a cookie with another.
  package static let maximumByteCount = 1 << 18
  /// Resources that a client may name. 2.2.10.2
  package static let maximumResources = 50 + 3

  /// The size of the packet that begins like this; `nil` while that is not here.
  ///
  /// - Throws: ``DecodeError`` for a length that no packet has.
  package static func byteCount(startOf octets: ArraySlice<UInt8>) throws(DecodeError) -> Int? {
    guard headerByteCount <= octets.count else { return nil }
    var reader = ByteReader(octets, layer: .gateway)
    try reader.skip(4, "packetType, reserved")
    let start = reader.offset
    let length = try reader.uint32LittleEndian("packetLength")
    guard headerByteCount <= Int(length), Int(length) <= maximumByteCount else {
      throw reader.invalid(
        "packetLength",
        at: start,
        expected: "8 to \(maximumByteCount)",
        found: length
      )
    }
    return Int(length)
  }

  /// Decodes a whole packet.
  ///
  /// - Parameter octets: Its header and body.
  /// - Throws: ``DecodeError`` where a field or a length inside of it does not fit.
  package init(_ octets: ArraySlice<UInt8>) throws(DecodeError) {
    var reader = ByteReader(octets, layer: .gateway, boundedBy: .lengthField(.gateway))
    let type = try reader.uint16LittleEndian("packetType")
    try reader.skip(6, "reserved, packetLength")
    switch type {
    case 0x01:
      try reader.skip(4, "verMajor, verMinor, clientVersion")
      self = .handshakeRequest(
        extendedAuthentication: try reader.uint16LittleEndian("extendedAuth")
      )
    case 0x02: self = .handshakeResponse(try reader.gatewayError("errorCode"))
    case 0x04:
      try reader.skip(4, "capsFlags")
      self = .tunnelCreate(hasCookie: try reader.uint16LittleEndian("fieldsPresent") & 1 != 0)
    case 0x05:
      try reader.skip(2, "serverVersion")
      self = .tunnelResponse(try reader.gatewayError("statusCode"))
    case 0x06:
      try reader.skip(2, "fieldsPresent")
      self = .tunnelAuthorization(clientName: try reader.countedText("clientName"))
    case 0x07: self = .tunnelAuthorizationResponse(try reader.gatewayError("errorCode"))
    case 0x08: self = try reader.channelCreate()
    case 0x09: self = .channelResponse(try reader.gatewayError("errorCode"))
    case 0x0A:
      let count = Int(try reader.uint16LittleEndian("cbDataLength"))
      self = .data(try reader.bytes(count, "data"))
    case 0x0B: self = .serviceMessage(try reader.countedText("message"))
    case 0x0C: self = .reauthenticate
    case 0x0D: self = .keepAlive
    case 0x10: self = .closeChannel(try reader.gatewayError("statusCode"))
    case 0x11: self = .closeChannelResponse(try reader.gatewayError("statusCode"))
    default: self = .other(type: type)
    }
  }

  /// The specification's name of the packet.
  package var name: String {
    switch self {
    case .handshakeRequest: "HANDSHAKE_REQUEST"
    case .handshakeResponse: "HANDSHAKE_RESPONSE"
    case .tunnelCreate: "TUNNEL_CREATE"
    case .tunnelResponse: "TUNNEL_RESPONSE"
    case .tunnelAuthorization: "TUNNEL_AUTH"
    case .tunnelAuthorizationResponse: "TUNNEL_AUTH_RESPONSE"
    case .channelCreate: "CHANNEL_CREATE"
    case .channelResponse: "CHANNEL_RESPONSE"
    case .data: "DATA"
    case .serviceMessage: "SERVICE_MESSAGE"
    case .reauthenticate: "REAUTH_MESSAGE"
    case .keepAlive: "KEEPALIVE"
    case .closeChannel: "CLOSE_CHANNEL"
    case .closeChannelResponse: "CLOSE_CHANNEL_RESPONSE"
    case .other(let type): "0x" + String(type, radix: 16)
    }
  }

  /// What the gateway answers in it; `nil` in other packets.
  package var answer: GatewayError? {
    switch self {
    case .handshakeResponse(let error), .tunnelResponse(let error),
      .tunnelAuthorizationResponse(let error), .channelResponse(let error),
      .closeChannel(let error), .closeChannelResponse(let error):
      error
    default: nil
    }
  }
}

extension ByteReader {
  fileprivate mutating func gatewayError(
    _ field: StaticString
  ) throws(DecodeError) -> GatewayError {
    GatewayError(rawValue: try uint32LittleEndian(field))
  }

  /// Reads a text in UTF-16 after its length in octets. [MS-TSGU] 2.2.10.22
  fileprivate mutating func countedText(_ field: StaticString) throws(DecodeError) -> String {
    let count = Int(try uint16LittleEndian("cb"))
    var text = try subReader(count, field)
    var units: [UInt16] = []
    while 2 <= text.remainingCount { units.append(try text.uint16LittleEndian(field)) }
    return String(decoding: units.prefix { $0 != 0 }, as: UTF16.self)
  }

  fileprivate mutating func channelCreate() throws(DecodeError) -> GatewayPacket {
    let start = offset
    let count = Int(try uint8("numResources")) + Int(try uint8("numAltResources"))
    guard count <= GatewayPacket.maximumResources else {
      throw limitExceeded(
        "numResources",
        at: start,
        limit: GatewayPacket.maximumResources,
        found: count
      )
    }
    let port = try uint16LittleEndian("port")
    try skip(2, "protocol")
    var resources: [String] = []
    for _ in 0..<count { resources.append(try countedText("resource")) }
    return .channelCreate(resources: resources, port: port)
  }
}
