/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge - a learning bridge as Linux has it: birth, settings, ports.
 *
 * A bridge's address and MTU follow its ports (the lowest address, the smallest MTU) until a
 * user sets them.  Who set them is known by what the bridge itself asked for lately: the
 * kernel's echo of that, however late, is not a user's doing.
 *
 * The bridge has a carrier while a port forwards.  Which ports work is decided here (up, with
 * a carrier, and the bridge up); which of those forward, by the spanning tree.
 *
 * Linux calls: rtnl kind "bridge", IFLA_BR_* and IFLA_BRPORT_*.  See doc/kinds.md for what
 * differs.
 */
#include "dev/bridge_priv.h"
#include "dev/bridge_opts.h"
#include "nl/msg.h"

#include <linux/if_ether.h>

/* Between two looks at all stations, at least: so many times as long as one takes. */
#define AGE_REST 16

/* ---- what follows from settings and states ---- */

nsec_t bridge_ageing(const struct bridge *br)
{
	return (nsec_t)(br->short_ageing ? br->stp.forward_delay
					 : bridge_config(br)->ageing_time) *
	       TICKS_NS;
}

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
	flags |=
		(c->hairpin ? BP_F_HAIRPIN : 0) | (c->isolated ? BP_F_ISOLATED : 0) |
		(c->flood ? BP_F_FLOOD : 0) | (c->mcast_flood ? BP_F_MCAST_FLOOD : 0) |
		(c->bcast_flood ? BP_F_BCAST_FLOOD : 0) |
		(c->proxy_arp ? BP_F_PROXY_ARP : 0) |
		(c->proxy_arp_wifi ? BP_F_PROXY_ARP_WIFI : 0) |
		(c->neigh_suppress && !c->neigh_vlan_suppress ? BP_F_NEIGH_SUPPRESS : 0) |
		(c->locked ? BP_F_LOCKED : 0) | (c->mab ? BP_F_MAB : 0) |
		(c->mcast_to_unicast ? BP_F_MCAST_TO_UNICAST : 0);
	atomic_store_explicit(&bp->flags, flags, memory_order_relaxed);
}

static void update_ports(struct bridge *br)
{
	for (unsigned i = 0; br->ports && i < br->ports->n; i++)
		bridge_port_update(br->ports->port[i]);
}

/* ---- ageing ---- */

static void gc_due(struct timer *t);

static void gc_arm(struct bridge *br, nsec_t in)
{
	br->gc_at = clock_now() + in;
	timer_arm(&br->gc_timer, in, gc_due);
}

static void gc_due(struct timer *t)
{
	struct bridge *br = container_of(t, struct bridge, gc_timer);
	nsec_t start = clock_now(), next = max(bridge_fdb_age(br), FDB_TICK);

	gc_arm(br, max(next, (clock_now() - start) * AGE_REST));
}

void bridge_short_ageing(struct bridge *br, bool on)
{
	if (br->short_ageing == on)
		return;
	br->short_ageing = on;
	update_ports(br);
	if (dev_is_up(br->dev))
		gc_arm(br, 0);
}

/* ---- address and MTU ---- */

static void note_addr(struct bridge *br, const uint8_t addr[6])
{
	memcpy(br->wishes.addr[br->wishes.n_addr++ % BRIDGE_WISHES], addr, 6);
}

static void note_mtu(struct bridge *br, uint32_t mtu)
{
	br->wishes.mtu[br->wishes.n_mtu++ % BRIDGE_WISHES] = mtu;
}

static bool had_addr(const struct bridge *br, const uint8_t addr[6])
{
	for (unsigned i = 0; i < min(br->wishes.n_addr, BRIDGE_WISHES); i++)
		if (!memcmp(br->wishes.addr[i], addr, 6))
			return true;
	return false;
}

static bool had_mtu(const struct bridge *br, uint32_t mtu)
{
	for (unsigned i = 0; i < min(br->wishes.n_mtu, BRIDGE_WISHES); i++)
		if (br->wishes.mtu[i] == mtu)
			return true;
	return false;
}

/* The device has another address now. */
static void addr_changed(struct bridge *br)
{
	const uint8_t *addr = bridge_addr(br->dev);
	uint8_t old[6];

	memcpy(old, br->local_addr, 6);
	memcpy(br->local_addr, addr, 6);
	bridge_fdb_local_change(br, NULL, old, br->no_addr ? NULL : addr);
	stp_bridge_addr(br);
	if (!br->dev->making)
		dev_set_carrier(br->dev, br->n_forwarding);
}

const uint8_t *bridge_addr(const struct dev *dev)
{
	static const uint8_t none[6];

	return bridge_of(dev)->no_addr ? none : dev->addr;
}

