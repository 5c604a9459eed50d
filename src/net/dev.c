/* SPDX-License-Identifier: BSD-2-Clause
 *
 * dev - a device's life: birth, what is changed and followed, relations, death.
 *
 * A device is complete before anything else can reach it, and unreachable before its memory
 * goes: destruction takes it out of the model at once, tells the listeners, lets the kind
 * cut what points to it, and leaves the memory to a deferred call.
 */
#include "net/net.h"
#include "net/relation.h"
#include "nl/opt.h"

#include <linux/if_ether.h>
#include <stdio.h>
#include <sys/random.h>

static void *xcalloc_aligned(size_t size)
{
	void *p = aligned_alloc(64, (size + 63) & ~(size_t)63);

	assert(p); /* as xcalloc: there is none left */
	return memset(p, 0, size);
}

struct dev *dev_link(const struct dev *dev)
{
	return dev->kind->link ? dev->kind->link(dev) : dev->lower;
}

void dev_note_lower(struct dev *dev)
{
	const struct dev *lower = dev_link(dev), *here = lower;

	if (lower && lower->ns != dev->ns)
		here = lower->ifindex ? netns_dev(dev->ns, lower->ifindex) : NULL;
	dev->lower_down =
		here && here != dev && (here == lower || !dev_has_carrier(here));
}

/* ---- birth ---- */

static void dev_free(void *arg)
{
	struct dev *dev = arg;

	free(dev->config);
	free(dev->port_config);
	free(dev->port);
	free(dev->state);
	free(dev->pw);
	free(dev);
}

/* A locally administered unicast address. */
static void addr_random(uint8_t addr[6])
{
	if (getrandom(addr, 6, 0) != 6)
		abort(); /* cannot happen for so few bytes once the system is up */
	addr[0] = (addr[0] & 0xfe) | 0x02;
}

int dev_check_addr(const uint8_t addr[6], struct extack *ea)
{
	static const uint8_t zero[6];

	if ((addr[0] & 1) || !memcmp(addr, zero, 6))
		return extack_set(ea, -EADDRNOTAVAIL,
				  "the address is no unicast address");
	return 0;
}

static int check_mtu(const struct dev_kind *kind, uint32_t mtu, uint32_t most,
		     struct extack *ea)
{
	if (kind->min_mtu != MTU_ANY && mtu < (kind->min_mtu ?: ETH_MIN_MTU))
		return extack_set(ea, -EINVAL, "mtu less than device minimum");
	if (mtu > most)
		return extack_set(ea, -EINVAL, "mtu greater than device maximum");
	return 0;
}

int dev_check_mtu(const struct dev_kind *kind, uint32_t mtu, struct extack *ea)
{
	return check_mtu(kind, mtu, kind->max_mtu ?: ETH_MAX_MTU, ea);
}

uint32_t dev_max_mtu(const struct dev *dev)
{
	return dev->max_mtu ?: dev->kind->max_mtu ?: ETH_MAX_MTU;
}

int dev_check_up(const struct dev *dev, struct extack *ea)
{
	return dev->up || !dev->kind->may_up ? 0 : dev->kind->may_up(dev, ea);
}

int dev_check_new_mtu(const struct dev *dev, uint32_t mtu, struct extack *ea)
{
	int err = check_mtu(dev->kind, mtu, dev_max_mtu(dev), ea);

	if (err || !dev->kind->may_mtu)
		return err;
	return dev->kind->may_mtu(dev, mtu, ea);
}

int dev_check_new_addr(struct dev *dev, const uint8_t addr[6], struct extack *ea)
{
	int err = dev_check_addr(addr, ea);

	if (err || !dev->kind->may_addr || !memcmp(addr, dev->addr, sizeof(dev->addr)))
		return err;
	return dev->kind->may_addr(dev, addr, ea);
}

