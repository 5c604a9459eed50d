/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_mcast - multicast snooping (RFC 4541) as Linux's bridge has it: birth and settings,
 * and what workers ask.
 *
 * A worker looks a group up and knows where its frames go.  IGMP and MLD it checks, and posts
 * a copy to control, which learns from it; the frame itself goes on meanwhile, so what is
 * learned holds from the next frame on.
 *
 * One table serves all VLANs; its groups are told apart by VLAN.  Queriers and router ports
 * are the bridge's, not a VLAN's (there is no mcast_vlan_snooping).
 */
#include "dev/bridge_mcast.h"
#include "net/post.h"
#include "nl/msg.h"
#include "pkt/csum.h"

#include <linux/if_link.h>

/* Longer messages are none: what a sender's MTU holds is less. */
#define MESSAGE_MAX 9216u

#define PROTO_IGMP 2
#define PROTO_PIM  103

/* Linux's bounds of intervals: a second, and a day. */
#define INTERVAL_MIN 100u
#define INTERVAL_MAX 8640000u

/* ---- messages ---- */

bool mcast_next_record(const struct mcast_msg *msg, unsigned *i, uint32_t *off,
		       struct mcast_record *r)
{
	uint32_t size = (uint32_t)mcast_addr_size(msg->addr.proto), left, len;
	const uint8_t *p = msg->records + *off;

	if (*i >= msg->n_records)
		return false;
	left = msg->len - *off;
	if (left < 4 + size)
		return false;
	r->type = p[0];
	r->n_sources = (unsigned)p[2] << 8 | p[3];
	memset(r->group, 0, sizeof(r->group));
	memcpy(r->group, p + 4, size);
	r->sources = p + 4 + size;
	len = 4 + size + r->n_sources * size;
	if (left < len)
		return false;
	*off += len;
	*off += min(left - len, p[1] * 4u); /* auxiliary data, which nobody uses */
	++*i;
	return true;
}

uint16_t mcast_layer3(const uint8_t *frame, uint32_t len, uint32_t *l3)
{
	const struct eth *eth = (const void *)frame;
	const struct vlan *vlan = (const void *)(eth + 1);

	*l3 = sizeof(*eth);
	if (len < sizeof(*eth))
		return 0;
	if (!ethertype_is_vlan(eth->type))
		return from_be16(eth->type);
	*l3 += sizeof(*vlan);
	return len < *l3 ? 0 : from_be16(vlan->type);
}

void mcast_parse(const uint8_t *frame, uint32_t len, uint16_t vid, bool check,
		 struct mcast_msg *msg)
{
	uint32_t l3;

	*msg = (struct mcast_msg){.type = MCAST_DATA};
	msg->addr.vid = vid;
	msg->addr.proto = mcast_layer3(frame, len, &l3);
	if (len >= sizeof(struct eth))
		memcpy(msg->mac, frame + 6, 6);
	if (msg->addr.proto == ETHERTYPE_IPV4)
		igmp_parse(frame + l3, len - l3, check, msg);
	else if (msg->addr.proto == ETHERTYPE_IPV6)
		mld_parse(frame + l3, len - l3, check, msg);
}

/* ---- control: what workers have posted ---- */

static void learn(struct bridge_mdb *db, struct bridge_mcast_port *mp,
		  const struct mcast_msg *msg)
{
	switch (msg->type) {
	case MCAST_REPORT:
		mcast_report(db, mp, msg);
		break;
	case MCAST_REPORT_V3:
		mcast_report_v3(db, mp, msg);
		break;
	case MCAST_LEAVE:
		mcast_leave(db, mp, &msg->addr, msg->mac);
		break;
	case MCAST_QUERY:
		mcast_query(db, mp, msg);
		break;
	case MCAST_ROUTER:
		mcast_mark_router(db, mp, mcast_family(msg->addr.proto));
		break;
	case MCAST_DATA:
	case MCAST_INVALID:
		break;
	}
	mdb_settle(db);
}

static void heard(struct net *net, struct post *post)
{
	struct frame_post *f = container_of(post, struct frame_post, post);
	struct dev *dev = f->dev, *br = dev_is_bridge(dev) ? dev : dev_bridge_of(dev);
	struct mcast_msg msg;

	if (br && !dev->dying && !br->dying && bridge_of(br)->mdb->snooping) {
		mcast_parse(f->data, f->len, f->vid, false, &msg);
		learn(bridge_of(br)->mdb,
		      dev == br ? NULL
				: ((struct bridge_port *)dev_port_state(dev))->mcast,
		      &msg);
	}
	free(f);
}

