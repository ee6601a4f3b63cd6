import Packets
import Streams
import Wire

/// A TCP header written as its flags' initials and numbers: `SA 500 1001`.
///
/// Flags are S, A, F, R, P, E, C and `-` for none; then the sequence number and, where the flags
/// say A, the acknowledgment.
func header(
  _ text: some StringProtocol,
  from sender: Endpoint,
  to receiver: Endpoint,
  payloadLength: Int = 0,
  window: UInt16 = 64_000,
  optionsLength: Int = 0,
  isHeaderWhole: Bool = true
) -> TCPSegment {
  let words = text.split(separator: " ")
  let letters: [Character: TCPFlags] = [
    "S": .syn, "A": .ack, "F": .fin, "R": .rst, "P": .psh, "E": .ece, "C": .cwr,
  ]
  let flags = words[0].reduce(into: TCPFlags()) { $0.formUnion(letters[$1] ?? []) }
  return TCPSegment(
    sourcePort: sender.port,
    destinationPort: receiver.port,
    sequence: UInt32(words[1]) ?? 0,
    acknowledgment: words.count > 2 ? UInt32(words[2]) ?? 0 : 0,
    flags: flags,
    window: window,
    optionsOffset: 0,
    optionsLength: optionsLength,
    payloadOffset: optionsLength,
    payloadLength: payloadLength,
    capturedPayloadLength: payloadLength,
    isHeaderWhole: isHeaderWhole
  )
}
