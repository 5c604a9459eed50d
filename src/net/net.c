/* SPDX-License-Identifier: BSD-2-Clause
 *
 * net - the model of one yard: births and deaths end here, listeners hear of them here, and
 * memory that workers may still see waits here.
 *
 * Deferred calls run on the control thread, because what they free (ports, descriptors) is
 * the control thread's.  They are gathered for a millisecond and then share one wait for the
 * workers: an idle worker is offline and costs no wait, a busy one passes a quiescent state
 * within microseconds.  liburcu's call_rcu would need a thread of its own.
 */
/* Before ours: it spells an attribute that base.h has a macro for. */
#include <urcu/urcu-qsbr.h>

#include "net/net.h"
#include "net/post.h"

#define DEFER_NS NSEC_PER_MSEC

struct deferred {
	struct list link;
	void (*fn)(void *arg);
	void *arg;
};

void net_init(struct net *net, const struct dev_kind *const *kinds, unsigned n_workers)
{
	assert(n_workers && n_workers <= WORKERS_MAX);
	*net = (struct net){.kinds = kinds, .n_workers = n_workers};
	list_init(&net->namespaces);
	list_init(&net->devs);
	list_init(&net->listeners);
	list_init(&net->deferred);
}

void net_done(struct net *net)
{
	struct dev *dev;

	while ((dev = list_first(&net->devs, struct dev, in_net)))
		dev_destroy(dev);
	net_run_deferred(net);
	/* Clients may still hold references; the model ends all the same. */
	netns_free_all(net);
}

const struct dev_kind *net_kind(const struct net *net, const char *name, size_t len)
{
	for (const struct dev_kind *const *k = net->kinds; k && *k; k++)
		if (strlen((*k)->name) == len && !memcmp((*k)->name, name, len))
			return *k;
	return NULL;
}

void net_listen(struct net *net, struct net_listener *l)
{
	list_append(&net->listeners, &l->link);
}

void net_tell(struct net *net, enum net_event event, struct dev *dev)
{
	struct net_listener *l, *tmp;

	list_foreach_safe(l, tmp, &net->listeners, link)
		l->fn(l, event, dev);
}

/* ---- what waits for the workers ---- */

static void defer_due(struct timer *t)
{
	net_run_deferred(container_of(t, struct net, defer_timer));
}

void dev_defer(struct net *net, void (*fn)(void *arg), void *arg)
{
	struct deferred *d = xnew(struct deferred);

	d->fn = fn;
	d->arg = arg;
	if (list_is_empty(&net->deferred))
		timer_arm(&net->defer_timer, DEFER_NS, defer_due);
	list_append(&net->deferred, &d->link);
}

void net_run_deferred(struct net *net)
{
	timer_disarm(&net->defer_timer);
	/* What a call defers in its turn was unpublished later: it needs another wait. */
	while (!list_is_empty(&net->deferred)) {
		struct list batch = LIST_INIT(batch);
		struct deferred *d;

		while ((d = list_first(&net->deferred, struct deferred, link))) {
			list_remove(&d->link);
			list_append(&batch, &d->link);
		}
		net->graces++;
		urcu_qsbr_synchronize_rcu();
		net_run_posts(net); /* they may name what is freed now */
		while ((d = list_first(&batch, struct deferred, link))) {
			list_remove(&d->link);
			d->fn(d->arg);
			free(d);
		}
	}
	timer_disarm(&net->defer_timer);
}

/* ---- ports ---- */

static void port_close(void *arg)
{
	struct port *port = arg;

	if (port->ops->close)
		port->ops->close(port);
}

int port_attach(struct net *net, struct port *port)
{
	if (!net->workers || port->fd < 0)
		return 0;
	return net->workers->add_port(net->workers, port);
}

void port_detach(struct net *net, struct port *port)
{
	if (net->workers && port->fd >= 0)
		net->workers->remove_port(net->workers, port);
	dev_defer(net, port_close, port);
}
