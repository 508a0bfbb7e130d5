// What cn_screen.c offers the reader of keys: leaving the screen for a while, and coming back.
#pragma once

/// Gives the terminal to the shell and keeps the picture in memory.
void cn_leave(void);

/// Takes the terminal back, in its present size, and draws the picture again.
void cn_enter(void);
