package import Packets
package import Wire

/// What kind of packet showed that a host is alive; all but the first show that it is awake.
package enum ActivityKind: Int, Hashable, Sendable, CaseIterable {
  /// Answers in ARP or neighbour discovery: a network card may give these while its host sleeps.
  case addressResolution
  /// Questions in ARP or neighbour discovery: no card asks for a sleeping host.
  case addressRequest
  case icmp
  /// TCP on a port that is not followed as RDP.
  case tcp
  /// TCP of a followed connection.
  case rdp
  case udp
}

/// When each address was heard, on any protocol.
package struct Host: Sendable {
  /// A host is silent when nothing came from it for this long, in seconds: longer than the pauses
  /// of an idle RDP session, which sends a heartbeat every second.
  package static let silenceThreshold = 10.0
  fileprivate static let silenceNanoseconds = Int64(silenceThreshold * 1e9)
  /// Silences kept for one host.
  package static let maximumSilences = 64
  /// Hardware addresses kept for one host.
  package static let maximumHardwareAddresses = 4

  // Written for every packet, and so first, in place and without optionals: frame 0 stands for none.
  /// Last packet of each kind, by ``ActivityKind``.
  private var lastOfKind = InlineArray<6, Moment>(repeating: .never)
  /// ARP requests or neighbour solicitations for it since it was last heard.
  package internal(set) var unansweredResolutions: [Moment] = []
  /// What `hops` was last looked up for.
  private var lastTimeToLive = Self.noTimeToLive
  private static let noTimeToLive = UInt16.max
  private var firstOfAny = Moment.never
  private var firstOfAwake = Moment.never

  /// The host's address.
  package fileprivate(set) var address: IPAddress
  /// First packet from it; `nil` when it was only addressed.
  package var first: Moment? { firstOfAny.ifSeen }
  /// Last packet from it.
  package var last: Moment? { latest(of: .addressResolution).ifSeen }
  /// First packet that only an awake host sends: anything but answers about its hardware address.
  package var firstAwake: Moment? { firstOfAwake.ifSeen }
  /// Last such packet.
  package var lastAwake: Moment? { latest(of: .addressRequest).ifSeen }
  /// Stretches without such a packet, oldest first.
  package private(set) var silences: [(from: Moment, to: Moment)] = []
  /// Who claimed the address in ARP or neighbour discovery.
  package private(set) var hardwareAddresses: [MACAddress] = []
  /// Claims of the address that follow another card's within ``claimWindow``: two machines have it.
  package private(set) var rivalClaims: [Moment] = []
  private var lastClaim: (hardware: MACAddress, moment: Moment)?
  /// Claims of two cards within this many seconds answer one question; one that stands in for a
  /// machine (a sleep proxy, a standby router) takes over and is alone then.
  private static let claimWindow = 2.0
  /// Hops that its own packets travelled to the capture, resets left out; `nil` before the first.
  package private(set) var hops: ClosedRange<UInt8>?

  init(address: IPAddress) { self.address = address }

  @inline(__always)
  mutating func note(_ kind: ActivityKind, timeToLive: UInt8?, at moment: Moment) {
    // A card's answers for its sleeping host neither end a silence nor begin one.
    let last = lastOfKind[kind.rawValue]
    if last.frame == 0 || kind != .addressResolution && moment.ends(silenceSince: last) {
      noteReturn(kind, at: moment)
    }
    lastOfKind[kind.rawValue] = moment
    if !unansweredResolutions.isEmpty { unansweredResolutions.removeAll(keepingCapacity: true) }
    if let timeToLive, UInt16(timeToLive) != lastTimeToLive { note(timeToLive: timeToLive) }
  }

  /// Notes a packet of a kind that was not seen for long, or never.
  private mutating func noteReturn(_ kind: ActivityKind, at moment: Moment) {
    if firstOfAny.frame == 0 { firstOfAny = moment }
    guard kind != .addressResolution else { return }
    guard let lastAwake else {
      firstOfAwake = moment
      return
    }
    guard moment.ends(silenceSince: lastAwake) else { return }
    if silences.count == Self.maximumSilences { silences.removeFirst() }
    silences.append((lastAwake, moment))
  }

  /// Last packet of a kind or of those after it; ``Moment/never`` for none.
  private func latest(of kind: ActivityKind) -> Moment {
    var latest = lastOfKind[kind.rawValue]
    for index in kind.rawValue + 1..<lastOfKind.count where latest.frame < lastOfKind[index].frame {
      latest = lastOfKind[index]
    }
    return latest
  }

  mutating func noteClaim(_ hardware: MACAddress, at moment: Moment) {
    if !hardwareAddresses.contains(hardware),
      hardwareAddresses.count < Self.maximumHardwareAddresses
    {
      hardwareAddresses.append(hardware)
    }
    if let claim = lastClaim, claim.hardware != hardware, !claim.hardware.isShared,
      !hardware.isShared, abs(moment.time.seconds(since: claim.moment.time)) < Self.claimWindow,
      rivalClaims.count < Self.maximumHardwareAddresses
    {
      rivalClaims.append(moment)
    }
    lastClaim = (hardware, moment)
  }

  mutating func note(timeToLive: UInt8) {
    lastTimeToLive = UInt16(timeToLive)
    let found = Self.hops(timeToLive: timeToLive)
    guard let hops else {
      self.hops = found...found
      return
    }
    if !hops.contains(found) {
      self.hops = min(hops.lowerBound, found)...max(hops.upperBound, found)
    }
  }

  /// Hops travelled, taking the next of the stacks' initial values, 32, 64, 128 and 255, for where
  /// the packet began; so that a stack's different values for TCP and ICMP compare.
  package static func hops(timeToLive: UInt8) -> UInt8 {
    let initial: UInt8 =
      switch timeToLive {
      case ...32: 32
      case ...64: 64
      case ...128: 128
      default: 255
      }
    return initial - timeToLive
  }

  /// The last packet of a kind.
  package func last(_ kind: ActivityKind) -> Moment? { lastOfKind[kind.rawValue].ifSeen }

  /// Whether the host was awake between two moments, as far as is remembered: its card's answers about
  /// its hardware address do not show it.
  package func wasHeard(after start: Timestamp, until end: Timestamp) -> Bool {
    guard let firstAwake, let lastAwake, firstAwake.time <= end, start < lastAwake.time else {
      return false
    }
    return !silences.contains { $0.from.time <= start && end <= $0.to.time }
  }
}

