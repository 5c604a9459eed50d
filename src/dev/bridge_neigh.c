/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_neigh - a bridge that answers ARP (RFC 826) and neighbour solicitations (RFC 4861)
 * for stations whose address it knows: proxy_arp, proxy_arp_wifi, neigh_suppress of its ports.
 *
 * What it knows is what the kernel knows: the neighbours of the bridge's device, and with VLAN
 * filtering those of the VLAN device on top of it.  A worker answers by the port the question
 * came in by; the question goes on, but is not flooded to ports with proxy_arp_wifi or
 * neigh_suppress (with neigh_vlan_suppress: in those VLANs that have it).  With neigh_suppress such ports are spared more: announcements, and questions
 * for the host's own addresses, which the host answers.
 *
 * Entries stand in chains by address that control alone writes.  One that changes is replaced.
 */
#include "dev/bridge_priv.h"
#include "dev/bridge_vlan.h"
#include "dev/vlan.h"
#include "pkt/csum.h"

#include <netinet/in.h>

#define BUCKETS		 1024u
#define ETHERTYPE_RARP	 0x8035u
#define RARP_REQUEST	 3
#define RARP_REPLY	 4
#define VID_NONE	 0xffffu /* of devices that no VLAN of the bridge asks */
#define ND_OPT_SOURCE	 1
#define ND_OPT_TARGET	 2
#define NA_ROUTER	 0x80000000u
#define NA_SOLICITED	 0x40000000u
#define NA_OVERRIDE	 0x20000000u
#define ND_HOP_LIMIT	 255
#define ADDR_LEN(family) ((family) == AF_INET6 ? 16u : 4u)

struct entry {
	struct entry *next; /* RCU */
	struct bridge_neighbour n;
	uint16_t vid;
	uint64_t dev_id; /* whose it is */
};

struct bridge_neighbours {
	_Atomic bool suppress; /* some port has neigh_suppress */
	bool followed;	       /* control: bridge_neigh_follow */
	struct entry *bucket[BUCKETS];
};

/* RFC 4861 4.3, 4.4; options follow. */
struct nd {
	uint8_t type, code;
	be16 csum;
	be32 flags; /* NA_*; reserved in a solicitation */
	uint8_t target[16];
} wire_struct;
static_assert(sizeof(struct nd) == 24, "wire");

struct nd_lladdr {
	uint8_t type, len; /* in units of 8 bytes */
	uint8_t addr[6];
} wire_struct;

/* ---- the table: control ---- */

static unsigned bucket_of(int family, const uint8_t *addr)
{
	uint64_t hash = (uint64_t)family;
	uint32_t word;

	for (unsigned i = 0; i < ADDR_LEN(family); i += sizeof(word)) {
		memcpy(&word, addr + i, sizeof(word));
		hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 32;
	}
	return hash % BUCKETS;
}

struct dev *bridge_neigh_home(struct dev *dev)
{
	if (dev_is_bridge(dev))
		return dev;
	return dev->lower && dev_is_bridge(dev->lower) ? dev->lower : NULL;
}

/* In which VLAN of the bridge @br its neighbours are looked for. */
static uint16_t vid_of(const struct dev *br, const struct dev *dev)
{
	const struct vlan_config *vlan;

	if (dev == br)
		return 0;
	if (dev->kind != &vlan_kind)
		return VID_NONE;
	vlan = dev_config(dev);
	return vlan->protocol == bridge_config(bridge_of(br))->vlan_protocol ? vlan->id
									     : VID_NONE;
}

static struct bridge_neighbours *table_of(const struct dev *dev)
{
	return bridge_of(dev)->neigh_table;
}

/* Where the entry of @dev is linked; the link's target is NULL when there is none. */
static struct entry **find_link(struct bridge_neighbours *t, const struct dev *dev,
				const struct bridge_neighbour *n)
{
	struct entry **link = &t->bucket[bucket_of(n->family, n->addr)];

	while (*link && ((*link)->dev_id != dev->id || (*link)->n.local != n->local ||
			 (*link)->n.family != n->family ||
			 memcmp((*link)->n.addr, n->addr, ADDR_LEN(n->family)) != 0))
		link = &(*link)->next;
	return link;
}

static void remove_at(struct net *net, struct entry **link)
{
	struct entry *gone = *link;

	rcu_publish(link, gone->next);
	dev_defer(net, free, gone);
}

