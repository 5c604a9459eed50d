/* SPDX-License-Identifier: BSD-2-Clause
 *
 * vlan - a device for one VLAN of another device: 802.1Q and 802.1ad.
 */
#pragma once

#include "net/dev.h"

/* More than any kernel header's eight values, fewer than a request can hold. */
#define VLAN_EGRESS_MAX 64u

/* Frames of @priority leave with the PCP @pcp. */
struct vlan_egress {
	uint32_t priority;
	uint32_t pcp;
};

struct vlan_config {
	uint16_t id;	   /* 0..4094 */
	uint16_t protocol; /* the tag's ethertype: 0x8100 or 0x88a8 */
	uint32_t flags;	   /* VLAN_FLAG_* of <linux/if_vlan.h> */
	/* The priority of frames that come with a PCP, and the PCP of those that go. */
	uint32_t ingress[8];
	uint32_t n_egress; /* in the order in which they were given */
	struct vlan_egress egress[VLAN_EGRESS_MAX];
};

extern const struct dev_kind vlan_kind;
