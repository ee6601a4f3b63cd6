"""Connections that worked, and then did not; and services that crash, hang or refuse a login."""

import signal
import time

from case import case
from network import Routed, Segment, Wired
from peers import (CLOCK, certificate, clock_desktop, emulate, probe, rdesktop, relay, sesman, shadow, window,
                   xfreerdp, xrdp)
from steps import FROM_CLIENT, FROM_SERVER, RESET, RETRANSMISSION, open_session, press_key, try_to_connect

CLOSED_BY_SERVER = "(tcp.flags.reset == 1 || tcp.flags.fin == 1) && tcp.srcport == 3389"
# The service

@case("service-killed", Routed)
def killed(lab):
    """Every process of xrdp is killed while two sessions are open: both end in the same instant.

    The host itself stays: it answers the retries with RST, its port is closed.
    """
    sesman(lab, idle_command=CLOCK, users=("lab", "other"))
    server = xrdp(lab)
    with lab.capture():
        open_session(lab, seconds=1)
        two = rdesktop(lab, user="other")
        two.wait_for_output("(yes/no)")
        two.tell("yes")
        time.sleep(3)
        server.kill_all()
        lab.note("server: every process of xrdp is killed (SIGKILL)")
        lab.client.tool("icmp.py", lab.address, "2").wait(5)
        probe(lab, "probe")
    lab.shows(f"tcp.stream == 0 && {CLOSED_BY_SERVER}")
    lab.shows("tcp.stream == 2 && tcp.flags.reset == 1")
    for stream in (0, 1):
        lab.expect(stream, family="service_crash", cause="service_crashed", phase="session",
                   severity="failure", ending="first",
                   proof=CLOSED_BY_SERVER)


@case("service-hung", Routed)
def hung(lab):
    """The kernel accepts and acknowledges, but the service behind it never answers the request.

    The host answers a ping all the while. The service is emulated.
    """
    emulate(lab, "hung")
    with lab.capture():
        client = xfreerdp(lab, "/sec:tls", "/timeout:12000")
        client.wait(6)
        lab.client.tool("icmp.py", lab.address).wait(5)
        client.wait(10)
        client.end()
    lab.shows(f"{FROM_SERVER} && tcp.len > 0", 0, 0)
    lab.expect_each("failure", family="service_crash", cause="termservice_hung", phase="x224",
                    severity="failure", ending="first", proof=f"{FROM_CLIENT} && tcp.len > 0")


@case("service-stopped", Segment)
def stopped(lab):
    """xrdp is stopped by its administrator (SIGTERM) while a session is open; it then is gone."""
    server = clock_desktop(lab, fork="false")
    with lab.capture():
        open_session(lab)
        server.end()
        lab.note("server: xrdp ends by SIGTERM")
        time.sleep(2)
        probe(lab, "probe")
    lab.expect(0, None, family="service_crash", phase="session",
               alternatives=["disconnected_by_server", "healthy", "clean_disconnect", "unknown"],
               ending="first")


@case("unexplained-reset", Routed)
def unexplained(lab):
    """The server resets three seconds after the handshake, without a word, each time.

    TTL, sequence and time all say that it was the server itself; why, nothing says.
    The server is emulated.
    """
    file, key = certificate(lab.server)
    emulate(lab, "reset-after-tls", "--seconds", "3", "--certificate", file, "--key", key)
    with lab.capture():
        try_to_connect(lab, "/sec:tls", seconds=20)
    lab.shows(f"{RESET} && {FROM_SERVER}")
    lab.expect_each("failure", family="unknown", cause="unexplained_reset", severity="warning",
                    ending=("reset", "server"), proof=RESET)


