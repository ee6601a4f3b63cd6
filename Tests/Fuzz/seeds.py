#!/usr/bin/env python3
"""Makes the fuzzer's first inputs of the captures in Captures/, one folder a harness.

    seeds.py FOLDER

Every input has the form that its harness documents (Tests/Fuzz/Oracles). Inputs are named by their
contents, so a second run adds nothing that is there already.
"""

import base64
import gzip
import hashlib
import struct
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MAXIMUM = 1 << 16  # Longer inputs slow the fuzzer down more than they tell it.
LINK_TYPES = [1, 101, 113, 276, 0, 108, 9, 50, 51, 166, 228, 229, 239, 258, 104]


class Corpus:
    """Writes inputs, a limited number for each harness and kind."""

    def __init__(self, folder):
        self.folder = folder
        self.counts = {}

    def add(self, harness, data, kind="", limit=400):
        if not 0 < len(data) <= MAXIMUM:
            return
        path = self.folder / harness / hashlib.sha256(data).hexdigest()[:16]
        key = harness, kind
        if path.exists() or self.counts.get(key, 0) >= limit:
            return
        self.counts[key] = self.counts.get(key, 0) + 1
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def contents(path):
    data = path.read_bytes()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def packets(data):
    """Yields link type, microseconds, octets and length on the wire of each packet."""
    if data[:4] == b"\x0a\x0d\x0d\x0a":
        yield from pcapng_packets(data)
        return
    order = "<" if data[:1] in (b"\xd4", b"\x4d") else ">"
    link = struct.unpack_from(order + "I", data, 20)[0] & 0xFFFF
    position = 24
    while position + 16 <= len(data):
        seconds, fraction, captured, wire = struct.unpack_from(order + "IIII", data, position)
        position += 16
        yield link, seconds * 1_000_000 + fraction, data[position:position + captured], wire
        position += captured


def pcapng_packets(data):
    position, order, links = 0, "<", []
    while position + 12 <= len(data):
        if data[position:position + 4] == b"\x0a\x0d\x0d\x0a":
            order = "<" if data[position + 8] == 0x4D else ">"
            links = []
        kind, length = struct.unpack_from(order + "II", data, position)
        body = data[position + 8:position + length - 4]
        if kind == 1:
            links.append(struct.unpack_from(order + "H", body)[0])
        elif kind == 6:
            interface, high, low, captured, wire = struct.unpack_from(order + "IIIII", body)
            yield links[interface], high << 32 | low, body[20:20 + captured], wire
        position += max(length, 12)


def key_logs(data):
    """The TLS key logs embedded in a pcapng file."""
    position, order = 0, "<"
    while data[:4] == b"\x0a\x0d\x0d\x0a" and position + 12 <= len(data):
        if data[position:position + 4] == b"\x0a\x0d\x0d\x0a":
            order = "<" if data[position + 8] == 0x4D else ">"
        kind, length = struct.unpack_from(order + "II", data, position)
        if kind == 10:
            size = struct.unpack_from(order + "I", data, position + 12)[0]
            yield data[position + 16:position + 16 + size]
        position += max(length, 12)


def network(link, data):
    """The IP packet in a captured packet, or None."""
    if link == 1:
        offset = 14 if data[12:14] != b"\x81\x00" else 18
    else:
        offset = {113: 16, 276: 20, 101: 0, 228: 0, 229: 0, 0: 4}.get(link)
    if offset is None or len(data) <= offset:
        return None
    return data[offset:]


def transport(ip):
    """Protocol number, addresses and payload of an IP packet, or None."""
    if ip[0] >> 4 == 4 and len(ip) >= 20:
        total = struct.unpack_from(">H", ip, 2)[0] or len(ip)
        return ip[9], ip[12:16], ip[16:20], ip[(ip[0] & 15) * 4:total]
    if ip[0] >> 4 == 6 and len(ip) >= 40:
        return ip[6], ip[8:24], ip[24:40], ip[40:40 + struct.unpack_from(">H", ip, 4)[0]]
    return None


