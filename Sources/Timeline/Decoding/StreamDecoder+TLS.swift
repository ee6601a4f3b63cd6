import Decryption
import RDPMessages
import Streams
import TLSMessages
import Wire

extension StreamDecoder {
  /// Takes a record whose contents are readable.
  func handle(
    record header: TLSRecordHeader,
    payload: ArraySlice<UInt8>,
    from side: Side,
    state: inout DirectionState,
    at moment: Moment
  ) {
    noteFirstRecord(header, from: side, at: moment)
    switch header.type {
    case .changeCipherSpec:
      // TLS 1.3 sends this for the sake of middleboxes only (RFC 8446 §5), and what follows it is
      // encrypted all the same, unless the server has asked for another hello (§D.4).
      if facts.tls.helloRetryRequest == nil || facts.tls.serverHello != nil {
        state.isEncrypted = true
        if !isTLS13 { beginEncryption(from: side, state: &state, at: moment) }
      }
      log?.note(.changeCipherSpec, from: side, at: moment, in: facts.deepest)
    case .alert:
      handle(alert: payload, from: side, at: moment)
    case .handshake:
      handle(handshake: payload, from: side, state: &state, at: moment)
    default:
      break
    }
  }

  /// Takes the header of an encrypted record.
  @inline(__always)
  func noteRecord(_ header: TLSRecordHeader, from side: Side, at moment: Moment) {
    if let log {
      note(header, from: side, at: moment, in: log)
    } else {
      take(header, from: side, at: moment)
    }
  }

  /// Takes the header of an encrypted record, and notes in a log what it is taken for.
  private func note(
    _ header: TLSRecordHeader,
    from side: Side,
    at moment: Moment,
    in log: EventLog
  ) {
    let before = facts.deepest
    let hasAttached = facts.encrypted.attachUser != nil
    let isHandshake = isTLS13 && facts.tls.clientFinished == nil
    take(header, from: side, at: moment)
    log.note(
      record: header,
      plaintext: plaintextLength(of: header),
      isTLS13: isTLS13,
      isHandshake: isHandshake,
      hasAttached: hasAttached,
      from: side,
      at: moment,
      before: before,
      in: facts.deepest
    )
  }

  @inline(__always)
  private func take(_ header: TLSRecordHeader, from side: Side, at moment: Moment) {
    // Nearly every record is one of the session.
    guard !noteSessionRecord(header, from: side, at: moment) else { return }
    takeBeforeSession(header, from: side, at: moment)
  }

  @inline(never)
  private func takeBeforeSession(_ header: TLSRecordHeader, from side: Side, at moment: Moment) {
    noteFirstRecord(header, from: side, at: moment)
    switch header.type {
    case .handshake: noteFinished(from: side, at: moment)
    case .alert: facts.tls.keep(AlertFact(alert: nil, side: side, moment: moment))
    case .applicationData where contents == .multitransport:
      noteTunnelRecord(header, from: side, at: moment)
    case .applicationData: noteApplicationData(header, from: side, at: moment)
    default: break
    }
  }

  /// Takes note of a record, complete or only begun.
  func noteFirstRecord(_ header: TLSRecordHeader, from side: Side, at moment: Moment) {
    if facts.tls.firstRecord == nil { facts.tls.firstRecord = moment }
    if side == .server, facts.tls.firstServerRecord == nil { facts.tls.firstServerRecord = moment }
    // A server's alert to a client that left before its ClientHello begins no handshake.
    if side == .client || header.type != .alert { facts.enter(.tls, at: moment, reading) }
  }

  func noteFinished(from side: Side, at moment: Moment) {
    switch side {
    case .client: if facts.tls.clientFinished == nil { facts.tls.clientFinished = moment }
    case .server: if facts.tls.serverFinished == nil { facts.tls.serverFinished = moment }
    }
  }

  func handle(alert payload: ArraySlice<UInt8>, from side: Side, at moment: Moment) {
    var reader = ByteReader(payload, layer: .tls)
    do throws(DecodeError) {
      let alert = try TLSAlert(decoding: &reader)
      if side == .server, startsAtBeginning, facts.foreign == nil, facts.request != nil,
        facts.confirm == nil, facts.tls.clientHello == nil
      {
        facts.foreign = located(.tls, from: side, at: moment)
      }
      facts.tls.keep(AlertFact(alert: alert, side: side, moment: moment, reading: reading))
      log?.note(.alert(alert), from: side, at: moment, in: facts.deepest, octets: payload) {
        var reader = ByteReader($0, layer: .tls)
        _ = try? TLSAlert(decoding: &reader)
      }
    } catch {
      facts.keep(error, from: side, at: moment)
    }
  }

