/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_report - what a report changes.
 *
 * IGMPv1, IGMPv2 and MLDv1 reports are "exclude nothing" (RFC 3376, 7.3.2).  IGMPv3 and MLDv2
 * reports are worked off record by record by the tables of RFC 3376, 6.4 (RFC 3810, 7.4);
 * each function below is one row: the router's state, the record, the new state, the actions.
 * Where the bridge is set to the older version, a newer report counts as an older one.
 *
 * A port is one listener, however many hosts are behind it; of a port with fast_leave the hosts
 * are told apart (bridge_hosts.c), and it forgets what the last of them has left.
 */
#include "dev/bridge_mcast.h"

/* The membership interval, 8.4; counted from now. */
static nsec_t gmi(const struct bridge_mdb *db)
{
	return clock_now() + ticks(mdb_config(db)->mcast_membership_interval);
}

/* The last member query time, 8.14.1. */
static nsec_t lmqt(const struct bridge_mdb *db)
{
	const struct bridge_config *c = mdb_config(db);

	return clock_now() + ticks(c->mcast_last_member_interval *
				   (uint64_t)c->mcast_last_member_count);
}

/* Groups that are not looked at: 224.0.0.0/24, and the node's own of IPv6. */
static bool never_learned(const struct mdb_addr *addr)
{
	static const uint8_t all_nodes[16] = {0xff, 0x02, [15] = 1};

	if (addr->proto == ETHERTYPE_IPV4)
		return !memcmp(addr->dst, (uint8_t[]){224, 0, 0}, 3);
	return !memcmp(addr->dst, all_nodes, sizeof(all_nodes));
}

/* ---- records ---- */

/* A record and what it is about. */
struct work {
	struct bridge_mdb *db;
	struct mdb_member *m;
	const struct mcast_record *r;
	const uint8_t *host; /* who sent it */
	size_t addr_size;
	unsigned to_ask; /* sources marked "send" */
	bool changed;
};

static void source_at(const struct work *k, unsigned i, uint8_t addr[16])
{
	memset(addr, 0, 16);
	memcpy(addr, k->r->sources + i * k->addr_size, k->addr_size);
}

/* The record's source number @i, which is made if need be. */
static struct mdb_source *source_of(struct work *k, unsigned i, bool *is_new)
{
	struct mdb_source *s;
	uint8_t addr[16];

	source_at(k, i, addr);
	s = mdb_find_source(k->m, addr);
	*is_new = !s;
	return s ?: mdb_source_new(k->m, addr);
}

static void mark_all(struct work *k, bool send, bool delete)
{
	struct mdb_source *s;

	list_foreach(s, &k->m->sources, link) {
		s->send = send;
		s->delete = delete;
	}
}

static void delete_marked(struct work *k)
{
	struct mdb_source *s, *next;

	list_foreach_safe(s, next, &k->m->sources, link)
		if (s->delete) {
			mdb_source_delete(s);
			k->changed = true;
		}
}

static void mark_send(struct work *k, struct mdb_source *s)
{
	k->to_ask += !s->send;
	s->send = true;
}

/* Lower the timers of the sources that are marked, and ask about them: 6.6.3.2. */
static void ask_marked(struct work *k)
{
	unsigned count = mdb_config(k->db)->mcast_last_member_count;
	bool querier = mcast_is_querier(k->db, mcast_family(k->m->group->addr.proto));
	nsec_t until = lmqt(k->db);
	struct mdb_source *s;

	if (!k->to_ask)
		return;
	list_foreach(s, &k->m->sources, link) {
		if (!s->send)
			continue;
		s->send = false;
		if (!mcast_timer_runs(&s->timer) || s->timer.at <= until)
			continue;
		if (querier)
			s->queries = count;
		mdb_source_set_timer(s, until);
	}
	if (querier)
		mcast_ask_sources(k->m);
}

/* Ask about the group, and lower its timer: 6.6.3.1. */
static void ask_group(struct work *k)
{
	nsec_t until = lmqt(k->db);

	if (mcast_is_querier(k->db, mcast_family(k->m->group->addr.proto)))
		mcast_ask_member(k->m);
	if (k->m->mode == MDB_EXCLUDE && mcast_timer_later(&k->m->timer, until))
		mcast_timer_set(k->db, &k->m->timer, until, mdb_member_expired);
}

static void hosts_heard(struct work *k)
{
	k->changed |= mcast_hosts_heard(k->m, k->host, k->r);
}

/* INCLUDE (A), IS_IN or ALLOW (B): INCLUDE (A+B); (B)=GMI.
 * EXCLUDE (X,Y), IS_IN or ALLOW (A): EXCLUDE (X+A,Y-A); (A)=GMI. */