def segments(data):
    """Yields conversation key, sender, sequence number, flags, payload and time of TCP segments."""
    for link, time, octets, _ in packets(data):
        ip = network(link, octets)
        found = transport(ip) if ip else None
        if found and found[0] == 6 and len(found[3]) >= 20:
            tcp = found[3]
            source, target = found[1] + tcp[:2], found[2] + tcp[2:4]
            sequence = struct.unpack_from(">I", tcp, 4)[0]
            yield (frozenset((source, target)), source, sequence, tcp[13],
                   tcp[(tcp[12] >> 4) * 4:], time)
        elif found and found[0] == 17 and len(found[3]) > 8:
            ports = struct.unpack_from(">HH", found[3])
            if 53 in ports or 5355 in ports or 3389 in ports:
                yield None, None, None, None, found[3][8:], time


def conversations(data, corpus):
    """The segments of each TCP conversation; lookups go to the corpus on the way."""
    found = {}
    for key, sender, sequence, flags, payload, time in segments(data):
        if key is None and payload[2:4] not in (b"\xff\xff", b"\xfe\xfd"):
            corpus.add("dns", payload, limit=80)
        if key is None:
            for choice in range(6):
                corpus.add("datagram", bytes([choice]) + payload, f"choice {choice}", 60)
                corpus.add("datagram", bytes([choice]) + payload[13:], f"inner {choice}", 30)
            continue
        found.setdefault(key, []).append((sender, sequence, flags, payload, time))
    return found.values()


def head(octet, body):
    return bytes([octet]) + struct.pack(">H", len(body)) + body


def conversation_input(conversation):
    """The steps of a conversation, as the harness "connection" takes them."""
    client, steps, last, following = conversation[0][0], b"", None, {}
    for sender, sequence, flags, payload, time in conversation[:200]:
        side = int(sender != client)
        pause = 0 if last is None else time - last
        kind = 0
        if flags & 4:
            kind = 6
        elif flags & 2:
            kind = 4
        elif flags & 1:
            kind = 5
        elif payload and sequence != following.get(side, sequence):
            kind = 1 if sequence < following[side] else 2
        following[side] = sequence + len(payload) + (flags & 2 != 0)
        wait = 2 if pause > 60_000_000 else 1 if pause > 500_000 else 0
        steps += head(side | kind << 1 | wait << 4, payload[:4096])
        last = time
        if len(steps) > 30_000:
            break
    return steps


def streams(conversation):
    """The octets of each direction in turns: (is the server's, octets); repeated ones once."""
    client, following, turns = conversation[0][0], {}, []
    for sender, sequence, flags, payload, _ in conversation:
        side = sender != client
        if flags & 2:
            following[side] = sequence + 1
            continue
        if not payload:
            continue
        if sequence != following.setdefault(side, sequence):
            continue
        following[side] = sequence + len(payload)
        if turns and turns[-1][0] == side:
            turns[-1][1].extend(payload)
        else:
            turns.append((side, bytearray(payload)))
    return turns


def add_messages(octets, corpus):
    """Hands the messages at the beginning of a direction's octets to their harnesses."""
    position = 0
    while position + 7 <= len(octets):
        if octets[position] == 3:
            length = struct.unpack_from(">H", octets, position + 2)[0]
            if length < 7:
                return
            add_tpdu(bytes(octets[position:position + length]), corpus)
            position += length
        elif octets[position] in (20, 21, 22, 23) and octets[position + 1] == 3:
            length = struct.unpack_from(">H", octets, position + 3)[0]
            add_record(octets[position], bytes(octets[position + 5:position + 5 + length]), corpus)
            position += 5 + length
        else:
            corpus.add("negotiation", b"\x09" + bytes(octets[:512]), "preconnection")
            return


