/* SPDX-License-Identifier: BSD-2-Clause
 *
 * outside - devices of the kernel's own that serve devices of ours.
 *
 * One is made in the model when it is about to become the port of a bridge of ours, or when
 * something of ours is to stand on it, and goes when nobody needs it any more or the kernel's
 * device ends or leaves.  Its port is a packet socket, opened where the device is: like any
 * program's socket there, it keeps that namespace alive until it is closed.
 *
 * With a master, what arrives must not reach the stack of its namespace as well: the shield
 * sees to that.
 */
#include "dev/outside.h"
#include "host/host.h"
#include "port/packet.h"

#include <linux/if.h>
#include <net/if_arp.h>
#include <sys/socket.h>

struct outsider {
	struct list link; /* host->outsiders */
	struct dev *dev;
	int shield; /* -1: lowered */
};

static struct outsider *outsider_of(struct host *h, const struct dev *dev)
{
	struct outsider *o;

	list_foreach(o, &h->outsiders, link)
		if (o->dev == dev)
			return o;
	return NULL;
}

bool outside_suits(const struct kernel_link *link)
{
	return link->type == ARPHRD_ETHER && link->has_addr &&
	       !(link->flags & IFF_LOOPBACK);
}

static bool is_needed(const struct dev *dev)
{
	return dev->master || !list_is_empty(&dev->uppers);
}

/* Not at once: who gave it up may be in the middle of something, and a request that has
 * asked for it is about to use it. */
static void sweep(struct timer *t)
{
	struct host *h = container_of(t, struct host, outside_timer);
	struct outsider *o, *next;

	list_foreach_safe(o, next, &h->outsiders, link) {
		if (!o->dev->master)
			slow_close(&h->slow, &o->shield);
		if (!is_needed(o->dev))
			dev_destroy(o->dev);
	}
}

void outside_follow(struct dev *dev, const struct kernel_link *link)
{
	dev_set_carrier(dev, link->flags & IFF_LOWER_UP);
}

static int open_port(struct host *h, struct dev *dev, int ns_fd)
{
	auto_close int fd =
		kernel_socket_in(ns_fd, AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, 0);
	int err = fd < 0 ? fd : packet_port_use(fd, dev->ifindex);
	struct port *port;

	if (err)
		return err;
	port = packet_port_create(take_fd(&fd), DIR_RX, &h->socket_owner);
	dev_set_mirror(dev, port);
	err = port_attach(dev->net, port);
	if (err)
		dev_set_mirror(dev, NULL);
	return err;
}

static int outsider_create(struct host *h, struct netns *ns, int ns_fd,
			   const struct kernel_link *link, struct dev **ret,
			   struct extack *ea)
{
	struct link_req req = {.ns = ns,
			       .name = link->name,
			       .ifindex = link->ifindex,
			       .addr = link->addr,
			       .mtu = link->mtu,
			       .config = link};
	struct outsider *o;
	int err = host_netns_watch(h, ns, ns_fd);

	if (!err)
		err = dev_create(h->net, &outside_kind, &req, ea);
	if (err)
		return err;
	o = xnew(struct outsider);
	o->dev = req.made[0];
	o->shield = -1;
	list_append(&h->outsiders, &o->link);
	err = open_port(h, o->dev, ns_fd);
	if (err) {
		dev_destroy(o->dev);
		return err;
	}
	o->dev->group = link->group;
	dev_follow_flags(o->dev, link->flags);
	outside_follow(o->dev, link);
	*ret = o->dev;
	return 0;
}

int outside_get(struct host *h, struct netns *ns, int ns_fd, unsigned ifindex,
		struct dev **ret, struct extack *ea)
{
	auto_close int opened = -1;
	int sock = host_rtnl(h, ns, ns_fd, &opened), err;
	struct kernel_link link;

	if (sock < 0)
		return sock;
	err = kernel_link_get(sock, ifindex, NULL, &link);
	if (err)
		return err;
	if (!outside_suits(&link))
		return -EINVAL; /* Linux's answer to loopback and what is not Ethernet */
	timer_arm(&h->outside_timer, 0, sweep);
	return outsider_create(h, ns, ns_fd, &link, ret, ea);
}

int outside_be_port(struct host *h, struct dev *dev, int ns_fd, struct extack *ea)
{
	struct outsider *o = outsider_of(h, dev);
	auto_close int opened = -1;
	int sock = host_rtnl(h, dev->ns, ns_fd, &opened), err;
	struct kernel_link link;

	if (!o || o->shield >= 0)
		return 0;
	err = sock < 0 ? sock : kernel_link_get(sock, dev->ifindex, NULL, &link);
	if (!err && link.master)
		err = -EBUSY; /* of a bridge of the kernel's */
	if (err)
		return err;
	err = shield_raise(ns_fd, dev);
	if (err < 0)
		return extack_set(ea, err,
				  "the kernel cannot keep \"%s\" from its own stack "
				  "(nftables, family netdev)",
				  dev->name);
	o->shield = err;
	timer_arm(&h->outside_timer, 0, sweep);
	return 0;
}

void outside_on_event(struct host *h, enum net_event event, struct dev *dev)
{
	struct outsider *o;

	if (list_is_empty(&h->outsiders) ||
	    (event != NET_DEV_MASTER && event != NET_DEV_DYING))
		return;
	o = is_outside(dev) ? outsider_of(h, dev) : NULL;
	if (o && event == NET_DEV_DYING) {
		slow_close(&h->slow, &o->shield);
		list_remove(&o->link);
		free(o);
	}
	timer_arm(&h->outside_timer, 0, sweep);
}

bool outside_port_dead(struct host *h, const struct port *port)
{
	struct outsider *o;

	list_foreach(o, &h->outsiders, link)
		if (o->dev->mirror == port) {
			dev_destroy(o->dev);
			return true;
		}
	return false;
}

void outside_stop(struct host *h)
{
	timer_disarm(&h->outside_timer);
}
