/* SPDX-License-Identifier: BSD-2-Clause
 *
 * outside - a device that is the kernel's own, seen from the engine: a network card that was
 * moved into the yard, or a device of a kind that the engine lacks.
 *
 * It exists while it is somebody's port or somebody stands on it (host/outside.c makes it).
 * Its port is a packet socket on it, by which frames arrive as copies: its own stack has got
 * them already, or is kept from them where the device has a master.  So what nobody above
 * takes has nowhere to go and is no drop.
 *
 * Everything about it but who its master is, is the kernel's to tell.
 */
#include "dev/outside.h"

static void outside_transmit(struct worker *w, struct dev *dev, struct burst *b)
{
	struct port *port = rcu_load(&dev->mirror);
	uint64_t bytes = 0;

	if (unlikely(!port)) {
		burst_drop(w, dev, b, DROP_NO_RECEIVER);
		return;
	}
	for (uint32_t i = 0; i < b->n; i++)
		bytes += pkt_size(b->pkt[i]);
	dev_count_tx(w, dev, b->n, bytes);
	port->ops->send(w, port, b);
}

static void outside_deliver(struct worker *w, struct dev *dev, struct burst *b)
{
	burst_free(b);
}

const struct dev_kind outside_kind = {
	.name = "outside",
	.mirror = MIRROR_OWN,
	.max_mtu = UINT32_MAX,
	.not_by_request = "a device of the kernel's own is made by the kernel",
	.transmit = outside_transmit,
	.deliver = outside_deliver,
};
