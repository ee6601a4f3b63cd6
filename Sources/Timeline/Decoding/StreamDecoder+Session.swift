import RDPMessages
import Streams
import Wire

// What MCS Send Data PDUs carry.
extension StreamDecoder {
  /// Takes a PDU as it comes: read, or told by the flags of its security header where RDP's own
  /// encryption hides it. [MS-RDPBCGR] 1.3.1.1
  func note(
    sessionData data: ArraySlice<UInt8>,
    byteCount: Int,
    channelID: UInt16,
    from side: Side,
    at moment: Moment
  ) {
    if noteSecured(data, channelID: channelID, from: side, at: moment) { return }
    var problems: [DecodeError] = []
    do throws(DecodeError) {
      let message = try SessionMessage(
        data,
        byteCount: byteCount,
        from: origin(of: channelID, from: side),
        problems: &problems
      )
      note(message, from: side, at: moment)
    } catch {
      // Of a session's bulk only the beginning is here, and what follows a gap may be anything.
      let isReliable = facts.deepest < .session || reading == .decrypted
      if data.count == byteCount, isReliable { problems.append(error) }
    }
    for problem in problems { facts.keep(problem, from: side, at: moment) }
  }

  /// Takes what stands after a security header and was encrypted.
  func note(
    decrypted octets: ArraySlice<UInt8>,
    after header: SecurityHeader,
    channelID: UInt16,
    from side: Side,
    at moment: Moment
  ) {
    var problems: [DecodeError] = []
    let origin = origin(of: channelID, from: side)
    do throws(DecodeError) {
      var reader = ByteReader(octets, layer: .rdp)
      let message = try SessionMessage(
        after: header,
        &reader,
        byteCount: octets.count,
        from: origin,
        problems: &problems
      )
      note(message, from: side, at: moment)
      isPDULogged = true
      log?.note(
        .session(message),
        from: side,
        at: moment,
        in: facts.deepest,
        octets: octets
      ) {
        var reader = ByteReader($0, layer: .rdp)
        var ignored: [DecodeError] = []
        _ = try? SessionMessage(
          after: header,
          &reader,
          byteCount: $0.count,
          from: origin,
          problems: &ignored
        )
      }
    } catch {
      problems.append(error)
    }
    for problem in problems { facts.keep(problem, from: side, at: moment) }
  }

  func origin(of channelID: UInt16, from side: Side) -> SessionMessage.Origin {
    SessionMessage.Origin(
      channelID: channelID,
      isFromClient: side == .client,
      channels: channels
    )
  }

  private func note(_ message: SessionMessage, from side: Side, at moment: Moment) {
    switch message {
    case .share(let pdu): note(pdu, from: side, at: moment)
    case .securityExchange(let exchange):
      facts.mcs.securityExchange = located(exchange, from: side, at: moment)
      facts.enter(.security, at: moment, reading)
      beginRDPSecurity(exchange, at: moment)
    case .clientInfo(let info):
      facts.session.clientInfo = located(info, from: side, at: moment)
      enterLicensing(at: moment)
    case .licensing(let message):
      facts.enter(.licensing, at: moment, reading)
      guard facts.mcs.licensing.count < MCSFacts.maximumLicensingMessages else { return }
      facts.mcs.licensing.append(located(message, from: side, at: moment))
    case .redirection(let packet):
      facts.session.redirection = located(packet, from: side, at: moment)
    case .messageChannel(let pdu): note(pdu, from: side, at: moment)
    // A channel's data is only measured, in the ladder.
    case .dynamicChannel(.data), .channelData, .other: break
    case .dynamicChannel(let pdu): facts.session.note(pdu, located: (moment, side, reading))
    case .encrypted(let header): follow(header, from: side, at: moment)
    }
  }

