/// Why the server ends the connection, in its own words: the code of a Set Error Info PDU.
///
/// [MS-RDPBCGR] 2.2.5.1.1; the same numbers are Windows' extended disconnect reasons.
package struct ErrorInfo: RawRepresentable, Hashable, Sendable {
  /// The code; 0 says that there is nothing to say.
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// What a code is about.
  package enum Kind: Hashable, Sendable, CaseIterable {
    /// An administrator, or a tool in another session.
    case administrator
    /// The limit on idle time.
    case idleLimit
    /// The limit on active time.
    case timeLimit
    /// Another connection took the session.
    case replaced
    /// The server shuts down or restarts.
    case shutdown
    /// The user disconnected or logged off inside the session.
    case user
    case denied
    case notAuthorized
    case credentials
    /// A process of the session died, a driver failed, memory ran out.
    case serverFailure
    case licensing
    /// The connection broker found no target.
    case broker
    /// The server could not read what the client sent, or the reverse.
    case protocolError
    /// Standard RDP security failed.
    case encryption
    /// A code that no specification has.
    case unknown
  }

  /// What the code is about.
  package var kind: Kind {
    switch rawValue {
    case 0x10C9...0x1190: Self.entries[rawValue]?.kind ?? .protocolError
    case 0x0100...0x01FF: .licensing
    case 0x0400...0x04FF: .broker
    default: Self.entries[rawValue]?.kind ?? .unknown
    }
  }

  /// The specification's name, or the number.
  package var name: String {
    // Twenty-two codes say the same of as many places in the server.
    if case 0x1111...0x1126 = rawValue {
      return "ERRINFO_SECURITY_DATA_TOO_SHORT\(rawValue - 0x1111 + 2)"
    }
    return Self.entries[rawValue].map { "ERRINFO_\($0.name)" }
      ?? "0x\(String(rawValue, radix: 16, uppercase: true))"
  }

  /// What it means, in a few words.
  package var meaning: String {
    Self.entries[rawValue]?.meaning ?? (kind == .unknown ? "no specification has this code" : name)
  }
}
