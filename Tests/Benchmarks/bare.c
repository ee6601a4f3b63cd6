// The floor of the benchmark: read every packet of a capture through libpcap, touch it, forget it.
#include <pcap.h>
#include <stdint.h>
#include <stdio.h>

int main(int count, char **arguments) {
  if (count != 2) {
    fprintf(stderr, "usage: bare CAPTURE\n");
    return 64;
  }
  char problem[PCAP_ERRBUF_SIZE];
  pcap_t *capture = pcap_open_offline(arguments[1], problem);
  if (capture == NULL) {
    fprintf(stderr, "bare: %s\n", problem);
    return 66;
  }
  struct pcap_pkthdr *header;
  const unsigned char *octets;
  uint64_t packets = 0, sum = 0;
  while (pcap_next_ex(capture, &header, &octets) == 1) {
    packets += 1;
    sum += header->len;
    // Where IPv4's protocol and TCP's flags are: the cache lines that any analysis must load.
    if (header->caplen > 47) sum += octets[23] + octets[47];
  }
  pcap_close(capture);
  printf("%llu packets, sum %llu\n", (unsigned long long)packets, (unsigned long long)sum);
  return 0;
}
