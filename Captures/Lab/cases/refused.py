"""Connections that never reach the server: closed, blocked, asleep, not RDP; and probes."""

import time

from case import case
from network import Routed, Segment, Wired
from peers import desktop, emulate, probe, window, xfreerdp, xrdp
from steps import RESET, SYN, try_to_connect


@case("port-closed", Routed)
def port_closed(lab):
    """Nothing listens on 3389: the host itself answers the SYN with RST.

    The host answers a ping with the same TTL as the RST has, so it is its own.
    """
    with lab.capture():
        lab.client.tool("icmp.py", lab.address).wait(5)
        try_to_connect(lab)
    lab.shows("tcp.flags.reset == 1 && ip.ttl == 63 && tcp.seq == 1")
    lab.shows("icmp.type == 0 && ip.ttl == 63")
    lab.expect_each("failure", family="port_closed", cause="port_refused_service_down", phase="tcp",
               severity="failure", ending=("reset", "server"), proof=RESET)


@case("port-opens-a-second-later", Segment)
def opens_later(lab):
    """The service is still starting: the first SYN is refused, the retry a little later succeeds."""
    with lab.capture():
        lab.client.tool("emulated.py", "connect", "probe", lab.address).wait(5)
        desktop(lab)
        client = xfreerdp(lab, "/sec:tls")
        window(lab, "FreeRDP")
        time.sleep(1)
    client.end()
    lab.shows("tcp.stream == 0 && tcp.flags.reset == 1")
    lab.expect(0, "first", family="port_closed", cause="port_refused_service_down", phase="tcp",
               severity="warning", ending=("reset", "server"), proof=RESET)
    lab.expect(1, "retry", family="healthy", phase="session", severity="none",
               ending=("open", "unknown"))
    lab.attempt([0, 1], "success", "healthy")


@case("firewall-drop", Routed)
def drop(lab):
    """The host's firewall drops 3389 without a word, while the same host answers ping and SSH."""
    lab.server.nft("input", "tcp dport 3389 drop")
    emulate(lab, "banner", "--port", "22", "--text", r"SSH-2.0-OpenSSH_9.2\r\n", "--seconds", "1")
    with lab.capture():
        lab.client.tool("icmp.py", lab.address).wait(5)
        probe(lab, "idle", "--port", "22", "--seconds", "2")
        try_to_connect(lab, "/sec:tls", "/timeout:9000", seconds=9)
        lab.client.tool("icmp.py", lab.address).wait(5)
    lab.shows(f"{SYN} && tcp.dstport == 3389", 3)
    lab.shows("tcp.srcport == 3389", 0, 0)
    lab.shows("icmp.type == 0", 2)
    lab.expect_each("failure", first=1, family="firewall_blocked", cause="firewall_drop", phase="tcp",
                    severity="failure", ending=("timeout", "unknown"), proof=SYN)


@case("firewall-reset-by-router", Routed)
def router_reset(lab):
    """A router refuses 3389 with RST: its TTL is not that of the host's own packets."""
    lab.middle.nft("forward", "tcp dport 3389 reject with tcp reset")
    xrdp(lab)
    with lab.capture(format="pcap"):
        lab.client.tool("icmp.py", lab.address).wait(5)
        try_to_connect(lab)
    lab.shows("tcp.flags.reset == 1 && ip.ttl == 64")
    lab.shows("icmp.type == 0 && ip.ttl == 63")
    lab.expect_each("failure", family="firewall_blocked", cause="firewall_reject", phase="tcp", severity="failure",
               ending=("reset", "middlebox"), proof=RESET)


@case("firewall-admin-prohibited", Routed)
def prohibited(lab):
    """A router refuses 3389 with ICMP "communication administratively prohibited"."""
    lab.middle.nft("forward", "tcp dport 3389 reject with icmp type admin-prohibited")
    with lab.capture():
        try_to_connect(lab)
    lab.shows("icmp.type == 3 && icmp.code == 13")
    lab.expect_each("failure", family="firewall_blocked", cause="firewall_reject", phase="tcp", severity="failure",
               ending=("icmp", "middlebox"), proof="tcp || icmp")


