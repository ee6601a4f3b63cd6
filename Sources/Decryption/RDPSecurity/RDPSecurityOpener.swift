import Crypto
package import Wire

/// Decrypts one direction's PDUs under standard RDP security, in order.
///
/// [MS-RDPBCGR] 5.3.6, 5.3.7
package struct RDPSecurityOpener: Sendable {
  /// Packets under one RC4 key.
  private static let updateInterval = 4096
  /// Octets of the signature before the data.
  private static let signatureByteCount = 8

  private let method: RDPSessionKeys.Method
  private let macKey: [UInt8]
  private let initialKey: [UInt8]
  private var key: [UInt8]
  private var cipher: RC4
  private let tripleDES: TripleDES?
  /// What the next block of Triple DES is mixed with.
  private var chain: [UInt8] = [0x12, 0x34, 0x56, 0x78, 0x90, 0xAB, 0xCD, 0xEF]
  /// Packets under these keys so far.
  private var count: UInt32 = 0
  /// PDUs that were opened and proved authentic.
  package private(set) var openedCount = 0

  /// An opener of what the client or the server sends.
  package init(_ keys: RDPSessionKeys, isClient: Bool) {
    method = keys.method
    macKey = keys.mac
    initialKey = isClient ? keys.client : keys.server
    key = initialKey
    cipher = RC4(key: initialKey)
    tripleDES = keys.method == .fips ? TripleDES(key: initialKey) : nil
  }

  /// Opens a PDU.
  ///
  /// - Parameters:
  ///   - octets: What follows the security header's flags, or the fast path's length: for FIPS four
  ///     octets with the padding's length, the signature, the encrypted data.
  ///   - isSalted: Whether the signature includes the number of the packet (SEC_SECURE_CHECKSUM).
  /// - Returns: The data.
  /// - Throws: ``DecodeError`` where the data breaks off, or its signature does not fit.
  package mutating func open(
    _ octets: ArraySlice<UInt8>,
    isSalted: Bool
  ) throws(DecodeError) -> ArraySlice<UInt8> {
    var reader = ByteReader(octets, layer: .rdp, boundedBy: .lengthField(.mcs))
    var paddingByteCount = 0
    if method == .fips {
      try reader.skip(3, "length and version")
      paddingByteCount = Int(try reader.uint8("padlen"))
    }
    let signatureOffset = reader.offset
    let signature = try reader.bytes(Self.signatureByteCount, "dataSignature")
    let data = try decrypt(&reader).dropLast(paddingByteCount)
    defer { count &+= 1 }
    guard Array(signature) == code(Array(data), isSalted: isSalted) else {
      throw DecodeError(
        layer: .rdp,
        field: "dataSignature",
        offset: signatureOffset,
        reason: .foreign("the data is not authentic under the key"),
        section: "[MS-RDPBCGR] 5.3.6"
      )
    }
    openedCount += 1
    return data
  }

  private mutating func decrypt(_ reader: inout ByteReader) throws(DecodeError) -> ArraySlice<UInt8>
  {
    guard let tripleDES else {
      if 0 < count, count.isMultiple(of: UInt32(Self.updateInterval)) {
        key = RDPSessionKeys.updated(key, initial: initialKey, method)
        cipher = RC4(key: key)
      }
      var data = Array(reader.remaining)
      cipher.apply(to: &data)
      return data[...]
    }
    let encrypted = reader.remaining
    guard !encrypted.isEmpty, encrypted.count.isMultiple(of: TripleDES.blockByteCount) else {
      throw reader.invalid(
        "encryptedData",
        at: reader.offset,
        expected: "a multiple of 8",
        found: encrypted.count
      )
    }
    defer { chain = Array(encrypted.suffix(TripleDES.blockByteCount)) }
    return tripleDES.decrypt(encrypted, iv: chain[...])[...]
  }

  private func code(_ data: [UInt8], isSalted: Bool) -> [UInt8] {
    let number = count.littleEndianOctets
    if method == .fips {
      let code = HashAlgorithm.sha1.hmac(data[...], number[...], key: SymmetricKey(data: macKey))
      return Array(code.prefix(Self.signatureByteCount))
    }
    let inner = HashAlgorithm.sha1.hash(
      macKey[...],
      RDPSessionKeys.pad1[...],
      UInt32(truncatingIfNeeded: data.count).littleEndianOctets[...],
      data[...],
      isSalted ? number[...] : []
    )
    let code = HashAlgorithm.md5.hash(macKey[...], RDPSessionKeys.pad2[...], inner[...])
    return Array(code.prefix(Self.signatureByteCount))
  }
}

extension UInt32 {
  /// Four octets, least significant first.
  fileprivate var littleEndianOctets: [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: self >> (8 * UInt32($0))) }
  }
}
