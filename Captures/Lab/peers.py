"""Real peers, started on a host of the lab: xrdp, FreeRDP, rdesktop and what they need."""

import subprocess
import time
from pathlib import Path

from network import wait_until

DISPLAY = ":0"
PASSWORD = "lab-password"
CLOCK = "xterm -e 'while sleep 0.5; do date; done'"  # Draws twice a second.


# Keys and certificates

def certificate(host, name="server", subject="/CN=rdp.example.test", bits=2048, dates=None):
    """Makes a self-signed certificate; returns the paths of certificate and key."""
    key, request, file = (host.work / f"{name}.{end}" for end in ("key", "csr", "crt"))
    host.run("openssl", "req", "-new", "-newkey", f"rsa:{bits}", "-nodes", "-keyout", key,
             "-out", request, "-subj", subject)
    if dates is None:
        host.run("openssl", "x509", "-req", "-in", request, "-signkey", key, "-days", "3650", "-out", file)
        return file, key
    # `openssl ca` is the one that takes dates of the past.
    authority = host.work / "ca"
    authority.mkdir(exist_ok=True)
    (authority / "index").write_text("")
    (authority / "serial").write_text("01\n")
    config = authority / "config"
    config.write_text(f"""[ca]
default_ca = lab
[lab]
database = {authority}/index
serial = {authority}/serial
new_certs_dir = {authority}
default_md = sha256
policy = any
[any]
commonName = supplied
""")
    host.run("openssl", "ca", "-batch", "-config", config, "-selfsign", "-keyfile", key, "-in", request,
             "-startdate", dates[0], "-enddate", dates[1], "-out", file, "-notext")
    return file, key


def server_key(lab, bits=512):
    """Makes a key of standard RDP security for xrdp, and puts it beside the capture."""
    lab.server_key = lab.server.work / "rsakeys.ini"
    lab.server.run("xrdp-keygen", "xrdp", lab.server_key, str(bits))
    # xrdp knows this place only; what is there is covered on this host's mounts alone.
    lab.server.run("mount", "--bind", lab.server_key, "/etc/xrdp/rsakeys.ini")
    lab.note(f"the server's key of {bits} bits is beside the capture: `rsakeys.ini`")


# Servers

XRDP_DEFAULTS = {
    "port": "3389", "fork": "true", "allow_channels": "true", "tcp_nodelay": "true", "tcp_keepalive": "true",
    "security_layer": "tls", "crypt_level": "high", "ssl_protocols": "TLSv1.2, TLSv1.3",
    "max_bpp": "16", "use_fastpath": "both", "bitmap_compression": "true", "ls_title": "Lab",
}
XRDP_SESSION = """
[Logging]
LogFile=/tmp/xrdp.log
LogLevel=INFO
EnableSyslog=false
EnableConsole=true

[Channels]
rdpdr=false
rdpsnd=false
drdynvc=true
cliprdr=false
rail=false
xrdpvr=false

[Xorg]
name=Xorg
lib=libxup.so
username=ask
password=ask
ip=127.0.0.1
port=-1
code=20
"""


def xrdp(lab, host=None, **settings):
    """Starts xrdp with the given keys of its [Globals] section and waits until it listens."""
    host = host or lab.server
    values = {"ini_version": "1", **XRDP_DEFAULTS, **settings}
    telling = {"security_layer": values["security_layer"], **settings}
    telling = [f"{key}={Path(value).name}" for key, value in telling.items()]
    lab.note(f"{host.name}, xrdp.ini: `{'; '.join(telling)}`")
    if values["security_layer"] != "rdp" and "certificate" not in values:
        values["certificate"], values["key_file"] = certificate(host)
    file = host.work / "xrdp.ini"
    lines = [f"{key}={value}" for key, value in values.items()]
    file.write_text("[Globals]\n" + "\n".join(lines) + "\n" + XRDP_SESSION)
    process = host.start("xrdp", "-n", "-c", file)
    port = values["port"].rsplit(":", 1)[-1]
    wait_until(lambda: host.listens(port), 10, "xrdp listens")
    return process


def sesman(lab, idle_command="xterm", users=("lab",)):
    """Starts xrdp-sesman with users of its own, so that a login gives a real desktop."""
    host = lab.server
    # The accounts exist in copies of the files that only this host's mounts show.
    for file in ("passwd", "shadow", "group"):
        copy = host.work / file
        copy.write_text(open(f"/etc/{file}").read())
        for number, user in enumerate(users, 4000):
            home = host.work / "home" / user
            home.mkdir(parents=True, exist_ok=True)
            hash = host.run("openssl", "passwd", "-6", PASSWORD).strip()
            with copy.open("a") as output:
                output.write({"passwd": f"{user}:x:{number}:{number}::{home}:/bin/sh\n",
                              "shadow": f"{user}:{hash}:19000:0:99999:7:::\n",
                              "group": f"{user}:x:{number}:\n"}[file])
            host.run("chown", f"{number}:{number}", home)
        host.run("mount", "--bind", copy, f"/etc/{file}")
    host.work.chmod(0o755)
    start = host.work / "startwm.sh"
    start.write_text(f"#!/bin/sh\n{idle_command}\n")
    start.chmod(0o755)
    file = host.work / "sesman.conf"
    file.write_text(f"""[Globals]
ListenAddress=127.0.0.1
ListenPort=3350
EnableUserWindowManager=false
DefaultWindowManager={start}
ReconnectScript=/etc/xrdp/reconnectwm.sh

[Security]
AllowRootLogin=false
MaxLoginRetry=4

[Sessions]
X11DisplayOffset=10
MaxSessions=5
KillDisconnected=false

[Logging]
LogFile=/tmp/sesman.log
LogLevel=INFO
EnableSyslog=false
EnableConsole=true

[Xorg]
param=/usr/lib/xorg/Xorg
param=-config
param=xrdp/xorg.conf
param=-noreset
param=-nolisten
param=tcp
param=-logfile
param=/tmp/xorg.log

[SessionVariables]
PULSE_SCRIPT=/etc/xrdp/pulse/default.pa
""")
    process = host.start("xrdp-sesman", "-n", "-c", file)
    wait_until(lambda: host.listens(3350), 10, "xrdp-sesman listens")
    return process


