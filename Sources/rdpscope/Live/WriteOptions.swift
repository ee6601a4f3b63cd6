import ArgumentParser

/// Recording everything.
struct WriteOptions: ParsableArguments {
  @Option(name: .customLong("write"), help: "Record every packet to a pcapng file.")
  var path: String?

  @Option(help: "Begin a new file after so many MiB.")
  var rotateSize: Int?

  @Option(help: "Begin a new file after so many seconds.")
  var rotateSeconds: Double?

  @Option(help: "Keep only so many files of a row.")
  var files: Int?

  func validate() throws {
    guard rotateSize ?? 1 > 0, rotateSeconds ?? 1 > 0, files ?? 1 > 0 else {
      throw ValidationError("Limits are positive numbers.")
    }
    guard path != nil || rotateSize == nil && rotateSeconds == nil && files == nil else {
      throw ValidationError("--rotate-size, --rotate-seconds and --files go with --write FILE.")
    }
    guard files == nil || rotateSize != nil || rotateSeconds != nil else {
      throw ValidationError("--files needs --rotate-size or --rotate-seconds.")
    }
  }

  /// The recording; `nil` without a file.
  var capture: RotatingCapture? {
    path.map {
      RotatingCapture(
        path: $0,
        limits: RotatingCapture.Limits(
          bytes: rotateSize.map { $0 << 20 },
          seconds: rotateSeconds,
          files: files
        )
      )
    }
  }
}
