#!/usr/bin/env python3
"""Makes the hostile corpus: capture files that each try one thing.

    corpus.py FOLDER    writes the files and FOLDER/INDEX, a line a file saying what it tries
"""

import sys
from pathlib import Path

import compressed
import files
import internet
import link
import rdp
import tls
import transport

FAMILIES = [files, link, internet, transport, rdp, tls, compressed]


def write(folder):
    """Writes every file; returns what each tries, by name."""
    folder.mkdir(parents=True, exist_ok=True)
    index = {}
    for family in FAMILIES:
        for name, purpose, data in family.cases():
            assert name not in index and purpose, name
            index[name] = purpose
            (folder / name).write_bytes(data)
    lines = (f"{name}: {purpose}\n" for name, purpose in index.items())
    (folder / "INDEX").write_text("".join(lines))
    return index


if __name__ == "__main__":
    print(f"{len(write(Path(sys.argv[1])))} files")
