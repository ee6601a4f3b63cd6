/// The protocol version in a core data block: major in the high half, minor in the low; unknown
/// values are kept. [MS-RDPBCGR] 2.2.1.3.2, 2.2.1.4.2
package struct RDPVersion: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// `5.0-8.1`, `10.7`, or the number in hexadecimal.
  package var name: String {
    switch rawValue {
    case 0x0008_0001: "4.0"
    case 0x0008_0004: "5.0-8.1"
    case 0x0008_0005...0x0008_0011: "10.\(rawValue - 0x0008_0005)"
    default: "0x" + String(rawValue, radix: 16)
    }
  }
}
