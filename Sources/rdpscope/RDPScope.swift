import ArgumentParser

/// The command.
struct RDPScope: AsyncParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "rdpscope",
    abstract: "Says why Remote Desktop connections broke, with the packets that prove it.",
    version: version,
    subcommands: [
      Analyze.self, Show.self, Live.self, Check.self, Annotate.self, Causes.self, Code.self,
      Interfaces.self,
    ],
    defaultSubcommand: Analyze.self
  )
}
