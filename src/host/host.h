/* SPDX-License-Identifier: BSD-2-Clause
 *
 * host - keeping the real kernel in step with the model.
 *
 * Every engine device has a *mirror*: a kernel device of the same name and ifindex in the
 * namespace where the user put it.  This folder makes mirrors, moves and deletes them,
 * follows what the kernel decides about them, and tells it what the model decides (carrier).
 *
 * The engine has a namespace of its own, the *factory*.  From there it observes all others
 * by ids of its own (NETLINK_LISTEN_ALL_NSID), so that the ids that users see are theirs
 * alone, and there it keeps its end of packet mirrors.  No other namespace is held open,
 * but for the yard's root namespace, which lives as long as the engine anyway.
 *
 * Threads: all of this is the control thread's, but for what slow.c runs: moves, deletions
 * and closes wait about 16 ms each for the kernel's grace periods.
 */
#pragma once

#include "base/tapnode.h"
#include "host/kernel.h"
#include "net/net.h"
#include "port/packet.h"

#include <ev.h>
#include <pthread.h>

/* ---- slow.c: work that waits for the kernel ---- */

struct job {
	struct list link;
	void (*run)(struct job *job);  /* slow thread */
	void (*done)(struct job *job); /* control thread, afterwards; owns the job */
};

struct slow {
	pthread_t thread;
	pthread_mutex_t lock; /* of the three below; nothing else is done under it */
	pthread_cond_t wake;
	struct list todo, finished;
	bool stopping;
	unsigned n_pending; /* control: posted and not yet done */
	ev_async done_async;
	struct ev_loop *loop;
	int home_fd;
};

int slow_start(struct slow *s, struct ev_loop *loop, int home_fd) must_check;
void slow_post(struct slow *s, struct job *job);
/* Wait until all that was posted is done, and run the done hooks. */
void slow_drain(struct slow *s);
/* Close *@fd, if it is one, where the kernel takes its time over it. */
void slow_close(struct slow *s, int *fd);
/* Finish what was posted, run the done hooks, end the thread. */
void slow_stop(struct slow *s);

/* ---- mirrors ---- */

struct mirror {
	struct list link; /* host->mirrors, or a deletion's list */
	struct dev *dev;  /* NULL once its device is destroyed */
	bool packet;	  /* one end of a kernel veth, its other end in the factory */
	bool gone;	  /* the kernel has ended it already */
	int fd;		  /* TAP: keeps it alive.  packet: the detour's, or -1 */
	unsigned factory_index;
	bool widened;		   /* packet: that end has an MTU for all frames */
	struct shortcut *shortcut; /* packet: shortcut.c's; NULL: it has none */
	unsigned
		detour_index; /* its TAP in the factory, which @fd keeps alive; 0: none */
	bool listens;	      /* packet: the socket hears the factory's end */
	uint64_t ns_cookie;   /* where it was last seen, and as what */
	unsigned ifindex;
};

/* An answer of host_nsid_between.  Ids do not change while both namespaces live, and every
 * row of a dump asks for one. */
struct nsid_memo {
	uint64_t from, to; /* cookies */
	int id;
};

/* What is still to be told of a device that has left a namespace. */
struct obituary {
	uint64_t ns_cookie;
	unsigned ifindex;
	unsigned link; /* IFLA_LINK as it was then; 0: its other end is no more */
	bool died;     /* it has not just moved */
	const struct dev_kind *kind; /* NULL: empty */
};
#define OBITUARIES 256

