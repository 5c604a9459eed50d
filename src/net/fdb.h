/* SPDX-License-Identifier: BSD-2-Clause
 *
 * fdb - a forwarding database: which port a station (MAC address and VLAN) is behind
 * (802.1Q-2022 clause 8.8).  For bridges of all sorts; a port is a number here.
 *
 * Workers look up, learn and refresh by themselves, several at once and without locks: what
 * the first frame of a burst taught, the second finds.  Only control deletes.
 *
 * The table.  Buckets of one cache line with four slots; a station is in one of two buckets.
 * A slot is a key and a value, each one word.  A worker inserts by exchanging an empty key
 * for its own, then writing the value, and changes a value by compare and exchange.  Control
 * deletes by exchanging the value for FDB_DEAD, where a worker may still bring it to life
 * again, and frees the key after a grace period; so no worker that has seen a key ever
 * changes the value of another.  Two workers that insert one station at once may leave it
 * twice: the first in the order of search counts, and control removes the other.
 *
 * Growth.  A worker that finds both buckets full, or the table filled by three fifths, asks
 * control for a larger one; until that is there, the station stays unknown.
 *
 * Times are in ticks of 250 ms for learning (fdb_tick) and in seconds for use, with few bits:
 * ages are modulo twelve days, idle times modulo three.
 */
#pragma once

#include "base/base.h"
#include "net/rcu.h"
#include "pkt/worker.h"

#include <endian.h>
#include <stdatomic.h>

struct net;

/* ---- keys and values ---- */

#define FDB_MAC_MASK ((UINT64_C(1) << 48) - 1)

/* The first six of eight readable bytes, and the VLAN above them.  Never 0 for a station. */
static inline uint64_t fdb_key_at(const void *eight_bytes, uint16_t vid)
{
	uint64_t v;

	memcpy(&v, eight_bytes, sizeof(v));
	return (le64toh(v) & FDB_MAC_MASK) | (uint64_t)vid << 48;
}

/* The key of a station that has @key outside all VLANs. */
static inline uint64_t fdb_key_in(uint64_t key, uint16_t vid)
{
	return key | (uint64_t)vid << 48;
}

static inline uint64_t fdb_key(const uint8_t addr[6], uint16_t vid)
{
	uint8_t eight[8] = {};

	memcpy(eight, addr, 6);
	return fdb_key_at(eight, vid);
}

static inline void fdb_key_addr(uint64_t key, uint8_t addr[6])
{
	key = htole64(key);
	memcpy(addr, &key, 6);
}

static inline uint16_t fdb_key_vid(uint64_t key)
{
	return (uint16_t)(key >> 48);
}

/* A value: port number, flags, when it was learned or refreshed, when it was used. */
enum {
	FDB_F_LOCAL = 1u << 0,	 /* one of the bridge's own addresses */
	FDB_F_STATIC = 1u << 1,	 /* does not age */
	FDB_F_STICKY = 1u << 2,	 /* does not move */
	FDB_F_USER = 1u << 3,	 /* a user's */
	FDB_F_EXT = 1u << 4,	 /* another control plane's */
	FDB_F_LOCKED = 1u << 5,	 /* seen on a locked port, which still refuses it */
	FDB_F_LEARNED = 1u << 6, /* counted among those that were learned */
	FDB_F_OFFLOADED = 1u << 7,
	FDB_F_READY = 1u << 8, /* always, so that no value is 0 */
	FDB_F_ALL = (1u << 14) - 1,
};

#define FDB_PORT_BITS	 10
#define FDB_FLAGS_BITS	 14
#define FDB_UPDATED_BITS 22
#define FDB_USED_BITS	 18
#define FDB_UPDATED_AT	 (FDB_PORT_BITS + FDB_FLAGS_BITS)
#define FDB_USED_AT	 (FDB_UPDATED_AT + FDB_UPDATED_BITS)
static_assert(FDB_USED_AT + FDB_USED_BITS == 64, "a value is full");
#define FDB_PORTS   ((UINT64_C(1) << FDB_PORT_BITS) - 1)
#define FDB_UPDATED (((UINT64_C(1) << FDB_UPDATED_BITS) - 1) << FDB_UPDATED_AT)

#define FDB_TICK (250 * NSEC_PER_MSEC)

#define FDB_NONE UINT64_C(0)			 /* no such station, or not yet */
#define FDB_DEAD (UINT64_C(1) << FDB_UPDATED_AT) /* deleted; not FDB_F_READY */

static inline uint16_t fdb_port(uint64_t value)
{
	return value & FDB_PORTS;
}

static inline unsigned fdb_flags(uint64_t value)
{
	return (unsigned)(value >> FDB_PORT_BITS) & FDB_F_ALL;
}

#define FDB_VALUE_F(flags) ((uint64_t)(flags) << FDB_PORT_BITS)

