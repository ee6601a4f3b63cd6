internal import CProcessor

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// A window over the input in which whole blocks lie in place.
///
/// A class, because it owns the memory.
@safe final class BlockBuffer {
  /// Where the window begins in the (unpacked) file.
  private(set) var offset = 0
  /// Why the operating system gave no more, an errno value; `nil` as long as it did not refuse.
  private(set) var readError: Int32?
  /// Milliseconds that a read waits for octets; `nil` as long as it takes.
  var patience: Int32?
  /// Whether the last ``fill(_:)`` gave up waiting; asked again, it goes on.
  private(set) var isStarved = false
  private let input: Input
  private var window: ReadAhead.Window
  private var start = 0
  private var end: Int
  /// Called before a window is left; until the next call returns its octets stay in place.
  var onLeave: (() -> Void)?
  /// The window before, while ``onLeave`` is set.
  private var spare: ReadAhead.Window?
  /// Reads the next window, while ``onLeave`` is set: whoever sets it has a processor to spare.
  private var ahead: ReadAhead?
  private var mayReadAhead = true

  /// Octets of a window: few enough that they stay in the processor's cache from the kernel's copy
  /// until they are looked at, and so many that those beside are seldom woken for a new one.
  private static let readLength = 1 << 19
  /// Octets left of one window that have room in front of the next; more are rare, and copied.
  private static let margin = 1 << 16

  /// Starts at the input's first octet.
  ///
  /// - Parameter input: Where the octets come from.
  init(_ input: Input) {
    self.input = input
    end = input.head.count
    window = ReadAhead.Window(capacity: Self.readLength)
    for (index, byte) in input.head.enumerated() { unsafe window.memory[index] = byte }
  }

  deinit {
    spare?.free()
    window.free()
  }

  /// Octets in the window.
  var available: Int { end - start }

  /// The window's first octets; valid until the next ``fill(_:)``, for at most ``available``.
  var base: UnsafeMutablePointer<UInt8> { unsafe window.memory + start }

  /// Has the memory fetched of the headers that lie `count` octets on.
  @inline(__always)
  func approach(_ count: Int) {
    unsafe rdpscope_prefetch(base + count)
    unsafe rdpscope_prefetch(base + count + Self.lineLength)
  }

  /// Octets of a cache line.
  private static let lineLength = 64

  /// Passes over octets in the window.
  func consume(_ count: Int) {
    let count = min(count, available)
    start += count
    offset += count
  }

  /// Reads until the window holds `count` octets; false if the input ends before.
  ///
  /// Memory grows with what arrives, never with what is asked for.
  @inline(__always)
  func fill(_ count: Int) -> Bool { count <= available || read(until: count) }

  private func read(until count: Int) -> Bool {
    while available < count {
      let isFull = window.capacity < start + count && 0 < start
      if isFull, mayReadAhead, onLeave != nil { beginAhead() }
      if ahead != nil {
        guard takeAhead() else { return false }
        continue
      }
      if isFull { move() }
      if end == window.capacity { grow() }
      if let patience {
        isStarved = !input.awaitOctets(milliseconds: patience)
        guard !isStarved else { return false }
      }
      let got = unsafe readRetrying(
        input.descriptor,
        window.memory + end,
        window.capacity - end
      )
      guard got > 0 else {
        if got < 0 { readError = errno }
        return false
      }
      end += got
    }
    return true
  }

  /// Brings what is left to a window's beginning.
  private func move() {
    let rest = available
    if let onLeave {
      onLeave()
      let target = spare ?? ReadAhead.Window(capacity: window.capacity)
      unsafe target.memory.update(from: base, count: rest)
      spare = window
      window = target
    } else {
      unsafe window.memory.update(from: base, count: rest)
    }
    start = 0
    end = rest
  }

  /// From the end of the first window on: what fits into one needs no thread.
  private func beginAhead() {
    mayReadAhead = false
    ahead = ReadAhead(
      input.descriptor,
      capacity: Self.margin + Self.readLength,
      margin: Self.margin
    )
  }

  /// Goes on in the window that was read meanwhile, with the octets that are left in this one.
  ///
  /// - Returns: Whether there was more to read.
  private func takeAhead() -> Bool {
    onLeave?()
    guard let ahead else { return false }
    let next = spare ?? ReadAhead.Window(capacity: Self.margin + Self.readLength)
    let (full, outcome) = ahead.exchange(next)
    spare = full
    guard 0 < outcome.count else {
      readError = outcome.error
      return false
    }
    let rest = available
    if rest <= Self.margin {
      let place = Self.margin - rest
      unsafe full.memory.advanced(by: place).update(from: base, count: rest)
      (spare, window) = (window, full)
      (start, end) = (place, Self.margin + outcome.count)
    } else {
      let larger = ReadAhead.Window(capacity: rest + outcome.count)
      unsafe larger.memory.update(from: base, count: rest)
      unsafe larger.memory.advanced(by: rest).update(
        from: full.memory + Self.margin,
        count: outcome.count
      )
      full.free()
      (spare, window) = (window, larger)
      (start, end) = (0, rest + outcome.count)
    }
    return true
  }

  /// After the end of the data: what the decompressor has to complain about.
  func complaint() -> String? { input.complaint() }

  private func grow() {
    let larger = ReadAhead.Window(capacity: window.capacity * 2)
    unsafe larger.memory.update(from: window.memory, count: end)
    window.free()
    window = larger
  }
}
