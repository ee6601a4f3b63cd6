import ChainValidation
import Dispatch
import TLSMessages
import Wire

/// Certificates: the facts of each, and the way from one to a root.
enum CertificateOracle {
  static func check(_ input: [UInt8]) throws(Violation) {
    let facts = CertificateFacts(der: input[...])
    let moved = ([UInt8](repeating: 0x30, count: 11) + input)[11...]
    let shifted = CertificateFacts(der: moved)
    try require(facts.subject == shifted.subject, "offsets change the subject")
    try require(facts.names == shifted.names, "offsets change the names")
    try require(facts.keyBits == shifted.keyBits, "offsets change the key")
    for problem in facts.problems {
      try require(0...input.count ~= problem.offset, "\(problem) lies outside")
    }
    let validation = CertificateValidation(
      facts,
      at: CalendarTime(Timestamp(nanoseconds: 1_700_000_000_000_000_000)),
      serverName: facts.names.first,
      address: "192.0.2.1",
      trust: nil
    )
    try require(!"\(validation)".isEmpty, "no words for a validation")
    follow(input, facts)
  }

  static func checkRoots(_ input: [UInt8]) throws(Violation) {
    let bundle = PEMBundle(input)
    try require(
      bundle.certificates.reduce(0) { $0 + $1.count } <= input.count,
      "more octets came out of the bundle than went in"
    )
    for der in bundle.certificates.prefix(4) { follow(der, CertificateFacts(der: der[...])) }
  }

  /// Follows a certificate to itself as the root; the verifier is asynchronous, a fuzzer is not.
  private static func follow(_ der: [UInt8], _ facts: CertificateFacts) {
    let done = DispatchSemaphore(value: 0)
    Task.detached {
      var validator = ChainValidator(name: "fuzz") { pem(der) }
      _ = await validator.trust([der, der], facts: facts, at: facts.notBefore ?? epoch)
      done.signal()
    }
    done.wait()
  }

  private static let epoch = CalendarTime(Timestamp(nanoseconds: 0))

  private static func pem(_ der: [UInt8]) -> [UInt8] {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text = Array("-----BEGIN CERTIFICATE-----\n".utf8)
    for start in stride(from: 0, to: der.count, by: 3) {
      let group = der[start..<min(start + 3, der.count)]
      let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for digit in 0..<4 {
        let isPadding = group.count < digit
        text.append(isPadding ? UInt8(ascii: "=") : alphabet[bits >> (18 - 6 * digit) & 63])
      }
    }
    return text + Array("\n-----END CERTIFICATE-----\n".utf8)
  }
}
