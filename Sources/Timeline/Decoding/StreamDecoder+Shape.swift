import RDPMessages
import Streams
import TLSMessages

/// Where the encrypted exchange stands, as its shape tells.
struct EncryptedShape {
  /// The last client record long enough to be an MCS Connect Initial.
  var lastLongClientRecord: Moment?
  /// Client records since the phase `licensing` or `capabilities` began.
  var clientRecordsInPhase = 0
  var serverRecordsInPhase = 0
  /// Whether the server's last record may be the first of the two that tell of a logon.
  var mayHaveLoggedOn = false
}

/// Plaintext lengths that tell messages apart, in octets, with what fixes them.
private enum Length {
  /// An alert: level and description (RFC 8446 §6).
  static let alert = 2
  /// Finished: header 4 and the hash, SHA-256 or SHA-384 (RFC 8446 §4.4.4).
  static let finished: Set = [36, 52]
  /// TSRequest with version and a four-octet error code, all lengths short form
  /// ([MS-CSSP] 2.2.1): 15 as observed; other builds add a nonce or a longer version.
  static let credSSPError = 13...24
  /// Early user authorization result ([MS-RDPBCGR] 2.2.10.2).
  static let earlyAuthorization = 4
  /// MCS Erect Domain Request: TPKT 4, X.224 3, PER 5 ([MS-RDPBCGR] 4.1.5).
  static let erectDomain = 12
  /// MCS Attach User Request: TPKT 4, X.224 3, PER 1 ([MS-RDPBCGR] 4.1.6).
  static let attachUser = 8
  /// MCS Disconnect Provider Ultimatum: TPKT 4, X.224 3, PER 2.
  static let ultimatum = 9
  /// Set Error Info: TPKT 4, X.224 3, MCS 7, share control 6, share data 12, code 4
  /// ([MS-RDPBCGR] 2.2.5.1.1).
  static let setErrorInfo = 36
  /// Save Session Info with an auto-reconnect cookie: TPKT 4, X.224 3, MCS 8, share control 6, share
  /// data 12, type 4, length 2, fields 4, cookie 4 and 28, padding 570 ([MS-RDPBCGR] 2.2.10.1.1.4).
  static let logonInfoExtended = 645
  /// Save Session Info with the names of the user and the domain, which come before the cookie: 37
  /// as above, fixed fields 18, padding 558, and the names, none longer than 256 characters
  /// ([MS-RDPBCGR] 2.2.10.1.1.2).
  static let logonInfoLong = 613...1637
  /// Client Core Data alone is 212 octets or more ([MS-RDPBCGR] 2.2.1.3.2).
  static let connectInitial = 250
  /// Client Info carries at least its fixed fields and a time zone ([MS-RDPBCGR] 2.2.1.11).
  static let clientInfo = 100
  /// Demand Active lists more than a dozen capability sets ([MS-RDPBCGR] 2.2.1.13.1).
  static let demandActive = 150
  /// An NTLM AUTHENTICATE or Kerberos AP-REQ in a TSRequest.
  static let authentication = 200
}

extension MessageFacts {
  /// Counts a record of the session, as nearly every record of a capture is.
  ///
  /// - Returns: False where the record may tell something else, and was not counted.
  mutating func countSessionRecord(
    _ header: TLSRecordHeader,
    plaintext: ClosedRange<Int>,
    isTLS13: Bool,
    from side: Side,
    at moment: Moment
  ) -> Bool {
    guard deepest == .session, header.type == .applicationData, tls.firstRecord != nil,
      tls.firstServerRecord != nil,
      !isTLS13 || tls.clientFinished != nil && plaintext != Length.alert...Length.alert
    else { return false }
    encrypted.count(header.length, from: side, at: moment)
    return true
  }
}

