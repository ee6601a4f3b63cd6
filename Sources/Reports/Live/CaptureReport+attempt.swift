package import Diagnosis
import Streams

extension CaptureReport {
  /// A report on one attempt of a capture that goes on.
  package init(on diagnosis: Diagnosis) {
    self.init(
      path: "",
      format: "pcapng",
      linkTypes: [],
      packets: 0,
      bytes: 0,
      start: nil,
      end: nil,
      warnings: [],
      diagnosis: diagnosis,
      hosts: HostTable()
    )
  }
}
