#!/usr/bin/env python3
"""Times decryption: a session of bulk data, with and without its key log.

usage: decrypt.py [--command rdpscope] [--megabytes N] [--min-rate MB/s]

Makes one TLS connection for each cipher, records of 16 KiB under keys of its own, in a capture on the
disk, and reads it with `--key-log` and without. The rate is octets of plaintext by the processor time
of the run with the key log. Exits with 1 when AES-GCM is slower than the limit. Needs Python's
cryptography (python3-cryptography).
"""

import argparse
import hashlib
import hmac
import json
import os
import resource
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

ROOT = Path(__file__).resolve().parents[2]
RECORD = 16_384
SEGMENT = 1460
REQUEST = bytes.fromhex("030000130ee000000000000100080001000000")
CONFIRM = bytes.fromhex("030000130ed000000000000200080001000000")
CLIENT_RANDOM, SERVER_RANDOM, MASTER = bytes(range(32)), bytes(range(32, 64)), bytes(range(48))


def prf(secret, label, seed, count, name):
    seed, output, chain = label + seed, b"", label + seed
    while len(output) < count:
        chain = hmac.digest(secret, chain, name)
        output += hmac.digest(secret, chain + seed, name)
    return output[:count]


class GCM:
    suite, fixed = 0xC030, (0, 32, 4)

    def __init__(self, keys):
        self.mac, self.key, self.iv = keys
        self.cipher = AESGCM(self.key)

    def protect(self, number, kind, octets):
        count = struct.pack(">Q", number)
        data = count + struct.pack(">BHH", kind, 0x303, len(octets))
        return count + self.cipher.encrypt(self.iv + count, octets, data)


class ChaCha(GCM):
    suite, fixed = 0xCCA8, (0, 32, 12)

    def __init__(self, keys):
        self.mac, self.key, self.iv = keys
        self.cipher = ChaCha20Poly1305(self.key)

    def protect(self, number, kind, octets):
        nonce = bytes(a ^ b for a, b in zip(self.iv, bytes(4) + struct.pack(">Q", number)))
        data = struct.pack(">QBHH", number, kind, 0x303, len(octets))
        return self.cipher.encrypt(nonce, octets, data)


class CBC(GCM):
    suite, fixed = 0xC014, (20, 32, 0)

    def __init__(self, keys):
        self.mac, self.key, self.iv = keys

    def protect(self, number, kind, octets):
        head = struct.pack(">QBHH", number, kind, 0x303, len(octets))
        octets += hmac.digest(self.mac, head + octets, "sha1")
        padding = 15 - len(octets) % 16
        octets += bytes([padding]) * (padding + 1)
        iv = hashlib.md5(struct.pack(">Q", number)).digest()
        encryptor = Cipher(algorithms.AES(self.key), modes.CBC(iv)).encryptor()
        return iv + encryptor.update(octets) + encryptor.finalize()


def openers(kind):
    """The protection of the client's records and of the server's."""
    name = "sha384" if kind.suite == 0xC030 else "sha256"
    block = prf(MASTER, b"key expansion", SERVER_RANDOM + CLIENT_RANDOM, 2 * sum(kind.fixed), name)
    halves, start = ([], []), 0
    for size in kind.fixed:
        for half in halves:
            half.append(block[start:start + size])
            start += size
    return kind(halves[0]), kind(halves[1])


def record(kind, octets):
    return struct.pack(">BHH", kind, 0x303, len(octets)) + octets


def handshake(kind, body):
    return record(22, struct.pack(">B", kind) + len(body).to_bytes(3, "big") + body)


