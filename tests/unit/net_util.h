/* SPDX-License-Identifier: BSD-2-Clause
 *
 * net_util - a small yard that a test plays: a model with two namespaces, a worker, and
 * ports in memory that keep what they are sent.
 */
#pragma once

#include "main/kinds.h"
#include "net/net.h"
#include "pkt_util.h"

#define HELD_MAX 1024

/* A port that keeps the packets it was sent, in order.  Static in a test: it is closed in the
 * teardown, with its device. */
struct held {
	struct port port;
	struct pkt *pkt[HELD_MAX];
	unsigned n;
	unsigned sends; /* bursts */
	unsigned closed;
};

static void held_send(struct worker *w, struct port *port, struct burst *b)
{
	struct held *h = container_of(port, struct held, port);

	assert_true(b->n > 0 && h->n + b->n <= HELD_MAX);
	memcpy(&h->pkt[h->n], b->pkt, b->n * sizeof(b->pkt[0]));
	h->n += b->n;
	h->sends++;
	b->n = 0;
}

static void held_close(struct port *port)
{
	container_of(port, struct held, port)->closed++;
}

static const struct port_ops held_ops = {
	.name = "held", .send = held_send, .close = held_close};

static inline void held_init(struct held *h)
{
	memset(h, 0, sizeof(*h));
	h->port = (struct port){.ops = &held_ops, .input = DIR_TX, .fd = -1};
}

static inline void held_free(struct held *h)
{
	for (unsigned i = 0; i < h->n; i++)
		pkt_free(h->pkt[i]);
	h->n = 0;
}

struct told {
	enum net_event event;
	struct dev *dev;
};

struct yard {
	struct net net;
	struct worker w;
	struct netns *a, *b;
	struct net_listener listener;
	struct told told[64];
	unsigned n_told;
};

static inline void yard_hear(struct net_listener *l, enum net_event event,
			     struct dev *dev)
{
	struct yard *y = container_of(l, struct yard, listener);

	assert_true(y->n_told < array_size(y->told));
	y->told[y->n_told++] = (struct told){event, dev};
}

static inline void yard_init_kinds(struct yard *y, const struct dev_kind *const *kinds)
{
	memset(y, 0, sizeof(*y));
	net_init(&y->net, kinds, 1);
	worker_init(&y->w);
	y->a = netns_get(&y->net, 1);
	y->b = netns_get(&y->net, 2);
	y->listener.fn = yard_hear;
	net_listen(&y->net, &y->listener);
}

static inline void yard_init(struct yard *y)
{
	yard_init_kinds(y, dev_kinds);
}

static inline void yard_done(struct yard *y)
{
	list_remove(&y->listener.link);
	dev_forget_pending(&y->w);
	net_done(&y->net);
	worker_done(&y->w);
}

static inline const struct dev_kind *yard_kind(struct yard *y, const char *name)
{
	const struct dev_kind *kind = net_kind(&y->net, name, strlen(name));

	assert_non_null(kind);
	return kind;
}

/* A device of @kind named @name in @ns, up. */
static inline struct dev *yard_dev(struct yard *y, const char *kind, struct netns *ns,
				   const char *name)
{
	struct link_req req = {.ns = ns, .name = name};
	struct extack ea = {};

	assert_int_equal(dev_create(&y->net, yard_kind(y, kind), &req, &ea), 0);
	for (unsigned i = 0; i < req.n_made; i++)
		dev_follow_flags(req.made[i], IFF_UP);
	return req.made[0];
}

/* Queue @n frames of @len bytes; the first two bytes number them from @from. */
static inline void yard_send(struct yard *y, struct dev *dev, enum dir dir, unsigned n,
			     unsigned len, unsigned from)
{
	for (unsigned i = 0; i < n; i++) {
		struct pkt *p = pkt_alloc(&y->w);
		uint16_t number = (uint16_t)(from + i);

		assert_non_null(p);
		memset(p->data, 0, len);
		memcpy(p->data, &number, sizeof(number));
		p->len = len;
		dev_queue(&y->w, dev, dir, p);
	}
}

static inline void yard_run(struct yard *y)
{
	assert_true(dev_run_pending(&y->w, UINT32_MAX));
}

static inline unsigned frame_number(const struct pkt *p)
{
	uint16_t number;

	memcpy(&number, p->data, sizeof(number));
	return number;
}

static inline struct dev *veth_peer(const struct dev *dev)
{
	return dev->kind->link(dev);
}
