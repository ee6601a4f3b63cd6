#!/usr/bin/env python3
"""Watches real connections fail: FreeRDP to xrdp in five ways, in network namespaces of its own.

Each verdict must arrive within its deadline, be final in the end as the verdict on the
recorded capture, and the flight recorder must hold the five failures and nothing else.
Root, xrdp and FreeRDP are needed; without them it says so and does nothing.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Captures/Lab"))
NEEDED = ["xrdp", "xfreerdp", "Xvfb", "xdpyinfo", "xdotool", "nft", "ethtool", "tcpdump", "capinfos",
          "openssl", "unshare"]
# Docs/live.md, in packet time: one second after an end, five after a SYN without an answer; and what may
# pass until that is told: the kernel gathers packets for 50 ms, and it is looked every 100 ms.
DEADLINE = {"firewall_drop": 5.0}
AFTER_END = 1.0
TOLD_WITHIN = 0.5


def skip():
    missing = [tool for tool in NEEDED if not shutil.which(tool)]
    if os.geteuid() != 0:
        return "the live lab needs root for its network namespaces"
    if missing:
        return f"the live lab needs {', '.join(missing)}"
    return None


class Lab:
    """Two hosts on one cable; the server has an address for each failure, so that each is an attempt."""

    def __init__(self, work):
        from network import Host, cable
        self.work = work
        self.client, self.server = Host("client", work), Host("server", work)
        cable(self.client, "eth0", self.server, "eth0")
        for host in (self.client, self.server):
            host.link("eth0", True)
        self.client.address("eth0", "192.0.2.10/24")
        for number in range(20, 27):
            self.server.address("eth0", f"192.0.2.{number}/24")
        self.address = "192.0.2.20"

    def note(self, text):
        pass

    def end(self):
        self.client.end()
        self.server.end()


def fail(lab, address, *arguments, seconds=15):
    from steps import try_to_connect
    lab.address = address
    try_to_connect(lab, *arguments, seconds=seconds)


def play(lab):
    """One session that works, and five ways to fail."""
    from peers import certificate, xfreerdp, xrdp, close_window, window
    from network import wait_until

    def stop(process):
        process.end()
        wait_until(lambda: not lab.server.listens(3389), 10, "xrdp is gone")

    fail(lab, "192.0.2.21")  # Nothing listens.
    lab.address = "192.0.2.20"
    server = xrdp(lab)
    client = xfreerdp(lab, "/sec:tls")
    window(lab, "FreeRDP")
    time.sleep(2)
    close_window(lab, "FreeRDP")
    client.wait(10)
    fail(lab, "192.0.2.22", "/sec:rdp")  # The server wants TLS.
    stop(server)
    server = xrdp(lab, security_layer="rdp")
    fail(lab, "192.0.2.23", "/sec:tls")  # The server has none.
    stop(server)
    server = xrdp(lab, ssl_protocols="TLSv1.2", tls_ciphers="ECDHE-ECDSA-AES256-GCM-SHA384")
    fail(lab, "192.0.2.24", "/sec:tls")
    stop(server)
    server = xrdp(lab)
    lab.server.nft("input", "ip daddr 192.0.2.25 tcp dport 3389 drop")
    lab.client.tool("icmp.py", "192.0.2.25").wait(5)
    fail(lab, "192.0.2.25", "/sec:tls", "/timeout:9000", seconds=9)
    lab.client.tool("icmp.py", "192.0.2.25").wait(5)
    time.sleep(3)
    stop(server)


def seconds(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def failures(report):
    """The failed attempts of a report in JSON: server address and cause."""
    return sorted((attempt["server"]["address"], attempt["verdict"]["cause"])
                  for attempt in report["attempts"] if attempt["verdict"]["severity"] == "failure"
                  and attempt["outcome"] == "failure")


def analyse(binary, capture):
    done = subprocess.run([binary, "analyze", "--format", "json", "--no-progress", capture],
                          capture_output=True, check=True)
    return json.loads(done.stdout)


def watch(binary, lab, work):
    """Runs live capture while the five fail; returns its events with the time each arrived."""
    kept, lines = work / "kept", work / "events.jsonl"
    for folder in (work, kept):
        folder.mkdir(exist_ok=True)
    live = lab.client.start(binary, "live", "eth0", "--format", "jsonl", "--output", lines,
                            "--keep-failures", kept, "--write", work / "live.pcapng")
    other = lab.client.start("tcpdump", "-i", "eth0", "-U", "-s", "0", "-w", work / "tcpdump.pcap")
    other.wait_for_output("listening")
    time.sleep(1)
    arrived, read = [], 0

    def poll():
        nonlocal read
        text = lines.read_text() if lines.exists() else ""
        whole = text[:text.rfind("\n") + 1]
        for line in whole[read:].splitlines():
            arrived.append((time.time(), json.loads(line)))
        read = len(whole)

    import threading
    done = threading.Event()

    def follow():
        while not done.is_set():
            poll()
            time.sleep(0.01)
    follower = threading.Thread(target=follow)
    follower.start()
    try:
        play(lab)
    finally:
        time.sleep(1)
        live.send(signal.SIGTERM)
        status = live.wait(20)
        other.end(signal.SIGINT)
        done.set()
        follower.join()
    poll()
    if status != 0:
        raise SystemExit(f"live ended with status {status}: {live.output}")
    print(live.output.strip())
    return arrived, kept


def check(binary, work, arrived, kept, slack):
    problems = []
    report = analyse(binary, work / "tcpdump.pcap")
    expected = failures(report)
    print("the recorded capture:", *(f"{address} {cause}" for address, cause in expected), sep="\n  ")
    if len(expected) != 5:
        problems.append(f"the recorded capture shows {len(expected)} failures, not five")
    first, final = {}, {}
    for at, event in arrived:
        if event["event"] != "verdict":
            continue
        key = (event["client"]["port"], event["server"]["address"])
        first.setdefault(key, (at, event))
        if event["final"]:
            final[key] = event
    recorded = {(one["client"]["port"], one["server"]["address"]): one
                for one in report["connections"]}
    if set(final) != set(recorded):
        problems.append(f"live judged {sorted(final)}, the capture holds {sorted(recorded)}")
    for key, event in sorted(final.items(), key=lambda item: item[0][1]):
        file = recorded.get(key)
        if file and (event["verdict"]["cause"], event["verdict"]["severity"]) != (
                file["verdict"]["cause"], file["verdict"]["severity"]):
            problems.append(f"{key}: live says {event['verdict']['cause']}, the capture "
                            f"{file['verdict']['cause']}")
        at, told = first[key]
        cause = told["verdict"]["cause"]
        if event["verdict"]["severity"] == "failure":
            begin = seconds(told["start"])
            due = (begin + DEADLINE[event["verdict"]["cause"]]
                   if event["verdict"]["cause"] in DEADLINE
                   else begin + told["seconds"] + AFTER_END)
            provisional = " (provisional)" if told["provisional"] else ""
            print(f"{key[1]} {cause}{provisional}: told {at - begin:.2f} s after the SYN,"
                  f" due {due - begin:.2f} s and {TOLD_WITHIN} s to tell it")
            if due + TOLD_WITHIN + slack < at:
                problems.append(f"{key}: told {at - due:.2f} s after it was due")
            if cause != event["verdict"]["cause"] and not told["provisional"]:
                problems.append(f"{key}: first told as {cause}, and not as provisional")
    files = sorted(kept.glob("*.pcapng"))
    held = sorted(entry for file in files for entry in failures(analyse(binary, file)))
    print("kept:", *(file.name for file in files), sep="\n  ")
    if held != expected:
        problems.append(f"the recorder holds {held}")
    for file in [work / "live.pcapng", *files]:
        done = subprocess.run(["capinfos", "-c", file], capture_output=True, text=True)
        if done.returncode:
            problems.append(f"capinfos cannot read {file.name}: {done.stderr.strip()}")
    if failures(analyse(binary, work / "live.pcapng")) != expected:
        problems.append("the file of --write shows other failures than tcpdump's")
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--command", default=ROOT / ".build/release/rdpscope", type=Path)
    parser.add_argument("--keep", type=Path, help="leave everything in this folder")
    parser.add_argument("--slack", type=float, default=0, help="seconds that a busy machine may add")
    options = parser.parse_args()
    reason = skip()
    if reason:
        print(f"skipped: {reason}")
        return
    # Not in /tmp, which each host has for itself: neither the work nor the command.
    with tempfile.TemporaryDirectory(dir="/var/tmp") as temporary:
        work = options.keep or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        work.chmod(0o755)
        binary = str(shutil.copy2(options.command.resolve(), work / "rdpscope"))
        lab = Lab(work / "hosts")
        try:
            arrived, kept = watch(binary, lab, work / "out")
        finally:
            lab.end()
        problems = check(binary, work / "out", arrived, kept, options.slack)
    for problem in problems:
        print(f"problem: {problem}")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
