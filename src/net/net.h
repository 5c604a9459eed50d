/* SPDX-License-Identifier: BSD-2-Clause
 *
 * net - the model of one yard: its namespaces, its devices, and who hears of changes.
 *
 * Control thread only.
 */
#pragma once

#include "base/clock.h"
#include "net/dev.h"

/* A network namespace in which wireyard has or had a device or a client.  It is the kernel's:
 * wireyard holds none open.  Key: the cookie, which the kernel never uses twice. */
struct netns {
	struct net *net;
	uint64_t cookie; /* SO_NETNS_COOKIE */
	int nsid; /* its id in the engine's own namespace, by which events name it; -1 none */
	struct list devs; /* dev->in_ns */
	struct list link; /* net->namespaces */
	unsigned refs;
	unsigned
		deaths_known; /* RTM_DELNSID messages about @nsid that are of another, earlier */
	void *host;	      /* host/'s */
	bool knows_factory; /* host/'s: it has an id for the engine's own namespace */
};

enum net_event {
	NET_DEV_BORN,	 /* after dev_create */
	NET_DEV_CHANGED, /* settings */
	NET_DEV_CARRIER,
	NET_DEV_FOLLOWED, /* name, flags, MTU, address, place as the kernel has them */
	NET_DEV_MASTER,	  /* it has another master now, or none */
	NET_DEV_PATH, /* who gets its frames, or who looks at them: upper, VLANs, watchers */
	NET_PORT_CHANGED,  /* its settings as a port, or its state (STP) */
	NET_FLOWS_CHANGED, /* a master's stations: flows_changed */
	NET_FLOWS_ASKED,   /* flows_ask */
	NET_DEV_SET_ADDR,  /* dev_set_addr, dev_set_mtu, dev_set_up */
	NET_DEV_SET_MTU,
	NET_DEV_SET_UP,
	NET_DEV_DYING, /* out of the model, not yet freed */
};

struct net_listener {
	struct list link;
	void (*fn)(struct net_listener *l, enum net_event event, struct dev *dev);
};

/* How ports get to workers.  The engine's workers, or nothing in tests. */
struct net_workers {
	/* Poll @port from now on; before the port's memory goes: not any more. */
	int (*add_port)(struct net_workers *nw, struct port *port);
	void (*remove_port)(struct net_workers *nw, struct port *port);
};

/* Who knows the addresses that the kernel keeps: host/, or nobody in tests. */
struct net_addrs {
	/* The address that @dev has on its link: the first of AF_INET, or the link-local one of
	 * AF_INET6, in use.  False: none. */
	bool (*find)(struct net_addrs *addrs, const struct dev *dev, int family,
		     uint8_t addr[16]);
};

/* Buckets of the tables that find a device by its namespace and number or name. */
#define NET_BUCKETS 512u

struct post;

struct net {
	unsigned n_workers;		     /* workers whose id is below this may run */
	const struct dev_kind *const *kinds; /* NULL-terminated */
	struct net_workers *workers;	     /* NULL: ports are polled by nobody */
	struct worker
		*self; /* control's own, with an id of its own; NULL: it sends nothing */
	void (*wake)(struct net *net); /* any thread: have net_run_posts called */
	struct net_addrs *addrs;       /* NULL: nobody knows any */
	_Atomic(struct post *) posts;  /* net/post.h; the youngest first */
	_Atomic unsigned n_posts;
	struct list namespaces;
	struct list devs;
	struct list listeners;
	uint64_t last_id;
	struct dev *by_ifindex[NET_BUCKETS], *by_name[NET_BUCKETS];
	struct list deferred; /* calls of dev_defer that wait for defer_timer */
	struct timer defer_timer;
	uint64_t graces; /* how often the workers were waited for */
};

void net_init(struct net *net, const struct dev_kind *const *kinds, unsigned n_workers);

/* Destroy every device and namespace.  Workers must have stopped. */
void net_done(struct net *net);

const struct dev_kind *net_kind(const struct net *net, const char *name, size_t len);
void net_listen(struct net *net,
		struct net_listener *l); /* list_remove(&l->link) ends it */
void net_tell(struct net *net, enum net_event event, struct dev *dev);

/* Wait for the workers to leave what they are in, then run what dev_defer put off.  A timer
 * does this a millisecond after dev_defer (base/clock.h: timers_run); tests may call it. */
void net_run_deferred(struct net *net);

/* Counted references: the caller of netns_get, each device in it, each client. */
struct netns *netns_get(struct net *net, uint64_t cookie);
void netns_put(struct netns *ns);
struct netns *netns_find(struct net *net, uint64_t cookie);
void netns_free_all(struct net *net); /* net_done's */

/* For net/dev.c: put @dev, which has its name and number, into @ns, with a reference; take it
 * out, and give the reference up.  A device that changes either leaves and enters again. */
void netns_enter(struct netns *ns, struct dev *dev);
void netns_leave(struct dev *dev);

struct dev *netns_dev(struct netns *ns, unsigned ifindex);
struct dev *netns_dev_named(struct netns *ns, const char *name);

/* The first free name that @format makes among our devices; for models without a kernel. */
int netns_pick_name(struct netns *ns, const char *format, char name[IFNAMSIZ]);

/* Ports: see net/port.h.  attach gives the port to the workers; detach takes it away and
 * closes it after a grace period. */
int port_attach(struct net *net, struct port *port) must_check;
void port_detach(struct net *net, struct port *port);
