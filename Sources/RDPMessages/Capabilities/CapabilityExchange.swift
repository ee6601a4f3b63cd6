package import Wire

/// Demand Active or Confirm Active: what one side can do.
///
/// After the Share Control Header, little-endian: shareID 4, in Confirm Active originatorID 2,
/// lengthSourceDescriptor 2, lengthCombinedCapabilities 2, sourceDescriptor, numberCapabilities 2,
/// pad 2, the sets; in Demand Active sessionId 4. [MS-RDPBCGR] 2.2.1.13.1.1, 2.2.1.13.2.1
package struct CapabilityExchange: Hashable, Sendable {
  package let shareID: UInt32
  /// What the sender calls itself: `RDP`, `MSTSC`, `FREERDP`.
  package let source: String
  package let sets: [CapabilitySet]
  /// The first set that could not be read; those after it are lost.
  package let problem: DecodeError?

  /// Sets of one side: 28 are defined.
  package static let maximumSets = 64

  /// Decodes what follows the Share Control Header.
  ///
  /// - Parameters:
  ///   - reader: At `shareID`.
  ///   - isConfirm: Whether it is a Confirm Active.
  /// - Throws: ``DecodeError`` if something before the sets breaks off, or there are too many.
  package init(decoding reader: inout ByteReader, isConfirm: Bool) throws(DecodeError) {
    shareID = try reader.uint32LittleEndian("shareID")
    if isConfirm { try reader.skip(2, "originatorID") }
    let sourceByteCount = Int(try reader.uint16LittleEndian("lengthSourceDescriptor"))
    let setsByteCount = Int(try reader.uint16LittleEndian("lengthCombinedCapabilities"))
    source = try reader.text(sourceByteCount, isUnicode: false, "sourceDescriptor")
    var body = try reader.subReader(setsByteCount, "combined capabilities")
    let countOffset = body.offset
    let count = Int(try body.uint16LittleEndian("numberCapabilities"))
    try body.skip(2, "pad2Octets")
    guard count <= Self.maximumSets else {
      throw body.limitExceeded(
        "numberCapabilities",
        at: countOffset,
        limit: Self.maximumSets,
        found: count
      )
    }
    var sets: [CapabilitySet] = []
    var problem: DecodeError?
    do throws(DecodeError) {
      for _ in 0..<count { sets.append(try CapabilitySet(decoding: &body)) }
    } catch {
      problem = error
    }
    self.sets = sets
    self.problem = problem
    if !isConfirm, 4 <= reader.remainingCount { try reader.skip(4, "sessionId") }
  }
}
