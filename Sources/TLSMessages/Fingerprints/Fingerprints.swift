import Crypto
import Wire

extension ClientOffer {
  /// The JA3 fingerprint: MD5, in hexadecimal, of ``ja3String``.
  package var ja3: String { md5(ja3Octets) }

  /// What JA3 is made of: the decimal numbers of version, cipher suites, extensions, groups and
  /// point formats, GREASE left out.
  package var ja3String: String { String(decoding: ja3Octets, as: UTF8.self) }

  private var ja3Octets: [UInt8] {
    let text = FingerprintText(decimal: legacyVersion.rawValue)
    text.append(decimals: cipherSuites.lazy.map(\.rawValue).withoutGREASE)
    text.append(decimals: extensionTypes.lazy.map(\.rawValue).withoutGREASE)
    text.append(decimals: supportedGroups.lazy.map(\.rawValue).withoutGREASE)
    text.append(decimals: pointFormats.lazy.map(UInt16.init))
    return text.octets
  }

  /// The JA4 fingerprint of a client over TCP or DTLS (the BSD-licensed part of JA4+).
  ///
  /// Of an application protocol that neither begins nor ends as text, the first and last digits
  /// of its hexadecimal form are taken.
  package var ja4: String {
    let suites = cipherSuites.map(\.rawValue).withoutGREASE
    let types = extensionTypes.map(\.rawValue).withoutGREASE
    let start =
      (highestVersion.isDatagram ? "d" : "t") + Self.ja4Version(highestVersion)
      + (extensionTypes.contains(.serverName) ? "d" : "i")
      + Self.two(suites.count)
      + Self.two(types.count) + Self.ja4ALPN(alpn.first)
    let sortedSuites = FingerprintText(hexadecimals: suites.sorted())
    let second = FingerprintText(
      hexadecimals: types.filter { $0 != 0 && $0 != 16 }.sorted()
    )
    second.append(
      hexadecimals: signatureAlgorithms.map(\.rawValue).withoutGREASE
    )
    return start + "_" + Self.twelve(sortedSuites.octets) + "_" + Self.twelve(second.octets)
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

  private static func twelve(_ text: [UInt8]) -> String {
    guard !text.isEmpty else { return "000000000000" }
    return SHA256.hash(data: text).prefix(6).hex
  }
}

extension ServerHello {
  /// The JA3S fingerprint: MD5 of version, cipher suite and extensions.
  package var ja3s: String {
    let text = FingerprintText(decimal: legacyVersion.rawValue)
    text.append(decimals: CollectionOfOne(cipherSuite.rawValue))
    text.append(decimals: extensions.types.lazy.map(\.rawValue))
    return md5(text.octets)
  }
}

private func md5(_ text: [UInt8]) -> String { Insecure.MD5.hash(data: text).hex }
