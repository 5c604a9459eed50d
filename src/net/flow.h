/* SPDX-License-Identifier: BSD-2-Clause
 *
 * flow - the frames of one station to another, and the way that all of them take.
 *
 * A flow is what a learning bridge goes by where no setting wants to know more: the addresses
 * of untagged unicast frames that carry IPv4 or IPv6.  As long as every device on their way
 * would only hand such frames on, nothing has to look at them, and somebody else may carry
 * them there: host/flow.c has the kernel do it.  Who does so tells the devices how many flows
 * cross them (flow_begin, flow_end), looks at the way again whenever the model's listeners hear
 * of a device on it or of its master, and passes on what was carried (flow_carried).
 *
 * Each device answers for one hop: dev_kind.straight for what leaves by it, and
 * master_ops.flow_out for what arrives at a port.  Control.
 */
#pragma once

#include "net/net.h"

struct flow {
	uint8_t dst[6], src[6];
};

struct flow_hop {
	struct dev *dev;
	enum dir dir;
	struct dev *master; /* that passes on what arrives there; NULL: nobody */
};

#define FLOW_HOPS_MAX 32u

/* The way of frames of @flow that the namespace of @from sends by it: from that device
 * (DIR_TX) to the one whose namespace gets them (DIR_RX).  Returns the number of hops in @hop,
 * or 0 when there is no such way: somebody drops, changes, copies or has to see them. */
unsigned flow_way(struct dev *from, const struct flow *flow,
		  struct flow_hop hop[FLOW_HOPS_MAX]);

bool flow_is_same_way(const struct flow_hop *a, unsigned n_a, const struct flow_hop *b,
		      unsigned n_b);

/* From now on, and no longer, frames go the @n hops by themselves. */
void flow_begin(const struct flow_hop *hop, unsigned n);
void flow_end(const struct flow_hop *hop, unsigned n);

/* Has a change to @dev to do with any of them? */
static inline bool flow_is_near(const struct dev *dev)
{
	return dev->n_flows || (dev->master && dev->master->n_flows);
}

/* They went, the last one at @when. */
void flow_carried(const struct flow *flow, const struct flow_hop *hop, unsigned n,
		  nsec_t when);

/* For masters.  Somebody wants to know when stations of @dev were heard of: NET_FLOWS_ASKED
 * has flow_carried called.  Where its stations are has changed: NET_FLOWS_CHANGED. */
static inline void flows_ask(struct dev *dev)
{
	if (dev->n_flows)
		net_tell(dev->net, NET_FLOWS_ASKED, dev);
}

static inline void flows_changed(struct dev *dev)
{
	if (dev->n_flows)
		net_tell(dev->net, NET_FLOWS_CHANGED, dev);
}
