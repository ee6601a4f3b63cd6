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
  /// Where what is left of the window begins in the (unpacked) file.
  var offset: Int { origin + start }
  /// Why the operating system gave no more, an errno value; `nil` as long as it did not refuse.
  private(set) var readError: Int32?
  /// Milliseconds that a read waits for octets; `nil` as long as it takes.
  var patience: Int32?
  /// Whether the last ``fill(_:)`` gave up waiting; asked again, it goes on.
  private(set) var isStarved = false
  private let input: Input
  private var storage: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  /// Where the whole window begins in the file.
  private var origin = 0
  private var start = 0
  private var end: Int
  /// Called before a window is left; until the call after the next returns its octets stay in place.
  var onLeave: (() -> Void)?
  /// The windows before, while ``onLeave`` is set, the oldest first.
  private var spares: [UnsafeMutableBufferPointer<UInt8>] = unsafe []
  /// Windows left that stay in place.
  private static let windowsKept = 2

  /// Octets of a window: few enough that they stay near the processor from the kernel's copy until they
  /// are looked at, and so many that those beside seldom wait for a new one.
  private static let readLength = 3 << 18

  /// Starts at the input's first octet.
  ///
  /// - Parameter input: Where the octets come from.
  init(_ input: Input) {
    self.input = input
    end = input.head.count
    capacity = Self.readLength
    unsafe storage = .allocate(capacity: capacity)
    for (index, byte) in input.head.enumerated() { unsafe storage[index] = byte }
  }

  deinit {
    unsafe spares.forEach { unsafe $0.deallocate() }
    unsafe storage.deallocate()
  }

  /// Octets in the window.
  var available: Int { end - start }

  /// The window's first octets; valid until the next ``fill(_:)``, for at most ``available``.
  var base: UnsafeMutablePointer<UInt8> { unsafe storage + start }

  /// Lends the octets in the window, and passes over as many of them as `body` says.
  @inline(__always)
  func pass(_ body: (Span<UInt8>) -> Int) {
    let octets = unsafe UnsafeBufferPointer(start: base, count: available)
    consume(body(unsafe Span(_unsafeElements: octets)))
  }

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
    start += min(count, available)
  }

  /// Reads until the window holds `count` octets; false if the input ends before.
  ///
  /// Memory grows with what arrives, never with what is asked for.
  @inline(__always)
  func fill(_ count: Int) -> Bool { count <= available || read(until: count) }

  private func read(until count: Int) -> Bool {
    while available < count {
      if start + count > capacity, start > 0 { move() }
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

  /// Brings what is left to a window's beginning.
  private func move() {
    let rest = available
    if let onLeave {
      onLeave()
      takeSpare(rest)
    } else {
      unsafe storage.update(from: storage + start, count: rest)
    }
    origin += start
    start = 0
    end = rest
  }

  /// Goes on in the oldest of the windows, with the octets that are left in this one.
  ///
  /// One that grew with a long block is given back: no other need be as long.
  private func takeSpare(_ rest: Int) {
    let length = max(Self.readLength, rest)
    var target = unsafe UnsafeMutableBufferPointer<UInt8>(start: nil, count: 0)
    if unsafe spares.count == Self.windowsKept { unsafe target = spares.removeFirst() }
    if target.count != length {
      unsafe target.deallocate()
      unsafe target = .allocate(capacity: length)
    }
    guard let memory = target.baseAddress else { return }
    unsafe memory.update(from: storage + start, count: rest)
    unsafe spares.append(UnsafeMutableBufferPointer(start: storage, count: capacity))
    unsafe storage = memory
    capacity = length
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
