#!/usr/bin/env python3
"""Runs the fuzzer over its harnesses, one after the other, and counts honestly what it did.

    fuzz.py --binary BINARY --minutes N [--folder FOLDER] [HARNESS...]

FOLDER (build/fuzz) keeps the corpus, what crashed, and a line for each run in history.jsonl.
The exit status is 1 when something crashed, took more than ten seconds or 2 GiB.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
HARNESSES = re.findall(r"^  case (\w+)(?: = \"([\w-]+)\")?$",
                       (ROOT / "Tests/Fuzz/Oracles/Harness.swift").read_text(), re.M)
HARNESSES = [raw or name for name, raw in HARNESSES]
MAXIMUM_CRASHES = 5  # Of one harness in one run: the sixth tells nothing that the five do not.


def run(harness, seconds, options):
    """Fuzzes one harness for some time, going on after a crash. Returns a record of the run."""
    corpus = options.folder / "corpus" / harness
    crashes = options.folder / "crashes" / harness
    for folder in (corpus, crashes):
        folder.mkdir(parents=True, exist_ok=True)
    before = set(crashes.iterdir())
    # A trap is the fuzzer's to handle; leaks of a process that ends are none.
    environment = dict(os.environ, RDPSCOPE_HARNESS=harness, SWIFT_BACKTRACE="enable=no",
                       ASAN_OPTIONS="detect_leaks=0:handle_sigill=1:" + os.environ.get("ASAN_OPTIONS", ""))
    record = dict(harness=harness, executions=0, seconds=0.0, coverage=0, start=int(time.time()))
    deadline = time.monotonic() + seconds
    for _ in range(MAXIMUM_CRASHES):
        left = int(deadline - time.monotonic())
        if left < 1:
            break
        begin = time.monotonic()
        result = subprocess.run(
            [options.binary, corpus, *regressions(harness), f"-max_total_time={left}", "-timeout=10",
             "-rss_limit_mb=2048", f"-max_len={options.max_length}", f"-artifact_prefix={crashes}/",
             "-print_final_stats=1", "-use_value_profile=1", "-verbosity=1"],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            errors="replace")
        record["seconds"] += round(time.monotonic() - begin, 1)
        record["executions"] += last_number(r"stat::number_of_executed_units: (\d+)", result.stdout)
        record["coverage"] = max(record["coverage"], last_number(r"cov: (\d+)", result.stdout))
        if result.returncode == 0:
            break
        (crashes / "log").write_text(result.stdout[-20_000:])
        print(reason(harness, result.stdout), file=sys.stderr, flush=True)
        for crash in set(crashes.iterdir()) - before:
            # What breaks at once when the corpus is read would end every further run, too.
            for path in corpus.iterdir():
                if path.stat().st_size == crash.stat().st_size and (
                        path.read_bytes() == crash.read_bytes()):
                    path.unlink()
    record["crashes"] = sorted(
        path.name for path in set(crashes.iterdir()) - before if path.name != "log")
    record["corpus"] = len(list(corpus.iterdir()))
    with open(options.folder / "history.jsonl", "a") as history:
        history.write(json.dumps(record) + "\n")
    return record


def reason(harness, output):
    """Why the fuzzer stopped, in a few lines: what was said, and where our own code was."""
    words = re.findall(r"^(?:violation: .*|.*Fatal error.*|SUMMARY: .*|.*Test unit written to .*)$",
                       output, re.M)
    frames = re.findall(r"^ +#\d+ 0x\w+ in (.*/(?:Sources|Tests)/.*)$", output, re.M)
    return "\n".join([f"{harness}:"] + [line[:300] for line in words[:5] + frames[:5]])


def regressions(harness):
    folder = ROOT / "Tests/Fuzz/Regressions" / harness
    return [folder] if folder.is_dir() else []


def last_number(pattern, text):
    found = re.findall(pattern, text)
    return int(found[-1]) if found else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--minutes", type=float, required=True, help="for all harnesses together")
    parser.add_argument("--folder", type=Path, default=ROOT / "build/fuzz")
    parser.add_argument("--max-length", type=int, default=8192)
    parser.add_argument("harnesses", nargs="*", metavar="HARNESS")
    options = parser.parse_args()
    options.folder = options.folder.resolve()
    harnesses = options.harnesses or HARNESSES
    unknown = [name for name in harnesses if name not in HARNESSES]
    if unknown:
        parser.error(f"no such harness: {unknown[0]}; there are {' '.join(HARNESSES)}")
    subprocess.run([sys.executable, ROOT / "Tests/Fuzz/seeds.py", options.folder / "corpus"],
                   check=True, stdout=subprocess.DEVNULL)
    share = options.minutes * 60 / len(harnesses)
    print(f"{'harness':14} {'executions':>11} {'a second':>9} {'seconds':>8} {'edges':>6}"
          f" {'inputs':>7} crashes")
    records = []
    for harness in harnesses:
        record = run(harness, share, options)
        records.append(record)
        print(f"{harness:14} {record['executions']:11} "
              f"{record['executions'] / max(record['seconds'], 1):9.0f} {record['seconds']:8.0f} "
              f"{record['coverage']:6} {record['corpus']:7} {len(record['crashes'])}", flush=True)
    found = sum(len(record["crashes"]) for record in records)
    if found:
        print(f"{found} inputs broke something: {options.folder}/crashes", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
