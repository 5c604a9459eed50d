/* SPDX-License-Identifier: BSD-2-Clause
 *
 * probe - tries what a yard needs of the host from outside: namespaces, maps, entering them,
 * the runtime directory.  What is tried inside is in probe_world.c.
 */
#include "yard/probe.h"

#include "base/fd.h"
#include "yard/idmap.h"
#include "yard/probe_world.h"
#include "yard/rundir.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* ---- noting what was found ---- */

static struct probe *probe_add(struct probes *p, enum probe_state state, const char *name)
{
	struct probe *probe = &p->probe[min(p->n, (size_t)PROBES_MAX - 1)];

	p->n = min(p->n + 1, (size_t)PROBES_MAX);
	*probe = (struct probe){.state = state};
	snprintf(probe->name, sizeof(probe->name), "%s", name);
	return probe;
}

void probe_note(struct probes *p, enum probe_state state, const char *name,
		const char *format, ...)
{
	struct probe *probe = probe_add(p, state, name);
	va_list args;

	va_start(args, format);
	vsnprintf(probe->text, sizeof(probe->text), format, args);
	va_end(args);
}

void probe_note_missing(struct probes *p, const char *name, const char *cure,
			const char *format, ...)
{
	struct probe *probe = probe_add(p, PROBE_MISSING, name);
	va_list args;

	va_start(args, format);
	vsnprintf(probe->text, sizeof(probe->text), format, args);
	va_end(args);
	snprintf(probe->cure, sizeof(probe->cure), "%s", cure);
}

/* ---- namespaces ---- */

static long read_number(const char *path)
{
	char text[32];

	return fd_read_file(AT_FDCWD, path, text, sizeof(text)) < 0 ? -1 : atol(text);
}

/* A process in new namespaces that waits for the end of @hold.  Returns it or -errno. */
static pid_t clone_waiting(unsigned long flags, int hold, int *pidfd)
{
	struct clone_args args = {.flags = flags | CLONE_PIDFD,
				  .pidfd = (uintptr_t)pidfd,
				  .exit_signal = SIGCHLD};
	pid_t pid = (pid_t)syscall(SYS_clone3, &args, sizeof(args));
	char byte;

	if (pid < 0)
		return -errno;
	if (!pid)
		_exit(read(hold, &byte, 1) != 0);
	return pid;
}

static int try_namespaces(unsigned long flags)
{
	auto_close int pidfd = -1, hold = -1;
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	hold = ends[0];
	pid = clone_waiting(flags, ends[0], &pidfd);
	close(ends[1]);
	if (pid < 0)
		return pid;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return 0;
}

static void explain_user_namespaces(struct probes *p, int err)
{
	static const char name[] = "user namespaces";

	if (err == -ENOSPC && read_number("/proc/sys/user/max_user_namespaces") == 0)
		probe_note_missing(p, name,
				   "as root: sysctl -w user.max_user_namespaces=10000",
				   "the host allows none: user.max_user_namespaces is 0");
	else if (err == -ENOSPC)
		probe_note_missing(p, name,
				   "as root: sysctl -w user.max_user_namespaces=100000",
				   "the limit user.max_user_namespaces is reached");
	else if (geteuid() &&
		 read_number("/proc/sys/kernel/unprivileged_userns_clone") == 0)
		probe_note_missing(
			p, name, "as root: sysctl -w kernel.unprivileged_userns_clone=1",
			"only root may make them: kernel.unprivileged_userns_clone is 0");
	else if (err == -EINVAL || err == -ENOSYS)
		probe_note_missing(p, name,
				   "use a kernel from 5.14 on with CONFIG_USER_NS=y",
				   "the kernel has none (%s)", strerror(-err));
	else
		probe_note_missing(
			p, name,
			"in a container, allow it by its seccomp profile (docker: --security-opt "
			"seccomp=unconfined); leave a chroot by way of its own mount namespace",
			"making one is forbidden (%s)", strerror(-err));
}

