"""Firewalls, and hosts that do not answer: each with what the rest of the capture says of it."""

import time

from case import case
from network import Routed, Segment, Wired
from peers import clock_desktop, desktop, probe, xfreerdp, xrdp
from steps import (FROM_CLIENT, FROM_SERVER, RESET, RETRANSMISSION, SYN, expect_healthy, open_session,
                   press_key, session, try_to_connect)


def ping(lab, count=1):
    lab.client.tool("icmp.py", lab.address, str(count)).wait(3 + 2 * count)


def expect_in_vain(lab, family, cause=None, ending=("timeout", "unknown"), phase="tcp", proof=SYN, **more):
    lab.expect_each("failure", family=family, cause=cause, phase=phase, severity="failure", ending=ending,
                    proof=proof, **more)


@case("firewall-drop-at-router", Routed)
def drop_at_router(lab):
    """A router drops 3389 without a word; the same host answers pings before, meanwhile and after."""
    xrdp(lab)
    lab.middle.nft("forward", "tcp dport 3389 drop")
    with lab.capture(format="pcap"):
        pings = lab.client.tool("icmp.py", lab.address, "9")
        try_to_connect(lab, "/sec:tls", "/timeout:8000", seconds=9)
        pings.wait(20)
    lab.shows("icmp.type == 0", 8)
    expect_in_vain(lab, "firewall_blocked", "firewall_drop")


@case("firewall-drop-seen-by-server", Routed)
def drop_at_server(lab):
    """The host's own firewall drops 3389, seen at the host: it asks for its gateway's address meanwhile."""
    xrdp(lab)
    lab.server.nft("input", "tcp dport 3389 drop")
    with lab.capture(lab.server):
        ping(lab, 3)
        try_to_connect(lab, "/sec:tls", "/timeout:9000", seconds=20)
    lab.shows("arp.opcode == 1 && arp.src.proto_ipv4 == 198.51.100.20")
    expect_in_vain(lab, "firewall_blocked", "firewall_drop")


@case("firewall-host-prohibited", Routed)
def host_prohibited(lab):
    """A router refuses 3389 with ICMP "host administratively prohibited"."""
    lab.middle.nft("forward", "tcp dport 3389 reject with icmp type host-prohibited")
    with lab.capture():
        try_to_connect(lab)
    lab.shows("icmp.type == 3 && icmp.code == 10")
    expect_in_vain(lab, "firewall_blocked", "firewall_reject", ("icmp", "middlebox"), proof="tcp || icmp")


@case("firewall-port-unreachable", Segment)
def port_unreachable(lab):
    """The host's own firewall refuses 3389 with ICMP "port unreachable", as `reject` does by default.

    A closed port answers with RST and never with this.
    """
    xrdp(lab)
    lab.server.nft("input", "tcp dport 3389 reject")
    with lab.capture(format="pcap"):
        try_to_connect(lab)
    lab.shows("icmp.type == 3 && icmp.code == 3 && ip.src == 192.0.2.20")
    lab.expect_each("failure", family="firewall_blocked", cause="firewall_reject", phase="tcp", severity="failure",
                    proof="tcp || icmp")


@case("firewall-reset-by-host", Segment)
def reset_by_host(lab):
    """The host's own firewall refuses 3389 with RST: on the wire it is a closed port, and is called one."""
    xrdp(lab)
    lab.server.nft("input", "tcp dport 3389 reject with tcp reset")
    with lab.capture():
        ping(lab)
        try_to_connect(lab)
    expect_in_vain(lab, "port_closed", ending=("reset", "server"), proof=RESET, alternatives=["firewall_blocked"])


@case("firewall-drops-data", Routed)
def drops_data(lab):
    """A filter lets the TCP handshake pass and drops every segment with data; pings are answered.

    The request is retransmitted in vain.
    """
    xrdp(lab)
    lab.middle.nft("forward", "tcp dport 3389 tcp flags & psh == psh drop")
    with lab.capture():
        client = xfreerdp(lab, "/sec:tls", "/timeout:12000")
        client.wait(4)
        ping(lab)
        client.wait(12)
        client.end()
    lab.shows("tcp.flags.syn == 1 && tcp.flags.ack == 1")
    lab.shows(f"{RETRANSMISSION} && {FROM_CLIENT} && tcp.len > 0", 2)
    lab.expect(0, None, family="firewall_blocked", phase="x224", severity="failure",
               alternatives=["packet_loss", "mtu_black_hole"],
               proof=f"{FROM_CLIENT} && tcp.len > 0")


@case("return-path-blocked", Routed)
def return_path(lab):
    """Seen from the server: SYNs arrive, and its SYN,ACKs are lost on the way back.

    Both ends repeat themselves: the client is there, and so is the service.
    """
    xrdp(lab)
    lab.middle.nft("forward", "tcp sport 3389 drop")
    with lab.capture(lab.server):
        try_to_connect(lab, "/sec:tls", "/timeout:9000", seconds=10)
    lab.shows("tcp.flags.syn == 1 && tcp.flags.ack == 1", 3)
    lab.shows(SYN, 3)
    lab.shows("tcp.dstport == 3389 && tcp.flags.syn == 0 && tcp.flags.reset == 0", 0, 0)
    lab.expect(0, None, family="firewall_blocked", phase="tcp", severity="failure", ending=("timeout", "unknown"),
               proof="tcp.flags.syn == 1")


