package import Wire

/// X.224 Connection Request (CR): the first message of a client. [MS-RDPBCGR] 2.2.1.1
///
/// Layout after the code: DST-REF 2, SRC-REF 2, class 1, then optionally a line ended by CR LF, a
/// negotiation request of 8 octets and correlation info of 36.
package struct X224ConnectionRequest: WireDecodable, Hashable {
  /// The cookie or routing token; `nil` when the client sent none.
  package var line: ConnectionRequestLine?
  /// What the client offers; `nil` when there is no negotiation structure, as from clients of
  /// before 2003.
  package let negotiation: NegotiationRequest?
  /// The 16-octet id that also stands in the client's log, in hexadecimal.
  package var correlationID: String?
  /// What was wrong with the variable part; the fields before it stand.
  package let problem: DecodeError?

  /// Longest cookie or token line kept: far above the 72 octets that clients send, and bounded by
  /// the one-octet length indicator in any case.
  static let maximumLineByteCount = 255

  /// Decodes the fields after the code.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    try reader.skip(5, "DST-REF, SRC-REF and class")
    var line: ConnectionRequestLine?
    var negotiation: NegotiationRequest?
    var correlationID: String?
    var problem: DecodeError?
    do throws(DecodeError) {
      line = try reader.connectionRequestLine()
      negotiation = try reader.negotiationRequest()
      if negotiation?.flags.contains(.correlationInfoPresent) == true {
        correlationID = try reader.correlationID()
      }
      try reader.requireEmpty("variable part")
    } catch {
      problem = error
    }
    self.line = line
    self.negotiation = negotiation
    self.correlationID = correlationID
    self.problem = problem
  }
}

extension ByteReader {
  /// Reads the line that opens the variable part, if there is one.
  ///
  /// A negotiation structure starts with its type, 1; any printable octet starts a line.
  fileprivate mutating func connectionRequestLine() throws(DecodeError) -> ConnectionRequestLine? {
    guard let first = remaining.first, 0x20 <= first else { return nil }
    let limit = min(remainingCount, X224ConnectionRequest.maximumLineByteCount)
    let octets = remaining.prefix(limit)
    guard
      let end = octets.indices.dropLast().first(where: { octets[$0] == 13 && octets[$0 + 1] == 10 })
    else {
      throw invalid("routingToken or cookie", at: offset, expected: "CR LF", found: "none")
    }
    let line = try bytes(end - offset, "routingToken or cookie")
    try skip(2, "CR LF")
    return ConnectionRequestLine(line: line)
  }

  fileprivate mutating func negotiationRequest() throws(DecodeError) -> NegotiationRequest? {
    guard !isAtEnd else { return nil }
    let start = offset
    let type = try uint8("type")
    guard type == 1 else {
      throw invalid("type", at: start, expected: "1 (RDP_NEG_REQ)", found: type)
    }
    return try NegotiationRequest(decoding: &self)
  }

  /// Reads correlation info: type 1 (0x06), flags 1, length 2 (36), correlationId 16, reserved 16.
  /// [MS-RDPBCGR] 2.2.1.1.2
  fileprivate mutating func correlationID() throws(DecodeError) -> String {
    let start = offset
    let type = try uint8("type")
    guard type == 6 else {
      throw invalid("type", at: start, expected: "6 (RDP_NEG_CORRELATION_INFO)", found: type)
    }
    try skip(1, "flags")
    let length = try uint16LittleEndian("length")
    guard length == 36 else {
      throw invalid("length", at: start + 2, expected: "36", found: length)
    }
    let id = try bytes(16, "correlationId")
    try skip(16, "reserved")
    return id.hex
  }
}
