import RDPMessages
import Testing
import Wire

@Suite struct MCSConnectTests {
  /// What a client says of itself; Zeek and Wireshark read the same.
  struct Client: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    let name: String
    let build: UInt32
    let product: String
    let version: String
    let desktop: String
    let channels: [String]
    let options: [UInt32]
    let clusterFlags: UInt32
    let types: [UInt16]
    let capabilities: UInt16
  }

  static let clients = [
    Client(
      testDescription: "Windows Vista",
      bytes: MCSSamples.rdp6ConnectInitial,
      name: "FROG-POND",
      build: 6000,
      product: "RDP 6.0, Windows Vista",
      version: "5.0-8.1",
      desktop: "1152x864",
      channels: ["rdpdr", "rdpsnd", "drdynvc", "cliprdr"],
      options: [0x8080_0000, 0xC000_0000, 0xC080_0000, 0xC0A0_0000],
      clusterFlags: 0x0D,
      types: [0xC001, 0xC004, 0xC002, 0xC003],
      capabilities: 0x000B
    ),
    Client(
      testDescription: "Windows 11",
      bytes: MCSSamples.windows11ConnectInitial,
      name: "IT-HELP-CLIENT",
      build: 22621,
      product: "RDP 10, Windows 11 22H2",
      version: "10.11",
      desktop: "1024x768",
      channels: ["rdpdr", "rdpsnd", "cliprdr", "drdynvc"],
      options: [0x8080_0000, 0xC000_0000, 0xC0A0_0000, 0xC080_0000],
      clusterFlags: 0x15,
      types: [0xC001, 0xC004, 0xC002, 0xC003, 0xC006, 0xC00A],
      capabilities: 0x0F2F
    ),
  ]

  @Test(arguments: clients) func clientIsWhatOthersRead(_ expected: Client) throws {
    let initial = try connectInitial(expected.bytes)
    #expect(initial.targetParameters.maxChannelIDs == 34)
    #expect(initial.minimumParameters.maxMCSPDUSize == 1056)
    #expect(initial.maximumParameters.maxUserIDs == 64535)
    let blocks = initial.blocks
    #expect(blocks.problems == [] && blocks.types == expected.types)
    let core = try #require(blocks.core)
    #expect(core.clientName == expected.name)
    #expect(core.clientBuild.rawValue == expected.build)
    #expect(core.clientBuild.product == expected.product)
    #expect(core.version.name == expected.version)
    #expect("\(core.desktopWidth)x\(core.desktopHeight)" == expected.desktop)
    #expect(core.bitsPerPixel == 32)
    #expect(core.keyboardLayout.name == "English - United States")
    #expect(core.keyboardType == 4 && core.keyboardFunctionKeys == 12)
    #expect(core.earlyCapabilityFlags?.rawValue == expected.capabilities)
    #expect(core.serverSelectedProtocol?.isStandardRDPSecurity == true)
    #expect(blocks.network?.channels.map(\.name) == expected.channels)
    #expect(blocks.network?.channels.map(\.options) == expected.options)
    #expect(blocks.cluster?.flags == expected.clusterFlags)
    #expect(blocks.cluster?.supportsRedirection == true)
    #expect(blocks.cluster?.redirectedSessionID == nil)
    #expect(blocks.security?.encryptionMethods.rawValue == 0x1B)
    #expect(blocks.security?.encryptionMethods.names == ["40bit", "56bit", "128bit", "fips"])
  }

  @Test func optionsHaveNames() throws {
    let channels = try connectInitial(MCSSamples.rdp6ConnectInitial).blocks.network?.channels
    #expect(
      channels?.first?.optionNames == [
        "CHANNEL_OPTION_INITIALIZED", "CHANNEL_OPTION_COMPRESS_RDP",
      ]
    )
    let core = try connectInitial(MCSSamples.windows11ConnectInitial).blocks.core
    #expect(core?.connectionTypeName == "lan")
    #expect(core?.earlyCapabilityFlags?.contains(.supportsErrorInfo) == true)
    #expect(core?.digitalProductID == "83784cc8-01a6-4d95-98c8-38f8fae")
  }

  /// What a server says of itself.
  struct Server: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    let version: String
    let requested: [String]?
    let level: String
    let keyBits: Int
    let messageChannel: UInt16?
  }

  static let servers = [
    Server(
      testDescription: "Windows Server 2003",
      bytes: MCSSamples.proprietaryConnectResponse,
      version: "5.0-8.1",
      requested: ["rdp"],
      level: "high",
      keyBits: 512,
      messageChannel: nil
    ),
    Server(
      testDescription: "Windows Server 2022",
      bytes: MCSSamples.windows2022ConnectResponse,
      version: "10.9",
      requested: ["rdp"],
      level: "client compatible",
      keyBits: 2048,
      messageChannel: 1008
    ),
  ]

  @Test(arguments: servers) func serverIsWhatOthersRead(_ expected: Server) throws {
    let response = try connectResponse(expected.bytes)
    #expect(response.result == .successful && response.conferenceResult == 0)
    #expect(response.parameters.maxMCSPDUSize == 65528)
    let blocks = response.blocks
    #expect(blocks.problems == [])
    #expect(blocks.core?.version.name == expected.version)
    #expect(blocks.core?.clientRequestedProtocols?.names == expected.requested)
    #expect(blocks.network?.ioChannelID == 1003)
    #expect(blocks.network?.channelIDs == [1004, 1005, 1006, 1007])
    #expect(blocks.messageChannelID == expected.messageChannel)
    let security = try #require(blocks.security)
    #expect(security.method == .rc4With128Bits && security.level.name == expected.level)
    #expect(security.random.count == 32)
    let certificate = try #require(security.certificate)
    #expect(!certificate.isTemporary)
    guard case .proprietary(let key) = certificate.kind else {
      Issue.record("not proprietary")
      return
    }
    #expect(key.bitCount == expected.keyBits && key.exponent == 65537)
    #expect(key.modulus.count == expected.keyBits / 8)
  }

  static let samples = clients.map(\.bytes) + servers.map(\.bytes)

  @Test(arguments: samples) func everyPrefixIsTruncated(_ sample: [UInt8]) throws {
    for count in 0..<sample.count {
      do {
        try decode(Array(sample[..<count]))
        Issue.record("\(count) octets decode")
      } catch let error as DecodeError {
        guard case .truncated = error.reason else {
          Issue.record("\(count) octets: \(error)")
          continue
        }
        #expect(0...count ~= error.offset)
      }
    }
  }

  /// The outer lengths say that all is there, and it ends anywhere inside the blocks.
  @Test(arguments: samples) func everyPrefixOfTheBlocksKeepsTheOthers(_ sample: [UInt8]) throws {
    let isClient = sample[1] == 101
    let start =
      try #require(
        sample.indices.first { sample[$0...].starts(with: (isClient ? "Duca" : "McDn").utf8) }
      ) + 6
    for count in start..<sample.count {
      let cut = try relengthened(sample, to: count)
      let types: [UInt16]
      let problems: [DecodeError]
      if isClient {
        let blocks = try connectInitial(cut).blocks
        (types, problems) = (blocks.types, blocks.problems)
      } else {
        let blocks = try connectResponse(cut).blocks
        (types, problems) = (blocks.types, blocks.problems)
      }
      let whole = try blockEnds(sample, from: start)
      #expect(problems.isEmpty == (count == start || whole.contains(count)), "\(count)")
      #expect(types.count == whole.count { $0 <= count })
    }
  }

  @Test(arguments: samples) func flippedOctetsDecodeOrThrow(_ sample: [UInt8]) {
    for index in sample.indices {
      for mask: UInt8 in [0x01, 0x80, 0xFF] {
        var damaged = sample
        damaged[index] ^= mask
        do {
          try decode(damaged)
        } catch let error as DecodeError {
          #expect(0...sample.count ~= error.offset)
        } catch {
          Issue.record("\(error)")
        }
      }
    }
  }

  private func connectInitial(_ bytes: [UInt8]) throws -> MCSConnectInitial {
    var reader = ByteReader(bytes, layer: .mcs)
    return try MCSConnectInitial(decoding: &reader)
  }

  private func connectResponse(_ bytes: [UInt8]) throws -> MCSConnectResponse {
    var reader = ByteReader(bytes, layer: .mcs)
    return try MCSConnectResponse(decoding: &reader)
  }

  private func decode(_ bytes: [UInt8]) throws {
    if 1 < bytes.count, bytes[1] == 102 {
      _ = try connectResponse(bytes)
    } else {
      _ = try connectInitial(bytes)
    }
  }

  /// Where each block ends.
  private func blockEnds(_ sample: [UInt8], from start: Int) throws -> [Int] {
    var ends: [Int] = []
    var at = start
    while at < sample.count {
      at += Int(sample[at + 2]) | Int(sample[at + 3]) << 8
      ends.append(at)
    }
    return ends
  }

  /// A copy of `count` octets whose outer lengths are those of what is left.
  private func relengthened(_ sample: [UInt8], to count: Int) throws -> [UInt8] {
    var bytes = Array(sample[..<count])
    let missing = sample.count - count
    let isClient = sample[1] == 101
    let key = try #require(
      bytes.indices.first { bytes[$0...].starts(with: (isClient ? "Duca" : "McDn").utf8) }
    )
    let userData = try #require(
      bytes.indices.first { bytes[$0...].starts(with: [0, 5, 0, 20, 124, 0, 1]) }
    )
    for at in [3, userData - 2, key + 4] {
      let length = Int(bytes[at]) << 8 | Int(bytes[at + 1])
      let flags = at == key + 4 ? 0x8000 : 0
      let left = (length & ~flags) - missing | flags
      bytes[at] = UInt8(left >> 8)
      bytes[at + 1] = UInt8(left & 0xFF)
    }
    return bytes
  }
}
