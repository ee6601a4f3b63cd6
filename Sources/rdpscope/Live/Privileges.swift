import ArgumentParser
import Capture

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Root is needed to open an interface, and for nothing afterwards.
enum Privileges {
  /// Becomes another user, if this is root and there is one to become.
  ///
  /// - Parameters:
  ///   - user: The user; `nil` for the one who called sudo.
  ///   - feed: What may still have to open an interface.
  /// - Throws: The exit status if there is no such user or it cannot be become.
  static func drop(to user: String?, for feed: any LiveFeed) throws {
    guard geteuid() == 0 else {
      guard user == nil else {
        throw ValidationError("Only root can become another user: leave --user out.")
      }
      return
    }
    let environment = ProcessInfo.processInfo.environment
    guard let name = user ?? environment["SUDO_USER"], name != "root" else { return }
    guard let entry = unsafe getpwnam(name) else {
      throw ValidationError("There is no user \(name).")
    }
    let (id, group) = unsafe (entry.pointee.pw_uid, entry.pointee.pw_gid)
    guard CaptureRights.become(user: id, group: group, name: name, keeping: feed.opener) else {
      StandardError.write("rdpscope: cannot become \(name): run as that user with CAP_NET_RAW\n")
      throw ExitCode(CaptureError.Kind.mayNotCapture.exitStatus)
    }
  }
}
