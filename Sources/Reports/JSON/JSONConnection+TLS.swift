import Decryption
import Streams
import TLSMessages
import Timeline
import Wire

extension JSONConnection {
  static func writeTLS(
    _ facts: MessageFacts,
    _ validation: CertificateValidation?,
    _ json: inout JSONWriter
  ) {
    let tls = facts.tls
    json.key("tls")
    guard tls.firstRecord != nil else { return json.value(nil as String?) }
    let hello = tls.clientHello?.message
    let answer = tls.serverHello?.message
    json.object { json in
      json.key("version")
      json.value(answer?.selectedVersion.name)
      json.key("cipher")
      json.value(answer?.cipherSuite.name)
      json.key("serverName")
      json.value(hello?.serverName)
      json.key("alpn")
      json.value(tls.alpn)
      json.key("ja3s")
      json.value(answer?.ja3s)
      writeOffer(hello?.offer, &json)
      json.key("resumed")
      json.value(tls.isResumed)
      json.key("resumption")
      json.value(tls.resumption?.rawValue)
      json.key("decrypted")
      json.value(tls.decryption.isDecrypted)
      writeDecryption(facts, &json)
      json.key("group")
      json.value(tls.group?.name)
      json.key("keyExchangeBits")
      json.value(tls.serverKeyExchange?.message.primeBitCount)
      json.key("downgraded")
      json.value(answer.map { $0.downgradeSentinel != nil })
      writeHandshake(tls, &json)
      json.key("certificates")
      json.array(tls.certificates) { write($1, &$0) }
      writeValidation(validation, &json)
      json.key("clientCertificates")
      json.array(tls.clientCertificates) { write($1, &$0) }
      writeAlerts(tls.alerts, &json)
    }
  }

  /// What the keys opened; `null` without keys for the connection.
  private static func writeDecryption(_ facts: MessageFacts, _ json: inout JSONWriter) {
    json.key("decryption")
    let decryption = facts.tls.decryption
    guard decryption.isDecrypted || decryption.problem != nil else {
      return json.value(nil as String?)
    }
    json.object { json in
      for (side, tally) in [("client", decryption.client), ("server", decryption.server)] {
        json.key(dynamic: side)
        json.object {
          $0.key("records")
          $0.value(tally.records)
          $0.key("octets")
          $0.value(tally.octets)
          $0.key("undecryptedRecords")
          $0.value(facts.undecryptedRecords(side == "client" ? .client : .server))
        }
      }
      json.key("problem")
      json.value(decryption.problem?.kind.rawValue)
      json.key("problemFrame")
      json.value(decryption.problem?.moment.frame)
    }
  }

  /// What the client offered, and how other tools call such a client.
  private static func writeOffer(_ offer: ClientOffer?, _ json: inout JSONWriter) {
    guard let offer else {
      json.key("ja3")
      json.value(nil as String?)
      json.key("ja4")
      json.value(nil as String?)
      json.key("offered")
      return json.value(nil as String?)
    }
    json.members(of: .offer(offer)) { json in
      json.key("ja3")
      json.value(offer.ja3)
      json.key("ja4")
      json.value(offer.ja4)
      json.key("offered")
      json.object { json in
        json.key("versions")
        json.value(offer.versions.map(\.name))
        json.key("ciphers")
        json.value(offer.cipherSuites.map(\.name))
        json.key("extensions")
        json.value(offer.extensionTypes.map(\.name))
        json.key("groups")
        json.value(offer.supportedGroups.map(\.name))
        json.key("keyShares")
        json.value(offer.keyShareGroups.map(\.name))
        json.key("signatures")
        json.value(offer.signatureAlgorithms.map(\.name))
        json.key("alpn")
        json.value(offer.alpn)
      }
    }
  }

  /// How far the handshake is seen to go.
  private static func writeHandshake(_ tls: TLSFacts, _ json: inout JSONWriter) {
    json.key("helloRetryRequest")
    json.value(tls.helloRetryRequest?.moment.frame)
    json.key("clientCertificateRequest")
    if let request = tls.certificateRequest {
      json.object {
        $0.key("frame")
        $0.value(request.moment.frame)
        $0.key("authorities")
        $0.value(request.message?.authorities ?? [])
      }
    } else {
      json.value(nil as String?)
    }
    json.key("handshake")
    json.array(tls.steps) { json, step in
      json.object {
        $0.key("frame")
        $0.value(step.moment.frame)
        $0.key("by")
        $0.value(step.side.rawValue)
        $0.key("message")
        $0.value(step.message.name)
      }
    }
  }

  private static func writeValidation(
    _ validation: CertificateValidation?,
    _ json: inout JSONWriter
  ) {
    json.key("validation")
    guard let validation else { return json.value(nil as String?) }
    json.object {
      $0.key("result")
      $0.value(validation.result)
      $0.key("problems")
      $0.value(validation.problems.map(\.rawValue))
      $0.key("trusted")
      $0.value(validation.isTrusted)
      $0.key("roots")
      $0.value(validation.roots)
      $0.key("path")
      $0.value(validation.path)
      $0.key("reason")
      $0.value(validation.reason)
    }
  }

  private static func writeAlerts(_ alerts: [AlertFact], _ json: inout JSONWriter) {
    json.key("alerts")
    json.array(alerts) { json, alert in
      json.object {
        $0.key("frame")
        $0.value(alert.moment.frame)
        $0.key("by")
        $0.value(alert.side.rawValue)
        $0.key("level")
        $0.value(alert.alert?.level.name)
        $0.key("description")
        $0.value(alert.alert?.description.name)
        $0.key("meaning")
        $0.value(alert.alert?.description.meaning)
        $0.key("inferred")
        $0.value(alert.alert == nil)
        $0.key("reading")
        $0.value(alert.reading.rawValue)
      }
    }
  }

  static func write(_ certificate: CertificateFacts, _ json: inout JSONWriter) {
    json.object { json in
      json.members(of: .certificate(certificate)) { writeMembers(certificate, &$0) }
    }
  }

  private static func writeMembers(_ certificate: CertificateFacts, _ json: inout JSONWriter) {
    json.key("subject")
    json.value(certificate.subject)
    json.key("issuer")
    json.value(certificate.issuer)
    json.key("serial")
    json.value(certificate.serial)
    json.key("notBefore")
    json.value(certificate.notBefore)
    json.key("notAfter")
    json.value(certificate.notAfter)
    json.key("keyType")
    json.value(certificate.keyType)
    json.key("keyBits")
    json.value(certificate.keyBits)
    json.key("curve")
    json.value(certificate.curve)
    json.key("signature")
    json.value(certificate.signature)
    json.key("sha256")
    json.value(certificate.sha256)
    json.key("selfSigned")
    json.value(certificate.selfSigned)
    json.key("isCA")
    json.value(certificate.isCA)
    json.key("names")
    json.value(certificate.names)
    json.key("keyUsages")
    json.value(certificate.keyUsages)
    json.key("extendedKeyUsages")
    json.value(certificate.extendedKeyUsages)
  }
}
