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

/// The inputs of the command line, folders and globs resolved, and the first that failed.
struct Inputs {
  private(set) var paths: [String] = []
  /// Exit status of the first input that failed.
  private(set) var failure: Int32?

  init(_ arguments: [String]) {
    for argument in arguments {
      if Self.isFolder(argument) {
        let found = captures(in: argument)
        if found.isEmpty {
          report("\(argument) holds no capture: name a file or another folder")
          // A run that looked at nothing must not look like one that found nothing.
          failure = failure ?? CaptureError.Kind.notACapture.exitStatus
        }
        paths += found
      } else if argument != "-", !FileManager.default.fileExists(atPath: argument) {
        let matches = Self.matches(of: argument)
        paths += matches.isEmpty ? [argument] : matches
      } else {
        paths.append(argument)
      }
    }
  }

  /// Says on stderr what is wrong with an input, and keeps its exit status.
  mutating func fail(_ error: CaptureError) {
    report(error.message)
    if failure == nil { failure = error.kind.exitStatus }
  }

  private func report(_ message: String) {
    StandardError.write("rdpscope: \(message)\n")
  }

  /// Whether a path is a folder.
  static func isFolder(_ path: String) -> Bool {
    var isFolder = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
  }

  /// The captures in a folder and those inside it, told by their first octets.
  private func captures(in folder: String) -> [String] {
    let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
    let base = folder.hasSuffix("/") ? folder : folder + "/"
    return names.sorted().map { base + $0 }.filter(CaptureFile.isCapture)
  }

  /// What a glob that the shell left alone matches.
  static func matches(of pattern: String) -> [String] {
    var result = unsafe glob_t()
    defer { unsafe globfree(&result) }
    guard unsafe glob(pattern, 0, nil, &result) == 0 else { return [] }
    let list = unsafe UnsafeBufferPointer(start: result.gl_pathv, count: Int(result.gl_pathc))
    return unsafe list.compactMap { entry in unsafe entry.map { unsafe String(cString: $0) } }
  }
}

extension CaptureError.Kind {
  /// The exit status of the contract; sysexits' EX_NOINPUT covers files that may not be read.
  var exitStatus: Int32 {
    switch self {
    case .badFilter: 64
    case .notACapture, .needsConverting: 65
    case .notFound, .unreadable, .notPermitted, .missingDecompressor, .noSuchInterface,
      .interfaceDown:
      66
    case .mayNotCapture: 77
    }
  }
}
