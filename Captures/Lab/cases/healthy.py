"""Connections that work."""

import signal
import time

from case import case
from network import Routed, Segment, Segment6, Wired
from peers import (close_window, desktop, rdesktop, server_key, sesman, shadow, use_session, window,
                   xfreerdp, xrdp)
from steps import RESET, ULTIMATUM, expect_healthy, open_rdesktop, open_session, session


@case("healthy-tls12-closed-by-user", Routed)
def tls12(lab):
    """A healthy session over TLS 1.2; the user closes the window.

    Either end may be the first with its FIN, and what arrives after that is answered
    with RST: an orderly end, not a fault.
    """
    desktop(lab, ssl_protocols="TLSv1.2")
    with lab.capture(format="pcap"):
        session(lab)
    lab.shows("tls.handshake.type == 2 && tls.handshake.version == 0x0303")
    lab.shows("tls.handshake.extensions.supported_version == 0x0304 && tls.handshake.type == 2", 0, 0)
    expect_healthy(lab)


@case("healthy-tls13-closed-by-user", Routed)
def tls13(lab):
    """A healthy session over TLS 1.3; the user closes the window.

    The certificate is encrypted here: nothing about it can be said from the capture.
    """
    desktop(lab)
    with lab.capture():
        session(lab)
    lab.shows("tls.handshake.extensions.supported_version == 0x0304 && tls.handshake.type == 2")
    expect_healthy(lab)


@case("healthy-rdp-security-rdesktop", Segment)
def standard_security(lab):
    """A healthy session under standard RDP security, without TLS; rdesktop is closed by its user.

    The client offers TLS, the server chooses standard security, and the client takes it.
    rdesktop says no word at the end: its FIN is the whole farewell.
    """
    desktop(lab, security_layer="rdp")
    with lab.capture(format="pcap"):
        client = rdesktop(lab)
        window(lab, "rdesktop")
        use_session()
        client.end()
    lab.shows("tls.handshake", 0, 0)
    expect_healthy(lab)


@case("logoff-rdp-security", Segment)
def logoff_standard_security(lab):
    """A logoff under standard RDP security: the server's Disconnect Provider Ultimatum is readable."""
    sesman(lab, idle_command="xterm -e sleep 4")
    xrdp(lab, security_layer="rdp")
    with lab.capture():
        rdesktop(lab).wait(30)
    lab.shows(ULTIMATUM)
    lab.expect(family="clean_disconnect", alternatives=["healthy"], phase="session",
               severity="none", ending="first", proof=f"{ULTIMATUM} || tcp.flags.fin == 1")
    lab.attempt([0], "success")


@case("logoff-tls12", Routed)
def logoff(lab):
    """A user logs off: the last program of the session ends, and the server ends the connection.

    The logoff itself is inside TLS; what shows is a session that worked and was closed by
    the server with close_notify and FIN, while both ends still answered.
    """
    sesman(lab, idle_command="xterm -e sleep 5")
    xrdp(lab, ssl_protocols="TLSv1.2")
    with lab.capture():
        client = xfreerdp(lab, "/sec:tls")
        client.wait(30)
    expect_healthy(lab)


@case("healthy-nla-login", Routed)
def nla(lab):
    """A healthy login with NLA (CredSSP over TLS, NTLM) to FreeRDP's shadow server."""
    shadow(lab, "/sec:nla")
    with lab.capture():
        session(lab, "/sec:nla")
    lab.shows("rdp.negReq.selectedProtocol == 2 || tls.handshake.type == 2")
    expect_healthy(lab, "tls.handshake.type == 2 || tcp.flags.fin == 1 || tcp.flags.reset == 1")


@case("healthy-still-open", Segment)
def still_open(lab):
    """A session that works and goes on when the capture ends: nothing is wrong with it."""
    desktop(lab)
    with lab.capture(format="pcap"):
        xfreerdp(lab, "/sec:tls")
        window(lab, "FreeRDP")
        use_session(7)
    lab.shows("tcp.flags.fin == 1 || tcp.flags.reset == 1", 0, 0)
    lab.expect(family="healthy", phase="session", severity="none", ending=("open", "unknown"))
    lab.attempt([0], "success", "healthy")


@case("healthy-port-13389", Routed)
def other_port(lab):
    """A healthy session on port 13389: RDP is told by its first bytes, not by its port."""
    desktop(lab, port="13389")
    with lab.capture():
        session(lab, "/sec:tls", "/port:13389")
    lab.shows("tcp.dstport == 13389 && tcp.flags.syn == 1")
    expect_healthy(lab)


@case("healthy-ipv6", Segment6)
def ipv6(lab):
    """A healthy session over IPv6."""
    desktop(lab)
    with lab.capture():
        session(lab, "/sec:tls", address="[2001:db8::20]")
    lab.shows("ipv6 && tcp.port == 3389")
    expect_healthy(lab)


@case("healthy-slow-path", Wired)
def slow(lab):
    """A healthy login over a path of 600 ms round trip: slow, and nothing else."""
    desktop(lab)
    lab.network.wire.tell("delay 300")
    lab.note("the wire delays every frame by 300 ms")
    recording = lab.capture()
    session(lab, "/sec:tls", seconds=8)
    recording.stop(3)
    lab.shows("tcp.analysis.ack_rtt > 0.59")
    expect_healthy(lab)


@case("certificate-prompt-accepted", Routed)
def prompt(lab):
    """rdesktop asks whether to trust the certificate; the user says yes after 20 s.

    The silence after the handshake looks like a refusal until the session goes on.
    """
    desktop(lab, ssl_protocols="TLSv1.2")
    with lab.capture():
        client = rdesktop(lab)
        client.wait_for_output("(yes/no)")
        time.sleep(20)
        client.tell("yes")
        lab.note("client: the question about the certificate is answered `yes` after 20 s")
        window(lab, "rdesktop")
        use_session()
        client.end()
    expect_healthy(lab)


