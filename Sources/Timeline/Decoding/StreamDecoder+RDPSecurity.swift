import Decryption
import RDPMessages
import Streams
import Wire

// Standard RDP security with the server's key: what it encrypts is read. [MS-RDPBCGR] 5.3
extension StreamDecoder {
  /// Whether every octet of a side's PDUs is wanted: the key stream goes through all of them.
  func decryptsPDUs(from side: Side) -> Bool {
    switch side {
    case .client: clientSecurity != nil
    case .server: serverSecurity != nil
    }
  }

  /// Derives the keys, once the client has sent its random.
  func beginRDPSecurity(_ exchange: SecurityExchange, at moment: Moment) {
    guard !keys.serverKeys.isEmpty,
      let security = facts.mcs.connectResponse?.message.blocks.security
    else { return }
    guard let session = RDPSessionKeys(exchange, security, ring: keys) else {
      facts.mcs.decryption.note(.wrongRSAKey, at: moment)
      return
    }
    clientSecurity = RDPSecurityOpener(session, isClient: true)
    serverSecurity = RDPSecurityOpener(session, isClient: false)
  }

  /// Takes what an MCS Send Data PDU carries, if it is encrypted and the key is there.
  ///
  /// - Returns: Whether it was.
  func noteSecured(
    _ data: ArraySlice<UInt8>,
    channelID: UInt16,
    from side: Side,
    at moment: Moment
  ) -> Bool {
    guard decryptsPDUs(from: side) else { return false }
    var reader = ByteReader(data, layer: .rdp, boundedBy: .lengthField(.mcs))
    guard let header = try? SecurityHeader(decoding: &reader), header.flags.contains(.encrypted)
    else { return false }
    let isSalted = header.flags.contains(.secureChecksum)
    guard let plaintext = open(reader.remaining, isSalted: isSalted, from: side, at: moment) else {
      return false
    }
    reading = .decrypted
    defer { reading = outerReading }
    note(decrypted: plaintext, after: header, channelID: channelID, from: side, at: moment)
    return true
  }

  /// Opens a fast-path PDU: header 1 with the flags in its high two bits, length 1 or 2.
  ///
  /// [MS-RDPBCGR] 2.2.8.1.2, 2.2.9.1.2
  func openFastPath(_ octets: ArraySlice<UInt8>, from side: Side, at moment: Moment) {
    guard decryptsPDUs(from: side) else { return }
    var reader = ByteReader(octets, layer: .rdp, boundedBy: .lengthField(.rdp))
    guard let header = try? reader.uint8("fpOutputHeader"), header & 0x80 != 0,
      let length = try? reader.uint8("length1")
    else { return }
    if length & 0x80 != 0, (try? reader.skip(1, "length2")) == nil { return }
    _ = open(reader.remaining, isSalted: header & 0x40 != 0, from: side, at: moment)
  }

  private func open(
    _ octets: ArraySlice<UInt8>,
    isSalted: Bool,
    from side: Side,
    at moment: Moment
  ) -> ArraySlice<UInt8>? {
    var opener = side == .client ? clientSecurity : serverSecurity
    defer { if side == .client { clientSecurity = opener } else { serverSecurity = opener } }
    do throws(DecodeError) {
      let plaintext = try opener?.open(octets, isSalted: isSalted)
      if let plaintext { facts.mcs.decryption.count(plaintext.count, from: side) }
      return plaintext
    } catch {
      facts.mcs.decryption.failedRecords += 1
      if opener?.openedCount == 0 {
        facts.mcs.decryption.note(.wrongRSAKey, at: moment)
        opener = nil
      } else {
        facts.keep(error, from: side, at: moment)
      }
      return nil
    }
  }

  /// Shows a PDU in the ladder, unless it was shown as it was decrypted.
  func logPDU(_ octets: ArraySlice<UInt8>, byteCount: Int, from side: Side, at moment: Moment) {
    guard !isPDULogged else { return }
    log?.note(
      rdp: octets,
      byteCount: byteCount,
      from: side,
      at: moment,
      in: facts.deepest,
      channels
    )
  }
}

extension SecurityHeader.Flags {
  /// The signature includes the packet's number (SEC_SECURE_CHECKSUM).
  fileprivate static let secureChecksum = Self(rawValue: 0x0800)
}
