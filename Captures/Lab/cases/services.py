"""Services that hang or go in order, boxes that lose patience, and what looks like it."""

import signal
import time

from case import case
from network import Routed, Segment, Wired, wait_until
from peers import (certificate, clock_desktop, close_window, desktop, emulate, rdesktop, relay, sesman, shadow,
                   xfreerdp, xrdp)
from steps import (CLOSE, FROM_CLIENT, FROM_SERVER, HELLO, RESET, RETRANSMISSION, SYN, expect_healthy,
                   open_rdesktop, open_session, press_key, session, try_to_connect)


def type_for(lab, seconds):
    """A user who presses a key every second."""
    for _ in range(seconds):
        press_key(lab)
        time.sleep(1)


@case("service-hangs-in-session", Routed)
def hangs_in_session(lab):
    """The service stands still in mid-session: its kernel acknowledges every key and nothing is drawn any more.

    The host answers pings. The user gives up after twelve seconds; the farewell is acknowledged too,
    and never answered.
    """
    server = clock_desktop(lab, fork="false")
    with lab.capture():
        client = open_session(lab, seconds=3)
        server.send(signal.SIGSTOP)
        lab.note("server: xrdp is stopped (SIGSTOP); a key is pressed every second, then the client is ended")
        type_for(lab, 12)
        client.end(signal.SIGKILL)
        time.sleep(6)
        lab.client.tool("icmp.py", lab.address).wait(5)
    lab.shows(f"{FROM_CLIENT} && tcp.len > 0 && !{RETRANSMISSION}", 20)
    lab.shows(RETRANSMISSION, 0, 4)
    lab.expect(0, None, family="service_crash", cause="termservice_hung", phase="session", severity="failure",
               ending="first", proof=CLOSE)


def beating_desktop(lab):
    """A desktop on which nothing is drawn, with a heartbeat every second as Windows' own has."""
    file, key = certificate(lab.server)
    sesman(lab, idle_command="sleep 100")
    xrdp(lab, port="13389", ssl_protocols="TLSv1.2")
    lab.note("server: the relay speaks TLS for itself and adds a heartbeat every second")
    return relay(lab, "--heartbeats", "--certificate", file, "--key", key)


@case("service-stops-its-heartbeats", Routed)
def stops_its_heartbeats(lab):
    """A service with heartbeats stands still over a desktop on which nothing is drawn; its kernel acknowledges every key.

    The user gives up after twelve seconds, and the capture ends before anybody could wait for the farewell.
    """
    front = beating_desktop(lab)
    with lab.capture():
        client = open_rdesktop(lab, seconds=7)
        front.tell("hang")
        lab.note("the relay says nothing more; a key is pressed every second, then the client is ended")
        type_for(lab, 12)
        client.end(signal.SIGKILL)
    lab.shows(f"{FROM_CLIENT} && tcp.len > 0 && !{RETRANSMISSION}", 20)
    lab.shows("tls.record.length == 46 && tcp.srcport == 3389", 4)
    lab.expect(0, None, family="service_crash", cause="termservice_hung", phase="session", severity="failure",
               ending="first", proof="tls.record.length == 46 && tcp.srcport == 3389")


@case("healthy-with-heartbeats", Routed)
def with_heartbeats(lab):
    """The same desktop, on which nothing answers twelve seconds of keys but the heartbeats, which go on."""
    beating_desktop(lab)
    with lab.capture(format="pcap"):
        client = open_rdesktop(lab, seconds=3)
        type_for(lab, 12)
        client.end(signal.SIGKILL)
    lab.shows("tls.record.length == 46 && tcp.srcport == 3389", 8)
    expect_healthy(lab)


@case("healthy-nothing-drawn", Routed)
def nothing_drawn(lab):
    """A user types into a desktop on which nothing shows it: only acknowledgements for twelve seconds, and a good end.

    Much like a service that hangs, but the server answers the farewell.
    """
    sesman(lab, idle_command="sleep 100")
    xrdp(lab)
    with lab.capture(format="pcap"):
        client = open_session(lab, seconds=3)
        type_for(lab, 12)
        close_window(lab, "FreeRDP")
        client.wait(10)
    expect_healthy(lab)


@case("service-hangs-in-tls", Routed)
def hangs_in_tls(lab):
    """The server answers the request, acknowledges the ClientHello, and says no more. The service is emulated."""
    emulate(lab, "select", "--code", "1", "--seconds", "40")
    with lab.capture(format="pcap"):
        client = xfreerdp(lab, "/sec:tls", "/timeout:12000")
        client.wait(6)
        lab.client.tool("icmp.py", lab.address).wait(5)
        client.wait(10)
        client.end()
    lab.shows(HELLO)
    lab.shows("tls.handshake.type == 2", 0, 0)
    lab.expect(0, None, family="service_crash", cause="termservice_hung", phase="tls",
               alternatives=["unknown"], proof=f"{HELLO} || {CLOSE}")


@case("server-shut-down", Segment)
def shut_down(lab):
    """The server's machine is shut down in order: the session ends by FIN, and soon nobody is there any more."""
    server = clock_desktop(lab, fork="false")
    with lab.capture():
        client = open_session(lab)
        server.end()
        time.sleep(1)
        lab.server.link("eth0", False)
        lab.note("server: xrdp ends by SIGTERM, the link goes down a second later; the user tries again")
        client.wait(10)
        client.end()
        try_to_connect(lab, "/sec:tls", "/timeout:6000", seconds=9)
    lab.expect(0, None, family="service_crash", phase="session", ending="first",
               alternatives=["disconnected_by_server", "host_asleep_or_unreachable", "healthy"])
    last = lab.streams()[-1]
    lab.expect(last, None, family="host_asleep_or_unreachable", severity="failure", phase="tcp", proof=SYN)


