"""As much CredSSP (MS-CSSP) and NTLM (MS-NLMP) as a scan or a refused login takes."""

import struct

VERSION = 6
# Unicode, request target, sign, seal, NTLM, always sign, extended security, target info, version, 128, key, 56.
FLAGS = 0xE28A8235
NEGOTIATE_FLAGS = 0xE2088297
PRODUCT = struct.pack("<BBHBBBB", 10, 0, 20348, 0, 0, 0, 15)
NB_COMPUTER, NB_DOMAIN, DNS_COMPUTER, DNS_DOMAIN, TIMESTAMP = 1, 2, 3, 4, 7
# 2026-01-01 in units of 100 ns since 1601.
NEW_YEAR = 134116992000000000


def der(tag, content):
    length = len(content)
    if length < 128:
        return bytes([tag, length]) + content
    size = (length.bit_length() + 7) // 8
    return bytes([tag, 0x80 | size]) + length.to_bytes(size, "big") + content


def request(*fields, version=VERSION):
    """A TSRequest with those fields beside its version."""
    return der(0x30, der(0xA0, der(2, bytes([version]))) + b"".join(fields))


def negotiation_token(token):
    return der(0xA1, der(0x30, der(0x30, der(0xA0, der(4, token)))))


def error_code(status):
    return der(0xA4, der(2, struct.pack(">i", status - (1 << 32) if status >> 31 else status)))


def receive(peer):
    """One TSRequest, unread."""
    data = b""
    while len(data) < 2 or len(data) < size(data):
        more = peer.recv(16384)
        if not more:
            raise ConnectionError("the peer closed in CredSSP")
        data += more
    return data


def size(data):
    """The length of the DER value that starts the octets, as far as they tell."""
    if data[1] < 0x80:
        return 2 + data[1]
    count = data[1] & 0x7F
    if len(data) < 2 + count:
        return 2 + count
    return 2 + count + int.from_bytes(data[2:2 + count], "big")


def negotiate():
    """An NTLM NEGOTIATE message without names."""
    return b"NTLMSSP\0" + struct.pack("<II", 1, NEGOTIATE_FLAGS) + bytes(16) + PRODUCT


def challenge(computer="RDP", domain="EXAMPLE"):
    """An NTLM CHALLENGE message of a server of those names."""
    pairs = [(NB_DOMAIN, domain), (NB_COMPUTER, computer), (DNS_DOMAIN, "example.test"),
             (DNS_COMPUTER, f"{computer.lower()}.example.test")]
    info = b"".join(struct.pack("<HH", code, 2 * len(text)) + text.encode("utf-16-le") for code, text in pairs)
    info += struct.pack("<HHQ", TIMESTAMP, 8, NEW_YEAR) + bytes(4)
    name = domain.encode("utf-16-le")
    head = 56
    return (b"NTLMSSP\0" + struct.pack("<IHHI", 2, len(name), len(name), head) + struct.pack("<I", FLAGS)
            + bytes.fromhex("0123456789abcdef") + bytes(8)
            + struct.pack("<HHI", len(info), len(info), head + len(name)) + PRODUCT + name + info)
