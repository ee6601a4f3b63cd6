public import Wire

/// Where and when something was seen: a frame and its time.
public struct Moment: Hashable, Sendable {
  /// The frame, counted from 1 as in Wireshark.
  public let frame: Int
  /// The frame's time.
  public let time: Timestamp

  /// Creates a moment.
  @inlinable
  public init(frame: Int, time: Timestamp) {
    self.frame = frame
    self.time = time
  }
}

extension Moment {
  /// Stands for none where every octet counts: frames count from 1.
  @inline(__always)
  static var never: Moment { Moment(frame: 0, time: Timestamp(nanoseconds: 0)) }

  /// `nil` for ``never``.
  @inline(__always)
  var ifSeen: Moment? { frame == 0 ? nil : self }
}
