#!/usr/bin/env python3
"""Writes Suites/: captures with every way in which records are protected, and the keys to them.

usage: record_suites.py [FOLDER]

OpenSSL (through Python's ssl) and tlslite-ng (pip install tlslite-ng; for RC4 and Triple DES) shake
hands with themselves in memory, one TCP stream a suite, and say a few TPKTs to each other; nothing
is sent anywhere. The files are kept, because every recording has other keys:

    suites.pcapng    every suite, with a key log inside
    rsa.pcapng       RSA key exchange, with and without extended master secret, and resumed
    rsa.pem          the private key to rsa.pcapng, PKCS #1; rsa-pkcs8.pem is the same as PKCS #8
    another.pem      a key that opens nothing
"""

import os
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

CONFIRM = bytes.fromhex("030000130ed000000000000200080001000000")
REQUEST = bytes.fromhex("030000130ee000000000000100080001000000")
NO_ENCRYPT_THEN_MAC, NO_EXTENDED_MASTER_SECRET, NO_TICKET = 1 << 19, 1 << 0, 1 << 14
TLS10, TLS11, TLS12, TLS13 = (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1,
                              ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)

OPENSSL = [  # version, suite, options
    (TLS13, None, 0),
    (TLS12, "ECDHE-RSA-AES128-GCM-SHA256", 0), (TLS12, "ECDHE-RSA-AES256-GCM-SHA384", 0),
    (TLS12, "ECDHE-RSA-CHACHA20-POLY1305", 0),
    (TLS12, "AES128-CCM", 0), (TLS12, "AES256-CCM8", 0),
    *[(TLS12, suite, options) for options in (0, NO_ENCRYPT_THEN_MAC) for suite in (
        "AES128-SHA", "AES256-SHA", "AES128-SHA256", "AES256-SHA256", "ECDHE-RSA-AES128-SHA256",
        "ECDHE-RSA-AES256-SHA384")],
    *[(version, "AES256-SHA", options) for version in (TLS10, TLS11)
      for options in (0, NO_ENCRYPT_THEN_MAC, NO_EXTENDED_MASTER_SECRET)],
    (TLS12, "NULL-SHA", 0), (TLS12, "NULL-SHA256", 0),
]
TLSLITE = [  # version, cipher, MAC, key exchange
    ((3, 1), "rc4", "sha", "rsa"), ((3, 1), "rc4", "md5", "rsa"), ((3, 3), "rc4", "sha", "rsa"),
    ((3, 1), "3des", "sha", "rsa"), ((3, 2), "3des", "sha", "rsa"), ((3, 3), "3des", "sha", "rsa"),
    ((3, 3), "3des", "sha", "ecdhe_rsa"),
]


class Capture:
    """A pcapng of TCP streams that never were."""

    def __init__(self):
        self.packets, self.time = [], 1_700_000_000_000_000
        self.port = 50_000

    def stream(self):
        self.port += 1
        return Stream(self, self.port)

    def write(self, path, secrets=b""):
        blocks = [block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)),
                  block(1, struct.pack("<HHI", 1, 0, 0))]
        if secrets:
            blocks.append(block(10, struct.pack("<II", 0x544C534B, len(secrets)) + secrets))
        for time, octets in self.packets:
            blocks.append(block(6, struct.pack("<IIIII", 0, time >> 32, time & 0xFFFFFFFF,
                                               len(octets), len(octets)) + octets))
        path.write_bytes(b"".join(blocks))


def block(kind, body):
    body += b"\0" * (-len(body) % 4)
    return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)


