"""A cable in user space between two interfaces, for what the kernel of the lab may lack.

Every frame that enters one interface leaves by the other. Lines on standard input
change that while it runs:

    dark                    lose everything, until `light`
    delay MILLISECONDS      each way
    loss PERCENT [client|server]    lose that share of frames (towards that end only)
    largest OCTETS [client|server]  lose IP packets longer than that
    vlan ID client|server   tag frames towards that end (the kernel takes tags off on arrival)
    reset client|server     forge a RST,ACK towards that end with its peer's own TTL, at the
                            next sequence number of the newest connection on --port
    ttl NUMBER              the TTL of the RSTs forged from now on, instead of the peer's own
    reorder PERCENT         hold that share of frames back by 30 ms, so that later ones overtake
    duplicate PERCENT       deliver that share of frames twice
    forge WHEN client|server    forge that reset when a client segment's payload starts with the octets
                            WHEN (hex), before it is carried on
    mirror INTERFACE        copy each frame there when it enters and again when it leaves
    swallow OCTETS          lose client segments whose payload has at least that length
    damage client|server    change one octet in the next segment with data towards that end, and its
                            checksum with it, as a broken network card does

usage: wire.py CLIENT-INTERFACE SERVER-INTERFACE [--port N] [--lifetime SECONDS]
"""

import argparse
import heapq
import os
import random
import select
import socket
import struct
import sys
import time

ETH_P_ALL = 3
PACKET_OUTGOING = 4
SHORTEST_DAMAGED = 30  # Octets of payload: a TLS record with something in it.


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def damaged(frame, segment):
    """The frame with another octet near the end of its payload, and a checksum that fits."""
    end = 14 + segment.ip_length
    frame = bytearray(frame)
    frame[end - 8] ^= 0x55
    tcp = end - segment.tcp_length
    frame[tcp + 16:tcp + 18] = b"\0\0"
    pseudo = segment.source + segment.target + struct.pack("!BBH", 0, socket.IPPROTO_TCP, segment.tcp_length)
    frame[tcp + 16:tcp + 18] = struct.pack("!H", checksum(pseudo + bytes(frame[tcp:end])))
    return bytes(frame)


class Segment:
    """The fields of a TCP segment over IPv4 that forging needs."""

    def __init__(self, frame):
        self.ethernet = frame[:14]
        ip = frame[14:]
        header = (ip[0] & 15) * 4
        self.ip_length = struct.unpack("!H", ip[2:4])[0]
        self.ttl, self.source, self.target = ip[8], ip[12:16], ip[16:20]
        tcp = ip[header:self.ip_length]
        (self.source_port, self.target_port, self.sequence, self.acknowledgement,
         offset, self.flags) = struct.unpack("!HHIIBB", tcp[:14])
        self.tcp_length = len(tcp)
        self.payload = tcp[(offset >> 4) * 4:]

    @classmethod
    def read(cls, frame):
        if frame[12:14] == b"\x08\x00" and len(frame) >= 54 and frame[23] == socket.IPPROTO_TCP:
            return cls(frame)
        return None

    @property
    def next_sequence(self):
        return (self.sequence + len(self.payload) + bin(self.flags & 3).count("1")) & 0xFFFFFFFF

    def reset(self, ttl=None):
        """The RST,ACK that the sender of this segment would send next."""
        tcp = struct.pack("!HHIIBBHHH", self.source_port, self.target_port, self.next_sequence,
                          self.acknowledgement, 5 << 4, 0x14, 0, 0, 0)
        pseudo = self.source + self.target + struct.pack("!BBH", 0, socket.IPPROTO_TCP, len(tcp))
        tcp = tcp[:16] + struct.pack("!H", checksum(pseudo + tcp)) + tcp[18:]
        ip = struct.pack("!BBHHHBBH", 0x45, 0, 40, random.getrandbits(16), 0, ttl or self.ttl,
                         socket.IPPROTO_TCP, 0) + self.source + self.target
        ip = ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:]
        return self.ethernet + ip + tcp


