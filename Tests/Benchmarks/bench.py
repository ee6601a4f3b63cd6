#!/usr/bin/env python3
"""Times rdpscope on two captures of 1 GB, beside a bare libpcap loop and other analysers.

The captures are generated from Captures/ (see generate.py) into build/bench and reused while
generator, sources and arguments stay the same. Every program runs on a warm cache, in turns.
Exits with 1 when a limit is exceeded.
"""

import argparse
import hashlib
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import generate

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


class Run:
    """The measurements of one program on one capture."""

    def __init__(self, name, command):
        self.name, self.command = name, command
        self.seconds, self.peak, self.problem = [], 0, None

    def once(self, measure):
        result = subprocess.run([measure, *self.command], capture_output=True, text=True, errors="replace")
        seconds, peak, status = result.stdout.split()
        self.seconds.append(float(seconds))
        self.peak = max(self.peak, int(peak))
        if status != "0":
            last = result.stderr.strip().splitlines()[-1:]
            self.problem = f"exit {status} {' '.join(last)}"

    def row(self, floor):
        if self.problem:
            return f"  {self.name:<10} failed: {self.problem}"
        median, least = statistics.median(self.seconds), min(self.seconds)
        return (f"  {self.name:<10} {least:8.3f} s {median:8.3f} s {self.peak / 1e6:8.1f} MB"
                f" {least / min(floor.seconds):7.2f} {median / statistics.median(floor.seconds):7.2f}")


def compiled(name, folder, *libraries):
    """Builds one of the C programs beside this script."""
    binary, source = folder / name, HERE / f"{name}.c"
    if not binary.exists() or binary.stat().st_mtime < source.stat().st_mtime:
        compiler = next((c for c in ("cc", "clang", "gcc") if shutil.which(c)), None)
        if compiler is None:
            sys.exit("bench: no C compiler for the bare loop; install clang or gcc")
        subprocess.run([compiler, "-O2", "-o", binary, source, *libraries], check=True)
    return binary


def capture(kind, given):
    """The generated capture, made anew only when something it depends on has changed."""
    digest = hashlib.sha256(repr((given.size, given.connections, given.seed)).encode())
    for script in ("generate.py", "captures.py", "traffic.py"):
        digest.update((HERE / script).read_bytes())
    for path in given.paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and ".pcap" in file.suffix:
                digest.update(file.read_bytes())
    file = given.folder / f"{kind}-{given.size}-{digest.hexdigest()[:10]}.pcap"
    about = file.with_suffix(".txt")
    if not (file.exists() and about.exists()):
        for old in given.folder.glob(f"{kind}-*"):
            old.unlink()
        print(f"Generating the {kind} capture of {given.size} MB.", flush=True)
        about.write_text(generate.generate(
            kind, file, given.paths, given.size, given.connections, given.seed))
    return file, about.read_text()


def warm(file):
    with open(file, "rb") as content:
        while content.read(1 << 24):
            pass


def others(file):
    """Analysers a person might have used instead, where they are installed."""
    commands = {"tcptrace": ["tcptrace", "-n", file],
                "ndpiReader": ["ndpiReader", "-q", "-i", file]}
    return [Run(name, command) for name, command in commands.items() if shutil.which(name)]


