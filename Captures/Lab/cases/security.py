"""Connections that die in the negotiation of security and in the TLS handshake."""

import time

from case import case
from network import Routed, Segment
from peers import certificate, emulate, probe, rdesktop, shadow, xrdp
from steps import ALERT, CONFIRM, FAILURE, HELLO, ULTIMATUM, try_to_connect


# No common security protocol

@case("layer-tls-server-plain-client", Routed)
def tls_server_plain_client(lab):
    """The server wants TLS, the client knows only standard RDP security.

    FreeRDP with /sec:rdp sends no negotiation request; xrdp then has no structure to refuse
    with. It confirms in 11 octets, then says goodbye with a plain ultimatum.
    """
    xrdp(lab)
    with lab.capture():
        try_to_connect(lab, "/sec:rdp")
    lab.shows(f"{CONFIRM} && tcp.len == 11")
    lab.shows(ULTIMATUM)
    lab.expect_each("failure", family="security_layer_mismatch", cause="server_requires_tls",
                    severity="failure", ending="first",
                    proof="tcp.len > 0 && tcp.srcport == 3389 || tcp.payload[5] == e0")


@case("layer-nla-client-tls-server", Routed)
def nla_client(lab):
    """A client that insists on NLA meets a server without it.

    The client asks for TLS or NLA, the server chooses TLS, and the client leaves without a
    word: what was asked, what was chosen and who left is all there is to see.
    """
    xrdp(lab)
    with lab.capture(format="pcap"):
        try_to_connect(lab, "/sec:nla")
    lab.shows(f"{CONFIRM} && tcp.payload[15] == 01")
    lab.shows(HELLO, 0, 0)
    lab.expect_each("failure", family="nla_required", alternatives=["security_layer_mismatch"],
                    phase="x224", severity="failure", ending=("fin", "client"), proof=CONFIRM)


@case("layer-not-offered", Routed)
def not_offered(lab):
    """The server chooses NLA, which the client did not offer. The server is emulated."""
    emulate(lab, "select", "--code", "2", "--seconds", "5")
    with lab.capture():
        try_to_connect(lab, "/sec:tls")
    lab.shows(f"{CONFIRM} && tcp.payload[15] == 02")
    lab.expect_each("failure", family="security_layer_mismatch", cause="selected_not_offered", phase="x224",
                    severity="failure", ending="first", proof=CONFIRM)


@case("refused-unknown-code", Segment)
def unknown_code(lab):
    """The server refuses the negotiation with a code that no specification names. The server is emulated."""
    emulate(lab, "refuse", "--code", "9")
    with lab.capture(format="pcap"):
        try_to_connect(lab)
    lab.shows(FAILURE)
    lab.expect_each("failure", family="protocol_error", cause="unknown_negotiation_failure", phase="x224",
                    severity="failure", alternatives=["unknown", "security_layer_mismatch"], ending="first",
                    proof=FAILURE)


@case("layer-plain-server-tls-client", Segment)
def plain_server(lab):
    """The server knows only standard RDP security, the client insists on TLS."""
    xrdp(lab, security_layer="rdp")
    with lab.capture():
        try_to_connect(lab)
    lab.shows(CONFIRM)
    lab.shows(HELLO, 0, 0)
    lab.expect_each("failure", family="security_layer_mismatch", cause="server_forbids_tls",
                    phase="x224", severity="failure", ending="first", proof=CONFIRM)


@case("rc4-checksum-error", Segment)
def rc4(lab):
    """FreeRDP and xrdp agree on standard RDP security with RC4 and then cannot read each other.

    xrdp finds a wrong checksum in the first encrypted PDU and ends the connection with an
    ultimatum, long before there is a session.
    """
    xrdp(lab, security_layer="rdp")
    with lab.capture():
        try_to_connect(lab, "/sec:rdp")
    lab.shows(ULTIMATUM)
    lab.expect_each("failure", family="protocol_error", alternatives=["unknown"],
                    cause="legacy_encryption_failure", ending="first", proof="tcp.flags.fin == 1 || tcp.payload contains 03:00:00:09:02:f0:80:21")


@case("refused-tls-required", Routed)
def tls_required(lab):
    """Negotiation failure 1, SSL_REQUIRED_BY_SERVER, from an emulated server."""
    emulate(lab, "refuse", "--code", "1")
    with lab.capture():
        try_to_connect(lab, "/sec:rdp")
    lab.expect_each("failure", family="security_layer_mismatch", cause="server_requires_tls",
                    phase="x224", severity="failure", ending="first", proof=FAILURE)


@case("refused-tls-not-allowed", Routed)
def tls_not_allowed(lab):
    """Negotiation failure 2, SSL_NOT_ALLOWED_BY_SERVER, from an emulated server."""
    emulate(lab, "refuse", "--code", "2")
    with lab.capture(format="pcap"):
        try_to_connect(lab)
    lab.expect_each("failure", family="security_layer_mismatch", cause="server_forbids_tls",
                    phase="x224", severity="failure", ending="first", proof=FAILURE)


