/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_flow - frames between stations that the bridge knows, which it would only hand on.
 *
 * The answers follow bridge_path.c.  A frame of a station that is not known, or known elsewhere,
 * has to be learned from; a copy for the bridge's own stack has to be made; a locked port, VLANs
 * and answers for neighbours are decided frame by frame.  Where the addresses decide alone, the
 * frames need not come here, as long as their stations stay where they are.
 */
#include "dev/bridge_priv.h"
#include "net/flow.h"

/* @addr as a station outside all VLANs. */
static uint64_t key_of(const uint8_t addr[6])
{
	return fdb_key(addr, 0);
}

/* The frame's source is to be known where it comes from, and need not be learned. */
static bool is_settled(const struct bridge_port *in, const uint8_t src[6])
{
	uint64_t v = fdb_get(in->br->fdb, key_of(src));

	if (!(port_flags(in) & BP_F_LEARN))
		return true;
	return v && fdb_port(v) == in->no &&
	       !(v & FDB_VALUE_F(FDB_F_LOCAL | FDB_F_LOCKED));
}

struct dev *bridge_flow_out(const struct dev *port, const struct flow *flow)
{
	static const uint8_t none[6];
	const struct bridge_port *in = dev_port_state(port), *out;
	const struct bridge *br = in->br;
	uint32_t in_flags = port_flags(in), out_flags;
	uint64_t v;

	if ((flow->dst[0] | flow->src[0]) & 1 || !memcmp(flow->src, none, sizeof(none)))
		return NULL;
	if (br->vlans || br->neigh || br->dev->promisc || !(in_flags & BP_F_FORWARD) ||
	    in_flags & BP_F_LOCKED || !is_settled(in, flow->src))
		return NULL;
	v = fdb_get(br->fdb, key_of(flow->dst));
	out = v ? br->by_no[fdb_port(v)] : NULL;
	if (!out || out == in || v & FDB_VALUE_F(FDB_F_LOCAL | FDB_F_LOCKED))
		return NULL;
	out_flags = port_flags(out);
	if (!(out_flags & BP_F_FORWARD) || out_flags & BP_F_DOWN ||
	    in_flags & out_flags & BP_F_ISOLATED)
		return NULL;
	return out->dev;
}

void bridge_flow_carried(struct dev *port, const struct flow *flow, nsec_t when)
{
	const struct bridge_port *in = dev_port_state(port);

	if (!in)
		return; /* it has just left */
	if (port_flags(in) & BP_F_LEARN)
		fdb_heard(in->br->fdb, key_of(flow->src), in->no, when);
	fdb_used_at(in->br->fdb, key_of(flow->dst), when);
}