@case("outage-survived", Wired)
def outage(lab):
    """The path is dark for three seconds in mid-session; TCP repairs it and the session goes on."""
    sesman(lab, idle_command="xterm -e 'while sleep 0.4; do date; done'")
    xrdp(lab)
    with lab.capture():
        client = open_session(lab)
        lab.network.wire.tell("dark")
        time.sleep(3)
        lab.network.wire.tell("light")
        lab.note("the wire is dark for 3 s, then light again")
        use_session(5)
        close_window(lab, "FreeRDP")
        client.wait(10)
    lab.shows("tcp.analysis.retransmission")
    expect_healthy(lab)


@case("loss-survived", Wired)
def loss(lab):
    """Five in a hundred frames are lost each way; everything is repaired by retransmission."""
    desktop(lab)
    lab.network.wire.tell("loss 5")
    lab.note("the wire loses 5 % of the frames in each direction")
    with lab.capture():
        session(lab, "/sec:tls", seconds=4)
    lab.shows("tcp.analysis.retransmission", 2)
    expect_healthy(lab)


@case("window-closed-in-update", Routed)
def closed_in_update(lab):
    """The window is closed while the server is busy drawing: data in flight meets a closed socket.

    The RSTs that answer the late data are the client's kernel, not a fault.
    """
    sesman(lab, idle_command="xterm -e 'seq 1 100000000'")
    xrdp(lab)
    with lab.capture():
        session(lab, "/sec:tls", seconds=0.5)
    lab.shows(RESET)
    expect_healthy(lab, "tcp.flags.fin == 1 || tcp.flags.reset == 1")


@case("healthy-rdp-security-fips", Routed)
def fips(lab):
    """A healthy session under standard RDP security with the FIPS cipher (3DES), asked for without negotiation."""
    desktop(lab, security_layer="rdp", crypt_level="fips")
    with lab.capture(format="pcap"):
        session(lab, "/sec:rdp")
    lab.shows("tls.handshake", 0, 0)
    expect_healthy(lab)


@case("healthy-rdp-security-key", Segment)
def standard_security_key(lab):
    """A healthy session under standard RDP security (RC4, 128 bits), with the server's key of 512 bits."""
    server_key(lab)
    desktop(lab, security_layer="rdp")
    with lab.capture():
        client = rdesktop(lab)
        window(lab, "rdesktop")
        use_session()
        client.end()
    lab.shows("tls.handshake", 0, 0)
    expect_healthy(lab)


@case("logoff-rdp-security-low-key", Segment)
def low_security_key(lab):
    """A logoff under standard RDP security with RC4 of 40 bits, with the server's key of 2048 bits."""
    server_key(lab, bits=2048)
    sesman(lab, idle_command="xterm -e sleep 4")
    xrdp(lab, security_layer="rdp", crypt_level="medium")
    with lab.capture():
        rdesktop(lab).wait(30)
    lab.shows("tls.handshake", 0, 0)
    lab.shows(ULTIMATUM)
    lab.expect(family="clean_disconnect", alternatives=["healthy"], phase="session",
               severity="none", ending="first", proof=f"{ULTIMATUM} || tcp.flags.fin == 1")
    lab.attempt([0], "success")


@case("healthy-rdp-security-fips-key", Routed)
def fips_key(lab):
    """A healthy session under standard RDP security with the FIPS cipher (3DES), with the server's key."""
    server_key(lab, bits=2048)
    desktop(lab, security_layer="rdp", crypt_level="fips")
    with lab.capture():
        session(lab, "/sec:rdp")
    lab.shows("tls.handshake", 0, 0)
    expect_healthy(lab)


@case("healthy-rdp-security-none", Routed)
def unencrypted(lab):
    """A healthy session without any encryption: every PDU is readable, to the farewell."""
    desktop(lab, security_layer="rdp", crypt_level="none")
    with lab.capture():
        session(lab, "/sec:rdp")
    lab.shows("tls.handshake", 0, 0)
    expect_healthy(lab)


@case("healthy-idle-keep-alive", Routed)
def idle(lab):
    """Nothing is said for eighteen seconds; keep-alives are answered, and the session goes on after."""
    desktop(lab)
    with lab.capture():
        session(lab, seconds=18)
    lab.shows("tcp.analysis.keep_alive", 2)
    lab.shows("tcp.analysis.keep_alive_ack", 2)
    expect_healthy(lab)


@case("healthy-twice", Routed)
def twice(lab):
    """A user closes the window and connects again ten seconds later: two sessions, and no retry after a fault."""
    desktop(lab)
    with lab.capture():
        session(lab, seconds=1)
        time.sleep(10)
        session(lab, seconds=1)
    for stream in (0, 1):
        expect_healthy(lab, stream, None)


@case("zero-window-survived", Segment)
def zero_window_survived(lab):
    """The client stops reading for four seconds and its window closes; then it reads on."""
    sesman(lab, idle_command="xterm -e 'seq 1 4000; while sleep 0.5; do date; done'")
    xrdp(lab)
    lab.client.sysctl("net.ipv4.tcp_rmem", "4096 16384 16384")
    with lab.capture():
        client = open_rdesktop(lab, seconds=0)
        client.send(signal.SIGSTOP)
        time.sleep(4)
        client.send(signal.SIGCONT)
        lab.note("the client is stopped for 4 s, then goes on")
        time.sleep(2)
        client.end()
    lab.shows("tcp.analysis.zero_window")
    expect_healthy(lab)
