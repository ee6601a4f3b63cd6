"""The capture file itself: headers, blocks, interfaces, options, times, and what is no capture."""

from octets import *

PLAIN = [frame(tcp(flags=2)), frame(tcp(flags=0x14), False)]


def cases():
    yield from classic()
    yield from times()
    yield from blocks()
    yield from interfaces()
    yield from other_blocks()
    yield from foreign()


def classic():
    good = pcap(PLAIN)
    for length in (1, 3, 4, 23, 24, 25, 39, 40, 41):
        yield f"pcap-first-{length}.pcap", f"a pcap of which {length} octets are left", good[:length]
    for name, captured in [("4-gib", 0xFFFFFFFF), ("2-gib", 0x7FFFFFFF), ("just-over", 262145)]:
        yield (f"pcap-captured-{name}.pcap", f"a packet that claims {captured} captured octets",
               good + pcap_packet(b"x" * 60, captured=captured))
    yield ("pcap-zero-length-packets.pcap", "a hundred thousand packets without an octet",
           pcap_header() + pcap_packet(b"") * 100_000)
    yield ("pcap-wire-less-than-captured.pcap", "packets shorter on the wire than in the file",
           pcap_header() + b"".join(pcap_packet(data, wire=3) for data in PLAIN * 20))
    yield ("pcap-wire-4-gib.pcap", "packets that were 4 GiB long before they were cut",
           pcap_header() + b"".join(pcap_packet(data, wire=0xFFFFFFFF) for data in PLAIN * 20))
    for name, snap in [("0", 0), ("1", 1), ("2-gib", 0x80000000), ("max", 0xFFFFFFFF)]:
        yield (f"pcap-snap-{name}.pcap", f"a snap length of {snap} and whole packets",
               pcap_header(snap=snap) + b"".join(map(pcap_packet, PLAIN)))
    for version in [(0, 0), (2, 2), (2, 3), (2, 5), (65535, 65535)]:
        yield (f"pcap-version-{version[0]}-{version[1]}.pcap", f"format version {version}",
               pcap_header(version=version) + b"".join(map(pcap_packet, PLAIN)))
    for number in (2, 147, 999, 0xFFFF, 0xFFFFFFFF, 0xF4000001):
        yield (f"pcap-link-{number}.pcap", f"link type field {number:#x}",
               pcap_header(link=number) + b"".join(map(pcap_packet, PLAIN)))
    for magic, name in [(0xA1B2CD34, "kuznetzov"), (0xA1B23C4D, "nanoseconds")]:
        yield (f"pcap-{name}-big-endian.pcap", f"the {name} variant, big-endian, packets cut short",
               pcap_header(magic=magic, order=">")
               + b"".join(pcap_packet(data, order=">") for data in PLAIN))
    yield ("pcap-garbage-behind.pcap", "a good file with a megabyte of zeros behind it",
           good + bytes(1 << 20))
    yield ("pcap-longest-packets.pcap", "packets of the greatest length that is believed",
           pcap_header() + pcap_packet(PLAIN[0] + bytes(262_144 - len(PLAIN[0]))) * 8)


def times():
    talk = negotiated().packets * 4
    def at(seconds):
        return pcap_header() + b"".join(
            pcap_packet(data, seconds(index)) for index, data in enumerate(talk))
    yield "time-backwards.pcap", "every packet a second before the one ahead of it", at(
        lambda index: START - index)
    yield "time-jumps-years.pcap", "times that jump to and fro by a century", at(
        lambda index: START + index % 2 * 3_155_760_000)
    yield "time-zero.pcap", "all packets at the epoch", at(lambda index: 0)
    yield "time-2106.pcap", "all packets in the last second of 32 bits", at(lambda index: -1)
    yield ("time-fraction-max.pcap", "fractions of a second of 2^32-1 microseconds",
           pcap_header() + b"".join(pcap_packet(data, fraction=-1) for data in talk))
    yield ("time-fraction-max-nanoseconds.pcap", "fractions of a second of 2^32-1 nanoseconds",
           pcap_header(magic=0xA1B23C4D)
           + b"".join(pcap_packet(data, fraction=-1) for data in talk))
    resolutions = [0, 1, 9, 18, 19, 20, 63, 127, 128, 128 | 30, 128 | 63, 128 | 64, 255]
    for resolution in resolutions:
        yield (f"time-resolution-{resolution}.pcapng",
               f"if_tsresol {resolution} and times from nothing to 2^64-1",
               section() + interface(options=option(9, u8(resolution)))
               + b"".join(enhanced(data, ticks) for data, ticks in zip(
                   talk, [0, 1, 1 << 32, 1 << 63, (1 << 64) - 1] * 10)))
    for name, offset in [("min", 1 << 63), ("max", (1 << 63) - 1), ("minus-one", -1)]:
        yield (f"time-offset-{name}.pcapng", f"if_tsoffset {name} of 64 bits",
               section() + interface(options=option(14, le64(offset)))
               + b"".join(enhanced(data, index << 40) for index, data in enumerate(talk)))
    yield ("time-64-bits.pcapng", "64-bit times from both ends by turns, within one connection",
           section() + interface(options=option(9, u8(9)))
           + b"".join(enhanced(data, index % 2 * ((1 << 64) - 1)) for index, data in enumerate(talk)))
    yield ("time-both-ends.pcapng", "two clocks, one at either end of 64 bits, in one connection",
           section() + interface(options=option(14, le64(1 << 63)))
           + interface(options=option(14, le64((1 << 63) - 1)))
           + b"".join(enhanced(data, index << 40, index % 2) for index, data in enumerate(talk)))
    yield ("time-ladder-of-ages.pcapng", "pauses that grow to the longest of 64 bits",
           section() + interface(options=option(9, u8(9)))
           + b"".join(enhanced(data, 1 << index * 3) for index, data in enumerate(talk[:21])))


