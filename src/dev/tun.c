/* SPDX-License-Identifier: BSD-2-Clause
 *
 * tun - tap and tun: a device whose other end is a program.
 *
 * Both are one kind, as for Linux: a tap carries frames and a tun bare IP packets, and only
 * the ports know the difference.
 *
 * Workers see the queues as a table that control replaces whole.  Queues keep their numbers
 * when others leave; a hole in the published table is filled with some other queue, so that
 * a packet which remembers the hole's number still finds a program.  A packet keeps the queue
 * by which it came in (pkt->queue): what the namespace's kernel put on queue 3 reaches the
 * program on queue 3, which keeps the kernel's choice of queue for each flow.
 */
#include "dev/tun.h"
#include "net/net.h"
#include "nl/opt.h"

#include <linux/if_link.h>
#include <linux/if_tun.h>

struct tun_queue {
	struct port *mirror, *far;
};

struct tun_table {
	unsigned n;
	struct tun_queue queue[];
};

struct tun {
	struct tun_table *table; /* for workers; NULL: no queue is attached */

	/* control only */
	struct tun_queue *slots; /* by number, with holes */
	unsigned n_slots, n_queues;
};

/* ---- data path ---- */

static void send_to(struct worker *w, struct dev *dev, struct port *port, struct burst *b)
{
	if (port)
		port->ops->send(w, port, b);
	else
		burst_drop(w, dev, b, DROP_NO_RECEIVER);
}

static struct port *pick(const struct tun_table *table, const struct pkt *p, enum dir dir)
{
	unsigned i = p->queue < table->n ? p->queue : p->queue % table->n;

	return dir == DIR_TX ? table->queue[i].far : table->queue[i].mirror;
}

/* Send each packet to the port of its own queue: most often one port for all. */
static void send_by_queue(struct worker *w, struct dev *dev,
			  const struct tun_table *table, enum dir dir, struct burst *b)
{
	uint32_t i = 0;

	while (i < b->n) {
		struct port *port = pick(table, b->pkt[i], dir);
		struct burst run;

		run.n = 0;
		while (i < b->n && pick(table, b->pkt[i], dir) == port)
			run.pkt[run.n++] = b->pkt[i++];
		send_to(w, dev, port ?: rcu_load(&dev->mirror), &run);
	}
	b->n = 0;
}

static void tun_transmit(struct worker *w, struct dev *dev, struct burst *b)
{
	const struct tun *tun = dev_state(dev);
	const struct tun_table *table = rcu_load(&tun->table);
	uint64_t bytes = 0;

	if (!table) {
		burst_drop(w, dev, b, DROP_NO_CARRIER);
		return;
	}
	for (uint32_t i = 0; i < b->n; i++)
		bytes += pkt_size(b->pkt[i]);
	dev_count_tx(w, dev, b->n, bytes);
	if (likely(table->n == 1))
		send_to(w, dev, table->queue[0].far, b);
	else
		send_by_queue(w, dev, table, DIR_TX, b);
}

static void tun_deliver(struct worker *w, struct dev *dev, struct burst *b)
{
	const struct tun *tun = dev_state(dev);
	const struct tun_table *table = rcu_load(&tun->table);

	if (!table)
		send_to(w, dev, rcu_load(&dev->mirror), b);
	else
		send_by_queue(w, dev, table, DIR_RX, b);
}

/* ---- queues: control ---- */

static void tun_publish(struct dev *dev)
{
	struct tun *tun = dev_state(dev);
	struct tun_table *old = tun->table, *next = NULL;
	const struct tun_queue *some = NULL;

	for (unsigned i = 0; i < tun->n_slots && !some; i++)
		if (tun->slots[i].far)
			some = &tun->slots[i];
	if (some) {
		next = xcalloc(1, sizeof(*next) + tun->n_slots * sizeof(next->queue[0]));
		next->n = tun->n_slots;
		for (unsigned i = 0; i < next->n; i++)
			next->queue[i] = tun->slots[i].far ? tun->slots[i] : *some;
	}
	rcu_publish(&tun->table, next);
	if (old)
		dev_defer(dev->net, free, old);
}

