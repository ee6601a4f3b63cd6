package import Streams

/// What the lengths and order of encrypted records tell, without a key.
///
/// Lengths are of the plaintext, reckoned from the record's length and the cipher suite's
/// overhead. Their meaning is inferred: other builds send other lengths, so bands are used where
/// builds differ and exact lengths only where the protocol fixes them.
package struct EncryptedFacts: Sendable {
  /// Records with application data, by sender.
  package internal(set) var clientRecords = 0
  package internal(set) var serverRecords = 0
  /// Octets of those records, overhead included.
  package internal(set) var clientOctets = 0
  package internal(set) var serverOctets = 0
  /// The last server record as long as a Set Error Info ([MS-RDPBCGR] 2.2.5.1.1); other data has this
  /// length, too, so that it tells something only right before the ultimatum.
  package internal(set) var lastErrorInfo: Moment?
  /// The last server record is as long as a Disconnect Provider Ultimatum (T.125 §7).
  package internal(set) var finalUltimatum: Moment?
  /// Last record with application data, and whose it is.
  package internal(set) var last: Moment?
  package internal(set) var lastSide: Side?
  /// First record with application data.
  package internal(set) var first: Moment?
  /// Tokens of the CredSSP exchange seen so far, by sender.
  package internal(set) var clientTokens = 0
  package internal(set) var serverTokens = 0
  /// The last token of the client's.
  package internal(set) var lastClientToken: Moment?
  /// A server record as long as a TSRequest that carries only an error code, in the place where
  /// one comes ([MS-CSSP] 2.2.1); cleared if the exchange goes on.
  package internal(set) var credSSPError: Moment?
  /// A server record as long as an early user authorization result ([MS-RDPBCGR] 2.2.10.2).
  package internal(set) var earlyAuthorization: Moment?
  /// The first client record of a length that only MCS Erect Domain and Attach User have.
  package internal(set) var attachUser: Moment?
  /// What may be the heartbeats of the session.
  package internal(set) var heartbeats = HeartbeatFacts()

  /// Counts a record of so many octets.
  @inline(__always)
  mutating func count(_ octets: Int, from side: Side, at moment: Moment) {
    if first == nil { first = moment }
    last = moment
    lastSide = side
    switch side {
    case .client:
      clientRecords += 1
      clientOctets += octets
    case .server:
      serverRecords += 1
      serverOctets += octets
    }
  }
}
