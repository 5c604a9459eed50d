/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_query - the queries that a bridge sends.
 *
 * Each port gets its own, and so does the bridge's stack: its query arrives there as if by
 * the bridge.  They come from the bridge's MAC address; from 0.0.0.0 or, with
 * mcast_query_use_ifaddr, an IPv4 address of it; MLD's from its link-local address, and
 * without one MLD is silent.
 */
#include "dev/bridge_mcast.h"
#include "net/post.h"

#include <sys/socket.h>

/* The address that modified EUI-64 (RFC 4291, appendix A) makes of a MAC address: the kernel's
 * own for the bridge, unless it is told otherwise. */
static void link_local(const uint8_t mac[6], uint8_t addr[16])
{
	memcpy(addr, (uint8_t[16]){0xfe, 0x80, [11] = 0xff, [12] = 0xfe}, 16);
	memcpy(addr + 8, mac, 3);
	memcpy(addr + 13, mac + 3, 3);
	addr[8] ^= 2;
}

/* An address that was asked for is good for so long. */
#define ADDR_KNOWN (20 * NSEC_PER_MSEC)

/* False: none, so there is nothing to send from. */
static bool query_source(struct bridge_mdb *db, enum mcast_family f, uint8_t addr[16])
{
	struct mcast_election *e = &db->of[f];
	struct dev *br = db->br->dev;
	struct net_addrs *addrs = br->net->addrs;
	nsec_t now = clock_now();
	bool has = true;

	memset(addr, 0, 16);
	if (f == MCAST_IPV4 && (!mdb_config(db)->mcast_query_use_ifaddr || !addrs))
		return true;
	if (!addrs) {
		link_local(br->addr, addr);
	} else {
		/* All ports ask in the same moment. */
		if (now - e->own_addr_at > ADDR_KNOWN || !e->own_addr_at) {
			memset(e->own_addr, 0, 16);
			e->has_addr = addrs->find(addrs, br,
						  f == MCAST_IPV4 ? AF_INET : AF_INET6,
						  e->own_addr);
			e->own_addr_at = now;
		}
		memcpy(addr, e->own_addr, 16);
		has = e->has_addr;
	}
	if (f == MCAST_IPV4)
		return true;
	if (has != db->has_ipv6) {
		db->has_ipv6 = has;
		db->view_dirty = true;
	}
	return has;
}

static enum mcast_counter counter_of(enum mcast_family f, bool v3)
{
	if (f == MCAST_IPV4)
		return v3 ? MCAST_COUNT_IGMP_V3_QUERY : MCAST_COUNT_IGMP_V2_QUERY;
	return v3 ? MCAST_COUNT_MLD_V2_QUERY : MCAST_COUNT_MLD_V1_QUERY;
}

static void send_query(struct bridge_mdb *db, struct bridge_mcast_port *mp,
		       enum mcast_family f, struct mcast_ask *q)
{
	const struct bridge_config *c = mdb_config(db);
	struct dev *br = db->br->dev;
	uint8_t frame[QUERY_MAX];
	uint32_t len;

	if (!mdb_listens(db, mp) || !query_source(db, f, q->src))
		return;
	memcpy(q->src_mac, br->addr, 6);
	q->query_interval = (uint32_t)min(c->mcast_query_interval / 100, (uint64_t)31744);
	q->v3 = f == MCAST_IPV4 ? c->mcast_igmp_version == 3 : c->mcast_mld_version == 2;
	mcast_count_own(db->br, mp ? mp->bp : NULL, counter_of(f, q->v3));
	len = f == MCAST_IPV4 ? igmp_write_query(q, frame) : mld_write_query(q, frame);
	if (mp) {
		bridge_send(mp->bp, frame, len);
		return;
	}
	memcpy(db->of[f].addr, q->src, 16);
	net_send(br->net, br, DIR_RX, frame, len);
}

