/* SPDX-License-Identifier: BSD-2-Clause
 *
 * capture - lets tcpdump on a port see what is switched there.
 *
 * Frames that the engine switches through a port do not pass its mirror.  A program that wants
 * to see them makes the mirror promiscuous, and the kernel tells of that; from then on workers
 * write copies of what passes to the mirror, whose stack a shield keeps from them.  When the
 * last such program is gone, the copies end first and the shield goes when no worker can be
 * at it any more.  Without one, all this costs a look at a byte for each burst.
 *
 * The shield's socket keeps the namespace alive, but so does the socket of who listens.
 */
#include "base/log.h"
#include "dev/outside.h"
#include "host/host.h"

struct capture {
	struct list link; /* host->captures */
	struct host *host;
	struct dev *dev;
	int shield;
};

static struct capture *capture_of(struct host *h, const struct dev *dev)
{
	struct capture *c;

	list_foreach(c, &h->captures, link)
		if (c->dev == dev)
			return c;
	return NULL;
}

static void capture_begin(struct host *h, struct dev *dev)
{
	auto_close int opened = dev->ns == h->root ? -1 : host_netns_open(h, dev->ns);
	int shield = shield_raise(dev->ns == h->root ? h->root_fd : opened, dev);
	struct capture *c;

	if (shield < 0) {
		log_warn(
			"dev", dev->name,
			"what is switched cannot be shown (%s): nftables, family netdev, "
			"is needed to keep it from the port's own stack",
			strerror(-shield));
		return;
	}
	c = xnew(struct capture);
	c->host = h;
	c->dev = dev;
	c->shield = shield;
	list_append(&h->captures, &c->link);
	dev_set_captured(dev, true);
}

static void capture_free(void *arg)
{
	struct capture *c = arg;

	slow_close(&c->host->slow, &c->shield);
	free(c);
}

static void capture_end(struct capture *c)
{
	dev_set_captured(c->dev, false);
	list_remove(&c->link);
	dev_defer(c->host->net, capture_free, c);
}

void capture_on_event(struct host *h, enum net_event event, struct dev *dev)
{
	bool wanted = dev->promisc && dev->master && !is_outside(dev) && !dev->dying;
	struct capture *c;

	if (event != NET_DEV_FOLLOWED && event != NET_DEV_MASTER &&
	    event != NET_DEV_DYING)
		return;
	c = capture_of(h, dev);
	if (wanted && !c)
		capture_begin(h, dev);
	else if (!wanted && c)
		capture_end(c);
}