@case("refused-inconsistent-flags", Routed)
def inconsistent(lab):
    """Negotiation failure 4, INCONSISTENT_FLAGS, from an emulated server."""
    emulate(lab, "refuse", "--code", "4")
    with lab.capture():
        try_to_connect(lab)
    lab.expect_each("failure", family="security_layer_mismatch", cause="inconsistent_flags",
                    phase="x224", severity="failure", ending="first", proof=FAILURE)


@case("nla-required", Routed)
def nla_required(lab):
    """The server insists on NLA; the client offers TLS only and is refused with failure 5."""
    shadow(lab, "/sec:nla")
    with lab.capture():
        try_to_connect(lab)
    lab.shows(f"{FAILURE} && tcp.payload[15] == 05")
    lab.expect_each("failure", family="nla_required", cause="nla_required", phase="x224",
                    severity="failure", ending="first", proof=FAILURE)


# No common TLS version or cipher

@case("tls-version-alert", Routed)
def version_alert(lab):
    """The server accepts TLS 1.3 only; an older client is told so by alert 70, protocol_version."""
    xrdp(lab, ssl_protocols="TLSv1.3")
    with lab.capture():
        probe(lab, "hello-only", "--tls12")
    lab.shows("tls.alert_message.desc == 70")
    lab.expect(family="tls_version_or_cipher_mismatch", cause="tls_version_mismatch", phase="tls",
               severity="failure", ending="first", proof=ALERT)
    lab.attempt([0], "failure", "tls_version_or_cipher_mismatch")


@case("tls-version-old-client", Routed)
def version_old_client(lab):
    """A client from another time offers TLS 1.0 only; xrdp refuses it with alert 70."""
    xrdp(lab, ssl_protocols="TLSv1.2, TLSv1.3")
    with lab.capture(format="pcap"):
        probe(lab, "hello-only", "--tls10")
    lab.shows("tls.alert_message.desc == 70")
    lab.expect(family="tls_version_or_cipher_mismatch", cause="tls_version_mismatch", phase="tls",
               severity="failure", ending="first", proof=ALERT)
    lab.attempt([0], "failure", "tls_version_or_cipher_mismatch")


@case("tls-cipher-alert", Routed)
def cipher_alert(lab):
    """The server's cipher list wants an ECDSA certificate and it has an RSA one: alert 40."""
    xrdp(lab, ssl_protocols="TLSv1.2", tls_ciphers="ECDHE-ECDSA-AES256-GCM-SHA384")
    with lab.capture():
        try_to_connect(lab)
    lab.shows("tls.alert_message.desc == 40")
    lab.expect_each("failure", family="tls_version_or_cipher_mismatch", cause="cipher_mismatch",
                    phase="tls", severity="failure", ending="first", proof=ALERT)


@case("tls-version-bare-close", Routed)
def version_bare_close(lab):
    """The server closes without a word on a client that offers TLS 1.0 only, as Schannel may.

    That it is the version and not the server's key shows in the connection before it: a
    newer client had its handshake a moment earlier. The server is emulated.
    """
    file, key = certificate(lab.server)
    emulate(lab, "close-old", "--certificate", file, "--key", key, "--seconds", "2")
    with lab.capture():
        probe(lab, "hello-only", "--seconds", "1")
        time.sleep(1)
        probe(lab, "hello-only", "--tls10")
    lab.shows("tcp.stream == 0 && tls.handshake.type == 2")
    lab.shows("tcp.stream == 1 && tcp.srcport == 3389 && tls", 0, 1)
    lab.expect(1, None, family="tls_version_or_cipher_mismatch", cause="tls_version_mismatch", phase="tls",
               severity="failure", ending="first", proof=HELLO,
               alternatives=["certificate_server_key_unusable"])


@case("nla-required-rdesktop", Segment)
def nla_required_rdesktop(lab):
    """The server insists on NLA, which rdesktop has only with Kerberos, and there is none here.

    The first connection gets as far as TLS, and the client leaves without a CredSSP
    message; the second asks for TLS alone and is told that NLA is required.
    """
    shadow(lab, "/sec:nla")
    with lab.capture(format="pcap"):
        client = rdesktop(lab)
        client.tell("yes")
        client.wait(15)
    client.end()
    lab.shows(f"tcp.stream == 1 && {FAILURE} && tcp.payload[15] == 05")
    lab.expect(0, "first", family="nla_required", severity="failure")
    lab.expect(1, "fallback", family="nla_required", phase="x224", severity="warning", ending="first", proof=FAILURE)
    lab.attempt([0, 1], "failure", "nla_required")
