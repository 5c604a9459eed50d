/* SPDX-License-Identifier: BSD-2-Clause
 *
 * call - one trapped call: reading its arguments' memory, its descriptors, answering it.
 */
#pragma once

#include "base/fd.h"
#include "gate/gate.h"

struct call {
	struct gate *gate;
	int listener;
	const struct seccomp_notif *n;
	pid_t pid;	/* the process; n->pid is the thread */
	unsigned tries; /* so far */
};

/* How a call ends.  Exactly one of these, once. */
void call_go_on(struct call *c);	      /* let the kernel do it */
void call_return(struct call *c, long value); /* a negative value is an -errno */
/* Put @fd (borrowed) into the caller's table, as its next free number, and return that. */
void call_return_fd(struct call *c, int fd, bool cloexec);
/* Put @fd (borrowed) in place of the caller's @number; the call goes on waiting. */
int call_replace_fd(struct call *c, int fd, int number, bool cloexec) must_check;

/* Try the whole call again in a moment; after some tries it is interrupted by -EBUSY. */
void call_again(struct call *c);

/* The caller's memory.  False if it is not there. */
bool call_read(const struct call *c, uint64_t address, void *buf, size_t len);
bool call_write(const struct call *c, uint64_t address, const void *buf, size_t len);

/* A copy of the caller's descriptor @number, or -errno. */
int call_fd(const struct call *c, int number);
/* Whether it closes on exec. */
bool call_fd_cloexec(const struct call *c, int number);
/* SO_COOKIE of a socket; 0 if it is none. */
uint64_t call_cookie(int fd);

/* tun.c: ioctls on taps. */
void call_tun_ioctl(struct call *c);

/* brctl.c: ioctls about bridges. */
bool call_is_brctl(uint32_t cmd);
void call_brctl(struct call *c);

/* tapnode.c: opens of files of macvtaps, and ioctls on them. */
void call_open(struct call *c);
void call_node_ioctl(struct call *c, uint64_t cookie);
