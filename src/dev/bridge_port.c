/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_port - the ports of a bridge: how they come and go, their states and settings.
 *
 * Which ports work is decided here (up, with a carrier, and the bridge up); which of those
 * forward, by the spanning tree.
 */
#include "dev/bridge_opts.h"
#include "dev/bridge_priv.h"
#include "nl/msg.h"

#include <linux/if_ether.h>

/* ---- what follows from settings and states ---- */

void bridge_port_update(struct bridge_port *bp)
{
	const struct bridge_port_config *c = bridge_port_config(bp);
	uint8_t state = port_state(bp);
	bool accepts = state == BR_STATE_FORWARDING || state == BR_STATE_LEARNING;
	uint32_t flags = 0;

	if (state == BR_STATE_FORWARDING)
		flags |= BP_F_FORWARD;
	if (accepts)
		flags |= BP_F_ACCEPT;
	/* Without an ageing time nothing is learned: each frame is flooded. */
	if (accepts && c->learning && bridge_ageing(bp->br))
		flags |= BP_F_LEARN;
	if (!dev_is_up(bp->dev) || !dev_has_carrier(bp->dev))
		flags |= BP_F_DOWN;
	flags |= (c->hairpin ? BP_F_HAIRPIN : 0) | (c->isolated ? BP_F_ISOLATED : 0) |
		 (c->flood ? BP_F_FLOOD : 0) | (c->mcast_flood ? BP_F_MCAST_FLOOD : 0) |
		 (c->bcast_flood ? BP_F_BCAST_FLOOD : 0) |
		 (c->proxy_arp ? BP_F_PROXY_ARP : 0) |
		 (c->proxy_arp_wifi ? BP_F_PROXY_ARP_WIFI : 0) |
		 (c->neigh_suppress ? BP_F_NEIGH_SUPPRESS : 0) |
		 (c->neigh_vlan_suppress ? BP_F_NEIGH_VLAN_SUPPRESS : 0) |
		 (c->locked ? BP_F_LOCKED : 0) | (c->mab ? BP_F_MAB : 0) |
		 (c->mcast_to_unicast ? BP_F_MCAST_TO_UNICAST : 0);
	atomic_store_explicit(&bp->flags, flags, memory_order_relaxed);
}

void bridge_update_ports(struct bridge *br)
{
	for (unsigned i = 0; br->ports && i < br->ports->n; i++)
		bridge_port_update(br->ports->port[i]);
}

/* ---- states of ports ---- */

void bridge_port_enter_state(struct bridge_port *bp, uint8_t state)
{
	uint8_t old = port_state(bp);
	struct bridge *br = bp->br;
	bool was = old == BR_STATE_FORWARDING, is = state == BR_STATE_FORWARDING;

	if (old == state)
		return;
	atomic_store_explicit(&bp->state, state, memory_order_relaxed);
	bridge_port_update(bp);
	if (was != is)
		br->n_forwarding += is ? 1 : -1u;
	if (state == BR_STATE_DISABLED)
		mcast_port_updown(bp, false);
	else if (state != BR_STATE_BLOCKING &&
		 (old == BR_STATE_DISABLED || old == BR_STATE_BLOCKING))
		mcast_port_updown(bp, true);
	if (bridge_config(br)->stp_state) {
		bp->stp_counted.transition_blk += state == BR_STATE_BLOCKING;
		bp->stp_counted.transition_fwd += is;
	}
	dev_set_carrier(br->dev, br->n_forwarding);
	net_tell(bp->dev->net, NET_PORT_CHANGED, bp->dev);
}

void bridge_port_forget(struct bridge_port *bp)
{
	bridge_fdb_forget(bp->br, bp, 0, false);
}

uint8_t bridge_port_state(const struct dev *port)
{
	return port_state(dev_port_state(port));
}

unsigned bridge_port_no(const struct dev *port)
{
	return ((const struct bridge_port *)dev_port_state(port))->no;
}

/* Linux has a port take all frames while the bridge has to learn or flood there. */
bool bridge_port_is_promisc(const struct dev *port)
{
	const struct bridge_port *bp = dev_port_state(port);
	const struct bridge *br = bp->br;
	unsigned n_auto = 0;
	bool is_auto = false;

	if (br->dev->promisc || !bridge_config(br)->vlan_filtering)
		return true;
	for (unsigned i = 0; br->ports && i < br->ports->n; i++) {
		const struct bridge_port_config *c =
			bridge_port_config(br->ports->port[i]);

		n_auto += c->flood || c->learning;
		if (br->ports->port[i] == bp)
			is_auto = c->flood || c->learning;
	}
	return !(n_auto == 0 || (n_auto == 1 && is_auto));
}

static void port_check(struct bridge_port *bp)
{
	bridge_port_update(bp);
	if (bridge_port_may_work(bp))
		stp_port_enable(bp);
	else
		stp_port_disable(bp);
}

