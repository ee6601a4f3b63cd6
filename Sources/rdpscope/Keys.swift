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

  @Option(
    name: .customLong("rsa-key"),
    help: "Decrypt with a server's RSA key: PEM, or xrdp's rsakeys.ini."
  )
  var rsaKeyPaths: [String] = []

  /// Reads the files.
  ///
  /// - Returns: Their keys.
  /// - Throws: `ExitCode` 66 for a file that cannot be read, 65 for one without any secret.
  func ring() throws -> KeyRing {
    let ring = KeyRing()
    for path in keyLogPaths {
      let octets = try Self.read(path, expecting: "a TLS key log")
      guard 0 < ring.add(keyLog: octets).secrets else {
        throw Self.refused(path, "holds no secrets: name the file that SSLKEYLOGFILE names")
      }
    }
    for path in rsaKeyPaths {
      let octets = try Self.read(path, expecting: "an RSA private key")
      do throws(KeyFileError) {
        ring.add(try RSAPrivateKey(reading: String(decoding: octets, as: UTF8.self)))
      } catch {
        throw Self.refused(path, error.advice)
      }
    }
    return ring
  }

  private static func read(_ path: String, expecting content: String) throws -> [UInt8] {
    guard let octets = FileManager.default.contents(atPath: path) else {
      StandardError.write("rdpscope: cannot open \(path): name \(content)\n")
      throw ExitCode(66)
    }
    return Array(octets)
  }

  private static func refused(_ path: String, _ advice: String) -> ExitCode {
    StandardError.write("rdpscope: \(path) \(advice)\n")
    return ExitCode(65)
  }
}

extension KeyFileError {
  /// What is wrong with a file, and what to do.
  fileprivate var advice: String {
    switch self {
    case .unknownForm: "is no key: name a private key in PEM, or xrdp's rsakeys.ini"
    case .encrypted:
      "is protected with a passphrase: write it without one, `openssl rsa -in KEY -out PLAIN`"
    case .notRSA(let kind): "holds no RSA private key but \(kind): only RSA decrypts what was sent"
    case .malformed: "is no whole RSA private key: write it anew"
    }
  }
}
