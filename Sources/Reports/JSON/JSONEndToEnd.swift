import Diagnosis
import RDPMessages
import Streams
import Timeline

/// What two captures of the same connections show together, in the JSON report.
enum JSONEndToEnd {
  static func write(_ endToEnd: EndToEnd, to json: inout JSONWriter) {
    json.key("bothEnds")
    json.object { json in
      json.key("pairs")
      json.array(endToEnd.pairs) { write($1, to: &$0) }
      json.key("missingAtServer")
      json.array(endToEnd.missingAtServer.map(\.stream)) { $0.value($1) }
      json.key("complete")
      json.value(!endToEnd.isIncomplete)
    }
  }

  private static func write(_ pair: ConnectionPair, to json: inout JSONWriter) {
    json.object { json in
      json.key("clientStream")
      json.value(pair.client.stream)
      json.key("serverStream")
      json.value(pair.server.stream)
      json.key("matchedBy")
      json.value(pair.matchedBy.rawValue)
      json.key("translated")
      json.value(pair.isTranslated)
      json.key("sequenceShift")
      json.object {
        $0.key("client")
        $0.value(Int(pair.sequenceShift.client))
        $0.key("server")
        $0.value(Int(pair.sequenceShift.server))
      }
      json.key("clock")
      if let clock = pair.clock {
        json.object {
          $0.key("serverAheadSeconds")
          $0.value(clock.seconds)
          $0.key("uncertaintySeconds")
          $0.value(clock.uncertainty)
          $0.key("inconsistent")
          $0.value(clock.isInconsistent)
        }
      } else {
        json.value(nil as String?)
      }
      for side in Side.allCases {
        json.key(side == .client ? "fromClient" : "fromServer")
        write(pair.direction(from: side), to: &json)
      }
    }
  }

  /// Frames listed of one kind.
  private static let maximumFrames = 100

  private static func write(_ match: DirectionMatch, to json: inout JSONWriter) {
    json.object {
      $0.key("sent")
      $0.value(match.sentCount)
      $0.key("arrived")
      $0.value(match.arrivedCount)
      $0.key("lost")
      $0.value(match.lost.count)
      $0.key("lostFrames")
      $0.value(match.lost.prefix(maximumFrames).map(\.moment.frame))
      $0.key("appeared")
      $0.value(match.appeared.count)
      $0.key("appearedFrames")
      $0.value(match.appeared.prefix(maximumFrames).map(\.moment.frame))
    }
  }

  /// Writes whether the packets agree with the code that the user saw.
  static func write(_ captures: [CaptureReport], codeTo json: inout JSONWriter) {
    let answers = captures.enumerated().compactMap { index, capture in
      capture.answer.map { (index: index, answer: $0) }
    }
    guard let code = answers.first?.answer.code else { return }
    json.key("clientCode")
    json.object { json in
      json.key("value")
      json.value(Int(code.value))
      json.key("text")
      json.value(code.text)
      json.key("meaning")
      json.value(code.meaning ?? code.errorInfo?.meaning)
      json.key("answers")
      json.array(answers) { json, row in
        json.object {
          $0.key("capture")
          $0.value(row.index)
          $0.key("agrees")
          $0.value(row.answer.agrees)
          $0.key("attempts")
          $0.value(row.answer.attempts)
          $0.key("text")
          $0.value(row.answer.text)
        }
      }
    }
  }
}
