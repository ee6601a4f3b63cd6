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
      .resetInjected,
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

let reachabilityCauses = [
  Cause(
    id: "redirect_target_unreachable",
    family: .redirectionFailed,
    title: "the host that the broker or balancer sent the client to does not answer",
    explanation:
      "The server that was asked works and names the host of the session; the connection to that "
      + "host fails: it is off, or the client's network does not reach it.",
    necessary: [
      [.sentByRedirection],
      [
        .synUnanswered, .synRefused, .synRefusedFromElsewhere, .unreachableByICMP,
        .prohibitedByICMP,
      ],
    ],
    supporting: [.synRetried, .hostSilent, .hostNeverHeard],
    remedies: [
      Remedy(
        "on the broker",
        "see that the target is up, and named by an address that clients reach"
      ),
      Remedy(
        "by policy on the target",
        "where clients cannot reach it: policy \"Use IP Address Redirection\" = disabled, with a "
          + "balancer that reads routing tokens"
      ),
      Remedy("on the way", "let clients reach every session host, or use a gateway"),
    ],
    clientCodes: ["0x204", "516", "0x104"],
    wouldSettle: ["the same connection straight to the target, from the client"]
  ),
  Cause(
    id: "vm_guest_sleep",
    family: .hostAsleepOrUnreachable,
    title:
      "the server is a virtual machine that has gone silent: its guest sleeps, or it is paused",
    explanation:
      "It was alive earlier in the capture, and then not even its virtual network card answers, as a "
      + "sleeping machine's real one often does. A virtual machine has nothing that wakes it.",
    necessary: [
      [.synUnanswered, .unreachableByICMP], [.hostFellSilent], [.addressUnresolved],
      [.hypervisorsAddress],
    ],
    supporting: [.synRetried],
    contradicting: [.hostAlive, .addressResolved],
    excluding: [.synLostBetween],
    remedies: [
      Remedy(
        "in the virtual machine",
        "never let it sleep",
        command: "powercfg /change standby-timeout-ac 0 && powercfg /hibernate off"
      ),
      Remedy("on the hypervisor", "see whether it was paused, saved or moved"),
    ],
    clientCodes: ["0x204", "0x4"],
    wouldSettle: ["the guest's System log: Kernel-Power 42 (sleep) and 107 (resume)"]
  ),
  Cause(
    id: "host_modern_standby",
    family: .hostAsleepOrUnreachable,
    title: "the server dozes in modern standby and wakes only for moments",
    explanation:
      "It is silent but for short bursts, as a machine in modern standby (S0 low power idle), and "
      + "connection requests between them get no answer.",
    necessary: [[.synUnanswered], [.hostFellSilent], [.awakeInBursts]],
    supporting: [.synRetried, .addressResolved],
    contradicting: [.hostAlive, .addressUnresolved],
    excluding: [.synLostBetween],
    remedies: [
      Remedy(
        "on the server",
        "keep the network connected in standby",
        command:
          "powercfg /setacvalueindex scheme_current sub_none CONNECTIVITYINSTANDBY 1 "
          + "&& powercfg /setactive scheme_current"
      ),
      Remedy("on the server", "or never sleep", command: "powercfg /change standby-timeout-ac 0"),
    ],
    clientCodes: ["0x204", "0x4"],
    wouldSettle: ["the server's System log: Kernel-Power 506 and 507", "`powercfg /a`: S0 or S3?"]
  ),
  Cause(
    id: "host_asleep",
    family: .hostAsleepOrUnreachable,
    title: "the server's host has gone silent: asleep, switched off or cut off",
    explanation:
      "The host was alive earlier in the capture and then says nothing on any protocol, while "
      + "connection requests to it get no answer.",
    necessary: [[.synUnanswered, .unreachableByICMP], [.hostFellSilent, .hostJustHeard]],
    supporting: [
      .synRetried, .addressUnresolved, .addressResolved, .hostWoke, .wakeUpSent, .awakeInBursts,
    ],
    contradicting: [.hostAlive],
    excluding: [.synLostBetween],
    remedies: [
      Remedy(
        "on the server",
        "keep it awake while it is needed",
        command: "powercfg /change standby-timeout-ac 0"
      ),
      Remedy("on the client", "wake it before connecting: a magic packet (Wake-on-LAN)"),
      Remedy("on the server", "see what it did", command: "powercfg /sleepstudy"),
    ],
    clientCodes: ["0x204", "0x108", "516", "264"],
    wouldSettle: [
      "the server's System log: Kernel-Power 42 (sleep) and 107 (resume), Power-Troubleshooter 1"
    ]
  ),
  Cause(
    id: "host_off_or_unreachable",
    family: .hostAsleepOrUnreachable,
    title: "nothing answers at the server's address",
    explanation:
      "Connection requests get no answer and nothing in the capture shows that the host is alive: "
      + "it is off, asleep, has another address, or the way to it is broken.",
    necessary: [
      [.synUnanswered, .unreachableByICMP, .addressUnresolved],
      [.hostNeverHeard, .hostSilent, .unreachableByICMP, .addressUnresolved],
    ],
    supporting: [.synRetried, .addressUnresolved],
    contradicting: [.hostAlive, .synNotAtServer],
    excluding: [.prohibitedByICMP, .synLostBetween],
    remedies: [
      Remedy("on the client", "check the name and the address", command: "nslookup SERVER"),
      Remedy("on the way", "check power, cable, VPN and route", command: "tracert SERVER"),
    ],
    clientCodes: ["0x204", "0x108", "516", "264"],
    wouldSettle: [
      "a capture at the server: do the SYNs arrive?",
      "whether any other port of the same address answers",
    ]
  ),
  Cause(
    id: "dns_failure",
    family: .nameResolutionFailed,
    title: "the server's name has no address",
    explanation:
      "The client asks for the name and gets no address, and so opens no connection. That Remote "
      + "Desktop was wanted is a guess: nothing else is in the capture.",
    necessary: [[.nameUnresolved]],
    remedies: [
      Remedy("on the client", "check the name", command: "nslookup SERVER"),
      Remedy("on the client", "forget what it remembers", command: "ipconfig /flushdns"),
      Remedy("on the client", "over a VPN, see that its DNS server and suffix are used"),
    ],
    clientCodes: ["0x104", "260", "520"],
    wouldSettle: ["whether connecting by address works"]
  ),
  Cause(
    id: "firewall_drop",
    family: .firewallBlocked,
    title: "a firewall drops the connection requests",
    explanation:
      "The host is alive, but connection requests to this port get no answer at all: something on "
      + "the way, or the host's own firewall, drops them.",
    necessary: [[.synUnanswered], [.hostAlive, .hostJustHeard, .synLostBetween, .synNotAtServer]],
    supporting: [.synRetried],
    excluding: [.synArrived],
    remedies: [
      Remedy(
        "on the server",
        "allow Remote Desktop in the firewall profile that is active",
        command: "Enable-NetFirewallRule -DisplayGroup \"Remote Desktop\""
      ),
      Remedy(
        "on firewalls between",
        "allow TCP to the server's RDP port from the client's network"
      ),
    ],
    clientCodes: ["0x204", "516"],
    wouldSettle: ["the server's Security log 5157, or its firewall's log of dropped packets"]
  ),
  Cause(
    id: "host_firewall_drop",
    family: .firewallBlocked,
    title: "the host's own firewall drops the connection requests",
    explanation:
      "The requests reach the host, which is alive and answers on other protocols, and nothing "
      + "leaves it in answer.",
    necessary: [[.synArrived], [.hostAlive]],
    supporting: [.synRetried],
    remedies: [
      Remedy(
        "on the server",
        "allow Remote Desktop in the firewall profile that is active",
        command: "Enable-NetFirewallRule -DisplayGroup \"Remote Desktop\""
      )
    ],
    clientCodes: ["0x204", "516"],
    wouldSettle: ["the server's Security log 5152 and 5157 of that second"]
  ),
  Cause(
    id: "firewall_drops_data",
    family: .firewallBlocked,
    title: "something on the way lets TCP connect and drops what is said then",
    explanation:
      "The handshake succeeds, and then not one segment with data gets through: a filter that looks "
      + "into connections, or a proxy that answers in the server's name.",
    necessary: [[.requestLost]],
    supporting: [.peerAlive, .lossBetween],
    contradicting: [.allArrived],
    remedies: [
      Remedy(
        "on firewalls between",
        "look for a rule on the application RDP, not only on the port"
      )
    ],
    clientCodes: ["0x4", "0x104", "0x904"],
    wouldSettle: ["a capture at the server: does the request arrive?"]
  ),
  Cause(
    id: "return_path_blocked",
    family: .firewallBlocked,
    title: "the server's answers do not reach the client",
    explanation:
      "The client's SYNs arrive and are answered, and the client goes on asking: a firewall, or a "
      + "route that returns another way, drops the answers.",
    necessary: [[.synAckLost, .synAckLostBetween]],
    remedies: [
      Remedy(
        "on the way",
        "compare the routes of both directions; a firewall sees only half of an asymmetric one",
        command: "tracert CLIENT"
      )
    ],
    clientCodes: ["0x204", "516"],
    wouldSettle: ["a capture at the client: do the SYN-ACKs arrive?"]
  ),
  Cause(
    id: "firewall_reject",
    family: .firewallBlocked,
    title: "a firewall rejects the connection requests",
    explanation:
      "The refusal does not come from the host itself: a device on the way answers in its name.",
    necessary: [[.prohibitedByICMP, .synRefusedFromElsewhere, .answeredBetween]],
    supporting: [.hostAlive],
    remedies: [
      Remedy("on firewalls between", "allow TCP to the server's RDP port from the client's network")
    ],
    clientCodes: ["0x204", "516"]
  ),
]

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
    title: "the server accepts connections but its RDP service does not answer",
    explanation:
      "The host's system acknowledges what the client sends, but the service behind it answers "
      + "nothing: it hangs, is overloaded, or a proxy in front has no server behind it.",
    necessary: [[.requestUnanswered, .helloUnanswered, .farewellUnanswered]],
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
      "the server's RdpCoreTS/Operational: event 131 without 65",
      "RemoteConnectionManager 1006: too many unfinished connections",
    ]
  ),
]
