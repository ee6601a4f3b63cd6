package import RDPMessages
package import TLSMessages
import Wire

/// What MCS, GCC, the security exchange and licensing say, where they are readable: on connections
/// without TLS.
package struct MCSFacts: Sendable {
  /// Channels kept; RDP has 31 and four of its own.
  package static let maximumChannels = 64
  /// What a key opened of standard RDP security's encryption.
  package internal(set) var decryption = DecryptionFacts()
  /// Licensing messages kept; an exchange has at most six.
  package static let maximumLicensingMessages = 8

  /// The client's settings.
  package internal(set) var connectInitial: Located<MCSConnectInitial>?
  /// The server's settings.
  package internal(set) var connectResponse: Located<MCSConnectResponse>?
  /// The chain of the server's X.509 certificate under standard RDP security, the server's own
  /// first; empty for a proprietary one.
  package internal(set) var certificates: [CertificateFacts] = []
  /// How the server answered Attach User.
  package internal(set) var attachUser: Located<MCSResult>?
  /// The user id that the server gave the client.
  package internal(set) var userID: UInt16?
  /// Channels that the client asked to join.
  package internal(set) var requested: [UInt16] = []
  /// How the server answered each join.
  package internal(set) var joins: [Located<ChannelJoin>] = []
  /// The client's random, encrypted.
  package internal(set) var securityExchange: Located<SecurityExchange>?
  /// Licensing messages, encrypted ones not among them.
  package internal(set) var licensing: [Located<LicensingMessage>] = []

  /// A server's answer to a Channel Join Request.
  package struct ChannelJoin: Hashable, Sendable {
    package let channelID: UInt16
    package let result: MCSResult
  }

  /// Channels that were joined.
  package var joined: [UInt16] {
    joins.map(\.message).filter { $0.result == .successful }.map(\.channelID)
  }

  /// The first thing that the server refused.
  package var refusal: Located<MCSResult>? {
    let connect = connectResponse.map {
      Located(message: $0.message.result, side: $0.side, moment: $0.moment)
    }
    let join = joins.first { $0.message.result != .successful }.map {
      Located(message: $0.message.result, side: $0.side, moment: $0.moment)
    }
    return [connect, attachUser, join].compactMap(\.self).first { $0.message != .successful }
  }
}
