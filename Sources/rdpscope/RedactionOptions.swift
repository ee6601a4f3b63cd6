import ArgumentParser
import Redaction

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Reports that can be posted in public.
struct RedactionOptions: ParsableArguments {
  @Flag(
    help: ArgumentHelp(
      "Give pseudonyms to addresses, names, certificates and paths, to post the report in public."
    )
  )
  var redact = false

  @Option(
    name: .customLong("redact-key"),
    help: "The same with a file as key: reports made with it have the same pseudonyms."
  )
  var keyPath: String?

  /// Whether a report is compared with another that has pseudonyms of its own.
  var isKeyless: Bool { redact && keyPath == nil }

  /// What gives the pseudonyms; `nil` without a wish for them.
  ///
  /// - Throws: `ExitCode` 66 for a key that cannot be read, 65 for one that anyone could guess.
  func redactor() throws -> Redactor? {
    guard let keyPath else { return redact ? Redactor() : nil }
    guard let key = FileManager.default.contents(atPath: keyPath) else {
      StandardError.write(
        "rdpscope: cannot open \(keyPath): make one with head -c 32 /dev/urandom\n"
      )
      throw ExitCode(66)
    }
    guard Self.minimumKeyLength <= key.count else {
      StandardError.write(
        "rdpscope: \(keyPath) is too short for a key: make one with head -c 32 /dev/urandom\n"
      )
      throw ExitCode(65)
    }
    return Redactor(key: Array(key))
  }

  /// Octets of the shortest key: 128 bits.
  private static let minimumKeyLength = 16
}
