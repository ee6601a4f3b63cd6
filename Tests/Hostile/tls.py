"""TLS records, handshakes and certificates."""

from octets import *


def cases():
    yield from records()
    yield from hellos()
    yield from messages()
    yield from chains()
    yield from encodings()


def records():
    for length in (0, 1, 16384, 18432, 18433, 0xFFFF):
        yield (f"tls-record-{length}.pcap", f"handshake records that claim {length} octets",
               pcap(negotiated().say(0, record(22, client_hello(), length) * 20).packets))
    yield ("tls-records-empty.pcap", "a hundred thousand records without an octet",
           pcap(negotiated().say(0, record(22, b"") * 100_000).packets))
    yield ("tls-records-all-types.pcap", "every record type and many versions",
           pcap([data for kind in range(256) for data in
                 negotiated().say(0, record(kind, bytes(10), version=0x0300 | kind % 6)).packets]))
    yield ("tls-ccs-flood.pcap", "fifty thousand ChangeCipherSpecs",
           pcap(negotiated().say(0, record(20, u8(1)) * 50_000).packets))
    yield ("tls-alert-flood.pcap", "fifty thousand alerts in the clear, every description",
           pcap(negotiated().say(1, b"".join(record(21, u8(index % 3, index)) for index in range(50_000))).packets))
    yield ("tls-alerts-odd.pcap", "alerts of 0, 1 and 3 octets",
           pcap([data for size in (0, 1, 3, 100) for data in
                 negotiated().say(1, record(21, bytes(size))).packets]))
    yield ("tls-application-first.pcap", "application data before any handshake",
           pcap(negotiated().say(0, record(23, bytes(100)) * 2000).packets))
    yield ("tls-heartbeats.pcap", "heartbeats that ask for more than they hold",
           pcap(negotiated().say(0, record(24, u8(1, 0xFF, 0xFF))).say(1, record(24, u8(1, 0xFF, 0xFF))).packets))
    yield ("tls-plain-amid.pcap", "TPKTs and TLS records by turns on one stream",
           pcap(negotiated().say(0, (record(22, client_hello()) + request()) * 200).packets))
    yield ("tls-octet-by-octet.pcap", "a handshake of records of one octet in segments of one octet",
           pcap(negotiated().say(0, b"".join(record(22, u8(value)) for value in client_hello()), 1).packets))
    yield ("tls-sslv2-lengths.pcap", "SSL 2 hellos whose lengths lie",
           pcap([data for size in (3, 9, 0x7FFF) for field in (0, 3, 0xFFFF) for data in negotiated().say(
               0, be16(0x8000 | size) + u8(1, 3, 1) + be16(field) * 3 + bytes(60)).packets]))


def hellos():
    for length in (0, 1, 3, 0xFFFFFF, 0x40000, 0x40001):
        yield (f"tls-hello-length-{length}.pcap", f"a ClientHello that claims {length} octets",
               pcap(negotiated().say(0, record(22, client_hello()[:1] + be24(length) + bytes(2000)) * 10).packets))
    yield ("tls-hello-extensions-length.pcap", "extensions that claim more than the message",
           pcap(negotiated().say(0, record(22, client_hello(extension(0, b"x"), lengths=0xFFFF))).packets))
    yield ("tls-hello-extension-lengths.pcap", "every known extension with a length of 65535",
           pcap([data for kind in range(60) for data in negotiated().say(
               0, record(22, client_hello(extension(kind, bytes(4), length=0xFFFF)))).packets]))
    yield ("tls-hello-extension-contents.pcap", "every known extension full of ones",
           pcap([data for kind in range(60) for fill in (0, 0xFF) for data in negotiated().say(
               0, record(22, client_hello(extension(kind, u8(fill) * 40)))).packets]))
    yield ("tls-hello-extensions-repeated.pcap", "a name four thousand times in one hello",
           pcap(negotiated().say(0, b"".join(record(22, part) for part in pieces(client_hello(
               extension(0, be16(7) + u8(0) + be16(4) + b"host") * 4000), 16384))).packets))
    suites = b"".join(be16(value) for value in range(32767))
    yield ("tls-hello-suites.pcap", "every cipher suite number at once",
           pcap(negotiated().say(0, b"".join(record(22, part) for part in
                                             pieces(client_hello(suites=suites), 16384))).packets))
    name = b"\x1b[31m\0\xFF\xFE" * 60
    yield ("tls-sni-hostile.pcap", "a server name of escapes and broken UTF-8",
           pcap(negotiated().say(0, record(22, client_hello(extension(
               0, be16(len(name) + 3) + u8(0) + be16(len(name)) + name)))).packets))
    yield ("tls-alpn-hostile.pcap", "ALPN names empty, long and of control characters",
           pcap(negotiated().say(0, record(22, client_hello(extension(
               16, be16(260) + u8(0) + u8(255) + b"\x07" * 255 + u8(3) + b"ab")))).packets))
    yield ("tls-session-id-255.pcap", "a session id of 255 octets",
           pcap(negotiated().say(0, record(22, client_hello(session=bytes(255)))).packets))
    yield ("tls-server-first.pcap", "a server that says hello first",
           pcap(negotiated().say(1, record(22, server_hello())).say(0, record(22, client_hello())).packets))
    retry = handshake(2, be16(0x0303) + bytes.fromhex(
        "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c") + u8(0) + be16(0x1301) + u8(0)
        + be16(6) + extension(43, be16(0x0304)))
    talk = negotiated()
    for _ in range(2000):
        talk.say(0, record(22, client_hello())).say(1, record(22, retry))
    yield "tls-retry-loop.pcap", "two thousand HelloRetryRequests", pcap(talk.packets)


