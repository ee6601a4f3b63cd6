/// How a cipher suite agrees on keys: what decides which handshake messages there are.
package enum KeyExchange: String, Hashable, Sendable {
  case rsa, dh, dhe, ecdh, ecdhe
  case dhAnonymous = "dh_anon"
  case ecdhAnonymous = "ecdh_anon"
  case psk
  case dhePSK = "dhe_psk"
  case ecdhePSK = "ecdhe_psk"
  case rsaPSK = "rsa_psk"
  case kerberos = "krb5"
  case srp, gost
  /// Agreed apart from the suite (RFC 8446 §4.1.1).
  case tls13
  case unknown
}

extension CipherSuite {
  /// How the suite agrees on keys, as its name says: `TLS_ECDHE_RSA_WITH_…`.
  package var keyExchange: KeyExchange {
    if rawValue >> 8 == 0x13 { return .tls13 }
    // Of names that begin alike the longest comes first.
    let prefixes: [(String, KeyExchange)] = [
      ("TLS_RSA_PSK_", .rsaPSK), ("TLS_RSA_", .rsa), ("TLS_DHE_PSK_", .dhePSK),
      ("TLS_PSK_DHE_", .dhePSK), ("TLS_DHE_", .dhe), ("TLS_DH_anon_", .dhAnonymous),
      ("TLS_DH_", .dh), ("TLS_ECDHE_PSK_", .ecdhePSK), ("TLS_ECDHE_", .ecdhe),
      ("TLS_ECDH_anon_", .ecdhAnonymous), ("TLS_ECDH_", .ecdh), ("TLS_PSK_", .psk),
      ("TLS_KRB5_", .kerberos), ("TLS_SRP_", .srp), ("TLS_GOST", .gost), ("SSL_RSA_", .rsa),
    ]
    let name = self.name
    return prefixes.first { name.hasPrefix($0.0) }?.1 ?? .unknown
  }
}
