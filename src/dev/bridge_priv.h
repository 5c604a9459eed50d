/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_priv - what the bridge's own files share.
 *
 *	bridge.c	birth, settings, address and MTU: the kind
 *	bridge_port.c	its ports: states, settings
 *	bridge_path.c	frames through the bridge
 *	bridge_flood.c	those that leave it by several ports
 *	bridge_fdb.c	its forwarding database for netlink; the table itself is net/fdb.c
 *	bridge_flow.c	what it need not look at
 *	bridge_stp.c	the spanning tree (802.1D-1998 clauses 8 and 9)
 *	bridge_stp_conf.c	its settings and what is shown of it
 *	bridge_vlan.c	VLAN filtering (802.1Q clauses 6.9, 8.6, 8.8): who is in which VLAN
 *	bridge_vlan_path.c	the same on the way through
 *	bridge_neigh.c	ARP and ND answered for neighbours that are known
 *	bridge_mcast.c	IGMP and MLD snooping (RFC 4541), the MDB
 *
 * Workers read struct bridge and struct bridge_port under RCU: what they follow is marked so,
 * all else is the control thread's.
 */
#pragma once

#include "dev/bridge.h"
#include "dev/bridge_vlan.h"
#include "net/fdb.h"
#include "net/net.h"

#include <linux/if_ether.h>

struct bridge_mcast;
struct bridge_mcast_port;
struct mcast_counters;
struct bridge_neighbours;

/* Timers and variables of the spanning tree, per bridge and per port; 802.1D-1998 8.5. */
struct stp_bridge {
	uint8_t designated_root[8]; /* identifiers: priority, then address */
	uint8_t bridge_id[8];
	uint32_t root_path_cost;
	uint16_t root_port; /* its number; 0: this bridge is the root */
	/* in force, as the root says; clock ticks */
	uint32_t max_age, hello_time, forward_delay;
	bool topology_change, topology_change_detected;
	struct timer hello_timer, tcn_timer, topology_change_timer;
	nsec_t hello_at, tcn_at,
		topology_change_at; /* when they fire; 0: they do not run */
};

struct stp_port {
	uint16_t port_id; /* priority and number */
	uint16_t designated_port;
	uint8_t designated_root[8], designated_bridge[8];
	uint32_t designated_cost;
	bool topology_change_ack, config_pending;
	struct timer message_age_timer, forward_delay_timer, hold_timer;
};

/* Values that the bridge gave its device lately: when the kernel tells of one of them, that is
 * an echo and not a user's doing. */
#define BRIDGE_WISHES 8u
struct bridge_wishes {
	uint8_t addr[BRIDGE_WISHES][6];
	uint32_t mtu[BRIDGE_WISHES];
	unsigned n_addr, n_mtu;
};

/* dev_state() of a bridge. */
struct bridge {
	struct dev *dev;
	struct fdb *fdb; /* workers */
	/* The ports by number, for look-ups, and all together, for floods; workers (RCU). */
	struct bridge_port *by_no[BRIDGE_PORTS_MAX + 1];
	struct bridge_port_set *ports;
	struct bridge_vlans *vlans;	    /* NULL: no filtering; workers (RCU) */
	struct bridge_vlans *vlan_table;    /* what it is with filtering */
	struct bridge_mcast *mcast;	    /* NULL: no snooping; workers (RCU) */
	struct bridge_mdb *mdb;		    /* control */
	struct mcast_counters *mcast_count; /* NULL: nobody counts; workers (RCU) */
	struct bridge_neighbours *neigh;    /* NULL: no port wants any; workers (RCU) */
	struct bridge_neighbours *neigh_table; /* NULL: no port ever did */
	_Atomic bool noarp;		       /* the device answers no ARP; workers */
	struct stp_bridge stp;

	/* control */
	struct mcast_counters *mcast_counted; /* kept while nobody counts */
	struct bridge_wishes wishes;
	bool addr_set, mtu_set; /* by the user: they do not follow the ports */
	bool no_addr; /* it had one of its ports', and they are gone: bridge_addr */
	/* The identifier has the address in it: not until there is a port, or a user chose. */
	bool addr_in_id;
	bool had_port; /* ever: bridge_had_port */
	bool short_ageing;
	unsigned n_forwarding;			       /* ports */
	uint8_t local_addr[6];			       /* its own entry in the database */
	unsigned closing[(BRIDGE_PORTS_MAX + 1) / 32]; /* numbers not to be used yet */
	struct timer gc_timer;
	nsec_t gc_at;
};

