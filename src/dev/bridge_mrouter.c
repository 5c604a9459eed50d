/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_mrouter - router ports: behind them is somebody who wants all groups (RFC 4541,
 * 2.1.1 and 2.1.2).
 *
 * One is learned by queries, PIM hellos and router advertisements, separately for IPv4 and
 * IPv6, and forgotten after mcast_querier_interval; or it is set by hand.
 */
#include "dev/bridge_mcast.h"

static bool is_router(const struct bridge_mcast_port *mp)
{
	return mp->is_router[MCAST_IPV4] || mp->is_router[MCAST_IPV6];
}

static void add(struct bridge_mcast_port *mp, enum mcast_family f)
{
	bool was = is_router(mp);

	if (mp->is_router[f])
		return;
	mp->is_router[f] = true;
	mp->db->view_dirty = true;
	if (!was)
		mcast_tell_router(mp, false);
}

/* In all the families of @mask. */
static void remove_from(struct bridge_mcast_port *mp, unsigned mask)
{
	bool was = is_router(mp);

	for (enum mcast_family f = 0; f < MCAST_FAMILIES; f++)
		if (mask >> f & 1)
			mp->is_router[f] = false;
	if (!was || is_router(mp))
		return;
	mcast_tell_router(mp, true);
	/* "temp" is what it became by hand and what wears off. */
	if (mp->router_type == MDB_RTR_TYPE_TEMP)
		mp->router_type = MDB_RTR_TYPE_TEMP_QUERY;
}

#define ALL_FAMILIES (1u << MCAST_IPV4 | 1u << MCAST_IPV6)

static void port_expired(struct bridge_mdb *db, struct mcast_timer *t)
{
	struct bridge_mcast_port *mp;

	list_foreach(mp, &db->ports, link) {
		for (enum mcast_family f = 0; f < MCAST_FAMILIES; f++) {
			if (t != &mp->router[f])
				continue;
			db->view_dirty = true;
			remove_from(mp, 1u << f);
			return;
		}
	}
}

static void host_expired(struct bridge_mdb *db, struct mcast_timer *t)
{
	db->view_dirty = true;
}

static void stop_timers(struct bridge_mcast_port *mp)
{
	for (enum mcast_family f = 0; f < MCAST_FAMILIES; f++)
		mcast_timer_stop(mp->db, &mp->router[f]);
}

void mcast_mark_router(struct bridge_mdb *db, struct bridge_mcast_port *mp,
		       enum mcast_family f)
{
	nsec_t until = clock_now() + ticks(mdb_config(db)->mcast_querier_interval);

	if (!mdb_listens(db, mp))
		return;
	db->view_dirty = true;
	if (!mp) {
		if (mdb_config(db)->mcast_router == MDB_RTR_TYPE_TEMP_QUERY)
			mcast_timer_set(db, &db->of[f].router, until, host_expired);
		return;
	}
	if (mp->router_type == MDB_RTR_TYPE_DISABLED ||
	    mp->router_type == MDB_RTR_TYPE_PERM)
		return;
	add(mp, f);
	mcast_timer_set(db, &mp->router[f], until, port_expired);
}

void mcast_set_port_router(struct bridge_mcast_port *mp, uint8_t type)
{
	mp->db->view_dirty = true;
	mp->router_type = type;
	switch (type) {
	case MDB_RTR_TYPE_DISABLED:
	case MDB_RTR_TYPE_TEMP_QUERY:
		stop_timers(mp);
		remove_from(mp, ALL_FAMILIES);
		break;
	case MDB_RTR_TYPE_PERM:
		stop_timers(mp);
		add(mp, MCAST_IPV4);
		add(mp, MCAST_IPV6);
		break;
	case MDB_RTR_TYPE_TEMP:
		mcast_mark_router(mp->db, mp, MCAST_IPV4);
		mcast_mark_router(mp->db, mp, MCAST_IPV6);
		break;
	}
}

void mcast_set_bridge_router(struct bridge_mdb *db)
{
	db->view_dirty = true;
	if (mdb_config(db)->mcast_router == MDB_RTR_TYPE_TEMP_QUERY)
		return;
	for (enum mcast_family f = 0; f < MCAST_FAMILIES; f++)
		mcast_timer_stop(db, &db->of[f].router);
}

void mcast_open_router(struct bridge_mcast_port *mp)
{
	if (mp->router_type != MDB_RTR_TYPE_PERM)
		return;
	add(mp, MCAST_IPV4);
	add(mp, MCAST_IPV6);
}

void mcast_forget_router(struct bridge_mcast_port *mp)
{
	mp->db->view_dirty = true;
	stop_timers(mp);
	remove_from(mp, ALL_FAMILIES);
}

bool mcast_host_routes(const struct bridge_mdb *db, enum mcast_family f)
{
	switch (mdb_config(db)->mcast_router) {
	case MDB_RTR_TYPE_PERM:
		return true;
	case MDB_RTR_TYPE_TEMP_QUERY:
		return mcast_timer_runs(&db->of[f].router);
	}
	return false;
}

void mdb_routers_foreach(const struct dev *br,
			 void (*fn)(void *arg, const struct mdb_router *r), void *arg)
{
	const struct bridge_mdb *db = bridge_of(br)->mdb;
	struct bridge_mcast_port *mp;

	if (!mdb_config(db)->mcast_router)
		return;
	list_foreach(mp, &db->ports, link) {
		struct mdb_router r = {.port = mp->bp->dev, .type = mp->router_type};

		if (!is_router(mp))
			continue;
		for (enum mcast_family f = 0; f < MCAST_FAMILIES; f++) {
			r.has[f] = mp->is_router[f];
			r.timer[f] = mcast_timer_left(&mp->router[f]);
		}
		fn(arg, &r);
	}
}
