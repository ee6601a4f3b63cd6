#!/usr/bin/env python3
"""Runs live capture through what happens to an operator, and checks that it goes on and ends in order.

A reader that stops reading, an interface that is down at the start, deleted and made again, a full
disk under the recorder, a webhook that hangs, files moved away, an end in mid-capture. In a network
namespace of its own; root and tcpreplay are needed.
"""

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FAILURE = ROOT / "Captures/nla-required/capture.pcapng"
SENDER, RECEIVER = "operate0", "operate1"
problems = []


def expect(condition, problem):
    if not condition:
        problems.append(problem)
        print(f"  problem: {problem}")


def ip(*words):
    subprocess.run(["ip", *words], check=True)


def make_interfaces():
    ip("link", "add", SENDER, "type", "veth", "peer", "name", RECEIVER)
    for name in (SENDER, RECEIVER):
        ip("link", "set", name, "up")


class Work:
    """The folder, and failures that differ in their addresses."""

    def __init__(self, folder):
        self.folder, self.seed = folder, 0

    def fail(self, times=1):
        for _ in range(times):
            self.seed += 1
            copy = self.folder / "copy.pcap"
            subprocess.run(["tcprewrite", f"--seed={self.seed}", "-i", FAILURE, "-o", copy], check=True)
            subprocess.run(["tcpreplay", "-q", "--mbps=40", "-i", SENDER, copy], check=True,
                           capture_output=True)


class Live:
    """Live capture, and how it ends."""

    def __init__(self, binary, work, *options, stdout=None):
        self.lines = work.folder / "lines"
        self.words = open(work.folder / "words", "w+")
        self.process = subprocess.Popen(
            [binary, "live", RECEIVER, "--no-table", "--format", "jsonl", *options],
            stdout=stdout or open(self.lines, "w"), stderr=self.words)
        time.sleep(2)

    def events(self, kind):
        return [event for event in map(json.loads, self.lines.read_text().splitlines())
                if event["event"] == kind]

    def codes(self):
        return [event["code"] for event in self.events("notice")]

    def wait_for(self, count, seconds=15):
        end = time.monotonic() + seconds
        while time.monotonic() < end and len(self.events("verdict")) < count:
            time.sleep(0.1)
        return len(self.events("verdict"))

    def end(self, status=0, seconds=10):
        self.process.send_signal(signal.SIGTERM)
        try:
            found = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            found = self.process.wait()
        expect(found == status, f"it ended with status {found}, not {status}")
        self.words.seek(0)
        return self.words.read()


def packets(file):
    done = subprocess.run(["capinfos", "-M", "-c", file], capture_output=True, text=True)
    return int(done.stdout.split()[-1]) if done.returncode == 0 else None


def reader_stops(binary, work):
    read, write = os.pipe()
    file = work.folder / "stopped.pcapng"
    live = Live(binary, work, "--write", file, stdout=write)
    os.close(write)
    work.fail(25)  # Their lines are more than a pipe holds.
    time.sleep(2)
    said = live.end(status=74)
    os.close(read)
    expect("nobody reads them" in said, "it does not say that nobody reads")
    expect(packets(file) and 25 * 12 <= packets(file), "capture did not go on")


def interface_down_at_start(binary, work):
    ip("link", "set", RECEIVER, "down")
    live = Live(binary, work)
    ip("link", "set", RECEIVER, "up")
    time.sleep(2.5)
    work.fail()
    expect(live.wait_for(1) == 1, "no verdict after the interface came up")
    expect(live.codes() == ["interface_down", "interface_up"], f"it said {live.codes()}")
    live.end()


def interface_made_again(binary, work):
    live = Live(binary, work)
    ip("link", "del", SENDER)
    time.sleep(2)
    make_interfaces()
    time.sleep(2.5)
    work.fail()
    expect(live.wait_for(1) == 1, "no verdict after the interface came back")
    expect(live.codes() == ["interface_gone", "interface_back"], f"it said {live.codes()}")
    live.end()