/* What dumps tell of queues is a setting like the others, but only of multi-queue devices. */
static void tun_tell_queues(struct dev *dev)
{
	const struct tun *tun = dev_state(dev);
	struct tun_config config = *(const struct tun_config *)dev_config(dev);
	int err;

	dev_set_carrier(dev, tun->n_queues);
	if (!config.multi_queue || dev->dying)
		return;
	config.n_queues = tun->n_queues;
	err = dev_change_config(dev, &config, NULL);
	assert(!err);
}

unsigned tun_n_queues(const struct dev *dev)
{
	const struct tun *tun = dev_state(dev);

	return tun->n_queues;
}

static int tun_free_slot(struct tun *tun, bool multi_queue, struct extack *ea)
{
	unsigned i = 0;

	if (tun->n_queues && !multi_queue)
		return extack_set(ea, -EBUSY,
				  "the device has one queue only, and it is in use");
	while (i < tun->n_slots && tun->slots[i].far)
		i++;
	if (i == TUN_QUEUES_MAX)
		return extack_set(ea, -E2BIG, "the device has %u queues already",
				  TUN_QUEUES_MAX);
	if (i == tun->n_slots) {
		tun->n_slots++;
		tun->slots = xrealloc(tun->slots, tun->n_slots * sizeof(tun->slots[0]));
		tun->slots[i] = (struct tun_queue){};
	}
	return (int)i;
}

static int tun_give_ports(struct dev *dev, struct tun_queue *q, unsigned number)
{
	int err;

	q->far->dev = dev;
	q->far->input = DIR_RX;
	q->far->queue = number;
	if (q->mirror) {
		q->mirror->dev = dev;
		q->mirror->input = DIR_TX;
		q->mirror->queue = number;
		err = port_attach(dev->net, q->mirror);
		if (err)
			return err;
	}
	return port_attach(dev->net, q->far);
}

int tun_attach_queue(struct dev *dev, struct port *mirror, struct port *far,
		     struct extack *ea)
{
	const struct tun_config *config = dev_config(dev);
	struct tun_queue q = {.mirror = mirror, .far = far};
	struct tun *tun = dev_state(dev);
	int number = tun_free_slot(tun, config->multi_queue, ea);
	int err = number;

	if (number >= 0) {
		err = tun_give_ports(dev, &q, (unsigned)number);
		if (err)
			extack_set(ea, err, "the worker cannot poll another port");
	}
	if (err < 0) {
		if (mirror)
			port_detach(dev->net, mirror);
		port_detach(dev->net, far);
		return err;
	}
	tun->slots[number] = q;
	tun->n_queues++;
	tun_publish(dev);
	tun_tell_queues(dev);
	return number;
}

void tun_detach_queue(struct dev *dev, unsigned queue)
{
	struct tun *tun = dev_state(dev);
	struct tun_queue q;

	if (queue >= tun->n_slots || !tun->slots[queue].far)
		return;
	q = tun->slots[queue];
	tun->slots[queue] = (struct tun_queue){};
	tun->n_queues--;
	while (tun->n_slots && !tun->slots[tun->n_slots - 1].far)
		tun->n_slots--;
	tun_publish(dev);
	if (q.mirror)
		port_detach(dev->net, q.mirror);
	port_detach(dev->net, q.far);
	tun_tell_queues(dev);
}

/* ---- life and settings ---- */

static void tun_defaults(void *config)
{
	*(struct tun_config *)config = (struct tun_config){
		.mode = IFF_TAP, .owner = TUN_NOBODY, .group = TUN_NOBODY};
}

static int tun_create(struct dev *dev, struct link_req *req, struct extack *ea)
{
	const struct tun_config *cfg = dev_config(dev);

	dev->layer3 = cfg->mode == IFF_TUN;
	return 0;
}

static int tun_change(struct dev *dev, void *next, struct extack *ea)
{
	const struct tun_config *now = dev_config(dev), *wanted = next;

	if (wanted->mode != now->mode)
		return extack_set(ea, -EINVAL,
				  "a tap cannot become a tun, nor a tun a tap");
	if (wanted->multi_queue != now->multi_queue)
		return extack_set(ea, -EINVAL, "the device was made %s multi_queue",
				  now->multi_queue ? "with" : "without");
	return 0;
}

static void tun_destroy(struct dev *dev)
{
	struct tun *tun = dev_state(dev);

	while (tun->n_slots)
		tun_detach_queue(dev, tun->n_slots - 1);
	free(tun->slots);
	tun->slots = NULL;
}

