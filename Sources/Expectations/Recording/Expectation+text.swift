import Reports

extension Expectation {
  /// The expectation as a file: JSON, a key a line, in the order in which it is documented.
  package var text: [UInt8] {
    var writer = JSONWriter(isPretty: true)
    writer.object { json in
      if let note {
        json.key("note")
        json.value(note)
      }
      if let knownIssue {
        json.key("knownIssue")
        json.value(knownIssue.value)
      }
      if tolerance.isStated {
        json.key("tolerance")
        json.object {
          $0.key("frames")
          $0.value(tolerance.frames)
          $0.key("seconds")
          $0.number(tolerance.seconds)
        }
      }
      if let connectionCount {
        json.key("connectionCount")
        json.value(connectionCount.value)
      }
      json.key("connections")
      json.array(connections) { $1.write(to: &$0) }
      json.key("attempts")
      json.array(attempts) { $1.write(to: &$0) }
    }
    return writer.text + [UInt8(ascii: "\n")]
  }
}

extension ExpectedConnection {
  fileprivate func write(to json: inout JSONWriter) {
    json.object { json in
      json.key("stream")
      json.value(stream.value)
      json.member("note", note)
      json.member("role", role?.value)
      json.member("family", family?.value)
      if !familyAlternatives.isEmpty {
        json.key("familyAlternatives")
        json.value(familyAlternatives)
      }
      json.member("cause", cause?.value)
      json.member("severity", severity?.value)
      json.member("minimumConfidence", minimumConfidence?.value)
      json.member("phase", phase?.value)
      if let ending {
        json.key("ending")
        json.object { json in
          json.member("kind", ending.kind?.value)
          json.member("by", ending.actor?.value)
          json.member("frame", ending.frame?.value)
          json.member("seconds", ending.seconds?.value)
        }
      }
      if let codes {
        json.key("codes")
        json.object { json in codes.write(to: &json) }
      }
      if let evidence {
        json.key("evidence")
        json.value(evidence.value)
      }
      if let evidenceFrames {
        json.key("evidenceFrames")
        json.value(evidenceFrames.value)
      }
    }
  }
}

extension ExpectedCodes {
  fileprivate func write(to json: inout JSONWriter) {
    if let failureCode {
      json.key("failureCode")
      json.code(failureCode.value)
    }
    if let errorInfo {
      json.key("errorInfo")
      json.code(errorInfo.value)
    }
    if !alerts.isEmpty {
      json.key("alerts")
      json.array(alerts) { $0.code($1.value) }
    }
  }
}

extension ExpectedAttempt {
  fileprivate func write(to json: inout JSONWriter) {
    json.object { json in
      if let streams {
        json.key("streams")
        json.value(streams.value)
      }
      json.member("note", note)
      json.member("outcome", outcome?.value)
      json.member("family", family?.value)
      json.member("cause", cause?.value)
      json.member("minimumConfidence", minimumConfidence?.value)
    }
  }
}

extension JSONWriter {
  fileprivate mutating func member(_ name: StaticString, _ text: String?) {
    guard let text else { return }
    key(name)
    value(text)
  }

  fileprivate mutating func member(_ name: StaticString, _ integer: Int?) {
    guard let integer else { return }
    key(name)
    value(integer)
  }

  fileprivate mutating func member(_ name: StaticString, _ amount: Double?) {
    guard let amount else { return }
    key(name)
    number(amount)
  }

  fileprivate mutating func number(_ amount: Double) {
    if let whole = Int(exactly: amount) { value(whole) } else { value(amount) }
  }

  fileprivate mutating func code(_ code: Code) {
    switch code {
    case .number(let number): value(number)
    case .name(let name): value(name)
    }
  }
}
