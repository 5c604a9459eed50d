/* SPDX-License-Identifier: BSD-2-Clause
 *
 * enter - starting a command in a yard, and standing in for it outside.
 *
 * The command is a child of the caller although it lives in the yard's process namespace.
 */
#pragma once

#include "yard/yard.h"

/* Statuses of this program itself, as other runners of commands have them. */
#define STATUS_USAGE	      2
#define STATUS_NO_YARD	      125
#define STATUS_NOT_EXECUTABLE 126
#define STATUS_NOT_FOUND      127

/* Run @argv in the yard and wait for its end.  Signals that the caller gets are passed on,
 * and the terminal is the command's as if the shell had started it.  Returns the command's
 * status, 128+N for signal N, or STATUS_NO_YARD with a sentence. */
int yard_execute(struct yard *y, char *const argv[], struct extack *why) must_check;