struct host {
	struct net *net;
	struct net_addrs addrs;
	struct ev_loop *loop;
	int root_fd, factory_fd; /* namespaces */
	struct netns *root;
	int root_rtnl, factory_rtnl; /* control's sockets for requests there */
	int events;		     /* the event socket */
	ev_io events_io;
	struct slow slow;
	struct net_listener listener;
	struct list mirrors;
	struct list lazy;      /* mirrors to delete when there is time */
	struct list deletions; /* under way on the slow thread */
	struct timer lazy_timer;
	nsec_t lazy_since;
	unsigned n_lazy;
	struct list moves;     /* struct move */
	struct list queues;    /* usertap.c */
	struct list tapnodes;  /* tapnode.c */
	struct list outsiders; /* outside.c */
	struct list captures;  /* capture.c */
	struct list listening; /* listen.c */
	struct timer outside_timer;
	bool hears_neigh;	/* the event socket hears of neighbours and addresses */
	bool has_veth;		/* the kernel can make packet mirrors */
	bool shortcuts;		/* shortcut.c may try */
	struct list with_flows; /* shortcuts with rules for flows: flow.c */
	unsigned n_flows;	/* such rules */
	struct timer flow_timer;
	unsigned last_factory_name;
	struct packet_owner socket_owner; /* pair.c, as the two below */
	int *spare_sockets;		  /* n_spare_sockets of them */
	size_t n_spare_sockets;
	struct nsid_memo *nsid_memo; /* n_nsid_memo of them */
	size_t n_nsid_memo;
	struct obituary obituaries[OBITUARIES]; /* a ring, the oldest first to go */
	unsigned next_obituary;
};

/* Bring it up in the calling thread, which moves to a new namespace, the factory.  The
 * namespace it was in becomes the yard's root.  -errno with a sentence. */
int host_start(struct host *h, struct net *net, struct ev_loop *loop,
	       struct extack *ea) must_check;
/* Delete all mirrors and end.  Devices must be destroyed already. */
void host_stop(struct host *h);

/* A worker found @port dead: its descriptor answers with errors for good. */
void host_port_dead(struct host *h, const struct port *port);

/* ---- ns.c: namespaces ---- */

/* The namespace behind @ns_fd, a counted reference; NULL when it cannot be told.  _watch
 * makes its events reach the engine: every namespace that holds a device is watched. */
struct netns *host_netns_get(struct host *h, int ns_fd);
int host_netns_watch(struct host *h, struct netns *ns, int ns_fd) must_check;

/* An rtnetlink socket in @ns, whose descriptor is @ns_fd: the one that is kept for the root
 * namespace, or a new one, which is in *@opened too, for the caller to close (-1 else). */
int host_rtnl(struct host *h, const struct netns *ns, int ns_fd, int *opened) must_check;

/* A descriptor for @ns, found by way of its mirrors, its clients (hints) or its name; -1
 * when there is none.  The caller closes it. */
int host_netns_open(struct host *h, struct netns *ns);

/* A socket that somebody keeps in @ns anyway, by which it can be found again. */
struct ns_hint {
	struct list link;
	int sock;
};
void host_netns_hint(struct netns *ns, struct ns_hint *hint, int sock);
void host_netns_unhint(struct netns *ns, struct ns_hint *hint);

/* The id by which @from names @to, as in IFLA_LINK_NETNSID.  With @assign one is assigned if
 * there is none, as the kernel does when a device's link is elsewhere.  -1 for none. */
int host_nsid_between(struct host *h, struct netns *from, struct netns *to, bool assign);

/* The other way round: the namespace that @from names @id, if it is watched; NULL else. */
struct netns *host_netns_by_id(struct host *h, struct netns *from, int id);
/* The one that the factory names @nsid. */
struct netns *host_netns_watched(struct host *h, int nsid);
/* A descriptor for the namespace that @from names @id, watched or not; -1 when there is no way
 * to it.  The caller closes it. */
int host_netns_open_id(struct host *h, struct netns *from, int id);

/* See to it that each of the two has an id for the other, as the kernel does when a link in
 * one leads to the other.  A descriptor may be -1: then one is looked for. */
void host_nsid_pair(struct host *h, struct netns *a, int a_fd, struct netns *b, int b_fd);

/* Does the user namespace of @pid, or one above it, own the network namespace behind @ns_fd?
 * Then its capabilities count there.  Has @pid CAP_NET_ADMIN? */
bool host_owns(pid_t pid, int ns_fd);
bool host_has_net_admin(pid_t pid);

/* A namespace has died: its ids are free for others. */
void host_nsid_forget(struct host *h, uint64_t cookie);

