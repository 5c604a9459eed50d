/* SPDX-License-Identifier: BSD-2-Clause
 *
 * drop - names and sentences of the drop reasons.  Counting is in net/drop.c, because the
 * counters are the devices'.
 */
#include "base/base.h"
#include "pkt/drop.h"

static const char *const names[] = {
#define X(name, text) #name,
	DROP_REASONS(X)
#undef X
};

static const char *const texts[] = {
#define X(name, text) text,
	DROP_REASONS(X)
#undef X
};
static_assert(array_size(names) == DROP_N_REASONS && array_size(texts) == DROP_N_REASONS,
	      "one list makes all");

const char *drop_name(enum drop why)
{
	assert(why < DROP_N_REASONS);
	return names[why];
}

const char *drop_text(enum drop why)
{
	assert(why < DROP_N_REASONS);
	return texts[why];
}
