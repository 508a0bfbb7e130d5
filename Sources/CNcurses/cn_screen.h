// What cn_screen.c offers the reader of keys: leaving the screen for a while, and coming back.
#pragma once

/// Gives the terminal to the shell, and keeps the picture.
void cn_leave(void);

/// Takes the terminal back in the size it has now, and draws the picture afresh.
void cn_enter(void);
