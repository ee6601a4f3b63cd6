import RDPMessages
import Wire
import Streams
import Timeline

extension Context {
  /// A pause this long between confirm and ClientHello is a person at a prompt, not a fault.
  ///
  /// Seconds; observed 3 to 4, while programs take milliseconds.
  static let humanPause = 1.5

  func collectNegotiation(_ found: inout Findings) {
    if let foreign = facts.foreign {
      found.add(
        foreign.side == .server ? .foreignServer : .foreignClient,
        foreign.moment,
        text: "the \(foreign.side) speaks \(foreign.message.name), not RDP"
      )
    }
    collectRefusedSequence(&found)
    guard let request = facts.request else {
      if let confirm = facts.confirm, case .refused(let failure) = confirm.message.outcome {
        found.add(
          .refusalOfUnseen,
          confirm.moment,
          text: "the server refuses the negotiation: \(failure.code.name) (code "
            + "\(failure.code.rawValue)); who asked, and for what, is not in the capture"
        )
      }
      collectNoRequest(&found)
      return
    }
    collectCookie(request, &found)
    if let negotiation = request.message.negotiation {
      if negotiation.requestedProtocols.isStandardRDPSecurity {
        found.add(
          .offeredOnlyStandardSecurity,
          request.moment,
          text: "the client offers only standard RDP security"
        )
      }
    } else {
      found.add(
        .requestWithoutNegotiation,
        request.moment,
        text:
          "the client's request has no negotiation structure: it knows only standard RDP security"
      )
    }
    if request.message.negotiation?.flags.contains(.redirectedAuthenticationModeRequired) == true {
      found.add(
        .asksForCredentialGuard,
        request.moment,
        text: "the client asks for Remote Credential Guard"
      )
    }
    collectEnumeration(request, &found)
    guard let confirm = facts.confirm, !cameTooLate(confirm) else {
      collectNoConfirm(request, &found)
      return
    }
    switch confirm.message.outcome {
    case .refused(let failure): collectRefusal(failure.code, confirm.moment, &found)
    case .selected(let response): collectSelection(response, request, confirm, &found)
    case .noNegotiation:
      if let ultimatum = facts.ultimatum, facts.connectResponse == nil, facts.deepest <= .mcs,
        facts.firstGap == nil
      {
        found.add(
          .plainUltimatum,
          confirm.moment,
          ultimatum.moment,
          text: "the server confirms without a word and disconnects at once "
            + "(\(ultimatum.message.name))"
        )
      } else if connection.phase == .x224, clientLeft,
        request.message.negotiation?.requestedProtocols.usesTLS == true
      {
        found.add(
          .choseStandardSecurity,
          confirm.moment,
          text: "the server knows no negotiation, only standard RDP security"
        )
      }
    }
  }

  /// What the request says of who asks: clients that log in name their user.
  private func collectCookie(_ request: Located<X224ConnectionRequest>, _ found: inout Findings) {
    let line = request.message.line
    switch line {
    case .cookie(let name) where line?.isScannersCookie == true:
      found.add(
        .scannersCookie,
        request.moment,
        text: "the request's cookie is \(name), as a scanner sends it"
      )
    case .cookie:
      found.add(.namesUser, request.moment, text: "the request names a user")
    case .routingToken: break
    case nil:
      found.add(.noCookie, request.moment, text: "the request names no user")
    }
  }

  /// Seconds within which a scanner asks for one protocol after the other.
  private static let enumerationTime = 30.0
  /// Different offers that no client makes to one server in this time: the first and its fallbacks
  /// are two.
  private static let enumeratedOffers = 3

  /// A client that asks what would be taken, each offer on a connection of its own.
  private func collectEnumeration(
    _ request: Located<X224ConnectionRequest>,
    _ found: inout Findings
  ) {
    func isQuestion(_ other: Connection) -> Bool {
      other.client.address == connection.client.address && other.phase == .x224
        && other.ending.actor == .client && other.facts.confirm != nil
        && abs(other.start.time.seconds(since: connection.start.time)) < Self.enumerationTime
    }
    guard isQuestion(connection) else { return }
    let questions = [connection] + siblings.filter(isQuestion)
    let offers = Set(questions.map { $0.facts.request?.message.negotiation?.requestedProtocols })
    guard Self.enumeratedOffers <= offers.count else { return }
    found.add(
      .enumeratesProtocols,
      request.moment,
      questions.last?.facts.request?.moment,
      text:
        "the client makes \(offers.count) different offers on as many connections and leaves on "
        + "each answer"
    )
  }

