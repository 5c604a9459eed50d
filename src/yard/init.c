/* SPDX-License-Identifier: BSD-2-Clause
 *
 * init - pid 1 of a yard.
 */
#include "yard/init.h"

#include "base/clock.h"
#include "yard/mounts.h"

#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>

/* How long the engine may take to tidy up when the yard ends. */
#define ENGINE_END_MS 5000
/* Descriptors from here on collide with none that have fixed numbers. */
#define OUT_OF_THE_WAY 16

struct init {
	struct init_start *start;
	bool single_uid;
	pid_t engine;	/* 0 once reaped */
	int engine_end; /* its wait status, once reaped */
	int signals;	/* signalfd */
	int ready;	/* the engine's readiness */
	int said;	/* what the engine writes to standard error */
	bool told_to_end;
};

static void close_above(int first)
{
	close_range((unsigned)first, ~0u, 0);
}

/* Keep standard error and what init needs: whatever else was inherited belongs to others,
 * who wait for its end of file. */
static void init_close_others(struct init_start *s)
{
	int *kept[] = {&s->dir.above, &s->dir.base, &s->dir.self,
		       &s->ctl_fd,    &s->life_fd,  &s->status_fd};
	int next = STDERR_FILENO + 1;

	/* First out of each other's way, then down in order. */
	for (size_t i = 0; i < array_size(kept); i++)
		*kept[i] = fcntl(*kept[i], F_DUPFD_CLOEXEC, OUT_OF_THE_WAY);
	for (size_t i = 0; i < array_size(kept); i++, next++)
		*kept[i] = dup3(*kept[i], next, O_CLOEXEC);
	close_above(next);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	fd_close(&null);
}

/* Say in lists of processes what this one is.  The words are overwritten where the kernel
 * reads them, as nothing needs them any more. */
static void init_set_title(const char *name)
{
	char stat[1024], *after, *word = NULL;
	unsigned long start, end;

	prctl(PR_SET_NAME, "wireyard-init");
	if (fd_read_file(AT_FDCWD, "/proc/self/stat", stat, sizeof(stat)) < 0)
		return;
	after = strrchr(stat, ')'); /* the name before it may hold anything */
	for (int field = 2; after && field <= 48; field++)
		word = strsep(&after, " ");
	if (!word || !after)
		return;
	start = strtoul(word, NULL, 10);
	end = strtoul(after, NULL, 10);
	if (start && end > start) {
		memset((void *)start, 0, end - start);
		snprintf((char *)start, end - start, "wireyard-init %s", name);
	}
}

/* The yard's own loopback is up, as on any machine that has booted. */
static int loopback_up(struct extack *why)
{
	auto_close int sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};

	if (sock < 0 || ioctl(sock, SIOCSIFFLAGS, &request))
		return extack_set(why, -errno,
				  "the loopback device cannot be brought up (%m)");
	return 0;
}

static int init_make_world(struct extack *why)
{
	int err = mounts_detach(why);

	if (!err)
		err = mounts_proc(why);
	if (!err)
		err = mounts_netns_names(why);
	if (!err)
		err = mounts_sys(why);
	if (err == -EROFS)
		err = 0;
	if (!err)
		err = loopback_up(why);
	return err;
}

/* Become the engine: a fresh program image, so that it holds nothing of ours. */
static _Noreturn void engine_exec(struct init *in, int ctl, int ready, int said)
{
	struct rlimit files;
	sigset_t none;
	char *argv[] = {(char[]){ENGINE_PROGRAM}, in->start->dir.name,
			in->single_uid ? (char[]){ENGINE_ONE_USER}
				       : (char[]){ENGINE_ALL_USERS},
			NULL};

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (!getrlimit(RLIMIT_NOFILE, &files)) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	ctl = fcntl(ctl, F_DUPFD_CLOEXEC, OUT_OF_THE_WAY);
	ready = fcntl(ready, F_DUPFD_CLOEXEC, OUT_OF_THE_WAY);
	dup2(said, STDERR_FILENO);
	dup2(ctl, ENGINE_CTL_FD);
	dup2(ready, ENGINE_READY_FD);
	close_above(ENGINE_READY_FD + 1);
	execv("/proc/self/exe", argv);
	dprintf(STDERR_FILENO, "wireyard: the engine cannot be executed: %m\n");
	_exit(1);
}

static int init_start_engine(struct init *in, struct extack *why)
{
	int ready[2], said[2];

	if (pipe2(ready, O_CLOEXEC) || pipe2(said, O_CLOEXEC | O_NONBLOCK))
		return extack_set(why, -errno, "the engine's pipes cannot be made (%m)");
	in->engine = fork();
	if (in->engine < 0)
		return extack_set(why, -errno, "the engine cannot be started (%m)");
	if (!in->engine)
		engine_exec(in, in->start->ctl_fd, ready[1], said[1]);
	close(ready[1]);
	close(said[1]);
	fd_close(&in->start->ctl_fd);
	in->ready = ready[0];
	in->said = said[0];
	return 0;
}

static void init_tell(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) < 0)
		return; /* the starter is gone, and with it whoever could read */
}

