import RDPMessages
import Timeline

// RDP over UDP: what its datagrams show by themselves.
extension EventDescription {
  init(_ message: RDPUDPSynchronization, isRepeated: Bool) {
    self.init(
      "RDP-UDP " + (message.isAnswer ? "SYN+ACK" : "SYN") + (isRepeated ? ", again" : ""),
      [
        ("version", message.version?.name ?? "1"),
        ("flags", Self.list(message.flags.names)),
        (
          "lost data",
          message.isAnswer ? nil : message.flags.contains(.synLossy) ? "stay lost" : "come again"
        ),
        ("sequence", "\(message.initialSequence)"),
        ("acknowledges", message.isAnswer ? "\(message.acknowledged)" : nil),
        ("window", "\(message.receiveWindow)"),
        ("mtu up", "\(message.upstreamMTU)"), ("mtu down", "\(message.downstreamMTU)"),
        ("correlation id", message.correlationID), ("cookie hash", message.cookieHash),
      ]
    )
  }

  init(client: Event.DatagramCount, server: Event.DatagramCount) {
    let both = client + server
    let isData = 0 < both.withData
    self.init(
      isData ? "datagrams" : both.withoutData == 1 ? "acknowledgment" : "acknowledgments",
      [("client", Self.text(client)), ("server", Self.text(server))]
    )
  }

  private static func text(_ count: Event.DatagramCount) -> String? {
    let kinds = [
      count.withData == 0 ? nil : "\(count.withData) with data",
      count.withoutData == 0 ? nil : "\(count.withoutData) without",
    ].compactMap(\.self)
    return kinds.isEmpty ? nil : kinds.joined(separator: " and ") + ", \(count.byteCount) octets"
  }
}
