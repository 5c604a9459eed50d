/* SPDX-License-Identifier: BSD-2-Clause
 *
 * yard - starts init in new namespaces, and sees to its end.
 */
#include "yard/yard.h"

#include "base/clock.h"
#include "base/ctl_proto.h"
#include "gate/filter.h"
#include "yard/idmap.h"
#include "yard/init.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <linux/sched.h>
#include <time.h>

/* An engine that is not ready by then never will be. */
#define START_MS 10000
#define ASK_MS	 2000
/* Init gives its engine a few seconds, see there. */
#define LEAVE_MS 8000
/* Once init is killed the kernel does the rest, which takes it 16 ms for each device. */
#define FORCE_MS 20000
#define LOOK_MS	 20
/* From the release of the lock to the end, when nobody delays it, is far less. */
#define LINGER_MS 2000

/* In a throw-away process: is there a listener above us already?  The kernel allows one. */
static _Noreturn void probe_gate(void)
{
	const struct call_rule none = {.nr = -1};
	struct filter program;

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	_exit(!filter_build(&none, 1, SECCOMP_RET_ALLOW, &program) &&
	      filter_install(&program, SECCOMP_FILTER_FLAG_NEW_LISTENER) == -EBUSY);
}

/* Asked before anything is made: in a yard, nothing of a second one would work. */
static bool has_listener(void)
{
	int status;
	pid_t pid;

	if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == 0)
		return false;
	pid = fork();
	if (!pid)
		probe_gate();
	return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
	       WEXITSTATUS(status);
}

bool yard_is_inside(void)
{
	char comm[32] = "";

	return getenv("WIREYARD") &&
	       fd_read_file(AT_FDCWD, "/proc/1/comm", comm, sizeof(comm)) > 0 &&
	       !strcmp(comm, "wireyard-init\n") && has_listener();
}

static pid_t clone_init(int *pidfd)
{
	struct clone_args args = {
		.flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWPID |
			 CLONE_PIDFD,
		.pidfd = (uintptr_t)pidfd,
		.exit_signal = SIGCHLD,
	};

	return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}

static int explain_clone(int err, struct extack *why)
{
	switch (err) {
	case -EPERM:
		return extack_set(
			why, err,
			"a user namespace cannot be made (%s): the host forbids it or this "
			"is a chroot; \"wireyard doctor\" tells which setting",
			strerror(-err));
	case -ENOSPC:
		return extack_set(
			why, err,
			"a namespace cannot be made: the limit in /proc/sys/user is reached; "
			"raise max_user_namespaces, max_net_namespaces, max_pid_namespaces "
			"and max_mnt_namespaces there");
	case -EUSERS:
		return extack_set(
			why, err,
			"a user namespace cannot be made: 32 are nested already");
	default:
		return extack_set(why, err, "the yard's namespaces cannot be made (%s)",
				  strerror(-err));
	}
}

static int yard_describe(struct yard *y, char *const argv[], struct extack *why)
{
	json_t *command = json_array();
	json_t *description;
	int err;

	for (; *argv; argv++) {
		json_t *word = json_string(*argv);

		json_array_append_new(command, word ? word : json_string("?"));
	}
	description = json_pack("{s:i, s:b, s:b, s:I, s:o}", "pid", y->init, "single_uid",
				y->single_uid, "named", y->is_named, "started",
				(json_int_t)time(NULL), "command", command);
	err = rundir_describe(&y->dir, description, why);
	json_decref(description);
	return err;
}

/* Wait until init says "+" or why not. */
static int yard_wait_ready(struct yard *y, int status_fd, struct extack *why)
{
	struct extack heard = {};
	nsec_t until = clock_now() + START_MS * NSEC_PER_MSEC;
	size_t len = 0;

	for (;;) {
		struct pollfd status = {.fd = status_fd, .events = POLLIN};
		nsec_t left = until - clock_now();
		ssize_t n;

		if (left <= 0 || poll(&status, 1, (int)(left / NSEC_PER_MSEC) + 1) == 0)
			return extack_set(why, -ETIMEDOUT,
					  "the engine was not ready within %d seconds",
					  START_MS / 1000);
		n = read(status_fd, heard.msg + len, sizeof(heard.msg) - 1 - len);
		if (n > 0)
			len += (size_t)n;
		if (len == 1 && heard.msg[0] == '+')
			return 0;
		if (n <= 0)
			break;
	}
	return extack_set(why, -ECHILD, "%s",
			  len ? heard.msg : "the yard's init was killed");
}

/* Everything between the clone and readiness, in the starter. */
static int yard_bring_up(struct yard *y, int status_fd, char *const argv[],
			 struct extack *why)
{
	struct init_go go;
	int err = idmap_write(y->init, &y->single_uid, why);

	if (!err)
		err = yard_describe(y, argv, why);
	if (err)
		return err;
	go.single_uid = y->single_uid;
	if (write(y->life_fd, &go, sizeof(go)) != sizeof(go))
		return extack_set(why, -EPIPE, "the yard's init was killed");
	return yard_wait_ready(y, status_fd, why);
}

