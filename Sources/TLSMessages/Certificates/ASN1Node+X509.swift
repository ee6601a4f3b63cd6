import SwiftASN1
import Wire

// Tolerant readings of the parts of a certificate; `nil` where a part is not what it should be.
extension ASN1Node {
  /// The nodes inside; `nil` for a primitive.
  var children: [ASN1Node]? {
    guard case .constructed(let nodes) = content else { return nil }
    return Array(nodes)
  }

  /// The contents of a primitive; `nil` for a constructed node.
  var octets: ArraySlice<UInt8>? {
    guard case .primitive(let octets) = content else { return nil }
    return octets
  }

  /// An object identifier in dotted decimals.
  var objectIdentifier: String? {
    guard identifier == .objectIdentifier, let oid = try? ASN1ObjectIdentifier(derEncoded: self)
    else { return nil }
    return oid.description
  }

  /// The name of an AlgorithmIdentifier.
  var algorithmName: String? {
    guard let oid = children?.first?.objectIdentifier else { return nil }
    return algorithmNames[oid] ?? oid
  }

  /// RFC 4514 without its reversal: `CN=host,O=Org` as the certificate orders them.
  var distinguishedName: String {
    (children ?? []).flatMap { $0.children ?? [] }.compactMap(\.attribute).joined(separator: ",")
  }

  private var attribute: String? {
    guard let parts = children, parts.count == 2, let oid = parts[0].objectIdentifier,
      let text = parts[1].text
    else { return nil }
    var escaped = ""
    for character in text {
      if ",+\"\\<>;".contains(character) { escaped.append("\\") }
      escaped.append(character)
    }
    return (attributeNames[oid] ?? oid) + "=" + escaped
  }

  /// The text of any of X.509's string types.
  private var text: String? {
    guard let octets else { return nil }
    switch identifier {
    case .bmpString:
      let units = stride(from: octets.startIndex, to: octets.endIndex - 1, by: 2).map {
        UInt16(octets[$0]) << 8 | UInt16(octets[$0 + 1])
      }
      return String(decoding: units, as: UTF16.self)
    case .utf8String: return String(decoding: octets, as: UTF8.self)
    default:
      return String(String.UnicodeScalarView(octets.map { Unicode.Scalar($0) }))
    }
  }

  /// UTCTime or GeneralizedTime, in UTC. RFC 5280 §4.1.2.5
  var calendarTime: CalendarTime? {
    guard let octets else { return nil }
    let digits = octets.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
      .map { Int($0 - UInt8(ascii: "0")) }
    let isLong = identifier == .generalizedTime
    guard isLong || identifier == .utcTime, digits.count == (isLong ? 14 : 12) else { return nil }
    let pairs = stride(from: 0, to: digits.count, by: 2).map { digits[$0] * 10 + digits[$0 + 1] }
    let year = isLong ? pairs[0] * 100 + pairs[1] : pairs[0] + (pairs[0] < 50 ? 2000 : 1900)
    let rest = pairs.suffix(5).map(\.self)
    return CalendarTime(
      year: year,
      month: rest[0],
      day: rest[1],
      hour: rest[2],
      minute: rest[3],
      second: rest[4]
    )
  }

  /// A DNS name or an address of a subject alternative name. RFC 5280 §4.2.1.6
  var alternativeName: String? {
    guard identifier.tagClass == .contextSpecific, let octets else { return nil }
    switch identifier.tagNumber {
    case 2: return String(decoding: octets, as: UTF8.self)
    case 7 where octets.count == 4: return octets.map(String.init).joined(separator: ".")
    case 7 where octets.count == 16:
      return stride(from: octets.startIndex, to: octets.endIndex, by: 2)
        .map { String(UInt16(octets[$0]) << 8 | UInt16(octets[$0 + 1]), radix: 16) }
        .joined(separator: ":")
    default: return nil
    }
  }
}

private let attributeNames = [
  "2.5.4.3": "CN", "2.5.4.5": "serialNumber", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST",
  "2.5.4.10": "O", "2.5.4.11": "OU", "0.9.2342.19200300.100.1.25": "DC",
  "1.2.840.113549.1.9.1": "emailAddress",
]

private let algorithmNames = [
  "1.2.840.113549.1.1.4": "md5WithRSAEncryption",
  "1.2.840.113549.1.1.5": "sha1WithRSAEncryption",
  "1.3.14.3.2.29": "sha1WithRSAEncryption",
  "1.2.840.113549.1.1.10": "rsassaPss",
  "1.2.840.113549.1.1.11": "sha256WithRSAEncryption",
  "1.2.840.113549.1.1.12": "sha384WithRSAEncryption",
  "1.2.840.113549.1.1.13": "sha512WithRSAEncryption",
  "1.2.840.10045.4.1": "ecdsa-with-SHA1",
  "1.2.840.10045.4.3.2": "ecdsa-with-SHA256",
  "1.2.840.10045.4.3.3": "ecdsa-with-SHA384",
  "1.2.840.10045.4.3.4": "ecdsa-with-SHA512",
  "1.3.101.112": "ed25519",
]
