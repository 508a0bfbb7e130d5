// Input: one place where the program sleeps. It wakes for a key, a signal, a new size, the end of
// its patience, or the end of the terminal, and between those it uses no processor time at all.
#define _GNU_SOURCE 1
#define NCURSES_WIDECHAR 1

#include "CNcurses.h"
#include "cn_screen.h"
#include "cn_signals.h"

#include <curses.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

enum { control_l = 'L' & 0x1F };

_Static_assert(CN_KEY_DOWN == KEY_DOWN && CN_KEY_UP == KEY_UP, "curses numbers its keys");
_Static_assert(CN_KEY_LEFT == KEY_LEFT && CN_KEY_RIGHT == KEY_RIGHT, "curses numbers its keys");
_Static_assert(CN_KEY_HOME == KEY_HOME && CN_KEY_END == KEY_END, "curses numbers its keys");
_Static_assert(CN_KEY_PAGE_UP == KEY_PPAGE, "curses numbers its keys");
_Static_assert(CN_KEY_PAGE_DOWN == KEY_NPAGE, "curses numbers its keys");
_Static_assert(CN_KEY_BACKSPACE == KEY_BACKSPACE, "curses numbers its keys");
_Static_assert(CN_KEY_DELETE == KEY_DC, "curses numbers its keys");
_Static_assert(CN_KEY_ENTER == KEY_ENTER, "curses numbers its keys");
_Static_assert(CN_KEY_BACK_TAB == KEY_BTAB, "curses numbers its keys");

static bool left_is_down;

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

static bool take_mouse(cn_event *event) {
  MEVENT mouse;
  if (getmouse(&mouse) != OK) return false;
  bool pressed = mouse.bstate & BUTTON1_PRESSED;
  if (pressed) left_is_down = true;
  if (mouse.bstate & BUTTON1_RELEASED) left_is_down = false;
  if (!pressed && !(left_is_down && (mouse.bstate & REPORT_MOUSE_POSITION))) return false;
  *event = (cn_event){
    .kind = pressed ? cn_kind_click : cn_kind_drag, .row = mouse.y, .column = mouse.x};
  return true;
}

/// One key of those already typed. `status` is ERR when there is none, with errno from read(2).
static bool take_key(cn_event *event, int *status) {
  wint_t code = 0;
  errno = 0;
  *status = get_wch(&code);
  if (*status == ERR) return false;
  if (*status == KEY_CODE_YES && code == KEY_MOUSE) return take_mouse(event);
  event->kind = *status == KEY_CODE_YES ? cn_kind_function : cn_kind_character;
  event->code = (int)code;
  if (*status == OK && code == control_l) {
    cn_fit();
    event->kind = cn_kind_resize;
  }
  return true;
}

/// What poll(2) says of the keyboard when the terminal has been closed: hung up, or readable with
/// nothing to read. Without this check the reader would spin.
static bool is_gone(short conditions) {
  int waiting = 0;
  if (conditions & (POLLHUP | POLLERR | POLLNVAL)) return true;
  if (!(conditions & POLLIN)) return false;
  return ioctl(STDIN_FILENO, FIONREAD, &waiting) != 0 || waiting == 0;
}

/// Sleeps. True with `event` set when there is nothing more to wait for.
static bool wait_for_input(int milliseconds, int descriptor, cn_event *event) {
  struct pollfd sources[] = {
    {.fd = STDIN_FILENO, .events = POLLIN},
    {.fd = cn_signal_descriptor(), .events = POLLIN},
    {.fd = descriptor, .events = POLLIN},
  };
  int ready = poll(sources, 3, milliseconds);
  if (ready < 0) return false;  // interrupted: the signal has left its mark
  if (sources[1].revents) {
    cn_drain_signals();
    return false;
  }
  // Keys go first: a talkative descriptor must not make the screen deaf.
  if (sources[2].revents && !sources[0].revents) {
    event->kind = cn_kind_ready;
    return true;
  }
  event->kind = ready == 0 ? cn_kind_timeout : cn_kind_gone;
  return ready == 0 || is_gone(sources[0].revents);
}

cn_event cn_read(int milliseconds, int descriptor) {
  long long deadline = milliseconds_now() + milliseconds;
  for (;;) {
    cn_event event = {.kind = cn_kind_timeout};
    int status = OK;
    if (take_signal(&event) || take_key(&event, &status)) return event;
    if (status != ERR) continue;  // a part of a mouse movement that means nothing to us
    if (errno == EIO) return (cn_event){.kind = cn_kind_gone};
    long long left = milliseconds < 0 ? -1 : deadline - milliseconds_now();
    if (milliseconds >= 0 && left < 0) left = 0;
    if (wait_for_input((int)left, descriptor, &event)) return event;
  }
}
