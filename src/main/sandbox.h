/* SPDX-License-Identifier: BSD-2-Clause
 *
 * sandbox - what the engine may do besides its work: nothing.
 *
 * All that runs in a yard is untrusted, and the engine reads its messages and frames.  Should
 * a fault in that code ever be used, the one who uses it finds no program to execute, no
 * process to make, no memory to run code from, no file to create and no capability that the
 * engine does not need.
 *
 * A call that is not on the list looks as if the kernel did not have it (ENOSYS), so that a
 * newer C library falls back to what it did before.  WIREYARD_SANDBOX in the environment:
 *
 *	on	the default
 *	log	the same, and a sentence says which call was refused; a thread that blocks
 *		SIGSYS dies of it instead
 *	kill	the engine ends at once
 *	off	no list; capabilities are dropped still
 */
#pragma once

#include "base/extack.h"
#include "gate/filter.h"

/* Keep only @n capabilities @caps (CAP_*, those of them that are there), for ever, and permit
 * only the calls of the list to this thread and what it starts: call it before the first
 * thread is started, and after files are created and other programs executed.
 * Returns 0 or -errno with a sentence. */
int sandbox_engine(const int *caps, size_t n, struct extack *why) must_check;

/* The list as a program; @refuse is the action for all that is not on it.  For tests. */
int sandbox_program(uint32_t refuse, struct filter *out) must_check;
