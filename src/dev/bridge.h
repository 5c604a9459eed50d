/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge - a bridge as Linux has it (IEEE 802.1D, 802.1Q): what others may ask of one.
 *
 * Times in settings are in clock ticks of 1/100 s (USER_HZ), as netlink has them.  All
 * functions are for the control thread.
 */
#pragma once

#include "net/dev.h"

#include <linux/if_bridge.h>

/* IFLA_BR_*: numbers that older headers lack. */
#define BRIDGE_ATTR_FDB_N_LEARNED   48
#define BRIDGE_ATTR_FDB_MAX_LEARNED 49

/* IFLA_BRPORT_*. */
#define BRPORT_ATTR_MAB			40
#define BRPORT_ATTR_MCAST_N_GROUPS	41
#define BRPORT_ATTR_MCAST_MAX_GROUPS	42
#define BRPORT_ATTR_NEIGH_VLAN_SUPPRESS 43
#define BRPORT_ATTR_BACKUP_NHID		44

/* As many ports as Linux allows a bridge: numbers 1 to 1023. */
#define BRIDGE_PORTS_MAX 1023u

/* The settings of a bridge (IFLA_BR_*). */
struct bridge_config {
	/* 802.1D */
	uint32_t forward_delay, hello_time, max_age, ageing_time;
	uint32_t stp_state;
	uint16_t priority;
	uint16_t group_fwd_mask;
	uint8_t group_addr[6];
	uint32_t fdb_max_learned; /* 0: as many as memory holds */

	/* 802.1Q: bridge_vlan.c */
	bool vlan_filtering;
	uint16_t vlan_protocol; /* ETH_P_8021Q or ETH_P_8021AD */
	uint16_t vlan_default_pvid;
	uint8_t vlan_stats, vlan_stats_per_port; /* 0 or 1 */

	/* multicast: bridge_mcast.c */
	uint8_t mcast_router;
	bool mcast_snooping, mcast_query_use_ifaddr, mcast_querier, mcast_stats;
	uint8_t mcast_igmp_version, mcast_mld_version;
	uint32_t mcast_hash_elasticity, mcast_hash_max;
	uint32_t mcast_last_member_count, mcast_startup_query_count;
	uint64_t mcast_last_member_interval, mcast_membership_interval,
		mcast_querier_interval, mcast_query_interval,
		mcast_query_response_interval, mcast_startup_query_interval;

	/* kept and shown; netfilter does not see what the engine forwards */
	bool nf_call_iptables, nf_call_ip6tables, nf_call_arptables;

	uint32_t boolopts; /* of IFLA_BR_MULTI_BOOLOPT: bit 1 << BR_BOOLOPT_* */

	uint32_t flushes; /* not a setting: how often IFLA_BR_FDB_FLUSH was asked for */
};

/* The settings of a port (IFLA_BRPORT_*).  Its STP state is the port's own, not a setting:
 * bridge_port_state. */
struct bridge_port_config {
	uint16_t priority;
	uint32_t cost; /* 0: as fast as the device is */
	bool hairpin, guard, root_block, fast_leave, learning, flood, mcast_flood,
		bcast_flood, mcast_to_unicast, proxy_arp, proxy_arp_wifi, neigh_suppress,
		isolated, locked, mab, vlan_tunnel;
	uint8_t neigh_vlan_suppress; /* 0 or 1 */
	uint8_t mcast_router;
	uint16_t group_fwd_mask;
	uint32_t mcast_eht_hosts_limit, mcast_max_groups;
	uint32_t backup_port; /* ifindex; 0 none */
	uint32_t backup_nhid;

	/* Not settings: how often IFLA_BRPORT_FLUSH and _STATE were asked for, and the state. */
	uint32_t flushes, states;
	uint8_t state;
};

extern const struct dev_kind bridge_kind;

static inline bool dev_is_bridge(const struct dev *dev)
{
	return dev->kind == &bridge_kind;
}

/* The bridge that @dev is a port of, or NULL. */
static inline struct dev *dev_bridge_of(const struct dev *dev)
{
	return dev->master && dev_is_bridge(dev->master) ? dev->master : NULL;
}

/* The bridge's address as it is shown: zeros after its last port has gone, if no user set
 * it, as in Linux. */
const uint8_t *bridge_addr(const struct dev *br);

/* Has the bridge had a port, now or before?  Linux counts its limits from then on. */
bool bridge_had_port(const struct dev *br);

/* ---- ports ---- */

/* BR_STATE_*; and the number of the port (1...). */
uint8_t bridge_port_state(const struct dev *port);
unsigned bridge_port_no(const struct dev *port);

/* BPDUs of the port, and how often the spanning tree let it forward and blocked it. */
void bridge_stp_counters(const struct dev *port, struct bridge_stp_xstats *sum);

/* The state is set by hand with IFLA_BRPORT_STATE among the port's settings
 * (dev_change_port): -EBUSY when STP decides, -ENETDOWN when the port is down, -EINVAL. */

/* Is the port promiscuous for the bridge's sake (it shows in IFLA_PROMISCUITY)? */
bool bridge_port_is_promisc(const struct dev *port);

/* ---- VLANs: bridge_vlan.c; @dev is a port or a bridge, which is a port of its own stack ---- */

#define BRIDGE_VID_MAX 4094u

struct bridge_vlan {
	uint16_t vid;
	bool pvid, untagged;
	uint8_t state; /* BR_STATE_* */
	bool neigh_suppress;
};

/* As Linux counts: without Ethernet header and tag. */
struct bridge_vlan_counters {
	uint64_t rx_packets, rx_bytes, tx_packets, tx_bytes;
};

/* False: @dev is not in that VLAN. */
bool bridge_vlan_get(const struct dev *dev, uint16_t vid, struct bridge_vlan *vlan);

