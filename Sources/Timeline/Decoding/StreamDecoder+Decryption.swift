import Decryption
import RDPMessages
import Streams
import TLSMessages
import Wire

// With keys: records are opened, and what is inside goes to the decoders that read the same in the
// clear.
extension StreamDecoder {
  /// Takes a whole record that the keys at hand protect.
  func open(
    _ header: TLSRecordHeader,
    _ record: [UInt8],
    from side: Side,
    state: inout DirectionState,
    at moment: Moment
  ) {
    do throws(DecodeError) {
      let payload = record.dropFirst(TLSRecordHeader.byteCount)
      guard let opened = try state.opener?.open(header, payload) else { return }
      facts.tls.decryption.count(opened.octets.count, of: opened.type, from: side)
      keys.onOpened?(moment, side, opened.type, opened.octets.count)
      noteFirstRecord(header, from: side, at: moment)
      reading = .decrypted
      defer { reading = outerReading }
      handle(opened, byteCount: header.length, from: side, state: &state, at: moment)
    } catch {
      facts.tls.decryption.failedRecords += 1
      if state.opener?.openedCount == 0 {
        // The first record of these keys: they are another connection's.
        facts.tls.decryption.note(.wrongSecrets, at: moment)
        state.opener = nil
      } else {
        facts.keep(error, from: side, at: moment)
      }
      losePlaintext(from: side)
      noteRecord(header, from: side, at: moment)
    }
  }

  private func handle(
    _ opened: RecordOpener.Opened,
    byteCount: Int,
    from side: Side,
    state: inout DirectionState,
    at moment: Moment
  ) {
    switch opened.type {
    case .alert: handle(alert: opened.octets, from: side, at: moment)
    case .handshake:
      handle(handshake: opened.octets, from: side, state: &state, at: moment)
    case .changeCipherSpec:
      // A renegotiation's new keys (RFC 5246 §7.4.1.1).
      beginEncryption(from: side, state: &state, at: moment)
    case .applicationData:
      facts.encrypted.count(byteCount, from: side, at: moment)
      switch contents {
      case .remoteDesktop: observe(application: opened.octets, from: side, at: moment)
      case .multitransport: observe(tunnel: opened.octets, from: side, at: moment)
      }
    default: break
    }
  }

  /// Begins a side's encryption after its ChangeCipherSpec, in TLS 1.2 and before.
  func beginEncryption(from side: Side, state: inout DirectionState, at moment: Moment) {
    state.opener = decryptor.opener(of: side)
    noteDecryptionProblem(at: moment)
  }

  /// Begins TLS 1.3's encryption, which both sides do after the ServerHello.
  func beginTLS13(server state: inout DirectionState, at moment: Moment) {
    state.opener = decryptor.handshakeOpener(of: .server)
    client.opener = decryptor.handshakeOpener(of: .client)
    noteDecryptionProblem(at: moment)
  }

  private func noteDecryptionProblem(at moment: Moment) {
    if let problem = decryptor.problem { facts.tls.decryption.note(problem, at: moment) }
  }

  /// Takes a Finished that was read.
  func finishHandshake(from side: Side, state: inout DirectionState, at moment: Moment) {
    noteFinished(from: side, at: moment)
    if isTLS13 { state.opener = decryptor.trafficOpener(of: side) }
  }

  /// Octets of a side's plaintext are missing.
  func losePlaintext(from side: Side) {
    if let gateway, let moment = facts.encrypted.last { gateway.lose(from: side, at: moment) }
    switch side {
    case .client: clientPlaintext.lose()
    case .server: serverPlaintext.lose()
    }
  }

  /// Takes a message that was just decoded, with where it was sent and how it was read.
  func located<Message>(_ message: Message, from side: Side, at moment: Moment) -> Located<Message>
  {
    Located(message: message, side: side, moment: moment, reading: reading)
  }
}

// The plaintext of application data.
extension StreamDecoder {
  /// Takes what a record with application data held, and hands on each message that is complete
  /// with it: TSRequests and the early authorization first, then what also comes in the clear.
  func observe(plaintext octets: ArraySlice<UInt8>, from side: Side, at moment: Moment) {
    switch side {
    case .client: clientPlaintext.append(octets)
    case .server: serverPlaintext.append(octets)
    }
    do throws(DecodeError) {
      while let message = try nextPlaintextMessage(from: side) {
        handle(message, from: side, at: moment)
      }
    } catch {
      facts.keep(error, from: side, at: moment)
    }
  }

  private func nextPlaintextMessage(
    from side: Side
  ) throws(DecodeError) -> PlaintextFramer.Message? {
    let isBeforeMCS = facts.deepest < .mcs
    return switch side {
    case .client: try clientPlaintext.next(isBeforeMCS: isBeforeMCS)
    case .server: try serverPlaintext.next(isBeforeMCS: isBeforeMCS)
    }
  }

  private func handle(_ message: PlaintextFramer.Message, from side: Side, at moment: Moment) {
    switch message {
    case .credSSP(let octets): note(tsRequest: octets, from: side, at: moment)
    case .earlyAuthorization(let octets):
      note(earlyAuthorization: octets, from: side, at: moment)
    case .rdstls(let octets): note(rdstls: octets, from: side, at: moment)
    case .rdsaad(let octets): note(rdsaad: octets, from: side, at: moment)
    case .tpkt(let octets):
      handle(rdp: octets, byteCount: octets.count, from: side, at: moment)
    case .fastPath(let octets, let byteCount):
      handle(rdp: octets, byteCount: byteCount, from: side, at: moment)
    }
  }
}