def capture(out, protection, megabytes):
    """Writes the capture; returns the octets of plaintext of the server."""
    ports = {True: (50000, 3389), False: (3389, 50000)}
    ends = {True: bytes((192, 0, 2, 10, 198, 51, 100, 20)), False: bytes((198, 51, 100, 20, 192, 0, 2, 10))}
    following, now = {True: 1000, False: 5000}, [0]

    def segment(isClient, flags, octets=b""):
        now[0] += 20
        length = 54 + len(octets)
        out.write(struct.pack("<IIII", 1_700_000_000 + now[0] // 1_000_000, now[0] % 1_000_000,
                              length, length)
                  + b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0\x45\0" + struct.pack(">H", length - 14)
                  + b"\0\0\0\0\x40\6\0\0" + ends[isClient]
                  + struct.pack(">HHIIHHHH", *ports[isClient], following[isClient],
                                following[not isClient] if flags & 16 else 0, 0x5000 | flags, 64240, 0, 0)
                  + octets)
        following[isClient] = (following[isClient] + len(octets) + (flags & 3 != 0)) & 0xFFFFFFFF

    def send(isClient, octets):
        for start in range(0, len(octets), SEGMENT):
            segment(isClient, 0x18, octets[start:start + SEGMENT])

    out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
    segment(True, 2), segment(False, 0x12), segment(True, 0x10)
    send(True, REQUEST), send(False, CONFIRM)
    suite = struct.pack(">H", protection.suite)
    send(True, handshake(1, b"\3\3" + CLIENT_RANDOM + b"\0\0\2" + suite + b"\1\0"))
    send(False, handshake(2, b"\3\3" + SERVER_RANDOM + b"\0" + suite + b"\0") + handshake(14, b""))
    client, server = openers(protection)
    finished = struct.pack(">B", 20) + (12).to_bytes(3, "big") + bytes(12)
    send(True, record(20, b"\1") + record(22, client.protect(0, 22, finished)))
    send(False, record(20, b"\1") + record(22, server.protect(0, 22, finished)))
    # TPKTs of one record each, as the largest bitmaps are sent.
    plain = struct.pack(">BBH", 3, 0, RECORD) + b"\2\xf0\x80\x68\0\1\3\xeb\x70\xbf\xf1" + os.urandom(RECORD - 15)
    count = megabytes * 1_000_000 // RECORD
    for number in range(1, count + 1):
        send(False, record(23, server.protect(number, 23, plain)))
    segment(False, 0x11), segment(True, 0x11)
    return count * RECORD


def seconds(command, *arguments):
    """Processor time of a run, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    output = subprocess.run([command, "analyze", "--format", "json", "--no-progress", *arguments],
                            check=True, capture_output=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime), json.loads(output)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--command", default=str(ROOT / ".build/release/rdpscope"))
    parser.add_argument("--megabytes", type=int, default=400)
    parser.add_argument("--min-rate", type=float, default=300)
    given = parser.parse_args()
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "keys.log"
        log.write_text(f"CLIENT_RANDOM {CLIENT_RANDOM.hex()} {MASTER.hex()}\n")
        for protection, limit in ((GCM, given.min_rate), (ChaCha, None), (CBC, None)):
            path = Path(folder) / "capture.pcap"
            with path.open("wb") as out:
                octets = capture(out, protection, given.megabytes)
            closed = min(seconds(given.command, path)[0] for _ in range(3))
            taken = []
            for _ in range(3):
                time, report = seconds(given.command, "--key-log", log, path)
                server = report["connections"][0]["tls"]["decryption"]["server"]
                if server["octets"] != octets + 16 or server["undecryptedRecords"]:
                    sys.exit(f"decrypt.py: not everything was decrypted: {server}")
                taken.append(time)
            rate = octets / 1e6 / min(taken)
            name = report["connections"][0]["tls"]["cipher"]
            isSlow = limit is not None and rate < limit
            failed |= isSlow
            print(f"{name}: {rate:.0f} MB/s of plaintext on one core, all of rdpscope's work counted"
                  f" ({min(taken):.2f} s; {closed:.2f} s without keys)"
                  + (f": less than {limit:.0f}" if isSlow else ""))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
