/* SPDX-License-Identifier: BSD-2-Clause
 *
 * flow - the way of a flow, hop by hop.
 */
#include "net/flow.h"

/* Would @dev pass on every frame that @from may send, seen by nobody? */
static bool lets_pass(const struct dev *dev, const struct dev *from)
{
	return dev->up && !dev->dying && !dev->watchers && !dev->vlan_receive &&
	       dev->mtu >= from->mtu;
}

/* Where what arrives at a port leaves again. */
static struct dev *through_master(struct flow_hop *hop, const struct flow *flow)
{
	struct dev *dev = hop->dev;
	const struct master_ops *ops = dev->master ? dev->master->kind->master : NULL;

	if (!ops || !ops->flow_out || dev->upper != dev->master)
		return NULL;
	hop->master = dev->master;
	return ops->flow_out(dev, flow);
}

unsigned flow_way(struct dev *from, const struct flow *flow,
		  struct flow_hop hop[FLOW_HOPS_MAX])
{
	struct dev *dev = from;
	unsigned n = 0;

	while (n + 1 < FLOW_HOPS_MAX) {
		if (!dev || !dev->kind->straight || !lets_pass(dev, from))
			return 0;
		hop[n++] = (struct flow_hop){dev, DIR_TX, NULL};
		dev = dev->kind->straight(dev);
		if (!dev || !lets_pass(dev, from))
			return 0;
		hop[n++] = (struct flow_hop){dev, DIR_RX, NULL};
		if (!dev->upper_receive)
			return dev_delivers_straight(dev) ? n : 0;
		dev = through_master(&hop[n - 1], flow);
	}
	return 0;
}

bool flow_is_same_way(const struct flow_hop *a, unsigned n_a, const struct flow_hop *b,
		      unsigned n_b)
{
	if (n_a != n_b)
		return false;
	for (unsigned i = 0; i < n_a; i++)
		if (a[i].dev != b[i].dev || a[i].master != b[i].master)
			return false;
	return true;
}

static void count(const struct flow_hop *hop, unsigned n, unsigned by)
{
	for (unsigned i = 0; i < n; i++) {
		hop[i].dev->n_flows += by;
		if (hop[i].master)
			hop[i].master->n_flows += by;
	}
}

void flow_begin(const struct flow_hop *hop, unsigned n)
{
	count(hop, n, 1);
}

void flow_end(const struct flow_hop *hop, unsigned n)
{
	count(hop, n, -1u);
}

void flow_carried(const struct flow *flow, const struct flow_hop *hop, unsigned n,
		  nsec_t when)
{
	for (unsigned i = 0; i < n; i++)
		if (hop[i].master && hop[i].master->kind->master->flow_carried)
			hop[i].master->kind->master->flow_carried(hop[i].dev, flow, when);
}
