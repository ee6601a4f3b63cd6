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

extension StreamDecoder {
  /// Takes a record if it is one of the session, as nearly every record of a capture is: the short way
  /// of ``noteRecord(_:from:at:)``.
  ///
  /// - Returns: False where the record may tell something else, and was not taken.
  @inline(__always)
  func noteSessionRecord(_ header: TLSRecordHeader, from side: Side, at moment: Moment) -> Bool {
    let plaintext = plaintextLength(of: header)
    guard header.type == .applicationData, !isTLS13 || plaintext != RecordShape.alert.lengths
    else { return false }
    if !isInSession { isInSession = hasReachedSession }
    guard isInSession else { return false }
    facts.encrypted.count(header.length, from: side, at: moment)
    noteWords(plaintext, from: side, at: moment)
    return true
  }

  /// Whether nothing before the session is still to come.
  private var hasReachedSession: Bool {
    facts.deepest == .session && facts.tls.firstRecord != nil && facts.tls.firstServerRecord != nil
      && (!isTLS13 || facts.tls.clientFinished != nil)
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
    if isTLS13, plaintext == RecordShape.alert.lengths {
      // No RDP message is this short: TLS 1.3 sends its alerts as data (RFC 8446 §5.2).
      facts.tls.keep(AlertFact(alert: nil, side: side, moment: moment))
      return
    }
    facts.encrypted.count(header.length, from: side, at: moment)
    if facts.deepest < .session, facts.foreign?.message != .https {
      // Without the cipher no length tells anything.
      if protection != nil { advanceShape(plaintext, from: side, at: moment) }
      if Self.sessionOctets <= facts.encrypted.serverOctets,
        Self.sessionRecords <= facts.encrypted.clientRecords
      {
        facts.enter(.session, at: moment, .inferred)
      }
    }
    noteWords(plaintext, from: side, at: moment)
  }

  /// Notes the server records whose lengths the protocol fixes: of a logon, and of the end.
  @inline(__always)
  private func noteWords(_ plaintext: ClosedRange<Int>, from side: Side, at moment: Moment) {
    guard side == .server else {
      facts.encrypted.finalUltimatum = nil
      return
    }
    facts.encrypted.finalUltimatum = RecordShape.ultimatum.fits(plaintext) ? moment : nil
    if RecordShape.setErrorInfo.fits(plaintext) { facts.encrypted.lastErrorInfo = moment }
    // Of a cipher that pads, too many other lengths may be this one.
    if plaintext == RecordShape.heartbeat.lengths { facts.encrypted.heartbeats.note(at: moment) }
    guard facts.loggedOn == nil else { return }
    if shape.mayHaveLoggedOn, RecordShape.logonInfoExtended.fits(plaintext) {
      facts.loggedOn = moment
    }
    shape.mayHaveLoggedOn = plaintext.overlaps(RecordShape.logonInfoLong.lengths)
  }

  /// TLS 1.3 hides the end of the handshake in records that look like data.
  func noteEncryptedHandshake(
    _ plaintext: ClosedRange<Int>,
    from side: Side,
    at moment: Moment
  ) {
    guard side == .client else {
      facts.tls.serverFinished = moment
      return
    }
    if plaintext == RecordShape.alert.lengths {
      facts.tls.keep(AlertFact(alert: nil, side: side, moment: moment))
    } else if RecordShape.finished.contains(where: { $0.fits(plaintext) })
      || RecordShape.finishedSHA384.lengths.upperBound < plaintext.upperBound
    {
      facts.tls.clientFinished = moment
    }
  }

  private func advanceShape(_ plaintext: ClosedRange<Int>, from side: Side, at moment: Moment) {
    switch facts.deepest {
    case .udp, .tcp, .x224, .tls: beginEncrypted(plaintext, from: side, at: moment)
    case .credssp: advanceCredSSP(plaintext, from: side, at: moment)
    case .mcs: advanceMCS(plaintext, from: side, at: moment)
    case .security, .licensing: advanceLicensing(plaintext, from: side, at: moment)
    case .capabilities: advanceCapabilities(plaintext, from: side, at: moment)
    case .gateway, .session: break
    }
  }

  private func beginEncrypted(_ plaintext: ClosedRange<Int>, from side: Side, at moment: Moment) {
    // A TLS 1.3 server sends session tickets before the client says anything (RFC 8446 §4.6.1).
    guard side == .client else { return }
    if beginsWithLogin {
      facts.enter(.credssp, at: moment, .inferred)
      advanceCredSSP(plaintext, from: side, at: moment)
    } else if RecordShape.connectInitial.mayFit(plaintext) {
      facts.enter(.mcs, at: moment, .inferred)
    }
  }

  /// Whether a login comes first: the server chose so, or the client begins with TLS, as one does
  /// that takes NLA for granted ([MS-RDPBCGR] 5.4.2.2, the direct approach).
  private var beginsWithLogin: Bool {
    facts.selected?.hasLoginBeforeMCS
      ?? (facts.request == nil && startsAtBeginning && facts.firstGap == nil)
  }

  private func advanceCredSSP(_ plaintext: ClosedRange<Int>, from side: Side, at moment: Moment) {
    facts.encrypted.credSSPError = nil
    if side == .server {
      facts.encrypted.serverTokens += 1
      if RecordShape.earlyAuthorization.fits(plaintext) {
        facts.encrypted.earlyAuthorization = moment
      } else if plaintext.overlaps(RecordShape.credSSPError.lengths) {
        facts.encrypted.credSSPError = moment
      }
      return
    }
    facts.encrypted.clientTokens += 1
    facts.encrypted.lastClientToken = moment
    if shape.lastLongClientRecord != nil, isAttachment(plaintext) {
      facts.enter(.mcs, at: shape.lastLongClientRecord ?? moment, .inferred)
      facts.encrypted.attachUser = moment
    } else if facts.encrypted.earlyAuthorization != nil,
      RecordShape.connectInitial.mayFit(plaintext)
    {
      facts.enter(.mcs, at: moment, .inferred)
    }
    if RecordShape.connectInitial.mayFit(plaintext) { shape.lastLongClientRecord = moment }
  }

  private func advanceMCS(_ plaintext: ClosedRange<Int>, from side: Side, at moment: Moment) {
    guard side == .client else { return }
    if isAttachment(plaintext) {
      facts.encrypted.attachUser = moment
    } else if facts.encrypted.attachUser != nil, RecordShape.clientInfo.fits(plaintext) {
      facts.enter(.licensing, at: moment, .inferred)
    }
  }

  private func advanceLicensing(_ plaintext: ClosedRange<Int>, from side: Side, at moment: Moment) {
    guard side == .server, RecordShape.demandActive.fits(plaintext) else { return }
    facts.enter(.capabilities, at: moment, .inferred)
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
      facts.enter(.session, at: moment, .inferred)
    }
  }

  /// Erect Domain and Attach User, apart or joined in one record.
  private func isAttachment(_ plaintext: ClosedRange<Int>) -> Bool {
    RecordShape.attachment.contains { $0.fits(plaintext) }
  }

  func plaintextLength(of header: TLSRecordHeader) -> ClosedRange<Int> {
    protection?.plaintextRange(recordLength: header.length) ?? 0...header.length
  }
}
