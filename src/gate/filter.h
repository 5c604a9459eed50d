/* SPDX-License-Identifier: BSD-2-Clause
 *
 * filter - seccomp filters built from a table of system calls, and the gate's own.
 *
 * A table says, call by call, what is to happen when its arguments look so:
 *
 *	{CALL(bind), SECCOMP_RET_USER_NOTIF, {ARG_INT(2, sizeof(struct sockaddr_nl))}},
 *
 * The first row that fits decides; a call that fits none, and every call of another
 * architecture than the program's own (i386 and x32 on x86-64), gets the default.
 *
 * The program looks at the call's number first, by binary search, so a call that is not in
 * the table costs half a dozen instructions, or none: the kernel remembers the numbers that
 * are always allowed.
 *
 * Arguments are what the caller left in its registers.  The kernel looks at the low 32 bits
 * of an int only, so a condition on an int must do the same (ARG_INT), or rubbish in the
 * upper half would slip by it.
 */
#pragma once

#include "base/base.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>

/* (args[arg] & mask) == value; a zero mask is no condition. */
struct call_cond {
	unsigned arg;
	uint64_t mask, value;
};

#define ARG_INT(arg_, value_) \
	{ \
		(arg_), UINT32_MAX, (uint32_t)(value_) \
	}
#define ARG_LONG(arg_, value_) \
	{ \
		(arg_), UINT64_MAX, (value_) \
	}
#define ARG_BITS(arg_, mask_, value_) \
	{ \
		(arg_), (mask_), (value_) \
	}

struct call_rule {
	long nr; /* negative: this architecture has no such call; the row is left out */
	uint32_t action; /* SECCOMP_RET_* with its data */
	struct call_cond when[2];
};

/* CALL(bind); a call that some architecture lacks is given a number of -1 by its table. */
#define CALL(name) __NR_##name

struct filter {
	struct sock_filter *code;
	size_t n;
};

/* Build the program.  Gives @out, to be freed by filter_done.  Returns 0, or -E2BIG when the
 * table makes more than the kernel's BPF_MAXINSNS instructions. */
int filter_build(const struct call_rule *rules, size_t n, uint32_t default_action,
		 struct filter *out) must_check;
void filter_done(struct filter *f);

/* Install @f in the calling thread (and what it forks and executes) with SECCOMP_FILTER_FLAG_*
 * @flags.  Returns 0, or the listener with SECCOMP_FILTER_FLAG_NEW_LISTENER, or -errno:
 * -EACCES without CAP_SYS_ADMIN in the user namespace and without no_new_privs. */
int filter_install(const struct filter *f, unsigned flags) must_check;

/* ---- the gate's filter (calls.c) ---- */

/* The program of the gate: what reaches the engine, and with @single_uid what answers 0
 * without doing anything. */
int gate_filter_program(bool single_uid, struct filter *out) must_check;

/* Put the calling thread, and all that it will execute, behind the gate.
 *
 * Needs CAP_SYS_ADMIN in the thread's user namespace, and then leaves no_new_privs alone.
 * Without, no_new_privs is set (see prctl(PR_GET_NO_NEW_PRIVS)) and the gate works, but
 * set-user-ID programs and file capabilities do nothing behind it.
 *
 * @single_uid: the user namespace has no other user than root.  The set*id calls and giving
 * files to others, which would fail, then do nothing and succeed, so that programs that drop
 * privileges run.
 *
 * Returns the listener (close-on-exec), or -errno; -EBUSY: the thread is behind a gate
 * already, and the kernel has no second one.  From now on the trapped calls of this thread
 * wait until somebody answers on the listener. */
int gate_filter_install(bool single_uid) must_check;
