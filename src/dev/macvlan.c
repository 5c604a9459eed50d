/* SPDX-License-Identifier: BSD-2-Clause
 *
 * macvlan - devices with addresses of their own on top of another Ethernet device.
 *
 * Whoever is up in a group has an address that no other has, and that is not the lower device's:
 * it may not be set up or given another address otherwise.  One in mode passthru is alone and
 * has the lower device's address, whichever of the two is changed.  Carrier and the largest MTU
 * are the lower device's.
 *
 * The queue of broadcasts that Linux has (bcqueuelen, bclim) is there to take copying out of
 * interrupt context.  Here a copy shares its payload and is made at once; the settings are only
 * kept and shown.
 */
#include "dev/macvlan_priv.h"
#include "net/net.h"

#define BC_QUEUE_LEN_DEFAULT 1000
#define BC_CUTOFF_DEFAULT    1

static const struct macvlan_config *config_of(const struct macvlan *m)
{
	return dev_config(m->dev);
}

static bool is_macvlan(const struct dev *dev)
{
	return dev->kind == &macvlan_kind || dev->kind == &macvtap_kind;
}

/* ---- the table for workers ---- */

static uint32_t places_for(uint32_t n)
{
	uint32_t places = 1;

	while (places < 2 * n)
		places *= 2;
	return places;
}

static void put(struct macvlan_entry *places, uint32_t mask, struct macvlan_entry e)
{
	uint32_t i = macvlan_hash(e.addr) & mask;

	while (places[i].addr)
		i = (i + 1) & mask;
	places[i] = e;
}

static struct macvlan_table *table_alloc(struct macvlan_group *g)
{
	uint32_t n = 0, n_sources = 0, places, source_places;
	struct macvlan_table *t;
	struct macvlan *m;

	list_foreach(m, &g->macvlans, in_group) {
		if (!dev_is_up(m->dev))
			continue;
		n++;
		n_sources += config_of(m)->n_sources;
	}
	places = places_for(n);
	source_places = places_for(n_sources);
	t = xcalloc(1, sizeof(*t) + (n + places + source_places) *
					    sizeof(struct macvlan_entry));
	t->mask = places - 1;
	t->source_mask = source_places - 1;
	t->by_addr = t->all + n;
	t->by_source = t->by_addr + places;
	return t;
}

static void table_add(struct macvlan_table *t, const struct macvlan *m)
{
	const struct macvlan_config *c = config_of(m);
	struct macvlan_entry e = {.addr = macvlan_key(m->dev->addr),
				  .dev = m->dev,
				  .mode = c->mode,
				  .flags = c->flags};

	t->all[t->n++] = e;
	put(t->by_addr, t->mask, e);
	for (unsigned i = 0; i < c->n_sources; i++) {
		e.addr = macvlan_key(c->sources[i]);
		put(t->by_source, t->source_mask, e);
		t->n_sources++;
	}
}

/* Something that workers must know of @g has changed. */
static void publish(struct macvlan_group *g)
{
	struct macvlan_table *old = g->lower->port, *t = table_alloc(g);
	struct macvlan *m;

	list_foreach(m, &g->macvlans, in_group) {
		if (g->passthru)
			t->passthru = m->dev;
		if (dev_is_up(m->dev))
			table_add(t, m);
	}
	rcu_publish(&g->lower->port, t);
	if (old)
		dev_defer(g->lower->net, free, old);
}

/* ---- groups ---- */

static struct macvlan_group *group_of(struct dev *lower)
{
	struct dev *upper;

	list_foreach(upper, &lower->uppers, on_lower)
		if (is_macvlan(upper))
			return ((const struct macvlan *)dev_state(upper))->group;
	return NULL;
}

static struct macvlan_group *group_begin(struct dev *lower)
{
	struct macvlan_group *g = xnew(struct macvlan_group);

	g->lower = lower;
	g->bc_cutoff = BC_CUTOFF_DEFAULT;
	list_init(&g->macvlans);
	return g;
}

