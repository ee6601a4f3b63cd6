"""Small emulated RDP peers over the kernel's own TCP, for what real software cannot be made to do.

usage: emulated.py serve MODE [--port N] [--seconds S] [--certificate FILE --key FILE] [--code N]
       emulated.py connect MODE ADDRESS [--port N] [--seconds S] [--count N] [--every S] [--ca FILE]

Everything here ends by itself. Modes are functions below; their docstrings say what they do.
"""

import argparse
import socket
import ssl
import struct
import sys
import threading
import time

import credssp

LIFETIME_SECONDS = 300
NEGOTIATION_RESPONSE, NEGOTIATION_FAILURE = 2, 3
SSL, HYBRID = 1, 2
# MCS Disconnect Provider Ultimatum, reason user requested.
ULTIMATUM = bytes.fromhex("0300000902f0802180")


# Framing

def receive(peer, count):
    data = b""
    while len(data) < count:
        more = peer.recv(count - len(data))
        if not more:
            raise ConnectionError("the peer closed")
        data += more
    return data


def receive_tpkt(peer):
    """One TPKT packet, or the raw bytes of a peer that does not speak TPKT."""
    header = receive(peer, 4)
    return header + receive(peer, struct.unpack("!H", header[2:])[0] - 4)


def tpkt(payload):
    return struct.pack("!BBH", 3, 0, len(payload) + 4) + payload


def connection_request(protocols=SSL, cookie="lab", flags=0):
    text = f"Cookie: mstshash={cookie}\r\n".encode() if cookie else b""
    negotiation = struct.pack("<BBHI", 1, flags, 8, protocols) if protocols is not None else b""
    body = text + negotiation
    return tpkt(struct.pack("!BBHHB", 6 + len(body), 0xE0, 0, 0, 0) + body)


def connection_confirm(kind, value, flags=0):
    negotiation = struct.pack("<BBHI", kind, flags, 8, value) if kind else b""
    return tpkt(struct.pack("!BBHHB", 6 + len(negotiation), 0xD0, 0, 0x1234, 0) + negotiation)


