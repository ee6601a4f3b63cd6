import ArgumentParser
import Decryption

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Keys that are given on the command line.
struct KeyOptions: ParsableArguments {
  @Option(
    name: .customLong("key-log"),
    help: "Decrypt with the secrets of a TLS key log (SSLKEYLOGFILE), besides those in captures."
  )
  var keyLogPaths: [String] = []

  /// Reads the files.
  ///
  /// - Throws: `ExitCode` 66 for a file that cannot be read, 65 for one without any secret.
  func ring() throws -> KeyRing {
    let ring = KeyRing()
    for path in keyLogPaths {
      guard let octets = FileManager.default.contents(atPath: path) else {
        StandardError.write("rdpscope: cannot open \(path): name a TLS key log\n")
        throw ExitCode(66)
      }
      guard 0 < ring.add(keyLog: Array(octets)).secrets else {
        StandardError.write(
          "rdpscope: \(path) holds no secrets: name the file that SSLKEYLOGFILE names\n"
        )
        throw ExitCode(65)
      }
    }
    return ring
  }
}
