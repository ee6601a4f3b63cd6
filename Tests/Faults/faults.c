/* Faults of a disk, for LD_PRELOAD: what read(2) answers on files whose path contains FAULT_PATH.
 *
 *   FAULT_AFTER=N   after N octets every read fails with FAULT_ERRNO (EIO unless given)
 *   FAULT_SHORT=N   no read gives more than N octets
 *   FAULT_EINTR=N   every N-th read is interrupted by a signal
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static long setting(const char *name, long otherwise) {
  const char *text = getenv(name);
  return text ? atol(text) : otherwise;
}

static int concerns(int descriptor) {
  const char *part = getenv("FAULT_PATH");
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (!part || length < 0) return 0;
  path[length] = 0;
  return strstr(path, part) != NULL;
}

ssize_t read(int descriptor, void *target, size_t count) {
  static ssize_t (*next)(int, void *, size_t);
  static long given, calls;
  if (!next) next = (ssize_t (*)(int, void *, size_t))dlsym(RTLD_NEXT, "read");
  if (!concerns(descriptor)) return next(descriptor, target, count);
  long interval = setting("FAULT_EINTR", 0);
  if (interval && ++calls % interval == 0) {
    errno = EINTR;
    return -1;
  }
  long limit = setting("FAULT_SHORT", 0), end = setting("FAULT_AFTER", -1);
  if (limit && count > (size_t)limit) count = limit;
  if (end >= 0) {
    if (given >= end) {
      errno = setting("FAULT_ERRNO", EIO);
      return -1;
    }
    if (count > (size_t)(end - given)) count = end - given;
  }
  ssize_t got = next(descriptor, target, count);
  if (got > 0) given += got;
  return got;
}
