internal import CLibpcap
import Wire

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// The packets of a classic pcap file, read through libpcap.
@safe final class PcapSource: PacketSource, AnnotatedSource {
  private(set) var record = PacketRecord.none
  private var tally = Tally(format: "pcap")
  private let input: Input
  private let filter: PacketFilter?
  private var handle: OpaquePointer?
  private let streamBuffer: UnsafeMutablePointer<CChar>
  private var packet: UnsafePointer<UInt8>?
  /// Where the next packet's header begins in the (unpacked) file.
  private var offset = PcapSource.fileHeaderLength
  private var packetHeaderLength = 16
  private var frame = 0

  private static let fileHeaderLength = 24
  /// Octets libc reads at a time; its own 4 KiB cost a system call for every few packets.
  private static let streamBufferLength = 1 << 18

  var metadata: CaptureMetadata { tally.metadata }
  var noteCount: Int { tally.noteCount }

  init(_ input: Input, filter: PacketFilter?) throws(CaptureError) {
    self.input = input
    self.filter = filter
    unsafe streamBuffer = .allocate(capacity: Self.streamBufferLength)
    // Kuznetzov's variant has eight octets more in each packet header.
    if input.head.starts(with: [0xa1, 0xb2, 0xcd, 0x34])
      || input.head.starts(with: [0x34, 0xcd, 0xb2, 0xa1])
    {
      packetHeaderLength = 24
    }
    let (head, snapLength) = Self.withoutSnapLength(
      input.head + input.read(max(0, Self.fileHeaderLength - input.head.count))
    )
    let descriptor = input.takeDescriptor()
    guard let stream = unsafe fdopen(descriptor, "rb") else {
      close(descriptor)
      throw CaptureError(
        .unreadable,
        "\(input.name) cannot be read (\(errorText(errno))): close some files"
      )
    }
    unsafe setvbuf(stream, streamBuffer, _IOFBF, Self.streamBufferLength)
    for byte in head.reversed() { _ = unsafe ungetc(Int32(byte), stream) }
    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    unsafe handle = unsafe pcap_fopen_offline_with_tstamp_precision(
      stream,
      UInt32(PCAP_TSTAMP_PRECISION_NANO),
      &message
    )
    guard let handle = unsafe handle else {
      unsafe fclose(stream)
      let reason = text(message)
      guard reason.hasPrefix("truncated") else {
        throw CaptureError(
          .notACapture,
          "\(input.name) is no capture that libpcap reads (\(reason)): record it anew"
        )
      }
      tally.warn("capture_truncated", "the capture breaks off in its file header", frame: nil)
      return
    }
    let linkType = unsafe LinkType(libpcapNumber: pcap_datalink(handle))
    record.linkType = linkType
    _ = tally.add(CaptureInterface(linkType: linkType, snapLength: snapLength))
    try filter?.prepare(for: linkType)
  }

  /// The file header with a snap length of 0, which libpcap takes for none, and the one it had.
  ///
  /// libpcap cuts packets to the snap length of the header. Writers exist that keep more than they
  /// announce, and a cut would also put the offsets in warnings wrong.
  private static func withoutSnapLength(_ header: [UInt8]) -> (head: [UInt8], snapLength: Int) {
    guard header.count == fileHeaderLength else { return (header, 0) }
    let field = 16..<20
    let isBigEndian = header[0] == 0xa1
    let octets = isBigEndian ? Array(header[field]) : header[field].reversed()
    var head = header
    head.replaceSubrange(field, with: [0, 0, 0, 0])
    return (head, octets.reduce(0) { $0 << 8 | Int($1) })
  }

  deinit {
    if let handle = unsafe handle { unsafe pcap_close(handle) }
    unsafe streamBuffer.deallocate()
  }

  func advance() throws(CaptureError) -> Bool {
    while let handle = unsafe handle {
      var header: UnsafeMutablePointer<pcap_pkthdr>?
      var bytes: UnsafePointer<UInt8>?
      guard unsafe pcap_next_ex(handle, &header, &bytes) == 1, let header = unsafe header,
        let bytes = unsafe bytes
      else {
        unsafe finish(handle)
        return false
      }
      frame += 1
      // The file's seconds are unsigned; libpcap gives them as signed.
      let seconds = unsafe Int64(UInt32(truncatingIfNeeded: header.pointee.ts.tv_sec))
      record.timestamp = unsafe Timestamp(
        nanoseconds: seconds * 1_000_000_000 &+ Int64(header.pointee.ts.tv_usec)
      )
      record.frame = frame
      record.capturedLength = unsafe Int(header.pointee.caplen)
      record.originalLength = unsafe Int(header.pointee.len)
      unsafe packet = bytes
      offset += packetHeaderLength + record.capturedLength
      tally.count.add(record)
      if let filter, unsafe !filter.passes(record, bytes) { continue }
      return true
    }
    return false
  }

  func withBytes(_ body: (Span<UInt8>) -> Void) {
    let count = unsafe packet == nil ? 0 : record.capturedLength
    let bytes = unsafe UnsafeBufferPointer(start: packet, count: count)
    body(unsafe Span(_unsafeElements: bytes))
  }

  /// Says why the packets end, if it is not the end of the file, and closes it.
  private func finish(_ handle: OpaquePointer) {
    let reason = unsafe String(cString: pcap_geterr(handle))
    let truncated = reason.hasPrefix("truncated")
    if !reason.isEmpty {
      let code = truncated ? "capture_truncated" : "capture_broken"
      let what = truncated ? "breaks off in the packet" : "is broken in the packet"
      tally.warn(
        code,
        "the capture \(what) at byte \(offset), frame \(frame + 1): \(reason)",
        frame: frame + 1
      )
    }
    // Only at the end of the data: before it the decompressor waits for us to read on.
    if reason.isEmpty || truncated, let complaint = input.complaint() {
      tally.warn("capture_truncated", complaint, frame: frame == 0 ? nil : frame)
    }
    unsafe pcap_close(handle)
    unsafe self.handle = nil
    unsafe packet = nil
  }
}
