import Crypto
import Packets
package import Wire

/// The Community ID of a flow: one text for both directions, the same in every tool that knows it.
///
/// Version 1 of the Community ID Flow Hashing specification: `1:` and the Base64 of the SHA-1 over
/// seed 2, lower address, higher address, protocol 1, zero 1, lower port 2, higher port 2, all big-endian;
/// the end with the lower address, or of equal addresses the lower port, comes first.
package struct CommunityID: Hashable, Sendable {
  /// SHA-1 over both ends.
  private let digest: [UInt8]

  /// IANA's number of TCP.
  package static let tcp: UInt8 = 6
  /// IANA's number of UDP.
  package static let udp: UInt8 = 17

  /// Computes the id of a flow with ports.
  ///
  /// - Parameters:
  ///   - one: Either end.
  ///   - other: The other end.
  ///   - transport: IANA's protocol number.
  ///   - seed: Sets apart the ids of sites that want that; 0 unless agreed.
  package init(_ one: Endpoint, _ other: Endpoint, transport: UInt8, seed: UInt16 = 0) {
    let isInOrder = (one.address, one.port) <= (other.address, other.port)
    let (first, second) = isInOrder ? (one, other) : (other, one)
    let text = OctetBuffer()
    text.append(bigEndian: seed)
    text.append(first.address)
    text.append(second.address)
    text.append(transport)
    text.append(0)
    text.append(bigEndian: first.port)
    text.append(bigEndian: second.port)
    digest = Array(Insecure.SHA1.hash(data: text.octets))
  }
}

extension CommunityID: CustomStringConvertible, PlainText {
  /// The text, `1:LQU9qZlK+B5F3KDmev6m5PMibrg=`.
  package var description: String { plainText }

  /// Adds what ``description`` says.
  package func write(to buffer: OctetBuffer) {
    buffer.append("1:")
    buffer.append(base64: digest)
  }
}

extension OctetBuffer {
  /// Adds an address as a packet's header has it: 4 or 16 octets.
  fileprivate func append(_ address: IPAddress) {
    if let ipv4 = address.ipv4 { return append(bigEndian: ipv4) }
    append(bigEndian: address.high)
    append(bigEndian: address.low)
  }

  /// Adds a number, highest octet first.
  fileprivate func append(bigEndian number: some FixedWidthInteger) {
    for shift in stride(from: number.bitWidth - 8, through: 0, by: -8) {
      append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }

  private static let base64Digits = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
  )

  /// Adds octets in Base64, with padding. RFC 4648 §4
  fileprivate func append(base64 octets: [UInt8]) {
    for start in stride(from: 0, to: octets.count, by: 3) {
      let group = octets[start..<min(start + 3, octets.count)]
      let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for digit in 0..<4 {
        append(
          digit <= group.count
            ? Self.base64Digits[bits >> (18 - 6 * digit) & 63] : UInt8(ascii: "=")
        )
      }
    }
  }
}