def pieces(data, size):
    return [data[start:start + size] for start in range(0, len(data), size)]


def messages():
    start = server_hello()
    yield ("tls-messages-all-types.pcap", "every handshake type, empty and full of ones",
           pcap(tls_server(start + b"".join(handshake(kind, fill * 30) for kind in range(256)
                                            for fill in (b"", b"\xFF"))).packets))
    yield ("tls-messages-empty.pcap", "fifty thousand messages without an octet",
           pcap(tls_server(start + handshake(0, b"") * 50_000).packets))
    for name, body in {"dh-65535": be16(0xFFFF) + bytes(100), "curve": u8(3) + be16(0xFFFF) + u8(255),
                       "explicit": u8(1, 255) + bytes(50), "empty": b""}.items():
        for suite in (0xC02F, 0x009E):
            yield (f"tls-key-exchange-{name}-{suite:04x}.pcap",
                   f"a key exchange with {name} under suite {suite:#06x}",
                   pcap(tls_server(server_hello(suite) + handshake(12, body)).packets))
    yield ("tls-ticket.pcap", "a session ticket that claims 65535 octets",
           pcap(tls_server(start + handshake(4, be32(1) + be16(0xFFFF) + bytes(10))).packets))
    yield ("tls-certificate-request.pcap", "a request whose lists lie",
           pcap(tls_server(start + handshake(13, u8(255) + bytes(10)) + handshake(
               13, u8(1, 1) + be16(0xFFFF)) + handshake(13, u8(1, 1) + be16(2) + be16(0x0401) + be16(0xFFFF))).packets))
    yield ("tls-message-256-kib.pcap", "a message of the greatest length that is put together",
           pcap(tls_server(start + handshake(11, be24((1 << 18) - 3) + bytes((1 << 18) - 3))).packets))
    yield ("tls-message-16-mib.pcap", "a message of 16 MiB that really comes, as far as 4 MB",
           pcap(tls_server(start + handshake(11, bytes(4_000_000), length=0xFFFFFF)).packets))
    yield ("tls-message-octet-records.pcap", "a message of 64 KiB in records of one octet",
           pcap(negotiated().say(1, b"".join(record(22, u8(value)) for value in
                                             (start + certificates([certificate()] * 40))[:65536])).packets))


def chain(flight):
    return pcap(tls_server(server_hello() + flight).packets)


def chains():
    one = certificate()
    yield "tls-chain-300.pcap", "a chain of three hundred certificates", chain(certificates([one] * 300))
    yield ("tls-chain-distinct.pcap", "a chain of 300 certificates, all different",
           chain(certificates([certificate(name=b"h%d" % index) for index in range(300)])))
    yield "tls-chain-empty.pcap", "a chain of none", chain(certificates([]))
    yield ("tls-chain-zero-length.pcap", "eighty thousand certificates without an octet",
           chain(certificates([b""] * 80_000)))
    yield "tls-chain-length.pcap", "a chain that claims 16 MiB", chain(certificates([one], length=0xFFFFFF))
    many = []
    for index in range(400):
        many += tls_server(server_hello() + certificates(
            [certificate(name=b"host %d" % index) for _ in range(1)])).packets
    yield "tls-many-certificates.pcap", "four hundred servers, each with its own certificate", pcap(many)
    yield ("tls-certificate-prefixes.pcap", "a certificate cut at every octet",
           chain(certificates([one[:length] for length in range(0, len(one), 3)][:300])))


