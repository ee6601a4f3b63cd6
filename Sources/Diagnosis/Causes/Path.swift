let pathCauses = [
  Cause(
    id: "rst_injection",
    family: .middleboxReset,
    title: "a reset that neither end sent ended the connection",
    explanation:
      "The reset carries one end's address but not its other marks: a firewall, an intrusion "
      + "prevention system or a balancer on the way made it.",
    necessary: [[.resetForged, .resetInjected]],
    supporting: [.manyEndedAtOnce],
    excluding: [.silenceBeforeReset, .resetSentByHost],
    remedies: [
      Remedy(
        "on firewalls and intrusion prevention between",
        "look for a session reset at this second, and exempt RDP between these hosts"
      )
    ],
    clientCodes: ["0x404", "0x904", "connection reset by peer"],
    wouldSettle: ["a capture at the other end: if that end did not send the reset, a device did"]
  ),
  Cause(
    id: "mtu_black_hole",
    family: .mtuBlackHole,
    title: "large packets vanish on the way, small ones pass",
    explanation:
      "Segments of full size are repeated without ever being acknowledged while smaller ones get "
      + "through: a tunnel or VPN on the way has a smaller MTU, and the ICMP message that would say "
      + "so is lost, or not heeded.",
    necessary: [
      [.largeSegmentsLost, .largeSegmentMissing, .tooLargeByICMP],
      [.smallSegmentsPass, .tooLargeByICMP],
    ],
    supporting: [.clientUnanswered, .serverUnanswered, .lossBetween],
    contradicting: [.allArrived],
    remedies: [
      Remedy(
        "on the client",
        "lower the MTU of the VPN's interface",
        command: "netsh interface ipv4 set subinterface \"VPN\" mtu=1350 store=persistent"
      ),
      Remedy(
        "on the VPN gateway",
        "clamp the TCP MSS, and let ICMP \"fragmentation needed\" through"
      ),
    ],
    clientCodes: ["0x4", "0x904"],
    wouldSettle: [
      "`ping -f -l 1372 SERVER` with falling sizes: the first that passes is the MTU less 28"
    ]
  ),
  Cause(
    id: "packet_loss_or_cable",
    family: .packetLoss,
    title: "so many packets are lost that the connection fails",
    explanation:
      "Packets of every size are lost, what is sent is repeated at ever longer intervals, and in the "
      + "end nothing gets through.",
    necessary: [[.lossToTheEnd, .pathBroke]],
    supporting: [.clientUnanswered, .serverUnanswered, .lossBetween],
    contradicting: [.allArrived, .silenceBeforeLoss],
    excluding: [.largeSegmentsLost],
    remedies: [
      Remedy("on the way", "look at cable, Wi-Fi signal, switch port errors and duplex"),
      Remedy(
        "on both ends",
        "see whether the network card counts errors, and update its driver",
        command: "netsh interface ipv4 show subinterfaces"
      ),
    ],
    clientCodes: ["0x404", "0x304", "0x904", "2308"],
    wouldSettle: ["a capture at the other end: which packets never arrived"]
  ),
  Cause(
    id: "one_way_path",
    family: .packetLoss,
    title: "one direction of the way broke: what one end sends no longer arrives",
    explanation:
      "One end is still heard, repeating what the other has acknowledged long ago, and acknowledges "
      + "nothing that the other repeats. The host is alive; packets towards it are dropped.",
    necessary: [[.heardInVain]],
    supporting: [.clientUnanswered, .serverUnanswered, .lossBetween],
    excluding: [.largeSegmentsLost, .requestLost, .windowStaysClosed],
    remedies: [
      Remedy(
        "on firewalls and routers between",
        "look for a change of route, a failover or an expired entry at this second: one that sees "
          + "only half of a connection drops it"
      ),
      Remedy("on the VPN or Wi-Fi of the end that still hears", "see whether its sending works"),
    ],
    clientCodes: ["0x404", "0x304", "0x904", "2308"],
    wouldSettle: ["a capture at the other end: which packets never arrived"]
  ),
  Cause(
    id: "nat_idle_timeout",
    family: .idleTimeoutReset,
    title: "a box on the way forgot the idle connection",
    explanation:
      "Nothing was said for a while, and a NAT, balancer or firewall dropped its record of the "
      + "connection: it answers the next packet with a reset of its own, or drops it without a "
      + "word.",
    necessary: [
      [.silenceBeforeReset, .silenceBeforeLoss, .closedAfterSilence],
      [.resetForged, .resetInjected, .peerAlive, .sameSilence],
    ],
    supporting: [.clientUnanswered, .serverUnanswered, .pathBroke, .heartbeatsMissed],
    contradicting: [.allArrived],
    excluding: [.largeSegmentsLost],
    remedies: [
      Remedy(
        "on the server",
        "keep the connection busy: policy \"Configure keep-alive connection interval\" = 1 minute",
        command: "reg add \"HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows NT\\Terminal Services\" "
          + "/v KeepAliveEnable /t REG_DWORD /d 1 /f"
      ),
      Remedy("on firewalls, balancers and NAT between", "raise the idle timeout for TCP"),
    ],
    clientCodes: ["0x4", "0x404", "0x904", "connection reset by peer"],
    wouldSettle: [
      "a second such ending after the same length of silence",
      "the session table of the firewall: its idle timeout",
    ]
  ),
  Cause(
    id: "window_scaling_broken",
    family: .stalled,
    title: "a box on the way breaks TCP's window scaling",
    explanation:
      "The window scale that one end announces is not the one that the other end gets: it takes the "
      + "windows for far smaller, or far larger, than they are, and the transfer stalls.",
    necessary: [
      [.windowScaleChanged],
      [.windowStaysClosed, .clientUnanswered, .serverUnanswered, .lossToTheEnd],
    ],
    remedies: [
      Remedy("on firewalls and routers between", "update the one that rewrites TCP options"),
      Remedy(
        "on the client",
        "or do without window scaling, and put it back with `=normal` if it does not help",
        command: "netsh int tcp set global autotuninglevel=disabled"
      ),
    ],
    clientCodes: ["0x4", "0x904"]
  ),
]
