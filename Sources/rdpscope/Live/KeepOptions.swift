import ArgumentParser

/// What live capture keeps of failures.
struct KeepOptions: ParsableArguments {
  @Option(
    name: .customLong("keep-failures"),
    help: "Write the packets of each failure, and of nothing else, to a folder."
  )
  var folder: String?

  @Option(name: .customLong("keep-files"), help: "Keep at most so many failures.")
  var files = 1000

  @Option(name: .customLong("keep-size"), help: "Keep at most so many MiB of failures.")
  var size = 1024

  @Option(name: .customLong("keep-days"), help: "Keep failures so many days.")
  var days = 30.0

  @Option(name: .customLong("ring-size"), help: "Hold so many MiB of packets in memory for them.")
  var ring = 64

  func validate() throws {
    guard 0 < files, 0 < size, 0 < days, 4...65_536 ~= ring else {
      throw ValidationError("Limits are positive numbers; --ring-size has 4 to 65536 MiB.")
    }
  }

  /// The recorder; `nil` without a folder.
  ///
  /// - Throws: The exit status if the folder cannot be made; the reason is then on stderr.
  func recorder() throws -> FailureRecorder? {
    guard let folder else { return nil }
    do throws(WriteError) {
      return try FailureRecorder(
        folder: folder,
        ringByteCount: ring << 20,
        limits: FailureRecorder.Limits(files: files, bytes: size << 20, seconds: days * 86_400)
      )
    } catch {
      throw Output.exit(error)
    }
  }
}
