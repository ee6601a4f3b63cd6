package import Packets
package import Streams
package import Wire

/// One client's attempt at one server: a connection and the retries and fallbacks after it, or what
/// came before a connection that never was.
package struct Attempt: Sendable {
  /// Stream numbers, in order; empty when no connection came of it.
  package let streams: [Int]
  package let client: IPAddress
  package let server: Target
  package let start: Timestamp
  /// Whether a connection of it worked.
  package let succeeded: Bool
  /// The verdict of the connection that decides: the one that worked, or the first that failed.
  package let verdict: Verdict

  /// Whom an attempt was for, as far as is known.
  package enum Target: Hashable, Sendable, CustomStringConvertible {
    case endpoint(Endpoint)
    /// An address that no connection was opened to.
    case address(IPAddress)
    /// A name that has no address.
    case name(String)

    package var description: String {
      switch self {
      case .endpoint(let endpoint): endpoint.description
      case .address(let address): address.description
      case .name(let name): name
      }
    }
  }
}
