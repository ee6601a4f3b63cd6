import ArgumentParser
import Capture
import ChainValidation

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The certificates that are trusted: a file of the user's, or the system's.
enum Roots {
  /// Where systems keep their roots as one PEM file.
  private static let systemPaths = [
    "/etc/ssl/certs/ca-certificates.crt",  // Debian, Ubuntu, Arch, Alpine.
    "/etc/pki/tls/certs/ca-bundle.crt",  // Fedora, Red Hat.
    "/etc/ssl/ca-bundle.pem",  // openSUSE.
    "/etc/ssl/cert.pem",  // macOS, FreeBSD.
  ]

  /// A validator for the command line.
  ///
  /// The system's roots are read when the first certificate asks for them: most runs need none.
  ///
  /// - Parameter path: The user's file; `nil` for the system's roots.
  /// - Returns: A validator that has not read its roots yet.
  /// - Throws: ``ExitCode`` after a message when the user's file cannot be read or holds nothing.
  static func validator(_ path: String?) throws -> ChainValidator {
    guard let path else {
      return ChainValidator(name: "system") { systemPaths.lazy.compactMap(read).first }
    }
    guard let text = read(path) else {
      throw fail("cannot read \(path): give --ca a PEM file", status: 66)
    }
    guard !PEMBundle(text).certificates.isEmpty else {
      throw fail("\(path) holds no certificate: give --ca a PEM file", status: 65)
    }
    return ChainValidator(name: path) { text }
  }

  private static func read(_ path: String) -> [UInt8]? {
    FileManager.default.contents(atPath: path).map(Array.init)
  }

  private static func fail(_ message: String, status: Int32) -> ExitCode {
    StandardError.write("rdpscope: \(message)\n")
    return ExitCode(status)
  }
}
