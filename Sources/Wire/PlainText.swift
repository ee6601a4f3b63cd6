/// A value whose text goes into an ``OctetBuffer`` without a string between: addresses and times, of
/// which a report has dozens for each connection.
///
/// The text is printable ASCII without quotation marks and backslashes: no form of output has to
/// escape any of it.
package protocol PlainText {
  /// Adds the text at the end of a buffer.
  func write(to buffer: OctetBuffer)
}

extension PlainText {
  /// The text by itself.
  package var plainText: String {
    let buffer = OctetBuffer(capacity: 48)
    write(to: buffer)
    return String(decoding: buffer.octets, as: UTF8.self)
  }
}
