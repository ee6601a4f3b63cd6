internal import CLibpcap
package import Wire

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// The rights of the process, once the interfaces are open.
package enum CaptureRights {
  /// Becomes an ordinary user.
  ///
  /// - Parameters:
  ///   - user: The user's number.
  ///   - group: The user's group.
  ///   - name: The user's name, for its other groups.
  ///   - opener: The one thread that may still open an interface afterwards, where the system has a
  ///     right for that alone; `nil` for none.
  /// - Returns: Whether it worked; if not, the process should end.
  package static func become(
    user: UInt32,
    group: UInt32,
    name: String,
    keeping opener: SideThread?
  ) -> Bool {
    guard let opener else { return become(user, group, name, mayOpen: false) }
    var worked = false
    opener.both({}, { worked = become(user, group, name, mayOpen: true) })
    return worked
  }

  // The C library changes the user of all threads; capabilities are each thread's own, and those of
  // the others end with root.
  private static func become(
    _ user: UInt32,
    _ group: UInt32,
    _ name: String,
    mayOpen: Bool
  ) -> Bool {
    #if canImport(Darwin)
    let hasGroups = unsafe initgroups(name, Int32(bitPattern: group))
    #else
    guard !mayOpen || rdpscope_keep_capabilities() == 0 else { return false }
    let hasGroups = unsafe initgroups(name, group)
    #endif
    guard hasGroups == 0, setgid(group) == 0, setuid(user) == 0 else { return false }
    #if canImport(Darwin)
    return true
    #else
    return !mayOpen || rdpscope_retain_net_raw_only() == 0
    #endif
  }
}
