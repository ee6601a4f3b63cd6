#!/usr/bin/env python3
"""Replays recorded failures at live capture, again and again, and watches its resident memory.

In a network namespace of its own; root and tcpreplay are needed. Each round has client
addresses of its own, so that no round looks like the retries of another.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CASES = ["port-closed", "nla-required", "tls-version-alert", "healthy-nla-login", "many-users",
         "ended-by-user-logoff", "service-killed"]
# Growth of resident memory in the second half that is no leak: until ten minutes have passed, what is
# remembered for so long still grows; then the allocator's pages.
ALLOWED_GROWTH_MIB = 24


def resident(pid):
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def captures():
    found = []
    for case in CASES:
        found += [path for path in (ROOT / "Captures" / case).glob("capture.pcap*")
                  if path.suffix in (".pcap", ".pcapng")]
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--command", default=ROOT / ".build/release/rdpscope", type=Path)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--pause", type=float, default=0.5, help="seconds between two rounds (0.5)")
    options = parser.parse_args()
    if os.geteuid() != 0 or not shutil.which("tcpreplay") or not shutil.which("tcprewrite"):
        print("skipped: the soak needs root, tcpreplay and tcprewrite")
        return
    if not os.environ.get("RDPSCOPE_SOAK"):
        os.execvpe("unshare", ["unshare", "--net", "--mount", sys.executable, *sys.argv],
                   os.environ | {"RDPSCOPE_SOAK": "1"})
    for command in ("link set lo up", "link add soak0 type veth peer name soak1", "link set soak0 up",
                    "link set soak1 up"):
        subprocess.run(["ip", *command.split()], check=True)
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        work = Path(folder)
        live = subprocess.Popen([options.command, "live", "soak1", "--format", "jsonl", "--output",
                                 work / "events.jsonl", "--keep-failures", work / "kept",
                                 "--keep-files", "50"])
        try:
            watch(live, work, options.minutes * 60, options.pause)
        finally:
            live.send_signal(signal.SIGTERM)
            status = live.wait(20)
        print(f"events: {sum(1 for _ in open(work / 'events.jsonl'))}, "
              f"files kept: {len(list((work / 'kept').glob('*.pcapng')))}, exit status {status}")


def watch(live, work, seconds, pause):
    start, at, round_number, samples = time.monotonic(), 0, 0, []
    while time.monotonic() - start < seconds:
        if live.poll() is not None:
            sys.exit(f"live capture ended with status {live.returncode}")
        round_number += 1
        for number, capture in enumerate(captures()):
            copy = work / "round.pcap"
            subprocess.run(["tcprewrite", f"--seed={round_number * 100 + number}", "-i", capture, "-o", copy],
                           check=False, capture_output=True)
            subprocess.run(["tcpreplay", "-q", "--mbps=40", "-i", "soak0",
                            copy if copy.exists() else capture], capture_output=True, check=False)
        time.sleep(pause)
        if time.monotonic() - start >= at:
            samples.append((time.monotonic() - start, resident(live.pid)))
            print(f"{samples[-1][0] / 60:5.1f} min: {samples[-1][1]:.1f} MiB, round {round_number}", flush=True)
            at += max(30, seconds / 40)
    samples.append((time.monotonic() - start, resident(live.pid)))
    settled = [size for moment, size in samples if moment >= seconds / 2] or [samples[0][1]]
    growth = samples[-1][1] - settled[0]
    print(f"{samples[-1][0] / 60:5.1f} min: {samples[-1][1]:.1f} MiB; {growth:+.1f} MiB in the second half")
    if ALLOWED_GROWTH_MIB < growth:
        sys.exit("memory grows")


if __name__ == "__main__":
    main()
