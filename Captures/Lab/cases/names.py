"""Names and neighbours: how a client finds the server's address, or does not."""

import time

from case import case
from network import Routed, Segment
from peers import certificate, clock_desktop, close_window, desktop, emulate, resolver
from steps import expect_healthy, open_session, session, try_to_connect

NAME = "rdp.example.test"


@case("healthy-by-name", Routed)
def by_name(lab):
    """The client looks the server's name up, has its address, and a session."""
    resolver(lab, f"{NAME}=198.51.100.20")
    desktop(lab)
    with lab.capture(format="pcap"):
        session(lab, "/sec:tls", address=NAME)
    lab.shows(f'dns.qry.name == "{NAME}" && dns.a == 198.51.100.20')
    expect_healthy(lab)


@case("healthy-after-search-suffix", Routed)
def search_suffix(lab):
    """A short name is looked up with the suffixes of the search list: one does not exist, the other does."""
    resolver(lab, f"{NAME}=198.51.100.20", search="corp.example.test example.test")
    desktop(lab)
    with lab.capture():
        session(lab, "/sec:tls", address="rdp")
    lab.shows("dns.flags.rcode == 3")
    lab.shows(f'dns.qry.name == "{NAME}" && dns.a')
    expect_healthy(lab)


@case("healthy-beside-failed-lookup", Routed)
def beside(lab):
    """In mid-session the client looks up another name, which does not exist: nothing to do with RDP."""
    resolver(lab, f"{NAME}=198.51.100.20")
    clock_desktop(lab)
    with lab.capture(format="pcap"):
        client = open_session(lab, "/sec:tls", address=NAME)
        lab.client.run("getent", "hosts", "intranet.example.test", check=False)
        lab.note("client: `getent hosts intranet.example.test`")
        close_window(lab, "FreeRDP")
        client.wait(10)
    lab.shows("dns.flags.rcode == 3")
    expect_healthy(lab)


@case("resolver-silent", Routed)
def silent(lab):
    """The name server does not answer: the client asks again and again, and no SYN is ever sent."""
    resolver(lab, "--silent")
    with lab.capture():
        try_to_connect(lab, "/sec:tls", address=NAME, seconds=30)
    lab.shows("dns.flags.response == 0", 2)
    lab.shows("tcp", 0, 0)
    lab.attempt([], "failure", "name_resolution_failed")


@case("resolver-fails", Routed)
def fails(lab):
    """The name server says SERVFAIL, and no SYN is ever sent."""
    resolver(lab, "--error", "2")
    with lab.capture(format="pcap"):
        try_to_connect(lab, "/sec:tls", address=NAME, seconds=30)
    lab.shows("dns.flags.rcode == 2")
    lab.shows("tcp", 0, 0)
    lab.attempt([], "failure", "name_resolution_failed")


@case("name-of-another-host", Routed)
def wrong_address(lab):
    """The name resolves to an address at which nobody is: the lookup worked, the host does not answer."""
    resolver(lab, f"{NAME}=198.51.100.77")
    with lab.capture():
        try_to_connect(lab, "/sec:tls", "/timeout:9000", address=NAME, seconds=12)
    lab.shows("dns.a == 198.51.100.77")
    lab.expect_each("failure", family="host_asleep_or_unreachable", phase="tcp", severity="failure",
                    proof="tcp || icmp")


@case("host-never-answers-arp", Segment)
def never(lab):
    """The server is off and in the same network: ARP is never answered, so no SYN is ever sent."""
    lab.server.link("eth0", False)
    lab.note("the server's link is down from the start")
    with lab.capture():
        try_to_connect(lab, "/sec:tls", "/timeout:9000", seconds=12)
    lab.shows("arp.opcode == 1 && arp.dst.proto_ipv4 == 192.0.2.20", 3)
    lab.shows("tcp || arp.opcode == 2", 0, 0)
    lab.attempt([], "failure", "host_asleep_or_unreachable")


@case("healthy-beside-dead-neighbour", Segment)
def dead_neighbour(lab):
    """In mid-session the client looks for another host, a printer, which is off: nothing to do with RDP."""
    clock_desktop(lab)
    with lab.capture(format="pcap"):
        client = open_session(lab)
        lab.client.tool("icmp.py", "192.0.2.200", "3").wait(10)
        lab.note("client: pings 192.0.2.200, which does not exist")
        close_window(lab, "FreeRDP")
        client.wait(10)
    lab.shows("arp.dst.proto_ipv4 == 192.0.2.200", 2)
    expect_healthy(lab)


# Other services on the port

@case("smtp-on-3389", Routed)
def smtp(lab):
    """A mail server listens on 3389: it greets first, and calls the RDP request an error."""
    emulate(lab, "banner", "--text", r"220 mail.example.test ESMTP\r\n", "--seconds", "6")
    with lab.capture():
        try_to_connect(lab)
    lab.shows('tcp.payload contains "220 mail"')
    lab.expect_each("failure", family="port_not_rdp", cause="non_rdp_peer", severity="failure",
                    proof='tcp.payload contains "220 mail"')


@case("tls-only-on-3389", Routed)
def tls_only(lab):
    """A server that speaks TLS from its first octet listens on 3389 and closes on the RDP request without a word.

    From that alone nobody can tell what it is.
    """
    file, key = certificate(lab.server)
    lab.server.start("openssl", "s_server", "-accept", "3389", "-cert", file, "-key", key, "-quiet")
    time.sleep(1)
    with lab.capture():
        try_to_connect(lab)
    lab.shows("tcp.srcport == 3389 && tcp.flags.syn == 0")
    lab.expect_each("failure", family="port_not_rdp", ending="first",
                    alternatives=["unknown", "service_crash", "connection_limit"])


@case("https-on-3389", Segment)
def https(lab):
    """A web server with TLS listens on 3389: it answers the RDP request with "400 Bad Request" in the clear."""
    file, key = certificate(lab.server)
    config = lab.server.work / "nginx.conf"
    config.write_text("daemon off; pid /tmp/nginx.pid; error_log /tmp/error.log; events {}\n"
                      f"http {{ access_log off; server {{ listen 3389 ssl; ssl_certificate {file}; "
                      f"ssl_certificate_key {key}; }} }}\n")
    lab.server.start("nginx", "-c", config)
    time.sleep(1)
    with lab.capture(format="pcap"):
        try_to_connect(lab)
    lab.shows("tcp.srcport == 3389 && tcp.len > 0")
    lab.expect_each("failure", family="port_not_rdp", cause="non_rdp_peer", severity="failure",
                    proof="tcp.srcport == 3389 && tcp.len > 0")
