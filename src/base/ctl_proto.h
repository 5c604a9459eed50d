/* SPDX-License-Identifier: BSD-2-Clause
 *
 * ctl_proto - how a command talks to the engine of a yard.
 *
 * The engine listens on the SEQPACKET socket "ctl" in the yard's runtime directory.  One
 * message is one JSON object: a request {"do": VERB, ...}, possibly with descriptors, and
 * for each request one reply, {"ok": true, ...} or {"ok": false, "error": SENTENCE}.  A
 * connection may carry any number of requests, one after another.
 */
#pragma once

#include "base/fd.h"
#include "base/extack.h"

#include <jansson.h>

#define CTL_SOCKET	"ctl"
#define CTL_MESSAGE_MAX ((size_t)64 * 1024)
#define CTL_FILE_MAX	((size_t)64 * 1024 * 1024)

/* Make the listening socket in the directory @dirfd.  Returns it or -errno. */
int ctl_listen(int dirfd, struct extack *why) must_check;

/* Connect to the engine whose socket is in the directory @dirfd.  No later step waits
 * longer than @timeout_ms.  Returns the socket or -errno. */
int ctl_connect(int dirfd, unsigned timeout_ms, struct extack *why) must_check;

/* Send @request (taken) with descriptors (borrowed) and wait for the reply.  On success
 * *@reply is the caller's; it may be NULL if the reply's content does not matter.  When the
 * engine refuses, returns -EREMOTEIO with its sentence. */
int ctl_request(int sock, json_t *request, const int *fds, size_t n_fds, json_t **reply,
		struct extack *why) must_check;
