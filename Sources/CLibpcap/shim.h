#include <net/if.h>
#include <pcap/pcap.h>
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
#endif
