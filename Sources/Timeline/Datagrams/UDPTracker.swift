import Decryption
import RDPMessages
import Streams
import TLSMessages
import Wire

/// Follows one RDP-UDP connection, from its SYN to its record.
final class UDPTracker {
  /// Repeats of the SYN that are kept.
  static let maximumRepeats = 16
  /// Octets of a datagram that may hold a TLS alert and nothing else, headers included.
  private static let alertByteCounts = 24...160

  private let number: Int
  let client: Endpoint
  let server: Endpoint
  let synchronization: Located<RDPUDPSynchronization>
  private var repeats: [Moment] = []
  private(set) var answer: Located<RDPUDPSynchronization>?
  private var established: Moment?
  private var error: ICMPErrorObservation?
  private var heard = Heard()
  private var frameCount = 0
  private var clientBytes = 0
  private var serverBytes = 0
  let decoder: StreamDecoder
  /// Records every message; `nil` unless the connection is to be shown.
  private(set) var log: EventLog?
  private var clientOrder: DatagramSequencer
  private var serverOrder: DatagramSequencer?
  private var clientFramer = DTLSHandshakeFramer()
  private var serverFramer = DTLSHandshakeFramer()

  /// Who was heard when, and who since then was called in vain.
  private struct Heard {
    var last: Moment?
    var client: Moment?
    var server: Moment?
    /// The run of datagrams from one side since the other was heard.
    var run: (side: Side, first: Moment, last: Moment, count: Int)?

    mutating func note(_ side: Side, at moment: Moment) {
      last = moment
      switch side {
      case .client: client = moment
      case .server: server = moment
      }
      if let run, run.side == side {
        self.run = (side, run.first, moment, run.count + 1)
      } else {
        run = (side, moment, moment, 1)
      }
    }
  }

  init(
    number: Int,
    client: Endpoint,
    server: Endpoint,
    _ synchronization: RDPUDPSynchronization,
    at moment: Moment,
    certificates: CertificateShelf,
    keys: KeyRing,
    log: EventLog?
  ) {
    self.number = number
    self.log = log
    self.client = client
    self.server = server
    self.synchronization = Located(message: synchronization, side: .client, moment: moment)
    clientOrder = DatagramSequencer(first: synchronization.initialSequence &+ 1, mask: .max)
    decoder = StreamDecoder(
      startsAtBeginning: true,
      certificates: certificates,
      keys: keys,
      contents: .multitransport
    )
    decoder.log = log
    decoder.facts.enter(.udp, at: moment)
  }

  /// Its last datagram.
  var last: Moment { heard.last ?? synchronization.moment }

  /// Whether a SYN opens this connection, again.
  func isOpened(by other: RDPUDPSynchronization) -> Bool {
    other.initialSequence == synchronization.message.initialSequence
  }

  func observe(_ payload: Span<UInt8>, wireLength: Int, from side: Side, at moment: Moment) {
    frameCount += 1
    heard.note(side, at: moment)
    switch side {
    case .client: clientBytes += wireLength
    case .server: serverBytes += wireLength
    }
    // The answer to the SYN may have been captured before it, or not at all.
    if side == .client, established == nil, answer != nil || heard.server != nil {
      established = moment
    }
    let taken = log?.takenCount
    read(payload, wireLength: wireLength, from: side, at: moment)
    if let log, log.takenCount == taken {
      log.note(datagram: payload, wireLength: wireLength, of: self, from: side, at: moment)
    }
  }

  private func read(
    _ payload: Span<UInt8>,
    wireLength: Int,
    from side: Side,
    at moment: Moment
  ) {
    // Of a session's bulk nothing is looked at but what may be its end.
    guard decoder.facts.deepest < .session || Self.alertByteCounts.contains(wireLength) else {
      return
    }
    var octets: [UInt8] = []
    octets.reserveCapacity(payload.count)
    for index in payload.indices { octets.append(payload[index]) }
    do throws(DecodeError) {
      try decode(octets, cutCount: wireLength - payload.count, from: side, at: moment)
    } catch {
      // What is cut by the snap length is no fault of its sender.
      if payload.count == wireLength { decoder.facts.keep(error, from: side, at: moment) }
    }
  }

