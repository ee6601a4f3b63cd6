import Analysis
import Capture
import Diagnosis
import Foundation
import Reports
import Streams
import Testing
import Timeline

/// RDP on a port that nobody named is recognised by its first octets, and then loses nothing of
/// what TCP said before them.
@Suite struct UnlistedPortTests {
  @Test(arguments: GoldenCase.all)
  func recognisedConnectionsAreWhole(_ golden: GoldenCase) throws {
    let path = try golden.capture.path
    let listed = try analyse(path).diagnosis.connections.map(\.connection)
    let unlisted = try CaptureAnalysis(ports: [])
      .run(CaptureFile.open(path, filter: nil), path: path)
      .diagnosis.connections.map(\.connection)
    for found in unlisted {
      let same = try #require(
        listed.first { $0.stream == found.stream && $0.isInsideGateway == found.isInsideGateway }
      )
      #expect(found.client == same.client)
      #expect(found.start == same.start)
      #expect(found.tcp.frameCount == same.tcp.frameCount)
      #expect(found.tcp.copyCount == same.tcp.copyCount)
      #expect(found.tcp.roundTripTime == same.tcp.roundTripTime)
      #expect(found.tcp.client.options == same.tcp.client.options)
      #expect(found.tcp.server.options == same.tcp.server.options)
      #expect(found.tcp.client.retransmissions == same.tcp.client.retransmissions)
      #expect(found.tcp.server.retransmissions == same.tcp.server.retransmissions)
      #expect(found.tcp.resets == same.tcp.resets)
      #expect(found.tcp.client.timeToLive == same.tcp.client.timeToLive)
      #expect(found.ending == same.ending)
      #expect(found.phase == same.phase)
    }
    // Whatever began with a request, and whose beginning was captured, is recognised.
    let expected = listed.filter { $0.sawBeginning && $0.facts.request != nil }.map(\.stream)
    #expect(Set(expected).isSubset(of: unlisted.map(\.stream)))
  }
}
