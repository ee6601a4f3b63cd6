#!/usr/bin/env python3
"""Prints the length of every record that tshark decrypts, a line each: frame and octets.

usage: tshark_plaintext.py CAPTURE [--rsa-key FILE] [--port N]

The secrets inside the capture are used, and an RSA key where one is named. tshark's hex dumps have a
heading for each record that it opened ("Decrypted TLS (36 bytes):"), whatever it carries.
"""

import argparse
import re
import sys

import tshark_fields


def records(capture, port=3389, key=None):
    """Yields (frame, octets) for each record that tshark opens."""
    arguments = ["-d", f"tcp.port=={port},tls", "-Y", f"tls && tcp.port=={port}",
                 "-o", "tls.desegment_ssl_records:TRUE", "-P", "-x",
                 "-o", 'gui.column.format:"frame","%m"']
    if key:
        arguments += ["-o", f'uat:rsa_keys:"{key}",""']
    frame = 0
    for line in tshark_fields.tshark(capture, arguments).splitlines():
        if found := re.fullmatch(r"\s+(\d+)\s*", line):
            frame = int(found[1])
        elif found := re.match(r"Decrypted TLS \((\d+) bytes?\)", line):
            yield frame, int(found[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("capture")
    parser.add_argument("--rsa-key")
    parser.add_argument("--port", type=int, default=3389)
    given = parser.parse_args()
    try:
        for frame, octets in records(given.capture, given.port, given.rsa_key):
            print(frame, octets)
    except tshark_fields.Unavailable as problem:
        sys.exit(f"tshark_plaintext.py: {problem}")


if __name__ == "__main__":
    main()
