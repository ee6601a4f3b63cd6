/// The build number of a client (clientBuild): Windows' own clients send the build of Windows or
/// of the client that was installed on it. [MS-RDPBCGR] 2.2.1.3.2
package struct ClientBuild: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The release that had this build, `RDP 6.0, Windows Vista`; `nil` for a build that is not
  /// known.
  ///
  /// Others borrow numbers: rdesktop and FreeRDP 2 send 2600, FreeRDP 3 sends 18363.
  package var product: String? { Self.products[rawValue] }

  private static let products: [UInt32: String] = [
    419: "RDP 4.0, Windows NT 4.0", 1381: "RDP 4.0, Windows NT 4.0",
    2195: "RDP 5.0, Windows 2000", 2221: "RDP 5.0, Windows 2000",
    2600: "RDP 5.1, Windows XP", 3790: "RDP 5.2, Windows Server 2003",
    6000: "RDP 6.0, Windows Vista", 6001: "RDP 6.1, Windows Vista SP1 or Server 2008",
    6002: "RDP 6.1, Windows Vista SP2 or Server 2008 SP2",
    7600: "RDP 7.0, Windows 7 or Server 2008 R2",
    7601: "RDP 7.1, Windows 7 SP1 or Server 2008 R2 SP1",
    9200: "RDP 8.0, Windows 8 or Server 2012", 9600: "RDP 8.1, Windows 8.1 or Server 2012 R2",
    10240: "RDP 10, Windows 10 1507", 10586: "RDP 10, Windows 10 1511",
    14393: "RDP 10, Windows 10 1607 or Server 2016", 15063: "RDP 10, Windows 10 1703",
    16299: "RDP 10, Windows 10 1709", 17134: "RDP 10, Windows 10 1803",
    17763: "RDP 10, Windows 10 1809 or Server 2019", 18362: "RDP 10, Windows 10 1903",
    18363: "RDP 10, Windows 10 1909", 19041: "RDP 10, Windows 10 2004",
    19042: "RDP 10, Windows 10 20H2", 19043: "RDP 10, Windows 10 21H1",
    19044: "RDP 10, Windows 10 21H2", 19045: "RDP 10, Windows 10 22H2",
    20348: "RDP 10, Windows Server 2022", 22000: "RDP 10, Windows 11 21H2",
    22621: "RDP 10, Windows 11 22H2", 22631: "RDP 10, Windows 11 23H2",
    25189: "RDP 8.0, macOS", 25282: "RDP 8.0, macOS",
    25398: "RDP 10, Windows Server 23H2", 26100: "RDP 10, Windows 11 24H2 or Server 2025",
    26200: "RDP 10, Windows 11 25H2",
  ]
}
