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
    in phase: Phase,
    _ channels: ChannelMap
  ) {
    guard bytes.first == 3 else {
      note(.fastPath(count: 1, byteCount: byteCount), from: side, at: moment, in: phase)
      return
    }
    // What cannot be decoded is among the connection's errors.
    guard let content = Self.content(rdp: bytes, from: side, channels) else { return }
    note(content, from: side, at: moment, in: phase, octets: bytes) { octets in
      _ = Self.content(rdp: octets, from: side, channels)
    }
  }

  /// The innermost message of a TPKT that tells something.
  private static func content(
    rdp bytes: ArraySlice<UInt8>,
    from side: Side,
    _ channels: ChannelMap
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
    case .sendData(let channelID, let byteCount, let data):
      return session(
        data,
        byteCount: byteCount,
        from: .init(channelID: channelID, isFromClient: side == .client, channels: channels)
      ) ?? .mcs(pdu)
    default: break
    }
    return .mcs(pdu)
  }

  private static func session(
    _ data: ArraySlice<UInt8>,
    byteCount: Int,
    from origin: SessionMessage.Origin
  ) -> Event.Content? {
    var problems: [DecodeError] = []
    let decoded = try? SessionMessage(
      data,
      byteCount: byteCount,
      from: origin,
      problems: &problems
    )
    switch decoded {
    case .channelData(let name, _): return .channelData(name: name, count: 1, byteCount: byteCount)
    case .dynamicChannel(.data(let id, let byteCount)):
      return .dynamicChannelData(id: id, count: 1, byteCount: byteCount)
    case .share(.data(let type)): return .dataPDUs(type, count: 1, byteCount: byteCount)
    case .encrypted(let header) where header.flags.isDisjoint(with: [.exchange, .info, .license]):
      return .encryptedPDUs(count: 1, byteCount: byteCount)
    case .other, nil: return nil
    case let message?: return .session(message)
    }
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
  ///
  /// TLS 1.3 sends what is left of its handshake, and its alerts, in records of data (RFC 8446 §5.2).
  func note(
    record header: TLSRecordHeader,
    plaintext: ClosedRange<Int>,
    isTLS13: Bool,
    isHandshake: Bool,
    hasAttached: Bool,
    from side: Side,
    at moment: Moment,
    before: Phase,
    in phase: Phase
  ) {
    guard header.type != .changeCipherSpec else {
      note(.changeCipherSpec, from: side, at: moment, in: phase)
      return
    }
    guard header.type != .alert, !isTLS13 || plaintext != RecordShape.alert.lengths else {
      note(.alert(nil), from: side, at: moment, in: phase)
      return
    }
    let likely = RecordShape.likely(
      plaintext,
      from: side,
      before: before,
      after: phase,
      hasAttached: hasAttached
    )
    note(
      .records(
        isHandshake ? .handshake : header.type,
        count: 1,
        byteCount: header.length,
        likely: likely
      ),
      from: side,
      at: moment,
      in: phase
    )
  }
}
