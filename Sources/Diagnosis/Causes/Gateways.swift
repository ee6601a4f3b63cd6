private let policies = Remedy(
  "on the RD Gateway",
  "see who may do what: Remote Desktop Gateway Manager, Policies",
  command:
    "Get-WinEvent -LogName Microsoft-Windows-TerminalServices-Gateway/Operational -MaxEvents 20"
)

private let gatewayLog = "the gateway's TerminalServices-Gateway/Operational log of that second"

/// What is said of a connection to an RD Gateway, or to a KDC proxy, by itself.
let gatewayCauses = [
  Cause(
    id: "gateway_login_refused",
    family: .gatewayFailed,
    title: "the RD Gateway refuses the login",
    explanation:
      "The gateway did not accept the user's credentials: a wrong password, an account that is locked "
      + "or restricted, or NTLM for an account that may use Kerberos only.",
    necessary: [[.gatewayLoginRefused]],
    supporting: [.kdcProxyRefuses],
    remedies: [
      Remedy(
        "in the directory",
        "unlock the account; members of Protected Users cannot sign in with NTLM, they need the KDC "
          + "proxy or a domain controller in reach"
      ),
      Remedy(
        "on the RD Gateway",
        "let the KDC proxy answer",
        command: "Get-Service KPSSVC | Start-Service"
      ),
      policies,
    ],
    clientCodes: ["0x3000037", "0x300001F"],
    wouldSettle: [gatewayLog, "the domain controller's Security events 4625, 4771 and 4776"]
  ),
  Cause(
    id: "gateway_user_denied",
    family: .gatewayFailed,
    title: "the RD Gateway does not let this user in",
    explanation:
      "No connection authorization policy (RD CAP) of the gateway allows this user, this computer or "
      + "this way of signing in.",
    necessary: [[.gatewayForbids, .gatewayDeniesUser]],
    remedies: [
      Remedy("on the RD Gateway", "add the user's group to a connection authorization policy"),
      policies,
    ],
    clientCodes: ["0x300001C"],
    wouldSettle: [gatewayLog + ": event 201"]
  ),
  Cause(
    id: "gateway_target_denied",
    family: .gatewayFailed,
    title: "the RD Gateway does not let this user reach this computer",
    explanation:
      "The user may use the gateway, but no resource authorization policy (RD RAP) allows this target: "
      + "often it is listed by another of its names.",
    necessary: [[.gatewayDeniesTarget]],
    remedies: [
      Remedy(
        "on the RD Gateway",
        "add the computer to a resource authorization policy, by each name that users type"
      ),
      Remedy("on the client", "connect to the computer's full name"), policies,
    ],
    clientCodes: ["0x300001B"],
    wouldSettle: [gatewayLog + ": event 301"]
  ),
  Cause(
    id: "gateway_target_unreachable",
    family: .gatewayFailed,
    title: "the RD Gateway cannot reach the computer behind it",
    explanation:
      "The user may connect, but the gateway gets no connection to the target: it is off, its name is "
      + "unknown to the gateway, or a firewall is between the two.",
    necessary: [[.gatewayCannotReachTarget]],
    remedies: [
      Remedy(
        "on the RD Gateway",
        "see whether the target answers from there",
        command: "Test-NetConnection TARGET -Port 3389"
      ),
      Remedy("at the target", "switch it on; allow Remote Desktop from the gateway's address"),
    ],
    clientCodes: ["0x300000D"],
    wouldSettle: [gatewayLog + ": event 304", "a capture at the gateway, of port 3389"]
  ),
  Cause(
    id: "gateway_full",
    family: .gatewayFailed,
    title: "the RD Gateway is at a limit",
    explanation:
      "The gateway has as many connections as it may have, or this one reached its time limit.",
    necessary: [[.gatewayIsFull]],
    remedies: [
      Remedy("on the RD Gateway", "raise the limit of connections, or the session timeout"),
      policies,
    ],
    clientCodes: ["0x3000022"],
    wouldSettle: [gatewayLog + ": event 203"]
  ),
  Cause(
    id: "gateway_without_certificate",
    family: .gatewayFailed,
    title: "the RD Gateway has no certificate",
    explanation: "The gateway says that it has no certificate that it could use.",
    necessary: [[.gatewayHasNoCertificate]],
    remedies: [
      Remedy("on the RD Gateway", "bind a valid certificate in Remote Desktop Gateway Manager")
    ],
    clientCodes: ["0x3000028"]
  ),
  Cause(
    id: "gateway_refuses",
    family: .gatewayFailed,
    title: "the RD Gateway refuses the connection",
    explanation:
      "The gateway answers with an error that is neither about the user nor about the target.",
    necessary: [[.gatewayRefuses]],
    remedies: [policies],
    clientCodes: ["0x300000D"],
    wouldSettle: [gatewayLog]
  ),
  Cause(
    id: "gateway_unavailable",
    family: .gatewayFailed,
    title: "the RD Gateway's web service does not answer as one",
    explanation:
      "The web server answers the client's request with an error: the gateway's service is stopped, "
      + "or what listens there is no gateway.",
    necessary: [[.gatewayUnavailable]],
    remedies: [
      Remedy("on the RD Gateway", "start the service", command: "Start-Service TSGateway"),
      Remedy("on the client", "see that the gateway's name is right"),
    ],
    clientCodes: ["0x300000D", "0x300000C"],
    wouldSettle: [gatewayLog, "the web server's log"]
  ),
  Cause(
    id: "kdc_proxy_refuses",
    family: .gatewayFailed,
    title: "the KDC proxy gives no Kerberos tickets",
    explanation:
      "The client asks for a Kerberos ticket over HTTPS and gets an error instead. It then falls back "
      + "to NTLM, which not every account and server allows.",
    necessary: [[.kdcProxyRefuses]],
    excluding: [
      .gatewayChannelOpen, .gatewayLoginRefused, .gatewayForbids, .gatewayUnavailable,
      .gatewayDeniesUser, .gatewayDeniesTarget, .gatewayOverRPC,
    ],
    remedies: [
      Remedy(
        "on the RD Gateway",
        "start the KDC proxy",
        command: "Get-Service KPSSVC | Start-Service"
      )
    ],
    wouldSettle: ["the proxy's Microsoft-Windows-Kerberos-KdcProxy/Operational log"]
  ),
  Cause(
    id: "gateway_channel_works",
    family: .healthy,
    title: "the RD Gateway let the client through",
    explanation:
      "The gateway accepted user and target and opened the channel; what happened inside of it is a "
      + "connection of its own.",
    necessary: [[.gatewayChannelOpen]],
    excluding: [.gatewayDeniesUser, .gatewayDeniesTarget]
  ),
  Cause(
    id: "kdc_proxy_works",
    family: .healthy,
    title: "the KDC proxy answers",
    explanation: "The client's requests for Kerberos tickets over HTTPS are answered.",
    necessary: [[.kdcProxyAnswers]],
    excluding: [
      .gatewayChannelOpen, .gatewayLoginRefused, .gatewayForbids, .gatewayUnavailable,
      .gatewayDeniesUser, .gatewayDeniesTarget, .gatewayOverRPC, .kdcProxyRefuses,
      .gatewayCannotReachTarget, .gatewayIsFull, .gatewayRefuses, .gatewayHasNoCertificate,
    ]
  ),
]
