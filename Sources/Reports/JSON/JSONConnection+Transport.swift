import Streams
import Packets
import Wire
import Timeline

extension JSONConnection {
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
