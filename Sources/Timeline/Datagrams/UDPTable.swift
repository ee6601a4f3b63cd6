import Decryption
import Packets
import RDPMessages
import Streams
import TLSMessages
import Wire

/// The RDP-UDP connections of a capture, on any port: each begins with a SYN that nothing else looks
/// like.
struct UDPTable {
  /// Connections followed; beyond it they are counted.
  static let maximumConnections = 4096

  let certificates: CertificateShelf
  let keys: KeyRing
  private(set) var trackers: [UDPTracker] = []
  private(set) var unlistedCount = 0
  /// Connections opened so far, forgotten ones among them: the next one's number.
  private var openedCount = 0
  private let log: EventLog?
  private let logs: EventLogs?
  private var indexes: [Pair: Int] = [:]

  /// Creates an empty table.
  ///
  /// - Parameters:
  ///   - certificates: Where the certificates shown are kept.
  ///   - keys: What decrypts.
  ///   - log: Records the events of one connection; `nil` for none.
  ///   - logs: Records some events of every connection; `nil` for none.
  init(
    certificates: CertificateShelf,
    keys: KeyRing,
    log: EventLog? = nil,
    logs: EventLogs? = nil
  ) {
    self.certificates = certificates
    self.keys = keys
    self.log = log
    self.logs = logs
  }

  private struct Pair: Hashable {
    let low: Endpoint
    let high: Endpoint

    init(_ one: Endpoint, _ other: Endpoint) {
      let isInOrder = (one.address, one.port) <= (other.address, other.port)
      low = isInOrder ? one : other
      high = isInOrder ? other : one
    }
  }

  /// Takes a datagram, which nearly always is none of RDP's.
  @inline(__always)
  mutating func observe(
    _ datagram: UDPDatagram,
    of packet: Packet,
    in bytes: Span<UInt8>,
    at moment: Moment
  ) {
    let payload = bytes.extracting(datagram.payloadRange)
    let mayStart = payload.mayStartRDPUDP(wireLength: datagram.payloadLength)
    guard mayStart || !trackers.isEmpty else { return }
    let sender = Endpoint(address: packet.source, port: datagram.sourcePort)
    let receiver = Endpoint(address: packet.destination, port: datagram.destinationPort)
    if mayStart { open(sender, receiver, payload, at: moment) }
    guard let index = indexes[Pair(sender, receiver)] else { return }
    trackers[index].observe(
      payload,
      wireLength: datagram.payloadLength,
      from: trackers[index].client == sender ? .client : .server,
      at: moment
    )
  }

  /// Takes an ICMP error about a datagram.
  func observe(
    _ quoted: QuotedSegment,
    _ meaning: ICMPMessage.Meaning,
    by reporter: IPAddress,
    at moment: Moment
  ) {
    guard quoted.protocolNumber == 17, let sourcePort = quoted.sourcePort,
      let destinationPort = quoted.destinationPort
    else { return }
    let sender = Endpoint(address: quoted.source, port: sourcePort)
    let receiver = Endpoint(address: quoted.destination, port: destinationPort)
    guard let index = indexes[Pair(sender, receiver)] else { return }
    trackers[index].observe(
      ICMPErrorObservation(
        meaning: meaning,
        reporter: reporter,
        side: trackers[index].client == sender ? .client : .server,
        moment: moment
      )
    )
  }

  /// Forgets the connections that were last heard before a moment.
  mutating func forget(before cutoff: Timestamp) {
    certificates.makeRoom()
    guard trackers.contains(where: { $0.last.time < cutoff }) else { return }
    trackers.removeAll { $0.last.time < cutoff }
    indexes = [:]
    for (index, tracker) in trackers.enumerated() {
      indexes[Pair(tracker.client, tracker.server)] = index
    }
  }

  private mutating func open(
    _ client: Endpoint,
    _ server: Endpoint,
    _ payload: Span<UInt8>,
    at moment: Moment
  ) {
    var octets: [UInt8] = []
    for index in payload.indices { octets.append(payload[index]) }
    var reader = ByteReader(octets, layer: .rdpUDP, boundedBy: .snapLength)
    guard let message = try? RDPUDPSynchronization(decoding: &reader), !message.isAnswer,
      reader.remaining.allSatisfy({ $0 == 0 })
    else { return }
    let pair = Pair(client, server)
    if let index = indexes[pair], trackers[index].isOpened(by: message) { return }
    guard trackers.count < Self.maximumConnections else {
      unlistedCount += 1
      return
    }
    indexes[pair] = trackers.count
    let number = openedCount
    openedCount += 1
    trackers.append(
      UDPTracker(
        number: number,
        client: client,
        server: server,
        message,
        at: moment,
        certificates: certificates,
        keys: keys,
        log: log?.connection == .udp(number) ? log : logs?.open(.udp(number))
      )
    )
  }
}
