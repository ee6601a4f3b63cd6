/// What keeps a capture from carrying any verdict.
let captureCauses = [
  Cause(
    id: "capture_incomplete",
    family: .captureTruncated,
    title: "the capture lacks what a verdict needs",
    explanation:
      "The connection's beginning, one of its directions or the contents of its packets are not in "
      + "the capture, and what is there does not show how it ended.",
    necessary: [[.beginningMissing, .oneDirectionMissing, .cutBySnapLength, .captureEndsEarly]],
    excluding: [
      .reachedSession, .silenceBeforeReset, .noClientData, .loginRefusedByShape, .resetForged,
      .resetInjected, .clientUnanswered, .serverUnanswered,
    ],
    remedies: [
      Remedy(
        "where you capture",
        "start before the client connects, keep whole packets of both directions",
        command: "tcpdump -i any -s 0 -w rdp.pcap port 3389 or icmp or arp"
      )
    ]
  )
]

/// What is left to say where nothing else fits.
let lastCauses = [
  Cause(
    id: "last_words_missing",
    family: .captureTruncated,
    title: "the capture lacks what was said last",
    explanation:
      "The session was reached and is over; the server's last words, which would say whether it "
      + "ended in order, are not in the capture.",
    necessary: [[.lastWordsMissing]],
    given: [[.reachedSession, .reachedCapabilities]],
    excluding: [.resetForged, .resetInjected, .clientUnanswered, .serverUnanswered],
    remedies: [
      Remedy(
        "where you capture",
        "keep whole packets, and lose none",
        command: "tcpdump -i any -s 0 -B 65536 -w rdp.pcap port 3389 or icmp or arp"
      )
    ]
  )
]
