"""Packets and capture files made octet by octet, with every length free to lie."""

import struct
from itertools import count


def u8(*values):
    return bytes(value & 0xFF for value in values)


def be16(value):
    return struct.pack(">H", value & 0xFFFF)


def be24(value):
    return struct.pack(">I", value & 0xFFFFFF)[1:]


def be32(value):
    return struct.pack(">I", value & 0xFFFFFFFF)


def le16(value):
    return struct.pack("<H", value & 0xFFFF)


def le32(value):
    return struct.pack("<I", value & 0xFFFFFFFF)


def le64(value):
    return struct.pack("<Q", value & 0xFFFFFFFFFFFFFFFF)


CLIENT, SERVER = bytes([192, 0, 2, 1]), bytes([198, 51, 100, 2])
START = 1_700_000_000


# --- Classic pcap

def pcap_header(link=1, snap=262144, magic=0xA1B2C3D4, version=(2, 4), order="<"):
    return struct.pack(order + "IHHiIII", magic, *version, 0, 0, snap, link)


def pcap_packet(data, seconds=START, fraction=0, captured=None, wire=None, order="<"):
    return struct.pack(
        order + "IIII", seconds & 0xFFFFFFFF, fraction & 0xFFFFFFFF,
        len(data) if captured is None else captured, len(data) if wire is None else wire) + data


