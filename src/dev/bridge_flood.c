/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_flood - frames that leave a bridge by several ports.
 *
 * Each port but the last gets a clone, which shares payload; the last, or the bridge's own
 * stack, gets the packet itself.
 */
#include "dev/bridge_path.h"

/* One of several ports.  Takes. */
static void send_one(const struct passage *t, struct bridge_port *bp, struct pkt *p)
{
	if (unlikely(t->message))
		mcast_count_tx(t->w, t->br, bp, t->message);
	send_by(t, bp, p);
}

void copy_to(const struct passage *t, struct bridge_port *bp, struct pkt *p)
{
	struct pkt *copy = pkt_clone(t->w, p);

	if (likely(copy))
		send_one(t, bp, copy);
	else
		dev_worker(t->w, t->br->dev)->drops[DROP_NO_BUFFER]++;
}

/* ---- unknown ---- */

/* Is a port with @flags to have frames of this kind that nobody is known for?  What the bridge
 * itself sends to groups, it has whatever its settings. */
static bool is_flooded(const struct passage *t, uint32_t flags)
{
	const struct flood_run *run = &t->run;

	if (flags & BP_F_PROXY_ARP)
		return false;
	if (unlikely(run->answered) && flags & BP_F_PROXY_ARP_WIFI)
		return false;
	if (run->kind == FLOOD_UNICAST)
		return flags & BP_F_FLOOD;
	return !t->in || flags & (run->kind == FLOOD_MULTICAST ? BP_F_MCAST_FLOOD
							       : BP_F_BCAST_FLOOD);
}

/* May a frame of the run leave by @bp, as far as its VLAN decides? */
static bool leaves_by(const struct passage *t, const struct bridge_port *bp,
		      const struct pkt *p)
{
	return vlan_leaves(t, bp, p->vid) &&
	       (likely(!t->run.answered) || !bridge_neigh_spares(bp, p->vid));
}

/* A copy of each frame by @bp.  Returns which have left by it, as bits. */
static uint64_t copy_run(const struct passage *t, struct bridge_port *bp)
{
	const struct flood_run *run = &t->run;
	uint64_t left = 0;

	static_assert(BURST_MAX <= 64, "a bit for each frame");
	for (uint32_t i = 0; i < run->n; i++) {
		if (!leaves_by(t, bp, run->pkt[i]))
			continue;
		copy_to(t, bp, run->pkt[i]);
		left |= UINT64_C(1) << i;
	}
	return left;
}

/* The frames themselves by @last (NULL: there is no such port), where they may.  The others end
 * here: well, if they have @left already. */
static void send_run(const struct passage *t, struct bridge_port *last, uint64_t left)
{
	const struct flood_run *run = &t->run;

	for (uint32_t i = 0; i < run->n; i++) {
		struct pkt *p = run->pkt[i];

		if (last && leaves_by(t, last, p))
			send_one(t, last, p);
		else if (left >> i & 1)
			pkt_free(p);
		else
			drop(t, p, DROP_NO_TX_TARGET);
	}
}

void flood_run_end(struct passage *t)
{
	const struct bridge_port_set *ports = rcu_load(&t->br->ports);
	struct flood_run *run = &t->run;
	struct bridge_port *last = NULL;
	uint64_t left = 0;

	for (unsigned i = 0; ports && i < ports->n; i++) {
		struct bridge_port *bp = ports->port[i];
		uint32_t flags = port_flags(bp);

		if (!is_flooded(t, flags) || port_refusal(t, bp, flags) != DROP_N_REASONS)
			continue;
		if (last)
			left |= copy_run(t, last);
		last = bp;
	}
	if (run->up && last)
		copy_run(t, last);
	if (!run->up)
		send_run(t, last, left);
	for (uint32_t i = 0; run->up && i < run->n; i++)
		send_up(t, run->pkt[i]);
	run->n = 0;
}

void flood(struct passage *t, struct pkt *p, enum flood_kind kind, bool up)
{
	struct flood_run *run = &t->run;

	if (run->n &&
	    (run->kind != kind || run->up != up || run->answered != t->answered))
		flood_run_end(t);
	run->kind = kind;
	run->up = up;
	run->answered = t->answered;
	run->pkt[run->n++] = p;
}

/* ---- to a group's members ---- */

static bool has_bit(const uint64_t *bits, unsigned no)
{
	return bits[no / 64] >> no % 64 & 1;
}

/* May @p leave by @bp? */
static bool may_leave(const struct passage *t, const struct bridge_port *bp,
		      const struct pkt *p)
{
	return port_refusal(t, bp, port_flags(bp)) == DROP_N_REASONS &&
	       vlan_leaves(t, bp, p->vid);
}

/* Members who are to have a frame of their own, with their address in it. */
static void send_as_unicast(const struct passage *t, const struct mcast_verdict *v,
			    struct pkt *p)
{
	for (unsigned i = 0; i < v->n_copies; i++) {
		const struct mcast_copy *c = &v->copies[i];
		struct bridge_port *bp = rcu_load(&t->br->by_no[c->port]);
		struct pkt *clone;

		if (!bp || has_bit(v->routers, c->port) || !may_leave(t, bp, p) ||
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
	struct bridge_port *last = NULL;

	if (unlikely(v->n_copies))
		send_as_unicast(t, v, p);
	for (unsigned i = 0; ports && i < ports->n; i++) {
		struct bridge_port *bp = ports->port[i];

		if ((!has_bit(v->ports, bp->no) && !has_bit(v->routers, bp->no)) ||
		    !may_leave(t, bp, p))
			continue;
		if (last)
			copy_to(t, last, p);
		last = bp;
	}
	if (up && last)
		copy_to(t, last, p);
	if (up)
		send_up(t, p);
	else if (last)
		send_one(t, last, p);
	else
		drop(t, p, DROP_NO_TX_TARGET);
}

void send_multicast(struct passage *t, struct pkt *p)
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
	if (v.flood && !v.counter) {
		flood(t, p, FLOOD_MULTICAST, up);
		return;
	}
	flood_end(t);
	t->message = v.counter;
	if (v.flood) {
		flood(t, p, FLOOD_MULTICAST, up);
		flood_end(t);
	} else {
		send_to_members(t, p, &v, up);
	}
	t->message = MCAST_COUNT_NOTHING;
}
