package import CredSSPMessages
package import Packets
package import Streams
import Wire

/// One question of a client to a KDC, and what became of it.
package struct KerberosExchange: Sendable {
  package let client: IPAddress
  package let kdc: IPAddress
  /// What was asked; `nil` where the KDC's port did not even answer the SYN.
  package let request: KerberosMessage?
  /// When it was asked first, and last.
  package let asked: Moment
  package internal(set) var lastAsked: Moment
  package internal(set) var answer: Answer?

  /// What a KDC says.
  package enum Answer: Sendable {
    case granted(Located<KerberosMessage>)
    case refused(Located<KerberosError>)
  }

  /// The service of a Remote Desktop server. [MS-CSSP] 3.1.5
  private static let serviceClass = "TERMSRV/"

  /// Whether it asks for a ticket of a Remote Desktop server.
  package var isForRemoteDesktop: Bool {
    request?.service?.uppercased().hasPrefix(Self.serviceClass) ?? false
  }

  /// Seconds without an answer after which there is none: Windows asks another KDC sooner.
  private static let silenceThreshold = 2.0

  /// Whether nobody answered, and enough of the capture follows to tell.
  package func isUnanswered(at captureEnd: Moment) -> Bool {
    answer == nil && Self.silenceThreshold <= captureEnd.time.seconds(since: lastAsked.time)
  }
}