def pcap(packets, link=1, step=1000):
    """A file of packets, so many microseconds apart."""
    parts = [pcap_header(link)]
    for index, data in enumerate(packets):
        time = index * step
        parts.append(pcap_packet(data, START + time // 1_000_000, time % 1_000_000))
    return b"".join(parts)


# --- pcapng

def block(kind, body, length=None, trailer=None):
    body += b"\0" * (-len(body) % 4)
    total = len(body) + 12 if length is None else length
    return le32(kind) + le32(total) + body + le32(total if trailer is None else trailer)


def option(code, value, length=None):
    return (le16(code) + le16(len(value) if length is None else length) + value
            + b"\0" * (-len(value) % 4))


def section(options=b"", magic=0x1A2B3C4D, version=(1, 0), length=-1):
    return block(0x0A0D0D0A, le32(magic) + le16(version[0]) + le16(version[1]) + le64(length)
                 + options)


def interface(link=1, snap=0, options=b""):
    return block(1, le16(link) + le16(0) + le32(snap) + options)


def enhanced(data, ticks=START * 1_000_000, number=0, captured=None, wire=None, options=b""):
    padded = data + b"\0" * (-len(data) % 4)
    return block(6, le32(number) + le32(ticks >> 32) + le32(ticks)
                 + le32(len(data) if captured is None else captured)
                 + le32(len(data) if wire is None else wire) + padded + options)


def pcapng(packets, step=1000):
    base = START * 1_000_000
    return section() + interface() + b"".join(
        enhanced(data, base + index * step) for index, data in enumerate(packets))


# --- Packets

def ethernet(contents, kind=0x0800, source=1, target=2):
    return u8(2, 0, 0, 0, 0, target, 2, 0, 0, 0, 0, source) + be16(kind) + contents


def ipv4(contents, protocol=6, source=CLIENT, target=SERVER, total=None, header=5, options=b"",
         fragment=0, identification=1, ttl=64):
    total = 20 + len(options) + len(contents) if total is None else total
    return (u8(0x40 | header, 0) + be16(total) + be16(identification) + be16(fragment)
            + u8(ttl, protocol) + be16(0) + source + target + options + contents)


def ipv6(contents, next_header=6, length=None, source=b"\x20\x01\x0d\xb8" + bytes(11) + b"\x01",
         target=b"\x20\x01\x0d\xb8" + bytes(11) + b"\x02"):
    return (be32(0x60000000) + be16(len(contents) if length is None else length)
            + u8(next_header, 64) + source + target + contents)


def tcp(payload=b"", source=49153, target=3389, sequence=0, acknowledgment=0, flags=0x18,
        offset=None, options=b"", window=65535):
    words = 5 + (len(options) + 3) // 4 if offset is None else offset
    options += b"\0" * (-len(options) % 4)
    return (be16(source) + be16(target) + be32(sequence) + be32(acknowledgment)
            + u8(words << 4, flags) + be16(window) + be32(0) + options + payload)


def udp(payload, source=50000, target=53, length=None):
    return (be16(source) + be16(target)
            + be16(8 + len(payload) if length is None else length) + be16(0) + payload)


def frame(segment, fromClient=True, **fields):
    source, target = (CLIENT, SERVER) if fromClient else (SERVER, CLIENT)
    return ethernet(ipv4(segment, source=source, target=target, **fields))


class Conversation:
    """A TCP conversation whose headers are right, whatever is said in it."""

    ports = count(1024)

    def __init__(self, handshake=True, server_port=3389, isn=(1000, 5000)):
        self.port, self.server_port = 1024 + next(self.ports) % 60000, server_port
        self.next = list(isn)
        self.packets = []
        self.identification = 0
        if handshake:
            self.send(0, flags=0x02, options=u8(2, 4, 5, 0xB4))
            self.send(1, flags=0x12, options=u8(2, 4, 5, 0xB4))
            self.send(0, flags=0x10)

    def send(self, side, payload=b"", flags=0x18, options=b"", sequence=None, advance=True):
        self.identification += 1
        ports = (self.port, self.server_port)
        at = self.next[side] if sequence is None else sequence
        segment = tcp(payload, ports[side], ports[1 - side], at, self.next[1 - side], flags,
                      options=options)
        self.packets.append(frame(segment, side == 0, identification=self.identification))
        if advance and sequence is None:
            self.next[side] += len(payload) + (flags & 2 != 0) + (flags & 1 != 0)
        return self

    def say(self, side, octets, size=1400):
        """Sends octets in segments of a size."""
        for position in range(0, len(octets), size):
            self.send(side, octets[position:position + size])
        return self


# --- RDP and TLS

def tpkt(body, length=None):
    return u8(3, 0) + be16(4 + len(body) if length is None else length) + body


def x224(code, body=b"", length=None):
    return u8(6 + len(body) if length is None else length, code, 0, 0, 0, 0, 0) + body


def data_tpdu(body):
    return tpkt(u8(2, 0xF0, 0x80) + body)


def negotiation(kind, value, flags=0, length=8):
    return u8(kind, flags) + le16(length) + le32(value)


def request(line=b"Cookie: mstshash=user\r\n", protocols=3):
    return tpkt(x224(0xE0, line + negotiation(1, protocols)))


def confirm(selected=1):
    return tpkt(x224(0xD0, negotiation(2, selected)))


def record(kind, payload, length=None, version=0x0303):
    return u8(kind) + be16(version) + be16(len(payload) if length is None else length) + payload


def handshake(kind, body, length=None):
    return u8(kind) + be24(len(body) if length is None else length) + body


def extension(kind, body, length=None):
    return be16(kind) + be16(len(body) if length is None else length) + body


def client_hello(extensions=b"", suites=be16(0xC02F), session=b"", lengths=None):
    total = len(extensions) if lengths is None else lengths
    return handshake(1, be16(0x0303) + bytes(32) + u8(len(session)) + session
                     + be16(len(suites)) + suites + u8(1, 0) + be16(total) + extensions)


def server_hello(suite=0xC02F, extensions=b""):
    return handshake(2, be16(0x0303) + bytes(range(32)) + u8(0) + be16(suite) + u8(0)
                     + be16(len(extensions)) + extensions)


def certificates(chain, length=None):
    body = b"".join(be24(len(der)) + der for der in chain)
    return handshake(11, be24(len(body) if length is None else length) + body)


def der(tag, *contents, length=None):
    body = b"".join(contents)
    size = len(body) if length is None else length
    if size < 128:
        return u8(tag, size) + body
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return u8(tag, 0x80 | len(octets)) + octets + body


def certificate(name=b"host", serial=b"\x01", not_before=b"240101000000Z",
                not_after=b"340101000000Z", key=None, extensions=b"", string_tag=0x0C,
                time_tag=0x17):
    """An X.509 certificate with a signature of zeros."""
    algorithm = der(0x30, der(6, bytes.fromhex("2a864886f70d01010b")), der(5))
    names = der(0x30, der(0x31, der(0x30, der(6, b"\x55\x04\x03"), der(string_tag, name))))
    if key is None:
        key = der(0x30, der(2, b"\0" + b"\xC1" * 256), der(2, b"\x01\0\x01"))
    info = der(0x30, der(0x30, der(6, bytes.fromhex("2a864886f70d010101")), der(5)),
               der(3, b"\0", key))
    wrapped = der(0xA3, der(0x30, extensions)) if extensions else b""
    body = der(0x30, der(0xA0, der(2, b"\x02")), der(2, serial), algorithm, names,
               der(0x30, der(time_tag, not_before), der(time_tag, not_after)), names, info, wrapped)
    return der(0x30, body, algorithm, der(3, b"\0" + bytes(256)))


def negotiated(selected=1):
    """A conversation as far as the first octets of TLS, or of MCS."""
    talk = Conversation()
    return talk.say(0, request(protocols=selected)).say(1, confirm(selected))


def tls_server(flight):
    """A conversation in which the server sends these handshake messages."""
    talk = negotiated()
    talk.say(0, record(22, client_hello()))
    for position in range(0, len(flight), 16384):
        talk.say(1, record(22, flight[position:position + 16384]))
    return talk


def mcs_connect(kind, blocks, key=b"Duca", user_length=None):
    """A Connect Initial (101) or Response (102) with GCC data blocks."""
    def length16(size):
        return be16(0x8000 | size & 0x7FFF)
    inner = (u8(0, 5, 0, 0x14, 0x7C, 0, 1) + length16(len(blocks) + 14)
             + u8(0, 8, 0, 0x10, 0, 1, 0xC0, 0) + key
             + length16(len(blocks) if user_length is None else user_length) + blocks)
    if kind == 102:
        inner = (u8(0, 5, 0, 0x14, 0x7C, 0, 1) + length16(len(blocks) + 16)
                 + u8(0x14, 0x76, 0x0A, 1, 1, 0, 1, 0xC0, 0) + b"McDn"
                 + length16(len(blocks) if user_length is None else user_length) + blocks)
    parameters = der(0x30, *(der(2, u8(value)) for value in (34, 2, 0, 1, 0, 1, 9, 2)))
    if kind == 101:
        body = (der(4, b"\x01") + der(4, b"\x01") + der(1, b"\xFF") + parameters * 3
                + der(4, inner))
    else:
        body = der(10, b"\0") + der(2, b"\0") + parameters + der(4, inner)
    return u8(0x7F, kind) + der(0, body)[1:]


def data_block(kind, body, length=None):
    return le16(kind) + le16(4 + len(body) if length is None else length) + body


def send_data(body, kind=26, channel=1003, length=None):
    size = len(body) if length is None else length
    return data_tpdu(u8(kind << 2) + be16(6) + be16(channel) + u8(0x70)
                     + be16(0x8000 | size & 0x3FFF) + body)
