import RDPMessages
import Streams
import TLSMessages
import Timeline
import Wire

extension JSONConnection {
  static func writeSettings(_ mcs: MCSFacts, _ json: inout JSONWriter) {
    json.key("clientInfo")
    if let blocks = mcs.connectInitial?.message.blocks {
      json.object { writeClient(blocks, &$0) }
    } else {
      json.value(nil as String?)
    }
    json.key("serverInfo")
    if let response = mcs.connectResponse?.message {
      json.object { writeServer(response, mcs, &$0) }
    } else {
      json.value(nil as String?)
    }
  }

  private static func writeClient(_ blocks: ClientDataBlocks, _ json: inout JSONWriter) {
    let core = blocks.core
    json.key("name")
    json.value(core?.clientName)
    json.key("build")
    json.value(core.map { Int($0.clientBuild.rawValue) })
    json.key("product")
    json.value(core?.clientBuild.product)
    json.key("version")
    json.value(core?.version.name)
    json.key("keyboardLayout")
    json.value(core?.keyboardLayout.name)
    json.key("desktop")
    json.value(core.map { "\($0.desktopWidth)x\($0.desktopHeight)" })
    json.key("colorDepth")
    json.value(core?.bitsPerPixel)
    json.key("channels")
    json.value(blocks.network?.channels.map(\.name) ?? [])
    json.key("channelOptions")
    json.value(blocks.network?.channels.map { hexadecimal($0.options) } ?? [])
    json.key("user")
    json.value(nil as String?)
    json.key("domain")
    json.value(nil as String?)
    json.key("encryptionMethods")
    json.value(blocks.security?.encryptionMethods.names ?? [])
    json.key("capabilities")
    json.value(core?.earlyCapabilityFlags?.names ?? [])
    json.key("connectionType")
    json.value(core?.connectionTypeName)
    json.key("productID")
    json.value(core?.digitalProductID.flatMap { $0.isEmpty ? nil : $0 })
    json.key("monitors")
    json.value(
      blocks.monitors?.monitors.map {
        "\(Int64($0.right) - Int64($0.left) + 1)x\(Int64($0.bottom) - Int64($0.top) + 1)"
      } ?? []
    )
    json.key("clusterFlags")
    json.value(blocks.cluster.map { hexadecimal($0.flags) })
    json.key("redirectedSession")
    json.value(blocks.cluster?.redirectedSessionID.map(Int.init))
    json.key("multitransport")
    json.value(blocks.multitransport?.names ?? [])
  }

  private static func writeServer(
    _ response: MCSConnectResponse,
    _ mcs: MCSFacts,
    _ json: inout JSONWriter
  ) {
    let blocks = response.blocks
    json.key("version")
    json.value(blocks.core?.version.name)
    json.key("encryptionMethod")
    json.value(blocks.security?.method.names.joined(separator: ","))
    json.key("encryptionLevel")
    json.value(blocks.security?.level.name)
    json.key("decrypted")
    json.value(mcs.decryption.isDecrypted)
    json.key("channels")
    json.value((blocks.network?.channelIDs ?? []).map(Int.init))
    json.key("joined")
    json.value(mcs.joined.map(Int.init))
    json.key("result")
    json.value(response.result.name)
    json.key("refusal")
    json.value(mcs.refusal?.message.name)
    json.key("requestedProtocols")
    json.value(blocks.core?.clientRequestedProtocols?.names ?? [])
    json.key("multitransport")
    json.value(blocks.multitransport?.names ?? [])
    writeCertificate(blocks.security?.certificate, mcs.certificates, &json)
    json.key("licensing")
    json.array(mcs.licensing) { json, message in
      json.object {
        $0.key("frame")
        $0.value(message.moment.frame)
        $0.key("by")
        $0.value(message.side.rawValue)
        $0.key("message")
        $0.value(message.message.type.name)
        $0.key("error")
        $0.value(message.message.error?.name)
      }
    }
  }

  private static func writeCertificate(
    _ certificate: ServerCertificate?,
    _ chain: [CertificateFacts],
    _ json: inout JSONWriter
  ) {
    json.key("certificate")
    guard let certificate else { return json.value(nil as String?) }
    json.object { json in
      json.key("kind")
      switch certificate.kind {
      case .proprietary(let key):
        json.value("proprietary")
        json.key("keyBits")
        json.value(key.bitCount)
      case .x509:
        json.value("x509")
        json.key("keyBits")
        json.value(chain.first?.keyBits)
      }
      json.key("temporary")
      json.value(certificate.isTemporary)
      json.key("chain")
      json.array(chain) { write($1, &$0) }
    }
  }

  private static func hexadecimal(_ value: UInt32) -> String {
    "0x" + String(value, radix: 16)
  }
}
