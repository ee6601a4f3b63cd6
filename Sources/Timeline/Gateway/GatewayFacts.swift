package import RDPMessages
package import Streams

/// What is said to and by an RD Gateway, or a KDC proxy, behind TLS.
package struct GatewayFacts: Sendable {
  /// Requests kept; a sign-in has four.
  package static let maximumExchanges = 32
  /// Packets kept that are no data.
  package static let maximumSteps = 64

  /// How the client speaks to it.
  package internal(set) var kind: Kind
  /// The client's id of its connection, which two HTTP connections may share.
  package internal(set) var connectionID: String?
  package internal(set) var host: String?
  package internal(set) var userAgent: String?
  /// Who the client says that it is.
  package internal(set) var user: String?
  /// Requests and their answers, in order.
  package internal(set) var exchanges: [Exchange] = []
  /// The packets of the tunnel that are no data.
  package internal(set) var steps: [Located<GatewayPacket>] = []
  /// The computer that the client wants to reach.
  package internal(set) var target: String?
  package internal(set) var targetPort: UInt16?
  /// The gateway says that the way to it is open.
  package internal(set) var channelOpened: Moment?

  /// How a client speaks to it.
  package enum Kind: String, Hashable, Sendable {
    case webSocket = "websocket"
    /// Two HTTP connections, one each way. [MS-TSGU] 1.3.3.1
    case http
    /// RPC over HTTP, which is not decoded. [MS-TSGU] 1.3.1
    case rpc
    /// Not a gateway: Kerberos over HTTPS. [MS-KKDCP]
    case kdcProxy = "kdc_proxy"
  }

  /// A request and its answer.
  package struct Exchange: Sendable {
    package let request: Located<HTTPRequest>
    package internal(set) var response: Located<HTTPStatus>?
    /// The stream inside of HTTP/2; `nil` in HTTP/1.1.
    let http2Stream: UInt32?
  }

  /// The first line of a request.
  package struct HTTPRequest: Hashable, Sendable {
    package let method: String
    package let target: String
  }

  /// The first line of an answer.
  package struct HTTPStatus: Hashable, Sendable {
    package let code: Int
    /// The server's words; empty in HTTP/2.
    package let reason: String
  }

  /// The answer that refuses the client: the last one, if it is an error.
  ///
  /// A 401 that is followed by another request asked for a password, or for the next part of one.
  package var refusal: Located<HTTPStatus>? {
    guard let last = exchanges.last(where: { $0.response != nil })?.response,
      400 <= last.message.code, channelOpened == nil
    else { return nil }
    return last
  }

  /// The first packet by which the gateway says no.
  package var refusedStep: Located<GatewayPacket>? {
    steps.first { step in
      switch step.message {
      case .closeChannel, .closeChannelResponse: false
      default: step.message.answer?.isSuccess == false
      }
    }
  }
}

extension Connection {
  /// Whether it leads to a gateway.
  package var isToGateway: Bool { facts.gateway.map { $0.kind != .kdcProxy } ?? false }
  /// Whether it asks for Kerberos tickets over HTTPS.
  package var isToKDCProxy: Bool { facts.gateway?.kind == .kdcProxy }
  /// Whether a gateway's channel carries it.
  package var isInsideGateway: Bool { transport != .tcp }
}