static void group_end(struct macvlan_group *g)
{
	struct dev *lower = g->lower;
	void *table = lower->port;

	dev_set_upper(lower, NULL, NULL);
	rcu_publish(&lower->port, NULL);
	dev_defer(lower->net, free, table);
	free(g);
}

/* Is @addr the lower device's or somebody's who is up? */
static bool is_busy(const struct macvlan *self, const uint8_t addr[6])
{
	struct macvlan *m;

	if (!self->group->passthru && !memcmp(self->lower->addr, addr, 6))
		return true;
	list_foreach(m, &self->group->macvlans, in_group)
		if (m != self && dev_is_up(m->dev) && !memcmp(m->dev->addr, addr, 6))
			return true;
	return false;
}

/* ---- life ---- */

void macvlan_defaults(void *config)
{
	*(struct macvlan_config *)config =
		(struct macvlan_config){.mode = MACVLAN_MODE_VEPA,
					.bc_queue_len = BC_QUEUE_LEN_DEFAULT,
					.bc_cutoff = BC_CUTOFF_DEFAULT};
}

/* May there be one more, of this mode, on @lower? */
static int check_lower(const struct dev *lower, const struct macvlan_group *g,
		       uint32_t mode)
{
	if (!g && !dev_is_ethernet(lower))
		return -EINVAL;
	if (!g && (lower->upper_receive || lower->master))
		return -EBUSY;
	if (g && (g->passthru || mode == MACVLAN_MODE_PASSTHRU))
		return -EINVAL;
	return 0;
}

static void enter_group(struct dev *dev, struct macvlan_group *g)
{
	const struct macvlan_config *c = dev_config(dev);
	struct macvlan *m = dev_state(dev);
	struct dev *lower = g->lower;

	m->dev = dev;
	m->lower = lower;
	m->group = g;
	list_append(&g->macvlans, &m->in_group);
	if (c->cutoff_asked)
		g->bc_cutoff = c->bc_cutoff;
	if (c->mode == MACVLAN_MODE_PASSTHRU) {
		g->passthru = true;
		memcpy(dev->addr, lower->addr, sizeof(dev->addr));
	}
	dev->carrier = lower->carrier;
	dev->max_mtu = dev_max_mtu(lower);
	dev_set_lower(dev, lower);
	publish(g);
	if (!g->n++)
		dev_set_upper(lower, NULL, macvlan_receive);
}

int macvlan_create(struct dev *dev, struct link_req *req, struct extack *ea)
{
	struct macvlan_config *c = dev->config;
	struct dev *lower = req->lower;
	struct macvlan_group *g;
	int err;

	if (!lower)
		return req->link ? -ENODEV : -EINVAL;
	if (is_macvlan(lower)) /* beside it, not on it */
		lower = lower->lower;
	if (req->mtu > dev_mtu(lower))
		return -EINVAL;
	g = group_of(lower);
	err = check_lower(lower, g, c->mode);
	if (!err)
		err = macvlan_sources_apply(c, ea);
	if (err)
		return err;
	if (!req->mtu)
		dev->mtu = dev_mtu(lower);
	enter_group(dev, g ?: group_begin(lower));
	return 0;
}

void macvlan_destroy(struct dev *dev)
{
	struct macvlan *m = dev_state(dev);
	struct macvlan_group *g = m->group;

	list_remove(&m->in_group);
	if (--g->n)
		publish(g);
	else
		group_end(g);
}

/* ---- change ---- */

int macvlan_change(struct dev *dev, void *next, struct extack *ea)
{
	const struct macvlan_config *now = dev_config(dev);
	struct macvlan_config *c = next;

	if ((c->mode == MACVLAN_MODE_PASSTHRU) != (now->mode == MACVLAN_MODE_PASSTHRU))
		return -EINVAL;
	return macvlan_sources_apply(c, ea);
}

