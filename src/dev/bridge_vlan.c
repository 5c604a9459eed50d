/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_vlan - the VLANs that a bridge and its ports are in, and what is decided about them.
 *
 * A port that is in a VLAN makes the VLAN known to its bridge, which then keeps it for as long
 * as a port is in it (and netlink's global options are about those); the bridge itself, as a
 * port of its own stack, is a member of its own accord only.  The addresses of port and bridge
 * are stations of each of their VLANs (802.1Q 8.8: learning is independent).
 */
#include "dev/bridge_priv.h"

#include <linux/if_ether.h>

static struct bridge_vlan_listener *listener; /* control */

/* ---- bits that workers read ---- */

static void set_bit(uint64_t *bits, unsigned vid, bool on)
{
	uint64_t bit = UINT64_C(1) << vid % 64, *word = &bits[vid / 64];

	__atomic_store_n(word, on ? *word | bit : *word & ~bit, __ATOMIC_RELAXED);
}

static void set_pvid(struct bridge_vlans *v, unsigned vid)
{
	atomic_store_explicit(&v->pvid, (uint16_t)vid, memory_order_relaxed);
}

/* What the data path may do follows from membership and state. */
static void update(struct bridge_vlans *v, unsigned vid)
{
	bool member = vlan_bit(v->member, vid),
	     forwards = member && v->state[vid] == BR_STATE_FORWARDING,
	     learns = member && v->state[vid] == BR_STATE_LEARNING, any = learns;

	if (learns)
		atomic_store_explicit(&v->any_learning, true, memory_order_relaxed);
	set_bit(v->out, vid, forwards);
	set_bit(v->in, vid, forwards || learns);
	for (unsigned i = 0; !any && v->any_learning && i < VLAN_WORDS; i++)
		any = v->in[i] != v->out[i];
	atomic_store_explicit(&v->any_learning, any, memory_order_relaxed);
}

/* ---- whose VLANs ---- */

static struct bridge_port *port_of(const struct dev *dev)
{
	return dev_is_bridge(dev) ? NULL : dev_port_state(dev);
}

static struct bridge *bridge_with(const struct dev *dev)
{
	return bridge_of(dev_is_bridge(dev) ? dev : dev->master);
}

static struct bridge_vlans *vlans_of(const struct bridge *br,
				     const struct bridge_port *bp)
{
	return bp ? bp->vlans : br->vlan_table;
}

static struct dev *dev_of(const struct bridge *br, const struct bridge_port *bp)
{
	return bp ? bp->dev : br->dev;
}

static struct bridge_vlans *vlans_new(const struct bridge *br)
{
	struct bridge_vlans *v = xnew(struct bridge_vlans);

	v->tpid = to_be16(bridge_config(br)->vlan_protocol).raw;
	return v;
}

static void counters_free(struct vlan_counters **counters)
{
	for (unsigned vid = 0; counters && vid < 4096; vid++)
		free(counters[vid]);
	free(counters);
}

static void vlans_free(void *arg)
{
	struct bridge_vlans *v = arg;

	counters_free(v->counters);
	free(v);
}

static void tell(struct dev *dev, unsigned first, unsigned last, bool gone)
{
	if (listener && dev->ifindex)
		listener->vlan(listener, dev, (uint16_t)first, (uint16_t)last, gone);
}

/* ---- counting ---- */

static bool counts_itself(const struct bridge *br, const struct bridge_port *bp)
{
	return !bp || bridge_config(br)->vlan_stats_per_port;
}

/* Counters of a VLAN come with the first time that somebody counts, and stay as long as the
 * table does. */
static void count_one(const struct bridge *br, struct bridge_vlans *v, unsigned vid)
{
	struct vlan_counters *c;
	size_t size = br->dev->net->n_workers * sizeof(*c);

	if (!v->counters || v->counters[vid])
		return;
	c = aligned_alloc(64, size);
	assert(c);
	memset(c, 0, size);
	rcu_publish(&v->counters[vid], c);
}

static void count_table(const struct bridge *br, struct bridge_port *bp)
{
	const struct bridge_config *cfg = bridge_config(br);
	struct bridge_vlans *v = vlans_of(br, bp);
	struct vlan_counters **count = NULL;

	if (cfg->vlan_stats && counts_itself(br, bp)) {
		if (!v->counters)
			v->counters = xcalloc(4096, sizeof(*v->counters));
		for (unsigned vid = 1; vid <= BRIDGE_VID_MAX; vid++)
			if (vlan_bit(v->member, vid) || vlan_bit(v->known, vid))
				count_one(br, v, vid);
		count = v->counters;
	} else if (cfg->vlan_stats) {
		count = br->vlan_table->counters;
	}
	rcu_publish(&v->count, count);
}

static void count_all(const struct bridge *br)
{
	struct dev *port;

	count_table(br, NULL);
	list_foreach(port, &br->dev->ports, in_master)
		count_table(br, dev_port_state(port));
}

void bridge_vlan_counters(const struct dev *dev, uint16_t vid,
			  struct bridge_vlan_counters *sum)
{
	const struct bridge *br = bridge_with(dev);
	const struct bridge_port *bp = port_of(dev);
	const struct bridge_vlans *v =
		counts_itself(br, bp) ? vlans_of(br, bp) : br->vlan_table;
	const struct vlan_counters *c = v->counters ? v->counters[vid] : NULL;

	*sum = (struct bridge_vlan_counters){};
	for (unsigned i = 0; c && i < br->dev->net->n_workers; i++) {
		sum->rx_packets += __atomic_load_n(&c[i].n.rx_packets, __ATOMIC_RELAXED);
		sum->rx_bytes += __atomic_load_n(&c[i].n.rx_bytes, __ATOMIC_RELAXED);
		sum->tx_packets += __atomic_load_n(&c[i].n.tx_packets, __ATOMIC_RELAXED);
		sum->tx_bytes += __atomic_load_n(&c[i].n.tx_bytes, __ATOMIC_RELAXED);
	}
}

/* ---- asking ---- */

uint16_t vlan_next(const struct bridge *br, const struct bridge_port *bp, uint16_t vid)
{
	const struct bridge_vlans *v = vlans_of(br, bp);

	while (v && ++vid <= BRIDGE_VID_MAX) {
		if (!(v->member[vid / 64] >> vid % 64)) {
			vid |= 63; /* no more in this word */
			continue;
		}
		if (vlan_bit(v->member, vid))
			return vid;
	}
	return 0;
}

uint16_t bridge_vlan_next(const struct dev *dev, uint16_t vid)
{
	return vlan_next(bridge_with(dev), port_of(dev), vid);
}

bool bridge_vlan_get(const struct dev *dev, uint16_t vid, struct bridge_vlan *vlan)
{
	const struct bridge_vlans *v = vlans_of(bridge_with(dev), port_of(dev));

	if (!vid || vid > BRIDGE_VID_MAX || !vlan_bit(v->member, vid))
		return false;
	*vlan = (struct bridge_vlan){
		.vid = vid,
		.pvid = v->pvid == vid,
		.untagged = vlan_bit(v->untagged, vid),
		.state = v->state[vid],
		.neigh_suppress = vlan_bit(v->suppress, vid),
	};
	return true;
}

bool bridge_vlan_is_known(const struct dev *br, uint16_t vid)
{
	const struct bridge_vlans *v = bridge_of(br)->vlan_table;

	return vlan_bit(v->member, vid) || vlan_bit(v->known, vid);
}

/* ---- carriers ---- */

bool bridge_vlan_has_carrier(const struct dev *br, uint16_t vid)
{
	struct dev *port;

	list_foreach(port, &bridge_of(br)->dev->ports, in_master) {
		const struct bridge_port *bp = dev_port_state(port);

		if (vlan_bit(bp->vlans->member, vid) && dev_is_up(port) &&
		    dev_has_carrier(port))
			return dev_has_carrier(br);
	}
	return false;
}

void vlan_carrier_changed(struct bridge *br)
{
	struct dev *upper, *next;

	list_foreach_safe(upper, next, &br->dev->uppers, on_lower)
		if (upper->kind->lower_changed)
			upper->kind->lower_changed(upper, DEV_CARRIER);
}

/* ---- adding and removing one ---- */

/* Both flags are as the last request has them, whoever set them before. */
static bool set_flags(struct bridge_vlans *v, unsigned vid, unsigned flags)
{
	bool pvid = flags & BRIDGE_VLAN_INFO_PVID,
	     untagged = flags & BRIDGE_VLAN_INFO_UNTAGGED,
	     changed = pvid != (v->pvid == vid) || untagged != vlan_bit(v->untagged, vid);

	set_bit(v->untagged, vid, untagged);
	if (pvid)
		set_pvid(v, vid);
	else if (v->pvid == vid)
		set_pvid(v, 0);
	return changed;
}

/* A port is in the VLAN: the bridge knows it; or not any more. */
static void know(struct bridge *br, unsigned vid, bool join)
{
	struct bridge_vlans *v = br->vlan_table;

	if (join)
		v->n_ports[vid]++;
	else
		v->n_ports[vid]--;
	set_bit(v->known, vid, v->n_ports[vid]);
	if (bridge_config(br)->vlan_stats)
		count_one(br, v, vid);
}

/* True if that changes anything. */
static bool join(struct bridge *br, struct bridge_port *bp, unsigned vid, unsigned flags)
{
	struct bridge_vlans *v = vlans_of(br, bp);
	struct dev *dev = dev_of(br, bp);

	if (vlan_bit(v->member, vid))
		return set_flags(v, vid, flags);
	if (bp)
		know(br, vid, true);
	if (bridge_config(br)->vlan_stats && counts_itself(br, bp))
		count_one(br, v, vid);
	bridge_fdb_local_add(br, bp, dev->addr, (uint16_t)vid);
	v->state[vid] = BR_STATE_FORWARDING;
	set_bit(v->member, vid, true);
	(void)set_flags(v, vid, flags);
	update(v, vid);
	if (bp)
		vlan_carrier_changed(br);
	return true;
}

static bool leave(struct bridge *br, struct bridge_port *bp, unsigned vid)
{
	struct bridge_vlans *v = vlans_of(br, bp);

	if (!vlan_bit(v->member, vid))
		return false;
	bridge_fdb_local_remove(br, bp, dev_of(br, bp)->addr, (uint16_t)vid);
	bridge_fdb_forget(br, bp, (uint16_t)vid, false);
	set_bit(v->member, vid, false);
	set_bit(v->suppress, vid, false);
	update(v, vid);
	(void)set_flags(v, vid, 0);
	if (bp) {
		know(br, vid, false);
		vlan_carrier_changed(br);
	}
	return true;
}

bool bridge_vlan_add(struct dev *dev, uint16_t vid, unsigned flags)
{
	struct bridge_port *bp = port_of(dev);
	struct bridge *br = bridge_with(dev);

	if (bp && flags & BRIDGE_VLAN_INFO_MASTER && !vlan_bit(bp->vlans->member, vid) &&
	    join(br, NULL, vid, flags))
		tell(br->dev, vid, vid, false);
	return join(br, bp, vid, flags);
}

bool bridge_vlan_delete(struct dev *dev, uint16_t vid, unsigned flags)
{
	struct bridge_port *bp = port_of(dev);
	struct bridge *br = bridge_with(dev);
	bool changed = leave(br, bp, vid);

	if (bp && flags & BRIDGE_VLAN_INFO_MASTER)
		changed |= leave(br, NULL, vid);
	return changed;
}

bool bridge_vlan_set_state(struct dev *dev, uint16_t vid, uint8_t state)
{
	struct bridge_vlans *v = vlans_of(bridge_with(dev), port_of(dev));

	if (v->state[vid] == state)
		return false;
	v->state[vid] = state;
	update(v, vid);
	return true;
}

bool bridge_vlan_set_suppress(struct dev *port, uint16_t vid, bool on)
{
	struct bridge_vlans *v = vlans_of(bridge_with(port), port_of(port));

	if (vlan_bit(v->suppress, vid) == on)
		return false;
	set_bit(v->suppress, vid, on);
	return true;
}

/* ---- the default PVID ---- */

/* Has the device the default PVID, as it was given, and nothing else in its place? */
static bool has_default(const struct bridge_vlans *v, unsigned vid)
{
	return vid && v->pvid == vid && vlan_bit(v->member, vid) &&
	       vlan_bit(v->untagged, vid);
}

static void change_default(struct bridge *br, struct bridge_port *bp, unsigned old,
			   unsigned vid)
{
	struct bridge_vlans *v = vlans_of(br, bp);
	struct dev *dev = dev_of(br, bp);

	/* What a user has set up is left alone. */
	if (old && !has_default(v, old))
		return;
	if (vid && vlan_bit(v->member, vid))
		return;
	if (vid)
		(void)join(br, bp, vid,
			   BRIDGE_VLAN_INFO_PVID | BRIDGE_VLAN_INFO_UNTAGGED);
	if (old && leave(br, bp, old))
		tell(dev, old, old, true);
	if (vid)
		tell(dev, vid, vid, false);
}

/* ---- life ---- */

void vlan_bridge_init(struct bridge *br)
{
	unsigned vid = bridge_config(br)->vlan_default_pvid;

	br->vlan_table = vlans_new(br);
	if (vid)
		(void)join(br, NULL, vid,
			   BRIDGE_VLAN_INFO_PVID | BRIDGE_VLAN_INFO_UNTAGGED);
	count_table(br, NULL);
	if (bridge_config(br)->vlan_filtering)
		rcu_publish(&br->vlans, br->vlan_table);
}

void vlan_bridge_done(struct bridge *br)
{
	rcu_publish(&br->vlans, NULL);
	dev_defer(br->dev->net, vlans_free, br->vlan_table);
}

void vlan_port_init(struct bridge_port *bp)
{
	unsigned vid = bridge_config(bp->br)->vlan_default_pvid;
	struct bridge_vlans *v = vlans_new(bp->br);

	rcu_publish(&bp->vlans, v);
	if (vid)
		(void)join(bp->br, bp, vid,
			   BRIDGE_VLAN_INFO_PVID | BRIDGE_VLAN_INFO_UNTAGGED);
	count_table(bp->br, bp);
	if (vid)
		tell(bp->dev, vid, vid, false);
}

void vlan_port_done(struct bridge_port *bp)
{
	struct bridge *br = bp->br;
	unsigned first = 0, last = 0, vid = 0;

	while ((vid = vlan_next(br, bp, (uint16_t)vid))) {
		if (first && vid != last + 1) {
			tell(bp->dev, first, last, true);
			first = 0;
		}
		first = first ?: vid;
		last = vid;
		(void)leave(br, bp, vid);
	}
	if (first)
		tell(bp->dev, first, last, true);
	dev_defer(br->dev->net, vlans_free, bp->vlans);
}

/* ---- settings ---- */

int vlan_check(const struct bridge *br, const struct bridge_config *next,
	       struct extack *ea)
{
	const struct bridge_config *cfg = bridge_config(br);
	struct dev *port;

	if (next->vlan_protocol != ETH_P_8021Q && next->vlan_protocol != ETH_P_8021AD)
		return -EPROTONOSUPPORT;
	if (next->vlan_default_pvid > BRIDGE_VID_MAX)
		return -EINVAL;
	if (next->vlan_stats_per_port == cfg->vlan_stats_per_port)
		return 0;
	list_foreach(port, &br->dev->ports, in_master)
		if (bridge_vlan_next(port, 0))
			return -EBUSY;
	return 0;
}

static void set_protocol(struct bridge *br, uint16_t protocol)
{
	uint16_t tpid = to_be16(protocol).raw;
	struct dev *port;

	br->vlan_table->tpid = tpid;
	list_foreach(port, &br->dev->ports, in_master)
		((struct bridge_port *)dev_port_state(port))->vlans->tpid = tpid;
}

void vlan_bridge_changed(struct bridge *br, const struct bridge_config *old)
{
	const struct bridge_config *cfg = bridge_config(br);
	struct dev *port;

	if (cfg->vlan_filtering != old->vlan_filtering)
		rcu_publish(&br->vlans, cfg->vlan_filtering ? br->vlan_table : NULL);
	if (cfg->vlan_protocol != old->vlan_protocol)
		set_protocol(br, cfg->vlan_protocol);
	if (cfg->vlan_default_pvid != old->vlan_default_pvid) {
		change_default(br, NULL, old->vlan_default_pvid, cfg->vlan_default_pvid);
		list_foreach(port, &br->dev->ports, in_master)
			change_default(br, dev_port_state(port), old->vlan_default_pvid,
				       cfg->vlan_default_pvid);
	}
	if (cfg->vlan_stats != old->vlan_stats ||
	    cfg->vlan_stats_per_port != old->vlan_stats_per_port)
		count_all(br);
}

void bridge_vlan_listen(struct net *net, struct bridge_vlan_listener *l)
{
	listener = l;
}
