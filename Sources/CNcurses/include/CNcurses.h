// What Swift sees of the terminal: a dozen small functions over ncursesw. <curses.h> stays on the
// C side, because its macros do not import and its names would leak into every Swift file.
// There is one terminal per process, so there is one screen and no handle to pass around.
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

/// What a wait for input came back with.
typedef enum __attribute__((enum_extensibility(closed))) cn_kind {
  cn_kind_timeout,
  cn_kind_byte,    ///< `code` is a byte that the terminal has sent: a key, or a part of one.
  cn_kind_resize,  ///< The size may differ, or the picture was lost: draw again.
  cn_kind_signal,  ///< `code` is SIGINT, SIGQUIT, SIGTERM or SIGHUP.
  cn_kind_gone,    ///< The terminal has been closed; no key will ever come.
  cn_kind_ready,   ///< The other descriptor has something to read.
} cn_kind;

typedef struct cn_event {
  cn_kind kind;
  int code;
} cn_event;

/// Attributes, to be added up.
enum { CN_BOLD = 1, CN_DIM = 2, CN_REVERSE = 4, CN_UNDERLINE = 8 };

/// Takes the terminal: alternate screen, keys one by one, no echo, no cursor.
cn_opening cn_open(bool mouse);

/// Gives it back as it was. Does nothing when no screen is open.
void cn_close(void);

int cn_rows(void);
int cn_columns(void);

/// Whether the locale writes text as UTF-8. True to life once `cn_open` has set the locale.
bool cn_is_utf8(void);

/// What a key sends by the terminal's description, by its name there (`kcuu1`); NULL where that says
/// nothing.
const char *cn_key_bytes(const char *name);

/// Whether clicks and drags are reported.
bool cn_follows_mouse(void);

/// Adopts the terminal's present size; the next flush redraws every cell.
void cn_fit(void);

/// How many colours the terminal has; below 8 means none.
int cn_colour_count(void);

/// Begins to use colours, on the user's own background.
void cn_start_colours(void);

/// Makes a colour ready for `cn_put`.
void cn_define_colour(int colour);

/// Blanks the picture in memory; the terminal is not touched.
void cn_erase(void);

/// Draws a run of scalars, one to a cell, with one look; one with its highest bit set stands on top of
/// the one before. `colour` -1 is the user's own foreground.
void cn_put(
  int row, int column, const uint32_t *scalars, int count, unsigned attributes, int colour);

/// Sends the cells that differ from what the terminal shows.
void cn_flush(void);

/// Waits for input, a signal or a new size, blocked in poll(2); for ever when `milliseconds` < 0.
/// `descriptor` is one more that wakes the sleeper, or -1.
cn_event cn_read(int milliseconds, int descriptor);
