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
    let hasData = 0 < client.withData + server.withData
    self.init(
      hasData ? "datagrams" : "datagrams without data",
      [("client", Self.text(client, hasData)), ("server", Self.text(server, hasData))]
    )
  }

  private static func text(_ count: Event.DatagramCount, _ hasData: Bool) -> String? {
    let kinds =
      hasData
      ? [
        count.withData == 0 ? nil : "\(count.withData) with data",
        count.withoutData == 0 ? nil : "\(count.withoutData) without",
      ].compactMap(\.self) : count.withoutData == 0 ? [] : ["\(count.withoutData)"]
    return kinds.isEmpty
      ? nil : kinds.joined(separator: ", ") + " (\(count.byteCount) octets)"
  }
}
