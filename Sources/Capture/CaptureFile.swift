#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Capture files of every format we read, told by their first octets.
package enum CaptureFile {
  /// Opens a capture, compressed or not.
  ///
  /// - Parameters:
  ///   - path: A file, or `-` for stdin.
  ///   - filter: A BPF expression that packets must match, `nil` for all packets.
  /// - Returns: The source, before its first packet.
  /// - Throws: ``CaptureError`` if it cannot be opened, is no capture, or the filter is wrong.
  package static func open(
    _ path: String,
    filter: String?
  ) throws(CaptureError) -> any PacketSource {
    let (input, format) = try Input.open(path)
    let filter = filter.map { PacketFilter($0) }
    switch format {
    case .pcap:
      if let plain = try PlainPcapSource(input, filter: filter) { return plain }
      return try PcapSource(input, filter: filter)
    case .pcapng: return try PcapngSource(input, filter: filter)
    case .foreign(let name, let command):
      throw CaptureError(
        .needsConverting,
        "\(input.name) is \(name): convert it first with `\(command)`"
      )
    case .compressed:
      throw CaptureError(
        .notACapture,
        "\(input.name) is compressed twice: decompress it once by hand"
      )
    case .empty:
      throw CaptureError(.notACapture, "\(input.name) is empty: record the capture anew")
    case .unknown:
      throw CaptureError(
        .notACapture,
        "\(input.name) is not a pcap or pcapng capture: check what it holds"
      )
    }
  }

  /// Whether a path can be opened again, with the same packets: a regular file, no pipe.
  package static func isReadable(twice path: String) -> Bool {
    var status = stat()
    return unsafe path != "-" && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Whether a file is a capture by its first octets, unpacked if need be.
  ///
  /// For the search of folders: false for what is no regular file or cannot be read.
  package static func isCapture(_ path: String) -> Bool {
    var status = stat()
    guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
    do throws(CaptureError) {
      let (_, format) = try Input.open(path)
      return format == .pcap || format == .pcapng
    } catch {
      // Without the tool the name decides, so that opening it can say what is missing.
      return error.kind == .missingDecompressor && path.lowercased().contains("cap")
    }
  }
}