@case("connection-limit", Routed)
def limit(lab):
    """A service that serves three connections at a time is kept busy by a scanner's idle ones.

    The user's request is acknowledged by the kernel and not answered; once the idle
    connections are gone, a second try is served at once. The limit is that of the relay
    in front of xrdp.
    """
    lab.client.address("eth0", "192.0.2.66/24")
    clock_desktop(lab, port="13389")
    relay(lab, "--limit", "3")
    with lab.capture():
        for _ in range(3):
            lab.client.tool("emulated.py", "connect", "idle", lab.address, "--source", "192.0.2.66",
                            "--seconds", "24")
        time.sleep(1)
        first = xfreerdp(lab, "/sec:tls", "/timeout:8000")
        first.wait(18)
        first.end()
        time.sleep(8)
        open_session(lab)
    lab.shows("tcp.stream == 3 && tcp.srcport == 3389 && tcp.len > 0", 0, 0)
    lab.expect(3, None, family="connection_limit", phase="x224",
               alternatives=["service_crash"], ending="first")


# The login

@case("nla-wrong-password", Routed)
def wrong_password(lab):
    """An NLA login with a wrong password: the server ends CredSSP without an MCS connection."""
    shadow(lab, "/sec:nla")
    with lab.capture():
        try_to_connect(lab, "/sec:nla", password="wrong", seconds=15)
    lab.expect_each("failure", family="authentication_failed", cause="login_refused", phase="credssp",
                    severity="failure", ending="first", proof="tls || tcp.flags.fin == 1 || tcp.flags.reset == 1")


@case("brute-force", Routed)
def brute_force(lab):
    """Someone guesses passwords: eight NLA logins within seconds, all refused."""
    shadow(lab, "/sec:nla", user="administrator")
    with lab.capture():
        for number in range(4):
            try_to_connect(lab, "/sec:nla", "+auth-only", user="administrator", password=f"guess{number}", seconds=15)
    for stream in range(4):
        lab.expect(stream, None, family="authentication_failed", phase="credssp", severity="failure",
                   ending="first")


# The client

@case("client-killed", Routed)
def client_killed(lab):
    """The client's process is killed in mid-session: its kernel says FIN or RST, TLS says nothing."""
    clock_desktop(lab)
    with lab.capture():
        client = open_session(lab)
        client.end(signal.SIGKILL)
        lab.note("client: xfreerdp is killed (SIGKILL)")
    lab.expect(family="clean_disconnect", alternatives=["healthy", "unknown"], phase="session",
               ending="first", proof=f"tcp.flags.fin == 1 || {RESET}")


# The server's host

@case("server-vanishes", Wired)
def vanishes(lab):
    """The server's host is gone from one moment on: the client's packets are never answered again.

    FreeRDP gives up after nine seconds, by its own TCP timeout, and the next connection
    finds nobody.
    """
    clock_desktop(lab)
    with lab.capture():
        client = open_session(lab)
        lab.server.link("eth0", False)
        lab.note("the server's link goes down in mid-session; a key is pressed on the client")
        press_key(lab)
        client.wait(25)
        client.end()
    lab.shows(f"{RETRANSMISSION} && {FROM_CLIENT}", 2)
    lab.expect(0, None, family="host_asleep_or_unreachable", phase="session", severity="failure",
               ending=("timeout", "unknown"), proof=RETRANSMISSION)


@case("frozen-client-zero-window", Segment)
def zero_window(lab):
    """The client stops reading: its window closes, the server can only probe, until the client is ended."""
    sesman(lab, idle_command="xterm -e 'seq 1 100000000'")
    xrdp(lab)
    lab.client.sysctl("net.ipv4.tcp_rmem", "4096 16384 16384")
    with lab.capture(lab.server):
        client = rdesktop(lab)
        client.tell("yes")
        window(lab, "rdesktop")
        client.send(signal.SIGSTOP)
        lab.note("the client is stopped for 12 s, then killed")
        time.sleep(12)
        client.end(signal.SIGKILL)
    lab.shows("tcp.analysis.zero_window")
    lab.expect(family="stalled", phase="session", severity="failure", ending="first",
               proof="tcp.analysis.zero_window || tcp.analysis.zero_window_probe")
