extension ClientCode {
  /// Codes that Windows' client gives its control's OnDisconnected event, and that its other clients
  /// show: Microsoft's own list, and some that are known from the field only.
  static let known: [UInt32: Entry] = [
    0x0000: Entry(
      .unspecific,
      "no information",
      isOfficial: true
    ),
    0x0004: Entry(
      .lost,
      "the session ended because of an error: the connection was lost after it was made",
      isOfficial: false
    ),
    0x0001: Entry(
      .closedByUser,
      "closed by the user at the client",
      isOfficial: true
    ),
    0x0002: Entry(
      .closedByUser,
      "ended by the user in the session",
      isOfficial: true
    ),
    0x0003: Entry(
      .endedByServer,
      "ended by the server",
      isOfficial: true
    ),
    0x0104: Entry(
      .name,
      "DNS name lookup failed",
      isOfficial: true
    ),
    0x0108: Entry(
      .timedOut,
      "connection timed out",
      isOfficial: true
    ),
    0x0204: Entry(
      .connect,
      "socket connect() failed",
      isOfficial: true
    ),
    0x0208: Entry(
      .name,
      "host not found",
      isOfficial: true
    ),
    0x0304: Entry(
      .lost,
      "send() failed",
      isOfficial: true
    ),
    0x0308: Entry(
      .name,
      "bad IP address",
      isOfficial: true
    ),
    0x0207: Entry(
      .login,
      "authentication or credentials",
      isOfficial: false
    ),
    0x0404: Entry(
      .lost,
      "recv() failed",
      isOfficial: true
    ),
    0x0406: Entry(
      .encryption,
      "security data invalid",
      isOfficial: true
    ),
    0x0408: Entry(
      .setUp,
      "internal error",
      isOfficial: true
    ),
    0x0506: Entry(
      .encryption,
      "encryption method invalid",
      isOfficial: true
    ),
    0x0508: Entry(
      .name,
      "DNS lookup failed (second type)",
      isOfficial: true
    ),
    0x0604: Entry(
      .name,
      "gethostbyname failed",
      isOfficial: true
    ),
    0x0606: Entry(
      .encryption,
      "server security data invalid",
      isOfficial: true
    ),
    0x0608: Entry(
      .unspecific,
      "internal timer error",
      isOfficial: true
    ),
    0x0507: Entry(
      .setUp,
      "the TLS handshake or the authorization failed",
      isOfficial: false
    ),
    0x0704: Entry(
      .timedOut,
      "timeout occurred",
      isOfficial: true
    ),
    0x0706: Entry(
      .encryption,
      "server certificate could not be unpacked",
      isOfficial: true
    ),
    0x0804: Entry(
      .name,
      "bad IP address",
      isOfficial: true
    ),
    0x0807: Entry(
      .login,
      "logon failed",
      isOfficial: true
    ),
    0x0808: Entry(
      .licensing,
      "licence negotiation failed",
      isOfficial: true
    ),
    0x0904: Entry(
      .lost,
      "the connection was lost: the socket was closed",
      isOfficial: true
    ),
    0x0906: Entry(
      .encryption,
      "internal security error",
      isOfficial: true
    ),
    0x0907: Entry(
      .certificate,
      "the certificate or TLS failed",
      isOfficial: false
    ),
    0x0908: Entry(
      .licensing,
      "licence timeout",
      isOfficial: true
    ),
    0x0A06: Entry(
      .encryption,
      "internal security error 2",
      isOfficial: true
    ),
    0x0A07: Entry(
      .login,
      "no such user",
      isOfficial: true
    ),
    0x0B06: Entry(
      .encryption,
      "encryption error",
      isOfficial: true
    ),
    0x0B07: Entry(
      .login,
      "account disabled",
      isOfficial: true
    ),
    0x0B09: Entry(
      .nla,
      "the server needs NLA, and the client cannot do it or has it switched off",
      isOfficial: false
    ),
    0x0C06: Entry(
      .encryption,
      "decryption error",
      isOfficial: true
    ),
    0x0C07: Entry(
      .login,
      "account restriction",
      isOfficial: true
    ),
    0x0C08: Entry(
      .encryption,
      "decompression error",
      isOfficial: true
    ),
    0x0D07: Entry(
      .login,
      "account locked",
      isOfficial: true
    ),
    0x0E07: Entry(
      .login,
      "account expired",
      isOfficial: true
    ),
    0x0F07: Entry(
      .login,
      "password expired",
      isOfficial: true
    ),
    0x1207: Entry(
      .login,
      "password must be changed before first logon",
      isOfficial: true
    ),
    0x1607: Entry(
      .login,
      "delegation policy forbids sending credentials",
      isOfficial: true
    ),
    0x1707: Entry(
      .login,
      "policy: no saved/default credentials over NTLM-only server auth",
      isOfficial: true
    ),
    0x1807: Entry(
      .login,
      "no authority could be contacted for authentication",
      isOfficial: true
    ),
    0x1B07: Entry(
      .certificate,
      "certificate expired/invalid",
      isOfficial: true
    ),
    0x1C07: Entry(
      .login,
      "wrong smart-card PIN",
      isOfficial: true
    ),
    0x2107: Entry(
      .login,
      "saved credentials refused; fresh needed",
      isOfficial: true
    ),
    0x2207: Entry(
      .login,
      "smart card blocked",
      isOfficial: true
    ),
    0x1104: Entry(
      .setUp,
      "protocol error detected at the client",
      isOfficial: false
    ),
  ]
}
