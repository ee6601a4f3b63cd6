"""Sessions that the server ends, and says why."""

from case import case
from network import Routed, Segment
from peers import clock_desktop, rdesktop, relay, use_session, window, xfreerdp
from steps import ULTIMATUM

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
