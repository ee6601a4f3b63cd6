import RDPMessages
import Testing
import Wire

@Suite struct SessionMessageTests {
  static let samples = [
    SessionSamples.clientInfo, SessionSamples.validClient, SessionSamples.demandActive,
    SessionSamples.confirmActive, SessionSamples.logonLong, SessionSamples.logonShort,
    SessionSamples.logonExtended, SessionSamples.redirection, SessionSamples.autoReconnect,
    SessionSamples.statusInfo,
  ]

  private func decode(
    _ octets: [UInt8],
    byteCount: Int? = nil,
    channel: UInt16 = 1003,
    fromClient: Bool = false,
    _ channels: ChannelMap = ChannelMap(),
    problems: inout [DecodeError]
  ) throws -> SessionMessage {
    try SessionMessage(
      octets[...],
      byteCount: byteCount ?? octets.count,
      from: .init(channelID: channel, isFromClient: fromClient, channels: channels),
      problems: &problems
    )
  }

  private func decode(_ octets: [UInt8], fromClient: Bool = false) throws -> SessionMessage {
    var problems: [DecodeError] = []
    let message = try decode(octets, fromClient: fromClient, problems: &problems)
    #expect(problems == [])
    return message
  }

  @Test func clientInfoNamesTheUserAndNoPassword() throws {
    guard case .clientInfo(let info) = try decode(SessionSamples.clientInfo, fromClient: true)
    else {
      Issue.record("no Client Info")
      return
    }
    #expect(info.user == "lab")
    #expect(info.domain == "")
    #expect(info.passwordByteCount == 24)
    #expect(info.credentials == "a password")
    #expect(info.extra?.clientAddress == "192.0.2.10")
    #expect(info.extra?.timeZone?.standardName == "Coordinated Universal Time")
    #expect(info.extra?.hasAutoReconnectCookie == false)
    #expect(!"\(info)".contains("lab-password"))
  }