def encodings():
    def only(name, purpose, *ders):
        return f"x509-{name}.pcap", purpose, chain(certificates(list(ders)))
    nested = b""
    for _ in range(15_000):
        nested = der(0x30, nested)
    yield only("deep", "fifteen thousand SEQUENCEs one in the other", nested)
    deep = b""
    for _ in range(5_000):
        deep = der(0x30, deep)
    yield only("deep-extension", "five thousand SEQUENCEs within an extension",
               certificate(extensions=der(0x30, der(6, b"\x55\x1D\x11"), der(4, deep))))
    yield only("deep-name", "five thousand SEQUENCEs within the name", certificate(name=deep, string_tag=0x30))
    yield only("indefinite", "indefinite lengths, thousands of them", b"\x30\x80" * 20_000)
    for octets in (b"\x84\xFF\xFF\xFF\xFF", b"\x88" + b"\xFF" * 8, b"\xFF", b"\x89" + bytes(9)):
        yield only(f"length-{octets.hex()[:8]}", f"DER of length {octets.hex()}", b"\x30" + octets + bytes(99))
    yield only("serial", "serial numbers of 0 and of 20000 octets", certificate(serial=b""),
               certificate(serial=b"\xFF" * 20_000))
    yield only("dates", "dates that are none", *(certificate(not_before=text, not_after=text)
               for text in (b"", b"Z", b"999999999999Z", b"240230000000Z", b"2401010000", b"\xFF" * 13,
                            b"240101000000+9999")))
    yield only("dates-generalized", "years 0000 and 9999, and what is no year",
               *(certificate(not_before=text, not_after=text, time_tag=0x18)
                 for text in (b"00000101000000Z", b"99991231235960Z", b"-1000101000000Z",
                              b"20240101000000.999999999999Z")))
    yield only("dates-backwards", "valid from the end to the beginning",
               certificate(not_before=b"340101000000Z", not_after=b"240101000000Z"))
    yield only("key-65536", "an RSA key of 65536 bits",
               certificate(key=der(0x30, der(2, b"\0" + b"\xFF" * 8192), der(2, b"\3"))))
    yield only("key-odd", "RSA keys that are empty, negative and zero",
               *(certificate(key=der(0x30, der(2, octets), der(2, octets)))
                 for octets in (b"", b"\0", b"\xFF", b"\x80" * 99)))
    yield only("oid", "object identifiers with arcs of a thousand digits, empty and cut",
               *(certificate(extensions=der(0x30, der(6, octets), der(4, b"\5\0")))
                 for octets in (b"\xFF" * 2000 + b"\x7F", b"", b"\x80", b"\x80\x80\x01", b"\xFF")))
    yield only("strings", "names in every string type, with escapes and broken UTF-8",
               *(certificate(name=b"\x1b[31m\0\xFF\xFE\xD8\x00", string_tag=tag)
                 for tag in (0x0C, 0x13, 0x14, 0x16, 0x1A, 0x1C, 0x1E, 0x04, 0x05)))
    names = der(0x30, *(der(0x82, b"h%d.example" % index) for index in range(4000)))
    yield only("names-4000", "four thousand alternative names",
               certificate(extensions=der(0x30, der(6, b"\x55\x1D\x11"), der(4, names))))
    addresses = der(0x30, *(der(0x87, bytes(size)) for size in range(40)))
    yield only("addresses", "alternative addresses of 0 to 39 octets",
               certificate(extensions=der(0x30, der(6, b"\x55\x1D\x11"), der(4, addresses))))
    yield only("name-60-kib", "a name of 60 KiB", certificate(name=b"A" * 60_000))
    yield only("70-kib", "a certificate longer than is read", certificate(name=b"A" * 70_000))
    yield only("extensions-5000", "five thousand extensions",
               certificate(extensions=der(0x30, der(6, b"\x55\x1D\x0F"), der(4, b"\3\2\5\xA0")) * 3000))
