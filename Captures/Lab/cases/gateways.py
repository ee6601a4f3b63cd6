"""Connections through an RD Gateway, readable with the keys: through to a real xrdp, or refused on the way.

The gateway is emulated; the client is FreeRDP and what it reaches is xrdp.
"""

from case import case
from network import Routed
from peers import certificate, close_window, desktop
from steps import open_session, try_to_connect

TARGET = "127.0.0.1"


def gateway(lab, *arguments, target=TARGET):
    file, key = certificate(lab.server, "gateway", "/CN=gateway.example.test")
    process = lab.server.tool("gateway.py", "--certificate", file, "--key", key, "--target", target, *arguments)
    process.wait_for_output("listening")
    lab.note("the RD Gateway is emulated")


def through(lab):
    return [f"/g:{lab.address}", "/gat:token"]  # A cookie: the emulated gateway cannot do NTLM.


def session(lab):
    client = open_session(lab, "/sec:tls", *through(lab), address="desktop.example.test", keys=True, seconds=1)
    close_window(lab, "FreeRDP")
    client.wait(10)


def refused(lab, cause):
    with lab.capture():
        try_to_connect(lab, *through(lab), address="desktop.example.test", keys=True)
    lab.shows("http.response.code == 101")
    lab.expect(0, None, family="gateway_failed", cause=cause, phase="gateway", severity="failure")


@case("gateway-session-keys", Routed)
def works(lab):
    """A session through an RD Gateway, over WebSocket; the keys of both TLS connections are there: healthy."""
    desktop(lab)
    gateway(lab)
    with lab.capture():
        session(lab)
    lab.shows("http.response.code == 101")
    lab.expect(0, None, family="healthy", phase="gateway", severity="none")
    lab.attempt([0], "success")


@case("gateway-session-two-keys", Routed)
def works_over_two(lab):
    """The same without WebSocket: two HTTP connections, one each way, share one session."""
    desktop(lab)
    gateway(lab, "--two")
    with lab.capture():
        session(lab)
    lab.shows("http.response.code == 200")
    lab.shows("tcp.stream == 1 && tcp.flags.syn == 1", 2)
    for stream in (0, 1):
        lab.expect(stream, None, family="healthy", phase="gateway", severity="none")
    lab.attempt([0, 1], "success")


@case("gateway-user-denied-keys", Routed)
def user_denied(lab):
    """The gateway knows the user, and no connection authorization policy (CAP) lets them in."""
    gateway(lab, "--step", "authorization", "--error", "0x800759DB")
    refused(lab, "gateway_user_denied")


@case("gateway-target-denied-keys", Routed)
def target_denied(lab):
    """The user may use the gateway, and no resource authorization policy (RAP) allows the target."""
    gateway(lab, "--step", "channel", "--error", "0x800759DA")
    refused(lab, "gateway_target_denied")


@case("gateway-target-unreachable-keys", Routed)
def unreachable(lab):
    """Nothing listens at the target: the gateway cannot connect to it."""
    gateway(lab, target="127.0.0.1:3390")
    refused(lab, "gateway_target_unreachable")
