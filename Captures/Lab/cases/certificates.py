"""Certificates that clients refuse, and keys that servers cannot use."""

from case import case
from network import Routed, Segment
from peers import certificate, emulate, probe, xrdp
from steps import ALERT, CONFIRM, FAILURE, HELLO, try_to_connect

PRIVATE_KEY = "private_key_unreadable"


# The client refuses the server's certificate

@case("certificate-denied-tls12", Routed)
def denied_tls12(lab):
    """FreeRDP with /cert:deny meets a self-signed certificate: full handshake, then it leaves.

    No alert: close_notify, FIN, and RST to what still arrives. The certificate is readable.
    """
    xrdp(lab, ssl_protocols="TLSv1.2")
    with lab.capture():
        try_to_connect(lab, "/sec:tls", certificate="deny")
    lab.shows("tls.handshake.type == 11")
    lab.expect_each("failure", family="certificate_untrusted", cause="cert_untrusted_by_client",
                    phase="tls", severity="failure", ending=("fin", "client"),
                    proof="tls.handshake.type == 11 || tcp.flags.fin == 1 || tls.record.content_type == 21")


@case("certificate-denied-tls13", Routed)
def denied_tls13(lab):
    """FreeRDP with /cert:deny over TLS 1.3: the same end, and the certificate cannot be seen."""
    xrdp(lab)
    with lab.capture(format="pcap"):
        try_to_connect(lab, "/sec:tls", certificate="deny")
    lab.shows("tls.handshake.type == 11", 0, 0)
    lab.expect_each("failure", family="certificate_untrusted", cause="cert_untrusted_by_client",
                    phase="tls", severity="failure", ending=("fin", "client"),
                    proof="tls.handshake.type == 2 || tcp.flags.fin == 1 || tls.record.content_type == 23")


@case("certificate-unknown-ca-tls12", Routed)
def unknown_ca_tls12(lab):
    """A client that verifies as OpenSSL does refuses with alert 48, unknown_ca."""
    xrdp(lab, ssl_protocols="TLSv1.2")
    with lab.capture():
        probe(lab, "verify")
    lab.shows("tls.alert_message.desc == 48 && ip.src == 192.0.2.10")
    lab.expect(family="certificate_untrusted", cause="cert_untrusted_by_client", phase="tls",
               severity="failure", ending="first", proof=ALERT)
    lab.attempt([0], "failure", "certificate_untrusted")


@case("certificate-unknown-ca-tls13", Segment)
def unknown_ca_tls13(lab):
    """The same refusal over TLS 1.3: OpenSSL 3.0 sends the alert before it encrypts."""
    xrdp(lab)
    with lab.capture(format="pcap"):
        probe(lab, "verify")
    lab.shows("tls.alert_message.desc == 48 && ip.src == 192.0.2.10")
    lab.expect(family="certificate_untrusted", cause="cert_untrusted_by_client", phase="tls",
               severity="failure", ending="first", proof=ALERT)
    lab.attempt([0], "failure", "certificate_untrusted")


@case("certificate-expired", Routed)
def expired(lab):
    """The certificate ended in 2021; the client knows its issuer and refuses with alert 45."""
    file, key = certificate(lab.server, dates=("20200101000000Z", "20210101000000Z"))
    lab.note("the certificate is valid from 2020-01-01 to 2021-01-01; the client trusts its issuer")
    xrdp(lab, ssl_protocols="TLSv1.2", certificate=str(file), key_file=str(key))
    with lab.capture():
        probe(lab, "verify", "--ca", file)
    lab.shows("tls.alert_message.desc == 45")
    lab.expect(family="certificate_untrusted", cause="cert_expired", phase="tls",
               severity="failure", ending="first", proof=f"{ALERT} || tls.handshake.type == 11")
    lab.attempt([0], "failure", "certificate_untrusted")


