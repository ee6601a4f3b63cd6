/// What the first octets of a file say it is.
enum FileFormat: Equatable {
  case pcap, pcapng
  case compressed(Compression)
  /// A known format that another tool converts; `command` does it.
  case foreign(name: String, command: String)
  case empty
  case unknown

  /// Octets that suffice to tell the formats apart: a classic pcap's whole file header.
  static let sniffLength = 24

  /// - Parameters:
  ///   - head: The first octets, at most ``sniffLength``; fewer where the file is shorter.
  ///   - path: The file's name, for the formats that have no magic number.
  init(head: [UInt8], path: String) {
    guard !head.isEmpty else {
      self = .empty
      return
    }
    let magic = head.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    switch head.count < 4 ? 0 : magic {
    // Microseconds, nanoseconds, and Kuznetzov's variant, each in both byte orders.
    case 0xa1b2_c3d4, 0xd4c3_b2a1, 0xa1b2_3c4d, 0x4d3c_b2a1, 0xa1b2_cd34, 0x34cd_b2a1:
      self = .pcap
    case 0x0a0d_0d0a: self = .pcapng
    default: self = Self.other(head: head, path: path)
    }
  }

  private static func other(head: [UInt8], path: String) -> FileFormat {
    for compression in Compression.allCases where head.starts(with: compression.magic) {
      return .compressed(compression)
    }
    let quoted = shellQuoted(path)
    let editcap = "editcap -F pcapng \(quoted) \(shellQuoted(path + ".pcapng"))"
    let foreign: [(magic: [UInt8], name: String, command: String)] = [
      (Array("GMBU".utf8), "a Microsoft Network Monitor 2 capture", editcap),
      (Array("RTSS".utf8), "a Microsoft Network Monitor 1 capture", editcap),
      (Array("snoop\0".utf8), "a snoop capture", editcap),
      (Array("XCP\0".utf8), "a Sniffer capture", editcap),
      (Array("TRSNIFF".utf8), "a Sniffer capture", editcap),
      (Array("iptrace".utf8), "an AIX iptrace capture", editcap),
      (Array("PK\u{3}\u{4}".utf8), "a zip archive", "unzip \(quoted)"),
      (Array("BZh".utf8), "compressed with bzip2", "bunzip2 \(quoted)"),
    ]
    for format in foreign where head.starts(with: format.magic) {
      return .foreign(name: format.name, command: format.command)
    }
    let name = path.lowercased()
    if name.hasSuffix(".etl") || looksLikeEventTrace(head) {
      return .foreign(
        name: "a Windows event trace",
        command: "pktmon etl2pcap \(quoted) --out \(shellQuoted(path + ".pcapng"))"
      )
    }
    if name.hasSuffix(".erf") { return .foreign(name: "an ERF capture", command: editcap) }
    return .unknown
  }

  /// An event trace begins with its buffer's size, a power of two, and the offset saved in it.
  private static func looksLikeEventTrace(_ head: [UInt8]) -> Bool {
    guard 8 <= head.count else { return false }
    let size = head.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    let saved = head[4..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    return 4096...1_048_576 ~= size && size & (size - 1) == 0 && 72...size ~= saved
  }

  private static func shellQuoted(_ path: String) -> String {
    let plain = path.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2b...0x2f, 0x3a, 0x5f, 0x80...: true
      default: false
      }
    }
    if plain && !path.isEmpty { return path }
    return "'"
      + path.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''") + "'"
  }
}

/// A compression whose tool the system brings.
enum Compression: CaseIterable {
  case gzip, zstd, xz, lz4

  var magic: [UInt8] {
    switch self {
    case .gzip: [0x1f, 0x8b]
    case .zstd: [0x28, 0xb5, 0x2f, 0xfd]
    case .xz: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]
    case .lz4: [0x04, 0x22, 0x4d, 0x18]
    }
  }

  var tool: String {
    switch self {
    case .gzip: "gzip"
    case .zstd: "zstd"
    case .xz: "xz"
    case .lz4: "lz4"
    }
  }

  /// The Debian and Homebrew package that brings the tool; `debian` differs for xz.
  var package: String { self == .xz ? "xz-utils (xz in Homebrew)" : tool }
}
