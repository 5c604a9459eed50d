/* SPDX-License-Identifier: BSD-2-Clause
 *
 * macvlan_path - who gets which frame: doc/kinds.md has the table.
 *
 * A frame that arrives on the lower device for somebody's address goes there; what is for nobody
 * goes on to the lower device's own namespace.  A multicast frame goes to both, and to whom it
 * goes depends on who sent it: one of the group's own frames has come back from outside, where
 * a hairpin reflected it, and in bridge mode its siblings have heard it already.
 */
#include "dev/macvlan_priv.h"
#include "pkt/hdr.h"

#include <linux/virtio_net.h>

#define VLAN_HLEN	4u
#define ETHERTYPE_PAUSE 0x8808 /* 802.3 31B: never forwarded */
#define AHEAD		4u

static inline const struct macvlan_entry *find(const struct macvlan_entry *places,
					       uint32_t mask, uint64_t key)
{
	uint32_t i = macvlan_hash(key) & mask;

	while (places[i].addr && places[i].addr != key)
		i = (i + 1) & mask;
	return places[i].addr ? &places[i] : NULL;
}

static inline const struct macvlan_entry *find_addr(const struct macvlan_table *t,
						    const uint8_t addr[6])
{
	return find(t->by_addr, t->mask, macvlan_key(addr));
}

/* What one device hands another directly is bounded as if it had come by a wire. */
static bool is_too_big(const struct pkt *p, const struct dev *dev)
{
	return pkt_size(p) > dev_mtu(dev) + sizeof(struct eth) + VLAN_HLEN &&
	       p->off.gso_type == VIRTIO_NET_HDR_GSO_NONE;
}

/* A copy of @p for @dev.  Borrows. */
static void copy_to(struct worker *w, struct dev *dev, struct pkt *p)
{
	struct pkt *copy = pkt_clone(w, p);

	if (likely(copy)) {
		dev_queue(w, dev, DIR_RX, copy);
		return;
	}
	dev_worker(w, dev)->drops[DROP_NO_BUFFER]++;
	dev_worker(w, dev)->counters.rx_dropped++;
}

/* A copy to each device of @modes but @except.  Borrows. */
static void flood(struct worker *w, const struct macvlan_table *t, struct pkt *p,
		  const struct dev *except, uint32_t modes)
{
	if (unlikely(be16_equal(pkt_eth(p)->type, to_be16(ETHERTYPE_PAUSE))))
		return;
	for (uint32_t i = 0; i < t->n; i++) {
		const struct macvlan_entry *e = &t->all[i];

		if (e->dev == except || !(e->mode & modes))
			continue;
		if (modes == MACVLAN_MODE_BRIDGE && unlikely(is_too_big(p, e->dev))) {
			dev_worker(w, e->dev)->drops[DROP_TOO_BIG]++;
			dev_worker(w, e->dev)->counters.rx_dropped++;
			continue;
		}
		copy_to(w, e->dev, p);
	}
}

/* ---- arriving on the lower device ---- */

/* A copy to each source-mode device that listens to the sender.  True: one of them wants the
 * frame for itself alone.  Borrows. */
static bool copy_to_listeners(struct worker *w, const struct macvlan_table *t,
			      struct pkt *p)
{
	uint64_t key = macvlan_key(pkt_eth(p)->src);
	uint32_t i = macvlan_hash(key) & t->source_mask;
	bool alone = false;

	for (; t->by_source[i].addr; i = (i + 1) & t->source_mask) {
		if (t->by_source[i].addr != key)
			continue;
		copy_to(w, t->by_source[i].dev, p);
		alone |= t->by_source[i].flags & MACVLAN_FLAG_NODST;
	}
	return alone;
}

/* True: the frame was one device's alone, and is taken. */
static bool receive_multicast(struct worker *w, const struct macvlan_table *t,
			      struct pkt *p)
{
	const struct macvlan_entry *sender = find_addr(t, pkt_eth(p)->src);

	if (!sender)
		flood(w, t, p, NULL,
		      MACVLAN_MODE_PRIVATE | MACVLAN_MODE_VEPA | MACVLAN_MODE_BRIDGE |
			      MACVLAN_MODE_PASSTHRU);
	else if (sender->mode == MACVLAN_MODE_VEPA)
		flood(w, t, p, sender->dev, MACVLAN_MODE_VEPA | MACVLAN_MODE_BRIDGE);
	else if (sender->mode == MACVLAN_MODE_BRIDGE)
		flood(w, t, p, sender->dev, MACVLAN_MODE_VEPA);
	else
		dev_queue(w, sender->dev, DIR_RX, p);
	return sender && !(sender->mode & (MACVLAN_MODE_VEPA | MACVLAN_MODE_BRIDGE));
}

