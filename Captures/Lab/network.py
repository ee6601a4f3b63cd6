"""Hosts and links of the lab: each host is a set of Linux namespaces of its own.

A host lives as long as its holder, a `sleep` that is process 1 of the host's own
process namespace. Ending the holder ends every process on the host, its network
and its mounts, so nothing is left behind and nothing outside is touched.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

HOST_LIFETIME_SECONDS = 400
TOOLS = Path(__file__).resolve().parent


class LabError(Exception):
    """A recording that cannot be used, with the reason."""


def wait_until(condition, seconds, what):
    """Polls `condition` until it is true; raises LabError after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.05)
    raise LabError(f"waited {seconds} s in vain: {what}")


def children(pid):
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(word) for word in text.split()]


class Process:
    """One program started on a host; only ever ended by its own pid."""

    def __init__(self, host, command, environment=None, log=None):
        self.host = host
        self.command = [str(word) for word in command]
        number = len(host.processes)
        self.log = log or host.work / f"{number:02}-{Path(self.command[0]).name}.log"
        with open(self.log, "wb") as output:
            self.popen = subprocess.Popen(
                host.enter() + self.command,
                stdin=subprocess.PIPE, stdout=output, stderr=subprocess.STDOUT,
                env=host.environment | (environment or {}))
        host.processes.append(self)

    @property
    def running(self):
        return self.popen.poll() is None

    @property
    def output(self):
        return self.log.read_text(errors="replace")

    def send(self, number):
        """Signals the program itself, which nsenter runs as its only child."""
        for pid in children(self.popen.pid):
            os.kill(pid, number)
        if number != signal.SIGSTOP:
            self.popen.send_signal(signal.SIGCONT)  # nsenter stops with its child, not on with it.

    def tell(self, line):
        """Writes one line to the program's standard input."""
        self.popen.stdin.write(line.encode() + b"\n")
        self.popen.stdin.flush()

    def wait(self, seconds):
        try:
            return self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def wait_for_output(self, text, seconds=15):
        wait_until(lambda: text in self.output, seconds, f"{text!r} from {self.command[0]}")

    def kill_all(self):
        """Kills the program and every process it made, each by its own pid."""
        found = children(self.popen.pid)
        for pid in found:
            found += children(pid)  # Grows while it is walked: the children's children.
        for pid in found:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def end(self, number=signal.SIGTERM):
        if self.running:
            self.send(number)
            if self.wait(5) is None:
                self.send(signal.SIGKILL)
                self.wait(5)


class Host:
    """A machine of the lab: network, mount and process namespaces of its own."""

    def __init__(self, name, work):
        self.name = name
        self.work = work / name
        self.work.mkdir(parents=True)
        self.tools = self.work / "tools"
        shutil.copytree(TOOLS, self.tools, ignore=shutil.ignore_patterns("cases", "__pycache__"))
        self.processes = []
        self.rules = []
        self.environment = os.environ | {
            "HOME": str(self.work), "DISPLAY": ":0", "LC_ALL": "C.UTF-8"}
        self.holder = subprocess.Popen(
            ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc",
             "sleep", str(HOST_LIFETIME_SECONDS)], stderr=subprocess.DEVNULL)
        wait_until(lambda: children(self.holder.pid), 5, "the namespaces")
        self.pid = children(self.holder.pid)[0]
        wait_until(lambda: Path(f"/proc/{self.pid}/comm").read_text().strip() == "sleep", 5,
                   "the holder of the namespaces")
        # A private /tmp and /run/xrdp: X servers and xrdp of several hosts do not meet. Debian makes
        # the latter when its own service starts.
        os.makedirs("/run/xrdp", exist_ok=True)
        self.run("mount", "-t", "tmpfs", "tmpfs", "/tmp")
        self.run("mount", "-t", "tmpfs", "tmpfs", "/run/xrdp")
        self.run("ip", "link", "set", "lo", "up")
        self.sysctl("net.ipv6.conf.all.disable_ipv6", 1)

    def enter(self):
        return ["nsenter", "--target", str(self.pid), "--net", "--mount", "--pid", "--"]

    def run(self, *command, check=True, seconds=30):
        """Runs a short command on the host and returns its standard output."""
        done = subprocess.run(self.enter() + [str(word) for word in command], text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds,
                              env=self.environment)
        if check and done.returncode:
            raise LabError(f"{self.name}: {' '.join(map(str, command))}: {done.stderr.strip()}")
        return done.stdout

    def start(self, *command, environment=None):
        return Process(self, command, environment)

    def tool(self, script, *arguments):
        """Starts one of the lab's own scripts on the host."""
        return self.start("/usr/bin/python3", self.tools / script, *arguments)

    def sysctl(self, key, value):
        self.run("sysctl", "-q", "-w", f"{key}={value}")

    def address(self, interface, address, gateway=None):
        family = ["-6"] if ":" in address else []
        flags = ["nodad"] if family else []
        self.run("ip", *family, "address", "add", address, "dev", interface, *flags)
        if gateway:
            self.run("ip", *family, "route", "add", "default", "via", gateway)

    def link(self, interface, up):
        self.run("ip", "link", "set", interface, "up" if up else "down")

    def mac(self, interface="eth0"):
        return self.run("cat", f"/sys/class/net/{interface}/address", check=False).strip() \
            or self.run("ip", "-br", "link", "show", interface).split()[2]

    def nft(self, hook, *rules, family="ip"):
        """Filters packets at `hook` (input, forward, output), replacing what was there."""
        file = self.work / "rules.nft"
        file.write_text("\n".join([
            "flush ruleset", f"table {family} lab {{", "chain lab {",
            f"type filter hook {hook} priority 0;", *rules, "}", "}", ""]))
        self.run("nft", "-f", file)
        self.rules.append((hook, rules))

    def listens(self, port):
        return f":{port} " in self.run("ss", "-Hltn")

    def end(self):
        for process in reversed(self.processes):
            process.end(signal.SIGKILL)
        for pid in children(self.holder.pid):
            os.kill(pid, signal.SIGKILL)
        self.holder.wait(10)


