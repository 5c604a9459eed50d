/* SPDX-License-Identifier: BSD-2-Clause
 *
 * init - the first process of a yard, pid 1 of its process namespace.
 *
 * It makes the mounts, starts the engine, reaps whoever is orphaned and ends the yard:
 * when the engine ends, when it is told to by SIGTERM, and, for a yard without a name,
 * when the process that started the yard ends.  As the kernel kills all of a process
 * namespace with its pid 1, nothing can stay behind, even if init itself is killed.
 */
#pragma once

#include "yard/rundir.h"

/* The words with which init executes the binary to be an engine: ENGINE_PROGRAM, the yard's
 * name, and who exists in the yard; see main/main.c. */
#define ENGINE_PROGRAM	 "wireyard-engine"
#define ENGINE_ONE_USER	 "one-user"
#define ENGINE_ALL_USERS "all-users"
/* The descriptors that the engine finds open. */
#define ENGINE_CTL_FD	3
#define ENGINE_READY_FD 4

struct init_start {
	struct rundir dir;
	bool is_named;
	int ctl_fd; /* the engine's listening socket */
	int life_fd; /* reads a struct init_go, later the end of file when the starter ends */
	int status_fd; /* "+" is written here when the yard is ready, else a sentence */
};

/* What the starter says once the user map is written. */
struct init_go {
	bool single_uid;
};

/* Be init.  Called in the new namespaces, in a process made by clone. */
_Noreturn void init_run(struct init_start *s);
