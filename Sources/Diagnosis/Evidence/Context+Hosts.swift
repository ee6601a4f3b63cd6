import Packets
import Streams
import Wire

// Whether a host slept, and how deeply.
extension Context {
  /// Seconds around the end of a silence within which what a host says as it comes up belongs to it:
  /// DHCP comes before the first packet with an address, the rest after.
  private static let wakingTime = 15.0
  /// Seconds awake that are a moment of a dozing host, and not use.
  private static let shortBurst = 5.0
  /// Silences in a row with only such moments between them.
  private static let dozes = 3

  /// How a silent host sleeps, and whether it woke or was woken.
  func collectSleep(of host: Host, since silent: Moment, _ found: inout Findings) {
    if let card = host.hardwareAddresses.first(where: { $0.hypervisor != nil }) {
      found.add(
        .hypervisorsAddress,
        text: "\(host.address) is a virtual machine's: its card \(card) is one of "
          + "\(card.hypervisor ?? "a hypervisor")'s"
      )
    }
    if let magic = hosts.wakeSigns.about(host).last(where: { $0.kind == .magicPacket }) {
      found.add(
        .wakeUpSent,
        magic.moment,
        text: "somebody tries to wake \(host.address) by a magic packet (Wake-on-LAN)"
      )
    }
    if let silence = host.silences.first(where: { $0.from.frame == silent.frame }) {
      collectWaking(of: host, as: .hostWoke, around: silence.to, &found)
    }
    let bursts = zip(host.silences, host.silences.dropFirst()).filter { one, other in
      other.from.time.seconds(since: one.to.time) < Self.shortBurst
    }
    if Self.dozes <= bursts.count + 1, let first = bursts.first, let last = bursts.last {
      found.add(
        .awakeInBursts,
        first.0.to,
        last.1.from,
        text: "\(host.address) is awake only for moments: \(bursts.count) bursts of less than "
          + "\(duration(Self.shortBurst)) between silences"
      )
    }
  }

  /// What a host says as it comes up again after a silence.
  func collectWaking(
    of host: Host,
    as kind: EvidenceKind,
    around end: Moment,
    _ found: inout Findings
  ) {
    let signs = hosts.wakeSigns.about(host).filter { sign in
      sign.kind != .magicPacket
        && abs(sign.moment.time.seconds(since: end.time)) < Self.wakingTime
    }
    guard let first = signs.first else { return }
    let kinds = Set(signs.map(\.kind.text)).sorted().joined(separator: ", ")
    found.add(
      kind,
      first.moment,
      signs.last?.moment,
      text: "\(host.address) comes up again: it \(kinds)"
    )
  }

  /// Two answers of different cards to one question are chance once; a machine that stands in for
  /// another gives none.
  private static let rivalAnswers = 2

  /// Two machines that claim the address.
  func collectRivals(of host: Host, _ found: inout Findings) {
    guard !found.has(.addressTwice), Self.rivalAnswers <= host.rivalClaims.count else { return }
    found.add(
      .addressTwice,
      host.rivalClaims.first,
      host.rivalClaims.last,
      text: "\(host.hardwareAddresses.map(\.description).joined(separator: " and ")) both claim "
        + "\(host.address) within moments"
    )
  }
}