int yard_start(struct yard *y, const char *name, char *const argv[], struct extack *why)
{
	auto_close int ctl = -1, status_r = -1, status_w = -1, life_r = -1;
	int life[2] = {-1, -1}, status[2] = {-1, -1}, err;

	*y = (struct yard)YARD_NONE;
	y->is_named = name;
	if (has_listener())
		return extack_set(
			why, -EBUSY,
			"a yard inside a yard is not possible: you are in one already");
	err = rundir_create(&y->dir, name, why);
	if (err)
		return err;
	ctl = ctl_listen(y->dir.self, why);
	if (ctl < 0) {
		err = ctl;
		goto fail;
	}
	if (pipe2(life, O_CLOEXEC) || pipe2(status, O_CLOEXEC)) {
		err = extack_set(why, -errno, "a pipe cannot be made (%m)");
		goto fail;
	}
	life_r = life[0];
	y->life_fd = life[1];
	status_r = status[0];
	status_w = status[1];
	y->init = clone_init(&y->init_pidfd);
	if (y->init < 0) {
		err = explain_clone(-errno, why);
		goto fail;
	}
	if (!y->init)
		init_run(&(struct init_start){.dir = y->dir,
					      .is_named = y->is_named,
					      .ctl_fd = ctl,
					      .life_fd = life_r,
					      .status_fd = status_w});
	y->is_mine = true;
	fd_close(&status_w);
	err = yard_bring_up(y, status_r, argv, why);
	if (!err)
		err = rundir_release(&y->dir, why); /* the lock is init's alone now */
	if (!err)
		return 0;
fail:
	fd_close(&y->dir.self);
	y->is_named = false;
	yard_leave(y);
	yard_close(y);
	return err;
}

int yard_find(struct yard *y, const char *name, struct extack *why)
{
	json_t *description;
	int pid, single_uid, err;

	*y = (struct yard)YARD_NONE;
	err = rundir_open(&y->dir, name, why);
	if (err)
		return err;
	y->is_named = true;
	description = rundir_description(&y->dir);
	if (!description || json_unpack(description, "{s:i, s:b}", "pid", &pid,
					"single_uid", &single_uid)) {
		err = extack_set(why, -EAGAIN, "yard \"%s\" is only just being made",
				 name);
	} else {
		y->init = pid;
		y->single_uid = single_uid;
		y->init_pidfd = pidfd_open(pid, 0);
		/* Init lived when it was opened if it still holds the lock now, so the number
		 * cannot have been another's. */
		if (y->init_pidfd < 0 || !rundir_is_alive(&y->dir))
			err = extack_set(why, -ESRCH, "yard \"%s\" has just ended", name);
	}
	json_decref(description);
	if (err)
		yard_close(y);
	return err;
}

bool yard_has_ended(const struct yard *y, int timeout_ms)
{
	struct pollfd init = {.fd = y->init_pidfd, .events = POLLIN};

	while (poll(&init, 1, timeout_ms) < 0 && errno == EINTR)
		;
	return init.revents;
}

static void yard_signal(struct yard *y, int signal)
{
	syscall(SYS_pidfd_send_signal, y->init_pidfd, signal, NULL, 0);
}

/* Wait until nothing of the yard runs any more.  Init does not end before the last process of
 * the yard is reaped, and one that a visitor has started is for the visitor to reap, who may
 * be stopped, or killed and its heir idle.  So it must do that init has given up its lock. */
static bool yard_wait_end(struct yard *y, unsigned timeout_ms)
{
	nsec_t until = clock_now() + timeout_ms * NSEC_PER_MSEC, linger = 0;

	while (!yard_has_ended(y, LOOK_MS)) {
		nsec_t now = clock_now();

		if (!linger && !rundir_is_alive(&y->dir))
			linger = now + LINGER_MS * NSEC_PER_MSEC;
		if (linger && now > linger)
			return true;
		if (!linger && now > until)
			return false;
	}
	return true;
}

void yard_leave(struct yard *y)
{
	fd_close(&y->life_fd);
	if (y->is_named)
		return;
	if (y->is_mine && !yard_wait_end(y, LEAVE_MS)) {
		yard_signal(y, SIGKILL);
		yard_wait_end(y, FORCE_MS);
	}
	if (y->is_mine)
		waitpid(y->init, NULL, WNOHANG);
	rundir_sweep(&y->dir); /* in case init could not */
}

int yard_end(struct yard *y, unsigned timeout_ms, struct extack *why)
{
	auto_close int sock = ctl_connect(y->dir.self, ASK_MS, NULL);
	int err = sock < 0 ? sock
			   : ctl_request(sock, json_pack("{s:s}", "do", "stop"), NULL, 0,
					 NULL, NULL);

	if (err)
		yard_signal(y, SIGTERM); /* init can do without the engine's consent */
	if (!yard_wait_end(y, timeout_ms)) {
		yard_signal(y, SIGKILL);
		if (!yard_wait_end(y, FORCE_MS))
			return extack_set(why, -EBUSY,
					  "yard \"%s\" is killed, but does not end",
					  y->dir.name);
	}
	fd_close(&y->dir.self);
	rundir_sweep(&y->dir);
	return 0;
}

void yard_close(struct yard *y)
{
	fd_close(&y->life_fd);
	fd_close(&y->init_pidfd);
	rundir_close(&y->dir);
}