def blocks():
    start = section() + interface()
    good = b"".join(map(enhanced, PLAIN))
    for length in (0, 4, 8, 11, 13, 0x7FFFFFFF, 0xFFFFFFFC, 0xFFFFFFFF):
        yield (f"block-length-{length}.pcapng", f"a block of length {length} after two packets",
               start + good + le32(6) + le32(length) + bytes(64))
        yield (f"section-length-{length}.pcapng", f"a section header of length {length}",
               le32(0x0A0D0D0A) + le32(length) + le32(0x1A2B3C4D) + bytes(32))
    yield ("block-trailer-differs.pcapng", "blocks whose two lengths differ",
           start + block(6, bytes(32), trailer=9999) + good)
    yield ("block-33-mib.pcapng", "a block longer than the greatest that is believed",
           start + good + le32(0xBAD) + le32(33 << 20) + bytes(1 << 16))
    yield ("block-24-mib-cut.pcapng", "a block of 24 MiB of which 64 KiB are there",
           start + good + le32(0xBAD) + le32(24 << 20) + bytes(1 << 16))
    yield ("blocks-unknown.pcapng", "two hundred thousand blocks of unknown types",
           start + good + b"".join(block(0x1000 + index % 97, b"") for index in range(200_000)))
    yield ("section-magic.pcapng", "a section of neither byte order",
           block(0x0A0D0D0A, le32(0x12345678) + bytes(12)) + good)
    yield "section-version-9.pcapng", "format version 9.9", section(version=(9, 9)) + interface() + good
    yield ("section-length-lies.pcapng", "a section that says it is one octet long",
           section(length=1) + interface() + good)
    yield ("sections-ten-thousand.pcapng", "ten thousand sections, each with a packet",
           (section() + interface() + enhanced(PLAIN[0])) * 10_000)
    yield "section-alone.pcapng", "a section header and nothing else", section()
    yield ("sections-of-both-orders.pcapng", "sections in both byte orders by turns",
           (start + good + block_big_endian()) * 200)
    for name, captured in [("max", 0xFFFFFFFF), ("one-more", len(PLAIN[0]) + 8)]:
        yield (f"packet-captured-{name}.pcapng", f"a packet block that claims {captured} octets",
               start + enhanced(PLAIN[0], captured=captured) + good)
    yield ("packet-wire-0.pcapng", "packets of no octet on the wire",
           start + b"".join(enhanced(data, wire=0) for data in PLAIN))
    yield ("packet-too-short.pcapng", "packet blocks too short for their fields",
           start + b"".join(block(kind, b"") * 100 for kind in (2, 3, 5, 6, 10)) + good)
    yield ("simple-packet-lies.pcapng", "simple packets that claim 4 GiB",
           start + block(3, le32(0xFFFFFFFF) + PLAIN[0]) * 100)
    yield "simple-packet-first.pcapng", "a simple packet without an interface", section() + block(
        3, le32(60) + PLAIN[0])
    yield ("obsolete-packets.pcapng", "obsolete packet blocks with every field at its greatest",
           start + block(2, b"\xFF" * 20 + PLAIN[0]) * 100 + good)


def block_big_endian():
    import struct
    return struct.pack(">IIIHHqI", 0x0A0D0D0A, 28, 0x1A2B3C4D, 1, 0, -1, 28)


