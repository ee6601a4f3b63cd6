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
  /// Octets read ahead at a time: so many that the two threads seldom wait for each other.
  private static let readAheadLength = 1 << 20

  /// Starts at the input's first octet.
  ///
  /// - Parameters:
  ///   - input: Where the octets come from.
  ///   - longest: The most that will be asked for at a time, if that is known to be little: then a
  ///     thread reads ahead.
  init(_ input: Input, longest: Int? = nil) {
    self.input = input
    headroom = longest ?? 0
    capacity = longest.map { $0 + Self.readAheadLength } ?? Self.readLength
    start = max(0, headroom - input.head.count)
    end = start + input.head.count
    unsafe storage = .allocate(capacity: capacity)
    for (index, byte) in input.head.enumerated() { unsafe storage[start + index] = byte }
    guard longest != nil else { return }
    let spare = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    ahead = unsafe ReadAhead(input.descriptor, into: spare + headroom, count: Self.readAheadLength)
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
      if let ahead, let spare = unsafe spare, count <= headroom {
        guard unsafe takeOver(from: ahead, spare) else { return false }
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

  /// Makes what was read ahead the window, behind what is left of it, and has the next octets read.
  private func takeOver(from ahead: ReadAhead, _ spare: UnsafeMutablePointer<UInt8>) -> Bool {
    let left = available
    unsafe (spare + headroom - left).update(from: storage + start, count: left)
    let (count, code) = unsafe ahead.next(into: storage + headroom)
    readError = code
    guard count > 0 else { return false }
    unsafe self.spare = storage
    unsafe storage = spare
    start = headroom - left
    end = headroom + count
    return true
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
