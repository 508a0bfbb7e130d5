// Standard error while the screen is up. What is written to it would spoil the picture and vanish
// with it, the message of a fatalError above all. So it is kept in memory and written afterwards.
#define _GNU_SOURCE 1

#include "cn_errors.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <unistd.h>

static int held = -1;
static int real = -1;
static atomic_bool holding;

void cn_hold_errors(void) {
  if (atomic_load(&holding) || !isatty(STDERR_FILENO)) return;
  if (held < 0) held = memfd_create("standard error", MFD_CLOEXEC);
  if (real < 0) real = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  if (held < 0 || real < 0) return;
  if (dup2(held, STDERR_FILENO) >= 0) atomic_store(&holding, true);
}

void cn_release_errors(void) {
  if (!atomic_exchange(&holding, false)) return;
  int saved = errno;
  dup2(real, STDERR_FILENO);
  char bytes[1024];
  ssize_t count;
  for (off_t at = 0; (count = pread(held, bytes, sizeof bytes, at)) > 0; at += count) {
    if (write(STDERR_FILENO, bytes, (size_t)count) < 0) break;
  }
  if (ftruncate(held, 0) == 0) lseek(held, 0, SEEK_SET);
  errno = saved;
}