extension StreamDecoder {
  /// Takes a record if it is one of the session: the short way of ``noteRecord(_:from:at:)``.
  func noteSessionRecord(_ header: TLSRecordHeader, from side: Side, at moment: Moment) -> Bool {
    let plaintext = plaintextLength(of: header)
    let isCounted = facts.countSessionRecord(
      header,
      plaintext: plaintext,
      isTLS13: isTLS13,
      from: side,
      at: moment
    )
    if isCounted { noteWords(plaintext, from: side, at: moment) }
    return isCounted
  }

  /// Server octets, and client records, beyond which there is a session whatever the lengths of
  /// the records before were: a server that joins PDUs into one record hides the steps, but only
  /// a session draws a screen and takes input.
  private static let sessionOctets = 24_576
  private static let sessionRecords = 12

  /// Takes the header of a record with application data.
  func noteApplicationData(_ header: TLSRecordHeader, from side: Side, at moment: Moment) {
    let plaintext = plaintextLength(of: header)
    if isTLS13, facts.tls.clientFinished == nil {
      noteEncryptedHandshake(plaintext, from: side, at: moment)
      return
    }
    if isTLS13, plaintext == Length.alert...Length.alert {
      // No RDP message is this short: TLS 1.3 sends its alerts as data (RFC 8446 §5.2).
      facts.tls.keep(AlertFact(alert: nil, side: side, moment: moment))
      return
    }
    facts.encrypted.count(header.length, from: side, at: moment)
    if facts.deepest < .session {
      // Without the cipher no length tells anything.
      if protection != nil { advanceShape(plaintext, from: side, at: moment) }
      if Self.sessionOctets <= facts.encrypted.serverOctets,
        Self.sessionRecords <= facts.encrypted.clientRecords
      {
        facts.enter(.session, at: moment, inferred: true)
      }
    }
    noteWords(plaintext, from: side, at: moment)
  }

  /// Notes the server records whose lengths the protocol fixes: of a logon, and of the end.
  private func noteWords(_ plaintext: ClosedRange<Int>, from side: Side, at moment: Moment) {
    guard side == .server else {
      facts.encrypted.finalUltimatum = nil
      return
    }
    facts.encrypted.finalUltimatum = isLength(plaintext, Length.ultimatum) ? moment : nil
    if isLength(plaintext, Length.setErrorInfo) { facts.encrypted.lastErrorInfo = moment }
    guard facts.loggedOn == nil else { return }
    if shape.mayHaveLoggedOn, isLength(plaintext, Length.logonInfoExtended) {
      facts.loggedOn = moment
    }
    shape.mayHaveLoggedOn = plaintext.overlaps(Length.logonInfoLong)
  }

  /// TLS 1.3 hides the end of the handshake in records that look like data.
  private func noteEncryptedHandshake(
    _ plaintext: ClosedRange<Int>,
    from side: Side,
    at moment: Moment
  ) {
    guard side == .client else {
      facts.tls.serverFinished = moment
      return
    }
    if plaintext.contains(Length.alert), plaintext.count == 1 {
      facts.tls.keep(AlertFact(alert: nil, side: side, moment: moment))
    } else if Length.finished.contains(where: plaintext.contains) || plaintext.upperBound > 52 {
      facts.tls.clientFinished = moment
    }
  }

  private func advanceShape(_ plaintext: ClosedRange<Int>, from side: Side, at moment: Moment) {
    switch facts.deepest {
    case .tcp, .x224, .tls: beginEncrypted(plaintext, from: side, at: moment)
    case .credssp: advanceCredSSP(plaintext, from: side, at: moment)
    case .mcs: advanceMCS(plaintext, from: side, at: moment)
    case .security, .licensing: advanceLicensing(plaintext, from: side, at: moment)
    case .capabilities: advanceCapabilities(plaintext, from: side, at: moment)
    case .session: break
    }
  }

