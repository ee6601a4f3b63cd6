#!/usr/bin/env python3
"""Counts what decryption costs where there are no keys: its share of all instructions.

usage: keyless.py [--command rdpscope] [--megabytes N] [--limit PERCENT]

Makes a capture of RDP alone (generate.py), reads it under valgrind's callgrind, and adds up the
instructions of every function of the target Decryption. Exits with 1 above the limit. Needs
valgrind.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TARGET = "10Decryption"  # in a mangled name: the target's own, as its length and text


def instructions(command, capture, folder):
    """Instructions of each function, by its mangled name."""
    # valgrind reads no debug information of this size.
    binary, profile = folder / "command", folder / "callgrind"
    subprocess.run(["strip", "--strip-debug", "-o", binary, command], check=True)
    run = subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={profile}", binary, "analyze",
         "--format", "json", capture], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if run.returncode != 0 or not profile.exists():
        sys.exit(f"keyless: callgrind failed: {run.stderr.strip().splitlines()[-1:]}")
    text = subprocess.run(["callgrind_annotate", "--threshold=100", profile], check=True,
                          capture_output=True, text=True).stdout
    rows = re.findall(r"^\s*([\d,]+) \([^)]*\)\s+\S*?:(\S+)", text, re.M)
    return [(int(count.replace(",", "")), name) for count, name in rows]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--command", default=ROOT / ".build/release/rdpscope", type=Path)
    parser.add_argument("--megabytes", type=int, default=60)
    parser.add_argument("--limit", type=float, default=0.5, help="percent (0.5)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        capture = Path(folder) / "rdp.pcap"
        subprocess.run(
            [sys.executable, HERE / "generate.py", "rdp", capture, "--size", str(options.megabytes),
             "--connections", str(2 * options.megabytes)], check=True, stdout=subprocess.DEVNULL)
        rows = instructions(options.command, capture, Path(folder))
    total = sum(count for count, _ in rows)
    spent = sum(count for count, name in rows if name.startswith(f"$s{TARGET}"))
    if spent == 0:
        sys.exit("keyless: no function of the target was seen; the count says nothing")
    share = 100 * spent / total
    print(f"decryption without keys: {spent} of {total} instructions, {share:.3f} %")
    return 1 if options.limit < share else 0


if __name__ == "__main__":
    sys.exit(main())
