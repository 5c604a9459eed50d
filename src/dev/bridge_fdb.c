/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_fdb - a bridge's forwarding database as control and netlink see it: the addresses of
 * the bridge itself, what users enter, ageing, and who is told.
 */
#include "dev/bridge_priv.h"
#include "net/flow.h"
#include "net/post.h"

#include <linux/neighbour.h>

#ifndef NTF_STICKY
#define NTF_STICKY (1 << 6)
#endif
#define EXT_LOCKED (1 << 1) /* NTF_EXT_LOCKED */

/* Control's; workers read whether there is one. */
static struct bridge_listener *listener;
_Atomic bool bridge_fdb_heard;

void bridge_listen(struct net *net, struct bridge_listener *l)
{
	listener = l;
	bridge_fdb_heard = l;
}

/* ---- entries as netlink tells them ---- */

static uint32_t ticks(nsec_t ns)
{
	return (uint32_t)(ns / TICKS_NS);
}

static void make_entry(const struct bridge *br, uint64_t key, uint64_t value,
		       struct bridge_fdb_entry *e)
{
	const struct bridge_port *bp = br->by_no[fdb_port(value)];
	unsigned flags = fdb_flags(value);
	nsec_t now = clock_now(), age = fdb_age(value, now);

	*e = (struct bridge_fdb_entry){
		.vid = fdb_key_vid(key),
		.port = bp ? bp->dev : NULL,
		.state = flags & FDB_F_LOCAL	   ? NUD_PERMANENT
			 : flags & FDB_F_STATIC	   ? NUD_NOARP
			 : age > bridge_ageing(br) ? NUD_STALE
						   : NUD_REACHABLE,
		.used = ticks(fdb_idle(value, now)),
		.updated = ticks(age),
	};
	fdb_key_addr(key, e->addr);
	if (flags & FDB_F_STICKY)
		e->flags |= NTF_STICKY;
	if (flags & FDB_F_EXT)
		e->flags |= NTF_EXT_LEARNED;
	if (flags & FDB_F_OFFLOADED)
		e->flags |= NTF_OFFLOADED;
	if (flags & FDB_F_LOCKED)
		e->ext_flags |= EXT_LOCKED;
}

static void tell(const struct bridge *br, uint64_t key, uint64_t value, bool gone)
{
	struct bridge_fdb_entry e;

	if (!listener || br->dev->dying)
		return;
	make_entry(br, key, value, &e);
	listener->fdb(listener, br->dev, &e, gone);
}

static void set(struct bridge *br, uint64_t key, uint64_t value)
{
	fdb_set(br->fdb, key, value, NULL);
	flows_changed(br->dev);
	tell(br, key, value, false);
}

static bool delete (struct bridge *br, uint64_t key)
{
	uint64_t value = fdb_get(br->fdb, key);

	if (!value)
		return false;
	fdb_delete(br->fdb, key);
	flows_changed(br->dev);
	tell(br, key, value, true);
	return true;
}

/* ---- what workers find out ---- */

struct fdb_post {
	struct post post;
	struct dev *dev;
	bool moved;
	unsigned n;
	uint64_t key[];
};

static void run_post(struct net *net, struct post *post)
{
	struct fdb_post *p = container_of(post, struct fdb_post, post);
	struct bridge *br = dev_state(p->dev);

	if (!p->dev->dying) {
		if (!p->n)
			fdb_attend(br->fdb);
		for (unsigned i = 0; i < p->n; i++) {
			uint64_t value = fdb_get(br->fdb, p->key[i]);

			if (value)
				tell(br, p->key[i], value, false);
		}
		if (p->moved)
			flows_changed(br->dev);
	}
	free(p);
}

static void post(struct bridge *br, const uint64_t *keys, unsigned n, bool moved)
{
	struct fdb_post *p = malloc(sizeof(*p) + n * sizeof(p->key[0]));

	if (!p)
		return;
	p->post.run = run_post;
	p->dev = br->dev;
	p->n = n;
	p->moved = moved;
	if (n)
		memcpy(p->key, keys, n * sizeof(p->key[0]));
	(void)net_post(br->dev->net, &p->post);
}

