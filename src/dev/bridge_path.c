/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_path - frames through a bridge, in Linux's order of decisions.
 *
 * A burst is gone through three times: what may come in at all; keys and buckets, whose
 * memory is fetched meanwhile; learning and where to.  What leaves is queued on the ports'
 * devices, where it becomes bursts again.
 *
 * Floods: each port but the last gets a clone, which shares payload; the last, or the
 * bridge's own stack, gets the packet itself.
 */
#include "dev/bridge_priv.h"
#include "net/post.h"
#include "pkt/hdr.h"

#include <linux/if_ether.h>
#include <linux/virtio_net.h>

#define AHEAD 4u /* packets whose first bytes are fetched before they are looked at */

/* BPDUs that are longer are none. */
#define BPDU_POST_MAX 128u

/* A burst on its way through, and what is read once for all of it. */
struct passage {
	struct worker *w;
	struct bridge *br;
	struct bridge_port *in; /* NULL: from the bridge's own stack */
	uint32_t in_flags;	/* BP_F_* of it */
	const struct bridge_config *config;
	struct fdb_table *table;
	bool vlans, promisc;
	bool neigh;    /* questions for neighbours are looked at */
	bool answered; /* the frame at hand was one, and needs no flooding to some ports */
	uint32_t tick, second;
	struct bridge_news news;
};

/* Keys are little-endian numbers: see fdb_key_at. */
#define ADDR_GROUP     UINT64_C(0x000000000001)
#define ADDR_BROADCAST UINT64_C(0xffffffffffff)
#define ADDR_LL	       UINT64_C(0x000000c28001) /* 01:80:c2:00:00:00 to -0f */
#define ADDR_LL_MASK   UINT64_C(0xf0ffffffffff)
#define ADDR_LL_LAST   40 /* where its last byte is */

enum {
	LL_STP = 0x00,
	LL_PAUSE = 0x01,
	LL_LLDP = 0x0e,
};

/* What a provider's bridge forwards of them, as Linux: -00, -0b, -0c, -0d and -0f. */
#define LL_OF_CUSTOMERS 0xb801u

/* ---- out ---- */

static bool is_too_big(const struct pkt *p, const struct dev *dev)
{
	return pkt_size(p) > dev_mtu(dev) + ETH_HLEN + sizeof(struct vlan) &&
	       p->off.gso_type == VIRTIO_NET_HDR_GSO_NONE;
}

/* Counted by reason only: what a bridge does not forward is no error of the port's, and Linux
 * does not show it in rx_dropped or tx_dropped.  Takes. */
static void drop_at(const struct passage *t, struct dev *dev, struct pkt *p,
		    enum drop why)
{
	dev_worker(t->w, dev)->drops[why]++;
	pkt_free(p);
}

static void drop(const struct passage *t, struct pkt *p, enum drop why)
{
	drop_at(t, t->in ? t->in->dev : t->br->dev, p, why);
}

/* Takes. */
static inline void send_by(const struct passage *t, struct bridge_port *bp, struct pkt *p)
{
	if (t->vlans) {
		p = vlan_egress(t->w, t->br, bp, p);
		if (!p)
			return;
	}
	if (unlikely(is_too_big(p, bp->dev))) {
		drop_at(t, bp->dev, p, DROP_TOO_BIG);
		return;
	}
	dev_queue(t->w, bp->dev, DIR_TX, p);
}

/* To the bridge's own stack.  Takes. */
static void send_up(const struct passage *t, struct pkt *p)
{
	if (t->vlans) {
		if (!vlan_egress_ok(t->br, NULL, p->vid) && !t->promisc) {
			drop(t, p, DROP_NO_TX_TARGET);
			return;
		}
		p = vlan_egress(t->w, t->br, NULL, p);
		if (!p)
			return;
	}
	dev_queue(t->w, t->br->dev, DIR_RX, p);
}

/* Why a frame may not leave by @bp; DROP_N_REASONS: it may. */
static inline enum drop refusal(const struct passage *t, const struct bridge_port *bp,
				uint32_t flags, uint16_t vid)
{
	if (unlikely(!(flags & BP_F_FORWARD)))
		return DROP_BRIDGE_EGRESS_STP_STATE;
	if (unlikely(bp == t->in && !(flags & BP_F_HAIRPIN)))
		return DROP_BRIDGE_HAIRPIN;
	if (unlikely(flags & t->in_flags & BP_F_ISOLATED))
		return DROP_BRIDGE_ISOLATED;
	if (t->vlans && !vlan_egress_ok(t->br, bp, vid))
		return DROP_NO_TX_TARGET;
	return DROP_N_REASONS;
}

