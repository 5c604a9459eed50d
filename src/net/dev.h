/* SPDX-License-Identifier: BSD-2-Clause
 *
 * dev - a virtual network device: identity, settings, counters, and its place among others.
 *
 * Threads.  The control thread is the only writer of everything here but the per-worker
 * parts; functions marked "control" assert it.  Workers read under RCU (liburcu, QSBR): what
 * they follow (peer, upper, ports, config) is published with rcu_assign_pointer and freed
 * after a grace period by dev_defer.  No lock anywhere.
 *
 * Truth.  For a device with a mirror the kernel decides name, flags, MTU, MAC address,
 * group and namespace, and host/watch.c brings them here through the dev_follow_* calls.
 * Kind, settings, peer, carrier and counters are decided here.  A device without a mirror
 * (tests, benchmarks) is set by the same calls.
 */
#pragma once

#include "net/port.h"
#include "net/rcu.h"
#include "base/extack.h"

#include <net/if.h>
#include <stdatomic.h>

struct flow;
struct net;
struct netns;
struct opt;
struct link_req;
struct nlattr;
struct nlbuf;

struct dev_counters {
	uint64_t rx_packets, rx_bytes, tx_packets, tx_bytes;
	uint64_t rx_dropped, tx_dropped;
};

/* What a mirror of this kind of device looks like. */
enum mirror_type {
	MIRROR_NONE,  /* the kernel's device is not ours to make */
	MIRROR_ETHER, /* an Ethernet device */
	MIRROR_IP,    /* a layer-3 device without link addresses */
	MIRROR_OWN, /* the kind brings it itself: tun and tap, whose mirror is the tap */
};

/* What has changed about a device that others stand on or that is a port; see dev_lower and
 * master_ops. */
enum dev_change {
	DEV_UPDOWN, /* set up or down */
	DEV_CARRIER,
	DEV_NAME,
	DEV_MTU,
	DEV_ADDR,
	DEV_PLACE, /* it is in another namespace now, or has another index */
};

/* A min_mtu: no lower limit, which netlink says with 0. */
#define MTU_ANY 1u

/* What makes a bridge a master: other devices are its ports (IFLA_MASTER).  A port has
 * settings of its own, a value like a device's: copied, changed, published whole.
 *
 * All of these run on the control thread.  The port's frames come by what @add hands to
 * dev_set_upper. */
struct master_ops {
	const struct opt *opts; /* IFLA_INFO_SLAVE_DATA and AF_BRIDGE's IFLA_PROTINFO */
	size_t config_size;	/* the settings */
	size_t state_size;	/* the master's own state of a port, zeroed at birth */

	/* Fill in defaults; @port's MTU, carrier and address are known. */
	void (*defaults)(const struct dev *master, const struct dev *port, void *config);

	/* May @dev become a port?  Asked before all else; may be left out. */
	int (*may_add)(const struct dev *master, const struct dev *dev,
		       struct extack *ea);

	/* Take @port in: dev_port_config and dev_port_state are there.  On failure leave
	 * nothing behind; remove is not called. */
	int (*add)(struct dev *master, struct dev *port, struct extack *ea);

	/* Undo add.  Workers may still be inside; free through dev_defer. */
	void (*remove)(struct dev *master, struct dev *port);

	/* As a kind's change and changed, for a port's settings. */
	int (*change)(struct dev *master, struct dev *port, void *next,
		      struct extack *ea);
	void (*changed)(struct dev *master, struct dev *port, const void *old);

	/* The port by which every frame of @flow (net/flow.h) leaves that arrives at @port, as
	 * it is; NULL: not so, or each has to be seen.  As long as flows cross the master,
	 * flows_changed is called when the answer may be another for a reason that no event
	 * tells, and flows_ask before it matters when stations were heard of. */
	struct dev *(*flow_out)(const struct dev *port, const struct flow *flow);
	/* Such frames have gone that way, unseen; the last one at @when. */
	void (*flow_carried)(struct dev *port, const struct flow *flow, nsec_t when);

