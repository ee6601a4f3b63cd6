package import Wire

/// What is told of a server (AV_PAIRs): AvId 2, AvLen 2, Value, little-endian, until AvId 0.
/// [MS-NLMP] 2.2.2.1
package struct NTLMTargetInformation: Hashable, Sendable {
  package private(set) var computer: String?
  package private(set) var domain: String?
  package private(set) var dnsComputer: String?
  package private(set) var dnsDomain: String?
  package private(set) var dnsForest: String?
  /// The server's clock; `nil` where it does not tell, or tells what no clock shows.
  package private(set) var time: Timestamp?
  /// The service that the client means to talk to, `TERMSRV/host`.
  package private(set) var serviceName: String?

  /// Pairs of one list; eleven kinds are known.
  package static let maximumPairs = 32

  /// Decodes the list; an empty one tells nothing.
  ///
  /// - Throws: ``DecodeError`` if a pair breaks off, or there are too many.
  init(decoding reader: inout ByteReader) throws(DecodeError) {
    var count = 0
    while !reader.isAtEnd {
      guard count < Self.maximumPairs else {
        throw reader.limitExceeded(
          "AV_PAIR",
          at: reader.offset,
          limit: Self.maximumPairs,
          found: count + 1
        )
      }
      count += 1
      let id = try reader.uint16LittleEndian("AvId")
      let byteCount = Int(try reader.uint16LittleEndian("AvLen"))
      guard id != 0 else { return }
      try take(id, byteCount, &reader)
    }
  }

  private mutating func take(
    _ id: UInt16,
    _ byteCount: Int,
    _ reader: inout ByteReader
  ) throws(DecodeError) {
    switch id {
    case 1: computer = try reader.utf16(byteCount, "MsvAvNbComputerName")
    case 2: domain = try reader.utf16(byteCount, "MsvAvNbDomainName")
    case 3: dnsComputer = try reader.utf16(byteCount, "MsvAvDnsComputerName")
    case 4: dnsDomain = try reader.utf16(byteCount, "MsvAvDnsDomainName")
    case 5: dnsForest = try reader.utf16(byteCount, "MsvAvDnsTreeName")
    case 7:
      var value = try reader.subReader(byteCount, "MsvAvTimestamp")
      time = Timestamp(fileTime: try value.uint64LittleEndian("MsvAvTimestamp"))
    case 9: serviceName = try reader.utf16(byteCount, "MsvAvTargetName")
    default: try reader.skip(byteCount, "Value")
    }
  }
}

extension Timestamp {
  /// Hundreds of nanoseconds from 1601-01-01 to 1970-01-01.
  private static let epochOffset: Int64 = 116_444_736_000_000_000

  /// A Windows time: hundreds of nanoseconds since 1601; `nil` beyond what packet time holds.
  ///
  /// [MS-DTYP] 2.3.3
  init?(fileTime: UInt64) {
    guard fileTime != 0, let ticks = Int64(exactly: fileTime) else { return nil }
    let (shifted, underflow) = ticks.subtractingReportingOverflow(Self.epochOffset)
    let (nanoseconds, overflow) = shifted.multipliedReportingOverflow(by: 100)
    guard !underflow, !overflow else { return nil }
    self.init(nanoseconds: nanoseconds)
  }
}
