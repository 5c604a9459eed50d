/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_path - frames through a bridge, in Linux's order of decisions.
 *
 * A burst is gone through twice: what may come in at all, its VLANs, keys and buckets, whose
 * memory is fetched meanwhile; learning and where to.  What leaves is queued on the ports'
 * devices, where it becomes bursts again.
 */
#include "dev/bridge_path.h"
#include "net/post.h"

#define AHEAD 4u /* packets whose first bytes are fetched before they are looked at */

/* BPDUs that are longer are none. */
#define BPDU_POST_MAX 128u

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

void send_up(const struct passage *t, struct pkt *p)
{
	const struct bridge_vlans *v;

	if (t->vlans) {
		v = rcu_load(&t->br->vlan_table);
		if (!vlan_bit(v->out, p->vid) && !t->promisc) {
			drop(t, p, DROP_NO_TX_TARGET);
			return;
		}
		p = vlan_egress(t->w, &t->gate, t->br->dev, v, p);
		if (!p)
			return;
	}
	if (unlikely(t->message))
		mcast_count_tx(t->w, t->br, NULL, t->message);
	dev_queue(t->w, t->br->dev, DIR_RX, p);
}

/* Takes. */
static void send_group(struct passage *t, struct pkt *p, uint64_t dst)
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

/* As forward, where something is out of the ordinary.  Takes. */
static void forward_oddly(const struct passage *t, struct bridge_port *bp, struct pkt *p)
{
	uint32_t flags = port_flags(bp);
	bool up = t->promisc && t->in;
	enum drop why;

	bp = stand_in(bp, flags);
	why = port_refusal(t, bp, port_flags(bp));
	if (why == DROP_N_REASONS && !vlan_leaves(t, bp, p->vid))
		why = DROP_NO_TX_TARGET;
	if (up && why == DROP_N_REASONS)
		copy_to(t, bp, p);
	if (up)
		send_up(t, p);
	else if (why == DROP_N_REASONS)
		send_by(t, bp, p);
	else
		drop(t, p, why);
}

