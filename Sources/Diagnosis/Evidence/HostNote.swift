package import Streams

/// One thing that a capture shows of a host beside its connections.
package struct HostNote: Sendable {
  /// The packets that show it.
  package let frames: [Int]
  /// The fact in a sentence.
  package let text: String
}

extension HostTable {
  /// Signs of one kind that are listed.
  private static let maximumFrames = 8

  /// What the capture shows of a host: its network card, how far it is, that it came up or was sent a
  /// magic packet, that nobody or two answer for its address.
  package func notes(on host: Host) -> [HostNote] {
    var notes: [HostNote] = []
    for card in host.hardwareAddresses {
      let kind = card.hypervisor.map { ", a virtual machine's (\($0))" } ?? ""
      notes.append(HostNote(frames: [], text: "hardware address \(card)\(kind)"))
    }
    if let hops = host.hops {
      let range =
        hops.lowerBound == hops.upperBound
        ? "\(hops.lowerBound)" : "\(hops.lowerBound) to \(hops.upperBound)"
      notes.append(HostNote(frames: [], text: "its packets come \(range) hops"))
    }
    if !host.rivalClaims.isEmpty {
      notes.append(
        HostNote(
          frames: host.rivalClaims.map(\.frame),
          text: "two cards claim the address within moments"
        )
      )
    }
    let signs = Dictionary(grouping: wakeSigns.about(host), by: \.kind)
    for (kind, group) in signs.sorted(by: { $0.key.text < $1.key.text }) {
      notes.append(
        HostNote(
          frames: group.prefix(Self.maximumFrames).map(\.moment.frame),
          text: "it \(kind.text)" + (group.count == 1 ? "" : ", \(group.count) times")
        )
      )
    }
    if !host.unansweredResolutions.isEmpty {
      let count = host.unansweredResolutions.count
      notes.append(
        HostNote(
          frames: host.unansweredResolutions.prefix(Self.maximumFrames).map(\.frame),
          text: "\(count) request\(count == 1 ? "" : "s") for its hardware address, and no answer"
        )
      )
    }
    return notes
  }
}
