import Packets
import Streams
import Timeline
import Wire

// Whether a server's host was alive when it was called.
extension Context {
  /// Seconds: a host heard so shortly before fell asleep or did not let the SYN in.
  ///
  /// Nothing tells which. Below the pauses of a host that is merely idle.
  private static let plausibleSleep = 5.0

  func collectHost(_ found: inout Findings) {
    if found.has(.synRefused) || found.has(.synRefusedFromElsewhere),
      let host = hosts.host(connection.server.address)
    {
      collectRivals(of: host, &found)
    }
    guard found.has(.synUnanswered) || found.has(.unreachableByICMP),
      let syn = tcp.client.synchronization
    else { return }
    let address = connection.server.address
    guard let host = hosts.host(address), let last = host.lastAwake else {
      let heard = hosts.host(address)?.last
      found.add(
        .hostNeverHeard,
        syn,
        text: "nothing from \(address) is in the capture"
          + (heard == nil ? "" : " but what says where its hardware address is")
      )
      if let host = hosts.host(address), let heard, syn.time < heard.time {
        collectWaking(of: host, as: .hostWoke, around: heard, &found)
      }
      collectResolution(of: address, &found)
      return
    }
    let alive = [ActivityKind.tcp, .icmp, .udp, .rdp, .addressRequest].compactMap(host.last).filter
    {
      syn.time <= $0.time
    }
    // What came before or after a silence around the SYNs was not life during them.
    let lastSYN = tcp.client.last ?? syn
    if let sign = alive.first, host.wasHeard(after: syn.time, until: lastSYN.time) {
      found.add(
        .hostAlive,
        sign,
        text: "\(address) is heard on other protocols at the same time"
      )
    } else {
      let silence = host.silences.last { $0.from.time <= syn.time && syn.time < $0.to.time }
      collectLastSign(of: host, silence?.from ?? last, before: syn, &found)
    }
    if found.has(.hostAlive) || found.has(.hostJustHeard) { collectOpenPort(&found) }
    collectResolution(of: address, &found)
  }

  /// When a host that is silent during the SYNs was heard last, or for the first time.
  private func collectLastSign(
    of host: Host,
    _ sign: Moment,
    before syn: Moment,
    _ found: inout Findings
  ) {
    let pause = syn.time.seconds(since: sign.time)
    guard 0 < pause else {
      found.add(
        .hostSilent,
        syn,
        sign,
        text: "\(host.address) is heard for the first time \(duration(pause)) after the SYN"
      )
      collectWaking(of: host, as: .hostWoke, around: sign, &found)
      return
    }
    let isRecent = pause < Self.plausibleSleep
    found.add(
      isRecent ? .hostJustHeard : .hostFellSilent,
      sign,
      syn,
      text: "\(host.address) was last heard \(duration(pause)) before the SYN"
    )
    if !isRecent { collectSleep(of: host, since: sign, &found) }
  }

  /// The port that answers the same client in another connection: no filter keeps it from it.
  private func collectOpenPort(_ found: inout Findings) {
    let open = siblings.first {
      $0.client.address == connection.client.address && $0.tcp.server.synchronization != nil
    }
    guard let open else { return }
    found.add(
      .portOpenOtherwise,
      open.tcp.server.synchronization,
      text: "the port answers the same client in stream \(open.stream)"
    )
  }

  /// Seconds before the SYN within which a client asks for the hardware address that it sends it to.
  private static let resolutionLead = 2.0

  private func collectResolution(of address: IPAddress, _ found: inout Findings) {
    guard let host = hosts.host(address) else { return }
    collectRivals(of: host, &found)
    if host.unansweredResolutions.count > 1 {
      found.add(
        .addressUnresolved,
        host.unansweredResolutions.first,
        host.unansweredResolutions.last,
        text: "\(host.unansweredResolutions.count) requests for the hardware address of "
          + "\(address) get no answer"
      )
    } else if let syn = tcp.client.synchronization, let reply = host.last(.addressResolution),
      syn.time.seconds(since: reply.time) < Self.resolutionLead
    {
      // Who was just awake is not likely to have fallen asleep in this very moment.
      let isRecent = found.has(.hostJustHeard)
      found.add(
        isRecent ? .justAwake : .addressResolved,
        reply,
        text: "\(address) still answers for its hardware address"
          + (isRecent ? ", a moment after it was heard" : ", which a sleeping card can do")
      )
    }
  }
}

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
    var silences = host.silences
    if let awake = host.lastAwake,
      Host.silenceThreshold <= captureEnd.time.seconds(since: awake.time)
    {
      silences.append((awake, captureEnd))
    }
    let bursts = zip(silences, silences.dropFirst()).filter { one, other in
      // A packet by itself is the chatter of a host that is merely quiet.
      one.to.frame < other.from.frame
        && other.from.time.seconds(since: one.to.time) < Self.shortBurst
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
