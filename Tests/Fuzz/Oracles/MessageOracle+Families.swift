import CredSSPMessages
import RDPMessages
import TLSMessages
import Wire

/// The decoders of each family; the order is part of the inputs that are kept.
extension MessageOracle {
  static let negotiation: [Decoder] = [
    { whole($0) { (bytes) throws(DecodeError) in try X224TPDU(tpkt: bytes) } },
    { whole($0) { (bytes) throws(DecodeError) in RDPFraming(startOf: bytes) } },
    { message(X224ConnectionRequest.self, $0) },
    { message(X224ConnectionConfirm.self, $0) },
    { message(X224DisconnectRequest.self, $0) },
    { message(X224ErrorTPDU.self, $0) },
    { message(NegotiationRequest.self, $0) },
    { message(NegotiationResponse.self, $0) },
    { message(NegotiationFailure.self, $0) },
    { message(PreconnectionPDU.self, $0) },
  ]

  static let mcs: [Decoder] = [
    { whole($0) { (bytes) throws(DecodeError) in try MCSPDU(bytes) } },
    { message(MCSConnectInitial.self, $0) },
    { message(MCSConnectResponse.self, $0) },
    { message(MCSDomainParameters.self, $0) },
    { message(ClientCoreData.self, $0) },
    { message(ClientSecurityData.self, $0) },
    { message(ClientNetworkData.self, $0) },
    { message(ClientClusterData.self, $0) },
    { message(ClientMonitorData.self, $0) },
    { message(ClientMonitorExtendedData.self, $0) },
    { message(ServerCoreData.self, $0) },
    { message(ServerSecurityData.self, $0) },
    { message(ServerNetworkData.self, $0) },
    { message(ServerCertificate.self, $0) },
  ]

  static let session: [Decoder] = [
    { message(SecurityHeader.self, $0) },
    { message(SecurityExchange.self, $0) },
    { message(LicensingMessage.self, $0) },
    {
      whole($0) { (bytes) throws(DecodeError) in
        var reader = ByteReader(bytes, layer: .rdp)
        var problems: [DecodeError] = []
        let pdu = try SharePDU(decoding: &reader, byteCount: bytes.count, problems: &problems)
        return ["\(pdu)"] + problems.map(\.description)
      }
    },
    { message(ClientInfo.self, $0) },
    { message(SaveSessionInfo.self, $0) },
    { message(ServerRedirection.self, $0) },
    { message(CapabilitySet.self, $0) },
    { message(AutoDetect.self, $0) },
    { message(DynamicChannelPDU.self, $0) },
    { whole($0) { (bytes) throws(DecodeError) in try sessionMessage(bytes, isFromClient: true) } },
    { whole($0) { (bytes) throws(DecodeError) in try sessionMessage(bytes, isFromClient: false) } },
  ]

  /// What an MCS Send Data PDU of the I/O channel carries, with what is wrong in it.
  private static func sessionMessage(
    _ bytes: ArraySlice<UInt8>,
    isFromClient: Bool
  ) throws(DecodeError) -> [String] {
    var problems: [DecodeError] = []
    let message = try SessionMessage(
      bytes,
      byteCount: bytes.count,
      from: .init(channelID: 1003, isFromClient: isFromClient, channels: ChannelMap()),
      problems: &problems
    )
    return ["\(message)"] + problems.map(\.description)
  }

  static let login: [Decoder] = [
    { whole($0) { (bytes) throws(DecodeError) in try TSRequest(bytes) } },
    { whole($0) { (bytes) throws(DecodeError) in try NTLMMessage(bytes) } },
    { whole($0) { (bytes) throws(DecodeError) in try KerberosMessage(bytes) } },
    { message(RDSTLSMessage.self, $0) },
    { message(RDSAADMessage.self, $0) },
    { message(EarlyUserAuthorization.self, $0) },
    { whole($0) { (bytes) throws(DecodeError) in try RDSTLSFraming.byteCount(startOf: bytes) } },
  ]

  static let datagram: [Decoder] = [
    { message(RDPUDPDatagram.self, $0) },
    { message(RDPUDPSynchronization.self, $0) },
    { whole($0) { (bytes) throws(DecodeError) in try RDPUDP2Packet(datagram: bytes) } },
    { message(TunnelPDU.self, $0) },
    { message(DTLSRecord.self, $0) },
    {
      whole($0) { (bytes) throws(DecodeError) in
        var framer = DTLSHandshakeFramer()
        // What was delivered once is not delivered again.
        return [try framer.take(bytes), try framer.take(bytes)].map { $0.map { Array($0.body) } }
      }
    },
  ]

  /// Decodes a message that says itself where it ends.
  static func message<Message: WireDecodable>(
    _ type: Message.Type,
    _ bytes: ArraySlice<UInt8>
  ) -> Decoded {
    var reader = ByteReader(bytes, layer: .rdp)
    do throws(DecodeError) {
      let message = try Message(decoding: &reader)
      return .message(words(message), end: reader.offset)
    } catch {
      return .error(error)
    }
  }

  /// Decodes what takes all of the octets.
  static func whole<Message>(
    _ bytes: ArraySlice<UInt8>,
    _ decode: (ArraySlice<UInt8>) throws(DecodeError) -> Message
  ) -> Decoded {
    do throws(DecodeError) {
      return .message(words(try decode(bytes)), end: bytes.endIndex)
    } catch {
      return .error(error)
    }
  }

  /// A message in words, without the offsets in the errors that it kept.
  private static func words(_ message: some Any) -> String {
    let mark = " at offset "
    let parts = "\(message)".split(separator: mark)
    let rest = parts.dropFirst().map { $0.drop { "0"..."9" ~= $0 } }
    return ([parts.first ?? ""] + rest).joined(separator: mark)
  }
}
