/// What answers at the port, or does not.
let portCauses = [
  Cause(
    id: "ip_conflict_or_changed_address",
    family: .portClosed,
    title: "two machines have the server's address, and the one without RDP answers",
    explanation:
      "Two network cards answer for the same address within moments, and the connection is refused: "
      + "it reached the other machine.",
    necessary: [[.synRefused, .synRefusedFromElsewhere], [.addressTwice]],
    remedies: [
      Remedy(
        "on the network",
        "find the second machine by its hardware address",
        command: "arp -a"
      ),
      Remedy("on the server", "give it an address of its own, fixed or reserved in DHCP"),
    ],
    clientCodes: ["0x204", "516"],
    wouldSettle: ["the server's System log: Tcpip 4199 (address conflict)"]
  ),
  Cause(
    id: "port_refused_service_down",
    family: .portClosed,
    title: "the host is up, but nothing listens on the port",
    explanation:
      "The host itself answers the connection request with a reset: Remote Desktop is off, its "
      + "service is stopped or still starting, or it listens on another port.",
    necessary: [[.synRefused]],
    supporting: [.hostAlive],
    excluding: [.answeredBetween],
    remedies: [
      Remedy(
        "on the server",
        "switch Remote Desktop on",
        command:
          "Set-ItemProperty 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server' fDenyTSConnections 0"
      ),
      Remedy("on the server", "see that the service runs", command: "Get-Service TermService"),
      Remedy(
        "on the server",
        "see which port it listens on",
        command: "netstat -ano | findstr 3389"
      ),
    ],
    clientCodes: ["0x204", "516", "connection refused"],
    wouldSettle: ["`qwinsta` on the server: is rdp-tcp listening?"]
  ),
  Cause(
    id: "non_rdp_peer",
    family: .portNotRDP,
    title: "something else than RDP answers on the port",
    explanation: "The first octets are another protocol's: the address or the port is wrong, or "
      + "another program took the port.",
    necessary: [[.foreignServer]],
    supporting: [.foreignClient],
    remedies: [
      Remedy("on the client", "check address and port"),
      Remedy("on the server", "see who owns the port", command: "netstat -abno"),
    ],
    clientCodes: ["0x1104", "0x904"]
  ),
  Cause(
    id: "scanner",
    family: .probe,
    title: "a probe of the port, not a login",
    explanation:
      "The client speaks another protocol than RDP, names itself as a scanner does, or asks for one "
      + "security protocol after the other. What it is refused it did not want.",
    necessary: [[.foreignClient, .tlsWithoutRequest, .scannersCookie, .enumeratesProtocols]],
    excluding: [.foreignServer, .reachedSession, .reachedCapabilities, .requestUnanswered]
  ),
  Cause(
    id: "health_probe",
    family: .probe,
    title: "a connection test that never meant to log in",
    explanation:
      "The client completes the TCP handshake and closes without a word, as monitors, balancers "
      + "and port scanners do.",
    necessary: [[.noClientData], [.closedByClientAtOnce]]
  ),
  Cause(
    id: "syn_scan",
    family: .probe,
    title: "a scan that only asked whether the port is open",
    explanation:
      "The SYN is answered, and the client resets at once or never says anything again, as half-open "
      + "scans and floods do.",
    necessary: [[.halfOpenScan, .synOnce]]
  ),
  Cause(
    id: "negotiation_probe",
    family: .probe,
    title: "a probe that only asked what the server offers",
    explanation:
      "The client asks for the security protocols and leaves on the answer, before TLS and without "
      + "a refusal.",
    necessary: [[.clientLeftAfterConfirm, .choseWithoutNLA, .clientLeftBeforeConfirm]],
    supporting: [.scannersCookie, .noCookie],
    contradicting: [.namesUser],
    excluding: [.waitedLikeAPerson]
  ),
  Cause(
    id: "user_cancelled_or_prompt",
    family: .cleanDisconnect,
    title: "a person closed the password prompt",
    explanation:
      "After the confirm the client waits as long as a person does, and leaves without starting TLS.",
    necessary: [[.clientLeftAfterConfirm], [.waitedLikeAPerson]],
    excluding: kdcWords
  ),
  Cause(
    id: "max_outstanding_connections",
    family: .connectionLimit,
    title: "connections that never log in keep the server from answering",
    explanation:
      "The request arrives and is not answered, while other connections to the port are open and ask "
      + "for nothing: the server serves only so many at a time before their login.",
    necessary: [[.requestUnanswered], [.manyOutstanding]],
    excluding: [.captureEndsEarly, .resetForged, .resetInjected, .oneDirectionMissing],
    remedies: [
      Remedy("on firewalls before the server", "keep scanners out: they hold the places"),
      Remedy(
        "on the server",
        "or, if event 1006 confirms it, raise the limit and restart",
        command:
          "reg add \"HKLM\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server\" "
          + "/v MaxOutstandingConnections /t REG_DWORD /d 65536 /f"
      ),
    ],
    clientCodes: ["0x4", "0x204"],
    wouldSettle: ["RemoteConnectionManager 1006: too many unfinished connections"]
  ),
  Cause(
    id: "termservice_hung",
    family: .serviceCrash,
    title: "the server's system answers, but its RDP service does not",
    explanation:
      "The host's system acknowledges what the client sends, but the service behind it answers "
      + "nothing: it hangs, is overloaded, or a proxy in front has no server behind it.",
    necessary: [
      [
        .requestUnanswered, .helloUnanswered, .setupUnanswered, .farewellUnanswered,
        .heartbeatsStopped, .inputUnanswered,
      ]
    ],
    supporting: [.manyEndedAtOnce],
    excluding: [.captureEndsEarly, .resetForged, .resetInjected, .oneDirectionMissing],
    remedies: [
      Remedy(
        "on the server",
        "restart the service, then look for the module that hangs it",
        command: "Restart-Service TermService -Force"
      )
    ],
    clientCodes: ["0x4", "0x408", "0x904"],
    wouldSettle: [
      "the server's RdpCoreTS/Operational: event 131 without 65, or 145 with a long time without data",
      "RemoteConnectionManager 1006: too many unfinished connections",
    ]
  ),
]
