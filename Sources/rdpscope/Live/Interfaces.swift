import ArgumentParser
import Capture
import Reports

/// `rdpscope interfaces`: what can be listened on.
struct Interfaces: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "interfaces",
    abstract: "List the interfaces that live capture can listen on."
  )

  func run() throws {
    var sink = try Output(path: nil)
    let found = NetworkInterface.all()
    guard !found.isEmpty else {
      StandardError.write(
        "rdpscope: the system shows no interface: run with sudo, or see Docs/live.md for the "
          + "capability that capturing needs\n"
      )
      throw ExitCode(CaptureError.Kind.mayNotCapture.exitStatus)
    }
    let width = found.map(\.name.count).max() ?? 0
    let lines = found.map { interface in
      var parts = [interface.name + String(repeating: " ", count: width - interface.name.count)]
      parts.append(interface.isUp ? "up  " : "down")
      parts += interface.addresses
      if let description = interface.description { parts.append("(\(description))") }
      return TerminalText.safe(parts.joined(separator: "  ")) + "\n"
    }
    try sink.write(Array(lines.joined().utf8))
  }
}