/* Ports that a frame is to leave by, one after the other; the last one found waits for the
 * packet itself. */
struct copies {
	struct bridge_port *last;
	bool any;
};

static void copy_to(const struct passage *t, struct copies *c, struct bridge_port *bp,
		    struct pkt *p)
{
	struct pkt *clone;

	if (refusal(t, bp, port_flags(bp), p->vid) != DROP_N_REASONS)
		return;
	if (c->last) {
		clone = pkt_clone(t->w, p);
		if (likely(clone))
			send_by(t, c->last, clone);
		else
			dev_worker(t->w, t->br->dev)->drops[DROP_NO_BUFFER]++;
	}
	c->last = bp;
}

/* The packet itself, to the last port, or to the stack and a clone to the port.  Takes. */
static void copies_end(const struct passage *t, struct copies *c, struct pkt *p, bool up)
{
	struct pkt *clone;

	if (!up && c->last) {
		send_by(t, c->last, p);
		return;
	}
	if (!up) {
		drop(t, p, DROP_NO_TX_TARGET);
		return;
	}
	if (c->last) {
		clone = pkt_clone(t->w, p);
		if (likely(clone))
			send_by(t, c->last, clone);
		else
			dev_worker(t->w, t->br->dev)->drops[DROP_NO_BUFFER]++;
	}
	send_up(t, p);
}

enum flood_kind {
	FLOOD_UNICAST,
	FLOOD_MULTICAST,
	FLOOD_BROADCAST,
};

/* Is @bp to have unknown frames of this kind?  What the bridge itself sends to groups, it has
 * whatever its settings. */
static bool is_flooded(const struct passage *t, uint32_t flags, enum flood_kind kind)
{
	if (flags & BP_F_PROXY_ARP)
		return false;
	if (unlikely(t->answered) && flags & (BP_F_PROXY_ARP_WIFI | BP_F_NEIGH_SUPPRESS))
		return false;
	if (kind == FLOOD_UNICAST)
		return flags & BP_F_FLOOD;
	return !t->in ||
	       flags & (kind == FLOOD_MULTICAST ? BP_F_MCAST_FLOOD : BP_F_BCAST_FLOOD);
}

/* Takes. */
static void flood(const struct passage *t, struct pkt *p, enum flood_kind kind, bool up)
{
	const struct bridge_port_set *ports = rcu_load(&t->br->ports);
	struct copies c = {};

	for (unsigned i = 0; ports && i < ports->n; i++) {
		struct bridge_port *bp = ports->port[i];

		if (is_flooded(t, port_flags(bp), kind))
			copy_to(t, &c, bp, p);
	}
	copies_end(t, &c, p, up);
}

static bool has_bit(const uint64_t *bits, unsigned no)
{
	return bits[no / 64] >> no % 64 & 1;
}

/* Members who are to have a frame of their own, with their address in it. */
static void send_as_unicast(const struct passage *t, const struct mcast_verdict *v,
			    struct pkt *p)
{
	for (unsigned i = 0; i < v->n_copies; i++) {
		const struct mcast_copy *c = &v->copies[i];
		struct bridge_port *bp = rcu_load(&t->br->by_no[c->port]);
		struct pkt *clone;

		if (!bp || has_bit(v->routers, c->port) ||
		    refusal(t, bp, port_flags(bp), p->vid) != DROP_N_REASONS ||
		    (bp == t->in && !memcmp(p->data + 6, c->addr, 6)))
			continue;
		clone = pkt_clone(t->w, p);
		if (unlikely(!clone)) {
			dev_worker(t->w, t->br->dev)->drops[DROP_NO_BUFFER]++;
			continue;
		}
		memcpy(clone->data, c->addr, 6);
		send_by(t, bp, clone);
	}
}

