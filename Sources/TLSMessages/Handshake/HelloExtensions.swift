package import Wire

/// The extensions of a hello, those decoded that tell something. RFC 8446 §4.2
package struct HelloExtensions: Hashable, Sendable {
  /// Extension types in the order in which they were sent.
  package private(set) var types: [UInt16] = []
  package private(set) var serverName: String?
  package private(set) var alpn: [String] = []
  package private(set) var supportedVersions: [TLSVersion] = []
  package private(set) var supportedGroups: [UInt16] = []
  package private(set) var signatureAlgorithms: [UInt16] = []
  package private(set) var pointFormats: [UInt8] = []
  /// Extensions that could not be decoded; the others stand.
  package private(set) var problems: [DecodeError] = []

  /// Extensions taken from one hello: the registry has fewer types.
  static let maximumCount = 256
  static let preSharedKey: UInt16 = 41

  enum Hello { case clientHello, serverHello }

  init(decoding reader: inout ByteReader, of hello: Hello) throws(DecodeError) {
    guard !reader.isAtEnd else { return }
    var list = try reader.vector16("extensions")
    while !list.isAtEnd {
      guard types.count < Self.maximumCount else {
        throw list.limitExceeded(
          "extensions",
          at: list.offset,
          limit: Self.maximumCount,
          found: types.count + 1
        )
      }
      let type = try list.uint16BigEndian("extension_type")
      var body = try list.vector16("extension_data")
      types.append(type)
      do throws(DecodeError) {
        try take(type, &body, of: hello)
      } catch {
        problems.append(error)
      }
    }
  }

  private mutating func take(
    _ type: UInt16,
    _ body: inout ByteReader,
    of hello: Hello
  ) throws(DecodeError) {
    switch type {
    case 0 where hello == .clientHello: serverName = try Self.serverName(&body)
    case 10:
      var list = try body.vector16("named_group_list")
      supportedGroups = try list.values16("group")
    case 11: pointFormats = Array(try body.vector8("ec_point_format_list").remaining)
    case 13:
      var list = try body.vector16("supported_signature_algorithms")
      signatureAlgorithms = try list.values16("algorithm")
    case 16:
      var list = try body.vector16("protocol_name_list")
      while !list.isAtEnd {
        alpn.append(String(decoding: try list.vector8("ProtocolName").remaining, as: UTF8.self))
      }
    case 43 where hello == .clientHello:
      var list = try body.vector8("versions")
      supportedVersions = try list.values16("version").map { TLSVersion(rawValue: $0) }
    case 43:
      supportedVersions = [TLSVersion(rawValue: try body.uint16BigEndian("selected_version"))]
    default: break
    }
  }

  /// RFC 6066 §3: a list of names, of which only host names exist.
  private static func serverName(_ body: inout ByteReader) throws(DecodeError) -> String? {
    guard !body.isAtEnd else { return nil }
    var list = try body.vector16("server_name_list")
    while !list.isAtEnd {
      let type = try list.uint8("name_type")
      let name = try list.vector16("HostName").remaining
      if type == 0 { return String(decoding: name, as: UTF8.self) }
    }
    return nil
  }
}
