"""An emulated RDP-UDP side path ([MS-RDPEUDP], [MS-RDPEUDP2], [MS-RDPEMT]): no free RDP peer speaks it.

usage: rdpudp.py serve [--port N] --certificate FILE --key FILE [--version 1|2|3] [--die S] [--deaf]
       rdpudp.py connect ADDRESS [--port N] [--version 1|2|3] [--lossy] [--seconds S]
       rdpudp.py noise ADDRESS [--port N]

Datagrams, numbers and TLS are real; what the tunnel carries is filler. A path opened as lossy carries
DTLS, made by `openssl`. Everything here ends by itself.
"""

import argparse
import hashlib
import os
import select
import socket
import ssl
import struct
import subprocess
import sys
import time

LIFETIME = 120
MTU = 1232
SYN, ACK, DATA, LOSSY, CORRELATION, SYNEX = 0x1, 0x4, 0x8, 0x200, 0x800, 0x1000
VERSIONS = {1: 0x0001, 2: 0x0002, 3: 0x0101}
LARGEST_PART = 1100
REPEAT_AFTER = 0.5
TUNNEL_REQUEST, TUNNEL_RESPONSE, TUNNEL_DATA = 0, 1, 2


def syn(sequence, version, lossy):
    flags = SYN | CORRELATION | (SYNEX if version > 1 else 0) | (LOSSY if lossy else 0)
    data = struct.pack("!IHHIHH", 0xFFFFFFFF, 64, flags, sequence, MTU, MTU)
    data += bytes(range(0x21, 0x31)) + bytes(16)
    if version > 1:
        data += struct.pack("!HH", 1, VERSIONS[version])
    if version == 3:
        data += hashlib.sha256(b"the cookie that a server would have given").digest()
    return data.ljust(MTU, b"\0")


def syn_ack(sequence, acknowledged, version):
    data = struct.pack("!IHHIHH", acknowledged, 64, SYN | ACK | SYNEX, sequence, MTU, MTU)
    return (data + struct.pack("!HH", 1, VERSIONS[version])).ljust(MTU, b"\0")


def tunnel(action, payload):
    return struct.pack("<BHB", action, len(payload), 4) + payload


class Path:
    """One end of a connection after its handshake: numbers what it sends, sends it again until it is
    acknowledged, and hands on what it receives in order."""

    def __init__(self, endpoint, peer, version, own, other):
        self.socket, self.peer, self.version = endpoint, peer, version
        self.next = 1 if version == 3 else own + 1 & 0xFFFFFFFF
        self.packet = 100  # Of version 3: every packet has a number of its own.
        self.expected = 1 if version == 3 else other + 1 & 0xFFFFFFFF
        self.received = 0 if version == 3 else other
        self.waiting, self.held = {}, {}
        self.deaf = False

    def send(self, payload):
        for start in range(0, len(payload), LARGEST_PART):
            number = self.next
            self.next += 1
            self.waiting[number] = [payload[start:start + LARGEST_PART], 0, None]
        self.repeat()

    def repeat(self):
        now = time.monotonic()
        for number, entry in self.waiting.items():
            if now - entry[1] >= REPEAT_AFTER:
                entry[1] = now
                if self.version == 3:
                    entry[2] = self.packet
                self.transmit(number, entry[0])

    def transmit(self, number, payload):
        if self.version == 3:
            self.write3(0x004, struct.pack("<H", self.packet), struct.pack("<H", number) + payload)
            self.packet = self.packet + 1 & 0xFFFF
        else:
            self.write1(ACK | DATA, struct.pack("!II", number, number) + payload)

    def acknowledge(self, packet=None):
        if self.version == 3:
            self.write3(0x001, struct.pack("<H", packet) + bytes(5), b"")
        else:
            self.write1(ACK, b"")

    def write1(self, flags, rest):
        vector = struct.pack("!HBB", 1, 0, 0)
        self.socket.sendto(struct.pack("!IHH", self.received & 0xFFFFFFFF, 64, flags) + vector + rest, self.peer)

    def write3(self, flags, head, data):
        body = struct.pack("<H", flags | 12 << 12) + head + data
        prefix = min(len(body), 7) << 5
        packet = bytearray(bytes([prefix]) + body.ljust(7, b"\0"))
        packet[0], packet[7] = packet[7], packet[0]
        self.socket.sendto(packet, self.peer)

    def take(self, datagram):
        """Takes a datagram; returns what is in order now."""
        if self.deaf:
            return []
        number, payload, packet = (self.read3 if self.version == 3 else self.read1)(datagram)
        if payload is None:
            return []
        if number >= self.expected:
            self.held[number] = payload
        ready = []
        while self.expected in self.held:
            ready.append(self.held.pop(self.expected))
            self.received = self.expected
            self.expected += 1
        self.acknowledge(packet)
        return ready

    def read1(self, datagram):
        acknowledged, _, flags = struct.unpack("!IHH", datagram[:8])
        if flags & SYN:
            return None, None, None
        for number in [n for n in self.waiting if n <= acknowledged]:
            del self.waiting[number]
        offset = 8
        if flags & ACK:
            offset += 2 + struct.unpack("!H", datagram[8:10])[0]
            offset += -offset % 4
        if not flags & DATA:
            return None, None, None
        return struct.unpack("!I", datagram[offset + 4:offset + 8])[0], datagram[offset + 8:], None

    def read3(self, datagram):
        if datagram[:4] == b"\xff\xff\xff\xff" or len(datagram) < 8:
            return None, None, None
        packet = bytearray(datagram)
        packet[0], packet[7] = packet[7], packet[0]
        flags = struct.unpack("<H", packet[1:3])[0] & 0xFFF
        offset = 3
        if flags & 0x001:
            number = struct.unpack("<H", packet[3:5])[0]
            for key in [key for key, entry in self.waiting.items() if entry[2] is not None and entry[2] <= number]:
                del self.waiting[key]
            offset += 7
        if not flags & 0x004:
            return None, None, None
        own, number = struct.unpack("<HH", packet[offset:offset + 4])
        return number, bytes(packet[offset + 4:]), own


