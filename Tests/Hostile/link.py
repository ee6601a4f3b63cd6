"""Link layers and tunnels."""

from octets import *

INNER = ipv4(tcp(flags=2))


def cases():
    yield from tags()
    yield from links()
    yield from tunnels()


def tags():
    def tagged(count, kind):
        return ethernet((be16(7) + be16(kind)) * (count - 1) + be16(7) + be16(0x0800) + INNER, kind)
    for kind, name in [(0x8100, "vlan"), (0x88A8, "qinq"), (0x9100, "9100")]:
        yield (f"link-{name}-thousand.pcap", f"a thousand {name} tags on a packet",
               pcap([tagged(1000, kind)] * 50 + [ethernet(INNER)]))
    yield ("link-vlan-cut.pcap", "tags that end in the middle of a tag",
           pcap([tagged(5, 0x8100)[:length] for length in range(12, 40)]))
    yield ("link-mpls-thousand.pcap", "a thousand MPLS labels, none the bottom of the stack",
           pcap([ethernet(be32(0x00010040) * 1000 + INNER, 0x8847)] * 50))
    yield ("link-mpls-nibble.pcap", "MPLS over every first nibble",
           pcap([ethernet(be32(0x00010140) + u8(value << 4) + bytes(60), 0x8847)
                 for value in range(16)]))
    yield ("link-802-3-lengths.pcap", "802.3 lengths from 0 to 1535 over nothing",
           pcap([ethernet(u8(0xAA, 0xAA, 3, 0, 0, 0) + be16(0x0800) + INNER, length)
                 for length in range(0, 1536, 7)]))
    yield ("link-pppoe-lengths.pcap", "PPPoE payload lengths that lie",
           pcap([ethernet(u8(0x11, 0, 0, 1) + be16(length) + be16(0x0021) + INNER, 0x8864)
                 for length in (0, 1, 2, 21, 0x7FFF, 0xFFFF)]))
    yield ("link-short-frames.pcap", "frames of 0 to 60 octets",
           pcap([ethernet(INNER)[:length] for length in range(61)]))


def links():
    names = {0: "null", 9: "ppp", 50: "ppp-hdlc", 51: "pppoe", 101: "raw", 104: "chdlc", 105: "wlan",
             108: "loop", 113: "sll", 127: "radiotap", 166: "pppd", 228: "ipv4", 229: "ipv6",
             239: "nflog", 252: "upper-pdu", 258: "pktap", 276: "sll2", 8: "slip"}
    for number, name in names.items():
        bodies = [bytes([value]) * length for value in (0, 1, 2, 3, 0x45, 0x60, 0x7F, 0xFF)
                  for length in (0, 1, 2, 3, 4, 7, 8, 12, 15, 16, 19, 20, 40, 108, 200)]
        yield (f"link-{name}-of-one-octet.pcap", f"{name}: packets of one octet repeated",
               pcap(bodies, link=number))
    yield ("link-nflog-attributes.pcap", "NFLOG attributes of length 0 to 65535, without a payload",
           pcap([u8(2, 0, 0, 0) + (le16(length) + le16(9)) * 200
                 for length in (0, 1, 3, 4, 5, 0x7FFF, 0xFFFF)], link=239))
    yield ("link-pktap-header.pcap", "PKTAP headers whose length lies",
           pcap([le32(length) + le32(1) + le32(1) + bytes(96) + INNER
                 for length in (0, 1, 107, 108, 109, 0x7FFFFFFF, 0xFFFFFFFF)], link=258))


def tunnels():
    def nested(wrap, depth, inner=INNER):
        data = inner
        for _ in range(depth):
            data = wrap(data)
        return data
    def limit(data):
        return data[:60_000]
    gre = lambda data: ipv4(be16(0) + be16(0x0800) + data, protocol=47)
    yield ("tunnel-gre-hundred.pcap", "GRE in GRE, a hundred deep",
           pcap([ethernet(nested(gre, 100))] * 20))
    yield ("tunnel-ipip-hundred.pcap", "IPv4 in IPv4, a hundred deep",
           pcap([ethernet(nested(lambda data: ipv4(data, protocol=4), 100))] * 20))
    yield ("tunnel-6in4in6.pcap", "IPv6 in IPv4 in IPv6, fifty times",
           pcap([ethernet(nested(lambda data: ipv4(ipv6(data, 4), protocol=41), 50))] * 20))
    vxlan = lambda data: ipv4(udp(u8(8, 0, 0, 0, 0, 0, 1, 0) + ethernet(data), target=4789), protocol=17)
    yield ("tunnel-vxlan-hundred.pcap", "VXLAN in VXLAN, a hundred deep",
           pcap([limit(ethernet(nested(vxlan, 100)))] * 20))
    yield ("tunnel-geneve-options.pcap", "Geneve option lengths that lie",
           pcap([ethernet(ipv4(udp(u8(words, 0) + be16(0x6558) + be32(0) + bytes(40)
                                   + ethernet(INNER), target=6081), protocol=17))
                 for words in range(64)]))
    yield ("tunnel-gre-flags.pcap", "GRE with every combination of flags and version",
           pcap([ethernet(ipv4(u8(high, low) + be16(0x0800) + INNER, protocol=47))
                 for high in range(0, 256, 4) for low in range(8)]))
    yield ("tunnel-gre-routing.pcap", "GRE source routes that never end",
           pcap([ethernet(ipv4(u8(0x40, 0) + be16(0x0800) + be32(0) + u8(0, 1, 0, 0) * 300,
                               protocol=47))] * 20))
    yield ("tunnel-erspan.pcap", "ERSPAN of types I to III, cut and empty",
           pcap([ethernet(ipv4(u8(0x10, 0) + be16(kind) + be32(1) + (bytes(20) + ethernet(INNER))[:length],
                               protocol=47)) for kind in (0x88BE, 0x22EB) for length in range(0, 60, 3)]))
    yield ("tunnel-pptp.pcap", "PPTP's GRE with lengths that lie",
           pcap([ethernet(ipv4(u8(0x30, 0x81) + be16(0x880B) + be16(length) + be16(1) + be32(1)
                               + be32(1) + be16(0xFF03) + be16(0x0021) + INNER, protocol=47))
                 for length in (0, 1, 4, 40, 0xFFFF)]))
    fragments = [ethernet(ipv4(gre(INNER)[start:start + 8], protocol=47, identification=3,
                               fragment=start // 8 | (0x2000 if start < 56 else 0)))
                 for start in range(0, 64, 8)]
    yield "tunnel-in-fragments.pcap", "a tunnel that arrives in fragments of 8 octets", pcap(
        fragments * 20)
