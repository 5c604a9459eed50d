/* SPDX-License-Identifier: BSD-2-Clause
 *
 * fdb - a forwarding database: all that is not on the fast path.
 *
 * Growth copies what lives into the new table, publishes it, and when no worker sees the old
 * one any more copies what was learned there in between; until then deletions reach both.
 */
#include "net/fdb.h"
#include "net/net.h"

#include <sys/mman.h>
#include <sys/random.h>

#define BUCKETS_MIN 64u
#define BUCKETS_MAX (1u << 22) /* 256 MiB: ten million stations */
#define HUGE_PAGE   ((size_t)2 << 20)

/* Slots whose keys are free after a grace period. */
struct fdb_reaping {
	struct fdb *fdb;
	struct fdb_table *table;
	uint64_t grace; /* net->graces when it began: beyond, it is complete */
	size_t n, room;
	struct fdb_slot **slot;
};

/* ---- tables ---- */

static struct fdb_table *table_create(uint32_t n_buckets)
{
	struct fdb_table *t = aligned_alloc(64, sizeof(*t));
	uint64_t random[2];
	bool huge;

	assert(t);
	memset(t, 0, sizeof(*t));
	t->size = n_buckets * sizeof(struct fdb_bucket);
	huge = t->size >= HUGE_PAGE;
	t->bucket = aligned_alloc(huge ? HUGE_PAGE : 64, t->size);
	assert(t->bucket);
	if (huge)
		(void)madvise(t->bucket, t->size, MADV_HUGEPAGE);
	memset(t->bucket, 0, t->size);
	t->mask = (uint32_t)t->size - (uint32_t)sizeof(struct fdb_bucket);
	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		abort(); /* cannot happen for so few bytes once the system is up */
	t->seed = random[0];
	t->factor = random[1] | 1;
	return t;
}

static void table_free(struct fdb_table *t)
{
	free(t->bucket);
	free(t);
}

static uint32_t table_buckets(const struct fdb_table *t)
{
	return (uint32_t)(t->size / sizeof(struct fdb_bucket));
}

static uint32_t table_slots(const struct fdb_table *t)
{
	return table_buckets(t) * FDB_SLOTS;
}

static struct fdb_slot *table_slot(const struct fdb_table *t, uint32_t i)
{
	return &t->bucket[i / FDB_SLOTS].slot[i % FDB_SLOTS];
}

static uint64_t load(const _Atomic uint64_t *v)
{
	return atomic_load_explicit(v, memory_order_acquire);
}

static bool swap(_Atomic uint64_t *v, uint64_t from, uint64_t to)
{
	return atomic_compare_exchange_strong(v, &from, to);
}

static unsigned bucket_free(const struct fdb_bucket *b)
{
	unsigned n = 0;

	for (unsigned i = 0; i < FDB_SLOTS; i++)
		n += !load(&b->slot[i].key);
	return n;
}

static struct fdb_slot *claim_in(struct fdb_bucket *b, uint64_t key)
{
	for (unsigned i = 0; i < FDB_SLOTS; i++)
		if (!load(&b->slot[i].key) && swap(&b->slot[i].key, 0, key))
			return &b->slot[i];
	return NULL;
}

/* Make a slot @key's, in the emptier of its buckets.  NULL: both are full. */
static struct fdb_slot *claim(struct fdb_table *t, struct fdb_hash h, uint64_t key)
{
	struct fdb_bucket *a = fdb_bucket(t, h.a), *b = fdb_bucket(t, h.b), *second = b;
	struct fdb_slot *s;

	if (bucket_free(b) > bucket_free(a)) {
		second = a;
		a = b;
	}
	s = claim_in(a, key);
	return s ? s : claim_in(second, key);
}

/* The station's slot, or NULL. */
static struct fdb_slot *find(const struct fdb_table *t, struct fdb_hash h, uint64_t key)
{
	struct fdb_slot *s = fdb_candidate(t, h, key);

	return load(&s->key) == key ? s : NULL;
}