/* The lowest of the ports' addresses.  When the last port has gone there is none, which only
 * shows: the kernel's device keeps the one it had. */
static void follow_addr(struct bridge *br)
{
	const uint8_t *lowest = NULL;
	bool none;

	for (unsigned i = 0; br->ports && i < br->ports->n; i++) {
		const uint8_t *addr = br->ports->port[i]->dev->addr;

		if (!lowest || memcmp(addr, lowest, 6) < 0)
			lowest = addr;
	}
	none = !br->addr_set && !lowest;
	if (none != br->no_addr) {
		br->no_addr = none;
		addr_changed(br);
	}
	if (br->addr_set || !lowest || !memcmp(br->dev->addr, lowest, 6))
		return;
	note_addr(br, br->dev->addr);
	note_addr(br, lowest);
	dev_set_addr(br->dev, lowest);
	addr_changed(br);
}

static void follow_mtu(struct bridge *br)
{
	uint32_t mtu = 0;

	for (unsigned i = 0; br->ports && i < br->ports->n; i++) {
		uint32_t own = dev_mtu(br->ports->port[i]->dev);

		mtu = mtu ? min(mtu, own) : own;
	}
	mtu = mtu ?: ETH_DATA_LEN;
	if (br->mtu_set || mtu == dev_mtu(br->dev))
		return;
	note_mtu(br, dev_mtu(br->dev));
	note_mtu(br, mtu);
	dev_set_mtu(br->dev, mtu);
}

