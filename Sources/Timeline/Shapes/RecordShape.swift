package import Streams

/// A message that the length of its encrypted record gives away, with what fixes the length.
///
/// Lengths are of the plaintext, in octets. They identify only in their place: the same length has
/// many meanings in a running session.
package struct RecordShape: Hashable, Sendable {
  /// The message, as its specification names it.
  package let name: String
  /// Who sends it; `nil` for either.
  package let side: Side?
  /// The phases in which it comes.
  package let phases: ClosedRange<Phase>
  package let lengths: ClosedRange<Int>
  /// The phase that it begins, where it does.
  package let opens: Phase?
  /// Where the length comes from.
  package let source: String

  private init(
    _ name: String,
    by side: Side?,
    in phases: ClosedRange<Phase>,
    _ lengths: ClosedRange<Int>,
    opens: Phase? = nil,
    source: String
  ) {
    self.name = name
    self.side = side
    self.phases = phases
    self.lengths = lengths
    self.opens = opens
    self.source = source
  }

  /// Octets of padding under the widest block cipher.
  private static let longestPadding = 16

  /// Whether a record has such a length, or, under a cipher that pads, may have it; of a record
  /// whose cipher is not known it cannot be said.
  func fits(_ plaintext: ClosedRange<Int>) -> Bool {
    plaintext.overlaps(lengths) && plaintext.count <= Self.longestPadding
  }

  /// Whether a record of at most this length may hold it, whatever its cipher.
  func mayFit(_ plaintext: ClosedRange<Int>) -> Bool {
    lengths.lowerBound <= plaintext.upperBound
  }

  /// What a record most likely is, in its place; `nil` where the length tells nothing.
  ///
  /// - Parameters:
  ///   - plaintext: The lengths that its contents may have.
  ///   - side: Who sends it.
  ///   - before: The phase that it is sent in.
  ///   - after: The phase that the connection is in with it.
  ///   - hasAttached: Whether the client has begun to join the domain: no second Erect Domain follows.
  /// - Returns: The first shape of ``all`` that fits.
  package static func likely(
    _ plaintext: ClosedRange<Int>,
    from side: Side,
    before: Phase,
    after: Phase,
    hasAttached: Bool
  ) -> RecordShape? {
    func first(opens phase: Phase?) -> RecordShape? {
      all.first { shape in
        shape.opens == phase && shape.phases.contains(before) && (shape.side ?? side) == side
          && shape.fits(plaintext)
      }
    }
    let likely = (before == after ? nil : first(opens: after)) ?? first(opens: nil)
    return likely == erectDomain && hasAttached ? channelJoin : likely
  }
}

// MARK: - The table