def reset(peer):
    """Closes so that the kernel sends RST instead of FIN."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


def drain(peer, seconds):
    """Reads and forgets until the peer closes or time is up."""
    deadline = time.monotonic() + seconds
    peer.settimeout(0.2)
    while time.monotonic() < deadline:
        try:
            if not peer.recv(65536):
                return
        except (TimeoutError, ssl.SSLWantReadError):
            continue
        except OSError:
            return


# Server modes: a function takes the accepted socket and the options.

def confirm(peer, protocol=SSL):
    request = receive_tpkt(peer)
    peer.sendall(connection_confirm(NEGOTIATION_RESPONSE, protocol))
    return request


def tls_server(peer, options):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if options.ciphers:
        context.set_ciphers(options.ciphers)
    context.load_cert_chain(options.certificate, options.key)
    if options.tls12:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context.wrap_socket(peer, server_side=True)


def hung(peer, options):
    """The kernel accepts and acknowledges; the service behind it never says a word."""
    time.sleep(options.seconds)


def close_at_once(peer, options):
    """Accepts and closes before a word was said."""


def reset_at_once(peer, options):
    """Accepts and resets before a word was said."""
    reset(peer)


def refuse(peer, options):
    """Answers the request with a negotiation failure of that code."""
    receive_tpkt(peer)
    peer.sendall(connection_confirm(NEGOTIATION_FAILURE, options.code))
    drain(peer, 2)


def select(peer, options):
    """Selects the protocol of that number, whatever was asked for."""
    confirm(peer, options.code)
    drain(peer, options.seconds)


def close_after_hello(peer, options):
    """Reads the ClientHello and closes with FIN and no TLS record: Schannel without its key."""
    confirm(peer, SSL)
    peer.recv(65536)
    peer.shutdown(socket.SHUT_RDWR)


def reset_after_hello(peer, options):
    """Reads the ClientHello and resets."""
    confirm(peer, SSL)
    peer.recv(65536)
    reset(peer)


def reset_after_request(peer, options):
    """Reads the connection request and resets."""
    receive_tpkt(peer)
    reset(peer)


def close_old(peer, options):
    """Closes without a word on a ClientHello that does not offer TLS 1.2 or later."""
    confirm(peer, SSL)
    hello = peer.recv(65536, socket.MSG_PEEK)
    if struct.unpack("!H", hello[9:11])[0] >= 0x0303:
        drain(tls_server(peer, options), options.seconds)


def alert(peer, options):
    """Answers the ClientHello with a fatal TLS alert of that number."""
    confirm(peer, SSL)
    peer.recv(65536)
    peer.sendall(struct.pack("!BHHBB", 21, 0x0303, 2, 2, options.code))
    peer.shutdown(socket.SHUT_WR)
    drain(peer, 2)


def reset_after_tls(peer, options):
    """Completes the handshake, listens for a while, then resets without a reason."""
    confirm(peer, SSL)
    tls = tls_server(peer, options)
    drain(tls, options.seconds)
    reset(tls)


def close_after_tls(peer, options):
    """Completes the handshake, listens for a while, then closes without close_notify."""
    confirm(peer, SSL)
    tls = tls_server(peer, options)
    drain(tls, options.seconds)
    tls.close()


def demand_certificate(peer, options):
    """Wants a certificate of the client, as servers for smart cards do, and ends without one."""
    confirm(peer, SSL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.certificate, options.key)
    context.load_verify_locations(options.certificate)
    context.verify_mode = ssl.CERT_REQUIRED
    if options.tls12:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    if options.tls13:
        context.minimum_version = ssl.TLSVersion.TLSv1_3
    drain(context.wrap_socket(peer, server_side=True), options.seconds)


def old_hello(peer, options):
    """Answers every ClientHello with a ServerHello of TLS 1.0, as a server from another time does."""
    confirm(peer, SSL)
    peer.recv(65536)
    extensions = bytes.fromhex("ff01000100")  # Without secure renegotiation that would be the complaint.
    hello = (b"\x03\x01" + bytes(range(32)) + b"\0" + b"\x00\x2f" + b"\0"  # RSA, AES-128-CBC, SHA.
             + struct.pack("!H", len(extensions)) + extensions)
    handshake = b"\x02" + len(hello).to_bytes(3, "big") + hello
    peer.sendall(struct.pack("!BHH", 22, 0x0301, len(handshake)) + handshake)
    drain(peer, 3)


def take_login(peer, options):
    """NLA as Windows does it, with NTLM, up to the client's proof."""
    confirm(peer, HYBRID)
    tls = tls_server(peer, options)
    credssp.receive(tls)
    tls.sendall(credssp.request(credssp.negotiation_token(credssp.challenge())))
    credssp.receive(tls)
    return tls


def refuse_login(peer, options):
    """Whoever logs in is refused with that NTSTATUS code."""
    tls = take_login(peer, options)
    tls.sendall(credssp.request(credssp.error_code(options.code)))
    drain(tls, 2)


def hang_login(peer, options):
    """NLA up to the client's credentials, which nobody answers: the security authority hangs."""
    tls = take_login(peer, options)  # Held, so that it stays open.
    time.sleep(options.seconds)


def old_challenge(peer, options):
    """NLA up to the challenge, of a CredSSP from before its correction of 2018 (version 2)."""
    confirm(peer, HYBRID)
    tls = tls_server(peer, options)
    credssp.receive(tls)
    tls.sendall(credssp.request(credssp.negotiation_token(credssp.challenge()), version=2))
    drain(tls, options.seconds)


def hang_setup(peer, options):
    """Completes the handshake, reads the client's settings (MCS Connect Initial), and never answers."""
    confirm(peer, SSL)
    drain(tls_server(peer, options), options.seconds)


