/// A cipher suite (TLS Cipher Suites registry); unknown values are kept.
package struct CipherSuite: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt16

  package init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The registry's name, or the number in hexadecimal.
  package var name: String { cipherSuiteNames[rawValue] ?? registryNumber(rawValue) }

  /// Whether the value is one that clients make up to keep servers tolerant (RFC 8701).
  package var isGREASE: Bool { rawValue.isGREASE }

  /// Whether the value is a signal and no suite: renegotiation info (RFC 5746 §3.3) or fallback
  /// (RFC 7507 §2).
  package var isSignal: Bool { rawValue == 0x00ff || rawValue == 0x5600 }
}
