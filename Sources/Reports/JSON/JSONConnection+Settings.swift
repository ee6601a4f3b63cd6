import RDPMessages
import Streams
import TLSMessages
import Timeline
import Wire

extension JSONConnection {
  static func writeSettings(_ facts: MessageFacts, _ json: inout JSONWriter) {
    let mcs = facts.mcs
    json.key("clientInfo")
    if mcs.connectInitial != nil || facts.session.clientInfo != nil {
      let initial = mcs.connectInitial?.message
      json.object {
        writeClient(initial?.blocks, facts.session.clientInfo?.message, &$0)
        writeDomain(initial, &$0)
      }
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

  private static func writeClient(
    _ blocks: ClientDataBlocks?,
    _ info: ClientInfo?,
    _ json: inout JSONWriter
  ) {
    let core = blocks?.core
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
    json.value(blocks?.network?.channels.map(\.name) ?? [])
    json.key("channelOptions")
    json.value(blocks?.network?.channels.map { hexadecimal($0.options) } ?? [])
    json.key("user")
    json.value(info?.user)
    json.key("domain")
    json.value(info?.domain)
    json.key("credentials")
    json.value(info?.credentials)
    json.key("timeZone")
    json.value(info?.extra?.timeZone?.standardName)
    json.key("ownAddress")
    json.value(info?.extra?.clientAddress)
    json.key("autoReconnect")
    json.value(info?.extra?.hasAutoReconnectCookie)
    json.key("encryptionMethods")
    json.value(blocks?.security?.encryptionMethods.names ?? [])
    json.key("capabilities")
    json.value(core?.earlyCapabilityFlags?.names ?? [])
    json.key("connectionType")
    json.value(core?.connectionTypeName)
    json.key("productID")
    json.value(core?.digitalProductID.flatMap { $0.isEmpty ? nil : $0 })
    json.key("monitors")
    json.value(blocks?.monitors?.monitors.map(\.size) ?? [])
    json.key("monitorScales")
    json.value((blocks?.monitorAttributes?.attributes ?? []).map { Int($0.desktopScaleFactor) })
    json.key("clusterFlags")
    json.value(blocks?.cluster.map { hexadecimal($0.flags) })
    json.key("redirectedSession")
    json.value(blocks?.cluster?.redirectedSessionID.map(Int.init))
    json.key("multitransport")
    json.value(blocks?.multitransport?.names ?? [])
    json.key("selectedProtocol")
    json.value(core?.serverSelectedProtocol.map { $0.names.joined(separator: ",") })
  }

  /// What the client would like of the MCS domain, and the bounds that it takes.
  private static func writeDomain(_ initial: MCSConnectInitial?, _ json: inout JSONWriter) {
    json.key("mcsDomain")
    guard let initial else { return json.value(nil as String?) }
    json.object {
      write("target", initial.targetParameters, &$0)
      write("minimum", initial.minimumParameters, &$0)
      write("maximum", initial.maximumParameters, &$0)
    }
  }

  private static func write(
    _ key: StaticString,
    _ parameters: MCSDomainParameters,
    _ json: inout JSONWriter
  ) {
    json.key(key)
    json.object {
      $0.key("maxChannelIds")
      $0.value(Int(parameters.maxChannelIDs))
      $0.key("maxUserIds")
      $0.value(Int(parameters.maxUserIDs))
      $0.key("maxTokenIds")
      $0.value(Int(parameters.maxTokenIDs))
      $0.key("numPriorities")
      $0.value(Int(parameters.numPriorities))
      $0.key("minThroughput")
      $0.value(Int(parameters.minThroughput))
      $0.key("maxHeight")
      $0.value(Int(parameters.maxHeight))
      $0.key("maxMCSPDUsize")
      $0.value(Int(parameters.maxMCSPDUSize))
      $0.key("protocolVersion")
      $0.value(Int(parameters.protocolVersion))
    }
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
    json.key("ioChannel")
    json.value(blocks.network.map { Int($0.ioChannelID) })
    json.key("messageChannel")
    json.value(blocks.messageChannelID.map(Int.init))
    json.key("joined")
    json.value(mcs.joined.map(Int.init))
    json.key("result")
    json.value(response.result.name)
    json.key("conferenceResult")
    json.value(Int(response.conferenceResult))
    json.key("refusal")
    json.value(mcs.refusal?.message.name)
    json.key("requestedProtocols")
    json.value(blocks.core?.clientRequestedProtocols?.names ?? [])
    json.key("multitransport")
    json.value(blocks.multitransport?.names ?? [])
    json.key("capabilities")
    json.value(blocks.core?.earlyCapabilities.names ?? [])
    write("mcsDomain", response.parameters, &json)
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
