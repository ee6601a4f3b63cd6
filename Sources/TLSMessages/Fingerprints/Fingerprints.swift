import Crypto
import Wire

extension ClientHello {
  /// The JA3 fingerprint: MD5, in hexadecimal, of ``ja3String``.
  package var ja3: String { md5(ja3String) }

  /// What JA3 is made of: the decimal numbers of version, cipher suites, extensions, groups and
  /// point formats, GREASE left out.
  package var ja3String: String {
    var text = String(legacyVersion.rawValue)
    func append(_ numbers: some Sequence<UInt16>) {
      var separator = ","
      for number in numbers where !number.isGREASE {
        text += separator
        text += String(number)
        separator = "-"
      }
      if separator == "," { text += separator }
    }
    append(cipherSuites.lazy.map(\.rawValue))
    append(extensions.types.lazy.map(\.rawValue))
    append(extensions.supportedGroups.lazy.map(\.rawValue))
    append(extensions.pointFormats.lazy.map(UInt16.init))
    return text
  }

  /// The JA4 fingerprint of a client over TCP or DTLS (the BSD-licensed part of JA4+).
  ///
  /// Of an application protocol that neither begins nor ends as text, the first and last digits
  /// of its hexadecimal form are taken.
  package var ja4: String {
    let suites = cipherSuites.map(\.rawValue).filter { !$0.isGREASE }
    let types = extensions.types.map(\.rawValue).filter { !$0.isGREASE }
    let start =
      (highestVersion.isDatagram ? "d" : "t") + Self.ja4Version(highestVersion)
      + (extensions.contains(.serverName) ? "d" : "i")
      + Self.two(suites.count)
      + Self.two(types.count) + Self.ja4ALPN(extensions.alpn.first)
    let sortedSuites = Self.list(suites.sorted())
    let sortedTypes = Self.list(types.filter { $0 != 0 && $0 != 16 }.sorted())
    let signatures = Self.list(
      extensions.signatureAlgorithms.map(\.rawValue).filter { !$0.isGREASE }
    )
    let second = signatures.isEmpty ? sortedTypes : sortedTypes + "_" + signatures
    return [start, Self.twelve(sortedSuites), Self.twelve(second)].joined(separator: "_")
  }

  /// Numbers in four hexadecimal digits, with commas between them.
  private static func list(_ numbers: [UInt16]) -> String {
    var text = ""
    text.reserveCapacity(numbers.count * 5)
    for number in numbers {
      if !text.isEmpty { text += "," }
      text += number.fourDigits
    }
    return text
  }

  private static func ja4Version(_ version: TLSVersion) -> String {
    switch version {
    case .tls13: "13"
    case .tls12: "12"
    case .tls11: "11"
    case .tls10: "10"
    case .ssl3: "s3"
    case .dtls12: "d2"
    case .dtls10: "d1"
    default: "00"
    }
  }

  private static func two(_ count: Int) -> String {
    let shown = min(count, 99)
    return shown < 10 ? "0\(shown)" : "\(shown)"
  }

  private static func ja4ALPN(_ name: String?) -> String {
    guard let first = name?.utf8.first, let last = name?.utf8.last else { return "00" }
    let isPlain = [first, last].allSatisfy {
      UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0
        || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0
    }
    if isPlain { return String(decoding: [first, last], as: UTF8.self) }
    return String([first].hex.prefix(1)) + String([last].hex.suffix(1))
  }

  private static func twelve(_ text: String) -> String {
    guard !text.isEmpty else { return "000000000000" }
    return String(SHA256.hash(data: Array(text.utf8)).hex.prefix(12))
  }
}

extension ServerHello {
  /// The JA3S fingerprint: MD5 of version, cipher suite and extensions.
  package var ja3s: String {
    let types = extensions.types.map { String($0.rawValue) }.joined(separator: "-")
    return md5("\(legacyVersion.rawValue),\(cipherSuite.rawValue),\(types)")
  }
}

private func md5(_ text: String) -> String {
  Insecure.MD5.hash(data: Array(text.utf8)).hex
}