static int config_init(struct dev *dev, const struct link_req *req, struct extack *ea)
{
	const struct dev_kind *kind = dev->kind;

	if (kind->not_by_request && !req->config)
		return extack_set(ea, -EOPNOTSUPP, "%s", kind->not_by_request);
	if (!kind->config_size)
		return 0;
	dev->config = xcalloc(1, kind->config_size);
	if (req->config) {
		memcpy(dev->config, req->config, kind->config_size);
		return 0;
	}
	if (kind->defaults)
		kind->defaults(dev->config);
	return req->data ? opts_parse(kind->opts, req->data, true, dev->config, ea) : 0;
}

/* A device as @req asks, which nobody knows of yet. */
static int dev_make(struct net *net, const struct dev_kind *kind,
		    const struct link_req *req, struct dev **ret, struct extack *ea)
{
	const char *name = req->name && *req->name ? req->name : kind->name_format;
	struct dev *dev;
	int err = req->addr ? dev_check_addr(req->addr, ea) : 0;

	if (!err && req->mtu)
		err = dev_check_mtu(kind, req->mtu, ea);
	if (!err && name && strlen(name) >= IFNAMSIZ)
		err = extack_set(ea, -ERANGE,
				 "the name \"%.32s\" is longer than 15 bytes", name);
	if (err)
		return err;

	dev = xcalloc_aligned(sizeof(*dev));
	dev->kind = kind;
	dev->net = net;
	dev->id = ++net->last_id;
	dev->state = kind->state_size ? xcalloc(1, kind->state_size) : NULL;
	dev->pw = xcalloc_aligned(net->n_workers * sizeof(*dev->pw));
	dev->mtu = req->mtu ?: kind->mtu ?: ETH_DATA_LEN;
	dev->carrier = kind->carrier_unknown;
	dev->layer3 = kind->mirror == MIRROR_IP;
	dev->iff_on = kind->dev_flags;
	dev->iff_off = kind->dev_flags_off;
	dev->ns = req->ns;
	dev->ifindex = req->ifindex;
	list_init(&dev->ports);
	list_init(&dev->uppers);
	if (name)
		memcpy(dev->name, name, strlen(name) + 1);
	else
		snprintf(dev->name, sizeof(dev->name), "%.12s%%d", kind->name);
	if (req->addr)
		memcpy(dev->addr, req->addr, 6);
	else
		addr_random(dev->addr);

	err = config_init(dev, req, ea);
	if (err)
		dev_free(dev);
	else
		*ret = dev;
	return err;
}

static void dev_enter(struct dev *dev)
{
	netns_enter(dev->ns, dev);
	list_append(&dev->net->devs, &dev->in_net);
}

struct dev *dev_create_peer(struct dev *dev, struct link_req *first, struct link_req *req,
			    int *err, struct extack *ea)
{
	struct link_req defaults = {.ns = first->ns};
	struct dev *peer = NULL;

	assert(first->n_made == 1);
	*err = dev_make(dev->net, dev->kind, req ?: &defaults, &peer, ea);
	if (peer)
		first->made[first->n_made++] = peer;
	return peer;
}

int dev_create(struct net *net, const struct dev_kind *kind, struct link_req *req,
	       struct extack *ea)
{
	struct dev *dev = NULL;
	int err = dev_make(net, kind, req, &dev, ea);

	req->n_made = 0;
	if (err)
		return err;
	req->made[req->n_made++] = dev;
	if (kind->create)
		err = kind->create(dev, req, ea);
	if (err) {
		while (req->n_made) {
			relations_end(req->made[--req->n_made]);
			dev_free(req->made[req->n_made]);
		}
		return err;
	}
	for (unsigned i = 0; i < req->n_made; i++)
		dev_enter(req->made[i]);
	for (unsigned i = 0; i < req->n_made; i++)
		dev_note_lower(req->made[i]);
	for (unsigned i = 0; i < req->n_made; i++)
		net_tell(net, NET_DEV_BORN, req->made[i]);
	return 0;
}

/* ---- change ---- */

