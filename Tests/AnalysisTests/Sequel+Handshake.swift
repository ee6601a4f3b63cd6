import Diagnosis
import Streams

/// Connections that die before there is a session.
extension Sequel {
  static let inHandshake = calls + requests + answers + refusals + hellos + logins

  private static let calls: [Sequel] = [
    Sequel("three SYNs refused", after: .start, is: [.portClosed]) {
      for _ in 0..<3 { $0.refuseCall() }
    },
    Sequel(
      "SYNs unanswered",
      after: .start,
      is: [.hostAsleepOrUnreachable, .firewallBlocked]
    ) {
      $0.callInVain(after: [1, 2, 4, 8])
    },
  ]

  private static let requests: [Sequel] = [
    Sequel(
      "a reset on the request",
      after: .request,
      is: [.middleboxReset, .serviceCrash, .connectionLimit, .unknown]
    ) {
      $0.segment(from: .server, [.rst, .ack], after: 0.003)
    },
    Sequel("the request is received and not answered", after: .request, is: [.serviceCrash]) {
      $0.segment(from: .server, .ack, after: 0.04)
      $0.segment(from: .client, [.fin, .ack], after: 30)
    },
    Sequel(
      "the request is lost again and again",
      after: .request,
      is: [.firewallBlocked, .packetLoss, .hostAsleepOrUnreachable, .mtuBlackHole]
    ) {
      $0.repeatLast(.client, after: 0.2, times: 6)
    },
  ]

