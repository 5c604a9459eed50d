/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_querier - who asks, and when: RFC 2236 section 3, RFC 3376 6.6.2, RFC 2710 section 4.
 *
 * Of several queriers the one with the lowest address goes on.  While another one is known to
 * be there (the timer "other") this bridge is silent; when that runs out, or when it is told
 * to be a querier, it starts again, a few queries in quick succession first.
 *
 * Unless someone asks, hosts do not say what they are members of, and the bridge floods.  It
 * goes on flooding for as long as the first answers may take (the timer "delay").
 */
#include "dev/bridge_mcast.h"
#include "nl/msg.h"

/* IFLA_BR_MCAST_QUERIER_STATE and what is in it, which older headers lack. */
#define BR_MCAST_QUERIER_STATE 47
enum {
	QUERIER_IP_ADDRESS = 1,
	QUERIER_IP_PORT,
	QUERIER_IP_OTHER_TIMER,
	QUERIER_PAD,
	QUERIER_IPV6_ADDRESS,
	QUERIER_IPV6_PORT,
	QUERIER_IPV6_OTHER_TIMER,
};

bool mcast_is_querier(const struct bridge_mdb *db, enum mcast_family f)
{
	return mdb_config(db)->mcast_querier && !mcast_timer_runs(&db->of[f].other);
}

bool mcast_is_queried(const struct bridge_mdb *db, enum mcast_family f)
{
	bool own = mdb_config(db)->mcast_querier && (f == MCAST_IPV4 || db->has_ipv6);

	return !mcast_timer_runs(&db->of[f].delay) &&
	       (own || mcast_timer_runs(&db->of[f].other));
}

static void set_querier(struct bridge_mdb *db, enum mcast_family f,
			const uint8_t addr[16], const struct bridge_mcast_port *mp)
{
	memcpy(db->of[f].addr, addr, 16);
	db->of[f].port_ifindex = mp ? mp->bp->dev->ifindex : 0;
}

/* ---- asking ---- */

static void own_query_fires(struct bridge_mdb *db, struct mcast_timer *t)
{
	struct mcast_own_query *q = container_of(t, struct mcast_own_query, timer);
	const struct bridge_config *c = mdb_config(db);
	uint8_t state = q->port ? port_state(q->port->bp) : BR_STATE_FORWARDING;

	if (!mdb_is_running(db) || state == BR_STATE_DISABLED ||
	    state == BR_STATE_BLOCKING)
		return;
	if (q->startup_sent < c->mcast_startup_query_count)
		q->startup_sent++;
	if (!mcast_is_querier(db, q->family))
		return;
	if (!q->port && db->of[q->family].port_ifindex)
		set_querier(db, q->family, (uint8_t[16]){}, NULL);
	mcast_ask_all(db, q->port, q->family);
	mcast_own_query_at(db, q,
			   clock_now() +
				   ticks(q->startup_sent < c->mcast_startup_query_count
						 ? c->mcast_startup_query_interval
						 : c->mcast_query_interval));
}

void mcast_own_query_at(struct bridge_mdb *db, struct mcast_own_query *q, nsec_t at)
{
	mcast_timer_set(db, &q->timer, at, own_query_fires);
}

static void own_query_start(struct bridge_mdb *db, struct mcast_own_query *q)
{
	q->startup_sent = 0;
	mcast_own_query_at(db, q, clock_now());
}

static void start_family(struct bridge_mdb *db, enum mcast_family f)
{
	struct bridge_mcast_port *mp;

	own_query_start(db, &db->of[f].own);
	list_foreach(mp, &db->ports, link)
		if (port_state(mp->bp) != BR_STATE_DISABLED &&
		    port_state(mp->bp) != BR_STATE_BLOCKING)
			own_query_start(db, &mp->own[f]);
}

void mcast_querier_open(struct bridge_mdb *db)
{
	for (enum mcast_family f = 0; f < MCAST_FAMILIES; f++)
		own_query_start(db, &db->of[f].own);
}

void mcast_querier_open_port(struct bridge_mcast_port *mp)
{
	for (enum mcast_family f = 0; f < MCAST_FAMILIES; f++)
		own_query_start(mp->db, &mp->own[f]);
}

void mcast_querier_stop(struct bridge_mdb *db)
{
	for (enum mcast_family f = 0; f < MCAST_FAMILIES; f++) {
		struct mcast_election *e = &db->of[f];

		mcast_timer_stop(db, &e->other);
		mcast_timer_stop(db, &e->delay);
		mcast_timer_stop(db, &e->router);
		mcast_timer_stop(db, &e->own.timer);
	}
	db->view_dirty = true;
}

void mcast_querier_stop_port(struct bridge_mcast_port *mp)
{
	for (enum mcast_family f = 0; f < MCAST_FAMILIES; f++)
		mcast_timer_stop(mp->db, &mp->own[f].timer);
}

/* ---- others ---- */

