"""Paths that are bad and still carry a session: nothing may be called broken here."""

import signal
import time

from case import case
from network import Routed, Wired
from peers import certificate, clock_desktop, desktop, sesman, xrdp
from steps import FROM_SERVER, RETRANSMISSION, expect_healthy, open_rdesktop, press_key, session


def over(lab, *words, seconds=4, **options):
    """A session over a wire that does that to frames."""
    clock_desktop(lab)
    for word in words:
        lab.network.wire.tell(word)
    lab.note(f"the wire: {', '.join(words)}")
    with lab.capture(**options):
        session(lab, seconds=seconds)
    expect_healthy(lab)


@case("healthy-loss-1-percent", Wired)
def loss_1(lab):
    """One in a hundred frames is lost each way, and repaired."""
    over(lab, "loss 1", seconds=8, format="pcap")
    lab.shows(RETRANSMISSION, 1)


@case("healthy-loss-3-percent", Wired)
def loss_3(lab):
    """Three in a hundred frames are lost each way, and repaired; seen from the server."""
    over(lab, "loss 3", seconds=8, host=lab.server)
    lab.shows(RETRANSMISSION, 2)


@case("healthy-reordered", Wired)
def reordered(lab):
    """One in ten frames is overtaken by those after it. Nothing is lost."""
    over(lab, "reorder 10")
    lab.shows("tcp.analysis.out_of_order", 2)


@case("healthy-duplicated", Wired)
def duplicated(lab):
    """One in five frames arrives twice. Nothing is lost, and nothing was retransmitted."""
    over(lab, "duplicate 20", format="pcap")
    lab.shows("tcp.analysis.duplicate_ack || tcp.analysis.spurious_retransmission || tcp.analysis.retransmission", 3)


@case("healthy-slow-and-lossy", Wired)
def slow_and_lossy(lab):
    """A satellite's path: 600 ms round trip and 2 % loss each way; slow, repaired, and healthy."""
    over(lab, "delay 300", "loss 2", seconds=10)
    lab.shows("tcp.analysis.ack_rtt > 0.59")


@case("healthy-small-mtu", Routed)
def small_mtu(lab):
    """A link of 1300 octets on the way, and path MTU discovery that works.

    The server's full segments are refused once with ICMP "fragmentation needed" and sent
    again in smaller ones: no black hole.
    """
    file, key = certificate(lab.server, bits=4096, subject="/CN=rdp.example.test/O=" + "x" * 60)
    lab.middle.run("ip", "link", "set", "eth0", "mtu", "1300")
    lab.note("the router's link towards the client has an MTU of 1300 octets")
    clock_desktop(lab, ssl_protocols="TLSv1.2", certificate=str(file), key_file=str(key))
    with lab.capture(lab.server):
        session(lab)
    lab.shows("icmp.type == 3 && icmp.code == 4")
    expect_healthy(lab)


@case("healthy-small-mtu-at-client", Routed)
def small_mtu_client(lab):
    """The same path seen from the client: segments of up to 1300 octets though 1460 were announced."""
    file, key = certificate(lab.server, bits=4096, subject="/CN=rdp.example.test/O=" + "x" * 60)
    lab.middle.run("ip", "link", "set", "eth0", "mtu", "1300")
    lab.note("the router's link towards the client has an MTU of 1300 octets")
    clock_desktop(lab, ssl_protocols="TLSv1.2", certificate=str(file), key_file=str(key))
    with lab.capture(format="pcap"):
        session(lab)
    lab.shows("ip.len > 1300", 0, 0)
    expect_healthy(lab)


@case("healthy-idle-minutes", Routed)
def idle_minutes(lab):
    """Nothing is said for a hundred seconds; keep-alives are answered all the time, and the user then leaves."""
    desktop(lab)
    with lab.capture(format="pcap"):
        session(lab, seconds=100)
    lab.shows("tcp.analysis.keep_alive_ack", 10)
    expect_healthy(lab)


@case("idle-without-keep-alive", Routed)
def idle_silent(lab):
    """A minute of complete silence, without keep-alives; then the user types and the server answers.

    A silence alone is no fault.
    """
    desktop(lab, tcp_keepalive="false")
    with lab.capture():
        client = open_rdesktop(lab)
        time.sleep(60)
        press_key(lab)
        time.sleep(2)
        client.end()
    lab.shows("tcp.time_delta > 50 && tcp.dstport == 3389")
    expect_healthy(lab)


@case("client-address-changes", Wired)
def address_changes(lab):
    """The client's address changes in mid-session, as on another network: the old connection goes silent.

    Seen from the server. The client is there under its new address and connects anew.
    """
    sesman(lab, idle_command="xterm -e 'while sleep 2; do date; done'", users=("lab", "other"))
    xrdp(lab, tcp_keepalive="false")
    lab.server.sysctl("net.ipv4.tcp_retries2", 5)
    with lab.capture(lab.server):
        client = open_rdesktop(lab)
        client.send(signal.SIGSTOP)
        lab.client.run("ip", "address", "flush", "dev", "eth0")
        lab.client.address("eth0", "192.0.2.99/24")
        lab.note("the client's address changes from 192.0.2.10 to 192.0.2.99; server: tcp_retries2=5")
        time.sleep(1)
        session(lab, "/sec:tls", seconds=1, user="other")
        time.sleep(12)
        client.end(signal.SIGKILL)
    lab.shows(f"tcp.stream == 0 && {RETRANSMISSION} && {FROM_SERVER}", 3)
    lab.expect(0, None, family="client_slept", phase="session", severity="warning", ending=("timeout", "unknown"),
               proof=RETRANSMISSION)
    expect_healthy(lab, 1, None)