class Stream:
    LARGEST = 1400

    def __init__(self, capture, port):
        self.capture, self.port = capture, port
        self.next = {True: 1000, False: 5000}
        self.segment(True, 0x02)
        self.segment(False, 0x12)
        self.segment(True, 0x10)
        self.send(True, REQUEST)
        self.send(False, CONFIRM)

    def send(self, isClient, octets):
        for start in range(0, len(octets), self.LARGEST):
            self.segment(isClient, 0x18, octets[start:start + self.LARGEST])

    def close(self):
        self.segment(True, 0x11)
        self.segment(False, 0x11)
        self.segment(True, 0x10)

    def segment(self, isClient, flags, octets=b""):
        client, server = bytes([192, 0, 2, 10]), bytes([198, 51, 100, 20])
        ports = (self.port, 3389) if isClient else (3389, self.port)
        ends = (client, server) if isClient else (server, client)
        tcp = struct.pack(">HHIIBBHHH", *ports, self.next[isClient],
                          self.next[not isClient] if flags & 0x10 else 0, 0x50, flags, 64240, 0, 0)
        sum16 = checksum(ends[0] + ends[1] + struct.pack(">HH", 6, len(tcp) + len(octets))
                         + tcp + octets)
        tcp = tcp[:16] + struct.pack(">H", sum16) + tcp[18:] + octets
        ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp), 0, 0x4000, 64, 6, 0) + ends[0] + ends[1]
        ip = ip[:10] + struct.pack(">H", checksum(ip)) + ip[12:]
        self.capture.time += 500
        self.capture.packets.append((self.capture.time, b"\2" * 12 + b"\x08\0" + ip + tcp))
        self.next[isClient] += len(octets) + (1 if flags & 3 else 0)


