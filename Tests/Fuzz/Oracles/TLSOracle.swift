import TLSMessages
import Wire

/// Handshake payloads in one piece and in many, alerts, and hellos of SSL 2.
enum TLSOracle {
  static func check(_ input: [UInt8]) throws(Violation) {
    var input = FuzzInput(input)
    let choice = input.octet()
    let pieceLength = 1 + Int(input.octet())
    let payload = input.rest
    switch choice % 4 {
    case 0: try MessageOracle.check(payload) { MessageOracle.message(TLSAlert.self, $0) }
    case 1: try MessageOracle.check(payload) { MessageOracle.message(SSLv2ClientHello.self, $0) }
    default:
      try checkHandshake(payload, pieceLength: pieceLength)
      for suite: UInt16 in [0x002F, 0x009E, 0xC02F, 0x1301] {
        try MessageOracle.check(hello(suite) + payload) { bytes in
          MessageOracle.whole(bytes) { (bytes) throws(DecodeError) in try words(for: bytes) }
        }
      }
    }
  }

  /// A ServerHello, so that what follows is decoded as its key exchange wants it.
  private static func hello(_ suite: UInt16) -> [UInt8] {
    let extensions: [UInt8] = suite == 0x1301 ? [0, 6, 0, 0x2B, 0, 2, 3, 4] : [0, 0]
    let body =
      [3, 3] + [UInt8](repeating: 7, count: 32) + [0, UInt8(suite >> 8), UInt8(suite & 0xFF), 0]
      + extensions
    return [2, 0, 0, UInt8(body.count)] + body
  }

  /// Every message of a payload in words.
  private static func words(for payload: ArraySlice<UInt8>) throws(DecodeError) -> String {
    var framer = HandshakeFramer()
    var agreement = HandshakeBody.Agreement()
    var text = ""
    try framer.append(payload)
    while let message = try framer.next() {
      let body = try HandshakeBody(message, agreement: agreement)
      if case .serverHello(let hello) = body {
        agreement = HandshakeBody.Agreement(hello)
        text += hello.ja3s
      }
      if case .clientHello(let hello) = body { text += hello.offer.ja3 + hello.offer.ja4 }
      text += "\(body)"
    }
    return text
  }

  /// However a stream is divided into records, the messages are the same.
  private static func checkHandshake(_ payload: [UInt8], pieceLength: Int) throws(Violation) {
    let whole = messages(of: [payload[...]])
    var pieces: [ArraySlice<UInt8>] = []
    for start in stride(from: 0, to: payload.count, by: pieceLength) {
      pieces.append(payload[start..<min(start + pieceLength, payload.count)])
    }
    let divided = messages(of: pieces)
    try require(
      whole.bodies == divided.bodies && whole.isRefused == divided.isRefused,
      "pieces of \(pieceLength) octets give \(divided.bodies.count) messages, one gives "
        + "\(whole.bodies.count)"
    )
  }

  private static func messages(
    of payloads: [ArraySlice<UInt8>]
  ) -> (bodies: [[UInt8]], isRefused: Bool) {
    var framer = HandshakeFramer()
    var bodies: [[UInt8]] = []
    do throws(DecodeError) {
      for payload in payloads {
        try framer.append(payload)
        while let message = try framer.next() {
          bodies.append([message.type.rawValue] + message.body)
        }
      }
    } catch {
      return (bodies, true)
    }
    return (bodies, false)
  }
}
