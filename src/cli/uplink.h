/* SPDX-License-Identifier: BSD-2-Clause
 *
 * uplink - a way from a yard to the host's network, by slirp4netns.
 *
 * It is a process of the host's, out of the yard's sight, which carries TCP, UDP and ping
 * between a tap in the yard and sockets of its own; the host's loopback cannot be reached
 * through it.  So only who is outside can grant it.
 */
#pragma once

#include "base/extack.h"

#include <sys/types.h>

#define UPLINK_DEVICE "uplink0"

/* Is all there that it takes? */
int uplink_check(struct extack *why) must_check;

/* Start it for the yard whose first process is @init.  Takes @life_fd, the reading end of a
 * pipe: the uplink ends when the other end is closed. */
int uplink_start(pid_t init, int life_fd, struct extack *why) must_check;
