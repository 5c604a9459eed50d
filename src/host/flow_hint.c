/* SPDX-License-Identifier: BSD-2-Clause
 *
 * flow_hint - which stations send much to which: seen in passing, in what a detour brings.
 *
 * A worker looks at one frame of each burst and lets it stand for all.  A flow that has so many
 * within a moment is told to control, which knows whether something can be done; if it goes on
 * coming, it is told again ever more rarely.
 */
#include "host/shortcut.h"
#include "net/post.h"
#include "pkt/hdr.h"

#define SLOTS	  8u
#define MOMENT	  (10 * NSEC_PER_MSEC)
#define BUSY	  32u /* frames in it */
#define PAUSE	  (100 * NSEC_PER_MSEC)
#define TWICE_MAX 4u /* the longest pause is so often twice the first */

struct candidate {
	struct eth eth; /* zeros: none */
	uint32_t n;
	nsec_t since, told;
	unsigned n_told;
};

/* The port's worker alone writes it. */
struct flow_hints {
	struct host *host;
	unsigned turn;
	struct candidate slot[SLOTS];
};

struct hint_post {
	struct post post;
	struct host *host;
	struct dev *dev;
	struct flow flow;
	uint16_t type;
};

static void run_hint(struct net *net, struct post *post)
{
	struct hint_post *p = container_of(post, struct hint_post, post);

	flow_wanted(p->host, p->dev, &p->flow, p->type);
	free(p);
}

static void tell(struct flow_hints *hints, struct dev *dev, const struct eth *eth)
{
	struct hint_post *p = malloc(sizeof(*p));

	if (!p)
		return;
	p->post.run = run_hint;
	p->host = hints->host;
	p->dev = dev;
	memcpy(p->flow.dst, eth->dst, sizeof(p->flow.dst));
	memcpy(p->flow.src, eth->src, sizeof(p->flow.src));
	p->type = from_be16(eth->type);
	(void)net_post(dev->net, &p->post);
}

static bool is_due(const struct candidate *c, nsec_t now)
{
	return !c->n_told || now - c->told >= PAUSE << min(c->n_told - 1, TWICE_MAX);
}

static struct candidate *candidate_of(struct flow_hints *hints, const struct eth *eth,
				      nsec_t now)
{
	unsigned hash =
		eth->dst[5] ^ (eth->dst[4] << 1) ^ (eth->src[5] << 2) ^ eth->src[4];
	struct candidate *c = &hints->slot[(hash ^ hash >> 3) % SLOTS];
	bool same = !memcmp(&c->eth, eth, sizeof(*eth));

	if (!same && now - c->since < MOMENT)
		return NULL; /* the slot is another's */
	if (!same)
		*c = (struct candidate){.eth = *eth};
	/* It was away for long: by the shortcut, perhaps. */
	if (c->n_told && now - c->since > 4 * PAUSE << min(c->n_told, TWICE_MAX))
		c->n_told = 0;
	if (now - c->since >= MOMENT) {
		c->since = now;
		c->n = 0;
	}
	return c;
}

static void glance(struct worker *w, struct port *port, const struct burst *b)
{
	struct flow_hints *hints = port->glancer;
	const struct pkt *p = b->pkt[hints->turn++ % b->n];
	struct candidate *c;
	struct eth eth;

	if (p->len < sizeof(eth))
		return;
	memcpy(&eth, p->data, sizeof(eth));
	if ((!be16_equal(eth.type, to_be16(ETHERTYPE_IPV4)) &&
	     !be16_equal(eth.type, to_be16(ETHERTYPE_IPV6))) ||
	    eth_is_multicast(eth.dst))
		return;
	c = candidate_of(hints, &eth, w->now);
	if (!c)
		return;
	c->n += b->n;
	if (c->n < BUSY || !is_due(c, w->now))
		return;
	c->told = w->now;
	c->n_told++;
	tell(hints, port->dev, &eth);
}

struct flow_hints *flow_hints_make(struct host *h, struct port *port)
{
	struct flow_hints *hints = xnew(struct flow_hints);

	hints->host = h;
	port->glancer = hints;
	port->glance = glance;
	return hints;
}

void flow_hints_free(struct host *h, struct flow_hints *hints)
{
	if (hints)
		dev_defer(h->net, free, hints);
}
