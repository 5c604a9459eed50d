/* SPDX-License-Identifier: BSD-2-Clause
 *
 * words - requests to the model in the words of ip(8), for tests and tools that have no kernel
 * beside them.  The settings of a kind are read by its option rows, so no kind is named here.
 *
 *	[ip] [-n NS] link add [link LOWER] [NAME] [mtu N] [address MAC] [index N] [netns NS] [up]
 *		type KIND [SETTING...] [peer [name] [NAME] [mtu N] [address MAC] [netns NS]]
 *	[ip] [-n NS] link set [dev] NAME [up] [down] [mtu N] [address MAC] [name NEW]
 *		[netns NS] [master DEV] [nomaster] [promisc on|off]
 *		[type KIND SETTING...] [type KIND_slave SETTING...]
 *	[ip] [-n NS] link del [dev] NAME
 *	[ip] [-n NS] link [show] [[dev] NAME]
 *	[ip] [-n NS] tuntap add [dev] NAME mode tap|tun [SETTING...]
 *	[ip] [-n NS] tuntap del [dev] NAME
 *	[ip] netns add|del NS
 *	[ip] netns [list]
 *
 * What the kernel would decide (names from patterns, interface numbers, flags, places) is
 * decided here.  Control thread.
 */
#pragma once

#include "net/net.h"

/* Zeroed but for @net; namespaces get cookies of their own. */
struct words {
	struct net *net;
	struct netns *root; /* where commands without -n work */
	struct list named;
	uint64_t last_cookie;
	unsigned last_ifindex;
};

void words_init(struct words *words, struct net *net);
void words_done(struct words *words);

/* Do what @line says.  What it shows is appended to *out, a string from malloc or NULL (@out
 * itself may be NULL).  Returns 0 or -errno with a sentence. */
int words_run(struct words *words, const char *line, char **out,
	      struct extack *ea) must_check;

/* The namespace of that name ("": the root), and the device named "NAME" in the root or
 * "NS/NAME"; NULL: none. */
struct netns *words_netns(struct words *words, const char *name);
struct dev *words_dev(struct words *words, const char *name);