	/* A port is not as it was. */
	void (*port_changed)(struct dev *master, struct dev *port, enum dev_change what);

	/* What is shown of a port beside its settings: identifiers, states, timers. */
	void (*fill)(const struct dev *port, struct nlbuf *b);
};

/* What makes a veth a veth.  One constant per kind, named <kind>_kind, in dev/<kind>.c and
 * listed in main/kinds.c.  All but @name may be left out.
 *
 * create, change, destroy, updown run on the control thread, one at a time.  transmit runs
 * on any worker, inside an RCU read section, at the same time as everything else: it reads
 * the config and its own per-worker state and nothing more. */
struct dev_kind {
	const char *name; /* IFLA_INFO_KIND */
	const char
		*name_format; /* "veth%d": for a device born without a name; NULL: name */
	size_t config_size;   /* settings: copied, changed, published whole */
	size_t state_size;    /* the kind's own state, zeroed at birth */
	const struct opt *opts; /* the settings, ending in OPT_END */
	enum mirror_type mirror;
	/* IFF_* at birth: what is added to BROADCAST|MULTICAST, what is taken away. */
	unsigned dev_flags, dev_flags_off;
	bool pair;	      /* create makes a second device, which link tells */
	bool carrier_unknown; /* never reports a carrier: operstate UNKNOWN, like dummy */
	/* 0: Ethernet's 68, 65535, 1500; a max_mtu of UINT32_MAX: no limits either way, which
	 * netlink says with zeros. */
	unsigned min_mtu, max_mtu, mtu;
	/* Bytes of a received frame that rx_bytes does not count: Linux counts some kinds'
	 * frames without their Ethernet header. */
	unsigned rx_uncounted;
	bool on_lower; /* stands on another device, which IFLA_LINK names; see dev_set_lower */
	bool queue_per_cpu;    /* shows as many queues as there are CPUs, like Linux's */
	unsigned tso_max_size; /* IFLA_TSO_MAX_SIZE as Linux's has it; 0: the mirror's */
	unsigned
		speed; /* in Mbit/s, as ethtool shows it; 0: the lower device's or none */
	unsigned tx_queue_len; /* 0: the mirror's, and no queueing discipline */
	bool netns_local;      /* never moves to another namespace: -EINVAL */
	/* Not to be made or changed by netlink: the sentence to refuse it with.  Such a device
	 * is made from ready-made settings only. */
	const char *not_by_request;

	/* Fill in defaults.  Cannot fail: nothing is allocated or looked up yet. */
	void (*defaults)(void *config);

	/* Make the device real: find lower devices, make a peer.  On failure leave nothing
	 * behind; destroy is not called. */
	int (*create)(struct dev *dev, struct link_req *req, struct extack *ea);

	/* Say whether @next may replace the present config, and complete it where one setting
	 * decides another.  The core publishes it, then calls changed, where the device acts
	 * on it; @old lives until changed returns. */
	int (*change)(struct dev *dev, void *next, struct extack *ea);
	void (*changed)(struct dev *dev, const void *old);

	/* Undo create.  Workers may still be inside transmit; free through dev_defer. */
	void (*destroy)(struct dev *dev);

	/* The device was set up or down, or moved: recompute carriers. */
	void (*updown)(struct dev *dev);

	/* May the device be set up now?  May it have @mtu (within the kind's limits), or the
	 * unicast address @addr?  0 or Linux's errno.  The kernel is asked next: what goes
	 * with another address may be done already. */
	int (*may_up)(const struct dev *dev, struct extack *ea);
	int (*may_mtu)(const struct dev *dev, uint32_t mtu, struct extack *ea);
	int (*may_addr)(struct dev *dev, const uint8_t addr[6], struct extack *ea);

