package import Packets
import Wire

/// What machines say when they come up, and what is sent to wake them: seldom said at other times.
package struct WakeSigns: Sendable {
  /// Signs kept; a network with more of them tells nothing of one host.
  package static let maximumSigns = 1024

  /// One of them.
  package struct Sign: Sendable {
    package let kind: Kind
    package let moment: Moment
    /// Whose address it is about; `nil` where the host had none yet.
    package let address: IPAddress?
    /// Whose network card it is about; `nil` where that is not said.
    package let hardware: MACAddress?
  }

  /// What was said.
  package enum Kind: Hashable, Sendable {
    /// DHCP Discover, or Request from a host without an address (RFC 2131 §3.2).
    case dhcp
    /// ARP probe: is the address free? (RFC 5227 §2.1)
    case addressProbe
    /// Gratuitous ARP: this is where I am (RFC 5227 §2.3).
    case announcement
    /// The same for IPv6: duplicate address detection (RFC 4862 §5.4).
    case duplicateAddressDetection
    /// Wake-on-LAN: six octets FF and 16 times the card's address.
    case magicPacket

    /// The sign in a few words.
    package var text: String {
      switch self {
      case .dhcp: "asks for an address (DHCP)"
      case .addressProbe: "probes whether its address is free (ARP)"
      case .announcement: "announces its address (gratuitous ARP)"
      case .duplicateAddressDetection: "checks its address (IPv6 duplicate address detection)"
      case .magicPacket: "is sent a magic packet (Wake-on-LAN)"
      }
    }
  }

  private var signs: [Sign] = []

  /// Notes a sign.
  package mutating func note(
    _ kind: Kind,
    address: IPAddress?,
    hardware: MACAddress?,
    at moment: Moment
  ) {
    guard signs.count < Self.maximumSigns else { return }
    signs.append(Sign(kind: kind, moment: moment, address: address, hardware: hardware))
  }

  /// Forgets the signs before a moment.
  mutating func forget(before cutoff: Timestamp) { signs.removeAll { $0.moment.time < cutoff } }

  /// The signs about a host, by its address or its network card's.
  package func about(_ host: Host) -> [Sign] {
    signs.filter { sign in
      sign.address == host.address
        || sign.hardware.map(host.hardwareAddresses.contains) == true
    }
  }
}

extension WakeSigns {
  /// Takes a datagram that may be one of the signs.
  package mutating func observe(
    _ datagram: UDPDatagram,
    in bytes: Span<UInt8>,
    at moment: Moment
  ) {
    let payload = bytes.extracting(datagram.payloadRange)
    switch datagram.destinationPort {
    case 67 where datagram.sourcePort == 68: observeDHCP(payload, at: moment)
    // What senders of magic packets use: discard, echo, and none.
    case 0, 7, 9: observeMagic(payload, at: moment)
    default: break
    }
  }

  /// BOOTP (RFC 951): op 1, hardware type 1 and length 6, ciaddr at 12, chaddr at 28.
  private mutating func observeDHCP(_ payload: Span<UInt8>, at moment: Moment) {
    guard 34 <= payload.count, payload[0] == 1, payload[1] == 1, payload[2] == 6,
      // With an address of its own it only renews a lease.
      payload.uint32BigEndian(at: 12) == 0
    else { return }
    note(.dhcp, address: nil, hardware: Self.hardware(payload, at: 28), at: moment)
  }

  private mutating func observeMagic(_ payload: Span<UInt8>, at moment: Moment) {
    let repeats = 16
    guard 6 + repeats * 6 <= payload.count, (0..<6).allSatisfy({ payload[$0] == 0xFF }) else {
      return
    }
    let card = Self.hardware(payload, at: 6)
    for index in 1..<repeats where Self.hardware(payload, at: 6 + index * 6) != card { return }
    note(.magicPacket, address: nil, hardware: card, at: moment)
  }

  private static func hardware(_ payload: Span<UInt8>, at offset: Int) -> MACAddress {
    let high = UInt64(payload.uint16BigEndian(at: offset)) << 32
    return MACAddress(high | UInt64(payload.uint32BigEndian(at: offset + 2)))
  }
}