@case("syn-unanswered", Routed)
def unanswered(lab):
    """SYNs without an answer and nothing else to go by: asleep, off or behind a firewall."""
    lab.middle.nft("forward", "ip daddr 198.51.100.20 drop")
    with lab.capture(format="pcap"):
        try_to_connect(lab, "/sec:tls", "/timeout:8000", seconds=9)
    lab.shows("icmp", 0, 0)
    expect_in_vain(lab, "host_asleep_or_unreachable", alternatives=["firewall_blocked"])


@case("host-asleep-card-answers-arp", Segment)
def card_answers(lab):
    """The host sleeps and its network card answers ARP for it, as Windows' cards do; nothing else answers.

    It answered a ping and a monitor's check before. The sleep is emulated: the server drops all IP packets.
    """
    xrdp(lab)
    with lab.capture():
        ping(lab)
        probe(lab, "probe")
        time.sleep(1)
        lab.server.nft("input", "drop")
        lab.client.run("ip", "neighbour", "flush", "dev", "eth0")
        pings = lab.client.tool("icmp.py", lab.address, "5")
        try_to_connect(lab, "/sec:tls", "/timeout:8000", seconds=9)
        pings.wait(20)
    lab.shows("arp.opcode == 2 && arp.src.proto_ipv4 == 192.0.2.20", 1)
    lab.shows("icmp.type == 0", 1, 1)
    lab.expect(0, None, family="probe", phase="tcp", severity="none", ending=("fin", "client"))
    for stream in lab.streams(1):
        lab.expect(stream, None, family="host_asleep_or_unreachable", phase="tcp", severity="failure",
                   ending=("timeout", "unknown"), proof=SYN)


@case("first-try-unanswered", Wired)
def first_try(lab):
    """The first try meets a sleeping host and gives up; the second, seconds later, has a session."""
    desktop(lab)
    with lab.capture():
        ping(lab)
        lab.network.wire.tell("dark")
        lab.note("the wire is dark until the first try has failed")
        try_to_connect(lab, "/sec:tls", "/timeout:4000", seconds=12)
        time.sleep(2)
        lab.network.wire.tell("light")
        session(lab)
    last = lab.streams()[-1]
    for stream in range(last):
        lab.expect(stream, None, family="host_asleep_or_unreachable", phase="tcp", severity="warning", proof=SYN)
    expect_healthy(lab, last, None)
    lab.attempt(list(range(last + 1)), "success")


@case("service-restarts", Segment)
def restarts(lab):
    """The service restarts: one try finds the port closed, the one four seconds later has a session."""
    server = desktop(lab)
    with lab.capture(format="pcap"):
        session(lab, seconds=1)
        server.kill_all()
        lab.note("server: xrdp is stopped; it starts again after the client's next try")
        try_to_connect(lab)
        xrdp(lab)
        session(lab, seconds=1)
    last = lab.streams()[-1]
    expect_healthy(lab, 0, None)
    for stream in range(1, last):
        lab.expect(stream, None, family="port_closed", phase="tcp", severity="warning", ending=("reset", "server"),
                   proof=RESET)
    expect_healthy(lab, last, None)


# Resets that neither end sent, with the server's own TTL

def forged(lab, octets, ends, **options):
    xrdp(lab)
    lab.network.wire.tell(f"forge {octets} {ends}".strip())
    with lab.capture(**options):
        try_to_connect(lab)


@case("forged-reset-on-request", Wired)
def forged_on_request(lab):
    """A box on the path reads the RDP request and forges a RST to the client with the server's own TTL.

    The server knows nothing of it: its acknowledgement of the request arrives after "its" reset.
    """
    forged(lab, "0300", "client")
    lab.note("the wire forges a RST,ACK towards the client before it carries the request on")
    lab.shows(f"{RESET} && {FROM_SERVER}")
    lab.shows(f"tcp.stream == 0 && {FROM_SERVER} && tcp.flags == 0x010 && tcp.ack > 1")
    lab.expect(0, None, family="middlebox_reset", cause="rst_injection", phase="x224", severity="failure",
               ending=("reset", "middlebox"), proof=f"{RESET} && {FROM_SERVER}")


@case("forged-reset-on-hello", Wired)
def forged_on_hello(lab):
    """A box on the path forges a RST to the client on its ClientHello; the ServerHello comes after it."""
    forged(lab, "1603", "client", format="pcap")
    lab.note("the wire forges a RST,ACK towards the client before it carries the ClientHello on")
    lab.shows(f"{RESET} && {FROM_SERVER}")
    lab.shows("tls.handshake.type == 2")
    lab.expect(0, None, family="middlebox_reset", cause="rst_injection", phase="tls", severity="failure",
               ending=("reset", "middlebox"), proof=f"({RESET} && {FROM_SERVER}) || tls.handshake.type == 2")


@case("forged-reset-to-server", Wired)
def forged_to_server(lab):
    """Seen from the server: a RST in the client's name in mid-session, and the client's data after it."""
    clock_desktop(lab)
    with lab.capture(lab.server):
        client = open_session(lab)
        lab.network.wire.tell("reset server")
        lab.note("the wire forges a RST,ACK towards the server, from the client's newest segment")
        press_key(lab)
        client.wait(8)
        client.end()
    lab.shows(f"tcp.stream == 0 && {RESET} && {FROM_CLIENT}")
    lab.shows(f"tcp.stream == 0 && {FROM_CLIENT} && tcp.len > 0 && tcp.analysis.flags || {RESET} && {FROM_SERVER}")
    lab.expect(0, None, family="middlebox_reset", cause="rst_injection", phase="session", severity="failure",
               ending=("reset", "middlebox"), proof=f"{RESET} && {FROM_CLIENT}")
