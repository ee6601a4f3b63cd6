package import Wire

/// MCS Connect Initial: the client's settings, in GCC's Conference Create Request.
///
/// BER, application tag 101: calling and called domain selector, upward flag, target, minimum and
/// maximum domain parameters, user data. T.125 §7, [MS-RDPBCGR] 2.2.1.3
package struct MCSConnectInitial: WireDecodable, Hashable {
  /// What the client would like.
  package let targetParameters: MCSDomainParameters
  /// The least that it takes.
  package let minimumParameters: MCSDomainParameters
  /// The most that it takes.
  package let maximumParameters: MCSDomainParameters
  /// The client's data blocks.
  package var blocks: ClientDataBlocks

  /// Decodes the PDU.
  ///
  /// - Parameter reader: Positioned at the application tag's first octet.
  /// - Throws: ``DecodeError`` if anything before the data blocks does not fit; what is wrong
  ///   inside a block is among the blocks' problems.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    var body = try reader.connectPDU(101, "Connect-Initial")
    _ = try body.berElement(4, "callingDomainSelector")
    _ = try body.berElement(4, "calledDomainSelector")
    _ = try body.berElement(1, "upwardFlag")
    targetParameters = try MCSDomainParameters(decoding: &body)
    minimumParameters = try MCSDomainParameters(decoding: &body)
    maximumParameters = try MCSDomainParameters(decoding: &body)
    var userData = try body.berElement(4, "userData")
    userData.layer = .gcc
    var gcc = try userData.conferenceCreateRequest()
    blocks = ClientDataBlocks(decoding: &gcc)
  }
}

/// MCS Connect Response: the server's settings, in GCC's Conference Create Response.
///
/// BER, application tag 102: result, called connect id, domain parameters, user data.
/// T.125 §7, [MS-RDPBCGR] 2.2.1.4
package struct MCSConnectResponse: WireDecodable, Hashable {
  /// Whether the connection is admitted.
  package let result: MCSResult
  /// What was agreed on.
  package let parameters: MCSDomainParameters
  /// GCC's own result; 0 is success. T.124 §8.7
  package let conferenceResult: UInt8
  /// The server's data blocks.
  package let blocks: ServerDataBlocks

  /// Decodes the PDU.
  ///
  /// - Parameter reader: Positioned at the application tag's first octet.
  /// - Throws: ``DecodeError`` if anything before the data blocks does not fit; what is wrong
  ///   inside a block is among the blocks' problems.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    var body = try reader.connectPDU(102, "Connect-Response")
    result = MCSResult(
      rawValue: UInt8(truncatingIfNeeded: try body.berUnsigned(10, "result"))
    )
    _ = try body.berUnsigned(2, "calledConnectId")
    parameters = try MCSDomainParameters(decoding: &body)
    var userData = try body.berElement(4, "userData")
    userData.layer = .gcc
    var (gcc, conferenceResult) = try userData.conferenceCreateResponse()
    self.conferenceResult = conferenceResult
    blocks = ServerDataBlocks(decoding: &gcc)
  }
}

extension ByteReader {
  /// Cuts out the contents of a connect PDU with a two-octet application tag.
  fileprivate mutating func connectPDU(
    _ tag: UInt8,
    _ field: StaticString
  ) throws(DecodeError) -> ByteReader {
    let start = offset
    let found = try uint16BigEndian(field)
    guard found == 0x7F00 | UInt16(tag) else {
      throw invalid(field, at: start, expected: "application tag \(tag)", found: found)
    }
    return try subReader(try berLength(field), field)
  }
}
