#!/usr/bin/env python3
"""Compares a report of rdpscope with what tshark reads from the same capture.

usage: compare.py REPORT.json CAPTURE [--allowed FILE]

REPORT.json is the output of `rdpscope analyze --format json`. Prints every difference, one a line:
stream, fact, what each says. Exits with 1 when there is one that allowed.json does not explain,
with 69 when tshark is not there.
"""

import argparse
import fnmatch
import json
import re
import sys
from pathlib import Path

import tshark_fields

HERE = Path(__file__).resolve().parent
LEVELS = {1: "warning", 2: "fatal"}
HANDSHAKE = {0: "hello_request", 1: "client_hello", 2: "server_hello", 4: "new_session_ticket",
             8: "encrypted_extensions", 11: "certificate", 12: "server_key_exchange",
             13: "certificate_request", 14: "server_hello_done", 15: "certificate_verify",
             16: "client_key_exchange", 20: "finished", 22: "certificate_status", 24: "key_update"}


def connections(report, capture):
    """The report's TCP connections of this capture, by stream number."""
    indices = [index for index, item in enumerate(report["captures"])
               if Path(item["path"]).name == capture.name]
    if len(report["captures"]) == 1:
        indices = [0]
    if len(indices) != 1:
        sys.exit(f"compare.py: the report has {len(indices)} captures called {capture.name}")
    return {item["stream"]: item for item in report["connections"]
            if item["capture"] == indices[0] and item["stream"] is not None}


def differences(ours, theirs):
    """Yields (stream, fact, ours, tshark's) wherever the two disagree."""
    for number, stream in sorted(theirs.items()):
        if number not in ours:
            if stream["requested"] or (stream["server"] or {}).get("port") == 3389:
                yield number, "connection", None, stream["ends"]
            continue
        for fact, mine, other in facts(ours[number], stream):
            if mine != other:
                yield number, fact, mine, other
    for number in sorted(set(ours) - set(theirs)):
        yield number, "connection", ours[number]["client"], None


UDP_FLAGS = ["SYN", "FIN", "ACK", "DATA", "FEC", "CN", "CWR", "SACK_OPTION", "ACK_OF_ACKS", "SYNLOSSY",
             "ACKDELAYED", "CORRELATION_ID", "SYNEX"]
UDP_VERSIONS = {"1": 1, "2": 2, "3": 0x0101}


def udpDifferences(paths, theirs):
    """Yields (path, fact, ours, tshark's) for each RDP-UDP connection and each SYN of either."""
    seen = set()
    for index, path in enumerate(paths):
        udp, name = path["udp"], f"udp {index}"
        for frame in udp["synFrames"] + [udp["synAckFrame"] or 0]:
            seen.add(frame)
        for key, frame, end in (("syn", udp["synFrames"][0], "client"),
                                ("synAck", udp["synAckFrame"], "server")):
            other = theirs.get(frame, {})
            mine = udp[key]
            if mine is None and not other:
                continue
            mine = dict(mine or {}, sender=path[end])
            mine["flags"] = sum(1 << UDP_FLAGS.index(flag) for flag in mine["flags"])
            version = mine["version"]
            mine["version"] = UDP_VERSIONS.get(version) or version and int(version, 16)
            for field in sorted(set(mine) | set(other)):
                if mine.get(field) != other.get(field):
                    yield name, f"udp.{key}.{field}", mine.get(field), other.get(field)
    for frame in sorted(set(theirs) - seen):
        yield "udp", "udp.connection", None, theirs[frame]


def facts(mine, stream):
    yield from endFacts(mine, stream)
    negotiation = mine["negotiation"] or {}
    yield "negotiation.cookie", spoken(negotiation), stream["cookie"]
    yield "negotiation.requested", negotiation.get("requested") or [], stream["requested"]
    yield "negotiation.selected", negotiation.get("selected"), stream["selected"]
    yield "negotiation.failureCode", negotiation.get("failureCode"), stream["failureCode"]
    yield "negotiation.correlationID", negotiation.get("correlationID"), stream["correlationID"]
    yield from settingsFacts(mine, stream)
    yield from tlsFacts(mine["tls"] or {}, stream["tls"])


ENCRYPTION_METHODS = {"none": 0, "40bit": 1, "128bit": 2, "56bit": 8, "fips": 16}
ENCRYPTION_LEVELS = {"none": 0, "low": 1, "client compatible": 2, "high": 3, "fips": 4}


def settingsFacts(mine, stream):
    """What MCS Connect Initial and Response say, where tshark reads them, too: without TLS."""
    for side in ("clientInfo", "serverInfo"):
        own, other = mine[side], stream[side]
        if other is None:
            if own is not None and not (mine["tls"] or {}).get("decrypted"):
                yield side, "read", None
            continue
        own = dict(own or {})
        if side == "serverInfo":
            own["requestedProtocols"] = ",".join(own.get("requestedProtocols") or []) or None
            own["encryptionMethod"] = ENCRYPTION_METHODS.get(own.get("encryptionMethod"))
            own["encryptionLevel"] = ENCRYPTION_LEVELS.get(own.get("encryptionLevel"))
        for name in sorted(other):
            yield f"{side}.{name}", own.get(name), other[name]


