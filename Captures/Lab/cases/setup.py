"""Connections that die, or are left, between the login and the session, or for what is below RDP."""

import signal
import time

from case import case
from network import Routed, Segment, Wired
from peers import certificate, clock_desktop, emulate, relay, sesman, xfreerdp, xrdp
from steps import CLOSE, FROM_SERVER, open_rdesktop, open_session, try_to_connect


def hung_setup(lab, seconds, *arguments):
    """A client whose settings nobody answers, ended after so many seconds."""
    file, key = certificate(lab.server)
    emulate(lab, "hang-setup", "--certificate", file, "--key", key, "--seconds", "60", *arguments)
    with lab.capture():
        client = xfreerdp(lab, "/sec:tls", "/timeout:60000")
        client.wait(seconds)
        client.end(signal.SIGKILL)
        time.sleep(2)
    lab.note(f"the client is ended after {seconds} s")


@case("service-hangs-before-session", Routed)
def hangs_before_session(lab):
    """TLS is up, and the service does not answer the client's settings; its kernel acknowledges them.

    The user gives up after fourteen seconds. The service is emulated.
    """
    hung_setup(lab, 15, "--tls12")
    lab.shows("tls.app_data && tcp.dstport == 3389")
    lab.expect(0, None, family="service_crash", cause="termservice_hung", phase="mcs", severity="failure",
               ending="first", proof="tls.app_data && tcp.dstport == 3389")


@case("closed-before-session", Segment)
def closed_before_session(lab):
    """A user who changes their mind: the client is closed three seconds after its settings went out.

    The server has not answered yet, which in three seconds says nothing of it. The service is emulated.
    """
    hung_setup(lab, 4, "--tls12")
    lab.shows("tls.app_data && tcp.dstport == 3389")
    lab.expect(0, None, family="clean_disconnect", cause="closed_before_session", alternatives=["unknown"],
               phase="mcs", severity="none", ending="first", proof=CLOSE)


@case("refused-by-x224", Routed)
def refused_by_x224(lab):
    """The server answers the request with an X.224 Disconnect Request. The server is emulated."""
    emulate(lab, "disconnect-request")
    with lab.capture(format="pcap"):
        try_to_connect(lab)
    lab.shows("tcp.payload[5] == 80")
    lab.expect_each("failure", family="protocol_error", cause="connection_sequence_refused", phase="x224",
                    severity="failure", proof="tcp.payload[5] == 80")


@case("channel-join-refused", Routed)
def join_refused(lab):
    """The server refuses to let the client join a channel of its own session (MCS: rt-user-rejected)."""
    clock_desktop(lab, security_layer="rdp", crypt_level="none", port="13389")
    relay(lab, "--refuse-join")
    lab.note("server: the relay answers the first Channel Join Request in the server's place")
    with lab.capture():
        try_to_connect(lab, "/sec:rdp")
    lab.shows("tcp.payload[7] == 3d")
    lab.expect_each("failure", family="protocol_error", cause="connection_sequence_refused", phase="mcs",
                    severity="failure", proof="tcp.payload[7] == 3d")


@case("server-ends-before-session", Segment)
def ends_before_session(lab):
    """The server closes in order, without a word, when it has the client's name and password."""
    clock_desktop(lab, port="13389", ssl_protocols="TLSv1.2")
    relay(lab, "--end-at-info")
    lab.note("server: the relay closes on the client's name and password (Client Info)")
    with lab.capture():
        try_to_connect(lab)
    lab.expect_each("failure", family="unknown", cause="session_not_started", severity="warning",
                    ending=("fin", "server"), proof=CLOSE)


@case("record-damaged-in-session-keys", Wired)
def record_damaged(lab):
    """One octet of what the server says is changed on the way, with a checksum that fits, as by a broken card.

    The client's TLS notices and breaks off with the alert bad_record_mac; with the keys it can be read.
    """
    clock_desktop(lab, ssl_protocols="TLSv1.2")
    with lab.capture(lab.server):
        client = open_session(lab, "/sec:tls", keys=True)
        lab.network.wire.tell("damage client")
        lab.note("the wire changes one octet of a segment towards the client")
        client.wait(10)
        client.end()
    lab.expect(0, None, family="protocol_error", cause="tls_failed_in_session", phase="session",
               severity="failure", proof="tls.alert_message || tls.record.content_type == 21")


@case("last-words-not-captured", Routed)
def last_words(lab):
    """A session is over, and the capture has lost the packet with what the server said last.

    Whether it ended in order cannot be told; the packet is taken out of the recording.
    """
    sesman(lab, idle_command="sleep 6")
    xrdp(lab, ssl_protocols="TLSv1.2")
    with lab.capture():
        open_rdesktop(lab).wait(30)
    lab.loses(f"{FROM_SERVER} && tcp.len > 0")
    lab.expect(0, None, family="capture_truncated", cause="last_words_missing",
               alternatives=["healthy", "clean_disconnect"], phase="session", severity="warning", proof=CLOSE)
