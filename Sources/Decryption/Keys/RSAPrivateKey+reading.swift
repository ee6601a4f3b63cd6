import SwiftASN1

/// Why a file is no key that can be used.
package enum KeyFileError: Error, Hashable {
  /// Neither PEM nor a rsakeys.ini.
  case unknownForm
  /// The key is protected with a passphrase.
  case encrypted
  /// A key of another kind than RSA, or none.
  case notRSA(String)
  /// It says that it is a key and breaks off, or its numbers are none.
  case malformed
}

extension RSAPrivateKey {
  /// Reads a key: PEM with PKCS #1 (RFC 8017 §A.1.2) or PKCS #8 (RFC 5958), or xrdp's rsakeys.ini.
  ///
  /// - Parameter text: The file.
  /// - Throws: ``KeyFileError`` if there is no RSA key in it, or only an encrypted one.
  package init(reading text: String) throws(KeyFileError) {
    if text.contains("-----BEGIN") {
      try self.init(pem: text)
    } else if text.contains("pri_exp") {
      try self.init(ini: text)
    } else {
      throw .unknownForm
    }
  }

  private init(pem text: String) throws(KeyFileError) {
    // Beside a key there may be its certificate, or its parameters.
    guard let documents = try? PEMDocument.parseMultiple(pemString: text) else {
      throw text.contains("ENCRYPTED") ? .encrypted : .malformed
    }
    let keys = documents.filter { $0.discriminator.hasSuffix("PRIVATE KEY") }
    guard let key = keys.first else {
      throw .notRSA(documents.first?.discriminator.lowercased() ?? "nothing")
    }
    let octets = key.derBytes[...]
    switch key.discriminator {
    case "RSA PRIVATE KEY": try self.init(pkcs1: octets)
    case "PRIVATE KEY": try self.init(pkcs8: octets)
    case "ENCRYPTED PRIVATE KEY": throw .encrypted
    default: throw .notRSA(key.discriminator.lowercased())
    }
  }

  /// RSAPrivateKey: version, modulus, publicExponent, privateExponent, and what speeds it up.
  private init(pkcs1 octets: ArraySlice<UInt8>) throws(KeyFileError) {
    let numbers = try? DER.sequence(try DER.parse(octets), identifier: .sequence) { nodes in
      let numbers = try (0..<4).map { _ in try ArraySlice<UInt8>(derEncoded: &nodes) }
      while nodes.next() != nil {}
      return numbers
    }
    guard let numbers, let key = Self(modulus: numbers[1], exponent: numbers[3]) else {
      throw .malformed
    }
    self = key
  }

  /// OneAsymmetricKey: version, algorithm, the key in an octet string.
  private init(pkcs8 octets: ArraySlice<UInt8>) throws(KeyFileError) {
    let parts = try? DER.sequence(try DER.parse(octets), identifier: .sequence) { nodes in
      _ = try Int(derEncoded: &nodes)
      guard let algorithm = nodes.next() else { throw KeyFileError.malformed }
      let identifier = try DER.sequence(algorithm, identifier: .sequence) { inner in
        let identifier = try ASN1ObjectIdentifier(derEncoded: &inner)
        while inner.next() != nil {}
        return identifier
      }
      let key = try ASN1OctetString(derEncoded: &nodes)
      while nodes.next() != nil {}
      return (identifier, key.bytes)
    }
    guard let (algorithm, key) = parts else { throw .malformed }
    guard algorithm == [1, 2, 840, 113549, 1, 1, 1] else { throw .notRSA("\(algorithm)") }
    try self.init(pkcs1: key)
  }

  /// Lines `pub_mod=0x63,0x02,…` and `pri_exp=…`, least significant octet first.
  private init(ini text: String) throws(KeyFileError) {
    func number(_ name: String) -> [UInt8]? {
      let line = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix(name + "=") }
      let words = line?.dropFirst(name.count + 1).split(separator: ",") ?? []
      let octets = words.compactMap { word in
        UInt8(word.drop { $0 == " " }.replacing(prefix: "0x").prefix { $0.isHexDigit }, radix: 16)
      }
      return octets.count == words.count && !octets.isEmpty ? octets.reversed() : nil
    }
    guard let modulus = number("pub_mod"), let exponent = number("pri_exp"),
      let key = Self(modulus: modulus[...], exponent: exponent[...])
    else { throw .malformed }
    self = key
  }
}

extension Substring {
  /// The text without a beginning, where it has it.
  fileprivate func replacing(prefix: String) -> Substring {
    hasPrefix(prefix) ? dropFirst(prefix.count) : self
  }
}
