#!/usr/bin/env python3
"""Makes the benchmark's captures out of recorded connections.

usage: generate.py (rdp | mixed) OUTPUT [--from PATH...] [--size MB] [--connections N] [--seed N]

rdp    nothing but RDP: the connections found in the captures (default: Captures/), copied until
       the size is reached
mixed  5 % of the octets RDP, the rest HTTPS, HTTP, SMB, database, QUIC, DNS and ARP in shape

Each copy has new addresses, a new client port and its own start; IPv4 and TCP checksums are
carried over by their difference (RFC 1624), so they are as right or wrong as they were recorded.
Packets of all copies are in time order, many connections at once, as on a real link. Recorded
sessions are short: their exchange of TLS records is repeated until the mean connection is as
large as asked for. The same arguments give the same octets.
"""

import argparse
import random
import struct
import sys
from pathlib import Path

from captures import flows, isRDP, isSession, stretched
from traffic import models

ROOT = Path(__file__).resolve().parents[2]
BIG_ENDIAN = [struct.pack(">H", value) for value in range(65536)]
RDP_SHARE = 0.05
SESSION_OCTETS = 100_000  # a connection of this size is a session even if it cannot be stretched
FAILURES = 0.1  # of the connections
MEAN_PACKET = 450  # octets, with the 16 of its header in the file
START = 1_760_000_000
SIZES = {}  # by identity of a flow: the flow, kept so that no other gets its identity, and octets


def recorded(paths):
    """All RDP connections of the captures, in the order of their paths."""
    found = []
    for path in paths:
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            if ".pcap" in file.suffix:
                found += [flow for flow in flows(file) if isRDP(flow)]
    if not found:
        sys.exit(f"generate.py: no RDP connection in {' '.join(map(str, paths))}")
    return found


def octets(flow):
    """What the flow takes in a file: packets, and 16 octets of header for each."""
    if id(flow) not in SIZES:
        SIZES[id(flow)] = flow, sum(
            16 + (len(item.head) if item.middle is None else cutLength(item))
            for item in flow.packets)
    return SIZES[id(flow)][1]


def cutLength(item):
    return (38 if item.tcpSum is None else 52) + len(item.tail)


def rdpModels(paths, mean):
    """Sessions of `mean` octets where they can be stretched, and the small ones as they are."""
    found = recorded(paths)
    large = [flow for flow in found if isSession(flow) or octets(flow) > SESSION_OCTETS]
    small = [flow for flow in found if flow not in large]
    large = [stretched(flow, mean) for flow in large]
    if not large:
        sys.exit("generate.py: no session among the captures is long enough to be copied")
    return large, small


def plan(shares, total, seed):
    """Picks copies until every share has its octets: [(start, flow, number)].

    A share with failures is RDP: its sessions are picked so that the mean packet comes near the
    one of long sessions, which those of a lab fall short of.
    """
    randomness = random.Random(seed)
    chosen = []
    for share, candidates, failures in shares:
        wanted, number, packets, size = share * total, 0, 0, 0
        candidates = sorted(candidates, key=meanPacket) if failures else candidates
        half = len(candidates) // 2
        while size < wanted:
            pool = candidates
            if failures and randomness.random() < FAILURES:
                pool = failures
            elif failures and half:
                pool = candidates[half:] if size < MEAN_PACKET * packets else candidates[:half]
            flow = pool[number % len(pool)]
            chosen.append(flow)
            packets += len(flow.packets)
            size += octets(flow)
            number += 1
    window = total  # microseconds: one second of the link carries about a megabyte
    return [(randomness.randrange(window), flow, index) for index, flow in enumerate(chosen)]


def meanPacket(flow):
    return octets(flow) / len(flow.packets)


def words(data):
    return sum(struct.unpack(f">{len(data) // 2}H", data))


class Copy:
    """What the packets of one copy have in common."""

    __slots__ = ("packets", "fromClient", "fromServer", "ipDifference", "tcpDifference")

    def __init__(self, flow, index):
        # No pair comes twice: a million clients' addresses, each with its own port.
        client = struct.pack(">BBHH", 10, index >> 16 & 15, index & 0xFFFF, 49152 + index * 7 % 16384)
        server = bytes([172, 16, index % 3, 1 + index % 50]) + flow.server[4:]
        self.packets = flow.packets
        self.fromClient = client[:4] + server[:4] + client[4:] + server[4:]
        self.fromServer = server[:4] + client[:4] + server[4:] + client[4:]
        old = flow.client[:4] + flow.server[:4]
        self.ipDifference = words(old) - words(client[:4] + server[:4])
        ports = words(flow.client[4:]) - words(client[4:])
        self.tcpDifference = self.ipDifference + ports


def write(path, chosen):
    """Writes all packets of all copies in time order; returns their number."""
    copies, order = [], []
    for start, flow, index in chosen:
        number = len(copies)
        copies.append(Copy(flow, index))
        order += [(start + item.time) << 40 | number << 17 | at
                  for at, item in enumerate(flow.packets)]
    order.sort()
    header = struct.Struct("<IIII").pack
    table = BIG_ENDIAN
    with open(path, "wb") as output:
        output.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262_144, 1))
        for first in range(0, len(order), 50_000):
            pieces = []
            add = pieces.extend
            for key in order[first:first + 50_000]:
                copy = copies[key >> 17 & 0x7FFFFF]
                _, fromClient, head, ipSum, middle, tcpSum, tail, wire = copy.packets[key & 0x1FFFF]
                time = key >> 40
                seconds = START + time // 1_000_000
                if middle is None:
                    add((header(seconds, time % 1_000_000, len(head), wire), head))
                    continue
                ends = copy.fromClient if fromClient else copy.fromServer
                ipSum = table[(ipSum + copy.ipDifference) % 65535]
                if tcpSum is None:
                    length = 38 + len(tail)
                    add((header(seconds, time % 1_000_000, length, wire), head, ipSum, ends, tail))
                else:
                    length = 52 + len(tail)
                    add((header(seconds, time % 1_000_000, length, wire), head, ipSum, ends, middle,
                         table[(tcpSum + copy.tcpDifference) % 65535], tail))
            output.write(b"".join(pieces))
    return len(order)


def generate(kind, output, paths, megabytes, connections, seed):
    """Makes one capture and says what is in it."""
    total = megabytes * 1_000_000
    # Failures are small, so the sessions must be a little larger than the mean.
    large, small = rdpModels(paths, total // connections * 10 // 9)
    if kind == "rdp":
        shares = [(1, large, small)]
    else:
        shares = [(share * (1 - RDP_SHARE) / 0.95, made, []) for share, made in models(seed)]
        shares.insert(0, (RDP_SHARE, large, small))
    chosen = plan(shares, total, seed)
    output.parent.mkdir(parents=True, exist_ok=True)
    partial = output.with_suffix(".partial")
    count = write(partial, chosen)
    partial.rename(output)
    size = output.stat().st_size
    return f"{count} packets, {len(chosen)} flows, {size} octets, mean packet {size // count - 16}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=["rdp", "mixed"])
    parser.add_argument("output", type=Path)
    parser.add_argument("--from", dest="paths", nargs="+", type=Path, default=[ROOT / "Captures"])
    parser.add_argument("--size", type=int, default=1000, help="megabytes (1000)")
    parser.add_argument("--connections", type=int, default=2200, help="in an all-RDP capture (2200)")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(generate(
        given.kind, given.output, given.paths, given.size, given.connections, given.seed))


if __name__ == "__main__":
    main()
