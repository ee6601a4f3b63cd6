import Crypto
import SwiftASN1
package import Wire

/// What a certificate says about itself, read field by field: a weak key, an odd date or a
/// negative serial number costs that fact and no other. RFC 5280 §4.1
package struct CertificateFacts: Hashable, Sendable {
  /// Distinguished names as `CN=host,O=Org`, in the order of the certificate.
  package private(set) var subject = ""
  package private(set) var issuer = ""
  /// The serial number's octets in hexadecimal.
  package private(set) var serial = ""
  package private(set) var notBefore: CalendarTime?
  package private(set) var notAfter: CalendarTime?
  /// `rsa`, `ec`, `ed25519`, `ed448`, `dsa`, or an object identifier.
  package private(set) var keyType: String?
  package private(set) var keyBits: Int?
  /// The signature algorithm's name, or its object identifier.
  package private(set) var signature: String?
  /// SHA-256 of the certificate, in hexadecimal.
  package let sha256: String
  /// Whether the issuer is the subject.
  package private(set) var selfSigned = false
  /// DNS names and addresses of the subject alternative name.
  package private(set) var names: [String] = []
  /// Purposes (extended key usage), by name or object identifier.
  package private(set) var extendedKeyUsages: [String] = []
  /// What could not be read.
  package private(set) var problems: [DecodeError] = []

  /// Reads a certificate.
  ///
  /// - Parameter der: The certificate, DER.
  package init(der: ArraySlice<UInt8>) {
    sha256 = SHA256.hash(data: der).hex
    do {
      let root = try DER.parse(der)
      guard let certificate = root.children, let body = certificate.first?.children else {
        throw ASN1Error.unexpectedFieldType(root.identifier)
      }
      read(body)
      if certificate.count > 1 { signature = certificate[1].algorithmName }
    } catch {
      note("Certificate", at: der.startIndex, error)
    }
  }

  private mutating func note(_ field: String, at offset: Int, _ error: any Error) {
    problems.append(
      DecodeError(layer: .x509, field: field, offset: offset, reason: .foreign("\(error)"))
    )
  }

  /// Reads TBSCertificate: version [0], serialNumber, signature, issuer, validity, subject,
  /// subjectPublicKeyInfo, extensions [3].
  private mutating func read(_ body: [ASN1Node]) {
    var fields = body[...]
    if fields.first?.identifier.tagClass == .contextSpecific { fields.removeFirst() }
    serial = fields.popFirst()?.octets?.hex ?? ""
    _ = fields.popFirst()
    let issuerNode = fields.popFirst()
    let validity = fields.popFirst()?.children ?? []
    let subjectNode = fields.popFirst()
    issuer = issuerNode?.distinguishedName ?? ""
    subject = subjectNode?.distinguishedName ?? ""
    if let issuerNode, let subjectNode {
      selfSigned = issuerNode.encodedBytes.elementsEqual(subjectNode.encodedBytes)
    }
    notBefore = validity.first?.calendarTime
    notAfter = validity.dropFirst().first?.calendarTime
    readKey(fields.popFirst()?.children ?? [])
    for node in fields
    where node.identifier.tagClass == .contextSpecific && node.identifier.tagNumber == 3 {
      readExtensions(node.children?.first?.children ?? [])
    }
  }

  private mutating func readKey(_ info: [ASN1Node]) {
    guard let algorithm = info.first?.children, let oid = algorithm.first?.objectIdentifier else {
      return
    }
    keyType = keyTypes[oid] ?? oid
    switch keyType {
    case "rsa":
      // The bit string holds RSAPublicKey: modulus, publicExponent (RFC 8017 §A.1.1).
      guard let bits = info.dropFirst().first?.octets, let key = try? DER.parse(bits.dropFirst()),
        let modulus = key.children?.first?.octets?.drop(while: { $0 == 0 }),
        let first = modulus.first
      else { return }
      keyBits = modulus.count * 8 - first.leadingZeroBitCount
    case "ec": keyBits = algorithm.dropFirst().first?.objectIdentifier.flatMap { curveBits[$0] }
    case "ed25519": keyBits = 256
    case "ed448": keyBits = 456
    default: break
    }
  }

  private mutating func readExtensions(_ extensions: [ASN1Node]) {
    for node in extensions {
      guard let fields = node.children, let oid = fields.first?.objectIdentifier,
        let value = fields.last?.octets, let body = try? DER.parse(value)
      else { continue }
      switch oid {
      case "2.5.29.17": names = (body.children ?? []).compactMap(\.alternativeName)
      case "2.5.29.37":
        extendedKeyUsages = (body.children ?? []).compactMap(\.objectIdentifier).map {
          usages[$0] ?? $0
        }
      default: break
      }
    }
  }
}

private let keyTypes = [
  "1.2.840.113549.1.1.1": "rsa", "1.2.840.10045.2.1": "ec", "1.3.101.112": "ed25519",
  "1.3.101.113": "ed448", "1.2.840.10040.4.1": "dsa", "1.2.840.113549.1.1.10": "rsa",
]

private let curveBits = [
  "1.2.840.10045.3.1.7": 256, "1.3.132.0.34": 384, "1.3.132.0.35": 521, "1.3.132.0.10": 256,
  "1.2.840.10045.3.1.1": 192, "1.3.132.0.33": 224,
]

private let usages = [
  "1.3.6.1.5.5.7.3.1": "serverAuth", "1.3.6.1.5.5.7.3.2": "clientAuth",
  "1.3.6.1.4.1.311.54.1.2": "remoteDesktopAuthentication",
]