# What the lab's NICs would otherwise do for the kernel: with these on, a capture
# shows segments larger than the wire's and checksums that were never computed.
OFFLOADS = ["tso", "gso", "gro", "tx", "rx", "sg"]


def cable(one, one_interface, other, other_interface):
    """Joins two hosts by a virtual Ethernet pair without offloads."""
    subprocess.run(["ip", "link", "add", one_interface, "netns", str(one.pid), "type", "veth",
                    "peer", "name", other_interface, "netns", str(other.pid)], check=True)
    for host, interface in ((one, one_interface), (other, other_interface)):
        settings = [word for offload in OFFLOADS for word in (offload, "off")]
        host.run("ethtool", "-K", interface, *settings, check=False)
        host.run("ip", "link", "set", interface, "up")


class Network:
    """client - middle - server, where the middle is a router, a switch or a wire of our own."""

    client_address = "192.0.2.10"
    server_address = "198.51.100.20"

    def __init__(self, work):
        self.client = Host("client", work)
        self.middle = Host("middle", work)
        self.server = Host("server", work)
        self.hosts = [self.client, self.middle, self.server]
        cable(self.client, "eth0", self.middle, "eth0")
        cable(self.middle, "eth1", self.server, "eth0")

    def end(self):
        for host in self.hosts:
            host.end()


class Routed(Network):
    """Two networks with a router between them."""

    description = "client 192.0.2.10/24 - router (192.0.2.1, 198.51.100.1) - server 198.51.100.20/24"

    def __init__(self, work):
        super().__init__(work)
        self.middle.address("eth0", "192.0.2.1/24")
        self.middle.address("eth1", "198.51.100.1/24")
        self.middle.sysctl("net.ipv4.ip_forward", 1)
        self.client.address("eth0", "192.0.2.10/24", "192.0.2.1")
        self.server.address("eth0", "198.51.100.20/24", "198.51.100.1")


class Segment(Network):
    """One network: client and server on the ports of a switch."""

    server_address = "192.0.2.20"
    description = "client 192.0.2.10/24 - switch - server 192.0.2.20/24"

    def __init__(self, work):
        super().__init__(work)
        self.client.address("eth0", "192.0.2.10/24")
        self.server.address("eth0", "192.0.2.20/24")
        self.join()

    def add_host(self, name, address):
        """Joins another host to the switch."""
        host = Host(name, self.client.work.parent)
        interface = f"eth{len(self.hosts)}"
        self.hosts.append(host)
        cable(self.middle, interface, host, "eth0")
        self.middle.run("ip", "link", "set", interface, "master", "br0")
        host.address("eth0", address)
        return host

    def join(self):
        self.middle.run("ip", "link", "add", "br0", "type", "bridge", "forward_delay", "0")
        for port in ("eth0", "eth1"):
            self.middle.run("ip", "link", "set", port, "master", "br0")
        self.middle.link("br0", True)


class Segment6(Network):
    """One IPv6 network: client and server on the ports of a switch."""

    client_address = "2001:db8::10"
    server_address = "2001:db8::20"
    description = "client 2001:db8::10/64 - switch - server 2001:db8::20/64"

    def __init__(self, work):
        super().__init__(work)
        for host, address in ((self.client, self.client_address), (self.server, self.server_address)):
            host.sysctl("net.ipv6.conf.all.disable_ipv6", 0)
            host.address("eth0", address + "/64")
        Segment.join(self)


class Wired(Segment):
    """One network whose cable is `wire.py`: it delays, loses, cuts and forges on command."""

    description = "client 192.0.2.10/24 - wire (user-space forwarder) - server 192.0.2.20/24"

    def join(self):
        self.wire = self.middle.tool("wire.py", "eth0", "eth1")
        self.wire.wait_for_output("ready")


if __name__ == "__main__":
    sys.exit("this is a part of lab.py")
