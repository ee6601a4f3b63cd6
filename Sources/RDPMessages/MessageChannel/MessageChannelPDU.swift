package import Wire

/// A PDU that its security header names: of the message channel, or of the connection's beginning.
///
/// [MS-RDPBCGR] 2.2.8.1.1.2.1
package enum MessageChannelPDU: Hashable, Sendable {
  case autoDetect(AutoDetect)
  case heartbeat(Heartbeat)
  case multitransportRequest(MultitransportRequest)
  case multitransportResponse(MultitransportResponse)
  case redirection(ServerRedirection)

  /// Decodes what follows the security header; `nil` where its flags name no such PDU.
  ///
  /// - Parameters:
  ///   - header: The security header.
  ///   - reader: After the header.
  /// - Throws: ``DecodeError`` if the PDU breaks off.
  package init?(_ header: SecurityHeader, _ reader: inout ByteReader) throws(DecodeError) {
    let flags = header.flags
    if !flags.isDisjoint(with: [.autoDetectRequest, .autoDetectResponse]) {
      self = .autoDetect(try AutoDetect(decoding: &reader))
    } else if flags.contains(.heartbeat) {
      self = .heartbeat(try Heartbeat(decoding: &reader))
    } else if flags.contains(.transportRequest) {
      self = .multitransportRequest(try MultitransportRequest(decoding: &reader))
    } else if flags.contains(.transportResponse) {
      self = .multitransportResponse(try MultitransportResponse(decoding: &reader))
    } else {
      return nil
    }
  }
}
