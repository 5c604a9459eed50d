/* SPDX-License-Identifier: BSD-2-Clause
 *
 * extack - keeping the first sentence that explains a failure.
 */
#include "base/extack.h"

#include <stdarg.h>
#include <stdio.h>

int extack_set(struct extack *ea, int err, const char *format, ...)
{
	va_list args;

	if (!ea || ea->msg[0])
		return err;
	va_start(args, format);
	vsnprintf(ea->msg, sizeof(ea->msg), format, args);
	va_end(args);
	return err;
}
