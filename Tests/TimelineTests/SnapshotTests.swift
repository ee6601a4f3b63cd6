import Foundation
import Streams
import Testing
import Wire

@testable import Timeline

/// What live capture judges in place of a connection that goes on is a copy of its decoder.
@Suite struct SnapshotTests {
  /// What a copy does not have: it records no events and opens no gateway's channel.
  private static let left: Set = ["log", "gateway", "tunnels"]

  private static let source = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Sources/Timeline/Decoding/StreamDecoder.swift")

  /// Swift has no memberwise copy of a class: whoever adds a property is told here.
  @Test func aCopyTakesEveryStoredProperty() throws {
    let text = try String(contentsOf: Self.source, encoding: .utf8)
    let begin = try #require(text.range(of: "init(copying other: StreamDecoder) {"))
    let end = try #require(text.range(of: "\n  }\n", range: begin.upperBound..<text.endIndex))
    let body = text[begin.upperBound..<end.lowerBound] + "\n"
    let properties = Mirror(reflecting: StreamDecoder(startsAtBeginning: true)).children
      .compactMap(\.label)
    #expect(15 < properties.count)
    for property in properties where !Self.left.contains(property) {
      #expect(body.contains("\n    \(property) = other.\(property)\n"), "\(property) is forgotten")
    }
  }

  /// The same octets after a copy was made change the original and not the copy.
  @Test func aCopyGoesOnByItself() throws {
    let request = octets("030000130ee000000000000100080001000000")
    let original = StreamDecoder(startsAtBeginning: true)
    func position(_ offset: Int) -> StreamPosition {
      StreamPosition(
        side: .client,
        offset: offset,
        moment: Moment(frame: 1 + offset, time: Timestamp(nanoseconds: Int64(offset)))
      )
    }
    original.consume(request.span.extracting(0..<7), at: position(0))
    let copy = StreamDecoder(copying: original)
    original.consume(request.span.extracting(7..<request.count), at: position(7))
    #expect(original.facts.request != nil)
    #expect(copy.facts.request == nil)
    copy.consume(request.span.extracting(7..<request.count), at: position(7))
    #expect(copy.facts.request?.message == original.facts.request?.message)
  }
}
