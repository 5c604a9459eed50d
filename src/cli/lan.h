/* SPDX-License-Identifier: BSD-2-Clause
 *
 * lan - the network "default", as libvirt has it: a bridge with an address, DHCP and DNS, and
 * NAT to elsewhere.
 *
 * Its life is that of one process of the yard, the *keeper*, which is the first of a process
 * namespace that dnsmasq is in too: so the kernel ends dnsmasq with it, and all of them with
 * the yard.  The keeper is found by an abstract socket of its network namespace, and keeps
 * dnsmasq's files in a tmpfs that only the two see: nothing of this can be left behind.
 *
 * All of these are called in the yard, in the namespace where the network is or shall be.
 */
#pragma once

#include "base/extack.h"

#include <jansson.h>
#include <sys/types.h>

#define LAN_NAME    "default"
#define LAN_BRIDGE  "virbr0"
#define LAN_NETWORK "192.168.122.0/24"
#define LAN_GATEWAY "192.168.122.1"

/* Where slirp4netns answers DNS for the host's own servers. */
#define LAN_UPLINK_DNS "10.0.2.3"

/* Make it, or nothing.  @uplink_fd: -1, or one end of a pipe that is kept open as long as the
 * network lives; the other is the uplink's, and DNS asks @LAN_UPLINK_DNS then. */
int lan_start(int uplink_fd, struct extack *why) must_check;

/* End it.  -ENOENT if there is none. */
int lan_stop(struct extack *why) must_check;

/* What there is: {"name", "bridge", "network", "pid", "uplink", "leases": [...]}, or NULL. */
json_t *lan_describe(void) must_check;
