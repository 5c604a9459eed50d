/* SPDX-License-Identifier: BSD-2-Clause
 *
 * notify - events that the engine makes itself.
 *
 * The kernel tells clients what it decides, through their real sockets.  What the engine
 * decides (masters, settings, ports' states, stations) it tells here, to those clients whose
 * real socket is in the group.  Nothing is made when nobody listens.
 *
 * What happens is told by the model in the middle of things, perhaps while the kernel's own
 * events are being read, so a message is made at once, but waits until that is over:
 * notify_deliver is called before a request is answered, and before the loop sleeps.
 */
#include "base/log.h"
#include "rtnl/bridge.h"

#include <sys/socket.h>

/* What a client that does not read may owe; a kernel's socket holds about as much and then
 * drops, too. */
#define OWED_MAX (512u << 10)

struct event {
	struct list link;
	struct netns *ns; /* counted */
	unsigned group;
	struct nlbuf msg;
};

/* ---- who hears ---- */

/* Events of other namespaces reach who wants them and has an id for where they are from. */
static bool hears(const struct client *c, struct netns *ns, unsigned group)
{
	if (c->closed || !group || group > GROUPS_MAX ||
	    !(c->groups[(group - 1) / 32] & 1u << (group - 1) % 32))
		return false;
	return c->ns == ns ||
	       (c->all_nsid && host_nsid_between(c->rtnl->host, c->ns, ns, false) >= 0);
}

/* Learned stations are told to rtnl only while somebody wants to hear of them. */
static void listen_to_bridges(struct rtnl *r)
{
	struct client *c;
	bool wanted = false;

	list_foreach(c, &r->clients, link)
		wanted |= hears(c, c->ns, RTNLGRP_NEIGH);
	brfdb_listen(r, wanted);
}

void notify_groups(struct client *c)
{
	socklen_t len = sizeof(c->groups);

	memset(c->groups, 0, sizeof(c->groups));
	if (!c->closed &&
	    getsockopt(c->kernel, SOL_NETLINK, NETLINK_LIST_MEMBERSHIPS, c->groups, &len))
		log_debug("client", "", "groups: %s", strerror(errno));
	listen_to_bridges(c->rtnl);
}

struct client *notify_wanted(struct rtnl *r, struct netns *ns, unsigned group)
{
	struct client *c;

	list_foreach(c, &r->clients, link)
		if (hears(c, ns, group))
			return c;
	return NULL;
}

/* ---- telling ---- */

static void tell(struct client *c, const struct nlbuf *msg)
{
	client_drain(c);
	if (c->out.len > OWED_MAX)
		return;
	nlbuf_raw(&c->out, msg->data, msg->len);
	client_drain(c);
}

static void event_free(struct event *e)
{
	list_remove(&e->link);
	nlbuf_done(&e->msg);
	netns_put(e->ns);
	free(e);
}

void notify_deliver(struct rtnl *r)
{
	struct event *e;

	while ((e = list_first(&r->events, struct event, link))) {
		struct client *c;

		list_remove(&e->link);
		list_foreach(c, &r->clients, link)
			if (hears(c, e->ns, e->group))
				tell(c, &e->msg);
		event_free(e);
	}
}

void rtnl_notify(struct rtnl *r, struct netns *ns, unsigned group,
		 const struct nlbuf *msg)
{
	struct event *e;

	if (!msg->len || !notify_wanted(r, ns, group))
		return;
	e = xnew(struct event);
	e->ns = netns_get(r->net, ns->cookie);
	e->group = group;
	nlbuf_raw(&e->msg, msg->data, msg->len);
	list_append(&r->events, &e->link);
}

void notify_link(struct rtnl *r, struct dev *dev)
{
	struct client *c = notify_wanted(r, dev->ns, RTNLGRP_LINK);
	struct nlbuf msg = {};

	if (c && rewrite_view(c, dev, &msg))
		rtnl_notify(r, dev->ns, RTNLGRP_LINK, &msg);
	nlbuf_done(&msg);
}

/* ---- what the model tells ---- */

static void on_event(struct net_listener *l, enum net_event event, struct dev *dev)
{
	struct rtnl *r = container_of(l, struct rtnl, ear);
	struct dev *master = dev->master;

	if (!master && dev->ns && event == NET_DEV_MASTER)
		master = netns_dev(dev->ns, dev->last_master);
	if (!dev->ns || !dev->ifindex)
		return;
	switch (event) {
	case NET_DEV_CHANGED:
		notify_link(r, dev);
		break;
	case NET_DEV_MASTER:
		brlink_notify(r, dev);
		if (!dev->dying)
			notify_link(r, dev);
		if (master && !master->dying)
			notify_link(r, master);
		break;
	case NET_PORT_CHANGED:
		if (r->quiet != dev)
			brlink_notify(r, dev);
		break;
	default:
		break;
	}
}

static void on_prepare(struct ev_loop *loop, ev_prepare *w, int events)
{
	notify_deliver(w->data);
}

void notify_start(struct rtnl *r)
{
	list_init(&r->events);
	r->ear.fn = on_event;
	net_listen(r->net, &r->ear);
	brmdb_listen(r, true);
	ev_prepare_init(&r->deliver, on_prepare);
	ev_set_priority(&r->deliver,
			EV_MINPRI); /* after timers, which may tell something */
	r->deliver.data = r;
	ev_prepare_start(r->loop, &r->deliver);
	vlandb_listen(r, true);
}

void notify_stop(struct rtnl *r)
{
	struct event *e;

	while ((e = list_first(&r->events, struct event, link)))
		event_free(e);
	list_remove(&r->ear.link);
	brfdb_listen(r, false);
	vlandb_listen(r, false);
	brmdb_listen(r, false);
	ev_prepare_stop(r->loop, &r->deliver);
}