static void on_allow(struct work *k)
{
	nsec_t until = gmi(k->db);
	bool is_new;

	for (unsigned i = 0; i < k->r->n_sources; i++) {
		struct mdb_source *s = source_of(k, i, &is_new);

		if (!s)
			continue;
		k->changed |= is_new;
		mdb_source_set_timer(s, until);
	}
	hosts_heard(k);
}

/* INCLUDE (A), IS_EX (B): EXCLUDE (A*B,B-A); (B-A)=0; delete (A-B).
 * INCLUDE (A), TO_EX (B): also send Q(G,A*B). */
static void on_exclude_included(struct work *k, bool ask)
{
	bool is_new;

	mark_all(k, false, true);
	for (unsigned i = 0; i < k->r->n_sources; i++) {
		struct mdb_source *s = source_of(k, i, &is_new);

		if (!s)
			continue;
		s->delete = false;
		if (is_new)
			mdb_source_forward(s);
		else if (ask)
			mark_send(k, s);
	}
	hosts_heard(k);
	delete_marked(k);
	ask_marked(k);
}

/* EXCLUDE (X,Y), IS_EX (A): EXCLUDE (A-Y,Y*A); (A-X-Y)=GMI; delete (X-A), (Y-A).
 * EXCLUDE (X,Y), TO_EX (A): (A-X-Y)=group timer; send Q(G,A-Y). */
static void on_exclude_excluded(struct work *k, bool ask)
{
	nsec_t until = ask ? k->m->timer.at : gmi(k->db);
	bool is_new;

	mark_all(k, false, true);
	for (unsigned i = 0; i < k->r->n_sources; i++) {
		struct mdb_source *s = source_of(k, i, &is_new);

		if (!s)
			continue;
		s->delete = false;
		if (is_new) {
			mdb_source_set_timer(s, until);
			k->changed = true;
		}
		if (ask && mcast_timer_runs(&s->timer))
			mark_send(k, s);
	}
	hosts_heard(k);
	delete_marked(k);
	ask_marked(k);
}

static void on_exclude(struct work *k, bool ask)
{
	struct mdb_member *m = k->m;

	if (m->mode == MDB_INCLUDE) {
		on_exclude_included(k, ask);
		m->mode = MDB_EXCLUDE;
		mdb_mode_changed(m);
		k->changed = true;
	} else {
		on_exclude_excluded(k, ask);
	}
	mcast_timer_set(k->db, &m->timer, gmi(k->db), mdb_member_expired);
}

/* INCLUDE (A), TO_IN (B): INCLUDE (A+B); (B)=GMI; send Q(G,A-B).
 * EXCLUDE (X,Y), TO_IN (A): EXCLUDE (X+A,Y-A); (A)=GMI; send Q(G,X-A), Q(G). */
static void on_to_include(struct work *k)
{
	nsec_t until = gmi(k->db);
	struct mdb_source *s;
	bool is_new;

	mark_all(k, false, false);
	list_foreach(s, &k->m->sources, link)
		if (k->m->mode == MDB_INCLUDE || mcast_timer_runs(&s->timer))
			mark_send(k, s);
	for (unsigned i = 0; i < k->r->n_sources; i++) {
		s = source_of(k, i, &is_new);
		if (!s)
			continue;
		k->to_ask -= s->send;
		s->send = false;
		k->changed |= is_new;
		mdb_source_set_timer(s, until);
	}
	hosts_heard(k);
	ask_marked(k);
	if (k->m->mode == MDB_EXCLUDE)
		ask_group(k);
}

/* INCLUDE (A), BLOCK (B): INCLUDE (A); send Q(G,A*B).
 * EXCLUDE (X,Y), BLOCK (A): EXCLUDE (X+(A-Y),Y); (A-X-Y)=group timer; send Q(G,A-Y). */
static void on_block(struct work *k)
{
	struct mdb_source *s;
	uint8_t addr[16];
	bool is_new;

	mark_all(k, false, false);
	for (unsigned i = 0; i < k->r->n_sources; i++) {
		if (k->m->mode == MDB_INCLUDE) {
			source_at(k, i, addr);
			s = mdb_find_source(k->m, addr);
			if (s)
				mark_send(k, s);
			continue;
		}
		s = source_of(k, i, &is_new);
		if (!s)
			continue;
		if (is_new) {
			mdb_source_set_timer(s, k->m->timer.at);
			k->changed = true;
		}
		if (mcast_timer_runs(&s->timer))
			mark_send(k, s);
	}
	hosts_heard(k);
	ask_marked(k);
}

/* The last host behind a port with fast_leave has said that it wants nothing. */
static bool leaves_at_once(const struct work *k)
{
	return (k->r->type == RECORD_TO_IN || k->r->type == RECORD_BLOCK) &&
	       mcast_hosts_are_gone(k->m);
}

