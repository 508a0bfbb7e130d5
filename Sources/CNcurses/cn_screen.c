// The screen, through curses: taking the terminal, giving it back, and drawing. Curses remembers
// what the terminal shows and sends only the difference, so nothing flashes.
#define _GNU_SOURCE 1
#define NCURSES_WIDECHAR 1

#include "cn_screen.h"
#include "CNcurses.h"
#include "cn_errors.h"
#include "cn_signals.h"

#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>
#include <wchar.h>

static SCREEN *screen;
static bool follows_mouse;
static bool knows_defaults;
static struct termios shell_modes;

// Presses (mode 1000), movement while a button is down (1002), and coordinates as decimal numbers
// (1006), which have no limit at column 223. Curses takes no part in it: it would block until a
// mouse report is complete.
static const char drags_on[] = "\033[?1000h\033[?1002h\033[?1006h";
static const char drags_off[] = "\033[?1002l\033[?1000l\033[?1006l";

static void send(const char *bytes) {
  ssize_t ignored = write(STDOUT_FILENO, bytes, strlen(bytes));
  (void)ignored;
}

/// Sets the locale of the environment; where that one is not installed, at least UTF-8.
static void set_locale(void) {
  if (setlocale(LC_CTYPE, "")) return;
  const char *names[] = {getenv("LC_ALL"), getenv("LC_CTYPE"), getenv("LANG")};
  for (int i = 0; i < 3; i++) {
    if (!names[i] || !*names[i]) continue;
    if (strcasestr(names[i], "utf-8") || strcasestr(names[i], "utf8")) {
      setlocale(LC_CTYPE, "C.UTF-8");
    }
    return;
  }
}

/// Whether terminfo knows this terminal and can place its cursor. initscr would exit if not.
static bool terminal_is_known(void) {
  int status = 0;
  if (setupterm(NULL, STDOUT_FILENO, &status) != OK) return false;
  bool places_cursor = cursor_address != NULL && clear_screen != NULL;
  del_curterm(cur_term);
  return places_cursor;
}

/// Appends a terminfo string without its padding, such as `$<50/>`.
static size_t append(char *to, size_t length, size_t capacity, const char *string) {
  if (string == NULL || string == (const char *)-1) return length;
  for (; *string && length < capacity; string++) {
    const char *end = string[0] == '$' && string[1] == '<' ? strchr(string, '>') : NULL;
    if (end) string = end;
    else to[length++] = *string;
  }
  return length;
}

static void prepare_for_crash(void) {
  char bytes[512];
  size_t length = append(bytes, 0, sizeof bytes, follows_mouse ? drags_off : "");
  const char *undo[] = {
    exit_attribute_mode, orig_pair, keypad_local, cursor_normal,
    exit_ca_mode ? exit_ca_mode : "\r\n",
  };
  for (size_t i = 0; i < sizeof undo / sizeof undo[0]; i++) {
    length = append(bytes, length, sizeof bytes, undo[i]);
  }
  cn_arm_restoration(bytes, length, &shell_modes);
  cn_hold_errors();
}

static void listen_to_keys(bool mouse) {
  cbreak();
  noecho();
  nonl();
  intrflush(stdscr, FALSE);
  keypad(stdscr, TRUE);
  typeahead(-1);
  curs_set(0);
  follows_mouse = mouse && key_mouse && key_mouse[0] == '\033';
  if (follows_mouse) send(drags_on);
}

cn_opening cn_open(bool mouse) {
  static bool closes_at_exit;
  if (screen) return cn_opening_already_open;
  if (!isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &shell_modes) != 0) {
    return cn_opening_not_a_terminal;
  }
  set_locale();
  if (!terminal_is_known() || !cn_watch_signals()) return cn_opening_unknown_terminal;
  fflush(stdout);
  use_env(FALSE);  // an exported LINES or COLUMNS may be stale; the terminal itself knows
  use_tioctl(TRUE);
  screen = newterm(NULL, stdout, stdin);
  if (!screen) {
    cn_unwatch_signals();
    return cn_opening_unknown_terminal;
  }
  listen_to_keys(mouse);
  prepare_for_crash();
  if (!closes_at_exit) closes_at_exit = atexit(cn_close) == 0;
  return cn_opening_opened;
}

