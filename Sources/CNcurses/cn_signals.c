// Signals without races. A handler may interrupt anything, malloc and curses included, so it only
// sets a bit and writes to a pipe that the reader polls beside the keyboard: a signal between
// “nothing to do” and “go to sleep” still ends the sleep, on whichever thread it arrives. After a
// crash only write(2) and tcsetattr(2) are safe: what they need is prepared before.
#define _GNU_SOURCE 1

#include "cn_signals.h"
#include "cn_errors.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static void note(int number);
static void crash(int number);

static const struct {
  int number;
  void (*handler)(int);
} watched[] = {
  {SIGINT, note},   {SIGTERM, note},  {SIGHUP, note},   {SIGTSTP, note},
  {SIGCONT, note},  {SIGWINCH, note}, {SIGQUIT, note},  {SIGILL, crash},
  {SIGTRAP, crash}, {SIGABRT, crash}, {SIGBUS, crash},  {SIGFPE, crash},
  {SIGSEGV, crash},
};
enum { watched_count = sizeof watched / sizeof watched[0] };

static struct sigaction previous[watched_count];
static atomic_uint pending;
static int wake[2] = {-1, -1};

static atomic_bool armed;
static char farewell[512];
static size_t farewell_length;
static struct termios modes;

// A stack of its own, so that a stack overflow can be handled too.
static char spare_stack[64 * 1024];

static unsigned bit(int number) { return 1u << number; }

static void note(int number) {
  int saved = errno;
  unsigned before = atomic_fetch_or(&pending, bit(number));
  // A second Ctrl-C or Ctrl-\ before the first has been handled: the program hangs, so end it.
  if ((number == SIGINT || number == SIGQUIT) && (before & bit(number))) crash(number);
  ssize_t ignored = write(wake[1], "", 1);
  (void)ignored;
  errno = saved;
}

static void crash(int number) {
  if (atomic_exchange(&armed, false)) {
    ssize_t ignored = write(STDOUT_FILENO, farewell, farewell_length);
    (void)ignored;
    tcsetattr(STDIN_FILENO, TCSANOW, &modes);
    cn_release_errors();
  }
  for (int i = 0; i < watched_count; i++) {
    if (watched[i].number == number) sigaction(number, &previous[i], NULL);
  }
  // Blocked until this handler returns. Then it arrives where the error was, so that the default
  // action (or Swift's backtrace, if it is on) sees that frame and not this one.
  raise(number);
}

static void install(int index) {
  struct sigaction action = {.sa_handler = watched[index].handler};
  action.sa_flags = SA_RESTART | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  sigaction(watched[index].number, NULL, &previous[index]);
  // What the parent process ignores (nohup, a shell without job control) stays ignored.
  if (previous[index].sa_handler == SIG_IGN && watched[index].number != SIGWINCH) return;
  sigaction(watched[index].number, &action, NULL);
}

static void use_spare_stack(void) {
  stack_t current;
  if (sigaltstack(NULL, &current) != 0 || !(current.ss_flags & SS_DISABLE)) return;
  stack_t spare = {.ss_sp = spare_stack, .ss_size = sizeof spare_stack};
  sigaltstack(&spare, NULL);
}

bool cn_watch_signals(void) {
  // The pipe outlives the screen: closing it could race with a handler on another thread.
  if (wake[0] < 0 && pipe2(wake, O_CLOEXEC | O_NONBLOCK) != 0) return false;
  atomic_store(&pending, 0);
  use_spare_stack();
  // A parent may have left signals blocked; a screen that no signal reaches cannot be closed.
  sigset_t ours;
  sigemptyset(&ours);
  for (int i = 0; i < watched_count; i++) {
    install(i);
    sigaddset(&ours, watched[i].number);
  }
  pthread_sigmask(SIG_UNBLOCK, &ours, NULL);
  return true;
}

void cn_unwatch_signals(void) {
  for (int i = 0; i < watched_count; i++) sigaction(watched[i].number, &previous[i], NULL);
  cn_drain_signals();
}

void cn_arm_restoration(const char *bytes, size_t length, const struct termios *shell_modes) {
  atomic_store(&armed, false);
  farewell_length = length < sizeof farewell ? length : sizeof farewell;
  memcpy(farewell, bytes, farewell_length);
  modes = *shell_modes;
  atomic_store(&armed, true);
}

void cn_disarm_restoration(void) { atomic_store(&armed, false); }

bool cn_take_signal(int number) {
  return atomic_fetch_and(&pending, ~bit(number)) & bit(number);
}

int cn_signal_descriptor(void) { return wake[0]; }

void cn_drain_signals(void) {
  char bytes[64];
  while (read(wake[0], bytes, sizeof bytes) > 0) continue;
}

void cn_stop(void) {
  struct sigaction standard = {.sa_handler = SIG_DFL};
  struct sigaction ours;
  sigemptyset(&standard.sa_mask);
  sigaction(SIGTSTP, &standard, &ours);
  raise(SIGTSTP);
  sigaction(SIGTSTP, &ours, NULL);
  cn_take_signal(SIGCONT);
}