/* Takes. */
static void send_to_members(const struct passage *t, struct pkt *p,
			    const struct mcast_verdict *v, bool up)
{
	const struct bridge_port_set *ports = rcu_load(&t->br->ports);
	struct copies c = {};

	if (unlikely(v->n_copies))
		send_as_unicast(t, v, p);
	for (unsigned i = 0; ports && i < ports->n; i++) {
		struct bridge_port *bp = ports->port[i];

		if (has_bit(v->ports, bp->no) || has_bit(v->routers, bp->no))
			copy_to(t, &c, bp, p);
	}
	copies_end(t, &c, p, up);
}

static void send_multicast(const struct passage *t, struct pkt *p)
{
	bool up = t->in;
	struct mcast_verdict v;

	if (!rcu_load(&t->br->mcast)) {
		flood(t, p, FLOOD_MULTICAST, up);
		return;
	}
	v = mcast_lookup(t->w, t->br, t->in, p);
	if (unlikely(v.drop)) {
		drop(t, p, DROP_MCAST_INVALID);
		return;
	}
	up = up && (v.host || t->promisc);
	if (v.flood)
		flood(t, p, FLOOD_MULTICAST, up);
	else
		send_to_members(t, p, &v, up);
}

/* Takes. */
static void send_group(const struct passage *t, struct pkt *p, uint64_t dst)
{
	if ((dst & FDB_MAC_MASK) == ADDR_BROADCAST)
		flood(t, p, FLOOD_BROADCAST, t->in);
	else
		send_multicast(t, p);
}

/* A port that is down has its backup send. */
static struct bridge_port *stand_in(struct bridge_port *bp, uint32_t flags)
{
	struct bridge_port *backup = flags & BP_F_DOWN ? rcu_load(&bp->backup) : NULL;

	return backup ? backup : bp;
}

/* To the station's port, and to the stack if that wants everything.  Takes. */
static inline void forward(const struct passage *t, struct bridge_port *bp, struct pkt *p)
{
	uint32_t flags = port_flags(bp);
	enum drop why;

	if (unlikely(flags & BP_F_DOWN)) {
		bp = stand_in(bp, flags);
		flags = port_flags(bp);
	}
	why = refusal(t, bp, flags, p->vid);
	if (unlikely(t->promisc && t->in)) {
		struct copies c = {.last = why == DROP_N_REASONS ? bp : NULL};

		copies_end(t, &c, p, true);
	} else if (likely(why == DROP_N_REASONS)) {
		send_by(t, bp, p);
	} else {
		drop(t, p, why);
	}
}

/* Where a station is: its port, NULL for the bridge itself. */
static struct bridge_port *port_of(const struct bridge *br, uint64_t value)
{
	return rcu_load(&br->by_no[fdb_port(value)]);
}

/* A frame of the bridge's own for one of its addresses goes out by the port whose address it
 * is, as in Linux. */
static void send_local(const struct passage *t, struct pkt *p, uint64_t value)
{
	struct bridge_port *bp;

	if (t->in) {
		send_up(t, p);
		return;
	}
	bp = port_of(t->br, value);
	if (bp)
		forward(t, bp, p);
	else
		drop(t, p, DROP_BRIDGE_OWN_ADDRESS);
}

/* Takes. */
static inline void send_unicast(const struct passage *t, struct pkt *p,
				struct fdb_hash hash, uint64_t dst)
{
	uint64_t value = fdb_use(t->table, hash, dst, t->second);
	struct bridge_port *bp;

	if (likely(fdb_is_live(value))) {
		if (unlikely(value & FDB_VALUE_F(FDB_F_LOCAL))) {
			send_local(t, p, value);
			return;
		}
		bp = port_of(t->br, value);
		if (likely(bp)) {
			forward(t, bp, p);
			return;
		}
	}
	flood(t, p, FLOOD_UNICAST, t->promisc && t->in);
}

/* ---- in ---- */

static inline void learn(struct passage *t, struct fdb_hash hash, uint64_t src)
{
	enum fdb_news news = fdb_learn(t->br->fdb, t->table, hash, src, t->in->no, 0,
				       t->w->now, t->tick);

	if (unlikely((news == FDB_NEW || news == FDB_MOVED) &&
		     atomic_load_explicit(&bridge_fdb_heard, memory_order_relaxed)))
		t->news.key[t->news.n++] = src;
}

