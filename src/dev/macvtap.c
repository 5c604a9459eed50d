/* SPDX-License-Identifier: BSD-2-Clause
 *
 * macvtap - a macvlan whose frames a program reads and writes, by /dev/tapN.
 *
 * What the device receives goes to the program; with several queues, to the one that the frame's
 * flow belongs to; and while no program has it open, to the namespace, as on Linux.  What the
 * program writes leaves as if the namespace had sent it.
 */
#include "dev/macvlan_priv.h"
#include "net/net.h"
#include "pkt/hdr.h"

#include <linux/if_tun.h>

/* Published whole. */
struct macvtap_table {
	unsigned n;
	struct port *far[];
};

struct macvtap {
	struct macvlan macvlan;	     /* first: macvlan's hooks take this for theirs */
	struct macvtap_table *table; /* workers; NULL: no program has it open */
	/* control */
	struct port *far[MACVTAP_QUEUES_MAX];
	unsigned n;
	unsigned offload;
};

/* ---- data path ---- */

static uint32_t mix6(const uint8_t addr[16])
{
	uint32_t v[4];

	memcpy(v, addr, sizeof(v));
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* The same for all frames of a flow, whichever way they go. */
static uint32_t flow_hash(const struct pkt *p)
{
	uint32_t l3, l4 = 0, h = 0;
	const struct ipv4 *ip4;
	const struct ipv6 *ip6;
	const struct udp *udp;
	uint8_t proto = 0;

	switch (pkt_ethertype(p, &l3)) {
	case ETHERTYPE_IPV4:
		ip4 = pkt_hdr(p, l3, struct ipv4);
		if (!ip4)
			break;
		h = ip4->src.raw ^ ip4->dst.raw;
		if (!(from_be16(ip4->frag_off) & (IPV4_MF | IPV4_OFFSET)))
			proto = ip4->proto;
		l4 = l3 + ipv4_header_len(ip4);
		break;
	case ETHERTYPE_IPV6:
		ip6 = pkt_hdr(p, l3, struct ipv6);
		if (!ip6)
			break;
		h = mix6(ip6->src) ^ mix6(ip6->dst);
		proto = ip6->next_header;
		l4 = l3 + sizeof(*ip6);
		break;
	}
	/* Both begin with the ports. */
	udp = proto == PROTO_TCP || proto == PROTO_UDP ? pkt_at(p, l4, 4) : NULL;
	if (udp)
		h ^= (uint32_t)(udp->sport.raw ^ udp->dport.raw) * 0x10001u;
	return (uint32_t)(((uint64_t)h * 0x9e3779b97f4a7c15) >> 32);
}

static void send_by_flow(struct worker *w, const struct macvtap_table *t, struct burst *b)
{
	uint32_t i = 0;

	while (i < b->n) {
		struct port *port = t->far[flow_hash(b->pkt[i]) % t->n];
		struct burst run;

		run.n = 0;
		do
			run.pkt[run.n++] = b->pkt[i++];
		while (i < b->n && t->far[flow_hash(b->pkt[i]) % t->n] == port);
		port->ops->send(w, port, &run);
	}
	b->n = 0;
}

/* Its place is the upper device's: so a macvtap is no bridge's port. */
static void macvtap_receive(struct worker *w, struct dev *dev, struct burst *b)
{
	const struct macvtap *m = dev_state(dev);
	const struct macvtap_table *t = rcu_load(&m->table);

	if (!t)
		dev_deliver(w, dev, b);
	else if (t->n == 1)
		t->far[0]->ops->send(w, t->far[0], b);
	else
		send_by_flow(w, t, b);
}

/* ---- queues: control ---- */

static void publish(struct dev *dev)
{
	struct macvtap *m = dev_state(dev);
	struct macvtap_table *old = m->table, *next = NULL;

	if (m->n) {
		next = xcalloc(1, sizeof(*next) + m->n * sizeof(next->far[0]));
		next->n = m->n;
		memcpy(next->far, m->far, m->n * sizeof(m->far[0]));
	}
	rcu_publish(&m->table, next);
	if (old)
		dev_defer(dev->net, free, old);
}

bool macvtap_is(const struct dev *dev)
{
	return dev->kind == &macvtap_kind;
}

unsigned *macvtap_offload(struct dev *dev)
{
	struct macvtap *m = dev_state(dev);

	return &m->offload;
}

int macvtap_attach(struct dev *dev, struct port *far)
{
	struct macvtap *m = dev_state(dev);
	int err = m->n == MACVTAP_QUEUES_MAX ? -EBUSY : 0;

	far->dev = dev;
	far->input = DIR_TX;
	if (!err)
		err = port_attach(dev->net, far);
	if (err) {
		port_detach(dev->net, far);
		return err;
	}
	m->far[m->n++] = far;
	publish(dev);
	return 0;
}

void macvtap_detach(struct dev *dev, struct port *far)
{
	struct macvtap *m = dev_state(dev);

	for (unsigned i = 0; i < m->n; i++) {
		if (m->far[i] != far)
			continue;
		m->far[i] = m->far[--m->n]; /* as Linux fills the hole */
		publish(dev);
		port_detach(dev->net, far);
		return;
	}
}

/* ---- life ---- */

static int macvtap_create(struct dev *dev, struct link_req *req, struct extack *ea)
{
	*macvtap_offload(dev) = TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN;
	dev_set_upper(dev, NULL, macvtap_receive);
	return macvlan_create(dev, req, ea);
}

static void macvtap_destroy(struct dev *dev)
{
	struct macvtap *m = dev_state(dev);

	while (m->n)
		macvtap_detach(dev, m->far[m->n - 1]);
	macvlan_destroy(dev);
}

const struct dev_kind macvtap_kind = {
	.name = "macvtap",
	.name_format = "macvtap%d",
	.config_size = sizeof(struct macvlan_config),
	.state_size = sizeof(struct macvtap),
	.opts = macvlan_opts,
	.mirror = MIRROR_ETHER,
	.on_lower = true,
	.tx_queue_len = 500,
	.defaults = macvlan_defaults,
	.create = macvtap_create,
	.change = macvlan_change,
	.changed = macvlan_changed,
	.destroy = macvtap_destroy,
	.updown = macvlan_updown,
	.may_up = macvlan_may_up,
	.may_mtu = macvlan_may_mtu,
	.may_addr = macvlan_may_addr,
	.followed = macvlan_followed,
	.lower_changed = macvlan_lower_changed,
	.fill = macvlan_fill,
	.transmit = macvlan_transmit,
};
