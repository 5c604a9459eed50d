/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_mdb_conf - the multicast database changed by hand (RTM_NEWMDB, RTM_DELMDB), with
 * Linux's errors and sentences.
 */
#include "dev/bridge_mcast.h"

#include <linux/rtnetlink.h>

static nsec_t gmi(const struct bridge_mdb *db)
{
	return clock_now() + ticks(mdb_config(db)->mcast_membership_interval);
}

int mdb_may_change(const struct dev *br, struct extack *ea)
{
	if (!dev_is_up(br))
		return extack_set(ea, -EINVAL, "bridge: Bridge device is not running");
	if (!bridge_of(br)->mdb->snooping)
		return extack_set(ea, -EINVAL,
				  "bridge: Bridge's multicast processing is disabled");
	return 0;
}

/* ---- sources ---- */

/* The (S,G) of a source of the user's. */
static int install_source(struct mdb_member *star, struct mdb_source *s,
			  const struct mdb_request *req, struct extack *ea)
{
	struct bridge_mdb *db = star->group->db;
	struct mdb_addr addr = star->group->addr;
	struct mdb_member *m;
	struct mdb_group *g;
	int err;

	memcpy(addr.src, s->addr, sizeof(addr.src));
	err = mdb_group_get(db, &addr, &g);
	if (err)
		return err;
	m = mdb_find_member(g, star->port, NULL);
	if (m && m->flags & MDB_F_PERMANENT && !req->replace)
		return extack_set(ea, -EEXIST,
				  "bridge: (S, G) group is already joined by port");
	if (!m) {
		err = mdb_member_new(g, star->port, NULL, 0, MDB_INCLUDE,
				     req->rt_protocol, &m, ea);
		if (err) {
			mdb_group_put(g);
			return err;
		}
	}
	m->rt_protocol = req->rt_protocol;
	m->flags = (req->permanent ? MDB_F_PERMANENT : 0) |
		   (req->mode == MDB_EXCLUDE ? MDB_F_BLOCKED : 0);
	mcast_timer_stop(db, &m->timer);
	mdb_touch(g);
	s->installed = s->by_user = true;
	mdb_tell(g, m, false);
	if (mdb_by_source(db, addr.proto))
		mdb_sg_joined(star->group, g);
	return 0;
}

static int add_sources(struct mdb_member *m, const struct mdb_request *req,
		       struct extack *ea)
{
	int err = 0;

	for (unsigned i = 0; i < req->n_sources && !err; i++) {
		struct mdb_source *s = mdb_find_source(m, req->source[i]);

		if (s && !req->replace)
			return extack_set(ea, -EEXIST,
					  "bridge: Source entry already exists");
		if (!s)
			s = mdb_source_new(m, req->source[i]);
		if (!s)
			return extack_set(ea, -ENOSPC,
					  "bridge: Failed to add new source entry");
		s->delete = false;
		if (req->mode == MDB_INCLUDE && !req->permanent)
			mdb_source_set_timer(s, gmi(m->group->db));
		else
			mcast_timer_stop(m->group->db, &s->timer);
		err = install_source(m, s, req, ea);
	}
	return err;
}

/* ---- members ---- */

static void set_timer(struct mdb_member *m, const struct mdb_request *req)
{
	struct bridge_mdb *db = m->group->db;
	bool excludes = m->mode == MDB_EXCLUDE || !mdb_is_star_g(&m->group->addr);

	if (!req->permanent && excludes)
		mcast_timer_set(db, &m->timer, gmi(db), mdb_member_expired);
	else
		mcast_timer_stop(db, &m->timer);
}

static int replace_member(struct mdb_member *m, const struct mdb_request *req,
			  struct extack *ea)
{
	struct mdb_source *s, *next;
	bool star = mdb_is_star_g(&m->group->addr);
	int err;

