import Testing

@testable import Streams
@testable import Timeline

/// What is fetched ahead is what is touched, and a segment that is handed over has a line for itself.
struct LayoutTests {
  /// Octets of an object before its first property, and those of a tracker before its conversation.
  private let conversation = 16 + MemoryLayout<Int>.size
  /// Octets before the first property of a half that few segments touch.
  private let touched = MemoryLayout<TCPHalf>.offset(of: \.first) ?? .max

  @Test func aSegmentIsALine() {
    #expect(MemoryLayout<FollowedSegment>.stride == 64)
  }

  @Test func theClientsHalfIsFetched() throws {
    let start = try #require(MemoryLayout<TCPConversation>.offset(of: \.client))
    #expect(conversation + start + touched <= FollowedConnection.clientLines.upperBound * 64)
  }

  @Test func theServersHalfIsFetched() throws {
    let start = try #require(MemoryLayout<TCPConversation>.offset(of: \.server))
    let lines = FollowedConnection.serverLines
    #expect(lines.lowerBound * 64 <= conversation + start)
    #expect(conversation + start < (lines.lowerBound + 1) * 64)
    #expect(conversation + start + touched <= lines.upperBound * 64)
  }
}
