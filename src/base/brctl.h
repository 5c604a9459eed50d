/* SPDX-License-Identifier: BSD-2-Clause
 *
 * brctl - an ioctl of the old interface to bridges (<linux/if_bridge.h>, <linux/sockios.h>),
 * on its way from the gate, which has read it from the program, to who answers it.
 */
#pragma once

#include "base/base.h"

#include <net/if.h>
#include <sys/types.h>

/* The most that an answer takes: a page of stations, or the ports of one bridge. */
#define BRCTL_OUT_MAX 8192

struct brctl {
	uint32_t cmd; /* SIOCBRADDBR and its like; SIOCGIFBR; SIOCDEVPRIVATE */
	int sock; /* a copy of the program's socket, which tells the namespace; borrowed */
	int ns_fd;	       /* that namespace; borrowed */
	bool may;	       /* the program may change the network there */
	bool again;	       /* asked before, and told -EAGAIN */
	char name[IFNAMSIZ];   /* of the bridge */
	unsigned ifindex;      /* SIOCBRADDIF, SIOCBRDELIF: of the port */
	unsigned long args[4]; /* of the others: BRCTL_*, and what goes with it */

	/* The answer: what the call returns, or -errno; -EAGAIN: ask again in a moment. */
	long result;
	/* What is to be written where args[1] points to. */
	_Alignas(8) char out[BRCTL_OUT_MAX];
	size_t out_len;
};
