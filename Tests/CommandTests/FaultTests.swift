import Foundation
import Testing

/// What the system refuses: each fault has its sentence, and what was found before it is reported.
@Suite struct FaultTests {
  static let capture = "Captures/certificate-denied-tls13/capture.pcap"

  /// Runs the command with a library between it and the disk; `nil` where no compiler makes it.
  private func run(_ faults: String, _ arguments: String) throws -> Command.Result? {
    let folder = try TemporaryFolder()
    let library = folder.url.appending(path: "faults.so").path
    let made = try Command.shell("cc -shared -fPIC -o '\(library)' Tests/Faults/faults.c -ldl")
    guard made.status == 0 else {
      print("faults are not injected: \(made.errors)")
      return nil
    }
    return try Command.shell(
      "env LD_PRELOAD='\(library)' FAULT_PATH=/capture. \(faults) rdpscope \(arguments)"
    )
  }

  /// A capture in which a session works before the disk fails.
  private var wholeReport: Data {
    get throws { try Command.run("--format", "json", Self.capture).output }
  }

  @Test func shortReadsChangeNothing() throws {
    guard let result = try run("FAULT_SHORT=1", "--format json \(Self.capture)") else { return }
    #expect(result.status == 0)
    #expect(result.output == (try wholeReport))
  }

  @Test func interruptedReadsChangeNothing() throws {
    guard let result = try run("FAULT_EINTR=2 FAULT_SHORT=100", "--format json \(Self.capture)")
    else { return }
    #expect(result.status == 0)
    #expect(result.output == (try wholeReport))
  }

  @Test func aDiskThatFailsInTheMiddleIsReportedUpToThere() throws {
    let size = try Data(contentsOf: Command.root.appending(path: Self.capture)).count
    guard let result = try run("FAULT_AFTER=\(size - 10)", "--format json \(Self.capture)") else {
      return
    }
    #expect(result.status == 0)
    #expect(result.text.contains("capture_broken"))
    #expect(result.text.contains("Input/output error"))
    #expect(result.text.contains("\"family\": \"certificate_untrusted\""))
  }

  @Test func aDiskThatFailsAtOnceIsSaid() throws {
    guard let result = try run("FAULT_AFTER=0", Self.capture) else { return }
    #expect(result.status == 66)
    #expect(
      result.errors
        == "rdpscope: \(Self.capture) cannot be read (Input/output error): check the file\n"
    )
  }

  @Test func aPipeThatDiesIsReportedUpToThere() throws {
    let result = try Command.shell(
      "{ head -c 2500 \(Self.capture); kill -KILL $BASHPID; } 2>/dev/null | rdpscope --format json -"
        + " || [ $? = 137 ]"
    )
    #expect(result.text.contains("capture_truncated"))
  }

  @Test func withoutDescriptorsTheInputsThatOpenAreReported() throws {
    let result = try Command.shell(
      "ulimit -n 12; rdpscope --merge --format json Captures/healthy-*/capture.pcap"
    )
    #expect(result.status == 66)
    #expect(result.errors.contains("Too many open files"))
    #expect(result.text.contains("\"family\": \"healthy\""))
  }

  @Test func aClosedOutputIsSaid() throws {
    let result = try Command.shell("rdpscope \(Self.capture) >&- || echo $? >&2")
    #expect(result.errors.hasPrefix("rdpscope: cannot write to standard output: "))
    #expect(result.errors.hasSuffix("\n74\n"))
  }

  /// Address space, not resident memory: that is all that can be limited for one process.
  @Test(.disabled(if: Command.isSanitized, "a sanitizer maps terabytes for itself"))
  func littleAddressSpaceIsEnough() throws {
    let result = try Command.shell(
      "ulimit -v 400000; rdpscope --format json Captures/*/capture.pcap"
    )
    #expect(result.status == 0, "\(result.errors)")
  }

  /// Whenever it is killed, the old report is whole, and nothing else is left beside it.
  @Test func aSignalLeavesTheOldReport() throws {
    let folder = try TemporaryFolder()
    try folder.write("old", to: "report.json")
    for signal in ["INT", "TERM", "KILL"] {
      for milliseconds in [1, 10, 30, 60, 90] {
        let result = try Command.shell(
          """
          rdpscope --format json -o '\(folder.url.path)/report.json' Captures & pid=$!
          sleep 0.\(milliseconds < 10 ? "00" : "0")\(milliseconds)
          kill -\(signal) $pid 2>/dev/null || true; wait $pid 2>/dev/null; true
          """
        )
        #expect(result.errors == "")
        #expect(try folder.names == ["report.json"], "SIG\(signal) after \(milliseconds) ms")
        let text = try folder.read("report.json")
        #expect(text == "old" || text.hasSuffix("}\n"), "SIG\(signal) after \(milliseconds) ms")
      }
    }
  }

  /// Lines that were written before the signal stay: each is a whole record.
  @Test func linesBeforeASignalAreWhole() throws {
    let folder = try TemporaryFolder()
    _ = try Command.shell(
      """
      rdpscope --format jsonl Captures >'\(folder.url.path)/lines' & pid=$!
      sleep 0.2; kill -TERM $pid 2>/dev/null || true; wait $pid 2>/dev/null; true
      """
    )
    for line in try folder.read("lines").split(separator: "\n") {
      #expect((try? JSONSerialization.jsonObject(with: Data(line.utf8))) != nil)
    }
  }
}
