import RDPMessages
import Streams
import TLSMessages
import Wire

// The security layer of an RDP-UDP connection, and the tunnel inside of it. [MS-RDPEMT] 1.3
extension StreamDecoder {
  /// Takes a record of DTLS.
  ///
  /// - Parameters:
  ///   - record: The record.
  ///   - messages: The handshake messages that it completes.
  ///   - side: Who sent it.
  ///   - moment: When.
  func take(
    _ record: DTLSRecord,
    _ messages: [HandshakeMessage],
    from side: Side,
    at moment: Moment
  ) {
    guard
      let header = TLSRecordHeader(
        plausible: record.type.rawValue,
        3,
        3,
        UInt8(truncatingIfNeeded: record.fragment.count >> 8),
        UInt8(truncatingIfNeeded: record.fragment.count)
      )
    else { return }
    guard record.epoch == 0, record.type != .applicationData else {
      noteRecord(header, from: side, at: moment)
      return
    }
    noteFirstRecord(header, from: side, at: moment)
    switch record.type {
    case .alert: handle(alert: record.fragment, from: side, at: moment)
    case .handshake:
      for message in messages {
        switch side {
        case .client: note(message, from: side, state: &client, at: moment)
        case .server: note(message, from: side, state: &server, at: moment)
        }
      }
    default: break
    }
  }

  /// Takes a record of the tunnel: once both sides have sent one, the tunnel stands.
  ///
  /// The client's first asks for it and the server's first answers ([MS-RDPEMT] 1.3.1); in TLS 1.3 the
  /// records before the client's Finished are still the handshake's.
  func noteTunnelRecord(_ header: TLSRecordHeader, from side: Side, at moment: Moment) {
    if isTLS13, facts.tls.clientFinished == nil {
      noteEncryptedHandshake(plaintextLength(of: header), from: side, at: moment)
      return
    }
    facts.encrypted.count(header.length, from: side, at: moment)
    if 0 < facts.encrypted.clientRecords, 0 < facts.encrypted.serverRecords {
      facts.enter(.session, at: moment, .inferred)
    }
  }

  /// Takes decrypted octets of the tunnel: its creation and its answer come in a record each.
  func observe(tunnel octets: ArraySlice<UInt8>, from side: Side, at moment: Moment) {
    guard facts.deepest < .session else { return }
    var reader = ByteReader(octets, layer: .multitransport)
    do throws(DecodeError) {
      switch try TunnelPDU(decoding: &reader) {
      case .createRequest(let requestID):
        facts.tunnelRequest = located(requestID, from: side, at: moment)
      case .createResponse(let result):
        facts.tunnelResponse = located(result, from: side, at: moment)
        if result == 0 { facts.enter(.session, at: moment, reading) }
      case .data: facts.enter(.session, at: moment, reading)
      }
    } catch {
      facts.keep(error, from: side, at: moment)
    }
  }
}
