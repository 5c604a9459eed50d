/* SPDX-License-Identifier: BSD-2-Clause
 *
 * gate - the calls of the yard's programs that the engine answers instead of the kernel.
 *
 * Each program that is started in the yard brings a seccomp listener.  A trapped call waits
 * until it is answered: with a result, with a descriptor put into the caller's table, or by
 * letting it go on to the kernel.  So everything here must be quick, and nothing waits.
 *
 * Control thread only.
 */
#pragma once

#include "base/clock.h"
#include "base/tapnode.h"
#include "base/extack.h"

#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <sys/types.h>

struct brctl;
struct ev_loop;

/* What the gate needs of the rest of the engine.  Sockets and taps are known by the
 * SO_COOKIE of the socket that the program holds in their place. */
struct gate_ops {
	/* A program opens an rtnetlink socket in the namespace behind @ns_fd. */
	int (*open_netlink)(void *arg, int ns_fd, pid_t pid, bool nonblock,
			    int *program_end);
	/* The real socket behind it, borrowed; -1 if there is none. */
	int (*netlink_socket)(void *arg, uint64_t cookie);
	int (*netlink_bind)(void *arg, uint64_t cookie, const struct sockaddr_nl *addr);
	/* An option has been set on the real socket. */
	void (*netlink_option)(void *arg, uint64_t cookie, int option, int value);

	/* A program in the namespace behind @ns_fd opens a packet socket. */
	void (*opens_packet)(void *arg, int ns_fd);

	/* An ioctl about bridges; true: it is answered in @b. */
	bool (*bridge_call)(void *arg, struct brctl *b);

	/* May @pid make devices in the namespace behind @ns_fd? */
	bool (*may_rule)(void *arg, pid_t pid, int ns_fd);
	/* A program is about to open or make the tap @name in the namespace behind @ns_fd: let
	 * go of taps that others have closed; 0, or why not; -EAGAIN: one of that name is
	 * just going. */
	int (*tap_prepare)(void *arg, int ns_fd, const char *name, bool exclusive);
	/* TUNSETIFF with @flags has succeeded on @tun_fd (taken). */
	int (*tap_open)(void *arg, int tun_fd, unsigned flags, int *program_end);
	/* The descriptor of /dev/net/tun behind a program's tap, borrowed; -1. */
	int (*tap_descriptor)(void *arg, uint64_t cookie);
	/* The ioctl @cmd has changed it: header sizes, offloads; or attached or detached its
	 * queue. */
	void (*tap_changed)(void *arg, uint64_t cookie, uint32_t cmd, uint64_t value);
	void (*tap_queue)(void *arg, uint64_t cookie, bool attached);

	/* A program in the namespace behind @ns_fd opens /dev/tap@number: the file of a
	 * macvtap.  -ENOENT: there is none of that number. */
	int (*node_open)(void *arg, int ns_fd, unsigned number, int *program_end);
	/* Is that a program's end of one?  The ioctl @cmd on it. */
	bool (*is_node)(void *arg, uint64_t cookie);
	int (*node_ioctl)(void *arg, uint64_t cookie, uint32_t cmd,
			  union tapnode_arg *tapnode_arg);
};

struct gate {
	struct ev_loop *loop;
	const struct gate_ops *ops;
	void *arg;
	struct list listeners;
	struct list delayed;	       /* calls that are tried again in a moment */
	struct seccomp_notif *request; /* of the size that this kernel uses */
	size_t request_size;
};

int gate_start(struct gate *g, struct ev_loop *loop, const struct gate_ops *ops,
	       void *arg, struct extack *ea) must_check;

/* Answer for the programs behind @listener_fd (taken) until they are all gone. */
int gate_add_listener(struct gate *g, int listener_fd) must_check;

/* Trapped calls fail with ENOSYS from now on. */
void gate_stop(struct gate *g);