void bridge_fdb_post(struct worker *w, struct bridge *br, const struct bridge_news *news)
{
	post(br, news->key, news->n, news->moved);
}

static void on_call(struct fdb *fdb)
{
	post(fdb->owner, NULL, 0, false);
}

void bridge_fdb_init(struct bridge *br)
{
	br->fdb = fdb_create(br->dev->net, on_call, br);
	br->fdb->max_learned = bridge_config(br)->fdb_max_learned;
}

void bridge_fdb_done(struct bridge *br)
{
	fdb_destroy(br->fdb);
}

/* ---- the bridge's own addresses ---- */

static bool is_in(const struct bridge *br, const struct bridge_port *bp, uint16_t vid)
{
	return !vid || vlan_next(br, bp, (uint16_t)(vid - 1)) == vid;
}

/* A port in VLAN @vid that has address @addr as well, or the bridge itself (NULL with
 * *@found). */
static struct bridge_port *another_with(const struct bridge *br,
					const struct bridge_port *but,
					const uint8_t addr[6], uint16_t vid, bool *found)
{
	for (unsigned i = 0; br->ports && i < br->ports->n; i++) {
		struct bridge_port *bp = br->ports->port[i];

		if (bp != but && !memcmp(bp->local_addr, addr, 6) && is_in(br, bp, vid)) {
			*found = true;
			return bp;
		}
	}
	*found = but && !memcmp(br->local_addr, addr, 6) && is_in(br, NULL, vid);
	return NULL;
}

void bridge_fdb_local_add(struct bridge *br, struct bridge_port *bp,
			  const uint8_t addr[6], uint16_t vid)
{
	uint64_t key = fdb_key(addr, vid), present = fdb_get(br->fdb, key);

	if (present & FDB_VALUE_F(FDB_F_LOCAL))
		return; /* the first that has it keeps it */
	if (present)
		delete (br, key);
	set(br, key, fdb_value(bp ? bp->no : 0, FDB_F_LOCAL | FDB_F_STATIC, clock_now()));
}

void bridge_fdb_local_remove(struct bridge *br, struct bridge_port *bp,
			     const uint8_t addr[6], uint16_t vid)
{
	uint64_t key = fdb_key(addr, vid), value = fdb_get(br->fdb, key);
	struct bridge_port *other;
	bool found;

	if (!(value & FDB_VALUE_F(FDB_F_LOCAL)) || value & FDB_VALUE_F(FDB_F_USER) ||
	    fdb_port(value) != (bp ? bp->no : 0))
		return;
	other = another_with(br, bp, addr, vid, &found);
	if (found)
		fdb_set(br->fdb, key,
			fdb_value(other ? other->no : 0, FDB_F_LOCAL | FDB_F_STATIC,
				  clock_now()),
			NULL);
	else
		delete (br, key);
}

void bridge_fdb_local_change(struct bridge *br, struct bridge_port *bp,
			     const uint8_t *old, const uint8_t *addr)
{
	uint16_t vid = 0;

	do {
		if (old)
			bridge_fdb_local_remove(br, bp, old, vid);
		if (addr)
			bridge_fdb_local_add(br, bp, addr, vid);
	} while ((vid = vlan_next(br, bp, vid)));
}

/* ---- forgetting ---- */

struct sweep {
	struct bridge *br;
	const struct bridge_fdb_filter *filter;
	struct bridge_port *bp;
	uint16_t vid;
	bool all;
	nsec_t now, ageing, next;
};

static enum fdb_visit forget_one(void *arg, uint64_t key, uint64_t value)
{
	const struct sweep *s = arg;

	if ((s->bp && fdb_port(value) != s->bp->no) ||
	    (s->vid && fdb_key_vid(key) != s->vid))
		return FDB_GO_ON;
	/* Linux keeps what users and other control planes entered, until all has to go. */
	if (!s->all && fdb_flags(value) & (FDB_F_STATIC | FDB_F_EXT))
		return FDB_GO_ON;
	/* Another port may have the same address. */
	if (s->bp && (fdb_flags(value) & (FDB_F_LOCAL | FDB_F_USER)) == FDB_F_LOCAL)
		return FDB_GO_ON;
	tell(s->br, key, value, true);
	return FDB_DELETE;
}

