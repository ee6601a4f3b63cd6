package import RDPMessages
package import Streams
import Wire

/// What is said in the session and right before it, where it is readable.
package struct SessionFacts: Sendable {
  /// Logon errors kept.
  package static let maximumLogonErrors = 8
  /// Dynamic channels kept: Windows opens a dozen.
  package static let maximumDynamicChannels = 128
  /// Multitransport messages kept: a session has two of either side.
  package static let maximumMultitransport = 8

  package var clientInfo: Located<ClientInfo>?
  package internal(set) var serverCapabilities: Located<CapabilityExchange>?
  package internal(set) var clientCapabilities: Located<CapabilityExchange>?
  /// The first Save Session Info that says that somebody is logged on.
  package var logon: Located<SaveSessionInfo>?
  /// What stood in the way of the logon, or only beside it.
  package var logonErrors: [Located<LogonError>] = []
  package var redirection: Located<ServerRedirection>?
  package internal(set) var shutdownRequest: Moment?
  package internal(set) var shutdownDenied: Moment?
  /// The client came back with its cookie, and the server did not take it.
  package internal(set) var autoReconnectRefused: Moment?
  package internal(set) var statusInfo: Located<StatusInfo>?
  /// The last heartbeat.
  package internal(set) var heartbeat: Located<Heartbeat>?
  package internal(set) var heartbeatCount = 0
  /// The last result of the auto-detection.
  package internal(set) var roundTrip: Located<AutoDetect>?
  package internal(set) var multitransportRequests: [Located<MultitransportRequest>] = []
  package internal(set) var multitransportResponses: [Located<MultitransportResponse>] = []
  package var dynamicChannels: [DynamicChannel] = []

  /// A channel inside `drdynvc`. [MS-RDPEDYC] 1.3
  package struct DynamicChannel: Sendable {
    package let id: UInt32
    package var name: String
    package let requested: Moment
    /// The client's answer, an HRESULT; `nil` without one.
    package internal(set) var status: Located<UInt32>?
    package internal(set) var closed: Located<DynamicChannelClose>?

    /// Whether the client refuses the channel: an HRESULT with its high bit set.
    package var isRefused: Bool { status.map { $0.message & 0x8000_0000 != 0 } ?? false }
  }

  /// A close says nothing but that it is one.
  package struct DynamicChannelClose: Hashable, Sendable {}
}

extension SessionFacts {
  /// Whether anything but the channels was read.
  package var isRead: Bool {
    clientInfo != nil || serverCapabilities != nil || logon != nil || !logonErrors.isEmpty
      || redirection != nil || heartbeat != nil || !dynamicChannels.isEmpty
      || !multitransportRequests.isEmpty
  }

  /// Takes a message of `drdynvc`.
  mutating func note(_ pdu: DynamicChannelPDU, located: (Moment, Side, Reading)) {
    let (moment, side, reading) = located
    switch pdu {
    case .createRequest(let id, let name):
      guard dynamicChannels.count < Self.maximumDynamicChannels else { return }
      dynamicChannels.append(DynamicChannel(id: id, name: name, requested: moment))
    case .createResponse(let id, let status):
      // An id is used again once its channel is closed: the last of it is meant.
      guard let index = dynamicChannels.lastIndex(where: { $0.id == id }) else { return }
      dynamicChannels[index].status = Located(
        message: status,
        side: side,
        moment: moment,
        reading: reading
      )
    case .close(let id):
      guard let index = dynamicChannels.lastIndex(where: { $0.id == id }),
        dynamicChannels[index].closed == nil
      else { return }
      dynamicChannels[index].closed = Located(
        message: DynamicChannelClose(),
        side: side,
        moment: moment,
        reading: reading
      )
    case .capabilities, .data, .softSync: break
    }
  }
}
