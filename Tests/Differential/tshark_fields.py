#!/usr/bin/env python3
"""Prints what tshark reads from a capture, one TCP stream a line, as JSON.

usage: tshark_fields.py CAPTURE [--port N ...]

On every --port (3389 always) the negotiation is read with RDP's dissection and, in a second run,
the TLS handshake with `-d tcp.port==N,tls`: tshark 4.0 shows one or the other. Secrets inside the
file decrypt what they serve: in TLS 1.3 certificates and alerts are compared, too.
"""

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

PROTOCOLS = {1: "ssl", 2: "hybrid", 4: "rdstls", 8: "hybrid_ex", 16: "rdsaad"}
VERSIONS = {0x0300: "SSLv3", 0x0301: "TLSv1.0", 0x0302: "TLSv1.1", 0x0303: "TLSv1.2",
            0x0304: "TLSv1.3"}
FIN, SYN, RST, ACK = 1, 2, 4, 16
COLUMNS = ["frame.number", "frame.protocols", "tcp.stream", "ip.src", "ip.dst", "ipv6.src",
           "ipv6.dst", "tcp.srcport", "tcp.dstport", "tcp.flags", "rdp.rt_cookie", "rdp.neg_type",
           "rdp.negReq.requestedProtocols", "rdp.negReq.selectedProtocol",
           "rdp.negFailure.failureCode", "rdp.correlationInfo.correlationId"]
# What client and server say in MCS Connect Initial and Response, where no TLS hides it.
DOMAIN = ["maxChannelIds", "maxUserIds", "maxTokenIds", "numPriorities", "minThroughput", "maxHeight",
          "maxMCSPDUsize", "protocolVersion"]
CONNECT = ["t125.ConnectMCSPDU", *[f"t125.{name}" for name in DOMAIN], "rdp.version.major",
           "rdp.version.minor", "rdp.client.name", "rdp.client.build", "rdp.desktop.width",
           "rdp.desktop.height", "rdp.name", "rdp.options", "rdp.clusterFlags",
           "rdp.encryptionMethod", "rdp.encryptionLevel", "rdp.MCSChannelId", "rdp.msgChannelId",
           "rdp.serverSelectedProtocol", "rdp.client.requestedProtocols"]
COLUMNS += CONNECT
# Between several values of one field; no text on the wire that is shown has it.
SEPARATOR = "\x1f"


class Unavailable(Exception):
    """tshark is not there, or could not read the capture."""


def tshark(capture, arguments):
    if shutil.which("tshark") is None:
        raise Unavailable("tshark is not installed")
    result = subprocess.run(
        ["tshark", "-n", "-o", "tcp.reassemble_out_of_order:TRUE", "-r", capture, *arguments], capture_output=True, text=True, errors="replace",
        env={"PATH": "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin", "TZ": "UTC", "LC_ALL": "C.UTF-8",
             "HOME": "/nonexistent"})
    if not result.stdout and result.returncode:
        raise Unavailable(result.stderr.strip().splitlines()[-1])
    return result.stdout


def streams(capture, ports):
    """What tshark tells of each stream, by its number."""
    result = {}
    rows = tshark(capture, [
        "-Y", "tcp.stream", "-T", "fields", "-E", "separator=/t", "-E", "occurrence=a",
        "-E", f"aggregator={SEPARATOR}",
        *decodeAs(ports, "tpkt"), *[word for name in COLUMNS for word in ("-e", name)]])
    for line in rows.splitlines():
        every = {name: cell.split(SEPARATOR) for name, cell in zip(COLUMNS, line.split("\t"))}
        cells = {name: cell[-1] for name, cell in every.items()}
        stream = result.setdefault(int(cells["tcp.stream"]), newStream(cells["tcp.stream"]))
        if ":icmp" in cells["frame.protocols"]:
            stream["icmp"].append(int(cells["frame.number"]))
        else:
            addSegment(stream, cells)
            addConnect(stream, every)
    addTLS(result, capture, ports)
    return result


def decodeAs(ports, protocol):
    return [word for port in sorted(ports) for word in ("-d", f"tcp.port=={port},{protocol}")]