  func observe(_ error: ICMPErrorObservation) {
    if self.error == nil, error.meaning.endsConnection { self.error = error }
    log?.note(.icmp(error, count: 1), from: nil, at: error.moment, in: decoder.facts.deepest)
  }

  private func decode(
    _ octets: [UInt8],
    cutCount: Int,
    from side: Side,
    at moment: Moment
  ) throws(DecodeError) {
    guard let answer else {
      try decodeHandshake(octets, from: side, at: moment)
      return
    }
    if answer.message.version == .version3 {
      // A SYN+ACK that comes again has an acknowledgment where a packet has its prefix.
      guard side == .client || !isAnswer(octets) else {
        noteRepeatedAnswer(octets, at: moment)
        return
      }
      guard let data = try RDPUDP2Packet(datagram: octets[...]).data else { return }
      let part = DatagramSequencer.Part(octets: Array(data.octets), cutCount: cutCount)
      take(UInt32(data.channelSequence), part, from: side, at: moment)
    } else {
      guard side == .client || !isAnswer(octets) else {
        noteRepeatedAnswer(octets, at: moment)
        return
      }
      var reader = ByteReader(octets, layer: .rdpUDP)
      guard let source = try RDPUDPDatagram(decoding: &reader).source else { return }
      let part = DatagramSequencer.Part(octets: Array(source.octets), cutCount: cutCount)
      take(source.number, part, from: side, at: moment)
    }
  }

  private func decodeHandshake(
    _ octets: [UInt8],
    from side: Side,
    at moment: Moment
  ) throws(DecodeError) {
    var reader = ByteReader(octets, layer: .rdpUDP)
    let message = try RDPUDPSynchronization(decoding: &reader)
    log?.note(
      message,
      isRepeated: 1 < frameCount && side == .client,
      octets,
      from: side,
      at: moment,
      in: decoder.facts.deepest
    )
    if side == .client {
      if frameCount > 1, repeats.count < Self.maximumRepeats { repeats.append(moment) }
    } else if message.isAnswer {
      answer = Located(message: message, side: side, moment: moment)
      let isVersion3 = message.version == .version3
      if isVersion3 { clientOrder = DatagramSequencer(first: 1, mask: 0xFFFF) }
      serverOrder =
        isVersion3
        ? DatagramSequencer(first: 1, mask: 0xFFFF)
        : DatagramSequencer(first: message.initialSequence &+ 1, mask: .max)
    }
  }

  private func noteRepeatedAnswer(_ octets: [UInt8], at moment: Moment) {
    guard let message = answer?.message else { return }
    log?.note(
      message,
      isRepeated: true,
      octets,
      from: .server,
      at: moment,
      in: decoder.facts.deepest
    )
  }

  private func isAnswer(_ octets: [UInt8]) -> Bool {
    var reader = ByteReader(octets, layer: .rdpUDP)
    guard let again = try? RDPUDPSynchronization(decoding: &reader) else { return false }
    return again.initialSequence == answer?.message.initialSequence
  }
}

// MARK: - What the path carries

extension UDPTracker {
  private func take(
    _ number: UInt32,
    _ part: DatagramSequencer.Part,
    from side: Side,
    at moment: Moment
  ) {
    guard decoder.facts.deepest < .session else {
      noteEnd(part.octets, from: side, at: moment)
      return
    }
    guard !synchronization.message.flags.contains(.synLossy) else {
      decodeDTLS(part, from: side, at: moment)
      return
    }
    let taken =
      side == .client
      ? clientOrder.take(number, part) : serverOrder?.take(number, part) ?? .nothing
    let position = StreamPosition(side: side, offset: 0, moment: moment)
    if taken.hasGap { decoder.skip(1, at: position, cause: .notCaptured) }
    for part in taken.ready {
      decoder.consume(part.octets.span, at: position)
      if 0 < part.cutCount { decoder.skip(part.cutCount, at: position, cause: .snapLength) }
    }
  }

