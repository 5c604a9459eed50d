/* SPDX-License-Identifier: BSD-2-Clause
 *
 * yard - making a yard and ending it, from outside.
 */
#pragma once

#include "yard/rundir.h"

#include <sys/types.h>

/* A yard as its starter or a visitor holds it. */
struct yard {
	struct rundir dir;
	pid_t init;	/* as seen from outside */
	int init_pidfd; /* to enter it and to know its end */
	int life_fd;	/* starter: while it is open, an unnamed yard lives; else -1 */
	bool is_named;
	bool single_uid;
	bool is_mine; /* init is a child of this process */
};
#define YARD_NONE \
	{ \
		.dir = RUNDIR_NONE, .init_pidfd = -1, .life_fd = -1 \
	}

/* Is this process in a yard?  Something else that listens by seccomp and lends its name is not
 * taken for one: pid 1 must be a yard's too. */
bool yard_is_inside(void);

/* Make a yard, called @name or without a name if NULL, for the command @argv, which is only
 * noted.  When it returns 0 the yard's engine serves. */
int yard_start(struct yard *y, const char *name, char *const argv[],
	       struct extack *why) must_check;

/* Get hold of the running yard @name. */
int yard_find(struct yard *y, const char *name, struct extack *why) must_check;

/* End the starter's part: an unnamed yard ends and nothing of it is left when this returns;
 * a named one goes on. */
void yard_leave(struct yard *y);

/* End the yard, by force if it takes longer than @timeout_ms. */
int yard_end(struct yard *y, unsigned timeout_ms, struct extack *why) must_check;

/* Has init ended?  Waits up to @timeout_ms (-1: for ever). */
bool yard_has_ended(const struct yard *y, int timeout_ms);

void yard_close(struct yard *y);
