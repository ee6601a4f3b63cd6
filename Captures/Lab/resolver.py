"""A name server of one zone: answers for the names it is given, and with an error for all others.

usage: resolver.py [--error CODE] [--silent] [NAME=ADDRESS...]
"""

import argparse
import socket
import struct
import time

NAME_DOES_NOT_EXIST = 3
LIFETIME_SECONDS = 300
TYPE_A, CLASS_IN = 1, 1


def read_name(question):
    """The name asked for and the octets after it."""
    labels, rest = [], question[12:]
    while rest[0]:
        labels.append(rest[1:1 + rest[0]].decode())
        rest = rest[1 + rest[0]:]
    return ".".join(labels).lower(), rest[1:]


def answer(question, names, error):
    name, rest = read_name(question)
    kind = struct.unpack("!H", rest[:2])[0]
    whole = question[:12 + len(question[12:]) - len(rest) + 4]
    code = 0 if name in names else error
    records = []
    if name in names and kind == TYPE_A:
        records.append(struct.pack("!HHHIH", 0xC00C, TYPE_A, CLASS_IN, 300, 4) + socket.inet_aton(names[name]))
    counts = struct.pack("!HHHH", 1, len(records), 0, 0)
    return whole[:2] + bytes([0x81, 0x80 | code]) + counts + whole[12:] + b"".join(records)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*")
    parser.add_argument("--error", type=int, default=NAME_DOES_NOT_EXIST)
    parser.add_argument("--silent", action="store_true")
    options = parser.parse_args()
    names = dict(pair.split("=") for pair in options.names)
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("0.0.0.0", 53))
    server.settimeout(1)
    print("ready", flush=True)
    deadline = time.monotonic() + LIFETIME_SECONDS
    while time.monotonic() < deadline:
        try:
            question, client = server.recvfrom(1500)
        except TimeoutError:
            continue
        if not options.silent:
            server.sendto(answer(question, names, options.error), client)
