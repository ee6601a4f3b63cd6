package import CredSSPMessages
package import RDPMessages
package import Streams
package import TLSMessages
package import Wire

/// One step of a connection's ladder: a message, or what TCP itself shows.
package struct Event: Sendable {
  /// The segment that completed it.
  package let moment: Moment
  /// Who sent it; `nil` for what neither end sent.
  package let side: Side?
  /// The phase that the connection is in after it.
  package let phase: Phase
  /// Whether its octets were in the clear or decrypted.
  package let reading: Reading
  package let content: Content
  /// Its octets, where they were asked for; of bulk only the beginning.
  package let octets: [UInt8]
  /// What its decoder read, by offset in ``octets``.
  package let fields: [FieldTrace.Field]

  /// What happened.
  package enum Content: Sendable {
    case tcp(TCPStep)
    case icmp(ICMPErrorObservation)
    case preconnection(PreconnectionPDU)
    case x224(X224TPDU)
    case mcs(MCSPDU)
    /// What MCS Send Data PDUs carry.
    case session(SessionMessage)
    /// Data of one static virtual channel, its messages in a row.
    case channelData(name: String, count: Int, byteCount: Int)
    /// Data of one dynamic channel, its messages in a row.
    case dynamicChannelData(id: UInt32, count: Int, byteCount: Int)
    case credSSP(TSRequest)
    case earlyAuthorization(EarlyUserAuthorization)
    case rdstls(RDSTLSMessage)
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