	list_foreach(s, &m->sources, link)
		s->delete = true;
	m->flags = req->permanent ? MDB_F_PERMANENT : 0;
	m->mode = star ? req->mode : MDB_INCLUDE;
	m->rt_protocol = req->rt_protocol;
	err = add_sources(m, req, ea);
	if (err)
		return err;
	list_foreach_safe(s, next, &m->sources, link)
		if (s->delete)
			mdb_source_delete(s);
	set_timer(m, req);
	mdb_touch(m->group);
	mdb_tell(m->group, m, false);
	if (star && mdb_by_source(m->group->db, m->group->addr.proto))
		mdb_mode_changed(m);
	return 0;
}

static int add_member(struct mdb_group *g, struct bridge_mcast_port *mp,
		      const struct mdb_request *req, struct extack *ea)
{
	struct mdb_addr star = g->addr;
	bool is_star = mdb_is_star_g(&g->addr);
	struct mdb_member *m = mdb_find_member(g, mp, NULL);
	struct mdb_group *star_g;
	int err;

	if (m && !req->replace)
		return extack_set(
			ea, -EEXIST,
			is_star ? "bridge: (*, G) group is already joined by port"
				: "bridge: (S, G) group is already joined by port");
	if (m)
		return replace_member(m, req, ea);
	err = mdb_member_new(g, mp, NULL, req->permanent ? MDB_F_PERMANENT : 0,
			     is_star ? req->mode : MDB_INCLUDE, req->rt_protocol, &m, ea);
	if (err)
		return err;
	err = add_sources(m, req, ea);
	if (err) {
		mdb_member_delete(m);
		return err;
	}
	set_timer(m, req);
	mdb_tell(g, m, false);
	if (!mdb_by_source(g->db, g->addr.proto))
		return 0;
	if (is_star) {
		if (m->mode == MDB_EXCLUDE)
			mdb_mode_changed(m);
		return 0;
	}
	memset(star.src, 0, sizeof(star.src));
	star_g = mdb_find(g->db, &star);
	if (star_g)
		mdb_sg_joined(star_g, g);
	return 0;
}

static int add_host(struct mdb_group *g, struct extack *ea)
{
	if (g->host_joined)
		return extack_set(ea, -EEXIST, "bridge: Group is already joined by host");
	mdb_host_join(g, true);
	return 0;
}

/* In one VLAN. */
static int add_one(struct bridge_mdb *db, const struct mdb_request *req,
		   const struct mdb_addr *addr, struct extack *ea)
{
	struct bridge_port *bp =
		req->port == db->br->dev ? NULL : dev_port_state(req->port);
	struct mdb_group *g;
	int err = mdb_group_get(db, addr, &g);

	if (err)
		return err;
	err = bp ? add_member(g, bp->mcast, req, ea) : add_host(g, ea);
	mdb_group_put(g);
	return err;
}

static int check(const struct bridge_mdb *db, const struct mdb_request *req,
		 struct extack *ea)
{
	bool host = req->port == db->br->dev;

	if (host && req->addr.proto && req->permanent)
		return extack_set(ea, -EINVAL,
				  "bridge: Flags are not allowed for host groups");
	if (host && req->addr.proto && !mdb_is_star_g(&req->addr))
		return extack_set(
			ea, -EINVAL,
			"bridge: Groups with sources cannot be manually host joined");
	if (!req->addr.proto && !req->permanent)
		return extack_set(ea, -EINVAL,
				  "bridge: Only permanent L2 entries allowed");
	if (!host && !req->permanent && bridge_port_state(req->port) == BR_STATE_DISABLED)
		return extack_set(
			ea, -EINVAL,
			"bridge: Port is in disabled state and entry is not permanent");
	return 0;
}

/* With VLAN filtering an entry without a VLAN is one for each that the port is in: call @fn
 * for each, until it fails. */
static int for_vlans(struct bridge_mdb *db, const struct mdb_addr *addr, struct dev *port,
		     int (*fn)(struct bridge_mdb *db, const struct mdb_addr *addr,
			       struct dev *port, const void *arg, struct extack *ea),
		     const void *arg, struct extack *ea)
{
	const struct bridge_port *bp = port == db->br->dev ? NULL : dev_port_state(port);
	struct mdb_addr one = *addr;
	int err = 0;

	if (addr->vid || !bridge_config(db->br)->vlan_filtering)
		return fn(db, addr, port, arg, ea);
	while (!err && (one.vid = vlan_next(db->br, bp, one.vid)))
		err = fn(db, &one, port, arg, ea);
	return err;
}