static void work_off(struct work *k)
{
	struct mdb_member *m = k->m;

	switch (k->r->type) {
	case RECORD_IS_IN:
	case RECORD_ALLOW:
		on_allow(k);
		break;
	case RECORD_IS_EX:
		on_exclude(k, false);
		break;
	case RECORD_TO_EX:
		on_exclude(k, true);
		break;
	case RECORD_TO_IN:
		on_to_include(k);
		break;
	case RECORD_BLOCK:
		on_block(k);
		break;
	}
	if (leaves_at_once(k)) {
		m->flags |= MDB_F_FAST_LEAVE;
		mdb_member_delete(m);
	} else if (k->r->type == RECORD_BLOCK && m->mode == MDB_INCLUDE &&
		   list_is_empty(&m->sources)) {
		mdb_member_delete(m);
	} else if (k->changed) {
		mdb_tell(m->group, m, false);
	}
}

/* One record.  False: there is no room for its group. */
static bool on_record(struct bridge_mdb *db, struct bridge_mcast_port *mp,
		      const struct mcast_msg *msg, const struct mcast_record *r)
{
	bool older = !mdb_by_source(db, msg->addr.proto);
	struct mdb_addr addr = msg->addr;
	struct mdb_member *m;
	struct work k;

	if (r->type < RECORD_IS_IN || r->type > RECORD_BLOCK)
		return true;
	memcpy(addr.dst, r->group, sizeof(addr.dst));
	if (never_learned(&addr))
		return true;
	if (!r->n_sources && (r->type == RECORD_TO_IN || r->type == RECORD_IS_IN) &&
	    (!mp || older)) {
		mcast_leave(db, mp, &addr, msg->mac);
		return true;
	}
	if (r->n_sources || (r->type != RECORD_TO_IN && r->type != RECORD_IS_IN)) {
		if (mdb_join(db, mp, &addr, msg->mac, older ? MDB_EXCLUDE : MDB_INCLUDE,
			     older, false, &m))
			return false;
	} else {
		struct mdb_group *g = mdb_listens(db, mp) ? mdb_find(db, &addr) : NULL;

		m = g ? mdb_find_member(g, mp, msg->mac) : NULL;
	}
	if (older || !m || m->flags & MDB_F_PERMANENT)
		return true;
	k = (struct work){.db = db,
			  .m = m,
			  .r = r,
			  .host = msg->host,
			  .addr_size = mcast_addr_size(addr.proto)};
	work_off(&k);
	return true;
}

void mcast_report_v3(struct bridge_mdb *db, struct bridge_mcast_port *mp,
		     const struct mcast_msg *msg)
{
	struct mcast_record r;
	uint32_t off = 0;
	unsigned i = 0;

	while (mcast_next_record(msg, &i, &off, &r))
		if (!on_record(db, mp, msg, &r))
			return;
}

/* ---- the older versions ---- */

void mcast_report(struct bridge_mdb *db, struct bridge_mcast_port *mp,
		  const struct mcast_msg *msg)
{
	struct mdb_member *m;

	if (!never_learned(&msg->addr))
		(void)!mdb_join(db, mp, &msg->addr, msg->mac, MDB_EXCLUDE, true, false,
				&m);
}

/* RFC 2236, section 3; RFC 2710, section 4.  Without another querier the group's time is cut
 * short; with one, its own question does that. */
static void leave_slowly(struct bridge_mdb *db, struct bridge_mcast_port *mp,
			 struct mdb_group *g, const uint8_t mac[6])
{
	enum mcast_family f = mcast_family(g->addr.proto);
	nsec_t until = lmqt(db);
	struct mdb_member *m;

	if (mdb_config(db)->mcast_querier) {
		mcast_ask_group(db, mp, &g->addr);
		mcast_own_query_at(db, mp ? &mp->own[f] : &db->of[f].own, until);
	}
	if (!mp) {
		mdb_host_expires_by(g, until);
		return;
	}
	m = mdb_find_member(g, mp, mac);
	if (m && mcast_timer_later(&m->timer, until))
		mcast_timer_set(db, &m->timer, until, mdb_member_expired);
}

void mcast_leave(struct bridge_mdb *db, struct bridge_mcast_port *mp,
		 const struct mdb_addr *addr, const uint8_t mac[6])
{
	enum mcast_family f = mcast_family(addr->proto);
	struct mdb_group *g;
	struct mdb_member *m;

	if (never_learned(addr) || !mdb_listens(db, mp))
		return;
	g = mdb_find(db, addr);
	if (!g)
		return;
	if (mp && bridge_port_config(mp->bp)->fast_leave) {
		m = mdb_find_member(g, mp, mac);
		if (m && !(m->flags & MDB_F_PERMANENT)) {
			m->flags |= MDB_F_FAST_LEAVE;
			mdb_member_delete(m);
		}
		return;
	}
	if (!mcast_timer_runs(&db->of[f].other))
		leave_slowly(db, mp, g, mac);
}
