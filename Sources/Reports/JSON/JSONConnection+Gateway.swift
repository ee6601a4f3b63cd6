import RDPMessages
import Streams
import Timeline
import Wire

extension JSONConnection {
  /// What is said to an RD Gateway or a KDC proxy; `null` on every other connection.
  static func writeGateway(_ facts: GatewayFacts?, _ json: inout JSONWriter) {
    json.key("gateway")
    guard let facts else { return json.value(nil as String?) }
    json.object { json in
      json.key("kind")
      json.value(facts.kind.rawValue)
      json.key("host")
      json.value(facts.host)
      json.key("userAgent")
      json.value(facts.userAgent)
      json.key("connectionID")
      json.value(facts.connectionID)
      json.key("user")
      json.value(facts.user)
      json.key("target")
      json.value(facts.target)
      json.key("targetPort")
      json.value(facts.targetPort.map(Int.init))
      json.key("channelFrame")
      json.value(facts.channelOpened?.frame)
      writeExchanges(facts, &json)
      writeSteps(facts, &json)
    }
  }

  private static func writeExchanges(_ facts: GatewayFacts, _ json: inout JSONWriter) {
    json.key("requests")
    json.array(facts.exchanges) { json, exchange in
      json.object {
        $0.key("frame")
        $0.value(exchange.request.moment.frame)
        $0.key("method")
        $0.value(exchange.request.message.method)
        $0.key("target")
        $0.value(exchange.request.message.target)
        $0.key("answerFrame")
        $0.value(exchange.response?.moment.frame)
        $0.key("status")
        $0.value(exchange.response?.message.code)
        $0.key("reason")
        $0.value(exchange.response.map(\.message.reason).flatMap { $0.isEmpty ? nil : $0 })
      }
    }
  }

  private static func writeSteps(_ facts: GatewayFacts, _ json: inout JSONWriter) {
    json.key("steps")
    json.array(facts.steps) { json, step in
      json.object {
        $0.key("frame")
        $0.value(step.moment.frame)
        $0.key("by")
        $0.value(step.side.rawValue)
        $0.key("packet")
        $0.value(step.message.name)
        $0.key("error")
        $0.value(step.message.answer?.name)
        $0.key("meaning")
        $0.value(step.message.answer?.meaning)
      }
    }
  }
}
