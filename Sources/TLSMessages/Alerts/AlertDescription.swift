/// What an alert says (TLS Alerts registry); unknown values are kept.
///
/// RFC 8446 §6, RFC 5246 §7.2; 41 is SSL 3.0's.
package struct AlertDescription: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let closeNotify = Self(rawValue: 0)
  package static let unexpectedMessage = Self(rawValue: 10)
  package static let badRecordMAC = Self(rawValue: 20)
  package static let decryptionFailed = Self(rawValue: 21)
  package static let recordOverflow = Self(rawValue: 22)
  package static let decompressionFailure = Self(rawValue: 30)
  package static let handshakeFailure = Self(rawValue: 40)
  package static let noCertificate = Self(rawValue: 41)
  package static let badCertificate = Self(rawValue: 42)
  package static let unsupportedCertificate = Self(rawValue: 43)
  package static let certificateRevoked = Self(rawValue: 44)
  package static let certificateExpired = Self(rawValue: 45)
  package static let certificateUnknown = Self(rawValue: 46)
  package static let illegalParameter = Self(rawValue: 47)
  package static let unknownCA = Self(rawValue: 48)
  package static let accessDenied = Self(rawValue: 49)
  package static let decodeError = Self(rawValue: 50)
  package static let decryptError = Self(rawValue: 51)
  package static let exportRestriction = Self(rawValue: 60)
  package static let protocolVersion = Self(rawValue: 70)
  package static let insufficientSecurity = Self(rawValue: 71)
  package static let internalError = Self(rawValue: 80)
  package static let inappropriateFallback = Self(rawValue: 86)
  package static let userCanceled = Self(rawValue: 90)
  package static let noRenegotiation = Self(rawValue: 100)
  package static let missingExtension = Self(rawValue: 109)
  package static let unsupportedExtension = Self(rawValue: 110)
  package static let certificateUnobtainable = Self(rawValue: 111)
  package static let unrecognizedName = Self(rawValue: 112)
  package static let badCertificateStatusResponse = Self(rawValue: 113)
  package static let badCertificateHashValue = Self(rawValue: 114)
  package static let unknownPSKIdentity = Self(rawValue: 115)
  package static let certificateRequired = Self(rawValue: 116)
  package static let noApplicationProtocol = Self(rawValue: 120)
  package static let echRequired = Self(rawValue: 121)

  /// The registry's name, `unknown_ca`, or the number in hexadecimal.
  package var name: String { Self.registry[rawValue]?.name ?? registryNumber(rawValue) }

  /// What the sender means, in plain words.
  package var meaning: String {
    Self.registry[rawValue]?.meaning ?? "an alert this program does not know"
  }

  /// Whether the sender objects to the certificate it was shown.
  package var isAboutCertificate: Bool {
    switch self {
    case .badCertificate, .unsupportedCertificate, .certificateRevoked, .certificateExpired,
      .certificateUnknown, .unknownCA:
      true
    default: false
    }
  }

  private static let registry: [UInt8: (name: String, meaning: String)] = [
    0: ("close_notify", "the sender is done and closes in order"),
    10: ("unexpected_message", "a message came that does not belong here"),
    20: ("bad_record_mac", "a record failed its integrity check"),
    21: ("decryption_failed", "a record could not be decrypted"),
    22: ("record_overflow", "a record was longer than TLS allows"),
    30: ("decompression_failure", "a record could not be decompressed"),
    40: ("handshake_failure", "no cipher suite, group or signature suits both sides"),
    41: ("no_certificate", "the sender has no certificate to show"),
    42: ("bad_certificate", "the sender found the certificate damaged or wrongly signed"),
    43: ("unsupported_certificate", "the sender cannot use a certificate of this kind"),
    44: ("certificate_revoked", "the sender holds the certificate for revoked"),
    45: ("certificate_expired", "the sender holds the certificate for expired or not yet valid"),
    46: ("certificate_unknown", "the sender does not accept the certificate"),
    47: ("illegal_parameter", "a field of the handshake is out of range or contradicts another"),
    48: ("unknown_ca", "the sender does not trust the issuer of the certificate"),
    49: ("access_denied", "the certificate or login is valid but the sender denies access"),
    50: ("decode_error", "a message could not be decoded"),
    51: ("decrypt_error", "a signature or key check of the handshake failed"),
    60: ("export_restriction", "an export restriction was not kept"),
    70: ("protocol_version", "the sender does not accept the protocol version offered"),
    71: ("insufficient_security", "the sender wants stronger ciphers than were offered"),
    80: ("internal_error", "the sender failed for a reason of its own"),
    86: ("inappropriate_fallback", "the client fell back to a version lower than needed"),
    90: ("user_canceled", "the user gave up during the handshake"),
    100: ("no_renegotiation", "the sender does not renegotiate"),
    109: ("missing_extension", "an extension that must be there is missing"),
    110: ("unsupported_extension", "an extension came that was not asked for"),
    111: ("certificate_unobtainable", "the certificate could not be fetched from its address"),
    112: ("unrecognized_name", "the server does not know the name that the client asked for"),
    113: ("bad_certificate_status_response", "the certificate's status response is not valid"),
    114: ("bad_certificate_hash_value", "the certificate does not match its announced hash"),
    115: ("unknown_psk_identity", "the server does not know the pre-shared key"),
    116: ("certificate_required", "the server wants a client certificate and got none"),
    120: ("no_application_protocol", "no application protocol suits both sides"),
    121: ("ech_required", "the server cannot use the encrypted ClientHello"),
  ]
}