/* What the data path asks of a port in one word: its state and settings. */
enum {
	BP_F_FORWARD = 1u << 0, /* BR_STATE_FORWARDING */
	BP_F_LEARN = 1u << 1,	/* the state and the setting allow learning */
	BP_F_ACCEPT = 1u << 2,	/* frames may come in: forwarding or learning */
	BP_F_HAIRPIN = 1u << 3,
	BP_F_ISOLATED = 1u << 4,
	BP_F_FLOOD = 1u << 5, /* the three as Linux names them */
	BP_F_MCAST_FLOOD = 1u << 6,
	BP_F_BCAST_FLOOD = 1u << 7,
	BP_F_PROXY_ARP = 1u << 8,
	BP_F_PROXY_ARP_WIFI = 1u << 9,
	BP_F_NEIGH_SUPPRESS = 1u << 10,
	BP_F_LOCKED = 1u << 11,
	BP_F_MAB = 1u << 12,
	BP_F_DOWN = 1u << 13, /* no carrier, or not up: the backup port's turn */
	BP_F_MCAST_TO_UNICAST = 1u << 14,
	BP_F_NEIGH_VLAN_SUPPRESS = 1u << 15, /* VLANs decide instead of the flag above */
};

/* dev_port_state() of a port.  Workers read what comes first. */
struct bridge_port {
	struct dev *dev;
	struct bridge *br;
	_Atomic uint32_t flags;	    /* BP_F_*: port_flags */
	_Atomic uint8_t state;	    /* BR_STATE_* */
	uint16_t no;		    /* 1... */
	struct bridge_port *backup; /* RCU */
	struct bridge_vlans *vlans; /* RCU */
	struct bridge_mcast_port *mcast;
	struct mcast_counters *mcast_count; /* NULL: nobody counts; RCU */

	/* control */
	struct mcast_counters *mcast_counted; /* kept while nobody counts */
	struct bridge_stp_xstats stp_counted;
	struct stp_port stp;
	uint32_t cost;	       /* in force */
	uint8_t local_addr[6]; /* its own entry in the database */
};

/* Published whole. */
struct bridge_port_set {
	unsigned n;
	struct bridge_port *port[];
};

static inline struct bridge *bridge_of(const struct dev *br)
{
	return dev_state(br);
}

static inline const struct bridge_config *bridge_config(const struct bridge *br)
{
	return dev_config(br->dev);
}

/* Is it a provider's bridge (802.1Q 5.10)?  Then customers' link-local groups are traffic. */
static inline bool bridge_of_provider(const struct bridge_config *c)
{
	return c->vlan_filtering && c->vlan_protocol == ETH_P_8021AD;
}

static inline const struct bridge_port_config *bridge_port_config(
	const struct bridge_port *bp)
{
	return dev_port_config(bp->dev);
}

static inline uint8_t port_state(const struct bridge_port *bp)
{
	return atomic_load_explicit(&bp->state, memory_order_relaxed);
}

static inline uint32_t port_flags(const struct bridge_port *bp)
{
	return atomic_load_explicit(&bp->flags, memory_order_relaxed);
}

/* Up and with a carrier, and the bridge is up. */
static inline bool bridge_port_may_work(const struct bridge_port *bp)
{
	return dev_is_up(bp->dev) && dev_has_carrier(bp->dev) && dev_is_up(bp->br->dev);
}

#define TICKS_NS (NSEC_PER_SEC / 100) /* of a clock tick */

/* ---- bridge.c ---- */

/* How long a station is kept that is not heard of. */
nsec_t bridge_ageing(const struct bridge *br);

/* Use the short ageing time from now on (802.1D 8.3.5), or the long one again. */
void bridge_short_ageing(struct bridge *br, bool on);

/* A port came or went, or has another address or MTU: the bridge's follow. */
void bridge_follow_addr(struct bridge *br);
void bridge_follow_mtu(struct bridge *br);

/* ---- bridge_port.c ---- */

extern const struct master_ops bridge_ports;

/* Recompute what follows from settings and states: bp->flags; of one port, or of all. */
void bridge_port_update(struct bridge_port *bp);
void bridge_update_ports(struct bridge *br);