void bridge_neigh_add(struct dev *dev, const struct bridge_neighbour *n)
{
	struct dev *br = bridge_neigh_home(dev);
	struct bridge_neighbours *t = br ? table_of(br) : NULL;
	struct entry **link, *e, *old;

	if (!t)
		return;
	link = find_link(t, dev, n);
	old = *link;
	if (old && !memcmp(old->n.mac, n->mac, 6) && old->n.router == n->router)
		return;
	e = xnew(struct entry);
	*e = (struct entry){.next = old ? old->next : NULL,
			    .n = *n,
			    .vid = vid_of(br, dev),
			    .dev_id = dev->id};
	rcu_publish(link, e);
	if (old)
		dev_defer(dev->net, free, old);
}

void bridge_neigh_delete(struct dev *dev, const struct bridge_neighbour *n)
{
	struct dev *br = bridge_neigh_home(dev);
	struct bridge_neighbours *t = br ? table_of(br) : NULL;
	struct entry **link = t ? find_link(t, dev, n) : NULL;

	if (link && *link)
		remove_at(dev->net, link);
}

void bridge_neigh_forget(struct dev *br, const struct dev *of)
{
	struct bridge_neighbours *t = table_of(br);

	for (unsigned i = 0; t && i < BUCKETS; i++) {
		struct entry **link = &t->bucket[i];

		while (*link) {
			if (!of || (*link)->dev_id == of->id)
				remove_at(br->net, link);
			else
				link = &(*link)->next;
		}
	}
}

bool bridge_neigh_is_followed(const struct dev *br)
{
	return table_of(br) && table_of(br)->followed;
}

bool bridge_neigh_follow(struct dev *br)
{
	struct bridge_neighbours *t = table_of(br);

	if (!t || t->followed)
		return false;
	t->followed = true;
	return true;
}

void bridge_neigh_quiet(struct dev *br, bool noarp)
{
	atomic_store_explicit(&bridge_of(br)->noarp, noarp, memory_order_relaxed);
}

void bridge_neigh_update(struct bridge *br)
{
	bool any = false, suppress = false;

	for (unsigned i = 0; br->ports && i < br->ports->n; i++) {
		const struct bridge_port_config *c =
			bridge_port_config(br->ports->port[i]);

		suppress |= c->neigh_suppress || c->neigh_vlan_suppress;
		any |= c->proxy_arp || c->proxy_arp_wifi || suppress;
	}
	if (any && !br->neigh_table)
		br->neigh_table = xnew(struct bridge_neighbours);
	if (br->neigh_table)
		atomic_store_explicit(&br->neigh_table->suppress, suppress,
				      memory_order_relaxed);
	rcu_publish(&br->neigh, any ? br->neigh_table : NULL);
}

void bridge_neigh_done(struct bridge *br)
{
	rcu_publish(&br->neigh, NULL);
	bridge_neigh_forget(br->dev, NULL);
	if (br->neigh_table)
		dev_defer(br->dev->net, free, br->neigh_table);
	br->neigh_table = NULL;
}

/* ---- questions: worker ---- */

/* A frame that is looked at, and what it asks. */
struct question {
	struct worker *w;
	struct bridge *br;
	struct bridge_port *in;
	const struct fdb_table *fdb;
	const struct bridge_neighbours *table;
	const struct pkt *p;
	uint32_t l3;
	bool suppress;
};

static const struct bridge_neighbour *find(const struct question *q, int family,
					   const uint8_t *addr, bool local)
{
	const struct entry *e = rcu_load(&q->table->bucket[bucket_of(family, addr)]);

	for (; e; e = rcu_load(&e->next))
		if (e->n.local == local && e->n.family == family &&
		    !memcmp(e->n.addr, addr, ADDR_LEN(family)) &&
		    (e->vid == q->p->vid || (local && !q->p->vid)))
			return &e->n;
	return NULL;
}

/* Is the neighbour's station known?  Its port, if it has one, is @*at. */
static bool find_station(const struct question *q, const struct bridge_neighbour *n,
			 const struct bridge_port **at)
{
	uint64_t key = fdb_key(n->mac, q->p->vid);
	uint64_t value = fdb_lookup(q->fdb, fdb_hash(q->fdb, key), key);

	if (!fdb_is_live(value))
		return false;
	*at = rcu_load(&q->br->by_no[fdb_port(value)]);
	return true;
}

/* The beginning of an answer, of @len bytes behind its Ethernet header and tag: with a tag as
 * the question's, unless its VLAN is the port's own.  Returns what is behind them, or NULL. */
