/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_mdb - the multicast database as control keeps it: groups, the ports in them, and the
 * host.  Names and rules are those of RFC 3376 section 6; what is told of it when, and in
 * which order, is Linux's.
 *
 * What is deleted is marked gone and unlinked, but its memory stays until mdb_settle: loops
 * higher up may stand on it.
 */
#include "dev/bridge_mcast.h"

#include <linux/rtnetlink.h>

#define BUCKETS_MIN 64u

static struct mdb_listener *listener;

void mdb_listen(struct mdb_listener *l)
{
	listener = l;
}

/* ---- telling ---- */

static void info_sources(const struct mdb_member *m, struct mdb_info *e)
{
	struct mdb_source *s;

	list_foreach(s, &m->sources, link) {
		memcpy(e->source[e->n_sources].addr, s->addr, sizeof(s->addr));
		e->source[e->n_sources++].timer = mcast_timer_left(&s->timer);
	}
}

static void info(const struct mdb_group *g, const struct mdb_member *m,
		 struct mdb_info *e)
{
	*e = (struct mdb_info){.addr = g->addr, .port = g->db->br->dev};
	if (m) {
		e->port = m->port->bp->dev;
		e->flags = m->flags;
		e->rt_protocol = m->rt_protocol;
		e->mode = m->mode;
		e->has_mode = mdb_by_source(g->db, g->addr.proto);
		if (e->has_mode)
			info_sources(m, e);
	}
	if (!g->addr.proto)
		e->flags |= MDB_F_PERMANENT;
	e->timer = mcast_timer_left(m ? &m->timer : &g->timer);
}

void mdb_tell(const struct mdb_group *g, const struct mdb_member *m, bool gone)
{
	struct mdb_info e;

	if (!listener)
		return;
	info(g, m, &e);
	listener->entry(listener, g->db->br->dev, &e, gone);
}

void mcast_tell_router(const struct bridge_mcast_port *mp, bool gone)
{
	if (listener)
		listener->router(listener, mp->db->br->dev, mp->bp->dev, gone);
}

static bool foreach_in(const struct mdb_group *g,
		       bool (*fn)(void *arg, const struct mdb_info *e), void *arg)
{
	struct mdb_member *m;
	struct mdb_info e;

	if (g->host_joined) {
		info(g, NULL, &e);
		if (!fn(arg, &e))
			return false;
	}
	list_foreach(m, &g->members, in_group) {
		info(g, m, &e);
		if (!fn(arg, &e))
			return false;
	}
	return true;
}

void mdb_foreach(const struct dev *br, const struct mdb_addr *only,
		 bool (*fn)(void *arg, const struct mdb_info *e), void *arg)
{
	const struct bridge_mdb *db = bridge_of(br)->mdb;
	struct mdb_group *g;

	if (only) {
		g = mdb_find(db, only);
		if (g)
			foreach_in(g, fn, arg);
		return;
	}
	list_foreach(g, &db->groups, link)
		if (!foreach_in(g, fn, arg))
			return;
}

/* ---- groups ---- */

static unsigned bucket_of(const struct bridge_mdb *db, const struct mdb_addr *addr)
{
	uint64_t words[sizeof(*addr) / 8], h = 0;

	memcpy(words, addr, sizeof(words));
	for (size_t i = 0; i < array_size(words); i++)
		h = (h ^ words[i]) * 0x9e3779b97f4a7c15u;
	return (unsigned)(h >> 32) & (db->n_buckets - 1);
}

struct mdb_group *mdb_find(const struct bridge_mdb *db, const struct mdb_addr *addr)
{
	struct mdb_group *g = db->hash[bucket_of(db, addr)];

	while (g && memcmp(&g->addr, addr, sizeof(*addr)) != 0)
		g = g->next;
	return g;
}

static void link_hash(struct bridge_mdb *db, struct mdb_group *g)
{
	struct mdb_group **head = &db->hash[bucket_of(db, &g->addr)];

	g->next = *head;
	*head = g;
}

static void unlink_hash(struct bridge_mdb *db, struct mdb_group *g)
{
	struct mdb_group **pp = &db->hash[bucket_of(db, &g->addr)];

	while (*pp != g)
		pp = &(*pp)->next;
	*pp = g->next;
}

static void rehash(struct bridge_mdb *db, unsigned n_buckets)
{
	struct mdb_group *g;

	free(db->hash);
	db->n_buckets = n_buckets;
	db->hash = xcalloc(n_buckets, sizeof(struct mdb_group *));
	list_foreach(g, &db->groups, link)
		link_hash(db, g);
}

/* Linux gives up looking at multicast rather than forget groups. */
static void switch_off(struct bridge_mdb *db)
{
	struct bridge_config config = *mdb_config(db);

	db->snooping = false;
	db->view_dirty = true;
	config.mcast_snooping = false;
	(void)!dev_change_config(db->br->dev, &config, NULL);
}

