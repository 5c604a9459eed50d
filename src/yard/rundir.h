/* SPDX-License-Identifier: BSD-2-Clause
 *
 * rundir - where a yard can be found: its runtime directory.
 *
 * $XDG_RUNTIME_DIR/wireyard/NAME (root: /run/wireyard/NAME; otherwise below
 * /tmp/wireyard-UID) holds the control socket and a description.  The yard's init holds a
 * lock on the directory itself for as long as it lives, so a directory whose lock is free
 * belongs to nobody and whoever sees it removes it.  Making a yard and removing a stale one
 * happen under a lock on the directory above, so neither can meet the other half-done.
 */
#pragma once

#include "base/fd.h"
#include "base/extack.h"

#include <jansson.h>

#define YARD_NAME_MAX 32

/* An open runtime directory.  All descriptors are -1 or open; zeroed memory is not valid. */
struct rundir {
	char name[YARD_NAME_MAX + 1];
	int above; /* the directory that holds the base */
	int base;  /* the directory of all yards of this user */
	int self;  /* the yard's own */
	char base_name[32];
};
#define RUNDIR_NONE \
	{ \
		.above = -1, .base = -1, .self = -1 \
	}

int yard_name_check(const char *name, struct extack *why) must_check;

/* Take the name @name, or the first free "yard-N" if NULL.  The lock is held by @d->self and
 * by every descriptor that comes of it by fork. */
int rundir_create(struct rundir *d, const char *name, struct extack *why) must_check;

/* Leave the lock to those who have got @d->self by fork. */
int rundir_release(struct rundir *d, struct extack *why) must_check;

/* Find the living yard @name. */
int rundir_open(struct rundir *d, const char *name, struct extack *why) must_check;

/* Remove what the caller, who holds the lock, has made.  Usable by init, whose paths may
 * lead elsewhere: goes by descriptors only. */
void rundir_remove(const struct rundir *d);

/* Remove the directory of @d's name if nobody holds its lock any more.  @d->self may be
 * closed or not, but must not hold the lock. */
void rundir_sweep(const struct rundir *d);

/* Call @fn for each living yard, in the order of names.  Sweeps the others.  Ends early if
 * @fn returns non-zero, and returns that. */
int rundir_each(int (*fn)(const struct rundir *d, void *arg), void *arg,
		struct extack *why) must_check;

/* Put into the environment where the directories of all yards are, for programs inside. */
#define RUNDIR_ENV "WIREYARD_RUNDIR"
void rundir_tell(const struct rundir *d);

bool rundir_is_alive(const struct rundir *d);
void rundir_close(struct rundir *d);

/* The description: a JSON object {"pid", "single_uid", "started", "named", "command"}. */
int rundir_describe(const struct rundir *d, json_t *description,
		    struct extack *why) must_check;
json_t *rundir_description(const struct rundir *d)
	must_check; /* NULL if there is none yet */
