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
  private var storage: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private var start: Int
  private var end: Int
  /// Reads the octets after the window, where that pays, and the memory it reads them into.
  private var ahead: ReadAhead?
  private var spare: UnsafeMutablePointer<UInt8>?
  /// Octets kept free before those that are read ahead, for what is left in the window then.
  private let headroom: Int

  /// Octets read at a time.
  private static let readLength = 1 << 18
  /// Octets read ahead at a time: so many that the threads seldom wait for each other.
  private static let readAheadLength = 1 << 20

  /// Starts at the input's first octet.
  ///
  /// - Parameters:
  ///   - input: Where the octets come from.
  ///   - usual: The most that is usually asked for at a time, if a thread may read ahead.
  init(_ input: Input, usual: Int? = nil) {
    self.input = input
    ahead = usual.flatMap { _ in ReadAhead(input.descriptor, count: Self.readAheadLength) }
    headroom = ahead == nil ? 0 : usual ?? 0
    capacity = ahead == nil ? Self.readLength : headroom + Self.readAheadLength
    start = max(0, headroom - input.head.count)
    end = start + input.head.count
    unsafe storage = .allocate(capacity: capacity)
    for (index, byte) in input.head.enumerated() { unsafe storage[start + index] = byte }
    guard let ahead else { return }
    let spare = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    unsafe ahead.start(into: spare + headroom)
    unsafe self.spare = spare
  }

  deinit {
    ahead = nil  // Waits for its thread, which writes into our memory.
    unsafe spare?.deallocate()
    unsafe storage.deallocate()
  }

  /// Octets in the window.
  var available: Int { end - start }

  /// The window's first octets; valid until the next ``fill(_:)``, for at most ``available``.
  var base: UnsafeMutablePointer<UInt8> { unsafe storage + start }

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
      if let ahead, let spare = unsafe spare {
        guard unsafe take(from: ahead, spare) else { return false }
        continue
      }
      if start + count > capacity, start > 0 {
        unsafe storage.update(from: storage + start, count: available)
        end -= start
        start = 0
      }
      if end == capacity { grow() }
      if let patience {
        isStarved = !input.awaitOctets(milliseconds: patience)
        guard !isStarved else { return false }
      }
      let got = unsafe readRetrying(input.descriptor, storage + end, capacity - end)
      guard got > 0 else {
        if got < 0 { readError = errno }
        return false
      }
      end += got
    }
    return true
  }

  /// Adds what was read ahead to the window, and has the next octets read; false at the end.
  private func take(from ahead: ReadAhead, _ spare: UnsafeMutablePointer<UInt8>) -> Bool {
    let (count, code) = ahead.finish()
    readError = code
    guard count > 0 else { return false }
    let rest = available
    if rest <= headroom {
      unsafe (spare + headroom - rest).update(from: storage + start, count: rest)
      unsafe self.spare = storage
      unsafe storage = spare
      start = headroom - rest
      capacity = headroom + Self.readAheadLength
    } else {
      if capacity < end + count { enlarge(by: count) }
      unsafe (storage + end).update(from: spare + headroom, count: count)
    }
    end = start + rest + count
    if let spare = unsafe self.spare { unsafe ahead.start(into: spare + headroom) }
    return true
  }

  /// Gives what is in the window, more than is usually asked for at a time, a larger one.
  private func enlarge(by count: Int) {
    let rest = available
    capacity = headroom + max(2 * (rest + count), Self.readAheadLength)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    unsafe (larger + headroom).update(from: storage + start, count: rest)
    unsafe storage.deallocate()
    unsafe storage = larger
    start = headroom
    end = start + rest
  }

  /// After the end of the data: what the decompressor has to complain about.
  func complaint() -> String? { input.complaint() }

  private func grow() {
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity * 2)
    unsafe larger.update(from: storage, count: end)
    unsafe storage.deallocate()
    unsafe storage = larger
    capacity *= 2
  }
}
