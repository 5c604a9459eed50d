/* SPDX-License-Identifier: BSD-2-Clause
 *
 * gate - listeners, and the calls on netlink sockets.
 */
#include "gate/call.h"
#include "base/log.h"

#include <ev.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <poll.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#endif
#define NOTIF_SYNC_WAKE_UP 1ul

/* Options of netlink sockets are ints and small masks. */
#define OPTION_MAX 256

struct listener {
	struct list link;
	struct gate *gate;
	int fd;
	ev_io io;
};

/* ---- netlink sockets ---- */

static void on_socket(struct call *c)
{
	int type = (int)c->n->data.args[1], kind = type & 0xf, end = -1, err;
	bool packet = (int)c->n->data.args[0] == AF_PACKET;
	auto_close int ns_fd = -1;
	char path[64];

	if (kind != SOCK_RAW && kind != SOCK_DGRAM && !packet) {
		call_go_on(c); /* the kernel knows the errno */
		return;
	}
	snprintf(path, sizeof(path), "/proc/%u/ns/net", c->n->pid);
	ns_fd = open(path, O_RDONLY | O_CLOEXEC);
	if (ns_fd < 0) {
		call_go_on(
			c); /* a program that may not be looked into gets the real thing */
		return;
	}
	if (packet) {
		c->gate->ops->opens_packet(c->gate->arg, ns_fd);
		call_go_on(c);
		return;
	}
	err = c->gate->ops->open_netlink(c->gate->arg, ns_fd, c->pid,
					 type & SOCK_NONBLOCK, &end);
	if (err)
		call_return(c, err);
	else
		call_return_fd(c, end, type & SOCK_CLOEXEC);
	fd_close(&end);
}

/* The real socket behind the descriptor in the call's first argument, borrowed; -1. */
static int socket_of(struct call *c, uint64_t *cookie)
{
	auto_close int fd = call_fd(c, (int)c->n->data.args[0]);

	*cookie = fd < 0 ? 0 : call_cookie(fd);
	return *cookie ? c->gate->ops->netlink_socket(c->gate->arg, *cookie) : -1;
}

static void on_bind(struct call *c)
{
	struct sockaddr_nl addr;
	uint64_t cookie;

	if (socket_of(c, &cookie) < 0)
		call_go_on(c);
	else if (!call_read(c, c->n->data.args[1], &addr, sizeof(addr)))
		call_return(c, -EFAULT);
	else if (addr.nl_family != AF_NETLINK)
		call_return(c, -EINVAL);
	else
		call_return(c, c->gate->ops->netlink_bind(c->gate->arg, cookie, &addr));
}

/* There is nobody to talk to but the kernel. */
static void on_connect(struct call *c)
{
	struct sockaddr_nl addr;
	uint64_t cookie;
	int sock = socket_of(c, &cookie);

	if (sock < 0)
		call_go_on(c);
	else if (!call_read(c, c->n->data.args[1], &addr, sizeof(addr)))
		call_return(c, -EFAULT);
	else
		call_return(c, connect(sock, (void *)&addr, sizeof(addr)) ? -errno : 0);
}

static void on_getsockname(struct call *c)
{
	struct sockaddr_nl addr;
	socklen_t len = sizeof(addr), room;
	uint64_t cookie;
	int sock = socket_of(c, &cookie);

	if (sock < 0)
		call_go_on(c);
	else if (getsockname(sock, (void *)&addr, &len))
		call_return(c, -errno);
	else if (!call_read(c, c->n->data.args[2], &room, sizeof(room)))
		call_return(c, -EFAULT);
	else if ((int)room < 0)
		call_return(c, -EINVAL);
	else if (!call_write(c, c->n->data.args[1], &addr, min(room, len)) ||
		 !call_write(c, c->n->data.args[2], &len, sizeof(len)))
		call_return(c, -EFAULT);
	else
		call_return(c, 0);
}

