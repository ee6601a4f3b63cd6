"""What the path between client and server does: resets, silences, losses, sizes."""

import time

from case import case
from network import LabError, Routed, Wired
from peers import certificate, clock_desktop, desktop, xrdp
from steps import (FROM_CLIENT, FROM_SERVER, RESET, RETRANSMISSION, open_rdesktop, open_session, press_key,
                   try_to_connect)


@case("middlebox-reset-in-session", Routed)
def reset_in_session(lab):
    """A router starts to refuse the client's packets in mid-session with RST of its own.

    Its TTL is not the server's, and the server goes on sending after "its" reset.
    """
    clock_desktop(lab)
    with lab.capture():
        client = open_session(lab)
        lab.middle.nft("forward", "ip saddr 192.0.2.10 tcp dport 3389 tcp flags & syn == 0 reject with tcp reset")
        press_key(lab)
        client.wait(10)
        client.end()
    lab.shows(f"{RESET} && {FROM_SERVER} && ip.ttl == 64")
    lab.shows(f"tcp.len > 0 && {FROM_SERVER} && ip.ttl == 63")
    lab.expect(0, None, family="middlebox_reset", cause="rst_injection", phase="session",
               severity="failure", ending=("reset", "middlebox"), proof=f"{RESET} && {FROM_SERVER}")


@case("middlebox-reset-on-request", Routed)
def reset_on_request(lab):
    """A filter on the way lets TCP through and resets as soon as it reads an RDP request."""
    xrdp(lab)
    lab.middle.nft("forward", "tcp dport 3389 @ih,0,16 0x0300 reject with tcp reset")
    with lab.capture():
        try_to_connect(lab, "/sec:tls", seconds=15)
    lab.shows(f"{RESET} && {FROM_SERVER} && ip.ttl == 64")
    lab.expect_each("failure", family="middlebox_reset", cause="rst_injection", phase="x224",
                    severity="failure", ending=("reset", "middlebox"), proof=RESET)


@case("middlebox-reset-on-hello", Routed)
def reset_on_hello(lab):
    """A filter on the way resets on the TLS ClientHello; the request before it had its answer."""
    xrdp(lab)
    lab.middle.nft("forward", "tcp dport 3389 @ih,0,16 0x1603 reject with tcp reset")
    with lab.capture(format="pcap"):
        try_to_connect(lab, "/sec:tls", seconds=15)
    lab.shows(f"{RESET} && {FROM_SERVER} && ip.ttl == 64")
    lab.expect_each("failure", family="middlebox_reset", cause="rst_injection", phase="tls",
                    severity="failure", ending=("reset", "middlebox"), proof=RESET)


@case("forged-reset-with-right-ttl", Wired)
def forged(lab):
    """A RST is forged towards the client with the server's own TTL and the right sequence number.

    What gives it away is the server's data after it.
    """
    clock_desktop(lab)
    with lab.capture():
        client = open_session(lab)
        time.sleep(0.3)
        lab.network.wire.tell("reset client")
        lab.note("the wire forges a RST,ACK towards the client, from the server's newest segment")
        client.wait(8)
        client.end()
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
    with lab.capture():
        client = open_rdesktop(lab)
        time.sleep(12)
        press_key(lab)
        time.sleep(8)
        lab.client.tool("icmp.py", lab.address).wait(5)
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
    with lab.capture():
        client = open_rdesktop(lab)
        time.sleep(12)
        press_key(lab)
        client.wait(5)
        client.end()
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
    with lab.capture():
        try_to_connect(lab, "/sec:tls", "/timeout:14000", seconds=16)
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
    with lab.capture(lab.server, format="pcap"):
        try_to_connect(lab, "/sec:tls", "/timeout:14000", seconds=16)
    lab.shows(f"tcp.stream == 0 && {FROM_SERVER} && {RETRANSMISSION} && tcp.len > 1400", 3)
    lab.expect(0, None, family="mtu_black_hole", cause="mtu_black_hole", phase="tls",
               severity="failure", ending="first", proof=RETRANSMISSION)


@case("heavy-loss", Wired)
def heavy_loss(lab):
    """Three of four frames are lost each way from the login on: the connection dies of it."""
    clock_desktop(lab)
    with lab.capture():
        client = open_session(lab)
        lab.network.wire.tell("loss 75")
        lab.note("the wire loses 75 % of the frames in each direction from the login on")
        for _ in range(20):
            press_key(lab)
            time.sleep(1)
        client.wait(20)
        client.end()
    lab.shows(RETRANSMISSION, 5)
    lab.expect(0, None, family="packet_loss", cause="packet_loss_or_cable", phase="session",
               severity="failure", proof=RETRANSMISSION)


