"""Pings an address: the lab's hosts have no ping of their own. Usage: icmp.py ADDRESS [COUNT]"""

import socket
import struct
import sys
import time

from wire import checksum

ECHO_REQUEST = 8
count = int(sys.argv[2]) if len(sys.argv) > 2 else 1
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
raw.settimeout(1)
for number in range(count):
    body = struct.pack("!HH", 0x1AB, number) + b"rdpscope lab"
    sum = checksum(struct.pack("!BBH", ECHO_REQUEST, 0, 0) + body)
    try:
        raw.sendto(struct.pack("!BBH", ECHO_REQUEST, 0, sum) + body, (sys.argv[1], 0))
        raw.recv(2048)
    except OSError as error:
        print(error)
    if number + 1 < count:
        time.sleep(1)
