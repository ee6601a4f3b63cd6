"""Logins with NLA: refused for each reason, and accepted; with TLS keys and without."""

from case import case
from network import Routed, Segment
from peers import certificate, emulate, probe, shadow
from steps import CLOSE, RESET, expect_healthy, session, try_to_connect

# Windows' answers to a login, as NTSTATUS in TSRequest.errorCode.
STATUS_LOGON_FAILURE = 0xC000006D
STATUS_ACCOUNT_DISABLED = 0xC0000072
STATUS_ACCOUNT_LOCKED_OUT = 0xC0000234
STATUS_PASSWORD_EXPIRED = 0xC0000071
STATUS_PASSWORD_MUST_CHANGE = 0xC0000224
STATUS_LOGON_TYPE_NOT_GRANTED = 0xC000015B
STATUS_ACCOUNT_RESTRICTION = 0xC000006E
STATUS_NO_LOGON_SERVERS = 0xC000005E
STATUS_TIME_DIFFERENCE_AT_DC = 0xC0000133
# The same as HRESULT, from the security packages.
SEC_E_UNSUPPORTED_FUNCTION = 0x80090302
SEC_E_INVALID_TOKEN = 0x80090308
SEC_E_WRONG_PRINCIPAL = 0x80090322
SEC_E_DELEGATION_POLICY = 0x8009035E
SERVER_DATA = "tls.app_data && tcp.srcport == 3389"


def expect_refused(lab, cause="login_refused", proof=f"{SERVER_DATA} || {CLOSE}"):
    lab.expect_each("failure", family="authentication_failed", cause=cause, phase="credssp", severity="failure",
                    ending="first", proof=proof)


def refused_with(lab, status, keys=True, **options):
    """A FreeRDP that logs in with NLA at a server that answers with that status."""
    file, key = certificate(lab.server)
    emulate(lab, "refuse-login", "--code", f"{status:#x}", "--certificate", file, "--key", key)
    with lab.capture(**options):
        try_to_connect(lab, "/sec:nla", keys=keys)
    lab.shows(SERVER_DATA if not keys else "credssp || ntlmssp")


@case("nla-unknown-user", Segment)
def unknown_user(lab):
    """An NLA login of a user whom the server does not know."""
    shadow(lab, "/sec:nla")
    with lab.capture(format="pcap"):
        try_to_connect(lab, "/sec:nla", user="nobody")
    expect_refused(lab)


@case("nla-wrong-password-keys", Routed)
def wrong_password_keys(lab):
    """An NLA login with a wrong password, with the TLS keys: the NTLM messages can be read."""
    shadow(lab, "/sec:nla")
    with lab.capture():
        try_to_connect(lab, "/sec:nla", password="wrong", keys=True)
    lab.shows("ntlmssp")
    expect_refused(lab)


@case("nla-unknown-user-keys", Routed)
def unknown_user_keys(lab):
    """An NLA login of a user whom the server does not know, with the TLS keys: the name can be read."""
    shadow(lab, "/sec:nla")
    with lab.capture():
        try_to_connect(lab, "/sec:nla", user="nobody", keys=True)
    lab.shows("ntlmssp.auth.username == nobody")
    expect_refused(lab)


@case("healthy-nla-keys", Routed)
def nla_keys(lab):
    """A healthy login with NLA, with the TLS keys."""
    shadow(lab, "/sec:nla")
    with lab.capture():
        session(lab, "/sec:nla", keys=True)
    lab.shows("ntlmssp")
    expect_healthy(lab)


@case("healthy-nla-twice", Segment)
def nla_twice(lab):
    """Two logins with NLA one after the other, both well; the first ends while the desktop is drawn."""
    shadow(lab, "/sec:nla")
    with lab.capture(format="pcap"):
        session(lab, "/sec:nla", seconds=0.2)
        session(lab, "/sec:nla")
    for stream in (0, 1):
        expect_healthy(lab, stream, None)
        lab.attempt([stream], "success")


@case("nla-logon-failure", Routed)
def logon_failure(lab):
    """The server refuses the login with STATUS_LOGON_FAILURE; without the keys only a record of that size shows.

    The server is emulated: FreeRDP's own never sends an error code.
    """
    refused_with(lab, STATUS_LOGON_FAILURE, keys=False, format="pcap")
    expect_refused(lab, None)


@case("nla-logon-failure-keys", Routed)
def logon_failure_keys(lab):
    """The server refuses the login with STATUS_LOGON_FAILURE, readable with the keys. The server is emulated."""
    refused_with(lab, STATUS_LOGON_FAILURE)
    expect_refused(lab, "bad_credentials")


