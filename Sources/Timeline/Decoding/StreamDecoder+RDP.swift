import RDPMessages
import Streams
import Wire

// Messages outside TLS: the negotiation, and everything under standard RDP security.
extension StreamDecoder {
  /// Takes a PDU, or the first octets of one of the session's bulk.
  func handle(rdp bytes: ArraySlice<UInt8>, byteCount: Int, from side: Side, at moment: Moment) {
    isPDULogged = false
    defer { logPDU(bytes, byteCount: byteCount, from: side, at: moment) }
    guard bytes.first == 3 else {
      openFastPath(bytes, from: side, at: moment)
      handleFastPath(from: side, at: moment)
      return
    }
    do throws(DecodeError) {
      switch try X224TPDU(tpkt: bytes) {
      case .connectionRequest(let request): note(request, from: side, at: moment)
      case .connectionConfirm(let confirm): note(confirm, from: side, at: moment)
      case .disconnectRequest(let request):
        facts.disconnectRequest = located(request, from: side, at: moment)
      case .error(let error):
        facts.errorTPDU = located(error, from: side, at: moment)
      case .data(let userData): try handle(mcs: userData, from: side, at: moment)
      }
    } catch {
      facts.keep(error, from: side, at: moment)
    }
  }

  /// Takes what a client says before everything else; what is no such PDU is another protocol.
  func note(preconnection bytes: [UInt8], at moment: Moment) {
    var reader = ByteReader(bytes, layer: .negotiation)
    do throws(DecodeError) {
      let pdu = try PreconnectionPDU(decoding: &reader)
      facts.preconnection = located(pdu, from: .client, at: moment)
      log?.note(
        .preconnection(pdu),
        from: .client,
        at: moment,
        in: facts.deepest,
        octets: bytes[...]
      )
      facts.enter(.x224, at: moment, reading)
    } catch {
      noteForeign(bytes[...], from: .client, at: moment)
    }
  }

  func noteForeign(_ octets: ArraySlice<UInt8>, from side: Side, at moment: Moment) {
    guard facts.foreign == nil else { return }
    let foreign = ForeignProtocol(firstOctets: octets)
    facts.foreign = located(foreign, from: side, at: moment)
    log?.note(.foreign(foreign), from: side, at: moment, in: facts.deepest, octets: octets)
  }

  private func note(_ request: X224ConnectionRequest, from side: Side, at moment: Moment) {
    guard side == .client, facts.request == nil else { return }
    facts.request = located(request, from: side, at: moment)
    facts.enter(.x224, at: moment, reading)
    if let problem = request.problem { facts.keep(problem, from: side, at: moment) }
  }

  private func note(_ confirm: X224ConnectionConfirm, from side: Side, at moment: Moment) {
    guard side == .server, facts.confirm == nil else { return }
    facts.confirm = located(confirm, from: side, at: moment)
    facts.enter(.x224, at: moment, reading)
    if let problem = confirm.problem { facts.keep(problem, from: side, at: moment) }
  }

  private func handle(mcs bytes: ArraySlice<UInt8>, from side: Side, at moment: Moment)
    throws(DecodeError)
  {
    guard facts.ultimatum == nil else {
      // What crosses the ultimatum on the way is read by nobody, but tells who the client is.
      if side == .client, let pdu = try? MCSPDU(bytes), case .connectInitial = pdu {
        note(mcs: pdu, from: side, at: moment)
      }
      return
    }
    let pdu = try MCSPDU(bytes)
    note(mcs: pdu, from: side, at: moment)
    switch pdu {
    case .connectResponse:
      facts.connectResponse = moment
      facts.enter(.mcs, at: moment, reading)
    case .connectInitial, .erectDomainRequest, .attachUserRequest,
      .attachUserConfirm, .channelJoinRequest, .channelJoinConfirm:
      facts.enter(.mcs, at: moment, reading)
    case .disconnectProviderUltimatum(let reason):
      facts.ultimatum = located(reason, from: side, at: moment)
    case .sendData(let channelID, let byteCount, let userData):
      note(
        sessionData: userData,
        byteCount: byteCount,
        channelID: channelID,
        from: side,
        at: moment
      )
    case .other:
      break
    }
  }

  private func handleFastPath(from side: Side, at moment: Moment) {
    guard .capabilities <= facts.deepest else { return }
    facts.enter(.session, at: moment, reading)
  }
}
