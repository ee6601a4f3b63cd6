import Packets
import Streams
import Wire

extension EventLog {
  /// Takes a segment with what it changed in its conversation.
  func note(
    _ observed: ObservedSegment,
    before: TCPConversation.Marks,
    after tcp: TCPConversation,
    in phase: Phase
  ) {
    func add(_ step: Event.TCPStep) {
      note(.tcp(step), from: observed.side, at: observed.moment, in: phase)
    }
    let marks = TCPConversation.Marks(tcp, observed.side)
    guard marks.copyCount == before.copyCount else { return }
    let flags = observed.segment.flags
    if flags.contains(.rst), marks.resetCount != before.resetCount, let reset = tcp.resets.last {
      add(.reset(reset))
      return
    }
    if marks.retransmissionCount != before.retransmissionCount {
      add(.retransmissions(count: 1))
    } else if flags.contains(.syn) {
      add(observed.side == .client ? .syn : .synAck)
    }
    if !before.isEstablished, marks.isEstablished { add(.established) }
    if marks.keepAliveCount != before.keepAliveCount { add(.keepAlive) }
    if marks.isWindowClosed != before.isWindowClosed {
      add(marks.isWindowClosed ? .zeroWindow : .windowOpens)
    }
    if flags.contains(.fin), !before.isFinished { add(.finish) }
  }
}

extension TCPConversation {
  /// What a segment of one side may change and a ladder shows.
  struct Marks {
    let copyCount: Int
    let resetCount: Int
    let retransmissionCount: Int
    let keepAliveCount: Int
    let isWindowClosed: Bool
    let isEstablished: Bool
    let isFinished: Bool

    init(_ tcp: TCPConversation, _ side: Side) {
      let half = tcp.half(side)
      copyCount = tcp.copyCount
      resetCount = tcp.resetCount
      retransmissionCount = half.retransmissionCount
      keepAliveCount = half.keepAliveCount
      isWindowClosed = half.zeroWindowSince != nil
      isEstablished = tcp.established != nil
      isFinished = half.finish != nil
    }
  }
}
