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
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

/* Facts proved so far, by this process and its children. */
static unsigned *n_proved;

/* Begin and end a program, which speaks TAP. */
static inline void prove_begin(void)
{
	n_proved = mmap(NULL, sizeof(*n_proved), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (n_proved == MAP_FAILED)
		abort();
}

static inline int prove_end(void)
{
	dprintf(STDOUT_FILENO, "1..%u\n", *n_proved);
	return 0;
}

/* One point, in one write, since several processes say theirs. */
static inline void prove_point(bool fact, const char *sentence, const char *file,
			       int line)
{
	__atomic_add_fetch(n_proved, 1, __ATOMIC_RELAXED);

	if (fact)
		dprintf(STDOUT_FILENO, "ok - %s\n", sentence);
	else
		dprintf(STDOUT_FILENO, "# %s:%d: %m\nnot ok - %s\n", file, line,
			sentence);
	if (!fact)
		exit(1);
}

/* A sentence that is true if @fact is so.  If not, the program ends. */
#define PROVE(fact, sentence) prove_point(fact, sentence, __FILE__, __LINE__)

/* What must be so for a proof to go on, but is not worth a point. */
#define REQUIRE(fact) \
	do { \
		if (!(fact)) \
			prove_point(false, #fact, __FILE__, __LINE__); \
	} while (0)

/* This host does not permit to find out.  Only before anything is proved. */
#define SKIP(...) \
	do { \
		dprintf(STDOUT_FILENO, "1..0 # SKIP " __VA_ARGS__); \
		dprintf(STDOUT_FILENO, "\n"); \
		exit(0); \
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

	REQUIRE(pid >= 0);
	if (!pid)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return pid;
}

static inline void expect_success(pid_t pid)
{
	int status;

	REQUIRE(waitpid(pid, &status, 0) == pid);
	REQUIRE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
