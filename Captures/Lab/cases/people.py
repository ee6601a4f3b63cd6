"""What people do: they say no, they take their time, they try again; and several of them at once."""

import signal
import time

from case import case
from network import Routed, Segment
from peers import (CLOCK, clock_desktop, close_window, desktop, probe, rdesktop, sesman, shadow, use_session,
                   window, xfreerdp, xrdp)
from steps import (ALERT, CLOSE, CONFIRM, HELLO, RESET, expect_healthy, expect_open, open_session, session,
                   try_to_connect)


def asked(lab, answer, seconds, *arguments):
    """A FreeRDP that asks its user about the certificate, and its user's answer after some seconds."""
    client = xfreerdp(lab, "/sec:tls", *arguments, certificate=None)
    client.wait_for_output("(Y/T/N)")
    time.sleep(seconds)
    client.tell(answer)
    lab.note(f"client: the question about the certificate is answered `{answer}` after {seconds} s")
    return client


@case("certificate-declined-by-person", Routed)
def declined(lab):
    """FreeRDP asks about the certificate and its user says no after six seconds. TLS 1.2."""
    xrdp(lab, ssl_protocols="TLSv1.2")
    with lab.capture():
        client = asked(lab, "N", 6)
        client.wait(10)
        client.end()
    lab.shows("tls.handshake.type == 11")
    lab.expect(0, None, family="certificate_untrusted", cause="cert_untrusted_by_client", phase="tls",
               severity="failure", ending="first", proof=f"tls.handshake.type == 11 || {CLOSE} || tls.alert_message")


@case("certificate-declined-by-person-tls13", Segment)
def declined_tls13(lab):
    """FreeRDP asks about the certificate and its user says no after four seconds. TLS 1.3."""
    xrdp(lab)
    with lab.capture(format="pcap"):
        client = asked(lab, "N", 4)
        client.wait(10)
        client.end()
    lab.shows("tls.handshake.type == 11", 0, 0)
    lab.expect(0, None, family="certificate_untrusted", cause="cert_untrusted_by_client", phase="tls",
               severity="failure", ending="first", proof=f"tls.handshake.type == 2 || {CLOSE} || tls.app_data")


@case("certificate-accepted-after-10-s", Routed)
def accepted(lab):
    """FreeRDP asks about the certificate, and its user says yes after ten seconds. TLS 1.3."""
    desktop(lab)
    with lab.capture():
        client = asked(lab, "Y", 10)
        window(lab, "FreeRDP")
        use_session()
        close_window(lab, "FreeRDP")
        client.wait(10)
    expect_healthy(lab)


@case("credential-prompt-cancelled", Routed)
def cancelled(lab):
    """The client asks for the password between the server's answer and TLS; its user cancels after eight seconds.

    mstsc asks at this point and leaves with RST. The client is emulated, the server real.
    """
    shadow(lab, "/sec:nla")
    with lab.capture(format="pcap"):
        probe(lab, "cancel", "--seconds", "8")
    lab.shows(HELLO, 0, 0)
    lab.expect(family="clean_disconnect", cause="user_cancelled_or_prompt", phase="x224", severity="none",
               ending=("reset", "client"), proof=f"{CONFIRM} || {RESET}")


@case("nla-wrong-then-right-password", Routed)
def second_try(lab):
    """A user mistypes the password and gets it right five seconds later."""
    shadow(lab, "/sec:nla")
    with lab.capture():
        try_to_connect(lab, "/sec:nla", password="wrong")
        time.sleep(5)
        session(lab, "/sec:nla")
    last = lab.streams()[-1]
    for stream in range(last):
        lab.expect(stream, None, family="authentication_failed", phase="credssp", ending="first")
    expect_healthy(lab, last, None)


@case("two-clients-one-refuses-certificate", Segment)
def one_refuses(lab):
    """Two clients of one server: one refuses its certificate, the other works; seen from the server."""
    other = lab.network.add_host("other", "192.0.2.11/24")
    clock_desktop(lab, ssl_protocols="TLSv1.2")
    with lab.capture(lab.server):
        open_session(lab, host=other)
        try_to_connect(lab, certificate="deny")
        close_window(lab, "FreeRDP", other)
    expect_healthy(lab, 0, None)
    lab.attempt([0], "success")
    lab.expect(1, None, family="certificate_untrusted", cause="cert_untrusted_by_client", phase="tls",
               severity="failure", ending=("fin", "client"), proof=f"tls.handshake.type == 11 || {CLOSE}")


@case("two-clients-one-old", Segment)
def one_old(lab):
    """Two clients of one server: one offers TLS 1.0 only and is refused, the other works."""
    other = lab.network.add_host("other", "192.0.2.11/24")
    clock_desktop(lab)
    with lab.capture(lab.server, format="pcap"):
        open_session(lab, host=other)
        probe(lab, "hello-only", "--tls10")
        close_window(lab, "FreeRDP", other)
    expect_healthy(lab, 0, None)
    lab.expect(1, None, family="tls_version_or_cipher_mismatch", cause="tls_version_mismatch", phase="tls",
               severity="failure", ending="first", proof=ALERT)


