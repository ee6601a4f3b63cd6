import Analysis
import Capture
import Foundation
import Reports
import Testing

/// The repository's own captures.
let capturesFolder = URL(filePath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Captures")

/// Captures kept outside the repository; unset where there are none.
let outsideFolder = ProcessInfo.processInfo.environment["RDPSCOPE_CAPTURES"]

/// Analyses one capture with the default ports.
func analyse(_ path: String) throws -> CaptureReport {
  try CaptureAnalysis(ports: CaptureAnalysis.defaultPorts)
    .run(CaptureFile.open(path, filter: nil), path: path)
}

/// One folder of `Captures/`.
struct GoldenCase: CustomTestStringConvertible {
  let folder: URL

  var testDescription: String { folder.lastPathComponent }

  var capture: URL {
    get throws {
      let files = try FileManager.default.contentsOfDirectory(
        at: folder,
        includingPropertiesForKeys: nil
      )
      guard let file = files.first(where: { $0.lastPathComponent.hasPrefix("capture.") }) else {
        throw CocoaError(.fileNoSuchFile)
      }
      return file
    }
  }

  static let all: [GoldenCase] = {
    let folders =
      (try? FileManager.default.contentsOfDirectory(
        at: capturesFolder,
        includingPropertiesForKeys: nil
      )) ?? []
    return folders.filter {
      FileManager.default.fileExists(atPath: $0.appending(path: "expected.json").path)
    }
    .sorted { $0.path < $1.path }.map(GoldenCase.init)
  }()
}
