import Packets
import Streams
import Testing
import Wire

/// Segments in, stream numbers out; the numbers are those that tshark 4.0.17 gave.
struct NumberingCase: CustomTestStringConvertible {
  let testDescription: String
  let steps: [(text: String, stream: Int?)]

  init(_ name: String, _ steps: [(String, Int?)]) {
    testDescription = name
    self.steps = steps.map { (text: $0.0, stream: $0.1) }
  }
}

extension NumberingCase {
  /// A step is its ends, `A>B`, then flags, sequence and acknowledgment number.
  ///
  /// `short` in front: shorter
  /// than its header says. `quote` in front: in an ICMP error; `redirect`: in one that never
  /// counts; `stub`: quoted with 8 octets only.
  static let all = opening + reuse + middle + odd + quoted

  static let opening = [
    NumberingCase(
      "a handshake is one stream",
      [("A>B S 1000", 0), ("B>A SA 5000 1001", 0), ("A>B A 1001 5001", 0)]
    ),
    NumberingCase(
      "same initial number after a reset",
      [("A>B S 1000", 0), ("B>A RA 0 1001", 0), ("A>B S 1000", 0), ("B>A RA 0 1001", 0)]
    ),
    NumberingCase(
      "same initial number after a FIN",
      [("A>B S 1000", 0), ("B>A SA 9 1001", 0), ("A>B FA 1001 10", 0), ("A>B S 1000", 0)]
    ),
    NumberingCase("a plain repeat", [("A>B S 1000", 0), ("A>B S 1000", 0)]),
    NumberingCase(
      "exact duplicates",
      [("A>B S 1000", 0), ("A>B S 1000", 0), ("B>A RA 0 1001", 0), ("B>A RA 0 1001", 0)]
    ),
    NumberingCase(
      "another initial number, nothing between",
      [("A>B S 1000", 0), ("A>B S 2000", 1)]
    ),
    NumberingCase(
      "another initial number after a reset",
      [("A>B S 1000", 0), ("B>A RA 0 1001", 0), ("A>B S 2000", 1), ("B>A RA 0 2001", 1)]
    ),
    NumberingCase(
      "another initial number after a FIN",
      [("A>B S 1000", 0), ("A>B FA 1001 1", 0), ("A>B S 2000", 1)]
    ),
    NumberingCase(
      "only the latest is remembered",
      [("A>B S 1000", 0), ("A>B S 2000", 1), ("A>B S 1000", 2)]
    ),
    NumberingCase(
      "simultaneous open",
      [
        ("A>B S 1000", 0), ("B>A S 5000", 0), ("A>B SA 1000 5001", 0), ("B>A SA 5000 1001", 0),
        ("B>A S 6000", 1),
      ]
    ),
    NumberingCase("SYN-ACK first, then its SYN", [("B>A SA 5000 1001", 0), ("A>B S 1000", 0)]),
    NumberingCase("SYN-ACK first, then another SYN", [("B>A SA 5000 1001", 0), ("A>B S 1001", 1)]),
  ]

  static let reuse = [
    NumberingCase(
      "an old SYN in an established connection",
      [
        ("A>B S 1000", 0), ("B>A SA 5000 1001", 0), ("A>B A 1001 5001", 0), ("A>B S 77", 1),
        ("A>B PA 1001 5001", 1), ("B>A PA 5001 1001", 1),
      ]
    ),
    NumberingCase(
      "a SYN-ACK with another number",
      [("A>B S 1000", 0), ("B>A SA 9000 1001", 0), ("B>A SA 9500 1001", 0)]
    ),
    NumberingCase(
      "the SYN-ACK's number is overwritten: the new one joins",
      [("A>B S 1000", 0), ("B>A SA 9000 1001", 0), ("B>A SA 9500 1001", 0), ("B>A S 9500", 0)]
    ),
    NumberingCase(
      "the SYN-ACK's number is overwritten: the old one does not join",
      [("A>B S 1000", 0), ("B>A SA 9000 1001", 0), ("B>A SA 9500 1001", 0), ("B>A S 9000", 1)]
    ),
    NumberingCase(
      "after a reuse the server begins anew",
      [("A>B S 1000", 0), ("B>A SA 5000 1001", 0), ("A>B S 2000", 1), ("B>A S 7777", 1)]
    ),
    NumberingCase(
      "a SYN from the server's side with its own number",
      [("A>B S 1000", 0), ("B>A SA 5000 1001", 0), ("B>A S 5000", 0)]
    ),
    NumberingCase(
      "a SYN from the server's side with another",
      [("A>B S 1000", 0), ("B>A SA 5000 1001", 0), ("B>A S 5001", 1)]
    ),
    NumberingCase(
      "the number of a reset that answers a SYN joins",
      [("A>B S 1000", 0), ("B>A RA 0 1001", 0), ("B>A S 4294967295", 0)]
    ),
    NumberingCase(
      "another than that of a reset that answers a SYN",
      [("A>B S 1000", 0), ("B>A RA 0 1001", 0), ("B>A S 0", 1)]
    ),
  ]

