/// The type of a handshake message (TLS HandshakeType registry); unknown values are kept.
///
/// RFC 8446 §4, RFC 5246 §7.4
package struct HandshakeType: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let helloRequest = Self(rawValue: 0)
  package static let clientHello = Self(rawValue: 1)
  package static let serverHello = Self(rawValue: 2)
  package static let helloVerifyRequest = Self(rawValue: 3)
  package static let newSessionTicket = Self(rawValue: 4)
  package static let endOfEarlyData = Self(rawValue: 5)
  package static let encryptedExtensions = Self(rawValue: 8)
  package static let certificate = Self(rawValue: 11)
  package static let serverKeyExchange = Self(rawValue: 12)
  package static let certificateRequest = Self(rawValue: 13)
  package static let serverHelloDone = Self(rawValue: 14)
  package static let certificateVerify = Self(rawValue: 15)
  package static let clientKeyExchange = Self(rawValue: 16)
  package static let finished = Self(rawValue: 20)
  package static let certificateURL = Self(rawValue: 21)
  package static let certificateStatus = Self(rawValue: 22)
  package static let keyUpdate = Self(rawValue: 24)
  package static let compressedCertificate = Self(rawValue: 25)
  package static let messageHash = Self(rawValue: 254)

  /// The registry's name, `client_hello`, or the number in hexadecimal.
  package var name: String { Self.names[rawValue]?.registry ?? registryNumber(rawValue) }

  /// The name of the message's structure, `ClientHello`; `nil` for unknown values.
  package var structureName: String? { Self.names[rawValue]?.structure }

  private static let names: [UInt8: (registry: String, structure: String)] = [
    0: ("hello_request", "HelloRequest"), 1: ("client_hello", "ClientHello"),
    2: ("server_hello", "ServerHello"), 3: ("hello_verify_request", "HelloVerifyRequest"),
    4: ("new_session_ticket", "NewSessionTicket"), 5: ("end_of_early_data", "EndOfEarlyData"),
    8: ("encrypted_extensions", "EncryptedExtensions"), 11: ("certificate", "Certificate"),
    12: ("server_key_exchange", "ServerKeyExchange"),
    13: ("certificate_request", "CertificateRequest"),
    14: ("server_hello_done", "ServerHelloDone"), 15: ("certificate_verify", "CertificateVerify"),
    16: ("client_key_exchange", "ClientKeyExchange"), 20: ("finished", "Finished"),
    21: ("certificate_url", "CertificateURL"), 22: ("certificate_status", "CertificateStatus"),
    24: ("key_update", "KeyUpdate"), 25: ("compressed_certificate", "CompressedCertificate"),
    254: ("message_hash", "MessageHash"),
  ]
}