/* How often @key is there. */
static unsigned n_times(const struct fdb_table *t, struct fdb_hash h, uint64_t key)
{
	unsigned n = 0;

	for (unsigned i = 0; i < FDB_SLOTS; i++) {
		n += load(&fdb_bucket(t, h.a)->slot[i].key) == key;
		n += load(&fdb_bucket(t, h.b)->slot[i].key) == key;
	}
	return n;
}

/* ---- learning: worker ---- */

static void call_control(struct fdb *fdb, _Atomic bool *why)
{
	atomic_store(why, true);
	if (!atomic_exchange(&fdb->called, true))
		fdb->call(fdb);
}

/* May one more be learned?  Counts it. */
static bool count_learned(struct fdb *fdb, struct fdb_table *t)
{
	uint32_t most = atomic_load_explicit(&fdb->max_learned, memory_order_relaxed);

	if (atomic_fetch_add(&t->n_learned, 1) < most || !most)
		return true;
	atomic_fetch_sub(&t->n_learned, 1);
	return false;
}

static unsigned learned_flags(unsigned flags)
{
	return flags & FDB_F_USER ? flags : flags | FDB_F_LEARNED;
}

static bool is_filled(const struct fdb_table *t)
{
	return atomic_load_explicit(&t->n, memory_order_relaxed) > table_slots(t) / 5 * 3;
}

static enum fdb_news learn_new(struct fdb *fdb, struct fdb_table *t, struct fdb_hash h,
			       uint64_t key, uint64_t value)
{
	bool learned = fdb_flags(value) & FDB_F_LEARNED;
	struct fdb_slot *s;

	if (learned && !count_learned(fdb, t))
		return FDB_REFUSED;
	s = claim(t, h, key);
	if (!s) {
		if (learned)
			atomic_fetch_sub(&t->n_learned, 1);
		call_control(fdb, &fdb->full);
		return FDB_REFUSED;
	}
	if (!swap(&s->value, FDB_NONE, value) && learned)
		atomic_fetch_sub(&t->n_learned,
				 1); /* control was quicker, with its own */
	atomic_fetch_add(&t->n, 1);
	if (unlikely(n_times(t, h, key) > 1))
		call_control(fdb, &fdb->doubled);
	if (unlikely(is_filled(t)))
		call_control(fdb, &fdb->full);
	return FDB_NEW;
}

enum fdb_news fdb_learn_slow(struct fdb *fdb, struct fdb_table *t, struct fdb_hash h,
			     uint64_t key, uint16_t port, unsigned flags, nsec_t now)
{
	uint64_t fresh = fdb_value(port, learned_flags(flags), now), v, next;
	struct fdb_slot *s = find(t, h, key);
	bool moves;

	if (!s)
		return learn_new(fdb, t, h, key, fresh);
	v = fdb_peek(s, key);
	for (;;) {
		if (v == FDB_DEAD) {
			if (fresh & FDB_VALUE_F(FDB_F_LEARNED) && !count_learned(fdb, t))
				return FDB_REFUSED;
			if (atomic_compare_exchange_strong(&s->value, &v, fresh))
				return FDB_NEW;
			if (fresh & FDB_VALUE_F(FDB_F_LEARNED))
				atomic_fetch_sub(&t->n_learned, 1);
			continue;
		}
		if (!fdb_is_live(v) || v & FDB_VALUE_F(FDB_F_LOCAL))
			return FDB_KNOWN;
		next = (v & ~FDB_UPDATED) | (fresh & FDB_UPDATED);
		moves = fdb_port(v) != port && !(v & FDB_VALUE_F(FDB_F_STICKY));
		if (moves) {
			next = (next & ~FDB_PORTS) | port;
			next &= ~FDB_VALUE_F(FDB_F_EXT | FDB_F_LOCKED);
		}
		next |= FDB_VALUE_F(flags & FDB_F_USER);
		if (next == v)
			return FDB_KNOWN;
		if (atomic_compare_exchange_strong(&s->value, &v, next))
			return moves ? FDB_MOVED : FDB_KNOWN;
	}
}

