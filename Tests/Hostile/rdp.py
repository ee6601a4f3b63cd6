"""TPKT, X.224, MCS, GCC and the session's PDUs."""

from octets import *


def session():
    """A conversation without TLS, as far as the Connect Initial."""
    talk = Conversation()
    return talk.say(0, request(protocols=0)).say(1, tpkt(x224(0xD0)))


def answered(side, octets):
    return pcap(session().say(side, octets).packets)


def cases():
    yield from framing()
    yield from negotiations()
    yield from connects()
    yield from sessions()


def framing():
    for length in (0, 1, 3, 4, 6, 7, 8, 0xFFFF):
        yield (f"tpkt-length-{length}.pcap", f"TPKTs of length {length}",
               pcap(Conversation().say(0, tpkt(x224(0xE0), length) * 50).packets))
    for length in (0, 1, 5, 254, 255):
        yield (f"x224-length-{length}.pcap", f"an X.224 length of {length}",
               pcap(Conversation().say(0, tpkt(x224(0xE0, negotiation(1, 3), length))).packets))
    yield ("x224-all-codes.pcap", "every TPDU code, from both sides",
           pcap([data for code in range(256) for data in
                 Conversation().say(0, tpkt(x224(code))).say(1, tpkt(x224(code))).packets]))
    yield ("x224-request-flood.pcap", "ten thousand requests in one connection",
           pcap(Conversation().say(0, request() * 10_000).packets))
    yield ("x224-octet-by-octet.pcap", "a negotiation in segments of one octet",
           pcap(Conversation().say(0, request(), 1).say(1, confirm(), 1).packets))
    yield ("fast-path-lengths.pcap", "fast-path PDUs of length 0 to 32767",
           pcap(session().say(1, b"".join(u8(0, 0x80 | length >> 8, length) + bytes(min(length, 40))
                                          for length in range(0, 32768, 111))).packets))
    yield ("fast-path-zeros.pcap", "a megabyte of zeros where PDUs should be",
           answered(1, bytes(1 << 20)))


def negotiations():
    for length in (0, 7, 9, 0xFFFF):
        yield (f"negotiation-length-{length}.pcap", f"a negotiation structure of length {length}",
               pcap(Conversation().say(0, tpkt(x224(0xE0, negotiation(1, 3, length=length))))
                    .say(1, tpkt(x224(0xD0, negotiation(2, 1, length=length)))).packets))
    yield ("negotiation-codes.pcap", "failure codes and protocols nobody has defined",
           pcap([data for value in (0, 7, 99, 1 << 31, 0xFFFFFFFF) for kind in (2, 3, 4, 0, 255)
                 for data in Conversation().say(0, request(protocols=value))
                 .say(1, tpkt(x224(0xD0, negotiation(kind, value)))).packets]))
    yield ("negotiation-many.pcap", "twenty negotiation structures in one request",
           pcap(Conversation().say(0, tpkt(x224(0xE0, negotiation(1, 3) * 20))).packets))
    yield ("negotiation-correlation.pcap", "correlation ids of lengths that lie",
           pcap([data for length in (0, 35, 36, 0xFFFF) for data in Conversation().say(
               0, tpkt(x224(0xE0, negotiation(1, 3, flags=8) + u8(6, 0) + le16(length) + bytes(32)))
           ).packets]))
    yield ("cookie-without-end.pcap", "a cookie of 240 octets without CR LF",
           pcap(Conversation().say(0, tpkt(x224(0xE0, b"Cookie: mstshash=" + b"a" * 220))).packets))
    yield ("cookie-hostile.pcap", "cookies of escapes, formulas, markup and broken UTF-8",
           pcap([data for text in (b"\x1b[2J\x1b]0;x\x07", b"=cmd|' /C calc'!A0", b"<script>alert(1)</script>",
                                   b"\xFF\xFE\xC0\x80", b"a\0b", b"\xE2\x80\xAEgpj.exe", b"::error::x%0Ay",
                                   b"|x|`y`\\n") for data in
                 Conversation().say(0, request(b"Cookie: mstshash=" + text + b"\r\n")).packets]))
    yield ("routing-token-hostile.pcap", "routing tokens that are no addresses",
           pcap([data for text in (b"", b"99999999999999999999.99999.0000", b"-1.-1.-1", b"1.2", b"." * 200)
                 for data in Conversation().say(0, request(b"Cookie: msts=" + text + b"\r\n")).packets]))
    yield ("preconnection-lengths.pcap", "pre-connection PDUs of lengths that lie",
           pcap([data for size in (0, 15, 16, 18, 0xFFFF, 0xFFFFFFFF) for text in (0, 1, 0xFFFF)
                 for data in Conversation(server_port=2179).say(
                     0, le32(size) + le32(0) + le32(2) + le32(1) + le16(text) + bytes(20)).packets]))
    yield ("confirm-first.pcap", "servers that confirm what nobody asked",
           pcap([data for _ in range(200) for data in Conversation().say(1, confirm()).packets]))