void macvlan_changed(struct dev *dev, const void *old)
{
	const struct macvlan_config *before = old, *now = dev_config(dev);
	struct macvlan *m = dev_state(dev);

	if (now->cutoff_asked != before->cutoff_asked)
		m->group->bc_cutoff = now->bc_cutoff;
	publish(m->group);
}

int macvlan_may_up(const struct dev *dev, struct extack *ea)
{
	const struct macvlan *m = dev_state(dev);

	return !m->group->passthru && is_busy(m, dev->addr) ? -EADDRINUSE : 0;
}

int macvlan_may_mtu(const struct dev *dev, uint32_t mtu, struct extack *ea)
{
	const struct macvlan *m = dev_state(dev);

	return mtu > dev_mtu(m->lower) ? -EINVAL : 0;
}

/* The lower device gets another address, as if a user had chosen it. */
static void choose_addr(struct dev *lower, const uint8_t addr[6])
{
	dev_set_addr(lower, addr);
	if (lower->kind->followed)
		lower->kind->followed(lower, DEV_ADDR);
}

int macvlan_may_addr(struct dev *dev, const uint8_t addr[6], struct extack *ea)
{
	const struct macvlan *m = dev_state(dev);

	if (m->group->passthru)
		choose_addr(m->lower, addr); /* and this one follows */
	else if (is_busy(m, addr))
		return -EADDRINUSE;
	return 0;
}

void macvlan_followed(struct dev *dev, enum dev_change what)
{
	const struct macvlan *m = dev_state(dev);

	if (what == DEV_ADDR)
		publish(m->group);
}

void macvlan_updown(struct dev *dev)
{
	const struct macvlan *m = dev_state(dev);

	publish(m->group);
}

void macvlan_lower_changed(struct dev *dev, enum dev_change what)
{
	const struct macvlan *m = dev_state(dev);

	switch (what) {
	case DEV_UPDOWN:
	case DEV_CARRIER:
		dev_set_carrier(dev, dev_has_carrier(m->lower));
		break;
	case DEV_MTU:
		if (dev_mtu(dev) > dev_mtu(m->lower))
			dev_set_mtu(dev, dev_mtu(m->lower));
		break;
	case DEV_ADDR:
		if (!m->group->passthru)
			break;
		dev_set_addr(dev, m->lower->addr);
		publish(m->group);
		break;
	case DEV_NAME:
	case DEV_PLACE:
		break;
	}
}

void macvlan_fill(const struct dev *dev, struct nlbuf *b)
{
	const struct macvlan_config *config = dev_config(dev);
	struct macvlan_group *g = ((const struct macvlan *)dev_state(dev))->group;
	struct macvlan *m;
	uint32_t used = 0;

	list_foreach(m, &g->macvlans, in_group)
		used = max(used, config_of(m)->bc_queue_len);
	put_u32(b, IFLA_MACVLAN_MACADDR_COUNT, config->n_sources);
	put_u32(b, IFLA_MACVLAN_BC_QUEUE_LEN_USED, used);
	if (g->bc_cutoff != BC_CUTOFF_DEFAULT)
		put_u32(b, MACVLAN_ATTR_BC_CUTOFF, g->bc_cutoff);
}

const struct dev_kind macvlan_kind = {
	.name = "macvlan",
	.name_format = "macvlan%d",
	.config_size = sizeof(struct macvlan_config),
	.state_size = sizeof(struct macvlan),
	.opts = macvlan_opts,
	.mirror = MIRROR_ETHER,
	.on_lower = true,
	.defaults = macvlan_defaults,
	.create = macvlan_create,
	.change = macvlan_change,
	.changed = macvlan_changed,
	.destroy = macvlan_destroy,
	.updown = macvlan_updown,
	.may_up = macvlan_may_up,
	.may_mtu = macvlan_may_mtu,
	.may_addr = macvlan_may_addr,
	.followed = macvlan_followed,
	.lower_changed = macvlan_lower_changed,
	.fill = macvlan_fill,
	.transmit = macvlan_transmit,
};