/* Learning as it comes with a frame for the port's own stack. */
static void learn_alone(struct passage *t, const struct pkt *p)
{
	uint16_t vid = 0;
	uint64_t src;

	if (t->vlans && !vlan_may_learn(t->in, p, &vid))
		return;
	src = fdb_key_at(p->data + 6, vid);
	if (t->in_flags & BP_F_LEARN &&
	    !(t->config->boolopts & 1u << BR_BOOLOPT_NO_LL_LEARN))
		learn(t, fdb_hash(t->table, src), src);
}

/* A frame for one of the sixteen addresses that bridges keep to a link (802.1Q table 8-1).
 * True: it is to be forwarded all the same.  Otherwise takes. */
static bool admit_link_local(struct passage *t, struct pkt *p, uint64_t dst)
{
	struct dev *dev = t->in->dev;
	unsigned last = (dst >> ADDR_LL_LAST) & 0xff;
	unsigned group = t->config->group_addr[5];
	unsigned mask =
		t->config->group_fwd_mask |
		((const struct bridge_port_config *)dev_port_config(dev))->group_fwd_mask;
	struct port *mirror;
	struct burst one = {.n = 1, .pkt = {p}};

	if (bridge_of_provider(t->config))
		mask |= LL_OF_CUSTOMERS & ~(1u << group);
	if (last == LL_STP && !t->config->stp_state)
		return true;
	if (last == LL_PAUSE) {
		drop(t, p, DROP_MAC_IEEE_MAC_CONTROL);
		return false;
	}
	if (mask & 1u << last)
		return true;
	learn_alone(t, p);
	if (last == group)
		net_post_frame(dev->net, dev, p, BPDU_POST_MAX, stp_receive);
	mirror = rcu_load(&dev->mirror);
	if (dev->kind->deliver)
		dev->kind->deliver(t->w, dev, &one);
	else if (mirror)
		mirror->ops->send(t->w, mirror, &one);
	else
		pkt_free(p);
	return false;
}

/* May @p come in?  Otherwise takes. */
static inline bool admit(struct passage *t, struct pkt *p)
{
	uint64_t dst, src;

	if (unlikely(p->len < sizeof(struct eth))) {
		drop(t, p, DROP_TOO_SHORT);
		return false;
	}
	dst = fdb_key_at(p->data, 0);
	src = fdb_key_at(p->data + 6, 0);
	if (unlikely(src & ADDR_GROUP || !src)) {
		drop(t, p, DROP_MAC_INVALID_SOURCE);
		return false;
	}
	if (unlikely((dst & ADDR_LL_MASK) == ADDR_LL) && !admit_link_local(t, p, dst))
		return false;
	if (unlikely(!(t->in_flags & BP_F_ACCEPT))) {
		drop(t, p, DROP_BRIDGE_INGRESS_STP_STATE);
		return false;
	}
	return true;
}

static void admit_burst(struct passage *t, struct burst *b)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < b->n; i++) {
		struct pkt *p = b->pkt[i];

		if (i + AHEAD < b->n)
			__builtin_prefetch(b->pkt[i + AHEAD]->data);
		b->pkt[kept] = p;
		kept += admit(t, p);
	}
	b->n = kept;
}

/* A locked port takes frames only of stations that it is known to have.  Otherwise takes. */
static bool admit_locked(struct passage *t, struct pkt *p, struct fdb_hash hash,
			 uint64_t src)
{
	uint64_t v = fdb_lookup(t->table, hash, src);

	if (fdb_is_live(v) && fdb_port(v) == t->in->no &&
	    !(v & FDB_VALUE_F(FDB_F_LOCAL | FDB_F_LOCKED)))
		return true;
	if (!fdb_is_live(v) && t->in_flags & BP_F_MAB &&
	    fdb_learn_slow(t->br->fdb, t->table, hash, src, t->in->no, FDB_F_LOCKED,
			   t->w->now) == FDB_NEW &&
	    atomic_load_explicit(&bridge_fdb_heard, memory_order_relaxed))
		t->news.key[t->news.n++] = src;
	drop(t, p, DROP_BRIDGE_LOCKED);
	return false;
}

struct keys {
	uint64_t src[BURST_MAX], dst[BURST_MAX];
	struct fdb_hash src_hash[BURST_MAX], dst_hash[BURST_MAX];
};