  /// Takes data of an established session, of which only TLS's or DTLS's last word is of interest.
  private func noteEnd(_ octets: [UInt8], from side: Side, at moment: Moment) {
    guard octets.first == TLSContentType.alert.rawValue else { return }
    var reader = ByteReader(octets, layer: .tls)
    let isWhole =
      TLSRecordHeader(octets[...]).map {
        $0.length + TLSRecordHeader.byteCount == octets.count
      } ?? ((try? DTLSRecord(decoding: &reader)) != nil && reader.isAtEnd)
    guard isWhole else { return }
    decoder.facts.tls.keep(AlertFact(alert: nil, side: side, moment: moment))
    log?.note(.alert(nil), from: side, at: moment, in: decoder.facts.deepest)
  }

  private func decodeDTLS(
    _ part: DatagramSequencer.Part,
    from side: Side,
    at moment: Moment
  ) {
    var reader = ByteReader(part.octets, layer: .tls)
    do throws(DecodeError) {
      while !reader.isAtEnd {
        let record = try DTLSRecord(decoding: &reader)
        var messages: [HandshakeMessage] = []
        if record.type == .handshake, record.epoch == 0 {
          messages =
            side == .client
            ? try clientFramer.take(record.fragment) : try serverFramer.take(record.fragment)
        }
        decoder.take(record, messages, from: side, at: moment)
      }
    } catch {
      if part.cutCount == 0 { decoder.facts.keep(error, from: side, at: moment) }
    }
  }
}

// MARK: - The record

extension UDPTracker {
  /// Datagrams in vain that make silence an ending, and not the end of the capture.
  private static let minimumUnanswered = 3

  func finish(captureEnd: Moment) -> UDPConnection {
    var facts = decoder.facts
    log?.finish(facts.undecoded, in: facts.phases)
    log = nil
    for index in facts.phases.indices {
      let isLast = index == facts.phases.indices.last
      facts.phases[index].end = isLast ? last : facts.phases[index + 1].start
    }
    return UDPConnection(
      number: number,
      client: client,
      server: server,
      first: synchronization.moment,
      last: last,
      frameCount: frameCount,
      clientBytes: clientBytes,
      serverBytes: serverBytes,
      synchronization: synchronization,
      repeats: repeats,
      answer: answer,
      established: established,
      facts: facts,
      error: error,
      silence: silence,
      ending: ending(facts, last: last, captureEnd: captureEnd)
    )
  }

  private var silence: UDPConnection.Silence? {
    guard let run = heard.run, Self.minimumUnanswered <= run.count,
      let since = run.side == .client ? heard.server : heard.client,
      TCPConversation.silenceThreshold <= run.last.time.seconds(since: since.time)
    else { return nil }
    return UDPConnection.Silence(
      side: run.side.peer,
      since: since,
      unanswered: (run.first, run.last, run.count)
    )
  }

  private func ending(
    _ facts: MessageFacts,
    last: Moment,
    captureEnd: Moment
  ) -> Ending {
    if let alert = facts.tls.alerts.last {
      return Ending(kind: .fin, actor: .init(alert.side), moment: alert.moment)
    }
    if let error {
      let actor: Ending.Actor =
        switch error.reporter {
        case server.address: .server
        case client.address: .client
        default: .middlebox
        }
      return Ending(kind: .icmp, actor: actor, moment: error.moment)
    }
    if let silence {
      return Ending(kind: .timeout, actor: .init(silence.side), moment: silence.unanswered.last)
    }
    let wait = captureEnd.time.seconds(since: synchronization.moment.time)
    let isUnanswered =
      answer == nil && heard.server == nil && TCPConversation.silenceThreshold <= wait
    return Ending(kind: isUnanswered ? .timeout : .open, actor: .unknown, moment: last)
  }
}