static struct dev *unicast_receiver(const struct macvlan_table *t, const uint8_t addr[6])
{
	const struct macvlan_entry *e;

	if (t->passthru)
		return t->passthru;
	e = find_addr(t, addr);
	return e && e->mode != MACVLAN_MODE_SOURCE ? e->dev : NULL;
}

/* True: the packet is taken.  False: it is for the lower device's own namespace. */
static bool receive_one(struct worker *w, const struct macvlan_table *t,
			struct dev *lower, struct pkt *p)
{
	struct dev *to;

	if (unlikely(p->len < sizeof(struct eth))) {
		pkt_drop(w, lower, p, DROP_TOO_SHORT);
		return true;
	}
	if (unlikely(t->n_sources) && copy_to_listeners(w, t, p)) {
		if (unlikely(dev_captured(lower)))
			dev_show(w, lower, p);
		pkt_free(p);
		return true;
	}
	if (eth_is_multicast(pkt_eth(p)->dst))
		return receive_multicast(w, t, p);
	to = unicast_receiver(t, pkt_eth(p)->dst);
	if (!to)
		return false;
	if (unlikely(dev_captured(lower)))
		dev_show(w, lower, p);
	dev_queue(w, to, DIR_RX, p);
	return true;
}

void macvlan_receive(struct worker *w, struct dev *lower, struct burst *b)
{
	const struct macvlan_table *t = rcu_load(&lower->port);
	uint32_t kept = 0;

	for (uint32_t i = 0; t && i < b->n; i++) {
		if (i + AHEAD < b->n)
			__builtin_prefetch(b->pkt[i + AHEAD]->data);
		if (!receive_one(w, t, lower, b->pkt[i]))
			b->pkt[kept++] = b->pkt[i];
	}
	if (t)
		b->n = kept;
	if (b->n)
		dev_deliver(w, lower, b);
}

/* ---- sending ---- */

/* To a sibling in bridge mode as if by the lower device's wire.  True: the packet is taken. */
static bool send_to_sibling(struct worker *w, const struct macvlan_table *t,
			    struct dev *dev, struct dev *lower, struct pkt *p)
{
	const struct macvlan_entry *to = find_addr(t, pkt_eth(p)->dst);

	if (!to || to->mode != MACVLAN_MODE_BRIDGE)
		return false;
	if (unlikely(!dev_is_up(lower)))
		pkt_drop(w, dev, p, DROP_LOWER_DOWN);
	else if (unlikely(is_too_big(p, lower)))
		pkt_drop(w, dev, p, DROP_TOO_BIG);
	else if (unlikely(t->n_sources) && copy_to_listeners(w, t, p))
		pkt_free(p);
	else {
		if (unlikely(dev_captured(lower)))
			dev_show(w, lower, p);
		dev_queue(w, to->dev, DIR_RX, p);
	}
	return true;
}

/* Those that siblings take leave the burst; all others go out. */
static void send_to_siblings(struct worker *w, struct dev *dev, struct dev *lower,
			     struct burst *b)
{
	const struct macvlan_table *t = rcu_load(&lower->port);
	uint32_t kept = 0;

	if (!t)
		return;
	for (uint32_t i = 0; i < b->n; i++) {
		struct pkt *p = b->pkt[i];
		uint32_t size = pkt_size(p);

		if (unlikely(p->len < sizeof(struct eth))) {
			pkt_drop(w, dev, p, DROP_TOO_SHORT);
		} else if (eth_is_multicast(pkt_eth(p)->dst)) {
			flood(w, t, p, dev, MACVLAN_MODE_BRIDGE);
			b->pkt[kept++] = p;
		} else if (send_to_sibling(w, t, dev, lower, p)) {
			dev_count_tx(w, dev, 1, size);
		} else {
			b->pkt[kept++] = p;
		}
	}
	b->n = kept;
}

void macvlan_transmit(struct worker *w, struct dev *dev, struct burst *b)
{
	const struct macvlan *macvlan = dev_state(dev);
	const struct macvlan_config *config = dev_config(dev);
	struct dev *lower = macvlan->lower;
	uint64_t bytes = 0;

	if (config->mode == MACVLAN_MODE_BRIDGE)
		send_to_siblings(w, dev, lower, b);
	if (unlikely(!dev_is_up(lower))) {
		burst_drop(w, dev, b, DROP_LOWER_DOWN);
		return;
	}
	for (uint32_t i = 0; i < b->n; i++)
		bytes += pkt_size(b->pkt[i]);
	dev_count_tx(w, dev, b->n, bytes);
	dev_queue_burst(w, lower, DIR_TX, b);
}
