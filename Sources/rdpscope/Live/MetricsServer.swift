#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Answers every HTTP request with the metrics of the moment: `--metrics`.
///
/// One answer to one kind of request, from the loop that captures: no thread, no lock, and nothing
/// that could keep a packet waiting. A class, because it owns its sockets.
final class MetricsServer {
  /// Requests that are answered at a time; further ones wait in the kernel.
  private static let maximumClients = 16
  /// Octets of a request that are read.
  private static let maximumRequest = 8192
  private static let patience = Duration.seconds(5)

  private let descriptor: Int32
  private var clients: [Client] = []

  private struct Client {
    let descriptor: Int32
    let deadline: ContinuousClock.Instant
  }

  /// Listens.
  ///
  /// - Parameter address: `127.0.0.1:9469`, `[::1]:9469` or `:9469`.
  /// - Throws: ``WriteError`` if the address cannot be had.
  init(_ address: String) throws(WriteError) {
    guard let colon = address.lastIndex(of: ":"), !address.hasSuffix(":") else {
      throw WriteError(address, EINVAL)
    }
    let host = address[..<colon].drop { $0 == "[" }.prefix { $0 != "]" }
    var hints = unsafe addrinfo()
    unsafe hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
    #if canImport(Glibc)
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    #else
    unsafe hints.ai_socktype = SOCK_STREAM
    #endif
    var found: UnsafeMutablePointer<addrinfo>?
    let port = String(address[address.index(after: colon)...])
    let status = unsafe getaddrinfo(host.isEmpty ? nil : String(host), port, &hints, &found)
    guard status == 0, let found = unsafe found else { throw WriteError(address, EADDRNOTAVAIL) }
    defer { unsafe freeaddrinfo(found) }
    descriptor = unsafe socket(found.pointee.ai_family, found.pointee.ai_socktype, 0)
    guard 0 <= descriptor else { throw WriteError(address, errno) }
    var yes: Int32 = 1
    _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, 4)
    guard unsafe bind(descriptor, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0,
      listen(descriptor, 16) == 0
    else {
      let error = WriteError(address, errno)
      close(descriptor)
      throw error
    }
    Self.prepare(descriptor)
  }

  deinit {
    for client in clients { close(client.descriptor) }
    close(descriptor)
  }

  /// Answers who asks.
  ///
  /// - Parameter text: Gives the metrics; called only when somebody asks.
  func tick(_ text: () -> String) {
    let now = ContinuousClock.now
    while clients.count < Self.maximumClients {
      let client = accept(descriptor, nil, nil)
      guard 0 <= client else { break }
      Self.prepare(client)
      clients.append(Client(descriptor: client, deadline: now + Self.patience))
    }
    clients = clients.filter { client in
      if serve(client, text), now < client.deadline { return true }
      close(client.descriptor)
      return false
    }
  }

  /// Answers a client that has asked; whether it has yet to.
  private func serve(_ client: Client, _ text: () -> String) -> Bool {
    var buffer = [UInt8](repeating: 0, count: Self.maximumRequest)
    let count = unsafe read(client.descriptor, &buffer, buffer.count)
    if count < 0 { return errno == EAGAIN || errno == EINTR }
    // A request of metrics is one segment; what it asks for does not matter.
    guard 0 < count else { return false }
    let body = Array(text().utf8)
    let head =
      "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
      + "Content-Length: \(body.count)\r\nConnection: close\r\n\r\n"
    let answer = Array(head.utf8) + body
    // It fits into the socket's buffer; who does not read it gets no more.
    _ = unsafe answer.withUnsafeBytes { bytes in
      unsafe write(client.descriptor, bytes.baseAddress, bytes.count)
    }
    _ = shutdown(client.descriptor, Int32(SHUT_WR))
    return false
  }

  private static func prepare(_ descriptor: Int32) {
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }
}
