#include <net/if.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/// Rows and columns of a terminal. ioctl(2) takes variable arguments, which Swift cannot call.
static inline int rdpscope_terminal_size(int descriptor, unsigned short *rows,
                                         unsigned short *columns) {
  struct winsize size;
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0) return -1;
  *rows = size.ws_row;
  *columns = size.ws_col;
  return 0;
}

/// Whether an interface is up; -1 when there is none of the name.
static inline int rdpscope_interface_is_up(const char *name) {
  struct ifreq request;
  memset(&request, 0, sizeof request);
  strncpy(request.ifr_name, name, sizeof request.ifr_name - 1);
  int descriptor = socket(AF_INET, SOCK_DGRAM, 0);
  if (descriptor < 0) return -1;
  int status = ioctl(descriptor, SIOCGIFFLAGS, &request);
  close(descriptor);
  return status != 0 ? -1 : (request.ifr_flags & IFF_UP) != 0;
}

#ifdef __linux__
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

/// Has the capabilities survive a change of the user id. prctl(2) takes variable arguments, which
/// Swift cannot call.
static inline int rdpscope_keep_capabilities(void) {
  return prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0);
}

/// Gives up every capability but CAP_NET_RAW, with which an interface is opened again.
static inline int rdpscope_retain_net_raw_only(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2];
  memset(data, 0, sizeof data);
  data[0].permitted = data[0].effective = 1u << CAP_NET_RAW;
  return (int)syscall(SYS_capset, &header, data);
}

/// Has the kernel pass one packet in `share`, a power of two, of those that a filter selects. Which
/// one is left to chance, and decided before anything else is looked at.
static inline int rdpscope_set_thinned_filter(pcap_t *handle, const struct bpf_program *program,
                                              unsigned int share) {
  // SKF_AD_OFF + SKF_AD_RANDOM of linux/filter.h, whose names clash with libpcap's.
  const unsigned int random = (unsigned int)(-0x1000 + 56);
  const struct bpf_insn chance[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, random),
      BPF_STMT(BPF_ALU | BPF_AND | BPF_K, share - 1),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, 0),
  };
  const unsigned int added = sizeof chance / sizeof chance[0];
  struct bpf_insn *whole = calloc(added + program->bf_len, sizeof *whole);
  if (whole == NULL) return -1;
  memcpy(whole, chance, sizeof chance);
  // Jumps are relative: the filter works at any place.
  memcpy(whole + added, program->bf_insns, program->bf_len * sizeof *whole);
  struct bpf_program thinned = {added + program->bf_len, whole};
  int status = pcap_setfilter(handle, &thinned);
  free(whole);
  return status;
}
#else
/// Only Linux' kernel leaves a packet to chance.
static inline int rdpscope_set_thinned_filter(pcap_t *handle, const struct bpf_program *program,
                                              unsigned int share) {
  (void)handle, (void)program, (void)share;
  return -1;
}
#endif
