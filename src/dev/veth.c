/* SPDX-License-Identifier: BSD-2-Clause
 *
 * veth - a pair of Ethernet devices; what one end sends, the other receives.
 *
 * The two ends live and die together but may be in different namespaces.  Neither owns the
 * other: each holds a pointer that the control thread clears before it frees the other end,
 * and workers read it under RCU, so a burst in flight sees either the whole peer or none.
 *
 * An end has a carrier while both are up.  What it may send is bounded by the other end's
 * MTU and not by its own, with room for a VLAN tag, and a segment that is still to be cut is
 * never too big: so does Linux.
 *
 * The pair has no settings.  VETH_INFO_PEER, a nested request for the other end, is read by
 * the caller of dev_create into link_req.peer.
 */
#include "dev/veth.h"
#include "net/net.h"
#include "pkt/hdr.h"

#include <linux/if_ether.h>
#include <linux/virtio_net.h>

#define VLAN_HLEN 4u

struct veth {
	struct dev *peer; /* NULL once either end is dying */
};

static int veth_create(struct dev *dev, struct link_req *req, struct extack *ea)
{
	struct veth *veth = dev_state(dev), *other;
	int err = 0;
	struct dev *peer = dev_create_peer(dev, req, req->peer, &err, ea);

	if (!peer)
		return err;
	other = dev_state(peer);
	veth->peer = peer;
	other->peer = dev;
	return 0;
}

static void veth_destroy(struct dev *dev)
{
	struct veth *veth = dev_state(dev);
	struct dev *peer = veth->peer;

	if (!peer)
		return; /* this is the end that dies second */
	rcu_publish(&veth->peer, NULL);
	rcu_publish(&((struct veth *)dev_state(peer))->peer, NULL);
	dev_destroy(peer);
}

static void veth_updown(struct dev *dev)
{
	const struct veth *veth = dev_state(dev);
	struct dev *peer = veth->peer;
	bool carrier = peer && dev_is_up(dev) && dev_is_up(peer);

	dev_set_carrier(dev, carrier);
	if (peer)
		dev_set_carrier(peer, carrier);
}

static struct dev *veth_link(const struct dev *dev)
{
	const struct veth *veth = dev_state(dev);

	return veth->peer;
}

/* Linux carries the outermost tag of a VLAN device beside the frame. */
static bool is_tagged(const struct pkt *p)
{
	const struct eth *eth = pkt_eth(p);

	return eth && ethertype_is_vlan(eth->type);
}

static inline bool is_too_big(const struct pkt *p, uint32_t max)
{
	uint32_t size = pkt_size(p);

	return size > max && p->off.gso_type == VIRTIO_NET_HDR_GSO_NONE &&
	       (size > max + VLAN_HLEN || !is_tagged(p));
}

/* Returns the bytes of what is left.  Both ends count the loss, as on Linux: the sender gave
 * a frame that did not arrive, the receiver refused it. */
static uint64_t veth_drop_too_big(struct worker *w, struct dev *dev, struct dev *peer,
				  struct burst *b, uint32_t max)
{
	uint64_t bytes = 0;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < b->n; i++) {
		struct pkt *p = b->pkt[i];

		if (is_too_big(p, max)) {
			pkt_drop(w, dev, p, DROP_TOO_BIG);
			dev_worker(w, peer)->counters.rx_dropped++;
			continue;
		}
		bytes += pkt_size(p);
		b->pkt[kept++] = p;
	}
	b->n = kept;
	return bytes;
}

static void veth_transmit(struct worker *w, struct dev *dev, struct burst *b)
{
	const struct veth *veth = dev_state(dev);
	struct dev *peer = rcu_load(&veth->peer);
	uint64_t bytes = 0;
	bool too_big = false;
	uint32_t max;

	if (unlikely(!peer || !dev_is_up(peer))) {
		burst_drop(w, dev, b, DROP_PEER_DOWN);
		return;
	}
	max = dev_mtu(peer) + ETH_HLEN + VLAN_HLEN;
	for (uint32_t i = 0; i < b->n; i++) {
		struct pkt *p = b->pkt[i];

		bytes += pkt_size(p);
		p->priority = 0;
		too_big |= is_too_big(p, max);
	}
	if (unlikely(too_big))
		bytes = veth_drop_too_big(w, dev, peer, b, max);
	dev_count_tx(w, dev, b->n, bytes);
	dev_queue_burst(w, peer, DIR_RX, b);
}

const struct dev_kind veth_kind = {
	.name = "veth",
	.name_format = "veth%d",
	.state_size = sizeof(struct veth),
	.mirror = MIRROR_ETHER,
	.pair = true,
	.queue_per_cpu = true,
	.speed = 10000,
	.tso_max_size = 524280,
	.create = veth_create,
	.destroy = veth_destroy,
	.updown = veth_updown,
	.link = veth_link,
	.straight = veth_link,
	.transmit = veth_transmit,
};
