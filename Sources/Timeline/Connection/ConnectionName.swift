/// What a connection of a capture is called: what `show --connection` takes and every report says.
package enum ConnectionName: Hashable, Sendable, CustomStringConvertible {
  /// A TCP conversation, by Wireshark's `tcp.stream`.
  case stream(Int)
  /// An RDP-UDP connection, by the place of its SYN among those of the capture, from 0.
  case udp(Int)

  private static let udpPrefix = "udp"

  /// Reads a name as ``description`` writes it: `3`, `udp0`.
  package init?(_ text: String) {
    let isUDP = text.hasPrefix(Self.udpPrefix)
    let digits = isUDP ? text.dropFirst(Self.udpPrefix.count) : text[...]
    guard let number = Int(digits), 0 <= number, digits.first?.isNumber == true else { return nil }
    self = isUDP ? .udp(number) : .stream(number)
  }

  package var description: String {
    switch self {
    case .stream(let number): "\(number)"
    case .udp(let number): Self.udpPrefix + "\(number)"
    }
  }
}
