"""Where and how it was captured: pieces, copies, other link layers, other networks."""

import time

from case import case
from network import Host, Network, Routed, Segment, Segment6, Wired, cable
from peers import clock_desktop, close_window, desktop, probe, resolver, xrdp
from steps import FROM_SERVER, RESET, SYN, expect_healthy, open_session, session, try_to_connect


@case("started-in-the-middle", Routed)
def middle(lab):
    """The capture starts in mid-session: no handshake, no negotiation, and it ends before the session."""
    clock_desktop(lab)
    client = open_session(lab)
    with lab.capture():
        time.sleep(4)
    client.end()
    lab.shows("tcp.flags.syn == 1", 0, 0)
    lab.expect(family="capture_truncated", severity="warning", ending=("open", "unknown"))


@case("snap-length-60", Routed)
def snapped(lab):
    """Only the first 60 octets of each frame were kept: enough for TCP, nothing of RDP.

    Every packet with data is cut, and said to be cut by the capture, not malformed.
    """
    desktop(lab)
    with lab.capture(format="pcap", snapshot_length=60):
        session(lab)
    lab.shows("frame.cap_len < frame.len", 10)
    lab.expect(family="capture_truncated", severity="warning")


@case("one-sided-client", Routed)
def one_sided(lab):
    """Only what the client sent was captured; the server's half is missing from the start."""
    desktop(lab)
    with lab.capture(filter="ip src 192.0.2.10"):
        session(lab)
    lab.shows("tcp.srcport == 3389", 0, 0)
    lab.expect(family="capture_truncated", severity="warning", alternatives=["healthy"])


@case("one-sided-server", Segment)
def one_sided_server(lab):
    """Only what the server sent was captured."""
    desktop(lab)
    with lab.capture(format="pcap", filter="ip src 192.0.2.20"):
        session(lab)
    lab.shows("tcp.dstport == 3389", 0, 0)
    lab.expect(family="capture_truncated", severity="warning", alternatives=["healthy"])


@case("healthy-cooked-any-gz", Routed)
def cooked(lab):
    """A healthy session captured on every interface of the client (Linux cooked), compressed."""
    desktop(lab)
    with lab.capture(format="pcap", interface="any", filter="host 198.51.100.20"):
        session(lab)
    lab.shows("sll && tcp")
    expect_healthy(lab)


@case("healthy-router-any", Routed)
def router_any(lab):
    """A healthy session captured on all interfaces of the router: every packet twice, TTL and MAC differ."""
    desktop(lab)
    with lab.capture(lab.middle, interface="any"):
        session(lab)
    lab.shows("ip.src == 192.0.2.10 && ip.ttl == 63")
    lab.shows("ip.src == 192.0.2.10 && ip.ttl == 64")
    expect_healthy(lab)


@case("healthy-two-interfaces", Segment)
def two_interfaces(lab):
    """A healthy session captured on both ports of the switch, in one file of two interfaces."""
    desktop(lab)
    with lab.capture(lab.middle, interface="eth0 eth1"):
        session(lab)
    lab.shows("frame.interface_id == 1 && tcp")
    expect_healthy(lab)


@case("healthy-span-duplicates", Wired)
def span(lab):
    """A healthy session seen at a mirror port that copies frames on their way in and out: each twice.

    Exact copies within microseconds are the mirror's doing, not retransmissions.
    """
    desktop(lab)
    lab.middle.run("ip", "link", "add", "mirror", "type", "veth", "peer", "name", "monitor")
    for port in ("mirror", "monitor"):
        lab.middle.link(port, True)
    lab.network.wire.tell("mirror mirror")
    lab.note("the wire copies each frame to a mirror port when it enters and when it leaves")
    with lab.capture(lab.middle, interface="monitor", format="pcap"):
        session(lab)
    lab.shows("tcp.flags.syn == 1 && tcp.flags.ack == 0", 2, 2)
    expect_healthy(lab)


