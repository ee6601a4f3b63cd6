package import CredSSPMessages
package import RDPMessages
package import Streams
package import TLSMessages
package import Wire

/// One step of a connection's ladder: a message, or what TCP itself shows.
package struct Event: Sendable {
  /// The packet that completed it.
  package let moment: Moment
  /// The last one, where several in a row are one event.
  package let last: Moment
  /// Who sent it; `nil` for what neither end sent.
  package let side: Side?
  /// The phase that the connection is in after it.
  package let phase: Phase
  /// Whether its octets were in the clear or decrypted.
  package let reading: Reading
  package let content: Content
  /// The dynamic channel that it is about, by the name that its id has at that time: ids are given
  /// again when a channel closes.
  package let dynamicChannel: String?
  /// Its octets, where they were asked for; of bulk only the beginning.
  package let octets: [UInt8]
  /// What its decoder read, by offset in ``octets``.
  package let fields: [FieldTrace.Field]

  /// What happened.
  package enum Content: Sendable {
    case tcp(TCPStep)
    /// An RDP-UDP connection's SYN or SYN+ACK; whether it came before.
    case synchronization(RDPUDPSynchronization, isRepeated: Bool)
    /// RDP-UDP's datagrams that tell nothing one by one, of both sides.
    case datagrams(client: DatagramCount, server: DatagramCount)
    /// An ICMP error, and how often it came in a row.
    case icmp(ICMPErrorObservation, count: Int)
    case preconnection(PreconnectionPDU)
    case x224(X224TPDU)
    case mcs(MCSPDU)
    /// What MCS Send Data PDUs carry.
    case session(SessionMessage)
    /// Data of one static virtual channel, its messages in a row.
    case channelData(name: String, count: Int, byteCount: Int)
    /// Data of one dynamic channel, its messages in a row.
    case dynamicChannelData(id: UInt32, count: Int, byteCount: Int)
    /// Slow-path data PDUs of a type whose contents are not read, in a row.
    case dataPDUs(DataPDUType, count: Int, byteCount: Int)
    /// PDUs that standard RDP security encrypts, in a row.
    case encryptedPDUs(count: Int, byteCount: Int)
    case credSSP(TSRequest)
    case earlyAuthorization(EarlyUserAuthorization)
    case rdstls(RDSTLSMessage)
    case rdsaad(RDSAADMessage)
    /// Fast-path PDUs in a row; the session's input and graphics.
    case fastPath(count: Int, byteCount: Int)
    case handshake(HandshakeType, HandshakeBody?)
    case changeCipherSpec
    /// `nil` when it is encrypted.
    case alert(TLSAlert?)
    /// Encrypted records in a row, and what the length of a single one gives away.
    case records(TLSContentType, count: Int, byteCount: Int, likely: RecordShape?)
    /// To an RD Gateway or a KDC proxy, and what it answers.
    case httpRequest(GatewayFacts.HTTPRequest)
    case httpStatus(GatewayFacts.HTTPStatus)
    /// A packet of an RD Gateway's that is no data.
    case gateway(GatewayPacket)
    case undecoded(DecodeError)
    case foreign(ForeignProtocol)
    /// Octets that the capture lacks.
    case gap(byteCount: Int, GapCause)
  }

  /// Datagrams of one side.
  package struct DatagramCount: Hashable, Sendable {
    /// Those with data of the layer above, or with its error correction.
    package var withData = 0
    /// Those that only acknowledge, or measure.
    package var withoutData = 0
    /// Octets of UDP payload.
    package var byteCount = 0

    package static func + (left: Self, right: Self) -> Self {
      Self(
        withData: left.withData + right.withData,
        withoutData: left.withoutData + right.withoutData,
        byteCount: left.byteCount + right.byteCount
      )
    }
  }

  /// What TCP shows by itself.
  package enum TCPStep: Sendable {
    case syn
    case synAck
    case established
    case finish
    case reset(ResetObservation)
    /// Segments in a row that repeat octets.
    case retransmissions(count: Int)
    case keepAlive
    case zeroWindow
    case windowOpens
  }
}