	/* What leaves by this device arrives at that one, all of it and as it is.  NULL: at none
	 * for now. */
	struct dev *(*straight)(const struct dev *dev);

	/* The device that IFLA_LINK names where it is not the one below: a veth's peer. */
	struct dev *(*link)(const struct dev *dev);

	/* The device below (dev_lower) is not as it was.  When it dies this one dies first. */
	void (*lower_changed)(struct dev *dev, enum dev_change what);

	/* The kernel tells of another address or MTU than the model had: a user's doing, or a
	 * late echo of what the kind asked for. */
	void (*followed)(struct dev *dev, enum dev_change what);

	/* What is shown beside the settings: identifiers, states, timers. */
	void (*fill)(const struct dev *dev, struct nlbuf *b);

	/* Not NULL: devices of this kind have ports. */
	const struct master_ops *master;

	/* Send a burst of at least one packet.  Takes every packet in @b and leaves @b empty;
	 * counts what it sent by dev_count_tx. */
	void (*transmit)(struct worker *w, struct dev *dev, struct burst *b);

	/* Hand a received burst to the namespace in another way than by the mirror: a tap
	 * with several queues.  Takes it, as transmit does. */
	void (*deliver)(struct worker *w, struct dev *dev, struct burst *b);
};

/* What a device's namespace is shown of frames that are not its own. */
enum capture_mode {
	CAPTURE_NONE,
	CAPTURE_PORT, /* all that passes; the namespace's stack is kept from it */
	CAPTURE_LOWER, /* what stands on it takes and sends, as far as the stack does not heed
			* it: tagged frames, unicast to others */
};

/* A worker's part of a device. */
struct dev_worker {
	cache_aligned struct dev_work
		*open[2]; /* by direction: the pending burst that may grow */
	struct dev_counters counters;
	uint64_t drops[DROP_N_REASONS];
};

/* The first cache line (dev_create aligns it) is all that a packet's way through the device
 * reads. */
struct dev {
	/* set at birth */
	const struct dev_kind *kind;
	void *state;	       /* dev_state() */
	struct dev_worker *pw; /* one per worker of the net, cache-aligned */

	/* written by control, read by workers (RCU or relaxed atomics) */
	void *config; /* dev_config() */
	/* Who gets the frames that arrive, instead of the namespace: a bridge's port handler.
	 * Takes the burst.  Set by dev_set_upper. */
	void (*upper_receive)(struct worker *w, struct dev *dev, struct burst *b);
	struct port *mirror; /* to and from the namespace's kernel side; NULL: none */
	_Atomic uint32_t mtu;
	_Atomic bool up;
	_Atomic bool carrier;
	_Atomic bool promisc;	  /* somebody in the namespace wants all frames */
	_Atomic uint8_t captured; /* enum capture_mode */
	uint8_t addr[6];
	struct dev *upper;
	/* The master's state of this port; NULL: it has no master.  Or what macvlans on top
	 * keep of the device below them. */
	void *port;
	void *port_config; /* the port's settings */
	/* Frames for VLAN devices on top: looked at before @upper_receive.  Takes those out
	 * of the burst that are theirs. */
	void (*vlan_receive)(struct worker *w, struct dev *dev, struct burst *b);
	void *vlans; /* whose they are; dev/vlan.c's */

	/* set at birth */
	struct net *net;
	uint64_t id; /* never used again */

