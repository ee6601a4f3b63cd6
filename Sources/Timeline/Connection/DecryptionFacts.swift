package import Decryption
package import Streams
import TLSMessages

/// What the keys of the capture opened of one connection: of TLS, or of standard RDP security.
package struct DecryptionFacts: Sendable {
  /// Records opened by sender, of every content type; PDUs under standard RDP security.
  package internal(set) var client = Tally()
  package internal(set) var server = Tally()
  /// Records that the connection's keys should have opened and did not.
  package internal(set) var failedRecords = 0
  /// Why keys were given and do not serve, and where it showed.
  package internal(set) var problem: (kind: DecryptionProblem, moment: Moment)?

  /// Records of one side.
  package struct Tally: Hashable, Sendable {
    package internal(set) var records = 0
    /// Records among them with application data.
    package internal(set) var dataRecords = 0
    /// Octets of plaintext.
    package internal(set) var octets = 0
  }

  /// Whether anything was opened.
  package var isDecrypted: Bool { 0 < client.records + server.records }

  mutating func note(_ kind: DecryptionProblem, at moment: Moment) {
    if problem == nil { problem = (kind, moment) }
  }

  /// Counts a PDU under standard RDP security.
  mutating func count(_ octets: Int, from side: Side) {
    count(octets, of: .applicationData, from: side)
  }

  mutating func count(_ octets: Int, of type: TLSContentType, from side: Side) {
    func add(to tally: inout Tally) {
      tally.records += 1
      if type == .applicationData { tally.dataRecords += 1 }
      tally.octets += octets
    }
    switch side {
    case .client: add(to: &client)
    case .server: add(to: &server)
    }
  }
}

extension MessageFacts {
  /// Records with a side's application data that no key opened.
  package func undecryptedRecords(_ side: Side) -> Int {
    switch side {
    case .client: encrypted.clientRecords - tls.decryption.client.dataRecords
    case .server: encrypted.serverRecords - tls.decryption.server.dataRecords
    }
  }
}
