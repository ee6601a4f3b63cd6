import CredSSPMessages

let securityLayerRemedy = Remedy(
  "on the server",
  "let the server negotiate: policy \"Require use of specific security layer for "
    + "remote (RDP) connections\" = Negotiate",
  command:
    "reg add \"HKLM\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server\\WinStations\\RDP-Tcp\" "
    + "/v SecurityLayer /t REG_DWORD /d 1 /f"
)

let certificateRemedy = Remedy(
  "on the server",
  "delete the certificate in certlm.msc > Remote Desktop and let the service make a new one",
  command: "Restart-Service SessionEnv,TermService -Force"
)

/// What tells that a client only looks: whatever it is refused, nobody was kept out.
let scannersMarks: [EvidenceKind] = [.scannersCookie, .enumeratesProtocols]

let negotiationCauses = [
  Cause(
    id: "server_requires_tls",
    family: .securityLayerMismatch,
    title: "the server insists on TLS, the client offers only standard RDP security",
    explanation:
      "The server's security layer is set to TLS, and the client does not offer it: an old client, "
      + "or one that is told to use RDP security.",
    necessary: [[.refusedSSLRequired, .plainUltimatum]],
    supporting: [.offeredOnlyStandardSecurity, .requestWithoutNegotiation],
    excluding: scannersMarks,
    remedies: [
      Remedy("on the client", "let it use TLS, or update it", command: "xfreerdp /sec:tls"),
      securityLayerRemedy,
    ],
    clientCodes: ["0x904"]
  ),
  Cause(
    id: "server_forbids_tls",
    family: .securityLayerMismatch,
    title: "the server takes only standard RDP security, the client wants TLS",
    explanation:
      "The server's security layer is set to RDP: it refuses every protocol with TLS. A client that "
      + "may fall back connects again without it.",
    necessary: [[.refusedSSLNotAllowed, .choseStandardSecurity]],
    excluding: scannersMarks,
    remedies: [securityLayerRemedy],
    clientCodes: ["0x904"]
  ),
  Cause(
    id: "certificate_missing",
    family: .certificateServerKeyUnusable,
    title: "the server has no certificate that it can use for TLS",
    explanation:
      "The server says so itself: the certificate is gone, its key cannot be read, or the configured "
      + "thumbprint points to neither.",
    necessary: [[.refusedNoCertificate]],
    excluding: scannersMarks,
    remedies: [
      certificateRemedy,
      Remedy(
        "on the server",
        "give the service the right to read the key",
        command:
          "icacls C:\\ProgramData\\Microsoft\\Crypto\\RSA\\MachineKeys\\f686aace6942fb7f7ceb231212eef4a4_* "
          + "/grant \"NETWORK SERVICE:(R)\""
      ),
    ],
    clientCodes: ["0x4", "0x904"],
    wouldSettle: ["the server's System log: Schannel 36870, 36872; RCM 1057, 1058"]
  ),
  Cause(
    id: "inconsistent_flags",
    family: .securityLayerMismatch,
    title: "what the client asks contradicts the transport in use",
    explanation: "A proxy, gateway or client mixes the direct approach with the negotiation.",
    necessary: [[.refusedInconsistent]],
    excluding: scannersMarks,
    remedies: [
      Remedy("on the way", "connect without the proxy or gateway, to see which of the two it is")
    ]
  ),
  Cause(
    id: "client_certificate_required",
    family: .securityLayerMismatch,
    title: "the server wants a client certificate",
    explanation:
      "The server takes only TLS with a certificate of the user, such as a smart card's.",
    necessary: [[.refusedClientCertificate, .clientCertificateMissing]],
    excluding: scannersMarks,
    remedies: [
      Remedy("on the client", "log in with the smart card or certificate that the server expects")
    ],
    wouldSettle: ["the server's TLS settings: which issuers it accepts client certificates from"]
  ),
  Cause(
    id: "selected_not_offered",
    family: .securityLayerMismatch,
    title: "the server chose a security protocol that the client did not offer",
    explanation: "No client can go on with a protocol that it did not offer; the server, or a box "
      + "that rewrites the negotiation, is at fault.",
    necessary: [[.selectedNotOffered]],
    excluding: [.reachedSession],
    remedies: [
      Remedy("on the way", "connect without the proxy or gateway, to see which of the two it is")
    ]
  ),
  Cause(
    id: "unknown_negotiation_failure",
    family: .securityLayerMismatch,
    title: "the server refuses the negotiation with a code that no specification has",
    explanation: "A server or proxy that is not Microsoft's invented the code.",
    necessary: [[.refusedUnknownCode]],
    excluding: scannersMarks,
    wouldSettle: ["the log of the server's or proxy's program: the code is its own"]
  ),
  Cause(
    id: "nla_required",
    family: .nlaRequired,
    title: "the server insists on network level authentication, the client does not offer it",
    explanation:
      "The server takes only connections that log in before the session starts (CredSSP).",
    necessary: [[.refusedHybridRequired, .refusedNLAFollows]],
    excluding: scannersMarks,
    remedies: [
      Remedy("on the client", "use one that can do NLA, and let it", command: "xfreerdp /sec:nla"),
      Remedy(
        "on the server",
        "or, weaker, do without NLA",
        command:
          "reg add \"HKLM\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server\\WinStations\\RDP-Tcp\" "
          + "/v UserAuthentication /t REG_DWORD /d 0 /f"
      ),
    ],
    clientCodes: ["0xB09", "2825"]
  ),
  Cause(
    id: "client_requires_nla",
    family: .nlaRequired,
    title: "the client insists on network level authentication, the server does not have it",
    explanation:
      "The client offers NLA, the server chooses TLS without it, and the client leaves in silence.",
    necessary: [[.choseWithoutNLA]],
    contradicting: [.noCookie],
    excluding: scannersMarks,
    remedies: [
      Remedy("on the server", "switch NLA on, if it has it"),
      Remedy("on the client", "or allow TLS without NLA", command: "xfreerdp /sec:tls"),
    ]
  ),
]