def disk_full(binary, work):
    disk = work.folder / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12k", "tmpfs", disk], check=True)
    try:
        live = Live(binary, work, "--write", disk / "all.pcapng", "--keep-failures", disk / "kept")
        work.fail(12)
        live.wait_for(12)
        time.sleep(1)
        expect("packets_not_recorded" in live.codes(), "it does not say that the disk is full")
        before = packets(disk / "all.pcapng")
        expect(before, "the file is not readable while the disk is full")
        subprocess.run(["mount", "-o", "remount,size=8m", disk], check=True)
        work.fail()
        live.wait_for(13)
        time.sleep(1)
        expect("packets_recorded_again" in live.codes(), "it does not say that there is room again")
        live.end(status=74)
        expect(before < (packets(disk / "all.pcapng") or 0), "the file did not go on")
        expect(len(list((disk / "kept").glob("*.pcapng"))) == 13, "failures are missing")
    finally:
        subprocess.run(["umount", disk], check=True)


def webhook_hangs(binary, work):
    silent = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
    live = Live(binary, work, "--webhook", address, "--metrics", "127.0.0.1:9469")
    work.fail(6)
    expect(live.wait_for(6) == 6, "verdicts wait for the webhook")
    text = urllib.request.urlopen("http://127.0.0.1:9469/metrics", timeout=5).read().decode()
    expect('rdpscope_failures_pending{cause="nla_required"} 6' in text, "failures are not pending")
    expect("rdpscope_failures_total{" not in text, "failures are final too early")
    said = live.end()
    expect("2 failures dropped, 4 programs failed" in said, f"hooks are not accounted for: {said}")
    silent.close()


def files_moved(binary, work):
    lines, file = work.folder / "log", work.folder / "moved.pcapng"
    live = Live(binary, work, "--output", lines, "--write", file)
    work.fail()
    time.sleep(2)
    for path in (lines, file):
        path.rename(f"{path}.1")
    live.process.send_signal(signal.SIGHUP)
    time.sleep(1)
    work.fail()
    time.sleep(2)
    live.end()
    for path in (file, f"{file}.1"):
        expect(packets(path) and 12 <= packets(path), f"{path} is not whole")
    expect("verdict" in lines.read_text(), "the new file has no verdict")


def ended_amid_traffic(binary, work):
    live = Live(binary, work, "--all-ports", "--write", work.folder / "row.pcapng", "--rotate-size", "1",
                "--files", "3")
    sender = subprocess.Popen(["tcpreplay", "-q", "--topspeed", "--preload-pcap", "--loop", "3000", "-i", SENDER,
                               ROOT / "Captures/many-users/capture.pcap"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(2)
    live.end()
    sender.terminate()
    sender.wait()
    row = sorted(work.folder.glob("row_*.pcapng"))
    expect(len(row) == 3, f"{len(row)} files, not three")
    expect(all(packets(file) for file in row), "a file is not readable")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--command", default=ROOT / ".build/release/rdpscope", type=Path)
    options = parser.parse_args()
    tools = ("tcpreplay", "tcprewrite", "capinfos", "curl", "unshare")
    if os.geteuid() != 0 or not all(map(shutil.which, tools)):
        print("skipped: it needs root, " + ", ".join(tools))
        return
    if not os.environ.get("RDPSCOPE_OPERATE"):
        os.execvpe("unshare", ["unshare", "--net", "--mount", sys.executable, *sys.argv],
                   os.environ | {"RDPSCOPE_OPERATE": "1"})
    ip("link", "set", "lo", "up")
    make_interfaces()
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        for scene in (reader_stops, interface_down_at_start, interface_made_again, disk_full,
                      webhook_hangs, files_moved, ended_amid_traffic):
            place = Path(folder) / scene.__name__
            place.mkdir()
            print(scene.__name__.replace("_", " "), flush=True)
            scene(options.command.resolve(), Work(place))
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
