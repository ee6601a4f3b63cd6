import Diagnosis
import RDPMessages
import Streams
import TLSMessages
import Timeline
import Wire

/// One connection of the JSON report.
enum JSONConnection {
  static func write(
    _ judged: JudgedConnection,
    capture: Int,
    attempt: Int,
    to json: inout JSONWriter,
    before: (inout JSONWriter) -> Void = { _ in }
  ) {
    let connection = judged.connection
    json.object { json in
      before(&json)
      json.key("capture")
      json.value(capture)
      json.key("stream")
      json.value(connection.isInsideGateway ? nil : connection.stream)
      json.key("attempt")
      json.value(attempt)
      json.key("role")
      json.value(judged.role.rawValue)
      json.key("transport")
      json.value(connection.isInsideGateway ? "gateway" : "tcp")
      json.key("carriedBy")
      json.value(connection.isInsideGateway ? connection.stream : nil)
      json.key("communityID")
      json.value(connection.communityID)
      json.key("client")
      json.object { $0.endpoint(connection.client) }
      json.key("server")
      json.object { $0.endpoint(connection.server) }
      json.key("start")
      json.value(connection.start.time)
      json.key("seconds")
      json.value(connection.seconds)
      writeVolume(connection, &json)
      writePhases(connection.facts, &json)
      writeNegotiation(connection.facts, &json)
      writeTLS(connection.facts, connection.validation, &json)
      writeAuthentication(connection.facts, &json)
      writeSettings(connection.facts, &json)
      writeSession(connection.facts, &json)
      writeDisconnect(connection.facts, &json)
      writeTCP(connection.tcp, &json)
      json.key("udp")
      json.value(nil as String?)
      writeGateway(connection.facts.gateway, &json)
      write(connection.facts.undecoded, to: &json)
      writeEnding(judged, &json)
      json.key("verdict")
      write(judged.verdict, severity: judged.verdict.severity, to: &json)
    }
  }

  private static func writeVolume(_ connection: Connection, _ json: inout JSONWriter) {
    json.key("frames")
    json.object {
      $0.key("first")
      $0.value(connection.tcp.first.frame)
      $0.key("last")
      $0.value(connection.tcp.last.frame)
      $0.key("count")
      $0.value(connection.tcp.frameCount)
    }
    var bytes = (client: connection.tcp.client.byteCount, server: connection.tcp.server.byteCount)
    if case .gateway(let clientBytes, let serverBytes) = connection.transport {
      bytes = (clientBytes, serverBytes)
    }
    json.key("bytes")
    json.object {
      $0.key("client")
      $0.value(bytes.client)
      $0.key("server")
      $0.value(bytes.server)
    }
  }

  static func writePhases(_ facts: MessageFacts, _ json: inout JSONWriter) {
    json.key("phase")
    json.value(facts.deepest.name)
    json.key("phases")
    json.array(facts.phases) { json, span in
      json.object {
        $0.key("name")
        $0.value(span.phase.name)
        $0.key("startFrame")
        $0.value(span.start.frame)
        $0.key("endFrame")
        $0.value(span.end.frame)
        $0.key("seconds")
        $0.value(span.end.time.seconds(since: span.start.time))
        $0.key("inferred")
        $0.value(span.reading == .inferred)
        $0.key("reading")
        $0.value(span.reading.rawValue)
      }
    }
  }

  private static func writeNegotiation(_ facts: MessageFacts, _ json: inout JSONWriter) {
    json.key("negotiation")
    guard facts.request != nil || facts.confirm != nil || facts.preconnection != nil else {
      return json.value(nil as String?)
    }
    let request = facts.request?.message
    var cookie: String?
    var routingToken: String?
    switch request?.line {
    case .cookie(let text): cookie = text
    case .routingToken(let token):
      routingToken = token.target.map { "\(token.text) (\($0))" } ?? token.text
    case nil: break
    }
    var responseFlags: [String] = []
    if case .selected(let response) = facts.confirm?.message.outcome {
      responseFlags = response.flags.names
    }
    json.object { json in
      json.key("cookie")
      json.value(cookie)
      json.key("routingToken")
      json.value(routingToken)
      json.key("requested")
      json.value(request?.negotiation?.requestedProtocols.names ?? [])
      json.key("selected")
      json.value(facts.selected?.names.joined(separator: ","))
      json.key("failureCode")
      json.value(facts.refusal.map { Int($0.rawValue) })
      json.key("failure")
      json.value(facts.refusal?.name)
      json.key("flags")
      json.value((request?.negotiation?.flags.names ?? []) + responseFlags)
      json.key("correlationID")
      json.value(request?.correlationID)
      json.key("preconnection")
      if let preconnection = facts.preconnection?.message {
        json.object {
          $0.key("version")
          $0.value(Int(preconnection.version))
          $0.key("id")
          $0.value(Int(preconnection.id))
          $0.key("blob")
          $0.value(preconnection.blob)
        }
      } else {
        json.value(nil as String?)
      }
    }
  }

