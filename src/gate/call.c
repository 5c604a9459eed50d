/* SPDX-License-Identifier: BSD-2-Clause
 *
 * call - one trapped call.
 *
 * The caller waits, but it may be killed meanwhile and its number given to another: every
 * answer names the notification's id, which the kernel checks, so a late one goes nowhere.
 */
#include "gate/call.h"
#include "base/log.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#ifndef PIDFD_THREAD
#define PIDFD_THREAD O_EXCL
#endif

static void respond(struct call *c, const struct seccomp_notif_resp *r)
{
	if (ioctl(c->listener, SECCOMP_IOCTL_NOTIF_SEND, r) && errno != ENOENT)
		log_debug("gate", "", "answer: %s", strerror(errno));
}

void call_go_on(struct call *c)
{
	respond(c, &(struct seccomp_notif_resp){
			   .id = c->n->id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE});
}

void call_return(struct call *c, long value)
{
	respond(c, &(struct seccomp_notif_resp){.id = c->n->id,
						.error = value < 0 ? (int)value : 0,
						.val = value < 0 ? 0 : value});
}

void call_return_fd(struct call *c, int fd, bool cloexec)
{
	struct seccomp_notif_addfd add = {.id = c->n->id,
					  .flags = SECCOMP_ADDFD_FLAG_SEND,
					  .srcfd = (uint32_t)fd,
					  .newfd_flags = cloexec ? O_CLOEXEC : 0};

	if (ioctl(c->listener, SECCOMP_IOCTL_NOTIF_ADDFD, &add) < 0)
		call_return(c, -errno);
}

int call_replace_fd(struct call *c, int fd, int number, bool cloexec)
{
	struct seccomp_notif_addfd add = {.id = c->n->id,
					  .flags = SECCOMP_ADDFD_FLAG_SETFD,
					  .srcfd = (uint32_t)fd,
					  .newfd = (uint32_t)number,
					  .newfd_flags = cloexec ? O_CLOEXEC : 0};

	return ioctl(c->listener, SECCOMP_IOCTL_NOTIF_ADDFD, &add) < 0 ? -errno : 0;
}

bool call_read(const struct call *c, uint64_t address, void *buf, size_t len)
{
	struct iovec ours = {buf, len}, theirs = {(void *)(uintptr_t)address, len};

	return process_vm_readv((pid_t)c->n->pid, &ours, 1, &theirs, 1, 0) ==
	       (ssize_t)len;
}

bool call_write(const struct call *c, uint64_t address, const void *buf, size_t len)
{
	struct iovec ours = {(void *)(uintptr_t)buf, len};
	struct iovec theirs = {(void *)(uintptr_t)address, len};

	return process_vm_writev((pid_t)c->n->pid, &ours, 1, &theirs, 1, 0) ==
	       (ssize_t)len;
}

int call_fd(const struct call *c, int number)
{
	auto_close int pidfd =
		(int)syscall(SYS_pidfd_open, (pid_t)c->n->pid, (unsigned)PIDFD_THREAD);
	int fd;

	/* Before Linux 6.9 only whole processes had one; threads mostly share the table. */
	if (pidfd < 0)
		pidfd = (int)syscall(SYS_pidfd_open, c->pid, 0u);
	if (pidfd < 0)
		return -errno;
	fd = (int)syscall(SYS_pidfd_getfd, pidfd, number, 0u);
	return fd < 0 ? -errno : fd;
}

bool call_fd_cloexec(const struct call *c, int number)
{
	char path[64], text[512];
	const char *flags;

	snprintf(path, sizeof(path), "/proc/%u/fdinfo/%d", c->n->pid, number);
	if (fd_read_file(AT_FDCWD, path, text, sizeof(text)) < 0)
		return false;
	flags = strstr(text, "flags:");
	return flags && strtoul(flags + 6, NULL, 8) & O_CLOEXEC;
}

uint64_t call_cookie(int fd)
{
	uint64_t cookie = 0;
	socklen_t len = sizeof(cookie);

	return getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &len) ? 0 : cookie;
}
