/* SPDX-License-Identifier: BSD-2-Clause
 *
 * why - the sentence that travels with an error to whoever prints it.
 *
 * Whoever finds the fault writes the sentence; the first one wins, because the deepest
 * knows best.  It names the thing and the limit or the cure, and has no full stop.
 */
#pragma once

#include "base/base.h"

struct why {
	char text[480];
};

/* Note the sentence unless there is one already, and return @err.  @why may be NULL. */
int why_set(struct why *why, int err, const char *format, ...) format_printf(3, 4);