extension Moment {
  /// Whether a host that was last heard at another moment, and then at this one, was silent between.
  @inline(__always)
  fileprivate func ends(silenceSince other: Moment) -> Bool {
    time.isLater(than: other.time, byNanoseconds: Host.silenceNanoseconds)
  }
}

/// The hosts of a capture.
package struct HostTable {
  /// Hosts held: more than the addresses of any one site; a scan with forged senders stops here.
  package static let maximumHosts = 65_536

  package private(set) var hosts: [Host] = []
  /// Times that an address beyond ``maximumHosts`` was met.
  package private(set) var unheldCount = 0
  /// What hosts said as they came up.
  package var wakeSigns = WakeSigns()
  private var slots = SlotTable()
  private var last: (address: IPAddress, index: Int)?

  package init() {}

  /// The index of an address's host, which is added when it is new; -1 beyond ``maximumHosts``.
  package mutating func index(of address: IPAddress) -> Int {
    if let last, last.address == address { return last.index }
    let place = place(of: address)
    if let index = place.index {
      last = (address, index)
      return index
    }
    guard hosts.count < Self.maximumHosts else {
      unheldCount += 1
      return -1
    }
    slots.set(hosts.count, at: place)
    hosts.append(Host(address: address))
    return hosts.count - 1
  }

  /// The host of an address, if it was seen.
  package func host(_ address: IPAddress) -> Host? { place(of: address).index.map { hosts[$0] } }

  /// Forgets the hosts that were last heard before a moment, if they are not needed, and what was
  /// said then of waking up.
  ///
  /// - Parameters:
  ///   - cutoff: The moment.
  ///   - needed: Whether a host is needed, by its index.
  /// - Returns: The new index of each host, by its old one; -1 for a forgotten one.
  package mutating func forget(before cutoff: Timestamp, except needed: [Bool]) -> [Int] {
    var indices = [Int](repeating: -1, count: hosts.count)
    var count = 0
    slots.removeAll()
    last = nil
    for index in hosts.indices {
      let isRecent = hosts[index].last.map { cutoff <= $0.time } ?? false
      guard needed[index] || isRecent else { continue }
      indices[index] = count
      if count < index { hosts[count] = hosts[index] }
      count += 1
    }
    hosts.removeLast(hosts.count - count)
    wakeSigns.forget(before: cutoff)
    for (index, host) in hosts.enumerated() { slots.set(index, at: place(of: host.address)) }
    return indices
  }

  private func place(of address: IPAddress) -> SlotTable.Place {
    slots.place(of: address) { hosts[$0].address == address }
  }

  /// The same hosts under other names, of which no two may be the same.
  package func renaming(_ name: (IPAddress) -> IPAddress) -> HostTable {
    var renamed = HostTable()
    for host in hosts {
      let index = renamed.index(of: name(host.address))
      let address = renamed.hosts[index].address
      renamed.hosts[index] = host
      renamed.hosts[index].address = address
    }
    return renamed
  }

  /// Notes a packet from a host, and how far it came where that is given.
  @inline(__always)
  package mutating func note(
    _ kind: ActivityKind,
    timeToLive: UInt8? = nil,
    host index: Int,
    at moment: Moment
  ) {
    guard 0 <= index else { return }
    hosts[index].note(kind, timeToLive: timeToLive, at: moment)
  }

  /// Notes how far a host's own packet came.
  package mutating func note(timeToLive: UInt8, host index: Int) {
    guard 0 <= index else { return }
    hosts[index].note(timeToLive: timeToLive)
  }

  /// Notes who answers for an address.
  package mutating func noteHardware(_ hardware: MACAddress, of index: Int, at moment: Moment) {
    guard 0 <= index else { return }
    hosts[index].noteClaim(hardware, at: moment)
  }

  /// Notes that somebody asked where an address is.
  package mutating func noteResolution(of index: Int, at moment: Moment) {
    guard 0 <= index, hosts[index].unansweredResolutions.count < TCPHalf.maximumRepeats else {
      return
    }
    hosts[index].unansweredResolutions.append(moment)
  }
}
