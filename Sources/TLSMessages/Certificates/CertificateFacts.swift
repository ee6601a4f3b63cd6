import Crypto
import SwiftASN1
package import Wire

/// What a certificate says about itself; nothing is verified.
///
/// Read field by field: a weak key, an odd date, a negative serial number or a cut costs that fact
/// and no other. RFC 5280 §4.1
package struct CertificateFacts: Hashable, Sendable {
  /// Largest certificate that is read; real ones have a few thousand octets.
  package static let maximumByteCount = 1 << 16

  /// Distinguished name as `CN=host,O=Org`, in the order of the certificate.
  ///
  /// Control characters are kept as they are: whoever shows the text encodes them.
  package var subject = ""
  /// Distinguished name of the issuer, written like ``subject``.
  package var issuer = ""
  /// The subject's last common name; `nil` without one.
  package var commonName: String?
  /// The serial number's octets in hexadecimal, as encoded (a leading 00 stays).
  package var serial = ""
  /// When the validity begins; `nil` when it could not be read.
  package private(set) var notBefore: CalendarTime?
  /// When the validity ends; `nil` when it could not be read.
  package private(set) var notAfter: CalendarTime?
  /// `rsa`, `ec`, `ed25519`, `ed448`, `dsa`, or an object identifier.
  package private(set) var keyType: String?
  /// The key's size; `nil` for key types without one that is known here.
  package private(set) var keyBits: Int?
  /// The elliptic curve's name, or its object identifier; `nil` for other keys.
  package private(set) var curve: String?
  /// The signature algorithm's name (`sha256WithRSAEncryption`), or its object identifier.
  package private(set) var signature: String?
  /// SHA-256 of the certificate, in hexadecimal.
  package var sha256: String
  /// Whether the issuer is the subject, octet by octet.
  package private(set) var selfSigned = false
  /// DNS names and addresses of the subject alternative name.
  package var names: [String] = []
  /// What the key may do (key usage), by RFC 5280's names; empty without the extension.
  package private(set) var keyUsages: [String] = []
  /// Purposes (extended key usage), by name or object identifier.
  package private(set) var extendedKeyUsages: [String] = []
  /// Whether this may issue certificates (basic constraints); `nil` without the extension.
  package private(set) var isCA: Bool?
  /// What could not be read.
  package private(set) var problems: [DecodeError] = []

  /// Reads a certificate, or what is there of one.
  ///
  /// - Parameter der: The certificate, DER.
  package init(der: ArraySlice<UInt8>) {
    self.init(der: der, sha256: Self.fingerprint(of: der))
  }

  /// The SHA-256 of a certificate, in hexadecimal.
  static func fingerprint(of der: ArraySlice<UInt8>) -> String { SHA256.hash(data: der).hex }

  /// Reads a certificate whose fingerprint is known.
  init(der: ArraySlice<UInt8>, sha256: String) {
    self.sha256 = sha256
    let reader = ByteReader(der, layer: .x509)
    guard der.count <= Self.maximumByteCount else {
      problems.append(
        reader.limitExceeded(
          "Certificate",
          at: der.startIndex,
          limit: Self.maximumByteCount,
          found: der.count
        )
      )
      return
    }
    do throws(DecodeError) {
      try read(reader)
    } catch {
      problems.append(error)
    }
  }

  /// Reads Certificate and TBSCertificate: version [0], serialNumber, signature, issuer, validity,
  /// subject, subjectPublicKeyInfo, extensions [3].
  private mutating func read(_ whole: ByteReader) throws(DecodeError) {
    var reader = whole
    var certificate = try reader.derContents("Certificate", problems: &problems)
    var body = try certificate.derContents("tbsCertificate", problems: &problems)
    var element = try body.derElement("serialNumber")
    if element.identifier == DERElement.version { element = try body.derElement("serialNumber") }
    serial = element.contents.remaining.hex
    element = try body.derElement("signature")
    signature = parse("signature", element.encoded)?.algorithmName
    let issuerElement = try body.derElement("issuer")
    issuer = parse("issuer", issuerElement.encoded)?.distinguishedName ?? ""
    readValidity(try body.derElement("validity").contents)
    let subjectElement = try body.derElement("subject")
    let name = parse("subject", subjectElement.encoded)
    subject = name?.distinguishedName ?? ""
    commonName = name?.commonName
    selfSigned =
      !subjectElement.contents.isAtEnd
      && issuerElement.encoded.elementsEqual(subjectElement.encoded)
    readKey(parse("subjectPublicKeyInfo", try body.derElement("subjectPublicKeyInfo").encoded))
    while !body.isAtEnd {
      guard body.remaining.first == DERElement.extensions else {
        _ = try body.derElement("uniqueIdentifier")
        continue
      }
      var wrapper = try body.derContents("extensions", problems: &problems)
      try readExtensions(try wrapper.derContents("extensions", problems: &problems))
    }
  }

  private mutating func readValidity(_ contents: ByteReader) {
    var reader = contents
    do throws(DecodeError) {
      notBefore = try readTime("notBefore", &reader)
      notAfter = try readTime("notAfter", &reader)
    } catch {
      problems.append(error)
    }
  }

  private mutating func readTime(
    _ field: StaticString,
    _ reader: inout ByteReader
  ) throws(DecodeError) -> CalendarTime? {
    let element = try reader.derElement(field)
    let text = element.contents.remaining
    let isGeneralized = element.identifier == DERElement.generalizedTime
    if isGeneralized || element.identifier == DERElement.utcTime,
      let time = CalendarTime(x509: text, isGeneralized: isGeneralized)
    {
      return time
    }
    problems.append(
      reader.invalid(field, at: text.startIndex, expected: "a date", found: text.hex)
    )
    return nil
  }

  private mutating func readKey(_ info: ASN1Node?) {
    guard let info = info?.children, let algorithm = info.first?.children,
      let oid = algorithm.first?.objectIdentifier
    else { return }
    let key = PublicKeyFacts(
      algorithm: oid,
      parameters: algorithm.dropFirst().first,
      key: info.dropFirst().first?.octets?.dropFirst()
    )
    keyType = key.type
    keyBits = key.bitCount
    curve = key.curve
  }

  private mutating func readExtensions(_ list: ByteReader) throws(DecodeError) {
    var list = list
    while !list.isAtEnd {
      let element = try list.derElement("Extension")
      guard let fields = parse("Extension", element.encoded)?.children,
        let oid = fields.first?.objectIdentifier, let value = fields.last?.octets
      else { continue }
      readExtension(oid, value)
    }
  }

  private mutating func readExtension(_ oid: String, _ value: ArraySlice<UInt8>) {
    switch oid {
    case "2.5.29.15":
      keyUsages = parse("keyUsage", value)?.octets.map(CertificateUsage.keyUsages) ?? []
    case "2.5.29.17":
      names = (parse("subjectAltName", value)?.children ?? []).compactMap(\.alternativeName)
    case "2.5.29.19":
      guard let constraints = parse("basicConstraints", value)?.children else { return }
      isCA = constraints.first?.identifier == .boolean && constraints.first?.octets?.first != 0
    case "2.5.29.37":
      extendedKeyUsages = (parse("extKeyUsage", value)?.children ?? [])
        .compactMap(\.objectIdentifier).map { CertificateUsage.extendedKeyUsages[$0] ?? $0 }
    default: break
    }
  }

  /// Parses one part; one that cannot be parsed becomes a problem.
  private mutating func parse(_ field: String, _ encoded: ArraySlice<UInt8>) -> ASN1Node? {
    do {
      // BER takes every DER and the lengths of old encoders besides.
      return try BER.parse(encoded)
    } catch {
      let code = (error as? ASN1Error).map { "\($0.code)" } ?? "not ASN.1"
      problems.append(
        DecodeError(
          layer: .x509,
          field: field,
          offset: encoded.startIndex,
          reason: .foreign(code)
        )
      )
      return nil
    }
  }
}
