/* SPDX-License-Identifier: BSD-2-Clause
 *
 * job - standing between a command and the shell that started us.
 *
 * The shell sees one process, us; the command has to get from us what it would have got from
 * the shell: signals, the terminal, stopping and going on.
 *
 * If all of standard input, output and error are our terminal, the command gets a process
 * group of its own, which has the terminal whenever ours would have it.  It cannot simply
 * share ours: seen from inside the yard our group's number is 0, and shells that restore it
 * when they end complain.  Otherwise we may be part of a pipeline, whose members share the
 * terminal by sharing a group: then the command joins ours and the terminal's signals reach
 * it without us.
 */
#pragma once

#include "base/extack.h"

#include <signal.h>
#include <sys/types.h>

struct job {
	pid_t pid;	     /* the command, as seen from outside */
	int terminal;	     /* -1, or the terminal of the command's own group */
	pid_t group;	     /* ours */
	bool has_foreground; /* the command shall have the terminal when it starts */
	sigset_t mask;	     /* of the caller before job_prepare; the command's */
};

/* Look at the terminal and block what job_wait waits for.  Before the command is forked. */
void job_prepare(struct job *job);

/* In the command's process, before exec. */
void job_join(const struct job *job);

/* Wait for the end of @job->pid.  Returns its status, 128+N for a signal. */
int job_wait(struct job *job);

/* Take the terminal back from a command that is no more.  After all of the yard has ended,
 * if it does. */
void job_done(struct job *job);