void bridge_fdb_forget(struct bridge *br, struct bridge_port *bp, uint16_t vid, bool all)
{
	struct sweep s = {.br = br, .bp = bp, .vid = vid, .all = all};
	uint32_t cursor = 0;

	fdb_visit(br->fdb, &cursor, forget_one, &s);
	flows_changed(br->dev);
	fdb_trim(br->fdb);
}

static enum fdb_visit age_one(void *arg, uint64_t key, uint64_t value)
{
	struct sweep *s = arg;
	nsec_t left;

	if (fdb_flags(value) & (FDB_F_STATIC | FDB_F_EXT))
		return FDB_GO_ON;
	/* A tick begins before what is noted with it: none goes too early. */
	left = s->ageing + FDB_TICK - fdb_age(value, s->now);
	if (left > 0) {
		s->next = min(s->next, left);
		return FDB_GO_ON;
	}
	tell(s->br, key, value, true);
	return FDB_DELETE;
}

nsec_t bridge_fdb_age(struct bridge *br)
{
	struct sweep s = {.br = br, .now = clock_now(), .ageing = bridge_ageing(br)};
	uint32_t cursor = 0;

	s.next = s.ageing;
	flows_ask(br->dev);
	fdb_visit(br->fdb, &cursor, age_one, &s);
	flows_changed(br->dev);
	fdb_attend(br->fdb);
	fdb_trim(br->fdb);
	return s.next;
}

/* ---- netlink ---- */

static struct bridge *of_dev(const struct dev *dev, struct bridge_port **bp)
{
	const struct dev *br = dev_is_bridge(dev) ? dev : dev_bridge_of(dev);

	*bp = dev_is_bridge(dev) ? NULL : dev_port_state(dev);
	return br ? bridge_of(br) : NULL;
}

static unsigned entry_flags(uint16_t state, uint8_t flags, bool of_bridge)
{
	if (flags & NTF_EXT_LEARNED) /* whatever the state */
		return FDB_F_USER | FDB_F_EXT | (of_bridge ? FDB_F_LOCAL : 0);
	return FDB_F_USER |
	       (state & NUD_PERMANENT ? FDB_F_LOCAL | FDB_F_STATIC
		: state & NUD_NOARP   ? FDB_F_STATIC
				      : 0) |
	       (flags & NTF_STICKY ? FDB_F_STICKY : 0);
}

static bool may_learn(const struct bridge_port *bp)
{
	return port_state(bp) == BR_STATE_LEARNING ||
	       port_state(bp) == BR_STATE_FORWARDING;
}

static int add_one(struct bridge *br, struct bridge_port *bp, uint64_t key,
		   uint16_t state, uint8_t flags, unsigned nlm_flags, struct extack *ea)
{
	uint64_t present = fdb_get(br->fdb, key);
	unsigned own = entry_flags(state, flags, !bp);

	if (flags & NTF_USE) {
		struct fdb_table *t = br->fdb->table;

		if (!bp)
			return -EINVAL;
		if (may_learn(bp) &&
		    fdb_learn_slow(br->fdb, t, fdb_hash(t, key), key, bp->no, FDB_F_USER,
				   clock_now()) != FDB_KNOWN)
			tell(br, key, fdb_get(br->fdb, key), false);
		return 0;
	}
	if (!bp && !(state & NUD_PERMANENT))
		return flags & NTF_EXT_LEARNED
			       ? extack_set(ea, -EINVAL,
					    "FDB entry towards bridge must be permanent")
			       : -EINVAL;
	if (!(flags & NTF_EXT_LEARNED)) {
		if (bp && !(state & (NUD_PERMANENT | NUD_NOARP)) && !may_learn(bp))
			return -EPERM;
		if (flags & NTF_STICKY && state & NUD_PERMANENT)
			return -EINVAL;
		if (!present && !(nlm_flags & NLM_F_CREATE))
			return -ENOENT;
		if (present && nlm_flags & NLM_F_EXCL)
			return -EEXIST;
	}
	set(br, key, fdb_value(bp ? bp->no : 0, own, clock_now()));
	return 0;
}