void cn_close(void) {
  if (!screen) return;
  cn_leave();
  delscreen(screen);
  screen = NULL;
  cn_unwatch_signals();
}

void cn_leave(void) {
  if (isendwin()) return;
  if (follows_mouse) send(drags_off);
  endwin();
  cn_disarm_restoration();
  cn_release_errors();
}

void cn_enter(void) {
  // Not when continued in the background: the modes are then the shell's own, for its line editor.
  if (tcgetpgrp(STDIN_FILENO) == getpgrp()) {
    def_shell_mode();
    tcgetattr(STDIN_FILENO, &shell_modes);
  }
  cn_fit();
  refresh();
  if (follows_mouse) send(drags_on);
  prepare_for_crash();
}

void cn_fit(void) {
  struct winsize now;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &now) == 0 && now.ws_row > 0 && now.ws_col > 0) {
    resize_term(now.ws_row, now.ws_col);
  }
  clearok(curscr, TRUE);
}

int cn_rows(void) { return screen ? getmaxy(stdscr) : 0; }

int cn_columns(void) { return screen ? getmaxx(stdscr) : 0; }

bool cn_follows_mouse(void) { return screen && follows_mouse; }

const char *cn_key_bytes(const char *name) {
  const char *bytes = screen ? tigetstr(name) : NULL;
  return bytes == (const char *)-1 ? NULL : bytes;
}

bool cn_is_utf8(void) { return strcmp(nl_langinfo(CODESET), "UTF-8") == 0; }

int cn_colour_count(void) { return screen ? tigetnum("colors") : 0; }

int cn_pair_count(void) { return screen ? tigetnum("pairs") : 0; }

void cn_start_colours(void) {
  if (start_color() == OK) knows_defaults = use_default_colors() == OK;
}

void cn_define_pair(int pair, int foreground, int ground) {
  if (!knows_defaults && foreground < 0) foreground = COLOR_WHITE;
  if (!knows_defaults && ground < 0) ground = COLOR_BLACK;
  init_pair((short)pair, (short)foreground, (short)ground);
}

void cn_erase(void) { erase(); }

// A scalar with this bit is a mark on the one before; at most CN_MARKS of them are drawn.
#define CN_MARK 0x80000000u
#define CN_MARKS 2

void cn_put(
  int row, int column, const uint32_t *scalars, int count, unsigned attributes, int pair) {
  attr_t look = (attributes & CN_BOLD ? A_BOLD : 0) | (attributes & CN_DIM ? A_DIM : 0)
    | (attributes & CN_REVERSE ? A_REVERSE : 0) | (attributes & CN_UNDERLINE ? A_UNDERLINE : 0);
  for (int i = 0, place = column; i < count; place++) {
    // One scalar takes one column, whatever the C library says: otherwise the row would shift.
    wchar_t text[CN_MARKS + 2] = {wcwidth((wchar_t)scalars[i]) == 1 ? (wchar_t)scalars[i] : L'?'};
    int length = 1;
    for (i++; i < count && scalars[i] & CN_MARK; i++) {
      wchar_t mark = (wchar_t)(scalars[i] & ~CN_MARK);
      if (length <= CN_MARKS && wcwidth(mark) == 0) text[length++] = mark;
    }
    cchar_t cell;
    setcchar(&cell, text, look, (short)pair, NULL);
    // Unlike addwstr this neither moves nor wraps, so the last cell of the screen can be drawn.
    mvadd_wchnstr(row, place, &cell, 1);
  }
}

void cn_flush(void) {
  move(getmaxy(stdscr) - 1, getmaxx(stdscr) - 1);
  refresh();
}