def newStream(number):
    return {
        "stream": int(number), "client": None, "server": None, "ends": None,
        "frames": {"first": None, "last": None, "count": 0},
        "syn": [], "fin": [], "rst": [], "icmp": [],
        "cookie": None, "correlationID": None, "clientInfo": None, "serverInfo": None, "requested": [], "selected": None, "failureCode": None, "negotiated": False,
        "tls": {"version": None, "cipher": None, "serverName": None, "ja3": None, "ja3s": None,
                "alpn": None, "group": None, "offered": None, "handshake": [], "certificates": [],
                "alerts": []}}


def addSegment(stream, cells):
    frame, flags = int(cells["frame.number"]), int(cells["tcp.flags"] or "0", 16)
    # In a tunnel the last address of a kind is the inner one; which kind, the protocols tell.
    kind = "ipv6" if cells["frame.protocols"].rfind(":ipv6") > cells["frame.protocols"].rfind(
        ":ip:") else "ip"
    source = {"address": cells[f"{kind}.src"], "port": int(cells["tcp.srcport"])}
    target = {"address": cells[f"{kind}.dst"], "port": int(cells["tcp.dstport"])}
    frames = stream["frames"]
    frames["first"] = frames["first"] or frame
    frames["last"] = frame
    frames["count"] += 1
    stream["ends"] = stream["ends"] or [source, target]
    if flags & SYN:
        stream["syn"].append(frame)
        if stream["client"] is None:
            answer = flags & ACK
            stream["client"], stream["server"] = (target, source) if answer else (source, target)
    if flags & FIN:
        stream["fin"].append(frame)
    if flags & RST:
        stream["rst"].append(frame)
    addNegotiation(stream, cells)


def addNegotiation(stream, cells):
    if stream["cookie"] is None and cells["rdp.rt_cookie"]:
        stream["cookie"] = cells["rdp.rt_cookie"]
    if stream["correlationID"] is None and cells["rdp.correlationInfo.correlationId"]:
        stream["correlationID"] = cells["rdp.correlationInfo.correlationId"].replace(":", "")
    kind = int(cells["rdp.neg_type"] or "0", 16)
    if kind == 1 and not stream["negotiated"]:
        value = int(cells["rdp.negReq.requestedProtocols"] or "0", 16)
        stream["negotiated"] = True
        stream["requested"] = [name for bit, name in PROTOCOLS.items() if value & bit] or ["rdp"]
    elif kind == 2 and stream["selected"] is None:
        value = int(cells["rdp.negReq.selectedProtocol"] or "0", 16)
        stream["selected"] = PROTOCOLS.get(value, "rdp" if value == 0 else str(value))
    elif kind == 3 and stream["failureCode"] is None:
        stream["failureCode"] = int(cells["rdp.negFailure.failureCode"] or "0", 16)


def addConnect(stream, cells):
    kind = cells["t125.ConnectMCSPDU"][0]
    number = lambda name: int(cells[name][0], 0) if cells[name][0] else None
    domains = [dict(zip(DOMAIN, map(int, values)))
               for values in zip(*[cells[f"t125.{name}"] for name in DOMAIN]) if all(values)]
    if kind == "101" and stream["clientInfo"] is None and len(domains) == 3:
        hasCore = number("rdp.client.build") is not None
        stream["clientInfo"] = {
            "mcsDomain": dict(zip(("target", "minimum", "maximum"), domains)),
            "name": cells["rdp.client.name"][0] if hasCore else None,
            "build": number("rdp.client.build"),
            "desktop": f"{number('rdp.desktop.width')}x{number('rdp.desktop.height')}" if hasCore else None,
            "channels": [name for name in cells["rdp.name"] if name],
            "channelOptions": [hex(int(value, 16)) for value in cells["rdp.options"] if value],
            "clusterFlags": cells["rdp.clusterFlags"][0] and hex(number("rdp.clusterFlags")) or None,
            "selectedProtocol": protocols(number("rdp.serverSelectedProtocol"))}
    elif kind == "102" and stream["serverInfo"] is None and domains:
        stream["serverInfo"] = {
            "mcsDomain": domains[0], "encryptionMethod": number("rdp.encryptionMethod"),
            "encryptionLevel": number("rdp.encryptionLevel"), "ioChannel": number("rdp.MCSChannelId"),
            "messageChannel": number("rdp.msgChannelId"),
            "requestedProtocols": protocols(number("rdp.client.requestedProtocols"))}


