import Packets
import Wire

/// Packets of one link type, fragments among them, through one decoder.
///
/// Everything that a packet points to lies inside the octets handed out with it; a second decoder,
/// which takes every packet layer by layer, sees the same; and a packet that a snap length cut is
/// never called malformed for it.
///
/// Input: the link type's index, then for each packet the octets that were cut from its end and its
/// captured length, two octets each, and the octets.
enum PacketOracle {
  static let linkTypes: [LinkType] = [
    .ethernet, .raw, .linuxSLL, .linuxSLL2, .null, .loop, .ppp, .pppHDLC, .pppEthernet, .pppd,
    .ipv4, .ipv6, .nflog, .pktap, .ciscoHDLC, LinkType(rawValue: 8000),
  ]
  /// Packets of one input: more than the fragments of a datagram that decide anything.
  static let maximumPackets = 64

  static func check(_ input: [UInt8]) throws(Violation) {
    var input = FuzzInput(input)
    let linkType = linkTypes[Int(input.octet()) % linkTypes.count]
    var decoder = PacketDecoder()
    var second = PacketDecoder()
    for index in 0..<maximumPackets where !input.isAtEnd {
      let cutCount = input.number16()
      let bytes = input.octets(input.number16())
      let time = Timestamp(nanoseconds: Int64(index) * 1_000_000)
      let first = decode(bytes, cutCount, linkType, time, &decoder)
      let again = decode(bytes, cutCount, linkType, time, &second, isByLayers: true)
      try require(first.description == again.description, "two decoders, two packets")
      try checkExtent(first)
      if cutCount == 0, first.isUnderstood { try checkCuts(bytes, linkType) }
    }
  }

  private struct Decoded {
    var packet: Packet
    var byteCount: Int

    /// Whether everything in the packet was looked at, and nothing was wrong with it: what is inside
    /// a fragment is seen only when there is no hope of the others.
    var isUnderstood: Bool {
      if case .fragment = packet.content { return false }
      return packet.problem == nil && !packet.isReassembled
    }

    var description: String {
      "\(packet.content) \(packet.source) \(packet.destination) \(packet.tunnelDepth) "
        + "\(packet.isCutByCapture) \(String(describing: packet.problem?.decodeError))"
    }
  }

  private static func decode(
    _ bytes: [UInt8],
    _ cutCount: Int,
    _ linkType: LinkType,
    _ time: Timestamp,
    _ decoder: inout PacketDecoder,
    isByLayers: Bool = false
  ) -> Decoded {
    let packet = Packet()
    let length = bytes.count + cutCount
    if isByLayers {
      decoder.decodeLayers(
        bytes.span,
        linkType: linkType,
        originalLength: length,
        timestamp: time,
        into: packet
      )
    } else {
      decoder.decode(
        bytes.span,
        linkType: linkType,
        originalLength: length,
        timestamp: time,
        into: packet
      )
    }
    let count = packet.isReassembled ? decoder.datagram.count : bytes.count
    return Decoded(packet: packet, byteCount: count)
  }

  private static func checkExtent(_ decoded: Decoded) throws(Violation) {
    let whole = 0...decoded.byteCount
    switch decoded.packet.content {
    case .tcp(let segment):
      try require(whole.contains(segment.payloadOffset), "the payload begins outside")
      try require(whole.contains(segment.payloadRange.upperBound), "the payload ends outside")
      try require(whole.contains(segment.optionsRange.upperBound), "the options end outside")
      try require(0 <= segment.payloadLength, "a payload of \(segment.payloadLength) octets")
      try require(
        segment.capturedPayloadLength <= segment.payloadLength,
        "more payload captured than sent"
      )
    case .udp(let datagram):
      try require(whole.contains(datagram.payloadOffset), "the payload begins outside")
      try require(whole.contains(datagram.payloadRange.upperBound), "the payload ends outside")
      try require(
        0...datagram.payloadLength ~= datagram.capturedPayloadLength,
        "more payload captured than sent"
      )
    default: break
    }
  }

  /// What is whole and well-formed is well-formed at every snap length.
  private static func checkCuts(_ bytes: [UInt8], _ linkType: LinkType) throws(Violation) {
    for part in 0..<8 {
      let count = bytes.count * part / 8
      var decoder = PacketDecoder()
      let cut = decode(
        Array(bytes.prefix(count)),
        bytes.count - count,
        linkType,
        Timestamp(nanoseconds: 0),
        &decoder
      )
      try checkExtent(cut)
      if let problem = cut.packet.problem {
        throw Violation("whole it is fine, cut to \(count): \(problem.decodeError)")
      }
    }
  }
}
