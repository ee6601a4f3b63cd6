import Decryption
import RDPMessages
import Streams
import TLSMessages

/// The framing of one direction: what is being gathered and what is passed over.
struct DirectionState {
  var framing = Framing.start
  /// Whether this side's records are encrypted from here on.
  var isEncrypted = false
  /// Octets of the current message that nobody needs.
  var skip = 0
  /// Octets gathered of the current message.
  var pending: [UInt8] = []
  /// The segment that began it.
  var pendingStart: Moment?
  /// Octets to gather before looking again.
  var wanted = Self.firstLook
  /// Decrypts this side's records; `nil` without keys, and after a gap.
  var opener: RecordOpener?
  var handshake = HandshakeFramer()

  /// What the octets are taken for.
  enum Framing: Hashable {
    /// Nothing was seen yet.
    case start
    case rdp
    case tls
    /// Octets are missing; a plausible header finds the way back.
    case resynchronising
    /// Another protocol.
    case foreign
  }

  /// Octets that tell RDP, TLS and other protocols apart.
  static let firstLook = 5
  /// Octets of the shortest fast-path PDU.
  static let firstLookAtPDU = 3

  /// Whether a record's contents are not looked at.
  func isOpaque(_ type: TLSContentType) -> Bool {
    (isEncrypted || type == .applicationData) && opener == nil
  }

  /// Whether a record is protected with the keys at hand.
  ///
  /// TLS 1.3 leaves ChangeCipherSpec, and what a side says before it has the keys, in the clear.
  func canOpen(_ type: TLSContentType) -> Bool {
    guard let opener else { return false }
    return opener.isTLS13 ? type == .applicationData : isEncrypted
  }

  /// Passes over what is left of the current message.
  ///
  /// - Returns: Octets passed over, at most `count`.
  mutating func skipped(of count: Int) -> Int {
    let passed = min(skip, count)
    skip -= passed
    return passed
  }

  /// Passes over a whole message of `total` octets, of which `available` are here.
  ///
  /// - Returns: Octets passed over now.
  mutating func pass(_ total: Int, of available: Int) -> Int {
    let passed = min(total, available)
    skip = total - passed
    return passed
  }

  mutating func take() -> [UInt8] {
    defer { clear() }
    return pending
  }

  /// Takes what comes next for another framing.
  mutating func become(_ framing: Framing) {
    self.framing = framing
    if pending.isEmpty { clear() }
  }

  mutating func clear() {
    // Of encrypted records next to nothing is gathered: without memory of its own the empty array costs
    // no look at it.
    pending.removeAll(keepingCapacity: !isEncrypted)
    wanted = framing == .rdp ? Self.firstLookAtPDU : Self.firstLook
  }

  /// Octets are missing from the stream.
  mutating func lose(_ count: Int) {
    if pending.isEmpty, count <= skip {
      skip -= count
      return
    }
    loseFraming()
  }

  mutating func loseFraming() {
    guard framing != .foreign else { return }
    skip = 0
    // Without the records between, nobody knows the number of the next.
    opener = nil
    framing = .resynchronising
    clear()
  }

  /// Looks for a header at what was gathered; otherwise drops the oldest octet.
  mutating func resynchronise() {
    if TLSRecordHeader(pending[...]) != nil {
      // What comes after a gap may be encrypted whatever its type says.
      isEncrypted = true
      framing = .tls
      return
    }
    if pending.count >= 3, pending[0] == 3, pending[1] == 0 {
      framing = .rdp
      return
    }
    pending.removeFirst()
  }

  /// Decides what the stream is by its first octets.
  mutating func recognise(_ decoder: StreamDecoder, _ position: StreamPosition) {
    if pending[0] == 3, pending[1] == 0 {
      framing = .rdp
    } else if TLSRecordHeader(pending[...]) != nil {
      framing = .tls
    } else if decoder.startsAtBeginning, position.side == .client,
      decoder.facts.preconnection == nil,
      let size = PreconnectionPDU.byteCount(startOf: pending[...])
    {
      guard size <= pending.count else {
        wanted = size
        return
      }
      // Another beginning follows it: X.224, or TLS at once.
      decoder.note(preconnection: take(), at: position.moment)
    } else if !decoder.startsAtBeginning {
      loseFraming()
    } else {
      framing = .foreign
      decoder.noteForeign(pending[...], from: position.side, at: position.moment)
      clear()
    }
  }
}
