/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge - a learning bridge as Linux has it: birth, settings, its address and MTU.
 *
 * A bridge's address and MTU follow its ports (the lowest address, the smallest MTU) until a
 * user sets them.  Who set them is known by what the bridge itself asked for lately: the
 * kernel's echo of that, however late, is not a user's doing.
 *
 * The bridge has a carrier while a port forwards.
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

/* ---- ageing ---- */

nsec_t bridge_ageing(const struct bridge *br)
{
	return (nsec_t)(br->short_ageing ? br->stp.forward_delay
					 : bridge_config(br)->ageing_time) *
	       TICKS_NS;
}

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
	bridge_update_ports(br);
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

bool bridge_had_port(const struct dev *dev)
{
	return bridge_of(dev)->had_port;
}

/* The lowest of the ports' addresses.  When the last port has gone there is none, which only
 * shows: the kernel's device keeps the one it had. */
void bridge_follow_addr(struct bridge *br)
{
	const uint8_t *lowest = NULL;
	bool none;

	for (unsigned i = 0; br->ports && i < br->ports->n; i++) {
		const uint8_t *addr = br->ports->port[i]->dev->addr;

		if (!lowest || memcmp(addr, lowest, 6) < 0)
			lowest = addr;
	}
	none = !br->addr_set && !lowest;
	br->had_port = true;
	if (!br->addr_in_id) {
		br->addr_in_id = true;
		stp_bridge_addr(br);
	}
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

void bridge_follow_mtu(struct bridge *br)
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
			br->addr_set = br->addr_in_id = true;
			br->no_addr = false;
		}
		addr_changed(br);
	}
	if (what == DEV_MTU && !dev->making && !had_mtu(br, dev_mtu(dev)))
		br->mtu_set = true;
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
	bridge_update_ports(br);
	if (c->flushes != old->flushes)
		bridge_fdb_forget(br, NULL, 0, false);
	if (c->ageing_time != old->ageing_time) /* whether it is up or down */
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
	if (br->ports)
		dev_defer(dev->net, free, br->ports);
}

static void bridge_updown(struct dev *dev)
{
	struct bridge *br = dev_state(dev);

	if (dev_is_up(dev))
		gc_arm(br, 0);
	else
		timer_disarm(&br->gc_timer);
	stp_bridge_updown(br);
	bridge_update_ports(br);
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
