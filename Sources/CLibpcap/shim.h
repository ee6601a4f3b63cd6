#include <pcap/pcap.h>
#include <sys/ioctl.h>

/// Rows and columns of a terminal. ioctl(2) takes variable arguments, which Swift cannot call.
static inline int rdpscope_terminal_size(int descriptor, unsigned short *rows,
                                         unsigned short *columns) {
  struct winsize size;
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0) return -1;
  *rows = size.ws_row;
  *columns = size.ws_col;
  return 0;
}

#ifdef __linux__
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

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
