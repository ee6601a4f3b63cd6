"""A name server for which no name exists: answers every question with NXDOMAIN."""

import socket
import time

NAME_DOES_NOT_EXIST = 3
LIFETIME_SECONDS = 300

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("0.0.0.0", 53))
server.settimeout(1)
print("ready", flush=True)
deadline = time.monotonic() + LIFETIME_SECONDS
while time.monotonic() < deadline:
    try:
        question, client = server.recvfrom(1500)
    except TimeoutError:
        continue
    flags = bytes([0x81, 0x80 | NAME_DOES_NOT_EXIST])
    server.sendto(question[:2] + flags + question[4:], client)
