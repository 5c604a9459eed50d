/* SPDX-License-Identifier: BSD-2-Clause
 *
 * tapnode - what goes with an ioctl on /dev/tapN, between the gate, which reads a program's
 * memory, and host/, which carries it out.
 */
#pragma once

#include "base/base.h"

#include <net/if.h>

union tapnode_arg {
	uint64_t value; /* the argument itself (TUNSETOFFLOAD) */
	int number;	/* what it points to */
	struct ifreq ifr;
};
