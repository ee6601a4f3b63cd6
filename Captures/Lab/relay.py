"""A front for a real RDP server that adds what the server behind it never says.

It carries octets between the client and the server, PDU by PDU, and can
    --refuse CODE      answer requests for anything but standard RDP security with that
                       negotiation failure code
    --limit COUNT      serve that many connections at a time
    error CODE         (a line on standard input) put a Set Error Info PDU and an ultimatum
                       into the server's stream and close; needs crypt_level=none

usage: relay.py --port N --server-port N [--refuse CODE] [--limit COUNT]
"""

import argparse
import select
import socket
import struct
import sys
import threading
import time

from emulated import ULTIMATUM, NEGOTIATION_FAILURE, connection_confirm, receive, receive_tpkt, tpkt

LIFETIME_SECONDS = 300
SERVER_CHANNEL, IO_CHANNEL = 1002, 1003
SET_ERROR_INFO = 47
TLS_RECORDS = range(20, 24)


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


def set_error_info(code):
    """The Set Error Info PDU, unencrypted, in an MCS Send Data Indication."""
    data = struct.pack("<IBBHBBHI", 0x000103EA, 0, 1, 18, SET_ERROR_INFO, 0, 0, code)
    share = struct.pack("<HHH", len(data) + 6, 0x17, SERVER_CHANNEL) + data
    mcs = struct.pack("!BHHBB", 0x68, SERVER_CHANNEL - 1001, IO_CHANNEL, 0x70, len(share)) + share
    return tpkt(b"\x02\xf0\x80" + mcs)


class Relay:
    def __init__(self, options):
        self.options = options
        self.error = None
        self.places = threading.Semaphore(options.limit)  # The rest waits in the kernel.

    def obey(self):
        for line in sys.stdin:
            self.error = int(line.split()[1], 0)

    def refused(self, client, request):
        protocols = struct.unpack("<I", request[-4:])[0] if request[-8:-4] == b"\x01\0\x08\0" else 0
        if self.options.refuse and protocols:
            client.sendall(connection_confirm(NEGOTIATION_FAILURE, self.options.refuse))
            return True
        return False

    def carry(self, client):
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
                    server.sendall(octets)
                if server in readable:
                    client.sendall(receive_pdu(server))
            client.sendall(set_error_info(self.error))
            client.sendall(ULTIMATUM)
            client.shutdown(socket.SHUT_WR)
            time.sleep(0.3)

    def serve(self):
        listener = socket.create_server(("0.0.0.0", self.options.port))
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
                self.carry(client)
            except OSError as error:
                print(error, flush=True)
            finally:
                self.places.release()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=3389)
    parser.add_argument("--server-port", type=int, default=13389)
    parser.add_argument("--refuse", type=int)
    parser.add_argument("--limit", type=int, default=64)
    Relay(parser.parse_args()).serve()
