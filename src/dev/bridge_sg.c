/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_sg - sources of a group on a port, and the (S,G) that follow from them.
 *
 * RFC 3376 keeps per port and group a filter mode and sources with timers.  Frames are looked
 * up by source and group first, then by group alone, so each source that some port asks for,
 * or does not want, gets an (S,G) of its own: the port is in it, or in it as blocked.  And a
 * port that excludes, so wants all but some, must be in every (S,G) of the group that others
 * have brought about: it is put there as "added by (*,G) exclude" and goes with the last of
 * them.
 */
#include "dev/bridge_mcast.h"

#include <linux/rtnetlink.h>

static struct mdb_addr sg_addr(const struct mdb_member *m, const uint8_t src[16])
{
	struct mdb_addr addr = m->group->addr;

	memcpy(addr.src, src, sizeof(addr.src));
	return addr;
}

/* The port's place in the (S,G). */
static struct mdb_member *find_sg(const struct mdb_member *m, const uint8_t src[16])
{
	struct mdb_addr addr = sg_addr(m, src);
	struct mdb_group *g = mdb_find(m->group->db, &addr);

	return g ? mdb_find_member(g, m->port, m->mac) : NULL;
}

/* ---- ports that exclude ---- */

static void add_star_excl(struct mdb_member *star, const struct mdb_addr *sg)
{
	struct mdb_member *m;

	if (find_sg(star, sg->src) ||
	    mdb_join(star->group->db, star->port, sg, star->mac, MDB_INCLUDE, false,
		     false, &m) ||
	    !m || m->rt_protocol != RTPROT_KERNEL)
		return;
	m->flags |= MDB_F_STAR_EXCL;
	mdb_touch(m->group);
}

static void del_star_excl(struct mdb_member *star, const uint8_t src[16])
{
	struct mdb_member *m = find_sg(star, src);

	if (m && m->flags & MDB_F_STAR_EXCL)
		mdb_member_delete(m);
}

void mdb_mode_changed(struct mdb_member *m)
{
	struct mdb_member *other;
	struct mdb_source *s;

	mdb_touch(m->group);
	list_foreach(other, &m->group->members, in_group) {
		if (other == m)
			continue;
		list_foreach(s, &other->sources, link) {
			struct mdb_addr sg = sg_addr(m, s->addr);

			if (!s->installed)
				continue;
			if (m->mode == MDB_EXCLUDE)
				add_star_excl(m, &sg);
			else
				del_star_excl(m, s->addr);
		}
	}
}

void mdb_sg_joined(const struct mdb_group *star, struct mdb_group *sg)
{
	struct mdb_member *m;

	if (star->host_joined)
		mdb_host_join(sg, true);
	list_foreach(m, &star->members, in_group)
		if (m->mode == MDB_EXCLUDE)
			add_star_excl(m, &sg->addr);
}

void mdb_sg_unneeded(struct mdb_group *sg)
{
	struct mdb_member *m;

	if (sg->gone)
		return;
	list_foreach(m, &sg->members, in_group)
		if (!(m->flags & MDB_F_STAR_EXCL))
			return;
	mdb_host_leave(sg, true);
	while ((m = list_first(&sg->members, struct mdb_member, in_group)))
		mdb_member_delete(m);
}

void mdb_sg_host(struct mdb_group *star)
{
	struct mdb_member *m;
	struct mdb_source *s;

	list_foreach(m, &star->members, in_group) {
		list_foreach(s, &m->sources, link) {
			struct mdb_addr addr = sg_addr(m, s->addr);
			struct mdb_group *sg =
				s->installed ? mdb_find(star->db, &addr) : NULL;

			if (!sg)
				continue;
			if (star->host_joined)
				mdb_host_join(sg, true);
			else
				mdb_host_leave(sg, true);
		}
	}
}

/* ---- sources ---- */

