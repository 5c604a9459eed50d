/* SPDX-License-Identifier: BSD-2-Clause
 *
 * uplink - starts slirp4netns, and waits until it carries.
 */
#include "cli/uplink.h"

#include "base/fd.h"
#include "cli/tool.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

#define READY_MS 10000

static const struct tool slirp_tool = {"slirp4netns", "slirp4netns"};

int uplink_check(struct extack *why)
{
	auto_free char *file = tool_find(&slirp_tool, why);

	return file ? 0 : -ENOENT;
}

/* In a process of its own, which nobody waits for. */
static _Noreturn void slirp_exec(const char *file, pid_t init, int life, int ready,
				 int said)
{
	auto_free char *exit_fd = xasprintf("--exit-fd=%d", life);
	auto_free char *ready_fd = xasprintf("--ready-fd=%d", ready);
	auto_free char *pid = xasprintf("%d", init);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	setsid();
	/* What it says later has no reader: that must not end it. */
	signal(SIGPIPE, SIG_IGN);
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(said, STDERR_FILENO);
	close_range(STDERR_FILENO + 1, ~0u, CLOSE_RANGE_CLOEXEC);
	fcntl(life, F_SETFD, 0);
	fcntl(ready, F_SETFD, 0);
	if (chdir("/"))
		_exit(1);
	execl(file, file, "--configure", "--mtu=65520", "--disable-host-loopback",
	      "--enable-sandbox", "--enable-seccomp", exit_fd, ready_fd, pid,
	      UPLINK_DEVICE, NULL);
	dprintf(STDERR_FILENO, "%s cannot be executed: %m\n", file);
	_exit(1);
}

int uplink_start(pid_t init, int life_fd, struct extack *why)
{
	static const char task[] = "the uplink cannot be made";
	auto_close int life = life_fd, ready_r = -1, ready_w = -1, said_r = -1,
		       said_w = -1;
	auto_free char *file = tool_find(&slirp_tool, why);
	int ready[2], said[2];
	struct pollfd heard;
	char text[1024] = "", byte;
	pid_t pid;

	if (!file)
		return -ENOENT;
	if (pipe2(ready, O_CLOEXEC))
		return extack_set(why, -errno, "a pipe cannot be made (%m)");
	ready_r = ready[0];
	ready_w = ready[1];
	if (pipe2(said, O_CLOEXEC | O_NONBLOCK))
		return extack_set(why, -errno, "a pipe cannot be made (%m)");
	said_r = said[0];
	said_w = said[1];
	pid = fork();
	if (!pid)
		slirp_exec(file, init, life, ready_w, said_w);
	if (pid < 0)
		return extack_set(why, -errno, "%s: no process for it (%m)", task);
	fd_close(&ready_w);
	fd_close(&said_w);
	heard = (struct pollfd){.fd = ready_r, .events = POLLIN};
	if (poll(&heard, 1, READY_MS) > 0 && read(ready_r, &byte, 1) == 1)
		return 0;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	if (read(said_r, text, sizeof(text) - 1) < 0)
		text[0] = 0;
	return tool_explain(&slirp_tool, task, text, why);
}
