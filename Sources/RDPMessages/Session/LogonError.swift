/// What the server says of a logon (TS_LOGON_ERRORS_INFO): a type, which may be an NTSTATUS, and data
/// that is an error or a session. [MS-RDPBCGR] 2.2.10.1.1.4.1
package struct LogonError: Hashable, Sendable {
  package let type: UInt32
  package let data: UInt32

  /// Creates an error.
  package init(type: UInt32, data: UInt32) {
    self.type = type
    self.data = data
  }

  /// What it means for the person.
  package enum Kind: Hashable, Sendable, CaseIterable {
    /// The logon goes on; nothing is refused.
    case none
    /// The name or the password is wrong.
    case credentials
    /// The password has to be changed.
    case password
    /// The user may not log on.
    case notAuthorized
    /// Another session stands in the way, and the person is asked.
    case busy
    /// The session ends.
    case ended
    case unknown
  }

  /// What it means for the person.
  package var kind: Kind {
    switch type {
    case 0xFFFF_FFFA: .notAuthorized
    case 0xFFFF_FFF8, 0xFFFF_FFF9, 0xFFFF_FFFB, 0xFFFF_FFFC: .busy
    case 0xFFFF_FFFD: .ended
    case 0xFFFF_FFFE: .none
    // Access denied, or an NTSTATUS: the data says what the person sees.
    default:
      switch data {
      case 0: .credentials
      case 1: .password
      case 3: .none
      default: type == 0xFFFF_FFFF ? .notAuthorized : .unknown
      }
    }
  }

  /// The type's name in the specification, or the number.
  package var name: String {
    switch type {
    case 0xFFFF_FFF8: "LOGON_MSG_SESSION_BUSY_OPTIONS"
    case 0xFFFF_FFF9: "LOGON_MSG_DISCONNECT_REFUSED"
    case 0xFFFF_FFFA: "LOGON_MSG_NO_PERMISSION"
    case 0xFFFF_FFFB: "LOGON_MSG_BUMP_OPTIONS"
    case 0xFFFF_FFFC: "LOGON_MSG_RECONNECT_OPTIONS"
    case 0xFFFF_FFFD: "LOGON_MSG_SESSION_TERMINATE"
    case 0xFFFF_FFFE: "LOGON_MSG_SESSION_CONTINUE"
    case 0xFFFF_FFFF: "ERROR_CODE_ACCESS_DENIED"
    default: "0x" + String(type, radix: 16, uppercase: true)
    }
  }

  /// The data's name where it is an error, or the number, which may be a session's.
  package var dataName: String {
    switch data {
    case 0: "LOGON_FAILED_BAD_PASSWORD"
    case 1: "LOGON_FAILED_UPDATE_PASSWORD"
    case 2: "LOGON_FAILED_OTHER"
    case 3: "LOGON_WARNING"
    default: "\(data)"
    }
  }

  /// What it means, in a few words.
  package var meaning: String {
    switch type {
    case 0xFFFF_FFF8: "the session is busy, and the person may wait or disconnect others"
    case 0xFFFF_FFF9: "the other user refused to give up the session"
    case 0xFFFF_FFFA: "the user may not log on to this session"
    case 0xFFFF_FFFB: "the person is asked whom to disconnect"
    case 0xFFFF_FFFC: "the person is asked which session to take up"
    case 0xFFFF_FFFD: "the session is ended"
    case 0xFFFF_FFFE: "the logon goes on"
    default:
      switch data {
      case 0: "the name or the password is wrong"
      case 1: "the password has to be changed"
      case 3: "a warning is shown"
      default: "the logon failed"
      }
    }
  }
}
