package import Decryption
import RDPMessages
package import Streams
package import TLSMessages
import Wire

/// Turns one connection's two byte streams into facts: frames TPKT, fast path and TLS records,
/// and hands complete messages to their decoders.
///
/// A class, because it belongs to one connection and is called back by its reassembly.
package final class StreamDecoder: StreamConsumer {
  // What nearly every record touches comes first: side by side it takes fewer cache lines.

  /// Records every message; `nil` unless the connection is to be shown.
  var log: EventLog?
  /// How the agreed suite wraps plaintext, worked out once: it is asked for every record.
  var protection: RecordProtection?
  var isTLS13 = false
  /// Whether every record with application data is one of the session, found out once.
  var isInSession = false
  /// How what is being decoded was read; everything located meanwhile says so.
  var reading = Reading.clear {
    didSet { log?.reading = reading }
  }
  var shape = EncryptedShape()
  var client = DirectionState()
  var server = DirectionState()
  /// What was learned so far.
  package internal(set) var facts = MessageFacts()
  /// What the keys of the capture give for this connection.
  var decryptor: TLSDecryptor
  var clientPlaintext = PlaintextFramer()
  var serverPlaintext = PlaintextFramer()
  /// Decrypt a side's PDUs under standard RDP security; `nil` without a key, and after a gap.
  var clientSecurity: RDPSecurityOpener?
  var serverSecurity: RDPSecurityOpener?
  /// Which MCS channel carries what, as far as the settings are readable.
  var channels = ChannelMap()
  /// Whether the ladder has the PDU at hand already, as it was decrypted.
  var isPDULogged = false
  var serverPDUsSinceDemandActive = 0
  /// Follows HTTP to a gateway, once the plaintext shows HTTP.
  var gateway: GatewayDecoder?
  /// The capture's gateway tunnels; `nil` where no gateway is looked for.
  var tunnels: GatewayTunnels?
  /// What the server said before the client, until that tells what it is.
  var heldPlaintext: [(octets: ArraySlice<UInt8>, moment: Moment)] = []

  /// Whether the streams are seen from their first octet.
  let startsAtBeginning: Bool
  let certificates: CertificateShelf
  let keys: KeyRing
  let contents: Contents
  /// How the streams' own octets were read: decrypted where a gateway's channel brings them.
  let outerReading: Reading

  /// What the streams carry.
  package enum Contents {
    /// A Remote Desktop connection.
    case remoteDesktop
    /// The tunnel of an RDP-UDP connection. [MS-RDPEMT]
    case multitransport
  }

  /// Creates a decoder.
  ///
  /// - Parameters:
  ///   - startsAtBeginning: Whether the handshake was captured, so that the first octets are the
  ///     protocol's first.
  ///   - certificates: Where the capture's certificates are kept.
  ///   - keys: Every key that was given for the capture.
  ///   - contents: What the streams carry.
  ///   - outerReading: How their octets were read.
  package init(
    startsAtBeginning: Bool,
    certificates: CertificateShelf = CertificateShelf(),
    keys: KeyRing = KeyRing(),
    contents: Contents = .remoteDesktop,
    outerReading: Reading = .clear
  ) {
    self.startsAtBeginning = startsAtBeginning
    self.certificates = certificates
    self.contents = contents
    self.keys = keys
    self.outerReading = outerReading
    reading = outerReading
    decryptor = TLSDecryptor(ring: keys)
  }

  /// A decoder that has seen the same and goes on by itself; it records no events and opens no
  /// gateway's channel.
  init(copying other: StreamDecoder) {
    startsAtBeginning = other.startsAtBeginning
    contents = other.contents
    outerReading = other.outerReading
    certificates = other.certificates
    facts = other.facts
    client = other.client
    server = other.server
    shape = other.shape
    decryptor = other.decryptor
    clientPlaintext = other.clientPlaintext
    serverPlaintext = other.serverPlaintext
    reading = other.reading
    serverPDUsSinceDemandActive = other.serverPDUsSinceDemandActive
    protection = other.protection
    isTLS13 = other.isTLS13
    isInSession = other.isInSession
    keys = other.keys
    clientSecurity = other.clientSecurity
    serverSecurity = other.serverSecurity
    channels = other.channels
    isPDULogged = other.isPDULogged
    heldPlaintext = other.heldPlaintext
  }

  package func consume(_ bytes: Span<UInt8>, at position: StreamPosition) {
    switch position.side {
    case .client: consume(bytes, at: position, state: &client)
    case .server: consume(bytes, at: position, state: &server)
    }
  }

  package func skip(_ count: Int, at position: StreamPosition, cause: GapCause) {
    log?.note(
      .gap(byteCount: count, cause),
      from: position.side,
      at: position.moment,
      in: facts.deepest
    )
    if position.side == .server {
      facts.lastServerGap = (position.moment, position.offset..<position.offset + count)
    }
    if facts.firstGap == nil {
      facts.firstGap = Located(message: cause, side: position.side, moment: position.moment)
    }
    switch position.side {
    case .client:
      facts.missingOctets.client += count
      clientSecurity = nil
      client.lose(count)
    case .server:
      facts.missingOctets.server += count
      serverSecurity = nil
      server.lose(count)
    }
  }

  private func consume(
    _ bytes: Span<UInt8>,
    at position: StreamPosition,
    state: inout DirectionState
  ) {
    var cursor = state.skipped(of: bytes.count)
    while cursor < bytes.count {
      if state.pending.isEmpty, state.framing == .tls,
        cursor + TLSRecordHeader.byteCount <= bytes.count,
        let header = TLSRecordHeader(bytes, at: cursor), state.isOpaque(header.type)
      {
        // Per-packet regime: of a bulk record only the header is looked at.
        noteRecord(header, from: position.side, at: position.moment)
        cursor += state.pass(header.length + TLSRecordHeader.byteCount, of: bytes.count - cursor)
        continue
      }
      guard state.framing != .foreign else { return }
      if state.pending.isEmpty { state.pendingStart = position.moment }
      let taken = min(state.wanted - state.pending.count, bytes.count - cursor)
      state.pending.append(contentsOf: bytes.extracting(cursor..<cursor + taken))
      cursor += taken
      if state.wanted <= state.pending.count { advance(&state, position) }
      cursor += state.skipped(of: bytes.count - cursor)
    }
  }

  /// Looks at what was gathered: more octets are wanted, a message is complete, or it is neither.
  private func advance(_ state: inout DirectionState, _ position: StreamPosition) {
    switch state.framing {
    case .start:
      state.recognise(self, position)
      if state.framing != .start, !state.pending.isEmpty { advance(&state, position) }
    case .rdp: advanceRDP(&state, position)
    case .tls: advanceTLS(&state, position)
    case .resynchronising:
      state.resynchronise()
      if state.framing != .resynchronising { advance(&state, position) }
    case .foreign: state.clear()
    }
  }

  private func advanceRDP(_ state: inout DirectionState, _ position: StreamPosition) {
    switch RDPFraming(startOf: state.pending[...]) {
    case .needsMoreBytes(let atLeast): state.wanted = max(atLeast, state.pending.count + 1)
    case .tpkt(let byteCount), .fastPath(let byteCount):
      let interest = interest(in: state.pending[...], byteCount, from: position.side)
      guard interest <= state.pending.count else {
        state.wanted = interest
        return
      }
      let message = state.take()
      if interest < byteCount { state.skip = byteCount - interest }
      handle(rdp: message[...], byteCount: byteCount, from: position.side, at: position.moment)
      if facts.selected?.usesTLS == true, facts.ultimatum == nil {
        // Once the server has chosen TLS, both directions continue with it.
        state.become(.tls)
        if position.side == .server, client.framing == .rdp { client.become(.tls) }
      }
    case .notRDP:
      // A server that answers TLS without a confirm, or a client that began it after one that the
      // capture lacks.
      if state.pending.first == TLSContentType.handshake.rawValue {
        state.framing = .tls
        state.wanted = TLSRecordHeader.byteCount
      } else {
        state.loseFraming()
      }
    }
  }

  /// Octets of a PDU that are gathered: of a session's bulk only the headers tell something.
  private func interest(
    in pending: ArraySlice<UInt8>,
    _ byteCount: Int,
    from side: Side
  ) -> Int {
    guard Phase.session <= facts.deepest, Self.bulkInterest < byteCount, !decryptsPDUs(from: side)
    else { return byteCount }
    guard Self.bulkInterest <= pending.count else { return Self.bulkInterest }
    return SharePDU.isWords(tpkt: pending) ? byteCount : Self.bulkInterest
  }

  /// Octets of a PDU that hold its TPKT, X.224, MCS, share control and share data headers and an
  /// error code.
  private static let bulkInterest = 40

  private func advanceTLS(_ state: inout DirectionState, _ position: StreamPosition) {
    guard let header = TLSRecordHeader(state.pending[...]) else {
      // xrdp says its ultimatum in plain octets on the TLS stream after a failed handshake.
      if state.pending.first == 3 {
        state.framing = .rdp
        advanceRDP(&state, position)
      } else {
        state.loseFraming()
      }
      return
    }
    let total = TLSRecordHeader.byteCount + header.length
    if state.isOpaque(header.type) {
      let gathered = state.pending.count
      state.clear()
      state.skip = total - gathered
      noteRecord(header, from: position.side, at: position.moment)
    } else if state.pending.count < total {
      // A handshake that breaks off inside its first record has begun all the same.
      noteFirstRecord(header, from: position.side, at: position.moment)
      state.wanted = total
    } else if state.canOpen(header.type) {
      let record = state.take()
      open(header, record, from: position.side, state: &state, at: position.moment)
    } else {
      let record = state.take()
      handle(
        record: header,
        payload: record.dropFirst(TLSRecordHeader.byteCount),
        from: position.side,
        state: &state,
        at: position.moment
      )
    }
  }
}
