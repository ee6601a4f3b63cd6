"""A case: how a connection is made to fail (or not), and what must be said of it.

A case is a function decorated with `@case`. Its docstring is the README of what is
recorded, its body makes the connection, and `expect`/`attempt` say what a right
analysis of the capture is. The frames that prove it are found by display filters in
the capture just recorded: a recording in which one matches nothing is not kept.
"""

import gzip
import inspect
import json
import os
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from network import LabError, wait_until
from pcapng import anonymous

CASES = {}
LARGEST_CAPTURE = 200_000
PACKAGES = {
    "xrdp": "xrdp", "xrdp-sesman": "xrdp", "xfreerdp": "freerdp2-x11", "rdesktop": "rdesktop",
    "freerdp-shadow-cli": "freerdp2-shadow-x11", "nginx": "nginx-light", "haproxy": "haproxy",
    "sshd": "openssh-server", "nft": "nftables", "openssl": "openssl",
}
# Set-up that is the same in every case and says nothing about this one.
UNREMARKABLE = ("dumpcap", "tcpdump", "Xvfb", "xdotool", "sleep")


@dataclass
class Case:
    name: str
    network: type
    record: callable

    @property
    def text(self):
        return inspect.getdoc(self.record)


def case(name, network):
    """Registers a function as the case `name` on a network of that class."""
    def register(function):
        if name in CASES:
            raise LabError(f"two cases are called {name}")
        CASES[name] = Case(name, network, function)
        return function
    return register


class Capture:
    """Packets recorded on a host, from the moment it is made until `stop`, or for a `with` block."""

    def __init__(self, lab, host, interface, format, snapshot_length, filter, link_type):
        self.lab, self.format = lab, format
        self.file = lab.work / f"capture-{len(lab.captures)}.{format}"
        self.where = f"{host.name} ({', '.join(interface.split())})"
        if format == "pcapng":
            command = ["dumpcap", "-q", "-B", "8", "-w", self.file]
            for one in interface.split():
                command += ["-i", one] + (["-f", filter] if filter else []) \
                    + (["-s", snapshot_length] if snapshot_length else [])
            ready = "File: "
        else:
            command = ["tcpdump", "-U", "-B", "8192", "-w", self.file, "-i", interface]
            if snapshot_length:
                command += ["-s", snapshot_length]
            if link_type:
                command += ["-y", link_type]
            if filter:
                command += [filter]
            ready = "listening on"
        self.process = host.start(*command)
        self.process.wait_for_output(ready)
        self.command = " ".join(Path(str(word)).name for word in command)
        time.sleep(0.3)

    def __enter__(self):
        return self

    def __exit__(self, failure, *_):
        self.stop(0 if failure else 1.5)

    def stop(self, after=0.7):
        """Ends the recording `after` seconds, so that the last packets are in it."""
        if self.process.running:
            time.sleep(after)
            self.process.end(2)


