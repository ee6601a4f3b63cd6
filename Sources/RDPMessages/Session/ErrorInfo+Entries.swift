/// Known codes of Set Error Info, with their meaning. [MS-RDPBCGR] 2.2.5.1.1
extension ErrorInfo {
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

  static let entries: [UInt32: Entry] = [
    0x0001: Entry(
      "RPC_INITIATED_DISCONNECT",
      .administrator,
      "an administrator or a tool ended this connection; the session lives on"
    ),
    0x0002: Entry(
      "RPC_INITIATED_LOGOFF",
      .administrator,
      "an administrator or a tool logged the user off"
    ),
    0x0003: Entry("IDLE_TIMEOUT", .idleLimit, "the idle limit was reached (MaxIdleTime)"),
    0x0004: Entry(
      "LOGON_TIMEOUT",
      .timeLimit,
      "the limit of active time was reached (MaxConnectionTime)"
    ),
    0x0005: Entry(
      "DISCONNECTED_BY_OTHER_CONNECTION",
      .replaced,
      "another connection took over the session"
    ),
    0x0006: Entry("OUT_OF_MEMORY", .serverFailure, "the server had no memory"),
    0x0007: Entry("SERVER_DENIED_CONNECTION", .denied, "the server refused the connection"),
    0x0008: Entry("FIPS_MISMATCH", .denied, "server and client disagree on FIPS encryption"),
    0x0009: Entry(
      "SERVER_INSUFFICIENT_PRIVILEGES",
      .notAuthorized,
      "the account may not log on by Remote Desktop"
    ),
    0x000A: Entry(
      "SERVER_FRESH_CREDENTIALS_REQUIRED",
      .credentials,
      "the server takes no saved credentials"
    ),
    0x000B: Entry(
      "RPC_INITIATED_DISCONNECT_BY_USER",
      .user,
      "disconnected from inside the session"
    ),
    0x000C: Entry("LOGOFF_BY_USER", .user, "the user logged off"),
    0x000F: Entry(
      "CLOSE_STACK_ON_DRIVER_NOT_READY",
      .serverFailure,
      "the display driver was not ready in time"
    ),
    0x0010: Entry("SERVER_DWM_CRASH", .serverFailure, "the session's window manager crashed"),
    0x0011: Entry(
      "CLOSE_STACK_ON_DRIVER_FAILURE",
      .serverFailure,
      "display driver could not finish start-up"
    ),
    0x0012: Entry(
      "CLOSE_STACK_ON_DRIVER_IFACE_FAILURE",
      .serverFailure,
      "display driver started but its interface is unusable"
    ),
    0x0017: Entry("SERVER_WINLOGON_CRASH", .serverFailure, "the session's winlogon crashed"),
    0x0018: Entry("SERVER_CSRSS_CRASH", .serverFailure, "the session's csrss crashed"),
    0x0019: Entry("SERVER_SHUTDOWN", .shutdown, "the server is shutting down"),
    0x001A: Entry("SERVER_REBOOT", .shutdown, "the server is restarting"),
    0x0100: Entry("LICENSE_INTERNAL", .licensing, "internal error of the licence protocol"),
    0x0101: Entry("LICENSE_NO_LICENSE_SERVER", .licensing, "no licence server reachable"),
    0x0102: Entry("LICENSE_NO_LICENSE", .licensing, "licence server has no CAL to give"),
    0x0103: Entry(
      "LICENSE_BAD_CLIENT_MSG",
      .licensing,
      "the client sent a malformed licence message"
    ),
    0x0104: Entry(
      "LICENSE_HWID_DOESNT_MATCH_LICENSE",
      .licensing,
      "stored licence belongs to other hardware id"
    ),
    0x0105: Entry(
      "LICENSE_BAD_CLIENT_LICENSE",
      .licensing,
      "stored client licence is invalid/corrupt"
    ),
    0x0106: Entry(
      "LICENSE_CANT_FINISH_PROTOCOL",
      .licensing,
      "licence exchange could not complete"
    ),
    0x0107: Entry(
      "LICENSE_CLIENT_ENDED_PROTOCOL",
      .licensing,
      "client aborted the licence exchange"
    ),
    0x0108: Entry(
      "LICENSE_BAD_CLIENT_ENCRYPTION",
      .licensing,
      "licence message wrongly encrypted by client"
    ),
    0x0109: Entry("LICENSE_CANT_UPGRADE_LICENSE", .licensing, "licence could not be upgraded"),
    0x010A: Entry(
      "LICENSE_NO_REMOTE_CONNECTIONS",
      .licensing,
      "the server is not licensed for remote connections"
    ),
    0x0400: Entry("CB_DESTINATION_NOT_FOUND", .broker, "broker cannot find the target"),
    0x0402: Entry(
      "CB_LOADING_DESTINATION",
      .broker,
      "target is leaving the broker while redirect is under way"
    ),
    0x0404: Entry("CB_REDIRECTING_TO_DESTINATION", .broker, "redirect to the target failed"),
    0x0405: Entry("CB_SESSION_ONLINE_VM_WAKE", .broker, "target VM could not be woken"),
    0x0406: Entry("CB_SESSION_ONLINE_VM_BOOT", .broker, "target VM could not be started"),
    0x0407: Entry("CB_SESSION_ONLINE_VM_NO_DNS", .broker, "target VM has no resolvable address"),
    0x0408: Entry("CB_DESTINATION_POOL_NOT_FREE", .broker, "no free machine in the pool"),
    0x0409: Entry("CB_CONNECTION_CANCELLED", .broker, "connection handling cancelled"),
    0x0410: Entry(
      "CB_CONNECTION_ERROR_INVALID_SETTINGS",
      .broker,
      "routing token in the CR is not valid"
    ),
    0x0411: Entry("CB_SESSION_ONLINE_VM_BOOT_TIMEOUT", .broker, "VM start timed out"),
    0x0412: Entry(
      "CB_SESSION_ONLINE_VM_SESSMON_FAILED",
      .broker,
      "session monitoring failed while VM started"
    ),
    0x10C9: Entry("UNKNOWN_DATA_PDU_TYPE", .protocolError, "unknown data PDU type"),
    0x10CA: Entry("UNKNOWN_PDU_TYPE", .protocolError, "unknown PDU type"),
    0x10CB: Entry("DATA_PDU_SEQUENCE", .protocolError, "data PDU out of sequence"),
    0x10CD: Entry("CONTROL_PDU_SEQUENCE", .protocolError, "control PDU out of sequence"),
    0x10CE: Entry("INVALID_CONTROL_PDU_ACTION", .protocolError, "control PDU with invalid action"),
    0x10CF: Entry("INVALID_INPUT_PDU_TYPE", .protocolError, "input event of unknown type"),
    0x10D0: Entry("INVALID_INPUT_PDU_MOUSE", .protocolError, "mouse event malformed"),
    0x10D1: Entry("INVALID_REFRESH_RECT_PDU", .protocolError, "refresh-rect PDU malformed"),
    0x10D2: Entry(
      "CREATE_USER_DATA_FAILED",
      .serverFailure,
      "server failed to build the GCC user data"
    ),
    0x10D3: Entry("CONNECT_FAILED", .protocolError, "server failed in the connect phase"),
    0x10D4: Entry(
      "CONFIRM_ACTIVE_HAS_WRONG_SHAREID",
      .protocolError,
      "Confirm Active carries wrong share id"
    ),
    0x10D5: Entry(
      "CONFIRM_ACTIVE_HAS_WRONG_ORIGINATOR",
      .protocolError,
      "Confirm Active carries wrong originator"
    ),
    0x10DA: Entry(
      "PERSISTENT_KEY_PDU_BAD_LENGTH",
      .protocolError,
      "persistent key list length wrong"
    ),
    0x10DB: Entry(
      "PERSISTENT_KEY_PDU_ILLEGAL_FIRST",
      .protocolError,
      "first persistent key PDU illegal"
    ),
    0x10DC: Entry(
      "PERSISTENT_KEY_PDU_TOO_MANY_TOTAL_KEYS",
      .protocolError,
      "too many persistent keys in total"
    ),
    0x10DD: Entry(
      "PERSISTENT_KEY_PDU_TOO_MANY_CACHE_KEYS",
      .protocolError,
      "too many persistent keys for one cache"
    ),
    0x10DE: Entry("INPUT_PDU_BAD_LENGTH", .protocolError, "input PDU length wrong"),
    0x10DF: Entry(
      "BITMAP_CACHE_ERROR_PDU_BAD_LENGTH",
      .protocolError,
      "bitmap cache error PDU length wrong"
    ),
    0x10E0: Entry("SECURITY_DATA_TOO_SHORT", .protocolError, "security header truncated"),
    0x10E1: Entry("VCHANNEL_DATA_TOO_SHORT", .protocolError, "virtual channel data truncated"),
    0x10E2: Entry("SHARE_DATA_TOO_SHORT", .protocolError, "share data truncated"),
    0x10E3: Entry("BAD_SUPPRESS_OUTPUT_PDU", .protocolError, "suppress-output PDU malformed"),
    0x10E5: Entry("CONFIRM_ACTIVE_PDU_TOO_SHORT", .protocolError, "Confirm Active truncated"),
    0x10E7: Entry("CAPABILITY_SET_TOO_SMALL", .protocolError, "a capability set is too small"),
    0x10E8: Entry("CAPABILITY_SET_TOO_LARGE", .protocolError, "a capability set is too large"),
    0x10E9: Entry("NO_CURSOR_CACHE", .protocolError, "client declares no cursor cache"),
    0x10EA: Entry("BAD_CAPABILITIES", .protocolError, "capabilities unacceptable"),
    0x10EC: Entry(
      "VIRTUAL_CHANNEL_DECOMPRESSION",
      .protocolError,
      "virtual channel data failed to decompress"
    ),
    0x10ED: Entry(
      "INVALID_VC_COMPRESSION_TYPE",
      .protocolError,
      "unknown virtual channel compression"
    ),
    0x10EF: Entry("INVALID_CHANNEL_ID", .protocolError, "invalid channel id"),
    0x10F0: Entry("VCHANNELS_TOO_MANY", .protocolError, "too many virtual channels asked"),
    0x10F3: Entry("REMOTEAPP_NOT_ENABLED", .denied, "RemoteApp is not enabled on the server"),
    0x10F4: Entry("CACHE_CAP_NOT_SET", .protocolError, "needed cache capability missing"),
    0x10F5: Entry(
      "BITMAP_CACHE_ERROR_PDU_BAD_LENGTH2",
      .protocolError,
      "bitmap cache error PDU length wrong (2)"
    ),
    0x10F6: Entry(
      "OFFSCREEN_CACHE_ERROR_PDU_BAD_LENGTH",
      .protocolError,
      "offscreen cache error PDU length wrong"
    ),
    0x10F7: Entry(
      "DRAWNINEGRID_CACHE_ERROR_PDU_BAD_LENGTH",
      .protocolError,
      "draw-nine-grid error PDU length wrong"
    ),
    0x10F8: Entry("GDIPLUS_PDU_BAD_LENGTH", .protocolError, "GDI+ PDU length wrong"),
    0x1111: Entry("SECURITY_DATA_TOO_SHORT2", .protocolError, "security data is too short"),
    0x1129: Entry("BAD_MONITOR_DATA", .protocolError, "monitor data invalid"),
    0x112A: Entry(
      "VC_DECOMPRESSED_REASSEMBLE_FAILED",
      .protocolError,
      "decompressed channel data could not be reassembled"
    ),
    0x112B: Entry("VC_DATA_TOO_LONG", .protocolError, "virtual channel message too long"),
    0x112C: Entry("BAD_FRAME_ACK_DATA", .protocolError, "frame acknowledge malformed"),
    0x112D: Entry(
      "GRAPHICS_MODE_NOT_SUPPORTED",
      .serverFailure,
      "the graphics mode is not supported"
    ),
    0x112E: Entry(
      "GRAPHICS_SUBSYSTEM_RESET_FAILED",
      .serverFailure,
      "graphics subsystem did not reset"
    ),
    0x112F: Entry("GRAPHICS_SUBSYSTEM_FAILED", .serverFailure, "graphics subsystem failed"),
    0x1130: Entry("TIMEZONE_KEY_NAME_LENGTH_TOO_SHORT", .protocolError, "time zone name too short"),
    0x1131: Entry("TIMEZONE_KEY_NAME_LENGTH_TOO_LONG", .protocolError, "time zone name too long"),
    0x1132: Entry(
      "DYNAMIC_DST_DISABLED_FIELD_MISSING",
      .protocolError,
      "dynamic DST field missing"
    ),
    0x1133: Entry("VC_DECODING_ERROR", .protocolError, "virtual channel decoding error"),
    0x1134: Entry("VIRTUALDESKTOPTOOLARGE", .protocolError, "virtual desktop too large"),
    0x1135: Entry("MONITORGEOMETRYVALIDATIONFAILED", .protocolError, "monitor geometry rejected"),
    0x1136: Entry("INVALIDMONITORCOUNT", .protocolError, "monitor count rejected"),
    0x1191: Entry("UPDATE_SESSION_KEY_FAILED", .encryption, "the session key could not be updated"),
    0x1192: Entry("DECRYPT_FAILED", .encryption, "decryption failed"),
    0x1193: Entry("ENCRYPT_FAILED", .encryption, "encryption failed"),
    0x1194: Entry(
      "ENCRYPTION_PACKAGE_MISMATCH",
      .encryption,
      "encryption package/methods mismatch"
    ),
    0x1195: Entry("DECRYPT_FAILED2", .encryption, "decryption failed (2)"),
  ]
}