def protocols(value):
    """Names of a set of security protocols, joined; nothing without the field."""
    if value is None:
        return None
    return ",".join([name for bit, name in PROTOCOLS.items() if value & bit] or ["rdp"])


UDP_COLUMNS = ["frame.number", "ip.src", "ipv6.src", "udp.srcport", "rdpudp.flags",
               "rdpudp.receivewindowsize", "rdpudp.initialsequencenumber", "rdpudp.upstreammtu",
               "rdpudp.downstreammtu", "rdpudp.correlationid", "rdpudp.synex.version",
               "rdpudp.synex.cookiehash"]


def synchronizations(capture, ports):
    """The SYN and SYN+ACK datagrams of RDP-UDP, by frame, as tshark reads them."""
    rows = tshark(capture, [
        "-Y", "rdpudp.flags.syn == 1 && !icmp && !icmpv6", "-T", "fields", "-E", "separator=/t", "-E", "occurrence=f",
        *[word for port in sorted(ports) for word in ("-d", f"udp.port=={port},rdpudp")],
        *[word for name in UDP_COLUMNS for word in ("-e", name)]])
    found = {}
    for line in rows.splitlines():
        cells = dict(zip(UDP_COLUMNS, line.split("\t")))
        number = lambda name: int(cells[name], 0) if cells[name] else None
        found[int(cells["frame.number"])] = {
            "sender": {"address": cells["ip.src"] or cells["ipv6.src"], "port": number("udp.srcport")},
            "flags": number("rdpudp.flags"), "receiveWindow": number("rdpudp.receivewindowsize"),
            "initialSequence": number("rdpudp.initialsequencenumber"),
            "upstreamMTU": number("rdpudp.upstreammtu"),
            "downstreamMTU": number("rdpudp.downstreammtu"),
            "correlationID": (cells["rdpudp.correlationid"] or "").replace(":", "") or None,
            "version": number("rdpudp.synex.version"),
            "cookieHash": cells["rdpudp.synex.cookiehash"].replace(":", "") or None}
    return found


def addTLS(result, capture, ports):
    if not mayHoldTLS(capture):
        return
    text = tshark(capture, [
        "-Y", "(tls.handshake.type or tls.alert_message) and not icmp and not icmpv6", "-T", "pdml",
        *decodeAs(ports, "tls")])
    if not text.strip():
        return
    for packet in ElementTree.fromstring(text).iter("packet"):
        number = values(packet, "frame.number") or values(packet, "num")
        stream = result.get(int((values(packet, "tcp.stream") or ["-1"])[-1]))
        if stream is None:
            continue
        for handshake in named(packet, "tls.handshake"):
            addHandshake(stream["tls"], handshake)
            if kind := values(handshake, "tls.handshake.type"):
                stream["tls"]["handshake"].append([int(number[0]), int(kind[0])])
        for alert in named(packet, "tls.alert_message"):
            level, description = values(alert, "tls.alert_message.level"), values(
                alert, "tls.alert_message.desc")
            if level and description:
                stream["tls"]["alerts"].append({
                    "frame": int(number[0]), "level": int(level[0]),
                    "description": int(description[0])})


def mayHoldTLS(capture):
    """Whether the file is compressed or has the first octets of a handshake or alert record."""
    content = Path(capture).read_bytes()
    isPlain = content[:4] in (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x4d\x3c\xb2\xa1",
                              b"\xa1\xb2\x3c\x4d", b"\x0a\x0d\x0d\x0a")
    return not isPlain or b"\x16\x03" in content or b"\x15\x03" in content