@dataclass
class Lab:
    """What a case works with: its network, its files, and what it says of the result."""

    case: Case
    work: Path
    captures: list = field(default_factory=list)
    connections: list = field(default_factory=list)
    attempts: list = field(default_factory=list)
    at_server: list = field(default_factory=list)  # What a second capture, at the server, is to give.
    claims: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    lost: tuple = None  # A display filter for packets taken out of the capture, and how many of the last.
    secrets: Path = None  # TLS keys in the format of SSLKEYLOGFILE, to be put into the capture.
    server_key: Path = None  # The key of standard RDP security, to be put beside the capture.

    def __post_init__(self):
        self.network = self.case.network(self.work)
        self.client, self.middle, self.server = (
            self.network.client, self.network.middle, self.network.server)
        self.address = self.network.server_address

    def capture(self, host=None, interface="eth0", format="pcapng", snapshot_length=None, filter=None,
                link_type=None):
        recording = Capture(
            self, host or self.client, interface, format, snapshot_length, filter, link_type)
        self.captures.append(recording)
        return recording

    def note(self, text):
        """Adds a step to the README that no command shows."""
        self.notes.append(text)

    def loses(self, filter, count=1):
        """Takes the last packets that match a display filter out of the capture, as a busy host loses them."""
        self.lost = filter, count
        self.note(f"taken out of the capture, as a busy host loses packets: the last {count} of `{filter}`")

    def shows(self, filter, at_least=1, at_most=None):
        """Claims that the capture holds so many packets matching a display filter."""
        self.claims.append((filter, at_least, at_most))

    def expect(self, stream=0, role="only", family=None, cause=None, phase=None, ending=None,
               severity=None, proof=None, alternatives=None):
        """Says what is right about one connection.

        `proof` is a display filter for the frames of which one must be cited. `ending` is
        (kind, by), or "first" for the first FIN or RST where the ends race to be first.
        """
        self.connections.append(dict(
            stream=stream, role=role, family=family, cause=cause, phase=phase, ending=ending,
            severity=severity, proof=proof, alternatives=alternatives))

    def expect_at_server(self, stream=0, role="only", **said):
        """Says what is right about one connection of the second capture, taken at the server."""
        self.at_server.append({"stream": stream, "role": role, **said})

    def attempt(self, streams, outcome, family=None):
        said = {"streams": streams, "outcome": outcome, "family": family}
        self.attempts.append({key: value for key, value in said.items() if value is not None})

    def expect_each(self, outcome, first=0, **said):
        """The same of every connection from stream `first` on, which together are one attempt.

        FreeRDP tries twice: a connection that fails is often followed by its like.
        """
        streams = self.streams(first)
        for stream in streams:
            role = "only" if len(streams) == 1 else "first" if stream == first else "retry"
            self.expect(stream, role, **said)
        self.attempt(streams, outcome, None if said.get("alternatives") else said["family"])

    def streams(self, first=0):
        """The numbers of the connections in the capture, which ends here."""
        self.captures[0].stop(0)
        done = subprocess.run(
            ["tshark", "-n", "-r", self.captures[0].file, "-T", "fields", "-e", "tcp.stream"],
            text=True, capture_output=True, timeout=60)
        return list(range(first, max(int(word.split(",")[0]) for word in done.stdout.split()) + 1))

    # The recording is over: prove it, then write the folder.

    def frames(self, file, filter):
        """The numbers of the packets that match a display filter."""
        done = subprocess.run(
            ["tshark", "-n", "-r", file, "-d", "tcp.port==3389,tls", "-o", "tcp.relative_sequence_numbers:TRUE",
             "-Y", filter, "-T", "fields", "-e", "frame.number"],
            text=True, capture_output=True, timeout=60)
        if done.returncode:
            raise LabError(f"tshark: {done.stderr.strip()}")
        return [int(line) for line in done.stdout.split()]

    def first_close(self, file, stream):
        """Kind and sender of the first FIN or RST, where the two ends race for it."""
        opening = subprocess.run(
            ["tshark", "-n", "-r", file, "-Y", f"tcp.stream == {stream}", "-T", "fields",
             "-e", "tcp.srcport", "-e", "tcp.flags.reset", "-e", "tcp.flags.fin"],
            text=True, capture_output=True, timeout=60).stdout.splitlines()
        client = opening[0].split("\t")[0]
        for port, reset, fin in (line.split("\t") for line in opening):
            if "1" in (reset, fin):
                return "reset" if reset == "1" else "fin", "client" if port == client else "server"
        raise LabError(f"stream {stream} was not closed")

    def prove(self, file):
        for filter, at_least, at_most in self.claims:
            count = len(self.frames(file, filter))
            if count < at_least or (at_most is not None and at_most < count):
                raise LabError(f"{count} packets match {filter!r}, wanted {at_least} to {at_most}")

    def expectation(self, file):
        connections = []
        for given in self.connections:
            frames = []
            if given["proof"]:
                frames = self.frames(file, f"tcp.stream == {given['stream']} && ({given['proof']})")
                if not frames:
                    raise LabError(f"nothing matches {given['proof']!r} in stream {given['stream']}")
            ending = given["ending"]
            if ending == "first":
                ending = self.first_close(file, given["stream"])
            ending = ending and dict(zip(("kind", "by"), ending))
            entry = {
                "stream": given["stream"], "role": given["role"], "family": given["family"],
                "familyAlternatives": given["alternatives"], "cause": given["cause"],
                "phase": given["phase"], "ending": ending, "severity": given["severity"],
                "evidenceFrames": frames[:12] or None}
            connections.append({key: value for key, value in entry.items() if value is not None})
        return {"connections": connections, "attempts": self.attempts}

    def write(self, folder):
        """Writes capture, README and expectation of a recording that proves what it says."""
        recording = self.captures[0]
        recording.stop(0)
        format = recording.format
        if self.lost:
            filter, count = self.lost
            frames = self.frames(recording.file, filter)[-count:]
            whole = recording.file.rename(self.work / f"whole.{format}")
            subprocess.run(["editcap", "-F", format, whole, recording.file, *map(str, frames)],
                           check=True, timeout=60)
        if self.secrets:
            plain = recording.file.rename(self.work / f"plain.{format}")
            subprocess.run(["editcap", "--inject-secrets", f"tls,{self.secrets}", plain, recording.file],
                           check=True, timeout=60)
        self.prove(recording.file)
        expectation = self.expectation(recording.file)
        data = anonymous(recording.file.read_bytes())
        if self.case.name.endswith("-gz"):
            data, format = gzip.compress(data, 9, mtime=0), format + ".gz"
        if LARGEST_CAPTURE < len(data):
            raise LabError(f"the capture is {len(data)} bytes, more than {LARGEST_CAPTURE}")
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("capture.*"):
            old.unlink()
        (folder / f"capture.{format}").write_bytes(data)
        if self.server_key:
            (folder / "rsakeys.ini").write_bytes(self.server_key.read_bytes())
        expected = folder / "expected.json"
        if expected.exists():
            # What people wrote for each other outlives the recording.
            old = json.loads(expected.read_text())
            expectation = {key: old[key] for key in ("note", "knownIssue") if key in old} | expectation
        expected.write_text(json.dumps(expectation, indent=2, ensure_ascii=False) + "\n")
        for other in self.captures[1:]:
            other.stop(0)
            data = anonymous(other.file.read_bytes())
            if LARGEST_CAPTURE < len(data):
                raise LabError(f"the capture at the server is {len(data)} bytes")
            name = f"server.{other.format}"
            (folder / name).write_bytes(data)
            (folder / f"{name}.expected.json").write_text(
                json.dumps({"connections": self.at_server, "attempts": []}, indent=2) + "\n")
        (folder / "README.md").write_text(self.readme(recording))

    def steps(self):
        """The commands that were run on the hosts, without the lab's own folders."""
        lines, versions = [], {}
        for host in self.network.hosts:
            for process in host.processes:
                name = Path(process.command[0]).name
                if name in PACKAGES:
                    versions[PACKAGES[name]] = version(PACKAGES[name])
                if name in UNREMARKABLE:
                    continue
                words = [Path(word).name if str(self.work) in word or word.startswith("/usr") else word
                         for word in process.command]
                lines.append(f"- {host.name}: `{' '.join(words)}`")
            lines += [f"- {host.name}, nftables {hook}: `{'; '.join(rules)}`" for hook, rules in host.rules]
        return lines + [f"- {note}" for note in self.notes], versions

    def readme(self, recording):
        steps, versions = self.steps()
        where = "; ".join(one.where for one in self.captures)
        peers = "; ".join(f"{name} {number}" for name, number in sorted(versions.items()))
        kernel = "Linux " + ".".join(os.uname().release.split(".")[:2])
        lines = [f"# {self.case.name}", "", *self.case.text.split("\n"), "", "## How it was recorded", "",
                 f"Topology: {self.network.description}.", f"Captured at: {where}.", "", *steps,
                 "", f"Peers: {peers + '; ' if peers else ''}{kernel} TCP.",
                 f"Again: `Captures/Lab/lab.py record {self.case.name}`.", "",
                 "Licence: recorded by this project; Apache-2.0.", ""]
        return "\n".join(lines)

    def end(self):
        for recording in self.captures:
            recording.stop(0)
        self.network.end()


def version(package):
    done = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package],
                          text=True, capture_output=True)
    return done.stdout.strip() or "(not installed)"