static inline bool fdb_is_live(uint64_t value)
{
	return value & FDB_VALUE_F(FDB_F_READY);
}

static inline uint32_t fdb_tick(nsec_t now)
{
	return (uint32_t)(now / FDB_TICK) & ((1u << FDB_UPDATED_BITS) - 1);
}

static inline uint32_t fdb_updated(uint64_t value)
{
	return (uint32_t)(value >> FDB_UPDATED_AT) & ((1u << FDB_UPDATED_BITS) - 1);
}

static inline uint32_t fdb_used(uint64_t value)
{
	return (uint32_t)(value >> FDB_USED_AT);
}

static inline uint32_t fdb_second(nsec_t now)
{
	return (uint32_t)(now / NSEC_PER_SEC) & ((1u << FDB_USED_BITS) - 1);
}

/* Since the station was learned or refreshed, and since it was used. */
static inline nsec_t fdb_age(uint64_t value, nsec_t now)
{
	return ((fdb_tick(now) - fdb_updated(value)) & ((1u << FDB_UPDATED_BITS) - 1)) *
	       FDB_TICK;
}

static inline nsec_t fdb_idle(uint64_t value, nsec_t now)
{
	return ((fdb_second(now) - fdb_used(value)) & ((1u << FDB_USED_BITS) - 1)) *
	       NSEC_PER_SEC;
}

static inline uint64_t fdb_value(uint16_t port, unsigned flags, nsec_t now)
{
	return port | FDB_VALUE_F(flags | FDB_F_READY) |
	       (uint64_t)fdb_tick(now) << FDB_UPDATED_AT |
	       (uint64_t)fdb_second(now) << FDB_USED_AT;
}

/* ---- the table ---- */

#define FDB_SLOTS 4u

struct fdb_slot {
	_Atomic uint64_t key;	/* 0: free */
	_Atomic uint64_t value; /* FDB_NONE while the key is new */
};

struct fdb_bucket {
	cache_aligned struct fdb_slot slot[FDB_SLOTS];
};
static_assert(sizeof(struct fdb_bucket) == 64, "one cache line");
#define FDB_OTHER ((uint32_t)sizeof(struct fdb_bucket)) /* apart: never the same bucket */

struct fdb_table {
	struct fdb_bucket *bucket;
	uint32_t mask; /* of a bucket's place in bytes */
	uint64_t seed, factor;
	size_t size; /* bytes */

	/* written by workers when stations come */
	cache_aligned _Atomic uint32_t n; /* keys */
	_Atomic uint32_t n_learned;	  /* stations with FDB_F_LEARNED */
};

struct fdb {
	struct fdb_table *table;      /* workers (RCU) */
	_Atomic uint32_t max_learned; /* 0: no limit */
	/* Called on a worker, at most once until fdb_attend: control is to call that. */
	void (*call)(struct fdb *fdb);
	void *owner;

	/* written by workers that need control */
	cache_aligned _Atomic bool called, full, doubled;

	/* control only */
	struct net *net;
	struct fdb_table *old; /* no worker inserts there any more when it is freed */
	struct fdb_reaping *reaping;
	bool dying;
};

/* @call: see above.  Control. */
struct fdb *fdb_create(struct net *net, void (*call)(struct fdb *fdb), void *owner);

/* Free, after a grace period.  Control; accepts NULL. */
void fdb_destroy(struct fdb *fdb);

/* ---- data path: worker ---- */

/* Where its two buckets, always two, are in the table: bytes from the first. */
struct fdb_hash {
	uint32_t a, b;
};

static inline struct fdb_hash fdb_hash(const struct fdb_table *t, uint64_t key)
{
	unsigned __int128 product = (unsigned __int128)(key ^ t->seed) * t->factor;
	uint64_t h = (uint64_t)(product >> 64) ^ (uint64_t)product;
	uint32_t a = (uint32_t)h & t->mask;

	return (struct fdb_hash){a, a ^ (((uint32_t)(h >> 32) & t->mask) | FDB_OTHER)};
}

static inline struct fdb_bucket *fdb_bucket(const struct fdb_table *t, uint32_t at)
{
	return (struct fdb_bucket *)(void *)((char *)t->bucket + at);
}

static inline void fdb_prefetch(const struct fdb_table *t, struct fdb_hash h)
{
	__builtin_prefetch(fdb_bucket(t, h.a));
	__builtin_prefetch(fdb_bucket(t, h.b));
}

/* The last of @b's slots that has @key, else @found. */
static inline struct fdb_slot *fdb_find_in(struct fdb_bucket *b, uint64_t key,
					   struct fdb_slot *found)
{
#pragma GCC unroll 4
	for (unsigned i = 0; i < FDB_SLOTS; i++)
		found = unforeseeable(atomic_load_explicit(&b->slot[i].key,
							   memory_order_relaxed) == key)
				? &b->slot[i]
				: found;
	return found;
}