/* ---- workers ---- */

/* Read the message in full, and post it if control is to know of it. */
static enum mcast_type read_message(struct bridge *br, struct bridge_port *bp,
				    const struct pkt *p, enum mcast_counter *counter)
{
	uint32_t len = min(pkt_size(p), MESSAGE_MAX);
	struct dev *dev = bp ? bp->dev : br->dev;
	uint8_t copy[MESSAGE_MAX];
	struct mcast_msg msg;

	if (!pkt_copy_out(p, 0, copy, len))
		return MCAST_INVALID;
	mcast_parse(copy, len, p->vid, true, &msg);
	if (msg.type != MCAST_DATA && msg.type != MCAST_INVALID)
		net_post_frame(dev->net, dev, p, MESSAGE_MAX, heard);
	*counter = msg.counter;
	return msg.type;
}

/* What is known of a frame from its headers. */
struct frame {
	struct mdb_addr addr;
	enum mcast_type type;
	enum mcast_counter counter;
	bool link_local; /* of a group that is never learned */
};

/* As Linux has it, a multicast frame with a bad IP header is dropped by the bridge. */
static void look_ipv4(struct bridge *br, struct bridge_port *bp, const struct pkt *p,
		      uint32_t l3, struct frame *fr)
{
	const struct ipv4 *ip = pkt_ipv4(p, l3);
	uint32_t header, total;
	const uint8_t *dst;

	fr->type = MCAST_INVALID;
	if (!ip)
		return;
	header = ipv4_header_len(ip);
	total = from_be16(ip->total_len);
	if (total < header || total > pkt_size(p) - l3 ||
	    csum_finish(csum_add(0, ip, header)).raw)
		return;
	dst = (const uint8_t *)&ip->dst;
	memcpy(fr->addr.dst, dst, 4);
	memcpy(fr->addr.src, &ip->src, 4);
	fr->link_local = dst[0] == 224 && !dst[1] && !dst[2];
	fr->type = MCAST_DATA;
	if (ip->proto == PROTO_IGMP || (ip->proto == PROTO_PIM && fr->link_local))
		fr->type = read_message(br, bp, p, &fr->counter);
}

static void look_ipv6(struct bridge *br, struct bridge_port *bp, const struct pkt *p,
		      uint32_t l3, struct frame *fr)
{
	static const uint8_t all_nodes[16] = {0xff, 0x02, [15] = 1};
	const struct ipv6 *ip = pkt_ipv6(p, l3);

	fr->type = MCAST_INVALID;
	if (!ip || from_be16(ip->payload_len) + sizeof(*ip) > pkt_size(p) - l3)
		return;
	memcpy(fr->addr.dst, ip->dst, 16);
	memcpy(fr->addr.src, ip->src, 16);
	fr->link_local = !memcmp(ip->dst, all_nodes, sizeof(all_nodes));
	fr->type = MCAST_DATA;
	if (ip->next_header == PROTO_HOPOPTS)
		fr->type = read_message(br, bp, p, &fr->counter);
}

static void look(struct bridge *br, struct bridge_port *bp, const struct pkt *p,
		 struct frame *fr)
{
	uint32_t l3;

	*fr = (struct frame){.addr.vid = p->vid};
	fr->addr.proto = mcast_layer3(p->data, p->len, &l3);
	if (fr->addr.proto == ETHERTYPE_IPV4) {
		look_ipv4(br, bp, p, l3, fr);
	} else if (fr->addr.proto == ETHERTYPE_IPV6) {
		look_ipv6(br, bp, p, l3, fr);
	} else {
		fr->addr.proto = 0;
		memcpy(fr->addr.dst, p->data, 6);
	}
}

/* The source's own entry, if there is one, else the group's. */
static const struct mcast_entry *find(const struct bridge_mcast *v, struct frame *fr)
{
	const struct mcast_entry *e;

	if (fr->addr.proto && v->by_source[mcast_family(fr->addr.proto)]) {
		e = mcast_table_find(v->table, &fr->addr);
		if (e)
			return e;
	}
	memset(fr->addr.src, 0, sizeof(fr->addr.src));
	return mcast_table_find(v->table, &fr->addr);
}

