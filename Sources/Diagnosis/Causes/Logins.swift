import CredSSPMessages

/// What a login may be refused with, in the server's own words.
let loginWords: [EvidenceKind] = LoginStatus.Kind.allCases.map(EvidenceKind.loginRefused)

/// What a KDC may refuse a ticket with that keeps a login from being made at all.
let kdcWords: [EvidenceKind] = [
  .kdcRefused(.credentials), .kdcRefused(.account), .kdcRefused(.password),
  .kdcRefused(.restriction), .kdcRefused(.notGranted), .kdcRefused(.authority),
  .kdcRefused(.clock),
]

/// Causes that the login names itself.
let loginWordsCauses = [
  Cause(
    id: "ntlm_blocked",
    family: .authenticationFailed,
    title: "the server refuses NTLM",
    explanation:
      "The server's policy takes no NTLM. A client that is refused so tries at once without NLA, which "
      + "fails for another reason and is no cause.",
    necessary: [
      [.loginRefusedByShape, .loginRefused(.ntlm)], [.ntlmFallbackFollows, .loginRefused(.ntlm)],
    ],
    supporting: [.kdcUnanswered],
    remedies: [
      Remedy("on the client", "connect by the server's full name, so that Kerberos is used"),
      Remedy("by policy on the server", "Network security: Restrict NTLM: Incoming NTLM traffic"),
    ],
    clientCodes: ["0x207", "0x807"],
    wouldSettle: ["the TLS keys: the CredSSP error code is 0x80090302"]
  ),
  Cause(
    id: "bad_credentials",
    family: .authenticationFailed,
    title: "the name or the password is wrong",
    explanation: "Whoever checks the login says so itself.",
    necessary: [[.loginRefused(.credentials), .kdcRefused(.credentials), .logonFailed]],
    excluding: [.loggedOn, .loggedInByNTLM],
    remedies: [
      Remedy("on the client", "type name and password again; .\\USER for a local account"),
      Remedy("on the client", "forget saved ones", command: "cmdkey /list"),
    ],
    clientCodes: ["0x807", "2055", "0xA07", "2567", "0x207"],
    wouldSettle: ["the server's Security log 4625 with its sub status"]
  ),
  Cause(
    id: "account_locked_disabled_expired",
    family: .authenticationFailed,
    title: "the account is locked, disabled or expired",
    explanation: "Whoever checks the login says so itself; no password helps.",
    necessary: [[.loginRefused(.account), .kdcRefused(.account)]],
    excluding: [.loggedOn, .loggedInByNTLM],
    remedies: [
      Remedy(
        "on the domain controller",
        "unlock the account, and look for who guesses its password",
        command: "Unlock-ADAccount USER"
      ),
      Remedy(
        "on the server",
        "switch a local account on",
        command: "net user USER /active:yes /expires:never"
      ),
    ],
    clientCodes: ["0xB07", "2823", "0xD07", "3335", "0xE07", "3591", "0x207"],
    wouldSettle: ["the Security log: 4740 (locked), 4725 (disabled), 4625 with its sub status"]
  ),
  Cause(
    id: "password_expired_or_must_change",
    family: .authenticationFailed,
    title: "the password has expired or has to be changed first",
    explanation:
      "Whoever checks the login says so itself. NLA has no way to change a password on the way in.",
    necessary: [[.loginRefused(.password), .kdcRefused(.password), .logonNeedsPassword]],
    excluding: [.loggedOn, .loggedInByNTLM],
    remedies: [
      Remedy(
        "for the user",
        "change the password at the console, or at another host of the domain"
      ),
      Remedy("on the server", "or set a new one", command: "net user USER *"),
    ],
    clientCodes: ["0xF07", "3847", "0x1207", "4615"],
    wouldSettle: ["the server's Security log 4625 with its sub status"]
  ),
  Cause(
    id: "account_restriction",
    family: .authenticationFailed,
    title: "a restriction of the account forbids the login",
    explanation:
      "The password is right, but an empty one, the hour, the client's name, or membership in the "
      + "Protected Users without Kerberos stands in the way.",
    necessary: [[.loginRefused(.restriction), .kdcRefused(.restriction)]],
    excluding: [.loggedOn, .loggedInByNTLM],
    remedies: [
      Remedy("on the client", "connect by the server's full name, so that Kerberos is used"),
      Remedy("on the account", "see its logon hours and workstations", command: "net user USER"),
    ],
    clientCodes: ["0xC07", "3079"],
    wouldSettle: ["the server's Security log 4625 with its sub status"]
  ),
  Cause(
    id: "logon_right_missing",
    family: .authorizationDenied,
    title: "the account lacks the right to log in to this host",
    explanation:
      "Name and password are right; the host's rights do not let this account in over the network or "
      + "by Remote Desktop.",
    necessary: [[.loginRefused(.notGranted), .kdcRefused(.notGranted)]],
    excluding: [.loggedOn, .loggedInByNTLM],
    remedies: [
      Remedy(
        "on the server",
        "let the user in",
        command: "Add-LocalGroupMember -Group \"Remote Desktop Users\" -Member USER"
      ),
      Remedy(
        "by policy on the server",
        "Access this computer from the network; Deny access to this computer from the network"
      ),
    ],
    clientCodes: ["0x807", "2055"],
    wouldSettle: ["the server's Security log 4625 with status 0xC000015B"]
  ),
  Cause(
    id: "no_logon_authority",
    family: .authenticationFailed,
    title: "nobody can be reached who could check the login",
    explanation:
      "The server, or the client, finds no domain controller, or its trust with the domain is broken.",
    necessary: [[.loginRefused(.authority), .kdcRefused(.authority)]],
    supporting: [.kdcUnanswered],
    excluding: [.loggedOn, .loggedInByNTLM],
    remedies: [
      Remedy("on the server", "see its way to the domain", command: "nltest /sc_verify:DOMAIN"),
      Remedy("on the server", "repair the trust", command: "Test-ComputerSecureChannel -Repair"),
    ],
    clientCodes: ["0x1807", "6151"],
    wouldSettle: ["the server's System log: Netlogon 5719, 3210"]
  ),
  Cause(
    id: "clock_skew",
    family: .authenticationFailed,
    title: "the clocks differ too much for Kerberos",
    explanation: "A ticket is taken only while the clocks agree within minutes.",
    necessary: [[.loginRefused(.clock), .kdcRefused(.clock)]],
    supporting: [.clocksDiffer],
    excluding: [.loggedOn, .loggedInByNTLM],
    remedies: [
      Remedy(
        "on the host whose clock is wrong",
        "set it by the domain",
        command: "w32tm /resync /rediscover"
      )
    ],
    clientCodes: ["0x1D07", "7431"]
  ),
  Cause(
    id: "service_name_wrong",
    family: .authenticationFailed,
    title: "the name of the service is not known, or belongs to another account",
    explanation:
      "Kerberos looks for TERMSRV/ and the name that was typed; the domain does not have it, has it "
      + "twice, or at another account than the server's.",
    necessary: [[.loginRefused(.target)]],
    supporting: [.kdcRefused(.target)],
    excluding: [.loggedOn],
    remedies: [
      Remedy("on the domain controller", "see who has the name", command: "setspn -Q TERMSRV/HOST"),
      Remedy("on the client", "connect by the name that the domain has"),
    ]
  ),
  Cause(
    id: "delegation_policy",
    family: .authenticationFailed,
    title: "policy does not let the client hand over the credentials",
    explanation: "The client's own policy forbids it for this server, or over NTLM.",
    necessary: [[.loginRefused(.delegation)]],
    remedies: [
      Remedy(
        "by policy on the client",
        "Credentials Delegation: Allow delegating saved credentials with NTLM-only server "
          + "authentication, with TERMSRV/HOST"
      )
    ],
    clientCodes: ["0x1607", "5639", "0x1707", "5895"]
  ),
  Cause(
    id: "credssp_versions_apart",
    family: .authenticationFailed,
    title: "the client refuses the server's old CredSSP (CVE-2018-0886)",
    explanation:
      "The server lacks the correction of 2018; an updated client leaves as soon as it sees that.",
    necessary: [[.oldCredSSPServer], [.clientLeftAtChallenge, .clientLeftDuringCredSSP]],
    remedies: [
      Remedy("on the server", "install its updates"),
      Remedy(
        "on the client",
        "meanwhile, and with the risk, allow it",
        command:
          "reg add HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System\\CredSSP\\"
          + "Parameters /v AllowEncryptionOracle /t REG_DWORD /d 2 /f"
      ),
    ],
    wouldSettle: ["the client's System log: LSA 6041"]
  ),
  Cause(
    id: "login_package_failed",
    family: .authenticationFailed,
    title: "the security package of one side failed at the login",
    explanation: "The server's words speak of no fault of the account.",
    necessary: [[.loginRefused(.server), .loginRefused(.protocolError)]],
    remedies: [Remedy("on the server", "restart it, and look for LSA errors of that second")],
    wouldSettle: ["the server's System log: LSA 6038, 40960; Security 4625"]
  ),
  Cause(
    id: "session_redirected",
    family: .cleanDisconnect,
    title: "the server sent the client on to another host",
    explanation: "A broker or balancer names the host of the session; the client goes there.",
    necessary: [[.redirected]],
    excluding: whatServersSay + [.resetForged, .silenceBeforeReset]
  ),
]
