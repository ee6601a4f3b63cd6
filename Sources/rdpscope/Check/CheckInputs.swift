import Capture

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The captures to check and where their expectations are.
struct CheckInputs {
  /// The name of the expectation of a folder's `capture.*`; any other capture `NAME` has
  /// `NAME.expected.json`.
  static let expectationName = "expected.json"

  /// One capture with the place of its expectation, or a stray expectation.
  struct Entry {
    let path: String
    let expectation: String
    var isOrphan = false
  }

  private(set) var entries: [Entry] = []
  private var seen: Set<String> = []

  /// Finds the captures of the command line's files, folders and globs.
  init(_ arguments: [String]) {
    for argument in arguments {
      if Inputs.isFolder(argument) {
        addFolder(argument)
      } else if !FileManager.default.fileExists(atPath: argument) {
        let matches = Inputs.matches(of: argument)
        for path in matches.isEmpty ? [argument] : matches {
          if Inputs.isFolder(path) { addFolder(path) } else { addFile(path) }
        }
      } else {
        addFile(argument)
      }
    }
  }

  /// Where the expectation of a capture is.
  static func expectation(of capture: String) -> String {
    let (folder, name) = split(capture)
    return name.hasPrefix("capture.") ? folder + expectationName : capture + "." + expectationName
  }

  private mutating func addFile(_ path: String) {
    if Self.isExpectation(path) { return addExpectation(path) }
    add(Entry(path: path, expectation: Self.expectation(of: path)))
  }

  private mutating func addFolder(_ folder: String) {
    let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
    let base = folder.hasSuffix("/") ? folder : folder + "/"
    let paths = names.sorted().map { base + $0 }
    let expectations = Set(paths.filter(Self.isExpectation))
    // A file with an expectation is a capture whatever it holds: a damaged one is to be noticed.
    let captures = paths.filter { path in
      !expectations.contains(path)
        && ((expectations.contains(Self.expectation(of: path)) && !Inputs.isFolder(path))
          || CaptureFile.isCapture(path))
    }
    let described = Set(captures.map(Self.expectation))
    let known = Set(captures)
    for path in paths {
      if known.contains(path) {
        add(Entry(path: path, expectation: Self.expectation(of: path)))
      } else if expectations.contains(path), !described.contains(path) {
        add(Entry(path: path, expectation: path, isOrphan: true))
      }
    }
  }

  /// An expectation that is named itself stands for its capture.
  private mutating func addExpectation(_ path: String) {
    let (folder, name) = Self.split(path)
    let siblings =
      (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
    let captures = siblings.sorted().map { folder + $0 }
      .filter { !Self.isExpectation($0) && Self.expectation(of: $0) == folder + name }
    if captures.isEmpty { add(Entry(path: path, expectation: path, isOrphan: true)) }
    for capture in captures { add(Entry(path: capture, expectation: path)) }
  }

  private mutating func add(_ entry: Entry) {
    guard seen.insert(entry.path).inserted else { return }
    entries.append(entry)
  }

  private static func isExpectation(_ path: String) -> Bool {
    let name = split(path).name
    return name == expectationName || name.hasSuffix("." + expectationName)
  }

  /// A path's folder, with its slash, and its last part.
  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return ("", path) }
    return (String(path[...slash]), String(path[path.index(after: slash)...]))
  }
}
