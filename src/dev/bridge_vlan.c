/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_vlan - a bridge that does not look at VLANs.
 */
#include "dev/bridge_priv.h"

void vlan_bridge_init(struct bridge *br)
{
}

void vlan_bridge_done(struct bridge *br)
{
}

void vlan_port_init(struct bridge_port *bp)
{
}

void vlan_port_done(struct bridge_port *bp)
{
}

int vlan_check(const struct bridge *br, const struct bridge_config *next,
	       struct extack *ea)
{
	return 0;
}

void vlan_bridge_changed(struct bridge *br, const struct bridge_config *old)
{
}

uint16_t vlan_next(const struct bridge *br, const struct bridge_port *bp, uint16_t vid)
{
	return 0;
}

void vlan_ingress(struct worker *w, struct bridge *br, struct bridge_port *bp,
		  struct burst *b)
{
}

bool vlan_egress_ok(const struct bridge *br, const struct bridge_port *bp, uint16_t vid)
{
	return true;
}

struct pkt *vlan_egress(struct worker *w, struct bridge *br, struct bridge_port *bp,
			struct pkt *p)
{
	return p;
}