class Wire:
    def __init__(self, client, server, port):
        self.sockets = {}
        for end, interface in (("client", client), ("server", server)):
            end_socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
            end_socket.bind((interface, 0))
            self.sockets[end] = end_socket
        self.port = port
        self.is_dark = False
        self.delay = 0.0
        self.loss = {"client": 0.0, "server": 0.0}
        self.largest = {"client": 65535, "server": 65535}
        self.swallow = None
        self.damage = None
        self.ttl = None
        self.reorder = self.duplicate = 0.0
        self.trigger = None
        self.mirror = None
        self.vlan = {"client": None, "server": None}
        self.last = {}
        self.random = random.Random(7)
        self.queue = []
        self.order = 0

    def obey(self, line):
        word, *arguments = line.split()
        ends = arguments[-1:] if arguments[-1:] in (["client"], ["server"]) else ["client", "server"]
        match word:
            case "dark" | "light":
                self.is_dark = word == "dark"
            case "delay":
                self.delay = float(arguments[0]) / 1000
            case "loss":
                self.loss.update({end: float(arguments[0]) / 100 for end in ends})
            case "largest":
                self.largest.update({end: int(arguments[0]) for end in ends})
            case "ttl":
                self.ttl = int(arguments[0])
            case "reorder":
                self.reorder = float(arguments[0]) / 100
            case "duplicate":
                self.duplicate = float(arguments[0]) / 100
            case "forge":
                self.trigger = bytes.fromhex(arguments[0])
                self.trigger_ends = ends
            case "swallow":
                self.swallow = int(arguments[0])
            case "damage":
                self.damage = arguments[0]
            case "vlan":
                self.vlan.update({end: int(arguments[0]) for end in ends})
            case "mirror":
                self.mirror = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
                self.mirror.bind((arguments[0], 0))
            case "reset":
                self.forge(arguments[0])
            case _:
                print("unknown:", line, flush=True)

    def forge(self, end):
        if end in self.last:
            self.sockets[end].send(self.last[end].reset(self.ttl))

    def carry(self, end, frame):
        """Takes a frame on its way towards `end`."""
        if self.mirror:
            self.mirror.send(frame)
        segment = Segment.read(frame)
        if segment and self.port in (segment.source_port, segment.target_port):
            self.last[end] = segment
            if self.trigger and end == "server" and segment.payload.startswith(self.trigger):
                for towards in self.trigger_ends:
                    self.forge(towards)
            if self.swallow and end == "server" and len(segment.payload) >= self.swallow:
                return
        if segment and self.damage == end and len(segment.payload) > SHORTEST_DAMAGED:
            frame = damaged(frame, segment)
            self.damage = None
        if self.is_dark or self.random.random() < self.loss[end]:
            return
        if frame[12:14] == b"\x08\x00" and len(frame) - 14 > self.largest[end]:
            return
        if self.vlan[end]:
            frame = frame[:12] + struct.pack("!HH", 0x8100, self.vlan[end]) + frame[12:]
        held = 0.03 if self.random.random() < self.reorder else 0
        for _ in range(2 if self.random.random() < self.duplicate else 1):
            self.order += 1
            heapq.heappush(self.queue, (time.monotonic() + self.delay + held, self.order, end, frame))

    def deliver(self):
        while self.queue and self.queue[0][0] <= time.monotonic():
            _, _, end, frame = heapq.heappop(self.queue)
            try:
                if self.mirror:
                    self.mirror.send(frame)
                self.sockets[end].send(frame)
            except OSError:
                pass  # The link of that end is down: the frame is lost, as on a real wire.

    def run(self, lifetime):
        deadline = time.monotonic() + lifetime
        towards = {self.sockets["client"]: "server", self.sockets["server"]: "client"}
        commands = sys.stdin.fileno()
        sources = [commands, *towards]
        while time.monotonic() < deadline:
            wait = max(0, self.queue[0][0] - time.monotonic()) if self.queue else 0.5
            for source in select.select(sources, [], [], wait)[0]:
                if source == commands:
                    text = os.read(commands, 4096).decode()
                    if not text:
                        sources.remove(commands)
                    for line in text.splitlines():
                        self.obey(line)
                    continue
                try:
                    frame, address = source.recvfrom(65536)
                except OSError:
                    continue  # "network is down" is told once by each link that goes.
                if address[2] != PACKET_OUTGOING:
                    self.carry(towards[source], frame)
            self.deliver()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("client")
    parser.add_argument("server")
    parser.add_argument("--port", type=int, default=3389)
    parser.add_argument("--lifetime", type=float, default=400)
    options = parser.parse_args()
    wire = Wire(options.client, options.server, options.port)
    print("ready", flush=True)
    wire.run(options.lifetime)