static void delay_ends(struct bridge_mdb *db, struct mcast_timer *t)
{
	db->view_dirty = true;
}

static void delay(struct bridge_mdb *db, enum mcast_family f, nsec_t by)
{
	mcast_timer_set(db, &db->of[f].delay, clock_now() + by, delay_ends);
	db->view_dirty = true;
}

void mcast_querier_on(struct bridge_mdb *db)
{
	for (enum mcast_family f = 0; f < MCAST_FAMILIES; f++) {
		if (!mcast_timer_runs(&db->of[f].other))
			delay(db, f,
			      ticks(mdb_config(db)->mcast_query_response_interval));
		start_family(db, f);
	}
}

/* RFC 3376, 8.5. */
static void other_is_gone(struct bridge_mdb *db, struct mcast_timer *t)
{
	enum mcast_family f = t == &db->of[MCAST_IPV6].other ? MCAST_IPV6 : MCAST_IPV4;

	db->view_dirty = true;
	if (mdb_is_running(db))
		start_family(db, f);
}

static bool is_elected(const struct bridge_mdb *db, enum mcast_family f,
		       const uint8_t addr[16])
{
	const struct mcast_election *e = &db->of[f];
	static const uint8_t zero[16];

	if (!mcast_timer_runs(&e->own.timer) && !mcast_timer_runs(&e->other))
		return true;
	if (f == MCAST_IPV4 && !memcmp(e->addr, zero, sizeof(zero)))
		return true;
	return memcmp(addr, e->addr, sizeof(e->addr)) <= 0;
}

static void on_general(struct bridge_mdb *db, struct bridge_mcast_port *mp,
		       const struct mcast_msg *msg)
{
	enum mcast_family f = mcast_family(msg->addr.proto);
	struct mcast_election *e = &db->of[f];

	if (!is_elected(db, f, msg->host))
		return;
	set_querier(db, f, msg->host, mp);
	if (!mcast_timer_runs(&e->other))
		delay(db, f, msg->max_delay);
	mcast_timer_set(db, &e->other,
			clock_now() + ticks(mdb_config(db)->mcast_querier_interval),
			other_is_gone);
	db->view_dirty = true;
	mcast_mark_router(db, mp, f);
}

/* Somebody has left the group: its members have so much time to say that they stay. */
static void on_group(struct bridge_mdb *db, const struct mcast_msg *msg)
{
	bool by_source = mdb_by_source(db, msg->addr.proto);
	struct mdb_group *g = mdb_find(db, &msg->addr);
	nsec_t until =
		clock_now() + msg->max_delay * mdb_config(db)->mcast_last_member_count;
	struct mdb_member *m;

	if (!g)
		return;
	mdb_host_expires_by(g, until);
	list_foreach(m, &g->members, in_group) {
		if (!mcast_timer_runs(&m->timer) && by_source && m->mode == MDB_INCLUDE)
			continue;
		if (mcast_timer_later(&m->timer, until))
			mcast_timer_set(db, &m->timer, until, mdb_member_expired);
	}
}

void mcast_query(struct bridge_mdb *db, struct bridge_mcast_port *mp,
		 const struct mcast_msg *msg)
{
	if (!mdb_listens(db, mp))
		return;
	if (msg->v3 && (msg->n_sources || (mdb_by_source(db, msg->addr.proto) &&
					   !msg->general && msg->suppress)))
		return;
	if (msg->general)
		on_general(db, mp, msg);
	else
		on_group(db, msg);
}

/* ---- telling ---- */

void mcast_querier_fill(const struct bridge_mdb *db, struct nlbuf *b)
{
	static const unsigned attr[MCAST_FAMILIES][3] = {
		{QUERIER_IP_ADDRESS, QUERIER_IP_OTHER_TIMER, QUERIER_IP_PORT},
		{QUERIER_IPV6_ADDRESS, QUERIER_IPV6_OTHER_TIMER, QUERIER_IPV6_PORT}};
	bool any = mdb_config(db)->mcast_querier;
	size_t nest;

	for (enum mcast_family f = 0; f < MCAST_FAMILIES; f++)
		any |= mcast_timer_runs(&db->of[f].other);
	if (!any || !db->snooping)
		return;
	nest = nest_begin(b, BR_MCAST_QUERIER_STATE);
	for (enum mcast_family f = 0; f < MCAST_FAMILIES; f++) {
		const struct mcast_election *e = &db->of[f];
		bool other = mcast_timer_runs(&e->other);

		if (!mdb_config(db)->mcast_querier && !other)
			continue;
		put_attr(b, attr[f][0], e->addr, f == MCAST_IPV4 ? 4 : 16);
		if (!other)
			continue;
		put_u64(b, attr[f][1], mcast_timer_left(&e->other));
		if (e->port_ifindex)
			put_u32(b, attr[f][2], e->port_ifindex);
	}
	nest_end(b, nest);
}