static bool probe_user_namespaces(struct probes *p)
{
	int err = try_namespaces(CLONE_NEWUSER);

	if (err) {
		explain_user_namespaces(p, err);
		return false;
	}
	if (geteuid() &&
	    read_number("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == 1 &&
	    try_namespaces(CLONE_NEWUSER | CLONE_NEWNET)) {
		probe_note_missing(
			p, "user namespaces",
			"as root: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, or give "
			"wireyard an AppArmor profile with \"userns,\"",
			"AppArmor takes all rights in them away: "
			"kernel.apparmor_restrict_unprivileged_userns is 1");
		return false;
	}
	probe_note(p, PROBE_OK, "user namespaces", "can be made");
	return true;
}

static bool probe_other_namespaces(struct probes *p)
{
	static const struct {
		unsigned long flag;
		const char *name, *limit, *config;
	} kinds[] = {
		{CLONE_NEWNS, "mount namespaces", "user.max_mnt_namespaces", NULL},
		{CLONE_NEWNET, "network namespaces", "user.max_net_namespaces",
		 "CONFIG_NET_NS"},
		{CLONE_NEWPID, "process namespaces", "user.max_pid_namespaces",
		 "CONFIG_PID_NS"},
	};
	bool good = true;

	for (size_t i = 0; i < array_size(kinds); i++) {
		int err = try_namespaces(CLONE_NEWUSER | kinds[i].flag);
		auto_free char *cure =
			err == -ENOSPC
				? xasprintf("as root: sysctl -w %s=10000", kinds[i].limit)
				: xasprintf(
					  "use a kernel with %s=y, and in a container allow it "
					  "by the seccomp profile",
					  kinds[i].config ? kinds[i].config
							  : "CONFIG_NAMESPACES");

		if (err)
			probe_note_missing(p, kinds[i].name, cure,
					   "none can be made (%s)", strerror(-err));
		else
			probe_note(p, PROBE_OK, kinds[i].name, "can be made");
		good = good && !err;
	}
	return good;
}

/* ---- inside ---- */

/* In the first process of a world like a yard's: wait for the map, try, report. */
static _Noreturn void world_run(int go, int report)
{
	struct probes p = {};
	char byte;

	if (read(go, &byte, 1) != 1)
		_exit(1);
	probe_world(&p);
	_exit(write(report, &p, sizeof(p)) != sizeof(p));
}

static void enter_world(struct probes *p, int pidfd)
{
	int status = 0;
	pid_t pid = fork();

	if (!pid)
		_exit(setns(pidfd,
			    CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWNS)
			      ? errno
			      : 0);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return;
	if (WEXITSTATUS(status))
		probe_note_missing(
			p, "entering namespaces",
			"use a kernel from 5.14 on, and in a container allow setns by the "
			"seccomp profile",
			"a yard cannot be entered (%s)", strerror(WEXITSTATUS(status)));
	else
		probe_note(p, PROBE_OK, "entering namespaces", "works");
}

static void world_hear(struct probes *p, int report)
{
	struct probes heard;
	size_t len = 0;

	while (len < sizeof(heard)) {
		ssize_t n = read(report, (char *)&heard + len, sizeof(heard) - len);

		if (n <= 0)
			break;
		len += (size_t)n;
	}
	if (len != sizeof(heard)) {
		probe_note_missing(p, "trying a yard",
				   "look into the kernel's log (dmesg)",
				   "the process that tried it died");
		return;
	}
	for (size_t i = 0; i < heard.n && p->n < PROBES_MAX; i++)
		p->probe[p->n++] = heard.probe[i];
}

static void probe_inside(struct probes *p)
{
	const unsigned long flags =
		CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWPID | CLONE_PIDFD;
	auto_close int pidfd = -1, go_r = -1, go_w = -1, report_r = -1, report_w = -1;
	struct clone_args args = {
		.flags = flags, .pidfd = (uintptr_t)&pidfd, .exit_signal = SIGCHLD};
	int go[2], report[2], err;
	struct extack why = {};
	bool single_uid;
	pid_t pid;

	if (pipe2(go, O_CLOEXEC))
		return;
	go_r = go[0];
	go_w = go[1];
	if (pipe2(report, O_CLOEXEC))
		return;
	report_r = report[0];
	report_w = report[1];
	pid = (pid_t)syscall(SYS_clone3, &args, sizeof(args));
	if (pid < 0)
		return;
	if (!pid) {
		fd_close(&go_w);
		world_run(go_r, report_w);
	}
	fd_close(&report_w);
	err = idmap_write(pid, &single_uid, &why);
	if (err)
		probe_note_missing(p, "user map", "make /proc writable",
				   "the user map of a yard cannot be written (%s)",
				   strerror(-err));
	else
		probe_note(p, PROBE_OK, "user map",
			   single_uid ? "one user, who is root in the yard"
				      : "all users of the host");
	if (!err) {
		enter_world(p, pidfd);
		if (write(go_w, "", 1) == 1)
			world_hear(p, report_r);
	}
	fd_close(&go_w);
	waitpid(pid, NULL, 0);
}

/* ---- the rest ---- */

static void probe_runtime_directory(struct probes *p)
{
	struct extack why = {};
	struct rundir d;

	if (rundir_create(&d, NULL, &why)) {
		probe_note_missing(
			p, "runtime directory",
			"set XDG_RUNTIME_DIR to a directory of your own, mode 0700", "%s",
			why.msg);
		return;
	}
	rundir_remove(&d);
	rundir_close(&d);
	probe_note(p, PROBE_OK, "runtime directory", "can be made");
}

static void probe_huge_pages(struct probes *p)
{
	static const char dir[] = "/sys/kernel/mm/hugepages/hugepages-2048kB/";
	auto_free char *total_path = xasprintf("%snr_hugepages", dir);
	auto_free char *free_path = xasprintf("%sfree_hugepages", dir);
	long total = read_number(total_path), unused = read_number(free_path);

	if (total > 0)
		probe_note(p, PROBE_INFO, "huge pages",
			   "%ld of %ld pages of 2 MiB are free", unused, total);
	else
		probe_note(
			p, PROBE_INFO, "huge pages",
			"none are reserved; packet memory uses what the kernel gives by itself "
			"(as root: sysctl -w vm.nr_hugepages=64)");
}

size_t probe_host(struct probe probes[PROBES_MAX])
{
	struct probes p = {};

	if (probe_user_namespaces(&p) && probe_other_namespaces(&p))
		probe_inside(&p);
	probe_runtime_directory(&p);
	probe_huge_pages(&p);
	memcpy(probes, p.probe, p.n * sizeof(p.probe[0]));
	return p.n;
}
