// Writes a pcap capture of one shape to stdout, as long as wanted and without a file:
//
//   sessions N OCTETS      N RDP sessions at a time, taking turns, until so many octets are written
//   scan N                 N connections to port 3389 of as many hosts, each refused
//   connections N          N connections that negotiate, exchange two records and end, one after
//                          the other
//   disorder OCTETS        one session whose segments come 256 at a time in reverse order
//   holes OCTETS           one session of which the capture lacks every second segment
//
// Checksums are zero: rdpscope does not look at them.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIN = 1, SYN = 2, RST = 4, PUSH = 8, ACK = 16 };
enum { SEGMENT = 1400 };

static uint64_t written, now;

static void big16(uint8_t *at, uint32_t value) { at[0] = value >> 8, at[1] = value; }
static void big32(uint8_t *at, uint32_t value) { big16(at, value >> 16), big16(at + 2, value); }

static void out(const void *bytes, size_t count) {
  if (fwrite(bytes, 1, count, stdout) != count) exit(74);
  written += count;
}

struct end { uint32_t address; uint16_t port; uint32_t next; };

// One packet from `from` to `to`: the sender's sequence number moves on.
static void send(struct end *from, struct end *to, int flags, const void *payload, size_t count) {
  static uint16_t identification;
  uint8_t head[16 + 54] = {0};
  uint32_t length = 54 + count;
  now += 20;
  uint32_t fields[4] = {1700000000 + now / 1000000, now % 1000000, length, length};
  memcpy(head, fields, 16);
  uint8_t *frame = head + 16, *ip = frame + 14, *tcp = ip + 20;
  frame[0] = frame[6] = 2, frame[5] = 1, frame[11] = 2, frame[12] = 8;
  ip[0] = 0x45, ip[8] = 64, ip[9] = 6;
  big16(ip + 2, length - 14), big16(ip + 4, ++identification);
  big32(ip + 12, from->address), big32(ip + 16, to->address);
  big16(tcp, from->port), big16(tcp + 2, to->port);
  big32(tcp + 4, from->next), big32(tcp + 8, flags & ACK ? to->next : 0);
  tcp[12] = 0x50, tcp[13] = flags, big16(tcp + 14, 64240);
  out(head, sizeof head);
  if (count) out(payload, count);
  from->next += count + (flags & SYN ? 1 : 0) + (flags & FIN ? 1 : 0);
}

static const uint8_t request[19] = {3, 0, 0, 19, 14, 0xE0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 1, 0, 0, 0};
static const uint8_t confirm[19] = {3, 0, 0, 19, 14, 0xD0, 0, 0, 0x12, 0x34, 0, 2, 0, 8, 0, 1, 0, 0, 0};
static uint8_t record[SEGMENT] = {23, 3, 3, (SEGMENT - 5) >> 8, (SEGMENT - 5) & 255};

// The ends of the connection with a number.
static void ends(uint32_t number, struct end *client, struct end *server) {
  *client = (struct end){0x0A000001 + number % 60000, 20000 + number / 60000, number * 7919};
  *server = (struct end){0xC000020A, 3389, number * 104729};
}

static void begin(struct end *client, struct end *server) {
  send(client, server, SYN, 0, 0);
  send(server, client, SYN | ACK, 0, 0);
  send(client, server, ACK, 0, 0);
  send(client, server, ACK | PUSH, request, sizeof request);
  send(server, client, ACK | PUSH, confirm, sizeof confirm);
}

static void sessions(uint32_t count, uint64_t octets) {
  struct end *clients = calloc(count, sizeof *clients), *servers = calloc(count, sizeof *servers);
  if (!clients || !servers) exit(71);
  for (uint32_t index = 0; index < count; index++) {
    ends(index, &clients[index], &servers[index]);
    begin(&clients[index], &servers[index]);
  }
  for (uint32_t index = 0; written < octets; index = (index + 1) % count) {
    send(&servers[index], &clients[index], ACK, record, SEGMENT);
    send(&servers[index], &clients[index], ACK, record, SEGMENT);
    send(&clients[index], &servers[index], ACK, 0, 0);
  }
}

static void scan(uint32_t count) {
  for (uint32_t index = 0; index < count; index++) {
    struct end client = {0xC6336401, 40000 + index % 20000, index};
    struct end server = {0x0A000000 + index, 3389, 0};
    send(&client, &server, SYN, 0, 0);
    send(&server, &client, RST | ACK, 0, 0);
  }
}

static void connections(uint32_t count) {
  for (uint32_t index = 0; index < count; index++) {
    struct end client, server;
    ends(index, &client, &server);
    begin(&client, &server);
    send(&client, &server, ACK | PUSH, record, SEGMENT);
    send(&server, &client, ACK | PUSH, record, SEGMENT);
    send(&client, &server, FIN | ACK, 0, 0);
    send(&server, &client, FIN | ACK, 0, 0);
    send(&client, &server, ACK, 0, 0);
  }
}

static void disorder(uint64_t octets, int lacksHalf) {
  struct end client, server;
  ends(0, &client, &server);
  begin(&client, &server);
  while (written < octets) {
    uint32_t start = server.next;
    for (int index = 255; 0 <= index; index--) {
      if (lacksHalf && index % 2) continue;
      server.next = start + (lacksHalf ? 255 - index : index) * SEGMENT;
      send(&server, &client, ACK, record, SEGMENT);
    }
    server.next = start + 256 * SEGMENT;
    // Without an acknowledgment nobody knows yet that the missing ones will not come.
    if (!lacksHalf) send(&client, &server, ACK, 0, 0);
  }
}

int main(int count, char **arguments) {
  static char buffer[1 << 20];
  setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
  if (count < 3) return 64;
  uint32_t header[6] = {0xA1B2C3D4, 0x00040002, 0, 0, 262144, 1};
  out(header, sizeof header);
  const char *shape = arguments[1];
  uint64_t first = strtoull(arguments[2], 0, 10), second = count > 3 ? strtoull(arguments[3], 0, 10) : 0;
  if (!strcmp(shape, "sessions")) sessions(first, second);
  else if (!strcmp(shape, "scan")) scan(first);
  else if (!strcmp(shape, "connections")) connections(first);
  else if (!strcmp(shape, "disorder")) disorder(first, 0);
  else if (!strcmp(shape, "holes")) disorder(first, 1);
  else return 64;
  return fflush(stdout) ? 74 : 0;
}
