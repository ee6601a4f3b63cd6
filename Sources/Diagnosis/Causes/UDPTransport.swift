private let disableUDP = Remedy(
  "on the client",
  "go without UDP, and see whether it helps",
  command: "reg add \"HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows NT\\Terminal Services\\Client\" "
    + "/v fClientDisableUDP /t REG_DWORD /d 1 /f"
)

/// Causes of a session that lie in its UDP side path.
let udpCauses = [
  Cause(
    id: "udp_path_died",
    family: .udpTransportFailed,
    title: "the UDP side path died, and the session with it",
    explanation:
      "The session's graphics went over UDP; from some moment on one side's datagrams get no answer, "
      + "while TCP between the same hosts still works. The picture freezes, and the session is closed.",
    necessary: [[.udpFellSilent]],
    excluding: [.resetForged, .largeSegmentsLost, .windowStaysClosed] + whatServersSay,
    remedies: [
      disableUDP,
      Remedy(
        "on firewalls and VPNs between",
        "let UDP of the server's port pass both ways, with a timeout above a minute, and datagrams of "
          + "1260 octets unfragmented"
      ),
      Remedy("on both ends", "install current updates: some builds do not go on over UDP together"),
    ],
    clientCodes: ["0x904", "0x4"],
    wouldSettle: [
      "RdpCoreTS/Operational 135 and 143 of that second", "a try with UDP switched off",
    ]
  )
]

/// What is said of an RDP-UDP connection by itself.
let udpPathCauses = [
  Cause(
    id: "udp_path_silent",
    family: .udpTransportFailed,
    title: "the UDP side path fell silent",
    explanation:
      "The path stood, and from some moment on one side's datagrams get no answer. The session "
      + "falls back to TCP, slower but working.",
    necessary: [[.udpOutlived]],
    remedies: [
      disableUDP, Remedy("on firewalls and VPNs between", "see what ends UDP flows, and when"),
    ],
    wouldSettle: ["the TCP session of the same seconds", "a capture at the other end"]
  ),
  Cause(
    id: "udp_path_refused",
    family: .udpTransportFailed,
    title: "UDP was tried and does not get through; the session does without it",
    explanation:
      "The client asks for a UDP path and gets no answer, or an ICMP error. Remote Desktop then goes "
      + "on over TCP: slower on bad lines, but no fault of the session.",
    necessary: [[.udpUnanswered, .udpRefused]],
    remedies: [
      Remedy(
        "on the server's firewall and those between",
        "allow UDP to the port of Remote Desktop",
        command: "Enable-NetFirewallRule -Name RemoteDesktop-UserMode-In-UDP"
      ),
      disableUDP,
    ],
    wouldSettle: ["a capture at the server: does the SYN arrive?"]
  ),
  Cause(
    id: "udp_path_works",
    family: .healthy,
    title: "the UDP side path works",
    explanation: "The path was opened and carries what the session sends over UDP.",
    necessary: [[.udpCarries]],
    excluding: [.udpOutlived, .udpFellSilent]
  ),
]
