/* SPDX-License-Identifier: BSD-2-Clause
 *
 * probe_world - trying what a yard needs from inside its namespaces.
 */
#pragma once

#include "yard/probe.h"

struct probes {
	struct probe probe[PROBES_MAX];
	size_t n;
};

void probe_note(struct probes *p, enum probe_state state, const char *name,
		const char *format, ...) format_printf(4, 5);
void probe_note_missing(struct probes *p, const char *name, const char *cure,
			const char *format, ...) format_printf(4, 5);

/* Called in the first process of new namespaces, root there; changes them. */
void probe_world(struct probes *p);
