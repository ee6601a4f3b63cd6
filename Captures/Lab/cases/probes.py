"""Scanners and monitors that look like failing users: alone, and among real users."""

import time

from case import case
from network import Routed, Segment
from peers import clock_desktop, desktop, probe, shadow, xrdp
from steps import CONFIRM, FAILURE, FROM_CLIENT, HELLO, RESET, expect_healthy, session, try_to_connect

SCANNER = "192.0.2.66"


def expect_probe(lab, stream=0, phase="x224", ending="first", role="only", proof=None):
    lab.expect(stream, role, family="probe", phase=phase, severity="none", ending=ending, proof=proof)


def scan_from_elsewhere(lab, mode, *arguments):
    """Runs a scan from the second address of the client's host."""
    return probe(lab, mode, "--source", SCANNER, "--text", "nmap", *arguments)


# Alone

@case("scanner-reset-after-confirm", Segment)
def reset_after_confirm(lab):
    """A scanner asks for TLS or NLA, reads the answer of a server with NLA, and resets."""
    shadow(lab, "/sec:nla")
    with lab.capture(format="pcap"):
        probe(lab, "scan-reset", "--text", "")
    lab.shows(f"{CONFIRM} && tcp.payload[15] == 02")
    expect_probe(lab, ending=("reset", "client"), proof=f"{CONFIRM} || {RESET}")


@case("scanner-each-protocol", Routed)
def each_protocol(lab):
    """A scanner asks for one protocol after the other, each on a connection of its own, as nmap does.

    The server insists on NLA and refuses two of the four with failure 5. That is what the
    scanner wanted to know; nobody was kept out.
    """
    shadow(lab, "/sec:nla")
    with lab.capture():
        lab.client.tool("emulated.py", "connect", "scan-each", lab.address, "--text", "nmap").wait(20)
    lab.shows(f"{FAILURE} && tcp.payload[15] == 05", 2, 2)
    expect_probe(lab, 0, "tcp", role=None)
    for stream in range(1, 5):
        expect_probe(lab, stream, role=None)


@case("scanner-certificate-tls13", Routed)
def certificate_tls13(lab):
    """A scanner completes a handshake of TLS 1.3 and leaves within milliseconds."""
    xrdp(lab)
    with lab.capture(format="pcap"):
        probe(lab, "scan-certificate", "--text", "")
    lab.shows("tls.handshake.type == 11", 0, 0)
    lab.shows("tls.handshake.type == 2")
    expect_probe(lab, phase="tls")


@case("scanner-certificate-nla", Segment)
def certificate_nla(lab):
    """A scanner reads the certificate of a server with NLA: HYBRID is chosen, and no login is begun."""
    shadow(lab, "/sec:nla")
    with lab.capture():
        probe(lab, "scan-certificate", "--protocols", "3", "--tls12", "--text", "")
    lab.shows(f"{CONFIRM} && tcp.payload[15] == 02")
    lab.shows("tls.handshake.type == 11")
    expect_probe(lab, phase="tls")


@case("scanner-ntlm-names", Routed)
def ntlm_names(lab):
    """A scanner begins an NTLM login to read the server's names in the challenge, and leaves.

    nmap's rdp-ntlm-info does this. No name and no password was ever sent, so nothing was refused.
    """
    shadow(lab, "/sec:nla")
    with lab.capture():
        probe(lab, "scan-names", "--tls12", "--text", "")
    lab.shows("tls.app_data && tcp.srcport == 3389")
    lab.shows("tls.app_data && tcp.dstport == 3389")
    expect_probe(lab, phase="credssp")


@case("scanner-tls-at-once", Routed)
def tls_at_once(lab):
    """A scanner for HTTPS starts with a ClientHello and no RDP request; the server hangs up."""
    xrdp(lab)
    with lab.capture():
        probe(lab, "tls-at-once")
    lab.shows(f"{HELLO} && {FROM_CLIENT}")
    lab.shows("tls.handshake.type == 2", 0, 0)
    lab.expect(family="probe", severity="none", ending="first")


@case("scanner-http-request", Segment)
def http_request(lab):
    """A scanner for web servers says GET to an RDP server, hears nothing, and leaves."""
    xrdp(lab)
    with lab.capture(format="pcap"):
        probe(lab, "say", "--text", r"GET / HTTP/1.0\r\n\r\n", "--seconds", "3")
    lab.shows('tcp.payload contains "GET / HTTP"')
    lab.expect(family="probe", severity="none", ending="first")


@case("health-probe-waits", Routed)
def waits(lab):
    """A monitor connects, waits three seconds for a banner that RDP does not have, and closes."""
    xrdp(lab)
    with lab.capture():
        probe(lab, "idle", "--seconds", "3")
    lab.shows("tcp.len > 0", 0, 0)
    expect_probe(lab, phase="tcp", ending=("fin", "client"), proof="tcp.flags.fin == 1")


# Among users

@case("health-probe-among-users", Routed)
def monitor_among_users(lab):
    """A monitor checks every two seconds from one address while a user works from another."""
    lab.client.address("eth0", f"{SCANNER}/24")
    clock_desktop(lab)
    with lab.capture():
        monitor = lab.client.tool("emulated.py", "connect", "probe-reset", lab.address, "--source", SCANNER,
                                  "--count", "6", "--every", "2")
        time.sleep(1)
        session(lab, seconds=5)
        monitor.wait(20)
    lab.shows(f"tcp.flags.reset == 1 && ip.src == {SCANNER}", 6, 6)
    for stream in (0, 2):
        expect_probe(lab, stream, "tcp", ("reset", "client"), None, RESET)
    expect_healthy(lab, 1, None)


@case("scanner-among-users", Routed)
def scanner_among_users(lab):
    """A scanner reads the server's protocols and certificate; the user after it has a wrong password.

    The scans are no failed logins, and the failed login is no scan.
    """
    lab.client.address("eth0", f"{SCANNER}/24")
    shadow(lab, "/sec:nla")
    with lab.capture():
        scan_from_elsewhere(lab, "scan")
        scan_from_elsewhere(lab, "scan-certificate", "--protocols", "3")
        scan_from_elsewhere(lab, "scan-names")
        try_to_connect(lab, "/sec:nla", password="wrong")
    for stream, phase in enumerate(("x224", "tls", "credssp")):
        expect_probe(lab, stream, phase, role=None)
    lab.expect(3, "first", family="authentication_failed", phase="credssp", severity="failure", ending="first")


@case("scanner-then-user", Routed)
def scanner_then_user(lab):
    """A scanner resets after the server's answer; seconds later a user from another address has a session.

    The user's success is not the scanner's retry.
    """
    lab.client.address("eth0", f"{SCANNER}/24")
    desktop(lab)
    with lab.capture(format="pcap"):
        scan_from_elsewhere(lab, "scan-reset", "--protocols", "1")
        scan_from_elsewhere(lab, "scan-certificate")
        session(lab)
    expect_probe(lab, 0, ending=("reset", "client"), proof=f"{CONFIRM} || {RESET}")
    expect_probe(lab, 1, "tls", role=None)
    expect_healthy(lab, 2, None)
    lab.attempt([2], "success")
