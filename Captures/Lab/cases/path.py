"""What the path between client and server does: resets, silences, losses, sizes."""

import time

from case import case
from cases.session import (FROM_CLIENT, FROM_SERVER, RESET, RETRANSMISSION, open_rdesktop,
                           open_session, press_key)
from network import Routed, Wired
from peers import certificate, clock_desktop, desktop, xfreerdp, xrdp


@case("middlebox-reset-in-session", Routed)
def reset_in_session(lab):
    """A router starts to refuse the client's packets in mid-session with RST of its own.

    Its TTL is not the server's, and the server goes on sending after "its" reset.
    """
    clock_desktop(lab)
    recording = lab.capture()
    client = open_session(lab)
    lab.middle.nft("forward", "ip saddr 192.0.2.10 tcp dport 3389 tcp flags & syn == 0 reject with tcp reset")
    press_key(lab)
    client.wait(10)
    client.end()
    recording.stop(1)
    lab.shows(f"{RESET} && {FROM_SERVER} && ip.ttl == 64")
    lab.shows(f"tcp.len > 0 && {FROM_SERVER} && ip.ttl == 63")
    lab.expect(0, None, family="middlebox_reset", cause="rst_injection", phase="session",
               severity="failure", ending=("reset", "middlebox"), proof=f"{RESET} && {FROM_SERVER}")


@case("middlebox-reset-on-request", Routed)
def reset_on_request(lab):
    """A filter on the way lets TCP through and resets as soon as it reads an RDP request."""
    xrdp(lab)
    lab.middle.nft("forward", "tcp dport 3389 @ih,0,16 0x0300 reject with tcp reset")
    recording = lab.capture()
    client = xfreerdp(lab, "/sec:tls")
    client.wait(15)
    client.end()
    recording.stop(1)
    lab.shows(f"{RESET} && {FROM_SERVER} && ip.ttl == 64")
    lab.expect_each("failure", family="middlebox_reset", cause="rst_injection", phase="x224",
                    severity="failure", ending=("reset", "middlebox"), proof=RESET)


@case("middlebox-reset-on-hello", Routed)
def reset_on_hello(lab):
    """A filter on the way resets on the TLS ClientHello; the request before it had its answer."""
    xrdp(lab)
    lab.middle.nft("forward", "tcp dport 3389 @ih,0,16 0x1603 reject with tcp reset")
    recording = lab.capture(format="pcap")
    client = xfreerdp(lab, "/sec:tls")
    client.wait(15)
    client.end()
    recording.stop(1)
    lab.shows(f"{RESET} && {FROM_SERVER} && ip.ttl == 64")
    lab.expect_each("failure", family="middlebox_reset", cause="rst_injection", phase="tls",
                    severity="failure", ending=("reset", "middlebox"), proof=RESET)


@case("forged-reset-with-right-ttl", Wired)
def forged(lab):
    """A RST is forged towards the client with the server's own TTL and the right sequence number.

    What gives it away is the server's data after it.
    """
    clock_desktop(lab)
    recording = lab.capture()
    client = open_session(lab)
    time.sleep(0.3)
    lab.network.wire.tell("reset client")
    lab.note("the wire forges a RST,ACK towards the client, from the server's newest segment")
    client.wait(8)
    client.end()
    recording.stop(1)
    lab.shows(f"{RESET} && {FROM_SERVER}")
    lab.expect(0, None, family="middlebox_reset", cause="rst_injection", phase="session",
               severity="failure", ending=("reset", "middlebox"), proof=f"{RESET} && {FROM_SERVER}")


def forget_idle_connections(lab):
    """A router that forgets an idle connection after six seconds."""
    lab.middle.sysctl("net.netfilter.nf_conntrack_tcp_timeout_established", 6)
    lab.middle.sysctl("net.netfilter.nf_conntrack_tcp_loose", 0)
    lab.note("router: nf_conntrack_tcp_timeout_established=6, nf_conntrack_tcp_loose=0")


