"""TCP by itself."""

from octets import *


def cases():
    yield from headers()
    yield from sequences()
    yield from floods()


def headers():
    for offset in (0, 1, 4, 15):
        yield (f"tcp-offset-{offset}.pcap", f"TCP headers of {offset * 4} octets",
               pcap([frame(tcp(flags=2, offset=offset))] * 20))
    options = {
        "length-0": u8(2, 0), "length-1": u8(2, 1), "length-255": u8(2, 255), "nops": u8(1) * 40,
        "mss-0": u8(2, 4, 0, 0), "scale-255": u8(3, 3, 255), "sack-odd": u8(5, 9) + bytes(7),
        "sack-backwards": u8(5, 34) + b"\xFF" * 32, "unknown": u8(99, 40) + bytes(38),
        "repeated": u8(2, 4, 5, 0xB4) * 10, "timestamps-max": u8(8, 10) + b"\xFF" * 8,
    }
    for name, octets in options.items():
        talk = Conversation(handshake=False)
        talk.send(0, flags=2, options=octets).send(1, flags=0x12, options=octets)
        talk.send(0, flags=0x10).say(0, request()).say(1, confirm())
        yield f"tcp-options-{name}.pcap", f"TCP options: {name}", pcap(talk.packets)
    yield ("tcp-all-flags.pcap", "every combination of flags in one connection",
           pcap([frame(tcp(b"x", flags=flags, sequence=flags), flags % 3 > 0)
                 for flags in range(256)] * 10))
    yield ("tcp-ports-0.pcap", "port 0 at both ends",
           pcap([frame(tcp(flags=2, source=0, target=0))] * 100))
    yield ("tcp-cut-headers.pcap", "TCP headers cut at every octet",
           pcap([frame(tcp(flags=2)[:length]) for length in range(21)]))


def sequences():
    talk = Conversation(isn=(0xFFFFFFF0, 0xFFFFFFFE))
    yield ("tcp-wrap.pcap", "both sequence numbers wrap within the first message",
           pcap(talk.say(0, request(), 3).say(1, confirm(), 2).packets))
    talk = Conversation(isn=(0xFFFF0000, 5))
    for index in range(3000):
        talk.send(0, bytes(1400))
    yield "tcp-wrap-bulk.pcap", "a stream that wraps and goes on for 4 MB", pcap(talk.packets)
    talk = Conversation()
    base = talk.next[0]
    whole = request()
    for start in range(len(whole)):
        talk.send(0, bytes([start]) * 12, sequence=base + start)
    talk.send(0, whole, sequence=base)
    yield ("tcp-overlap-differs.pcap", "segments that overlap with other octets each time",
           pcap(talk.say(1, confirm()).packets))
    talk = Conversation()
    base = talk.next[0]
    for index in range(20_000, 0, -1):
        talk.send(0, b"z", sequence=base + index * 2)
    yield ("tcp-islands.pcap", "twenty thousand octets, last first, none beside another",
           pcap(talk.packets))
    talk = Conversation()
    base = talk.next[0]
    for index in range(3000, 0, -1):
        talk.send(0, bytes(1400), sequence=base + index * 1400)
    yield "tcp-backwards.pcap", "4 MB of segments in the reverse of their order", pcap(talk.packets)
    talk = Conversation()
    for index in range(5000):
        talk.send(index % 2, b"far", sequence=(index * 0x9E3779B1) & 0xFFFFFFFF)
    yield "tcp-random-numbers.pcap", "five thousand segments from everywhere", pcap(talk.packets)
    talk = Conversation()
    for index in range(2000):
        talk.next[1] = (index * 0x1234567) & 0xFFFFFFFF
        talk.send(0, flags=0x10)
    yield "tcp-acknowledges-all.pcap", "acknowledgments of what was never sent", pcap(talk.packets)
    talk = Conversation()
    base = talk.next[0]
    for distance in (1 << 30, (1 << 31) - 1, 1 << 31, (1 << 31) + 1, (1 << 32) - 1):
        talk.send(0, b"gap", sequence=(base + distance) & 0xFFFFFFFF)
    yield "tcp-gaps-of-2-gib.pcap", "gaps as long as the sequence space", pcap(talk.packets * 20)
    talk = Conversation().say(0, request(), 1).say(1, confirm(), 1)
    yield ("tcp-one-octet-segments.pcap", "messages in segments of an octet, each three times",
           pcap([data for data in talk.packets for _ in range(3)]))


def floods():
    yield ("tcp-syn-flood.pcap", "forty thousand SYNs from as many addresses",
           pcap([ethernet(ipv4(tcp(flags=2, source=1024 + index % 60000, sequence=index),
                               source=u8(10, index >> 16, index >> 8, index)))
                 for index in range(40_000)]))
    yield ("tcp-port-scan.pcap", "SYNs to every port, all refused",
           pcap([data for port in range(0, 65536, 4) for data in (
               frame(tcp(flags=2, target=port)), frame(tcp(flags=0x14, source=port, target=49153), False))]))
    yield ("tcp-same-ports.pcap", "ten thousand connections of one pair of ports",
           pcap([data for index in range(10_000) for data in (
               frame(tcp(flags=2, sequence=index * 100_000)), frame(tcp(flags=0x14), False))]))
    talk = Conversation()
    for index in range(20_000):
        talk.send(index % 2, flags=0x14)
    yield "tcp-reset-storm.pcap", "twenty thousand resets of one connection", pcap(talk.packets)
    talk = Conversation()
    for index in range(20_000):
        talk.send(0, flags=0x11)
    yield "tcp-fin-storm.pcap", "twenty thousand FINs, each one further", pcap(talk.packets)
    talk = Conversation().say(0, request())
    base = talk.next[0] - 7
    for index in range(20_000):
        talk.send(0, b"again!!", sequence=base)
    yield "tcp-retransmission-storm.pcap", "a segment twenty thousand times", pcap(talk.packets, step=90_000)
    talk = Conversation().say(0, request()).say(1, confirm())
    for index in range(10_000):
        talk.send(0, b"\0", sequence=talk.next[0] - 1).send(1, flags=0x10)
    yield "tcp-keep-alive-storm.pcap", "ten thousand keep-alives", pcap(talk.packets, step=10_000_000)
    many = []
    for index in range(4000):
        many += Conversation().say(0, request()).packets
    yield "tcp-thousands-half-open.pcap", "four thousand requests that nobody answers", pcap(many)
    yield ("tcp-unlisted-ports.pcap", "twenty thousand connections that are not RDP, to other ports",
           pcap([data for index in range(20_000) for data in (
               frame(tcp(flags=2, source=index, target=8000)),
               frame(tcp(b"GET /", source=index, target=8000, sequence=1)))]))
