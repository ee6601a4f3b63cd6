package import Packets
package import Wire

/// What is kept of every TCP conversation of the capture, RDP or not: enough to number it as
/// Wireshark does, to see RDP begin in it, and no more.
package struct Flow: Sendable {
  /// The end with the smaller address and port.
  let low: Endpoint
  /// The other end.
  let high: Endpoint
  /// The number that Wireshark gives as `tcp.stream`.
  package let stream: Int
  /// First sequence number of each end, as Wireshark reckons it: it decides when a reused port is
  /// a new conversation.
  var lowBase: UInt32?
  var highBase: UInt32?
  /// What happened so far.
  var marks: Marks = []
  /// Index of the connection that follows this flow; `nil` for the rest of the traffic.
  package internal(set) var connection: Int?
  /// Host indexes, so that a packet's activity is noted without a look-up.
  let lowHost: Int
  let highHost: Int
  /// First and last packet.
  let first: Moment
  var last: Timestamp
  /// The server's SYN, where it was captured.
  var synAckFrame = 0
  var establishedFrame = 0
  var synAckTime = Timestamp(nanoseconds: 0)
  var establishedTime = Timestamp(nanoseconds: 0)

  struct Marks: OptionSet {
    let rawValue: UInt8

    /// A RST or FIN was seen: a SYN starts a new conversation even with the same number.
    static let ended = Marks(rawValue: 0x01)
    /// The low end sent the SYN, or the high end answered one.
    static let lowIsClient = Marks(rawValue: 0x02)
    static let highIsClient = Marks(rawValue: 0x04)
    /// Data of each end was looked at and is not RDP.
    static let decided = Marks(rawValue: 0x08)
    /// A SYN was seen, so the beginning is known.
    static let sawSYN = Marks(rawValue: 0x10)
  }
}
