import TLSMessages
import Testing
import Wire

@Suite struct HandshakeTests {
  static let samples: [[UInt8]] = [
    HandshakeSamples.mstscClientHello, HandshakeSamples.windows7ClientHello,
    HandshakeSamples.opensslClientHello, HandshakeSamples.serverHello2022,
    HandshakeSamples.serverHello2008, HandshakeSamples.serverHelloTLS13,
    HandshakeSamples.helloRetryRequest, HandshakeSamples.encryptedExtensions,
    HandshakeSamples.certificateTLS13, HandshakeSamples.serverKeyExchangeECDHE,
    HandshakeSamples.serverKeyExchangeDHE, HandshakeSamples.certificateRequestTLS12,
    HandshakeSamples.newSessionTicketTLS12, HandshakeSamples.certificateRequestTLS13,
    HandshakeSamples.newSessionTicketTLS13, chain([CertificateSamples.remoteDesktop2008]),
  ]

  @Test func everyMessageIsDecodedByItsType() throws {
    let bodies = try Self.samples.map { try decode($0, agreement: agreement(for: $0)) }
    let types: [HandshakeType] = [
      .clientHello, .clientHello, .clientHello, .serverHello, .serverHello, .serverHello,
      .serverHello, .encryptedExtensions, .certificate, .serverKeyExchange, .serverKeyExchange,
      .certificateRequest, .newSessionTicket, .certificateRequest, .newSessionTicket, .certificate,
    ]
    #expect(bodies.map(Self.type) == types)
  }

  @Test(arguments: samples) func everyPrefixIsTruncated(_ sample: [UInt8]) throws {
    let end = try hasOptionalEnd(sample)
    for count in 4..<sample.count where count != end {
      do {
        _ = try decode(Array(sample[..<count]), agreement: agreement(for: sample))
        Issue.record("\(count) octets decode")
      } catch let error as DecodeError {
        guard case .truncated = error.reason else {
          Issue.record("\(count) octets: \(error)")
          continue
        }
        #expect(4...count ~= error.offset, "\(error)")
      }
    }
  }

