import Diagnosis
import Foundation
import RDPMessages
import Reports
import Testing

@Suite struct CatalogueTests {
  /// Causes that captures kept outside the repository show.
  static let recordedOutside: Set = [
    "left_during_login", "restricted_admin_disabled", "kdc_proxy_works", "kdc_proxy_refuses",
  ]
  /// Causes that no capture shows yet.
  ///
  /// One that is recorded makes the test fail until it is taken off the list.
  static let unrecorded: Set = [
    // What a box does to window scaling ends no connection of the lab's systems: they go on, slowly.
    "window_scaling_broken"
  ]
  /// Causes that only the captures of both ends together show, which the tests of both ends hold.
  static let recordedAtBothEnds: Set = ["host_firewall_drop"]

  @Test func idsAreSnakeCaseAndUnique() {
    let ids = Catalogue.all.map(\.id)
    #expect(Set(ids).count == ids.count)
    for id in ids { #expect(id.wholeMatch(of: /[a-z][a-z0-9_]*[a-z0-9]/) != nil, "\(id)") }
  }

  @Test func everyFailureSaysWhatToDoOrWhatWouldSettleIt() {
    for cause in Catalogue.all where cause.family.severity == .failure {
      #expect(
        !cause.remedies.isEmpty || !cause.wouldSettle.isEmpty,
        "\(cause.id)"
      )
      #expect(!cause.title.isEmpty && cause.explanation.hasSuffix("."), "\(cause.id)")
    }
  }

  /// Each rule has a real capture that fires it.
  @Test func everyCauseIsRecorded() throws {
    var fired: Set<String> = []
    for golden in GoldenCase.all {
      let diagnosis = try analyse(golden.capture.path).diagnosis
      fired.formUnion(diagnosis.connections.map(\.verdict.cause.id))
      fired.formUnion(diagnosis.udpConnections.map(\.verdict.cause.id))
      fired.formUnion(diagnosis.attempts.map(\.verdict.cause.id))
    }
    let missing = Set(Catalogue.causes.map(\.id)).subtracting(fired)
    let elsewhere = Self.recordedOutside.union(Self.recordedAtBothEnds)
    #expect(missing == Self.unrecorded.union(elsewhere))
  }

  @Test func thePageIsTheCatalogue() throws {
    let page = capturesFolder.deletingLastPathComponent().appending(path: "Docs/causes.md")
    // Made by `rdpscope causes --markdown > Docs/causes.md`.
    #expect(try String(contentsOf: page, encoding: .utf8) == CatalogueMarkdown.text())
  }

  @Test(arguments: [("0x204", UInt32(516)), ("516", 516), ("204h", 516), ("0X904", 2308)])
  func codesAreReadAsPeopleWriteThem(_ text: String, _ value: UInt32) {
    #expect(ClientCode(text)?.value == value)
  }

  @Test(arguments: ["", "0x", "four", "-1", "0x1_0000_0000", "99999999999"])
  func whatIsNoCodeIsNone(_ text: String) {
    #expect(ClientCode(text) == nil)
  }

  @Test func aCodeHasItsCauses() throws {
    let code = try #require(ClientCode("0x204"))
    let ids = code.causes.map(\.id)
    #expect(ids.contains("port_refused_service_down"))
    #expect(ids.contains("firewall_drop"))
    #expect(!ids.contains("login_refused"))
    #expect(code.meaning == "socket connect() failed")
    #expect(ClientCode("0x5")?.errorInfo?.name == "ERRINFO_DISCONNECTED_BY_OTHER_CONNECTION")
  }

  @Test func theNearestIdIsFound() {
    #expect(Catalogue.nearest(to: "nat_idle_timout")?.id == "nat_idle_timeout")
    #expect(Catalogue.nearest(to: String(repeating: "x", count: 10_000)) != nil)
  }
}