def disconnect_request(peer, options):
    """Answers the request with an X.224 Disconnect Request in place of a confirm."""
    receive_tpkt(peer)
    peer.sendall(tpkt(struct.pack("!BBHHB", 6, 0x80, 0, 0x1234, 0)))
    peer.shutdown(socket.SHUT_WR)
    drain(peer, 2)


def gateway(peer, options):
    """A Remote Desktop Gateway that answers every request with that HTTP status."""
    tls = tls_server(peer, options)
    while tls.recv(65536):
        tls.sendall(f"HTTP/1.1 {options.code} {options.text}\r\nContent-Length: 0\r\n\r\n".encode())


def banner(peer, options):
    """Speaks first, as SSH, SMTP and VNC servers do."""
    peer.sendall(options.text.encode().decode("unicode_escape").encode("latin-1"))
    drain(peer, options.seconds)


def stop_reading(peer, options):
    """Completes the handshake, then never reads again: its window closes."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    confirm(peer, SSL)
    tls_server(peer, options)
    time.sleep(options.seconds)


SERVERS = {function.__name__.replace("_", "-"): function for function in (
    hung, close_at_once, reset_at_once, refuse, select, close_after_hello, reset_after_hello,
    reset_after_request, close_old, alert, reset_after_tls, close_after_tls, demand_certificate, old_hello,
    refuse_login, hang_login, old_challenge, hang_setup, disconnect_request, gateway, banner, stop_reading)}


def serve(options):
    listener = socket.create_server(("::", options.port), family=socket.AF_INET6,
                                    dualstack_ipv6=True, backlog=64)
    listener.settimeout(1)
    print("listening", flush=True)
    deadline = time.monotonic() + LIFETIME_SECONDS
    places = threading.Semaphore(options.limit)  # The rest waits, accepted by the kernel alone.

    def answer(peer):
        try:
            SERVERS[options.mode](peer, options)
        except (OSError, struct.error) as error:
            print(error, flush=True)
        finally:
            peer.close()
            places.release()
    while time.monotonic() < deadline:
        places.acquire()
        try:
            peer, _ = listener.accept()
        except TimeoutError:
            places.release()
            continue
        threading.Thread(target=answer, args=(peer,), daemon=True).start()


# Client modes

def probe(peer, options):
    """Connects and closes: a load balancer's or a monitor's check."""


def probe_reset(peer, options):
    """Connects and resets, as some monitors do to leave no TIME-WAIT behind."""
    reset(peer)


def ask(peer, options, protocols=SSL):
    """Sends the connection request and reads the answer."""
    peer.sendall(connection_request(protocols if options.protocols is None else options.protocols, options.text,
                                    options.flags))
    return receive_tpkt(peer)


def scan(peer, options):
    """Asks what the server supports, reads the answer and leaves, as port scanners do."""
    ask(peer, options, SSL | HYBRID)


def scan_reset(peer, options):
    """Asks what the server supports, reads the answer and resets."""
    ask(peer, options, SSL | HYBRID)
    reset(peer)


def scan_each(peer, options):
    """Asks for one set of protocols after the other, each on a connection of its own."""
    for protocols in (0, SSL, SSL | HYBRID, 8 | HYBRID | SSL):
        with socket.create_connection((options.address, options.port), timeout=options.timeout) as one:
            one.sendall(connection_request(protocols, options.text))
            receive_tpkt(one)


def tls_client(peer, options):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if options.key_log:
        context.keylog_filename = options.key_log
    if options.tls12:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context.wrap_socket(peer)


def scan_certificate(peer, options):
    """Asks, does the TLS handshake to see the certificate, and leaves at once."""
    ask(peer, options)
    tls_client(peer, options).close()


def scan_names(peer, options):
    """Starts a login with NLA to read the server's names in the NTLM challenge, and leaves."""
    ask(peer, options, SSL | HYBRID)
    tls = tls_client(peer, options)
    tls.sendall(credssp.request(credssp.negotiation_token(credssp.negotiate())))
    credssp.receive(tls)
    tls.close()


