"""Sessions that the server ends, and says why."""

from case import case
from network import Routed, Segment
from peers import (CLOCK, certificate, clock_desktop, close_window, emulate, rdesktop, relay, sesman,
                   use_session, window, xfreerdp, xrdp)
from steps import SYN, ULTIMATUM, expect_healthy, open_session, session, try_to_connect

ERROR_INFO = "tcp.srcport == 3389 && tcp.payload contains 2f:00:00:00"


def ended_with(lab, code, format="pcapng"):
    """A session that a Set Error Info PDU with `code` ends, readable because nothing is encrypted."""
    clock_desktop(lab, security_layer="rdp", crypt_level="none", port="13389")
    front = relay(lab)
    with lab.capture(format=format):
        client = xfreerdp(lab, "/sec:rdp")
        window(lab, "FreeRDP")
        use_session()
        front.tell(f"error {code:#x}")
        lab.note(f"server: the relay puts Set Error Info {code:#x} and an ultimatum into the stream")
        client.wait(10)
        client.end()
    lab.shows(ERROR_INFO)
    lab.shows(ULTIMATUM)


def expect_ended(lab, family, cause, **more):
    lab.expect(0, None, family=family, cause=cause, phase="session", ending=("fin", "server"),
               proof=ERROR_INFO, **more)


@case("ended-by-administrator", Routed)
def administrator(lab):
    """The session is ended with Set Error Info 1: disconnected by an administrative tool."""
    ended_with(lab, 0x1)
    expect_ended(lab, "disconnected_by_server", "admin_disconnect_or_logoff", severity="warning")


@case("ended-by-idle-limit", Routed)
def idle_limit(lab):
    """The session is ended with Set Error Info 3: the idle limit of sessions was reached."""
    ended_with(lab, 0x3, format="pcap")
    expect_ended(lab, "disconnected_by_server", "idle_timeout", severity="warning")


@case("ended-by-another-connection", Segment)
def replaced(lab):
    """The session is ended with Set Error Info 5: another connection took it over."""
    ended_with(lab, 0x5)
    expect_ended(lab, "disconnected_by_server", "session_replaced", severity="warning")


@case("ended-for-fresh-credentials", Routed)
def fresh_credentials(lab):
    """The session is ended with Set Error Info 10: the server takes no saved credentials."""
    ended_with(lab, 0xA, format="pcap")
    expect_ended(lab, "authentication_failed", "fresh_credentials_required", severity="failure")


@case("ended-by-broker", Segment)
def broker(lab):
    """The session is ended with Set Error Info 0x400: the broker finds no target."""
    ended_with(lab, 0x400)
    expect_ended(lab, "redirection_failed", "broker_redirect_failure", severity="failure")


@case("ended-by-user-logoff", Segment)
def logoff(lab):
    """The session is ended with Set Error Info 12: the user logged off. Not a fault."""
    ended_with(lab, 0xC)
    expect_ended(lab, "clean_disconnect", "user_disconnect_or_logoff", severity="none")


@case("ended-by-licensing", Routed)
def licensing(lab):
    """The session is ended with Set Error Info 0x101: no licence server."""
    ended_with(lab, 0x101)
    expect_ended(lab, "licensing_failed", "licensing_failure", severity="failure")


@case("fallback-succeeds", Routed)
def fallback(lab):
    """The server refuses TLS with failure 2; rdesktop tries again without TLS, and that works."""
    clock_desktop(lab, security_layer="rdp", port="13389")
    relay(lab, "--refuse", "2")
    with lab.capture():
        client = rdesktop(lab)
        window(lab, "rdesktop")
        use_session()
        client.end()
    lab.shows("tcp.stream == 0 && tcp.srcport == 3389 && tcp.payload[11] == 03")
    lab.expect(0, "first", family="security_layer_mismatch", cause="server_forbids_tls",
               phase="x224", severity="warning", ending="first",
               proof="tcp.srcport == 3389 && tcp.payload[11] == 03")
    lab.expect(1, "fallback", family="healthy", alternatives=["clean_disconnect"], phase="session",
               severity="none", ending="first")
    lab.attempt([0, 1], "success", "healthy")


@case("ended-by-time-limit", Segment)
def time_limit(lab):
    """The session is ended with Set Error Info 4: the limit of active sessions, in spite of the code's name."""
    ended_with(lab, 0x4, format="pcap")
    expect_ended(lab, "disconnected_by_server", "session_time_limit", severity="warning")


@case("ended-by-shutdown", Routed)
def shutdown(lab):
    """The session is ended with Set Error Info 0x19: the server is shutting down."""
    ended_with(lab, 0x19)
    expect_ended(lab, "disconnected_by_server", "server_shutdown_reboot", severity="warning")


