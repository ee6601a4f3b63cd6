package import Wire

/// A handshake message, decoded as far as it tells something.
package enum HandshakeBody: Hashable, Sendable {
  case clientHello(ClientHello)
  case serverHello(ServerHello)
  case certificate(CertificateChain)
  case certificateRequest
  case serverHelloDone
  case finished
  case other(HandshakeType)

  /// Decodes a message that a ``HandshakeFramer`` found.
  package init(_ message: HandshakeMessage) throws(DecodeError) {
    var reader = ByteReader(message.body, layer: .tls, boundedBy: .lengthField(.tls))
    switch message.type {
    case .clientHello: self = .clientHello(try ClientHello(decoding: &reader))
    case .serverHello: self = .serverHello(try ServerHello(decoding: &reader))
    case .certificate: self = .certificate(try CertificateChain(decoding: &reader))
    case .certificateRequest: self = .certificateRequest
    case .serverHelloDone: self = .serverHelloDone
    case .finished: self = .finished
    default: self = .other(message.type)
    }
  }
}

/// Certificate of TLS 1.2 and before: the chain, leaf first. RFC 5246 §7.4.2
package struct CertificateChain: WireDecodable, Hashable {
  /// Certificates in one chain: beyond any real one.
  static let maximumCount = 32

  /// The certificates in DER.
  package let certificates: [ArraySlice<UInt8>]

  /// Decodes the body of the handshake message.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    var list = try reader.vector24("certificate_list")
    var certificates: [ArraySlice<UInt8>] = []
    while !list.isAtEnd {
      guard certificates.count < Self.maximumCount else {
        throw list.limitExceeded(
          "certificate_list",
          at: list.offset,
          limit: Self.maximumCount,
          found: certificates.count + 1
        )
      }
      certificates.append(try list.vector24("ASN.1Cert").remaining)
    }
    self.certificates = certificates
  }
}
