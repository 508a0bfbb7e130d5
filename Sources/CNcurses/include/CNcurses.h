// What Swift sees of the terminal: a few small functions over ncursesw. <curses.h> is included only
// by the C files, because its macros cannot be imported and its names would be visible in every
// Swift file. There is one terminal per process, so there is one screen and no handle.
#pragma once

#include <stdbool.h>
#include <stdint.h>

/// How an attempt to take the terminal ended.
typedef enum __attribute__((enum_extensibility(closed))) cn_opening {
  cn_opening_opened,
  cn_opening_not_a_terminal,
  cn_opening_unknown_terminal,
  cn_opening_already_open,
} cn_opening;

/// How a wait for input ended.
typedef enum __attribute__((enum_extensibility(closed))) cn_kind {
  cn_kind_timeout,
  cn_kind_byte,    ///< `code` is a byte that the terminal has sent: a key, or a part of one.
  cn_kind_resize,  ///< The size may differ, or the picture was lost: draw again.
  cn_kind_signal,  ///< `code` is SIGINT, SIGQUIT, SIGTERM or SIGHUP.
  cn_kind_gone,    ///< The terminal has been closed; no key will ever come.
  cn_kind_ready,   ///< The other descriptor has something to read.
} cn_kind;

/// What a wait ended with.
typedef struct cn_event {
  cn_kind kind;
  int code;
} cn_event;

/// Attributes of a cell, to be combined by addition.
enum { CN_BOLD = 1, CN_DIM = 2, CN_REVERSE = 4, CN_UNDERLINE = 8 };

/// Takes over the terminal: alternate screen, keys one by one, no echo, no cursor.
cn_opening cn_open(bool mouse);

/// Gives the terminal back as it was. Does nothing when no screen is open.
void cn_close(void);

/// The size of the screen in cells; 0 when no screen is open.
int cn_rows(void);
int cn_columns(void);

/// Whether the locale writes text as UTF-8. Valid once `cn_open` has set the locale.
bool cn_is_utf8(void);

/// The bytes that a key sends, by its terminfo name (`kcuu1`); NULL if terminfo has none.
const char *cn_key_bytes(const char *name);

/// Whether clicks and drags are reported.
bool cn_follows_mouse(void);

/// Takes over the terminal's present size; the next flush draws every cell again.
void cn_fit(void);

/// The number of colours of the terminal; below 8 means none.
int cn_colour_count(void);

/// The number of pairs of colours that can be in use.
int cn_pair_count(void);

/// Begins to use colours.
void cn_start_colours(void);

/// Prepares pair `pair`, from 1 on, for `cn_put`; colour -1 is the user's own.
void cn_define_pair(int pair, int foreground, int ground);

/// Asks the terminal for its background, and waits for the answer for so many milliseconds at most.
/// Returns 0xRRGGBB, or -1 without an answer. Keys that are typed meanwhile are kept.
int cn_ask_background(int milliseconds);

/// Blanks the picture in memory; the terminal is not touched.
void cn_erase(void);

/// Draws scalars, one per cell, with one look. A scalar with its highest bit set is a mark on the
/// one before. `pair` 0 is the user's own colours.
void cn_put(
  int row, int column, const uint32_t *scalars, int count, unsigned attributes, int pair);

/// Sends the cells that differ from what the terminal shows.
void cn_flush(void);

/// Waits for input, a signal or a new size, in poll(2); without limit if `milliseconds` < 0.
/// `descriptor` is one more file descriptor that ends the wait, or -1.
cn_event cn_read(int milliseconds, int descriptor);