def endFacts(mine, stream):
    if stream["client"]:
        yield "client", mine["client"], stream["client"]
        yield "server", mine["server"], stream["server"]
    elif stream["ends"]:
        order = lambda end: (end["address"], end["port"])
        yield ("ends", sorted([mine["client"], mine["server"]], key=order),
               sorted(stream["ends"], key=order))
    if stream["frames"]["count"]:
        yield "frames", mine["frames"], stream["frames"]
    ending = mine["ending"] or {}
    kinds = {"reset": "rst", "fin": "fin"}
    if ending.get("kind") in kinds:
        frames = stream[kinds[ending["kind"]]]
        yield f"ending.frame among {kinds[ending['kind']]}", ending["frame"] in frames or frames, True
    for name in ("syn", "fin", "rst"):
        if f"{name}Frames" in (mine["tcp"] or {}):
            yield f"tcp.{name}Frames", mine["tcp"][f"{name}Frames"], stream[name]


def spoken(negotiation):
    """Cookie or token as it stood on the wire, the way tshark shows it."""
    if negotiation.get("cookie") is not None:
        return f"Cookie: mstshash={negotiation['cookie']}"
    token = negotiation.get("routingToken")
    return token.get("text") if isinstance(token, dict) else token


def tlsFacts(mine, theirs):
    for name in ("version", "cipher", "serverName", "ja3", "ja3s", "alpn", "group"):
        yield f"tls.{name}", mine.get(name), theirs[name]
    own, other = mine.get("offered") or {}, theirs["offered"] or {}
    for name in other:
        yield f"tls.offered.{name}", own.get(name), other[name]
    yield ("tls.handshake", [[step["frame"], step["message"]] for step in mine.get("handshake") or []],
           [[frame, HANDSHAKE.get(kind, hex(kind))] for frame, kind in theirs["handshake"]])
    certificates = mine.get("certificates") or []
    yield "tls.certificates", len(certificates), len(theirs["certificates"])
    for index, (own, other) in enumerate(zip(certificates, theirs["certificates"])):
        name = f"tls.certificates[{index}]"
        yield f"{name}.serial", int(own["serial"] or "0", 16), int(other["serial"] or "0", 16)
        yield f"{name}.notBefore", own["notBefore"], other["notBefore"]
        yield f"{name}.notAfter", own["notAfter"], other["notAfter"]
        for field in ("subject", "issuer"):
            text = own[field].replace("\\", "")
            missing = [part for part in other[field] if part not in text]
            yield f"{name}.{field}", own[field] if missing else [], missing
        missing = [part for part in other["names"] if part not in own["names"]]
        yield f"{name}.names", own["names"] if missing else [], missing
        yield f"{name}.signature", own["signature"], other["signature"]
        if other["rsaBits"]:
            yield f"{name}.keyBits", [own["keyType"], own["keyBits"]], ["rsa", other["rsaBits"]]
        yield f"{name}.sha256", own["sha256"], other["sha256"]
    yield ("tls.alerts", [[a["frame"], a["level"]] for a in mine.get("alerts") or []
                          if not a["inferred"]],
           [[a["frame"], LEVELS.get(a["level"], str(a["level"]))] for a in theirs["alerts"]])


class Allowed:
    """Differences that are known and explained; one that no longer occurs is reported, too."""

    def __init__(self, path, capture):
        entries = json.loads(path.read_text()) if path.exists() else []
        for entry in entries:
            if not entry.get("reason") or entry.get("right") not in ("rdpscope", "tshark", "both"):
                sys.exit(f"compare.py: {path.name}: every entry says who is right, and the reason")
        self.entries = [e for e in entries if fnmatch.fnmatch(str(capture), f"*{e['capture']}")]
        self.used = set()

    def explains(self, stream, fact):
        for index, entry in enumerate(self.entries):
            if entry.get("stream", stream) == stream and re.fullmatch(entry["fact"], fact):
                self.used.add(index)
                return True
        return False

    def unused(self):
        return [e for index, e in enumerate(self.entries) if index not in self.used]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("report", type=Path)
    parser.add_argument("capture", type=Path)
    parser.add_argument("--allowed", type=Path, default=HERE / "allowed.json")
    given = parser.parse_args()
    ours = connections(json.loads(given.report.read_text()), given.capture)
    paths = [item for item in json.loads(given.report.read_text())["connections"]
             if item["transport"] == "udp"]
    ports = {item["server"]["port"] for item in ours.values()}
    try:
        theirs = tshark_fields.read(given.capture, ports)
        mayHoldPaths = paths or b"\xff\xff\xff\xff" in given.capture.read_bytes()
        synchronizations = tshark_fields.synchronizations(
            given.capture, {item["server"]["port"] for item in paths}) if mayHoldPaths else {}
    except tshark_fields.Unavailable as problem:
        print(f"compare.py: {problem}", file=sys.stderr)
        sys.exit(69)
    allowed, failed = Allowed(given.allowed, given.capture), False
    found = list(differences(ours, theirs)) + list(udpDifferences(paths, synchronizations))
    for number, fact, mine, other in found:
        if not allowed.explains(number, fact):
            failed = True
            print(f"{given.capture}: stream {number}: {fact}: rdpscope {mine!r}, tshark {other!r}")
    for entry in allowed.unused():
        failed = True
        print(f"{given.capture}: allowed but equal now: {entry['fact']}: {entry['reason']}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
