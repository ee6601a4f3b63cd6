import SwiftASN1
import Wire

/// One element of a parsed ASN.1 message, asked for its parts by name; what does not fit becomes an
/// error with its place.
///
/// swift-asn1 bounds the depth to 50 and takes no longer than the octets are.
struct ASN1Element {
  private let node: ASN1Node
  private let layer: Layer

  /// Parses a whole message.
  ///
  /// - Throws: ``DecodeError`` at the message's beginning when it is no ASN.1, or at its length when
  ///   octets are missing.
  init(
    parsing bytes: ArraySlice<UInt8>,
    _ field: StaticString,
    layer: Layer,
    boundedBy bound: Bound = .buffer
  ) throws(DecodeError) {
    // The library tells of a cut message only that it is cut: say what is missing first.
    var reader = ByteReader(bytes, layer: layer, boundedBy: bound)
    try reader.skipElement(field)
    do {
      // BER takes every DER, and the long lengths of some encoders besides.
      node = try BER.parse(bytes[bytes.startIndex..<reader.offset])
    } catch {
      let code = (error as? ASN1Error).map { "\($0.code)" } ?? "not ASN.1"
      throw DecodeError(
        layer: layer,
        field: "\(field)",
        offset: bytes.startIndex,
        reason: .foreign(code)
      )
    }
    self.layer = layer
  }

  private init(_ node: ASN1Node, _ layer: Layer) {
    self.node = node
    self.layer = layer
  }

  /// Where the element begins.
  var offset: Int { node.encodedBytes.startIndex }
  /// Tag, length and contents.
  var encoded: ArraySlice<UInt8> { node.encodedBytes }
  /// The tag number of an application tag; `nil` for another class.
  var applicationTag: UInt? {
    node.identifier.tagClass == .application ? node.identifier.tagNumber : nil
  }
  /// The tag number of a context-specific tag; `nil` for another class.
  var contextTag: UInt? {
    node.identifier.tagClass == .contextSpecific ? node.identifier.tagNumber : nil
  }

  /// The elements inside; of a primitive there are none, which is an error.
  func children(_ field: StaticString) throws(DecodeError) -> [ASN1Element] {
    guard case .constructed(let nodes) = node.content else {
      throw invalid(field, expected: "a constructed element")
    }
    return nodes.map { ASN1Element($0, layer) }
  }

  /// The elements of a SEQUENCE.
  func sequence(_ field: StaticString) throws(DecodeError) -> [ASN1Element] {
    guard node.identifier == .sequence else { throw invalid(field, expected: "a SEQUENCE") }
    return try children(field)
  }

  /// The one element inside an explicit tag.
  func only(_ field: StaticString) throws(DecodeError) -> ASN1Element {
    let inside = try children(field)
    guard let first = inside.first, inside.count == 1 else {
      throw invalid(field, expected: "one element")
    }
    return first
  }

  /// The contents of an OCTET STRING.
  func octetString(_ field: StaticString) throws(DecodeError) -> ArraySlice<UInt8> {
    guard node.identifier == .octetString else {
      throw invalid(field, expected: "an OCTET STRING")
    }
    return try contents(field)
  }

  /// An OCTET STRING that no output may show: only its length is taken.
  func secretByteCount(_ field: StaticString) throws(DecodeError) -> Int {
    guard node.identifier == .octetString, case .primitive(let octets) = node.content else {
      throw invalid(field, expected: "an OCTET STRING")
    }
    var reader = ByteReader(octets, layer: layer)
    try reader.skipSecret(octets.count, field)
    return octets.count
  }

  /// An INTEGER or ENUMERATED of at most eight octets.
  func integer(_ field: StaticString) throws(DecodeError) -> Int64 {
    guard node.identifier == .integer || node.identifier == .enumerated else {
      throw invalid(field, expected: "an INTEGER")
    }
    let octets = try contents(field)
    guard let first = octets.first, octets.count <= 8 else {
      throw invalid(field, expected: "a number of 1 to 8 octets")
    }
    let sign: Int64 = first & 0x80 == 0 ? 0 : -1
    return octets.reduce(sign) { $0 << 8 | Int64($1) }
  }

  /// An INTEGER that fits 32 bits, signed or not.
  func unsigned32(_ field: StaticString) throws(DecodeError) -> UInt32 {
    let number = try integer(field)
    guard Int64(Int32.min)...Int64(UInt32.max) ~= number else {
      throw invalid(field, expected: "a number of 32 bits")
    }
    return UInt32(truncatingIfNeeded: number)
  }

  /// An OBJECT IDENTIFIER in dotted decimals.
  func objectIdentifier(_ field: StaticString) throws(DecodeError) -> String {
    guard let oid = try? ASN1ObjectIdentifier(derEncoded: node) else {
      throw invalid(field, expected: "an OBJECT IDENTIFIER")
    }
    _ = try contents(field)
    return oid.description
  }

  /// The text of a string type that is one octet a character, or UTF-8.
  func text(_ field: StaticString) throws(DecodeError) -> String {
    guard [.generalString, .utf8String, .ia5String, .visibleString].contains(node.identifier)
    else { throw invalid(field, expected: "a string") }
    // Windows writes UTF-8 into GeneralStrings ([MS-KILE] 2.2).
    return String(decoding: try contents(field), as: UTF8.self)
  }

  /// The contents of a primitive of any type.
  func contents(_ field: StaticString) throws(DecodeError) -> ArraySlice<UInt8> {
    guard case .primitive(let octets) = node.content else {
      throw invalid(field, expected: "a primitive element")
    }
    // Read once more, so that a dump knows the field.
    var reader = ByteReader(octets, layer: layer)
    return try reader.bytes(octets.count, field)
  }

  /// Makes the error for an element that is not what it should be.
  func invalid(_ field: StaticString, expected: String) -> DecodeError {
    DecodeError(
      layer: layer,
      field: "\(field)",
      offset: offset,
      reason: .unexpected(expected: expected, found: "\(node.identifier)")
    )
  }
}

extension [ASN1Element] {
  /// What stands inside the explicit tag of a SEQUENCE; `nil` where it is left out.
  func tagged(_ number: UInt, _ field: StaticString) throws(DecodeError) -> ASN1Element? {
    guard let element = first(where: { $0.contextTag == number }) else { return nil }
    return try element.only(field)
  }

  /// What stands inside the explicit tag of a SEQUENCE that has to have it.
  func required(
    _ number: UInt,
    _ field: StaticString,
    in parent: ASN1Element
  ) throws(DecodeError) -> ASN1Element {
    guard let element = try tagged(number, field) else {
      throw parent.invalid(field, expected: "the tag [\(number)]")
    }
    return element
  }
}
