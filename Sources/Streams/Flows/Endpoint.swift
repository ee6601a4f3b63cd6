package import Packets

/// One end of a transport connection.
package struct Endpoint: Hashable, Sendable, CustomStringConvertible {
  /// The network address.
  package let address: IPAddress
  /// The TCP or UDP port.
  package let port: UInt16

  /// Creates an endpoint.
  package init(address: IPAddress, port: UInt16) {
    self.address = address
    self.port = port
  }

  /// `a.b.c.d:port`, or `[v6]:port`.
  package var description: String {
    address.isIPv4 ? "\(address):\(port)" : "[\(address)]:\(port)"
  }
}

/// Which end of a connection: the client is the one that sent, or would have sent, the SYN.
package enum Side: String, Hashable, Sendable, CaseIterable {
  case client, server

  /// The other end.
  package var peer: Side { self == .client ? .server : .client }
}
