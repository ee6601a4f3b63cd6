let healthyCauses = [
  Cause(
    id: "session_ended",
    family: .healthy,
    title: "it worked, and ended in order",
    explanation:
      "The session started and was closed in order. A reset by Windows' own client, or by either "
      + "side after the close, is how these connections end.",
    necessary: [[.reachedSession], [.finishedByClient, .orderlyPrelude]],
    supporting: [.finishedByServer, .loggedOn],
    excluding: [
      .farewellUnanswered, .heartbeatsStopped, .alertEndsSession, .lastWordsMissing, .logonFailed,
      .logonNeedsPassword, .redirected,
      .restrictedAdminRefused,
      .resetForged, .resetInjected, .silenceBeforeReset, .manyEndedAtOnce,
      .portClosedAfterwards,
      .windowStaysClosed, .udpFellSilent,
    ] + whatServersSay
  ),
  Cause(
    id: "session_open",
    family: .healthy,
    title: "it worked, and was still working",
    explanation: "The session started and was still alive when the capture ended.",
    necessary: [[.reachedSession], [.stillOpen]],
    supporting: [.loggedOn],
    contradicting: [.inputUnanswered],
    excluding: [
      .lossToTheEnd, .unheardSincePause, .windowStaysClosed, .heartbeatsStopped, .alertEndsSession,
    ]
  ),
  Cause(
    id: "closed_by_client",
    family: .cleanDisconnect,
    title: "the client closed the session",
    explanation:
      "The client ended the session with a reset, as Windows' own client does when its window is "
      + "closed; nothing before it speaks of a fault.",
    necessary: [[.resetByClient]],
    given: [[.reachedSession]],
    supporting: [.loggedOn],
    contradicting: [.inputUnanswered],
    excluding: [
      .logonFailed, .logonNeedsPassword, .redirected,
      .windowStaysClosed, .resetForged, .resetInjected, .silenceBeforeReset, .serverUnanswered,
      .clientUnanswered, .orderlyPrelude, .udpFellSilent, .heartbeatsStopped, .alertEndsSession,
    ] + whatServersSay,
    wouldSettle: [
      "whether the person closed the window, or the client's program died",
      "whether the picture had stood still before: then RdpCoreTS/Operational 145 says for how long the "
        + "server had sent nothing",
    ]
  ),
  Cause(
    id: "closed_before_session",
    family: .cleanDisconnect,
    title: "the client closed it in order before the session began",
    explanation: "The connection got past the login, and the client closed it in order.",
    necessary: [[.reachedCapabilities], [.finishedByClient, .orderlyPrelude, .resetByClient]],
    excluding: [
      .resetForged, .resetInjected, .silenceBeforeReset, .oneDirectionMissing, .beginningMissing,
      .farewellUnanswered, .clientUnanswered, .plainUltimatum, .redirected, .setupUnanswered,
      .sequenceRefused, .alertEndsSession,
      .serverEndedBeforeSession, .udpFellSilent,
    ] + whatServersSay
  ),
]