  @Test func passwordIsMarkedSecret() throws {
    let trace = FieldTrace()
    try FieldTrace.$current.withValue(trace) {
      _ = try decode(SessionSamples.clientInfo, fromClient: true)
      _ = try decode(SessionSamples.redirection)
      _ = try decode(SessionSamples.logonExtended)
    }
    let secret = trace.fields.filter(\.isSecret)
    #expect(
      secret.map(\.name) == ["Password", "autoReconnectCookie", "Password", "ArcRandomBits"]
    )
    let password = "lab-password".utf8.reduce(into: [UInt8]()) { $0 += [$1, 0] }
    #expect(Array(SessionSamples.clientInfo[secret[0].range]).starts(with: password))
  }

  @Test func capabilitiesAreNamed() throws {
    guard case .share(.demandActive(let demand?)) = try decode(SessionSamples.demandActive),
      case .share(.confirmActive(let confirm?)) = try decode(SessionSamples.confirmActive)
    else {
      Issue.record("no exchange")
      return
    }
    #expect(demand.source == "RDP")
    #expect(demand.sets.count == 14)
    #expect(confirm.source == "FREERDP")
    #expect(confirm.sets.count == 20)
    #expect(confirm.sets.prefix(2).map(\.type.name) == ["general", "bitmap"])
    #expect(confirm.sets[1].content == .bitmap(bitsPerPixel: 16, width: 800, height: 600))
    #expect(confirm.problem == nil)
  }

  /// A set whose length lies: what was read before it stays, and the place is told.
  @Test(arguments: [UInt8(0), 3, 0xFF]) func lyingLengthOfASet(_ length: UInt8) throws {
    var sample = SessionSamples.demandActive
    // Header 6, shareID 4, two lengths 4, descriptor 4, count 4: the first set's length is at 24.
    sample[24] = length
    sample[25] = length == 0xFF ? 0xFF : 0
    var problems: [DecodeError] = []
    guard
      case .share(.demandActive(let exchange?)) = try decode(sample, problems: &problems)
    else {
      Issue.record("no exchange")
      return
    }
    #expect(exchange.sets.isEmpty)
    #expect(problems.count == 1)
    #expect(problems.first?.offset == (length == 0xFF ? 26 : 24))
  }

  @Test func logonsNameTheUser() throws {
    #expect(
      try decode(SessionSamples.logonLong)
        == .share(.saveSessionInfo(.logon(domain: "LAB", user: "lab", sessionID: 2)))
    )
    #expect(
      try decode(SessionSamples.logonShort)
        == .share(.saveSessionInfo(.logon(domain: "LAB", user: "lab", sessionID: 2)))
    )
    #expect(try decode(SessionSamples.logonNotify) == .share(.saveSessionInfo(.plainNotify)))
    guard
      case .share(.saveSessionInfo(.extended(let info)?)) = try decode(SessionSamples.logonExtended)
    else {
      Issue.record("no extended information")
      return
    }
    #expect(info.hasAutoReconnectCookie)
    #expect(info.error?.name == "LOGON_MSG_NO_PERMISSION")
    #expect(info.error?.dataName == "LOGON_FAILED_OTHER")
    #expect(info.error?.kind == .notAuthorized)
  }

  @Test func redirectionNamesItsTarget() throws {
    guard case .share(.serverRedirection(let packet?)) = try decode(SessionSamples.redirection)
    else {
      Issue.record("no redirection")
      return
    }
    #expect(packet.target == "target.lab.example")
    #expect(packet.addresses == ["192.0.2.20", "198.51.100.20"])
    #expect(packet.user == "lab")
    #expect(packet.hasPassword)
  }

  @Test func redirectionOfAMegabyteIsRefused() {
    let octets = [UInt8](repeating: 0xFF, count: 1 << 20)
    var reader = ByteReader(octets, layer: .rdp)
    let error = #expect(throws: DecodeError.self) { try ServerRedirection(decoding: &reader) }
    #expect(
      error?.reason == .limitExceeded(limit: ServerRedirection.maximumByteCount, found: 1 << 20)
    )
  }

  @Test func smallPDUsAreTold() throws {
    #expect(try decode(SessionSamples.autoReconnect) == .share(.autoReconnectStatus(status: 0)))
    #expect(try decode(SessionSamples.shutdownDenied) == .share(.shutdownDenied))
    guard case .share(.statusInfo(let info)) = try decode(SessionSamples.statusInfo) else {
      Issue.record("no status")
      return
    }
    #expect(info.name == "TS_STATUS_REDIRECTING_TO_DESTINATION")
    guard case .licensing(let license) = try decode(SessionSamples.validClient) else {
      Issue.record("no licensing")
      return
    }
    #expect(license.error?.name == "STATUS_VALID_CLIENT")
  }

  /// Prefixes of the octets under the PDU's own length: an error with its place, or, where only
  /// the contents are missing, the PDU without them.
  @Test(arguments: samples) func everyPrefixIsTruncatedOrWithoutContents(_ sample: [UInt8]) {
    for isFromClient in [true, false] {
      for count in 0..<sample.count {
        var problems: [DecodeError] = []
        do {
          let message = try decode(
            Array(sample[..<count]),
            byteCount: sample.count,
            fromClient: isFromClient,
            problems: &problems
          )
          #expect(!message.hasContents, "\(count) octets: \(message)")
        } catch let error as DecodeError {
          #expect(0...count ~= error.offset)
          guard case .truncated = error.reason else {
            Issue.record("\(count) octets: \(error)")
            continue
          }
        } catch {
          Issue.record("\(error)")
        }
      }
    }
  }

  /// The same with a length that was cut with the octets: contents break off inside.
  @Test(arguments: [
    SessionSamples.logonLong, SessionSamples.redirection, SessionSamples.demandActive,
  ])
  func contentsThatBreakOffAreAProblem(_ sample: [UInt8]) throws {
    for count in 20..<sample.count - 1 {
      var cut = Array(sample[..<count])
      cut[0] = UInt8(truncatingIfNeeded: count)
      cut[1] = UInt8(truncatingIfNeeded: count >> 8)
      var problems: [DecodeError] = []
      do {
        _ = try decode(cut, problems: &problems)
        if problems.isEmpty { #expect(count > sample.count - 8, "\(count)") }
        for problem in problems { #expect(0...count ~= problem.offset) }
      } catch let error as DecodeError {
        #expect(0...count ~= error.offset)
      }
    }
  }

  @Test(arguments: samples) func flippedOctetsDecodeOrThrow(_ sample: [UInt8]) {
    var state: UInt64 = 13
    for round in 0..<500 {
      var damaged = sample
      for _ in 0..<2 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        damaged[Int(state >> 33) % damaged.count] = UInt8(truncatingIfNeeded: state >> 25)
      }
      var problems: [DecodeError] = []
      do {
        _ = try decode(damaged, fromClient: round % 2 == 0, problems: &problems)
      } catch let error as DecodeError {
        problems.append(error)
      } catch {
        Issue.record("\(error)")
      }
      for problem in problems { #expect(0...sample.count ~= problem.offset, "round \(round)") }
    }
  }
}

extension SessionMessage {
  /// Whether more than the headers was read.
  fileprivate var hasContents: Bool {
    switch self {
    case .share(.demandActive(nil)), .share(.confirmActive(nil)), .share(.serverRedirection(nil)),
      .share(.saveSessionInfo(nil)), .encrypted, .other:
      false
    // These have an end that may be left out: a licensing message's blob, Client Info's extension.
    case .licensing, .clientInfo: false
    default: true
    }
  }
}
