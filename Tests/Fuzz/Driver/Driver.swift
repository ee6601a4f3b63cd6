import FuzzOracles

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What libFuzzer calls with every input; RDPSCOPE_HARNESS names the harness.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafeRawPointer, _ count: Int) -> Int32 {
  let input = unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
  do throws(Violation) {
    try chosen.check(input)
  } catch {
    // The fuzzer keeps the input of whatever ends by a signal.
    say("violation: \(error)\n")
    abort()
  }
  return 0
}

private let chosen: Harness = {
  let name = unsafe getenv("RDPSCOPE_HARNESS").map { unsafe String(cString: $0) } ?? ""
  guard let harness = Harness(rawValue: name) else {
    let names = Harness.allCases.map(\.rawValue).joined(separator: " ")
    say("set RDPSCOPE_HARNESS to one of: \(names)\n")
    exit(64)
  }
  return harness
}()

private func say(_ text: String) {
  let octets = Array(text.utf8)
  _ = unsafe write(STDERR_FILENO, octets, octets.count)
}
