"""Compressed captures, bombs among them."""

import bz2
import gzip
import lzma
import shutil
import subprocess

from octets import *

GOOD = pcap(negotiated().packets)
MIB = 1 << 20


def cases():
    packed = gzip.compress(GOOD, mtime=0)
    zeros = gzip.compress(bytes(16 * MIB), 6, mtime=0)
    header = gzip.compress(pcap_header(), mtime=0)
    yield "gzip-cut.pcap.gz", "gzip cut in the middle", packed[:len(packed) // 2]
    yield "gzip-cut-at-start.pcap.gz", "gzip of which ten octets are left", packed[:10]
    yield "gzip-checksum.pcap.gz", "gzip with a wrong checksum", packed[:-8] + bytes(8)
    yield "gzip-garbage-behind.pcap.gz", "gzip with garbage behind it", packed + b"garbage" * 100
    yield "gzip-twice.pcap.gz", "gzip in gzip", gzip.compress(packed, mtime=0)
    yield "gzip-of-nothing.pcap.gz", "gzip of nothing", gzip.compress(b"", mtime=0)
    yield "gzip-of-text.pcap.gz", "gzip of what is no capture", gzip.compress(b"text" * 99, mtime=0)
    yield ("gzip-bomb-of-empty-packets.pcap.gz", "160 MiB of packets without an octet",
           header + zeros * 10)
    yield ("gzip-bomb-broken.pcap.gz", "16 GiB that are broken after the first packet",
           gzip.compress(GOOD + b"\xFF" * 64, mtime=0) + zeros * 1024)
    block = gzip.compress(section() + interface() + le32(0xBAD) + le32(31 << 20) + bytes(8), mtime=0)
    yield ("gzip-bomb-block.pcapng.gz", "160 MiB in blocks of 31 MiB", block + zeros * 10)
    yield ("xz-bomb.pcap.xz", "96 MiB of packets without an octet, in xz",
           lzma.compress(pcap_header() + bytes(96 * MIB), preset=0))
    yield "xz-cut.pcap.xz", "xz cut in the middle", lzma.compress(GOOD)[:-30]
    yield "bzip2.pcap.bz2", "bzip2, which is not unpacked", bz2.compress(GOOD)
    for tool in ("zstd", "lz4"):
        if shutil.which(tool):
            bomb, packed = (packed_by(tool, data) for data in (pcap_header() + bytes(128 * MIB), GOOD))
            yield f"{tool}-bomb.pcap.{tool}", f"128 MiB of packets without an octet, in {tool}", bomb
            yield f"{tool}-cut.pcap.{tool}", f"{tool} cut in the middle", packed[:len(packed) // 2]


def packed_by(tool, data):
    return subprocess.run([tool, "-qc"], input=data, stdout=subprocess.PIPE, check=True).stdout