class TLS:
    """TLS without a socket: octets in, octets out."""

    def __init__(self, context, server):
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.object = context.wrap_bio(self.incoming, self.outgoing, server_side=server)
        self.ready = False

    def feed(self, data=b""):
        """Takes octets; returns the plaintext in them."""
        self.incoming.write(data)
        if not self.ready:
            try:
                self.object.do_handshake()
                self.ready = True
            except ssl.SSLWantReadError:
                return b""
        try:
            return self.object.read(65536)
        except (ssl.SSLWantReadError, ssl.SSLZeroReturnError):
            return b""

    def close(self):
        try:
            self.object.unwrap()
        except ssl.SSLWantReadError:
            pass


class DTLS:
    """DTLS by `openssl`, which speaks to a port of the loopback interface."""

    def __init__(self, options, server):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.peer = None
        command = ["openssl", "s_server" if server else "s_client", "-dtls1_2", "-quiet"]
        if server:
            port = free_port()
            self.peer = ("127.0.0.1", port)
            command += ["-accept", str(port), "-cert", options.certificate, "-key", options.key]
        else:
            command += ["-connect", "127.0.0.1:%d" % self.socket.getsockname()[1]]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        time.sleep(0.5)

    def datagrams(self):
        """What `openssl` wants to send."""
        found = []
        while select.select([self.socket], [], [], 0)[0]:
            data, self.peer = self.socket.recvfrom(65536)
            found.append(data)
        return found

    def feed(self, data):
        self.socket.sendto(data, self.peer)

    def write(self, text):
        self.process.stdin.write(text + b"\n")
        self.process.stdin.flush()

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            self.process.kill()


def free_port():
    probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
    probe.close()
    return port