@case("ended-by-user-disconnect", Routed)
def user_disconnect(lab):
    """The session is ended with Set Error Info 11: the user chose Disconnect inside it. Not a fault."""
    ended_with(lab, 0xB, format="pcap")
    expect_ended(lab, "clean_disconnect", "user_disconnect_or_logoff", severity="none")


@case("ended-for-missing-right", Segment)
def missing_right(lab):
    """The session is ended with Set Error Info 9: the account may not log in by Remote Desktop."""
    ended_with(lab, 0x9)
    expect_ended(lab, "authorization_denied", "no_rdp_permission", severity="failure")


@case("ended-by-denial", Routed)
def denial(lab):
    """The session is ended with Set Error Info 7: the server denies the connection."""
    ended_with(lab, 0x7, format="pcap")
    expect_ended(lab, "authorization_denied", "server_denied_connection", severity="failure")


@case("ended-by-display-crash", Segment)
def display_crash(lab):
    """The session is ended with Set Error Info 16: its window manager crashed on the server."""
    ended_with(lab, 0x10)
    expect_ended(lab, "service_crash", "session_process_failed", severity="failure")


@case("ended-by-protocol-error", Routed)
def protocol_error(lab):
    """The session is ended with Set Error Info 0x10C9: the client sent a PDU of unknown type."""
    ended_with(lab, 0x10C9, format="pcap")
    expect_ended(lab, "protocol_error", "protocol_error", severity="failure")


@case("ended-by-unknown-code", Segment)
def unknown_code(lab):
    """The session is ended with a Set Error Info of which no list knows the code, 0x7777.

    The server ended it and said why; what it said cannot be told.
    """
    ended_with(lab, 0x7777)
    expect_ended(lab, "disconnected_by_server", None, alternatives=["unknown"], severity="warning")


@case("error-info-zero", Routed)
def zero(lab):
    """A Set Error Info with code 0 in mid-session says that nothing is wrong; the session goes on."""
    clock_desktop(lab, security_layer="rdp", crypt_level="none", port="13389")
    front = relay(lab)
    with lab.capture(format="pcap"):
        client = open_session(lab, "/sec:rdp")
        front.tell("error 0")
        lab.note("server: the relay puts Set Error Info 0 into the stream")
        use_session()
        close_window(lab, "FreeRDP")
        client.wait(10)
    lab.shows(ERROR_INFO)
    expect_healthy(lab)


# Redirection

TARGET = "198.51.100.21"


def redirecting(lab):
    """A broker on the server's address that sends every client to the target's."""
    lab.server.address("eth0", f"{TARGET}/24")
    lab.note(f"server: the relay on {lab.address} sends the client to {TARGET} in place of Demand Active")
    xrdp(lab, security_layer="rdp", crypt_level="none", port="tcp://127.0.0.1:13389")
    relay(lab, "--address", lab.address, "--redirect", TARGET)


@case("redirect-target-dead", Routed)
def target_dead(lab):
    """A broker sends the client to a host that does not answer."""
    redirecting(lab)
    lab.server.nft("input", f"ip daddr {TARGET} drop")
    with lab.capture():
        try_to_connect(lab, "/sec:rdp", "/timeout:8000", seconds=12)
    lab.shows(f"ip.dst == {TARGET} && {SYN}", 2)
    lab.expect(0, None, family="clean_disconnect", cause="session_redirected", severity="none")
    lab.expect(1, None, family="redirection_failed", cause="redirect_target_unreachable", phase="tcp",
               alternatives=["host_asleep_or_unreachable"],
               severity="failure", ending=("timeout", "unknown"), proof=SYN)


@case("redirect-succeeds", Routed)
def redirected(lab):
    """A broker sends the client to another host, where it gets its session: all is well."""
    redirecting(lab)
    sesman(lab, idle_command=CLOCK)
    xrdp(lab, security_layer="rdp", crypt_level="none", port=f"tcp://{TARGET}:3389")
    with lab.capture(format="pcap"):
        session(lab, "/sec:rdp")
    lab.shows(f"ip.dst == {TARGET} && {SYN}")
    lab.expect(0, None, family="clean_disconnect", alternatives=["healthy"], severity="none")
    expect_healthy(lab, 1, None)


@case("gateway-forbidden-keys", Routed)
def gateway_forbidden(lab):
    """A Remote Desktop Gateway answers with 403: the user may not use it. Readable with the keys only."""
    file, key = certificate(lab.server)
    emulate(lab, "gateway", "--port", "443", "--code", "403", "--text", "Forbidden",
            "--certificate", file, "--key", key)
    with lab.capture():
        try_to_connect(lab, f"/g:{lab.address}", "/gu:lab", "/gp:lab", address="10.11.12.13", keys=True)
    lab.shows("http.response.code == 403")
    lab.expect(0, None, family="gateway_failed")
