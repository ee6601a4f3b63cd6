"""Sessions that break, and captures that lack something."""

import signal
import time

from case import case
from network import Routed
from peers import close_window, desktop, emulate, probe, sesman, shadow, window, xfreerdp, xrdp


@case("capture-starts-in-session", Routed)
def starts_late(lab):
    """The capture begins in the middle of a session and ends before it does."""
    sesman(lab, idle_command="xterm -e 'while sleep 0.3; do date; done'")
    xrdp(lab)
    client = xfreerdp(lab, "/sec:tls")
    window(lab, "FreeRDP")
    time.sleep(2)
    recording = lab.capture(format="pcap")
    time.sleep(4)
    recording.stop()
    client.end()
    lab.shows("tcp.flags.syn == 1", 0, 0)
    lab.expect(0, family="capture_truncated", severity="warning")


@case("capture-one-direction", Routed)
def one_direction(lab):
    """Only the client's packets are in the capture."""
    desktop(lab)
    recording = lab.capture(filter="src host 192.0.2.10 and tcp")
    client = xfreerdp(lab, "/sec:tls")
    window(lab, "FreeRDP")
    time.sleep(1)
    close_window(lab, "FreeRDP")
    client.wait(10)
    recording.stop(1)
    lab.expect(0, family="capture_truncated", severity="warning")


@case("client-killed", Routed)
def killed(lab):
    """The client's program is killed in mid-session: its kernel closes for it."""
    desktop(lab)
    recording = lab.capture()
    client = xfreerdp(lab, "/sec:tls")
    window(lab, "FreeRDP")
    time.sleep(2)
    client.send(signal.SIGKILL)
    recording.stop(2)
    lab.expect(0, family="clean_disconnect", alternatives=["healthy"], phase="session", severity="none")


@case("login-refused-nla", Routed)
def refused(lab):
    """A wrong password with NLA: the shadow server closes after the client's credentials."""
    shadow(lab, "/sec:nla")
    recording = lab.capture()
    client = xfreerdp(lab, "/sec:nla", password="wrong")
    client.wait(15)
    client.end()
    recording.stop(1)
    lab.expect_each("failure", family="authentication_failed", phase="credssp")


@case("service-hung", Routed)
def hung(lab):
    """The kernel accepts the connection and the request; the service behind it never answers."""
    emulate(lab, "hung", "--seconds", "60")
    recording = lab.capture()
    probe(lab, "scan", "--timeout", "14", seconds=16)
    recording.stop()
    lab.expect_each("failure", family="service_crash", phase="x224", proof="tcp.len > 0")
