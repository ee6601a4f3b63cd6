import RDPMessages
import Streams
import Wire

// Plaintext that may be HTTP: an RD Gateway's, with a connection inside of it.
extension StreamDecoder {
  /// Octets of a server's that wait for the client's first.
  private static let maximumHeld = 1 << 16

  /// Takes decrypted application data, whose kind the client's first octets tell.
  func observe(application octets: ArraySlice<UInt8>, from side: Side, at moment: Moment) {
    if let gateway {
      take(octets, gateway, from: side, at: moment)
      return
    }
    guard let tunnels, facts.request == nil, startsAtBeginning, facts.deepest <= .tls else {
      observe(plaintext: octets, from: side, at: moment)
      return
    }
    guard side == .client else {
      if heldPlaintext.reduce(octets.count, { $0 + $1.octets.count }) <= Self.maximumHeld {
        heldPlaintext.append((octets, moment))
      }
      return
    }
    let held = heldPlaintext
    heldPlaintext = []
    self.tunnels = nil
    guard GatewayDecoder.begins(octets) else {
      for part in held { observe(plaintext: part.octets, from: .server, at: part.moment) }
      observe(plaintext: octets, from: side, at: moment)
      return
    }
    let decoder = GatewayDecoder(tunnels: tunnels, log: log) { [certificates, keys, log] in
      let inner = StreamDecoder(
        startsAtBeginning: true,
        certificates: certificates,
        keys: keys,
        outerReading: .decrypted
      )
      inner.log = log
      return inner
    }
    gateway = decoder
    take(octets, decoder, from: side, at: moment)
    for part in held { take(part.octets, decoder, from: .server, at: part.moment) }
  }

  private func take(
    _ octets: ArraySlice<UInt8>,
    _ gateway: GatewayDecoder,
    from side: Side,
    at moment: Moment
  ) {
    do throws(DecodeError) {
      try gateway.take(octets, from: side, at: moment)
    } catch {
      facts.keep(error, from: side, at: moment)
    }
    if gateway.isOther, side == .client { noteForeign(octets, from: .client, at: moment) }
    facts.gateway = gateway.facts
    if let kind = gateway.facts?.kind, kind != .kdcProxy {
      facts.enter(.gateway, at: moment, reading)
    }
  }
}
