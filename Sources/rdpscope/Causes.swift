import ArgumentParser
import Diagnosis
import Reports

/// `rdpscope causes`: the catalogue.
struct Causes: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "causes",
    abstract: "List the causes that a verdict may name, or explain one.",
    discussion: """
      Examples:
        rdpscope causes
        rdpscope causes nat_idle_timeout
        rdpscope causes --markdown > causes.md
      """
  )

  @Argument(help: "A cause's id, as a report names it.")
  var id: String?

  @Flag(help: "Write the whole catalogue as a Markdown page.")
  var markdown = false

  func run() throws {
    var sink = try Output(path: nil)
    guard !markdown else {
      try sink.write(Array(CatalogueMarkdown.text().utf8))
      return
    }
    let text = CatalogueText(isColored: sink.isColored)
    guard let id else {
      try sink.write(Array(text.list().utf8))
      return
    }
    guard let cause = Catalogue.cause(id) else {
      throw ValidationError(
        "No cause has the id \(id). `rdpscope causes` lists them"
          + (Catalogue.nearest(to: id).map { "; the nearest is \($0.id)." } ?? ".")
      )
    }
    try sink.write(Array(text.cause(cause).utf8))
  }
}

/// `rdpscope code`: what a code on a user's screen means.
struct Code: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "code",
    abstract: "Say what a client's code means, and which causes give it.",
    discussion: """
      Examples:
        rdpscope code 0x204
        rdpscope code 2308
        rdpscope code ERRCONNECT_TLS_CONNECT_FAILED
        rdpscope code "os error 54"
      """
  )

  @Argument(help: "The code, hexadecimal with 0x or decimal, or an error's name.")
  var code: String

  func run() throws {
    guard let code = ClientCode(code) else {
      throw ValidationError("\(code) is no code: write 0x204, 516, or an error's name.")
    }
    var sink = try Output(path: nil)
    try sink.write(Array(CatalogueText(isColored: sink.isColored).code(code).utf8))
  }
}