/* Takes @next. */
static int config_publish(struct dev *dev, void *next, struct extack *ea)
{
	const struct dev_kind *kind = dev->kind;
	int err = kind->change ? kind->change(dev, next, ea) : 0;
	void *old = dev->config;

	if (err || !memcmp(old, next, kind->config_size)) {
		free(next);
		return err;
	}
	rcu_publish(&dev->config, next);
	if (kind->changed)
		kind->changed(dev, old);
	dev_defer(dev->net, free, old);
	net_tell(dev->net, NET_DEV_CHANGED, dev);
	return 0;
}

int dev_change(struct dev *dev, const struct nlattr *data, struct extack *ea)
{
	const struct dev_kind *kind = dev->kind;
	void *next;
	int err;

	if (kind->not_by_request)
		return extack_set(ea, -EOPNOTSUPP, "%s", kind->not_by_request);
	if (!kind->opts)
		return data ? extack_set(ea, -EOPNOTSUPP, "%s has no settings",
					 kind->name)
			    : 0;
	next = xcalloc(1, kind->config_size);
	memcpy(next, dev->config, kind->config_size);
	err = data ? opts_parse(kind->opts, data, false, next, ea) : 0;
	if (err) {
		free(next);
		return err;
	}
	return config_publish(dev, next, ea);
}

int dev_change_config(struct dev *dev, const void *config, struct extack *ea)
{
	void *next;

	if (!dev->kind->config_size)
		return 0;
	next = xcalloc(1, dev->kind->config_size);
	memcpy(next, config, dev->kind->config_size);
	return config_publish(dev, next, ea);
}

/* ---- death ---- */

void dev_destroy(struct dev *dev)
{
	struct netns *ns = dev ? dev->ns : NULL;

	if (!dev || dev->dying)
		return;
	dev->dying = true;
	relations_end(dev);
	dev->up = false;
	ns->refs++; /* it stays for those who hear */
	netns_leave(dev);
	dev->ns = ns;
	list_remove(&dev->in_net);
	net_tell(dev->net, NET_DEV_DYING, dev);
	if (dev->kind->destroy)
		dev->kind->destroy(dev);
	dev_set_mirror(dev, NULL);
	dev->ns = NULL;
	netns_put(ns);
	dev_defer(dev->net, dev_free, dev);
}

/* ---- what the kernel decided ---- */

void dev_follow_flags(struct dev *dev, unsigned iff)
{
	bool up = iff & IFF_UP;

	if (dev->up == up)
		return;
	dev->up = up;
	if (dev->kind->updown)
		dev->kind->updown(dev);
	relations_tell(dev, DEV_UPDOWN);
	net_tell(dev->net, NET_DEV_FOLLOWED, dev);
}

void dev_follow_name(struct dev *dev, const char *name)
{
	struct netns *ns = dev->ns;

	if (!strcmp(dev->name, name))
		return;
	ns->refs++;
	netns_leave(dev);
	snprintf(dev->name, sizeof(dev->name), "%s", name);
	netns_enter(ns, dev);
	netns_put(ns);
	relations_tell(dev, DEV_NAME);
	net_tell(dev->net, NET_DEV_FOLLOWED, dev);
}

void dev_follow_mtu(struct dev *dev, uint32_t mtu)
{
	if (dev->mtu == mtu)
		return;
	dev->mtu = mtu;
	if (dev->kind->followed)
		dev->kind->followed(dev, DEV_MTU);
	relations_tell(dev, DEV_MTU);
	net_tell(dev->net, NET_DEV_FOLLOWED, dev);
}

void dev_follow_addr(struct dev *dev, const uint8_t addr[6])
{
	if (!memcmp(dev->addr, addr, 6))
		return;
	memcpy(dev->addr, addr, 6);
	if (dev->kind->followed)
		dev->kind->followed(dev, DEV_ADDR);
	relations_tell(dev, DEV_ADDR);
	net_tell(dev->net, NET_DEV_FOLLOWED, dev);
}

