package import Wire

/// Where and when something was seen: a frame and its time.
package struct Moment: Hashable, Sendable {
  /// The frame, counted from 1 as in Wireshark.
  package let frame: Int
  /// The frame's time.
  package let time: Timestamp

  /// Creates a moment.
  package init(frame: Int, time: Timestamp) {
    self.frame = frame
    self.time = time
  }
}