def desktop(lab, **settings):
    """A server with real sessions: xrdp-sesman for the logins, xrdp for the protocol."""
    sesman(lab)
    return xrdp(lab, **settings)


def clock_desktop(lab, **settings):
    """A desktop on which something is drawn twice a second."""
    sesman(lab, idle_command=CLOCK)
    return xrdp(lab, **settings)


def shadow(lab, *arguments, user="lab", password=PASSWORD):
    """Starts FreeRDP's shadow server, which has NLA, on a display of its own."""
    host = lab.server
    display(host)
    hash = host.run("winpr-hash", "-u", user, "-p", password, "-f", "sam").strip()
    sam = host.work / "sam"
    sam.write_text(hash + "\n")
    process = host.start("freerdp-shadow-cli", "/port:3389", f"/sam-file:{sam}", *arguments)
    wait_until(lambda: host.listens(3389), 10, "freerdp-shadow-cli listens")
    return process


def emulate(lab, mode, *arguments, host=None):
    """Starts the lab's emulated server, which speaks over the kernel's own TCP."""
    host = host or lab.server
    process = host.tool("emulated.py", "serve", mode, *arguments)
    process.wait_for_output("listening")
    return process


def resolver(lab, *arguments, search=None):
    """Starts a name server on the router, which the client asks."""
    process = lab.middle.tool("resolver.py", *arguments)
    process.wait_for_output("ready")
    file = lab.client.work / "resolv.conf"
    file.write_text("nameserver 192.0.2.1\n" + (f"search {search}\n" if search else ""))
    lab.client.run("mount", "--bind", file, "/etc/resolv.conf")
    return process


def relay(lab, *arguments):
    """Starts the lab's relay in front of an xrdp that listens on port 13389."""
    process = lab.server.tool("relay.py", *arguments)
    process.wait_for_output("listening")
    return process


# Clients

def display(host):
    """Starts the virtual display of a host unless it has one."""
    if not any("Xvfb" in process.command[0] for process in host.processes):
        process = host.start("Xvfb", DISPLAY, "-screen", "0", "800x600x24", "-nolisten", "tcp",
                             "-noreset")
        wait_until(lambda: host.run("xdpyinfo", "-display", DISPLAY, check=False), 15, "Xvfb answers")
        return process
    return None


def xfreerdp(lab, *arguments, host=None, address=None, user="lab", password=PASSWORD, certificate="ignore",
             keys=False):
    """Starts xfreerdp with a small desktop and logs in; `certificate` None is to be asked about it."""
    host = host or lab.client
    display(host)
    certificate = [f"/cert:{certificate}"] if certificate else []
    return host.start(
        "xfreerdp", f"/v:{address or lab.address}", f"/u:{user}", f"/p:{password}", "/size:640x480",
        "/bpp:16", *certificate, "-auto-reconnect", "-wallpaper", "/log-level:WARN", *arguments,
        environment=logging_keys(lab) if keys else None)


def logging_keys(lab):
    """The environment in which a program of OpenSSL writes its TLS keys into the capture's secrets."""
    library = lab.client.work / "keylog.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", library, lab.client.tools / "keylog.c",
                    "-lssl", "-ldl"], check=True)
    lab.secrets = lab.client.work / "keys"
    lab.note("the TLS keys are in the capture: the client's OpenSSL is made to log them")
    return {"LD_PRELOAD": str(library), "SSLKEYLOGFILE": str(lab.secrets)}


def rdesktop(lab, *arguments, host=None, address=None, user="lab"):
    host = host or lab.client
    display(host)
    return host.start("rdesktop", "-u", user, "-p", PASSWORD, "-g", "640x480", "-a", "16",
                      *arguments, address or lab.address)


def established(host, port=3389):
    return f":{port} " in host.run("ss", "-Htn", "state", "established")


def window(lab, name, host=None, seconds=40):
    """Waits for a window whose title holds `name` and returns its id."""
    host = host or lab.client
    found = []

    def look():
        found[:] = host.run("xdotool", "search", "--name", name, check=False).split()
        return bool(found)
    wait_until(look, seconds, f"a window called {name}")
    return found[0]


def close_window(lab, name, host=None):
    """What a user does who clicks the close button."""
    host = host or lab.client
    host.run("/usr/bin/python3", host.tools / "window.py", window(lab, name, host))


def probe(lab, mode, *arguments, host=None, address=None, seconds=60):
    """Runs the lab's emulated client to its end."""
    process = (host or lab.client).tool("emulated.py", "connect", mode, address or lab.address, *arguments)
    process.wait(seconds)
    return process


def use_session(seconds=2):
    """A user who looks at the desktop."""
    time.sleep(seconds)
