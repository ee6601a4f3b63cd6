/// Why Windows refuses a login: an NTSTATUS or an HRESULT of the security packages.
///
/// CredSSP's errorCode is either ([MS-CSSP] 2.2.1). Names and values: [MS-ERREF] 2.1.1 and 2.3.1.
package struct LoginStatus: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// What a status is about.
  package enum Kind: Hashable, Sendable, CaseIterable {
    /// The name or the password is wrong.
    case credentials
    /// The account is locked, disabled, or past its date.
    case account
    /// The password is past its date, or has to be changed first.
    case password
    /// Hours, workstations, or a policy of the account.
    case restriction
    /// The account may not log in this way on this host.
    case notGranted
    /// The server's policy takes no NTLM, or not this use of it.
    case ntlm
    /// Nobody is there who could check the login.
    case authority
    /// The clocks differ too much.
    case clock
    /// The service's name is not known, or is another's.
    case target
    /// The client may not hand over its credentials.
    case delegation
    /// The messages do not fit each other.
    case protocolError
    /// The security package failed by itself.
    case server
    /// A code of no list.
    case unknown
  }

  /// What the status is about.
  package var kind: Kind { Self.entries[rawValue]?.kind ?? .unknown }

  /// The specification's name, or the number in hexadecimal.
  package var name: String { Self.entries[rawValue]?.name ?? number }

  /// The number as Windows writes it: `0x80090302`.
  package var number: String {
    let digits = String(rawValue, radix: 16, uppercase: true)
    return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// What it means, in a few words.
  package var meaning: String {
    Self.entries[rawValue]?.meaning ?? "no list at hand has this code"
  }

  struct Entry {
    let name: String
    let kind: Kind
    let meaning: String

    init(_ name: String, _ kind: Kind, _ meaning: String) {
      self.name = name
      self.kind = kind
      self.meaning = meaning
    }
  }
}
