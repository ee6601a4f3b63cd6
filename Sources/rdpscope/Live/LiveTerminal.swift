import CLibpcap
import Reports

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The terminal while the table of live capture is on it: its own screen, keys without Return.
///
/// A class, because it has to give the terminal back.
final class LiveTerminal {
  private let settings: termios

  /// Takes the terminal over; `nil` where stdin and stdout are none.
  init?() {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { return nil }
    var settings = termios()
    guard unsafe tcgetattr(STDIN_FILENO, &settings) == 0 else { return nil }
    self.settings = settings
    // Ctrl-C still sends its signal.
    settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
    #if canImport(Glibc)
    settings.c_cc.6 = 0  // VMIN
    settings.c_cc.5 = 0  // VTIME
    #else
    settings.c_cc.16 = 0
    settings.c_cc.17 = 0
    #endif
    _ = unsafe tcsetattr(STDIN_FILENO, TCSANOW, &settings)
    Self.write("\u{1B}[?1049h\u{1B}[?25l")
  }

  deinit {
    var settings = settings
    Self.write("\u{1B}[?25h\u{1B}[?1049l")
    _ = unsafe tcsetattr(STDIN_FILENO, TCSANOW, &settings)
  }

  /// Rows and columns, now.
  var size: (rows: Int, columns: Int) {
    var rows: UInt16 = 0
    var columns: UInt16 = 0
    guard unsafe rdpscope_terminal_size(STDOUT_FILENO, &rows, &columns) == 0, 0 < rows,
      0 < columns
    else { return (24, 80) }
    return (Int(rows), Int(columns))
  }

  /// Whether somebody pressed q.
  var wantsQuit: Bool {
    var key: UInt8 = 0
    while unsafe read(STDIN_FILENO, &key, 1) == 1 {
      if key == UInt8(ascii: "q") || key == UInt8(ascii: "Q") { return true }
    }
    return false
  }

  /// Shows lines in place of those before; not while the terminal is stopped (Ctrl-S), so that capture
  /// goes on.
  func draw(_ lines: [String]) {
    var request = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
    guard unsafe poll(&request, 1, 0) == 1 else { return }
    let text = lines.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n")
    Self.write("\u{1B}[H" + text + "\u{1B}[J")
  }

  private static func write(_ text: String) {
    let destination = Destination(descriptor: STDOUT_FILENO, path: "the terminal")
    try? destination.write(Array(text.utf8))
  }
}