/* The user's cost, or else the speed's, which a device without a carrier has none of. */
static bool update_cost(struct bridge_port *bp)
{
	uint32_t cost = bridge_port_config(bp)->cost;

	if (!cost)
		cost = dev_has_carrier(bp->dev) ? bridge_path_cost(bp->dev) : bp->cost;
	if (cost == bp->cost)
		return false;
	bp->cost = cost;
	return true;
}

static void bridge_port_changed(struct dev *master, struct dev *port,
				enum dev_change what)
{
	struct bridge_port *bp = dev_port_state(port);
	uint8_t old[6];

	switch (what) {
	case DEV_CARRIER:
		if (update_cost(bp)) {
			stp_port_changed(bp);
			net_tell(port->net, NET_PORT_CHANGED, port);
		}
		port_check(bp);
		vlan_carrier_changed(bp->br);
		break;
	case DEV_UPDOWN:
		port_check(bp);
		vlan_carrier_changed(bp->br);
		break;
	case DEV_MTU:
		bridge_follow_mtu(bp->br);
		break;
	case DEV_ADDR:
		memcpy(old, bp->local_addr, 6);
		memcpy(bp->local_addr, port->addr, 6);
		bridge_fdb_local_change(bp->br, bp, old, port->addr);
		bridge_follow_addr(bp->br);
		break;
	case DEV_NAME:
	case DEV_PLACE:
		break;
	}
}

/* ---- ports come and go ---- */

static void free_deferred(struct bridge *br, void *p)
{
	if (p)
		dev_defer(br->dev->net, free, p);
}

/* The ports as workers see them, with or without @bp. */
static void publish_ports(struct bridge *br, struct bridge_port *with,
			  const struct bridge_port *without)
{
	struct bridge_port_set *old = br->ports, *next;
	unsigned n = old ? old->n : 0;

	next = xcalloc(1, sizeof(*next) + (n + 1) * sizeof(next->port[0]));
	for (unsigned i = 0; i < n; i++)
		if (old->port[i] != without)
			next->port[next->n++] = old->port[i];
	if (with)
		next->port[next->n++] = with;
	rcu_publish(&br->ports, next);
	free_deferred(br, old);
}

static bool is_closing(const struct bridge *br, unsigned no)
{
	return br->closing[no / 32] & 1u << no % 32;
}

/* The first free number, as Linux; one that stations may still be learned at is not free. */
static unsigned free_number(const struct bridge *br)
{
	for (unsigned no = 1; no <= BRIDGE_PORTS_MAX; no++)
		if (!br->by_no[no] && !is_closing(br, no))
			return no;
	return 0;
}

static int bridge_may_add(const struct dev *master, const struct dev *dev,
			  struct extack *ea)
{
	if (!dev_is_ethernet(dev))
		return -EINVAL;
	if (dev_is_bridge(dev))
		return extack_set(ea, -ELOOP, "Can not enslave a bridge to a bridge");
	return 0;
}

static int bridge_add(struct dev *master, struct dev *port, struct extack *ea)
{
	struct bridge *br = dev_state(master);
	struct bridge_port *bp = dev_port_state(port);
	unsigned no = free_number(br);

	if (!no)
		return -EXFULL;
	bp->dev = port;
	bp->br = br;
	bp->no = (uint16_t)no;
	bp->state = BR_STATE_DISABLED;
	bp->cost = bridge_path_cost(port);
	memcpy(bp->local_addr, port->addr, 6);
	rcu_publish(&br->by_no[no], bp);
	vlan_port_init(bp); /* before a worker can meet the port */
	publish_ports(br, bp, NULL);
	bridge_port_update(bp);
	bridge_neigh_update(br);
	stp_port_init(bp);
	bp->stp_counted.transition_blk = bridge_config(bp->br)->stp_state != 0;
	mcast_port_init(bp);
	bridge_fdb_local_change(br, bp, NULL, bp->local_addr);
	bridge_follow_addr(br);
	bridge_follow_mtu(br);
	dev_set_upper(port, master, bridge_receive);
	if (bridge_port_may_work(bp))
		stp_port_enable(bp);
	return 0;
}

struct closing {
	struct dev *br;
	unsigned no;
};

/* No worker is with the port any more: what the last ones learned goes, and the number is
 * free. */
static void closed(void *arg)
{
	struct closing *c = arg;
	struct bridge *br = dev_state(c->br);
	struct bridge_port gone = {.no = (uint16_t)c->no};

	br->closing[c->no / 32] &= ~(1u << c->no % 32);
	if (!c->br->dying)
		bridge_fdb_forget(br, &gone, 0, true);
	free(c);
}

static void forget_backup(struct bridge *br, const struct bridge_port *gone)
{
	for (unsigned i = 0; i < br->ports->n; i++) {
		struct bridge_port *bp = br->ports->port[i];
		struct bridge_port_config next = *bridge_port_config(bp);

		if (bp->backup != gone)
			continue;
		next.backup_port = 0;
		(void)!dev_change_port_config(bp->dev, &next, NULL);
	}
}