  @Test(arguments: samples) func flippedOctetsDecodeOrThrow(_ sample: [UInt8]) throws {
    var generator = SeededGenerator(state: 7)
    for round in 0..<500 {
      let damaged = sample.flipped(1 + round % 3, by: &generator)
      do {
        let body = try decode(damaged, agreement: agreement(for: sample))
        if case .clientHello(let hello) = body { #expect(hello.offer.ja3.count == 32) }
      } catch let error as DecodeError {
        #expect(0...sample.count ~= error.offset, "seed 7, round \(round)")
      }
    }
  }

  @Test func serverKeyExchangeNamesItsGroup() throws {
    let curve = try decode(
      HandshakeSamples.serverKeyExchangeECDHE,
      agreement: agreement(for: HandshakeSamples.serverKeyExchangeECDHE)
    )
    guard case .serverKeyExchange(let exchange?) = curve else {
      Issue.record("\(curve)")
      return
    }
    #expect(exchange.group == .secp384r1)
    #expect(exchange.primeBitCount == nil)
    #expect(exchange.signatureScheme?.name == "rsa_pss_rsae_sha256")

    let prime = try decode(
      HandshakeSamples.serverKeyExchangeDHE,
      agreement: agreement(for: HandshakeSamples.serverKeyExchangeDHE)
    )
    guard case .serverKeyExchange(let exchange?) = prime else {
      Issue.record("\(prime)")
      return
    }
    #expect(exchange.group == nil)
    #expect(exchange.primeBitCount == 1024)

    // Without the hello the message does not say what it is.
    #expect(try decode(HandshakeSamples.serverKeyExchangeDHE) == .serverKeyExchange(nil))
  }

  @Test func certificateRequestListsWhatItTakes() throws {
    let body = try decode(
      HandshakeSamples.certificateRequestTLS12,
      agreement: agreement(for: HandshakeSamples.certificateRequestTLS12)
    )
    guard case .certificateRequest(let request?) = body else {
      Issue.record("\(body)")
      return
    }
    #expect(request.certificateTypes == [1, 2, 64])
    #expect(request.signatureAlgorithms.first?.name == "ecdsa_secp256r1_sha256")
    #expect(request.authorities == ["O=Firm,CN=rdp.example"])
  }

  @Test func certificateRequestOfTLS13ListsItsSignatures() throws {
    let sample = HandshakeSamples.certificateRequestTLS13
    guard
      case .certificateRequest(let request?) = try decode(
        sample,
        agreement: agreement(for: sample)
      )
    else {
      Issue.record("not read")
      return
    }
    #expect(request.certificateTypes.isEmpty)
    #expect(request.authorities == ["O=Firm,CN=rdp.example"])
    #expect(request.signatureAlgorithms.first?.name == "ecdsa_secp256r1_sha256")
  }

  /// Without the ServerHello the form of a request is not known.
  @Test func certificateRequestNeedsAVersion() throws {
    let body = try HandshakeBody(
      HandshakeMessage(
        type: .certificateRequest,
        body: HandshakeSamples.certificateRequestTLS13.dropFirst(4)
      )
    )
    #expect(body == .certificateRequest(nil))
  }

  @Test func ticketOfTLS13SaysItsLifetime() throws {
    let sample = HandshakeSamples.newSessionTicketTLS13
    guard
      case .newSessionTicket(let ticket) = try decode(sample, agreement: agreement(for: sample))
    else {
      Issue.record("not read")
      return
    }
    #expect(ticket.lifetimeSeconds == 7200)
    #expect(ticket.ticket.count == 208)
  }

  @Test func ticketSaysItsLifetime() throws {
    let body = try decode(HandshakeSamples.newSessionTicketTLS12)
    guard case .newSessionTicket(let ticket) = body else {
      Issue.record("\(body)")
      return
    }
    #expect(ticket.lifetimeSeconds == 7200)
    #expect(ticket.ticket.count == 176)
  }

  @Test func chainKeepsItsOrder() throws {
    let leaf = CertificateSamples.ecWithNames
    let issuer = CertificateSamples.rsa1024SHA1
    let body = try decode(Self.chain([leaf, issuer]))
    guard case .certificate(let chain) = body else {
      Issue.record("\(body)")
      return
    }
    #expect(chain.certificates.map(Array.init) == [leaf, issuer])
    #expect(try decode(Self.chain([])) == .certificate(try emptyChain()))

    guard
      case .certificate(let newer) = try decode(
        HandshakeSamples.certificateTLS13,
        agreement: agreement(for: HandshakeSamples.certificateTLS13)
      )
    else {
      Issue.record("no chain in TLS 1.3")
      return
    }
    #expect(newer.certificates.map { CertificateFacts(der: $0).subject } == ["CN=weak.example"])
  }

  @Test func chainOfTooManyIsRefused() {
    let message = Self.chain([[UInt8]](repeating: [0x30, 0], count: 33))
    #expect(throws: DecodeError.self) { try decode(message) }
    do {
      _ = try decode(message)
    } catch {
      #expect(error.field == "certificate_list")
      #expect(error.reason == .limitExceeded(limit: CertificateChain.maximumCount, found: 33))
    }
  }

  private func decode(
    _ message: [UInt8],
    agreement: HandshakeBody.Agreement = .init()
  ) throws(DecodeError) -> HandshakeBody {
    try HandshakeBody(
      HandshakeMessage(type: HandshakeType(rawValue: message[0]), body: message.dropFirst(4)),
      agreement: agreement
    )
  }

  /// The agreement of the handshake that the sample was taken from.
  private func agreement(for sample: [UInt8]) throws -> HandshakeBody.Agreement {
    let hello =
      switch sample {
      case HandshakeSamples.serverKeyExchangeECDHE: HandshakeSamples.serverHello2022
      case HandshakeSamples.encryptedExtensions, HandshakeSamples.certificateTLS13,
        HandshakeSamples.certificateRequestTLS13, HandshakeSamples.newSessionTicketTLS13:
        HandshakeSamples.serverHelloTLS13
      default: HandshakeSamples.serverHelloDHE
      }
    var reader = ByteReader(hello.dropFirst(4), layer: .tls)
    return HandshakeBody.Agreement(try ServerHello(decoding: &reader))
  }

  /// Where a hello without extensions ends: the one prefix that is a message.
  private func hasOptionalEnd(_ sample: [UInt8]) throws -> Int? {
    // Type and length 4, version 2, random 32, then the session id.
    let sessionEnd = 4 + 2 + 32 + 1 + Int(sample.count > 38 ? sample[38] : 0)
    switch sample[0] {
    case 1:
      let suites = Int(sample[sessionEnd]) << 8 | Int(sample[sessionEnd + 1])
      return sessionEnd + 2 + suites + 1 + Int(sample[sessionEnd + 2 + suites])
    case 2: return sessionEnd + 3
    case 8: return 4
    default: return nil
    }
  }

  private func emptyChain() throws -> CertificateChain {
    var reader = ByteReader([0, 0, 0], layer: .tls)
    return try CertificateChain(decoding: &reader)
  }

  private static func type(of body: HandshakeBody) -> HandshakeType {
    switch body {
    case .helloRequest: .helloRequest
    case .clientHello: .clientHello
    case .serverHello: .serverHello
    case .newSessionTicket: .newSessionTicket
    case .encryptedExtensions: .encryptedExtensions
    case .certificate: .certificate
    case .serverKeyExchange: .serverKeyExchange
    case .certificateRequest: .certificateRequest
    case .serverHelloDone: .serverHelloDone
    case .clientKeyExchange: .clientKeyExchange
    case .certificateVerify: .certificateVerify
    case .finished: .finished
    case .other(let type): type
    }
  }

  /// A Certificate message of TLS 1.2.
  static func chain(_ certificates: [[UInt8]]) -> [UInt8] {
    let triple = { (value: Int) in
      [UInt8(value >> 16), UInt8(value >> 8 & 0xff), UInt8(value & 0xff)]
    }
    let list = certificates.flatMap { triple($0.count) + $0 }
    return [11] + triple(list.count + 3) + triple(list.count) + list
  }
}
