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
    guard let parts = children, parts.count == 2, let oid = parts[0].objectIdentifier else {
      return nil
    }
    let name = attributeNames[oid] ?? oid
    // RFC 4514 §2.4: a value that is no text is shown as its encoding.
    guard let text = parts[1].text else { return name + "=#" + parts[1].encodedBytes.hex }
    var escaped = ""
    for character in text {
      if ",+\"\\<>;".contains(character) { escaped.append("\\") }
      escaped.append(character)
    }
    return name + "=" + escaped
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
    case .universalString:
      let scalars = stride(from: octets.startIndex, to: octets.endIndex - 3, by: 4).map { at in
        octets[at..<at + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      }
      return String(
        String.UnicodeScalarView(scalars.map { Unicode.Scalar($0) ?? "\u{FFFD}" })
      )
    case .utf8String: return String(decoding: octets, as: UTF8.self)
    default:
      return String(String.UnicodeScalarView(octets.map { Unicode.Scalar($0) }))
    }
  }

  /// The last common name of a distinguished name.
  var commonName: String? {
    (children ?? []).flatMap { $0.children ?? [] }.last {
      $0.children?.first?.objectIdentifier == "2.5.4.3"
    }?.children?.last?.text
  }

  /// A DNS name or an address of a subject alternative name. RFC 5280 §4.2.1.6
  var alternativeName: String? {
    guard identifier.tagClass == .contextSpecific, let octets else { return nil }
    switch identifier.tagNumber {
    case 2: return String(decoding: octets, as: UTF8.self)
    case 7 where octets.count == 4: return octets.map(String.init).joined(separator: ".")
    case 7 where octets.count == 16: return addressText(Array(octets))
    default: return nil
    }
  }
}

/// An IPv6 address in its short form: the longest run of zero groups left out. RFC 5952 §4
private func addressText(_ octets: [UInt8]) -> String {
  let groups = stride(from: 0, to: 16, by: 2).map {
    UInt16(octets[$0]) << 8 | UInt16(octets[$0 + 1])
  }
  var longest = 0..<0
  var run = 0..<0
  for (index, group) in groups.enumerated() {
    run = group == 0 ? (run.isEmpty ? index..<index + 1 : run.lowerBound..<index + 1) : 0..<0
    if longest.count < run.count { longest = run }
  }
  let text = { (part: ArraySlice<UInt16>) in
    part.map { String($0, radix: 16) }.joined(separator: ":")
  }
  guard 2 <= longest.count else { return text(groups[...]) }
  return text(groups[..<longest.lowerBound]) + "::" + text(groups[longest.upperBound...])
}

private let attributeNames = [
  "2.5.4.3": "CN", "2.5.4.5": "serialNumber", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST",
  "2.5.4.10": "O", "2.5.4.11": "OU", "0.9.2342.19200300.100.1.25": "DC",
  "1.2.840.113549.1.9.1": "emailAddress", "2.5.4.4": "SN", "2.5.4.9": "STREET",
  "2.5.4.12": "title", "2.5.4.42": "GN", "0.9.2342.19200300.100.1.1": "UID",
]

/// Names of algorithms that sign MD2, MD4, MD5 or SHA-1.
let weakAlgorithmNames = Set(
  algorithmNames.values.filter { name in
    ["md2", "md4", "md5", "sha1"].contains { name.lowercased().contains($0) }
  }
)

private let algorithmNames = [
  "1.2.840.113549.1.1.2": "md2WithRSAEncryption",
  "1.2.840.113549.1.1.3": "md4WithRSAEncryption",
  "1.3.14.3.2.3": "md5WithRSAEncryption",
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
  "1.2.840.10045.4.3.1": "ecdsa-with-SHA224",
  "1.2.840.113549.1.1.14": "sha224WithRSAEncryption",
  "1.2.840.10040.4.3": "dsaWithSHA1",
  "2.16.840.1.101.3.4.3.2": "dsa_with_SHA256",
  "1.3.101.112": "ed25519",
  "1.3.101.113": "ed448",
]