  /// The Client Info PDU was sent.
  private func enterLicensing(at moment: Moment) {
    // Inside TLS there is no security exchange, and this PDU alone has the header.
    if facts.tls.firstRecord == nil { facts.enter(.security, at: moment, reading) }
    facts.enter(.licensing, at: moment, reading)
  }

  /// Follows the connection by the headers of what is encrypted.
  private func follow(_ header: SecurityHeader, from side: Side, at moment: Moment) {
    guard facts.deepest < .session else { return }
    if header.flags.contains(.info), side == .client {
      enterLicensing(at: moment)
    } else if header.flags.contains(.license) {
      facts.enter(.licensing, at: moment, reading)
    } else if side == .server, facts.deepest == .licensing {
      facts.enter(.capabilities, at: moment, reading)
      serverPDUsSinceDemandActive = 0
    } else if side == .server, facts.deepest == .capabilities {
      serverPDUsSinceDemandActive += 1
      // Synchronize, two Controls and the Font Map answer the client's; what follows is the
      // session.
      if serverPDUsSinceDemandActive > 4 { facts.enter(.session, at: moment, reading) }
    }
  }

  private func note(_ pdu: SharePDU, from side: Side, at moment: Moment) {
    switch pdu {
    case .demandActive(let exchange):
      facts.enter(.capabilities, at: moment, reading)
      facts.session.serverCapabilities = exchange.map { located($0, from: side, at: moment) }
    case .confirmActive(let exchange):
      facts.enter(.capabilities, at: moment, reading)
      facts.session.clientCapabilities = exchange.map { located($0, from: side, at: moment) }
    // The Font Map ends the finalization ([MS-RDPBCGR] 1.3.1.1).
    case .fontMap where side == .server: facts.enter(.session, at: moment, reading)
    case .setErrorInfo(let info) where side == .server && info.rawValue != 0:
      facts.errorInfo = located(info, from: side, at: moment)
    case .saveSessionInfo(let info) where side == .server: note(info, from: side, at: moment)
    case .serverRedirection(let packet?):
      facts.session.redirection = located(packet, from: side, at: moment)
    case .shutdownRequest: facts.session.shutdownRequest = moment
    case .shutdownDenied: facts.session.shutdownDenied = moment
    case .autoReconnectStatus: facts.session.autoReconnectRefused = moment
    case .statusInfo(let info): facts.session.statusInfo = located(info, from: side, at: moment)
    default: break
    }
  }

  private func note(_ info: SaveSessionInfo?, from side: Side, at moment: Moment) {
    // Without its contents the PDU tells that there is a session all the same.
    if info?.isLogon != false, facts.loggedOn == nil { facts.loggedOn = moment }
    guard let info else { return }
    if info.isLogon, facts.session.logon == nil {
      facts.session.logon = located(info, from: side, at: moment)
    }
    if case .extended(let extended) = info, let error = extended.error,
      facts.session.logonErrors.count < SessionFacts.maximumLogonErrors
    {
      facts.session.logonErrors.append(located(error, from: side, at: moment))
    }
  }

  private func note(_ pdu: MessageChannelPDU, from side: Side, at moment: Moment) {
    switch pdu {
    case .heartbeat(let heartbeat):
      facts.session.heartbeat = located(heartbeat, from: side, at: moment)
      facts.session.heartbeatCount += 1
    case .autoDetect(let message):
      guard case .result = message else { return }
      facts.session.roundTrip = located(message, from: side, at: moment)
    case .multitransportRequest(let request):
      guard facts.session.multitransportRequests.count < SessionFacts.maximumMultitransport
      else { return }
      facts.session.multitransportRequests.append(located(request, from: side, at: moment))
    case .multitransportResponse(let response):
      guard facts.session.multitransportResponses.count < SessionFacts.maximumMultitransport
      else { return }
      facts.session.multitransportResponses.append(located(response, from: side, at: moment))
    case .redirection(let packet):
      facts.session.redirection = located(packet, from: side, at: moment)
    }
  }
}