void mcast_ask_all(struct bridge_mdb *db, struct bridge_mcast_port *mp,
		   enum mcast_family f)
{
	struct mcast_ask q = {
		.response = ticks(mdb_config(db)->mcast_query_response_interval)};

	send_query(db, mp, f, &q);
}

static void ask_about(struct bridge_mdb *db, const struct mdb_addr *addr,
		      struct mcast_ask *q)
{
	*q = (struct mcast_ask){
		.response = ticks(mdb_config(db)->mcast_last_member_interval)};
	memcpy(q->group, addr->dst, sizeof(q->group));
}

/* To all hosts, not to the group, as Linux has it for the older versions. */
void mcast_ask_group(struct bridge_mdb *db, struct bridge_mcast_port *mp,
		     const struct mdb_addr *addr)
{
	struct mcast_ask q;

	ask_about(db, addr, &q);
	send_query(db, mp, mcast_family(addr->proto), &q);
}

/* RFC 3376, 6.6.3.1. */
static void ask_member(struct mdb_member *m, bool suppress)
{
	const struct mdb_addr *addr = &m->group->addr;
	struct mcast_ask q;

	ask_about(m->group->db, addr, &q);
	memcpy(q.to, addr->dst, sizeof(q.to));
	q.suppress = suppress;
	send_query(m->group->db, m->port, mcast_family(addr->proto), &q);
}

/* RFC 3376, 6.6.3.2: about the sources that have queries to be sent and whose timers are
 * larger than the last member query time, or are not.  *again: some have more to come.
 * False: there were none. */
static bool ask_sources(struct mdb_member *m, bool larger, bool *again)
{
	struct bridge_mdb *db = m->group->db;
	const struct bridge_config *c = mdb_config(db);
	nsec_t lmqt = clock_now() + ticks(c->mcast_last_member_interval *
					  (uint64_t)c->mcast_last_member_count);
	struct mdb_source *s;
	struct mcast_ask q;

	ask_about(db, &m->group->addr, &q);
	memcpy(q.to, m->group->addr.dst, sizeof(q.to));
	q.suppress = larger;
	list_foreach(s, &m->sources, link) {
		bool is_larger = mcast_timer_runs(&s->timer) && s->timer.at > lmqt;

		if (!s->queries || is_larger != larger)
			continue;
		memcpy(q.source[q.n_sources++], s->addr, 16);
		*again |= --s->queries;
	}
	if (!q.n_sources)
		return false;
	send_query(db, m->port, mcast_family(m->group->addr.proto), &q);
	return true;
}

static void again_soon(struct mdb_member *m, nsec_t now);

static void ask_again(struct bridge_mdb *db, struct mcast_timer *t)
{
	struct mdb_member *m = container_of(t, struct mdb_member, rexmit);
	bool again = false;

	if (!mdb_is_running(db) ||
	    !mcast_is_querier(db, mcast_family(m->group->addr.proto)))
		return;
	if (m->group_queries) {
		m->group_queries--;
		ask_member(m, true);
	}
	ask_sources(m, false, &again);
	if (m->group_queries || again)
		again_soon(m, t->at);
}

/* The last query comes before the time that it grants is over. */
#define EARLIER NSEC_PER_MSEC

static void again_soon(struct mdb_member *m, nsec_t now)
{
	struct bridge_mdb *db = m->group->db;
	nsec_t at = now + ticks(mdb_config(db)->mcast_last_member_interval) - EARLIER;

	if (mcast_timer_later(&m->rexmit, at))
		mcast_timer_set(db, &m->rexmit, at, ask_again);
}

void mcast_ask_member(struct mdb_member *m)
{
	unsigned count = mdb_config(m->group->db)->mcast_last_member_count;

	m->group_queries = count ? count - 1 : 0;
	ask_member(m, false);
	again_soon(m, clock_now());
}

void mcast_ask_sources(struct mdb_member *m)
{
	bool again = false;

	if (ask_sources(m, true, &again))
		ask_sources(m, false, &again);
	again_soon(m, clock_now());
}
