/* SPDX-License-Identifier: BSD-2-Clause
 *
 * prove - what the programs of this folder have in common: a sentence that must be true, and
 * a user and network namespace of their own, so that nothing of the machine is touched.
 */
#pragma once

#include "base/fd.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>

/* Ends the program when @fact is not so. */
#define PROVE(fact, ...) \
	do { \
		if (fact) \
			break; \
		fprintf(stderr, "%s:%d: not so (errno %d %m): ", __FILE__, __LINE__, \
			errno); \
		fprintf(stderr, __VA_ARGS__); \
		fputc('\n', stderr); \
		exit(1); \
	} while (0)

#define SKIP(...) \
	do { \
		fprintf(stderr, "skipped: " __VA_ARGS__); \
		fputc('\n', stderr); \
		exit(77); \
	} while (0)

/* Become root of a new user namespace in which only that user exists, with @flags' further
 * namespaces. */
static inline void enter_world(int flags)
{
	unsigned uid = getuid(), gid = getgid();
	auto_free char *uid_map = xasprintf("0 %u 1\n", uid);
	auto_free char *gid_map = xasprintf("0 %u 1\n", gid);

	if (unshare(CLONE_NEWUSER | flags) < 0)
		SKIP("user namespaces are not permitted here: %m");
	if (fd_write_file(AT_FDCWD, "/proc/self/setgroups", "deny") < 0 ||
	    fd_write_file(AT_FDCWD, "/proc/self/uid_map", uid_map) < 0 ||
	    fd_write_file(AT_FDCWD, "/proc/self/gid_map", gid_map) < 0)
		SKIP("the maps of a user namespace cannot be written here: %m");
}

/* A child that does not outlive its parent. */
static inline pid_t fork_child(void)
{
	pid_t pid = fork();

	PROVE(pid >= 0, "a process can be forked");
	if (!pid)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return pid;
}

static inline void expect_success(pid_t pid)
{
	int status;

	PROVE(waitpid(pid, &status, 0) == pid, "a child can be waited for");
	PROVE(WIFEXITED(status) && WEXITSTATUS(status) == 0,
	      "the child found all in order");
}
