/* SPDX-License-Identifier: BSD-2-Clause
 *
 * macvlan_priv - what the files of macvlan and macvtap share.
 *
 * The devices on one lower device are a *group*.  The control thread keeps it as a list and
 * publishes to the workers, whole and anew at every change, a table of those that are up: by
 * address, to find a receiver; as a list, to flood; by the sources that source-mode devices
 * listen to.  The lower device's frames come by dev_set_upper, so it cannot be a bridge's port at
 * the same time; the table is in its dev->port.
 */
#pragma once

#include "dev/macvlan.h"
#include "nl/opt.h"

struct macvlan_entry {
	uint64_t addr; /* macvlan_key(); 0: the place is free */
	struct dev *dev;
	uint32_t mode;	/* MACVLAN_MODE_* */
	uint32_t flags; /* MACVLAN_FLAG_* */
};

/* Two hash tables with open addressing, at most half full, the places' number less one in their
 * masks, and in between the list of all. */
struct macvlan_table {
	struct dev *passthru; /* takes all that is not multicast; NULL */
	uint32_t n, n_sources;
	uint32_t mask, source_mask;
	struct macvlan_entry *by_addr, *by_source;
	struct macvlan_entry all[];
};

/* Control's. */
struct macvlan_group {
	struct dev *lower;
	struct list macvlans; /* the oldest first */
	unsigned n;
	bool passthru;
	uint32_t bc_cutoff;
};

/* dev_state() of a macvlan, and the beginning of a macvtap's. */
struct macvlan {
	struct dev *dev;
	struct dev *lower; /* workers; set at birth */
	/* control */
	struct macvlan_group *group;
	struct list in_group;
};

/* The bytes of an address as a number. */
static inline uint64_t macvlan_key(const uint8_t addr[6])
{
	uint64_t key = 0;

	memcpy(&key, addr, 6);
	return key;
}

static inline uint32_t macvlan_hash(uint64_t key)
{
	return (uint32_t)((key * 0x9e3779b97f4a7c15) >> 32);
}

/* ---- macvlan.c: the hooks of both kinds ---- */

extern const struct opt macvlan_opts[];

void macvlan_defaults(void *config);
int macvlan_create(struct dev *dev, struct link_req *req, struct extack *ea);
int macvlan_change(struct dev *dev, void *next, struct extack *ea);
void macvlan_changed(struct dev *dev, const void *old);
void macvlan_destroy(struct dev *dev);
void macvlan_updown(struct dev *dev);
int macvlan_may_up(const struct dev *dev, struct extack *ea);
int macvlan_may_mtu(const struct dev *dev, uint32_t mtu, struct extack *ea);
int macvlan_may_addr(struct dev *dev, const uint8_t addr[6], struct extack *ea);
void macvlan_followed(struct dev *dev, enum dev_change what);
void macvlan_lower_changed(struct dev *dev, enum dev_change what);
void macvlan_fill(const struct dev *dev, struct nlbuf *b);

/* ---- macvlan_path.c: workers ---- */

/* What arrives on a lower device.  Takes. */
void macvlan_receive(struct worker *w, struct dev *lower, struct burst *b);
void macvlan_transmit(struct worker *w, struct dev *dev, struct burst *b);

/* ---- macvlan_opts.c ---- */

/* Carry out what @c's request says of the list of sources.  -EINVAL as Linux has it. */
int macvlan_sources_apply(struct macvlan_config *c, struct extack *ea) must_check;