def addHandshake(tls, handshake):
    kind = values(handshake, "tls.handshake.type")[:1]
    if kind == ["1"] and tls["serverName"] is None:
        tls["serverName"] = (values(handshake, "tls.handshake.extensions_server_name") or [None])[0]
        tls["ja3"] = tls["ja3"] or (values(handshake, "tls.handshake.ja3") or [None])[0]
        tls["offered"] = tls["offered"] or offer(handshake)
    elif kind == ["2"]:  # the last one counts: an earlier one was a HelloRetryRequest
        version = (values(handshake, "tls.handshake.extensions.supported_version")
                   or values(handshake, "tls.handshake.version"))[0]
        tls["version"] = VERSIONS.get(int(version, 16), version)
        suite = next(named(handshake, "tls.handshake.ciphersuite")).get("showname")
        tls["ja3s"] = (values(handshake, "tls.handshake.ja3s") or [None])[0]
        tls["cipher"] = suite.removeprefix("Cipher Suite: ").split(" ")[0]
        tls["group"] = (names(handshake, "tls.handshake.extensions_key_share_group") or [None])[0]
        tls["alpn"] = (values(handshake, "tls.handshake.extensions_alpn_str") or [None])[0]
    elif kind == ["8"]:
        tls["alpn"] = (values(handshake, "tls.handshake.extensions_alpn_str") or [None])[0]
    elif kind == ["12"]:
        curve = names(handshake, "tls.handshake.server_named_curve")
        tls["group"] = (curve or [tls["group"]])[0]
    elif kind == ["11"] and not tls["certificates"]:
        tls["certificates"] = [
            certificate(item) for item in named(handshake, "tls.handshake.certificate")]


def offer(handshake):
    """What a ClientHello offers, by the names of the registries."""
    return {
        "ciphers": names(handshake, "tls.handshake.ciphersuite"),
        "extensions": names(handshake, "tls.handshake.extension.type"),
        "groups": names(handshake, "tls.handshake.extensions_supported_group"),
        "keyShares": names(handshake, "tls.handshake.extensions_key_share_group"),
        "signatures": [name.lower().replace(" ", "_") if " " in name else name
                       for name in names(handshake, "tls.handshake.sig_hash_alg")],
        "alpn": values(handshake, "tls.handshake.extensions_alpn_str")}


def names(item, field):
    """Each value of a field by its name: "Supported Group: x25519 (0x001d)" is x25519."""
    return [re.sub(r" \((0x)?[0-9a-fA-F]+\)$", "", found.get("showname").partition(": ")[2])
            for found in named(item, field)]


def certificate(item):
    algorithm = next(named(item, "x509af.algorithmIdentifier_element"), None)
    signature = algorithm.get("showname") if algorithm is not None else ""
    modulus = (values(item, "pkcs1.modulus") or [""])[0].replace(":", "")
    return {
        "serial": (values(item, "x509af.serialNumber") or [""])[0].replace(":", ""),
        "notBefore": moment(item, "x509af.notBefore"), "notAfter": moment(item, "x509af.notAfter"),
        "subject": strings(item, "x509af.subject"), "issuer": strings(item, "x509af.issuer"),
        "names": values(item, "x509ce.dNSName"),
        "signature": signature.partition("(")[2].removesuffix(")"),
        "rsaBits": int(modulus, 16).bit_length() if modulus else None,
        "sha256": hashlib.sha256(bytes.fromhex(item.get("value") or "")).hexdigest()}


def strings(item, name):
    """The texts in a name, whatever their string type."""
    found = next(named(item, name), None)
    return [] if found is None else [
        field.get("show") for field in found.iter()
        if re.fullmatch(r"x509sat\.(?!Directory)\w*String", field.get("name") or "")]


def moment(item, name):
    for choice in named(item, name):
        for field in choice.iter("field"):
            if field.get("name") in ("x509af.utcTime", "x509af.generalizedTime"):
                return field.get("show").removesuffix(" (UTC)").replace(" ", "T") + ".000000Z"
    return None


def named(item, name):
    return (field for field in item.iter("field") if field.get("name") == name)


def values(item, name):
    return [field.get("show") for field in named(item, name)]


def read(capture, ports):
    """The streams of a capture; secrets that are in it are used by both."""
    return streams(capture, {3389, *ports})


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("capture", type=Path)
    parser.add_argument("--port", type=int, nargs="+", default=[])
    given = parser.parse_args()
    try:
        for stream in read(given.capture, given.port).values():
            print(json.dumps(stream))
    except Unavailable as problem:
        sys.exit(f"tshark_fields.py: {problem}")


if __name__ == "__main__":
    main()