/* ---- death: control ---- */

static void reap(void *arg)
{
	struct fdb_reaping *r = arg;
	struct fdb *fdb = r->fdb;

	/* The slots of a table that has been replaced go with it. */
	for (size_t i = 0; i < r->n && r->table == fdb->table; i++) {
		if (!swap(&r->slot[i]->value, FDB_DEAD, FDB_NONE))
			continue; /* it lives again */
		atomic_store_explicit(&r->slot[i]->key, 0, memory_order_release);
		atomic_fetch_sub(&r->table->n, 1);
	}
	if (fdb->reaping == r)
		fdb->reaping = NULL;
	free(r->slot);
	free(r);
}

static void reap_later(struct fdb *fdb, struct fdb_slot *s)
{
	struct fdb_reaping *r = fdb->reaping;

	if (!r || r->grace != fdb->net->graces || r->table != fdb->table) {
		r = fdb->reaping = xnew(struct fdb_reaping);
		r->fdb = fdb;
		r->table = fdb->table;
		r->grace = fdb->net->graces;
		dev_defer(fdb->net, reap, r);
	}
	if (r->n == r->room) {
		r->room = r->room ? r->room * 2 : 16;
		r->slot = xrealloc(r->slot, r->room * sizeof(*r->slot));
	}
	r->slot[r->n++] = s;
}

/* @s had @value: true if it was dead or is now; false: somebody changed it. */
static bool kill_slot(struct fdb *fdb, struct fdb_table *t, struct fdb_slot *s,
		      uint64_t value)
{
	if (!swap(&s->value, value, FDB_DEAD))
		return false;
	if (fdb_flags(value) & FDB_F_LEARNED)
		atomic_fetch_sub(&t->n_learned, 1);
	if (t == fdb->table) /* else the whole table goes */
		reap_later(fdb, s);
	return true;
}

static bool kill_key_in(struct fdb *fdb, struct fdb_table *t, struct fdb_bucket *b,
			uint64_t key)
{
	bool killed = false;

	for (unsigned i = 0; i < FDB_SLOTS; i++) {
		struct fdb_slot *s = &b->slot[i];

		while (load(&s->key) == key && fdb_is_live(load(&s->value)))
			killed |= kill_slot(fdb, t, s, load(&s->value));
	}
	return killed;
}

static bool kill_key(struct fdb *fdb, struct fdb_table *t, uint64_t key)
{
	struct fdb_hash h = fdb_hash(t, key);
	bool a = kill_key_in(fdb, t, fdb_bucket(t, h.a), key),
	     b = kill_key_in(fdb, t, fdb_bucket(t, h.b), key);

	return a || b;
}

bool fdb_delete(struct fdb *fdb, uint64_t key)
{
	if (fdb->old)
		kill_key(fdb, fdb->old, key);
	return kill_key(fdb, fdb->table, key);
}

/* The first of @key in the order of search counts; the others go. */
static void remove_doubles(struct fdb *fdb, struct fdb_slot *s)
{
	uint64_t key = load(&s->key), value = load(&s->value);
	const struct fdb_slot *first;

	if (!key || !fdb_is_live(value))
		return;
	first = find(fdb->table, fdb_hash(fdb->table, key), key);
	if (first && first != s)
		kill_slot(fdb, fdb->table, s, value);
}

/* ---- growth: control ---- */

/* A table that holds @n in half of its slots at most. */
static uint32_t buckets_for(uint32_t n)
{
	uint32_t buckets = BUCKETS_MIN;

	while (buckets < BUCKETS_MAX && buckets * FDB_SLOTS / 2 < n)
		buckets *= 2;
	return buckets;
}

