package import TLSMessages
package import Wire

/// Decrypts the records of one direction, in order, from the first that its keys protect.
package struct RecordOpener {
  private var cipher: RecordCipher
  /// Records so far under these keys.
  private var sequence: UInt64 = 0
  /// Whether the record's type and padding are inside the encryption (RFC 8446 §5.2).
  package let isTLS13: Bool
  /// The secret that the keys are from, to update them by; `nil` before TLS 1.3.
  private let secret: TrafficSecret?
  private let spec: CipherSpec?
  /// Records that were opened under these keys.
  package private(set) var openedCount = 0

  /// What was inside a record.
  package struct Opened: Hashable {
    /// What it carries.
    package let type: TLSContentType
    package let octets: ArraySlice<UInt8>
  }

  /// An opener of TLS 1.2 and before.
  init(_ cipher: RecordCipher) {
    spec = nil
    self.cipher = cipher
    isTLS13 = false
    secret = nil
  }

  /// An opener of TLS 1.3; `nil` for a suite that it does not have.
  init?(_ spec: CipherSpec, _ secret: TrafficSecret) {
    let cipher = spec.recordCipher(spec.keys(secret), version: .tls13, encryptThenMAC: false)
    guard let cipher else { return nil }
    self.cipher = cipher
    self.spec = spec
    self.secret = secret
    isTLS13 = true
  }

  /// The opener after the sender's KeyUpdate. RFC 8446 §4.6.3
  package var updated: RecordOpener? {
    guard let spec, let secret else { return nil }
    return RecordOpener(spec, secret.updated)
  }

  /// Opens the next record.
  ///
  /// - Parameters:
  ///   - header: Its header.
  ///   - payload: What follows it.
  /// - Returns: What was inside.
  /// - Throws: ``DecodeError`` where the octets were not protected with these keys, or changed
  ///   since; the record counts all the same.
  package mutating func open(
    _ header: TLSRecordHeader,
    _ payload: ArraySlice<UInt8>
  ) throws(DecodeError) -> Opened {
    defer { sequence &+= 1 }
    let plaintext = try cipher.open(header, payload, sequence: sequence)
    openedCount += 1
    guard isTLS13 else { return Opened(type: header.type, octets: plaintext) }
    // TLSInnerPlaintext: the contents, their type, zeros.
    guard let end = plaintext.lastIndex(where: { $0 != 0 }) else {
      throw DecodeError(
        layer: .tls,
        field: "TLSInnerPlaintext.type",
        offset: payload.startIndex,
        reason: .unexpected(expected: "a content type", found: "padding only"),
        section: "RFC 8446 §5.4"
      )
    }
    return Opened(type: TLSContentType(rawValue: plaintext[end]), octets: plaintext[..<end])
  }
}
