import CredSSPMessages
import RDPMessages
import Wire

/// Cuts one direction's decrypted octets into messages: CredSSP first, where it was chosen, then
/// TPKTs and fast-path PDUs.
///
/// Records and messages do not align. Where octets are missing, a record that begins with a TPKT
/// finds the way back.
struct PlaintextFramer {
  /// Longest TSRequest that is put together: several times a Kerberos ticket of a user in a
  /// thousand groups.
  static let maximumTSRequestByteCount = 1 << 18

  private var pending: ArraySlice<UInt8> = []
  /// Octets of a fast-path PDU that nobody needs.
  private var skip = 0
  private var isLost = false

  /// What is cut out.
  enum Message {
    /// A TSRequest. [MS-CSSP] 2.2.1
    case credSSP(ArraySlice<UInt8>)
    /// The Early User Authorization Result. [MS-RDPBCGR] 2.2.10.2
    case earlyAuthorization(ArraySlice<UInt8>)
    /// A message of RDSTLS. [MS-RDPBCGR] 2.2.17
    case rdstls(ArraySlice<UInt8>)
    /// A message of RDS AAD Auth. [MS-RDPBCGR] 2.2.18
    case rdsaad(ArraySlice<UInt8>)
    /// A TPKT.
    case tpkt(ArraySlice<UInt8>)
    /// The beginning of a fast-path PDU of so many octets.
    case fastPath(ArraySlice<UInt8>, byteCount: Int)
  }

  /// Takes the plaintext of the next record.
  mutating func append(_ octets: ArraySlice<UInt8>) {
    if isLost {
      guard Self.beginsTPKT(octets) else { return }
      isLost = false
    }
    let passed = min(skip, octets.count)
    skip -= passed
    guard !pending.isEmpty else {
      pending = octets.dropFirst(passed)
      return
    }
    // A copy of its own from index 0, made once a message: the record's buffer is not kept alive.
    if pending.startIndex != 0 { pending = Array(pending)[...] }
    pending.append(contentsOf: octets)
  }

  /// Octets of this direction are missing.
  mutating func lose() {
    pending = []
    skip = 0
    isLost = true
  }

  /// Returns the next complete message, or nil when more octets are needed.
  ///
  /// - Parameter isBeforeMCS: Whether CredSSP may still go on.
  /// - Returns: The message.
  /// - Throws: ``DecodeError`` where the octets begin no message; the direction is then lost.
  mutating func next(isBeforeMCS: Bool) throws(DecodeError) -> Message? {
    guard let first = pending.first else { return nil }
    if isBeforeMCS, first == 0x30 {
      guard let count = try tsRequestByteCount(), let octets = take(count) else { return nil }
      return .credSSP(octets)
    }
    if isBeforeMCS, first == 0 || first == 5 {
      return take(4).map { .earlyAuthorization($0) }
    }
    // Its version is 1; no TPKT and no fast-path PDU of the session begins so.
    if isBeforeMCS, first == 1 {
      guard let count = try rdstlsByteCount(), let octets = take(count) else { return nil }
      return .rdstls(octets)
    }
    if isBeforeMCS, first == RDSAADMessage.first {
      guard let count = try rdsaadByteCount(), let octets = take(count) else { return nil }
      return .rdsaad(octets)
    }
    switch RDPFraming(startOf: pending) {
    case .needsMoreBytes: return nil
    case .tpkt(let byteCount): return take(byteCount).map { .tpkt($0) }
    case .fastPath(let byteCount):
      let octets = pending.prefix(byteCount)
      skip = byteCount - octets.count
      pending = pending.dropFirst(octets.count)
      return .fastPath(octets, byteCount: byteCount)
    case .notRDP:
      let offset = pending.startIndex
      lose()
      throw DecodeError(
        layer: .tpkt,
        field: "version",
        offset: offset,
        reason: .unexpected(expected: "3 or a fast-path header", found: "\(first)")
      )
    }
  }

  private mutating func rdstlsByteCount() throws(DecodeError) -> Int? {
    do throws(DecodeError) {
      return try RDSTLSFraming.byteCount(startOf: pending)
    } catch {
      lose()
      throw error
    }
  }

  /// The size of a message that ends with a zero; `nil` while that is not here.
  private mutating func rdsaadByteCount() throws(DecodeError) -> Int? {
    if let end = pending.firstIndex(of: RDSAADMessage.last) { return end + 1 - pending.startIndex }
    let found = pending.count
    guard RDSAADMessage.maximumByteCount < found else { return nil }
    let offset = pending.startIndex
    lose()
    throw DecodeError(
      layer: .rdsaad,
      field: "JSON",
      offset: offset,
      reason: .limitExceeded(limit: RDSAADMessage.maximumByteCount, found: found)
    )
  }

  private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard count <= pending.count else { return nil }
    defer { pending = pending.dropFirst(count) }
    return pending.prefix(count)
  }

  /// The size of the DER element at the front; `nil` while its length is not here.
  private mutating func tsRequestByteCount() throws(DecodeError) -> Int? {
    let header = Array(pending.prefix(6))
    guard 2 <= header.count else { return nil }
    guard header[1] & 0x80 != 0 else { return 2 + Int(header[1]) }
    let lengthByteCount = Int(header[1] & 0x7F)
    guard 2 + lengthByteCount <= header.count else {
      guard 4 < lengthByteCount else { return nil }
      throw refuse(found: lengthByteCount, field: "TSRequest length octets", limit: 4)
    }
    let length = header[2..<2 + lengthByteCount].reduce(0) { $0 << 8 | Int($1) }
    guard length <= Self.maximumTSRequestByteCount else {
      throw refuse(
        found: length,
        field: "TSRequest length",
        limit: Self.maximumTSRequestByteCount
      )
    }
    return 2 + lengthByteCount + length
  }

  private mutating func refuse(found: Int, field: String, limit: Int) -> DecodeError {
    let offset = pending.startIndex + 1
    lose()
    return DecodeError(
      layer: .credSSP,
      field: field,
      offset: offset,
      reason: .limitExceeded(limit: limit, found: found)
    )
  }

  /// A TPKT with an X.224 Data TPDU: six octets that are no chance.
  private static func beginsTPKT(_ octets: ArraySlice<UInt8>) -> Bool {
    let head = Array(octets.prefix(7))
    return head.count == 7 && head[0] == 3 && head[1] == 0 && head[4...] == [2, 0xF0, 0x80]
  }
}
