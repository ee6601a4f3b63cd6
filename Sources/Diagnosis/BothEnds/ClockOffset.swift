import Wire

/// How far the clock of the capture at the server is ahead of that at the client.
package struct ClockOffset: Hashable, Sendable {
  /// Seconds; negative when it is behind.
  package let seconds: Double
  /// Half of what the fastest packets needed both ways, in seconds: the offset lies within it.
  ///
  /// `nil` where only one direction has packets in both captures; the way of its fastest packet is
  /// then part of ``seconds``.
  package let uncertainty: Double?
  /// Whether packets arrive before they are sent, whatever the offset: one of the clocks was set or
  /// runs differently.
  package let isInconsistent: Bool

  /// Estimates an offset from packets that are in both captures.
  ///
  /// - Parameters:
  ///   - toServer: Server's time less client's time of what the client sent: the offset and the way.
  ///   - toClient: The same of what the server sent: the offset less the way.
  init?(toServer: [Double], toClient: [Double]) {
    switch (toServer.min(), toClient.max()) {
    case (nil, nil): return nil
    case (let least?, nil):
      seconds = least
      uncertainty = nil
      isInconsistent = false
    case (nil, let most?):
      seconds = most
      uncertainty = nil
      isInconsistent = false
    case (let least?, let most?):
      seconds = (least + most) / 2
      uncertainty = abs(least - most) / 2
      isInconsistent = least < most
    }
  }

  /// A client's time as the server's clock has it.
  func atServer(_ time: Timestamp) -> Timestamp { time.adding(seconds: seconds) }

  /// A server's time as the client's clock has it.
  func atClient(_ time: Timestamp) -> Timestamp { time.adding(seconds: -seconds) }
}

extension Timestamp {
  func adding(seconds: Double) -> Timestamp {
    guard seconds.isFinite, abs(seconds) < 1e9 else { return self }
    let (sum, overflow) = nanoseconds.addingReportingOverflow(Int64(seconds * 1e9))
    return overflow ? self : Timestamp(nanoseconds: sum)
  }
}