class Trunk(Network):
    """Client and server behind two switches joined by a trunk that tags their frames."""

    server_address = "192.0.2.20"
    description = ("client 192.0.2.10/24 - access switch - trunk, 802.1Q VLAN 42 - "
                   "access switch - server 192.0.2.20/24")

    def __init__(self, work):
        self.client, self.middle, self.far, self.server = (
            Host(name, work) for name in ("client", "middle", "far", "server"))
        self.hosts = [self.client, self.middle, self.far, self.server]
        cable(self.client, "eth0", self.middle, "eth0")
        cable(self.middle, "trunk", self.far, "trunk")
        cable(self.far, "eth1", self.server, "eth0")
        self.client.address("eth0", "192.0.2.10/24")
        self.server.address("eth0", "192.0.2.20/24")
        near = self.middle.tool("wire.py", "eth0", "trunk")
        far = self.far.tool("wire.py", "trunk", "eth1")
        for wire in (near, far):
            wire.wait_for_output("ready")
        near.tell("vlan 42 server")
        far.tell("vlan 42 client")


@case("healthy-vlan", Trunk)
def vlan(lab):
    """A healthy session captured on a trunk: every frame carries an 802.1Q tag."""
    desktop(lab)
    with lab.capture(lab.middle, interface="trunk"):
        session(lab)
    lab.shows("vlan.id == 42 && tcp.port == 3389", 20)
    lab.shows("tcp.port == 3389 && !vlan", 0, 0)
    expect_healthy(lab)


@case("two-machines-one-address", Segment)
def conflict(lab):
    """Two machines have the server's address: ARP is answered by both, and the wrong one refuses.

    The host that answers the SYN with RST has another MAC address than the RDP server.
    """
    xrdp(lab)
    lab.network.add_host("other", "192.0.2.20/24")
    lab.note("another host with the address 192.0.2.20 is on the same switch")
    with lab.capture():
        for _ in range(6):
            lab.client.run("ip", "neighbour", "flush", "dev", "eth0")
            probe(lab, "scan")
            time.sleep(0.3)
    lab.shows("arp.opcode == 2 && arp.src.proto_ipv4 == 192.0.2.20", 2)
    lab.expect(0, None, family="port_closed", cause="ip_conflict_or_changed_address", phase="tcp",
               alternatives=["unknown"], ending="first", proof=RESET)


@case("name-not-resolved", Routed)
def name(lab):
    """The name of the server does not exist: the resolver says NXDOMAIN, and no SYN is ever sent."""
    resolver(lab)
    with lab.capture():
        try_to_connect(lab, "/sec:tls", address="rdp.example.test", seconds=15)
    lab.shows("dns.flags.rcode == 3")
    lab.shows("tcp", 0, 0)
    lab.attempt([], "failure", "name_resolution_failed")


@case("healthy-any-interface", Routed)
def any_interface(lab):
    """A healthy session captured with `-i any`: the link layer is Linux cooked, version 1."""
    desktop(lab)
    with lab.capture(interface="any", format="pcap", link_type="LINUX_SLL", filter="tcp port 3389 or arp"):
        session(lab)
    lab.shows("sll && tcp", 40)
    expect_healthy(lab)


@case("healthy-any-interface-sll2", Routed)
def any_interface_2(lab):
    """A healthy session captured with today's `tcpdump -i any`: Linux cooked, version 2."""
    desktop(lab, ssl_protocols="TLSv1.2")
    with lab.capture(interface="any", format="pcap", link_type="LINUX_SLL2", filter="tcp port 3389 or arp"):
        session(lab)
    lab.shows("sll && tcp", 40)
    expect_healthy(lab)


@case("started-in-the-middle-closed", Routed)
def middle_closed(lab):
    """The capture starts in mid-session and the user then closes the window: no beginning, and a good end."""
    clock_desktop(lab)
    client = open_session(lab)
    with lab.capture(format="pcap"):
        time.sleep(2)
        close_window(lab, "FreeRDP")
        client.wait(10)
    lab.shows("tcp.flags.syn == 1", 0, 0)
    lab.expect(family="capture_truncated", alternatives=["healthy", "clean_disconnect"])