struct mcast_verdict mcast_lookup(struct worker *w, struct bridge *br,
				  struct bridge_port *bp, const struct pkt *p)
{
	static const uint64_t none[PORT_WORDS];
	const struct bridge_mcast *v = rcu_load(&br->mcast);
	struct mcast_verdict all = {.flood = true, .host = true};
	const struct mcast_entry *e = NULL;
	enum mcast_family f;
	struct frame fr;

	look(br, bp, p, &fr);
	if (unlikely(fr.counter))
		mcast_count_rx(w, br, bp, fr.counter);
	else if (fr.type == MCAST_INVALID)
		mcast_count_error(w, br, bp, fr.addr.proto);
	if (fr.type == MCAST_INVALID)
		return (struct mcast_verdict){.drop = true};
	all.counter = fr.counter;
	/* Reports are for routers alone (RFC 4541, 2.1.1); other messages are for all. */
	if (!v || fr.link_local ||
	    (fr.type != MCAST_DATA && fr.type != MCAST_ROUTER && fr.type != MCAST_REPORT))
		return all;
	f = mcast_family(fr.addr.proto);
	if (fr.addr.proto && !v->queried[f])
		return all;
	if (fr.type != MCAST_REPORT)
		e = find(v, &fr);
	if (!e && !fr.addr.proto)
		return all;
	return (struct mcast_verdict){
		.counter = fr.counter,
		.host = (e && e->host) || v->host_routes[f],
		.ports = e ? e->ports : none,
		.routers = v->routers[f],
		.copies = e ? e->copies : NULL,
		.n_copies = e ? e->n_copies : 0,
	};
}

/* ---- settings ---- */

#define BY_VLAN (1u << BR_BOOLOPT_MCAST_VLAN_SNOOPING)

int mcast_check(const struct bridge *br, struct bridge_config *next, struct extack *ea)
{
	const struct bridge_config *now = bridge_config(br);

	if (next->mcast_router > MDB_RTR_TYPE_PERM || next->mcast_igmp_version < 2 ||
	    next->mcast_igmp_version > 3 || next->mcast_mld_version < 1 ||
	    next->mcast_mld_version > 2)
		return -EINVAL;
	if (next->boolopts & BY_VLAN && !next->vlan_filtering) {
		if (!now->vlan_filtering)
			return extack_set(
				ea, -EINVAL,
				"bridge: Cannot enable multicast vlan snooping with vlan filtering disabled");
		next->boolopts &= ~BY_VLAN; /* it ends with what it stands on */
	}
	next->mcast_hash_elasticity = 16; /* as Linux says, whatever it is told */
	next->mcast_query_interval =
		min(max(next->mcast_query_interval, (uint64_t)INTERVAL_MIN),
		    (uint64_t)INTERVAL_MAX);
	next->mcast_startup_query_interval =
		min(max(next->mcast_startup_query_interval, (uint64_t)INTERVAL_MIN),
		    (uint64_t)INTERVAL_MAX);
	return 0;
}

static void forget_members(struct bridge_mcast_port *mp)
{
	struct mdb_member *m;
	bool again = true;

	/* One that goes may take others along. */
	while (again) {
		again = false;
		list_foreach(m, &mp->members, in_port) {
			if (m->flags & MDB_F_PERMANENT)
				continue;
			mdb_member_delete(m);
			again = true;
			break;
		}
	}
}

static void port_open(struct bridge_mcast_port *mp)
{
	if (!mp->db->snooping)
		return;
	mcast_querier_open_port(mp);
	mcast_open_router(mp);
}

static void port_close(struct bridge_mcast_port *mp)
{
	forget_members(mp);
	mcast_forget_router(mp);
	mcast_querier_stop_port(mp);
}

static void set_snooping(struct bridge_mdb *db, bool on)
{
	struct bridge_mcast_port *mp;

	db->snooping = on;
	db->view_dirty = true;
	if (on && mdb_is_up(db))
		mcast_querier_open(db);
	list_foreach(mp, &db->ports, link) {
		if (!on)
			port_close(mp);
		else if (mdb_is_up(db) && port_state(mp->bp) != BR_STATE_DISABLED)
			port_open(mp);
	}
}

static void set_counting(struct bridge *br)
{
	struct bridge_mcast_port *mp;

	mcast_count_set(br, NULL);
	list_foreach(mp, &br->mdb->ports, link)
		mcast_count_set(br, mp->bp);
}

