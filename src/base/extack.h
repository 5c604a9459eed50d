/* SPDX-License-Identifier: BSD-2-Clause
 *
 * extack - why something failed, in a sentence for the person who asked for it.
 *
 * Whoever finds the fault writes the sentence; the first one wins, because the deepest knows
 * best.  It names the thing and the limit or the cure, and has no full stop.  It travels with
 * the errno and ends in the netlink acknowledgement (NLMSGERR_ATTR_MSG), on the command line
 * and in the log alike.
 */
#pragma once

#include "base/base.h"

struct extack {
	char msg[480];
	const void *attr; /* the attribute at fault, inside the request; NULL none */
	unsigned offset;  /* the same as the kernel told it, counted from the header */
};

/* Note the sentence, if @ea is not NULL and has none yet.  Returns @err. */
int extack_set(struct extack *ea, int err, const char *format, ...) format_printf(3, 4);
