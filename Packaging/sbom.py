#!/usr/bin/env python3
"""Writes the software bill of materials: CycloneDX 1.5, from what Package.resolved pins.

    sbom.py VERSION [PACKAGE.RESOLVED] >rdpscope.cdx.json

The same pins give the same octets: the serial number is made of them, and there is no time in it.
"""

import json
import sys
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# What each dependency is for, its licence, and what it carries inside.
LICENCES = {
    "swift-argument-parser": ("Apache-2.0", "the command line", []),
    "swift-asn1": ("Apache-2.0", "DER of certificates", []),
    "swift-certificates": ("Apache-2.0", "following certificates to a root", []),
    "swift-crypto": ("Apache-2.0", "hashes and ciphers", [
        ("boringssl", "Apache-2.0 AND ISC AND MIT", "https://boringssl.googlesource.com/boringssl"),
        ("xkcp", "CC0-1.0", "https://github.com/XKCP/XKCP"),
    ]),
    "swift-mustache": ("Apache-2.0", "templates of the HTML report", []),
}
# Linked besides, from the system or from the compiler.
RUNTIME = [
    ("swift-runtime", "Apache-2.0 WITH Swift-exception", "https://github.com/swiftlang/swift",
     "Swift's standard library, Foundation and Dispatch, linked statically on Linux"),
    ("libpcap", "BSD-3-Clause", "https://github.com/the-tcpdump-group/libpcap",
     "capture files and filters, linked dynamically"),
]


def licence(text):
    if " " in text:
        return [{"expression": text}]
    return [{"license": {"id": text}}]


def component(name, text, location, version=None, description=None, inside=()):
    entry = {"type": "library", "bom-ref": name, "name": name}
    if version:
        entry["version"] = version
        entry["bom-ref"] = entry["purl"] = (
            "pkg:swift/" + location.removeprefix("https://").removesuffix(".git") + "@" + version)
    if description:
        entry["description"] = description
    entry["licenses"] = licence(text)
    entry["externalReferences"] = [{"type": "vcs", "url": location}]
    if inside:
        entry["components"] = [component(*part) for part in inside]
    return entry


def bill(version, pins):
    """The bill as a value."""
    unknown = sorted(pin["identity"] for pin in pins if pin["identity"] not in LICENCES)
    if unknown:
        sys.exit(f"sbom.py: say what {', '.join(unknown)} is for and under which licence")
    components = []
    for pin in sorted(pins, key=lambda pin: pin["identity"]):
        text, purpose, inside = LICENCES[pin["identity"]]
        components.append(component(pin["identity"], text, pin["location"],
                                    pin["state"]["version"], purpose, inside))
    components += [component(name, text, location, description=purpose)
                   for name, text, location, purpose in RUNTIME]
    own = {"type": "application", "bom-ref": "rdpscope", "name": "rdpscope", "version": version,
           "licenses": licence("Apache-2.0")}
    seed = json.dumps([own, components], sort_keys=True)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, seed)}",
        "version": 1,
        "metadata": {"component": own},
        "components": components,
        "dependencies": [{"ref": "rdpscope", "dependsOn": [part["bom-ref"] for part in components]}],
    }


def main():
    version = sys.argv[1]
    resolved = Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "Package.resolved"
    pins = json.loads(resolved.read_text())["pins"]
    json.dump(bill(version, pins), sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
