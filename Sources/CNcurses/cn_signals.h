// What cn_signals.c offers the rest of the shim. It knows no curses, and only it installs handlers.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

/// Installs the handlers. Comes before newterm, since curses takes only signals nobody else has.
bool cn_watch_signals(void);

/// Puts every signal back to the action it had.
void cn_unwatch_signals(void);

/// From here on a crash writes `bytes`, which undo what curses sent, and restores the modes.
void cn_arm_restoration(const char *bytes, size_t length, const struct termios *shell_modes);

/// From here on a crash does not write to the terminal, which belongs to the shell.
void cn_disarm_restoration(void);

/// Whether a watched signal has come; clears it.
bool cn_take_signal(int number);

/// A descriptor that becomes readable when a watched signal comes.
int cn_signal_descriptor(void);

/// Empties that descriptor.
void cn_drain_signals(void);

/// Stops the process, as Ctrl-Z does by default; returns when it is continued.
void cn_stop(void);