def serve(options):
    """Answers SYNs until its time is over; after `--die` seconds it hears nothing any more."""
    endpoint = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    endpoint.bind(("0.0.0.0", options.port))
    context = None
    if options.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.certificate, options.key)
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    print("listening", flush=True)
    paths, end, first, drawn = {}, time.monotonic() + LIFETIME, None, 0
    while time.monotonic() < end:
        if select.select([endpoint], [], [], 0.05)[0]:
            data, peer = endpoint.recvfrom(65536)
            if options.deaf:
                continue
            if data[:4] == b"\xff\xff\xff\xff" and peer not in paths:
                sequence = struct.unpack("!I", data[8:12])[0]
                lossy = struct.unpack("!H", data[6:8])[0] & LOSSY
                endpoint.sendto(syn_ack(0x2000, sequence, options.version), peer)
                layer = DTLS(options, True) if lossy else TLS(context, True)
                paths[peer] = (Path(endpoint, peer, options.version, 0x2000, sequence), layer, bool(lossy))
                first = first or time.monotonic()
            elif peer in paths:
                path, layer, lossy = paths[peer]
                for part in path.take(data):
                    if lossy:
                        layer.feed(part)
                    elif plain := layer.feed(part):
                        if plain[0] & 15 == TUNNEL_REQUEST:
                            layer.object.write(tunnel(TUNNEL_RESPONSE, bytes(4)))
        dying = options.die and first and time.monotonic() - first > options.die
        for path, layer, lossy in paths.values():
            path.deaf = bool(dying)
            if dying:
                continue
            if lossy:
                for part in layer.datagrams():
                    path.send(part)
                if time.monotonic() - drawn > 0.5 and first and time.monotonic() - first > 1.5:
                    drawn = time.monotonic()
                    layer.write(b"x" * 60)
                continue
            if layer.ready and time.monotonic() - drawn > 0.4:
                drawn = time.monotonic()
                layer.object.write(tunnel(TUNNEL_DATA, os.urandom(400)))
            if out := layer.outgoing.read():
                path.send(out)
            path.repeat()


def connect(options):
    """Opens a path, or tries to; uses it for so many seconds, and closes TLS."""
    endpoint = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    endpoint.connect((options.address, options.port))
    own, answer = 0x1000, None
    for _ in range(4):
        endpoint.send(syn(own, options.version, options.lossy))
        if select.select([endpoint], [], [], 1.2)[0]:
            try:
                answer = endpoint.recv(65536)
            except ConnectionRefusedError:
                sys.exit("refused")
            break
    if answer is None:
        sys.exit("no answer")
    endpoint_address = endpoint.getpeername()
    other = struct.unpack("!I", answer[8:12])[0]
    chosen = struct.unpack("!H", answer[18:20])[0]
    version = {number: name for name, number in VERSIONS.items()}[chosen]
    free = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    local = endpoint.getsockname()
    endpoint.close()
    free.bind(local)
    path = Path(free, endpoint_address, version, own, other)
    if options.lossy:
        layer = DTLS(options, False)
    else:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        layer = TLS(context, False)
        layer.feed()
        path.send(layer.outgoing.read())
    end, asked, typed = time.monotonic() + options.seconds, False, 0
    while time.monotonic() < end:
        if select.select([free], [], [], 0.05)[0]:
            for part in path.take(free.recv(65536)):
                layer.feed(part)
        if options.lossy:
            for part in layer.datagrams():
                path.send(part)
            if time.monotonic() - typed > 0.7 and time.monotonic() > end - options.seconds + 1:
                typed = time.monotonic()
                layer.write(b"y" * 40)
            continue
        if layer.ready and not asked:
            asked = True
            layer.object.write(tunnel(TUNNEL_REQUEST, struct.pack("<II", 1, 0) + bytes(16)))
        if asked and time.monotonic() - typed > 0.7:
            typed = time.monotonic()
            layer.object.write(tunnel(TUNNEL_DATA, os.urandom(24)))
        if out := layer.outgoing.read():
            path.send(out)
        path.repeat()
    layer.close()
    for part in layer.datagrams() if options.lossy else [layer.outgoing.read()]:
        path.send(part)


def noise(options):
    """Other things on RDP's port: names, games, QUIC, and octets without a meaning."""
    endpoint = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    endpoint.connect((options.address, options.port))
    query = bytes.fromhex("12340100000100000000000003777777076578616d706c6504746573740000010001")
    game = b"\xff\xff\xff\xffTSource Engine Query\0".ljust(MTU, b"\0")
    quic = bytes.fromhex("c000000001088394c8f03e5157080000449e").ljust(1200, b"\x5a")
    almost = bytearray(syn(7, 3, False))
    almost[12:14] = b"\x00\x10"  # No MTU that RDP-UDP knows.
    for datagram in (query, game, quic, bytes(almost), os.urandom(MTU), b"\xff" * MTU, b"\0" * 16, b"x"):
        for _ in range(4):
            endpoint.send(datagram)
            time.sleep(0.3)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("mode", choices=("serve", "connect", "noise"))
    parser.add_argument("address", nargs="?")
    parser.add_argument("--port", type=int, default=3389)
    parser.add_argument("--version", type=int, default=3, choices=VERSIONS)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--die", type=float)
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--lossy", action="store_true")
    parser.add_argument("--deaf", action="store_true")
    options = parser.parse_args()
    globals()[options.mode](options)


if __name__ == "__main__":
    main()