/* A user or group that is not set is not shown, and no number means it. */
static uint32_t *id_field(const struct opt *o, const void *config)
{
	return (uint32_t *)((uintptr_t)config + o->offset);
}

static int id_parse(const struct opt *o, const struct nlattr *a, void *config,
		    struct extack *ea)
{
	*id_field(o, config) = attr_u32(a);
	return 0;
}

static void id_fill(const struct opt *o, const void *config, struct nlbuf *b)
{
	if (*id_field(o, config) != TUN_NOBODY)
		put_u32(b, o->attr, *id_field(o, config));
}

static int id_words(const struct opt *o, char *const *words, size_t n, void *config,
		    struct extack *ea)
{
	unsigned long v;
	char *end;

	errno = 0;
	v = n > 1 ? strtoul(words[1], &end, 10) : 0;
	if (n < 2 || *words[1] < '0' || *words[1] > '9' || *end || errno ||
	    v >= TUN_NOBODY)
		return extack_set(ea, -EINVAL, "%s wants a number", o->word);
	*id_field(o, config) = (uint32_t)v;
	return 2;
}

static char *id_print(const struct opt *o, const void *config)
{
	return *id_field(o, config) == TUN_NOBODY
		       ? NULL
		       : xasprintf("%s %u", o->word, *id_field(o, config));
}

static const struct opt_hooks id_hooks = {.parse = id_parse,
					  .fill = id_fill,
					  .min_len = sizeof(uint32_t),
					  .words = id_words,
					  .print = id_print};

/* Queues are told of devices that may have several. */
static int queues_parse(const struct opt *o, const struct nlattr *a, void *config,
			struct extack *ea)
{
	return 0;
}

static void queues_fill(const struct opt *o, const void *config, struct nlbuf *b)
{
	const struct tun_config *c = config;

	if (!c->multi_queue)
		return;
	put_u32(b, IFLA_TUN_NUM_QUEUES, c->n_queues);
	put_u32(b, IFLA_TUN_NUM_DISABLED_QUEUES, 0);
}

static const struct opt_hooks queues_hooks = {.parse = queues_parse, .fill = queues_fill};

static const struct opt_name tun_modes[] = {{IFF_TUN, "tun"}, {IFF_TAP, "tap"}, {}};

static const struct opt tun_opts[] = {
	OPT(U8, IFLA_TUN_TYPE, "mode", tun_config, mode, .names = tun_modes,
	    .at_birth = true, .help = "whether programs read frames or bare IP packets"),
	OPT_HOOKS(IFLA_TUN_OWNER, "user", &id_hooks,
		  .offset = offsetof(struct tun_config, owner),
		  .help = "the user who may attach to it"),
	OPT_HOOKS(IFLA_TUN_GROUP, "group", &id_hooks,
		  .offset = offsetof(struct tun_config, group),
		  .help = "the group whose members may attach to it"),
	OPT(BOOL, IFLA_TUN_PI, "pi", tun_config, pi,
	    .help = "a protocol header goes before each frame"),
	OPT(BOOL, IFLA_TUN_VNET_HDR, "vnet_hdr", tun_config, vnet_hdr,
	    .help = "an offload header goes before each frame"),
	OPT(BOOL, IFLA_TUN_PERSIST, "persist", tun_config, persist,
	    .help = "stays when no program is attached"),
	OPT(BOOL, IFLA_TUN_MULTI_QUEUE, "multi_queue", tun_config, multi_queue,
	    .at_birth = true, .help = "several programs or threads may attach"),
	OPT_HOOKS(IFLA_TUN_NUM_QUEUES, NULL, &queues_hooks, .fill_only = true),
	OPT_END,
};

const struct dev_kind tun_kind = {
	.name = "tun",
	.name_format = "tap%d",
	.config_size = sizeof(struct tun_config),
	.state_size = sizeof(struct tun),
	.opts = tun_opts,
	.mirror = MIRROR_OWN,
	.speed = 10000,
	.not_by_request = "tun/tap creation via rtnetlink is not supported.",
	.max_mtu = 65521,
	.tso_max_size = 65536,
	.defaults = tun_defaults,
	.create = tun_create,
	.change = tun_change,
	.destroy = tun_destroy,
	.transmit = tun_transmit,
	.deliver = tun_deliver,
};
