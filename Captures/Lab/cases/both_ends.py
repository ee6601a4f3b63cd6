"""One connection captured at both of its ends, and what only the two captures together tell."""

import time

from case import case
from network import Routed, Wired
from peers import clock_desktop, desktop, xrdp
from steps import (FROM_CLIENT, FROM_SERVER, RESET, RETRANSMISSION, SYN, expect_healthy, open_rdesktop,
                   open_session, press_key, session, try_to_connect)


def translate(lab):
    """The router hides the client behind its own address, as home routers do."""
    rules = lab.middle.work / "nat.nft"
    rules.write_text("table ip nat {\nchain nat {\ntype nat hook postrouting priority 100;\n"
                     "oifname \"eth1\" masquerade random\n}\n}\n")
    lab.middle.run("nft", "-f", rules)
    lab.note("router: nftables masquerades what leaves towards the server, with ports of its own")


def darken(lab):
    """The router forwards nothing more; its translation stays."""
    rules = lab.middle.work / "dark.nft"
    rules.write_text("table ip dark {\nchain dark {\ntype filter hook forward priority 0;\ndrop\n}\n}\n")
    lab.middle.run("nft", "-f", rules)
    lab.note("router: from then on nftables drops whatever is to be forwarded")


def chatter(lab, count):
    """Something else that the server says, so that its capture shows that it was running."""
    return lab.server.tool("icmp.py", "198.51.100.1", str(count))


@case("both-ends-reset-forged", Wired)
def reset_forged(lab):
    """A box ends a session with a reset to each end, in every mark like the peer's own.

    At each end alone the peer seems to have reset; that neither sent one, only the two captures tell.
    """
    desktop(lab)
    with lab.capture(), lab.capture(lab.server):
        client = open_rdesktop(lab)
        time.sleep(1)
        lab.network.wire.tell("reset client")
        lab.network.wire.tell("reset server")
        lab.note("the wire forges a RST,ACK towards each end, from its peer's newest segment")
        client.wait(5)
        client.end()
    lab.shows(f"{RESET} && {FROM_SERVER}", 1)
    lab.expect(0, "only", family="unknown", alternatives=["middlebox_reset"], phase="session",
               severity="warning", proof=f"{RESET} && {FROM_SERVER}")
    lab.expect_at_server(family="clean_disconnect", familyAlternatives=["middlebox_reset", "unknown"],
                         phase="session")


@case("both-ends-path-breaks-behind-nat", Routed)
def path_breaks(lab):
    """Behind a router that translates addresses, the way breaks in mid-session, in both directions.

    The client alone sees a server that fell silent.
    """
    clock_desktop(lab, tcp_keepalive="false")
    translate(lab)
    with lab.capture(), lab.capture(lab.server):
        client = open_rdesktop(lab)
        time.sleep(1)
        darken(lab)
        for _ in range(4):
            press_key(lab)
            time.sleep(1)
        time.sleep(6)
        client.end()
    lab.shows(f"{RETRANSMISSION} && {FROM_CLIENT}", 3)
    lab.expect(0, "only", family="host_asleep_or_unreachable", alternatives=["packet_loss"], phase="session",
               severity="failure", ending=("timeout", "unknown"), proof=RETRANSMISSION)
    lab.expect_at_server(family="client_slept", familyAlternatives=["packet_loss"], phase="session")


@case("both-ends-syn-dropped", Routed)
def syn_dropped(lab):
    """A router drops the requests. The server's own capture runs, and holds none of them."""
    xrdp(lab)
    lab.middle.nft("forward", "tcp dport 3389 drop")
    with lab.capture(), lab.capture(lab.server):
        pings = chatter(lab, 9)
        try_to_connect(lab, "/sec:tls", "/timeout:8000", seconds=9)
        pings.wait(20)
    lab.shows(SYN, 3)
    lab.expect_each("failure", family="host_asleep_or_unreachable", phase="tcp", severity="failure",
                    ending=("timeout", "unknown"), proof=SYN, alternatives=["firewall_blocked"])


@case("both-ends-answers-dropped", Routed)
def answers_dropped(lab):
    """The server answers, and a router drops its answers: the client alone sees a host that is off."""
    xrdp(lab)
    lab.middle.nft("forward", "tcp sport 3389 drop")
    with lab.capture(), lab.capture(lab.server):
        try_to_connect(lab, "/sec:tls", "/timeout:9000", seconds=10)
    lab.shows(SYN, 3)
    lab.shows("tcp.flags.ack == 1 && tcp.flags.syn == 1", 0, 0)
    lab.expect(0, "only", family="host_asleep_or_unreachable", phase="tcp", severity="failure",
               ending=("timeout", "unknown"), proof=SYN, alternatives=["firewall_blocked"])
    lab.expect_at_server(family="firewall_blocked", cause="return_path_blocked", phase="tcp")


@case("both-ends-healthy-behind-nat", Routed)
def healthy(lab):
    """A session that works, through a router that translates addresses, captured at both ends."""
    desktop(lab)
    translate(lab)
    with lab.capture(), lab.capture(lab.server):
        session(lab)
    expect_healthy(lab)
    lab.expect_at_server(family="healthy", familyAlternatives=["clean_disconnect"],
                         phase="session", severity="none")


@case("both-ends-healthy-lossy", Wired)
def lossy(lab):
    """A session that works although three frames in a hundred are lost on the way."""
    desktop(lab)
    lab.network.wire.tell("loss 3")
    lab.note("the wire loses 3 % of the frames each way")
    with lab.capture(), lab.capture(lab.server):
        session(lab)
    expect_healthy(lab)
    lab.expect_at_server(family="healthy", familyAlternatives=["clean_disconnect"],
                         phase="session", severity="none")


@case("both-ends-host-firewall", Routed)
def host_firewall(lab):
    """The server's own firewall drops the requests: they arrive at it, which is alive and answers pings, and nothing leaves."""
    xrdp(lab)
    lab.server.nft("input", "tcp dport 3389 drop")
    with lab.capture(), lab.capture(lab.server):
        pings = lab.client.tool("icmp.py", lab.address, "9")
        try_to_connect(lab, "/sec:tls", "/timeout:8000", seconds=9)
        pings.wait(20)
    lab.shows(SYN, 3)
    lab.shows("icmp.type == 0", 2)
    lab.expect_each("failure", family="firewall_blocked", phase="tcp", severity="failure",
                    ending=("timeout", "unknown"), proof=SYN)
    lab.expect_at_server(family="firewall_blocked", phase="tcp")
