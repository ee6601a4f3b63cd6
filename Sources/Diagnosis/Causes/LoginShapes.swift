import CredSSPMessages

/// What the shape of a login tells, where its words cannot be read.
let loginCauses = [
  Cause(
    id: "brute_force_load",
    family: .authenticationFailed,
    title: "somebody guesses passwords: one client is refused again and again",
    explanation:
      "The client is refused far more often in a minute than a person can be. The refusals are "
      + "right; they fill logs, lock accounts and take the places of others.",
    necessary: [
      [
        .loginRefusedByShape, .serverLeftDuringCredSSP, .encryptedAlertByServer,
        .serverLeftAtProof, .loginRefused(.unknown),
      ],
      [.repeatedRefusals],
    ],
    excluding: [.resetForged, .resetInjected],
    remedies: [
      Remedy("on firewalls before the server", "let in only the networks that users come from"),
      Remedy("by policy on the server", "Account lockout threshold; a gateway or VPN in front"),
    ],
    wouldSettle: ["the server's Security log 4625: which accounts, from where"]
  ),
  Cause(
    id: "remote_credential_guard_refused",
    family: .authenticationFailed,
    title: "the login by Remote Credential Guard is refused",
    explanation:
      "The client sends no password but wants to answer with its own tickets; that needs Kerberos, a "
      + "domain, the server's full name, and a server that allows it.",
    necessary: [
      [.asksForCredentialGuard],
      [
        .loginRefusedByShape, .serverLeftDuringCredSSP, .encryptedAlertByServer,
        .serverLeftAtProof, .loginRefused(.unknown),
      ],
    ],
    excluding: [.resetForged, .resetInjected],
    remedies: [
      Remedy(
        "on the server",
        "allow it",
        command:
          "reg add HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa /v DisableRestrictedAdmin "
          + "/t REG_DWORD /d 0 /f"
      ),
      Remedy("on the client", "connect by the server's full name, so that Kerberos is used"),
    ],
    wouldSettle: ["the server's Security log 4625 with its sub status"]
  ),
  Cause(
    id: "login_refused",
    family: .authenticationFailed,
    title: "the server refuses the login",
    explanation:
      "The server ends the CredSSP exchange with an error: name or password is wrong, or the account "
      + "is locked, disabled, expired or restricted. Which of these it is, is encrypted.",
    necessary: [
      [
        .loginRefusedByShape, .serverLeftDuringCredSSP, .encryptedAlertByServer,
        .serverLeftAtProof, .loginRefused(.unknown),
      ]
    ],
    excluding: [.resetForged, .resetInjected],
    remedies: [
      Remedy("on the client", "type name and password again; .\\USER for a local account"),
      Remedy("on the client", "forget saved ones", command: "cmdkey /list"),
    ],
    clientCodes: ["0x807", "2055", "0x207"],
    wouldSettle: [
      "the server's Security log 4625 with its sub status", "the TLS keys of the connection",
    ]
  ),
  Cause(
    id: "ntlm_names_probe",
    family: .probe,
    title: "a probe that only read the server's names",
    explanation:
      "The client begins a login, reads the server's challenge, which names the host and its domain, "
      + "and leaves without credentials.",
    necessary: [[.clientLeftAtChallenge]],
    supporting: [.noCookie, .scannersCookie],
    contradicting: [.namesUser]
  ),
  Cause(
    id: "left_during_login",
    family: .cleanDisconnect,
    title: "the client left during the login, without an error from the server",
    explanation:
      "The client ends the connection while it logs in: a warning or a prompt was shown, and it "
      + "comes back with a new connection if the person agrees.",
    necessary: [[.clientLeftDuringCredSSP, .clientLeftAtChallenge]],
    contradicting: [.noCookie],
    excluding: [.loginRefusedByShape, .scannersCookie] + loginWords
  ),
  Cause(
    id: "client_refuses_login",
    family: .authenticationFailed,
    title: "the client's own rules stop the login at the server's first answer",
    explanation:
      "The client's program, and not a person, breaks off before it sends credentials: the server's "
      + "CredSSP lacks the correction of 2018 (encryption oracle remediation), or policy lets the "
      + "client send no credentials by this way. The answer that would tell is encrypted.",
    necessary: [[.clientLeftAtChallenge], [.leftInAnInstant]],
    supporting: [.kdcUnanswered],
    excluding: [.loginRefusedByShape, .scannersCookie, .noCookie, .oldCredSSPServer] + loginWords,
    remedies: [
      Remedy("on the server", "install its updates"),
      Remedy("on the client", "connect by the server's full name, so that Kerberos is used"),
      Remedy(
        "by policy on the client",
        "Credentials Delegation: Encryption Oracle Remediation; Allow delegating saved credentials "
          + "with NTLM-only server authentication"
      ),
    ],
    clientCodes: ["0x1607", "5639", "0x1707", "5895", "0x207"],
    wouldSettle: [
      "the client's System log: LSA 6041", "the TLS keys: the server's CredSSP version",
    ]
  ),
  Cause(
    id: "login_hangs",
    family: .serviceCrash,
    title: "the server takes the login and never answers it",
    explanation:
      "The server's system acknowledges what the client sends, but nobody answers its part of the "
      + "login: the service or the local security authority hangs, or waits for a domain controller "
      + "that it does not reach.",
    necessary: [[.loginUnanswered]],
    supporting: [.kdcUnanswered],
    excluding: [.captureEndsEarly, .resetForged, .resetInjected, .oneDirectionMissing] + loginWords,
    remedies: [
      Remedy(
        "on the server",
        "see whether it reaches its domain controller",
        command: "nltest /sc_verify:DOMAIN"
      ),
      Remedy(
        "on the server",
        "restart the service; if that does not help, the host",
        command: "Restart-Service TermService -Force"
      ),
    ],
    clientCodes: ["0x4", "0x108", "0x904"],
    wouldSettle: [
      "the server's System log: Netlogon 5719, LSA 40960; its Security log 4625 of that minute"
    ]
  ),
]
