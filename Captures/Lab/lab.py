#!/usr/bin/python3
"""Records the regression captures: real RDP connections that fail, and some that do not.

usage: lab.py list [PATTERN...]
       lab.py record [--output FOLDER] [--jobs N] [--keep] all | PATTERN...

A pattern is a case's name and may hold * and ?. Needs root; see README.md.
"""

import argparse
import fnmatch
import importlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from case import CASES, Lab
from network import LabError

HERE = Path(__file__).resolve().parent
CASE_SECONDS = 240


def load():
    for file in sorted((HERE / "cases").glob("*.py")):
        importlib.import_module(f"cases.{file.stem}")


def chosen(patterns):
    names = [name for name in CASES if any(
        pattern == "all" or fnmatch.fnmatch(name, pattern) for pattern in patterns)]
    if not names:
        sys.exit(f"lab.py: no case is called {' or '.join(patterns)}; see lab.py list")
    return names


def record_one(name, output, keep):
    """Records one case in this process; raises LabError when the result is not usable."""
    work = Path(tempfile.mkdtemp(prefix="rdpscope-lab-", dir="/var/tmp"))
    work.chmod(0o755)
    lab = None
    try:
        lab = Lab(CASES[name], work)
        CASES[name].record(lab)
        lab.write(output / name)
    except Exception:
        if keep:
            print(f"{name}: kept in {work}", file=sys.stderr)
        raise
    else:
        keep = False
    finally:
        if lab:
            lab.end()
        if not keep:
            shutil.rmtree(work, ignore_errors=True)


def record(names, output, jobs, keep):
    """Records cases in child processes, `jobs` at a time; returns the names that failed."""
    waiting, running, failed = list(names), {}, []
    while waiting or running:
        while waiting and len(running) < jobs:
            name = waiting.pop(0)
            command = [sys.executable, __file__, "record", "--here", "--output", str(output), name]
            running[name] = (subprocess.Popen(command + (["--keep"] if keep else [])), time.monotonic())
        time.sleep(0.2)
        for name, (process, start) in list(running.items()):
            status = process.poll()
            if status is None and time.monotonic() - start < CASE_SECONDS:
                continue
            if status is None:
                process.terminate()  # It ends its namespaces on the way out.
                process.wait()
            del running[name]
            print(f"{'ok    ' if status == 0 else 'FAILED'} {name} ({time.monotonic() - start:.0f} s)",
                  flush=True)
            if status != 0:
                failed.append(name)
    return failed


def main():
    parser = argparse.ArgumentParser(description="Records the regression captures.")
    parser.add_argument("action", choices=["list", "record"])
    parser.add_argument("patterns", nargs="*", metavar="PATTERN")
    parser.add_argument("--output", type=Path, default=HERE.parent, help="default: Captures")
    parser.add_argument("--jobs", type=int, default=3)
    parser.add_argument("--keep", action="store_true", help="keep the working folder of what failed")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_intermixed_args()
    load()
    if options.action == "list":
        for name in chosen(options.patterns or ["all"]):
            print(f"{name:44} {CASES[name].text.splitlines()[0]}")
        return
    if os.geteuid() != 0:
        sys.exit("lab.py: recording makes network namespaces and needs root; run it with sudo")
    names = chosen(options.patterns or sys.exit("lab.py: name a case, or all"))
    if options.here:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit("lab.py: took too long"))
        try:
            record_one(names[0], options.output, options.keep)
        except (LabError, OSError, subprocess.SubprocessError) as error:
            sys.exit(f"lab.py: {names[0]}: {error}")
        return
    failed = record(names, options.output.resolve(), options.jobs, options.keep)
    if failed:
        sys.exit(f"lab.py: not recorded: {' '.join(failed)}")


if __name__ == "__main__":
    main()
