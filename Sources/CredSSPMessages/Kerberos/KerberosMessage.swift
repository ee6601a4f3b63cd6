package import Wire

/// A message of Kerberos 5, as far as it is not encrypted; tickets and proofs are passed over.
///
/// DER with an application tag that is also the message's type. RFC 4120 §5.4 to §5.9
package struct KerberosMessage: Hashable, Sendable {
  package let type: MessageType
  /// Who asks; a KDC's reply and an error repeat it.
  package private(set) var client: String?
  /// The realm of the client, or of the service in a request.
  package private(set) var realm: String?
  /// The service that is asked for, `TERMSRV/host`, or that of the ticket.
  package private(set) var service: String?
  /// Encryption types that the client takes, best first.
  package private(set) var offered: [EncryptionType] = []
  /// The encryption of the ticket, or of the reply without one.
  package private(set) var encryption: EncryptionType?
  /// What an error says; `nil` for the other messages.
  package private(set) var error: KerberosError?

  /// The type of a message (msg-type); unknown values are kept. RFC 4120 §7.5.7
  package struct MessageType: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let asRequest = Self(rawValue: 10)
    package static let asReply = Self(rawValue: 11)
    package static let tgsRequest = Self(rawValue: 12)
    package static let tgsReply = Self(rawValue: 13)
    package static let apRequest = Self(rawValue: 14)
    package static let apReply = Self(rawValue: 15)
    package static let tgtRequest = Self(rawValue: 16)
    package static let tgtReply = Self(rawValue: 17)
    package static let error = Self(rawValue: 30)

    /// The specification's name, or the number.
    package var name: String {
      switch self {
      case .asRequest: "AS-REQ"
      case .asReply: "AS-REP"
      case .tgsRequest: "TGS-REQ"
      case .tgsReply: "TGS-REP"
      case .apRequest: "AP-REQ"
      case .apReply: "AP-REP"
      case .tgtRequest: "TGT-REQ"
      case .tgtReply: "TGT-REP"
      case .error: "KRB-ERROR"
      default: "\(rawValue)"
      }
    }
  }

  /// Encryption types of one offer; Windows sends seven.
  package static let maximumEncryptionTypes = 32

  /// Decodes a message as it goes to a KDC and comes from one.
  ///
  /// - Parameter bytes: From the application tag on; what follows the message is ignored.
  /// - Throws: ``DecodeError`` if it is no such message, or breaks off.
  package init(_ bytes: ArraySlice<UInt8>) throws(DecodeError) {
    let root = try ASN1Element(parsing: bytes, "KRB message", layer: .kerberos)
    guard let tag = root.applicationTag else {
      throw root.invalid("KRB message", expected: "an application tag")
    }
    type = MessageType(rawValue: UInt32(truncatingIfNeeded: tag))
    try read(try root.only("KRB message"))
  }

  /// Decodes a message inside a GSS token, after the mechanism: TOK_ID 2, message. RFC 4121 §4.1
  init(gss bytes: ArraySlice<UInt8>) throws(DecodeError) {
    var reader = ByteReader(bytes, layer: .kerberos)
    let start = reader.offset
    let token = try reader.uint16BigEndian("TOK_ID")
    switch token {
    case 0x0100, 0x0200, 0x0300: try self.init(reader.remaining)
    // User-to-user: without an application tag (draft-swift-win2k-krb-user2user §3).
    case 0x0400, 0x0401: try self.init(userToUser: reader.remaining)
    default:
      throw reader.invalid("TOK_ID", at: start, expected: "a known token", found: token)
    }
  }

  private init(userToUser bytes: ArraySlice<UInt8>) throws(DecodeError) {
    let body = try ASN1Element(parsing: bytes, "KRB-TGT message", layer: .kerberos)
    let fields = try body.sequence("KRB-TGT message")
    type = MessageType(
      rawValue: try fields.required(1, "msg-type", in: body).unsigned32("msg-type")
    )
    if type == .tgtRequest {
      service = try fields.tagged(2, "server-name")?.principalName("server-name")
      realm = try fields.tagged(3, "realm")?.text("realm")
    } else if let ticket = try fields.tagged(2, "ticket") {
      try read(ticket: ticket)
    }
  }

  private mutating func read(_ body: ASN1Element) throws(DecodeError) {
    let fields = try body.sequence(fieldName)
    switch type {
    case .asRequest, .tgsRequest:
      try read(request: try fields.required(4, "req-body", in: body))
    case .asReply, .tgsReply:
      realm = try fields.tagged(3, "crealm")?.text("crealm")
      client = try fields.tagged(4, "cname")?.principalName("cname")
      try read(ticket: try fields.required(5, "ticket", in: body))
    case .apRequest:
      try read(ticket: try fields.required(3, "ticket", in: body))
    case .apReply:
      encryption = try fields.required(2, "enc-part", in: body).encryptionType("enc-part")
    case .error: try read(error: fields, in: body)
    default: break
    }
  }

  private var fieldName: StaticString { "KRB message" }

  /// KDC-REQ-BODY. RFC 4120 §5.4.1
  private mutating func read(request body: ASN1Element) throws(DecodeError) {
    let fields = try body.sequence("req-body")
    client = try fields.tagged(1, "cname")?.principalName("cname")
    realm = try fields.tagged(2, "realm")?.text("realm")
    service = try fields.tagged(3, "sname")?.principalName("sname")
    guard let types = try fields.tagged(8, "etype") else { return }
    let items = try types.sequence("etype")
    guard items.count <= Self.maximumEncryptionTypes else {
      throw DecodeError(
        layer: .kerberos,
        field: "etype",
        offset: types.offset,
        reason: .limitExceeded(limit: Self.maximumEncryptionTypes, found: items.count)
      )
    }
    for item in items {
      let number = Int32(truncatingIfNeeded: try item.integer("etype"))
      offered.append(EncryptionType(rawValue: number))
    }
  }

  /// Ticket. RFC 4120 §5.3
  private mutating func read(ticket element: ASN1Element) throws(DecodeError) {
    let body = try element.only("ticket")
    let fields = try body.sequence("ticket")
    if realm == nil { realm = try fields.tagged(1, "realm")?.text("realm") }
    service = try fields.tagged(2, "sname")?.principalName("sname")
    encryption = try fields.required(3, "enc-part", in: body).encryptionType("enc-part")
  }

  /// KRB-ERROR. RFC 4120 §5.9.1
  private mutating func read(
    error fields: [ASN1Element],
    in body: ASN1Element
  ) throws(DecodeError) {
    let code = try fields.required(6, "error-code", in: body).unsigned32("error-code")
    client = try fields.tagged(8, "cname")?.principalName("cname")
    realm = try fields.tagged(9, "realm")?.text("realm")
    service = try fields.tagged(10, "sname")?.principalName("sname")
    let data = try fields.tagged(12, "e-data")?.octetString("e-data")
    error = KerberosError(
      code: code,
      status: data.flatMap { KerberosError.status(inData: $0) },
      time: try fields.tagged(4, "stime").flatMap { element throws(DecodeError) in
        KerberosError.time(try element.contents("stime"))
      }
    )
  }
}

extension ASN1Element {
  /// PrincipalName: its parts with a slash between. RFC 4120 §5.2.2
  fileprivate func principalName(_ field: StaticString) throws(DecodeError) -> String {
    let parts = try sequence(field).required(1, field, in: self).sequence(field)
    // Kerberos names have one part, or two.
    guard parts.count <= 8 else { throw invalid(field, expected: "at most 8 parts") }
    var names: [String] = []
    for part in parts { names.append(try part.text(field)) }
    return names.joined(separator: "/")
  }

  /// EncryptedData: the type; what is encrypted can be guessed at, and is not shown. RFC 4120 §5.2.9
  fileprivate func encryptionType(_ field: StaticString) throws(DecodeError) -> EncryptionType {
    let fields = try sequence(field)
    let type = try fields.required(0, "etype", in: self).integer("etype")
    _ = try fields.required(2, "cipher", in: self).secretByteCount("cipher")
    return EncryptionType(rawValue: Int32(truncatingIfNeeded: type))
  }
}