def proxy(lab, seconds):
    """A TCP proxy in front of xrdp that ends what was idle for so long."""
    config = lab.server.work / "haproxy.cfg"
    config.write_text("defaults\n  mode tcp\n  timeout connect 5s\n"
                      f"  timeout client {seconds}s\n  timeout server {seconds}s\n"
                      "listen rdp\n  bind :3389\n  server xrdp 127.0.0.1:13389\n")
    lab.note(f"server: haproxy in front of xrdp, timeout client and server {seconds} s")
    lab.server.start("haproxy", "-db", "-f", config)
    wait_until(lambda: lab.server.listens(3389), 10, "haproxy listens")


@case("proxy-idle-timeout", Routed)
def proxy_idle(lab):
    """A load balancer closes what was idle for eight seconds; it does so twice, after the same silence.

    The FIN is bare: no ultimatum and no close_notify went before it.
    """
    desktop(lab, port="13389")
    proxy(lab, 8)
    with lab.capture():
        for _ in range(2):
            client = open_rdesktop(lab)
            client.wait(20)
            client.end()
    lab.shows("tcp.srcport == 3389 && tcp.flags.fin == 1 && tcp.time_delta > 7", 2)
    for stream in (0, 1):
        lab.expect(stream, None, family="idle_timeout_reset", phase="session", severity="failure",
                   ending=("fin", "server"), proof=CLOSE)


@case("logoff-after-silence", Routed)
def logoff_after_silence(lab):
    """A session is silent for ten seconds and its user then logs off: the server closes with its farewell."""
    sesman(lab, idle_command="sleep 14")
    xrdp(lab, ssl_protocols="TLSv1.2")
    with lab.capture(format="pcap"):
        open_rdesktop(lab).wait(30)
    expect_healthy(lab)


@case("idle-connections-beside-user", Routed)
def idle_connections(lab):
    """Six connections from one address say nothing for fifteen seconds; a user meanwhile has a session at once.

    Many open connections alone are no limit reached.
    """
    lab.client.address("eth0", "192.0.2.66/24")
    desktop(lab)
    with lab.capture():
        idle = [lab.client.tool("emulated.py", "connect", "idle", lab.address, "--source", "192.0.2.66",
                                "--seconds", "15") for _ in range(6)]
        time.sleep(1)
        session(lab)
        for one in idle:
            one.wait(30)
    for stream in range(6):
        lab.expect(stream, None, family="probe", phase="tcp", severity="none", ending=("fin", "client"))
    expect_healthy(lab, 6, None)


@case("many-users", Segment)
def many_users(lab):
    """Three users from three hosts log in with NLA within seconds, all well: no guessing of passwords, no limit."""
    hosts = [lab.client, lab.network.add_host("second", "192.0.2.11/24"),
             lab.network.add_host("third", "192.0.2.12/24")]
    shadow(lab, "/sec:nla")
    with lab.capture(lab.server, format="pcap"):
        for host in hosts:
            open_session(lab, "/sec:nla", host=host, seconds=0.5)
        for host in hosts:
            close_window(lab, "FreeRDP", host)
    for stream in range(3):
        expect_healthy(lab, stream, None)


@case("certificate-declined-rdesktop", Segment)
def declined_rdesktop(lab):
    """rdesktop asks about the certificate and its user says no after five seconds."""
    xrdp(lab, ssl_protocols="TLSv1.2")
    with lab.capture():
        client = rdesktop(lab)
        client.wait_for_output("(yes/no)")
        time.sleep(5)
        client.tell("no")
        lab.note("client: the question about the certificate is answered `no` after 5 s")
        client.wait(10)
        client.end()
    lab.shows("tls.handshake.type == 11")
    lab.expect(0, None, family="certificate_untrusted", cause="cert_untrusted_by_client", phase="tls",
               severity="failure", ending="first", proof=f"tls.handshake.type == 11 || {CLOSE} || tls.alert_message")


@case("reconnect-after-reset", Wired)
def reconnect(lab):
    """A forged reset ends a session; the user connects anew, which works: the first connection still was broken."""
    clock_desktop(lab)
    with lab.capture():
        client = open_session(lab)
        lab.network.wire.tell("reset client")
        lab.note("the wire forges a RST,ACK towards the client, from the server's newest segment")
        client.wait(8)
        client.end()
        time.sleep(2)
        session(lab)
    lab.shows(f"tcp.stream == 0 && {RESET} && {FROM_SERVER}")
    lab.expect(0, None, family="middlebox_reset", cause="rst_injection", phase="session",
               ending=("reset", "middlebox"), proof=f"{RESET} && {FROM_SERVER}")
    expect_healthy(lab, lab.streams()[-1], None)


@case("service-answers-too-late", Routed)
def answers_too_late(lab):
    """xrdp stands still when the request comes; it goes on, and answers, after the client has given up."""
    server = xrdp(lab)
    with lab.capture():
        server.send(signal.SIGSTOP)
        try_to_connect(lab, "/sec:tls", seconds=14)
        server.send(signal.SIGCONT)
        lab.note("server: xrdp is stopped until the client has been ended, 14 s after its request")
    lab.shows(f"tcp.stream == 0 && {CLOSE} && {FROM_CLIENT}")
    lab.expect(0, None, family="service_crash", cause="termservice_hung", phase="x224",
               severity="failure", ending=("fin", "client"), proof=f"{FROM_CLIENT} && tcp.len > 0")