  static let middle = [
    NumberingCase("data, then the SYN before it", [("A>B PA 500 900", 0), ("A>B S 499", 0)]),
    NumberingCase("data, then a SYN with its number", [("A>B PA 500 900", 0), ("A>B S 500", 1)]),
    NumberingCase(
      "the server's data, then the SYN that it acknowledges",
      [("B>A PA 900 500", 0), ("A>B S 499", 0)]
    ),
    NumberingCase(
      "the server's data, then another SYN",
      [("B>A PA 900 500", 0), ("A>B S 500", 1)]
    ),
    NumberingCase("numbers wrap", [("A>B PA 0 900", 0), ("A>B S 4294967295", 0)]),
    NumberingCase(
      "a reset without ACK says nothing of the other side",
      [("B>A R 900", 0), ("A>B S 12345", 0)]
    ),
    NumberingCase("a reset with ACK does", [("B>A RA 900 500", 0), ("A>B S 12345", 1)]),
  ]

  static let odd = [
    NumberingCase(
      "SYN with other flags counts",
      [("A>B SF 1000", 0), ("A>B SR 2000", 1), ("A>B SEC 3000", 2)]
    ),
    NumberingCase(
      "the same end both ways",
      [("M>M S 1", 0), ("M>M SA 500 2", 0), ("M>M S 500", 0), ("M>M S 2", 1)]
    ),
    NumberingCase(
      "same ports, other address; same address, other port",
      [("A>B S 1000", 0), ("D>B S 1000", 1), ("C>B S 1000", 2), ("B>A SA 1 1001", 0)]
    ),
    NumberingCase("port 0", [("Z>B S 1000", 0), ("A>B S 1000", 1)]),
    NumberingCase(
      "no flags, all flags",
      [("A>B - 1000", 0), ("A>B SAFRPEC 5000 1", 0), ("A>B S 5000", 0), ("A>B S 999", 1)]
    ),
    NumberingCase(
      "shorter than its header says: its number is not kept",
      [("short A>B S 1000", 0), ("A>B S 2000", 0), ("A>B S 3000", 1)]
    ),
    NumberingCase(
      "shorter than its header says: opens anew all the same",
      [("A>B S 1000", 0), ("short A>B S 2000", 1), ("A>B S 3000", 1)]
    ),
  ]

  static let quoted = [
    NumberingCase("a quote of unknown ends opens", [("quote A>B S 1000", 0), ("A>B S 2000", 0)]),
    NumberingCase("a quote of a known SYN joins", [("A>B S 1000", 0), ("quote A>B S 1000", 0)]),
    NumberingCase(
      "a quote of another SYN opens",
      [("A>B S 1000", 0), ("quote A>B S 2000", 1), ("A>B S 3000", 1)]
    ),
    NumberingCase("quoted twice", [("quote A>B S 1000", 0), ("quote A>B S 1000", 0)]),
    NumberingCase(
      "quoted data of unknown ends opens",
      [("quote A>B PA 1000 1", 0), ("A>B S 77", 0), ("A>B S 78", 1)]
    ),
    NumberingCase(
      "eight octets of a quote open nothing",
      [("stub A>B S 1000", nil), ("A>B S 1000", 0), ("stub A>B S 2000", 0)]
    ),
    NumberingCase(
      "a redirect opens nothing",
      [("redirect A>B S 1000", nil), ("A>B S 1000", 0), ("redirect A>B S 2000", 0)]
    ),
  ]
}

