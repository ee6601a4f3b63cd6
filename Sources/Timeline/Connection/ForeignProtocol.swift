/// Another protocol, told by the first octets a side sent.
package struct ForeignProtocol: Hashable, Sendable {
  /// The protocol's name, or "an unknown protocol".
  package let name: String
  /// The first octets, at most ``maximumSample``.
  package let sample: [UInt8]

  /// Octets kept of an unknown protocol: enough for an analyst to recognise it.
  package static let maximumSample = 32

  /// HTTP behind TLS, which a ClientHello announces (RFC 7301).
  static let https = Self(name: "HTTP over TLS", sample: [])

  /// TLS in answer to an RDP request: the port is one of HTTPS or the like.
  static let tls = Self(name: "TLS", sample: [])

  private init(name: String, sample: [UInt8]) {
    self.name = name
    self.sample = sample
  }

  /// Names the protocol that starts with the octets.
  init(firstOctets octets: ArraySlice<UInt8>) {
    sample = Array(octets.prefix(Self.maximumSample))
    let start = Array(octets.prefix(8))
    name = Self.known.first { start.starts(with: $0.prefix.utf8) }?.name ?? "an unknown protocol"
  }

  private static let known: [(prefix: String, name: String)] = [
    ("SSH-", "SSH"), ("HTTP/", "HTTP"), ("GET ", "HTTP"), ("POST ", "HTTP"), ("HEAD ", "HTTP"),
    ("OPTIONS ", "HTTP"), ("CONNECT ", "HTTP"), ("RFB ", "VNC"), ("220", "FTP or SMTP"),
    ("+OK", "POP3"), ("* OK", "IMAP"), ("EHLO", "SMTP"), ("HELO", "SMTP"),
    ("\u{0}\u{0}\u{0}", "SMB"),
  ]
}