void mcast_bridge_changed(struct bridge *br, const struct bridge_config *old)
{
	const struct bridge_config *c = bridge_config(br);
	struct bridge_mdb *db = br->mdb;
	struct mdb_group *g;

	db->view_dirty = true;
	if (c->mcast_stats != old->mcast_stats)
		set_counting(br);
	if (c->mcast_router != old->mcast_router)
		mcast_set_bridge_router(db);
	if (c->mcast_snooping != db->snooping)
		set_snooping(db, c->mcast_snooping);
	if (c->mcast_querier && !old->mcast_querier)
		mcast_querier_on(db);
	if (c->mcast_igmp_version != old->mcast_igmp_version ||
	    c->mcast_mld_version != old->mcast_mld_version)
		list_foreach(g, &db->groups, link)
			mdb_touch(g);
	mdb_settle(db);
}

void mcast_bridge_updown(struct bridge *br)
{
	struct bridge_mdb *db = br->mdb;

	if (!mdb_is_up(db))
		mcast_querier_stop(db);
	else if (db->snooping)
		mcast_querier_open(db);
	mdb_settle(db);
}

void mcast_port_changed(struct bridge_port *bp, const struct bridge_port_config *old)
{
	const struct bridge_port_config *c = bridge_port_config(bp);
	struct bridge_mcast_port *mp = bp->mcast;
	struct mdb_member *m;

	if (c->mcast_router != old->mcast_router)
		mcast_set_port_router(mp, c->mcast_router);
	if (c->mcast_to_unicast != old->mcast_to_unicast)
		list_foreach(m, &mp->members, in_port)
			mdb_touch(m->group);
	mdb_settle(mp->db);
}

void mcast_port_updown(struct bridge_port *bp, bool in_use)
{
	if (in_use)
		port_open(bp->mcast);
	else
		port_close(bp->mcast);
	mdb_settle(bp->mcast->db);
}

/* ---- life ---- */

void mcast_bridge_init(struct bridge *br)
{
	struct bridge_mdb *db = xnew(struct bridge_mdb);

	br->mdb = db;
	db->br = br;
	db->snooping = bridge_config(br)->mcast_snooping;
	for (enum mcast_family f = 0; f < MCAST_FAMILIES; f++)
		db->of[f].own.family = f;
	mdb_init(db);
	mcast_count_set(br, NULL);
}

void mcast_bridge_done(struct bridge *br)
{
	mcast_querier_stop(br->mdb);
	mdb_done(br->mdb);
	free(take_ptr(br->mdb));
	rcu_publish(&br->mcast_count, NULL);
	dev_defer(br->dev->net, free, take_ptr(br->mcast_counted));
}

void mcast_port_init(struct bridge_port *bp)
{
	struct bridge_mcast_port *mp = xnew(struct bridge_mcast_port);

	mp->db = bp->br->mdb;
	mp->bp = bp;
	mp->router_type = bridge_port_config(bp)->mcast_router;
	list_init(&mp->members);
	for (enum mcast_family f = 0; f < MCAST_FAMILIES; f++) {
		mp->own[f].port = mp;
		mp->own[f].family = f;
	}
	list_prepend(&mp->db->ports, &mp->link);
	bp->mcast = mp;
	mcast_count_set(bp->br, bp);
}

void mcast_port_done(struct bridge_port *bp)
{
	struct bridge_mcast_port *mp = bp->mcast;
	struct mdb_member *m;

	while ((m = list_first(&mp->members, struct mdb_member, in_port)))
		mdb_member_delete(m);
	port_close(mp);
	mdb_settle(mp->db);
	list_remove(&mp->link);
	bp->mcast = NULL;
	free(mp);
	rcu_publish(&bp->mcast_count, NULL);
	dev_defer(bp->dev->net, free, take_ptr(bp->mcast_counted));
}

void mcast_fill(const struct bridge *br, struct nlbuf *b)
{
	mcast_querier_fill(br->mdb, b);
}

void mcast_port_fill(const struct bridge_port *bp, struct nlbuf *b)
{
	put_u32(b, BRPORT_ATTR_MCAST_N_GROUPS, bp->mcast->n_groups);
	put_u32(b, IFLA_BRPORT_MCAST_EHT_HOSTS_CNT, bp->mcast->n_hosts);
}
