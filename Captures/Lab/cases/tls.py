"""TLS handshakes that fail for the version, the cipher or the certificate; and those that work all the same."""

from case import case
from network import Routed, Segment
from peers import certificate, desktop, emulate, probe, sesman, xfreerdp, xrdp
from steps import ALERT, expect_healthy, session, try_to_connect

REAL_NAME = "rdp.example.test"


def expect_tls(lab, family, cause, proof, ending="first", **more):
    lab.expect(family=family, cause=cause, phase="tls", severity="failure", ending=ending, proof=proof, **more)
    if "alternatives" not in more:
        lab.attempt([0], "failure", family)


# Versions and ciphers

@case("tls-version-new-client", Routed)
def new_client(lab):
    """The client accepts TLS 1.3 only, the server has 1.2 at most and says so with alert 70."""
    xrdp(lab, ssl_protocols="TLSv1.2")
    with lab.capture(format="pcap"):
        probe(lab, "hello-only", "--tls13")
    lab.shows("tls.alert_message.desc == 70 && tcp.srcport == 3389")
    expect_tls(lab, "tls_version_or_cipher_mismatch", "tls_version_mismatch", ALERT)


@case("tls-version-old-server", Routed)
def old_server(lab):
    """A server from another time answers with TLS 1.0; FreeRDP refuses that with an alert of its own.

    The server is emulated.
    """
    emulate(lab, "old-hello")
    with lab.capture():
        try_to_connect(lab, "/sec:tls", "/enforce-tlsv1_2")
    lab.shows("tls.alert_message && tcp.dstport == 3389")
    lab.expect_each("failure", family="tls_version_or_cipher_mismatch", cause="tls_version_mismatch", phase="tls",
                    severity="failure", ending="first", proof=f"{ALERT} || tls.handshake.type == 2")


@case("tls-cipher-client-list", Routed)
def client_list(lab):
    """The client offers ciphers for ECDSA certificates only and the server has an RSA one: alert 40."""
    xrdp(lab, ssl_protocols="TLSv1.2")
    with lab.capture(format="pcap"):
        probe(lab, "hello-only", "--ciphers", "ECDHE-ECDSA-AES128-GCM-SHA256")
    lab.shows("tls.alert_message.desc == 40")
    expect_tls(lab, "tls_version_or_cipher_mismatch", "cipher_mismatch", ALERT)


# Certificates

@case("certificate-not-yet-valid", Routed)
def not_yet(lab):
    """The certificate is valid from 2040 on; the client knows its issuer and refuses it."""
    file, key = certificate(lab.server, dates=("20400101000000Z", "20450101000000Z"))
    lab.note("the certificate is valid from 2040-01-01; the client trusts its issuer")
    xrdp(lab, ssl_protocols="TLSv1.2", certificate=str(file), key_file=str(key))
    with lab.capture():
        probe(lab, "verify", "--ca", file)
    lab.shows("tls.alert_message && tcp.dstport == 3389")
    expect_tls(lab, "certificate_untrusted", None, f"{ALERT} || tls.handshake.type == 11")


@case("certificate-weak-key", Segment)
def weak_key(lab):
    """The certificate has an RSA key of 1024 bits; the client trusts its issuer and refuses it as too weak.

    The server is emulated: today's xrdp would not load such a key.
    """
    file, key = certificate(lab.server, bits=1024)
    lab.note("the key has 1024 bits; the client trusts its issuer")
    emulate(lab, "close-after-tls", "--certificate", file, "--key", key, "--tls12", "--ciphers", "DEFAULT@SECLEVEL=0")
    with lab.capture(format="pcap"):
        probe(lab, "verify", "--ca", file)
    lab.shows("tls.alert_message && tcp.dstport == 3389")
    expect_tls(lab, "certificate_untrusted", None, f"{ALERT} || tls.handshake.type == 11")


@case("key-too-weak-for-server", Segment)
def server_weak_key(lab):
    """xrdp has a key of 1024 bits, which its OpenSSL does not take: it chooses TLS and then cannot do it."""
    file, key = certificate(lab.server, bits=1024)
    lab.note("the key has 1024 bits")
    xrdp(lab, certificate=str(file), key_file=str(key))
    with lab.capture():
        try_to_connect(lab)
    lab.expect_each("failure", family="certificate_server_key_unusable", ending="first", severity="failure",
                    proof="tcp.srcport == 3389")


@case("client-certificate-wanted", Routed)
def wanted(lab):
    """The server wants a certificate of the client, which has none: alert 40 after the client's empty answer.

    As negotiation failure 6 it is no common security layer. The server is emulated.
    """
    file, key = certificate(lab.server)
    emulate(lab, "demand-certificate", "--certificate", file, "--key", key, "--tls12")
    with lab.capture():
        try_to_connect(lab)
    lab.shows("tls.handshake.type == 13")
    lab.shows("tls.alert_message && tcp.srcport == 3389")
    lab.expect_each("failure", family="security_layer_mismatch", phase="tls", severity="failure", ending="first",
                    alternatives=["authentication_failed", "authorization_denied"],
                    proof=f"{ALERT} || tls.handshake.type == 13")


# What looks wrong and works

@case("healthy-expired-certificate", Routed)
def healthy_expired(lab):
    """The certificate ended in 2021 and the client does not mind: a healthy session."""
    file, key = certificate(lab.server, dates=("20200101000000Z", "20210101000000Z"))
    lab.note("the certificate is valid from 2020-01-01 to 2021-01-01")
    desktop(lab, ssl_protocols="TLSv1.2", certificate=str(file), key_file=str(key))
    with lab.capture(format="pcap"):
        session(lab)
    expect_healthy(lab)


@case("healthy-wrong-name", Routed)
def healthy_wrong_name(lab):
    """The certificate is for another name and the client does not mind; its user just logs off."""
    file, key = certificate(lab.server, subject="/CN=other.example.test")
    sesman(lab, idle_command="xterm -e sleep 4")
    xrdp(lab, ssl_protocols="TLSv1.2", certificate=str(file), key_file=str(key))
    with lab.capture():
        xfreerdp(lab, "/sec:tls").wait(30)
    expect_healthy(lab)


@case("healthy-with-keys", Routed)
def with_keys(lab):
    """A healthy session over TLS 1.3 with its keys in the capture: login, capabilities and farewell are readable."""
    desktop(lab)
    with lab.capture():
        session(lab, keys=True)
    lab.shows("tls.handshake.type == 11")
    expect_healthy(lab)


@case("logoff-with-keys", Routed)
def logoff_with_keys(lab):
    """A user logs off; TLS 1.2 with its keys, so that the server's ultimatum can be read."""
    sesman(lab, idle_command="xterm -e sleep 4")
    xrdp(lab, ssl_protocols="TLSv1.2")
    with lab.capture():
        xfreerdp(lab, "/sec:tls", keys=True).wait(30)
    lab.shows("tpkt && tls")
    expect_healthy(lab)
