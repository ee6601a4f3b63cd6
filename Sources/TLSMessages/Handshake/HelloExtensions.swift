package import Wire

/// The extensions of a hello, those decoded that tell something.
///
/// RFC 8446 §4.2
package struct HelloExtensions: Hashable, Sendable {
  /// Extensions taken from one hello: the registry has fewer types.
  package static let maximumCount = 256

  /// Extension types in the order in which they were sent.
  package private(set) var types: [ExtensionType] = []
  /// The host name asked for (server_name); `nil` without one.
  package private(set) var serverName: String?
  /// Application protocols, as offered or the one chosen.
  package private(set) var alpn: [String] = []
  /// Versions, as offered (GREASE among them) or the one chosen.
  package private(set) var supportedVersions: [TLSVersion] = []
  /// Groups of the key exchange that are offered, GREASE among them.
  package private(set) var supportedGroups: [NamedGroup] = []
  /// Groups for which a key was sent; in a HelloRetryRequest the one asked for.
  package private(set) var keyShareGroups: [NamedGroup] = []
  /// Signature algorithms that are offered, in order of preference.
  package private(set) var signatureAlgorithms: [SignatureScheme] = []
  /// Forms of elliptic curve points, by number.
  package private(set) var pointFormats: [UInt8] = []
  /// The session ticket that was sent; `nil` without the extension, empty where a client only says
  /// that it takes tickets. RFC 5077 §3.2
  package private(set) var sessionTicket: [UInt8]?
  /// Extensions that could not be decoded; the others stand.
  package private(set) var problems: [DecodeError] = []

  enum Hello { case clientHello, serverHello }

  /// Whether there is an extension of this type.
  package func contains(_ type: ExtensionType) -> Bool { types.contains(type) }

  init() {}

  /// Decodes the list and its length; no octets are no extensions.
  ///
  /// A list that breaks off, or goes on too long, leaves what was read and a problem.
  init(decoding reader: inout ByteReader, of hello: Hello) throws(DecodeError) {
    guard !reader.isAtEnd else { return }
    var list = try reader.vector16("extensions")
    do throws(DecodeError) {
      try takeAll(&list, of: hello)
    } catch {
      problems.append(error)
    }
  }

  private mutating func takeAll(
    _ list: inout ByteReader,
    of hello: Hello
  ) throws(DecodeError) {
    while !list.isAtEnd {
      guard types.count < Self.maximumCount else {
        throw list.limitExceeded(
          "extensions",
          at: list.offset,
          limit: Self.maximumCount,
          found: types.count + 1
        )
      }
      let type = ExtensionType(rawValue: try list.uint16BigEndian("extension_type"))
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
    _ type: ExtensionType,
    _ body: inout ByteReader,
    of hello: Hello
  ) throws(DecodeError) {
    switch type {
    case .serverName where hello == .clientHello: serverName = try Self.serverName(&body)
    case .supportedGroups:
      var list = try body.vector16("named_group_list")
      supportedGroups = try list.values16("NamedGroup").map { NamedGroup(rawValue: $0) }
    case .pointFormats: pointFormats = Array(try body.vector8("ec_point_format_list").remaining)
    case .signatureAlgorithms:
      var list = try body.vector16("supported_signature_algorithms")
      signatureAlgorithms = try list.values16("SignatureScheme").map {
        SignatureScheme(rawValue: $0)
      }
    case .alpn:
      var list = try body.vector16("protocol_name_list")
      while !list.isAtEnd {
        alpn.append(String(decoding: try list.vector8("ProtocolName").remaining, as: UTF8.self))
      }
    case .sessionTicket: sessionTicket = Array(body.remaining)
    case .supportedVersions: try takeVersions(&body, of: hello)
    case .keyShare: try takeKeyShares(&body, of: hello)
    default: break
    }
  }

  private mutating func takeVersions(
    _ body: inout ByteReader,
    of hello: Hello
  ) throws(DecodeError) {
    guard hello == .clientHello else {
      supportedVersions = [TLSVersion(rawValue: try body.uint16BigEndian("selected_version"))]
      return
    }
    var list = try body.vector8("versions")
    supportedVersions = try list.values16("ProtocolVersion").map { TLSVersion(rawValue: $0) }
  }

  /// RFC 8446 §4.2.8: a list from the client; one group and its key from the server, the group
  /// alone in a HelloRetryRequest.
  private mutating func takeKeyShares(
    _ body: inout ByteReader,
    of hello: Hello
  ) throws(DecodeError) {
    guard hello == .clientHello else {
      keyShareGroups = [NamedGroup(rawValue: try body.uint16BigEndian("group"))]
      return
    }
    var list = try body.vector16("client_shares")
    while !list.isAtEnd {
      keyShareGroups.append(NamedGroup(rawValue: try list.uint16BigEndian("group")))
      _ = try list.vector16("key_exchange")
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
