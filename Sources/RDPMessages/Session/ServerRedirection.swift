package import Wire

/// Server Redirection: the client is sent to another host or session; its password and cookies are
/// passed over.
///
/// Little-endian: Flags 2 (0x0400), Length 2, SessionID 4, RedirFlags 4, and for each bit of it a
/// length 4 and the field. [MS-RDPBCGR] 2.2.13.1
package struct ServerRedirection: WireDecodable, Hashable {
  package let sessionID: UInt32
  package let flags: UInt32
  /// The address to go to; `nil` where only a name or a token is given.
  package private(set) var targetAddress: String?
  package private(set) var targetName: String?
  package private(set) var targetFQDN: String?
  /// Octets of the token that a balancer reads.
  package private(set) var loadBalanceByteCount: Int?
  package private(set) var user: String?
  package private(set) var domain: String?
  /// Whether the packet brings a password, in whatever form.
  package private(set) var hasPassword = false
  /// Further addresses of the target.
  package private(set) var addresses: [String] = []

  /// Octets of a redirection that are looked at: the addresses and names of the target with a
  /// certificate, many times over.
  package static let maximumByteCount = 1 << 16
  /// Addresses kept of one target.
  package static let maximumAddresses = 16

  /// What the bits of RedirFlags announce, in the order of the fields.
  private enum Field: UInt32, CaseIterable {
    case targetAddress = 0x0001
    case loadBalance = 0x0002
    case user = 0x0004
    case domain = 0x0008
    case password = 0x0010
    case targetFQDN = 0x0100
    case targetName = 0x0200
    case addresses = 0x0800
    case tsvURL = 0x1000
    case guid = 0x8000
    case certificate = 0x1_0000
  }

  /// Whether the client has to log on again, and without a new target (LB_NOREDIRECT).
  package var staysHere: Bool { flags & 0x80 != 0 }

  /// The order of the fields in the packet. [MS-RDPBCGR] 2.2.13.1
  private static let order: [Field] = [
    .targetAddress, .loadBalance, .user, .domain, .password, .targetFQDN, .targetName, .tsvURL,
    .guid, .certificate, .addresses,
  ]

  /// Decodes the packet.
  ///
  /// - Parameter reader: At `Flags`.
  /// - Throws: ``DecodeError`` if a field breaks off, or the packet is longer than any is.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    guard reader.remainingCount <= Self.maximumByteCount else {
      throw reader.limitExceeded(
        "Length",
        at: reader.offset,
        limit: Self.maximumByteCount,
        found: reader.remainingCount
      )
    }
    try reader.skip(2, "Flags")
    try reader.skip(2, "Length")
    sessionID = try reader.uint32LittleEndian("SessionID")
    flags = try reader.uint32LittleEndian("RedirFlags")
    for field in Self.order where flags & field.rawValue != 0 {
      let byteCount = Int(try reader.uint32LittleEndian("length of a field"))
      try take(field, byteCount, &reader)
    }
  }

  private mutating func take(
    _ field: Field,
    _ byteCount: Int,
    _ reader: inout ByteReader
  ) throws(DecodeError) {
    switch field {
    case .targetAddress:
      targetAddress = try reader.text(byteCount, isUnicode: true, "TargetNetAddress")
    case .loadBalance:
      try reader.skip(byteCount, "LoadBalanceInfo")
      loadBalanceByteCount = byteCount
    case .user: user = try reader.text(byteCount, isUnicode: true, "UserName")
    case .domain: domain = try reader.text(byteCount, isUnicode: true, "Domain")
    case .password:
      try reader.skipSecret(byteCount, "Password")
      hasPassword = byteCount != 0
    case .targetFQDN: targetFQDN = try reader.text(byteCount, isUnicode: true, "TargetFQDN")
    case .targetName:
      targetName = try reader.text(byteCount, isUnicode: true, "TargetNetBiosName")
    case .addresses:
      var list = try reader.subReader(byteCount, "TargetNetAddresses")
      try takeAddresses(&list)
    case .tsvURL: try reader.skip(byteCount, "TsvUrl")
    case .guid: try reader.skipSecret(byteCount, "RedirectionGuid")
    case .certificate: try reader.skip(byteCount, "TargetCertificate")
    }
  }

  /// addressCount 4, then addressLength 4 and address each. [MS-RDPBCGR] 2.2.13.1.1
  private mutating func takeAddresses(_ list: inout ByteReader) throws(DecodeError) {
    let start = list.offset
    let count = Int(try list.uint32LittleEndian("addressCount"))
    guard count <= Self.maximumAddresses else {
      throw list.limitExceeded(
        "addressCount",
        at: start,
        limit: Self.maximumAddresses,
        found: count
      )
    }
    for _ in 0..<count {
      let byteCount = Int(try list.uint32LittleEndian("addressLength"))
      addresses.append(try list.text(byteCount, isUnicode: true, "address"))
    }
  }

  /// Where the client is sent, as far as it is told.
  package var target: String? {
    [targetFQDN, targetName, targetAddress].compactMap(\.self).first { !$0.isEmpty }
      ?? addresses.first
  }
}