/* The state of a port has changed (STP, or by hand): FDB entries, the bridge's carrier and
 * events follow. */
void bridge_port_enter_state(struct bridge_port *bp, uint8_t state);

/* Forget the dynamic stations of a port, as when it goes down. */
void bridge_port_forget(struct bridge_port *bp);

/* ---- bridge_path.c ---- */

/* Send a frame of the bridge's own by @bp: a BPDU, a query.  Control. */
void bridge_send(struct bridge_port *bp, const void *frame, uint32_t len);

/* What a port's upper_receive is, and a bridge's transmit. */
void bridge_receive(struct worker *w, struct dev *dev, struct burst *b);
void bridge_transmit(struct worker *w, struct dev *br, struct burst *b);

/* ---- bridge_fdb.c ---- */

void bridge_fdb_init(struct bridge *br);
void bridge_fdb_done(struct bridge *br);

/* Forget stations of a port (NULL: of all) in a VLAN (0: in all): those that were learned, or
 * @all of them. */
void bridge_fdb_forget(struct bridge *br, struct bridge_port *bp, uint16_t vid, bool all);

/* The address of the bridge (@bp NULL) or of a port is the bridge's own, or is no more, in
 * VLAN @vid (0: outside all). */
void bridge_fdb_local_add(struct bridge *br, struct bridge_port *bp,
			  const uint8_t addr[6], uint16_t vid);
void bridge_fdb_local_remove(struct bridge *br, struct bridge_port *bp,
			     const uint8_t addr[6], uint16_t vid);

/* The same outside and in each VLAN that it is in: the address was @old and is @addr (NULL:
 * none). */
void bridge_fdb_local_change(struct bridge *br, struct bridge_port *bp,
			     const uint8_t *old, const uint8_t *addr);

/* Remove what is too old.  Returns how long until there may be more. */
nsec_t bridge_fdb_age(struct bridge *br);

/* Tell the listener what a worker learned.  Worker. */
struct bridge_news {
	bool moved; /* one of them was elsewhere before */
	unsigned n;
	uint64_t key[BURST_MAX];
};
void bridge_fdb_post(struct worker *w, struct bridge *br, const struct bridge_news *news);
extern _Atomic bool bridge_fdb_heard; /* somebody listens */

/* ---- bridge_flow.c: control; see master_ops ---- */

struct dev *bridge_flow_out(const struct dev *port, const struct flow *flow);
void bridge_flow_carried(struct dev *port, const struct flow *flow, nsec_t when);

/* ---- bridge_stp.c: control ---- */

void stp_bridge_init(struct bridge *br);   /* at birth */
void stp_bridge_done(struct bridge *br);   /* timers off */
void stp_bridge_updown(struct bridge *br); /* IFF_UP changed */
void stp_bridge_addr(struct bridge *br);   /* the identifier follows the address */
/* For the kind's change: judge stp_state and times, and bring them together. */
int stp_check(const struct bridge *br, struct bridge_config *next,
	      struct extack *ea) must_check;
/* For its changed. */
void stp_bridge_changed(struct bridge *br, const struct bridge_config *old);
void stp_port_init(struct bridge_port *bp); /* at birth: number and config are there */
void stp_port_done(struct bridge_port *bp);
/* The port came up with a carrier, or lost either. */
void stp_port_enable(struct bridge_port *bp);
void stp_port_disable(struct bridge_port *bp);
void stp_port_changed(struct bridge_port *bp);			/* priority or cost */
void stp_port_set_state(struct bridge_port *bp, uint8_t state); /* by hand, without STP */
/* A BPDU as a worker posted it. */
void stp_receive(struct net *net, struct post *post);
/* IFLA_BR_* and IFLA_BRPORT_* of the tree: identifiers, costs, timers, and the three times as
 * they are in force, which are the root's. */
void stp_fill(const struct bridge *br, struct nlbuf *b);
void stp_port_fill(const struct bridge_port *bp, struct nlbuf *b);

/* ---- bridge_vlan.c ---- */

void vlan_bridge_init(struct bridge *br);
void vlan_bridge_done(struct bridge *br);
void vlan_port_init(struct bridge_port *bp);
void vlan_port_done(struct bridge_port *bp);
int vlan_check(const struct bridge *br, const struct bridge_config *next,
	       struct extack *ea) must_check;
