import Diagnosis
import RDPMessages
import Streams
import Timeline
import Wire

// RDP-UDP connections: the keys of every connection, `null` where only TCP has them.
extension JSONConnection {
  static func write(
    _ judged: JudgedUDPConnection,
    capture: Int,
    attempt: Int,
    to json: inout JSONWriter,
    before: (inout JSONWriter) -> Void = { _ in }
  ) {
    let path = judged.connection
    json.object { json in
      before(&json)
      json.key("capture")
      json.value(capture)
      json.key("stream")
      json.value(nil as Int?)
      json.key("attempt")
      json.value(attempt)
      json.key("role")
      json.value(judged.role.rawValue)
      json.key("transport")
      json.value("udp")
      json.key("carriedBy")
      json.value(path.session?.stream)
      json.key("communityID")
      json.value(path.communityID)
      json.key("client")
      json.object { $0.endpoint(path.client) }
      json.key("server")
      json.object { $0.endpoint(path.server) }
      json.key("start")
      json.value(path.first.time)
      json.key("seconds")
      json.value(path.last.time.seconds(since: path.first.time))
      writeVolume(path, &json)
      writePhases(path.facts, &json)
      writeAbsent(["negotiation"], &json)
      writeTLS(path.facts, nil, &json)
      writeAbsent(
        ["authentication", "clientInfo", "serverInfo", "session", "disconnect", "tcp"],
        &json
      )
      writeUDP(path, &json)
      writeAbsent(["gateway"], &json)
      write(path.facts.undecoded, to: &json)
      write(
        path.ending,
        since: path.first,
        isNormal: path.ending.kind == .open || path.ending.kind == .fin,
        to: &json
      )
      json.key("verdict")
      write(judged.verdict, severity: judged.verdict.severity, to: &json)
    }
  }

  private static func writeAbsent(_ keys: [StaticString], _ json: inout JSONWriter) {
    for key in keys {
      json.key(key)
      json.value(nil as String?)
    }
  }

  private static func writeVolume(_ path: UDPConnection, _ json: inout JSONWriter) {
    json.key("frames")
    json.object {
      $0.key("first")
      $0.value(path.first.frame)
      $0.key("last")
      $0.value(path.last.frame)
      $0.key("count")
      $0.value(path.frameCount)
    }
    json.key("bytes")
    json.object {
      $0.key("client")
      $0.value(path.clientBytes)
      $0.key("server")
      $0.value(path.serverBytes)
    }
  }

  private static func writeUDP(_ path: UDPConnection, _ json: inout JSONWriter) {
    json.key("udp")
    json.object { json in
      json.key("name")
      json.value(path.name.description)
      json.key("version")
      json.value(path.version.name)
      json.key("lossy")
      json.value(path.isLossy)
      json.key("established")
      json.value(path.established?.frame)
      json.key("tiedBy")
      json.value(path.session?.sign.rawValue)
      json.key("synFrames")
      json.value([path.synchronization.moment.frame] + path.repeats.map(\.frame))
      json.key("synAckFrame")
      json.value(path.answer?.moment.frame)
      json.key("tunnel")
      writeTunnel(path.facts, &json)
      write("syn", path.synchronization.message, &json)
      write("synAck", path.answer?.message, &json)
    }
  }

  /// What is read of the tunnel inside of the path; `nil` without keys.
  private static func writeTunnel(_ facts: MessageFacts, _ json: inout JSONWriter) {
    guard facts.tunnelRequest != nil || facts.tunnelResponse != nil else {
      return json.value(nil as String?)
    }
    json.object {
      $0.key("requestFrame")
      $0.value(facts.tunnelRequest?.moment.frame)
      $0.key("requestID")
      $0.value(facts.tunnelRequest.map { Int($0.message) })
      $0.key("responseFrame")
      $0.value(facts.tunnelResponse?.moment.frame)
      $0.key("result")
      $0.value(facts.tunnelResponse.map { "0x" + String($0.message, radix: 16) })
    }
  }

  private static func write(
    _ key: StaticString,
    _ message: RDPUDPSynchronization?,
    _ json: inout JSONWriter
  ) {
    json.key(key)
    guard let message else { return json.value(nil as String?) }
    json.object {
      $0.key("flags")
      $0.value(message.flags.names)
      $0.key("initialSequence")
      $0.value(Int(message.initialSequence))
      $0.key("receiveWindow")
      $0.value(Int(message.receiveWindow))
      $0.key("upstreamMTU")
      $0.value(Int(message.upstreamMTU))
      $0.key("downstreamMTU")
      $0.value(Int(message.downstreamMTU))
      $0.key("correlationID")
      $0.value(message.correlationID)
      $0.key("version")
      $0.value(message.version?.name)
      $0.key("cookieHash")
      $0.value(message.cookieHash)
    }
  }
}
