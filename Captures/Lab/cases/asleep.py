"""Clients that sleep, and what becomes of their sessions."""

import time

from case import case
from network import Segment, Wired
from peers import CLOCK, certificate, clock_desktop, emulate, sesman, xrdp
from steps import (FROM_SERVER, RESET, RETRANSMISSION, SYN, expect_healthy, fall_asleep, open_rdesktop, press_key,
                   sleep_and_type, try_to_connect, wake_up)


@case("client-slept-for-good", Wired)
def client_slept(lab):
    """Seen from the server: the client falls silent in mid-session and does not come back.

    The server retransmits into the silence until it gives up.
    """
    clock_desktop(lab, tcp_keepalive="false")
    lab.server.sysctl("net.ipv4.tcp_retries2", 5)
    with lab.capture(lab.server):
        client = open_rdesktop(lab)
        fall_asleep(lab, client)
        lab.note("the client is stopped and the wire dark from then on; server: tcp_retries2=5")
        time.sleep(18)
    lab.shows(f"{RETRANSMISSION} && {FROM_SERVER}", 4)
    lab.expect(family="client_slept", cause="client_vanished", phase="session", severity="warning",
               ending=("timeout", "unknown"), proof=RETRANSMISSION)


@case("client-slept-and-came-back", Wired)
def client_came_back(lab):
    """Seen from the server: the client is silent for six seconds, then the session goes on."""
    clock_desktop(lab)
    with lab.capture(lab.server, format="pcap"):
        client = open_rdesktop(lab)
        fall_asleep(lab, client)
        lab.note("the client is stopped and the wire dark for 6 s")
        time.sleep(6)
        wake_up(lab, client)
        time.sleep(8)
        client.end()
    lab.shows(f"{RETRANSMISSION} && {FROM_SERVER}", 3)
    lab.expect(family="client_slept", alternatives=["healthy", "clean_disconnect"], phase="session",
               ending="first")


def forgetful_desktop(lab):
    """A server that gives a silent client up after some seconds."""
    clock_desktop(lab, tcp_keepalive="false")
    lab.server.sysctl("net.ipv4.tcp_retries2", 4)
    lab.note("server: tcp_retries2=4")


@case("stale-session-after-sleep", Wired)
def stale(lab):
    """Seen from the client: it sleeps, the server gives up, and the first packet after is answered by RST.

    This is "connection reset by peer" after waking up.
    """
    forgetful_desktop(lab)
    with lab.capture():
        client = open_rdesktop(lab)
        sleep_and_type(lab, client)
    lab.shows(f"{RESET} && {FROM_SERVER} && tcp.time_delta >= 0")
    lab.expect(family="stale_session_after_sleep", cause="client_sleep_half_open", phase="session",
               severity="failure", ending=("reset", "server"), proof=RESET)
    lab.attempt([0], "failure", "stale_session_after_sleep")


@case("stale-session-then-reconnect", Wired)
def stale_reconnect(lab):
    """As stale-session-after-sleep, and then the user connects anew, which works."""
    forgetful_desktop(lab)
    with lab.capture(format="pcap"):
        client = open_rdesktop(lab)
        sleep_and_type(lab, client)
        second = open_rdesktop(lab)
        second.end()
    lab.shows(f"{RESET} && {FROM_SERVER} && tcp.stream == 0")
    lab.expect(0, None, family="stale_session_after_sleep", cause="client_sleep_half_open", phase="session",
               ending=("reset", "server"), proof=RESET)
    lab.expect(1, None, family="healthy", alternatives=["clean_disconnect"], phase="session",
               severity="none", ending="first")


@case("stale-session-seen-by-server", Wired)
def stale_at_server(lab):
    """As stale-session-after-sleep, captured at the server: silence, retransmissions, then a RST to the late packet."""
    forgetful_desktop(lab)
    with lab.capture(lab.server):
        sleep_and_type(lab, open_rdesktop(lab))
    lab.shows(f"{RETRANSMISSION} && {FROM_SERVER}", 3)
    lab.expect(family="stale_session_after_sleep", alternatives=["client_slept"], phase="session",
               ending=("reset", "server"), proof=f"{RESET} || {RETRANSMISSION}")


@case("stale-session-blocks-reconnect", Wired)
def blocks(lab):
    """After a sleep the old connection is answered by RST, and each new one is reset by the server after TLS.

    Before the sleep all was well. The server's half-dead session, in whose way each new connection
    is, is emulated from the sleep on.
    """
    file, key = certificate(lab.server)
    sesman(lab, idle_command=CLOCK)
    server = xrdp(lab, certificate=str(file), key_file=str(key))
    with lab.capture():
        client = open_rdesktop(lab)
        fall_asleep(lab, client)
        time.sleep(1)
        server.kill_all()
        emulate(lab, "reset-after-tls", "--seconds", "0.3", "--certificate", file, "--key", key)
        time.sleep(10)
        wake_up(lab, client)
        lab.note("the client is stopped and the wire dark for 11 s; meanwhile the server is replaced")
        press_key(lab)
        client.wait(5)
        client.end()
        for _ in range(2):
            try_to_connect(lab)
            time.sleep(2)
    lab.shows(f"tcp.stream == 0 && {RESET} && {FROM_SERVER}")
    lab.expect(0, None, family="stale_session_after_sleep", cause="client_sleep_half_open", phase="session",
               ending=("reset", "server"), proof=RESET)
    for stream in lab.streams(1):
        lab.expect(stream, None, family="stale_session_after_sleep", cause="stale_session_blocks_reconnect",
                   ending=("reset", "server"), alternatives=["unknown"], proof=RESET)


@case("client-slept-and-came-back-at-client", Wired)
def came_back_at_client(lab):
    """Seen from the client: it sleeps for six seconds, shorter than the server's patience, and the session goes on."""
    clock_desktop(lab, tcp_keepalive="false")
    with lab.capture():
        client = open_rdesktop(lab)
        fall_asleep(lab, client)
        time.sleep(6)
        wake_up(lab, client)
        lab.note("the client is stopped and the wire dark for 6 s")
        time.sleep(4)
        press_key(lab)
        time.sleep(1)
        client.end()
    expect_healthy(lab)


@case("host-in-modern-standby", Segment)
def modern_standby(lab):
    """The host dozes: for two seconds in fourteen its link is up and it says something, and never when it is called.

    The client knows its hardware address and does not ask for it.
    """
    xrdp(lab)
    lab.client.run("ip", "neigh", "replace", lab.address, "lladdr", lab.server.mac(), "dev", "eth0", "nud", "permanent")
    with lab.capture():
        for _ in range(4):
            lab.server.tool("icmp.py", "192.0.2.10", "2").wait(5)
            lab.server.link("eth0", False)
            time.sleep(12)
            lab.server.link("eth0", True)
            time.sleep(0.5)
        lab.server.tool("icmp.py", "192.0.2.10", "2").wait(5)
        lab.server.link("eth0", False)
        time.sleep(12)
        try_to_connect(lab, "/sec:tls", "/timeout:9000", seconds=9)
    lab.note("the server pings the client and its link goes down for 12 s, again and again; then the user tries")
    lab.shows(f"{SYN}", 2)
    lab.shows("tcp.srcport == 3389", 0, 0)
    lab.expect_each("failure", family="host_asleep_or_unreachable", cause="host_modern_standby", phase="tcp",
                    severity="failure", ending=("timeout", "unknown"), proof=SYN)
