"""A front for a real RDP server that adds what the server behind it never says.

It carries octets between the client and the server, PDU by PDU, and can
    --refuse CODE      answer requests for anything but standard RDP security with that
                       negotiation failure code
    --limit COUNT      serve that many connections at a time
    --redirect ADDRESS send the client to that address instead of starting a session
    --refuse-join      refuse the client's first Channel Join Request (needs standard RDP security)
    --end-at-info      close on the client's name and password (needs TLS 1.2)
    --heartbeats       speak TLS for itself on both sides, with --certificate and --key, and send the client
                       a heartbeat every second, as Windows does
    hang               (a line on standard input; needs --heartbeats) say nothing more to the client, while
                       the kernel goes on acknowledging
    error CODE         (a line on standard input) put a Set Error Info PDU and an ultimatum
                       into the server's stream and close; only the PDU if the code is 0
`--redirect` and `error` need crypt_level=none.

usage: relay.py --port N --server-port N [--address A] [--refuse CODE] [--limit COUNT] [--redirect A]
                [--refuse-join] [--end-at-info] [--heartbeats --certificate FILE --key FILE]
"""

import argparse
import select
import socket
import ssl
import struct
import sys
import threading
import time

from emulated import (NEGOTIATION_FAILURE, NEGOTIATION_RESPONSE, SSL, ULTIMATUM, connection_confirm, receive,
                      receive_tpkt, tls_client, tls_server, tpkt)

LIFETIME_SECONDS = 300
SERVER_CHANNEL, IO_CHANNEL = 1002, 1003
SET_ERROR_INFO = 47
DEMAND_ACTIVE, SERVER_REDIRECTION = 1, 10
TARGET_NET_ADDRESS = 1  # The redirection's flag for the address.
TLS_RECORDS = range(20, 24)
APPLICATION_DATA = 23
# Heartbeat of one second, with 8 misses to a warning and to a new connection, on a channel of its own.
HEARTBEAT = bytes.fromhex("68000103f07008" "00400000" "00010808")
CHANNEL_JOIN_REQUEST = bytes.fromhex("02f08038")
# Channel Join Confirm, result rt-user-rejected, without the channel.
CHANNEL_JOIN_REFUSED = bytes.fromhex("02f0803de0")
SHORTEST_SETTINGS = 200  # Octets of a record with Connect Initial or Client Info; those between are shorter.


def receive_pdu(peer):
    """One TPKT packet, one TLS record or one fast-path update."""
    head = receive(peer, 2)
    if head[0] in TLS_RECORDS:
        rest = receive(peer, 3)
        return head + rest + receive(peer, struct.unpack("!H", rest[1:])[0])
    if head[0] == 3:
        rest = receive(peer, 2)
        return head + rest + receive(peer, struct.unpack("!H", rest)[0] - 4)
    if head[1] & 0x80:
        low = receive(peer, 1)
        return head + low + receive(peer, ((head[1] & 0x7F) << 8 | low[0]) - 3)
    return head + receive(peer, head[1] - 2)


def indication(share):
    """An unencrypted share PDU in an MCS Send Data Indication."""
    length = struct.pack("!H", 0x8000 | len(share))
    mcs = struct.pack("!BHHB", 0x68, SERVER_CHANNEL - 1001, IO_CHANNEL, 0x70) + length + share
    return tpkt(b"\x02\xf0\x80" + mcs)


def share_type(pdu):
    """The type of the share PDU in a Send Data Indication, None where there is none."""
    if pdu[:1] != b"\x03" or pdu[7:8] != b"\x68":
        return None
    share = pdu[15 if pdu[13] & 0x80 else 14:]
    return struct.unpack("<H", share[2:4])[0] & 0xF


def set_error_info(code):
    """The Set Error Info PDU."""
    data = struct.pack("<IBBHBBHI", 0x000103EA, 0, 1, 18, SET_ERROR_INFO, 0, 0, code)
    return indication(struct.pack("<HHH", len(data) + 6, 0x17, SERVER_CHANNEL) + data)


def redirection(address):
    """The Enhanced Security Server Redirection PDU that sends a client to an address."""
    name = (address + "\0").encode("utf-16-le")
    packet = struct.pack("<HHIII", 0x400, 16 + len(name), 1, TARGET_NET_ADDRESS, len(name)) + name
    share = struct.pack("<HHHH", len(packet) + 9, 0x10 | SERVER_REDIRECTION, SERVER_CHANNEL, 0) + packet + b"\0"
    return indication(share)


def is_long_record(octets):
    """Whether a record with the client's settings, or later its name and password, begins here."""
    return octets[0] == APPLICATION_DATA and struct.unpack("!H", octets[3:5])[0] >= SHORTEST_SETTINGS


