"""Reads classic pcap and pcapng just well enough to take connections out of them."""

import struct
from collections import namedtuple

# One packet of a flow, cut where a copy changes it: `head` are the first 24 octets (Ethernet and
# IPv4 up to its checksum), then IPv4 checksum, addresses and ports (these differ in every copy),
# `middle` up to the TCP checksum, the TCP checksum (None for UDP), and `tail`, the rest.
# `head` alone, with `middle` None, is a packet that is copied as it stands.
Packet = namedtuple("Packet", "time fromClient head ipSum middle tcpSum tail wireLength")
Flow = namedtuple("Flow", "client server packets")  # ends are 6 octets: address and port


def packets(path):
    """Yields (microseconds, octets, length on the wire) of the Ethernet packets in a file."""
    data = path.read_bytes()
    if data[:4] == b"\x0a\x0d\x0d\x0a":
        yield from _pcapng(data)
        return
    for order in "<>":
        magic = struct.unpack_from(order + "I", data)[0]
        if magic in (0xA1B2C3D4, 0xA1B23C4D):
            break
    else:
        return
    if struct.unpack_from(order + "I", data, 20)[0] & 0xFFFF != 1:
        return
    header = struct.Struct(order + "IIII")
    divisor = 1000 if magic == 0xA1B23C4D else 1
    position = 24
    while position + 16 <= len(data):
        seconds, fraction, captured, length = header.unpack_from(data, position)
        position += 16
        yield seconds * 1_000_000 + fraction // divisor, data[position:position + captured], length
        position += captured


def _pcapng(data):
    position, order, interfaces = 0, "<", []
    while position + 12 <= len(data):
        if data[position:position + 4] == b"\x0a\x0d\x0d\x0a":
            order = "<" if data[position + 8] == 0x4D else ">"
            interfaces = []
        kind, length = struct.unpack_from(order + "II", data, position)
        if length < 12:
            return
        body = data[position + 8:position + length - 4]
        if kind == 1:
            interfaces.append((struct.unpack_from(order + "H", body)[0], _resolution(body, order)))
        elif kind == 6:
            interface, high, low, captured, wire = struct.unpack_from(order + "IIIII", body)
            link, perSecond = interfaces[interface]
            if link == 1:
                time = (high << 32 | low) * 1_000_000 // perSecond
                yield time, body[20:20 + captured], wire
        position += length


def _resolution(body, order):
    position = 8
    while position + 4 <= len(body):
        code, length = struct.unpack_from(order + "HH", body, position)
        if code == 0:
            break
        if code == 9:
            value = body[position + 4]
            return 2 ** (value & 127) if value & 128 else 10 ** value
        position += 4 + (length + 3 & ~3)
    return 1_000_000


def flows(path):
    """The whole TCP connections (from their SYN on) of a file: IPv4 on Ethernet, no options."""
    found, current = [], {}
    for time, data, length in packets(path):
        if len(data) < 54 or data[12:15] != b"\x08\x00\x45" or data[23] != 6:
            continue
        if data[20] & 0x3F or data[21]:
            continue  # a fragment
        source, target = data[26:30] + data[34:36], data[30:34] + data[36:38]
        key = frozenset((source, target))
        if data[47] & 0x12 == 0x02 and (key not in current or current[key].isn != data[38:42]):
            current[key] = _Open(source, target, data[38:42], time, [])
            found.append(current[key])
        if key in current:
            flow = current[key]
            flow.packets.append(packet(time - flow.start, source == flow.client, data, length))
    return [Flow(flow.client, flow.server, flow.packets) for flow in found]


_Open = namedtuple("_Open", "client server isn start packets")


def packet(time, fromClient, data, length=None):
    """Cuts an Ethernet packet with TCP in IPv4 where its copies differ."""
    ipSum, = struct.unpack_from(">H", data, 24)
    tcpSum, = struct.unpack_from(">H", data, 50)
    return Packet(
        time, fromClient, data[:24], ipSum, data[38:50], tcpSum, data[52:], length or len(data))


