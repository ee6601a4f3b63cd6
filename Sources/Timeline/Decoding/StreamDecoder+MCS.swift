import RDPMessages
import Streams
import TLSMessages
import Wire

// The settings and channels of a connection without TLS.
extension StreamDecoder {
  /// Takes a PDU of the connection sequence, whose phase is entered whatever is inside it.
  func note(mcs pdu: MCSPDU, from side: Side, at moment: Moment) {
    do throws(DecodeError) {
      switch pdu {
      case .connectInitial(let bytes): try note(connectInitial: bytes, from: side, at: moment)
      case .connectResponse(let bytes): try note(connectResponse: bytes, from: side, at: moment)
      case .attachUserConfirm(let result, let userID):
        facts.mcs.attachUser = located(result, from: side, at: moment)
        facts.mcs.userID = userID
      case .channelJoinRequest(let channelID):
        guard facts.mcs.requested.count < MCSFacts.maximumChannels else { return }
        facts.mcs.requested.append(channelID)
      case .channelJoinConfirm(let result, let channelID):
        guard facts.mcs.joins.count < MCSFacts.maximumChannels else { return }
        let join = MCSFacts.ChannelJoin(channelID: channelID, result: result)
        facts.mcs.joins.append(located(join, from: side, at: moment))
      default: break
      }
    } catch {
      facts.keep(error, from: side, at: moment)
    }
  }

  /// Takes what follows a security header in the clear.
  func note(
    security header: SecurityHeader,
    _ rest: ByteReader,
    from side: Side,
    at moment: Moment
  ) {
    var reader = rest
    do throws(DecodeError) {
      if header.flags.contains(.exchange), side == .client {
        let exchange = try SecurityExchange(decoding: &reader)
        facts.mcs.securityExchange = located(exchange, from: side, at: moment)
        beginRDPSecurity(exchange, at: moment)
      } else if header.flags.contains(.license),
        !header.flags.contains(.encrypted) || reading == .decrypted
      {
        guard facts.mcs.licensing.count < MCSFacts.maximumLicensingMessages else { return }
        let message = try LicensingMessage(decoding: &reader)
        facts.mcs.licensing.append(located(message, from: side, at: moment))
      }
    } catch {
      facts.keep(error, from: side, at: moment)
    }
  }

  private func note(
    connectInitial bytes: ArraySlice<UInt8>,
    from side: Side,
    at moment: Moment
  ) throws(DecodeError) {
    var reader = ByteReader(bytes, layer: .mcs, boundedBy: .lengthField(.tpkt))
    let message = try MCSConnectInitial(decoding: &reader)
    facts.mcs.connectInitial = located(message, from: side, at: moment)
    for problem in message.blocks.problems { facts.keep(problem, from: side, at: moment) }
  }

  private func note(
    connectResponse bytes: ArraySlice<UInt8>,
    from side: Side,
    at moment: Moment
  ) throws(DecodeError) {
    var reader = ByteReader(bytes, layer: .mcs, boundedBy: .lengthField(.tpkt))
    let message = try MCSConnectResponse(decoding: &reader)
    facts.mcs.connectResponse = located(message, from: side, at: moment)
    for problem in message.blocks.problems { facts.keep(problem, from: side, at: moment) }
    guard case .x509(let chain) = message.blocks.security?.certificate?.kind else { return }
    facts.mcs.certificates = chain.reversed().map { certificates.facts(of: $0) }
  }
}