/* The next VLAN above @vid (0 at first) that it is in; 0: none. */
uint16_t bridge_vlan_next(const struct dev *dev, uint16_t vid);

/* Is the bridge, or one of its ports, in it? */
bool bridge_vlan_is_known(const struct dev *br, uint16_t vid);

/* Has @br a carrier, and a port in VLAN @vid that is up and has one?  When that may have changed,
 * devices on top of the bridge are told DEV_CARRIER. */
bool bridge_vlan_has_carrier(const struct dev *br, uint16_t vid);

/* Put @dev into VLAN @vid (1 to 4094) with BRIDGE_VLAN_INFO_PVID, _UNTAGGED; with _MASTER its
 * bridge as well, if the port is new there.  Take it out.  True if that changed anything. */
bool bridge_vlan_add(struct dev *dev, uint16_t vid, unsigned flags);
bool bridge_vlan_delete(struct dev *dev, uint16_t vid, unsigned flags);

/* BR_STATE_* of a VLAN that it is in.  True: it was another. */
bool bridge_vlan_set_state(struct dev *dev, uint16_t vid, uint8_t state);
/* The same for a port's neigh_suppress there, which counts with neigh_vlan_suppress. */
bool bridge_vlan_set_suppress(struct dev *port, uint16_t vid, bool on);

void bridge_vlan_counters(const struct dev *dev, uint16_t vid,
			  struct bridge_vlan_counters *sum);

/* Who hears of changes that follow from others: default PVIDs that come and go, ports that
 * leave with all their VLANs.  One listener, rtnl's. */
struct bridge_vlan_listener {
	void (*vlan)(struct bridge_vlan_listener *l, struct dev *dev, uint16_t first,
		     uint16_t last, bool gone);
};
void bridge_vlan_listen(struct net *net, struct bridge_vlan_listener *l);

/* ---- forwarding database: bridge_fdb.c ---- */

/* An entry as netlink tells it (struct ndmsg). */
struct bridge_fdb_entry {
	uint8_t addr[6];
	uint16_t vid;		/* 0: none */
	struct dev *port;	/* NULL: the bridge itself */
	uint16_t state;		/* NUD_PERMANENT, _NOARP, _REACHABLE, _STALE */
	uint8_t flags;		/* NTF_STICKY, NTF_EXT_LEARNED, NTF_OFFLOADED... */
	uint32_t ext_flags;	/* NTF_EXT_LOCKED */
	uint32_t used, updated; /* clock ticks since */
};

/* RTM_NEWNEIGH with NLM_F_* in @nlm_flags; @vid 0: none, or with filtering each of the
 * device's VLANs.  @dev is a port ("master") or the bridge ("self" on it). */
int bridge_fdb_add(struct dev *dev, const uint8_t addr[6], uint16_t vid, uint16_t state,
		   uint8_t flags, unsigned nlm_flags, struct extack *ea) must_check;
int bridge_fdb_delete(struct dev *dev, const uint8_t addr[6], uint16_t vid,
		      struct extack *ea) must_check;

/* NULL for none.  Valid until the control thread's next turn. */
bool bridge_fdb_get(const struct dev *br, const uint8_t addr[6], uint16_t vid,
		    struct bridge_fdb_entry *entry);

/* Call @fn for each entry, in the table's order.  *@cursor is 0 at first; a dump that had to
 * stop (@fn said false) goes on from it. */
void bridge_fdb_foreach(const struct dev *br, uint32_t *cursor,
			bool (*fn)(void *arg, const struct bridge_fdb_entry *e),
			void *arg);

/* Which entries to flush; zeroed: all that are not permanent. */
struct bridge_fdb_filter {
	const struct dev *port; /* NULL any; the bridge: its own */
	uint16_t vid;
	uint16_t state, state_mask;
	uint16_t flags, flags_mask;
};
void bridge_fdb_flush(struct dev *br, const struct bridge_fdb_filter *filter);

/* ---- neighbours: bridge_neigh.c ---- */

/* A neighbour, or an address of its own, of a bridge's device or of one that stands on it. */
struct bridge_neighbour {
	uint8_t addr[16]; /* AF_INET: the first four bytes */
	uint8_t family;	  /* AF_INET, AF_INET6 */
	bool local;	  /* the device's own; what follows is 0 */
	bool router;	  /* NTF_ROUTER */
	uint8_t mac[6];
};

/* The bridge whose neighbours those of @dev are: itself or the one below; NULL: none. */
struct dev *bridge_neigh_home(struct dev *dev);

/* True, once: a port of @br wants its neighbours known.  From then on they are followed. */
bool bridge_neigh_follow(struct dev *br);
bool bridge_neigh_is_followed(const struct dev *br);

/* @dev has this neighbour or address now, or not any more.  Nothing happens for a bridge no
 * port of which has wanted any. */
void bridge_neigh_add(struct dev *dev, const struct bridge_neighbour *n);
void bridge_neigh_delete(struct dev *dev, const struct bridge_neighbour *n);

/* Forget all that @of has brought (NULL: all). */
void bridge_neigh_forget(struct dev *br, const struct dev *of);

/* IFF_NOARP of the bridge's device: it answers no ARP. */
void bridge_neigh_quiet(struct dev *br, bool noarp);

/* Who hears of entries that come, change and go (RTM_NEWNEIGH, RTM_DELNEIGH); NULL: nobody,
 * and then learning tells control nothing.  One listener, rtnl's. */
struct bridge_listener {
	void (*fdb)(struct bridge_listener *l, const struct dev *br,
		    const struct bridge_fdb_entry *e, bool gone);
};
void bridge_listen(struct net *net, struct bridge_listener *l);