  func handle(
    handshake payload: ArraySlice<UInt8>,
    from side: Side,
    state: inout DirectionState,
    at moment: Moment
  ) {
    do throws(DecodeError) {
      try state.handshake.append(payload)
      while let message = try state.handshake.next() {
        note(message, from: side, state: &state, at: moment)
      }
    } catch {
      facts.keep(error, from: side, at: moment)
      state.isEncrypted = true
    }
  }

  /// Takes a message; one that cannot be decoded leaves those after it.
  func note(
    _ message: HandshakeMessage,
    from side: Side,
    state: inout DirectionState,
    at moment: Moment
  ) {
    let agreement = facts.tls.serverHello.map { HandshakeBody.Agreement($0.message) } ?? .init()
    var decoded: HandshakeBody?
    defer {
      log?.note(
        message,
        decoded,
        agreement: agreement,
        from: side,
        at: moment,
        in: facts.deepest
      )
    }
    do throws(DecodeError) {
      facts.tls.keep(located(message.type, from: side, at: moment))
      let body = try HandshakeBody(message, agreement: agreement)
      decoded = body
      decryptor.observe(message, body)
      try note(body, from: side, state: &state, at: moment)
    } catch {
      facts.keep(error, from: side, at: moment)
    }
  }

  private func note(
    _ message: HandshakeBody,
    from side: Side,
    state: inout DirectionState,
    at moment: Moment
  ) throws(DecodeError) {
    switch message {
    case .clientHello(let hello):
      // Remote Desktop's clients announce no protocol: who says HTTP begins no direct approach.
      if contents == .remoteDesktop, facts.request == nil, facts.foreign == nil,
        hello.alpn.contains(where: { $0 == "h2" || $0.hasPrefix("http/") })
      {
        facts.foreign = located(.https, from: side, at: moment)
      }
      if facts.tls.clientHello == nil {
        facts.tls.clientHello = located(hello, from: side, at: moment)
      }
    case .serverHello(let hello):
      let located = located(hello, from: side, at: moment)
      if hello.isHelloRetryRequest {
        facts.tls.helloRetryRequest = located
      } else {
        facts.tls.serverHello = located
        facts.tls.alpn = hello.alpn
        // Everything after it is encrypted in TLS 1.3 (RFC 8446 §4.4).
        isTLS13 = hello.selectedVersion == .tls13
        state.isEncrypted = isTLS13
        if isTLS13, side == .server { beginTLS13(server: &state, at: moment) }
        protection = hello.cipherSuite.protection(
          version: hello.selectedVersion,
          encryptThenMAC: hello.encryptThenMAC
        )
      }
    case .encryptedExtensions(let extensions): facts.tls.alpn = extensions.alpn.first
    case .certificate(let chain): note(chain, from: side, at: moment)
    case .serverKeyExchange(let exchange?):
      facts.tls.serverKeyExchange = located(exchange, from: side, at: moment)
    case .newSessionTicket(let ticket):
      facts.tls.newSessionTicket = located(ticket, from: side, at: moment)
    case .certificateRequest(let request):
      facts.tls.certificateRequest = located(request, from: side, at: moment)
    case .serverHelloDone:
      facts.tls.serverHelloDone = moment
    case .finished: finishHandshake(from: side, state: &state, at: moment)
    case .other(.keyUpdate): state.opener = state.opener?.updated
    default:
      break
    }
  }
}

extension StreamDecoder {
  private func note(_ chain: CertificateChain, from side: Side, at moment: Moment) {
    let facts = chain.certificates.map { certificates.facts(of: $0) }
    switch side {
    case .client: self.facts.tls.clientCertificates = facts
    case .server:
      self.facts.tls.certificates = facts
      self.facts.tls.certificateMoment = moment
    }
  }
}

extension TLSFacts {
  mutating func keep(_ step: Located<HandshakeType>) {
    guard steps.count < Self.maximumSteps else { return }
    steps.append(step)
  }

  mutating func keep(_ alert: AlertFact) {
    guard alerts.count < MessageFacts.maximumAlerts else { return }
    alerts.append(alert)
  }
}
