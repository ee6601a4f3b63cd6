#!/usr/bin/env python3
"""Measures memory and time on captures that are made while they are read, through a pipe.

usage: memory.py [--command rdpscope] [--folder DIR] [--large] [NAME ...]

Long streams, many sessions at a time, scans, segments out of order: `--list` names them. With
`--large` the streams are ten times as long. Exits with 1 when a limit is exceeded, packets are
missing from the report, or time grows faster than the input.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import ROOT, compiled

GIGABYTE = 10**9
# name: (shape and arguments, megabytes allowed)
CASES = {
    "stream-0.1": (["sessions", 100, GIGABYTE // 10], 64),
    "stream-1": (["sessions", 100, GIGABYTE], 64),
    "stream-10": (["sessions", 100, 10 * GIGABYTE], 64),
    "connections-1e3": (["connections", 1000], 256),
    "connections-1e4": (["connections", 10_000], 256),
    "connections-1e5": (["connections", 100_000], 512),
    # The list is full, at nine kilobytes a connection, and so is the table of flows.
    "connections-1e6": (["connections", 1_000_000], 640),
    "scan-1e6": (["scan", 1_000_000], 256),
    "sessions-1e5": (["sessions", 100_000, GIGABYTE], 512),
    "disorder-1": (["disorder", GIGABYTE], 64),
    "holes-1": (["holes", GIGABYTE], 64),
}
SLOW = {"stream-10"}
# What should take the same time for each octet or connection.
CURVES = [["stream-0.1", "stream-1", "stream-10"],
          ["connections-1e3", "connections-1e4", "connections-1e5", "connections-1e6"]]


def summary(output):
    """Packets, warnings and listed connections of a report, read line by line.

    The report is not loaded: the next child's peak would count what this process held.
    """
    packets, warnings, listed = 0, [], 0
    for line in output:
        if line.startswith(b'      "packets": '):
            packets = int(line.split()[1].rstrip(b","))
        elif line.startswith(b'          "code": ') and not listed:
            warnings.append(json.loads(line.split(b": ")[1].rstrip(b",\n")))
        elif line.startswith(b'      "stream": '):
            listed += 1
    return packets, warnings, listed


def run(command, maker, case):
    """One run: seconds of processor time, wall seconds, peak megabytes, the report's summary."""
    with tempfile.TemporaryFile() as output:
        start = time.monotonic()
        source = subprocess.Popen([maker, *map(str, case)], stdout=subprocess.PIPE)
        process = subprocess.Popen(
            [command, "analyze", "--format", "json", "--no-progress", "-"],
            stdin=source.stdout, stdout=output)
        source.stdout.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - start
        source.wait()
        output.seek(0)
        report = summary(output) if process.returncode == 0 else None
    scale = 1 if sys.platform == "darwin" else 1024
    return usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * scale / 1e6, report


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--command", type=Path, default=ROOT / ".build/release/rdpscope")
    parser.add_argument("--folder", type=Path, default=ROOT / "build/bench")
    parser.add_argument("--large", action="store_true", help="the longest streams, too")
    parser.add_argument("--list", action="store_true")
    given = parser.parse_args()
    if given.list:
        print("\n".join(CASES))
        return
    given.folder.mkdir(parents=True, exist_ok=True)
    maker = compiled("synthesize", given.folder)
    failed, cost = False, {}
    print(f"{'':<16} {'packets':>10} {'listed':>7} {'processor':>10} {'wall':>9} {'peak':>9}  warnings")
    for name, (case, limit) in CASES.items():
        if given.names and name not in given.names or name in SLOW and not (given.large or given.names):
            continue
        processor, wall, peak, report = run(given.command, maker, case)
        if report is None:
            print(f"{name}: rdpscope failed", file=sys.stderr)
            failed = True
            continue
        packets, warnings, listed = report
        print(f"{name:<16} {packets:>10} {listed:>7}"
              f" {processor:>8.2f} s {wall:>7.1f} s {peak:>6.0f} MB  {', '.join(warnings) or 'none'}",
              flush=True)
        cost[name] = processor / packets
        if limit < peak:
            failed = True
            print(f"exceeded: {name}: {peak:.0f} MB, allowed {limit}", file=sys.stderr)
    for curve in CURVES:
        known = [name for name in curve if name in cost]
        if len(known) > 1:
            print("nanoseconds a packet: " + ", ".join(f"{n} {cost[n] * 1e9:.0f}" for n in known))
        # Start-up weighs on the shortest; caches on the longest.
        if len(known) > 1 and 2 * cost[known[0]] < cost[known[-1]]:
            failed = True
            print(f"exceeded: {known[-1]} costs more than twice as much a packet as {known[0]}",
                  file=sys.stderr)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
