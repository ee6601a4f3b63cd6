package import Wire

/// The version of the sender's system: major 1, minor 1, build 2, reserved 3, revision 1,
/// little-endian. [MS-NLMP] 2.2.2.10
package struct NTLMVersion: WireDecodable, Hashable {
  package let major: UInt8
  package let minor: UInt8
  package let build: UInt16

  /// Decodes the structure.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    major = try reader.uint8("ProductMajorVersion")
    minor = try reader.uint8("ProductMinorVersion")
    build = try reader.uint16LittleEndian("ProductBuild")
    try reader.skip(4, "NTLMRevisionCurrent")
  }

  /// `10.0.20348`.
  package var number: String { "\(major).\(minor).\(build)" }

  /// The Windows that has this number, `Windows Server 2022`; `nil` where none is known.
  ///
  /// Others borrow numbers: FreeRDP sends 6.1.7601, Samba 6.1.0.
  package var system: String? {
    switch (major, minor, build) {
    case (5, 1, _): "Windows XP"
    case (5, 2, _): "Windows Server 2003"
    case (6, 0, 6000): "Windows Vista"
    case (6, 0, _): "Windows Vista or Server 2008"
    case (6, 1, 0): "Samba"
    case (6, 1, 7601): "Windows 7 SP1, Server 2008 R2 SP1 or FreeRDP"
    case (6, 1, _): "Windows 7 or Server 2008 R2"
    case (6, 2, _): "Windows 8 or Server 2012"
    case (6, 3, _): "Windows 8.1 or Server 2012 R2"
    case (10, 0, let build): Self.tens[build]
    default: nil
    }
  }

  private static let tens: [UInt16: String] = [
    10240: "Windows 10 1507", 10586: "Windows 10 1511", 14393: "Windows 10 1607 or Server 2016",
    15063: "Windows 10 1703", 16299: "Windows 10 1709", 17134: "Windows 10 1803",
    17763: "Windows 10 1809 or Server 2019", 18362: "Windows 10 1903", 18363: "Windows 10 1909",
    19041: "Windows 10 2004", 19042: "Windows 10 20H2", 19043: "Windows 10 21H1",
    19044: "Windows 10 21H2", 19045: "Windows 10 22H2", 20348: "Windows Server 2022",
    22000: "Windows 11 21H2", 22621: "Windows 11 22H2", 22631: "Windows 11 23H2",
    25398: "Windows Server 23H2", 26100: "Windows 11 24H2 or Server 2025",
    26200: "Windows 11 25H2",
  ]

  /// The system with its number: `Windows Server 2022 (10.0.20348)`.
  package var description: String { system.map { "\($0) (\(number))" } ?? number }
}