def add_tpdu(tpkt, corpus):
    corpus.add("negotiation", b"\x00" + tpkt, "tpdu")
    corpus.add("negotiation", b"\x01" + tpkt, "framing", 20)
    code = tpkt[5] & 0xF0
    if code in (0xE0, 0xD0):
        corpus.add("negotiation", bytes([2 if code == 0xE0 else 3]) + tpkt[6:], "body")
        for choice in (6, 7, 8):
            corpus.add("negotiation", bytes([choice]) + tpkt[-7:], f"structure {choice}", 40)
    if code != 0xF0:
        return
    mcs = tpkt[7:]
    corpus.add("mcs", b"\x00" + mcs, "pdu")
    if mcs[:2] in (b"\x7f\x65", b"\x7f\x66"):
        corpus.add("mcs", bytes([mcs[1] - 100]) + mcs, "connect")
        add_blocks(mcs, corpus)
    elif mcs and mcs[0] >> 2 in (25, 26):
        user = mcs[8 if mcs[6] & 0x80 else 7:]
        for choice in range(4):
            corpus.add("session", bytes([choice]) + user, f"choice {choice}", 60)
            corpus.add("session", bytes([choice]) + user[4:], f"inner {choice}", 60)


def add_blocks(mcs, corpus):
    """GCC's data blocks, found by their type octets: CS_* 0xC001…, SC_* 0x0C01…."""
    choices = {0xC001: 4, 0xC002: 5, 0xC003: 6, 0xC004: 7, 0xC005: 8, 0xC008: 9,
               0x0C01: 10, 0x0C02: 11, 0x0C03: 12}
    for position in range(len(mcs) - 4):
        kind, length = struct.unpack_from("<HH", mcs, position)
        if kind in choices and 4 < length <= len(mcs) - position:
            block = mcs[position + 4:position + length]
            corpus.add("mcs", bytes([choices[kind]]) + block, f"block {kind}", 60)
            if kind == 0x0C02 and len(block) > 60:
                corpus.add("mcs", b"\x0d" + block[48:], "certificate", 60)


def add_record(kind, payload, corpus):
    if kind == 21:
        corpus.add("tls", b"\x00\x00" + payload, "alert", 30)
    if kind != 22:
        return
    corpus.add("tls", b"\x02\x10" + payload, "handshake")
    position = 0
    while position + 4 <= len(payload):
        length = int.from_bytes(payload[position + 1:position + 4], "big")
        if payload[position] == 11:
            add_chain(payload[position + 4:position + 4 + length], corpus)
        position += 4 + length


def add_chain(body, corpus):
    position = 3
    while position + 3 < len(body):
        length = int.from_bytes(body[position:position + 3], "big")
        der = body[position + 3:position + 3 + length]
        position += 3 + length
        corpus.add("certificate", der)
        text = base64.encodebytes(der)
        corpus.add("roots", b"-----BEGIN CERTIFICATE-----\n" + text
                   + b"-----END CERTIFICATE-----\n", limit=40)


def main():
    corpus = Corpus(Path(sys.argv[1]))
    for case in sorted((ROOT / "Captures").iterdir()):
        for path in case.glob("expected.json"):
            corpus.add("expectation", path.read_bytes())
        for path in case.glob("capture.*"):
            data = contents(path)
            corpus.add("capture-file", data[:MAXIMUM], limit=1000)
            corpus.add("capture-file", data[:8192], "short", limit=1000)
            for link, _, octets, wire in packets(data):
                if link in LINK_TYPES:
                    body = struct.pack(">HH", max(0, wire - len(octets)), len(octets)) + octets
                    shape = link, octets[12:15], len(octets) // 64
                    corpus.add("packet", bytes([LINK_TYPES.index(link)]) + body, shape, 6)
            for log in key_logs(data):
                corpus.add("key-log", log)
            for conversation in conversations(data, corpus):
                corpus.add("connection", conversation_input(conversation))
                turns = streams(conversation)
                corpus.add("stream", b"".join(
                    head(side << 7 | 31, bytes(octets[:8000])) for side, octets in turns[:40])[:MAXIMUM])
                for side in (False, True):
                    joined = b"".join(bytes(octets) for who, octets in turns if who == side)
                    add_messages(joined[:65536], corpus)
    for folder in sorted(corpus.folder.iterdir()):
        print(f"{folder.name}: {len(list(folder.iterdir()))} seeds")


if __name__ == "__main__":
    main()