  private static let answers: [Sequel] = [
    Sequel(
      "the server chooses RDP security and the client leaves",
      after: .request,
      is: [.securityLayerMismatch, .nlaRequired, .unknown]
    ) {
      $0.confirm([2, 0, 8, 0, 0, 0, 0, 0])
      $0.segment(from: .client, [.rst, .ack], after: 0.01)
    },
    Sequel(
      "the server knows no negotiation and the client leaves",
      after: .request,
      is: [.securityLayerMismatch, .nlaRequired, .unknown, .probe]
    ) {
      $0.confirm([])
      $0.segment(from: .client, [.rst, .ack], after: 0.01)
    },
    Sequel("the server speaks HTTP", after: .request, is: [.portNotRDP]) {
      let answer = Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)
      $0.segment(from: .server, [.psh, .ack], answer, after: 0.01)
      $0.closeBoth(.server)
    },
    Sequel("the server answers with a TLS alert", after: .request, is: [.portNotRDP]) {
      $0.segment(from: .server, [.psh, .ack], [21, 3, 1, 0, 2, 2, 70], after: 0.01)
      $0.closeBoth(.server)
    },
    Sequel("the server answers with an X.224 error", after: .request, is: [.protocolError]) {
      let error: [UInt8] = [3, 0, 0, 9, 4, 0x70, 0, 0, 1]
      $0.segment(from: .server, [.psh, .ack], error, after: 0.01)
      $0.closeBoth(.server)
    },
    Sequel("the server speaks SSH", after: .request, is: [.portNotRDP]) {
      let banner = Array("SSH-2.0-OpenSSH_9.2p1\r\n".utf8)
      $0.segment(from: .server, [.psh, .ack], banner, after: 0.01)
      $0.segment(from: .client, [.rst, .ack], after: 0.01)
    },
    Sequel(
      "the server answers with an ultimatum",
      after: .request,
      is: [
        .securityLayerMismatch, .tlsVersionOrCipherMismatch, .certificateServerKeyUnusable,
        .connectionLimit, .unknown, .nlaRequired,
      ]
    ) {
      let ultimatum: [UInt8] = [3, 0, 0, 9, 2, 0xF0, 0x80, 0x21, 0x80]
      $0.segment(from: .server, [.psh, .ack], ultimatum, after: 0.01)
      $0.closeBoth(.server)
    },
  ]

  static let refusals: [Sequel] = [1, 2, 3, 4, 5, 6].flatMap {
    (code: UInt8) -> [Sequel] in
    let family: Family =
      switch code {
      case 3: .certificateServerKeyUnusable
      case 5: .nlaRequired
      default: .securityLayerMismatch
      }
    return [
      Sequel("refused with code \(code), reset by the client", after: .request, is: [family]) {
        $0.confirm([3, 0, 8, 0, code, 0, 0, 0])
        $0.segment(from: .client, [.rst, .ack], after: 0.01)
      },
      Sequel("refused with code \(code), closed by the server", after: .request, is: [family]) {
        $0.confirm([3, 0, 8, 0, code, 0, 0, 0])
        $0.closeBoth(.server, after: 0.001)
      },
    ]
  }

  private static let hellos: [Sequel] = [
    Sequel(
      "a reset on the ClientHello",
      after: .hello,
      is: [
        .certificateServerKeyUnusable, .middleboxReset, .tlsVersionOrCipherMismatch, .unknown,
      ]
    ) {
      $0.segment(from: .server, [.rst, .ack], after: 0.003)
    },
    Sequel(
      "a close on the ClientHello",
      after: .hello,
      is: [.certificateServerKeyUnusable, .tlsVersionOrCipherMismatch, .unknown]
    ) {
      $0.segment(from: .server, .ack, after: 0.003)
      $0.segment(from: .server, [.fin, .ack], after: 0.01)
      $0.segment(from: .client, .ack, after: 0.01)
      $0.segment(from: .client, [.fin, .ack], after: 0.01)
    },
    Sequel(
      "the ClientHello is received and not answered",
      after: .hello,
      is: [.serviceCrash, .mtuBlackHole, .firewallBlocked, .unknown, .packetLoss]
    ) {
      $0.segment(from: .server, .ack, after: 0.04)
      $0.segment(from: .client, [.rst, .ack], after: 30.1)
    },
    alert(70, is: [.tlsVersionOrCipherMismatch]),
    alert(86, is: [.tlsVersionOrCipherMismatch]),
    alert(40, is: [.tlsVersionOrCipherMismatch, .certificateServerKeyUnusable]),
    alert(
      80,
      is: [
        .certificateServerKeyUnusable, .unknown, .tlsVersionOrCipherMismatch, .serviceCrash,
      ]
    ),
    Sequel(
      "a reset of the client six seconds after the certificate",
      after: .certificate,
      is: [.certificateUntrusted]
    ) {
      $0.segment(from: .client, [.rst, .ack], after: 6)
    },
    Sequel(
      "the client leaves at the certificate",
      after: .certificate,
      is: [.certificateUntrusted, .probe]
    ) {
      $0.closeBoth(.client, after: 0.3)
    },
    clientsAlert(10, is: [.unknown, .protocolError]),
    clientsAlert(47, is: [.unknown, .protocolError, .tlsVersionOrCipherMismatch]),
    clientsAlert(45, is: [.certificateUntrusted]),
    Sequel(
      "the client does not know the authority",
      after: .certificate,
      is: [.certificateUntrusted]
    ) {
      $0.segment(from: .client, [.psh, .ack], [21, 3, 3, 0, 2, 2, 48], after: 0.1)
      $0.closeBoth(.client, after: 0.001)
    },
  ]

  private static let logins: [Sequel] = [
    Sequel(
      "a reset of the server in the login",
      after: .login,
      is: [.authenticationFailed, .serviceCrash, .unknown, .authorizationDenied]
    ) {
      $0.segment(from: .server, [.rst, .ack], after: 0.05)
    },
    Sequel(
      "a reset of the client in the login",
      after: .login,
      is: [.cleanDisconnect, .unknown, .certificateUntrusted, .probe, .authenticationFailed]
    ) {
      $0.segment(from: .client, [.rst, .ack], after: 3)
    },
    Sequel(
      "a close of the server in the login",
      after: .login,
      is: [.authenticationFailed, .serviceCrash, .unknown, .authorizationDenied]
    ) {
      $0.closeBoth(.server, after: 0.05)
    },
  ]

  /// The client's fatal alert on what the server says with its certificate.
  private static func clientsAlert(_ description: UInt8, is families: Set<Family>) -> Sequel {
    Sequel("alert \(description) on the certificate", after: .certificate, is: families) {
      let alert: [UInt8] = [21, 3, 3, 0, 2, 2, description]
      $0.segment(from: .client, [.psh, .ack], alert, after: 0.01)
      $0.closeBoth(.client, after: 0.001)
    }
  }

  /// The server's fatal alert on the ClientHello.
  private static func alert(_ description: UInt8, is families: Set<Family>) -> Sequel {
    Sequel("alert \(description) on the ClientHello", after: .hello, is: families) {
      let alert: [UInt8] = [21, 3, 3, 0, 2, 2, description]
      $0.segment(from: .server, [.psh, .ack], alert, after: 0.01)
      $0.closeBoth(.server, after: 0.001)
    }
  }
}

extension PacketForge {
  /// A SYN that is refused; the next one has the same number.
  mutating func refuseCall(after delay: Double = 0.5) {
    let first = client.sequence
    segment(from: .client, .syn, after: delay, sequence: first)
    segment(from: .server, [.rst, .ack], sequence: 0, acknowledgment: first &+ 1)
  }

  /// A FIN of each side, without the acknowledgments between.
  fileprivate mutating func closeBoth(_ side: Side, after delay: Double = 0.01) {
    segment(from: side, [.fin, .ack], after: delay)
    segment(from: side.peer, [.fin, .ack], after: 0.01)
    segment(from: side, .ack, after: 0.01)
  }

  /// The server's X.224 Connection Confirm with what it says of the negotiation.
  fileprivate mutating func confirm(_ negotiation: [UInt8]) {
    let body = [0xD0, 0, 0, 0x12, 0x34, 0] + negotiation
    let header: [UInt8] = [3, 0, 0, UInt8(5 + body.count), UInt8(body.count)]
    segment(from: .server, [.psh, .ack], header + body, after: 0.01)
  }
}
