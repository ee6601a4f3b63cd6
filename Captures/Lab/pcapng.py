"""Takes out of a pcapng file what it says of the machine that wrote it. Usage: pcapng.py FILE...

The section header names processor, kernel and program, interfaces name the kernel again,
and the statistics name the program. Those options go; every other block, packets and secrets among them, is copied
octet for octet.
"""

import struct
import sys
from pathlib import Path

SECTION_HEADER, INTERFACE, STATISTICS = 0x0A0D0D0A, 1, 5
# Octets of a block before its options, and the options that name the machine.
FIXED = {SECTION_HEADER: 16, INTERFACE: 8, STATISTICS: 12}
TELLING = {SECTION_HEADER: {2, 3, 4}, INTERFACE: {12, 15}, STATISTICS: {1}}


def options(data, order):
    """The code and whole octets of each option."""
    while len(data) >= 4:
        code, length = struct.unpack(order + "HH", data[:4])
        size = 4 + (length + 3) // 4 * 4
        yield code, data[:size]
        data = data[size:]


def anonymous(file):
    """The octets of a pcapng file of one section without the machine that recorded it."""
    if file[:4] != struct.pack("<I", SECTION_HEADER):
        return file
    order = "<" if file[8:12] == bytes.fromhex("4d3c2b1a") else ">"
    blocks = []
    while file:
        kind, length = struct.unpack(order + "II", file[:8])
        body, file = file[8:length - 4], file[length:]
        if kind in FIXED:
            fixed, rest = body[:FIXED[kind]], body[FIXED[kind]:]
            if kind == SECTION_HEADER:
                fixed = fixed[:8] + b"\xff" * 8  # The section's length is not given.
            kept = [octets for code, octets in options(rest, order) if code not in TELLING[kind]]
            body = fixed + (b"" if kept == [b"\0" * 4] else b"".join(kept))
        size = struct.pack(order + "I", len(body) + 12)
        blocks.append(struct.pack(order + "I", kind) + size + body + size)
    return b"".join(blocks)


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:]):
        path.write_bytes(anonymous(path.read_bytes()))
