import CredSSPMessages
import RDPMessages
import Streams
import Wire

// The login, where a key makes it readable.
extension StreamDecoder {
  /// Takes a whole TSRequest. [MS-CSSP] 2.2.1
  func note(tsRequest octets: ArraySlice<UInt8>, from side: Side, at moment: Moment) {
    facts.enter(.credssp, at: moment, reading)
    switch side {
    case .client:
      facts.encrypted.clientTokens += 1
      facts.encrypted.lastClientToken = moment
    case .server: facts.encrypted.serverTokens += 1
    }
    do throws(DecodeError) {
      let request = try TSRequest(octets)
      for problem in request.problems { facts.keep(problem, from: side, at: moment) }
      note(request, from: side, at: moment)
      log?.note(
        .credSSP(request),
        from: side,
        at: moment,
        in: facts.deepest,
        octets: octets
      ) { _ = try? TSRequest($0) }
    } catch {
      facts.keep(error, from: side, at: moment)
    }
  }

  private func note(_ request: TSRequest, from side: Side, at moment: Moment) {
    switch side {
    case .client:
      facts.login.clientVersion = request.version
      if request.provesPublicKey { facts.login.clientProof = facts.login.clientProof ?? moment }
      if request.credentialsByteCount != nil { facts.login.credentials = moment }
    case .server:
      facts.login.serverVersion = request.version
      if request.provesPublicKey { facts.login.serverProof = facts.login.serverProof ?? moment }
    }
    if let error = request.error { facts.login.error = located(error, from: side, at: moment) }
    for token in request.allTokens { note(token, from: side, at: moment) }
  }

  private func note(_ token: SecurityToken, from side: Side, at moment: Moment) {
    switch token {
    case .ntlm(.negotiate(let message)):
      facts.login.negotiate = located(message, from: side, at: moment)
    case .ntlm(.challenge(let message)):
      facts.login.challenge = located(message, from: side, at: moment)
    case .ntlm(.authenticate(let message)):
      facts.login.authenticate = located(message, from: side, at: moment)
    case .kerberos(let message):
      guard facts.login.kerberos.count < LoginFacts.maximumMessages else { return }
      facts.login.kerberos.append(located(message, from: side, at: moment))
    case .spnego(let negotiation):
      guard !negotiation.offered.isEmpty else { return }
      // Kerberos has two identifiers, and is offered under both.
      facts.login.offered = negotiation.offered.reduce(into: []) { list, mechanism in
        if !list.contains(where: { $0.name == mechanism.name }) { list.append(mechanism) }
      }
    case .negoEx, .other: break
    }
  }

  /// Takes the Early User Authorization Result: four octets, little-endian.
  ///
  /// [MS-RDPBCGR] 2.2.10.2
  func note(earlyAuthorization octets: ArraySlice<UInt8>, from side: Side, at moment: Moment) {
    guard side == .server else { return }
    var reader = ByteReader(octets, layer: .credSSP)
    do throws(DecodeError) {
      let result = try EarlyUserAuthorization(decoding: &reader)
      facts.login.earlyAuthorization = located(result, from: side, at: moment)
      log?.note(
        .earlyAuthorization(result),
        from: side,
        at: moment,
        in: facts.deepest,
        octets: octets
      ) {
        var reader = ByteReader($0, layer: .credSSP)
        _ = try? EarlyUserAuthorization(decoding: &reader)
      }
    } catch {
      facts.keep(error, from: side, at: moment)
    }
  }

  /// Takes a whole message of RDSTLS. [MS-RDPBCGR] 2.2.17
  func note(rdstls octets: ArraySlice<UInt8>, from side: Side, at moment: Moment) {
    facts.enter(.credssp, at: moment, reading)
    var reader = ByteReader(octets, layer: .rdstls)
    do throws(DecodeError) {
      let message = try RDSTLSMessage(decoding: &reader)
      if facts.login.rdstls.count < LoginFacts.maximumMessages {
        facts.login.rdstls.append(located(message, from: side, at: moment))
      }
      if case .result(let result) = message, let status = result.status {
        facts.login.error = located(status, from: side, at: moment)
      }
      log?.note(
        .rdstls(message),
        from: side,
        at: moment,
        in: facts.deepest,
        octets: octets
      ) {
        var reader = ByteReader($0, layer: .rdstls)
        _ = try? RDSTLSMessage(decoding: &reader)
      }
    } catch {
      facts.keep(error, from: side, at: moment)
    }
  }

  /// Takes a whole message of RDS AAD Auth. [MS-RDPBCGR] 2.2.18
  func note(rdsaad octets: ArraySlice<UInt8>, from side: Side, at moment: Moment) {
    facts.enter(.credssp, at: moment, reading)
    var reader = ByteReader(octets, layer: .rdsaad)
    do throws(DecodeError) {
      let message = try RDSAADMessage(decoding: &reader)
      facts.login.usesRDSAAD = true
      if case .result(let code) = message, code != 0 {
        facts.login.error = located(LoginStatus(rawValue: code), from: side, at: moment)
      }
      log?.note(.rdsaad(message), from: side, at: moment, in: facts.deepest, octets: octets) {
        var reader = ByteReader($0, layer: .rdsaad)
        _ = try? RDSAADMessage(decoding: &reader)
      }
    } catch {
      facts.keep(error, from: side, at: moment)
    }
  }
}
