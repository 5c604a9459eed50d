/* SPDX-License-Identifier: BSD-2-Clause
 *
 * enter - starts a command inside a yard.
 *
 * A helper process joins the yard's namespaces, so that the caller stays outside with its
 * own rights, and makes the command as the caller's child (CLONE_PARENT).
 */
#include "yard/enter.h"

#include "base/ctl_proto.h"
#include "gate/filter.h"
#include "yard/job.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/sched.h>
#include <sched.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define GATE_MS 10000

struct visit {
	struct yard *yard;
	struct job *job;
	char *const *argv;
	int ctl; /* to the engine, connected outside */
	char cwd[PATH_MAX];
};

/* What the helper reports: the command's process, or why there is none. */
struct arrival {
	pid_t pid;
	struct extack why;
};

static _Noreturn void command_fail(int status, const char *sentence)
{
	dprintf(STDERR_FILENO, "wireyard: %s\n", sentence);
	_exit(status);
}

/* Is there any file of that name where execvp has looked?  It says EACCES also when only a
 * directory on the way was closed to it. */
static bool command_exists(const char *name)
{
	const char *path = getenv("PATH");
	auto_free char *copy = xstrdup(path ? path : "");

	if (strchr(name, '/'))
		return true;
	for (char *rest = copy, *dir = strsep(&rest, ":"); dir;
	     dir = strsep(&rest, ":")) {
		auto_free char *file = xasprintf("%s/%s", *dir ? dir : ".", name);

		if (!access(file, F_OK))
			return true;
	}
	return false;
}

static _Noreturn void command_exec(char *const argv[])
{
	struct extack why = {};
	int err;

	execvp(argv[0], argv);
	err = errno;
	if (err == EACCES && !command_exists(argv[0]))
		err = ENOENT;
	extack_set(&why, 0, "\"%s\" cannot be executed: %s", argv[0],
		   err == ENOENT ? "not found" : strerror(err));
	command_fail(err == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE, why.msg);
}

/* Put this process and all that come of it behind the gate, and let the engine answer there. */
static int command_pass_gate(struct visit *v, struct extack *why)
{
	auto_close int listener = gate_filter_install(v->yard->single_uid);

	if (listener == -EBUSY)
		return extack_set(why, -EBUSY, "a yard inside a yard is not possible");
	if (listener < 0)
		return extack_set(
			why, listener,
			"the gate cannot be installed (%s): seccomp user notification is "
			"missing or forbidden here",
			strerror(-listener));
	return ctl_request(v->ctl, json_pack("{s:s}", "do", "gate"), &listener, 1, NULL,
			   why);
}

/* The process that becomes the command. */
static _Noreturn void command_run(struct visit *v)
{
	struct extack why = {};

	job_join(v->job);
	if (chdir(v->cwd)) {
		dprintf(STDERR_FILENO,
			"wireyard: %s cannot be entered (%m), starting in /\n", v->cwd);
		if (chdir("/"))
			command_fail(STATUS_NO_YARD, "/ cannot be entered");
	}
	setenv("WIREYARD", v->yard->dir.name, 1);
	if (command_pass_gate(v, &why))
		command_fail(STATUS_NO_YARD, why.msg);
	command_exec(v->argv);
}

static pid_t clone_sibling(void)
{
	struct clone_args args = {.flags = CLONE_PARENT};

	return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}

static _Noreturn void helper_run(struct visit *v, int report)
{
	struct arrival arrival = {.pid = -1};

	fd_close(
		&v->yard->life_fd); /* it must end with the caller, not with the command */
	rundir_tell(&v->yard->dir); /* while paths are still the caller's */
	if (setns(v->yard->init_pidfd,
		  CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWNS))
		extack_set(&arrival.why, -errno, "yard \"%s\" cannot be entered (%m)%s",
			   v->yard->dir.name,
			   errno == EPERM
				   ? ": it belongs to another user or you are in a yard"
				   : "");
	else
		arrival.pid = clone_sibling();
	if (!arrival.pid)
		command_run(v);
	if (arrival.pid < 0)
		extack_set(&arrival.why, -errno,
			   "the command's process cannot be made (%m)");
	_exit(write(report, &arrival, sizeof(arrival)) != sizeof(arrival));
}

/* Returns the command's process, or -errno. */
static pid_t visit_begin(struct visit *v, struct extack *why)
{
	struct arrival arrival = {.pid = -1};
	int report[2];
	ssize_t n;
	pid_t helper;

	if (pipe2(report, O_CLOEXEC))
		return extack_set(why, -errno, "a pipe cannot be made (%m)");
	helper = fork();
	if (!helper)
		helper_run(v, report[1]);
	close(report[1]);
	n = helper < 0 ? 0 : read(report[0], &arrival, sizeof(arrival));
	close(report[0]);
	if (helper > 0)
		waitpid(helper, NULL, 0);
	if (n != sizeof(arrival))
		return extack_set(why, -ECHILD,
				  "the helper that enters the yard cannot do so");
	if (arrival.pid < 0)
		return extack_set(why, -EPERM, "%s", arrival.why.msg);
	return arrival.pid;
}

int yard_execute(struct yard *y, char *const argv[], struct extack *why)
{
	struct job job;
	struct visit v = {.yard = y, .job = &job, .argv = argv};
	int status = STATUS_NO_YARD;

	v.ctl = ctl_connect(y->dir.self, GATE_MS, why);
	if (v.ctl < 0)
		return STATUS_NO_YARD;
	if (!getcwd(v.cwd, sizeof(v.cwd)))
		snprintf(v.cwd, sizeof(v.cwd), "/");
	job_prepare(&job);
	job.pid = visit_begin(&v, why);
	fd_close(&v.ctl);
	if (job.pid > 0) {
		status = job_wait(&job);
		yard_leave(y);
		job_done(&job);
	}
	return status;
}
