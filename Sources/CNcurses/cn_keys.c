// Input: the one place where the program sleeps. It wakes for a key, a signal, a new size, a
// timeout or the end of the terminal, and uses no processor time in between. Bytes are handed on as
// they arrive; Swift code makes keys of them.
#define _GNU_SOURCE 1

#include "CNcurses.h"
#include "cn_screen.h"
#include "cn_signals.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/// Bytes that have been read and not been handed on.
static unsigned char typed[256];
static size_t typed_count;
static size_t typed_next;

static long long milliseconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/// Leaves the screen, stops, and comes back when continued. A parent in our job (make, a script)
/// may have stopped first and the shell be back already: then leaving has stopped us (SIGTTOU),
/// and a second stop would hang the job in the foreground.
static void suspend(void) {
  cn_take_signal(SIGCONT);
  cn_leave();
  if (!cn_take_signal(SIGCONT)) cn_stop();
  cn_enter();
}

/// After a stop that could not be caught (SIGSTOP): the shell has drawn over the picture.
static void come_back(void) {
  cn_leave();
  cn_enter();
}

static bool take_signal(cn_event *event) {
  static const int endings[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};
  for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
    if (!cn_take_signal(endings[i])) continue;
    *event = (cn_event){.kind = cn_kind_signal, .code = endings[i]};
    return true;
  }
  bool stopping = cn_take_signal(SIGTSTP);
  if (stopping) suspend();
  bool continued = cn_take_signal(SIGCONT);
  if (continued) come_back();
  bool resized = cn_take_signal(SIGWINCH);
  if (resized) cn_fit();
  event->kind = cn_kind_resize;
  return stopping || continued || resized;
}

static bool take_byte(cn_event *event) {
  if (typed_next == typed_count) return false;
  *event = (cn_event){.kind = cn_kind_byte, .code = typed[typed_next++]};
  return true;
}

/// Reads what the terminal has sent; false when it has been closed.
static bool read_bytes(void) {
  ssize_t count = read(STDIN_FILENO, typed, sizeof typed);
  if (count < 0) return errno == EINTR || errno == EAGAIN;
  typed_next = 0;
  typed_count = (size_t)count;
  return count > 0;
}

/// Sleeps. Returns true, with `event` set, when the wait is over.
static bool wait_for_input(int milliseconds, int descriptor, cn_event *event) {
  struct pollfd sources[] = {
    {.fd = STDIN_FILENO, .events = POLLIN},
    {.fd = cn_signal_descriptor(), .events = POLLIN},
    {.fd = descriptor, .events = POLLIN},
  };
  int ready = poll(sources, 3, milliseconds);
  if (ready < 0) return false;  // interrupted: the handler has noted the signal
  if (sources[1].revents) {
    cn_drain_signals();
    return false;
  }
  // Keys go first: a descriptor that always has data must not block them.
  if (sources[2].revents && !sources[0].revents) {
    event->kind = cn_kind_ready;
    return true;
  }
  event->kind = ready == 0 ? cn_kind_timeout : cn_kind_gone;
  if (sources[0].revents & POLLIN) return !read_bytes();
  return true;
}

/// The first of `bytes` up to `end` that begins with `start`; NULL if there is none.
static unsigned char *find(unsigned char *bytes, unsigned char *end, const char *start) {
  return memmem(bytes, (size_t)(end - bytes), start, strlen(start));
}

/// Removes bytes from what has been typed.
static void take_out(unsigned char *from, unsigned char *to) {
  memmove(from, to, (size_t)(typed + typed_count - to));
  typed_count -= (size_t)(to - from);
}

/// A part of a colour, of one to four hexadecimal digits (XParseColor(3)), as 0 to 255.
static int colour_part(const char *digits) {
  size_t count = strspn(digits, "0123456789abcdefABCDEF");
  if (count < 1 || count > 4) return -1;
  return (int)(strtol(digits, NULL, 16) * 255 / ((1L << (4 * count)) - 1));
}

/// Takes the answer `ESC ] 11 ; rgb:RRRR/GGGG/BBBB` out of what has been typed; -1 if it is not
/// whole.
static int take_background(void) {
  static const char begin[] = "\033]11;rgb:";
  unsigned char *end = typed + typed_count;
  unsigned char *start = find(typed, end, begin);
  if (!start) return -1;
  unsigned char *colour = start + sizeof begin - 1, *stop = colour;
  while (stop < end && *stop != '\a' && *stop != '\033') stop++;
  // It ends with BEL, or with ESC and a backslash.
  size_t ending = stop < end && *stop == '\a' ? 1 : 2;
  if ((size_t)(end - stop) < ending) return -1;
  char text[16] = "";
  if ((size_t)(stop - colour) >= sizeof text) return -1;
  memcpy(text, colour, (size_t)(stop - colour));
  take_out(start, stop + ending);
  const char *green = strchr(text, '/'), *blue = strrchr(text, '/');
  if (!green || blue == green) return -1;
  int r = colour_part(text), g = colour_part(green + 1), b = colour_part(blue + 1);
  return r < 0 || g < 0 || b < 0 ? -1 : r << 16 | g << 8 | b;
}

/// Takes the answer `ESC [ ? … c` to the question what the terminal is; false if it is not there.
static bool take_attributes(void) {
  unsigned char *end = typed + typed_count;
  unsigned char *start = find(typed, end, "\033[?");
  if (!start) return false;
  unsigned char *stop = start + 3;
  while (stop < end && (isdigit(*stop) || *stop == ';')) stop++;
  if (stop == end || *stop != 'c') return false;
  take_out(start, stop + 1);
  return true;
}

int cn_ask_background(int milliseconds) {
  static const char questions[] = "\033]11;?\033\\\033[c";
  if (write(STDOUT_FILENO, questions, sizeof questions - 1) < 0) return -1;
  long long deadline = milliseconds_now() + milliseconds;
  typed_next = typed_count = 0;
  while (typed_count < sizeof typed) {
    long long left = deadline - milliseconds_now();
    struct pollfd source = {.fd = STDIN_FILENO, .events = POLLIN};
    if (left <= 0 || poll(&source, 1, (int)left) <= 0 || !(source.revents & POLLIN)) break;
    ssize_t count = read(STDIN_FILENO, typed + typed_count, sizeof typed - typed_count);
    if (count <= 0) break;
    typed_count += (size_t)count;
    if (take_attributes()) break;
  }
  return take_background();
}

cn_event cn_read(int milliseconds, int descriptor) {
  long long deadline = milliseconds_now() + milliseconds;
  for (;;) {
    cn_event event = {.kind = cn_kind_timeout};
    if (take_signal(&event) || take_byte(&event)) return event;
    long long left = milliseconds < 0 ? -1 : deadline - milliseconds_now();
    if (milliseconds >= 0 && left < 0) left = 0;
    if (wait_for_input((int)left, descriptor, &event)) return event;
  }
}