@Suite struct FlowTableTests {
  /// What may stand in front of a step.
  private static let marks = ["short", "quote", "redirect", "stub"]
  private static let ends: [Character: Endpoint] = [
    "A": Endpoint(address: IPAddress(ipv4: 0x0A00_0001), port: 40_000),
    "B": Endpoint(address: IPAddress(ipv4: 0x0A00_0002), port: 3389),
    "C": Endpoint(address: IPAddress(ipv4: 0x0A00_0001), port: 40_001),
    "D": Endpoint(address: IPAddress(ipv4: 0x0A00_0003), port: 40_000),
    "M": Endpoint(address: IPAddress(ipv4: 0x0A00_0009), port: 3389),
    "Z": Endpoint(address: IPAddress(ipv4: 0x0A00_0001), port: 0),
  ]

  @Test(arguments: NumberingCase.all)
  func streamsAreNumberedAsByWireshark(_ numbering: NumberingCase) throws {
    var table = FlowTable()
    for (index, step) in numbering.steps.enumerated() {
      let moment = Moment(frame: index + 1, time: Timestamp(nanoseconds: Int64(index)))
      #expect(try stream(step.text, in: &table, at: moment) == step.stream, "step \(index)")
    }
  }

  private func stream(_ text: String, in table: inout FlowTable, at moment: Moment) throws -> Int? {
    var words = text.split(separator: " ")[...]
    let mark = Self.marks.first { words.first.map(String.init) == $0 }
    if mark != nil { words.removeFirst() }
    let pair = words.removeFirst()
    let sender = try #require(Self.ends[pair.first ?? "?"])
    let receiver = try #require(Self.ends[pair.last ?? "?"])
    let segment = header(
      words.joined(separator: " "),
      from: sender,
      to: receiver,
      isHeaderWhole: mark != "short"
    )
    if mark == nil || mark == "short" {
      let hit = table.find(segment, from: sender.address, to: receiver.address, moment: moment) {
        _ in 0
      }
      return table[hit.index].stream
    }
    let quoted = QuotedSegment(
      source: sender.address,
      destination: receiver.address,
      protocolNumber: 6,
      timeToLive: 64,
      sourcePort: sender.port,
      destinationPort: receiver.port,
      sequence: segment.sequence,
      flags: mark == "stub" ? nil : segment.flags
    )
    let hit = table.find(quoted, canOpen: mark != "redirect", moment: moment) { _ in 0 }
    return hit.map { table[$0.index].stream }
  }

