import Crypto
import Packets

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Gives pseudonyms to what identifies people, machines and networks.
///
/// The same thing has the same pseudonym wherever the same key is used, and different things have
/// different ones. Who lacks the key can neither undo a pseudonym nor test a guess.
package struct Redactor: Sendable {
  private let key: SymmetricKey

  /// What a pseudonym is for: the same octets of two kinds have unrelated pseudonyms.
  enum Kind: UInt8 {
    case address4, address6, hardware, name, identifier
  }

  /// Makes a key that exists in this run only.
  package init() { key = SymmetricKey(size: .bits256) }

  /// Takes a key, so that the reports of several runs agree.
  package init(key: [UInt8]) {
    self.key = SymmetricKey(data: SHA256.hash(data: key))
  }

  /// 32 octets that nobody can tell without the key.
  func pad(_ kind: Kind, _ octets: some Sequence<UInt8>) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: [kind.rawValue] + octets, using: key))
  }

  /// A hardware address of the locally administered kind; broadcast and the group bit stay.
  func hardware(_ address: MACAddress) -> MACAddress {
    guard address != .broadcast, address.rawValue != 0 else { return address }
    let octets = (0..<6).map { UInt8(truncatingIfNeeded: address.rawValue >> UInt64(40 - 8 * $0)) }
    var pseudonym = pad(.hardware, octets).prefix(6).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    pseudonym &= ~0x0300_0000_0000
    pseudonym |= 0x0200_0000_0000 | (address.rawValue & 0x0100_0000_0000)
    return MACAddress(pseudonym)
  }
}

// Texts.
extension Redactor {
  /// Hexadecimal digits of one name's pseudonym: at 10 000 names two of them are the same once in
  /// 86 runs.
  private static let nameDigits = 8
  /// What stands between the parts of `DOMAIN\user`, `user@host.example` and `TERMSRV/host`.
  private static let separators: Set<Character> = [".", "@", "\\", "/"]

  /// A name: of a user, a host, a domain, a service, an organization.
  ///
  /// Each part has its own pseudonym, so that `host` is the same in `host.example`; case does not
  /// count, and `*` stays. An address is an address.
  package func name(_ text: String) -> String {
    guard !text.isEmpty else { return text }
    if let address = IPAddress(text) { return self.address(address).description }
    var result = ""
    var part = ""
    for character in text {
      if Self.separators.contains(character) {
        result += word(part)
        result.append(character)
        part = ""
      } else {
        part.append(character)
      }
    }
    return result + word(part)
  }

  private func word(_ text: String) -> String {
    guard !text.isEmpty, text != "*" else { return text }
    return "name-" + hexadecimal(.name, text.lowercased(), digits: Self.nameDigits)
  }

  /// Attribute types of distinguished names, which say nothing about anyone (RFC 4514 §3).
  private static let attributes: Set = [
    "CN", "L", "ST", "O", "OU", "C", "STREET", "DC", "UID", "SN", "GN", "emailAddress",
    "serialNumber", "title",
  ]

  /// A distinguished name, `CN=host,O=Org`: the values have pseudonyms.
  func distinguishedName(_ text: String) -> String {
    text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      guard let equals = part.firstIndex(of: "="),
        Self.attributes.contains(String(part[..<equals]))
          || part[..<equals].allSatisfy({ $0.isNumber || $0 == "." })
      else { return name(String(part)) }
      return part[...equals] + name(String(part[part.index(after: equals)...]))
    }.joined(separator: ",")
  }

  /// A name or a distinguished name, whichever a text is.
  package func text(_ text: String) -> String {
    text.contains("=") ? distinguishedName(text) : name(text)
  }

  /// A number or fingerprint in hexadecimal: as many other digits, at most 64.
  func identifier(_ text: String) -> String {
    hexadecimal(.identifier, text.lowercased(), digits: min(64, text.utf8.count))
  }

  /// The path of a capture or of another file.
  package func path(_ text: String) -> String {
    "file-" + hexadecimal(.identifier, text, digits: Self.nameDigits)
  }

  private func hexadecimal(_ kind: Kind, _ text: String, digits: Int) -> String {
    let pairs = pad(kind, text.utf8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    return String(pairs.joined().prefix(digits))
  }
}
