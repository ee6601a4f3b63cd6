/// The text line that may open the variable part of a Connection Request: the user's cookie or a
/// load balancer's routing token. [MS-RDPBCGR] 2.2.1.1
package enum ConnectionRequestLine: Hashable, Sendable {
  /// `Cookie: mstshash=IDENTIFIER`: usually the user name, cut to nine characters by mstsc.
  case cookie(String)
  /// Any other line: the token by which a balancer finds the session's host.
  case routingToken(RoutingToken)

  /// Names that programs which only look send in place of a user's.
  ///
  /// `nmap`: its scripts rdp-enum-encryption and rdp-ntlm-info.
  private static let scannersCookies: Set = ["nmap"]

  /// Whether this is the cookie of a program that only looks.
  package var isScannersCookie: Bool {
    if case .cookie(let name) = self { return Self.scannersCookies.contains(name.lowercased()) }
    return false
  }

  /// Tells the two apart.
  ///
  /// - Parameter line: The octets before the carriage return and line feed.
  package init(line: ArraySlice<UInt8>) {
    let text = String(decoding: line, as: UTF8.self)
    let prefix = "Cookie: mstshash="
    if text.lowercased().hasPrefix(prefix.lowercased()) {
      self = .cookie(String(text.dropFirst(prefix.count)))
    } else {
      self = .routingToken(RoutingToken(text: text))
    }
  }
}

/// A routing token, as a broker's redirection gave it to the client.
package struct RoutingToken: Hashable, Sendable {
  /// The whole line, without its end.
  package let text: String

  /// Creates a token from its line.
  package init(text: String) { self.text = text }

  /// The session host that a `Cookie: msts=ADDRESS.PORT.RESERVED` token names, as `a.b.c.d:port`.
  ///
  /// Both numbers are decimal renderings of little-endian readings of network-order fields.
  /// `nil` when the token has another form.
  package var target: String? {
    let prefix = "Cookie: msts="
    guard text.lowercased().hasPrefix(prefix.lowercased()) else { return nil }
    let parts = text.dropFirst(prefix.count).split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, let address = UInt32(parts[0]), let port = UInt16(parts[1]) else {
      return nil
    }
    let octets = [address, address >> 8, address >> 16, address >> 24].map { String($0 & 0xFF) }
    return octets.joined(separator: ".") + ":\(port.byteSwapped)"
  }
}