static int add_in(struct bridge_mdb *db, const struct mdb_addr *addr, struct dev *port,
		  const void *req, struct extack *ea)
{
	return add_one(db, req, addr, ea);
}

int mdb_add(struct dev *br, const struct mdb_request *req, struct extack *ea)
{
	struct bridge_mdb *db = bridge_of(br)->mdb;
	int err = check(db, req, ea);

	if (!err)
		err = for_vlans(db, &req->addr, req->port, add_in, req, ea);
	mdb_settle(db);
	return err;
}

static int delete_in(struct bridge_mdb *db, const struct mdb_addr *addr, struct dev *port,
		     const void *arg, struct extack *ea)
{
	struct mdb_group *g = mdb_find(db, addr);
	struct mdb_member *m;

	if (!g)
		return -EINVAL;
	if (port == db->br->dev) {
		if (!g->host_joined)
			return -EINVAL;
		mdb_host_leave(g, true);
		mdb_group_put(g);
		return 0;
	}
	m = mdb_find_member(g, ((struct bridge_port *)dev_port_state(port))->mcast, NULL);
	if (!m)
		return -EINVAL;
	mdb_member_delete(m);
	return 0;
}

int mdb_delete(struct dev *br, const struct mdb_addr *addr, struct dev *port,
	       struct extack *ea)
{
	struct bridge_mdb *db = bridge_of(br)->mdb;
	int err = for_vlans(db, addr, port, delete_in, NULL, ea);

	mdb_settle(db);
	return err;
}

/* ---- many at once ---- */

/* What is to go.  Deleting one takes others along, so all are found first; their memory stays
 * until mdb_settle. */
struct victim {
	struct mdb_group *group;
	struct mdb_member *member; /* NULL: the host */
};

struct flush {
	const struct mdb_filter *filter;
	struct victim *found;
	size_t n, size;
};

static bool host_matches(const struct mdb_group *g, const struct mdb_filter *f)
{
	if (f->ifindex && f->ifindex != g->db->br->dev->ifindex)
		return false;
	return g->host_joined && !f->rt_protocol &&
	       (!f->by_state || f->permanent == !g->addr.proto);
}

static bool member_matches(const struct mdb_member *m, const struct mdb_filter *f)
{
	if (f->ifindex && f->ifindex != m->port->bp->dev->ifindex)
		return false;
	return (!f->rt_protocol || f->rt_protocol == m->rt_protocol) &&
	       (!f->by_state || f->permanent == !!(m->flags & MDB_F_PERMANENT));
}

static void found(struct flush *f, struct mdb_group *g, struct mdb_member *m)
{
	if (f->n == f->size) {
		f->size = max(f->size * 2, (size_t)16);
		f->found = xrealloc(f->found, f->size * sizeof(*f->found));
	}
	f->found[f->n++] = (struct victim){g, m};
}

static void find_in(struct flush *f, struct mdb_group *g)
{
	struct mdb_member *m;

	if (host_matches(g, f->filter))
		found(f, g, NULL);
	list_foreach(m, &g->members, in_group)
		if (member_matches(m, f->filter))
			found(f, g, m);
}

static void expel(struct victim *v)
{
	if (v->member) {
		mdb_member_delete(v->member);
		return;
	}
	mdb_host_leave(v->group, true);
	mdb_group_put(v->group);
}

void mdb_flush(struct dev *br, const struct mdb_filter *filter)
{
	struct bridge_mdb *db = bridge_of(br)->mdb;
	struct flush f = {.filter = filter};
	struct mdb_group *g;

	list_foreach(g, &db->groups, link)
		if (!filter->vid || filter->vid == g->addr.vid)
			find_in(&f, g);
	for (size_t i = 0; i < f.n; i++)
		expel(&f.found[i]);
	free(f.found);
	mdb_settle(db);
}
