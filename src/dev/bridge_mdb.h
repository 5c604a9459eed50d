/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_mdb - a bridge's multicast database: which port has members of which group.
 *
 * What others may ask of it: netlink's RTM_*MDB (rtnl/mdb.c) and tests.  All functions are
 * for the control thread.
 */
#pragma once

#include "dev/bridge.h"

/* As many sources as Linux keeps for a group on a port. */
#define MDB_SOURCES_MAX 32u

/* A group: an IPv4, IPv6 or MAC address in @dst, from its beginning, in a VLAN; with a source,
 * (S,G), only what that source sends.  Unused bytes are zero, so memcmp compares. */
struct mdb_addr {
	uint8_t dst[16], src[16];
	uint16_t proto; /* ETHERTYPE_IPV4, ETHERTYPE_IPV6, or 0: a MAC address */
	uint16_t vid;	/* 0: none */
	uint32_t zero;
};

/* RFC 3376, 3.2: the values of MCAST_INCLUDE and MCAST_EXCLUDE. */
enum mdb_mode {
	MDB_EXCLUDE,
	MDB_INCLUDE,
};

/* What is said of a port's membership, and of the host's. */
enum {
	MDB_F_PERMANENT = 1u << 0,  /* by the user; does not expire */
	MDB_F_FAST_LEAVE = 1u << 1, /* being deleted: its last host has left */
	MDB_F_STAR_EXCL = 1u << 2,  /* (S,G) of a port because its (*,G) excludes */
	MDB_F_BLOCKED = 1u << 3,    /* (S,G) that the port does not want */
};

struct mdb_source_info {
	uint8_t addr[16];
	uint32_t timer;
};

/* An entry as netlink tells it: a port in a group, or the bridge's own stack.  Times in clock
 * ticks until it expires. */
struct mdb_info {
	struct mdb_addr addr;
	struct dev *port; /* the bridge itself: the host is a member */
	uint8_t flags;
	bool has_mode; /* IGMPv3 or MLDv2: @mode and sources are told */
	uint8_t mode;
	uint8_t rt_protocol; /* RTPROT_KERNEL: learned; of a port only */
	uint32_t timer;
	unsigned n_sources;
	struct mdb_source_info source[MDB_SOURCES_MAX];
};

/* What RTM_NEWMDB asks for.  Addresses are valid: a multicast group, unicast sources. */
struct mdb_request {
	struct mdb_addr addr;
	struct dev *port; /* the bridge: a group of the host */
	bool permanent, replace, excl;
	uint8_t mode;
	uint8_t rt_protocol;
	unsigned n_sources;
	uint8_t source[MDB_SOURCES_MAX][16];
};

/* May the database be changed?  -EINVAL with Linux's sentence: the bridge is down, or does not
 * look at multicast. */
int mdb_may_change(const struct dev *br, struct extack *ea) must_check;

int mdb_add(struct dev *br, const struct mdb_request *req, struct extack *ea) must_check;
int mdb_delete(struct dev *br, const struct mdb_addr *addr, struct dev *port,
	       struct extack *ea) must_check;

/* Which entries to flush; zeroed: all. */
struct mdb_filter {
	unsigned ifindex; /* of a port; of the bridge: the host's memberships; 0: any */
	uint16_t vid;	  /* 0: any */
	uint8_t rt_protocol; /* of ports' entries; 0: any */
	bool by_state, permanent;
};
void mdb_flush(struct dev *br, const struct mdb_filter *filter);

/* Call @fn for each entry, the youngest group first, the host before the ports, until it says
 * false.  @only: of this group alone; NULL: of all. */
void mdb_foreach(const struct dev *br, const struct mdb_addr *only,
		 bool (*fn)(void *arg, const struct mdb_info *e), void *arg);

/* A port to which all groups go.  Times in clock ticks; by family, 0 IPv4, 1 IPv6. */
struct mdb_router {
	struct dev *port;
	uint8_t type; /* MDB_RTR_TYPE_* */
	bool has[2];
	uint32_t timer[2];
};

/* The same for router ports.  None while mcast_router of the bridge is 0. */
void mdb_routers_foreach(const struct dev *br,
			 void (*fn)(void *arg, const struct mdb_router *r), void *arg);

/* Who hears of entries and router ports that come, change and go.  One listener, rtnl's. */
struct mdb_listener {
	void (*entry)(struct mdb_listener *l, const struct dev *br,
		      const struct mdb_info *e, bool gone);
	void (*router)(struct mdb_listener *l, const struct dev *br,
		       const struct dev *port, bool gone);
};
void mdb_listen(struct mdb_listener *l);

/* What a bridge or a port has counted since mcast_stats_enabled was set. */
void bridge_mcast_counters(const struct dev *dev, struct br_mcast_stats *sum);