extension RecordShape {
  static let alert = RecordShape(
    "alert",
    by: nil,
    in: .tls ... .session,
    2...2,
    source: "RFC 8446 §6"
  )
  static let finishedSHA256 = RecordShape(
    "Finished",
    by: nil,
    in: .tls ... .tls,
    36...36,
    source: "RFC 8446 §4.4.4: header 4, SHA-256"
  )
  static let finishedSHA384 = RecordShape(
    "Finished",
    by: nil,
    in: .tls ... .tls,
    52...52,
    source: "RFC 8446 §4.4.4: header 4, SHA-384"
  )
  static let earlyAuthorization = RecordShape(
    "Early User Authorization Result",
    by: .server,
    in: .credssp ... .credssp,
    4...4,
    source: "[MS-RDPBCGR] 2.2.10.2"
  )
  /// Version and a four-octet error code are 15 octets, all lengths in short form; other builds add
  /// a nonce or a longer version.
  static let credSSPError = RecordShape(
    "TSRequest with an error code",
    by: .server,
    in: .credssp ... .credssp,
    13...24,
    source: "[MS-CSSP] 2.2.1; 15 observed"
  )
  static let attachUser = RecordShape(
    "Attach User Request",
    by: .client,
    in: .credssp ... .mcs,
    8...8,
    source: "[MS-RDPBCGR] 4.1.6: TPKT 4, X.224 3, PER 1"
  )
  static let erectDomain = RecordShape(
    "Erect Domain Request",
    by: .client,
    in: .credssp ... .mcs,
    12...12,
    source: "[MS-RDPBCGR] 4.1.5 and 4.1.8: TPKT 4, X.224 3, PER 5"
  )
  /// The same, where Attach User has been sent already.
  static let channelJoin = RecordShape(
    "Channel Join Request",
    by: .client,
    in: .mcs ... .mcs,
    12...12,
    source: "[MS-RDPBCGR] 4.1.8: TPKT 4, X.224 3, PER 5"
  )
  static let erectAndAttach = RecordShape(
    "Erect Domain and Attach User Requests",
    by: .client,
    in: .credssp ... .mcs,
    20...20,
    source: "[MS-RDPBCGR] 4.1.5 and 4.1.6"
  )
  static let attachUserConfirm = RecordShape(
    "Attach User Confirm",
    by: .server,
    in: .mcs ... .mcs,
    11...11,
    source: "[MS-RDPBCGR] 4.1.7: TPKT 4, X.224 3, PER 4"
  )
  static let channelJoinConfirm = RecordShape(
    "Channel Join Confirm",
    by: .server,
    in: .mcs ... .mcs,
    15...15,
    source: "[MS-RDPBCGR] 4.1.8: TPKT 4, X.224 3, PER 8"
  )
  static let clientInfo = RecordShape(
    "Client Info",
    by: .client,
    in: .mcs ... .mcs,
    100...16_384,
    opens: .licensing,
    source: "[MS-RDPBCGR] 2.2.1.11: its fixed fields and a time zone"
  )
  static let connectInitial = RecordShape(
    "MCS Connect Initial",
    by: .client,
    in: .tls ... .credssp,
    250...16_384,
    opens: .mcs,
    source: "[MS-RDPBCGR] 2.2.1.3.2: Client Core Data alone is 212 or more"
  )
  static let connectResponse = RecordShape(
    "MCS Connect Response",
    by: .server,
    in: .mcs ... .mcs,
    100...16_384,
    source: "[MS-RDPBCGR] 2.2.1.4"
  )
  static let demandActive = RecordShape(
    "Demand Active",
    by: .server,
    in: .security ... .licensing,
    150...16_384,
    opens: .capabilities,
    source: "[MS-RDPBCGR] 2.2.1.13.1: more than a dozen capability sets"
  )
  static let licensingError = RecordShape(
    "licensing: no licence wanted",
    by: .server,
    in: .security ... .licensing,
    34...34,
    source: "[MS-RDPBCGR] 2.2.1.12: TPKT 4, X.224 3, MCS 7, security 4, preamble 4, error 12"
  )
  static let ultimatum = RecordShape(
    "Disconnect Provider Ultimatum",
    by: .server,
    in: .mcs ... .session,
    9...9,
    source: "T.125 §7: TPKT 4, X.224 3, PER 2"
  )
  static let setErrorInfo = RecordShape(
    "Set Error Info",
    by: .server,
    in: .session ... .session,
    36...36,
    source: "[MS-RDPBCGR] 2.2.5.1.1: TPKT 4, X.224 3, MCS 7, share control 6, share data 12, code 4"
  )
  static let heartbeat = RecordShape(
    "Heartbeat",
    by: .server,
    in: .session ... .session,
    22...22,
    source: "[MS-RDPBCGR] 2.2.16.1: TPKT 4, X.224 3, MCS 7, security 4, heartbeat 4"
  )
  /// With an auto-reconnect cookie.
  static let logonInfoExtended = RecordShape(
    "Save Session Info",
    by: .server,
    in: .session ... .session,
    645...645,
    source: "[MS-RDPBCGR] 2.2.10.1.1.4: TPKT 4, X.224 3, MCS 8, share control 6, share data 12, "
      + "type 4, length 2, fields 4, cookie 4 + 28, padding 570"
  )
  /// With the names of the user and the domain; it comes before the cookie, and only there tells
  /// anything.
  static let logonInfoLong = RecordShape(
    "Save Session Info",
    by: .server,
    in: .session ... .session,
    613...1637,
    source: "[MS-RDPBCGR] 2.2.10.1.1.2: 37 of headers, fields 18, padding 558, and the names, "
      + "none longer than 256 characters"
  )

  static let finished = [finishedSHA256, finishedSHA384]
  /// What a client joins a domain with.
  static let attachment = [attachUser, erectDomain, erectAndAttach]

  /// Every shape that identifies a record by itself, exact ones first.
  package static let all = [
    finishedSHA256, finishedSHA384, earlyAuthorization, credSSPError, attachUser, erectDomain,
    erectAndAttach, attachUserConfirm, channelJoinConfirm, licensingError, ultimatum,
    logonInfoExtended, connectInitial, connectResponse, clientInfo, demandActive,
  ]
}
