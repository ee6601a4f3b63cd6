package import Wire

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// The packets of one or several interfaces, as they come.
///
/// An interface that goes away is opened again when it is back; the others go on meanwhile.
package final class InterfaceFeed: LiveFeed {
  package private(set) var record = PacketRecord.none
  package private(set) var interfaces: [CaptureInterface] = []
  package let opener = SideThread()
  private let options: LiveOptions
  private var taps: [Tap] = []
  private var current = 0
  private var currentCount = 0
  private var warnings: [CaptureWarning] = []
  /// Packets of an activity tap since the last wait.
  private var activityCount = 0
  private var lost = DropCounts()

  /// Packets taken from one interface before the next has its turn.
  private static let turn = 256
  /// Headers of other traffic looked at between two waits; beyond it they are thinned out, one in
  /// ``thinning`` being looked at.
  private static let activityBudget = 512
  private static let thinning = 64
  /// Headers between two looks at the interfaces from which on the kernel passes one in
  /// ``kernelShare``: what it passes costs the sender's or the driver's time, too.
  private static let busyCount = 32_768
  private static let kernelShare: UInt32 = 16
  /// Milliseconds between two tries to open an interface that is gone, and between two looks whether
  /// one is up.
  private static let lookInterval: Int64 = 1000

  /// One handle and what is to become of it.
  private struct Tap {
    let name: String
    let isActivity: Bool
    /// Where it stands among the interfaces.
    var interface: Int
    var handle: InterfaceHandle?
    /// Packets dropped by handles that are closed.
    var past = (kernel: 0, interface: 0)
    /// When it is tried to open it again, or looked whether it is up.
    var nextLook: Int64 = 0
    var isUp: Bool
    /// Headers since the last look.
    var headerCount = 0
  }

  /// Opens interfaces.
  ///
  /// - Parameters:
  ///   - names: Their names or addresses.
  ///   - options: How to listen.
  /// - Throws: ``CaptureError`` if one of them cannot be opened; it says what to do.
  package init(_ names: [String], options: LiveOptions) throws(CaptureError) {
    self.options = options
    for name in names.map(NetworkInterface.resolve) {
      try add(name, isActivity: false)
      if options.showsActivity, options.filter != nil { try add(name, isActivity: true) }
    }
  }

  private func add(_ name: String, isActivity: Bool) throws(CaptureError) {
    var handle: InterfaceHandle?
    do throws(CaptureError) {
      handle = try Self.open(name, isActivity: isActivity, options)
    } catch {
      // An interface that comes up later is waited for.
      guard error.kind == .interfaceDown else { throw error }
      if !isActivity {
        warn("interface_down", "\(name) is down: its packets come when it is up")
      }
    }
    if !isActivity {
      interfaces.append(
        CaptureInterface(
          name: name,
          linkType: handle?.linkType ?? .ethernet,
          snapLength: options.snapLength
        )
      )
    }
    taps.append(
      Tap(
        name: name,
        isActivity: isActivity,
        interface: interfaces.count - 1,
        handle: handle,
        isUp: handle != nil
      )
    )
  }

  private static func open(
    _ name: String,
    isActivity: Bool,
    _ options: LiveOptions
  ) throws(CaptureError) -> InterfaceHandle {
    var filters: [String] = []
    if let filter = options.filter {
      // Behind a VLAN tag, too, where the link type has them.
      let both = "(\(filter)) or (vlan and (\(filter)))"
      filters =
        isActivity
        ? ["(ip or ip6) and not (\(filter))"] : [both, filter]
    }
    return try InterfaceHandle(
      name,
      snapLength: isActivity ? LiveOptions.activitySnapLength : options.snapLength,
      bufferByteCount: isActivity
        ? LiveOptions.activityBufferByteCount : options.bufferByteCount,
      isPromiscuous: options.isPromiscuous,
      filters: filters
    )
  }

  package var dropped: DropCounts {
    var counts = lost
    for tap in taps {
      let now = tap.handle?.drops ?? (kernel: 0, interface: 0)
      if tap.isActivity {
        counts.thinned += tap.past.kernel + now.kernel
      } else {
        counts.kernel += tap.past.kernel + now.kernel
        counts.interface += tap.past.interface + now.interface
      }
    }
    return counts
  }

  package var clock: Timestamp? {
    var now = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &now)
    return Timestamp(nanoseconds: Int64(now.tv_sec) &* 1_000_000_000 &+ Int64(now.tv_nsec))
  }

  package func takeWarnings() -> [CaptureWarning] {
    defer { warnings = [] }
    return warnings
  }

  package func takeSecrets() -> [DecryptionSecrets] { [] }

  package func next(milliseconds: Int32) throws(CaptureError) -> Arrival {
    if let arrival = read() { return arrival }
    activityCount = 0
    rest(milliseconds)
    look()
    return read() ?? .idle
  }

  package func withBytes(_ body: (Span<UInt8>) -> Void) {
    taps[current].handle?.withBytes(body)
  }

  /// A packet that is there already, interface by interface.
  private func read() -> Arrival? {
    var emptyCount = 0
    while emptyCount < taps.count {
      if currentCount < Self.turn, let arrival = readCurrent() { return arrival }
      if currentCount == 0 { emptyCount += 1 } else { emptyCount = 0 }
      current = (current + 1) % taps.count
      currentCount = 0
    }
    return nil
  }

  private func readCurrent() -> Arrival? {
    while let handle = taps[current].handle {
      switch handle.next() {
      case .nothing: return nil
      case .gone(let reason):
        close(current, reason)
        return nil
      case .packet:
        if taps[current].isActivity {
          activityCount += 1
          taps[current].headerCount += 1
          if taps[current].headerCount == Self.busyCount { handle.thin(to: Self.kernelShare) }
          if Self.activityBudget < activityCount, activityCount % Self.thinning != 0 {
            lost.thinned += 1
            currentCount += 1
            if currentCount < Self.turn { continue }
            return nil
          }
        }
        currentCount += 1
        note(handle)
        return taps[current].isActivity ? .activity : .packet
      }
    }
    return nil
  }

  private func note(_ handle: InterfaceHandle) {
    record = PacketRecord(
      timestamp: handle.timestamp,
      frame: record.frame + 1,
      capturedLength: handle.capturedLength,
      originalLength: handle.originalLength,
      linkType: handle.linkType,
      interface: taps[current].interface
    )
  }

  // MARK: - Interfaces that go and come

  private func close(_ index: Int, _ reason: String) {
    let drops = taps[index].handle?.drops ?? (kernel: 0, interface: 0)
    taps[index].past.kernel += drops.kernel
    taps[index].past.interface += drops.interface
    taps[index].handle = nil
    taps[index].nextLook = milliseconds() + Self.lookInterval
    guard !taps[index].isActivity else { return }
    warn(
      "interface_gone",
      "\(taps[index].name) is gone (\(reason)): its packets go on when it is back"
    )
  }

  /// Sees to interfaces that are gone, or went down or up.
  private func look() {
    let now = milliseconds()
    for index in taps.indices where taps[index].nextLook <= now {
      taps[index].nextLook = now + Self.lookInterval
      let tap = taps[index]
      taps[index].headerCount = 0
      if let handle = tap.handle, handle.isThinned,
        tap.headerCount * Int(Self.kernelShare) < Self.busyCount / 2
      {
        handle.thin(to: 1)
      }
      if tap.handle == nil {
        guard let handle = reopened(tap) else { continue }
        taps[index].handle = handle
        taps[index].isUp = true
        guard !tap.isActivity else { continue }
        describe(handle, at: index)
        if tap.isUp {
          warn("interface_back", "\(tap.name) is back")
        } else {
          warn("interface_up", "\(tap.name) is up")
        }
      } else if !tap.isActivity, let isUp = NetworkInterface.isUp(tap.name), isUp != tap.isUp {
        taps[index].isUp = isUp
        warn(
          isUp ? "interface_up" : "interface_down",
          isUp ? "\(tap.name) is up again" : "\(tap.name) is down: its packets go on when it is up"
        )
      }
    }
  }

  /// Lists an interface once more if it came with another link type: packets before had theirs.
  private func describe(_ handle: InterfaceHandle, at index: Int) {
    guard interfaces[taps[index].interface].linkType != handle.linkType else { return }
    interfaces.append(
      CaptureInterface(
        name: handle.name,
        linkType: handle.linkType,
        snapLength: options.snapLength
      )
    )
    taps[index].interface = interfaces.count - 1
  }

  private func reopened(_ tap: Tap) -> InterfaceHandle? {
    var handle: InterfaceHandle?
    let open = { handle = try? Self.open(tap.name, isActivity: tap.isActivity, self.options) }
    // That thread kept the right to.
    if let opener { opener.both({}, open) } else { open() }
    return handle
  }

  private func warn(_ code: String, _ message: String) {
    warnings.append(CaptureWarning(code: code, message: message, frame: nil))
  }

  /// Waits for a packet on any interface, a signal, or the time.
  private func rest(_ milliseconds: Int32) {
    var requests = taps.compactMap(\.handle).filter { 0 <= $0.descriptor }.map {
      pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0)
    }
    _ = unsafe poll(&requests, nfds_t(requests.count), milliseconds)
  }

  /// The monotonic clock.
  private func milliseconds() -> Int64 {
    var now = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &now)
    return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
  }
}