void dev_set_captured(struct dev *dev, enum capture_mode captured)
{
	atomic_store_explicit(&dev->captured, (uint8_t)captured, memory_order_relaxed);
}

void dev_follow_promisc(struct dev *dev, bool promisc)
{
	if (dev->promisc == promisc)
		return;
	dev->promisc = promisc;
	net_tell(dev->net, NET_DEV_FOLLOWED, dev);
}

void dev_follow_place(struct dev *dev, struct netns *ns, unsigned ifindex)
{
	struct netns *old = dev->ns;

	if (old == ns && dev->ifindex == ifindex)
		return;
	old->refs++; /* it stays for those who hear */
	netns_leave(dev);
	dev->ifindex = ifindex;
	netns_enter(ns, dev);
	if (old != ns)
		dev_release(dev); /* a master keeps to its namespace */
	if (old != ns && dev->kind->updown)
		dev->kind->updown(dev);
	relations_tell(dev, DEV_PLACE);
	net_tell(dev->net, NET_DEV_FOLLOWED, dev);
	netns_put(old);
}

/* ---- relations ---- */

void dev_set_carrier(struct dev *dev, bool carrier)
{
	if (dev->carrier == carrier)
		return;
	dev->carrier = carrier;
	dev->oper_unknown = false;
	dev_note_lower(dev);
	relations_tell(dev, DEV_CARRIER);
	net_tell(dev->net, NET_DEV_CARRIER, dev);
}

/* The handler goes last and first, so that a worker that sees one sees whom it acts for. */
void dev_set_upper(struct dev *dev, struct dev *upper,
		   void (*receive)(struct worker *w, struct dev *dev, struct burst *b))
{
	bool changes = dev->upper_receive != receive || dev->upper != upper;

	if (receive)
		rcu_publish(&dev->upper, upper);
	rcu_publish(&dev->upper_receive, receive);
	if (!receive)
		rcu_publish(&dev->upper, NULL);
	if (changes)
		dev_path_changed(dev);
}

void dev_path_changed(struct dev *dev)
{
	net_tell(dev->net, NET_DEV_PATH, dev);
}

void dev_watch(struct dev *dev)
{
	if (!dev->watchers++)
		dev_path_changed(dev);
}

void dev_unwatch(struct dev *dev)
{
	assert(dev->watchers);
	if (!--dev->watchers)
		dev_path_changed(dev);
}

void dev_set_mirror(struct dev *dev, struct port *port)
{
	struct port *old = dev->mirror;

	if (old == port)
		return;
	if (port)
		port->dev = dev;
	rcu_publish(&dev->mirror, port);
	if (old)
		port_detach(dev->net, old);
}

/* ---- counters ---- */

/* Workers write their own counters without atomic operations; a reader may see a value that
 * is a burst old, and never a torn one on the 64-bit machines this runs on. */
static uint64_t peek(const uint64_t *v)
{
	return __atomic_load_n(v, __ATOMIC_RELAXED);
}

void dev_counters(const struct dev *dev, struct dev_counters *sum)
{
	*sum = dev->carried;
	for (unsigned i = 0; i < dev->net->n_workers; i++) {
		const struct dev_counters *c = &dev->pw[i].counters;

		sum->rx_packets += peek(&c->rx_packets);
		sum->rx_bytes += peek(&c->rx_bytes);
		sum->tx_packets += peek(&c->tx_packets);
		sum->tx_bytes += peek(&c->tx_bytes);
		sum->rx_dropped += peek(&c->rx_dropped);
		sum->tx_dropped += peek(&c->tx_dropped);
	}
}

uint64_t dev_drops(const struct dev *dev, enum drop why)
{
	/* The kernel says how many it lost.  On a shortcut there is one way to lose one. */
	uint64_t sum = why == DROP_FULL_RING ? dev->carried.tx_dropped : 0;

	for (unsigned i = 0; i < dev->net->n_workers; i++)
		sum += peek(&dev->pw[i].drops[why]);
	return sum;
}