/* Pass on what the engine says.  Its end of the pipe never blocks: lines are lost instead. */
static void init_relay(struct init *in)
{
	char text[4096];
	ssize_t n;

	while ((n = read(in->said, text, sizeof(text))) > 0)
		if (write(STDERR_FILENO, text, (size_t)n) < 0)
			return;
	if (!n)
		fd_close(&in->said);
}

static void init_reap(struct init *in)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid != in->engine)
			continue;
		in->engine = 0;
		in->engine_end = status;
	}
}

static void init_hear_signals(struct init *in)
{
	struct signalfd_siginfo info;

	while (read(in->signals, &info, sizeof(info)) == sizeof(info))
		if (info.ssi_signo == SIGTERM)
			in->told_to_end = true;
	init_reap(in);
}

/* The starter has ended, or hung up because its command has. */
static void init_hear_starter(struct init *in)
{
	char byte;

	if (read(in->start->life_fd, &byte, 1) != 0)
		return;
	fd_close(&in->start->life_fd);
	if (!in->start->is_named || in->start->status_fd >= 0) {
		in->told_to_end = true;
		return;
	}
	/* A named yard goes on, but the starter's standard error is not ours any more. */
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	dup2(null, STDERR_FILENO);
	fd_close(&null);
}

static void init_hear_engine_ready(struct init *in)
{
	char byte;

	if (read(in->ready, &byte, 1) == 1 && in->start->status_fd >= 0) {
		init_tell(in->start->status_fd, "+");
		fd_close(&in->start->status_fd);
	}
	fd_close(&in->ready);
}

/* Wait for one of the things init listens to, up to @timeout_ms (-1: for ever). */
static void init_listen(struct init *in, int timeout_ms)
{
	struct pollfd polls[] = {
		{.fd = in->signals, .events = POLLIN},
		{.fd = in->start->life_fd, .events = POLLIN},
		{.fd = in->ready, .events = POLLIN},
		{.fd = in->said, .events = POLLIN},
	};

	if (poll(polls, array_size(polls), timeout_ms) <= 0)
		return;
	if (polls[3].revents)
		init_relay(in);
	if (polls[2].revents)
		init_hear_engine_ready(in);
	if (polls[1].revents)
		init_hear_starter(in);
	if (polls[0].revents)
		init_hear_signals(in);
}

/* How the engine ended, as a sentence.  Nothing if it was told to. */
static void init_explain_end(struct init *in)
{
	int status = in->engine_end;
	char text[256] = "";

	init_relay(in);
	if (WIFSIGNALED(status))
		snprintf(
			text, sizeof(text),
			"the engine of yard \"%s\" was killed by signal %d (%s), so the yard ends",
			in->start->dir.name, WTERMSIG(status),
			strsignal(WTERMSIG(status)));
	else if (WEXITSTATUS(status) || in->start->status_fd >= 0)
		snprintf(
			text, sizeof(text),
			"the engine of yard \"%s\" ended with status %d, so the yard ends",
			in->start->dir.name, WEXITSTATUS(status));
	if (!text[0])
		return;
	if (in->start->status_fd >= 0)
		init_tell(in->start->status_fd, text);
	else
		dprintf(STDERR_FILENO, "wireyard: %s\n", text);
}

static void init_end_engine(struct init *in)
{
	nsec_t until = clock_now() + ENGINE_END_MS * NSEC_PER_MSEC, left;

	kill(in->engine, SIGTERM);
	while (in->engine && (left = until - clock_now()) > 0)
		init_listen(in, (int)(left / NSEC_PER_MSEC) + 1);
}

static _Noreturn void init_fail(struct init *in, const struct extack *why)
{
	init_tell(in->start->status_fd, why->msg);
	rundir_remove(&in->start->dir);
	_exit(1);
}

static void init_wait_for_map(struct init *in)
{
	struct init_go go;

	if (read(in->start->life_fd, &go, sizeof(go)) != sizeof(go)) {
		rundir_remove(&in->start->dir); /* the starter gave up or was killed */
		_exit(1);
	}
	in->single_uid = go.single_uid;
}

void init_run(struct init_start *s)
{
	struct init in = {.start = s, .ready = -1, .said = -1, .signals = -1};
	struct extack why = {};
	sigset_t heard;

	init_set_title(s->dir.name);
	setsid();
	init_close_others(s);
	init_wait_for_map(&in);
	if (chdir("/") || init_make_world(&why))
		init_fail(&in, &why);
	sigemptyset(&heard);
	sigaddset(&heard, SIGCHLD);
	sigaddset(&heard, SIGTERM);
	sigprocmask(SIG_SETMASK, &heard, NULL);
	in.signals = signalfd(-1, &heard, SFD_CLOEXEC | SFD_NONBLOCK);
	if (init_start_engine(&in, &why))
		init_fail(&in, &why);
	while (in.engine && !in.told_to_end)
		init_listen(&in, -1);
	if (in.engine)
		init_end_engine(&in);
	else
		init_explain_end(&in);
	rundir_remove(&s->dir);
	_exit(0);
}
