package import Wire

/// What a capture says about itself, besides its packets.
package struct CaptureMetadata: Sendable, Hashable {
  /// `pcap` or `pcapng`.
  package var format: String
  /// The distinct link types, in order of appearance.
  package var linkTypes: [LinkType] = []
  /// The interfaces of all sections, in order of appearance; a classic pcap has one.
  package var interfaces: [CaptureInterface] = []
  /// Comments on the capture and on packets, at most ``CaptureLimits/comments``.
  package var comments: [CaptureComment] = []
  /// Names the capture gives for addresses, at most ``CaptureLimits/names``.
  package var names: [CaptureName] = []
  /// Decryption secrets embedded in the capture.
  package var secrets: [DecryptionSecrets] = []
  /// Packets read so far, counting those that a filter held back.
  package var packets = 0
  /// Octets those packets had on the wire.
  package var bytes = 0
  /// Time of the earliest packet read so far, `nil` without packets.
  package var start: Timestamp?
  /// Time of the latest packet read so far, `nil` without packets.
  package var end: Timestamp?
  /// What was wrong with the file, at most ``CaptureLimits/warnings``.
  package var warnings: [CaptureWarning] = []

  /// Creates the metadata of a capture of which nothing is known yet.
  package init(format: String) { self.format = format }
}

/// A point where packets were captured.
package struct CaptureInterface: Sendable, Hashable {
  /// Its name at the capturing host, `nil` when the capture does not say.
  package var name: String?
  /// Its description, `nil` when the capture does not say.
  package var description: String?
  /// What its packets begin with.
  package var linkType: LinkType
  /// Most octets kept of a packet; 0 is no limit.
  package var snapLength: Int
  /// Packets it received, `nil` when the capture does not say.
  package var received: Int?
  /// Packets it or its host dropped, `nil` when the capture does not say.
  package var dropped: Int?
}

/// A comment that someone left in the capture.
package struct CaptureComment: Sendable, Hashable {
  /// The packet it is on, `nil` when it is on a section, an interface or another block.
  package var frame: Int?
  /// Its text, cut at ``CaptureLimits/textBytes``.
  package var text: String
}

/// A name that the capture gives for an address.
package struct CaptureName: Sendable, Hashable {
  /// An IPv4 or IPv6 address in its usual notation.
  package var address: String
  /// The name.
  package var name: String
}

/// A Decryption Secrets Block.
package struct DecryptionSecrets: Sendable, Hashable {
  /// The kind of secrets; 0x544c534b is a TLS key log.
  package var type: UInt32
  /// The secrets.
  package var bytes: [UInt8]
  /// The first packet they are meant for.
  package var beforeFrame: Int

  /// A TLS key log, lines as in SSLKEYLOGFILE.
  package static let tlsKeyLog: UInt32 = 0x544c_534b
}

/// Something wrong with the file, which did not keep the rest from being read.
package struct CaptureWarning: Sendable, Hashable {
  /// Stable identifier, such as `capture_truncated`.
  package var code: String
  /// One sentence.
  package var message: String
  /// The packet at which it was noticed, `nil` when it belongs to none.
  package var frame: Int?

  /// Creates a warning from its fields.
  package init(code: String, message: String, frame: Int?) {
    self.code = code
    self.message = message
    self.frame = frame
  }
}

/// Bounds on what a capture's metadata can make us keep.
package enum CaptureLimits {
  /// Comments kept; an annotated capture has one on a packet here and there.
  package static let comments = 10_000
  /// Octets kept of one comment or name.
  package static let textBytes = 4096
  /// Octets kept of all comments and names.
  package static let allTextBytes = 4 << 20
  /// Address and name pairs kept.
  package static let names = 10_000
  /// Octets kept of all decryption secrets: the key log of some 80 000 sessions.
  package static let secretBytes = 16 << 20
  /// Interfaces kept, as many as the obsolete packet block can number.
  package static let interfaces = 65_536
  /// Warnings kept; the last of them says that there are more.
  package static let warnings = 100
  /// Octets of one pcapng block; the largest packets of networks have 256 KiB.
  package static let blockBytes = 32 << 20
}
