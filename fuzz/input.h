/* SPDX-License-Identifier: BSD-2-Clause
 *
 * input - the bytes of a fuzz target that reads them as a program.
 */
#pragma once

#include "base/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

struct input {
	const uint8_t *data;
	size_t len;
};

/* Zero at the end: every input is a whole program. */
static inline unsigned byte(struct input *in)
{
	if (!in->len)
		return 0;
	in->len--;
	return *in->data++;
}

static inline unsigned word(struct input *in)
{
	unsigned high = byte(in);

	return high << 8 | byte(in);
}
