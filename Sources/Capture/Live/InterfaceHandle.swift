internal import CLibpcap
import Wire

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// One interface, open for capture through libpcap.
///
/// A class, because it owns the handle.
@safe final class InterfaceHandle {
  /// What is listened on.
  let name: String
  let linkType: LinkType
  /// To wait on with poll(2); -1 where the platform has none.
  let descriptor: Int32
  private let handle: OpaquePointer
  /// The expression that serves as filter.
  private var filter: String?
  /// Whether the kernel passes only some of what the filter selects.
  private(set) var isThinned = false
  private(set) var packet: UnsafePointer<UInt8>?
  private(set) var capturedLength = 0
  private(set) var originalLength = 0
  private(set) var timestamp = Timestamp(nanoseconds: 0)

  /// Milliseconds after which the kernel hands over what it has gathered.
  private static let gatherMilliseconds: Int32 = 50

  /// What a read gave.
  enum Outcome {
    case packet, nothing
    /// The interface is gone or down, with libpcap's words.
    case gone(String)
  }

  /// Opens an interface.
  ///
  /// - Parameters:
  ///   - name: The interface, or `any`.
  ///   - snapLength: Octets kept of a packet.
  ///   - bufferByteCount: Octets of the kernel's buffer.
  ///   - isPromiscuous: Whether packets for other hosts are taken, too.
  ///   - filters: BPF expressions; the first that fits the link type serves. Empty for all packets.
  /// - Throws: ``CaptureError`` that says what to do.
  init(
    _ name: String,
    snapLength: Int,
    bufferByteCount: Int,
    isPromiscuous: Bool,
    filters: [String]
  ) throws(CaptureError) {
    self.name = name
    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard let handle = unsafe pcap_create(name, &message) else {
      throw CaptureError(.unreadable, "\(name) cannot be opened (\(text(message)))")
    }
    unsafe pcap_set_snaplen(handle, Int32(clamping: snapLength))
    unsafe pcap_set_promisc(handle, isPromiscuous ? 1 : 0)
    unsafe pcap_set_timeout(handle, Self.gatherMilliseconds)
    unsafe pcap_set_buffer_size(handle, Int32(clamping: bufferByteCount))
    unsafe pcap_set_tstamp_precision(handle, Int32(PCAP_TSTAMP_PRECISION_NANO))
    let status = unsafe pcap_activate(handle)
    let reason = unsafe String(cString: pcap_geterr(handle))
    guard 0 <= status else {
      unsafe pcap_close(handle)
      throw Self.error(status, name, reason)
    }
    unsafe self.handle = unsafe handle
    linkType = unsafe LinkType(libpcapNumber: pcap_datalink(handle))
    unsafe pcap_setnonblock(handle, 1, &message)
    descriptor = unsafe pcap_get_selectable_fd(handle)
    // From here on the object is whole, and closes the handle whatever is thrown.
    try setFilter(filters)
  }

  deinit { unsafe pcap_close(handle) }

  private func setFilter(_ filters: [String]) throws(CaptureError) {
    for (index, expression) in filters.enumerated() {
      var code = unsafe bpf_program()
      guard unsafe compile(expression, &code) else {
        if index < filters.count - 1 { continue }
        let reason = unsafe String(cString: pcap_geterr(handle))
        throw CaptureError(
          .badFilter,
          "the filter \"\(expression)\" does not fit \(name) (\(reason)): see pcap-filter(7) for "
            + "what it may say"
        )
      }
      defer { unsafe pcap_freecode(&code) }
      guard unsafe pcap_setfilter(handle, &code) == 0 else {
        let reason = unsafe String(cString: pcap_geterr(handle))
        throw CaptureError(.badFilter, "\(name) takes no filter (\(reason)): give a simpler one")
      }
      filter = expression
      return
    }
  }

  private func compile(_ expression: String, _ code: inout bpf_program) -> Bool {
    unsafe pcap_compile(handle, &code, expression, 1, bpf_u_int32.max) == 0
  }

  /// Has the kernel pass all that the filter selects, or by chance one in so many: of what it never
  /// hands over it costs next to nothing.
  ///
  /// - Parameter share: How many; a power of two, 1 for all.
  func thin(to share: UInt32) {
    guard let filter else { return }
    var code = unsafe bpf_program()
    guard unsafe compile(filter, &code) else { return }
    defer { unsafe pcap_freecode(&code) }
    if share == 1 {
      isThinned = unsafe pcap_setfilter(handle, &code) != 0
    } else {
      isThinned = unsafe rdpscope_set_thinned_filter(handle, &code, share) == 0
    }
  }

  /// Takes the next packet that is there.
  func next() -> Outcome {
    var header: UnsafeMutablePointer<pcap_pkthdr>?
    var bytes: UnsafePointer<UInt8>?
    let status = unsafe pcap_next_ex(handle, &header, &bytes)
    guard status == 1, let header = unsafe header, let bytes = unsafe bytes else {
      return status < 0 ? .gone(unsafe String(cString: pcap_geterr(handle))) : .nothing
    }
    let seconds = unsafe Int64(header.pointee.ts.tv_sec)
    timestamp = unsafe Timestamp(
      nanoseconds: seconds &* 1_000_000_000 &+ Int64(header.pointee.ts.tv_usec)
    )
    capturedLength = unsafe Int(header.pointee.caplen)
    originalLength = unsafe Int(header.pointee.len)
    unsafe packet = bytes
    return .packet
  }

  /// Lends the current packet's octets.
  func withBytes(_ body: (Span<UInt8>) -> Void) {
    let count = unsafe packet == nil ? 0 : capturedLength
    body(unsafe Span(_unsafeElements: UnsafeBufferPointer(start: packet, count: count)))
  }

  /// Packets dropped since it was opened: by the kernel, by the interface.
  var drops: (kernel: Int, interface: Int) {
    var counts = pcap_stat()
    guard unsafe pcap_stats(handle, &counts) == 0 else { return (0, 0) }
    return (Int(counts.ps_drop), Int(counts.ps_ifdrop))
  }

  private static func error(_ status: Int32, _ name: String, _ reason: String) -> CaptureError {
    switch status {
    case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED:
      CaptureError(
        .mayNotCapture,
        "not permitted to capture on \(name): run with sudo, or give the program the capability "
          + "once with `sudo setcap cap_net_raw=ep $(command -v rdpscope)`"
      )
    case PCAP_ERROR_NO_SUCH_DEVICE:
      CaptureError(
        .noSuchInterface,
        "there is no interface \(name): choose one of "
          + NetworkInterface.all().filter(\.isUp).map(\.name).joined(separator: ", ")
      )
    case PCAP_ERROR_IFACE_NOT_UP:
      CaptureError(.interfaceDown, "\(name) is down: bring it up with `ip link set \(name) up`")
    default:
      CaptureError(.unreadable, "\(name) cannot be opened (\(reason))")
    }
  }
}