@case("two-clients-one-wrong-password", Segment)
def one_wrong_password(lab):
    """Two users of one server with NLA: one has a wrong password, the other a session."""
    other = lab.network.add_host("other", "192.0.2.11/24")
    shadow(lab, "/sec:nla")
    with lab.capture(lab.server):
        open_session(lab, "/sec:nla", host=other, seconds=1)
        try_to_connect(lab, "/sec:nla", password="wrong")
        close_window(lab, "FreeRDP", other)
    expect_healthy(lab, 0, None)
    lab.expect(1, "first", family="authentication_failed", cause="login_refused", phase="credssp",
               severity="failure", ending="first")


@case("two-clients-leave-together", Segment)
def leave_together(lab):
    """Two users close their windows within the same second: no fault, and no service that died."""
    other = lab.network.add_host("other", "192.0.2.11/24")
    sesman(lab, idle_command=CLOCK, users=("lab", "other"))
    xrdp(lab)
    with lab.capture(lab.server):
        open_session(lab, "/sec:tls", host=other, user="other")
        open_session(lab, seconds=1)
        close_window(lab, "FreeRDP")
        close_window(lab, "FreeRDP", other)
    for stream in (0, 1):
        expect_healthy(lab, stream, None)
        lab.attempt([stream], "success")


@case("two-clients-one-killed", Segment)
def one_killed(lab):
    """One of two clients is killed in mid-session and the other goes on: the service is well."""
    other = lab.network.add_host("other", "192.0.2.11/24")
    sesman(lab, idle_command=CLOCK, users=("lab", "other"))
    xrdp(lab)
    with lab.capture(lab.server, format="pcap"):
        open_session(lab, "/sec:tls", host=other, user="other")
        client = open_session(lab, seconds=1)
        client.end(signal.SIGKILL)
        lab.note("client: xfreerdp is killed (SIGKILL)")
        time.sleep(3)
    expect_open(lab, 0, None)
    lab.expect(1, None, family="clean_disconnect", alternatives=["healthy", "unknown"], phase="session",
               ending="first", proof=CLOSE)


@case("certificate-declined-rdesktop-tls13", Segment)
def declined_rdesktop_tls13(lab):
    """rdesktop asks about the certificate and its user says no after five seconds. TLS 1.3 by GnuTLS."""
    xrdp(lab)
    with lab.capture(format="pcap"):
        client = rdesktop(lab)
        client.wait_for_output("(yes/no)")
        time.sleep(5)
        client.tell("no")
        lab.note("client: the question about the certificate is answered `no` after 5 s")
        client.wait(10)
        client.end()
    lab.shows("tls.handshake.type == 11", 0, 0)
    lab.expect(0, None, family="certificate_untrusted", cause="cert_untrusted_by_client", phase="tls",
               severity="failure", ending="first", proof=f"tls.handshake.type == 2 || {CLOSE} || tls.app_data")


@case("certificate-declined-nla", Routed)
def declined_nla(lab):
    """The server has NLA; FreeRDP asks about its certificate and its user says no: no login was begun."""
    shadow(lab, "/sec:nla")
    with lab.capture():
        client = xfreerdp(lab, "/sec:nla", certificate=None)
        client.wait_for_output("(Y/T/N)")
        time.sleep(5)
        client.tell("N")
        lab.note("client: the question about the certificate is answered `N` after 5 s")
        client.wait(10)
        client.end()
    lab.expect(0, None, family="certificate_untrusted", cause="cert_untrusted_by_client", phase="tls",
               severity="failure", ending="first", proof=f"tls.handshake.type == 2 || {CLOSE} || tls.app_data")


@case("certificate-denied-nla", Routed)
def denied_nla(lab):
    """FreeRDP with /cert:deny meets a server with NLA: it closes TLS, and the server's FIN is the first."""
    shadow(lab, "/sec:nla")
    with lab.capture():
        try_to_connect(lab, "/sec:nla", certificate="deny")
    lab.expect(0, None, family="certificate_untrusted", cause="cert_untrusted_by_client", phase="tls",
               severity="failure", ending="first", proof=f"tls.handshake.type == 2 || {CLOSE} || tls.app_data")


@case("nla-auth-only", Routed)
def auth_only(lab):
    """A tool logs in with NLA only to see whether the password is right, which it is, and leaves."""
    shadow(lab, "/sec:nla")
    with lab.capture(format="pcap"):
        try_to_connect(lab, "/sec:nla", "+auth-only")
    lab.expect(0, None, family="clean_disconnect", alternatives=["healthy", "probe"], severity="none",
               ending="first")