def refuse_challenge(peer, options):
    """Breaks the login off at the server's first answer by a reset, as mstsc does whose rules forbid it."""
    ask(peer, options, SSL | HYBRID)
    tls = tls_client(peer, options)
    tls.sendall(credssp.request(credssp.negotiation_token(credssp.negotiate())))
    credssp.receive(tls)
    reset(tls)


def guess(peer, options):
    """Logs in with NTLM and a proof of nothing, reads the refusal and resets."""
    ask(peer, options, SSL | HYBRID)
    tls = tls_client(peer, options)
    tls.sendall(credssp.request(credssp.negotiation_token(credssp.negotiate())))
    credssp.receive(tls)
    tls.sendall(credssp.request(credssp.negotiation_token(bytes(600))))
    credssp.receive(tls)
    reset(tls)


def tls_at_once(peer, options):
    """Starts with a TLS ClientHello, as if the port were one of HTTPS."""
    tls_client(peer, options)


def say(peer, options):
    """Says that text, which is not RDP, and reads what comes back."""
    peer.sendall(options.text.encode().decode("unicode_escape").encode("latin-1"))
    drain(peer, options.seconds)


def cancel(peer, options):
    """Asks for NLA and goes away after a while: a user who cancels the question for the password."""
    ask(peer, options, SSL | HYBRID)
    time.sleep(options.seconds)
    reset(peer)


def verify(peer, options):
    """Verifies the certificate as OpenSSL does by default, and says so with an alert."""
    ask(peer, options)
    context = ssl.create_default_context(cafile=options.ca)
    context.check_hostname = options.ca is not None
    if options.tls12:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.wrap_socket(peer, server_hostname=options.name)
    except ssl.SSLCertVerificationError as error:
        print(error, flush=True)


def hello_only(peer, options):
    """Asks and starts TLS with the given versions or ciphers, then reports what happens."""
    ask(peer, options)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if options.tls10:
        context.set_ciphers("DEFAULT@SECLEVEL=0")
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    if options.ciphers:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(options.ciphers)
    if options.tls12:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    if options.tls13:
        context.minimum_version = ssl.TLSVersion.TLSv1_3
    drain(context.wrap_socket(peer), options.seconds)


def idle(peer, options):
    """Connects and says nothing."""
    drain(peer, options.seconds)


CLIENTS = {function.__name__.replace("_", "-"): function for function in (
    probe, probe_reset, scan, scan_reset, scan_each, scan_certificate, scan_names, refuse_challenge, guess,
    tls_at_once, say, cancel, verify, hello_only, idle)}


def connect(options):
    for number in range(options.count):
        if number:
            time.sleep(options.every)
        try:
            with socket.create_connection((options.address, options.port), timeout=options.timeout,
                                          source_address=(options.source, 0) if options.source else None) as peer:
                CLIENTS[options.mode](peer, options)
        except OSError as error:
            print(error, flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("side", choices=["serve", "connect"])
    parser.add_argument("mode", choices=sorted({*SERVERS, *CLIENTS}))
    parser.add_argument("address", nargs="?")
    parser.add_argument("--port", type=int, default=3389)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--timeout", type=float, default=20)
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--every", type=float, default=1)
    parser.add_argument("--source")
    parser.add_argument("--limit", type=int, default=64)
    parser.add_argument("--code", type=lambda text: int(text, 0), default=0)
    parser.add_argument("--protocols", type=int)
    parser.add_argument("--flags", type=int, default=0)  # Of the negotiation request.
    parser.add_argument("--key-log")
    parser.add_argument("--text", default="lab")
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--ca")
    parser.add_argument("--name", default="rdp.example.test")
    parser.add_argument("--ciphers")
    parser.add_argument("--tls10", action="store_true")
    parser.add_argument("--tls12", action="store_true")
    parser.add_argument("--tls13", action="store_true")
    options = parser.parse_args()
    sys.exit(serve(options) if options.side == "serve" else connect(options))
