import TLSMessages
import Testing

@Suite struct RecordProtectionTests {
  /// A record made by hand: suite, version, length, what it may hold.
  @Test(
    arguments: [
      // A CredSSP error of 15 octets (knowledge of real captures: 39 in TLS 1.2, 32 in TLS 1.3).
      (0xc030, .tls12, 39, 15...15), (0x1302, .tls13, 32, 15...15),
      // An encrypted alert of 2 octets.
      (0xc02f, .tls12, 26, 2...2), (0xcca8, .tls12, 18, 2...2), (0x1303, .tls13, 19, 2...2),
      (0xc09c, .tls12, 26, 2...2), (0xc0a0, .tls12, 18, 2...2), (0x1305, .tls13, 11, 2...2),
      (0x0005, .tls10, 22, 2...2), (0x0004, .tls10, 18, 2...2), (0x003b, .tls12, 34, 2...2),
      (0xc102, .tls12, 6, 2...2),
      // CBC: alert 2, MAC 20, padding 10; the IV of TLS 1.1 and later.
      (0x002f, .tls10, 32, 0...11), (0x002f, .tls11, 48, 0...11), (0x000a, .tls10, 24, 0...3),
      (0xc028, .tls12, 80, 0...15), (0xc027, .tls12, 80, 16...31), (0x0096, .tls10, 48, 12...27),
      (0xc03c, .tls12, 80, 16...31),
    ] as [(UInt16, TLSVersion, Int, ClosedRange<Int>)]
  )
  func plaintext(
    _ suite: UInt16,
    _ version: TLSVersion,
    _ length: Int,
    _ expected: ClosedRange<Int>
  ) {
    let found = CipherSuite(rawValue: suite).plaintextRange(recordLength: length, version: version)
    #expect(found == expected)
  }

  @Test func everyLengthOfPlaintextIsInItsBand() {
    // AES-128-CBC, SHA-1, TLS 1.2: IV 16, plaintext and MAC 20 padded to 16.
    let suite = CipherSuite(rawValue: 0x002f)
    for count in 0...200 {
      let padded = (count + 20) / 16 * 16 + 16
      let plain = suite.plaintextRange(recordLength: 16 + padded, version: .tls12)
      #expect(plain?.contains(count) == true, "\(count)")
      // RFC 7366: the plaintext alone is padded, the MAC stands after it.
      let paddedAlone = count / 16 * 16 + 16
      let afterwards = suite.plaintextRange(
        recordLength: 16 + paddedAlone + 20,
        version: .tls12,
        encryptThenMAC: true
      )
      #expect(afterwards?.contains(count) == true, "\(count)")
    }
  }

  @Test(
    arguments: [
      // Shorter than what the suite adds, not a multiple of the block, an unknown suite.
      (0xc030, .tls12, 23), (0x1302, .tls13, 16), (0x002f, .tls12, 0), (0x002f, .tls10, 33),
      (0x002f, .tls12, 32), (0xabcd, .tls12, 100), (0x00ff, .tls12, 100),
    ] as [(UInt16, TLSVersion, Int)]
  )
  func impossibleRecord(_ suite: UInt16, _ version: TLSVersion, _ length: Int) {
    let found = CipherSuite(rawValue: suite).plaintextRange(recordLength: length, version: version)
    #expect(found == nil)
  }

  @Test(
    arguments: [
      (0xc030, .ecdhe), (0x009d, .rsa), (0x0039, .dhe), (0x1301, .tls13), (0x0034, .dhAnonymous),
      (0x0093, .rsaPSK), (0xcca8, .ecdhe), (0xc018, .ecdhAnonymous), (0x001f, .kerberos),
      (0x0081, .gost), (0xabcd, .unknown), (0x00a8, .psk), (0xc035, .ecdhePSK), (0xc00e, .ecdh),
    ] as [(UInt16, KeyExchange)]
  )
  func keyExchange(_ suite: UInt16, _ expected: KeyExchange) {
    #expect(CipherSuite(rawValue: suite).keyExchange == expected)
  }
}
