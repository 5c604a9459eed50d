/* SPDX-License-Identifier: BSD-2-Clause
 *
 * dev_path - bursts through devices: what is pending, and what transmit and receive share.
 *
 * Work is one burst for one device in one direction.  A worker's works stand in a queue.  As
 * long as a work is in the queue and not full, it is its device's *open* one, which packets
 * for that device and direction join; so bursts that were taken apart (by a bridge, say)
 * come together again, and order is kept per device and direction.  A full work closes, and
 * the next packet opens another at the queue's end.
 *
 * Every work holds at least one packet, so there are never more than the pools have packets.
 * They are allocated when the queue grows longer than ever before, and kept.
 */
#include "net/dev.h"
#include "pkt/hdr.h"
#include "pkt/tag.h"

struct dev_work *dev_open_work(struct worker *w, struct dev *dev, enum dir dir)
{
	struct dev_work *k = w->spare;

	if (likely(k))
		w->spare = k->next;
	else
		k = xnew(struct dev_work);
	k->next = NULL;
	k->dev = dev;
	k->dir = dir;
	if (w->first)
		*w->last = k;
	else
		w->first = k;
	w->last = &k->next;
	dev_worker(w, dev)->open[dir] = k;
	return k;
}

void dev_queue_burst(struct worker *w, struct dev *dev, enum dir dir, struct burst *b)
{
	struct dev_worker *dw = dev_worker(w, dev);
	uint32_t done = 0;

	while (done < b->n) {
		struct dev_work *k = dw->open[dir];
		uint32_t n;

		if (!k)
			k = dev_open_work(w, dev, dir);
		n = min(b->n - done, BURST_MAX - k->burst.n);
		memcpy(&k->burst.pkt[k->burst.n], &b->pkt[done], n * sizeof(b->pkt[0]));
		k->burst.n += n;
		done += n;
		if (k->burst.n == BURST_MAX)
			dw->open[dir] = NULL;
	}
	b->n = 0;
}

/* Packets that have crossed so many devices that they must be going in a circle. */
static uint64_t drop_loops(struct worker *w, struct dev *dev, struct burst *b)
{
	uint64_t bytes = 0;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < b->n; i++) {
		struct pkt *p = b->pkt[i];

		if (p->hops >= PKT_HOPS_MAX) {
			pkt_drop(w, dev, p, DROP_LOOP);
			continue;
		}
		bytes += pkt_size(p);
		b->pkt[kept++] = p;
	}
	b->n = kept;
	return bytes;
}

void dev_deliver(struct worker *w, struct dev *dev, struct burst *b)
{
	struct port *mirror;

	if (dev->kind->deliver)
		dev->kind->deliver(w, dev, b);
	else if ((mirror = rcu_load(&dev->mirror)))
		mirror->ops->send(w, mirror, b);
	else
		burst_drop(w, dev, b, DROP_NO_RECEIVER);
}

/* Does the stack of a lower device not heed @p: because it has a tag, or is for somebody else? */
static bool is_harmless(const struct dev *dev, const struct pkt *p)
{
	const struct eth *eth = pkt_eth(p);
	const struct vlan *tag;

	if (!eth)
		return false;
	tag = ethertype_is_vlan(eth->type) ? pkt_hdr(p, sizeof(*eth), struct vlan) : NULL;
	if (tag)
		return from_be16(tag->tci) & VLAN_ID_MASK;
	return !eth_is_multicast(eth->dst) &&
	       memcmp(eth->dst, dev->addr, sizeof(dev->addr));
}

/* Show what passes a captured device to its namespace, but for what that has sent itself. */
static void show(struct worker *w, struct dev *dev, struct burst *b,
		 enum capture_mode mode)
{
	struct burst copies;
	struct pkt *p, *copy;

