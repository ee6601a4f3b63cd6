import ChainValidation
import TLSMessages
import Testing
import Wire

@Suite struct ChainValidatorTests {
  /// What a server sends, seen when, against which roots.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let chain: [String]
    var roots = [Chain.root]
    var year = 2027
    var serverName: String? = "rdp.example"
    var address = "198.51.100.7"
    let problems: [CertificateProblem]
    let isTrusted: Bool?
  }

  static let cases = [
    Case(
      testDescription: "a whole chain",
      chain: [Chain.server, Chain.issuer],
      problems: [],
      isTrusted: true
    ),
    Case(
      testDescription: "the root sent along",
      chain: [Chain.server, Chain.issuer, Chain.root],
      problems: [],
      isTrusted: true
    ),
    Case(
      testDescription: "the issuer left out",
      chain: [Chain.server],
      problems: [.unknownIssuer],
      isTrusted: false
    ),
    Case(
      testDescription: "another authority's roots",
      chain: [Chain.server, Chain.issuer],
      roots: [Chain.selfSigned],
      problems: [.unknownIssuer],
      isTrusted: false
    ),
    Case(
      testDescription: "signed by a server",
      chain: [Chain.belowServer, Chain.server, Chain.issuer],
      serverName: "below.example",
      problems: [.chainRejected],
      isTrusted: false
    ),
    Case(
      testDescription: "expired when it was sent",
      chain: [Chain.server, Chain.issuer],
      year: 2040,
      problems: [.expired],
      isTrusted: true
    ),
    Case(
      testDescription: "not yet valid, and from nobody",
      chain: [Chain.server],
      year: 2020,
      problems: [.notYetValid, .unknownIssuer],
      isTrusted: false
    ),
    Case(
      testDescription: "another name",
      chain: [Chain.server, Chain.issuer],
      serverName: "other.example",
      problems: [.serverNameMismatch],
      isTrusted: true
    ),
    Case(
      testDescription: "a name under the star",
      chain: [Chain.server, Chain.issuer],
      serverName: "HOST.lab.example.",
      problems: [],
      isTrusted: true
    ),
    Case(
      testDescription: "two labels under the star",
      chain: [Chain.server, Chain.issuer],
      serverName: "a.b.lab.example",
      problems: [.serverNameMismatch],
      isTrusted: true
    ),
    Case(
      testDescription: "by address",
      chain: [Chain.server, Chain.issuer],
      serverName: nil,
      address: "192.0.2.20",
      problems: [],
      isTrusted: true
    ),
    Case(
      testDescription: "by an address that is not in it",
      chain: [Chain.server, Chain.issuer],
      serverName: nil,
      problems: [.addressMismatch],
      isTrusted: true
    ),
    Case(
      testDescription: "self-signed and weak",
      chain: [Chain.selfSigned],
      serverName: "old-host",
      problems: [.selfSigned, .weakKey, .weakSignature],
      isTrusted: false
    ),
    Case(
      testDescription: "self-signed and among the roots",
      chain: [Chain.selfSigned],
      roots: [Chain.root, Chain.selfSigned],
      serverName: "old-host",
      problems: [.weakKey, .weakSignature],
      isTrusted: true
    ),
    Case(
      testDescription: "no roots",
      chain: [Chain.server, Chain.issuer],
      roots: [],
      problems: [],
      isTrusted: nil
    ),
  ]

  @Test(arguments: cases) func problemsAreTheExpected(_ example: Case) async throws {
    let time = try #require(
      CalendarTime(year: example.year, month: 6, day: 1, hour: 12, minute: 0, second: 0)
    )
    var validator = ChainValidator(name: "test") {
      Array(example.roots.joined(separator: "\n").utf8)
    }
    let chain = example.chain.flatMap { PEMBundle(Array($0.utf8)).certificates }
    #expect(chain.count == example.chain.count)
    let facts = CertificateFacts(der: try #require(chain.first)[...])
    let trust = await validator.trust(chain, facts: facts, at: time)
    let validation = CertificateValidation(
      facts,
      at: time,
      serverName: example.serverName,
      address: example.address,
      trust: trust
    )
    #expect(validation.problems == example.problems)
    #expect(validation.isTrusted == example.isTrusted)
    #expect(validation.roots == (example.roots.isEmpty ? nil : "test"))
    #expect((validation.reason != nil) == (example.problems == [.chainRejected]))
  }

  @Test func pathGoesFromTheServerToItsRoot() async throws {
    var validator = ChainValidator(name: "test") { Array(Chain.root.utf8) }
    let chain = [Chain.server, Chain.issuer].flatMap { PEMBundle(Array($0.utf8)).certificates }
    let facts = CertificateFacts(der: chain[0][...])
    let trust = await validator.trust(chain, facts: facts, at: try #require(facts.notBefore))
    #expect(
      trust?.path == ["CN=rdp.example", "CN=Issuer,O=rdpscope tests", "CN=Root,O=rdpscope tests"]
    )
  }

  /// Every cut and every flipped octet of a chain is an answer, not a trap.
  @Test func damagedCertificatesAreAnswered() async throws {
    let whole = [Chain.server, Chain.issuer].flatMap { PEMBundle(Array($0.utf8)).certificates }
    var validator = ChainValidator(name: "test") { Array(Chain.root.utf8) }
    let time = try #require(CertificateFacts(der: whole[0][...]).notBefore)
    for index in whole[0].indices {
      var flipped = whole[0]
      flipped[index] ^= 0x41
      for own in [flipped, Array(whole[0][..<index])] {
        let facts = CertificateFacts(der: own[...])
        let trust = await validator.trust([own, whole[1]], facts: facts, at: time)
        #expect(trust?.isTrusted != true, "octet \(index)")
      }
    }
  }

  @Test func oddBlocksOfABundleAreLeftOut() {
    let text = """
      # a comment
      -----BEGIN CERTIFICATE-----
      !!!!
      -----END CERTIFICATE-----
      -----BEGIN CERTIFICATE-----
      AQIDBAU=
      -----END CERTIFICATE-----
      -----BEGIN CERTIFICATE-----
      AQIDBA==
      -----END CERTIFICATE-----
      -----BEGIN CERTIFICATE-----
      AQID
      """
    #expect(PEMBundle(Array(text.utf8)).certificates == [[1, 2, 3, 4, 5], [1, 2, 3, 4]])
    #expect(PEMBundle([]).certificates.isEmpty)
  }
}