/* The kernel tells of another address or MTU.  At birth that is its choice; later a user's. */
static void bridge_followed(struct dev *dev, enum dev_change what)
{
	struct bridge *br = dev_state(dev);

	if (dev->making && what == DEV_ADDR)
		note_addr(br, dev->addr);
	if (dev->making && what == DEV_MTU)
		note_mtu(br, dev_mtu(dev));
	if (what == DEV_ADDR) {
		if (!dev->making && !had_addr(br, dev->addr)) {
			br->addr_set = true;
			br->no_addr = false;
		}
		addr_changed(br);
	}
	if (what == DEV_MTU && !dev->making && !had_mtu(br, dev_mtu(dev)))
		br->mtu_set = true;
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

static bool can_carry(const struct bridge_port *bp)
{
	return dev_is_up(bp->dev) && dev_has_carrier(bp->dev) && dev_is_up(bp->br->dev);
}

static void port_check(struct bridge_port *bp)
{
	bridge_port_update(bp);
	if (can_carry(bp))
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
		follow_mtu(bp->br);
		break;
	case DEV_ADDR:
		memcpy(old, bp->local_addr, 6);
		memcpy(bp->local_addr, port->addr, 6);
		bridge_fdb_local_change(bp->br, bp, old, port->addr);
		follow_addr(bp->br);
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
	mcast_port_init(bp);
	bridge_fdb_local_change(br, bp, NULL, bp->local_addr);
	follow_addr(br);
	follow_mtu(br);
	dev_set_upper(port, master, bridge_receive);
	if (can_carry(bp))
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
	follow_mtu(br);
	follow_addr(br);
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

/* ---- settings of the bridge ---- */

static void bridge_defaults(void *config)
{
	*(struct bridge_config *)config = (struct bridge_config){
		.forward_delay = 1500,
		.hello_time = 200,
		.max_age = 2000,
		.ageing_time = 30000,
		.priority = 0x8000,
		.group_addr = {0x01, 0x80, 0xc2},
		.vlan_protocol = ETH_P_8021Q,
		.vlan_default_pvid = 1,
		.mcast_router = 1,
		.mcast_snooping = true,
		.mcast_igmp_version = 2,
		.mcast_mld_version = 1,
		.mcast_hash_elasticity = 16,
		.mcast_hash_max = 4096,
		.mcast_last_member_count = 2,
		.mcast_startup_query_count = 2,
		.mcast_last_member_interval = 100,
		.mcast_membership_interval = 26000,
		.mcast_querier_interval = 25500,
		.mcast_query_interval = 12500,
		.mcast_query_response_interval = 1000,
		.mcast_startup_query_interval = 3124,
	};
}

/* The last byte of the address for BPDUs when nobody has chosen one: 802.1Q table 8-1, 8-2. */
static uint8_t own_group(const struct bridge_config *c)
{
	return bridge_of_provider(c) ? 0x08 : 0x00;
}

static void follow_protocol(const struct bridge_config *now, struct bridge_config *next)
{
	if (next->group_addr[5] == own_group(now))
		next->group_addr[5] = own_group(next);
}

static int bridge_check(const struct bridge *br, struct bridge_config *next,
			struct extack *ea)
{
	int err = bridge_check_times(next);

	next->stp_state = !!next->stp_state;
	if (!err)
		err = stp_check(br, next, ea);
	if (!err)
		err = vlan_check(br, next, ea);
	if (!err)
		err = mcast_check(br, next, ea);
	return err;
}

static int bridge_change(struct dev *dev, void *next, struct extack *ea)
{
	follow_protocol(dev_config(dev), next);
	return bridge_check(dev_state(dev), next, ea);
}

static void bridge_changed(struct dev *dev, const void *config)
{
	const struct bridge_config *old = config, *c = dev_config(dev);
	struct bridge *br = dev_state(dev);

	br->fdb->max_learned = c->fdb_max_learned;
	update_ports(br);
	if (c->flushes != old->flushes)
		bridge_fdb_forget(br, NULL, 0, false);
	if (c->ageing_time != old->ageing_time && dev_is_up(dev))
		gc_arm(br, 0);
	stp_bridge_changed(br, old);
	vlan_bridge_changed(br, old);
	mcast_bridge_changed(br, old);
}

static void bridge_fill(const struct dev *dev, struct nlbuf *b)
{
	const struct bridge *br = dev_state(dev);
	nsec_t left = list_is_linked(&br->gc_timer.link) ? br->gc_at - clock_now() : 0;

	stp_fill(br, b);
	put_u64(b, IFLA_BR_GC_TIMER, left > 0 ? (uint64_t)(left / TICKS_NS) : 0);
	put_u32(b, BRIDGE_ATTR_FDB_N_LEARNED, fdb_n_learned(br->fdb));
	mcast_fill(br, b);
}

/* ---- life ---- */

static int bridge_create(struct dev *dev, struct link_req *req, struct extack *ea)
{
	struct bridge *br = dev_state(dev);
	int err;

	br->dev = dev;
	note_mtu(br, dev_mtu(dev)); /* the mirror's first, too */
	br->addr_set = req->addr;   /* an MTU at birth is not kept, an address is */
	follow_protocol(&(struct bridge_config){}, dev->config);
	err = bridge_check(br, dev->config, ea);
	if (err)
		return err;
	bridge_fdb_init(br);
	stp_bridge_init(br);
	vlan_bridge_init(br);
	mcast_bridge_init(br);
	memcpy(br->local_addr, dev->addr, 6);
	bridge_fdb_local_change(br, NULL, NULL, br->local_addr);
	/* Linux looks at the ports first when the bridge gets another address. */
	dev->carrier = dev->oper_unknown = !req->addr;
	return 0;
}

static void bridge_destroy(struct dev *dev)
{
	struct bridge *br = dev_state(dev);

	timer_disarm(&br->gc_timer);
	mcast_bridge_done(br);
	vlan_bridge_done(br);
	stp_bridge_done(br);
	bridge_neigh_done(br);
	bridge_fdb_done(br);
	free_deferred(br, br->ports);
}

static void bridge_updown(struct dev *dev)
{
	struct bridge *br = dev_state(dev);

	if (dev_is_up(dev))
		gc_arm(br, 0);
	else
		timer_disarm(&br->gc_timer);
	stp_bridge_updown(br);
	update_ports(br);
	mcast_bridge_updown(br);
}

/* Linux counts what its own stack gets without the Ethernet header. */
static void bridge_deliver(struct worker *w, struct dev *dev, struct burst *b)
{
	struct port *mirror = rcu_load(&dev->mirror);

	dev_worker(w, dev)->counters.rx_bytes -= (uint64_t)b->n * ETH_HLEN;
	if (mirror)
		mirror->ops->send(w, mirror, b);
	else
		burst_drop(w, dev, b, DROP_NO_RECEIVER);
}

static const struct master_ops bridge_ports = {
	.opts = bridge_port_opts,
	.config_size = sizeof(struct bridge_port_config),
	.state_size = sizeof(struct bridge_port),
	.defaults = bridge_port_defaults,
	.may_add = bridge_may_add,
	.add = bridge_add,
	.remove = bridge_remove,
	.change = bridge_port_change,
	.changed = bridge_port_set,
	.port_changed = bridge_port_changed,
	.fill = bridge_port_fill,
};

const struct dev_kind bridge_kind = {
	.name = "bridge",
	.name_format = "bridge%d",
	.config_size = sizeof(struct bridge_config),
	.state_size = sizeof(struct bridge),
	.opts = bridge_opts,
	.mirror = MIRROR_ETHER,
	.tso_max_size = 65536,
	.netns_local = true,
	.defaults = bridge_defaults,
	.create = bridge_create,
	.change = bridge_change,
	.changed = bridge_changed,
	.destroy = bridge_destroy,
	.updown = bridge_updown,
	.followed = bridge_followed,
	.fill = bridge_fill,
	.master = &bridge_ports,
	.transmit = bridge_transmit,
	.deliver = bridge_deliver,
};