@case("idle-timeout-silent", Routed)
def idle_silent(lab):
    """A router forgets the idle connection after six seconds, then drops what comes on it.

    Nothing was said for ten seconds; then the user's input is retransmitted in vain, while
    the router itself is there.
    """
    desktop(lab)
    lab.middle.nft("forward", "ct state invalid drop", "ct state established accept")
    forget_idle_connections(lab)
    recording = lab.capture()
    client = open_rdesktop(lab)
    time.sleep(12)
    press_key(lab)
    time.sleep(8)
    lab.client.tool("icmp.py", lab.address).wait(5)
    recording.stop(1)
    client.end()
    lab.shows(f"{RETRANSMISSION} && {FROM_CLIENT}", 3)
    lab.shows("icmp.type == 0")
    lab.expect(family="idle_timeout_reset", cause="nat_idle_timeout", phase="session",
               severity="failure", ending=("timeout", "unknown"), proof=RETRANSMISSION)
    lab.attempt([0], "failure", "idle_timeout_reset")


@case("idle-timeout-reset", Routed)
def idle_reset(lab):
    """A router forgets the idle connection after six seconds, and answers the next input with RST."""
    desktop(lab)
    lab.middle.nft("forward", "ct state invalid reject with tcp reset", "ct state established accept")
    forget_idle_connections(lab)
    recording = lab.capture()
    client = open_rdesktop(lab)
    time.sleep(12)
    press_key(lab)
    client.wait(5)
    client.end()
    recording.stop(1)
    lab.shows(f"{RESET} && {FROM_SERVER} && ip.ttl == 64")
    lab.expect(family="idle_timeout_reset", cause="nat_idle_timeout", phase="session",
               severity="failure", ending=("reset", "middlebox"), proof=f"{RESET} && {FROM_SERVER}")
    lab.attempt([0], "failure", "idle_timeout_reset")


@case("mtu-black-hole", Wired)
def black_hole(lab):
    """Packets above 1400 octets vanish without an ICMP message, as in a tunnel without MSS clamping.

    The server's certificate does not fit: its first, full segment never arrives, while the
    small tail of the flight does, and keep-alives are answered.
    """
    file, key = certificate(lab.server, bits=4096, subject="/CN=rdp.example.test/O=" + "x" * 60)
    lab.network.wire.tell("largest 1400")
    lab.note("the wire loses IP packets longer than 1400 octets, each way")
    xrdp(lab, ssl_protocols="TLSv1.2", certificate=str(file), key_file=str(key))
    recording = lab.capture()
    client = xfreerdp(lab, "/sec:tls", "/timeout:14000")
    client.wait(16)
    client.end()
    recording.stop(1)
    lab.shows(f"tcp.stream == 0 && {FROM_SERVER} && tcp.analysis.lost_segment")
    lab.expect(0, None, family="mtu_black_hole", cause="mtu_black_hole", phase="tls",
               severity="failure", ending="first",
               proof=f"tcp.analysis.lost_segment || {RETRANSMISSION} || tls.handshake.type == 1 || tcp.options.sack_le")


@case("mtu-black-hole-server-side", Wired)
def black_hole_server(lab):
    """The same black hole seen at the server: its full segments are retransmitted, the small ones are not."""
    file, key = certificate(lab.server, bits=4096, subject="/CN=rdp.example.test/O=" + "x" * 60)
    lab.network.wire.tell("largest 1400")
    lab.note("the wire loses IP packets longer than 1400 octets, each way")
    xrdp(lab, ssl_protocols="TLSv1.2", certificate=str(file), key_file=str(key))
    recording = lab.capture(lab.server, format="pcap")
    client = xfreerdp(lab, "/sec:tls", "/timeout:14000")
    client.wait(16)
    client.end()
    recording.stop(1)
    lab.shows(f"tcp.stream == 0 && {FROM_SERVER} && {RETRANSMISSION} && tcp.len > 1400", 3)
    lab.expect(0, None, family="mtu_black_hole", cause="mtu_black_hole", phase="tls",
               severity="failure", ending="first", proof=RETRANSMISSION)


@case("heavy-loss", Wired)
def heavy_loss(lab):
    """Three of four frames are lost each way from the login on: the connection dies of it."""
    clock_desktop(lab)
    recording = lab.capture()
    client = open_session(lab)
    lab.network.wire.tell("loss 75")
    lab.note("the wire loses 75 % of the frames in each direction from the login on")
    for _ in range(20):
        press_key(lab)
        time.sleep(1)
    client.wait(20)
    client.end()
    recording.stop(1)
    lab.shows(RETRANSMISSION, 5)
    lab.expect(0, None, family="packet_loss", cause="packet_loss_or_cable", phase="session",
               severity="failure", proof=RETRANSMISSION)
