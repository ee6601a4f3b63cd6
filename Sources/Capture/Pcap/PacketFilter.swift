internal import CLibpcap
import Wire

/// A BPF expression, compiled by libpcap for each link type that comes along.
///
/// A class, because it owns the compiled programs.
final class PacketFilter {
  private let expression: String
  private var programs: [LinkType: Program] = [:]
  private var lastLinkType: LinkType?
  private var lastProgram: Program?

  init(_ expression: String) { self.expression = expression }

  /// A compiled program; a class, because it owns libpcap's memory.
  @safe private final class Program {
    var code = unsafe bpf_program()

    deinit { unsafe pcap_freecode(&code) }
  }

  /// Compiles the expression for a link type.
  ///
  /// - Throws: ``CaptureError`` of kind `badFilter` with libpcap's words.
  func prepare(for linkType: LinkType) throws(CaptureError) {
    guard programs[linkType] == nil else { return }
    guard let dead = unsafe pcap_open_dead(linkType.libpcapNumber, 262_144) else {
      throw CaptureError(.badFilter, "libpcap has no memory for the filter: close other programs")
    }
    defer { unsafe pcap_close(dead) }
    let program = Program()
    guard unsafe pcap_compile(dead, &program.code, expression, 1, bpf_u_int32.max) == 0 else {
      let reason = unsafe String(cString: pcap_geterr(dead))
      throw CaptureError(
        .badFilter,
        "the filter \"\(expression)\" does not fit \(linkType.name) packets (\(reason)): "
          + "see pcap-filter(7) for what it may say"
      )
    }
    programs[linkType] = program
  }

  /// Whether the packet passes; none does where the expression does not fit the link type.
  func passes(_ record: borrowing PacketRecord, _ bytes: UnsafePointer<UInt8>) -> Bool {
    if record.linkType != lastLinkType {
      lastLinkType = record.linkType
      lastProgram = programs[record.linkType]
    }
    guard let lastProgram else { return false }
    var header = pcap_pkthdr()
    header.caplen = UInt32(clamping: record.capturedLength)
    header.len = UInt32(clamping: record.originalLength)
    return unsafe pcap_offline_filter(&lastProgram.code, &header, bytes) != 0
  }
}

extension LinkType {
  /// libpcap's own number for the link type in memory, which a few types have beside the one in files.
  var libpcapNumber: Int32 {
    switch rawValue {
    case 100: DLT_ATM_RFC1483
    case 101: DLT_RAW
    default: Int32(clamping: rawValue)
    }
  }

  /// The link type in files for libpcap's number in memory.
  init(libpcapNumber: Int32) {
    switch libpcapNumber {
    case DLT_ATM_RFC1483: self.init(rawValue: 100)
    case DLT_RAW: self.init(rawValue: 101)
    default: self.init(rawValue: Int(libpcapNumber))
    }
  }
}
