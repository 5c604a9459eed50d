/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_view - what workers see of the multicast database.
 *
 * A hash table of immutable entries in chains.  An entry that changes is replaced by another
 * one, and goes on leading to those behind it until no worker can be there; a table that is
 * too full is replaced whole.  What applies to all groups is one small struct beside it,
 * replaced whole likewise.
 */
#include "dev/bridge_mcast.h"

#include <sys/random.h>

#define BUCKETS_MIN 16u

static unsigned bucket_of(const struct mcast_table *t, const struct mdb_addr *addr)
{
	uint64_t words[sizeof(*addr) / 8], h = t->seed;

	memcpy(words, addr, sizeof(words));
	for (size_t i = 0; i < array_size(words); i++) {
		h = (h ^ words[i]) * 0x9e3779b97f4a7c15u;
		h ^= h >> 29;
	}
	return (unsigned)(h >> 32) & t->mask;
}

const struct mcast_entry *mcast_table_find(const struct mcast_table *t,
					   const struct mdb_addr *addr)
{
	const struct mcast_entry *e = rcu_load(&t->bucket[bucket_of(t, addr)]);

	while (e && memcmp(&e->addr, addr, sizeof(*addr)) != 0)
		e = rcu_load(&e->next);
	return e;
}

/* ---- entries ---- */

static void set_bit(uint64_t *bits, unsigned no)
{
	bits[no / 64] |= UINT64_C(1) << no % 64;
}

/* A port that includes only some sources is in their (S,G), and not in the (*,G). */
static bool gets_frames(const struct mdb_member *m)
{
	const struct mdb_addr *addr = &m->group->addr;

	if (m->flags & MDB_F_BLOCKED)
		return false;
	return m->mode == MDB_EXCLUDE || !mdb_is_star_g(addr) ||
	       !mdb_by_source(m->group->db, addr->proto);
}

static struct mcast_entry *entry_of(const struct mdb_group *g)
{
	struct mcast_entry *e;
	struct mdb_member *m;
	unsigned n = 0;

	list_foreach(m, &g->members, in_group)
		n += bridge_port_config(m->port->bp)->mcast_to_unicast;
	e = xcalloc(1, sizeof(*e) + n * sizeof(e->copies[0]));
	e->addr = g->addr;
	e->host = g->host_joined;
	list_foreach(m, &g->members, in_group) {
		struct bridge_port *bp = m->port->bp;

		if (!gets_frames(m))
			continue;
		if (bridge_port_config(bp)->mcast_to_unicast &&
		    !eth_is_multicast(m->mac)) {
			struct mcast_copy *c = &e->copies[e->n_copies++];

			c->port = bp->no;
			memcpy(c->addr, m->mac, 6);
		} else {
			set_bit(e->ports, bp->no);
		}
	}
	return e;
}

/* ---- the table ---- */

static struct mcast_table *table_new(unsigned n_buckets)
{
	struct mcast_table *t =
		xcalloc(1, sizeof(*t) + n_buckets * sizeof(struct mcast_entry *));

	t->mask = n_buckets - 1;
	if (getrandom(&t->seed, sizeof(t->seed), 0) != sizeof(t->seed))
		t->seed = (uint64_t)clock_now();
	return t;
}

static void table_insert(struct mcast_table *t, struct mcast_entry *e)
{
	struct mcast_entry **head = &t->bucket[bucket_of(t, &e->addr)];

	e->next = *head;
	rcu_publish(head, e);
	t->n++;
}

static void table_free(struct net *net, struct mcast_table *t)
{
	for (unsigned i = 0; i <= t->mask; i++) {
		struct mcast_entry *e, *next;

		for (e = t->bucket[i]; e; e = next) {
			next = e->next;
			dev_defer(net, free, e);
		}
	}
	dev_defer(net, free, t);
}

static void table_grow(struct bridge_mdb *db)
{
	struct mcast_table *old = db->table, *t = table_new((old->mask + 1) * 4);
	struct mdb_group *g;

	list_foreach(g, &db->groups, link)
		table_insert(t, entry_of(g));
	db->table = t;
	mcast_publish_view(db);
	table_free(db->br->dev->net, old);
}

void mcast_publish_group(struct mdb_group *g)
{
	struct bridge_mdb *db = g->db;
	struct mcast_table *t = db->table;
	struct mcast_entry **pp = &t->bucket[bucket_of(t, &g->addr)], *old, *e;

	while ((old = *pp) && memcmp(&old->addr, &g->addr, sizeof(g->addr)) != 0)
		pp = &old->next;
	if (!g->gone) {
		e = entry_of(g);
		if (!old) {
			table_insert(t, e);
			if (t->n > (t->mask + 1) * 2)
				table_grow(db);
			return;
		}
		e->next = old->next;
		rcu_publish(pp, e);
	} else if (old) {
		rcu_publish(pp, old->next);
		t->n--;
	}
	if (old)
		dev_defer(db->br->dev->net, free, old);
}

/* ---- what applies to all groups ---- */

static struct bridge_mcast *view_of(const struct bridge_mdb *db)
{
	const struct bridge_config *c = mdb_config(db);
	struct bridge_mcast *v = xnew(struct bridge_mcast);
	struct bridge_mcast_port *mp;

	v->table = db->table;
	v->by_source[MCAST_IPV4] = c->mcast_igmp_version == 3;
	v->by_source[MCAST_IPV6] = c->mcast_mld_version == 2;
	for (enum mcast_family f = 0; f < MCAST_FAMILIES; f++) {
		v->queried[f] = mcast_is_queried(db, f);
		v->host_routes[f] = mcast_host_routes(db, f);
		list_foreach(mp, &db->ports, link)
			if (mp->is_router[f])
				set_bit(v->routers[f], mp->bp->no);
	}
	return v;
}

void mcast_publish_view(struct bridge_mdb *db)
{
	struct bridge *br = db->br;
	struct bridge_mcast *old = br->mcast;

	rcu_publish(&br->mcast, db->snooping ? view_of(db) : NULL);
	if (old)
		dev_defer(br->dev->net, free, old);
}

void mcast_view_init(struct bridge_mdb *db)
{
	db->table = table_new(BUCKETS_MIN);
	mcast_publish_view(db);
}

void mcast_view_done(struct bridge_mdb *db)
{
	db->snooping = false;
	mcast_publish_view(db);
	table_free(db->br->dev->net, db->table);
}