void vlan_bridge_changed(struct bridge *br, const struct bridge_config *old);

/* A port is up or down, has a carrier or has not, is in a VLAN or is not. */
void vlan_carrier_changed(struct bridge *br);

/* The next VLAN above @vid (0 at first) that @bp (NULL: the bridge itself) is in; 0: none.
 * Control. */
uint16_t vlan_next(const struct bridge *br, const struct bridge_port *bp, uint16_t vid);

/* ---- bridge_neigh.c ---- */

/* Ports or their settings are not as they were: does any want neighbours known? */
void bridge_neigh_update(struct bridge *br);
void bridge_neigh_done(struct bridge *br);

/* Worker, only with br->neigh: look at @p, which came in by @in (NULL: from the bridge's own
 * stack), and answer it if that is due.  True: ports with proxy_arp_wifi or neigh_suppress
 * are not to have it as a flood.  Borrows. */
bool bridge_neigh_ask(struct worker *w, struct bridge *br, struct bridge_port *in,
		      const struct fdb_table *fdb, const struct pkt *p);

/* Is @bp spared questions in VLAN @vid (0: without VLANs) that are answered (neigh_suppress)? */
bool bridge_neigh_spares(const struct bridge_port *bp, uint16_t vid);

/* ---- bridge_mcast.c ---- */

void mcast_bridge_init(struct bridge *br);
void mcast_bridge_done(struct bridge *br);
void mcast_port_init(struct bridge_port *bp);
void mcast_port_done(struct bridge_port *bp);
int mcast_check(const struct bridge *br, struct bridge_config *next,
		struct extack *ea) must_check;
void mcast_bridge_changed(struct bridge *br, const struct bridge_config *old);
void mcast_bridge_updown(struct bridge *br);
void mcast_port_changed(struct bridge_port *bp, const struct bridge_port_config *old);
/* The port is in use (not BR_STATE_DISABLED or _BLOCKING) or not (_DISABLED). */
void mcast_port_updown(struct bridge_port *bp, bool in_use);
void mcast_fill(const struct bridge *br, struct nlbuf *b);
void mcast_port_fill(const struct bridge_port *bp, struct nlbuf *b);

/* What is counted of IGMP and MLD: bridge_mcast_count.c. */
enum mcast_counter {
	MCAST_COUNT_NOTHING,
	MCAST_COUNT_IGMP_V1_QUERY,
	MCAST_COUNT_IGMP_V2_QUERY,
	MCAST_COUNT_IGMP_V3_QUERY,
	MCAST_COUNT_IGMP_LEAVE,
	MCAST_COUNT_IGMP_V1_REPORT,
	MCAST_COUNT_IGMP_V2_REPORT,
	MCAST_COUNT_IGMP_V3_REPORT,
	MCAST_COUNT_MLD_V1_QUERY,
	MCAST_COUNT_MLD_V2_QUERY,
	MCAST_COUNT_MLD_DONE,
	MCAST_COUNT_MLD_V1_REPORT,
	MCAST_COUNT_MLD_V2_REPORT,
};
/* Worker: a message leaves by @bp, NULL: to the bridge's own stack. */
void mcast_count_tx(struct worker *w, struct bridge *br, struct bridge_port *bp,
		    enum mcast_counter what);

/* A station behind a port that is to have a frame for itself (mcast_to_unicast). */
struct mcast_copy {
	uint16_t port;
	uint8_t addr[6];
};

/* Where a multicast frame goes.  What is pointed at is under RCU. */
struct mcast_verdict {
	bool flood;		    /* to all ports as unknown multicast */
	bool host;		    /* to the bridge's own stack */
	bool drop;		    /* to nobody: DROP_MCAST_INVALID */
	enum mcast_counter counter; /* where it goes, it counts */
	/* else: a bit for each port number, members and routers; a port is in one or the
	 * other or both */
	const uint64_t *ports, *routers;
	const struct mcast_copy *copies; /* with another destination; not to routers */
	unsigned n_copies;
};
/* Worker, only with br->mcast: look at @p (multicast, not link-local group) that came in by
 * @bp (NULL: from the bridge's own stack); posts IGMP and MLD to control.  Borrows. */
struct mcast_verdict mcast_lookup(struct worker *w, struct bridge *br,
				  struct bridge_port *bp, const struct pkt *p);