  private func beginEncrypted(_ plaintext: ClosedRange<Int>, from side: Side, at moment: Moment) {
    // A TLS 1.3 server sends session tickets before the client says anything (RFC 8446 §4.6.1).
    guard side == .client else { return }
    if usesCredSSP {
      facts.enter(.credssp, at: moment, inferred: true)
      advanceCredSSP(plaintext, from: side, at: moment)
    } else if plaintext.upperBound >= Length.connectInitial {
      facts.enter(.mcs, at: moment, inferred: true)
    }
  }

  /// Whether a login comes first: the server chose so, or the client begins with TLS, as one does
  /// that takes NLA for granted ([MS-RDPBCGR] 5.4.2.2, the direct approach).
  private var usesCredSSP: Bool {
    facts.selected?.usesCredSSP
      ?? (facts.request == nil && startsAtBeginning && facts.firstGap == nil)
  }

  private func advanceCredSSP(_ plaintext: ClosedRange<Int>, from side: Side, at moment: Moment) {
    facts.encrypted.credSSPError = nil
    if side == .server {
      facts.encrypted.serverTokens += 1
      if isLength(plaintext, Length.earlyAuthorization) {
        facts.encrypted.earlyAuthorization = moment
      } else if plaintext.overlaps(Length.credSSPError) {
        facts.encrypted.credSSPError = moment
      }
      return
    }
    facts.encrypted.clientTokens += 1
    if shape.lastLongClientRecord != nil, isAttachment(plaintext) {
      facts.enter(.mcs, at: shape.lastLongClientRecord ?? moment, inferred: true)
      facts.encrypted.attachUser = moment
    } else if facts.encrypted.earlyAuthorization != nil,
      plaintext.upperBound >= Length.connectInitial
    {
      facts.enter(.mcs, at: moment, inferred: true)
    }
    if plaintext.upperBound >= Length.connectInitial { shape.lastLongClientRecord = moment }
  }

  private func advanceMCS(_ plaintext: ClosedRange<Int>, from side: Side, at moment: Moment) {
    guard side == .client else { return }
    if isAttachment(plaintext) {
      facts.encrypted.attachUser = moment
    } else if facts.encrypted.attachUser != nil, plaintext.lowerBound >= Length.clientInfo {
      facts.enter(.licensing, at: moment, inferred: true)
    }
  }

  private func advanceLicensing(_ plaintext: ClosedRange<Int>, from side: Side, at moment: Moment) {
    guard side == .server, plaintext.lowerBound >= Length.demandActive else { return }
    facts.enter(.capabilities, at: moment, inferred: true)
    shape.clientRecordsInPhase = 0
    shape.serverRecordsInPhase = 0
  }

  /// Confirm Active, Synchronize, Controls and Font List answer Demand Active; the server answers
  /// these in turn, and then the session begins.
  private func advanceCapabilities(
    _ plaintext: ClosedRange<Int>,
    from side: Side,
    at moment: Moment
  ) {
    switch side {
    case .client: shape.clientRecordsInPhase += 1
    case .server: shape.serverRecordsInPhase += 1
    }
    if shape.clientRecordsInPhase >= 3, shape.serverRecordsInPhase >= 3 {
      facts.enter(.session, at: moment, inferred: true)
    }
  }

  /// Erect Domain and Attach User, apart or joined in one record.
  private func isAttachment(_ plaintext: ClosedRange<Int>) -> Bool {
    [Length.attachUser, Length.erectDomain, Length.attachUser + Length.erectDomain]
      .contains { isLength(plaintext, $0) }
  }

  /// Whether the record has this length, or, under a cipher that pads, may have it; of a record
  /// whose cipher is not known it cannot be said.
  private func isLength(_ plaintext: ClosedRange<Int>, _ length: Int) -> Bool {
    plaintext.contains(length) && plaintext.count <= Self.longestPadding
  }

  /// Octets of padding under the widest block cipher.
  private static let longestPadding = 16

  private func plaintextLength(of header: TLSRecordHeader) -> ClosedRange<Int> {
    protection?.plaintextRange(recordLength: header.length) ?? 0...header.length
  }
}