@case("nla-account-locked-keys", Segment)
def locked(lab):
    """The server refuses the login: the account is locked out. The server is emulated, the keys are there."""
    refused_with(lab, STATUS_ACCOUNT_LOCKED_OUT)
    expect_refused(lab, "account_locked_disabled_expired")


@case("nla-account-disabled-keys", Routed)
def disabled(lab):
    """The server refuses the login: the account is disabled. The server is emulated, the keys are there."""
    refused_with(lab, STATUS_ACCOUNT_DISABLED)
    expect_refused(lab, "account_locked_disabled_expired")


@case("nla-password-expired-keys", Segment)
def password_expired(lab):
    """The server refuses the login: the password has expired. The server is emulated, the keys are there."""
    refused_with(lab, STATUS_PASSWORD_EXPIRED)
    expect_refused(lab, "password_expired_or_must_change")


@case("nla-password-must-change-keys", Routed)
def must_change(lab):
    """The server refuses the login: the password must be changed first. The server is emulated."""
    refused_with(lab, STATUS_PASSWORD_MUST_CHANGE)
    expect_refused(lab, "password_expired_or_must_change")


@case("nla-logon-type-not-granted-keys", Routed)
def not_granted(lab):
    """The server knows the user, who may not log in by Remote Desktop. The server is emulated."""
    refused_with(lab, STATUS_LOGON_TYPE_NOT_GRANTED)
    lab.expect_each("failure", family="authorization_denied", cause="logon_right_missing", phase="credssp",
                    severity="failure", ending="first", proof=f"{SERVER_DATA} || {CLOSE}")


@case("nla-account-restriction-keys", Segment)
def restriction(lab):
    """The server refuses the login: a restriction of the account. The server is emulated, the keys are there."""
    refused_with(lab, STATUS_ACCOUNT_RESTRICTION)
    expect_refused(lab, "account_restriction")


@case("nla-no-logon-servers-keys", Segment)
def no_logon_servers(lab):
    """The server reaches no domain controller to check the login. The server is emulated, the keys are there."""
    refused_with(lab, STATUS_NO_LOGON_SERVERS)
    expect_refused(lab, "no_logon_authority")


@case("nla-clock-difference-keys", Segment)
def clock_difference(lab):
    """The clocks of the server and its domain controller differ. The server is emulated, the keys are there."""
    refused_with(lab, STATUS_TIME_DIFFERENCE_AT_DC)
    expect_refused(lab, "clock_skew")


@case("nla-ntlm-blocked-keys", Segment)
def ntlm_blocked(lab):
    """The server takes no NTLM, and says so; this client does not fall back. The server is emulated."""
    refused_with(lab, SEC_E_UNSUPPORTED_FUNCTION)
    expect_refused(lab, "ntlm_blocked")


@case("nla-wrong-principal-keys", Segment)
def wrong_principal(lab):
    """The service's name belongs to another account. The server is emulated, the keys are there."""
    refused_with(lab, SEC_E_WRONG_PRINCIPAL)
    expect_refused(lab, "service_name_wrong")


@case("nla-invalid-token-keys", Segment)
def invalid_token(lab):
    """The server cannot read a message of the login. The server is emulated, the keys are there."""
    refused_with(lab, SEC_E_INVALID_TOKEN)
    expect_refused(lab, "login_package_failed")


@case("login-hangs", Routed)
def login_hangs(lab):
    """The server acknowledges the client's credentials and never answers them. The server is emulated."""
    file, key = certificate(lab.server)
    emulate(lab, "hang-login", "--seconds", "40", "--certificate", file, "--key", key)
    with lab.capture(format="pcap"):
        try_to_connect(lab, "/sec:nla", seconds=15)
    lab.shows(SERVER_DATA)
    lab.expect(0, None, family="service_crash", cause="login_hangs", phase="credssp", severity="failure",
               alternatives=["unknown"], proof=f"tls.app_data && tcp.dstport == 3389 || {CLOSE}")


@case("login-broken-off-by-client", Segment)
def broken_off(lab):
    """The client breaks the login off at the server's challenge, as mstsc does at an unpatched server.

    Both ends are emulated. Nobody could decide so soon, and the client resets.
    """
    file, key = certificate(lab.server)
    emulate(lab, "refuse-login", "--certificate", file, "--key", key)
    with lab.capture():
        probe(lab, "refuse-challenge", "--tls12")
    lab.shows(SERVER_DATA)
    lab.shows(RESET)
    lab.expect(family="authentication_failed", cause="client_refuses_login", phase="credssp", severity="failure",
               ending=("reset", "client"), proof=f"{SERVER_DATA} || {RESET}")