/* Give the factory its id in @ns, before a mirror comes there and the kernel picks one. */
void host_factory_id(struct host *h, struct netns *ns, int ns_fd);

/* The factory's own id in the namespaces where it needs one: out of the way of the ids that
 * are given from 0 on, and hidden from clients. */
#define FACTORY_NSID 0x7ffffff0

/* ---- mirror.c ---- */

/* Make the mirror of @dev, named @name (may hold %d) with index @ifindex (0: any), in the
 * namespace behind @ns_fd; the device's name, index and settings follow.  -EEXIST, -EBUSY
 * and -EINVAL as the kernel answers for a link of its own. */
int mirror_create(struct host *h, struct dev *dev, int ns_fd, const char *name,
		  unsigned ifindex, struct extack *ea) must_check;

/* A TAP (TUN with IFF_TUN) named @name, in the namespace behind @ns_fd, that did not exist
 * before.  Gives its descriptor; *name is its name then. */
int mirror_make_tap(int ns_fd, unsigned flags, unsigned ifindex,
		    char name[IFNAMSIZ]) must_check;

/* Where the mirror is now.  False when it is gone. */
bool mirror_locate(struct host *h, struct mirror *m, int *ns_fd, unsigned *ifindex);

/* Destroy @dev and what dies with it, and delete their mirrors before @done is called; those
 * that were put off before and that the kernel can delete in the same go, too. */
void mirror_delete(struct host *h, struct dev *dev, void (*done)(void *arg), void *arg);

/* Delete all mirrors whose deletion was put off, and call @done when they are gone. */
void mirror_delete_lazy(struct host *h, void (*done)(void *arg), void *arg);

/* Delete the kernel's device of a tap with the descriptor @tun_fd (taken), soon.  @dev: its
 * device in the model, for which nothing else changes; NULL: it is gone already. */
void mirror_delete_tap(struct host *h, struct dev *dev, int tun_fd);

/* Take over what the kernel says of the device's mirror. */
void mirror_follow(struct dev *dev, const struct kernel_link *link);

/* Note that @dev is no more where it was; find what was noted last, or NULL. */
void host_note_leaving(struct host *h, const struct dev *dev, unsigned link);
const struct obituary *host_obituary(const struct host *h, uint64_t ns_cookie,
				     unsigned ifindex);

/* Is the kernel device of that index one whose deletion was put off? */
bool mirror_is_dying(struct host *h, uint64_t ns_cookie, unsigned ifindex);

/* Delete now what was left for later. */
void mirror_flush_lazy(struct host *h);

/* The host's ear at the model. */
void mirror_on_event(struct net_listener *l, enum net_event event, struct dev *dev);

/* Mirrors on their way out bear this group: clients are not shown them any more. */
#define DYING_GROUP 0x77790000u

/* What the kind changes of BROADCAST and MULTICAST, told to the mirror. */
int mirror_set_kind_flags(int sock, const struct dev *dev) must_check;

/* ---- deletion.c ---- */

/* @dev is dying: its mirror goes, soon. */
void mirror_doom(struct host *h, struct dev *dev);
void mirror_free(struct mirror *m);

/* ---- pair.c: packet mirrors ---- */

void pair_start(struct host *h);
void pair_stop(struct host *h);

/* As mirror_create; @sock is an rtnetlink socket in the namespace behind @ns_fd. */
int pair_create(struct host *h, struct mirror *m, int ns_fd, int sock, const char *name,
		unsigned ifindex, struct extack *ea) must_check;

/* Let the mirror's carrier be its device's. */
int pair_show_carrier(struct host *h, struct mirror *m) must_check;

/* ---- tc.c: rules for devices of the factory, which @sock is in ---- */

/* Have ingress rules looked at; no more, which ends them all. */
int tc_hook(int sock, unsigned ifindex) must_check;
int tc_unhook(int sock, unsigned ifindex) must_check;

/* What enters by @ifindex and no other rule takes leaves by @to, as it is.  @replace: there is
 * such a rule, which is changed in one go. */
int tc_redirect_rest(int sock, unsigned ifindex, unsigned to, bool replace) must_check;