def measure(kind, file, about, limit, given):
    """Times one capture; returns what exceeds its limit."""
    print(f"\n{kind}: {about}")
    warm(file)
    floor = Run("bare loop", [compiled("bare", given.folder, "-lpcap"), file])
    meter = compiled("measure", given.folder)
    ours = Run("rdpscope", [given.command, "analyze", "--format", "json", "--no-progress", file])
    turns = [floor, ours] + others(file)
    for _ in range(given.runs):
        for run in turns:
            run.once(meter)
    if given.tshark_runs and shutil.which("tshark"):
        slow = Run("tshark -Y", ["tshark", "-r", file, "-Y", "tcp.flags.reset==1"])
        for _ in range(given.tshark_runs):
            slow.once(meter)
        turns.append(slow)
    print("                  least     median        peak   ratios to the bare loop")
    for run in turns:
        print(run.row(floor))
    if ours.problem or floor.problem:
        return [f"{kind}: {ours.problem or floor.problem}"]
    exceeded = []
    ratio = statistics.median(ours.seconds) / statistics.median(floor.seconds)
    if ratio > limit:
        exceeded.append(f"{kind}: {ratio:.2f} times the bare loop, allowed {limit}")
    if ours.peak > given.max_memory * 1e6:
        exceeded.append(f"{kind}: {ours.peak / 1e6:.1f} MB, allowed {given.max_memory}")
    return exceeded


def pcapng(file, given):
    """The capture in the format that Wireshark writes; made by its own tool, where that is."""
    copy = file.with_suffix(".pcapng")
    if not shutil.which("editcap"):
        return None
    if not copy.exists():
        for old in given.folder.glob("*.pcapng"):
            old.unlink()
        subprocess.run(["editcap", "-F", "pcapng", file, copy], check=True)
    return copy


def startUp(whole, given):
    """Times a capture of 20 packets, in turns with tcpdump: all of it is start-up."""
    file = given.folder / "twenty.pcap"
    with open(whole, "rb") as source:
        content = source.read(24)
        for _ in range(20):
            header = source.read(16)
            content += header + source.read(int.from_bytes(header[8:12], "little"))
    file.write_bytes(content)
    run = Run("rdpscope", [given.command, "analyze", "--format", "json", "--no-progress", file])
    meter = compiled("measure", given.folder)
    turns = [run]
    if shutil.which("tcpdump"):
        turns.append(Run("tcpdump", ["tcpdump", "-n", "-r", file]))
    for _ in range(4 * given.runs):
        for turn in turns:
            turn.once(meter)
    if run.problem:
        return [f"start-up: {run.problem}"]
    milliseconds = statistics.median(run.seconds) * 1000
    print("\nstart-up (20 packets): " + ", ".join(
        f"{turn.name} {statistics.median(turn.seconds) * 1000:.1f} ms,"
        f" least {min(turn.seconds) * 1000:.1f} ms" for turn in turns if not turn.problem))
    if milliseconds > given.max_start:
        return [f"start-up: {milliseconds:.1f} ms, allowed {given.max_start}"]
    return []


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--command", type=Path, default=ROOT / ".build/release/rdpscope")
    parser.add_argument("--from", dest="paths", nargs="+", type=Path, default=[ROOT / "Captures"])
    parser.add_argument("--folder", type=Path, default=ROOT / "build/bench")
    parser.add_argument("--size", type=int, default=1000, help="megabytes of each capture (1000)")
    parser.add_argument("--connections", type=int, default=2200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--tshark-runs", type=int, default=1, help="it takes a minute a run (1)")
    parser.add_argument("--max-rdp", type=float, default=1.3, help="times the bare loop (1.3)")
    parser.add_argument("--max-mixed", type=float, default=1.15, help="times the bare loop (1.15)")
    parser.add_argument("--max-memory", type=float, default=64, help="resident megabytes (64)")
    parser.add_argument("--max-start", type=float, default=20, help="milliseconds (20)")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    rdp, mixed = capture("rdp", given), capture("mixed", given)
    exceeded = measure("rdp", *rdp, given.max_rdp, given)
    exceeded += measure("mixed", *mixed, given.max_mixed, given)
    copy = pcapng(rdp[0], given)
    if copy:
        exceeded += measure("rdp-pcapng", copy, rdp[1] + ", as pcapng", given.max_rdp, given)
    exceeded += startUp(rdp[0], given)
    for line in exceeded:
        print(f"exceeded: {line}", file=sys.stderr)
    sys.exit(1 if exceeded else 0)


if __name__ == "__main__":
    main()