@case("host-unreachable-behind-router", Routed)
def behind_router(lab):
    """The server is off; the last router asks for its address in vain and says host unreachable."""
    with lab.capture():
        lab.client.tool("icmp.py", lab.address).wait(5)
        lab.server.link("eth0", False)
        lab.middle.run("ip", "neighbour", "flush", "dev", "eth1")
        lab.note("the server answers a ping, then its link goes down")
        try_to_connect(lab, "/sec:tls", "/timeout:9000")
    lab.shows("icmp.type == 3 && icmp.code == 1")
    lab.expect_each("failure", family="host_asleep_or_unreachable", phase="tcp",
               severity="failure", ending=("icmp", "middlebox"), proof="tcp || icmp")


@case("host-asleep-same-segment", Segment)
def asleep(lab):
    """The server was alive, then went to sleep: its link is down and nobody answers ARP for it.

    First a session's worth of life (a probe of 3389 that is answered), then only questions.
    The SYNs of the second connection go to the address still in the ARP cache, then ARP asks in vain.
    """
    xrdp(lab)
    with lab.capture():
        probe(lab, "probe")
        time.sleep(1)
        lab.server.link("eth0", False)
        lab.note("the server's link goes down a second after the probe")
        try_to_connect(lab, "/sec:tls", "/timeout:12000", seconds=12)
    lab.shows("arp.opcode == 1 && arp.dst.proto_ipv4 == 192.0.2.20", 1)
    lab.shows(f"tcp.stream == 1 && {SYN}", 2)
    lab.shows("tcp.stream == 1 && tcp.srcport == 3389", 0, 0)
    lab.expect(0, family="probe", cause="health_probe", phase="tcp", severity="none",
               ending=("fin", "client"))
    lab.expect_each("failure", first=1, family="host_asleep_or_unreachable", phase="tcp",
                    severity="failure", ending=("timeout", "unknown"), proof=SYN)


@case("virtual-machine-asleep", Segment)
def virtual_machine(lab):
    """A virtual machine (by its card's address) falls silent: not even its card answers, and SYNs get none."""
    lab.server.link("eth0", False)
    lab.server.run("ip", "link", "set", "eth0", "address", "52:54:00:12:34:56")
    lab.server.link("eth0", True)
    lab.client.tool("icmp.py", lab.address).wait(5)
    with lab.capture():
        lab.client.run("ip", "neigh", "flush", "dev", "eth0")
        lab.client.tool("icmp.py", lab.address).wait(5)
        lab.server.link("eth0", False)
        lab.note("the server's link goes down right after the answer to a ping, and eight seconds pass")
        time.sleep(8)
        lab.client.run("ip", "neigh", "change", lab.address, "dev", "eth0", "nud", "stale")
        try_to_connect(lab, "/sec:tls", "/timeout:12000", seconds=12)
    lab.shows("arp.opcode == 1 && arp.dst.proto_ipv4 == 192.0.2.20", 2)
    lab.shows(SYN, 2)
    lab.shows("tcp.srcport == 3389", 0, 0)
    lab.expect_each("failure", family="host_asleep_or_unreachable", cause="vm_guest_sleep", phase="tcp",
                    severity="failure", ending=("timeout", "unknown"), proof=SYN)


@case("health-probe", Routed)
def health_probe(lab):
    """A monitor connects and closes every two seconds and never says a word."""
    xrdp(lab)
    with lab.capture():
        probe(lab, "probe", "--count", "4", "--every", "2")
    for stream in range(4):
        lab.expect(stream, family="probe", cause="health_probe", phase="tcp", severity="none",
                   ending=("fin", "client"), proof="tcp.flags.fin == 1")


@case("health-probe-reset", Segment)
def health_probe_reset(lab):
    """A monitor that ends its checks with RST; on port 3389 that is no fault either."""
    xrdp(lab)
    with lab.capture(format="pcap"):
        probe(lab, "probe-reset", "--count", "3", "--every", "2")
    for stream in range(3):
        lab.expect(stream, family="probe", cause="health_probe", phase="tcp", severity="none",
                   ending=("reset", "client"), proof=RESET)