@case("started-in-the-middle-forged-reset", Wired)
def middle_forged(lab):
    """The capture starts in mid-session; then a RST is forged to the client, and the server goes on sending.

    What ended the connection can be seen all the same.
    """
    clock_desktop(lab)
    client = open_session(lab)
    with lab.capture():
        time.sleep(2)
        lab.network.wire.tell("reset client")
        lab.note("the wire forges a RST,ACK towards the client, from the server's newest segment")
        client.wait(8)
        client.end()
    lab.expect(0, None, family="middlebox_reset", cause="rst_injection",
               ending=("reset", "middlebox"), proof=f"{RESET} && {FROM_SERVER}")


# IPv6

@case("port-closed-ipv6", Segment6)
def closed_6(lab):
    """Nothing listens on 3389 and the host itself answers the SYN with RST, over IPv6."""
    with lab.capture():
        try_to_connect(lab, "/sec:tls", address="[2001:db8::20]")
    lab.expect_each("failure", family="port_closed", cause="port_refused_service_down", phase="tcp",
                    severity="failure", ending=("reset", "server"), proof=RESET)


@case("firewall-port-unreachable-ipv6", Segment6)
def port_unreachable_6(lab):
    """The host's own firewall refuses 3389 with ICMPv6 "port unreachable"."""
    xrdp(lab, port="tcp6://:3389")
    lab.server.nft("input", "tcp dport 3389 reject", family="ip6")
    with lab.capture(format="pcap"):
        try_to_connect(lab, "/sec:tls", address="[2001:db8::20]")
    lab.shows("icmpv6.type == 1 && icmpv6.code == 4")
    lab.expect_each("failure", family="firewall_blocked", cause="firewall_reject", phase="tcp", severity="failure",
                    proof="tcp || icmpv6")


@case("firewall-admin-prohibited-ipv6", Segment6)
def prohibited_6(lab):
    """3389 is refused with ICMPv6 "communication administratively prohibited"."""
    xrdp(lab, port="tcp6://:3389")
    lab.server.nft("input", "tcp dport 3389 reject with icmpv6 type admin-prohibited", family="ip6")
    with lab.capture():
        try_to_connect(lab, "/sec:tls", address="[2001:db8::20]")
    lab.shows("icmpv6.type == 1 && icmpv6.code == 1")
    lab.expect_each("failure", family="firewall_blocked", cause="firewall_reject", phase="tcp", severity="failure",
                    proof="tcp || icmpv6")


@case("host-never-answers-ipv6", Segment6)
def never_6(lab):
    """The server is off: neighbour solicitations are never answered, so no SYN is ever sent."""
    lab.server.link("eth0", False)
    lab.note("the server's link is down from the start")
    with lab.capture(format="pcap"):
        try_to_connect(lab, "/sec:tls", "/timeout:9000", address="[2001:db8::20]", seconds=12)
    lab.shows("icmpv6.type == 135 && icmpv6.nd.ns.target_address == 2001:db8::20", 3)
    lab.shows("tcp || icmpv6.type == 136", 0, 0)
    lab.attempt([], "failure", "host_asleep_or_unreachable")


@case("host-asleep-ipv6", Segment6)
def asleep_6(lab):
    """The server was alive and then sleeps: SYNs go to the address still known, then solicitations in vain."""
    xrdp(lab, port="tcp6://:3389")
    with lab.capture():
        probe(lab, "probe", address="2001:db8::20")
        time.sleep(1)
        lab.server.link("eth0", False)
        lab.note("the server's link goes down a second after the probe")
        try_to_connect(lab, "/sec:tls", "/timeout:12000", address="[2001:db8::20]", seconds=12)
    lab.shows(f"tcp.stream == 1 && {SYN}", 2)
    lab.expect(0, None, family="probe", cause="health_probe", phase="tcp", severity="none", ending=("fin", "client"))
    lab.expect(1, None, family="host_asleep_or_unreachable", phase="tcp", severity="failure",
               ending=("timeout", "unknown"), proof=SYN)
