#!/usr/bin/env python3
"""Sends an hour of traffic through `rdpscope live -` as fast as it is taken, and watches its memory.

Time comes from the packets, so that an hour takes a minute or less. Each round replays recorded
connections from client and server addresses of its own. Exits with 1 when resident memory grows after
the first quarter, when a connection is not judged, or when a verdict differs from the recorded one.
"""

import argparse
import collections
import json
import os
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CASES = ["port-closed", "nla-required", "tls-version-alert", "healthy-nla-login", "firewall-drop",
         "ended-by-user-logoff", "service-killed", "certificate-declined-nla", "forged-reset-on-request"]
START = 1_760_000_000
# Growth of resident memory after the first quarter that is no leak: an allocator's pages.
ALLOWED_GROWTH_MIB = 12


def blocks(data):
    """Ethernet packets of a little-endian pcapng file: nanoseconds since the first, octets."""
    offset, resolution, found = 0, 1000, []
    while offset + 12 <= len(data):
        kind, length = struct.unpack_from("<II", data, offset)
        if kind == 1:
            options = data[offset + 16:offset + length - 4]
            while len(options) >= 4:
                code, size = struct.unpack_from("<HH", options)
                if code == 9:
                    resolution = 10 ** (9 - options[4])
                options = options[4 + (size + 3) // 4 * 4:]
        elif kind == 6:
            high, low, captured = struct.unpack_from("<III", data, offset + 12)
            found.append(((high << 32 | low) * resolution, data[offset + 28:offset + 28 + captured]))
        offset += length
    return [(time - found[0][0], octets) for time, octets in found]


def addresses(octets):
    """Where the IPv4 addresses of a packet stand."""
    kind = octets[12:14]
    return (26, 30) if kind == b"\x08\x00" else (28, 38) if kind == b"\x08\x06" else ()


def template():
    """One round: each packet's time, its octets and where its addresses stand."""
    found = []
    for number, case in enumerate(CASES):
        for time, octets in blocks((ROOT / "Captures" / case / "capture.pcapng").read_bytes()):
            octets, places = bytearray(octets), addresses(octets)
            for place in places:
                # Every case has a network of its own, in which the round counts.
                octets[place] = 10 + number
            found.append((time, octets, places))
    return sorted(found, key=lambda item: item[0])


def packets(rounds, pause):
    """The rounds, each `pause` seconds after the one before, in the order of time."""
    whole = template()
    rest = []
    for number in range(rounds):
        begin = int(number * pause * 1e9)
        current = []
        for time, octets, places in whole:
            for place in places:
                octets[place + 1:place + 3] = struct.pack(">H", number)
            current.append((begin + time, bytes(octets)))
        rest = sorted(rest + current, key=lambda item: item[0])
        until = begin + int(pause * 1e9)
        ready = sum(1 for time, _ in rest if time < until)
        yield from rest[:ready]
        rest = rest[ready:]
    yield from rest


def resident(pid):
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def feed(process, rounds, pause, minutes):
    """Writes the capture; resident memory at each twelfth of the time."""
    samples, pending, size = [], [struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, 1)], 0
    for time, octets in packets(rounds, pause):
        pending.append(struct.pack("<IIII", START + time // 10**9, time % 10**9, len(octets), len(octets)))
        pending.append(octets)
        size += len(octets)
        if size > 1 << 16:
            process.stdin.write(b"".join(pending))
            pending, size = [], 0
            minute = time / 60e9
            if len(samples) * minutes / 12 <= minute:
                samples.append((minute, resident(process.pid)))
    process.stdin.write(b"".join(pending))
    process.stdin.flush()
    samples.append((minutes, resident(process.pid)))
    process.stdin.close()
    return samples


def expected():
    """How often each cause is the verdict in one round."""
    done = subprocess.run([OPTIONS.command, "analyze", "--format", "json", "--no-progress",
                           *(ROOT / "Captures" / case / "capture.pcapng" for case in CASES)],
                          capture_output=True, check=True)
    return collections.Counter(one["verdict"]["cause"] for one in json.loads(done.stdout)["connections"])


def main():
    rounds = int(OPTIONS.minutes * 60 / OPTIONS.pause)
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "events.jsonl"
        process = subprocess.Popen(
            [OPTIONS.command, "live", "-", "--format", "jsonl", "--output", lines, "--keep-failures",
             Path(folder) / "kept", "--keep-files", "20", "--ring-size", "8"], stdin=subprocess.PIPE)
        samples = feed(process, rounds, OPTIONS.pause, OPTIONS.minutes)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = status
        told = collections.Counter()
        folded = 0
        for line in open(lines):
            event = json.loads(line)
            if event["event"] == "verdict" and event["final"]:
                told[event["verdict"]["cause"]] += 1
            folded += event["event"] == "folded" and event["count"]
    for minute, size in samples:
        print(f"{minute:5.1f} min of packets: {size:.1f} MiB resident")
    print(f"{rounds} rounds, {sum(told.values())} final verdicts, {folded} folded,"
          f" {usage.ru_utime + usage.ru_stime:.1f} s of CPU")
    problems = [] if status == 0 else [f"live ended with status {status}"]
    settled = next(size for minute, size in samples if minute >= OPTIONS.minutes / 4)
    if ALLOWED_GROWTH_MIB < samples[-1][1] - settled:
        problems.append(f"memory grew by {samples[-1][1] - settled:.1f} MiB")
    wanted = collections.Counter({cause: count * rounds for cause, count in expected().items()})
    for cause in sorted(wanted | told):
        if told[cause] != wanted[cause]:
            problems.append(f"{cause}: {told[cause]} final verdicts, {wanted[cause]} connections")
    for problem in problems:
        print(f"problem: {problem}")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--command", default=ROOT / ".build/release/rdpscope", type=Path)
    parser.add_argument("--minutes", type=float, default=60, help="of packet time (60)")
    parser.add_argument("--pause", type=float, default=8, help="seconds of packet time between rounds (8)")
    OPTIONS = parser.parse_args()
    main()
