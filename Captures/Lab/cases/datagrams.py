"""RDP-UDP beside a session: it works, is not let through, is refused, dies; and what is none of it.

The session is xrdp's and FreeRDP's, the UDP side path is emulated: no free peer speaks it. The session therefore
does not depend on it, as one of Windows' own peers would.
"""

import time

from case import case
from network import Routed, Segment
from peers import certificate, close_window, desktop
from steps import CLOSE, expect_healthy, open_session, press_key

EMULATED = "the UDP side path is emulated; it carries filler"


def side_path(lab, *arguments):
    """The emulated server of the path."""
    file, key = certificate(lab.server, "udp")
    server = lab.server.tool("rdpudp.py", "serve", "--certificate", file, "--key", key, *arguments)
    server.wait_for_output("listening")
    lab.note(EMULATED)
    return server


def dial(lab, *arguments):
    return lab.client.tool("rdpudp.py", "connect", lab.address, *arguments)


def type_for(lab, seconds):
    """A user who types: both ends of the TCP connection are heard."""
    for _ in range(seconds // 2):
        press_key(lab)
        time.sleep(2)


def end_session(lab, client):
    close_window(lab, "FreeRDP")
    client.wait(10)


@case("udp-beside-session", Routed)
def beside(lab):
    """A session with a UDP path of version 3 beside it, as Windows' own client opens one: healthy."""
    desktop(lab)
    side_path(lab)
    with lab.capture():
        client = open_session(lab)
        dial(lab, "--seconds", "3").wait(10)
        end_session(lab, client)
    lab.shows("rdpudp.flags.syn == 1", 2)
    lab.shows("rdpudp2.flags.data == 1", 4)
    expect_healthy(lab, proof="udp.port == 3389 || " + CLOSE)


@case("udp-version-2", Segment)
def version2(lab):
    """The server knows version 2 of RDP-UDP only, and both go on with it: healthy."""
    desktop(lab)
    side_path(lab, "--version", "2")
    with lab.capture():
        client = open_session(lab)
        dial(lab, "--seconds", "2").wait(10)
        end_session(lab, client)
    lab.shows("rdpudp.flags.syn == 1", 2)
    lab.shows("rdpudp.flags.data == 1", 4)
    expect_healthy(lab)


@case("udp-lossy", Routed)
def lossy(lab):
    """A lossy path, which carries DTLS instead of TLS, beside a session: healthy."""
    desktop(lab)
    side_path(lab, "--version", "2")
    with lab.capture():
        client = open_session(lab)
        dial(lab, "--version", "2", "--lossy", "--seconds", "4").wait(12)
        end_session(lab, client)
    lab.shows("rdpudp.flags.synlossy == 1", 1)
    expect_healthy(lab)


@case("udp-unanswered", Routed)
def unanswered(lab):
    """A firewall drops UDP: the client's SYNs get no answer, and the session goes on over TCP. Healthy."""
    desktop(lab)
    lab.middle.nft("forward", "udp dport 3389 drop")
    with lab.capture():
        client = open_session(lab)
        dial(lab).wait(10)
        end_session(lab, client)
    lab.note(EMULATED)
    lab.shows("rdpudp.flags.syn == 1", 4, 4)
    lab.shows("udp.srcport == 3389", 0, 0)
    expect_healthy(lab)


@case("udp-refused", Segment)
def refused(lab):
    """Nothing listens on the server's UDP port: its system says so (ICMP), the session goes on. Healthy."""
    desktop(lab)
    with lab.capture():
        client = open_session(lab)
        dial(lab).wait(10)
        end_session(lab, client)
    lab.note(EMULATED)
    lab.shows("icmp.type == 3 && icmp.code == 3", 1)
    expect_healthy(lab)


@case("udp-dies-with-session", Routed)
def dies(lab):
    """The UDP path stands and then one end of it is not heard any more, while TCP still works; the
    client's program ends after eleven seconds of it.

    With Windows' own peers the picture freezes, and one of them gives up. Here the client is killed.
    """
    desktop(lab)
    side_path(lab, "--die", "2")
    with lab.capture():
        client = open_session(lab)
        path = dial(lab, "--seconds", "13")
        type_for(lab, 13)
        client.kill_all()
        lab.note("client: the session's client is killed (SIGKILL)")
        path.wait(10)
    lab.shows("rdpudp.flags.syn == 1", 2)
    lab.expect(family="udp_transport_failed", cause="udp_path_died", phase="session", severity="failure",
               ending="first", proof=CLOSE)
    lab.attempt([0], "failure", "udp_transport_failed")


@case("udp-dies-session-goes-on", Routed)
def survives(lab):
    """The same, but the client gives the path up, and the session goes on over TCP to its orderly end."""
    desktop(lab)
    side_path(lab, "--die", "1")
    with lab.capture():
        client = open_session(lab, seconds=1)
        dial(lab, "--seconds", "8").wait(15)
        type_for(lab, 17)
        end_session(lab, client)
    lab.shows("rdpudp.flags.syn == 1", 2)
    expect_healthy(lab)


@case("udp-of-others", Routed)
def others(lab):
    """Names, games, QUIC and random octets go to UDP 3389 beside a session: none of it is RDP-UDP."""
    desktop(lab)
    lab.server.tool("rdpudp.py", "serve", "--deaf").wait_for_output("listening")
    with lab.capture():
        client = open_session(lab)
        lab.client.tool("rdpudp.py", "noise", lab.address).wait(20)
        end_session(lab, client)
    lab.note("what goes to UDP 3389 is made up")
    lab.shows("udp.dstport == 3389", 32, 32)
    expect_healthy(lab)