/* What enters by @ifindex between two stations, untagged and with the Ethernet type @type (IPv4 or
 * IPv6), leaves by @to instead.  *handle names the rule, and _delete ends it. */
struct tc_flow {
	uint8_t dst[6], src[6];
	uint16_t type;
};
int tc_flow_add(int sock, unsigned ifindex, const struct tc_flow *flow, unsigned to,
		uint32_t *handle) must_check;

/* What a rule has carried, in the kernel's way of counting: a packet for each segment that is
 * still to be cut, bytes without Ethernet headers. */
struct tc_count {
	uint32_t handle;
	uint64_t packets, bytes;
	uint32_t lost; /* of them: the other device did not take them (Linux 6.6) */
	nsec_t idle;   /* since the last one */
};
/* *count: what it had carried in the end. */
int tc_flow_delete(int sock, unsigned ifindex, uint16_t type, uint32_t handle,
		   struct tc_count *count) must_check;

/* Call @fn for each rule of the device's. */
int tc_flow_counts(int sock, unsigned ifindex,
		   void (*fn)(void *arg, const struct tc_count *count),
		   void *arg) must_check;

/* ---- shortcut.c: frames that the engine need not see ---- */

/* A packet mirror has been made. */
void shortcut_make(struct host *h, struct mirror *m);

/* Its device gets its carrier: decide which way its frames go, before there are any. */
void shortcut_begin(struct host *h, struct mirror *m);

/* The mirror is on its way out. */
void shortcut_end(struct host *h, struct mirror *m);

/* Something about @dev is not as it was: the ways over it are decided anew. */
void shortcut_dev_changed(struct host *h, struct dev *dev);

/* Bring what the kernel carried for @dev into its counters. */
void shortcut_count(struct host *h, struct dev *dev);

/* How many there are now. */
unsigned shortcut_number(const struct host *h);

/* ---- flow.c: flows past bridges ---- */

/* What the model tells, before others act on it. */
void flow_on_event(struct host *h, enum net_event event, struct dev *dev);

/* Bring what was carried by flows that cross @dev into its counters and stations. */
void flow_count_for(struct host *h, struct dev *dev);

/* ---- watch.c: what the kernel decided ---- */

int watch_start(struct host *h, struct extack *ea) must_check;
void watch_stop(struct host *h);
/* Process all events that have arrived.  Called before anything that reads the model on a
 * client's behalf, so that a client sees the effect of what it did before. */
void watch_drain(struct host *h);

/* @ns has just got its id in the factory: whoever had it before is dead. */
void watch_id_given(struct host *h, struct netns *ns);

/* A device is about to be moved to @to; the kernel's RTM_DELLINK will say which. */
struct move {
	struct list link;
	struct netns *from, *to; /* counted */
	int to_fd;
	unsigned ifindex;
};
/* Takes @to_fd. */
struct move *watch_expect_move(struct host *h, struct netns *from, unsigned ifindex,
			       struct netns *to, int to_fd);
void watch_move_done(struct host *h, struct move *move);

/* ---- outside.c: devices of the kernel's own that serve devices of ours ---- */

/* May it be a port or have something stand on it? */
bool outside_suits(const struct kernel_link *link);

/* Bring the kernel's device @ifindex into the model.  It goes again soon unless it is used.
 * -EINVAL for one that does not suit. */
int outside_get(struct host *h, struct netns *ns, int ns_fd, unsigned ifindex,
		struct dev **ret, struct extack *ea) must_check;

/* @dev is about to become a port: keep its namespace's stack from what arrives.  0 for every
 * device that is not the kernel's.  Undone when it is no port soon, or any more. */
int outside_be_port(struct host *h, struct dev *dev, int ns_fd,
		    struct extack *ea) must_check;

void outside_follow(struct dev *dev, const struct kernel_link *link);
void outside_on_event(struct host *h, enum net_event event, struct dev *dev);
bool outside_port_dead(struct host *h, const struct port *port);
void outside_stop(struct host *h);

/* ---- capture.c ---- */

