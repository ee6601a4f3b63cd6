"""An emulated RD Gateway ([MS-TSGU] over HTTP): no free server speaks it with the answers wanted here.

usage: gateway.py --certificate FILE --key FILE --target HOST[:PORT] [--port N] [--step STEP --error CODE] [--two]

Accepts everybody, opens the channel and relays to the target, which is a real server; or answers the step
(tunnel, authorization or channel) with an error. With --two it does without WebSocket: one HTTP connection
each way. Ends by itself.
"""

import argparse
import base64
import hashlib
import os
import socket
import ssl
import struct
import threading
import time

LIFETIME = 120
HANDSHAKE, TUNNEL, AUTHORIZATION, CHANNEL, DATA, KEEPALIVE, CLOSE = 1, 4, 6, 8, 10, 13, 16
STEPS = {TUNNEL: "tunnel", AUTHORIZATION: "authorization", CHANNEL: "channel"}
CONNECT_FAILED = 0x800759DD


def packet(kind, body):
    return struct.pack("<HHI", kind, 0, 8 + len(body)) + body


class Tunnel:
    """One client's tunnel, over one WebSocket or two HTTP connections."""

    def __init__(self, options):
        self.options, self.target, self.send = options, None, None

    def take(self, kind, body):
        error = self.options.error if STEPS.get(kind) == self.options.step else 0
        if kind == HANDSHAKE:
            self.send(packet(2, struct.pack("<IBBHH", 0, 1, 0, 0, 2)))  # A cookie instead of a login.
        elif kind == TUNNEL:
            self.send(packet(5, struct.pack("<HIHHII", 0, error, 3, 0, 1, 0x3F)))
        elif kind == AUTHORIZATION:
            self.send(packet(7, struct.pack("<IHHII", error, 3, 0, 0x80000000, 0)))
        elif kind == CHANNEL:
            if not error:
                try:
                    self.target = socket.create_connection(self.options.target, 5)
                except OSError:
                    error = CONNECT_FAILED
            self.send(packet(9, struct.pack("<IHHI", error, 1, 0, 1)))
            if self.target:
                threading.Thread(target=self.relay, daemon=True).start()
        elif kind == DATA:
            self.target.sendall(body[2:2 + struct.unpack("<H", body[:2])[0]])
        elif kind == CLOSE:
            self.send(packet(17, struct.pack("<I", 0)))

    def relay(self):
        try:
            while data := self.target.recv(16000):
                self.send(packet(DATA, struct.pack("<H", len(data)) + data))
            self.send(packet(CLOSE, struct.pack("<I", 0)))
        except OSError:
            pass


class Packets:
    """Cuts a stream into the client's packets."""

    def __init__(self, tunnel):
        self.tunnel, self.pending = tunnel, b""

    def take(self, data):
        self.pending += data
        while len(self.pending) >= 8:
            kind, _, length = struct.unpack("<HHI", self.pending[:8])
            if len(self.pending) < length:
                return
            body, self.pending = self.pending[8:length], self.pending[length:]
            self.tunnel.take(kind, body)


def web_socket(peer, rest, tunnel):
    def send(data):
        size = bytes([len(data)]) if len(data) < 126 else b"\x7e" + struct.pack("!H", len(data))
        peer.sendall(b"\x82" + size + data)

    tunnel.send, packets, pending = send, Packets(tunnel), rest
    while True:
        while len(pending) >= 6:
            length, start = pending[1] & 127, 2
            if length == 126:
                length, start = struct.unpack("!H", pending[2:4])[0], 4
            if len(pending) < start + 4 + length:
                break
            key, payload = pending[start:start + 4], pending[start + 4:start + 4 + length]
            pending = pending[start + 4 + length:]
            packets.take(bytes(octet ^ key[index % 4] for index, octet in enumerate(payload)))
        if not (more := peer.recv(65536)):
            return
        pending += more


def chunked(peer, rest, tunnel):
    packets, pending = Packets(tunnel), rest
    while True:
        while b"\r\n" in pending:
            size, after = pending.split(b"\r\n", 1)
            count = int(size.split(b";")[0] or b"0", 16)
            if len(after) < count + 2:
                break
            packets.take(after[:count])
            pending = after[count + 2:]
        if not (more := peer.recv(65536)):
            return
        pending += more


def serve(peer, context, options, tunnels):
    peer = context.wrap_socket(peer, server_side=True)
    pending = b""
    while True:
        while b"\r\n\r\n" not in pending:
            if not (more := peer.recv(65536)):
                return
            pending += more
        head, pending = pending.split(b"\r\n\r\n", 1)
        text = head.decode()
        fields = {line.split(":", 1)[0].lower(): line.split(":", 1)[1].strip()
                  for line in text.split("\r\n")[1:] if ":" in line}
        tunnel = tunnels.setdefault(fields.get("rdg-connection-id"), Tunnel(options))
        if text.startswith("RDG_OUT_DATA") and not options.two:
            key = fields.get("sec-websocket-key", "") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, 1.3
            accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
            peer.sendall(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          f"Sec-WebSocket-Accept: {accept}\r\n\r\n").encode())
            return web_socket(peer, pending, tunnel)
        if text.startswith("RDG_OUT_DATA"):
            peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n\r\n" + os.urandom(10))
            tunnel.send = peer.sendall
            peer.recv(1)
            return None
        if fields.get("transfer-encoding") == "chunked":
            return chunked(peer, pending, tunnel)
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=443)
    parser.add_argument("--certificate", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--target", required=True)
    parser.add_argument("--step", choices=STEPS.values())
    parser.add_argument("--error", type=lambda text: int(text, 0), default=0)
    parser.add_argument("--two", action="store_true")
    options = parser.parse_args()
    host, _, port = options.target.partition(":")
    options.target = (host, int(port or 3389))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.certificate, options.key)
    listener = socket.create_server(("0.0.0.0", options.port))
    listener.settimeout(1)
    print("listening", flush=True)
    tunnels, end = {}, time.monotonic() + LIFETIME

    def run(peer):
        try:
            serve(peer, context, options, tunnels)
        except OSError:
            pass

    while time.monotonic() < end:
        try:
            threading.Thread(target=run, args=(listener.accept()[0],), daemon=True).start()
        except TimeoutError:
            continue


if __name__ == "__main__":
    main()
