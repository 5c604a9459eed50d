/* SPDX-License-Identifier: BSD-2-Clause
 *
 * tapnode - opens of /dev/tapN, the file of a macvtap, and ioctls on what they gave.
 *
 * Nothing precedes the first read of such a file, so the open itself must be caught.  A filter
 * does not see names: every open for reading and writing comes here, and all but these few go on
 * to the kernel after a look at the end of the name.
 */
#include "gate/call.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/if_tun.h>
#include <linux/sockios.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* Names are short: a few bytes at a time, and never beyond a page. */
#define CHUNK 256u

/* A string of the caller's, cut to @size - 1 bytes.  Memory behind its end need not be there. */
static bool read_string(const struct call *c, uint64_t address, char *buf, size_t size)
{
	size_t have = 0;

	while (have < size - 1) {
		size_t n =
			min(size - 1 - have, (size_t)(CHUNK - (address + have) % CHUNK));

		if (!call_read(c, address + have, buf + have, n))
			return false;
		if (memchr(buf + have, 0, n))
			return true;
		have += n;
	}
	buf[have] = 0;
	return true;
}

/* The N of a path that ends in tapN; 0: it does not.  *dir_len: how long what precedes it is. */
static unsigned tap_number(const char *path, size_t *dir_len)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	unsigned long n;
	char *end;

	if (strncmp(name, "tap", 3) != 0 || name[3] < '1' || name[3] > '9')
		return 0;
	n = strtoul(name + 3, &end, 10);
	*dir_len = (size_t)(name - path);
	return *end || n > INT_MAX ? 0 : (unsigned)n;
}

/* Is the directory in which the caller's @path begins to be looked up, followed by the first
 * @dir_len bytes of it, the caller's /dev? */
static bool is_in_dev(const struct call *c, int dirfd, const char *path, size_t dir_len)
{
	char name[PATH_MAX + 64], dev[64];
	struct stat a, b;

	if (path[0] == '/')
		snprintf(name, sizeof(name), "/proc/%u/root%.*s", c->n->pid, (int)dir_len,
			 path);
	else if (dirfd == AT_FDCWD)
		snprintf(name, sizeof(name), "/proc/%u/cwd/%.*s", c->n->pid, (int)dir_len,
			 path);
	else
		snprintf(name, sizeof(name), "/proc/%u/fd/%d/%.*s", c->n->pid, dirfd,
			 (int)dir_len, path);
	snprintf(dev, sizeof(dev), "/proc/%u/root/dev", c->n->pid);
	return !stat(name, &a) && !stat(dev, &b) && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

/* The file would be root's, and nobody else's. */
static bool is_root(const struct call *c)
{
	char path[64], text[1024];
	unsigned real, effective, saved, fs = 1;
	const char *uid;

	snprintf(path, sizeof(path), "/proc/%u/status", c->n->pid);
	if (fd_read_file(AT_FDCWD, path, text, sizeof(text)) < 0)
		return false;
	uid = strstr(text, "\nUid:");
	return uid &&
	       sscanf(uid + 5, "%u %u %u %u", &real, &effective, &saved, &fs) == 4 && !fs;
}

static void open_node(struct call *c, unsigned number, int flags)
{
	auto_close int ns_fd = -1, end = -1;
	char path[64];
	int err;

	snprintf(path, sizeof(path), "/proc/%u/ns/net", c->n->pid);
	ns_fd = open(path, O_RDONLY | O_CLOEXEC);
	err = ns_fd < 0 ? -ENOENT
			: c->gate->ops->node_open(c->gate->arg, ns_fd, number, &end);
	if (err == -ENOENT) {
		call_go_on(c); /* perhaps one of the kernel's */
		return;
	}
	if (!err && !is_root(c))
		err = -EACCES;
	if (!err)
		err = fd_set_nonblock(end, flags & O_NONBLOCK);
	if (err)
		call_return(c, err);
	else
		call_return_fd(c, end, flags & O_CLOEXEC);
}

void call_open(struct call *c)
{
	bool at = c->n->data.nr == SYS_openat;
	const __u64 *args = c->n->data.args + at; /* the path, the flags */
	int dirfd = at ? (int)c->n->data.args[0] : AT_FDCWD;
	char path[PATH_MAX];
	unsigned number;
	size_t dir_len;

	if (!read_string(c, args[0], path, sizeof(path)) ||
	    !(number = tap_number(path, &dir_len)) || (int)args[1] & O_PATH ||
	    !is_in_dev(c, dirfd, path, dir_len))
		call_go_on(c);
	else
		open_node(c, number, (int)args[1]);
}

/* ---- ioctls ---- */

enum shape {
	VALUE,
	INT_IN,
	INT_OUT,
	IFR_IN,
	IFR_OUT,
};

static const struct node_ioctl {
	uint32_t cmd;
	enum shape shape;
} ioctls[] = {
	{TUNSETIFF, IFR_IN},	   {TUNGETIFF, IFR_OUT},     {TUNSETQUEUE, IFR_IN},
	{TUNGETFEATURES, INT_OUT}, {TUNSETSNDBUF, INT_IN},   {TUNGETVNETHDRSZ, INT_OUT},
	{TUNSETVNETHDRSZ, INT_IN}, {TUNGETVNETLE, INT_OUT},  {TUNSETVNETLE, INT_IN},
	{TUNSETOFFLOAD, VALUE},	   {SIOCGIFHWADDR, IFR_OUT}, {SIOCSIFHWADDR, IFR_IN},
};

static size_t size_of(enum shape shape)
{
	return shape == IFR_IN || shape == IFR_OUT ? sizeof(struct ifreq) : sizeof(int);
}

void call_node_ioctl(struct call *c, uint64_t cookie)
{
	uint32_t cmd = (uint32_t)c->n->data.args[1];
	uint64_t at = c->n->data.args[2];
	union tapnode_arg arg = {};
	size_t i = 0;
	int err;

	while (i < array_size(ioctls) && ioctls[i].cmd != cmd)
		i++;
	if (i == array_size(ioctls)) {
		call_return(c, -EINVAL);
		return;
	}
	if (ioctls[i].shape == VALUE)
		arg.value = at;
	else if (!call_read(c, at, &arg, size_of(ioctls[i].shape))) {
		call_return(c, -EFAULT);
		return;
	}
	err = c->gate->ops->node_ioctl(c->gate->arg, cookie, cmd, &arg);
	if (!err && (ioctls[i].shape == INT_OUT || ioctls[i].shape == IFR_OUT) &&
	    !call_write(c, at, &arg, size_of(ioctls[i].shape)))
		err = -EFAULT;
	call_return(c, err);
}
