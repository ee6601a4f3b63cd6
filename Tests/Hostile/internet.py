"""IPv4, IPv6, ICMP, ARP, neighbour discovery and DNS."""

from octets import *


def cases():
    yield from lengths()
    yield from fragments()
    yield from version6()
    yield from errors()
    yield from lookups()


def lengths():
    for header in (0, 1, 4, 15):
        yield (f"ipv4-header-{header}.pcap", f"an IPv4 header of {header * 4} octets",
               pcap([frame(tcp(flags=2), header=header)] * 20))
    for total in (0, 1, 19, 20, 21, 0x7FFF, 0xFFFF):
        yield (f"ipv4-total-{total}.pcap", f"an IPv4 total length of {total}",
               pcap([frame(tcp(flags=2), total=total)] * 20))
    for name, options in [("length-0", u8(7, 0)), ("length-1", u8(7, 1)), ("length-255", u8(7, 255)),
                          ("nops", u8(1) * 40), ("no-end", u8(131, 3, 4) * 13)]:
        padded = (options + bytes(40))[:40]
        yield (f"ipv4-options-{name}.pcap", f"IPv4 options: {name}",
               pcap([frame(tcp(flags=2), header=15, options=padded)] * 20))
    for version in (0, 1, 5, 7, 15):
        yield (f"ip-version-{version}.pcap", f"version {version} in what claims to be IPv4",
               pcap([ethernet(u8(version << 4 | 5) + ipv4(tcp(flags=2))[1:])] * 20))
    yield ("ipv4-land.pcap", "packets from an address and port to themselves",
           pcap([ethernet(ipv4(tcp(flags=2, source=3389), source=SERVER, target=SERVER))] * 1000))
    yield ("ip-protocols.pcap", "every protocol number over eight octets",
           pcap([ethernet(ipv4(bytes(8), protocol=number)) for number in range(256)]))
    yield ("arp-hardware-lengths.pcap", "ARP with address lengths that lie, and a scan of a /16",
           pcap([ethernet(be16(1) + be16(0x0800) + u8(size, size, 0, 1) + bytes(20), 0x0806)
                 for size in range(256)]
                + [ethernet(be16(1) + be16(0x0800) + u8(6, 4, 0, 1) + bytes(6) + CLIENT + bytes(6)
                            + u8(10, 0) + be16(index), 0x0806) for index in range(65536)]))