	copies.n = 0;
	burst_foreach(p, b) {
		if (p->flags & PKT_F_OWN)
			p->flags &= (uint8_t)~PKT_F_OWN;
		else if ((mode == CAPTURE_PORT || is_harmless(dev, p)) &&
			 (copy = pkt_clone(w, p)))
			copies.pkt[copies.n++] = copy;
		/* Without memory it is not seen, but not lost either. */
	}
	if (copies.n)
		dev_deliver(w, dev, &copies);
}

void dev_show(struct worker *w, struct dev *dev, struct pkt *p)
{
	struct burst b;

	b.n = 1;
	b.pkt[0] = p;
	/* A port has been shown all that it received. */
	if (dev_captured(dev) == CAPTURE_LOWER)
		show(w, dev, &b, CAPTURE_LOWER);
}

static void dev_receive(struct worker *w, struct dev *dev, struct burst *b)
{
	struct dev_worker *dw = dev_worker(w, dev);
	void (*upper)(struct worker *, struct dev *, struct burst *);
	void (*vlan)(struct worker *, struct dev *, struct burst *);
	uint64_t bytes = 0;
	bool loop = false;

	for (uint32_t i = 0; i < b->n; i++) {
		struct pkt *p = b->pkt[i];

		p->in = dev;
		p->vid = 0;
		p->hops++;
		loop |= p->hops >= PKT_HOPS_MAX;
		bytes += pkt_size(p);
	}
	if (unlikely(!dev_is_up(dev))) {
		burst_drop(w, dev, b, DROP_DEV_DOWN);
		return;
	}
	if (unlikely(loop))
		bytes = drop_loops(w, dev, b);
	dw->counters.rx_packets += b->n;
	dw->counters.rx_bytes += bytes - (uint64_t)b->n * dev->kind->rx_uncounted;
	if (unlikely(!b->n))
		return;

	if (unlikely(dev_captured(dev) == CAPTURE_PORT))
		show(w, dev, b, CAPTURE_PORT);
	vlan = rcu_load(&dev->vlan_receive);
	if (unlikely(vlan)) {
		vlan(w, dev, b);
		if (!b->n)
			return;
	}
	upper = rcu_load(&dev->upper_receive);
	if (upper)
		upper(w, dev, b);
	else
		dev_deliver(w, dev, b);
}

/* As dev_receive does it. */
bool dev_delivers_straight(const struct dev *dev)
{
	return dev->up && dev->mirror && !dev->upper_receive && !dev->vlan_receive &&
	       !dev->kind->deliver && !dev->watchers;
}

static void dev_transmit(struct worker *w, struct dev *dev, struct burst *b)
{
	enum capture_mode mode = dev_captured(dev);

	if (unlikely(mode))
		show(w, dev, b, mode);
	if (unlikely(!dev_is_up(dev)))
		burst_drop(w, dev, b, DROP_DEV_DOWN);
	else if (likely(dev->kind->transmit))
		dev->kind->transmit(w, dev, b);
	else
		burst_drop(w, dev, b, DROP_NO_RECEIVER);
}

bool dev_run_pending(struct worker *w, unsigned budget)
{
	struct dev_work *k;

	while ((k = w->first)) {
		struct dev_worker *dw = dev_worker(w, k->dev);

		if (!budget--)
			return false;
		w->first = k->next;
		if (dw->open[k->dir] == k)
			dw->open[k->dir] = NULL;
		if (k->dir == DIR_TX)
			dev_transmit(w, k->dev, &k->burst);
		else
			dev_receive(w, k->dev, &k->burst);
		assert_fast(!k->burst.n);
		k->next = w->spare;
		w->spare = k;
		w->n_work++;
	}
	return true;
}

void dev_forget_pending(struct worker *w)
{
	struct dev_work *k;

	while ((k = w->first)) {
		w->first = k->next;
		dev_worker(w, k->dev)->open[k->dir] = NULL;
		burst_drop(w, NULL, &k->burst, DROP_DEV_DOWN);
		free(k);
	}
	while ((k = w->spare)) {
		w->spare = k->next;
		free(k);
	}
}
