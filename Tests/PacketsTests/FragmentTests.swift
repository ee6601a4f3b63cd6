import Testing
import Wire

@testable import Packets

struct FragmentTests {
  /// A UDP datagram of 40 octets with its header.
  static let whole = Build.udp((0..<32).map { UInt8($0) })

  /// One fragment of `whole`, by octets.
  static func piece(_ range: Range<Int>, isLast: Bool? = nil, identification: Int = 0x1234)
    -> [UInt8]
  {
    let isLast = isLast ?? (range.upperBound == whole.count)
    var bytes = Build.ipv4(
      17,
      Array(whole[range]),
      fragment: range.lowerBound / 8 | (isLast ? 0 : 0x2000)
    )
    bytes.replaceSubrange(4..<6, with: Build.uint16(identification))
    return bytes
  }

  static func piece6(_ range: Range<Int>) -> [UInt8] {
    let place = range.lowerBound | (range.upperBound == whole.count ? 0 : 1)
    return Build.ipv6(44, hex("1100") + Build.uint16(place) + hex("00000007") + whole[range])
  }

  /// Fragments in; the datagram must come with the last of them, and only then.
  @Test(
    arguments: [
      ("in order", [0..<16, 16..<32, 32..<40]), ("reversed", [32..<40, 16..<32, 0..<16]),
      ("shuffled", [16..<32, 32..<40, 0..<16]), ("duplicated", [0..<16, 0..<16, 32..<40, 16..<32]),
      ("overlapping", [0..<24, 32..<40, 16..<32]), ("contained", [0..<32, 8..<16, 32..<40]),
      ("containing", [8..<16, 32..<40, 0..<32]), ("bridging", [0..<16, 24..<40, 8..<32]),
    ] as [(String, [Range<Int>])]
  )
  func theDatagramComesWithItsLastFragment(_ name: String, _ ranges: [Range<Int>]) throws {
    for pieces in [ranges.map { Self.piece($0) }, ranges.map { Self.piece6($0) }] {
      var decoder = PacketDecoder()
      for piece in pieces.dropLast() {
        let packet = decoder.decode(piece, .raw).packet
        guard case .fragment(let fragment) = packet.content else {
          Issue.record("not a fragment: \(packet.content)")
          return
        }
        #expect(fragment.protocolNumber == 17)
        #expect(packet.problem == nil)
        #expect(!packet.isReassembled)
      }
      let decoded = decoder.decode(try #require(pieces.last), .raw)
      #expect(decoded.packet.isReassembled)
      #expect(decoded.bytes == Self.whole)
      #expect(decoded.datagram?.destinationPort == 3389)
      #expect(decoded.payload == Array(Self.whole[8...]))
      #expect(decoder.reassembler.heldCount == 0)
      #expect(decoder.reassembler.heldOctets == 0)
      #expect(decoder.abandonedDatagramCount == 0)
    }
  }

  @Test func datagramsAreKeptApart() {
    var decoder = PacketDecoder()
    _ = decoder.decode(Self.piece(0..<16, identification: 1), .raw)
    _ = decoder.decode(Self.piece(0..<16, identification: 2), .raw)
    #expect(!decoder.decode(Self.piece(16..<40, identification: 3), .raw).packet.isReassembled)
    #expect(decoder.decode(Self.piece(16..<40, identification: 2), .raw).packet.isReassembled)
    #expect(decoder.reassembler.heldCount == 2)
  }

  @Test func aFragmentSaysWhatItIs() {
    let packet = PacketDecoder().decoded(Self.piece(16..<32)).packet
    #expect(
      packet.content
        == .fragment(
          IPFragment(
            identification: 0x1234,
            protocolNumber: 17,
            offset: 16,
            length: 16,
            isLast: false
          )
        )
    )
  }

  /// An attack: the second fragment rewrites what the first said.
  @Test func aContradictionGivesTheDatagramUp() {
    var decoder = PacketDecoder()
    _ = decoder.decode(Self.piece(0..<24), .raw)
    var second = Self.piece(16..<40)
    second[20] ^= 1
    let packet = decoder.decode(second, .raw).packet
    #expect(packet.problem?.field.description == "fragment overlap")
    #expect(decoder.reassembler.heldCount == 0)
    #expect(decoder.abandonedDatagramCount == 1)
  }

  /// Teardrop: a last fragment that ends inside of the first.
  @Test func aLastFragmentInsideOfTheFirstIsAContradiction() {
    var decoder = PacketDecoder()
    _ = decoder.decode(Self.piece(0..<32), .raw)
    let packet = decoder.decode(Self.piece(8..<16, isLast: true), .raw).packet
    #expect(packet.problem?.field.description == "fragment overlap")
    #expect(decoder.abandonedDatagramCount == 1)
  }

  @Test func octetsBeyondTheLastFragmentAreAContradiction() {
    var decoder = PacketDecoder()
    _ = decoder.decode(Self.piece(8..<16, isLast: true), .raw)
    let packet = decoder.decode(Self.piece(16..<32), .raw).packet
    #expect(packet.problem?.field.description == "fragment overlap")
  }