void capture_on_event(struct host *h, enum net_event event, struct dev *dev);
/* Who listens where @dev is has changed. */
void capture_listeners_changed(struct host *h, struct dev *dev);

/* ---- listen.c: packet sockets ---- */

/* A program in the namespace behind @ns_fd is about to open one. */
void listen_begins(struct host *h, int ns_fd);
/* Does one listen for all protocols at @dev, or everywhere? */
bool listen_at(const struct host *h, const struct dev *dev);
/* A descriptor for @ns, while somebody has one there; -1 else.  The caller closes it. */
int listen_ns_fd(const struct host *h, const struct netns *ns);
void listen_stop(struct host *h);

/* ---- neigh.c: neighbours of bridges' devices ---- */

void neigh_on_event(struct host *h, enum net_event event, struct dev *dev);
/* Something that the event socket heard in @ns; passes over what is no neighbour or address. */
void neigh_heard(struct netns *ns, const struct nlmsghdr *m);
/* Ask anew for all that the bridge follows. */
void neigh_resync(struct host *h, struct dev *br);

/* ---- shield.c ---- */

/* From now on what arrives on the kernel's side of @dev is seen by packet sockets and by
 * nobody else.  @ns_fd is its namespace.  Returns a socket, on which that hangs (slow_close),
 * or -errno. */
int shield_raise(int ns_fd, const struct dev *dev) must_check;

/* ---- usertap.c: tap and tun devices that programs open ---- */

/* A program has made or opened a tap with @tun_fd (a copy of its own descriptor, on which
 * TUNSETIFF has just succeeded with the flags @iff).  Takes @tun_fd.  On success *program_end
 * is the socket that takes the descriptor's place in the program; the caller closes it. */
int usertap_open(struct host *h, int tun_fd, unsigned iff, int *program_end,
		 struct extack *ea) must_check;

/* The descriptor of /dev/net/tun behind a program's socket, by the socket's SO_COOKIE; -1 if
 * it is none of ours.  Borrowed. */
int usertap_find(struct host *h, uint64_t cookie);

/* The program has changed that descriptor by the ioctl @cmd with the argument @value; or has
 * detached its queue from the device, or attached it again. */
void usertap_changed(struct host *h, uint64_t cookie, uint32_t cmd, uint64_t value);
void usertap_queue(struct host *h, uint64_t cookie, bool attached);

/* The port of a queue is dead.  False: it is not a queue's. */
bool usertap_port_dead(struct host *h, const struct port *port);

/* Let go of taps whose programs have closed them.  Called before anything that another program
 * does, so that it meets the tap as it would be. */
void usertap_reap(struct host *h);

/* A program wants to open or make the tap @name in the namespace behind @ns_fd.  0, or why it
 * cannot: mirrors of other devices are TAPs too, but not for it. */
int usertap_prepare(struct host *h, int ns_fd, const char *name,
		    bool exclusive) must_check;

/* The device of some queues is being destroyed. */
void usertap_dev_dying(struct host *h, struct dev *dev);
void usertap_stop(struct host *h);

/* ---- tapnode.c: files of macvtaps ---- */

/* A program in the namespace behind @ns_fd opens /dev/tap@ifindex.  On success *program_end is
 * what it gets; the caller closes it.  -ENOENT: there is no such macvtap; -EBUSY: too many
 * have it open. */
int tapnode_open(struct host *h, int ns_fd, unsigned ifindex,
		 int *program_end) must_check;

/* Is the socket with @cookie a program's end?  Carry out the ioctl @cmd on it: 0, with what is
 * to be told in @arg, or -errno. */
bool tapnode_is(struct host *h, uint64_t cookie);
int tapnode_ioctl(struct host *h, uint64_t cookie, uint32_t cmd,
		  union tapnode_arg *arg) must_check;

/* The port of a queue is dead.  False: it is none of these. */
bool tapnode_port_dead(struct host *h, const struct port *port);
void tapnode_dev_dying(struct host *h, struct dev *dev);
void tapnode_stop(struct host *h);

/* ---- addr.c: the net's addrs ---- */

void addr_start(struct host *h);
