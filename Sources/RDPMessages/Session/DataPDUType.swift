/// What a data PDU of the session is (pduType2); unknown values are kept.
///
/// [MS-RDPBCGR] 2.2.8.1.1.1.2
package struct DataPDUType: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let shutdownRequest = Self(rawValue: 36)
  package static let shutdownDenied = Self(rawValue: 37)
  package static let saveSessionInfo = Self(rawValue: 38)
  package static let fontMap = Self(rawValue: 40)
  package static let setErrorInfo = Self(rawValue: 47)
  package static let autoReconnectStatus = Self(rawValue: 50)
  package static let statusInfo = Self(rawValue: 54)

  /// The types whose contents are read whole, however long they are.
  package var isWords: Bool {
    switch self {
    case .shutdownRequest, .shutdownDenied, .saveSessionInfo, .setErrorInfo, .autoReconnectStatus,
      .statusInfo:
      true
    default: false
    }
  }

  /// The name in a few words, or the number.
  package var name: String { Self.names[rawValue] ?? "\(rawValue)" }

  private static let names: [UInt8: String] = [
    2: "Update", 20: "Control", 27: "Pointer", 28: "Input", 31: "Synchronize",
    33: "Refresh Rect", 34: "Play Sound", 35: "Suppress Output", 36: "Shutdown Request",
    37: "Shutdown Request Denied", 38: "Save Session Info", 39: "Font List", 40: "Font Map",
    41: "Set Keyboard Indicators", 43: "Persistent Key List", 44: "Bitmap Cache Error",
    45: "Set Keyboard IME Status", 46: "Offscreen Cache Error", 47: "Set Error Info",
    48: "Draw Nine Grid Error", 49: "Draw GDI+ Error", 50: "Auto-Reconnect Status",
    54: "Status Info", 55: "Monitor Layout", 56: "Frame Acknowledge",
  ]
}

/// What the connection broker is doing meanwhile; unknown codes are kept. [MS-RDPBCGR] 2.2.5.2
package struct StatusInfo: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The specification's name, or the number in hexadecimal.
  package var name: String {
    switch rawValue {
    case 0x401: "TS_STATUS_FINDING_DESTINATION"
    case 0x402: "TS_STATUS_LOADING_DESTINATION"
    case 0x403: "TS_STATUS_BRINGING_SESSION_ONLINE"
    case 0x404: "TS_STATUS_REDIRECTING_TO_DESTINATION"
    case 0x501: "TS_STATUS_VM_LOADING"
    case 0x502: "TS_STATUS_VM_WAKING"
    case 0x503: "TS_STATUS_VM_STARTING"
    case 0x504: "TS_STATUS_VM_STARTING_MONITORING"
    case 0x505: "TS_STATUS_VM_RETRYING_MONITORING"
    default: "0x" + String(rawValue, radix: 16, uppercase: true)
    }
  }
}