static void *begin_answer(const struct question *q, struct pkt **ret, const uint8_t to[6],
			  const uint8_t from[6], uint16_t type, uint32_t len)
{
	const struct bridge_vlans *v = q->p->vid ? rcu_load(&q->in->vlans) : NULL;
	bool tagged =
		v && q->p->vid != atomic_load_explicit(&v->pvid, memory_order_relaxed);
	uint16_t tci = q->p->vid;
	struct pkt *p = pkt_alloc(q->w);
	struct vlan *tag;
	struct eth *eth;

	if (!p) {
		dev_worker(q->w, q->br->dev)->drops[DROP_NO_BUFFER]++;
		return NULL;
	}
	*ret = p;
	p->len = (uint32_t)sizeof(*eth) + (tagged ? (uint32_t)sizeof(*tag) : 0) + len;
	memset(p->data, 0, p->len);
	eth = (struct eth *)p->data;
	memcpy(eth->dst, to, 6);
	memcpy(eth->src, from, 6);
	eth->type = to_be16(type);
	if (!tagged)
		return eth + 1;
	if (q->p->flags & PKT_F_TAGGED)
		tci = from_be16(((const struct vlan *)(q->p->data + sizeof(*eth)))->tci);
	tag = (struct vlan *)(eth + 1);
	tag->tci = to_be16(tci);
	tag->type = eth->type;
	eth->type = (be16){atomic_load_explicit(&v->tpid, memory_order_relaxed)};
	return tag + 1;
}

/* ---- ARP ---- */

static bool is_zero(const uint8_t *addr, unsigned len)
{
	for (unsigned i = 0; i < len; i++)
		if (addr[i])
			return false;
	return true;
}

static void answer_arp(const struct question *q, const struct arp *asked,
		       const struct bridge_neighbour *n)
{
	struct pkt *p;
	struct arp *arp = begin_answer(q, &p, asked->sender_mac, n->mac, ETHERTYPE_ARP,
				       sizeof(*arp));

	if (!arp)
		return;
	arp->htype = to_be16(1);
	arp->ptype = to_be16(ETHERTYPE_IPV4);
	arp->hlen = 6;
	arp->plen = 4;
	arp->op = to_be16(ARP_REPLY);
	memcpy(arp->sender_mac, n->mac, 6);
	memcpy(arp->sender_ip, asked->target_ip, 4);
	memcpy(arp->target_mac, asked->sender_mac, 6);
	memcpy(arp->target_ip, asked->sender_ip, 4);
	dev_queue(q->w, q->in->dev, DIR_TX, p);
}

static bool spares(const struct question *q, const struct bridge_port *bp)
{
	return bridge_neigh_spares(bp, q->p->vid);
}

/* For a neighbour that is known.  True if its station is. */
static bool meet_arp(const struct question *q, const struct arp *arp,
		     const struct bridge_neighbour *n)
{
	const struct bridge_port *at;
	bool answers;

	if (!find_station(q, n, &at))
		return false;
	answers = (q->in && port_flags(q->in) & BP_F_PROXY_ARP) ||
		  (at && (port_flags(at) & BP_F_PROXY_ARP_WIFI || spares(q, at)));
	/* The host knows its neighbour already: what it asks is whether that is still there. */
	if (answers && q->in)
		answer_arp(q, arp, n);
	return answers || q->suppress;
}

static bool ask_arp(const struct question *q)
{
	const struct arp *arp = pkt_hdr(q->p, q->l3, struct arp);
	const struct bridge_neighbour *n;
	unsigned op;

	if (!arp || from_be16(arp->ptype) != ETHERTYPE_IPV4 || arp->hlen != 6 ||
	    arp->plen != 4 || atomic_load_explicit(&q->br->noarp, memory_order_relaxed))
		return false;
	if (arp->target_ip[0] == IN_LOOPBACKNET || arp->target_ip[0] >> 4 == 0xe)
		return false;
	op = from_be16(arp->op);
	if (q->suppress && q->in && spares(q, q->in))
		return false;
	/* An announcement, or a probe for an address before it is taken (RFC 5227). */
	if (q->suppress && op != RARP_REQUEST && op != RARP_REPLY &&
	    (is_zero(arp->sender_ip, 4) || !memcmp(arp->sender_ip, arp->target_ip, 4)))
		return true;
	if (op != ARP_REQUEST)
		return false;
	if (q->suppress && find(q, AF_INET, arp->target_ip, true))
		return true;
	n = find(q, AF_INET, arp->target_ip, false);
	return n && meet_arp(q, arp, n);
}

/* ---- neighbour discovery ---- */

/* Whom to answer: the link-layer address in the question, or whom it is from.  NULL when its
 * options are not sound. */
