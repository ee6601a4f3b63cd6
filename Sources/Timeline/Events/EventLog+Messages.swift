import RDPMessages
import Streams
import TLSMessages
import Wire

extension EventLog {
  /// Takes a PDU outside TLS, or decrypted, of which the beginning is here.
  func note(
    rdp bytes: ArraySlice<UInt8>,
    byteCount: Int,
    from side: Side,
    at moment: Moment,
    in phase: Phase
  ) {
    guard bytes.first == 3 else {
      note(.fastPath(count: 1, byteCount: byteCount), from: side, at: moment, in: phase)
      return
    }
    // What cannot be decoded is among the connection's errors.
    // Inside TLS a security header comes only before the capabilities ([MS-RDPBCGR] 2.2.8.1.1.2).
    let hasSecurityHeader = reading == .clear || phase < .capabilities
    guard let content = Self.content(rdp: bytes, hasSecurityHeader) else { return }
    note(content, from: side, at: moment, in: phase, octets: bytes) { octets in
      _ = Self.content(rdp: octets, hasSecurityHeader)
    }
  }

  /// The innermost message of a TPKT that tells something.
  private static func content(
    rdp bytes: ArraySlice<UInt8>,
    _ hasSecurityHeader: Bool
  ) -> Event.Content? {
    guard let tpdu = try? X224TPDU(tpkt: bytes) else { return nil }
    guard case .data(let userData) = tpdu, let pdu = try? MCSPDU(userData) else {
      return .x224(tpdu)
    }
    switch pdu {
    case .connectInitial(let octets):
      var reader = ByteReader(octets, layer: .mcs)
      _ = try? MCSConnectInitial(decoding: &reader)
    case .connectResponse(let octets):
      var reader = ByteReader(octets, layer: .mcs)
      _ = try? MCSConnectResponse(decoding: &reader)
    case .sendData(_, let byteCount, let data):
      var reader = ByteReader(data, layer: .rdp)
      if let share = try? SharePDU(decoding: &reader, byteCount: byteCount) { return .share(share) }
      reader = ByteReader(data, layer: .rdp)
      if hasSecurityHeader, let header = try? SecurityHeader(decoding: &reader) {
        return .security(header)
      }
    default: break
    }
    return .mcs(pdu)
  }

  /// Takes a handshake message; its body is `nil` when it could not be decoded.
  func note(
    _ message: HandshakeMessage,
    _ body: HandshakeBody?,
    agreement: HandshakeBody.Agreement,
    from side: Side,
    at moment: Moment,
    in phase: Phase
  ) {
    note(
      .handshake(message.type, body),
      from: side,
      at: moment,
      in: phase,
      octets: message.body
    ) { octets in
      let copy = HandshakeMessage(type: message.type, body: octets)
      _ = try? HandshakeBody(copy, agreement: agreement)
    }
  }

  /// Takes the header of an encrypted record.
  func note(
    record header: TLSRecordHeader,
    plaintext: ClosedRange<Int>,
    from side: Side,
    at moment: Moment,
    before: Phase,
    in phase: Phase
  ) {
    guard header.type != .alert else {
      note(.alert(nil), from: side, at: moment, in: phase)
      return
    }
    let likely = RecordShape.likely(plaintext, from: side, before: before, after: phase)
    note(
      .records(header.type, count: 1, byteCount: header.length, likely: likely),
      from: side,
      at: moment,
      in: phase
    )
  }
}
