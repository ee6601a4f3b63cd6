import RDPMessages
import Streams
import Wire

/// The connection inside of a gateway's channel, as its data packets bring it.
///
/// A class, because two HTTP connections may carry it, one each way.
final class GatewayTunnel {
  let decoder: StreamDecoder
  private(set) var clientBytes = 0
  private(set) var serverBytes = 0

  init(decoder: StreamDecoder) { self.decoder = decoder }

  func take(_ octets: ArraySlice<UInt8>, from side: Side, at moment: Moment) {
    let offset: Int
    switch side {
    case .client:
      offset = clientBytes
      clientBytes += octets.count
    case .server:
      offset = serverBytes
      serverBytes += octets.count
    }
    let position = StreamPosition(side: side, offset: offset, moment: moment)
    decoder.consume(Array(octets).span, at: position)
  }

  func lose(from side: Side, at moment: Moment) {
    let position = StreamPosition(side: side, offset: 0, moment: moment)
    decoder.skip(1, at: position, cause: .notCaptured)
  }
}

/// The tunnels of a capture by the clients' connection ids, as long as a connection carries them.
final class GatewayTunnels {
  /// Tunnels that are found again by their id.
  static let maximumCount = 4096

  private var tunnels: [String: Reference] = [:]

  private struct Reference {
    weak var tunnel: GatewayTunnel?
  }

  subscript(id: String?) -> GatewayTunnel? {
    get { id.flatMap { tunnels[$0]?.tunnel } }
    set {
      guard let id, let newValue, tunnels.count < Self.maximumCount else { return }
      tunnels[id] = Reference(tunnel: newValue)
    }
  }

  /// Forgets those that nothing carries any more.
  func forgetClosed() { tunnels = tunnels.filter { $0.value.tunnel != nil } }
}