	/* control only */
	struct dev *master;    /* dev_enslave's */
	struct list in_master; /* master->ports, the youngest last */
	unsigned last_master;  /* of one that left it: the index, for NET_DEV_MASTER */
	struct list ports;     /* of a master */
	struct dev *lower;     /* dev_set_lower's: what IFLA_LINK names */
	struct list on_lower;  /* lower->uppers */
	unsigned stood_on;  /* of a dying one: the index of the device that was below */
	struct list uppers; /* devices that stand on this one */
	struct netns *ns;
	struct list in_ns;		      /* netns->devs */
	struct list in_net;		      /* net->devs, by age */
	struct dev *same_ifindex, *same_name; /* next in net's buckets */
	char name[IFNAMSIZ];
	unsigned ifindex; /* 0 before the mirror is made */
	unsigned group;
	unsigned n_tx_queues, n_rx_queues; /* as asked for; 0: the kind's own */
	unsigned max_mtu;		   /* a create may say so; 0: the kind's */
	bool layer3; /* its packets have no Ethernet header; a create may say so */
	unsigned iff_on, iff_off; /* the kind's dev_flags; a create may change them */
	/* Without a carrier: is it because of a device in the same namespace (IFLA_OPERSTATE
	 * LOWERLAYERDOWN)?  As it was at birth or when the carrier changed last, like Linux:
	 * dev_note_lower. */
	bool lower_down;
	bool oper_unknown; /* it has a carrier that never changed: IFLA_OPERSTATE UNKNOWN */
	bool dying;	   /* destroyed, its mirror not yet gone */
	bool making; /* its mirror is being made: what it is born with is nobody's wish */
	unsigned watchers;	     /* dev_watch's */
	struct dev_counters carried; /* by the kernel, on shortcuts over the device */
	_Atomic unsigned n_flows; /* that cross it unseen: net/flow.h; workers read it */
	void *host;		  /* host/'s: how the mirror is kept */
};

static inline void *dev_state(const struct dev *dev)
{
	return dev->state;
}

static inline const void *dev_config(const struct dev *dev)
{
	return rcu_load(&dev->config);
}

static inline bool dev_is_ethernet(const struct dev *dev)
{
	return !dev->layer3;
}

static inline bool dev_is_up(const struct dev *dev)
{
	return atomic_load_explicit(&dev->up, memory_order_relaxed);
}

static inline bool dev_has_carrier(const struct dev *dev)
{
	return atomic_load_explicit(&dev->carrier, memory_order_relaxed);
}

static inline enum capture_mode dev_captured(const struct dev *dev)
{
	return (enum capture_mode)atomic_load_explicit(&dev->captured,
						       memory_order_relaxed);
}

static inline uint32_t dev_mtu(const struct dev *dev)
{
	return atomic_load_explicit(&dev->mtu, memory_order_relaxed);
}

static inline void *dev_port_state(const struct dev *port)
{
	return rcu_load(&port->port);
}

static inline const void *dev_port_config(const struct dev *port)
{
	return rcu_load(&port->port_config);
}

/* ---- birth, change and death: control ---- */

/* What is asked of a new device.  Borrowed by dev_create. */
struct link_req {
	struct netns *ns;	   /* where it is to be born */
	const char *name;	   /* may hold %d; "" or NULL: the kind's own */
	unsigned ifindex;	   /* 0: any */
	const uint8_t *addr;	   /* NULL: a random one */
	uint32_t mtu;		   /* 0: the kind's */
	unsigned link;		   /* IFLA_LINK as asked; 0: not asked */
	struct dev *lower;	   /* the same, resolved; NULL none */
	const struct nlattr *data; /* IFLA_INFO_DATA, or NULL */
	const void *config;    /* instead of @data: ready-made settings (words, tests) */
	struct link_req *peer; /* veth: what is asked of the other end; NULL: defaults */

	struct dev *made[2]; /* on success: the devices that came into being */
	unsigned n_made;
};

/* Make a device, and with a veth its peer; req->made tells them.  It has no mirror yet, is
 * down, and its name is as asked: the kernel or netns_pick_name() settles a pattern.
 * Returns 0 or -errno with a sentence; on failure nothing is left. */
int dev_create(struct net *net, const struct dev_kind *kind, struct link_req *req,
	       struct extack *ea) must_check;

/* For a kind's create: make the second device of a pair as @req asks.  dev_create finishes
 * it with the first, or undoes it when create fails.  NULL with *err and a sentence. */
