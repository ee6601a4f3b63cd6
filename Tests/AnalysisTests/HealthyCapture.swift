import Foundation
import Testing

/// The last connection of a capture in which all went well, to be cut off anywhere and continued
/// otherwise.
struct HealthyCapture: CustomTestStringConvertible {
  /// How far a connection went.
  enum Place {
    /// Nothing yet: only the ends are known.
    case start
    /// The client has asked for security protocols.
    case request
    /// The client has said its ClientHello.
    case hello
    /// The server's certificate is there and the client has not answered.
    case certificate
    /// The client's first record under the keys.
    case login
    /// Well into the session: so many hundredths of the packets.
    case share(Int)
    case whole
  }

  let name: String
  /// Its segments, from the SYN on.
  let list: PacketList
  private let frames: [TCPFrame]

  var testDescription: String { name }

  init(_ name: String, contentsOf path: String) throws {
    let segments = try PacketList(contentsOf: path).packets.compactMap { packet in
      TCPFrame(packet.bytes).map { (packet: packet, frame: $0) }
    }
    let first = try #require(segments.lastIndex { $0.frame.flags == .syn })
    let own = segments[first...].filter { $0.frame.isOfConnection(segments[first].frame) }
    var list = PacketList()
    list.packets = own.map(\.packet)
    self.name = name
    self.list = list
    frames = own.map(\.frame)
  }

  /// Captures of the lab, and where they are those of Windows' own client and server.
  static let all: [HealthyCapture] = {
    let own = [
      "healthy-nla-tls12", "healthy-nla-login", "healthy-tls12-closed-by-user", "healthy-ipv6",
    ].compactMap { name in
      GoldenCase.all.first { $0.folder.lastPathComponent == name }.flatMap {
        try? HealthyCapture(name, contentsOf: $0.capture.path)
      }
    }
    guard let outsideFolder else { return own }
    return own
      + [
        "rdp-nla-kerberos-auth1.pcapng", "rdp-no-nla-accepted1.pcapng", "rdp-to-ssl.pcap",
      ].compactMap { try? HealthyCapture($0, contentsOf: outsideFolder + "/" + $0) }
  }()

  /// How many packets there are up to a place.
  func count(upTo place: Place) throws -> Int {
    switch place {
    case .start: 0
    case .request: try index(fromClient: true) { $0.first == 3 } + 1
    case .hello: try index(fromClient: true) { $0.first == 22 } + 1
    case .login: try index(fromClient: true) { $0.first == 23 } + 1
    case .certificate: try endOfCertificates()
    case .share(let hundredths): frames.count * hundredths / 100
    case .whole: frames.count
    }
  }

  /// The connection up to a place, to be continued.
  func forge(upTo place: Place) throws -> PacketForge {
    var forge = PacketForge(between: frames[0])
    let count = try count(upTo: place)
    forge.append(list.packets[..<count])
    if count == 0 { forge.now = list.packets[0].seconds }
    return forge
  }

  /// What follows a place.
  func rest(from place: Place) throws -> ArraySlice<PacketList.Packet> {
    try list.packets[count(upTo: place)...]
  }

  /// The first index of a segment whose payload is so.
  func index(fromClient: Bool, where matches: ([UInt8]) -> Bool) throws -> Int {
    try #require(
      frames.firstIndex {
        ($0.sourcePort == frames[0].sourcePort) == fromClient && 5 < $0.payload.count
          && matches($0.payload)
      }
    )
  }

  private func endOfCertificates() throws -> Int {
    let start = try index(fromClient: false) { $0.first == 22 }
    let answer = try #require(
      frames[start...].firstIndex {
        $0.sourcePort == frames[0].sourcePort && !$0.payload.isEmpty
      }
    )
    return answer
  }
}