/* False: it does not fit. */
static bool table_copy(struct fdb_table *to, const struct fdb_table *from)
{
	for (uint32_t i = 0; i < table_slots(from); i++) {
		const struct fdb_slot *s = table_slot(from, i);
		uint64_t key = load(&s->key), value = load(&s->value);
		struct fdb_hash h;
		struct fdb_slot *t;

		if (!key || !fdb_is_live(value))
			continue;
		h = fdb_hash(to, key);
		if (find(to, h, key))
			continue; /* it was there twice */
		t = claim(to, h, key);
		if (!t)
			return false;
		atomic_store_explicit(&t->value, value, memory_order_release);
		to->n++;
		to->n_learned += !!(fdb_flags(value) & FDB_F_LEARNED);
	}
	return true;
}

/* No worker sees the old table any more: what it learned late is the last to be copied. */
static void old_done(void *arg)
{
	struct fdb *fdb = arg;
	struct fdb_table *old = fdb->old;
	nsec_t now = clock_now();

	fdb->old = NULL;
	for (uint32_t i = 0; i < table_slots(old) && !fdb->dying; i++) {
		const struct fdb_slot *s = table_slot(old, i);
		uint64_t key = load(&s->key), value = load(&s->value), present;

		if (!key || !fdb_is_live(value))
			continue;
		present = fdb_get(fdb, key);
		if (!present || fdb_age(value, now) < fdb_age(present, now))
			fdb_set(fdb, key, value, NULL);
	}
	table_free(old);
	if (atomic_load(&fdb->full) && !fdb->dying)
		fdb_attend(fdb);
}

static void resize(struct fdb *fdb, uint32_t n_buckets)
{
	struct fdb_table *next = table_create(n_buckets);

	while (!table_copy(next, fdb->table)) {
		table_free(next);
		if (n_buckets >= BUCKETS_MAX)
			return;
		n_buckets *= 2;
		next = table_create(n_buckets);
	}
	fdb->old = fdb->table;
	rcu_publish(&fdb->table, next);
	dev_defer(fdb->net, old_done, fdb);
}

/* Workers found no room, or little. */
static void grow(struct fdb *fdb)
{
	uint32_t n_buckets = table_buckets(fdb->table);

	if (fdb->old)
		return; /* again when that is done */
	atomic_store(&fdb->full, false);
	if (n_buckets < BUCKETS_MAX)
		resize(fdb, max(n_buckets * 2, buckets_for(atomic_load(&fdb->table->n))));
}

void fdb_trim(struct fdb *fdb)
{
	uint32_t n = atomic_load(&fdb->table->n), n_buckets = table_buckets(fdb->table);

	if (!fdb->old && n_buckets > BUCKETS_MIN && n < n_buckets * FDB_SLOTS / 16)
		resize(fdb, buckets_for(n));
}

void fdb_attend(struct fdb *fdb)
{
	atomic_store(&fdb->called, false);
	if (atomic_exchange(&fdb->doubled, false))
		for (uint32_t i = 0; i < table_slots(fdb->table); i++)
			remove_doubles(fdb, table_slot(fdb->table, i));
	if (atomic_load(&fdb->full))
		grow(fdb);
}

/* ---- control ---- */

uint64_t fdb_get(const struct fdb *fdb, uint64_t key)
{
	uint64_t v = fdb_lookup(fdb->table, fdb_hash(fdb->table, key), key);

	return fdb_is_live(v) ? v : FDB_NONE;
}

static struct fdb_slot *find_or_claim(struct fdb *fdb, uint64_t key)
{
	for (;;) {
		struct fdb_hash h = fdb_hash(fdb->table, key);
		struct fdb_slot *s = find(fdb->table, h, key);

		if (s)
			return s;
		if (claim(fdb->table, h, key)) {
			atomic_fetch_add(&fdb->table->n, 1);
			continue; /* a worker may have been first */
		}
		if (fdb->old) /* it must not be lost: wait for the workers here */
			net_run_deferred(fdb->net);
		else if (table_buckets(fdb->table) < BUCKETS_MAX)
			grow(fdb);
		else
			return NULL;
	}
}

