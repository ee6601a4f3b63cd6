import Diagnosis
import Streams
import Timeline
import Wire

extension Ladder {
  /// The schema's name.
  package static let schema = "rdpscope.events/1"

  /// The events as JSON, schema `rdpscope.events/1`.
  package func json() -> [UInt8] {
    var writer = JSONWriter(isPretty: true)
    writer.object { json in
      json.key("schema")
      json.value(Self.schema)
      json.key("connection")
      json.value(subject.name.description)
      json.key("stream")
      if case .stream(let stream) = subject.name {
        json.value(stream)
      } else {
        json.value(nil as Int?)
      }
      json.key("transport")
      json.value(subject.path == nil ? "tcp" : "udp")
      json.key("carriedBy")
      json.value(subject.path?.session?.stream)
      json.key("client")
      json.object { $0.endpoint(subject.client) }
      json.key("server")
      json.object { $0.endpoint(subject.server) }
      json.key("start")
      json.value(subject.start.time.description)
      json.key("omitted")
      json.value(log.omittedCount)
      json.key("events")
      json.array(log.events) { write($1, to: &$0) }
    }
    writer.finish()
    return writer.text
  }

  private func write(_ event: Event, to json: inout JSONWriter) {
    let description = describe(event)
    json.object { json in
      json.key("time")
      json.value(event.moment.time.description)
      json.key("seconds")
      json.value(event.moment.time.seconds(since: subject.start.time))
      json.key("frame")
      json.value(event.moment.frame)
      json.key("lastFrame")
      json.value(event.last.frame)
      json.key("lastSeconds")
      json.value(event.last.time.seconds(since: subject.start.time))
      json.key("by")
      json.value(event.side.map { "\($0)" })
      json.key("phase")
      json.value(event.phase.name)
      json.key("message")
      json.value(description.title)
      json.key("inferred")
      json.value(event.isInferred)
      json.key("reading")
      json.value((event.isInferred ? .inferred : event.reading).rawValue)
      json.key("details")
      json.object { json in
        for detail in description.details {
          json.key(dynamic: detail.name)
          json.value(detail.value)
        }
      }
      guard !event.octets.isEmpty else { return }
      json.key("octets")
      json.value(event.octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
      json.key("fields")
      json.array(event.fields) { json, field in
        json.object {
          $0.key("name")
          $0.value(field.name)
          $0.key("offset")
          $0.value(field.range.lowerBound)
          $0.key("length")
          $0.value(field.range.count)
          $0.key("secret")
          $0.value(field.isSecret)
        }
      }
    }
  }
}

extension Event {
  /// Whether it is known by its length only.
  var isInferred: Bool {
    if case .records(_, _, _, .some) = content { return true }
    return false
  }
}