struct dev *dev_create_peer(struct dev *dev, struct link_req *first, struct link_req *req,
			    int *err, struct extack *ea) must_check;

/* Parse @data (IFLA_INFO_DATA) into a copy of the config, let the kind judge it, publish. */
int dev_change(struct dev *dev, const struct nlattr *data, struct extack *ea) must_check;

/* The same with ready-made settings of the kind's config_size. */
int dev_change_config(struct dev *dev, const void *config, struct extack *ea) must_check;

/* What dev_create checks of a request, for changes without a kernel: -EINVAL for an MTU that
 * the kind does not have, -EADDRNOTAVAIL for an address that is no unicast address. */
int dev_check_mtu(const struct dev_kind *kind, uint32_t mtu,
		  struct extack *ea) must_check;
int dev_check_addr(const uint8_t addr[6], struct extack *ea) must_check;

/* What the kind says of setting the device up, or of another MTU: for requests, before the
 * kernel has them. */
int dev_check_up(const struct dev *dev, struct extack *ea) must_check;
int dev_check_new_mtu(const struct dev *dev, uint32_t mtu, struct extack *ea) must_check;
int dev_check_new_addr(struct dev *dev, const uint8_t addr[6],
		       struct extack *ea) must_check;

/* The largest MTU that @dev may have (IFLA_MAX_MTU); UINT32_MAX: any. */
uint32_t dev_max_mtu(const struct dev *dev);

/* End @dev and what cannot live without it (a veth's peer): each is taken out of the model,
 * NET_DEV_DYING is told for each, memory goes after a grace period.  Accepts NULL. */
void dev_destroy(struct dev *dev);

/* Run fn(arg) when no worker can still see what was unpublished before. */
void dev_defer(struct net *net, void (*fn)(void *arg), void *arg);

/* ---- what the kernel decided: control ---- */

void dev_follow_flags(struct dev *dev, unsigned iff);
void dev_follow_name(struct dev *dev, const char *name);
void dev_follow_promisc(struct dev *dev, bool promisc);
void dev_follow_mtu(struct dev *dev, uint32_t mtu);
void dev_follow_addr(struct dev *dev, const uint8_t addr[6]);
void dev_follow_place(struct dev *dev, struct netns *ns, unsigned ifindex);

/* From now on workers deliver copies of what passes the device to its namespace as well, or
 * none any more.  Those who are at it may go on until a grace period is over. */
void dev_set_captured(struct dev *dev, enum capture_mode captured);

/* ---- relations: control ---- */

/* Decided by the kind; NET_DEV_CARRIER is told when it changes. */
void dev_set_carrier(struct dev *dev, bool carrier);

/* Note whether the device that @dev is linked to keeps the carrier from it.  One in another
 * namespace Linux looks for by its index in @dev's own, whatever it finds there; so does this. */
void dev_note_lower(struct dev *dev);

/* Make @dev a port of @master, with its defaults: Linux has no settings at once.  -EBUSY when it has a master, -ELOOP when it is above @master, -EOPNOTSUPP when
 * @master takes no ports; a sentence where Linux has one.  NET_DEV_MASTER is told. */
int dev_enslave(struct dev *dev, struct dev *master, struct extack *ea) must_check;

/* Make it nobody's port again.  Nothing to do without a master. */
void dev_release(struct dev *dev);

/* Parse @data into a copy of the port's settings, let the master judge it, publish;
 * NET_PORT_CHANGED is told.  _config: the same with ready-made settings. */
int dev_change_port(struct dev *dev, const struct nlattr *data,
		    struct extack *ea) must_check;
int dev_change_port_config(struct dev *dev, const void *config,
			   struct extack *ea) must_check;

/* For a kind's create: @dev stands on @lower from now on (kind->link need not tell it), hears
 * of its changes, and dies before it.  Undone by dev_destroy. */