def connects():
    core = data_block(0xC001, le32(0x00080004) + bytes(208))
    good = mcs_connect(101, core)
    lengths = {"indefinite": u8(0x80), "5-octets": u8(0x85, 1, 1, 1, 1, 1), "max": u8(0x84) + b"\xFF" * 4,
               "127-octets": u8(0xFF) + b"\x01" * 127, "zero": u8(0)}
    for name, octets in lengths.items():
        yield (f"mcs-length-{name}.pcap", f"a Connect Initial of BER length {name}",
               answered(0, data_tpdu(u8(0x7F, 101) + octets + good[5:])))
    yield ("mcs-prefixes.pcap", "a Connect Initial cut at every octet",
           pcap([data for length in range(0, len(good), 3)
                 for data in session().say(0, data_tpdu(good[:length])).packets]))
    yield ("mcs-tags.pcap", "every application tag",
           pcap([data for tag in range(256) for data in
                 session().say(0, data_tpdu(u8(0x7F, tag, 2, 0, 0))).packets]))
    for count in (1_000_000, 0xFFFFFFFF, 32):
        yield (f"gcc-channels-{count}.pcap", f"a channel list that claims {count}",
               answered(0, data_tpdu(mcs_connect(101, core + data_block(
                   0xC003, le32(count) + (b"chan\0\0\0\0" + le32(0)) * 31)))))
    yield ("gcc-channels-5000.pcap", "five thousand channels that are really there",
           answered(0, data_tpdu(mcs_connect(101, core + data_block(
               0xC003, le32(5000) + (b"\x1b[31mx\0\0" + le32(0)) * 5000, length=4)))))
    yield ("gcc-monitors.pcap", "four thousand million monitors",
           answered(0, data_tpdu(mcs_connect(101, core + data_block(0xC005, le32(0) + le32(-1) + bytes(40))
                                             + data_block(0xC008, le32(0) + le32(-1) + le32(-1))))))
    for length in (0, 1, 3, 4, 5, 0xFFFF):
        yield (f"gcc-block-length-{length}.pcap", f"data blocks of length {length}",
               answered(0, data_tpdu(mcs_connect(101, b"".join(
                   data_block(kind, bytes(64), length) for kind in range(0xC001, 0xC00C))))))
    yield ("gcc-blocks-repeated.pcap", "a core block six hundred times",
           answered(0, data_tpdu(mcs_connect(101, data_block(0xC001, bytes(90)) * 160))))
    yield ("gcc-user-length.pcap", "user data that claims 32767 octets",
           answered(0, data_tpdu(mcs_connect(101, core, user_length=0x7FFF))))
    for name, body in {
        "chain-max": le32(2) + le32(-1) + le32(-1) + bytes(64), "x509-empty": le32(2) + le32(2) + le32(0) * 2,
        "proprietary-key": le32(1) + le32(1) + le32(1) + le16(6) + le16(0xFFFF) + b"RSA1" + b"\xFF" * 40,
        "version-unknown": le32(0x7FFFFFFF) + bytes(40), "nothing": b"",
    }.items():
        security = data_block(0x0C02, le32(2) + le32(2) + le32(32) + le32(len(body)) + bytes(32) + body)
        lying = data_block(0x0C02, le32(2) + le32(2) + le32(-1) + le32(-1) + body)
        yield (f"gcc-certificate-{name}.pcap", f"a server's RDP certificate: {name}",
               pcap([data for block in (security, lying) for data in session().say(0, data_tpdu(good)).say(
                   1, data_tpdu(mcs_connect(102, data_block(0x0C01, le32(0x80004)) + block))).packets]))


