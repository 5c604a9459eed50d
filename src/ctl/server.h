/* SPDX-License-Identifier: BSD-2-Clause
 *
 * server - the engine's end of the control socket: requests that are not netlink.
 *
 * Runs on the control thread's loop.  Only the yard's owner is heard; whatever a client
 * sends, it gets a reply with a sentence at worst, and never more than its share: the
 * number of clients and the length of messages have limits.
 */
#pragma once

#include "base/ctl_proto.h"

struct ev_loop;
struct ctl_server;

/* The descriptors that came with a request.  A handler keeps one by take_fd(&fd[i]); the
 * server closes the rest. */
struct ctl_fds {
	int fd[FD_PASS_MAX];
	size_t n;
};

struct ctl_verb {
	const char *name; /* what "do" says */
	/* Returns the reply, made by ctl_ok or ctl_error.  Borrows @request. */
	json_t *(*fn)(void *arg, const json_t *request, struct ctl_fds *fds);
};

/* Serve @listen_fd (taken) on @loop.  @verbs and @arg must outlive the server. */
struct ctl_server *ctl_server_start(struct ev_loop *loop, int listen_fd,
				    const struct ctl_verb *verbs, size_t n_verbs,
				    void *arg) must_check;
/* Hang up on every client and forget them.  NULL is allowed. */
void ctl_server_stop(struct ctl_server *server);

/* {"ok": true} with the members of a json_pack() format without its braces, or NULL. */
json_t *ctl_ok(const char *members, ...) must_check;
json_t *ctl_error(const char *format, ...) must_check format_printf(1, 2);

/* What the server answers to the message @text; in the open for tests and fuzzing. */
json_t *ctl_server_answer(const struct ctl_verb *verbs, size_t n_verbs, void *arg,
			  const char *text, size_t len, struct ctl_fds *fds) must_check;