int bridge_fdb_add(struct dev *dev, const uint8_t addr[6], uint16_t vid, uint16_t state,
		   uint8_t flags, unsigned nlm_flags, struct extack *ea)
{
	static const uint8_t zero[6];
	struct bridge_port *bp;
	struct bridge *br = of_dev(dev, &bp);
	int err;

	if (!br || !(state & (NUD_PERMANENT | NUD_NOARP | NUD_REACHABLE)) ||
	    !memcmp(addr, zero, sizeof(zero)))
		return -EINVAL;
	if (vid && vlan_next(br, bp, (uint16_t)(vid - 1)) != vid)
		return -EINVAL;
	err = add_one(br, bp, fdb_key(addr, vid), state, flags, nlm_flags, ea);
	if (vid)
		return err;
	/* Without a VLAN: in each that the device is in, too. */
	while (!err && (vid = vlan_next(br, bp, vid)))
		err = add_one(br, bp, fdb_key(addr, vid), state, flags, nlm_flags, ea);
	return err;
}

static int delete_one(struct bridge *br, const struct bridge_port *bp, uint64_t key)
{
	uint64_t value = fdb_get(br->fdb, key);

	if (!value || fdb_port(value) != (bp ? bp->no : 0))
		return -ENOENT;
	delete (br, key);
	return 0;
}

int bridge_fdb_delete(struct dev *dev, const uint8_t addr[6], uint16_t vid,
		      struct extack *ea)
{
	struct bridge_port *bp;
	struct bridge *br = of_dev(dev, &bp);
	int err;

	if (!br)
		return -EINVAL;
	if (vid && vlan_next(br, bp, (uint16_t)(vid - 1)) != vid)
		return -EINVAL;
	err = delete_one(br, bp, fdb_key(addr, vid));
	if (vid)
		return err;
	while ((vid = vlan_next(br, bp, vid)))
		if (!delete_one(br, bp, fdb_key(addr, vid)))
			err = 0;
	return err;
}

bool bridge_fdb_get(const struct dev *dev, const uint8_t addr[6], uint16_t vid,
		    struct bridge_fdb_entry *entry)
{
	const struct bridge *br = bridge_of(dev);
	uint64_t key = fdb_key(addr, vid), value;

	flows_ask(br->dev);
	value = fdb_get(br->fdb, key);
	if (value)
		make_entry(br, key, value, entry);
	return value;
}

struct walk {
	const struct bridge *br;
	bool (*fn)(void *arg, const struct bridge_fdb_entry *e);
	void *arg;
};

static enum fdb_visit walk_one(void *arg, uint64_t key, uint64_t value)
{
	const struct walk *walk = arg;
	struct bridge_fdb_entry e;

	make_entry(walk->br, key, value, &e);
	return walk->fn(walk->arg, &e) ? FDB_GO_ON : FDB_STOP;
}

void bridge_fdb_foreach(const struct dev *dev, uint32_t *cursor,
			bool (*fn)(void *arg, const struct bridge_fdb_entry *e),
			void *arg)
{
	struct walk walk = {bridge_of(dev), fn, arg};

	if (!*cursor)
		flows_ask(walk.br->dev);
	fdb_visit(walk.br->fdb, cursor, walk_one, &walk);
}

static enum fdb_visit flush_one(void *arg, uint64_t key, uint64_t value)
{
	const struct sweep *s = arg;
	const struct bridge_fdb_filter *f = s->filter;
	struct bridge_fdb_entry e;

	make_entry(s->br, key, value, &e);
	if ((f->port && (e.port ?: s->br->dev) != f->port) ||
	    (f->vid && e.vid != f->vid) || (e.state & f->state_mask) != f->state ||
	    (e.flags & f->flags_mask) != f->flags)
		return FDB_GO_ON;
	if (!f->state_mask && e.state == NUD_PERMANENT)
		return FDB_GO_ON;
	tell(s->br, key, value, true);
	return FDB_DELETE;
}

void bridge_fdb_flush(struct dev *dev, const struct bridge_fdb_filter *filter)
{
	struct sweep s = {.br = bridge_of(dev), .filter = filter};
	uint32_t cursor = 0;

	flows_ask(dev);
	fdb_visit(s.br->fdb, &cursor, flush_one, &s);
	flows_changed(dev);
	fdb_trim(s.br->fdb);
}
