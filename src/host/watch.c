/* SPDX-License-Identifier: BSD-2-Clause
 *
 * watch - one socket on which the kernel tells what it decided, in all watched namespaces.
 *
 * Each message bears the factory's id of the namespace it is from (or none, for the factory
 * itself, whose own links nobody asks about).  When the socket overflows, everything that is
 * followed is asked for again.
 */
#include "host/host.h"
#include "base/log.h"
#include "dev/bridge.h"
#include "dev/outside.h"

#include <linux/net_namespace.h>
#include <sys/socket.h>

static void follow(struct dev *dev, const struct kernel_link *link)
{
	if (strcmp(dev->name, link->name))
		dev_follow_name(dev, link->name);
	if (link->mtu != dev->mtu)
		dev_follow_mtu(dev, link->mtu);
	if (link->has_addr && memcmp(dev->addr, link->addr, sizeof(dev->addr)))
		dev_follow_addr(dev, link->addr);
	dev->group = link->group;
	dev_follow_promisc(dev, link->promiscuity);
	dev_follow_flags(dev, link->flags);
	if (dev_is_bridge(dev))
		bridge_neigh_quiet(dev, link->flags & IFF_NOARP);
	if (is_outside(dev))
		outside_follow(dev, link);
}

static void kernel_ended(struct host *h, struct dev *dev)
{
	struct mirror *m = dev->host;

	if (m)
		m->gone = true;
	dev_destroy(dev);
	/* Nobody waits for what dies with it, but it would be seen. */
	mirror_flush_lazy(h);
}

/* ---- moves ---- */

struct move *watch_expect_move(struct host *h, struct netns *from, unsigned ifindex,
			       struct netns *to, int to_fd)
{
	struct move *move = xnew(struct move);

	move->from = netns_get(h->net, from->cookie);
	move->to = netns_get(h->net, to->cookie);
	move->to_fd = to_fd;
	move->ifindex = ifindex;
	list_append(&h->moves, &move->link);
	return move;
}

void watch_move_done(struct host *h, struct move *move)
{
	list_remove(&move->link);
	netns_put(move->from);
	netns_put(move->to);
	fd_close(&move->to_fd);
	free(move);
}

/* @ns_fd: the namespace's, or -1. */
static void place(struct host *h, struct dev *dev, struct netns *ns, int ns_fd,
		  unsigned ifindex)
{
	struct mirror *m = dev->host;
	struct dev *other = dev_link(dev);

	host_note_leaving(h, dev, other ? other->ifindex : 0);
	dev_follow_place(dev, ns, ifindex);
	if (m)
		m->ns_cookie = ns->cookie;
	/* As the kernel does when it tells of a link that leads elsewhere. */
	if (other && other->ns && other->ns != ns)
		host_nsid_pair(h, ns, ns_fd, other->ns, -1);
}

/* The device has left @ns.  Where it went is told by the move that was announced, or else
 * by its mirror. */
static void on_left(struct host *h, struct netns *ns, struct dev *dev, unsigned new_index)
{
	struct move *move;
	auto_close int fd = -1;
	unsigned ifindex;

	if (is_outside(dev)) {
		kernel_ended(h, dev);
		return;
	}
	list_foreach(move, &h->moves, link) {
		if (move->from == ns && move->ifindex == dev->ifindex && new_index) {
			place(h, dev, move->to, move->to_fd, new_index);
			return;
		}
	}
	if (dev->host && mirror_locate(h, dev->host, &fd, &ifindex)) {
		struct netns *to = host_netns_get(h, fd);

		if (to && !host_netns_watch(h, to, fd)) {
			place(h, dev, to, fd, ifindex);
			netns_put(to);
			return;
		}
		if (to)
			netns_put(to);
	}
	kernel_ended(h, dev);
}

static void on_link(struct host *h, struct netns *ns, const struct nlmsghdr *m)
{
	struct kernel_link link;
	const struct nlattr *attrs, *moved;
	struct dev *dev;
	size_t len;

	if (!kernel_link_parse(m, &link))
		return;
	dev = netns_dev(ns, link.ifindex);
	if (!dev)
		return;
	if (m->nlmsg_type == RTM_NEWLINK) {
		follow(dev, &link);
		return;
	}
	attrs = msg_attrs(m, sizeof(struct ifinfomsg), &len);
	moved = attr_find(attrs, len, IFLA_NEW_IFINDEX);
	if (moved || attr_find(attrs, len, IFLA_NEW_NETNSID))
		on_left(h, ns, dev, moved ? attr_u32(moved) : 0);
	else
		kernel_ended(h, dev);
}

/* @ns has died, and with it all that was in it. */
static void ns_ended(struct host *h, struct netns *ns)
{
	struct dev *dev;

	host_nsid_forget(h, ns->cookie);
	netns_get(h->net, ns->cookie);
	while ((dev = list_first(&ns->devs, struct dev, in_ns)))
		kernel_ended(h, dev);
	ns->nsid = -1;
	netns_put(ns);
}

void watch_id_given(struct host *h, struct netns *ns)
{
	struct netns *other, *next;

	/* The kernel gives an id anew as soon as its namespace is dead; the message that says
	 * so may still be on its way. */
	list_foreach_safe(other, next, &h->net->namespaces, link) {
		if (other == ns || other->nsid != ns->nsid)
			continue;
		ns->deaths_known += 1 + other->deaths_known;
		ns_ended(h, other);
		return;
	}
}