  /// An answer to a client that has given up is none.
  private func cameTooLate(_ confirm: Located<X224ConnectionConfirm>) -> Bool {
    // Neither the order of a capture nor its clock says it alone.
    clientLeft && ending.moment.frame < confirm.moment.frame
      && ending.moment.time <= confirm.moment.time
  }

  private func collectNoConfirm(
    _ request: Located<X224ConnectionRequest>,
    _ found: inout Findings
  ) {
    // An answer that the capture lacks is an answer; a FIN, which takes one number, is none.
    let isUnanswered = tcp.server.byteCount == 0 && tcp.server.acknowledged <= 1
    guard facts.tls.firstServerRecord == nil, facts.foreign == nil,
      isUnanswered || facts.confirm.map(cameTooLate) == true
    else { return }
    if tcp.client.acknowledged <= 0,
      let lost = tcp.client.lostRanges.first(where: { $0.offset == 0 && $0.repeats.count >= 2 })
    {
      found.add(
        .requestLost,
        tcp.established,
        lost.original,
        lost.repeats.last,
        text: "TCP connects, but the request is sent \(lost.repeats.count + 1) times and never "
          + "acknowledged"
      )
    } else if clientLeft,
      ending.moment.time.seconds(since: request.moment.time) < Self.unansweredThreshold / 2
    {
      found.add(
        .clientLeftBeforeConfirm,
        request.moment,
        ending.moment,
        text: "the client leaves "
          + "\(duration(ending.moment.time.seconds(since: request.moment.time))) after its request, "
          + "before the answer"
      )
    } else {
      found.add(
        .requestUnanswered,
        request.moment,
        tcp.server.last.flatMap { request.moment.frame < $0.frame ? $0 : nil },
        facts.confirm?.moment,
        ending.kind == .open ? nil : ending.moment,
        text: facts.confirm == nil
          ? "the connection request gets no confirm"
          : "the connection request gets no confirm before the client gives up, after "
            + duration(ending.moment.time.seconds(since: request.moment.time))
      )
      collectOutstanding(request, &found)
    }
  }

  /// Connections that hold a place without asking for anything, enough to call many.
  private static let manyOutstanding = 3
  /// Connections that have asked and wait: as many as a hung service's own users do not make.
  private static let manyWaiting = 10

  private func collectOutstanding(
    _ request: Located<X224ConnectionRequest>,
    _ found: inout Findings
  ) {
    let open = siblings.filter { other in
      guard let established = other.tcp.established else { return false }
      let isOver = other.ending.kind == .fin || other.ending.kind == .reset
      return established.frame < request.moment.frame
        && (!isOver || request.moment.frame < other.ending.moment.frame)
    }
    let idle = open.filter { $0.tcp.client.byteCount == 0 }
    let waiting = open.filter { other in
      other.facts.request.map { $0.moment.frame < request.moment.frame } == true
        && other.tcp.server.byteCount == 0
    }
    let isCrowded = Self.manyWaiting <= waiting.count
    guard Self.manyOutstanding <= idle.count || isCrowded else { return }
    let holders = isCrowded ? waiting : idle
    found.add(
      .manyOutstanding,
      holders.first?.tcp.established,
      holders.last?.tcp.established,
      request.moment,
      text: "\(holders.count) other connections to the port are open at that moment and "
        + (isCrowded ? "wait for an answer as this one does" : "have not asked for anything")
    )
  }

  private func collectNoRequest(_ found: inout Findings) {
    if let hello = facts.tls.clientHello, connection.sawBeginning, facts.firstGap == nil,
      facts.tls.firstServerRecord == nil
    {
      found.add(
        .tlsWithoutRequest,
        hello.moment,
        text: "the client begins with TLS and not with an RDP request, and gets no TLS"
      )
    }
    if let answer = tcp.server.synchronization, let reset = tcp.resets.first, reset.side == .client,
      tcp.established == nil, tcp.client.byteCount == 0
    {
      found.add(
        .halfOpenScan,
        tcp.client.synchronization,
        answer,
        reset.moment,
        text: "the client resets at the server's SYN-ACK: it asked only whether the port is open"
      )
    }
    guard tcp.established != nil, connection.sawBeginning, tcp.client.byteCount == 0,
      tcp.server.byteCount == 0
    else { return }
    found.add(
      .noClientData,
      tcp.established,
      tcp.last,
      text: "the client connects and sends nothing"
    )
    if clientLeft {
      found.add(
        .closedByClientAtOnce,
        ending.moment,
        text: "the client closes after \(duration(connection.seconds))"
      )
    }
  }
}
