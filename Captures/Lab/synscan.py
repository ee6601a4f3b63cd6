"""Scans a port half-open: one SYN; the kernel, knowing nothing of it, resets the answer.

usage: synscan.py OWN-ADDRESS ADDRESS PORT
"""

import socket
import struct
import sys

from wire import checksum

SYN = 2
own, target, port = socket.inet_aton(sys.argv[1]), socket.inet_aton(sys.argv[2]), int(sys.argv[3])
tcp = struct.pack("!HHIIBBHHH", 40123, port, 0x1F2E3D4C, 0, 5 << 4, SYN, 1024, 0, 0)
pseudo = own + target + struct.pack("!BBH", 0, socket.IPPROTO_TCP, len(tcp))
tcp = tcp[:16] + struct.pack("!H", checksum(pseudo + tcp)) + tcp[18:]
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)
raw.sendto(tcp, (sys.argv[2], 0))
