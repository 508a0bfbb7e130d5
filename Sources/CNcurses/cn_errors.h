// What cn_errors.c offers: standard error set aside while the screen is up.
#pragma once

/// Sets standard error aside, if it is the terminal.
void cn_hold_errors(void);

/// Writes what was held to standard error, and stops holding. Safe in a signal handler.
void cn_release_errors(void);
