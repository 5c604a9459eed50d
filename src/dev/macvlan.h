/* SPDX-License-Identifier: BSD-2-Clause
 *
 * macvlan - devices with addresses of their own on top of another Ethernet device: what others
 * may ask of macvlans and macvtaps.
 *
 * Control thread.
 */
#pragma once

#include "net/dev.h"

#include <linux/if_link.h>

/* IFLA_MACVLAN_*: a number that older headers lack. */
#define MACVLAN_ATTR_BC_CUTOFF 9

/* Addresses that a source-mode device may list.  Linux has no limit. */
#define MACVLAN_SOURCES_MAX 256u

/* What a request says of the list (IFLA_MACVLAN_MACADDR_MODE and what goes with it). */
struct macvlan_sources_change {
	bool asked;
	uint32_t how; /* MACVLAN_MACADDR_* */
	bool has_addr;
	uint8_t addr[6];
	uint16_t n;
	uint8_t addrs[MACVLAN_SOURCES_MAX][6];
};

struct macvlan_config {
	uint32_t mode;	/* MACVLAN_MODE_* */
	uint16_t flags; /* MACVLAN_FLAG_* */
	/* Lengths of a queue that does not exist here: kept and shown. */
	uint32_t bc_queue_len;
	uint32_t bc_cutoff;    /* an s32 on the wire */
	uint32_t cutoff_asked; /* how often; the last to ask decides for all */
	uint16_t n_sources;
	uint8_t sources[MACVLAN_SOURCES_MAX]
		       [6];		      /* in the order in which Linux shows them */
	struct macvlan_sources_change change; /* of the request being read; then zero */
};

extern const struct dev_kind macvlan_kind;
extern const struct dev_kind macvtap_kind;

/* ---- macvtap: its programs' queues ---- */

/* As many as Linux has. */
#define MACVTAP_QUEUES_MAX 256u

bool macvtap_is(const struct dev *dev);

/* What the device's programs take, TUN_F_*, as TUNSETOFFLOAD has it: one setting for all. */
unsigned *macvtap_offload(struct dev *dev);

/* @far is one more program's.  Takes it, on failure too.  -EBUSY: there are too many. */
int macvtap_attach(struct dev *dev, struct port *far) must_check;
void macvtap_detach(struct dev *dev, struct port *far);
