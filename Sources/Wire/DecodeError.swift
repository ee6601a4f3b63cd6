/// Why bytes could not be decoded: which field, where, and what was wrong with it.
///
/// A decode error is content, not failure: it is kept in the timeline and the rest of the capture
/// is still read.
package struct DecodeError: Error, Hashable, Sendable {
  /// The protocol layer whose decoder objected.
  package let layer: Layer
  /// The field being read, in the specification's spelling.
  package let field: String
  /// Where the field begins, in octets from the start of the outermost stream or packet.
  package let offset: Int
  /// What was wrong.
  package let reason: Reason
  /// The clause that the bytes contradict, where naming it helps.
  package let section: String?

  /// What was wrong with a field.
  package enum Reason: Hashable, Sendable {
    /// Fewer octets were left than the field needs.
    case truncated(needed: Int, available: Int, boundedBy: Bound)
    /// The value is not one that the specification allows here.
    case unexpected(expected: String, found: String)
    /// A count, depth or size exceeds the named limit of the decoder.
    case limitExceeded(limit: Int, found: Int)
    /// An error of another library, in its own words.
    case foreign(String)
  }

  /// Creates an error.
  package init(layer: Layer, field: String, offset: Int, reason: Reason, section: String? = nil) {
    self.layer = layer
    self.field = field
    self.offset = offset
    self.reason = reason
    self.section = section
  }
}

extension DecodeError: CustomStringConvertible {
  package var description: String {
    let place = "\(layer.name) \(field) at offset \(offset)"
    switch reason {
    case .truncated(let needed, let available, let bound):
      return "\(place): needs \(needed) octets, \(available) left (\(bound.name))"
    case .unexpected(let expected, let found):
      return "\(place): expected \(expected), found \(found)"
    case .limitExceeded(let limit, let found):
      return "\(place): \(found) exceeds the limit of \(limit)"
    case .foreign(let message):
      return "\(place): \(message)"
    }
  }
}

/// A protocol layer, named as analysts name it; an open registry.
package struct Layer: Hashable, Sendable {
  /// The layer's name as shown in reports.
  package let name: String

  /// Creates a layer with the name that reports show.
  package init(_ name: String) { self.name = name }

  package static let captureFile = Layer("capture file")
  package static let link = Layer("link layer")
  package static let arp = Layer("ARP")
  package static let ipv4 = Layer("IPv4")
  package static let ipv6 = Layer("IPv6")
  package static let icmp = Layer("ICMP")
  package static let tcp = Layer("TCP")
  package static let udp = Layer("UDP")
  package static let tunnel = Layer("tunnel")
  package static let tpkt = Layer("TPKT")
  package static let x224 = Layer("X.224")
  package static let negotiation = Layer("RDP negotiation")
  package static let mcs = Layer("MCS")
  package static let gcc = Layer("GCC")
  package static let rdp = Layer("RDP")
  package static let rdpUDP = Layer("RDP-UDP")
  package static let multitransport = Layer("RDP multitransport")
  package static let tls = Layer("TLS")
  package static let credSSP = Layer("CredSSP")
  package static let x509 = Layer("X.509")
  package static let http = Layer("HTTP")
  package static let webSocket = Layer("WebSocket")
  package static let gateway = Layer("RD Gateway")
}

/// Who set the limit that a read ran into: "the capture was cut" and "the peer lied" are
/// different findings.
package enum Bound: Hashable, Sendable {
  /// The bytes at hand end here; nothing is known of why.
  case buffer
  /// The capture kept only the first octets of the packet.
  case snapLength
  /// A length field of the named layer.
  case lengthField(Layer)
  /// Octets of the TCP stream are missing from the capture.
  case streamGap

  /// The bound in words.
  package var name: String {
    switch self {
    case .buffer: "end of the data"
    case .snapLength: "cut by the capture's snap length"
    case .lengthField(let layer): "bounded by the \(layer.name) length"
    case .streamGap: "followed by a gap in the capture"
    }
  }
}
