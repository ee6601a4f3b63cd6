"""Flows as a local network carries them beside RDP, made up from a seed."""

import random
import struct

from captures import Flow, Packet, packet

CLIENT, SERVER = bytes([10, 0, 0, 1]), bytes([10, 0, 0, 2])
ETHERNET = bytes.fromhex("020000000002 020000000001".replace(" ", ""))
SEGMENT = 1460
SYN, FIN, PUSH, ACK = 2, 1, 8, 16


def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data[:len(data) & ~1]))
    if len(data) & 1:
        total += data[-1] << 8
    return -total % 65535


class Conversation:
    """Builds one TCP connection segment by segment, with handshake, acknowledgments and close."""

    def __init__(self, randomness, port):
        self.random = randomness
        self.ends = {True: (CLIENT, 50000), False: (SERVER, port)}
        self.next = {side: randomness.getrandbits(32) for side in (True, False)}
        self.time = 0
        self.unacknowledged = 0
        self.identifier = randomness.getrandbits(15)
        self.roundTrip = randomness.randint(200, 30_000)
        self.packets = []
        options = bytes.fromhex("020405b40103030801010402")
        self._segment(True, SYN, options=options)
        self._segment(False, SYN | ACK, options=options, wait=self.roundTrip)
        self._segment(True, ACK)

    def _segment(self, side, flags, body=b"", options=b"", wait=40):
        self.time += wait
        (source, port), (target, otherPort) = self.ends[side], self.ends[not side]
        acknowledged = self.next[not side] if flags & ACK else 0
        header = struct.pack(
            ">HHIIBBHHH", port, otherPort, self.next[side], acknowledged,
            (20 + len(options)) << 2, flags, 64240, 0, 0) + options
        length = len(header) + len(body)
        pseudo = source + target + struct.pack(">HH", 6, length)
        tcpSum = checksum(pseudo + header + body)
        self.identifier = (self.identifier + 1) & 0xFFFF
        data = internet(source, target, 6, header + body, self.identifier)
        data = data[:50] + struct.pack(">H", tcpSum) + data[52:]
        self.packets.append(packet(self.time, side, data.ljust(60, b"\0")))
        self.next[side] = (
            self.next[side] + len(body) + (1 if flags & (SYN | FIN) else 0)) & 0xFFFFFFFF

    def send(self, side, body, wait=None):
        """One message, in as many segments as it needs; the other end acknowledges every second."""
        wait = self.roundTrip // 2 if wait is None else wait
        for start in range(0, len(body), SEGMENT):
            part = body[start:start + SEGMENT]
            last = start + SEGMENT >= len(body)
            self._segment(side, ACK | (PUSH if last else 0), part, wait=wait if start == 0 else 12)
            self.unacknowledged += 1
            if self.unacknowledged == 2:
                self._segment(not side, ACK, wait=20)
                self.unacknowledged = 0

    def flow(self):
        self._segment(True, FIN | ACK, wait=1000)
        self._segment(False, FIN | ACK, wait=self.roundTrip)
        self._segment(True, ACK)
        (client, port), (server, otherPort) = self.ends[True], self.ends[False]
        return Flow(
            client + struct.pack(">H", port), server + struct.pack(">H", otherPort), self.packets)


def internet(source, target, protocol, body, identifier):
    header = struct.pack(
        ">BBHHHBBH", 0x45, 0, 20 + len(body), identifier, 0x4000, 64, protocol, 0) + source + target
    header = header[:10] + struct.pack(">H", checksum(header)) + header[12:]
    return ETHERNET + b"\x08\x00" + header + body


def record(kind, size, randomness):
    return struct.pack(">BHH", kind, 0x0303, size) + randomness.randbytes(size)


def https(randomness):
    """TLS 1.2 in shape: hello, a certificate of three segments, then records of up to 16 KB."""
    talk = Conversation(randomness, 443)
    talk.send(True, record(22, 512, randomness))
    talk.send(False, record(22, randomness.randint(2200, 4200), randomness))
    talk.send(True, record(22, 70, randomness) + record(20, 1, randomness))
    talk.send(False, record(20, 1, randomness) + record(22, 40, randomness))
    for _ in range(randomness.randint(2, 30)):
        talk.send(True, record(23, randomness.randint(80, 900), randomness), 20_000)
        size = int(randomness.paretovariate(0.9) * 300)
        for part in range(0, min(size, 200_000), 16_384):
            talk.send(False, record(23, min(16_384, size - part), randomness))
    talk.send(True, record(21, 26, randomness))
    return talk.flow()


