/* SPDX-License-Identifier: BSD-2-Clause
 *
 * why - the sentence that travels with an error.
 */
#include "base/why.h"

#include <stdarg.h>
#include <stdio.h>

int why_set(struct why *why, int err, const char *format, ...)
{
	va_list args;

	if (!why || why->text[0])
		return err;
	va_start(args, format);
	vsnprintf(why->text, sizeof(why->text), format, args);
	va_end(args);
	return err;
}