/* To the station's port, and to the stack if that wants everything.  Takes. */
static inline void forward(const struct passage *t, struct bridge_port *bp, struct pkt *p)
{
	if (likely(!((port_flags(bp) ^ BP_F_FORWARD) & t->suspect) && bp != t->in &&
		   !t->promisc && vlan_leaves(t, bp, p->vid)))
		send_by(t, bp, p);
	else
		forward_oddly(t, bp, p);
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
static inline void send_unicast(struct passage *t, struct pkt *p, struct fdb_hash hash,
				uint64_t dst)
{
	const uint64_t live = FDB_VALUE_F(FDB_F_READY), local = FDB_VALUE_F(FDB_F_LOCAL);
	uint64_t value = fdb_use(t->table, hash, dst, t->second);
	struct bridge_port *bp = port_of(t->br, value);

	if (unlikely(!(value & live) || (!bp && !(value & local)))) {
		flood(t, p, FLOOD_UNICAST, t->promisc && t->in);
		return;
	}
	flood_end(t);
	if (unlikely(value & local))
		send_local(t, p, value);
	else
		forward(t, bp, p);
}

/* ---- in ---- */

/* Listeners hear of every station; whoever carries flows past the bridge, of those that move. */
static bool has_hearer(const struct bridge *br, enum fdb_news news)
{
	return atomic_load_explicit(&bridge_fdb_heard, memory_order_relaxed) ||
	       (news == FDB_MOVED &&
		atomic_load_explicit(&br->dev->n_flows, memory_order_relaxed));
}

static inline void learn(struct passage *t, struct fdb_hash hash, uint64_t src)
{
	enum fdb_news news = fdb_learn(t->br->fdb, t->table, hash, src, t->in->no, 0,
				       t->w->now, t->tick);

	if (unlikely(news == FDB_NEW || news == FDB_MOVED) && has_hearer(t->br, news)) {
		t->news.key[t->news.n++] = src;
		t->news.moved |= news == FDB_MOVED;
	}
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
static inline bool admit(struct passage *t, struct pkt *p, uint64_t dst, uint64_t src)
{
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

struct keys {
	uint64_t src[BURST_MAX], dst[BURST_MAX];
	struct fdb_hash src_hash[BURST_MAX], dst_hash[BURST_MAX];
};

/* Drop what may not come in of @b; the others' VLANs and keys. */
static void admit_burst(struct passage *t, struct burst *b, struct keys *k)
{
	const struct fdb_table *table = t->table;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < b->n; i++) {
		struct pkt *p = b->pkt[i];
		uint64_t dst, src;

		if (i + AHEAD < b->n)
			__builtin_prefetch(b->pkt[i + AHEAD]->data);
		if (unlikely(p->len < sizeof(struct eth))) {
			drop(t, p, DROP_TOO_SHORT);
			continue;
		}
		dst = fdb_key_at(p->data, 0);
		src = fdb_key_at(p->data + 6, 0);
		if (t->in && !admit(t, p, dst, src))
			continue;
		if (t->vlans && unlikely(!vlan_ingress(t->w, &t->gate, p)))
			continue;
		b->pkt[kept] = p;
		k->dst[kept] = dst = fdb_key_in(dst, p->vid);
		k->dst_hash[kept] = fdb_hash(table, dst);
		fdb_prefetch(table, k->dst_hash[kept]);
		if (t->in) {
			k->src[kept] = src = fdb_key_in(src, p->vid);
			k->src_hash[kept] = fdb_hash(table, src);
			fdb_prefetch(table, k->src_hash[kept]);
		}
		kept++;
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

/* Leaves @b empty. */
static void switch_burst(struct passage *t, struct burst *b)
{
	struct keys k;

	admit_burst(t, b, &k);
	for (uint32_t i = 0; i < b->n; i++) {
		struct pkt *p = b->pkt[i];

		if (unlikely(t->in_flags & BP_F_LOCKED) &&
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
	flood_end(t);
	b->n = 0;
}

static void passage_begin(struct passage *t, struct worker *w, struct bridge *br,
			  struct bridge_port *in)
{
	t->w = w;
	t->br = br;
	t->in = in;
	t->in_flags = in ? port_flags(in) : 0;
	t->suspect = BP_F_FORWARD | BP_F_DOWN | (t->in_flags & BP_F_ISOLATED);
	t->config = dev_config(br->dev);
	t->table = fdb_table(br->fdb);
	t->vlans = rcu_load(&br->vlans);
	if (t->vlans)
		vlan_gate_init(&t->gate, in ? in->dev : br->dev,
			       rcu_load(in ? &in->vlans : &br->vlan_table));
	t->neigh = rcu_load(&br->neigh);
	t->answered = false;
	t->message = MCAST_COUNT_NOTHING;
	t->promisc = atomic_load_explicit(&br->dev->promisc, memory_order_relaxed);
	t->tick = fdb_tick(w->now);
	t->second = fdb_second(w->now);
	t->run.n = 0;
	t->news.n = 0;
	t->news.moved = false;
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
	switch_burst(&t, b);
	if (unlikely(t.news.n))
		bridge_fdb_post(w, in->br, &t.news);
}

/* The bridge's own stack sends. */
void bridge_transmit(struct worker *w, struct dev *dev, struct burst *b)
{
	struct bridge *br = dev_state(dev);
	uint64_t bytes = 0;
	struct passage t;

	passage_begin(&t, w, br, NULL);
	for (uint32_t i = 0; i < b->n; i++)
		bytes += pkt_size(b->pkt[i]);
	dev_count_tx(w, dev, b->n, bytes);
	switch_burst(&t, b);
}

void bridge_send(struct bridge_port *bp, const void *frame, uint32_t len)
{
	net_send(bp->dev->net, bp->dev, DIR_TX, frame, len);
}