static void on_setsockopt(struct call *c)
{
	socklen_t len = (socklen_t)c->n->data.args[4];
	int option = (int)c->n->data.args[2], value = 0;
	char buf[OPTION_MAX] = {};
	uint64_t cookie;
	int sock = socket_of(c, &cookie);

	if (sock < 0)
		call_go_on(c);
	else if (len > sizeof(buf))
		call_return(c, -EINVAL);
	else if (len && !call_read(c, c->n->data.args[3], buf, len))
		call_return(c, -EFAULT);
	else if (setsockopt(sock, SOL_NETLINK, option, buf, len))
		call_return(c, -errno);
	else {
		memcpy(&value, buf, sizeof(value));
		c->gate->ops->netlink_option(c->gate->arg, cookie, option, value);
		call_return(c, 0);
	}
}

static void on_getsockopt(struct call *c)
{
	char buf[OPTION_MAX] = {};
	socklen_t len, room;
	uint64_t cookie;
	int sock = socket_of(c, &cookie);

	if (sock < 0) {
		call_go_on(c);
		return;
	}
	if (!call_read(c, c->n->data.args[4], &len, sizeof(len))) {
		call_return(c, -EFAULT);
		return;
	}
	room = len = min(len, (socklen_t)sizeof(buf));
	if (getsockopt(sock, SOL_NETLINK, (int)c->n->data.args[2], buf, &len))
		call_return(c, -errno);
	else if (!call_write(c, c->n->data.args[3], buf, min(len, room)) ||
		 !call_write(c, c->n->data.args[4], &len, sizeof(len)))
		call_return(c, -EFAULT);
	else
		call_return(c, 0);
}

/* On a netlink socket: the namespace of the real one.  On a tap it is tun.c's; about
 * bridges, brctl.c's. */
static void on_ioctl(struct call *c)
{
	auto_close int ns_fd = -1;
	uint64_t cookie;
	int sock;

	if (call_is_brctl((uint32_t)c->n->data.args[1])) {
		call_brctl(c);
		return;
	}
	if ((uint32_t)c->n->data.args[1] != SIOCGSKNS) {
		call_tun_ioctl(c);
		return;
	}
	sock = socket_of(c, &cookie);
	if (sock < 0) {
		call_tun_ioctl(c);
		return;
	}
	ns_fd = ioctl(sock, SIOCGSKNS);
	if (ns_fd < 0)
		call_return(c, -errno);
	else
		call_return_fd(c, ns_fd, true);
}

static const struct {
	int nr;
	void (*fn)(struct call *c);
} calls[] = {
	{SYS_socket, on_socket},	 {SYS_bind, on_bind},
	{SYS_connect, on_connect},	 {SYS_getsockname, on_getsockname},
	{SYS_setsockopt, on_setsockopt}, {SYS_getsockopt, on_getsockopt},
	{SYS_ioctl, on_ioctl},		 {SYS_openat, call_open},
#ifdef SYS_open
	{SYS_open, call_open},
#endif
};

/* ---- listeners ---- */

/* A call that waits for something that is under way, most often for the kernel to finish
 * deleting a device.  Others are answered meanwhile. */
struct delayed {
	struct list link;
	struct timer timer;
	struct gate *gate;
	int listener;
	unsigned tries;
	struct seccomp_notif n;
};

#define AGAIN_AFTER (2 * NSEC_PER_MSEC)
#define TRIES_MAX   250

static void answer(struct gate *g, int listener, const struct seccomp_notif *n,
		   unsigned tries);

static void on_delayed(struct timer *t)
{
	struct delayed *d = container_of(t, struct delayed, timer);

	list_remove(&d->link);
	answer(d->gate, d->listener, &d->n, d->tries + 1);
	free(d);
}

void call_again(struct call *c)
{
	struct delayed *d;

	if (c->tries >= TRIES_MAX) {
		call_return(c, -EBUSY);
		return;
	}
	d = xnew(struct delayed);
	d->gate = c->gate;
	d->listener = c->listener;
	d->tries = c->tries;
	d->n = *c->n;
	list_append(&c->gate->delayed, &d->link);
	timer_arm(&d->timer, AGAIN_AFTER, on_delayed);
}