def joined():
    talk = session()
    talk.say(0, data_tpdu(mcs_connect(101, data_block(0xC001, bytes(90)))))
    return talk.say(1, data_tpdu(mcs_connect(102, data_block(0x0C01, le32(0x80004)))))


def sessions():
    yield ("mcs-joins-flood.pcap", "twenty thousand channel joins",
           pcap(joined().say(0, data_tpdu(u8(0x38, 0, 1, 3, 0xEB)) * 20_000).packets))
    yield ("mcs-attach-65535.pcap", "a user id beyond 16 bits",
           pcap(joined().say(0, data_tpdu(u8(0x28))).say(1, data_tpdu(u8(0x2E, 0, 0xFF, 0xFF))).packets))
    yield ("mcs-ultimatums.pcap", "a thousand ultimatums of every reason, from both sides",
           pcap(joined().say(1, b"".join(data_tpdu(u8(0x20 | reason >> 1, reason << 7))
                                         for reason in range(8)) * 125).packets))
    yield ("mcs-all-choices.pcap", "every choice of domain PDU over eight octets",
           pcap(joined().say(1, b"".join(data_tpdu(u8(choice) + bytes(8))
                                         for choice in range(256))).packets))
    for length in (0, 1, 4, 0x3FFF):
        yield (f"send-data-length-{length}.pcap", f"user data that claims {length} octets",
               pcap(joined().say(1, send_data(le16(18) + le16(0x17) + bytes(30), length=length) * 20).packets))
    yield ("security-flags.pcap", "every security header flag over nothing",
           pcap(joined().say(0, b"".join(send_data(le16(1 << bit) + le16(0), 25)
                                         for bit in range(16))).packets))
    yield ("security-exchange-length.pcap", "an exchange that claims 4 GiB",
           pcap(joined().say(0, send_data(le16(1) + le16(0) + le32(-1) + bytes(64), 25)).packets))
    yield ("licensing-lengths.pcap", "licensing messages of every type whose lengths lie",
           pcap(joined().say(1, b"".join(send_data(le16(0x80) + le16(0) + u8(kind, 3) + le16(length) + bytes(16))
                                         for kind in range(256) for length in (0, 4, 0xFFFF))).packets))
    yield ("share-pdus.pcap", "every PDU type, with lengths that are right and contents that are not",
           pcap(joined().say(1, b"".join(send_data(le16(26) + le16(0x10 | kind) + le16(1002) + bytes(8)
                                                   + u8(kind2) + bytes(11))
                                         for kind in range(16) for kind2 in range(0, 256, 5))).packets))
    yield ("error-info-flood.pcap", "ten thousand error infos, all different",
           pcap(joined().say(1, b"".join(send_data(le16(22) + le16(0x17) + le16(1002) + bytes(8) + u8(47)
                                                   + bytes(3) + le32(code)) for code in range(10_000))).packets))
    yield ("session-bulk.pcap", "four megabytes of a session's PDUs",
           pcap(joined().say(1, (u8(0, 0x9F, 0xFF) + bytes(8188)) * 512).packets))
