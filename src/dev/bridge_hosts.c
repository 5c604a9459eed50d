/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_hosts - which hosts behind a port with fast_leave want what of a group ("explicit
 * host tracking" in Linux's words; RFC 3376, A.2 says why IGMPv3 makes it possible).
 *
 * A member of IGMPv3 or MLDv2 has hosts, by the addresses that reports come from, each with a
 * filter mode and the sources that it has named; a host that excludes has the source "none" as
 * well.  What one host wants of one source is a *want*; all wants for a source together are a
 * *wish*.  When the last want for a source goes by word of its host, so does the source; when
 * the last host has gone so, the port has left the group.  What times out goes silently: the
 * timers of the sources and of the group decide then.
 *
 * A port has mcast_eht_hosts_limit hosts at most, a host as many sources as a member; who comes
 * beyond is not tracked.
 */
#include "dev/bridge_mcast.h"

#define WISH_BUCKETS 64u

/* What one host wants of one source. */
struct want {
	struct list in_host, in_wish;
	struct mdb_host *host;
	struct wish *wish;
	struct mcast_timer timer;
};

struct wish {
	struct list link; /* in its bucket */
	struct mdb_member *member;
	uint8_t source[16]; /* zero: none */
	struct list wants;
	struct mcast_timer timer;
};

struct mdb_host {
	struct list link; /* member->hosts */
	struct mdb_member *member;
	uint8_t addr[16];
	uint8_t mode;
	struct list wants;
	unsigned n_sources;
};

static const uint8_t none[16];

static bool is_none(const uint8_t source[16])
{
	return !memcmp(source, none, sizeof(none));
}

static nsec_t gmi(const struct bridge_mdb *db)
{
	return clock_now() + ticks(mdb_config(db)->mcast_membership_interval);
}

/* ---- finding ---- */

static struct mdb_host *find_host(const struct mdb_member *m, const uint8_t addr[16])
{
	struct mdb_host *h;

	list_foreach(h, &m->hosts, link)
		if (!memcmp(h->addr, addr, sizeof(h->addr)))
			return h;
	return NULL;
}

static struct want *find_want(const struct mdb_host *h, const uint8_t source[16])
{
	struct want *w;

	list_foreach(w, &h->wants, in_host)
		if (!memcmp(w->wish->source, source, sizeof(w->wish->source)))
			return w;
	return NULL;
}

static struct list *bucket_of(const struct mdb_member *m, const uint8_t source[16])
{
	uint64_t words[2];

	memcpy(words, source, sizeof(words));
	words[0] = (words[0] ^ words[1] ^ words[1] >> 32) * 0x9e3779b97f4a7c15u;
	return &m->wishes[words[0] >> 32 & (WISH_BUCKETS - 1)];
}

static struct wish *find_wish(const struct mdb_member *m, const uint8_t source[16])
{
	struct wish *wish;

	if (!m->wishes)
		return NULL;
	list_foreach(wish, bucket_of(m, source), link)
		if (!memcmp(wish->source, source, sizeof(wish->source)))
			return wish;
	return NULL;
}

/* ---- coming and going ---- */

static void host_put(struct mdb_host *h)
{
	if (!list_is_empty(&h->wants))
		return;
	h->member->port->n_hosts--;
	list_remove(&h->link);
	free(h);
}

static void wish_put(struct wish *wish)
{
	if (!list_is_empty(&wish->wants))
		return;
	mcast_timer_stop(wish->member->group->db, &wish->timer);
	list_remove(&wish->link);
	free(wish);
}

/* True: the wish went with it.  The host does when it was its last. */
static bool want_delete(struct want *w)
{
	struct mdb_host *h = w->host;
	struct wish *wish = w->wish;
	bool last;

	mcast_timer_stop(wish->member->group->db, &w->timer);
	list_remove(&w->in_host);
	list_remove(&w->in_wish);
	h->n_sources -= !is_none(wish->source);
	free(w);
	host_put(h);
	last = list_is_empty(&wish->wants);
	wish_put(wish);
	return last;
}

static void wish_delete(struct wish *wish)
{
	while (!want_delete(list_first(&wish->wants, struct want, in_wish)))
		;
}

static void host_delete(struct mdb_host *h)
{
	bool last;

	do {
		struct want *w = list_first(&h->wants, struct want, in_host);

		last = w->in_host.next == &h->wants;
		(void)want_delete(w);
	} while (!last);
}

static void want_expired(struct bridge_mdb *db, struct mcast_timer *t)
{
	(void)want_delete(container_of(t, struct want, timer));
}

static void wish_expired(struct bridge_mdb *db, struct mcast_timer *t)
{
	wish_delete(container_of(t, struct wish, timer));
}

static struct wish *wish_get(struct mdb_member *m, const uint8_t source[16])
{
	struct wish *wish = find_wish(m, source);

	if (wish)
		return wish;
	if (!m->wishes) {
		m->wishes = xcalloc(WISH_BUCKETS, sizeof(*m->wishes));
		for (unsigned i = 0; i < WISH_BUCKETS; i++)
			list_init(&m->wishes[i]);
	}
	wish = xnew(struct wish);
	wish->member = m;
	memcpy(wish->source, source, sizeof(wish->source));
	list_init(&wish->wants);
	list_append(bucket_of(m, source), &wish->link);
	return wish;
}

static struct mdb_host *host_new(struct mdb_member *m, const uint8_t addr[16],
				 uint8_t mode)
{
	struct mdb_host *h;

	if (m->port->n_hosts >= bridge_port_config(m->port->bp)->mcast_eht_hosts_limit)
		return NULL;
	h = xnew(struct mdb_host);
	h->member = m;
	memcpy(h->addr, addr, sizeof(h->addr));
	h->mode = mode;
	list_init(&h->wants);
	list_append(&m->hosts, &h->link);
	m->port->n_hosts++;
	return h;
}

/* The host has named the source, or excludes (none). */
static void want(struct mdb_member *m, const uint8_t addr[16], const uint8_t source[16],
		 uint8_t mode)
{
	struct bridge_mdb *db = m->group->db;
	struct mdb_host *h = find_host(m, addr) ?: host_new(m, addr, mode);
	struct want *w = h ? find_want(h, source) : NULL;

	if (!h)
		return;
	if (!w) {
		if (!is_none(source) && h->n_sources >= MDB_SOURCES_MAX) {
			host_put(h);
			return;
		}
		w = xnew(struct want);
		w->host = h;
		w->wish = wish_get(m, source);
		list_append(&h->wants, &w->in_host);
		list_append(&w->wish->wants, &w->in_wish);
		h->n_sources += !is_none(source);
	}
	mcast_timer_set(db, &w->timer, gmi(db), want_expired);
	mcast_timer_set(db, &w->wish->timer, gmi(db), wish_expired);
}

/* ---- reports ---- */

static void source_at(const struct mdb_member *m, const struct mcast_record *r,
		      unsigned i, uint8_t source[16])
{
	size_t size = mcast_addr_size(m->group->addr.proto);

	memset(source, 0, 16);
	memcpy(source, r->sources + i * size, size);
}

static void want_all(struct mdb_member *m, const uint8_t addr[16],
		     const struct mcast_record *r, uint8_t mode)
{
	uint8_t source[16];

	for (unsigned i = 0; i < r->n_sources; i++) {
		source_at(m, r, i, source);
		if (!is_none(source))
			want(m, addr, source, mode);
	}
}

/* The host wants these no more; nor does anybody, if it was the last.  True: sources went. */
static bool unwant_all(struct mdb_member *m, const uint8_t addr[16],
		       const struct mcast_record *r)
{
	bool any = false;
	uint8_t source[16];

	for (unsigned i = 0; i < r->n_sources; i++) {
		struct mdb_host *h = find_host(m, addr);
		struct mdb_source *s;
		struct want *w;

		source_at(m, r, i, source);
		w = h ? find_want(h, source) : NULL;
		if (!w || !want_delete(w))
			continue;
		s = mdb_find_source(m, source);
		if (!s)
			continue;
		mdb_source_left(s);
		any = true;
	}
	return any;
}

/* Sources go that no host has named any more.  Those that the record is about to ask for are
 * waited for no longer than the answers may take. */
static bool drop_unwanted(struct mdb_member *m, bool asked)
{
	struct bridge_mdb *db = m->group->db;
	nsec_t until =
		clock_now() + ticks(mdb_config(db)->mcast_last_member_interval *
				    (uint64_t)mdb_config(db)->mcast_last_member_count);
	struct mdb_source *s, *next;
	bool any = false;

	list_foreach_safe(s, next, &m->sources, link) {
		struct wish *wish = find_wish(m, s->addr);

		if (!wish) {
			mdb_source_left(s);
			any = true;
		} else if (asked && s->send) {
			mcast_timer_set(db, &wish->timer, until, wish_expired);
		}
	}
	return any;
}

/* A host says all that it wants (IS_, TO_). */
static bool says_all(struct mdb_member *m, const uint8_t addr[16],
		     const struct mcast_record *r, uint8_t mode, bool to)
{
	struct mdb_host *h = find_host(m, addr);
	bool anew = to || (h ? h->mode : MDB_INCLUDE) != mode, any = false;
	struct want *w;

	if (anew && h)
		host_delete(h);
	want_all(m, addr, r, mode);
	if (anew)
		any = drop_unwanted(m, to && mode == MDB_INCLUDE);
	h = find_host(m, addr);
	if (h)
		h->mode = mode;
	if (mode == MDB_EXCLUDE) {
		want(m, addr, none, mode);
		return any;
	}
	w = h ? find_want(h, none) : NULL;
	if (w)
		(void)want_delete(w);
	return any;
}

bool mcast_hosts_heard(struct mdb_member *m, const uint8_t addr[16],
		       const struct mcast_record *r)
{
	const struct mdb_host *h;

	if (!bridge_port_config(m->port->bp)->fast_leave)
		return false;
	h = find_host(m, addr);
	switch (r->type) {
	case RECORD_IS_IN:
	case RECORD_TO_IN:
		return says_all(m, addr, r, MDB_INCLUDE, r->type == RECORD_TO_IN);
	case RECORD_IS_EX:
	case RECORD_TO_EX:
		return says_all(m, addr, r, MDB_EXCLUDE, r->type == RECORD_TO_EX);
	case RECORD_ALLOW:
		if (h && h->mode == MDB_EXCLUDE)
			(void)unwant_all(m, addr, r);
		else
			want_all(m, addr, r, MDB_INCLUDE);
		return false; /* nor does Linux tell of it */
	case RECORD_BLOCK:
		if (!h || h->mode == MDB_INCLUDE)
			return unwant_all(m, addr, r);
		want_all(m, addr, r, MDB_EXCLUDE);
		break;
	}
	return false;
}

bool mcast_hosts_are_gone(const struct mdb_member *m)
{
	return bridge_port_config(m->port->bp)->fast_leave && list_is_empty(&m->hosts);
}

void mcast_hosts_forget(struct mdb_member *m)
{
	struct mdb_host *h;

	while ((h = list_first(&m->hosts, struct mdb_host, link)))
		host_delete(h);
	free(m->wishes);
	m->wishes = NULL;
}