  @Test func manyFlowsAreAllFoundAgain() {
    var table = FlowTable()
    let moment = Moment(frame: 1, time: Timestamp(nanoseconds: 0))
    func find(_ index: Int) -> FlowTable.Hit {
      let client = Endpoint(
        address: IPAddress(ipv4: 0x0A00_0000 + UInt32(index)),
        port: UInt16(truncatingIfNeeded: 1024 + index % 60_000)
      )
      let server = Endpoint(address: IPAddress(ipv4: 0xC0A8_0001), port: 3389)
      return table.find(
        header("S \(index)", from: client, to: server),
        from: client.address,
        to: server.address,
        moment: moment
      ) { _ in 0 }
    }
    for index in 0..<20_000 { #expect(find(index).index == index) }
    for index in 0..<20_000 {
      let hit = find(index)
      #expect(hit.index == index)
      #expect(table[hit.index].stream == index)
    }
    #expect(table.flows.count == 20_000)
    #expect(table.foldedCount == 0)
  }

  /// Where a plain segment belongs, and any other with the same ends.
  private struct Places {
    private var table = FlowTable()
    private var hosts = HostTable()
    private var frame = 0
    /// Plain segments whose flow was known.
    private(set) var knownCount = 0

    /// Takes a segment both ways, and gives its stream; each stream is followed once it is known.
    mutating func take(_ text: String, from sender: Endpoint, to receiver: Endpoint) throws -> Int {
      frame += 1
      let moment = Moment(frame: frame, time: Timestamp(nanoseconds: Int64(frame)))
      let segment = header(text, from: sender, to: receiver)
      let known =
        segment.flags.contains(.syn)
        ? nil
        : table.takeKnown(
          try PlainEnds(sender, receiver),
          timeToLive: 64,
          at: moment,
          hosts: &hosts
        )
      let hit = table.find(segment, from: sender.address, to: receiver.address, moment: moment) {
        hosts.index(of: $0)
      }
      if let known {
        knownCount += 1
        #expect(known.connection == hit.index)
        #expect(known.isFromLow == hit.isFromLow)
      }
      table[hit.index].connection = hit.index
      return table[hit.index].stream
    }
  }

  @Test(arguments: NumberingCase.all)
  func aPlainSegmentBelongsWhereAnyOtherDoes(_ numbering: NumberingCase) throws {
    var places = Places()
    for (text, stream) in numbering.steps where !Self.marks.contains(where: text.hasPrefix) {
      let words = text.split(separator: " ", maxSplits: 1)
      let sender = try #require(Self.ends[words[0].first ?? "?"])
      let receiver = try #require(Self.ends[words[0].last ?? "?"])
      guard sender.address.isIPv4, receiver.address.isIPv4 else { continue }
      let found = try places.take(String(words[1]), from: sender, to: receiver)
      // What is left out may have opened streams of its own.
      if numbering.steps.allSatisfy({ step in !Self.marks.contains(where: step.text.hasPrefix) }) {
        #expect(found == stream)
      }
    }
  }

  /// Runs one way, turns, other flows between, a port used again, and ends that are all zeros.
  @Test func plainSegmentsFindTheirFlowInAnyOrder() throws {
    let client = Endpoint(address: IPAddress(ipv4: 0x0A00_0005), port: 50_000)
    let server = Endpoint(address: IPAddress(ipv4: 0x0A00_0001), port: 3389)
    let other = Endpoint(address: IPAddress(ipv4: 0x0A00_0005), port: 3389)
    let zero = Endpoint(address: IPAddress(ipv4: 0), port: 0)
    var places = Places()
    let pairs = [(client, server), (client, other), (zero, zero), (server, other)]
    for (stream, (one, another)) in pairs.enumerated() {
      #expect(try places.take("S 1000", from: one, to: another) == stream)
      #expect(try places.take("SA 5000 1001", from: another, to: one) == stream)
    }
    #expect(places.knownCount == 0)
    var taken = 0
    for step in 0..<64 {
      let stream = step * 7 % 16 / 4
      let (one, another) = pairs[stream]
      for turn in 0...step % 3 {
        taken += 1
        let (sender, receiver) = (step + turn) % 2 == 0 ? (one, another) : (another, one)
        #expect(try places.take("A 1001 5001", from: sender, to: receiver) == stream)
      }
    }
    #expect(places.knownCount == taken)
    #expect(try places.take("S 9000", from: client, to: server) == 4)
    // Until its server was heard, the new stream is for those who ask more of a segment.
    #expect(try places.take("R 9001", from: client, to: server) == 4)
    #expect(places.knownCount == taken)
    #expect(try places.take("SA 7000 9001", from: server, to: client) == 4)
    #expect(try places.take("A 9001 7001", from: client, to: server) == 4)
    #expect(places.knownCount == taken + 1)
  }
}

extension PlainEnds {
  fileprivate init(_ sender: Endpoint, _ receiver: Endpoint) throws {
    let source = try #require(sender.address.ipv4)
    let destination = try #require(receiver.address.ipv4)
    self.init(
      addresses: UInt64(source) << 32 | UInt64(destination),
      ports: UInt32(sender.port) << 16 | UInt32(receiver.port)
    )
  }
}
