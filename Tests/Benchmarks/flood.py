#!/usr/bin/env python3
"""Measures the memory that a SYN flood costs: half-open connections, each from a forged sender.

usage: flood.py [--command rdpscope] [--connections N ...] [--port N ...] [--max-memory MB]

The capture is made while it is read, through a pipe, and ends with one real connection attempt,
which must still be in the report with its handshake. Exits with 1 when a limit is exceeded.
"""

import argparse
import json
import random
import resource
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVER = bytes((192, 0, 2, 10))
LATE = bytes((198, 51, 100, 77))
SYN, ACK, ANSWER, REFUSAL = 0x02, 0x10, 0x12, 0x14
# An X.224 Connection Request that asks for TLS.
REQUEST = bytes.fromhex("030000130ee000000000000100080001000000")


def packet(microseconds, source, sourcePort, target, targetPort, sequence, acknowledgment, flags,
           payload=b""):
    """One packet of a pcap file: Ethernet, IPv4 and TCP headers (checksums are not looked at)."""
    length = 54 + len(payload)
    return (struct.pack("<IIII", 1_700_000_000 + microseconds // 1_000_000,
                        microseconds % 1_000_000, length, length)
            + b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0\x45\0" + struct.pack(">H", length - 14)
            + b"\0\0\0\0\x40\6\0\0" + source + target
            + struct.pack(">HHIIHHHH", sourcePort, targetPort, sequence, acknowledgment,
                          0x5000 | flags, 64240, 0, 0) + payload)


def flood(out, count, port, answered):
    """Writes the capture: `count` SYNs, answered or not, and one attempt that is reset."""
    generator = random.Random(1)
    out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
    now, pending = 0, []
    for index in range(count):
        now += 10
        source = generator.randbytes(4)
        sourcePort, sequence = 1024 + index % 60000, index & 0xFFFFFFFF
        pending.append(packet(now, source, sourcePort, SERVER, port, sequence, 0, SYN))
        if answered:
            pending.append(packet(now + 5, SERVER, port, source, sourcePort, 77, sequence + 1, ANSWER))
        if len(pending) > 4000:
            out.write(b"".join(pending))
            pending.clear()
    ends, answer = (LATE, 50000, SERVER, 3389), (SERVER, 3389, LATE, 50000)
    pending += [packet(now + 20, *ends, 1000, 0, SYN), packet(now + 60, *answer, 500, 1001, ANSWER),
                packet(now + 90, *ends, 1001, 501, ACK),
                packet(now + 99, *ends, 1001, 501, ACK, REQUEST),
                packet(now + 200, *answer, 501, 1001 + len(REQUEST), REFUSAL)]
    out.write(b"".join(pending))
    out.close()


def measure(command, count, port, answered):
    """Peak memory in megabytes, seconds and the report."""
    with tempfile.TemporaryFile() as output:
        start = time.monotonic()
        process = subprocess.Popen(
            [command, "analyze", "--format", "json", "--no-progress", "-"],
            stdin=subprocess.PIPE, stdout=output)
        writer = threading.Thread(target=flood, args=(process.stdin, count, port, answered))
        writer.start()
        status = process.wait()
        writer.join()
        seconds = time.monotonic() - start
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        output.seek(0)
        report = json.load(output) if status == 0 else None
    return peak / (1e6 if sys.platform == "darwin" else 1e3), seconds, report


def problems(report, count, peak, limit):
    if report is None:
        return ["rdpscope failed"]
    found = [] if peak <= limit else [f"{peak:.0f} MB, allowed {limit}"]
    if report["captures"][0]["packets"] < count:
        found.append(f"only {report['captures'][0]['packets']} packets read")
    real = [item for item in report["connections"] if item["client"]["port"] == 50000
            and item["phase"] == "x224" and item["frames"]["count"] == 5 and item["tcp"]["rtt"]]
    if not real:
        found.append("the real attempt after the flood is not in the report")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--command", type=Path, default=ROOT / ".build/release/rdpscope")
    parser.add_argument("--connections", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--port", type=int, nargs="+", default=[443, 3389])
    parser.add_argument("--max-memory", type=float, default=256, help="resident megabytes (256)")
    given = parser.parse_args()
    failed = False
    # The meter knows only the largest child so far, so the larger ones come last.
    for count in sorted(given.connections):
        for port in given.port:
            for answered in (False, True):
                peak, seconds, report = measure(given.command, count, port, answered)
                kind = "answered" if answered else "unanswered"
                warnings = [w["code"] for w in report["captures"][0]["warnings"]] if report else []
                listed = len(report["connections"]) if report else 0
                print(f"{count:>10} SYNs to port {port}, {kind}: peak so far {peak:.0f} MB,"
                      f" {seconds:.1f} s, {listed} connections listed, warnings {warnings}",
                      flush=True)
                for problem in problems(report, count, peak, given.max_memory):
                    failed = True
                    print(f"exceeded: {problem}", file=sys.stderr)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