static void bridge_remove(struct dev *master, struct dev *port)
{
	struct bridge *br = dev_state(master);
	struct bridge_port *bp = dev_port_state(port);
	struct closing *c = xnew(struct closing);

	forget_backup(br, bp);
	stp_port_disable(bp);
	mcast_port_done(bp);
	bridge_fdb_forget(br, bp, 0, true);
	bridge_fdb_local_change(br, bp, bp->local_addr, NULL);
	vlan_port_done(bp);
	stp_port_done(bp);
	rcu_publish(&br->by_no[bp->no], NULL);
	publish_ports(br, NULL, bp);
	bridge_neigh_update(br);
	br->closing[bp->no / 32] |= 1u << bp->no % 32;
	*c = (struct closing){master, bp->no};
	dev_defer(port->net, closed, c);
	bridge_follow_mtu(br);
	bridge_follow_addr(br);
}

/* ---- settings of a port ---- */

static void bridge_port_defaults(const struct dev *master, const struct dev *port,
				 void *config)
{
	*(struct bridge_port_config *)config = (struct bridge_port_config){
		.priority = 0x8000 >> 10,
		.learning = true,
		.flood = true,
		.mcast_flood = true,
		.bcast_flood = true,
		.mcast_router = 1,
		.mcast_eht_hosts_limit = 512,
	};
}

static int check_state(const struct bridge_port *bp, uint8_t state)
{
	if (state > BR_STATE_BLOCKING)
		return -EINVAL;
	if (bridge_config(bp->br)->stp_state)
		return -EBUSY;
	if (!dev_is_up(bp->dev) ||
	    (!dev_has_carrier(bp->dev) && state != BR_STATE_DISABLED))
		return -ENETDOWN;
	return 0;
}

/* The port that is to stand in for @bp. */
static int find_backup(const struct bridge_port *bp, uint32_t ifindex,
		       struct bridge_port **ret)
{
	const struct dev *dev = ifindex ? netns_dev(bp->dev->ns, ifindex) : NULL;
	struct bridge_port *backup;

	*ret = NULL;
	if (!ifindex)
		return 0;
	if (!dev || !dev_bridge_of(dev))
		return -ENOENT;
	backup = dev_port_state(dev);
	if (backup->br != bp->br || backup == bp)
		return -EINVAL;
	*ret = backup;
	return 0;
}

static int bridge_port_change(struct dev *master, struct dev *port, void *config,
			      struct extack *ea)
{
	const struct bridge_port_config *now = dev_port_config(port);
	struct bridge_port *bp = dev_port_state(port), *backup;
	struct bridge_port_config *next = config;
	int err = 0;

	if (next->backup_port != now->backup_port)
		err = find_backup(bp, next->backup_port, &backup);
	if (!err && next->states != now->states)
		err = check_state(bp, next->state);
	if (!err && next->mab && !(next->locked && next->learning))
		err = extack_set(ea, -EINVAL,
				 "Bridge port must be locked and have learning enabled "
				 "when MAB is enabled");
	return err;
}

static void bridge_port_set(struct dev *master, struct dev *port, const void *config)
{
	const struct bridge_port_config *old = config, *c = dev_port_config(port);
	struct bridge_port *bp = dev_port_state(port), *backup;

	bridge_port_update(bp);
	bridge_neigh_update(bp->br);
	if (!find_backup(bp, c->backup_port, &backup))
		rcu_publish(&bp->backup, backup);
	if (update_cost(bp) || c->priority != old->priority)
		stp_port_changed(bp);
	if (c->flushes != old->flushes)
		bridge_port_forget(bp);
	if (c->states != old->states)
		stp_port_set_state(bp, c->state);
	mcast_port_changed(bp, old);
}

static void bridge_port_fill(const struct dev *port, struct nlbuf *b)
{
	const struct bridge_port *bp = dev_port_state(port);

	put_u8(b, IFLA_BRPORT_STATE, port_state(bp));
	put_u32(b, IFLA_BRPORT_COST, bp->cost);
	stp_port_fill(bp, b);
	put_u8(b, IFLA_BRPORT_MRP_RING_OPEN, 0);
	put_u8(b, IFLA_BRPORT_MRP_IN_OPEN, 0);
	if (bridge_port_config(bp)->backup_nhid)
		put_u32(b, BRPORT_ATTR_BACKUP_NHID, bridge_port_config(bp)->backup_nhid);
	mcast_port_fill(bp, b);
}

const struct master_ops bridge_ports = {
	.opts = bridge_port_opts,
	.config_size = sizeof(struct bridge_port_config),
	.state_size = sizeof(struct bridge_port),
	.defaults = bridge_port_defaults,
	.may_add = bridge_may_add,
	.add = bridge_add,
	.remove = bridge_remove,
	.change = bridge_port_change,
	.changed = bridge_port_set,
	.flow_out = bridge_flow_out,
	.flow_carried = bridge_flow_carried,
	.port_changed = bridge_port_changed,
	.fill = bridge_port_fill,
};
