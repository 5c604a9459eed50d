/* SPDX-License-Identifier: BSD-2-Clause
 *
 * capture - lets tcpdump on a port or a lower device see what passes there.
 *
 * Frames that the engine switches through a port do not pass its mirror, and neither do those
 * that VLAN devices and macvlans on a lower device take and send.  A program that wants to see
 * them makes the mirror promiscuous, and the kernel tells of that, or listens without
 * (host/listen.c); from then on workers write copies of what passes to the mirror.  A port's
 * stack is kept from them by a shield; for the stack of a lower device only such are copied as
 * it does not heed: tagged frames, and those for somebody else.  When the last such program is
 * gone, the copies end first and the shield goes when no worker can be at it any more.  Without
 * one, all this costs a look at a byte for each burst.
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
	int shield; /* -1: none is needed */
};

static struct capture *capture_of(struct host *h, const struct dev *dev)
{
	struct capture *c;

	list_foreach(c, &h->captures, link)
		if (c->dev == dev)
			return c;
	return NULL;
}

static int raise_shield(struct host *h, struct dev *dev)
{
	auto_close int heard = dev->ns == h->root ? -1 : listen_ns_fd(h, dev->ns);
	auto_close int opened =
		dev->ns == h->root || heard >= 0 ? -1 : host_netns_open(h, dev->ns);

	return shield_raise(dev->ns == h->root ? h->root_fd : max(heard, opened), dev);
}

static void capture_begin(struct host *h, struct dev *dev, enum capture_mode mode)
{
	int shield = mode == CAPTURE_PORT ? raise_shield(h, dev) : -1;
	struct capture *c;

	if (mode == CAPTURE_PORT && shield < 0) {
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
	dev_set_captured(dev, mode);
	dev_watch(dev);
}

static void capture_free(void *arg)
{
	struct capture *c = arg;

	slow_close(&c->host->slow, &c->shield);
	free(c);
}

static void capture_end(struct capture *c)
{
	dev_set_captured(c->dev, CAPTURE_NONE);
	dev_unwatch(c->dev);
	list_remove(&c->link);
	dev_defer(c->host->net, capture_free, c);
}

/* What its namespace is to see of what does not reach its stack. */
static enum capture_mode wanted(struct host *h, const struct dev *dev)
{
	if (is_outside(dev) || dev->dying || !(dev->promisc || listen_at(h, dev)))
		return CAPTURE_NONE;
	if (dev->master)
		return CAPTURE_PORT;
	return list_is_empty(&dev->uppers) ? CAPTURE_NONE : CAPTURE_LOWER;
}

void capture_listeners_changed(struct host *h, struct dev *dev)
{
	enum capture_mode mode = wanted(h, dev);
	struct capture *c;

	if (mode == dev_captured(dev))
		return;
	c = capture_of(h, dev);
	if (c)
		capture_end(c);
	if (mode)
		capture_begin(h, dev, mode);
}

void capture_on_event(struct host *h, enum net_event event, struct dev *dev)
{
	if (event == NET_DEV_FOLLOWED || event == NET_DEV_MASTER ||
	    event == NET_DEV_PATH || event == NET_DEV_DYING)
		capture_listeners_changed(h, dev);
	/* What stands on another comes or goes. */
	if ((event == NET_DEV_BORN || event == NET_DEV_DYING) && dev->lower)
		capture_listeners_changed(h, dev->lower);
}