@case("reset-forged-both-ends", Wired)
def forged_both(lab):
    """A box on the path ends a session with forged RSTs to both ends; their TTL is not the server's."""
    lab.network.wire.tell("ttl 57")
    lab.note("the wire forges a RST,ACK towards each end, with TTL 57")
    clock_desktop(lab)
    with lab.capture(format="pcap"):
        client = open_session(lab, "/sec:tls", "/timeout:5000")
        lab.network.wire.tell("reset client")
        lab.network.wire.tell("reset server")
        time.sleep(3)
    client.end()
    lab.shows(f"tcp.stream == 0 && {RESET} && {FROM_SERVER} && ip.ttl == 57", 1, 1)
    lab.expect(0, None, family="middlebox_reset", phase="session", severity="failure",
               ending=("reset", "middlebox"), proof=f"{RESET} && ip.ttl == 57")


@case("one-way-path", Wired)
def one_way(lab):
    """In mid-session nothing of the client's arrives any more, while the server is still heard.

    The server repeats what the client has acknowledged, and the client what the server never gets.
    """
    clock_desktop(lab, tcp_keepalive="false")
    with lab.capture():
        client = open_rdesktop(lab)
        lab.network.wire.tell("loss 100 server")
        lab.note("the wire loses everything that the client sends")
        press_key(lab)
        client.wait(14)
        client.end()
    lab.shows(f"{RETRANSMISSION} && {FROM_CLIENT}", 3)
    lab.shows(f"tcp.analysis.spurious_retransmission && {FROM_SERVER}", 3)
    lab.expect(0, None, family="packet_loss", cause="one_way_path", phase="session", severity="failure",
               proof=RETRANSMISSION)


@case("loss-ends-session", Wired)
def loss_ends(lab):
    """So much is lost in mid-session, of all sizes and both ways, that an end gives up.

    Some packets of both ends still arrive: the host is there, the path is bad.
    """
    clock_desktop(lab, tcp_keepalive="false")
    for host in (lab.client, lab.server):
        host.sysctl("net.ipv4.tcp_retries2", 6)
    with lab.capture():
        client = open_rdesktop(lab)
        lab.network.wire.tell("loss 65")
        lab.note("the wire loses 65 % of the frames each way after the login; both ends: tcp_retries2=6")
        for _ in range(40):
            lab.client.run("xdotool", "key", "a", check=False)
            if client.wait(1.5) is not None:
                break
    if client.running:
        raise LabError("the session lived on")
    lab.shows(f"tcp.stream == 0 && {RETRANSMISSION}", 6)
    lab.shows(f"tcp.stream == 0 && frame.time_relative > 4 && {FROM_SERVER} && tcp.flags.reset == 0", 2)
    lab.shows(f"tcp.stream == 0 && frame.time_relative > 4 && {FROM_CLIENT}", 2)
    lab.expect(0, None, family="packet_loss", phase="session", severity="failure", proof=RETRANSMISSION)


@case("outage-outlasts-client", Wired)
def outlasts(lab):
    """The path is dark for fifteen seconds; FreeRDP gives up after nine and connects anew when it can.

    What the server still sends on the old connection is answered by RST: the client did not sleep,
    it repeated its input in vain.
    """
    clock_desktop(lab)
    with lab.capture():
        client = open_session(lab, "/sec:tls", "+auto-reconnect", "/auto-reconnect-max-retries:6", seconds=1)
        lab.network.wire.tell("dark")
        press_key(lab)
        time.sleep(15)
        lab.network.wire.tell("light")
        lab.note("the wire is dark for 15 s; a key is pressed at its beginning")
        time.sleep(12)
        client.end()
    lab.shows(f"tcp.stream == 0 && {RETRANSMISSION} && {FROM_CLIENT}", 4)
    lab.expect(0, None, family="host_asleep_or_unreachable", cause="server_vanished", phase="session",
               severity="failure", proof=f"{RETRANSMISSION} && {FROM_CLIENT}")
    lab.expect(1, None, family="healthy", alternatives=["clean_disconnect"], phase="session", severity="none")
