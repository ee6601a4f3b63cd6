import RDPMessages

/// What a server says when it ends a connection for a reason: none of it is the end of a session
/// that went well, but for the user's own wish.
let whatServersSay: [EvidenceKind] = ErrorInfo.Kind.allCases.map(EvidenceKind.said)

/// Causes that the server names itself.
let serversWordsCauses = [
  Cause(
    id: "user_disconnect_or_logoff",
    family: .cleanDisconnect,
    title: "the user disconnected or logged off inside the session",
    explanation: "The server says so itself. The session may live on, and the user can come back.",
    necessary: [[.said(.user)], [.reachedSession]],
    supporting: [.loggedOn, .orderlyPrelude],
    excluding: [.restrictedAdminRefused]
  ),
  Cause(
    id: "restricted_admin_disabled",
    family: .authorizationDenied,
    title: "the server does not allow restricted admin mode",
    explanation:
      "The client asks for restricted admin mode and sends no password; the server takes the login, "
      + "starts a session for nobody, and ends it before anyone is logged on.",
    necessary: [[.restrictedAdminRefused]],
    supporting: [.saidUnreadable, .said(.user), .orderlyPrelude],
    remedies: [
      Remedy(
        "on the server",
        "allow restricted admin mode",
        command:
          "reg add HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa /v DisableRestrictedAdmin "
          + "/t REG_DWORD /d 0 /f"
      ),
      Remedy("on the client", "or connect without it", command: "mstsc /v:SERVER"),
    ],
    wouldSettle: [
      "RdpCoreTS/Operational 72: SetErrorInfo(0xB)", "whether the user is an administrator there",
    ]
  ),
  Cause(
    id: "admin_disconnect_or_logoff",
    family: .disconnectedByServer,
    title: "an administrator, or a tool, ended the session",
    explanation: "The server says so itself.",
    necessary: [[.said(.administrator)]],
    remedies: [
      Remedy("on the server", "see who: LocalSessionManager/Operational 39 and 40 of that second")
    ],
    clientCodes: ["0x3", "1"]
  ),
  Cause(
    id: "idle_timeout",
    family: .disconnectedByServer,
    title: "the server's limit for idle sessions was reached",
    explanation:
      "The server says so itself: nobody touched keyboard or mouse for the time allowed.",
    necessary: [[.said(.idleLimit)]],
    remedies: [
      Remedy(
        "by policy on the server",
        "Set time limit for active but idle Remote Desktop Services sessions (MaxIdleTime)"
      )
    ],
    clientCodes: ["0x203", "3"]
  ),
  Cause(
    id: "session_time_limit",
    family: .disconnectedByServer,
    title: "the server's limit for active sessions was reached",
    explanation: "The server says so itself.",
    necessary: [[.said(.timeLimit)]],
    remedies: [
      Remedy(
        "by policy on the server",
        "Set time limit for active Remote Desktop Services sessions (MaxConnectionTime)"
      )
    ],
    clientCodes: ["4"]
  ),
  Cause(
    id: "session_replaced",
    family: .disconnectedByServer,
    title: "another connection took over the session",
    explanation:
      "The server says so itself: the same user connected from elsewhere, or the system allows one "
      + "session only.",
    necessary: [[.said(.replaced)]],
    remedies: [
      Remedy(
        "on the server",
        "see from where: LocalSessionManager/Operational 25 and 40 of that second"
      )
    ],
    clientCodes: ["5"]
  ),
  Cause(
    id: "server_shutdown_reboot",
    family: .disconnectedByServer,
    title: "the server is shutting down or restarting",
    explanation: "The server says so itself.",
    necessary: [[.said(.shutdown)]],
    remedies: [Remedy("on the server", "see why: System 1074, 6006")]
  ),
  Cause(
    id: "no_rdp_permission",
    family: .authorizationDenied,
    title: "the user may not log on by Remote Desktop here",
    explanation:
      "Name and password are right, but the account lacks the right to log on by Remote Desktop.",
    necessary: [[.said(.notAuthorized), .leftAfterEarlyAuthorization]],
    remedies: [
      Remedy(
        "on the server",
        "let the user in",
        command: "Add-LocalGroupMember -Group \"Remote Desktop Users\" -Member USER"
      )
    ],
    clientCodes: ["9", "0x9"],
    wouldSettle: ["the server's Security log 4625 with status 0xC000015B"]
  ),
  Cause(
    id: "server_denied_connection",
    family: .authorizationDenied,
    title: "the server refuses the connection by its policy",
    explanation: "The server says so itself, after the login.",
    necessary: [[.said(.denied)]],
    clientCodes: ["7", "0x7"],
    wouldSettle: ["the server's TerminalServices-RemoteConnectionManager/Admin log of that second"]
  ),
  Cause(
    id: "fresh_credentials_required",
    family: .authenticationFailed,
    title: "the server takes no saved credentials",
    explanation: "The server says so itself: the password has to be typed.",
    necessary: [[.said(.credentials)]],
    remedies: [
      Remedy("on the client", "type the password"),
      Remedy("on the client", "or delete the saved one", command: "cmdkey /delete:TERMSRV/SERVER"),
    ],
    clientCodes: ["0xA", "8455", "0x2107"]
  ),
  Cause(
    id: "session_process_failed",
    family: .serviceCrash,
    title: "a process or a driver of the session failed on the server",
    explanation: "The server says so itself.",
    necessary: [[.said(.serverFailure)]],
    remedies: [
      Remedy("on the server", "look for the crash: Application 1000, display driver, free memory"),
      Remedy(
        "by policy on the server",
        "if it is the display driver: Use WDDM graphics display driver for Remote Desktop "
          + "Connections = disabled"
      ),
    ]
  ),
  Cause(
    id: "licensing_failure",
    family: .licensingFailed,
    title: "the licensing of Remote Desktop failed",
    explanation: "The server says so itself.",
    necessary: [[.said(.licensing)]],
    remedies: [
      Remedy(
        "on the server",
        "see what it lacks: Remote Desktop Licensing Diagnoser",
        command: "lsdiag.msc"
      ),
      Remedy(
        "on the client",
        "if only this client fails, delete its stored licence",
        command: "reg delete HKLM\\SOFTWARE\\Microsoft\\MSLicensing /f"
      ),
    ],
    clientCodes: ["0x808", "2056"]
  ),
  Cause(
    id: "broker_redirect_failure",
    family: .redirectionFailed,
    title: "the connection broker finds no target for the session",
    explanation: "The broker says so itself.",
    necessary: [[.said(.broker)]],
    remedies: [Remedy("on the broker", "see that the target is up, named in DNS and not drained")]
  ),
  Cause(
    id: "protocol_error",
    family: .protocolError,
    title: "the server could not read what the client sent",
    explanation:
      "The server says so itself: a fault of the client's program or of a gateway between, or a "
      + "damaged stream.",
    necessary: [[.said(.protocolError)]],
    remedies: [Remedy("on the client", "update it, or try another one")]
  ),
  Cause(
    id: "connection_sequence_refused",
    family: .protocolError,
    title: "the server refuses a step of the connection below RDP",
    explanation:
      "It answers a request of X.224 or MCS, which carry RDP, with a no: what the client asks for is "
      + "malformed, too much, or not known to the server or to a gateway in its place.",
    necessary: [[.sequenceRefused]],
    remedies: [Remedy("on the client", "update it, or try another one")],
    clientCodes: ["0x904"],
    wouldSettle: ["the server's RdpCoreTS/Operational events of that second, or its program's log"]
  ),
  Cause(
    id: "tls_failed_in_session",
    family: .protocolError,
    title: "TLS failed in the middle of the connection",
    explanation:
      "One side breaks TLS off with a fatal alert: what it got was not what the other had encrypted, as "
      + "where a network card, its driver or a box on the way damages packets, or its own TLS failed.",
    necessary: [[.alertEndsSession]],
    remedies: [
      Remedy(
        "on both ends",
        "switch the network card's segmentation offloads off, and update its driver",
        command: "Disable-NetAdapterLso -Name *; Disable-NetAdapterRsc -Name *"
      )
    ],
    clientCodes: ["0x904", "0xC06"],
    wouldSettle: [
      "the server's System log: Schannel 36887 and 36888 with the alert's number",
      "captures at both ends: whether the octets that arrive are those that left",
    ]
  ),
  Cause(
    id: "legacy_encryption_failure",
    family: .protocolError,
    title: "client and server cannot read each other's standard RDP encryption",
    explanation:
      "They agree on standard RDP security, and the server ends the connection on the first PDU "
      + "that is encrypted with it.",
    necessary: [[.said(.encryption), .endedAfterSecurityExchange]],
    remedies: [
      securityLayerRemedy, Remedy("on the client", "use TLS", command: "xfreerdp /sec:tls"),
    ],
    clientCodes: ["0xC06", "3078"]
  ),
  Cause(
    id: "ended_by_server",
    family: .disconnectedByServer,
    title: "the server ended the session with a code that no list has",
    explanation: "The server ended it and said why; what it said cannot be told.",
    necessary: [[.said(.unknown)]],
    wouldSettle: ["RdpCoreTS/Operational 72 and 103 of that second"]
  ),
  Cause(
    id: "session_not_started",
    family: .unknown,
    title: "the server ended the connection before the session began",
    explanation:
      "The login was passed, and the server ended the connection while the session was being set up. "
      + "Why, it says only behind the encryption or not at all.",
    necessary: [[.serverEndedBeforeSession]],
    excluding: [
      .endedAfterSecurityExchange, .resetByServer, .resetForged, .resetInjected,
      .oneDirectionMissing,
      .beginningMissing,
    ]
      + whatServersSay,
    remedies: [
      Remedy(
        "on the server",
        "if it holds many sessions and new ones fail: enlarge the session's pool (MB) and restart",
        command:
          "reg add \"HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Memory "
          + "Management\" /v SessionImageSize /t REG_DWORD /d 0x20 /f"
      ),
      Remedy(
        "on the client",
        "if other clients get in: empty its bitmap cache, switch off its sound and its reconnecting, "
          + "one after the other"
      ),
    ],
    wouldSettle: [
      "the TLS keys of the connection",
      "the server's LocalSessionManager/Operational 36 to 49 and RemoteConnectionManager 1036",
    ]
  ),
]
