let inSessionCauses = [
  Cause(
    id: "client_sleep_half_open",
    family: .staleSessionAfterSleep,
    title:
      "the session had gone stale: the first packet after a long silence is answered by a reset",
    explanation:
      "The connection said nothing for a while, as when the client sleeps; meanwhile the server, or a "
      + "box on the way, gave it up, and answers its next packet with a reset.",
    necessary: [[.silenceBeforeReset]],
    given: [[.resetByServer, .resetByClient]],
    supporting: [.clientWasSilent, .clientWoke],
    excluding: [.resetForged, .resetInjected, .windowStaysClosed],
    remedies: [
      Remedy("on the client", "start a new connection; do not sleep while a session is open"),
      Remedy(
        "on the server",
        "notice dead clients: policy \"Configure keep-alive connection interval\" = 1 minute",
        command: "reg add \"HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows NT\\Terminal Services\" "
          + "/v KeepAliveEnable /t REG_DWORD /d 1 /f"
      ),
    ],
    clientCodes: ["0x4", "connection reset by peer", "0x404"],
    wouldSettle: [
      "the client's power log for the time of the silence", "RdpCoreTS 143 with error 121",
    ]
  ),
  Cause(
    id: "stale_session_blocks_reconnect",
    family: .staleSessionAfterSleep,
    title: "the session of before, which was never ended, stands in the way of the new one",
    explanation:
      "The client lost its session without ending it; the server still holds it, and closes each new "
      + "connection of the client before its session begins.",
    necessary: [[.serverEndedBeforeSession], [.staleSessionBefore]],
    excluding: [.resetForged, .resetInjected],
    remedies: [
      Remedy(
        "on the server",
        "find the old session and end it",
        command: "qwinsta && logoff SESSION"
      ),
      Remedy(
        "on the server",
        "or restart the service",
        command: "Restart-Service TermService -Force"
      ),
      Remedy(
        "by policy on the server",
        "Set time limit for disconnected sessions; Configure keep-alive connection interval"
      ),
    ],
    clientCodes: ["0x4", "connection reset by peer"],
    wouldSettle: ["`qwinsta` on the server: the old session is shown as active"]
  ),
  Cause(
    id: "client_vanished",
    family: .clientSlept,
    title: "the client fell silent: asleep, or cut off",
    explanation: "What the server sends is repeated without an answer until it gives up.",
    necessary: [[.serverUnanswered]],
    given: [[.reachedSession, .reachedCapabilities]],
    supporting: [.clientWasSilent, .allArrived, .clientWoke],
    contradicting: [.peerAlive, .pathBroke, .heardInVain],
    excluding: [.smallSegmentsPass, .tooLargeByICMP, .silenceBeforeReset],
    remedies: [
      Remedy("on the client", "do not sleep while a session is open; check its Wi-Fi and VPN")
    ],
    clientCodes: ["0x4", "0x904"],
    wouldSettle: ["the client's power log", "RdpCoreTS 143 with error 121"]
  ),
  Cause(
    id: "server_vanished",
    family: .hostAsleepOrUnreachable,
    title: "the server fell silent in the middle of the connection",
    explanation:
      "What the client sends is repeated without an answer: the host went to sleep, crashed or was cut off.",
    necessary: [[.clientUnanswered]],
    supporting: [.allArrived, .hostWoke, .heartbeatsMissed],
    contradicting: [.peerAlive, .pathBroke, .heardInVain],
    excluding: [.smallSegmentsPass, .tooLargeByICMP],
    remedies: [
      Remedy("on the server", "see whether it slept or crashed", command: "powercfg /sleepstudy")
    ],
    clientCodes: ["0x4", "0x904", "0x108"],
    wouldSettle: ["the server's System log: Kernel-Power 41 and 42, 6008"]
  ),
  Cause(
    id: "receiver_stalled",
    family: .stalled,
    title: "one end stopped taking data, and that ended the connection",
    explanation:
      "Its receive window closed and never opened again: its program hangs, or is stopped, while its "
      + "system still answers.",
    necessary: [[.windowStaysClosed]],
    excluding: [.resetForged, .resetInjected],
    remedies: [
      Remedy("on the end that stopped", "see why its RDP program does not read: load, or a hang")
    ],
    clientCodes: ["0x4", "0x904"]
  ),
  Cause(
    id: "service_crashed",
    family: .serviceCrash,
    title: "the RDP service died or was stopped",
    explanation:
      "The server ended several connections within a second, or closed this one without a word and "
      + "then refused new ones: its service was gone.",
    necessary: [[.manyEndedAtOnce, .portClosedAfterwards]],
    excluding: [.resetForged, .resetInjected],
    remedies: [
      Remedy(
        "on the server",
        "look for the crash: Application 1000, Service Control Manager 7031 and 7034"
      )
    ],
    clientCodes: ["0x404", "0x904"]
  ),
  Cause(
    id: "unexplained_reset",
    family: .unknown,
    title: "the server ended the connection without a word",
    explanation:
      "The end comes from the server itself, without an ultimatum, an alert or an error before it.",
    necessary: [[.resetByServer, .finishedByServer]],
    excluding: [
      .orderlyPrelude, .resetForged, .resetInjected, .clientHelloUnanswered, .loginRefusedByShape,
      .serverLeftDuringCredSSP, .requestUnanswered, .foreignServer, .silenceBeforeReset,
      .manyEndedAtOnce, .portClosedAfterwards, .sameSilence, .staleSessionBefore,
      .lastWordsMissing, .sequenceRefused,
    ],
    clientCodes: ["0x4", "0x404", "0x904"],
    wouldSettle: [
      "the server's RdpCoreTS/Operational events 131, 142, 102 and 103 of that second",
      "a capture at the server: did it send the reset?",
    ]
  ),
]
