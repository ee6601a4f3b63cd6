#!/usr/bin/env python3
"""Analyses every file of the hostile corpus and holds each run to the limits.

    check.py --command COMMAND [--seconds 2] [--mebibytes 256] [--folder FOLDER]

Each file must give exit status 0, or 65 where it is no capture; a report that is JSON; and stay
within the limits of processor time and peak resident memory; what waits is ended after a while. The same for the
ladder of its first connection. The exit status is 1 when one does not.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path


QUICK_OCTETS = 256 << 10


class Run:
    """One run of the command: what it gave and what it took."""

    def __init__(self, arguments, limit):
        begin = time.monotonic()
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=output,
                                       stderr=errors)
            self.status, usage = self.wait(process, begin + limit)
            self.wall = time.monotonic() - begin
            # Its own and the decompressor's: how busy the machine is otherwise does not count.
            self.seconds = usage.ru_utime + usage.ru_stime
            # Octets on macOS, KiB elsewhere.
            self.mebibytes = usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
            output.seek(0)
            errors.seek(0)
            self.output, self.errors = output.read(), errors.read().decode(errors="replace")

    def wait(self, process, deadline):
        """The exit status, negative for a signal, and the usage; ends what takes too long."""
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                process.returncode = os.waitstatus_to_exitcode(status)
                return process.returncode, usage
            if time.monotonic() > deadline:
                process.kill()
                _, _, usage = os.wait4(process.pid, 0)
                process.returncode = -9
                return "none: ended by us", usage
            time.sleep(0.001)


def problems(run, options, allowed, is_report):
    """What is wrong with a run, in words."""
    if run.status not in allowed:
        lines = [line for line in run.errors.splitlines() if line.strip()]
        yield f"exit status {run.status}: {(lines or [''])[0][:200]}"
    if run.seconds > options.seconds:
        yield f"{run.seconds:.2f} s"
    if run.mebibytes > options.mebibytes:
        yield f"{run.mebibytes:.0f} MiB"
    if run.status == 65 and (run.errors.count("\n") != 1 or not run.errors.startswith("rdpscope: ")):
        yield f"no single sentence: {run.errors[:200]!r}"
    if is_report and run.status == 0:
        try:
            json.loads(run.output)
        except ValueError as error:
            yield f"the report is not JSON: {error}"


def check(path, options):
    """Runs the command on a file; returns the runs and what is wrong."""
    found = []
    report = Run([options.command, "analyze", "--format", "json", "--no-progress", path],
                 options.seconds * 10)
    found += problems(report, options, (0, 65), True)
    if options.quick:
        return report, found
    # 64: there is no such connection.
    ladder = Run([options.command, "show", path, "--connection", "0", "--bytes"],
                 options.seconds * 10)
    found += (f"show: {text}" for text in problems(ladder, options, (0, 64, 65), False))
    return report, found


def written(folder):
    """Writes the corpus; yields name and purpose of each file.

    In a process of its own: a child's peak counts what its parent held when it was started.
    """
    script = Path(__file__).with_name("corpus.py")
    subprocess.run([sys.executable, script, folder], check=True, stdout=subprocess.DEVNULL)
    for line in (folder / "INDEX").read_text().splitlines():
        yield line.split(": ", 1)


def is_long(path):
    """Whether a file takes a build without optimisation more than a moment."""
    return path.stat().st_size > QUICK_OCTETS or "bomb" in path.name


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--command", required=True)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--mebibytes", type=float, default=256)
    parser.add_argument("--folder", type=Path, help="keep the corpus here")
    parser.add_argument("--quick", action="store_true",
                        help="leave out what is long for a build without optimisation")
    parser.add_argument("--only", default="", help="only files whose names contain this")
    options = parser.parse_args()
    options.command = os.path.abspath(options.command)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        index = {name: purpose for name, purpose in written(folder)
                 if options.only in name and not (options.quick and is_long(folder / name))}
        results = {}
        for name, purpose in index.items():
            report, found = check(folder / name, options)
            results[name] = report
            for text in found:
                print(f"{name} ({purpose}): {text}", flush=True)
                results[name].failed = True
    failed = [name for name, run in results.items() if hasattr(run, "failed")]
    longest = max(run.wall for run in results.values())
    slowest = max(results, key=lambda name: results[name].seconds)
    largest = max(results, key=lambda name: results[name].mebibytes)
    statuses = [run.status for run in results.values()]
    print(f"{len(results)} files: {statuses.count(0)} reported, {statuses.count(65)} refused, "
          f"{len(failed)} wrong; slowest {slowest} {results[slowest].seconds:.2f} s of processor time "
          f"(wall at most {longest:.2f} s), largest {largest} {results[largest].mebibytes:.0f} MiB")
    return 1 if failed or len(results) < 200 and not options.only else 0


if __name__ == "__main__":
    sys.exit(main())
