internal import CProcessor

/// Where the thread that reads puts the segments of followed connections.
///
/// Memory of its own instead of an array in an object: whoever counts a reference waits until all
/// that was written before has reached the cache, and these lines come from the other thread's
/// core. The counting took a quarter of the reading thread's time.
///
/// INVARIANT: `count` of the `capacity` segments are written, and `count` is below `limit`, which is
/// at most `capacity`.
@safe struct SegmentLane {
  @safe private struct State {
    var segments: UnsafeMutablePointer<FollowedSegment>
    var count = 0
    var limit: Int
  }

  /// Segments that are gathered at most: those of a window of the source that holds bare
  /// acknowledgments alone.
  static let capacity = 12288
  /// Segments by which memory is taken back ahead.
  private static let lead = 16
  /// What is written for each packet shares no line with what another thread writes.
  private static let lineLength = 128

  private let state: UnsafeMutablePointer<State>

  /// An empty lane.
  init() {
    let line = UnsafeMutableRawPointer.allocate(
      byteCount: Self.lineLength,
      alignment: Self.lineLength
    )
    unsafe state = line.bindMemory(to: State.self, capacity: 1)
    unsafe state.initialize(
      to: State(segments: Self.allocate(), limit: Self.capacity)
    )
  }

  /// Memory for `capacity` segments, each on a line of its own.
  static func allocate() -> UnsafeMutablePointer<FollowedSegment> {
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: capacity * MemoryLayout<FollowedSegment>.stride,
      alignment: lineLength
    )
    return unsafe memory.bindMemory(to: FollowedSegment.self, capacity: capacity)
  }

  /// Gives its memory back; it may not be used afterwards.
  func free() {
    unsafe state.pointee.segments.deallocate()
    unsafe state.deallocate()
  }

  /// Adds a segment.
  ///
  /// - Returns: Whether it was the last for which there is room: ``take(_:)`` is called next.
  @inline(__always)
  func add(_ segment: FollowedSegment) -> Bool {
    let count = unsafe state.pointee.count
    // The other core has these lines since it worked them off: getting one back takes longer than several
    // packets.
    unsafe rdpscope_prefetch_to_write(state.pointee.segments + count + Self.lead)
    unsafe state.pointee.segments[count] = segment
    unsafe state.pointee.count = count + 1
    return unsafe count + 1 == state.pointee.limit
  }

  /// Has each segment be the last from now on.
  func narrow() { unsafe state.pointee.limit = 1 }

  /// Hands out what was gathered, and goes on with nothing.
  ///
  /// - Parameter place: Memory for the next ones; afterwards that of what was gathered.
  /// - Returns: How many were gathered.
  func take(_ place: inout UnsafeMutablePointer<FollowedSegment>) -> Int {
    unsafe swap(&state.pointee.segments, &place)
    defer { unsafe state.pointee.count = 0 }
    return unsafe state.pointee.count
  }
}