@case("port-scanner", Routed)
def scanner(lab):
    """A scanner asks which security protocols there are, reads the answer and leaves."""
    xrdp(lab, security_layer="negotiate")
    with lab.capture():
        probe(lab, "scan", "--text", "nmap")
    lab.shows('tcp.payload contains "mstshash=nmap"')
    lab.expect(family="probe", phase="x224", severity="none", ending=("fin", "client"))


@case("syn-scan", Routed)
def syn_scan(lab):
    """A half-open scan: SYN, SYN-ACK, and the scanner's kernel resets what it knows nothing of."""
    xrdp(lab)
    with lab.capture():
        lab.client.tool("synscan.py", "192.0.2.10", lab.address, "3389").wait(5)
    lab.shows("tcp.flags.reset == 1 && ip.src == 192.0.2.10")
    lab.expect(family="probe", phase="tcp", severity="none", ending=("reset", "client"),
               proof="tcp.flags.reset == 1 || tcp.flags.syn == 1")


@case("host-woke-on-syn", Wired)
def woke(lab):
    """The host sleeps; the first SYNs are lost, one wakes it four seconds later, and all is well."""
    desktop(lab)
    with lab.capture():
        lab.client.tool("icmp.py", lab.address).wait(5)
        lab.network.wire.tell("dark")
        lab.note("the wire is dark for 4 s from before the first SYN")
        client = xfreerdp(lab, "/sec:tls", "/timeout:20000")
        time.sleep(4)
        lab.network.wire.tell("light")
        window(lab, "FreeRDP", seconds=30)
        time.sleep(2)
    client.end()
    lab.shows(f"{SYN} && tcp.analysis.retransmission", 2)
    lab.expect(family="healthy", phase="session", severity="none", ending=("open", "unknown"))
    lab.attempt([0], "success", "healthy")


@case("proxy-without-backend", Routed)
def proxy(lab):
    """A TCP proxy stands on 3389 and the server behind it is gone: accepted at once, then closed.

    The client's request is acknowledged and never answered; the close comes from the proxy.
    """
    config = lab.server.work / "haproxy.cfg"
    config.write_text("defaults\n  mode tcp\n  timeout connect 1s\n  timeout client 30s\n"
                      "  timeout server 30s\n  retries 1\nlisten rdp\n  bind :3389\n"
                      "  server gone 127.0.0.1:13389\n")
    lab.server.start("haproxy", "-db", "-f", config)
    time.sleep(1)
    with lab.capture():
        try_to_connect(lab)
    lab.shows("tcp.srcport == 3389 && tcp.len > 0", 0, 0)
    lab.expect_each("failure", family="unknown", alternatives=["service_crash", "connection_limit"],
                    phase="x224", ending="first")


@case("ssh-on-3389", Routed)
def ssh(lab):
    """An SSH server listens on 3389 and speaks first, before the client's request is read."""
    lab.server.run("mkdir", "-p", "/run/sshd")
    lab.server.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", lab.server.work / "host")
    lab.server.start("/usr/sbin/sshd", "-D", "-f", "/dev/null", "-p", "3389", "-h",
                     lab.server.work / "host", "-o", "PidFile=none")
    time.sleep(1)
    with lab.capture():
        try_to_connect(lab)
    lab.shows('tcp.payload contains "SSH-2.0"')
    lab.expect_each("failure", family="port_not_rdp", cause="non_rdp_peer", severity="failure",
               proof='tcp.payload contains "SSH-2.0"')


@case("http-on-3389", Routed)
def http(lab):
    """A web server listens on 3389: it answers the RDP request with "400 Bad Request"."""
    config = lab.server.work / "nginx.conf"
    config.write_text("daemon off; pid /tmp/nginx.pid; error_log /tmp/error.log; events {}\n"
                      "http { access_log off; server { listen 3389; } }\n")
    lab.server.start("nginx", "-c", config)
    time.sleep(1)
    with lab.capture(format="pcap"):
        try_to_connect(lab)
    lab.shows('tcp.payload contains "400 Bad Request"')
    lab.expect_each("failure", family="port_not_rdp", cause="non_rdp_peer", severity="failure",
               proof='tcp.payload contains "400 Bad Request"')