@case("certificate-wrong-name", Routed)
def wrong_name(lab):
    """The client trusts the issuer, but the certificate is for another name."""
    file, key = certificate(lab.server, subject="/CN=other.example.test")
    xrdp(lab, ssl_protocols="TLSv1.2", certificate=str(file), key_file=str(key))
    with lab.capture():
        probe(lab, "verify", "--ca", file)
    lab.shows(ALERT)
    lab.expect(family="certificate_untrusted", phase="tls", severity="failure", ending="first",
               proof=f"{ALERT} || tls.handshake.type == 11")
    lab.attempt([0], "failure", "certificate_untrusted")


@case("scanner-certificate", Routed)
def certificate_scanner(lab):
    """A scanner completes the handshake to read the certificate and leaves within milliseconds.

    Much like a refused certificate; it is told by its cookie, its speed, and no retry.
    """
    xrdp(lab, ssl_protocols="TLSv1.2")
    with lab.capture():
        probe(lab, "scan-certificate", "--text", "nmap", "--count", "3", "--every", "1")
    for stream in range(3):
        lab.expect(stream, None, family="probe", alternatives=["certificate_untrusted"], phase="tls",
                   ending="first")


# The server cannot use its certificate or key

@case("key-missing-refused", Routed)
def key_missing(lab):
    """xrdp cannot read its private key and says so: failure 3, SSL_CERT_NOT_ON_SERVER."""
    file, key = certificate(lab.server)
    key.unlink()
    lab.note("the file of the private key does not exist")
    xrdp(lab, certificate=str(file), key_file=str(key))
    with lab.capture():
        try_to_connect(lab)
    lab.shows(f"{FAILURE} && tcp.payload[15] == 03")
    lab.expect_each("failure", family="certificate_server_key_unusable",
                    cause="certificate_missing", phase="x224", severity="failure",
                    ending="first", proof=FAILURE)


@case("key-missing-negotiate", Routed)
def key_missing_negotiate(lab):
    """xrdp cannot read its key but may negotiate: it silently chooses standard RDP security.

    The client asked for TLS only and leaves. The capture cannot show why TLS was not chosen.
    """
    file, key = certificate(lab.server)
    key.unlink()
    lab.note("the file of the private key does not exist")
    xrdp(lab, security_layer="negotiate", certificate=str(file), key_file=str(key))
    with lab.capture():
        try_to_connect(lab)
    lab.expect_each("failure", family="security_layer_mismatch", phase="x224", severity="failure",
                    alternatives=["certificate_server_key_unusable"], ending="first", proof=CONFIRM)


@case("key-of-another-certificate", Routed)
def key_mismatch(lab):
    """The server's key does not belong to its certificate: the file is readable, the pair is not usable."""
    file, _ = certificate(lab.server)
    _, key = certificate(lab.server, name="other")
    lab.note("the private key belongs to another certificate")
    xrdp(lab, certificate=str(file), key_file=str(key))
    with lab.capture():
        try_to_connect(lab)
    lab.expect_each("failure", family="certificate_server_key_unusable", alternatives=["unknown"],
                    ending="first", proof="tcp.srcport == 3389 && tcp.len > 0")


@case("key-unreadable-fin", Routed)
def key_unreadable_fin(lab):
    """The server reads the ClientHello and closes with FIN and no TLS record, each time.

    That is what Windows does when Schannel cannot reach its private key (event 36870).
    The server is emulated.
    """
    emulate(lab, "close-after-hello")
    with lab.capture():
        try_to_connect(lab)
    lab.shows(HELLO)
    lab.expect_each("failure", family="certificate_server_key_unusable", cause=PRIVATE_KEY, phase="tls",
                    severity="failure", ending=("fin", "server"), proof=f"{HELLO} || tcp.flags.fin == 1")


@case("key-unreadable-reset", Segment)
def key_unreadable_reset(lab):
    """The server reads the ClientHello and resets, each time. The server is emulated."""
    emulate(lab, "reset-after-hello")
    with lab.capture(format="pcap"):
        try_to_connect(lab)
    lab.shows(HELLO)
    lab.expect_each("failure", family="certificate_server_key_unusable", cause=PRIVATE_KEY, phase="tls",
                    severity="failure", ending=("reset", "server"),
                    proof=f"{HELLO} || tcp.flags.reset == 1")