static const uint8_t *source_of(const struct question *q, const struct ipv6 *ip)
{
	const struct eth *eth = (const struct eth *)q->p->data;
	uint32_t at = q->l3 + (uint32_t)(sizeof(*ip) + sizeof(struct nd));
	uint32_t end = min(q->p->len,
			   q->l3 + (uint32_t)sizeof(*ip) + from_be16(ip->payload_len));

	while (at + sizeof(struct nd_lladdr) <= end) {
		const struct nd_lladdr *opt = (const void *)(q->p->data + at);

		if (!opt->len)
			return NULL;
		if (opt->type == ND_OPT_SOURCE)
			return opt->addr;
		at += opt->len * 8u;
	}
	return eth->src;
}

static void answer_nd(const struct question *q, const struct ipv6 *asked,
		      const struct nd *ns, const struct bridge_neighbour *n)
{
	const uint32_t len = sizeof(struct nd) + sizeof(struct nd_lladdr);
	const uint8_t *to = source_of(q, asked);
	struct nd_lladdr *opt;
	struct ipv6 *ip;
	struct pkt *p;
	struct nd *na;

	ip = to ? begin_answer(q, &p, to, n->mac, ETHERTYPE_IPV6,
			       (uint32_t)sizeof(*ip) + len)
		: NULL;
	if (!ip)
		return;
	ip->version_flow = to_be32(6u << 28);
	ip->payload_len = to_be16((uint16_t)len);
	ip->next_header = PROTO_ICMPV6;
	ip->hop_limit = ND_HOP_LIMIT;
	memcpy(ip->src, ns->target, 16);
	memcpy(ip->dst, asked->src, 16);
	na = (struct nd *)(ip + 1);
	na->type = ICMPV6_TYPE_NA;
	na->flags = to_be32(NA_SOLICITED | NA_OVERRIDE | (n->router ? NA_ROUTER : 0));
	memcpy(na->target, ns->target, 16);
	opt = (struct nd_lladdr *)(na + 1);
	opt->type = ND_OPT_TARGET;
	opt->len = 1;
	memcpy(opt->addr, n->mac, 6);
	na->csum =
		csum_finish(csum_add(csum_pseudo_ipv6(ip, PROTO_ICMPV6, len), na, len));
	dev_queue(q->w, q->in->dev, DIR_TX, p);
}

static bool ask_nd(const struct question *q)
{
	const struct ipv6 *ip = pkt_ipv6(q->p, q->l3);
	const struct nd *nd =
		ip ? pkt_hdr(q->p, q->l3 + (uint32_t)sizeof(*ip), struct nd) : NULL;
	const struct bridge_neighbour *n;
	const struct bridge_port *at;

	if (!nd || ip->next_header != PROTO_ICMPV6 || nd->code ||
	    (q->in && spares(q, q->in)))
		return false;
	if (nd->type == ICMPV6_TYPE_NA)
		return !(from_be32(nd->flags) & NA_SOLICITED);
	if (nd->type != ICMPV6_TYPE_NS)
		return false;
	if (is_zero(ip->src, 16) || !memcmp(ip->src, ip->dst, 16) ||
	    find(q, AF_INET6, nd->target, true))
		return true;
	n = find(q, AF_INET6, nd->target, false);
	if (!n || !find_station(q, n, &at))
		return false;
	if (at && q->in && spares(q, at))
		answer_nd(q, ip, nd, n);
	return true;
}

bool bridge_neigh_spares(const struct bridge_port *bp, uint16_t vid)
{
	uint32_t flags = port_flags(bp);
	const struct bridge_vlans *v;

	if (!vid || !(flags & BP_F_NEIGH_VLAN_SUPPRESS))
		return flags & BP_F_NEIGH_SUPPRESS;
	v = rcu_load(&bp->vlans);
	return v && vlan_bit(v->suppress, vid);
}

bool bridge_neigh_ask(struct worker *w, struct bridge *br, struct bridge_port *in,
		      const struct fdb_table *fdb, const struct pkt *p)
{
	struct question q = {.w = w,
			     .br = br,
			     .in = in,
			     .fdb = fdb,
			     .table = rcu_load(&br->neigh),
			     .p = p,
			     .l3 = sizeof(struct eth)};
	be16 type = ((const struct eth *)p->data)->type;
	const struct vlan *tag;

	if (!q.table)
		return false;
	q.suppress = atomic_load_explicit(&q.table->suppress, memory_order_relaxed);
	if (p->flags & PKT_F_TAGGED) {
		tag = pkt_hdr(p, q.l3, struct vlan);
		if (!tag)
			return false;
		type = tag->type;
		q.l3 += (uint32_t)sizeof(*tag);
	}
	switch (from_be16(type)) {
	case ETHERTYPE_ARP:
	case ETHERTYPE_RARP:
		return ask_arp(&q);
	case ETHERTYPE_IPV6:
		return q.suppress && ask_nd(&q);
	default:
		return false;
	}
}