def fragments():
    def piece(offset, size, more=True, number=1, fill=0x41):
        return frame(u8(fill) * size, identification=number,
                     fragment=offset // 8 | (0x2000 if more else 0))
    yield ("fragments-overlap.pcap", "fragments that overlap with other octets",
           pcap([piece(0, 64), piece(32, 64, fill=0x42), piece(8, 16, fill=0x43),
                 piece(96, 8, False)] * 100))
    yield ("fragments-teardrop.pcap", "a fragment inside of another, that ends before it begins",
           pcap([piece(0, 36), piece(24, 4, False)] * 500))
    yield ("fragments-ping-of-death.pcap", "fragments that end beyond 65535 octets",
           pcap([piece(0, 1400), piece(65528, 1400, False)] * 500))
    yield ("fragments-never-whole.pcap", "fifty thousand datagrams of which one fragment comes",
           pcap([piece(8 * (index % 100 + 1), 1400 if index < 500 else 8, number=index)
                 for index in range(50_000)]))
    yield ("fragments-same-offset.pcap", "ten thousand copies of a fragment",
           pcap([piece(8, 64)] * 10_000))
    yield ("fragments-empty.pcap", "fragments without an octet",
           pcap([piece(offset, 0) for offset in range(0, 65528, 8)]))
    yield ("fragments-of-8-octets.pcap", "datagrams of 64 KiB in fragments of 8 octets, last first",
           pcap([piece(offset, 8, offset < 65_000, number)
                 for number in range(4) for offset in range(65_000, -1, -8)]))
    yield ("fragments-two-ends.pcap", "datagrams with two last fragments at two places",
           pcap([piece(80, 8, False), piece(160, 8, False), piece(0, 80), piece(88, 72)] * 500))


def version6():
    def chain(header, count, inner=tcp(flags=2)):
        return ethernet(ipv6((u8(header) + header_body) * (count - 1) + u8(6) + header_body + inner,
                             header), 0x86DD)
    header_body = u8(0) + bytes(6)
    for header, name in [(60, "destination"), (0, "hop-by-hop"), (43, "routing"), (51, "ah")]:
        yield (f"ipv6-chain-{name}.pcap", f"a chain of 5000 {name} headers",
               pcap([chain(header, 5000)] * 20))
    for length in (0, 1, 20, 0xFFFF):
        yield (f"ipv6-length-{length}.pcap", f"an IPv6 payload length of {length}",
               pcap([ethernet(ipv6(tcp(flags=2), length=length), 0x86DD)] * 20))
    yield ("ipv6-header-length-255.pcap", "extension headers of 2048 octets that are not there",
           pcap([ethernet(ipv6(u8(6, 255) + bytes(6) + tcp(flags=2), header), 0x86DD)
                 for header in (0, 43, 44, 50, 51, 60, 135, 139, 140, 253)]))
    def piece(offset, size, more, number=1, next_header=6):
        return ethernet(ipv6(u8(next_header, 0) + be16(offset | more) + be32(number) + bytes(size), 44),
                        0x86DD)
    yield ("ipv6-fragments-overlap.pcap", "IPv6 fragments that overlap, and atomic ones",
           pcap([piece(0, 64, 1), piece(32, 64, 1), piece(0, 40, 0), piece(96, 8, 0)] * 200))
    yield ("ipv6-fragment-in-fragment.pcap", "fragments whose contents are fragments",
           pcap([piece(0, 8, 0, index, 44) for index in range(2000)]))
    yield ("ipv6-fragments-never-whole.pcap", "twenty thousand IPv6 datagrams, one fragment of each",
           pcap([piece(8, 64, 1, index) for index in range(20_000)]))


def errors():
    quote = ipv4(tcp(flags=2))
    def icmp(kind, code, body):
        return ethernet(ipv4(u8(kind, code) + be16(0) + bytes(4) + body, protocol=1, source=SERVER,
                             target=CLIENT))
    talk = Conversation().packets
    yield ("icmp-all-types.pcap", "every type and many codes, quoting a connection",
           pcap(talk + [icmp(kind, code, quote) for kind in range(256) for code in range(20)]))
    yield ("icmp-quotes-cut.pcap", "errors that quote less and less",
           pcap(talk + [icmp(3, 1, quote[:length]) for length in range(len(quote))]))
    yield ("icmp-in-icmp.pcap", "errors that quote errors that quote errors",
           pcap([icmp(3, 1, ipv4(u8(3, 1) + bytes(6) + ipv4(u8(3, 1) + bytes(6) + quote, protocol=1),
                                 protocol=1))] * 200))
    yield ("icmp-quote-lengths.pcap", "quotes whose own headers lie",
           pcap(talk + [icmp(3, 4, ipv4(tcp(flags=2), header=header, total=total))
                        for header in range(16) for total in (0, 20, 0xFFFF)]))
    yield ("icmp-storm.pcap", "ten thousand errors about one connection",
           pcap(talk + [icmp(3, 13, quote)] * 10_000))
    neighbour = lambda kind, body: ethernet(ipv6(u8(kind, 0) + bytes(6) + body, 58), 0x86DD)
    yield ("neighbour-options.pcap", "neighbour discovery with options of length 0 and 255",
           pcap([neighbour(kind, bytes(16) + u8(option_kind, length) * 20)
                 for kind in range(133, 138) for option_kind in (1, 2, 5) for length in (0, 1, 255)]))


def lookups():
    def query(name, flags=0x0100, counts=(1, 0, 0, 0), tail=be16(1) + be16(1), port=53):
        message = be16(7) + be16(flags) + b"".join(map(be16, counts)) + name + tail
        return ethernet(ipv4(udp(message, target=port), protocol=17))
    yield ("dns-pointer-loop.pcap", "names that point to themselves and to one another",
           pcap([query(u8(0xC0, 12)), query(u8(0xC0, 14, 0xC0, 12)), query(u8(1, 97, 0xC0, 12))] * 100))
    yield ("dns-labels-endless.pcap", "names of labels that never end",
           pcap([query((u8(63) + b"a" * 63) * count, tail=b"") for count in range(1, 20)]))
    yield ("dns-label-types.pcap", "label lengths of 64 to 255",
           pcap([query(u8(length) + b"a" * 40) for length in range(64, 256)]))
    yield ("dns-counts.pcap", "counts of 65535 in a message of 30 octets",
           pcap([query(u8(1, 97, 0), flags, (a, b, 0xFFFF, 0xFFFF)) for flags in (0x0100, 0x8180)
                 for a in (0, 1, 2, 0xFFFF) for b in (0, 0xFFFF)]))
    yield ("dns-names-hostile.pcap", "names of control characters and escapes",
           pcap([query(u8(6) + b"\x1b[31m\x07" + u8(3) + u8(index, 0, 0x7F) + u8(0))
                 for index in range(256)]))
    yield ("dns-names-distinct.pcap", "thirty thousand names, none answered",
           pcap([query(u8(8) + b"h%07d" % index + u8(0)) for index in range(30_000)]))
    yield ("dns-cut.pcap", "a query cut at every octet",
           pcap([query(u8(4) + b"host" + u8(0))[:length] for length in range(42, 65)]))
    yield ("dns-udp-lengths.pcap", "UDP lengths that lie",
           pcap([ethernet(ipv4(udp(bytes(30), length=length), protocol=17))
                 for length in (0, 1, 7, 8, 9, 37, 39, 0xFFFF)]))
    yield ("llmnr-storm.pcap", "twenty thousand LLMNR queries of one name",
           pcap([query(u8(4) + b"host" + u8(0), flags=0, port=5355)] * 20_000))