  /// Ping of death: the fragment ends beyond 65 535 octets.
  @Test func aDatagramCannotOutgrowItsLength() {
    var decoder = PacketDecoder()
    let packet = decoder.decode(Build.ipv4(17, Self.whole, fragment: 0x1FFF), .raw).packet
    #expect(packet.problem?.field.description == "fragment offset")
    #expect(decoder.reassembler.heldCount == 0)
  }

  @Test func fragmentsAge() {
    var decoder = PacketDecoder()
    _ = decoder.decode(Self.piece(0..<16), .raw, seconds: 100)
    #expect(!decoder.decode(Self.piece(16..<40), .raw, seconds: 131).packet.isReassembled)
    #expect(decoder.abandonedDatagramCount == 1)
    #expect(decoder.decode(Self.piece(0..<16), .raw, seconds: 150).packet.isReassembled)
  }

  @Test func timeThatRunsBackwardsIsHarmless() {
    var decoder = PacketDecoder()
    _ = decoder.decode(Self.piece(0..<16), .raw, seconds: 100)
    #expect(decoder.decode(Self.piece(16..<40), .raw, seconds: 1).packet.isReassembled)
  }

  @Test func heldDatagramsAreBounded() {
    var decoder = PacketDecoder()
    for identification in 0..<10_000 {
      _ = decoder.decode(Self.piece(8..<16, identification: identification), .raw)
    }
    #expect(decoder.reassembler.heldCount == FragmentReassembler.maximumDatagrams)
    #expect(decoder.abandonedDatagramCount == 10_000 - FragmentReassembler.maximumDatagrams)
  }

  @Test func heldOctetsAreBounded() {
    var decoder = PacketDecoder()
    for identification in 0..<100 {
      var far = Build.ipv4(17, Self.whole, fragment: 0x1FF0 | 0x2000)
      far.replaceSubrange(4..<6, with: Build.uint16(identification))
      _ = decoder.decode(far, .raw)
      #expect(decoder.reassembler.heldOctets <= FragmentReassembler.maximumOctets)
    }
    #expect(decoder.abandonedDatagramCount > 0)
  }

  @Test func piecesAreBounded() {
    var decoder = PacketDecoder()
    var fields: [String] = []
    for index in 0...FragmentReassembler.maximumPieces {
      let bytes = Build.ipv4(17, Array(repeating: 0, count: 8), fragment: index * 2 | 0x2000)
      if let problem = decoder.decode(bytes, .raw).packet.problem {
        fields.append(problem.field.description)
      }
    }
    #expect(fields == ["fragment"])
    #expect(decoder.reassembler.heldOctets == 0)
  }

  @Test func manyCompletedDatagramsLeaveNothing() {
    var decoder = PacketDecoder()
    _ = decoder.decode(Self.piece(0..<16, identification: 0xFFFF), .raw)
    var completed = 0
    for identification in 0..<9000 {
      _ = decoder.decode(Self.piece(0..<16, identification: identification), .raw)
      let last = decoder.decode(Self.piece(16..<40, identification: identification), .raw)
      completed += last.packet.isReassembled ? 1 : 0
    }
    #expect(completed == 9000)
    #expect(decoder.reassembler.heldCount == 1)
  }

  @Test func emptyFragmentsAreHarmless() {
    var decoder = PacketDecoder()
    _ = decoder.decode(Self.piece(8..<8, isLast: false), .raw)
    _ = decoder.decode(Self.piece(40..<40), .raw)
    #expect(decoder.decode(Self.piece(0..<40, isLast: false), .raw).packet.isReassembled)
  }

  /// Its ports are worth more than a datagram that can never be complete.
  @Test func aCutFirstFragmentShowsItsPorts() {
    var decoder = PacketDecoder()
    let bytes = Self.piece(0..<32)
    let first = decoder.decode(Array(bytes.dropLast(8)), .raw, originalLength: bytes.count)
    #expect(first.datagram?.destinationPort == 3389)
    #expect(first.packet.isCutByCapture)
    let later = Self.piece(32..<40)
    let last = decoder.decode(Array(later.dropLast(4)), .raw, originalLength: later.count).packet
    #expect(last.isCutByCapture)
    #expect(decoder.reassembler.heldCount == 0)
  }

  @Test func tunnelsInsideOfFragmentsAreFollowed() {
    let inner = Build.ipv4(6, Build.tcp(Sample.payload))
    let pieces = [inner.prefix(24), inner.dropFirst(24)]
    var decoder = PacketDecoder()
    _ = decoder.decode(Build.ipv4(4, Array(pieces[0]), fragment: 0x2000), .raw)
    let decoded = decoder.decode(Build.ipv4(4, Array(pieces[1]), fragment: 3), .raw)
    #expect(decoded.payload == Sample.payload)
    #expect(decoded.packet.tunnels == .ipInIP)
    #expect(decoded.packet.isReassembled)
  }
}

extension PacketDecoder {
  fileprivate func decoded(_ bytes: [UInt8]) -> Decoded {
    var copy = self
    return copy.decode(bytes, .raw)
  }
}