def payload(item):
    """The TCP payload, in a Packet that has TCP; padding to 60 octets is not payload."""
    total, = struct.unpack_from(">H", item.head, 16)
    header = (item.middle[8] >> 4) * 4
    if total == 0:  # segmentation offload
        return item.tail[header - 18:]
    return item.tail[header - 18:total - 20 - 18]


def isRDP(flow):
    """Whether the client's first octets are an X.224 Connection Request in a TPKT."""
    for item in flow.packets:
        body = payload(item)
        if item.fromClient and body:
            return len(body) > 6 and body[:2] == b"\x03\x00" and body[5] == 0xE0
    return False


def isSession(flow):
    """Whether it can be stretched."""
    return _recordBlock(flow) is not None


def stretched(flow, byteCount):
    """A session made longer: its exchange of TLS records repeated, sequence numbers carried on.

    The repeated part begins and ends where both directions are between two records, so that what
    reads the framing sees nothing but more of the same. A flow without such a part comes back as
    it is.
    """
    size = sum(item.wireLength for item in flow.packets)
    block = _recordBlock(flow)
    if block is None or size >= byteCount:
        return flow
    first, last, carried = block
    part = flow.packets[first:last]
    partSize = sum(item.wireLength for item in part)
    rounds = max(0, round((byteCount - size) / partSize))
    span = part[-1].time - part[0].time + 20_000
    result = list(flow.packets[:last])
    for step in range(1, rounds + 1):
        result += [_later(item, carried, step, span * step) for item in part]
    result += [_later(item, carried, rounds, span * rounds) for item in flow.packets[last:]]
    return Flow(flow.client, flow.server, result)


def _later(item, carried, steps, time):
    sequence, acknowledgment = struct.unpack_from(">II", item.middle)
    new = (sequence + steps * carried[item.fromClient]) & 0xFFFFFFFF
    newAck = acknowledgment
    if item.middle[9] & 0x10:
        newAck = (acknowledgment + steps * carried[not item.fromClient]) & 0xFFFFFFFF
    difference = new + newAck - sequence - acknowledgment  # mod 65535 a word is worth the same anywhere
    return item._replace(
        time=item.time + time, middle=struct.pack(">II", new, newAck) + item.middle[8:],
        tcpSum=(item.tcpSum - difference) % 65535)


def _recordBlock(flow):
    """Where the longest part begins and ends that can be repeated, and the octets it carries.

    Returns two packet indices and the octets by direction, or None.
    """
    expected = {}  # by direction: next sequence number in order
    left = {}  # by direction: octets still missing of the record at hand; absent before TLS begins
    safe = []
    for index, item in enumerate(flow.packets):
        body, side = payload(item), item.fromClient
        sequence, = struct.unpack_from(">I", item.middle)
        if item.middle[9] & 0x05:
            break  # FIN or RST
        ahead = sequence - expected.get(side, sequence) & 0xFFFFFFFF
        if ahead >> 31:
            continue  # repeated
        if ahead and body:
            break  # loss or reordering: what follows cannot be told
        if side in left:
            left[side] = _missing(body, left[side])
        elif body[:2] == b"\x16\x03":
            left[side] = _missing(body, 0)
        if left.get(side, 0) is None:
            break
        if body or item.middle[9] & 2:
            expected[side] = (sequence + (len(body) or 1)) & 0xFFFFFFFF
        if len(left) == 2 and body[:1] == b"\x17" and not any(left.values()):
            safe.append((index + 1, dict(expected)))
    if len(safe) < 2:
        return None
    (first, before), (last, after) = safe[len(safe) // 4], safe[-1]
    if last - first < 8:
        return None
    carried = [after[side] - before[side] & 0xFFFFFFFF for side in (False, True)]
    return first, last, carried


def _missing(body, left):
    """Octets the last record in `body` still lacks (0: it ends here), None where framing is lost."""
    while left < len(body):
        if len(body) - left < 5 or body[left] not in (20, 21, 22, 23) or body[left + 1] != 3:
            return None
        left += 5 + (body[left + 3] << 8 | body[left + 4])
    return left - len(body)
