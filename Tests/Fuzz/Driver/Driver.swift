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
    unsafe fputs("violation: \(error)\n", stderr)
    abort()
  }
  return 0
}

private let chosen: Harness = {
  let name = unsafe getenv("RDPSCOPE_HARNESS").map { unsafe String(cString: $0) } ?? ""
  guard let harness = Harness(rawValue: name) else {
    let names = Harness.allCases.map(\.rawValue).joined(separator: " ")
    unsafe fputs("set RDPSCOPE_HARNESS to one of: \(names)\n", stderr)
    exit(64)
  }
  return harness
}()