  private static func writeDisconnect(_ facts: MessageFacts, _ json: inout JSONWriter) {
    json.key("disconnect")
    guard facts.ultimatum != nil || facts.errorInfo != nil else {
      return json.value(nil as String?)
    }
    json.object {
      $0.key("errorInfo")
      $0.value(facts.errorInfo.map { Int($0.message.rawValue) })
      $0.key("errorInfoName")
      $0.value(facts.errorInfo?.message.name)
      $0.key("ultimatumReason")
      $0.value(facts.ultimatum?.message.name)
      $0.key("reading")
      $0.value((facts.errorInfo?.reading ?? facts.ultimatum?.reading)?.rawValue)
    }
  }

  private static func writeEnding(_ judged: JudgedConnection, _ json: inout JSONWriter) {
    write(
      judged.connection.ending,
      since: judged.connection.start,
      isNormal: judged.endsNormally,
      to: &json
    )
  }

  /// What could not be decoded, each with layer, field, offset and reason.
  static func write(_ undecoded: [Located<DecodeError>], to json: inout JSONWriter) {
    json.key("undecoded")
    json.array(undecoded) { json, error in
      json.object {
        $0.key("frame")
        $0.value(error.moment.frame)
        $0.key("by")
        $0.value(error.side.rawValue)
        $0.key("error")
        $0.value(error.message.description)
      }
    }
  }

  static func write(
    _ ending: Ending,
    since start: Moment,
    isNormal: Bool,
    to json: inout JSONWriter
  ) {
    json.key("ending")
    json.object {
      $0.key("kind")
      $0.value(ending.kind.rawValue)
      $0.key("by")
      $0.value(ending.actor.rawValue)
      $0.key("frame")
      $0.value(ending.moment.frame)
      $0.key("normal")
      $0.value(isNormal)
      $0.key("seconds")
      $0.value(ending.moment.time.seconds(since: start.time))
    }
  }

  static func write(_ verdict: Verdict, severity: Severity, to json: inout JSONWriter) {
    let cause = verdict.cause
    json.object { json in
      json.key("cause")
      json.value(cause.id)
      json.key("family")
      json.value(cause.family.rawValue)
      json.key("severity")
      json.value(severity.rawValue)
      json.key("confidence")
      json.value((verdict.confidence * 100).rounded() / 100)
      json.members(of: .causeTitle(cause.id)) {
        $0.key("summary")
        $0.value(cause.title)
        $0.key("explanation")
        $0.value(cause.explanation)
      }
      json.key("evidence")
      json.array(verdict.evidence) { json, evidence in
        json.object {
          $0.evidence(evidence)
          $0.key("weight")
          $0.value(evidence.weight)
        }
      }
      json.key("against")
      json.array(verdict.against) { json, evidence in
        json.object {
          $0.evidence(evidence)
        }
      }
      json.key("alternatives")
      json.array(verdict.alternatives) { json, alternative in
        json.object {
          $0.key("cause")
          $0.value(alternative.cause.id)
          $0.key("confidence")
          $0.value((alternative.confidence * 100).rounded() / 100)
        }
      }
      json.members(of: .causeRemedies(cause.id)) { writeRemedies(cause, &$0) }
      json.key("wouldSettle")
      json.value(verdict.wouldSettle)
      json.key("limits")
      json.array(verdict.limits) { json, limit in json.object { $0.evidence(limit) } }
    }
  }

  private static func writeRemedies(_ cause: Cause, _ json: inout JSONWriter) {
    json.key("remedies")
    json.array(cause.remedies) { json, remedy in
      json.object {
        $0.key("where")
        $0.value(remedy.place)
        $0.key("text")
        $0.value(remedy.text)
        $0.key("command")
        $0.value(remedy.command)
      }
    }
    json.key("clientCodes")
    json.value(cause.clientCodes)
  }
}

extension JSONWriter {
  /// Writes the members that evidence for and against a cause share.
  fileprivate mutating func evidence(_ evidence: Evidence) {
    key("frames")
    value(evidence.frames)
    key("text")
    value(evidence.text)
  }
}
