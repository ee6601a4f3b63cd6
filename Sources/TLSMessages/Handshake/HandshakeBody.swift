package import Wire

/// A handshake message, decoded as far as it tells something.
package enum HandshakeBody: Hashable, Sendable {
  case helloRequest
  case clientHello(ClientHello)
  case serverHello(ServerHello)
  case newSessionTicket(NewSessionTicket)
  case encryptedExtensions(HelloExtensions)
  case certificate(CertificateChain)
  /// `nil` when the key exchange is one that is not decoded, or was not said.
  case serverKeyExchange(ServerKeyExchange?)
  /// `nil` before a version was agreed.
  case certificateRequest(CertificateRequest?)
  case serverHelloDone
  case clientKeyExchange
  case certificateVerify
  case finished
  case other(HandshakeType)

  /// What the hellos agreed on, which the later messages do not repeat.
  package struct Agreement: Hashable, Sendable {
    /// The version of the connection; `nil` when the ServerHello was not seen.
    package let version: TLSVersion?
    /// The suite's key exchange; `nil` when the ServerHello was not seen.
    package let keyExchange: KeyExchange?

    /// Nothing: before a ServerHello, or without one.
    package init() {
      version = nil
      keyExchange = nil
    }

    /// What a ServerHello decides.
    package init(_ hello: ServerHello) {
      version = hello.selectedVersion
      keyExchange = hello.cipherSuite.keyExchange
    }
  }

  /// Decodes a message that a ``HandshakeFramer`` found.
  ///
  /// - Parameters:
  ///   - message: The message.
  ///   - agreement: What the hellos before it agreed on.
  /// - Throws: ``DecodeError`` if the body is not what its type says.
  package init(
    _ message: HandshakeMessage,
    agreement: Agreement = Agreement()
  ) throws(DecodeError) {
    var reader = ByteReader(message.body, layer: .tls, boundedBy: .lengthField(.tls))
    let version = agreement.version
    switch message.type {
    case .helloRequest: self = .helloRequest
    case .clientHello: self = .clientHello(try ClientHello(decoding: &reader))
    case .serverHello: self = .serverHello(try ServerHello(decoding: &reader))
    case .newSessionTicket where version == .tls13:
      self = .newSessionTicket(try NewSessionTicket(decodingTLS13: &reader))
    case .newSessionTicket: self = .newSessionTicket(try NewSessionTicket(decoding: &reader))
    case .encryptedExtensions:
      self = .encryptedExtensions(try HelloExtensions(decoding: &reader, of: .serverHello))
    case .certificate:
      self = .certificate(try CertificateChain(decoding: &reader, version: version ?? .tls12))
    case .serverKeyExchange:
      self = .serverKeyExchange(try Self.keyExchange(&reader, agreement))
    case .certificateRequest:
      self = .certificateRequest(
        try version.map { version throws(DecodeError) in
          try CertificateRequest(decoding: &reader, version: version)
        }
      )
    case .serverHelloDone: self = .serverHelloDone
    case .clientKeyExchange: self = .clientKeyExchange
    case .certificateVerify: self = .certificateVerify
    case .finished: self = .finished
    default: self = .other(message.type)
    }
  }

  private static func keyExchange(
    _ reader: inout ByteReader,
    _ agreement: Agreement
  ) throws(DecodeError) -> ServerKeyExchange? {
    guard let version = agreement.version, let keyExchange = agreement.keyExchange else {
      return nil
    }
    switch keyExchange {
    case .ecdhe, .ecdhAnonymous, .ecdhePSK, .dhe, .dhAnonymous, .dhePSK:
      return try ServerKeyExchange(decoding: &reader, keyExchange: keyExchange, version: version)
    default: return nil
    }
  }
}
