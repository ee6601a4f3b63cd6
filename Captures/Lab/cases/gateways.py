"""Connections through an RD Gateway, readable with the keys: through to a real xrdp, or refused on the way.

The gateway is emulated; the client is FreeRDP and what it reaches is xrdp.
"""

from case import case
from network import Routed
from peers import certificate, close_window, desktop, emulate
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


def refused(lab, cause, *arguments, status=101):
    with lab.capture():
        try_to_connect(lab, *(arguments or through(lab)), address="desktop.example.test", keys=True)
    lab.shows(f"http.response.code == {status}")
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


@case("gateway-full-keys", Routed)
def full(lab):
    """The gateway has as many connections as it may have, and opens no further tunnel."""
    gateway(lab, "--step", "tunnel", "--error", "0x800759E6")
    refused(lab, "gateway_full")


@case("gateway-internal-error-keys", Routed)
def internal_error(lab):
    """The gateway answers the tunnel request with an internal error."""
    gateway(lab, "--step", "tunnel", "--error", "0x800759D8")
    refused(lab, "gateway_refuses")


@case("gateway-without-certificate-keys", Routed)
def without_certificate(lab):
    """The gateway says that it has no certificate."""
    gateway(lab, "--step", "tunnel", "--error", "0x800759EE")
    refused(lab, "gateway_without_certificate")


def answering(lab, code, text):
    file, key = certificate(lab.server)
    emulate(lab, "gateway", "--port", "443", "--code", code, "--text", text, "--certificate", file, "--key", key)


@case("gateway-unavailable-keys", Routed)
def unavailable(lab):
    """The web server in front of the gateway's service answers 503: the service is stopped."""
    answering(lab, "503", "Service Unavailable")
    refused(lab, "gateway_unavailable", status=503)


@case("gateway-login-refused-keys", Routed)
def login_refused(lab):
    """The gateway answers the login with 401 and offers nothing to go on with."""
    answering(lab, "401", "Unauthorized")
    refused(lab, "gateway_login_refused", f"/g:{lab.address}", "/gu:lab", "/gp:wrong", status=401)
