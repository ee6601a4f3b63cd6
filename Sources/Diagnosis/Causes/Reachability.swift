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
      "The host was alive earlier in the capture, or comes up later in it, and says nothing on any "
      + "protocol while connection requests to it get no answer.",
    necessary: [
      [.synUnanswered, .unreachableByICMP], [.hostFellSilent, .hostJustHeard, .hostWoke],
    ],
    supporting: [
      .synRetried, .addressUnresolved, .addressResolved, .hostWoke, .wakeUpSent, .awakeInBursts,
      .portOpenOtherwise,
    ],
    contradicting: [.hostAlive, .justAwake],
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
    contradicting: [.hostAlive, .synNotAtServer, .addressResolved],
    excluding: [.prohibitedByICMP, .synLostBetween],
    remedies: [
      Remedy("on the client", "check the name and the address", command: "nslookup SERVER"),
      Remedy("on the way", "check power, cable, VPN and route", command: "tracert SERVER"),
    ],
    clientCodes: ["0x204", "0x108", "516", "264"],
    wouldSettle: [
      "a capture at the server: do the SYNs arrive?",
      "whether any other port of the same address answers: where only ARP does, the host sleeps or its "
        + "firewall drops the rest",
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
    contradicting: [.portOpenOtherwise, .addressUnresolved],
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
    wouldSettle: [
      "whether the host answers a ping, or another port, at that moment",
      "the server's Security log 5157, or its firewall's log of dropped packets",
    ]
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
