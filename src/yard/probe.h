/* SPDX-License-Identifier: BSD-2-Clause
 *
 * probe - can this host, and this user on it, have a yard?
 *
 * Every ability is really tried, in throw-away namespaces and processes, because what a
 * host allows is spread over sysctls, security modules, container settings and the kernel's
 * configuration, and only the attempt knows them all.
 */
#pragma once

#include "base/extack.h"

enum probe_state {
	PROBE_OK,
	PROBE_MISSING, /* no yard without it */
	PROBE_INFO,    /* good to know */
};

struct probe {
	enum probe_state state;
	char name[32];
	char text[256]; /* what was found: a sentence for missing, else a few words */
	char cure[256]; /* for missing */
};

#define PROBES_MAX 24

/* Try everything.  Returns how many entries of @probes are filled. */
size_t probe_host(struct probe probes[PROBES_MAX]);