int mdb_group_get(struct bridge_mdb *db, const struct mdb_addr *addr,
		  struct mdb_group **ret_g)
{
	struct mdb_group *g = mdb_find(db, addr);

	if (g) {
		*ret_g = g;
		return 0;
	}
	if (db->n_groups >= mdb_config(db)->mcast_hash_max) {
		switch_off(db);
		return -E2BIG;
	}
	g = xnew(struct mdb_group);
	g->addr = *addr;
	g->db = db;
	list_init(&g->members);
	list_prepend(&db->groups, &g->link);
	if (++db->n_groups > db->n_buckets)
		rehash(db, db->n_buckets * 4);
	else
		link_hash(db, g);
	*ret_g = g;
	return 0;
}

void mdb_touch(struct mdb_group *g)
{
	if (!list_is_linked(&g->dirty))
		list_append(&g->db->dirty, &g->dirty);
}

void mdb_group_put(struct mdb_group *g)
{
	struct bridge_mdb *db = g->db;

	if (g->gone || g->host_joined || !list_is_empty(&g->members))
		return;
	mdb_touch(g);
	mcast_timer_stop(db, &g->timer);
	g->gone = true;
	unlink_hash(db, g);
	list_remove(&g->link);
	list_append(&db->dead, &g->link);
	db->n_groups--;
}

/* ---- the host ---- */

static void host_expired(struct bridge_mdb *db, struct mcast_timer *t)
{
	struct mdb_group *g = container_of(t, struct mdb_group, timer);

	if (!mdb_is_up(db))
		return;
	mdb_host_leave(g, true);
	mdb_group_put(g);
}

void mdb_host_join(struct mdb_group *g, bool tell)
{
	struct bridge_mdb *db = g->db;

	if (!g->host_joined) {
		g->host_joined = true;
		mdb_touch(g);
		if (mdb_is_star_g(&g->addr))
			mdb_sg_host(g);
		if (tell)
			mdb_tell(g, NULL, false);
	}
	if (g->addr.proto)
		mcast_timer_set(db, &g->timer,
				clock_now() +
					ticks(mdb_config(db)->mcast_membership_interval),
				host_expired);
}

void mdb_host_leave(struct mdb_group *g, bool tell)
{
	if (!g->host_joined)
		return;
	g->host_joined = false;
	mdb_touch(g);
	if (mdb_is_star_g(&g->addr))
		mdb_sg_host(g);
	if (tell)
		mdb_tell(g, NULL, true);
}

void mdb_host_expires_by(struct mdb_group *g, nsec_t at)
{
	if (g->host_joined && mcast_timer_later(&g->timer, at))
		mcast_timer_set(g->db, &g->timer, at, host_expired);
}

/* ---- members ---- */

static bool to_unicast(const struct bridge_mcast_port *mp)
{
	return bridge_port_config(mp->bp)->mcast_to_unicast;
}

struct mdb_member *mdb_find_member(const struct mdb_group *g,
				   const struct bridge_mcast_port *mp,
				   const uint8_t mac[6])
{
	struct mdb_member *m;

	list_foreach(m, &g->members, in_group) {
		if (m->port != mp)
			continue;
		if (!mac || !to_unicast(mp) || !memcmp(m->mac, mac, 6))
			return m;
	}
	return NULL;
}

struct mdb_source *mdb_find_source(const struct mdb_member *m, const uint8_t addr[16])
{
	struct mdb_source *s;

	list_foreach(s, &m->sources, link)
		if (!memcmp(s->addr, addr, 16))
			return s;
	return NULL;
}

static void link_member(struct mdb_group *g, struct mdb_member *m)
{
	struct list *at = g->members.next;

	while (at != &g->members &&
	       list_item(at, struct mdb_member, in_group)->port->bp->no >=
		       m->port->bp->no)
		at = at->next;
	list_insert_before(&m->in_group, at);
	list_prepend(&m->port->members, &m->in_port);
}

int mdb_member_new(struct mdb_group *g, struct bridge_mcast_port *mp,
		   const uint8_t mac[6], uint8_t flags, uint8_t mode, uint8_t rt_protocol,
		   struct mdb_member **ret_m, struct extack *ea)
{
	uint32_t limit = bridge_port_config(mp->bp)->mcast_max_groups;
	struct mdb_member *m;

	if (limit && mp->n_groups >= limit)
		return extack_set(
			ea, -E2BIG,
			"bridge: Port is already in %u groups, and mcast_max_groups=%u",
			mp->n_groups, limit);
	m = xnew(struct mdb_member);
	m->group = g;
	m->port = mp;
	m->flags = flags;
	m->mode = mode;
	m->rt_protocol = rt_protocol;
	list_init(&m->sources);
	list_init(&m->hosts);
	if (mac)
		memcpy(m->mac, mac, 6);
	else
		memset(m->mac, 0xff, 6);
	mp->n_groups++;
	link_member(g, m);
	mdb_touch(g);
	*ret_m = m;
	return 0;
}

