import Streams
import Packets
import Wire
import TLSMessages
import Timeline

extension JSONConnection {
  static func writeTLS(_ tls: TLSFacts, _ json: inout JSONWriter) {
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
      json.value(answer?.alpn)
      json.key("ja3")
      json.value(hello?.ja3)
      json.key("ja3s")
      json.value(answer?.ja3s)
      json.key("ja4")
      json.value(hello?.ja4)
      json.key("resumed")
      json.value(tls.isResumed)
      json.key("decrypted")
      json.value(false)
      json.key("certificates")
      json.array(tls.certificates) { write($1, &$0) }
      json.key("alerts")
      json.array(tls.alerts) { json, alert in
        json.object {
          $0.key("frame")
          $0.value(alert.moment.frame)
          $0.key("by")
          $0.value(alert.side.rawValue)
          $0.key("level")
          $0.value(alert.alert.map { $0.isFatal ? "fatal" : "warning" })
          $0.key("description")
          $0.value(alert.alert?.description.name)
          $0.key("inferred")
          $0.value(alert.alert == nil)
        }
      }
    }
  }

  private static func write(_ certificate: CertificateFacts, _ json: inout JSONWriter) {
    json.object {
      $0.key("subject")
      $0.value(certificate.subject)
      $0.key("issuer")
      $0.value(certificate.issuer)
      $0.key("serial")
      $0.value(certificate.serial)
      $0.key("notBefore")
      $0.value(certificate.notBefore?.description)
      $0.key("notAfter")
      $0.value(certificate.notAfter?.description)
      $0.key("keyType")
      $0.value(certificate.keyType)
      $0.key("keyBits")
      $0.value(certificate.keyBits)
      $0.key("signature")
      $0.value(certificate.signature)
      $0.key("sha256")
      $0.value(certificate.sha256)
      $0.key("selfSigned")
      $0.value(certificate.selfSigned)
      $0.key("names")
      $0.value(certificate.names)
    }
  }

  static func writeTCP(_ tcp: TCPConversation, _ json: inout JSONWriter) {
    json.key("tcp")
    json.object { json in
      json.key("rtt")
      json.value(tcp.roundTripTime)
      json.key("retransmissions")
      json.object {
        $0.key("client")
        $0.value(tcp.client.retransmissionCount)
        $0.key("server")
        $0.value(tcp.server.retransmissionCount)
      }
      json.key("outOfOrder")
      json.value(tcp.client.outOfOrderCount + tcp.server.outOfOrderCount)
      json.key("zeroWindow")
      json.value(tcp.client.zeroWindowCount + tcp.server.zeroWindowCount)
      json.key("keepAlives")
      json.value(tcp.client.keepAliveCount + tcp.server.keepAliveCount)
      json.key("mss")
      json.object {
        $0.key("client")
        $0.value(tcp.client.options?.maximumSegmentSize.map(Int.init))
        $0.key("server")
        $0.value(tcp.server.options?.maximumSegmentSize.map(Int.init))
      }
      json.key("windowScale")
      json.object {
        $0.key("client")
        $0.value(tcp.client.options?.windowScale.map(Int.init))
        $0.key("server")
        $0.value(tcp.server.options?.windowScale.map(Int.init))
      }
      json.key("synFrames")
      json.value(tcp.synFrames)
      json.key("finFrames")
      json.value(tcp.finFrames)
      json.key("rstFrames")
      json.value(tcp.rstFrames)
      json.key("omittedFlagFrames")
      json.value(tcp.omittedFlagFrameCount)
    }
  }
}