def checksum(octets):
    octets += b"\0" * (len(octets) % 2)
    total = sum(struct.unpack(f">{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def talk():
    """What both sides say once they are connected: TPKTs of many lengths, split and joined."""
    def tpkt(count):
        return struct.pack(">BBH", 3, 0, count) + b"\2\xf0\x80" + bytes(
            index & 0xFF for index in range(count - 7))
    return [(True, tpkt(400)), (False, tpkt(120)), (True, tpkt(12)), (True, tpkt(8)),
            (False, tpkt(11)), (True, tpkt(17)), (False, tpkt(3000)[:1000]),
            (False, tpkt(3000)[1000:]), (False, tpkt(20_000)), (True, tpkt(33) + tpkt(34)),
            *[(length % 2 == 0, tpkt(length)) for length in range(40, 60)], (False, tpkt(9))]


class OpenSSL:
    def __init__(self, folder, log):
        self.folder, self.log = folder, log

    def context(self, isClient, version, suite, options):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT if isClient else ssl.PROTOCOL_TLS_SERVER)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.minimum_version = context.maximum_version = version
        if suite:
            context.set_ciphers(f"{suite}:@SECLEVEL=0")
        context.options |= options
        if not isClient:
            context.load_cert_chain(self.folder / "certificate.pem", self.folder / "rsa.pem")
        elif self.log:
            context.keylog_filename = str(self.log)
        return context

    def run(self, capture, contexts, session=None):
        """Shakes hands and talks; returns the session."""
        stream = capture.stream()
        ways = [{isClient: ssl.MemoryBIO() for isClient in (True, False)} for _ in range(2)]
        client = contexts[0].wrap_bio(ways[0][True], ways[1][True],
                                      server_hostname="lab.example", session=session)
        server = contexts[1].wrap_bio(ways[0][False], ways[1][False], server_side=True)
        ends = {True: client, False: server}
        done = set()
        while len(done) < 2:
            for isClient, end in ends.items():
                try:
                    end.do_handshake()
                    done.add(isClient)
                except ssl.SSLWantReadError:
                    pass
                self.carry(stream, ways, isClient)
        for isClient, octets in talk():
            ends[isClient].write(octets)
            self.carry(stream, ways, isClient)
            read = b""
            while len(read) < len(octets):
                read += ends[not isClient].read(1 << 16)
        for isClient in (True, False):
            try:
                ends[isClient].unwrap()
            except ssl.SSLError:
                pass
            self.carry(stream, ways, isClient)
        stream.close()
        return client.session

    @staticmethod
    def carry(stream, ways, isClient):
        if octets := ways[1][isClient].read():
            stream.send(isClient, octets)
            ways[0][not isClient].write(octets)


class Tap:
    """A socket that notes what is sent."""

    def __init__(self, inner, stream, isClient, lock):
        self.inner, self.stream, self.isClient, self.lock = inner, stream, isClient, lock

    def send(self, octets):
        with self.lock:
            self.stream.send(self.isClient, bytes(octets))
        return self.inner.send(octets)

    def sendall(self, octets):
        self.send(octets)

    def __getattr__(self, name):
        return getattr(self.inner, name)


def tlslite(capture, folder, version, cipher, mac, exchange):
    """Talks with tlslite-ng; returns the connection's line of a key log."""
    from tlslite.api import HandshakeSettings, TLSConnection, X509, X509CertChain, parsePEMKey
    settings = HandshakeSettings()
    settings.minVersion = settings.maxVersion = version
    settings.versions = [version]
    settings.cipherNames, settings.macNames, settings.keyExchangeNames = [cipher], [mac], [exchange]
    certificate = X509()
    certificate.parse((folder / "certificate.pem").read_text())
    key = parsePEMKey((folder / "rsa.pem").read_text(), private=True)
    stream, lock, pair = capture.stream(), threading.Lock(), socket.socketpair()
    ends = {isClient: TLSConnection(Tap(pair[index], stream, isClient, lock))
            for index, isClient in enumerate((True, False))}
    failure = []

    def serve():
        try:
            ends[False].handshakeServer(certChain=X509CertChain([certificate]), privateKey=key,
                                        settings=settings)
        except Exception as problem:  # told by the main thread
            failure.append(problem)
            pair[1].close()

    thread = threading.Thread(target=serve)
    thread.start()
    ends[True].handshakeClientCert(settings=settings)
    thread.join()
    if failure:
        raise failure[0]
    for isClient, octets in talk():
        ends[isClient].write(octets)
        read = b""
        while len(read) < len(octets):
            read += ends[not isClient].read(max=len(octets) - len(read), min=1)
    stream.close()
    client = ends[True]
    return f"CLIENT_RANDOM {client._clientRandom.hex()} {client.session.masterSecret.hex()}\n"


def makeKeys(folder):
    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=folder)
    openssl("genrsa", "-traditional", "-out", "rsa.pem", "2048")
    openssl("pkcs8", "-topk8", "-nocrypt", "-in", "rsa.pem", "-out", "rsa-pkcs8.pem")
    openssl("genrsa", "-traditional", "-out", "another.pem", "2048")
    openssl("req", "-x509", "-key", "rsa.pem", "-subj", "/CN=lab.example", "-days", "3650",
            "-out", "certificate.pem")


def main():
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent / "Suites")
    folder.mkdir(exist_ok=True)
    makeKeys(folder)
    with tempfile.TemporaryDirectory() as temporary:
        log = Path(temporary) / "keys.log"
        capture, openssl = Capture(), OpenSSL(folder, log)
        for version, suite, options in OPENSSL:
            openssl.run(capture, [openssl.context(isClient, version, suite, options)
                                  for isClient in (True, False)])
        lines = [tlslite(capture, folder, *case) for case in TLSLITE]
        capture.write(folder / "suites.pcapng", log.read_bytes() + "".join(lines).encode())

    capture, openssl = Capture(), OpenSSL(folder, None)
    for version, options in [(TLS12, 0), (TLS12, NO_EXTENDED_MASTER_SECRET),
                             (TLS12, NO_TICKET), (TLS10, NO_EXTENDED_MASTER_SECRET)]:
        contexts = [openssl.context(isClient, version, "AES256-SHA", options)
                    for isClient in (True, False)]
        session = openssl.run(capture, contexts)
        openssl.run(capture, contexts, session)
    capture.write(folder / "rsa.pcapng")
    os.remove(folder / "certificate.pem")


if __name__ == "__main__":
    main()