void mdb_member_delete(struct mdb_member *m)
{
	struct mdb_group *g = m->group;
	struct bridge_mdb *db = g->db;
	struct mdb_source *s;

	if (m->gone)
		return;
	m->gone = true;
	list_remove(&m->in_group);
	list_remove(&m->in_port);
	mcast_timer_stop(db, &m->timer);
	mcast_timer_stop(db, &m->rexmit);
	mcast_hosts_forget(m);
	while ((s = list_first(&m->sources, struct mdb_source, link)))
		mdb_source_delete(s);
	mdb_touch(g);
	mdb_tell(g, m, true);
	m->port->n_groups--;
	if (mdb_is_star_g(&g->addr)) {
		m->mode = MDB_INCLUDE;
		mdb_mode_changed(m);
	} else if (g->addr.proto) {
		mdb_sg_unneeded(g);
	}
	list_append(&db->dead_members, &m->in_group);
	mdb_group_put(g);
}

/* RFC 3376, 6.5: the group timer of a port has run out; it excludes nothing any more. */
void mdb_member_expired(struct bridge_mdb *db, struct mcast_timer *t)
{
	struct mdb_member *m = container_of(t, struct mdb_member, timer);
	bool changed = m->mode == MDB_EXCLUDE;
	struct mdb_source *s, *next;

	if (!mdb_is_up(db) || m->flags & MDB_F_PERMANENT)
		return;
	m->mode = MDB_INCLUDE;
	mdb_touch(m->group);
	list_foreach_safe(s, next, &m->sources, link) {
		if (mcast_timer_runs(&s->timer))
			continue;
		mdb_source_delete(s);
		changed = true;
	}
	if (list_is_empty(&m->sources)) {
		mdb_member_delete(m);
	} else if (changed) {
		if (mdb_is_star_g(&m->group->addr))
			mdb_mode_changed(m);
		mdb_tell(m->group, m, false);
	}
}

/* ---- joining ---- */

bool mdb_listens(const struct bridge_mdb *db, const struct bridge_mcast_port *mp)
{
	return mdb_is_running(db) && (!mp || port_state(mp->bp) != BR_STATE_DISABLED);
}

int mdb_join(struct bridge_mdb *db, struct bridge_mcast_port *mp,
	     const struct mdb_addr *addr, const uint8_t mac[6], uint8_t mode,
	     bool expires, bool blocked, struct mdb_member **ret_m)
{
	struct mdb_member *m;
	struct mdb_group *g;
	int err;

	*ret_m = NULL;
	if (!mdb_listens(db, mp))
		return 0;
	err = mdb_group_get(db, addr, &g);
	if (err)
		return err;
	if (!mp) {
		mdb_host_join(g, true);
		return 0;
	}
	m = mdb_find_member(g, mp, mac);
	if (!m) {
		err = mdb_member_new(g, mp, mac, blocked ? MDB_F_BLOCKED : 0, mode,
				     RTPROT_KERNEL, &m, NULL);
		if (err) {
			mdb_group_put(g);
			return err;
		}
		mdb_tell(g, m, false);
	}
	if (expires)
		mcast_timer_set(db, &m->timer,
				clock_now() +
					ticks(mdb_config(db)->mcast_membership_interval),
				mdb_member_expired);
	*ret_m = m;
	return 0;
}

/* ---- life ---- */

void mdb_init(struct bridge_mdb *db)
{
	list_init(&db->groups);
	list_init(&db->dirty);
	list_init(&db->dead);
	list_init(&db->dead_members);
	list_init(&db->dead_sources);
	list_init(&db->ports);
	rehash(db, BUCKETS_MIN);
	mcast_view_init(db);
}

void mdb_done(struct bridge_mdb *db)
{
	struct mdb_member *m;
	struct mdb_group *g;

	/* A group that goes takes others along, perhaps the next one. */
	while ((g = list_first(&db->groups, struct mdb_group, link))) {
		mcast_timer_stop(db, &g->timer);
		while ((m = list_first(&g->members, struct mdb_member, in_group)))
			mdb_member_delete(m);
		g->host_joined = false;
		mdb_group_put(g);
	}
	mdb_settle(db);
	mcast_view_done(db);
	mcast_timers_done(db);
	free(db->hash);
}

void mdb_settle(struct bridge_mdb *db)
{
	struct mdb_source *s;
	struct mdb_member *m;
	struct mdb_group *g;

	while ((g = list_first(&db->dirty, struct mdb_group, dirty))) {
		list_remove(&g->dirty);
		mcast_publish_group(g);
	}
	if (db->view_dirty) {
		db->view_dirty = false;
		mcast_publish_view(db);
	}
	while ((s = list_first(&db->dead_sources, struct mdb_source, link))) {
		list_remove(&s->link);
		free(s);
	}
	while ((m = list_first(&db->dead_members, struct mdb_member, in_group))) {
		list_remove(&m->in_group);
		free(m);
	}
	while ((g = list_first(&db->dead, struct mdb_group, link))) {
		list_remove(&g->link);
		free(g);
	}
}
