/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_mcast - a bridge that does not look at multicast: it floods.
 */
#include "dev/bridge_priv.h"
#include "nl/msg.h"

void mcast_bridge_init(struct bridge *br)
{
}

void mcast_bridge_done(struct bridge *br)
{
}

void mcast_port_init(struct bridge_port *bp)
{
}

void mcast_port_done(struct bridge_port *bp)
{
}

int mcast_check(const struct bridge *br, const struct bridge_config *next,
		struct extack *ea)
{
	return 0;
}

void mcast_bridge_changed(struct bridge *br, const struct bridge_config *old)
{
}

void mcast_bridge_updown(struct bridge *br)
{
}

void mcast_port_changed(struct bridge_port *bp, const struct bridge_port_config *old)
{
}

void mcast_port_updown(struct bridge_port *bp, bool forwarding)
{
}

void mcast_fill(const struct bridge *br, struct nlbuf *b)
{
}

void mcast_port_fill(const struct bridge_port *bp, struct nlbuf *b)
{
	put_u32(b, IFLA_BRPORT_MCAST_EHT_HOSTS_CNT, 0);
	put_u32(b, BRPORT_ATTR_MCAST_N_GROUPS, 0);
}

struct mcast_verdict mcast_lookup(struct worker *w, struct bridge *br,
				  struct bridge_port *bp, const struct pkt *p)
{
	return (struct mcast_verdict){.flood = true, .host = true};
}