void fdb_set(struct fdb *fdb, uint64_t key, uint64_t value, uint64_t *old)
{
	struct fdb_slot *s = find_or_claim(fdb, key);
	uint64_t v;

	if (!s)
		return;
	v = load(&s->value);
	while (!atomic_compare_exchange_strong(&s->value, &v, value))
		;
	if (fdb_flags(value) & FDB_F_LEARNED)
		atomic_fetch_add(&fdb->table->n_learned, 1);
	if (fdb_is_live(v) && fdb_flags(v) & FDB_F_LEARNED)
		atomic_fetch_sub(&fdb->table->n_learned, 1);
	if (old)
		*old = fdb_is_live(v) ? v : FDB_NONE;
}

/* What the visitor wants deleted is deleted as it saw it: a station that was refreshed
 * meanwhile is shown again. */
static enum fdb_visit visit_slot(struct fdb *fdb, struct fdb_slot *s,
				 enum fdb_visit (*fn)(void *arg, uint64_t key,
						      uint64_t value),
				 void *arg)
{
	uint64_t key = load(&s->key), value;
	enum fdb_visit answer;

	if (!key)
		return FDB_GO_ON;
	for (;;) {
		value = fdb_peek(s, key);
		if (!fdb_is_live(value))
			return FDB_GO_ON;
		answer = fn(arg, key, value);
		if (answer != FDB_DELETE)
			return answer;
		if (kill_slot(fdb, fdb->table, s, value)) {
			if (fdb->old)
				kill_key(fdb, fdb->old, key);
			return answer;
		}
	}
}

void fdb_visit(struct fdb *fdb, uint32_t *cursor,
	       enum fdb_visit (*fn)(void *arg, uint64_t key, uint64_t value), void *arg)
{
	struct fdb_table *t = fdb->table;

	for (; *cursor < table_slots(t); ++*cursor)
		if (visit_slot(fdb, table_slot(t, *cursor), fn, arg) == FDB_STOP)
			return;
}

void fdb_heard(struct fdb *fdb, uint64_t key, uint16_t port, nsec_t when)
{
	struct fdb_slot *s = fdb_candidate(fdb->table, fdb_hash(fdb->table, key), key);
	uint64_t v = fdb_peek(s, key), fresh = fdb_value(port, 0, when);
	nsec_t now = clock_now();

	while (fdb_is_live(v) && fdb_port(v) == port &&
	       fdb_age(v, now) > fdb_age(fresh, now) &&
	       !atomic_compare_exchange_strong(
		       &s->value, &v, (v & ~FDB_UPDATED) | (fresh & FDB_UPDATED)))
		;
}

void fdb_used_at(struct fdb *fdb, uint64_t key, nsec_t when)
{
	const uint64_t rest = (UINT64_C(1) << FDB_USED_AT) - 1;
	struct fdb_slot *s = fdb_candidate(fdb->table, fdb_hash(fdb->table, key), key);
	uint64_t v = fdb_peek(s, key), fresh = fdb_value(0, 0, when);
	nsec_t now = clock_now();

	while (fdb_is_live(v) && fdb_idle(v, now) > fdb_idle(fresh, now) &&
	       !atomic_compare_exchange_strong(&s->value, &v,
					       (v & rest) | (fresh & ~rest)))
		;
}

uint32_t fdb_n_learned(const struct fdb *fdb)
{
	return atomic_load(&fdb->table->n_learned);
}

size_t fdb_memory(const struct fdb *fdb)
{
	return fdb->table->size;
}

struct fdb *fdb_create(struct net *net, void (*call)(struct fdb *fdb), void *owner)
{
	struct fdb *fdb = aligned_alloc(64, sizeof(*fdb));

	assert(fdb);
	memset(fdb, 0, sizeof(*fdb));
	fdb->net = net;
	fdb->call = call;
	fdb->owner = owner;
	fdb->table = table_create(BUCKETS_MIN);
	return fdb;
}

static void fdb_free(void *arg)
{
	struct fdb *fdb = arg;

	table_free(fdb->table);
	free(fdb);
}

void fdb_destroy(struct fdb *fdb)
{
	if (!fdb)
		return;
	fdb->dying = true;
	dev_defer(fdb->net, fdb_free, fdb);
}
