extension ClientCode {
  /// Codes that Windows' client gives its control's OnDisconnected event, and that its other clients
  /// show: Microsoft's own list, and three that are known from the field only.
  static let known: [UInt32: Entry] = [
    0x0000: Entry(
      "no information",
      isOfficial: true
    ),
    0x0001: Entry(
      "closed by the user at the client",
      isOfficial: true
    ),
    0x0002: Entry(
      "ended by the user in the session",
      isOfficial: true
    ),
    0x0003: Entry(
      "ended by the server",
      isOfficial: true
    ),
    0x0104: Entry(
      "DNS name lookup failed",
      isOfficial: true
    ),
    0x0108: Entry(
      "connection timed out",
      isOfficial: true
    ),
    0x0204: Entry(
      "socket connect() failed",
      isOfficial: true
    ),
    0x0208: Entry(
      "host not found",
      isOfficial: true
    ),
    0x0304: Entry(
      "send() failed",
      isOfficial: true
    ),
    0x0308: Entry(
      "bad IP address",
      isOfficial: true
    ),
    0x0404: Entry(
      "recv() failed",
      isOfficial: true
    ),
    0x0406: Entry(
      "security data invalid",
      isOfficial: true
    ),
    0x0408: Entry(
      "internal error",
      isOfficial: true
    ),
    0x0506: Entry(
      "encryption method invalid",
      isOfficial: true
    ),
    0x0508: Entry(
      "DNS lookup failed (second type)",
      isOfficial: true
    ),
    0x0604: Entry(
      "gethostbyname failed",
      isOfficial: true
    ),
    0x0606: Entry(
      "server security data invalid",
      isOfficial: true
    ),
    0x0608: Entry(
      "internal timer error",
      isOfficial: true
    ),
    0x0704: Entry(
      "timeout occurred",
      isOfficial: true
    ),
    0x0706: Entry(
      "server certificate could not be unpacked",
      isOfficial: true
    ),
    0x0804: Entry(
      "bad IP address",
      isOfficial: true
    ),
    0x0807: Entry(
      "logon failed",
      isOfficial: true
    ),
    0x0808: Entry(
      "licence negotiation failed",
      isOfficial: true
    ),
    0x0904: Entry(
      "the connection was lost: the socket was closed",
      isOfficial: true
    ),
    0x0906: Entry(
      "internal security error",
      isOfficial: true
    ),
    0x0907: Entry(
      "the certificate or TLS failed",
      isOfficial: false
    ),
    0x0908: Entry(
      "licence timeout",
      isOfficial: true
    ),
    0x0A06: Entry(
      "internal security error 2",
      isOfficial: true
    ),
    0x0A07: Entry(
      "no such user",
      isOfficial: true
    ),
    0x0B06: Entry(
      "encryption error",
      isOfficial: true
    ),
    0x0B07: Entry(
      "account disabled",
      isOfficial: true
    ),
    0x0B09: Entry(
      "the server needs NLA, and the client cannot do it or has it switched off",
      isOfficial: false
    ),
    0x0C06: Entry(
      "decryption error",
      isOfficial: true
    ),
    0x0C07: Entry(
      "account restriction",
      isOfficial: true
    ),
    0x0C08: Entry(
      "decompression error",
      isOfficial: true
    ),
    0x0D07: Entry(
      "account locked",
      isOfficial: true
    ),
    0x0E07: Entry(
      "account expired",
      isOfficial: true
    ),
    0x0F07: Entry(
      "password expired",
      isOfficial: true
    ),
    0x1207: Entry(
      "password must be changed before first logon",
      isOfficial: true
    ),
    0x1607: Entry(
      "delegation policy forbids sending credentials",
      isOfficial: true
    ),
    0x1707: Entry(
      "policy: no saved/default credentials over NTLM-only server auth",
      isOfficial: true
    ),
    0x1807: Entry(
      "no authority could be contacted for authentication",
      isOfficial: true
    ),
    0x1B07: Entry(
      "certificate expired/invalid",
      isOfficial: true
    ),
    0x1C07: Entry(
      "wrong smart-card PIN",
      isOfficial: true
    ),
    0x2107: Entry(
      "saved credentials refused; fresh needed",
      isOfficial: true
    ),
    0x2207: Entry(
      "smart card blocked",
      isOfficial: true
    ),
    0x1104: Entry(
      "protocol error detected at the client",
      isOfficial: false
    ),
  ]
}
