/* SPDX-License-Identifier: BSD-2-Clause
 *
 * fd - descriptors that close themselves, and passing them over Unix sockets.
 */
#pragma once

#include "base/base.h"

#include <sys/types.h>
#include <unistd.h>

static inline void fd_cleanup(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

/* auto_close int fd = -1;  closes at the end of the scope unless taken. */
#define auto_close __attribute__((cleanup(fd_cleanup)))

static inline int take_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

/* Close *@fd if open, and mark it closed. */
static inline void fd_close(int *fd)
{
	fd_cleanup(fd);
	*fd = -1;
}

/* Send @len bytes with @n_fds descriptors; the caller keeps them.  At most FD_PASS_MAX.
 * Returns 0 or -errno (a short write cannot happen on the SEQPACKET sockets used here). */
#define FD_PASS_MAX 8
int fd_send(int sock, const void *data, size_t len, const int *fds,
	    size_t n_fds) must_check;

/* Receive one message and the descriptors that came along (close-on-exec).  *n_fds is the
 * room on entry, the number received on return; surplus ones are closed.  Returns the
 * length, 0 at the end, or -errno. */
ssize_t fd_receive(int sock, void *data, size_t size, int *fds, size_t *n_fds) must_check;

int fd_set_nonblock(int fd, bool on) must_check;

/* The whole of a small file into @buf, NUL-terminated.  Returns the length or -errno. */
ssize_t fd_read_file(int dirfd, const char *path, char *buf, size_t size) must_check;
int fd_write_file(int dirfd, const char *path, const char *text) must_check;