class Relay:
    def __init__(self, options):
        self.options = options
        self.error = None
        self.is_hung = False
        self.places = threading.Semaphore(options.limit)  # The rest waits in the kernel.

    def obey(self):
        for line in sys.stdin:
            if line.strip() == "hang":
                self.is_hung = True
            else:
                self.error = int(line.split()[1], 0)

    def refused(self, client, request):
        protocols = struct.unpack("<I", request[-4:])[0] if request[-8:-4] == b"\x01\0\x08\0" else 0
        if self.options.refuse and protocols:
            client.sendall(connection_confirm(NEGOTIATION_FAILURE, self.options.refuse))
            return True
        return False

    def carry_beating(self, client):
        """Carries what is inside TLS, and a heartbeat between the server's PDUs every second."""
        request = receive_tpkt(client)
        with socket.create_connection(("127.0.0.1", self.options.server_port)) as server:
            server.sendall(request)
            receive_tpkt(server)
            server = tls_client(server, self.options)
            client.sendall(connection_confirm(NEGOTIATION_RESPONSE, SSL))
            client = tls_server(client, self.options)
            beat = None
            while True:
                pending = [one for one in (client, server) if one.pending()]
                readable = pending or select.select([client, server], [], [], 0.1)[0]
                if client in readable:
                    octets = client.recv(65536)
                    if not octets:
                        break
                    if not self.is_hung:
                        server.sendall(octets)
                if server in readable and not self.is_hung:
                    pdu = receive_pdu(server)
                    client.sendall(pdu)
                    if beat is None and pdu[0] != 3:  # Fast path: the session is there.
                        beat = time.monotonic()
                elif server in readable:
                    server.recv(65536)
                if beat is not None and beat + 1 <= time.monotonic() and not self.is_hung:
                    client.sendall(tpkt(b"\x02\xf0\x80" + HEARTBEAT))
                    beat = time.monotonic()
            time.sleep(LIFETIME_SECONDS if self.is_hung else 0)

    def carry(self, client):
        long_records = 0
        request = receive_tpkt(client)
        if self.refused(client, request):
            client.recv(1)
            return
        with socket.create_connection(("127.0.0.1", self.options.server_port)) as server:
            server.sendall(request)
            while self.error is None:
                readable = select.select([client, server], [], [], 0.1)[0]
                if client in readable:
                    octets = client.recv(65536)
                    if not octets:
                        return
                    long_records += is_long_record(octets)
                    if self.options.end_at_info and long_records == 2:
                        return
                    if self.options.refuse_join and CHANNEL_JOIN_REQUEST in octets:
                        client.sendall(tpkt(CHANNEL_JOIN_REFUSED + octets[8:12]))
                        continue
                    server.sendall(octets)
                if server in readable:
                    pdu = receive_pdu(server)
                    if self.options.redirect and share_type(pdu) == DEMAND_ACTIVE:
                        client.sendall(redirection(self.options.redirect))
                        client.recv(65536)
                        return
                    client.sendall(pdu)
                if self.error == 0:
                    client.sendall(set_error_info(0))
                    self.error = None
            client.sendall(set_error_info(self.error))
            client.sendall(ULTIMATUM)
            client.shutdown(socket.SHUT_WR)
            time.sleep(0.3)

    def serve(self):
        listener = socket.create_server((self.options.address, self.options.port))
        listener.settimeout(1)
        threading.Thread(target=self.obey, daemon=True).start()
        print("listening", flush=True)
        deadline = time.monotonic() + LIFETIME_SECONDS
        while time.monotonic() < deadline:
            self.places.acquire()
            try:
                client, _ = listener.accept()
            except TimeoutError:
                self.places.release()
                continue
            threading.Thread(target=self.answer, args=(client,), daemon=True).start()

    def answer(self, client):
        with client:
            try:
                (self.carry_beating if self.options.heartbeats else self.carry)(client)
            except OSError as error:
                print(error, flush=True)
            finally:
                self.places.release()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=3389)
    parser.add_argument("--server-port", type=int, default=13389)
    parser.add_argument("--address", default="0.0.0.0")
    parser.add_argument("--redirect")
    parser.add_argument("--refuse", type=int)
    parser.add_argument("--limit", type=int, default=64)
    parser.add_argument("--refuse-join", action="store_true")
    parser.add_argument("--heartbeats", action="store_true")
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.set_defaults(ciphers=None, key_log=None, tls12=True)  # Of the TLS that emulated.py speaks.
    parser.add_argument("--end-at-info", action="store_true")
    Relay(parser.parse_args()).serve()
