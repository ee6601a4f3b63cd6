internal import CLibpcap

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// The rights of the process, once the interfaces are open.
package enum CaptureRights {
  /// Becomes an ordinary user who may still open an interface again, where the system has a right
  /// for that alone.
  ///
  /// - Parameters:
  ///   - user: The user's number.
  ///   - group: The user's group.
  ///   - name: The user's name, for its other groups; `nil` for none of them.
  /// - Returns: Whether it worked; if not, the process should end.
  package static func become(user: UInt32, group: UInt32, name: String?) -> Bool {
    #if os(Linux)
    guard rdpscope_keep_capabilities() == 0 else { return false }
    #endif
    let hasGroups: Int32
    if let name {
      #if canImport(Darwin)
      hasGroups = unsafe initgroups(name, Int32(bitPattern: group))
      #else
      hasGroups = unsafe initgroups(name, group)
      #endif
    } else {
      hasGroups = setgroups(0, nil)
    }
    guard hasGroups == 0, setgid(group) == 0, setuid(user) == 0 else { return false }
    #if os(Linux)
    return rdpscope_retain_net_raw_only() == 0
    #else
    return true
    #endif
  }
}
