public import Packets

/// One end of a transport connection.
public struct Endpoint: Hashable, Sendable, CustomStringConvertible {
  /// The network address.
  public let address: IPAddress
  /// The TCP or UDP port.
  public let port: UInt16

  /// Creates an endpoint.
  @inlinable
  public init(address: IPAddress, port: UInt16) {
    self.address = address
    self.port = port
  }

  /// The same port of a host of another name.
  package func renaming(_ name: (IPAddress) -> IPAddress) -> Endpoint {
    Endpoint(address: name(address), port: port)
  }

  /// `a.b.c.d:port`, or `[v6]:port`.
  public var description: String {
    address.isIPv4 ? "\(address):\(port)" : "[\(address)]:\(port)"
  }
}

/// Which end of a connection: the client is the one that sent, or would have sent, the SYN.
public enum Side: String, Hashable, Sendable, CaseIterable {
  case client, server

  /// The other end.
  public var peer: Side { self == .client ? .server : .client }
}

extension Side: CustomStringConvertible {
  /// `client` or `server`; without this a text that names a side would look for it by reflection.
  public var description: String { rawValue }
}