@case("passwords-guessed", Routed)
def guessed(lab):
    """A program guesses passwords: a dozen NLA logins in half a minute, all refused. Both ends are emulated."""
    file, key = certificate(lab.server)
    emulate(lab, "refuse-login", "--code", f"{STATUS_LOGON_FAILURE:#x}", "--certificate", file, "--key", key,
            "--tls12")
    with lab.capture(format="pcap"):
        probe(lab, "guess", "--tls12", "--count", "12", "--every", "1.5")
    lab.shows(SERVER_DATA, 12)
    for stream in range(12):
        lab.expect(stream, None, family="authentication_failed", cause="brute_force_load", phase="credssp",
                   alternatives=["probe"], ending=("reset", "client"), proof=f"{SERVER_DATA} || {RESET}")


@case("nla-wrong-password-tls12", Segment)
def wrong_password_tls12(lab):
    """An NLA login with a wrong password over TLS 1.2, where the sizes of records are those of Windows."""
    shadow(lab, "/sec:nla")
    with lab.capture(format="pcap"):
        try_to_connect(lab, "/sec:nla", "/enforce-tlsv1_2", password="wrong")
    lab.shows("tls.handshake.type == 11")
    expect_refused(lab)


@case("nla-logon-failure-tls12", Routed)
def logon_failure_tls12(lab):
    """The server refuses the login with STATUS_LOGON_FAILURE over TLS 1.2, without the keys. The server is emulated."""
    file, key = certificate(lab.server)
    emulate(lab, "refuse-login", "--code", f"{STATUS_LOGON_FAILURE:#x}", "--certificate", file, "--key", key,
            "--tls12")
    with lab.capture():
        try_to_connect(lab, "/sec:nla")
    lab.shows("tls.handshake.type == 11")
    expect_refused(lab, None)


@case("healthy-nla-tls12", Routed)
def nla_tls12(lab):
    """A healthy login with NLA over TLS 1.2."""
    shadow(lab, "/sec:nla")
    with lab.capture(format="pcap"):
        session(lab, "/sec:nla", "/enforce-tlsv1_2")
    lab.shows("tls.handshake.type == 11")
    expect_healthy(lab)


@case("nla-delegation-policy-keys", Routed)
def delegation_policy(lab):
    """The login is refused with SEC_E_DELEGATION_POLICY, readable with the keys. The server is emulated."""
    refused_with(lab, SEC_E_DELEGATION_POLICY)
    expect_refused(lab, "delegation_policy")


@case("nla-old-credssp-keys", Segment)
def old_credssp(lab):
    """The server's CredSSP is from before its correction of 2018; the client breaks off at its challenge.

    So does mstsc, whose rules forbid it to go on. Client and server are emulated, the keys are there.
    """
    file, key = certificate(lab.server)
    emulate(lab, "old-challenge", "--certificate", file, "--key", key)
    lab.secrets = lab.client.work / "keys"
    lab.note("the TLS keys are in the capture: the client logs them")
    with lab.capture():
        probe(lab, "refuse-challenge", "--text", "lab", "--key-log", lab.secrets)
    lab.shows("ntlmssp.messagetype == 2")
    lab.expect(0, "only", family="authentication_failed", cause="credssp_versions_apart", phase="credssp",
               severity="failure", ending=("reset", "client"), proof=f"{SERVER_DATA} || {CLOSE}")


@case("nla-credential-guard-refused", Routed)
def credential_guard(lab):
    """A client that asks for Remote Credential Guard is refused, as where the server does not allow it.

    Without the keys only the size of the refusal shows. Client and server are emulated.
    """
    file, key = certificate(lab.server)
    emulate(lab, "refuse-login", "--code", f"{STATUS_LOGON_FAILURE:#x}", "--certificate", file, "--key", key)
    with lab.capture(format="pcap"):
        probe(lab, "guess", "--text", "lab", "--flags", "2")
    lab.shows("tcp.dstport == 3389 && tcp.payload contains 01:02:08:00")
    lab.expect(0, "only", family="authentication_failed", cause="remote_credential_guard_refused",
               phase="credssp", severity="failure", ending=("reset", "client"), proof=f"{SERVER_DATA} || {CLOSE}")
