#!/usr/bin/env python3
"""Sends a million SYNs from as many addresses in a minute at live capture, and looks at its memory.

In a network namespace of its own; root is needed. Exits with 1 when it takes more than 256 MiB, when a
packet is neither looked at nor said to be dropped, or when a real failure after the flood is not told.
"""

import argparse
import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEAD = b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0" + b"\x45\0\0\x28\0\1\x40\0\x40\6\0\0"
SERVER = bytes((192, 0, 2, 20))
SYN, ACK, RST = 0x02, 0x10, 0x04


# An X.224 Connection Request that asks for TLS.
REQUEST = bytes.fromhex("030000130ee000000000000100080001000000")


def packet(source, target, sourcePort, targetPort, sequence, acknowledgment, flags, payload=b""):
    """Ethernet, IPv4 and TCP headers without options; checksums are not looked at."""
    head = HEAD[:16] + struct.pack(">H", 40 + len(payload)) + HEAD[18:]
    return (head + source + target + struct.pack(">HHIIHHHH", sourcePort, targetPort, sequence,
                                                  acknowledgment, 0x5000 | flags, 64240, 0, 0) + payload)


def failure(sender):
    """A connection that the server resets after its first octets."""
    client, end = bytes((198, 51, 100, 77)), 1001 + len(REQUEST)
    for one in (packet(client, SERVER, 50000, 3389, 1000, 0, SYN),
                packet(SERVER, client, 3389, 50000, 500, 1001, SYN | ACK),
                packet(client, SERVER, 50000, 3389, 1001, 501, ACK),
                packet(client, SERVER, 50000, 3389, 1001, 501, ACK, REQUEST),
                packet(SERVER, client, 3389, 50000, 501, end, RST | ACK)):
        sender.send(one)
        time.sleep(0.01)


def status(pid, key):
    text = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(rf"{key}:\s+(\d+)", text)[1]) / 1024


def flood(sender, pid, count, seconds):
    start = time.monotonic()
    for index in range(count):
        source = (0x0A000000 + index).to_bytes(4, "big")
        sender.send(packet(source, SERVER, 1024 + index % 60000, 3389, index, 0, SYN))
        if index % 1000 == 0:
            time.sleep(max(0, start + seconds * index / count - time.monotonic()))
        if index % (count // 6) == 0:
            print(f"{time.monotonic() - start:5.1f} s: {index} sent, {status(pid, 'VmRSS'):.0f} MiB resident",
                  flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--command", default=ROOT / ".build/release/rdpscope", type=Path)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--max-memory", type=float, default=256, help="resident MiB (256)")
    given = parser.parse_args()
    if os.geteuid() != 0:
        print("skipped: the flood needs root for its network namespace")
        return
    if not os.environ.get("RDPSCOPE_FLOOD"):
        os.execvpe("unshare", ["unshare", "--net", sys.executable, *sys.argv],
                   os.environ | {"RDPSCOPE_FLOOD": "1"})
    for command in ("link set lo up", "link add flood0 type veth peer name flood1", "link set flood0 up",
                    "link set flood1 up"):
        subprocess.run(["ip", *command.split()], check=True)
    with tempfile.TemporaryDirectory() as folder:
        lines, words = Path(folder) / "events.jsonl", Path(folder) / "words"
        with open(words, "w") as errors:
            live = subprocess.Popen([given.command, "live", "flood1", "--format", "jsonl", "--output", lines,
                                     "--keep-failures", Path(folder) / "kept"], stderr=errors)
        time.sleep(2)
        sender = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        sender.bind(("flood0", 0))
        flood(sender, live.pid, given.count, given.seconds)
        failure(sender)
        time.sleep(4)
        peak = status(live.pid, "VmHWM")
        live.send_signal(signal.SIGTERM)
        _, code, usage = os.wait4(live.pid, 0)
        live.returncode = code
        said = words.read_text()
        events = [json.loads(line) for line in open(lines)]
    print(said.strip())
    print(f"{peak:.0f} MiB at most, {usage.ru_utime + usage.ru_stime:.1f} s of CPU")
    problems = [] if code == 0 else [f"live ended with status {code}"]
    if given.max_memory < peak:
        problems.append(f"{peak:.0f} MiB, allowed {given.max_memory:.0f}")
    seen, dropped = map(int, re.search(r"(\d+) packets in \d+ s, (\d+) dropped", said).groups())
    if seen + dropped < given.count:
        problems.append(f"{given.count - seen - dropped} packets went unsaid")
    if not any(event["event"] == "verdict" and event["client"]["address"] == "198.51.100.77"
               and event["failure"] for event in events):
        problems.append("the real failure after the flood was not told")
    for problem in problems:
        print(f"problem: {problem}")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
