/* SPDX-License-Identifier: BSD-2-Clause
 *
 * engine - the process that is a yard's data plane and control plane.
 *
 * It is pid 1's child in the yard's namespaces, started by exec of the same binary with
 * only these descriptors.  When it ends, in whatever way, the yard ends.
 */
#pragma once

#include "base/base.h"

struct engine_start {
	const char *name; /* the yard's */
	int ctl_fd;	  /* listening SEQPACKET socket for ctl/server */
	int ready_fd; /* one byte is written here when the engine serves; then it is closed */
	bool single_uid; /* only uid 0 exists in the yard */
};

/* Serve until told to stop (SIGTERM or the request "stop").  Returns the exit status: 0 if
 * told to stop, else 1 after a sentence on standard error. */
int engine_run(const struct engine_start *s);