static void find_keys(const struct passage *t, const struct burst *b, struct keys *k)
{
	for (uint32_t i = 0; i < b->n; i++) {
		const struct pkt *p = b->pkt[i];

		k->dst[i] = fdb_key_at(p->data, p->vid);
		k->dst_hash[i] = fdb_hash(t->table, k->dst[i]);
		fdb_prefetch(t->table, k->dst_hash[i]);
		if (!t->in)
			continue;
		k->src[i] = fdb_key_at(p->data + 6, p->vid);
		k->src_hash[i] = fdb_hash(t->table, k->src[i]);
		fdb_prefetch(t->table, k->src_hash[i]);
	}
}

/* Every frame of @b may come in.  Leaves it empty. */
static void switch_burst(struct passage *t, struct burst *b)
{
	struct keys k;

	find_keys(t, b, &k);
	for (uint32_t i = 0; i < b->n; i++) {
		struct pkt *p = b->pkt[i];

		if (t->in && unlikely(t->in_flags & BP_F_LOCKED) &&
		    !admit_locked(t, p, k.src_hash[i], k.src[i]))
			continue;
		if (t->in_flags & BP_F_LEARN)
			learn(t, k.src_hash[i], k.src[i]);
		if (unlikely((!(t->in_flags & BP_F_FORWARD) && t->in) ||
			     p->flags & PKT_F_LEARN_ONLY)) {
			drop(t, p, DROP_BRIDGE_INGRESS_STP_STATE);
			continue;
		}
		if (unlikely(t->neigh))
			t->answered = bridge_neigh_ask(t->w, t->br, t->in, t->table, p);
		if (unlikely(k.dst[i] & ADDR_GROUP))
			send_group(t, p, k.dst[i]);
		else
			send_unicast(t, p, k.dst_hash[i], k.dst[i]);
	}
	b->n = 0;
}

static void passage_begin(struct passage *t, struct worker *w, struct bridge *br,
			  struct bridge_port *in)
{
	t->w = w;
	t->br = br;
	t->in = in;
	t->in_flags = in ? port_flags(in) : 0;
	t->config = dev_config(br->dev);
	t->table = fdb_table(br->fdb);
	t->vlans = rcu_load(&br->vlans);
	t->neigh = rcu_load(&br->neigh);
	t->answered = false;
	t->promisc = atomic_load_explicit(&br->dev->promisc, memory_order_relaxed);
	t->tick = fdb_tick(w->now);
	t->second = fdb_second(w->now);
	t->news.n = 0;
}

static void passage_end(struct passage *t)
{
	if (unlikely(t->news.n))
		bridge_fdb_post(t->w, t->br, &t->news);
}

void bridge_receive(struct worker *w, struct dev *dev, struct burst *b)
{
	struct bridge_port *in = dev_port_state(dev);
	struct passage t;

	if (unlikely(!in)) { /* it has just left */
		burst_drop(w, dev, b, DROP_NO_RECEIVER);
		return;
	}
	passage_begin(&t, w, in->br, in);
	admit_burst(&t, b);
	if (t.vlans)
		vlan_ingress(w, in->br, in, b);
	switch_burst(&t, b);
	passage_end(&t);
}

/* ---- the bridge's own frames ---- */

static void drop_short(const struct passage *t, struct burst *b)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < b->n; i++) {
		struct pkt *p = b->pkt[i];

		b->pkt[kept] = p;
		if (likely(p->len >= sizeof(struct eth)))
			kept++;
		else
			drop(t, p, DROP_TOO_SHORT);
	}
	b->n = kept;
}

void bridge_transmit(struct worker *w, struct dev *dev, struct burst *b)
{
	struct bridge *br = dev_state(dev);
	uint64_t bytes = 0;
	struct passage t;

	passage_begin(&t, w, br, NULL);
	for (uint32_t i = 0; i < b->n; i++)
		bytes += pkt_size(b->pkt[i]);
	dev_count_tx(w, dev, b->n, bytes);
	drop_short(&t, b);
	if (t.vlans)
		vlan_ingress(w, br, NULL, b);
	switch_burst(&t, b);
}

void bridge_send(struct bridge_port *bp, const void *frame, uint32_t len)
{
	net_send(bp->dev->net, bp->dev, DIR_TX, frame, len);
}