/* The slot that has @key if any has, else any.  Where a station is cannot be foreseen, so there
 * is nothing to branch on: see bench/bridge.c. */
static inline struct fdb_slot *fdb_candidate(const struct fdb_table *t, struct fdb_hash h,
					     uint64_t key)
{
	struct fdb_bucket *a = fdb_bucket(t, h.a);

	return fdb_find_in(fdb_bucket(t, h.b), key, fdb_find_in(a, key, a->slot));
}

/* What is in @s, which may have @key: FDB_NONE if it has another. */
static inline uint64_t fdb_peek(const struct fdb_slot *s, uint64_t key)
{
	uint64_t v = atomic_load_explicit(&s->value, memory_order_acquire);

	return likely(atomic_load_explicit(&s->key, memory_order_relaxed) == key)
		       ? v
		       : FDB_NONE;
}

/* The station's value, FDB_NONE or FDB_DEAD. */
static inline uint64_t fdb_lookup(const struct fdb_table *t, struct fdb_hash h,
				  uint64_t key)
{
	return fdb_peek(fdb_candidate(t, h, key), key);
}

/* The same for a frame's destination, which is noted as used. */
static inline uint64_t fdb_use(const struct fdb_table *t, struct fdb_hash h, uint64_t key,
			       uint32_t second)
{
	struct fdb_slot *s = fdb_candidate(t, h, key);
	uint64_t v = fdb_peek(s, key), next;

	if (unlikely(fdb_used(v) != second && fdb_is_live(v))) {
		next = (v & ((UINT64_C(1) << FDB_USED_AT) - 1)) | (uint64_t)second
									  << FDB_USED_AT;
		(void)atomic_compare_exchange_strong_explicit(
			&s->value, &v, next, memory_order_relaxed, memory_order_relaxed);
		return next;
	}
	return v;
}

/* What came of learning. */
enum fdb_news {
	FDB_KNOWN, /* nothing, or only its time */
	FDB_NEW,
	FDB_MOVED,
	FDB_REFUSED, /* there is no room, or there are too many */
};

enum fdb_news fdb_learn_slow(struct fdb *fdb, struct fdb_table *t, struct fdb_hash h,
			     uint64_t key, uint16_t port, unsigned flags, nsec_t now);

/* @key has been seen at @port.  @tick is fdb_tick(now).  @flags: of a new one, beside
 * FDB_F_LEARNED, which is set without FDB_F_USER. */
static inline enum fdb_news fdb_learn(struct fdb *fdb, struct fdb_table *t,
				      struct fdb_hash h, uint64_t key, uint16_t port,
				      unsigned flags, nsec_t now, uint32_t tick)
{
	const uint64_t known = port | FDB_VALUE_F(FDB_F_READY) |
			       (uint64_t)tick << FDB_UPDATED_AT,
		       fields = FDB_PORTS | FDB_VALUE_F(FDB_F_READY) | FDB_UPDATED;

	if (likely((fdb_lookup(t, h, key) & fields) == known))
		return FDB_KNOWN;
	return fdb_learn_slow(fdb, t, h, key, port, flags, now);
}

static inline struct fdb_table *fdb_table(const struct fdb *fdb)
{
	return rcu_load(&fdb->table);
}

/* ---- control ---- */

/* Do what workers have called for: grow, remove what is there twice. */
void fdb_attend(struct fdb *fdb);

/* The station's value or FDB_NONE. */
uint64_t fdb_get(const struct fdb *fdb, uint64_t key);

/* Put it in, or replace it.  @value from fdb_value; what was there is *@old (may be NULL). */
void fdb_set(struct fdb *fdb, uint64_t key, uint64_t value, uint64_t *old);

/* The station was heard of at @port, or frames were sent to it, at @when.  Nothing happens if
 * it has been since, or is elsewhere. */
void fdb_heard(struct fdb *fdb, uint64_t key, uint16_t port, nsec_t when);
void fdb_used_at(struct fdb *fdb, uint64_t key, nsec_t when);

/* False: there was none. */
bool fdb_delete(struct fdb *fdb, uint64_t key);

/* Visit every station, in the table's order, which growth changes; from *@cursor on, 0 at
 * first.  @fn says what to do with it. */
enum fdb_visit {
	FDB_GO_ON,
	FDB_STOP, /* here; the next visit begins with this one */
	FDB_DELETE,
};
void fdb_visit(struct fdb *fdb, uint32_t *cursor,
	       enum fdb_visit (*fn)(void *arg, uint64_t key, uint64_t value), void *arg);

/* How many stations were learned, of those that max_learned is about. */
uint32_t fdb_n_learned(const struct fdb *fdb);

/* Bytes that the table has. */
size_t fdb_memory(const struct fdb *fdb);

/* Make the table smaller if few are left.  After deleting many. */
void fdb_trim(struct fdb *fdb);