static void install(struct mdb_source *s)
{
	struct mdb_member *star = s->member, *m;
	struct bridge_mdb *db = star->group->db;
	struct mdb_addr addr = sg_addr(star, s->addr);

	if (s->installed ||
	    mdb_join(db, star->port, &addr, star->mac, MDB_INCLUDE, false,
		     !mcast_timer_runs(&s->timer), &m) ||
	    !m)
		return;
	s->installed = true;
	m->flags &= (uint8_t)~MDB_F_STAR_EXCL;
	mdb_touch(m->group);
	/* It is the user's then, and stays. */
	if (m->rt_protocol != RTPROT_KERNEL && m->flags & MDB_F_PERMANENT)
		return;
	mcast_timer_stop(db, &m->timer);
	mdb_sg_joined(star->group, m->group);
}

void mdb_source_forward(struct mdb_source *s)
{
	bool blocked = !mcast_timer_runs(&s->timer);
	struct mdb_member *m;

	if (!mdb_is_star_g(&s->member->group->addr))
		return;
	install(s);
	m = find_sg(s->member, s->addr);
	if (!m || blocked == !!(m->flags & MDB_F_BLOCKED))
		return;
	if (m->rt_protocol != RTPROT_KERNEL && m->flags & MDB_F_PERMANENT)
		return;
	m->flags ^= MDB_F_BLOCKED;
	mdb_touch(m->group);
	mdb_tell(m->group, m, false);
}

/* Is the (S,G) the user's, and not because of the source? */
static bool stays(const struct mdb_source *s, const struct mdb_member *m)
{
	return m->rt_protocol != RTPROT_KERNEL && m->flags & MDB_F_PERMANENT &&
	       !s->by_user;
}

static void uninstall(struct mdb_source *s)
{
	struct mdb_member *m;

	if (!s->installed)
		return;
	s->installed = false;
	m = find_sg(s->member, s->addr);
	if (m && !stays(s, m))
		mdb_member_delete(m);
}

/* RFC 3376, 6.3: the source is wanted no more; or, where all others are, blocked. */
static void source_expired(struct bridge_mdb *db, struct mcast_timer *t)
{
	struct mdb_source *s = container_of(t, struct mdb_source, timer);
	struct mdb_member *m = s->member;

	if (!mdb_is_up(db))
		return;
	if (m->mode == MDB_EXCLUDE) {
		mdb_source_forward(s);
		return;
	}
	mdb_source_delete(s);
	if (list_is_empty(&m->sources))
		mdb_member_delete(m);
}

void mdb_source_set_timer(struct mdb_source *s, nsec_t at)
{
	mcast_timer_set(s->member->group->db, &s->timer, at, source_expired);
	mdb_source_forward(s);
}

/* May @addr be a source: no network 0 and no group. */
static bool is_source(const struct mdb_addr *group, const uint8_t addr[16])
{
	static const uint8_t zero[16];

	if (group->proto == ETHERTYPE_IPV4)
		return addr[0] && (addr[0] & 0xf0) != 0xe0;
	return addr[0] != 0xff && memcmp(addr, zero, 16) != 0;
}

struct mdb_source *mdb_source_new(struct mdb_member *m, const uint8_t addr[16])
{
	struct mdb_source *s;

	if (m->n_sources >= MDB_SOURCES_MAX || !is_source(&m->group->addr, addr))
		return NULL;
	s = xnew(struct mdb_source);
	s->member = m;
	memcpy(s->addr, addr, sizeof(s->addr));
	list_prepend(&m->sources, &s->link);
	m->n_sources++;
	return s;
}

void mdb_source_left(struct mdb_source *s)
{
	struct mdb_member *m = s->installed ? find_sg(s->member, s->addr) : NULL;

	if (m && !stays(s, m))
		m->flags |= MDB_F_FAST_LEAVE;
	mdb_source_delete(s);
}

void mdb_source_delete(struct mdb_source *s)
{
	struct mdb_member *m = s->member;

	if (s->gone)
		return;
	s->gone = true;
	mcast_timer_stop(m->group->db, &s->timer);
	list_remove(&s->link);
	m->n_sources--;
	uninstall(s);
	list_append(&m->group->db->dead_sources, &s->link);
}