void dev_set_lower(struct dev *dev, struct dev *lower);

/* How many devices stand on each other here, @dev included, ports of masters as well. */
unsigned dev_levels(struct dev *dev);

/* The device that IFLA_LINK names: the kind's answer, or the one below.  NULL: none. */
struct dev *dev_link(const struct dev *dev);

/* Decided by the kind, not by the kernel: the model has it at once, NET_DEV_SET_ADDR,
 * _SET_MTU or _SET_UP is told, and host/ makes the kernel's device follow. */
void dev_set_addr(struct dev *dev, const uint8_t addr[6]);
void dev_set_mtu(struct dev *dev, uint32_t mtu);
void dev_set_up(struct dev *dev, bool up);

/* Give the frames that arrive to @receive from now on, which acts for @upper (may be NULL);
 * NULL: to the namespace again. */
void dev_set_upper(struct dev *dev, struct dev *upper,
		   void (*receive)(struct worker *w, struct dev *dev, struct burst *b));

/* Publish @port as the device's mirror (the port is @dev's from now on), or take it away. */
void dev_set_mirror(struct dev *dev, struct port *port);

/* Every frame that crosses @dev is to be seen by the data path from now on: no shortcuts over
 * it.  Each dev_watch is undone by a dev_unwatch. */
void dev_watch(struct dev *dev);
void dev_unwatch(struct dev *dev);

/* Does what arrives at @dev go to its mirror, all of it and as it is? */
bool dev_delivers_straight(const struct dev *dev);

/* Who gets the frames of @dev has changed by other means than dev_set_upper: tell it. */
void dev_path_changed(struct dev *dev);

/* ---- counters: any thread; approximate while workers run ---- */

void dev_counters(const struct dev *dev, struct dev_counters *sum);
uint64_t dev_drops(const struct dev *dev, enum drop why);

/* ---- data path: worker ---- */

/* For what stands above @dev and takes a frame that @dev has received, when dev_captured:
 * have it seen first.  Borrows. */
void dev_show(struct worker *w, struct dev *dev, struct pkt *p);

/* For what stands above @dev: hand frames that @dev has received, at least one, to its
 * namespace after all.  Takes. */
void dev_deliver(struct worker *w, struct dev *dev, struct burst *b);

/* Process pending work until none is left, or @budget bursts.  False: there is more. */
bool dev_run_pending(struct worker *w, unsigned budget);

/* Free what @w keeps for pending work; what is still pending is dropped. */
void dev_forget_pending(struct worker *w);

static inline struct dev_worker *dev_worker(struct worker *w, struct dev *dev)
{
	return &dev->pw[w->id];
}

/* A burst that waits for its device: see net/dev_path.c. */
struct dev_work {
	struct dev_work *next;
	struct dev *dev;
	enum dir dir;
	struct burst burst;
};

/* The work of @dev that packets may join, where there is none. */
struct dev_work *dev_open_work(struct worker *w, struct dev *dev, enum dir dir);

/* Queue for @dev in direction @dir.  Take.  _burst leaves @b empty. */
static inline void dev_queue(struct worker *w, struct dev *dev, enum dir dir,
			     struct pkt *p)
{
	struct dev_work **open = &dev_worker(w, dev)->open[dir], *k = *open;

	if (!k)
		k = dev_open_work(w, dev, dir);
	k->burst.pkt[k->burst.n++] = p;
	if (unlikely(k->burst.n == BURST_MAX))
		*open = NULL;
}
void dev_queue_burst(struct worker *w, struct dev *dev, enum dir dir, struct burst *b);

/* For transmit: @n packets of @bytes in all have left by @dev. */
static inline void dev_count_tx(struct worker *w, struct dev *dev, unsigned n,
				uint64_t bytes)
{
	struct dev_counters *c = &dev_worker(w, dev)->counters;

	c->tx_packets += n;
	c->tx_bytes += bytes;
}
