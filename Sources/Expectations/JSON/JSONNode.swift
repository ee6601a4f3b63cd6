/// A JSON value with the line on which it begins.
package struct JSONNode: Sendable, Hashable {
  /// The line, from 1.
  package let line: Int
  package let value: Value

  /// A JSON value (RFC 8259 §3).
  package enum Value: Sendable, Hashable {
    case null
    case boolean(Bool)
    case number(Double)
    case string(String)
    case array([JSONNode])
    case object([Member])
  }

  /// A member of an object; members keep their order, and a key may come twice.
  package struct Member: Sendable, Hashable {
    package let key: String
    /// The key's line.
    package let line: Int
    package let node: JSONNode
  }

  /// What kind of value it is, in words.
  package var kind: String {
    switch value {
    case .null: "null"
    case .boolean: "a Boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "a list"
    case .object: "an object"
    }
  }

  /// A member of an object; `nil` for any other value, or when it is not there.
  package subscript(key: String) -> JSONNode? {
    guard case .object(let members) = value else { return nil }
    return members.first { $0.key == key }?.node
  }

  /// The elements of a list; none for any other value.
  package var elements: [JSONNode] {
    guard case .array(let elements) = value else { return [] }
    return elements
  }

  /// The text of a string; `nil` for any other value.
  package var string: String? {
    guard case .string(let text) = value else { return nil }
    return text
  }

  /// The value of a whole number; `nil` for any other value.
  package var integer: Int? {
    guard case .number(let number) = value else { return nil }
    return Int(exactly: number)
  }
}

/// Why text is not JSON.
package struct JSONError: Error, Hashable {
  /// The line, from 1.
  package let line: Int
  package let message: String
}