static void on_ns_gone(struct host *h, const struct nlmsghdr *m)
{
	const struct nlattr *attrs, *id;
	struct netns *ns;
	size_t len;

	attrs = msg_attrs(m, sizeof(struct rtgenmsg), &len);
	id = attrs ? attr_find(attrs, len, NETNSA_NSID) : NULL;
	ns = id ? host_netns_watched(h, (int)attr_u32(id)) : NULL;
	if (ns && ns->deaths_known)
		ns->deaths_known--;
	else if (ns)
		ns_ended(h, ns);
}

/* ---- the socket ---- */

static void resync_outside(struct host *h, struct dev *dev)
{
	auto_close int fd = host_netns_open(h, dev->ns);
	auto_close int sock = fd < 0 ? -1 : kernel_rtnl_in(fd);
	struct kernel_link link;

	if (sock < 0 || kernel_link_get(sock, dev->ifindex, NULL, &link))
		kernel_ended(h, dev);
	else
		follow(dev, &link);
}

static void resync_dev(struct host *h, struct dev *dev)
{
	auto_close int fd = -1, sock = -1;
	struct kernel_link link;
	unsigned ifindex;

	if (is_outside(dev)) {
		resync_outside(h, dev);
		return;
	}
	if (!dev->host)
		return;
	if (!mirror_locate(h, dev->host, &fd, &ifindex)) {
		kernel_ended(h, dev);
		return;
	}
	sock = kernel_rtnl_in(fd);
	if (sock < 0)
		return;
	if (kernel_socket_cookie(sock) != dev->ns->cookie || ifindex != dev->ifindex)
		on_left(h, dev->ns, dev, 0);
	if (!kernel_link_get(sock, ifindex, NULL, &link))
		follow(dev, &link);
	if (dev_is_bridge(dev) && bridge_neigh_is_followed(dev))
		neigh_resync(h, dev);
}

/* Destroying a device may destroy others, so begin again after each; what was done is
 * remembered by its id. */
static void resync(struct host *h)
{
	uint64_t last = 0;

	log_debug("engine", "", "the event socket overflowed, asking again");
	for (;;) {
		struct dev *dev, *next = NULL;

		list_foreach(dev, &h->net->devs, in_net)
			if (dev->id > last && (!next || dev->id < next->id))
				next = dev;
		if (!next)
			return;
		last = next->id;
		resync_dev(h, next);
	}
}

void watch_drain(struct host *h)
{
	static char buf[65536] __attribute__((aligned(8)));
	char control[256] __attribute__((aligned(8)));
	const struct nlmsghdr *m;

	for (;;) {
		struct iovec iov = {buf, sizeof(buf)};
		struct msghdr msg = {.msg_iov = &iov,
				     .msg_iovlen = 1,
				     .msg_control = control,
				     .msg_controllen = sizeof(control)};
		ssize_t n = recvmsg(h->events, &msg, MSG_DONTWAIT);
		struct netns *ns;
		int from;

		if (n < 0 && errno == ENOBUFS) {
			resync(h);
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		from = kernel_sender_nsid(&msg);
		ns = host_netns_watched(h, from);
		msg_foreach(m, buf, (size_t)n) {
			/* Others have ids of their own for the one that died. */
			if (m->nlmsg_type == RTM_DELNSID && from < 0)
				on_ns_gone(h, m);
			else if (ns && (m->nlmsg_type == RTM_NEWLINK ||
					m->nlmsg_type == RTM_DELLINK))
				on_link(h, ns, m);
			else if (ns)
				neigh_heard(ns, m);
		}
	}
}

static void on_events(struct ev_loop *loop, ev_io *w, int revents)
{
	watch_drain(w->data);
}

int watch_start(struct host *h, struct extack *ea)
{
	static const int groups[] = {RTNLGRP_LINK, RTNLGRP_NSID};
	struct sockaddr_nl any = {.nl_family = AF_NETLINK};
	int on = 1, room = 8 << 20;

	h->events = kernel_rtnl_in(h->factory_fd);
	if (h->events < 0)
		return extack_set(ea, h->events, "no rtnetlink socket");
	(void)setsockopt(h->events, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	/* Without a port number of its own a socket is taken for the sender, and not told. */
	if (bind(h->events, (void *)&any, sizeof(any)))
		return extack_set(ea, -errno, "no port for rtnetlink events");
	if (setsockopt(h->events, SOL_NETLINK, NETLINK_LISTEN_ALL_NSID, &on, sizeof(on)))
		return extack_set(ea, -errno,
				  "the kernel does not tell of other namespaces' links");
	for (size_t i = 0; i < array_size(groups); i++)
		if (setsockopt(h->events, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &groups[i],
			       sizeof(groups[i])))
			return extack_set(ea, -errno, "no rtnetlink events");
	ev_io_init(&h->events_io, on_events, h->events, EV_READ);
	h->events_io.data = h;
	ev_io_start(h->loop, &h->events_io);
	return 0;
}

void watch_stop(struct host *h)
{
	if (h->events < 0)
		return;
	ev_io_stop(h->loop, &h->events_io);
	fd_close(&h->events);
}
