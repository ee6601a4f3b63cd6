"""What happens in more than one case: sessions, failed tries, sleep; and the filters that find it again."""

import signal
import time

from peers import close_window, rdesktop, use_session, window, xfreerdp

FROM_CLIENT, FROM_SERVER = "tcp.dstport == 3389", "tcp.srcport == 3389"
SYN = "tcp.flags.syn == 1 && tcp.flags.ack == 0"
RESET = "tcp.flags.reset == 1"
CLOSE = "(tcp.flags.reset == 1 || tcp.flags.fin == 1)"
RETRANSMISSION = "tcp.analysis.retransmission"
CONFIRM = "tcp.srcport == 3389 && tcp.payload[0:2] == 03:00 && tcp.payload[5] == d0"
FAILURE = CONFIRM + " && tcp.payload[11] == 03"  # An RDP Negotiation Failure.
HELLO = "tls.handshake.type == 1"
ALERT = "tls.alert_message"
ULTIMATUM = "tcp.payload contains 03:00:00:09:02:f0:80:21"  # Disconnect Provider Ultimatum.


# Sessions

def open_session(lab, *arguments, seconds=2, **options):
    """A FreeRDP whose user sees the desktop."""
    client = xfreerdp(lab, *(arguments or ["/sec:tls"]), **options)
    window(lab, "FreeRDP", options.get("host"))
    use_session(seconds)
    return client


def open_rdesktop(lab, seconds=2):
    """A session of rdesktop, which sends no keep-alives and never gives up by itself."""
    client = rdesktop(lab)
    client.tell("yes")
    window(lab, "rdesktop")
    use_session(seconds)
    return client


def session(lab, *arguments, seconds=2, **options):
    """A user who connects, looks at the desktop and closes the window."""
    client = open_session(lab, *arguments, seconds=seconds, **options)
    close_window(lab, "FreeRDP", options.get("host"))
    client.wait(10)


def press_key(lab):
    lab.client.run("xdotool", "key", "a")


# Tries that fail

def try_to_connect(lab, *arguments, seconds=20, **options):
    """A FreeRDP that is expected to fail, and to say so by itself."""
    client = xfreerdp(lab, *(arguments or ["/sec:tls"]), **options)
    client.wait(seconds)
    client.end()


# Sleep

def fall_asleep(lab, client):
    """The client's machine sleeps: its program stands still and nothing passes its cable."""
    client.send(signal.SIGSTOP)
    lab.network.wire.tell("dark")


def wake_up(lab, client):
    lab.network.wire.tell("light")
    client.send(signal.SIGCONT)


def sleep_and_type(lab, client, seconds=16):
    """The client sleeps until the server has given up on it; then its user wakes it and types."""
    fall_asleep(lab, client)
    time.sleep(seconds)
    wake_up(lab, client)
    lab.note(f"the client is stopped and the wire dark for {seconds} s; then a key is pressed")
    time.sleep(0.5)
    press_key(lab)
    client.wait(5)
    client.end()


# What is right about them

def expect_healthy(lab, stream=0, role="only", proof=CLOSE):
    """A session that worked and ended in order."""
    lab.expect(stream, role, family="healthy", alternatives=["clean_disconnect"], phase="session",
               severity="none", ending="first", proof=proof)
    if role == "only":
        lab.attempt([stream], "success")


def expect_open(lab, stream=0, role="only"):
    """A session that works when the capture ends."""
    lab.expect(stream, role, family="healthy", phase="session", severity="none", ending=("open", "unknown"))
    if role == "only":
        lab.attempt([stream], "success", "healthy")