def http(randomness):
    talk = Conversation(randomness, 80)
    for _ in range(randomness.randint(1, 12)):
        path = randomness.randbytes(8).hex()
        talk.send(True, f"GET /{path} HTTP/1.1\r\nHost: intranet\r\nAccept: */*\r\n\r\n".encode())
        body = randomness.randbytes(randomness.randint(200, 12_000))
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n"
        talk.send(False, head.encode() + body)
    return talk.flow()


def smb(randomness):
    """Small requests and answers, now and then a read of 64 KB."""
    talk = Conversation(randomness, 445)

    def message(size):
        return struct.pack(">I", size) + b"\xfeSMB" + randomness.randbytes(size - 4)

    for _ in range(randomness.randint(60, 500)):
        talk.send(True, message(randomness.randint(100, 220)), randomness.randint(300, 40_000))
        large = randomness.random() < 0.01
        talk.send(False, message(65_000 if large else randomness.randint(80, 420)))
    return talk.flow()


def database(randomness):
    talk = Conversation(randomness, 5432)
    for _ in range(randomness.randint(30, 600)):
        talk.send(True, b"Q" + randomness.randbytes(randomness.randint(30, 160)), 30_000)
        talk.send(False, b"T" + randomness.randbytes(randomness.randint(20, 500)))
    return talk.flow()


def datagrams(port, bodies):
    """A UDP flow from (time, fromClient, body); its checksum is 0, which means none."""
    result = []
    for time, side, body in bodies:
        source, target = (CLIENT, SERVER) if side else (SERVER, CLIENT)
        ports = (50000, port) if side else (port, 50000)
        data = internet(
            source, target, 17, struct.pack(">HHHH", *ports, 8 + len(body), 0) + body, 1)
        ipSum, = struct.unpack_from(">H", data, 24)
        data = data.ljust(60, b"\0")
        result.append(Packet(time, side, data[:24], ipSum, b"", None, data[38:], len(data)))
    ends = struct.pack(">H", 50000), struct.pack(">H", port)
    return Flow(CLIENT + ends[0], SERVER + ends[1], result)


def dns(randomness):
    name = randomness.randbytes(6).hex().encode()
    question = bytes([len(name)]) + name + b"\x05local\x00\x00\x01\x00\x01"
    query = randomness.randbytes(2) + b"\x01\0\0\x01\0\0\0\0\0\0" + question
    answer = query[:2] + b"\x81\x80\0\x01\0\x01\0\0\0\0" + question + (
        b"\xc0\x0c\0\x01\0\x01\0\0\x0e\x10\0\x04" + randomness.randbytes(4))
    return datagrams(53, [(0, True, query), (randomness.randint(200, 30_000), False, answer)])


def quic(randomness):
    bodies, time = [(0, True, b"\xc3" + randomness.randbytes(1199))], 0
    bodies.append((900, False, b"\xc1" + randomness.randbytes(1199)))
    for _ in range(randomness.randint(20, 400)):
        time += randomness.randint(20, 8000)
        side = randomness.random() < 0.45
        size = randomness.randint(30, 60) if side else randomness.choice((40, 300, 1230, 1230))
        bodies.append((1000 + time, side, b"\x40" + randomness.randbytes(size)))
    return datagrams(443, bodies)


def arp(randomness):
    target = SERVER[:3] + randomness.randbytes(1)
    ask = b"\xff" * 6 + ETHERNET[6:] + bytes.fromhex("08060001080006040001") + (
        ETHERNET[6:] + CLIENT + bytes(6) + target)
    answer = ETHERNET[6:] + ETHERNET[:6] + bytes.fromhex("08060001080006040002") + (
        ETHERNET[:6] + target + ETHERNET[6:] + CLIENT)
    return Flow(bytes(6), bytes(6), [
        Packet(time, True, data.ljust(60, b"\0"), 0, None, None, b"", 60)
        for time, data in ((0, ask), (300, answer))])


# What shares the link with RDP, and its part of the octets; with these the mean packet has about
# 440 octets, as the all-RDP capture has.
SHARES = [(https, 0.51), (http, 0.12), (smb, 0.15), (database, 0.07), (quic, 0.08), (dns, 0.015),
          (arp, 0.005)]


def models(seed, variants=40):
    """A few dozen flows of each kind: [(share of the octets, [Flow])]."""
    result = []
    for make, share in SHARES:
        randomness = random.Random(f"{seed} {make.__name__}")
        result.append((share, [make(randomness) for _ in range(variants)]))
    return result
