/* SPDX-License-Identifier: BSD-2-Clause
 *
 * job - passes signals and the terminal between the shell and the command.
 */
#include "yard/job.h"

#include <sys/wait.h>
#include <unistd.h>

static const int heard[] = {SIGCHLD, SIGHUP,  SIGINT,  SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2,
			    SIGALRM, SIGCONT, SIGTSTP, SIGTTIN, SIGTTOU, SIGWINCH};

static void heard_set(sigset_t *set)
{
	sigemptyset(set);
	for (size_t i = 0; i < array_size(heard); i++)
		sigaddset(set, heard[i]);
}

void job_prepare(struct job *job)
{
	pid_t foreground = tcgetpgrp(STDIN_FILENO);
	sigset_t set;

	*job = (struct job){.terminal = -1, .group = getpgrp()};
	if (foreground >= 0 && tcgetpgrp(STDOUT_FILENO) >= 0 &&
	    tcgetpgrp(STDERR_FILENO) >= 0) {
		job->terminal = STDIN_FILENO;
		job->has_foreground = foreground == job->group;
	}
	heard_set(&set);
	sigprocmask(SIG_BLOCK, &set, &job->mask);
}

void job_join(const struct job *job)
{
	if (job->terminal >= 0) {
		setpgid(0, 0);
		/* SIGTTOU is blocked, so a group that has not got the terminal yet may take it. */
		if (job->has_foreground)
			tcsetpgrp(job->terminal, getpgrp());
	}
	sigprocmask(SIG_SETMASK, &job->mask, NULL);
}

static bool job_is_foreground(const struct job *job)
{
	return job->terminal >= 0 && tcgetpgrp(job->terminal) == job->group;
}

/* Let a stopped command go on, with the terminal if it is ours to give. */
static void job_continue(struct job *job)
{
	if (job->terminal < 0) {
		kill(job->pid, SIGCONT);
		return;
	}
	if (job_is_foreground(job))
		tcsetpgrp(job->terminal, job->pid);
	kill(-job->pid, SIGCONT);
}

/* Stop as the command has stopped, so that the shell notices, and go on together. */
static void job_stop(struct job *job, int signal)
{
	sigset_t one;

	if (job->terminal >= 0 && (signal == SIGTTIN || signal == SIGTTOU) &&
	    job_is_foreground(job)) {
		job_continue(job); /* the shell has put us in the foreground meanwhile */
		return;
	}
	if (job->terminal >= 0 && tcgetpgrp(job->terminal) == job->pid)
		tcsetpgrp(job->terminal, job->group);
	/* In a group of our own the terminal has stopped nobody but the command. */
	if (job->terminal >= 0 && signal == SIGTSTP)
		kill(0, signal);
	else
		raise(signal);
	sigemptyset(&one);
	sigaddset(&one, signal);
	sigprocmask(SIG_UNBLOCK, &one,
		    NULL); /* here we stop, unless nobody could continue us */
	sigprocmask(SIG_BLOCK, &one, NULL);
	job_continue(job);
}

/* Returns the status when the command has ended, else -1. */
static int job_reap(struct job *job)
{
	int status;

	while (waitpid(job->pid, &status, WNOHANG | WUNTRACED) > 0) {
		if (WIFSTOPPED(status))
			job_stop(job, WSTOPSIG(status));
		else if (WIFSIGNALED(status))
			return 128 + WTERMSIG(status);
		else
			return WEXITSTATUS(status);
	}
	return -1;
}

static void job_pass_on(struct job *job, const siginfo_t *info)
{
	/* What the terminal sends to our group has reached a command that shares it. */
	if (info->si_code == SI_KERNEL && job->terminal < 0)
		return;
	if (info->si_signo == SIGCONT)
		job_continue(job);
	else if (info->si_code != SI_KERNEL || info->si_signo != SIGWINCH)
		kill(job->pid, info->si_signo);
}

/* Ctrl-C ends a script that runs us as well as the command. */
static void job_share_interrupt(struct job *job, int status)
{
	if (job->terminal >= 0 && tcgetpgrp(job->terminal) == job->pid &&
	    (status == 128 + SIGINT || status == 128 + SIGQUIT))
		kill(0, status - 128); /* blocked here */
}

int job_wait(struct job *job)
{
	sigset_t set;
	int status;

	heard_set(&set);
	while ((status = job_reap(job)) < 0) {
		siginfo_t info;

		if (sigwaitinfo(&set, &info) < 0)
			continue;
		if (info.si_signo != SIGCHLD)
			job_pass_on(job, &info);
	}
	job_share_interrupt(job, status);
	return status;
}

void job_done(struct job *job)
{
	pid_t foreground;

	if (job->terminal < 0)
		return;
	foreground = tcgetpgrp(job->terminal);
	if (foreground == job->pid ||
	    (foreground > 0 && kill(-foreground, 0) && errno == ESRCH))
		tcsetpgrp(job->terminal, job->group);
}
