import HTTPMessages
import Testing
import Wire

@Suite struct HTTP1Tests {
  private func head(_ text: String) throws(DecodeError) -> HTTPHead {
    try HTTPHead(Array(text.utf8)[...])
  }

  @Test func requestHasItsFields() throws {
    let head = try head(
      "RDG_OUT_DATA /remoteDesktopGateway/ HTTP/1.1\r\nHost: gw\r\nUpgrade:websocket\r\n\r\n"
    )
    #expect(
      head.start == .request(method: "RDG_OUT_DATA", target: "/remoteDesktopGateway/")
    )
    #expect(head.value("upgrade") == "websocket")
    #expect(head.value("host") == "gw")
    #expect(head.body == .counted(0))
  }

  @Test(arguments: [
    ("HTTP/1.1 401 User Account Restricted\r\nContent-Length: 7\r\n\r\n", HTTPHead.Body.counted(7)),
    ("HTTP/1.1 101 Switching Protocols\r\n\r\n", .counted(0)),
    ("HTTP/1.1 204\r\n\r\n", .counted(0)), ("HTTP/1.1 200 OK\r\n\r\n", .untilClose),
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nContent-Length: 3\r\n\r\n", .chunked),
    ("HTTP/1.1 200 OK\r\nContent-Length: -3\r\n\r\n", .untilClose),
    ("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", .untilClose),
    ("POST / HTTP/1.1\r\n\r\n", .counted(0)),
  ])
  func bodyIsAsLongAsTheFieldsSay(_ text: String, _ body: HTTPHead.Body) throws {
    #expect(try head(text).body == body)
  }

  @Test func headEndsAtItsEmptyLine() {
    let text = Array("GET / HTTP/1.1\r\nA: b\r\n\r\nrest".utf8)
    #expect(HTTPHead.byteCount(startOf: text[...]) == text.count - 4)
    for count in 0..<text.count - 4 {
      #expect(HTTPHead.byteCount(startOf: text[..<count]) == nil)
    }
  }

  @Test(arguments: ["", "\r\n", "SSH-2.0-x", "GET /", "HTTP/1.1 abc x", "\u{16}\u{3}\u{3}"])
  func whatIsNoHeadIsRefused(_ text: String) {
    #expect(throws: DecodeError.self) { try head(text) }
  }

  /// However a chunked body is cut, the same data come out.
  @Test(arguments: [1, 2, 3, 7, 100])
  func chunksAreJoined(_ size: Int) throws {
    let text = Array("5;x=y\r\nhello\r\nA\r\n, worlds!!\r\n0\r\nTrailer: 1\r\n\r\nnext".utf8)
    var body = ChunkedBody()
    var data: [UInt8] = []
    var left: [UInt8] = []
    for start in stride(from: 0, to: text.count, by: size) {
      var part = text[start..<min(start + size, text.count)]
      data += try body.take(&part)
      left += part
    }
    #expect(String(decoding: data, as: UTF8.self) == "hello, worlds!!")
    #expect(body.isAtEnd)
    #expect(String(decoding: left, as: UTF8.self) == "next")
  }

  @Test(arguments: ["x\r\n", "\r\n", "FFFFFFFFFFFFFFFFFF\r\n", String(repeating: "1", count: 2000)])
  func lyingChunksAreRefused(_ text: String) {
    var octets = Array(text.utf8)[...]
    var body = ChunkedBody()
    #expect(throws: DecodeError.self) { try body.take(&octets) }
  }
}

@Suite struct WebSocketTests {
  @Test(arguments: [1, 2, 5, 64])
  func masksAreTakenOff(_ size: Int) throws {
    let masked: [UInt8] = [0x82, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]
    let plain: [UInt8] = [0x82, 0x7E, 0x00, 0x7E] + [UInt8](repeating: 7, count: 126)
    let close: [UInt8] = [0x88, 0x00]
    let all = masked + plain + close
    var framer = WebSocketFramer()
    var frames: [WebSocketFramer.Frame] = []
    for start in stride(from: 0, to: all.count, by: size) {
      framer.append(all[start..<min(start + size, all.count)])
      while let frame = try framer.next() { frames.append(frame) }
    }
    #expect(frames.map(\.opcode) == [2, 2, 8])
    #expect(String(decoding: frames[0].payload, as: UTF8.self) == "Hello")
    #expect(frames[1].payload == [UInt8](repeating: 7, count: 126))
    #expect(frames[2].isClose)
  }

  @Test(arguments: [
    [0x82, 0x7F, 0, 0, 0, 0, 1, 0, 0, 0], [0x82, 0x7F] + [UInt8](repeating: 0xFF, count: 8),
  ])
  func hugeFramesAreRefused(_ octets: [UInt8]) {
    var framer = WebSocketFramer()
    framer.append(octets[...])
    #expect(throws: DecodeError.self) { try framer.next() }
  }
}
