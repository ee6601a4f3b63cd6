/// Why bytes could not be decoded: which field, where, and what was wrong with it.
///
/// A decode error is content, not failure: it is kept in the timeline and the rest of the capture
/// is still read.
public struct DecodeError: Error, Hashable, Sendable {
  /// The protocol layer whose decoder objected.
  public let layer: Layer
  /// The field being read, in the specification's spelling.
  public let field: String
  /// Where the field begins, in octets from the start of the outermost stream or packet.
  public let offset: Int
  /// What was wrong.
  public let reason: Reason
  /// The clause that the bytes contradict, where naming it helps.
  public let section: String?

  /// What was wrong with a field.
  public enum Reason: Hashable, Sendable {
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
  public init(layer: Layer, field: String, offset: Int, reason: Reason, section: String? = nil) {
    self.layer = layer
    self.field = field
    self.offset = offset
    self.reason = reason
    self.section = section
  }
}

extension DecodeError: CustomStringConvertible {
  public var description: String {
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
public struct Layer: Hashable, Sendable {
  /// The layer's name as shown in reports.
  public let name: String

  /// Creates a layer with the name that reports show.
  public init(_ name: String) { self.name = name }

  public static let captureFile = Layer("capture file")
  public static let link = Layer("link layer")
  public static let arp = Layer("ARP")
  public static let ipv4 = Layer("IPv4")
  public static let ipv6 = Layer("IPv6")
  public static let icmp = Layer("ICMP")
  public static let tcp = Layer("TCP")
  public static let udp = Layer("UDP")
  public static let tunnel = Layer("tunnel")
  public static let tpkt = Layer("TPKT")
  public static let x224 = Layer("X.224")
  public static let negotiation = Layer("RDP negotiation")
  public static let mcs = Layer("MCS")
  public static let gcc = Layer("GCC")
  public static let rdp = Layer("RDP")
  public static let tls = Layer("TLS")
  public static let x509 = Layer("X.509")
}

/// Who set the limit that a read ran into: "the capture was cut" and "the peer lied" are
/// different findings.
public enum Bound: Hashable, Sendable {
  /// The bytes at hand end here; nothing is known of why.
  case buffer
  /// The capture kept only the first octets of the packet.
  case snapLength
  /// A length field of the named layer.
  case lengthField(Layer)
  /// Octets of the TCP stream are missing from the capture.
  case streamGap

  /// The bound in words.
  public var name: String {
    switch self {
    case .buffer: "end of the data"
    case .snapLength: "cut by the capture's snap length"
    case .lengthField(let layer): "bounded by the \(layer.name) length"
    case .streamGap: "followed by a gap in the capture"
    }
  }
}
