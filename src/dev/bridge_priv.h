/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_priv - what the bridge's own files share.
 *
 *	bridge.c	birth, settings, ports: the kind
 *	bridge_path.c	frames through the bridge
 *	bridge_fdb.c	its forwarding database for netlink; the table itself is net/fdb.c
 *	bridge_stp.c	the spanning tree (802.1D-1998 clauses 8 and 9)
 *	bridge_vlan.c	VLAN filtering (802.1Q clauses 6.9, 8.6, 8.8)
 *	bridge_mcast.c	IGMP and MLD snooping (RFC 4541), the MDB
 *
 * Workers read struct bridge and struct bridge_port under RCU: what they follow is marked so,
 * all else is the control thread's.
 */
#pragma once

#include "dev/bridge.h"
#include "net/fdb.h"
#include "net/net.h"

struct bridge_vlans;
struct bridge_mcast;
struct bridge_mcast_port;

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

/* dev_state() of a bridge. */
struct bridge {
	struct dev *dev;
	struct fdb *fdb; /* workers */
	/* The ports by number, for look-ups, and all together, for floods; workers (RCU). */
	struct bridge_port *by_no[BRIDGE_PORTS_MAX + 1];
	struct bridge_port_set *ports;
	struct bridge_vlans *vlans; /* NULL: no filtering; workers (RCU) */
	struct bridge_mcast *mcast; /* NULL: no snooping; workers (RCU) */
	struct stp_bridge stp;
	bool addr_set, mtu_set; /* by the user: they do not follow the ports */
	struct timer gc_timer;
	nsec_t gc_at;
};

/* dev_port_state() of a port. */
struct bridge_port {
	struct dev *dev;
	struct bridge *br;
	uint16_t no;
	_Atomic uint8_t state;	    /* BR_STATE_*; workers */
	struct bridge_vlans *vlans; /* workers (RCU) */
	struct bridge_mcast_port *mcast;
	struct stp_port stp;
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

static inline const struct bridge_port_config *bridge_port_config(
	const struct bridge_port *bp)
{
	return dev_port_config(bp->dev);
}

static inline uint8_t port_state(const struct bridge_port *bp)
{
	return atomic_load_explicit(&bp->state, memory_order_relaxed);
}

#define TICKS_NS (NSEC_PER_SEC / 100) /* of a clock tick */

/* ---- bridge.c ---- */

/* The state of a port has changed (STP, or by hand): FDB entries, the bridge's carrier and
 * events follow. */
void bridge_port_enter_state(struct bridge_port *bp, uint8_t state);

/* Forget the dynamic stations of a port, as when it goes down; or use the short ageing time
 * from now on (802.1D 8.3.5), or the long one again. */
void bridge_port_forget(struct bridge_port *bp);
void bridge_short_ageing(struct bridge *br, bool on);

/* ---- bridge_path.c ---- */

/* Send a frame of the bridge's own by @bp: a BPDU, a query.  Control. */
void bridge_send(struct bridge_port *bp, const void *frame, uint32_t len);

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
void stp_port_changed(struct bridge_port *bp); /* priority or cost */
/* A BPDU as a worker posted it. */
void stp_receive(struct net *net, struct post *post);
/* IFLA_BR_* and IFLA_BRPORT_* of the tree: identifiers, costs, timers. */
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

/* Worker, only with br->vlans.  Give each packet its VLAN (p->vid, and PKT_F_TAGGED when the
 * tag stands in the frame) and drop what may not come in by @bp (NULL: from the bridge's own
 * stack): 802.1Q 6.9, 8.6.2. */
void vlan_ingress(struct worker *w, struct bridge *br, struct bridge_port *bp,
		  struct burst *b);
/* May VLAN @vid leave by @bp (NULL: to the bridge's own stack)?  8.6.4. */
bool vlan_egress_ok(const struct bridge *br, const struct bridge_port *bp, uint16_t vid);
/* Put the tag in or take it out as @bp (NULL: the bridge's own stack) has it; p->vid is a
 * member.  Takes and gives; NULL after dropping. */
struct pkt *vlan_egress(struct worker *w, struct bridge *br, struct bridge_port *bp,
			struct pkt *p) must_check;

/* ---- bridge_mcast.c ---- */

void mcast_bridge_init(struct bridge *br);
void mcast_bridge_done(struct bridge *br);
void mcast_port_init(struct bridge_port *bp);
void mcast_port_done(struct bridge_port *bp);
int mcast_check(const struct bridge *br, const struct bridge_config *next,
		struct extack *ea) must_check;
void mcast_bridge_changed(struct bridge *br, const struct bridge_config *old);
void mcast_bridge_updown(struct bridge *br);
void mcast_port_changed(struct bridge_port *bp, const struct bridge_port_config *old);
void mcast_port_updown(struct bridge_port *bp, bool forwarding);
void mcast_fill(const struct bridge *br, struct nlbuf *b);
void mcast_port_fill(const struct bridge_port *bp, struct nlbuf *b);

/* Where a multicast frame goes. */
struct mcast_verdict {
	bool flood;	       /* to all ports as unknown multicast */
	bool host;	       /* to the bridge's own stack */
	bool drop;	       /* it was for the bridge alone */
	const uint64_t *ports; /* else: a bit for each port number; RCU */
};
/* Worker, only with br->mcast: look at @p (multicast, not link-local group) that came in by
 * @bp (NULL: from the bridge's own stack); posts IGMP and MLD to control.  Borrows. */
struct mcast_verdict mcast_lookup(struct worker *w, struct bridge *br,
				  struct bridge_port *bp, const struct pkt *p);