def interfaces():
    good = b"".join(map(enhanced, PLAIN))
    yield ("interfaces-seventy-thousand.pcapng", "more interfaces than are kept",
           section() + interface() * 70_000 + enhanced(PLAIN[0], number=69_999) + good)
    yield ("interface-unknown.pcapng", "packets of an interface that is not described",
           section() + interface() + enhanced(PLAIN[0], number=0xFFFFFFFF) * 1000 + good)
    yield ("interface-too-short.pcapng", "an interface block without room for its fields",
           section() + block(1, b"") + good)
    yield "interface-missing.pcapng", "packets before any interface", section() + good
    yield ("interfaces-of-all-links.pcapng", "a hundred link types, a packet of each",
           section() + b"".join(interface(number) for number in range(300))
           + b"".join(enhanced(PLAIN[0], number=number) for number in range(300)))
    yield ("interface-name-64-kib.pcapng", "a name and a description of 64 KiB, with escapes",
           section() + interface(options=option(2, b"\x1b[31m" * 13000)
                                 + option(3, b"\xFF\xFE\0" * 20000)) + good)


def other_blocks():
    start = section() + interface()
    good = b"".join(map(enhanced, PLAIN))
    yield ("options-length-max.pcapng", "an option of 65535 octets in a block of 60",
           start + enhanced(PLAIN[0], options=option(1, b"hello", length=65535)) + good)
    yield ("options-without-end.pcapng", "a million octets of empty options, none the last",
           start + enhanced(PLAIN[0], options=option(77, b"") * 250_000) + good)
    yield ("options-code-0.pcapng", "an end of options that has a length, and options behind it",
           start + enhanced(PLAIN[0], options=option(0, b"abc") + option(1, b"late")) + good)
    yield ("comments-twenty-thousand.pcapng", "more comments than are kept, with escapes",
           start + b"".join(enhanced(PLAIN[0], options=option(1, b"\x1b]0;owned\x07 %d" % index))
                            for index in range(20_000)))
    yield ("names-hundred-thousand.pcapng", "a name resolution block with a hundred thousand names",
           start + block(4, b"".join(option(1, CLIENT + b"h%d\0" % index)
                                     for index in range(100_000))) + good)
    yield ("names-without-zero.pcapng", "names that do not end, addresses that are too short",
           start + block(4, option(1, CLIENT + b"x" * 60000) + option(1, b"\1") + option(2, b"\2")
                         + option(9, b"")) + good)
    yield ("statistics-max.pcapng", "drop counters of 2^64-1, a thousand times",
           start + block(5, le32(0) + le64(0) + option(4, b"\xFF" * 8) + option(5, b"\xFF" * 8)
                         + option(7, b"\xFF" * 8)) * 1000 + good)
    yield ("statistics-of-nobody.pcapng", "statistics of an interface that is not described",
           start + block(5, le32(77) + le64(0)) * 1000 + good)
    yield ("secrets-length-lies.pcapng", "decryption secrets that claim 4 GiB",
           start + block(10, le32(0x544C534B) + le32(0xFFFFFFFF) + b"CLIENT_RANDOM") + good)
    yield ("secrets-18-mib.pcapng", "more decryption secrets than are kept",
           start + block(10, le32(0x544C534B) + le32(1 << 20) + b"A" * (1 << 20)) * 18 + good)
    line = b"CLIENT_RANDOM " + b"00" * 32 + b" " + b"11" * 48 + b"\n"
    yield ("secrets-many-lines.pcapng", "decryption secrets of ten thousand lines, some cut",
           start + block(10, le32(0x544C534B) + le32(len(line) * 10_000) + line * 10_000)
           + block(10, le32(0x544C534B) + le32(77) + line[:77]) + good)


def foreign():
    yield "empty.pcap", "no octet at all", b""
    samples = {
        "zeros": bytes(4096), "ones": b"\xFF" * 4096, "text": b"GET / HTTP/1.0\r\n\r\n" * 50,
        "newlines": b"\n" * 4096, "elf": b"\x7FELF" + bytes(60), "png": b"\x89PNG\r\n\x1A\n" + bytes(99),
        "zip": b"PK\x03\x04" + bytes(99), "bzip2": b"BZh9" + bytes(99), "snoop": b"snoop\0\0\0" + bytes(99),
        "netmon": b"GMBU" + bytes(200), "netmon1": b"RTSS" + bytes(200), "sniffer": b"XCP\0" + bytes(99),
        "iptrace": b"iptrace 2.0" + bytes(99), "etl": le32(65536) + le32(72) + bytes(99),
        "json": b'{"schema":"rdpscope.report/1"}', "pcapng-cut": b"\x0A\x0D\x0D",
        "pcapng-magic-only": b"\x0A\x0D\x0D\x0A", "pcap-magic-only": b"\xD4\xC3\xB2\xA1",
    }
    for name, data in samples.items():
        yield f"foreign-{name}.bin", f"what is no whole capture: {name}", data