/* Forget the calls of a listener that goes. */
static void forget_delayed(struct gate *g, int listener)
{
	struct delayed *d, *next;

	list_foreach_safe(d, next, &g->delayed, link) {
		if (d->listener != listener)
			continue;
		list_remove(&d->link);
		timer_disarm(&d->timer);
		free(d);
	}
}

static pid_t process_of(pid_t thread)
{
	char path[64], text[1024];
	const char *tgid;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)thread);
	if (fd_read_file(AT_FDCWD, path, text, sizeof(text)) < 0)
		return thread;
	tgid = strstr(text, "\nTgid:");
	return tgid ? (pid_t)strtol(tgid + 6, NULL, 10) : thread;
}

static void answer(struct gate *g, int listener, const struct seccomp_notif *n,
		   unsigned tries)
{
	struct call c = {.gate = g, .listener = listener, .n = n, .tries = tries};
	bool needs_process = c.n->data.nr == SYS_socket || c.n->data.nr == SYS_ioctl;

	c.pid = needs_process ? process_of((pid_t)c.n->pid) : (pid_t)c.n->pid;
	for (size_t i = 0; i < array_size(calls); i++) {
		if (calls[i].nr == c.n->data.nr) {
			calls[i].fn(&c);
			return;
		}
	}
	call_go_on(&c);
}

static void listener_free(struct listener *l)
{
	forget_delayed(l->gate, l->fd);
	ev_io_stop(l->gate->loop, &l->io);
	list_remove(&l->link);
	close(l->fd);
	free(l);
}

/* Is nobody left behind it?  Then the descriptor has nothing but a hang-up to tell. */
static bool is_deserted(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	return poll(&p, 1, 0) == 1 && p.revents & POLLHUP && !(p.revents & POLLIN);
}

static void on_notification(struct ev_loop *loop, ev_io *w, int revents)
{
	struct listener *l = w->data;
	struct gate *g = l->gate;

	memset(g->request, 0, g->request_size);
	if (!ioctl(l->fd, SECCOMP_IOCTL_NOTIF_RECV, g->request))
		answer(g, l->fd, g->request, 0);
	else if (is_deserted(l->fd))
		listener_free(l);
}

int gate_start(struct gate *g, struct ev_loop *loop, const struct gate_ops *ops,
	       void *arg, struct extack *ea)
{
	struct seccomp_notif_sizes sizes;

	if (syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes))
		return extack_set(ea, -errno, "the kernel has no seccomp notifications");
	*g = (struct gate){.loop = loop, .ops = ops, .arg = arg};
	list_init(&g->listeners);
	list_init(&g->delayed);
	g->request_size = max((size_t)sizes.seccomp_notif, sizeof(*g->request));
	g->request = xcalloc(1, g->request_size);
	return 0;
}

int gate_add_listener(struct gate *g, int listener_fd)
{
	struct listener *l;
	int err = fd_set_nonblock(listener_fd, true);

	if (err) {
		close(listener_fd);
		return err;
	}
	/* The caller runs on as soon as it is answered, on this CPU if need be; a kernel
	 * before 6.6 does not know how. */
	(void)ioctl(listener_fd, SECCOMP_IOCTL_NOTIF_SET_FLAGS, NOTIF_SYNC_WAKE_UP);
	l = xnew(struct listener);
	l->gate = g;
	l->fd = listener_fd;
	list_append(&g->listeners, &l->link);
	ev_io_init(&l->io, on_notification, listener_fd, EV_READ);
	l->io.data = l;
	ev_io_start(g->loop, &l->io);
	return 0;
}

void gate_stop(struct gate *g)
{
	struct listener *l, *next;

	if (!g->request)
		return;
	list_foreach_safe(l, next, &g->listeners, link)
		listener_free(l);
	free(g->request);
	g->request = NULL;
}