let tlsCauses = [
  Cause(
    id: "tls_version_mismatch",
    family: .tlsVersionOrCipherMismatch,
    title: "client and server have no TLS version in common",
    explanation:
      "One side says so with the alert protocol_version, or the server's known version is "
      + "not among the client's.",
    necessary: [[.alertProtocolVersion, .versionsDoNotMeet]],
    supporting: [.clientHelloUnanswered],
    remedies: [
      Remedy(
        "on both sides",
        "enable TLS 1.2",
        command:
          "reg add \"HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Server\" "
          + "/v Enabled /t REG_DWORD /d 1 /f"
      )
    ],
    clientCodes: ["0x904"],
    wouldSettle: ["the server's System log: Schannel 36871 (10013), 36888 (70)"]
  ),
  Cause(
    id: "cipher_mismatch",
    family: .tlsVersionOrCipherMismatch,
    title: "client and server have no cipher suite in common",
    explanation: "The alert handshake_failure answers the client's offer: no suite, group or "
      + "signature fits.",
    necessary: [[.alertHandshakeFailure]],
    remedies: [
      Remedy(
        "on the server",
        "see which suites are enabled",
        command: "Get-TlsCipherSuite | ft Name"
      ),
      Remedy("by policy", "SSL Configuration Settings > SSL Cipher Suite Order: not configured"),
    ],
    clientCodes: ["0x904"],
    wouldSettle: ["the server's System log: Schannel 36874, 36888 (40)"]
  ),
  Cause(
    id: "cert_expired",
    family: .certificateUntrusted,
    title: "the server's certificate is outside its validity, and the client refuses it",
    explanation:
      "At the time of the capture the certificate was not valid, and the client left on it.",
    necessary: [
      [.certificateExpired, .certificateNotYetValid],
      [
        .alertCertificateByClient, .alertUnknownCA, .clientLeftAtCertificate,
        .encryptedAlertByClient, .alertByClient,
      ],
    ],
    remedies: [certificateRemedy, Remedy("on the client", "check its clock")],
    clientCodes: ["0x1B07", "6919", "0x907"]
  ),
  Cause(
    id: "cert_untrusted_by_client",
    family: .certificateUntrusted,
    title: "the client does not trust the server's certificate",
    explanation:
      "The client has the certificate and ends the connection with an alert about it, or leaves in "
      + "silence before it sends anything.",
    necessary: [
      [
        .alertCertificateByClient, .alertUnknownCA, .clientLeftAtCertificate,
        .encryptedAlertByClient,
      ]
    ],
    supporting: [
      .certificateSelfSigned, .certificateIssuerUnknown, .certificateChainRejected,
      .certificateNameMismatch, .certificateWeak, .certificateWrongPurpose,
    ],
    contradicting: [.noCookie, .certificateTrusted, .leftAtAGlance],
    excluding: [.loginRefusedByShape, .refusedNLAFollows, .scannersCookie],
    remedies: [
      Remedy(
        "on the server",
        "install a certificate from an authority that the clients trust, and bind it",
        command:
          "wmic /namespace:\\\\root\\cimv2\\TerminalServices PATH Win32_TSGeneralSetting Set "
          + "SSLCertificateSHA1Hash=\"THUMBPRINT\""
      ),
      Remedy("on the client", "or import the issuing authority as trusted"),
    ],
    clientCodes: ["0x907", "2311"],
    wouldSettle: ["whether a person saw a certificate warning and declined it"]
  ),
  Cause(
    id: "certificate_probe",
    family: .probe,
    title: "a probe that only looked at the certificate",
    explanation: "The client completes the handshake and leaves, as certificate scanners do.",
    necessary: [[.clientLeftAtCertificate]],
    supporting: [.scannersCookie, .noCookie, .leftAtAGlance],
    contradicting: [.namesUser],
    excluding: [.alertUnknownCA, .alertCertificateByClient]
  ),
  Cause(
    id: "private_key_unreadable",
    family: .certificateServerKeyUnusable,
    title: "the server cannot use its own certificate or key",
    explanation:
      "The server agrees on TLS, gets the whole ClientHello, and closes without a single TLS record: "
      + "its key cannot be read, is broken, or no TLS credential can be made.",
    necessary: [[.clientHelloUnanswered, .disconnectedBeforeTLS]],
    contradicting: [.serverKnowsTLS, .versionsDoNotMeet],
    excluding: [.resetForged, .resetInjected],
    remedies: [
      Remedy(
        "on the server",
        "give the service the right to read the key",
        command:
          "icacls C:\\ProgramData\\Microsoft\\Crypto\\RSA\\MachineKeys\\f686aace6942fb7f7ceb231212eef4a4_* "
          + "/grant \"NETWORK SERVICE:(R)\""
      ),
      certificateRemedy,
      Remedy(
        "on the server",
        "if CryptoPro CSP is installed there: update it, or switch its integrity check off and "
          + "restart (save the branch first)",
        command:
          "reg add \"HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\CProIntegrity\" "
          + "/v CheckMode /t REG_DWORD /d 0 /f"
      ),
    ],
    clientCodes: ["0x4", "0x904", "2308"],
    wouldSettle: [
      "the server's System log: Schannel 36870 with 0x8009030D (key), 36871 (credential), 36874 (cipher)"
    ]
  ),
]
