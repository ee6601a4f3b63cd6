#!/usr/bin/env python3
"""Replays a capture at top speed over a veth at live capture and, in turns, at tcpdump.

Says how many packets a second each kept and how many were lost on the way. In a network
namespace of its own; root, tcpreplay and tcpdump are needed. Exits with 1 when live capture keeps
less than the wanted share of tcpdump's rate, or loses a packet.
"""

import argparse
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SENDER, RECEIVER = "rate0", "rate1"


class Observer:
    """A program that looks at the packets of an interface until it is told to end."""

    def __init__(self, name, command, counts, ready):
        self.name, self.command, self.counts, self.ready = name, command, counts, ready
        self.rates, self.costs, self.seen, self.dropped = [], [], 0, 0

    def watch(self, replay):
        """One replay; what was kept of it."""
        with tempfile.NamedTemporaryFile(mode="w+") as words:
            process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=words)
            time.sleep(self.ready)
            sent, seconds = replay()
            time.sleep(1)
            process.send_signal(signal.SIGTERM)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = status
            words.seek(0)
            said = words.read()
        if status != 0:
            sys.exit(f"{self.name} ended with status {status}: {said}")
        seen, dropped = self.counts(said)
        self.rates.append((sent - dropped) / seconds)
        self.seen += seen
        self.dropped += dropped
        self.costs.append((usage.ru_utime + usage.ru_stime) / sent * 1e9)
        print(f"{self.name:<26} sent {sent} in {seconds:.2f} s, looked at {seen}, dropped {dropped}:"
              f" {self.rates[-1]:,.0f} packets/s kept, {self.costs[-1]:.0f} ns of CPU for each,"
              f" {usage.ru_maxrss / 1024:.0f} MiB", flush=True)


def tcpdumpCounts(said):
    captured, dropped = (int(re.search(rf"(\d+) packets? {word}", said)[1])
                         for word in ("captured", "dropped by kernel"))
    return captured, dropped


def liveCounts(said):
    seen, dropped = re.search(r"(\d+) packets in \d+ s, (\d+) dropped", said).groups()
    return int(seen), int(dropped)


def replayer(capture, speed):
    def replay():
        done = subprocess.run(["tcpreplay", "-q", *speed, "--preload-pcap", "-i", SENDER, capture],
                              capture_output=True, text=True, check=True)
        sent, seconds = re.search(r"Actual: (\d+) packets \(\d+ bytes\) sent in ([\d.]+) seconds",
                                  done.stdout + done.stderr).groups()
        return int(sent), float(seconds)
    return replay


def prepare():
    for command in ("link set lo up",
                    f"link add {SENDER} mtu 65535 type veth peer name {RECEIVER} mtu 65535",
                    f"link set {SENDER} up", f"link set {RECEIVER} up"):
        subprocess.run(["ip", *command.split()], check=True)
    for name in (SENDER, RECEIVER):
        Path(f"/proc/sys/net/ipv6/conf/{name}/disable_ipv6").write_text("1")
        # Packets of the capture are nobody's: the stack answers none of them.
        subprocess.run(["ip", "link", "set", name, "arp", "off"], check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--command", default=ROOT / ".build/release/rdpscope", type=Path)
    parser.add_argument("--capture", type=Path, help="what is replayed (default: bench's mixed capture)")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--pps", type=int, help="packets a second (default: top speed)")
    parser.add_argument("--share", type=float, default=0.9, help="of tcpdump's rate (0.9)")
    given = parser.parse_args()
    if os.geteuid() != 0 or not all(map(shutil.which, ("tcpreplay", "tcpdump", "unshare"))):
        print("skipped: the rate needs root, tcpreplay and tcpdump")
        return
    found = sorted((ROOT / "build/bench").glob("mixed-*.pcap"))
    capture = given.capture or (found[0] if found else None)
    if capture is None:
        sys.exit("rate: no mixed capture in build/bench; `make bench` makes it")
    if not os.environ.get("RDPSCOPE_RATE"):
        os.execvpe("unshare", ["unshare", "--net", "--mount", sys.executable, *sys.argv],
                   os.environ | {"RDPSCOPE_RATE": "1"})
    prepare()
    live = [given.command, "live", RECEIVER, "--no-table", "--output", "/dev/null"]
    observers = [
        Observer("tcpdump -w /dev/null", ["tcpdump", "-i", RECEIVER, "-w", "/dev/null"], tcpdumpCounts, 1),
        Observer("tcpdump -B 65536", ["tcpdump", "-B", "65536", "-i", RECEIVER, "-w", "/dev/null"],
                 tcpdumpCounts, 1),
        Observer("rdpscope live", live, liveCounts, 1.5),
        Observer("rdpscope live --all-ports", [*live, "--all-ports"], liveCounts, 1.5),
    ]
    replay = replayer(capture, [f"--pps={given.pps}"] if given.pps else ["--topspeed"])
    replay()  # The file comes into the page cache.
    for _ in range(given.runs):
        for observer in observers:
            observer.watch(replay)
    print()
    for observer in observers:
        print(f"{observer.name:<26} median {statistics.median(observer.rates):,.0f} packets/s kept,"
              f" {statistics.median(observer.costs):.0f} ns of CPU for each; {observer.dropped} dropped")
    best = max(statistics.median(observer.rates) for observer in observers[:2])
    failed = False
    for observer in observers[2:]:
        share = statistics.median(observer.rates) / best
        print(f"{observer.name}: {share:.0%} of tcpdump's rate")
        failed = failed or share < given.share or 0 < observer.dropped
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
