/* SPDX-License-Identifier: BSD-2-Clause
 *
 * rtnl - the rtnetlink that the yard's programs talk to.
 *
 * A program's netlink socket is one end of a SEQPACKET pair; here is the other end, and
 * beside it a real rtnetlink socket in the program's namespace, bound to the program's pid.
 * Requests about what the engine implements are carried out here; all others go to the
 * kernel through the real socket, unchanged.  Replies and notifications come back through
 * it in the kernel's own order; only messages about links are rewritten on the way.
 *
 * Control thread only.  A client whose request waits for the slow thread is *busy*: its next
 * request is not read before the answer is out, so that answers keep their order.
 */
#pragma once

#include "host/host.h"

#include <linux/if_link.h>

struct rtnl {
	struct host *host;
	struct net *net;
	struct ev_loop *loop;
	struct list clients;
	unsigned n_clients;
	int listener; /* bears the name by which programs take our end for a kernel's */
	struct net_listener ear;
	struct list events; /* notify.c: on their way to clients */
	ev_prepare deliver;
	const struct dev
		*quiet; /* a port that is being changed: it is told of afterwards */
	void *fdb;	/* brfdb.c's */
	void *mdb;	/* brmdb.c's */
};

/* A dump that asks for links of one kind, or for ports of one master: the kernel, to which all
 * ours are TAPs and no masters, is asked for all, and the others are left out here. */
#define NO_MASTER UINT32_MAX /* those that are nobody's ports */
struct dump_filter {
	bool active;
	uint32_t seq;
	char kind[32]; /* "": any */
	unsigned
		master; /* index of one of ours; 0: any, or the kernel knows; NO_MASTER */
};

/* The namespace that a request has named by an id (IFLA_TARGET_NETNSID): one of its answers
 * after the other asks. */
struct target {
	uint32_t seq;
	int id;
	uint64_t cookie; /* 0: nothing is known */
};

struct client;

/* A dump that the engine has a part in: dump.c. */
struct dump {
	/* Append to @out what comes next, some kilobytes at most, soon.  False: that was all.
	 * NULL: no dump is under way. */
	bool (*next)(struct client *c, struct dump *d, struct nlbuf *out);
	bool asking;	    /* the kernel's part is not yet here */
	struct nlbuf asked; /* the request */
	struct nlbuf
		kernel; /* the kernel's messages, of which those before kernel_at are told */
	size_t kernel_at;
	struct nlbuf done; /* its last word */

	/* For next: devices to be told of, by index, and how far it has come. */
	unsigned *devs;
	size_t n_devs, at;
	uint32_t cursor;
};

/* Groups of notifications (enum rtnetlink_groups) that a client can be in. */
#define GROUPS_MAX 128

struct client {
	struct list link;
	struct rtnl *rtnl;
	struct netns *ns; /* counted */
	struct ns_hint hint;
	int fd;		 /* our end of the pair */
	int kernel;	 /* the real socket */
	uint64_t cookie; /* SO_COOKIE of the program's end */
	pid_t pid;	 /* who opened it */
	bool bound;	 /* @kernel has its port number */
	uint32_t port;	 /* nlmsg_pid of replies */
	bool may_rule;	 /* its user namespace rules its network namespace */
	bool ext_ack, cap_ack, strict;
	bool all_nsid; /* NETLINK_LISTEN_ALL_NSID */
	bool busy, closed, retried;
	ev_io request_io, reply_io;
	struct nlbuf in; /* the datagram being worked on, from @in_off on */
	size_t in_off;
	pid_t sender;	  /* of that datagram */
	struct nlbuf out; /* replies on their way: whole datagrams of @out_len each */
	struct dump_filter filter;
	struct target target;
	struct dump dump;
	uint32_t groups[GROUPS_MAX / 32]; /* the real socket's */
};

/* ---- server.c ---- */

int rtnl_start(struct rtnl *r, struct host *host, struct extack *ea) must_check;
void rtnl_stop(struct rtnl *r);

/* A program of @pid opens a socket in the namespace behind @ns_fd.  *program_end is what it
 * gets; the caller closes its copy. */
int rtnl_open(struct rtnl *r, int ns_fd, pid_t pid, bool nonblock,
	      int *program_end) must_check;

/* The client whose program's end bears @cookie, or NULL. */
struct client *rtnl_client(struct rtnl *r, uint64_t cookie);

/* Give the real socket its port number, @wanted or, if taken or 0, the program's pid, else
 * any. */
int client_bind(struct client *c, uint32_t wanted, uint32_t groups) must_check;

/* A socket option has been set on the real socket: some change how answers look. */
void client_option(struct client *c, int option, int value);

/* Answer @request: err 0 is an acknowledgement, sent if it was asked for. */
void client_answer(struct client *c, const struct nlmsghdr *request, int err,
		   const struct extack *ea);

/* Hand one message to the kernel, whose answer comes back by itself. */
void client_forward(struct client *c, const struct nlmsghdr *m);

/* Bring over what the kernel has told, and send what the client can take. */
void client_drain(struct client *c);

/* Stop reading the client, and go on. */
void client_pause(struct client *c);
void client_resume(struct client *c);

/* ---- link.c: RTM_*LINK ---- */

/* What a program asked for: true when it has been or will be answered here, false when the
 * kernel is to answer. */
bool link_new(struct client *c, const struct nlmsghdr *m);
bool link_delete(struct client *c, const struct nlmsghdr *m);
bool link_get(struct client *c, const struct nlmsghdr *m);

/* Later headers have more attributes than earlier ones; the numbers do not change. */
#define LINK_ATTR_GSO_IPV4_MAX_SIZE 63
#define LINK_ATTR_GRO_IPV4_MAX_SIZE 64
#define LINK_ATTRS		    80

/* A request for a link, taken apart.  Pointers lead into the message. */
struct link_msg {
	const struct ifinfomsg *ifi;
	const struct nlattr *tb[LINK_ATTRS];
	char kind[32];			/* IFLA_INFO_KIND, or "" */
	const struct nlattr *data;	/* IFLA_INFO_DATA */
	const struct nlattr *port_data; /* IFLA_INFO_SLAVE_DATA */
	bool has_peer;			/* VETH_INFO_PEER */
	const struct ifinfomsg *peer_ifi;
	const struct nlattr *peer_tb[LINK_ATTRS];
};

/* Take a request apart.  False when it is malformed: the kernel says how. */
bool link_msg_parse(const struct nlmsghdr *m, struct link_msg *lm);

/* The device of ours that IFLA_MASTER names; NULL: it names none, or one of the kernel's. */
struct dev *link_master(struct netns *ns, const struct nlattr *const *tb);

/* ---- link_create.c ---- */

/* Make the device of @kind that @m asks for, and answer.  Always true, as link_new's.
 * @elsewhere: it names the namespace where it is to be. */
bool link_create(struct client *c, const struct nlmsghdr *m, bool elsewhere,
		 const struct dev_kind *kind);

/* Ask the kernel whether a request to make a device is in order: 0, or what it says. */
int link_preflight(struct client *c, const struct nlmsghdr *m, bool elsewhere,
		   struct extack *ea);

/* ---- notify.c: what clients are told without having asked ---- */

void notify_start(struct rtnl *r);
void notify_stop(struct rtnl *r);

/* The groups of a client's real socket may have changed. */
void notify_groups(struct client *c);

/* A client in @ns that hears of @group (RTNLGRP_*); NULL: nobody does, so nothing need be
 * made to be told. */
struct client *notify_wanted(struct rtnl *r, struct netns *ns, unsigned group);

/* Tell all of them @msg, one or several messages as they would come from the kernel (port and
 * sequence numbers 0).  They hear it after what the kernel told them before, and before the
 * answer to what is being carried out.  Borrows. */
void rtnl_notify(struct rtnl *r, struct netns *ns, unsigned group,
		 const struct nlbuf *msg);

/* Send what is on its way. */
void notify_deliver(struct rtnl *r);

/* Tell of a link as after a change (RTM_NEWLINK). */
void notify_link(struct rtnl *r, struct dev *dev);

/* ---- dump.c: dumps of what both the kernel and the engine know ---- */

/* Answer the dump @m.  The kernel is asked @m too (@to_kernel, if that is not NULL, instead),
 * and its messages are kept, for @next to put them among its own: dump_kernel tells the first
 * that is left, dump_take_kernel appends it to @out.  -EBUSY as the kernel when a dump is
 * under way already. */
void dump_begin(struct client *c, const struct nlmsghdr *m, const struct nlbuf *to_kernel,
		bool (*next)(struct client *c, struct dump *d, struct nlbuf *out));
/* The same without asking the kernel, which has nothing of that sort. */
void dump_own(struct client *c, const struct nlmsghdr *m,
	      bool (*next)(struct client *c, struct dump *d, struct nlbuf *out));
void dump_end(struct dump *d);

/* Is @m of the kernel's part?  Then it has been taken. */
bool dump_collect(struct client *c, const struct nlmsghdr *m);
/* Append to the client's replies.  False when there is nothing to be done. */
bool dump_continue(struct client *c);

const struct nlmsghdr *dump_kernel(const struct dump *d);
void dump_take_kernel(struct dump *d, struct nlbuf *out);

/* For next: the request, whose sequence number the answer's messages bear. */
static inline const struct nlmsghdr *dump_request(const struct dump *d)
{
	return (const void *)d->asked.data;
}

/* As much as next should append before it returns. */
#define DUMP_CHUNK 16384u

/* ---- relay.c: requests that the slow thread hands to the kernel ---- */

/* Descriptors named in a message are those of its sender; the kernel wants ours. */
#define RELAY_FDS 4
struct relay_fds {
	int fd[RELAY_FDS];
	unsigned n;
};
void relay_fds_done(struct relay_fds *fds);

/* Copy @m, putting descriptors of ours in place of the sender's: IFLA_NET_NS_FD on top and
 * in the peer's part, NETNSA_FD.  Attributes of types in @without are left out.  -EBADF. */
int relay_translate(struct client *c, const struct nlmsghdr *m, const uint16_t *without,
		    struct nlbuf *out, struct relay_fds *fds) must_check;

/* Hand @m to the kernel, translated, at once. */
void relay_quickly(struct client *c, const struct nlmsghdr *m, const uint16_t *without);

/* Hand @m to the kernel on the slow thread.  @dev: the device of ours that it moves, or
 * NULL.  The client is busy until it is done. */
void relay_slowly(struct client *c, const struct nlmsghdr *m, const uint16_t *without,
		  struct dev *dev);

/* Try the request again when the deletions that are under way are done. */
void relay_retry_later(struct client *c, const struct nlmsghdr *m);

/* ---- rewrite.c: what programs are told of links ---- */

/* Append the nest @attr: settings and state of a port of one of our masters. */
void put_port_data(struct nlbuf *out, unsigned attr, const struct dev *port);

/* Append @a, a struct rtnl_link_stats64 (@wide) or rtnl_link_stats of the mirror's, with what
 * the device counts. */
void put_link_stats(struct client *c, struct nlbuf *out, const struct nlattr *a,
		    bool wide, struct dev *dev);
/* An RTM_NEWSTATS. */
void xstats_rewrite(struct client *c, struct netns *ns, const struct nlmsghdr *m,
		    struct nlbuf *out);

/* Append @m, which is from @ns (NULL: one that holds no devices of ours), as the client is to
 * see it.  Nothing when it is not to see it. */
void rewrite_message(struct client *c, struct netns *ns, const struct nlmsghdr *m,
		     struct nlbuf *out);

/* The namespace that @m, a request of the client's or an answer to it, names @id; NULL when
 * that holds no devices of ours. */
struct netns *rewrite_target(struct client *c, const struct nlmsghdr *m, int id);

/* Append an RTM_NEWLINK about a device, as an event, for a client that hears of it.  False when
 * the kernel has no such device any more. */
bool rewrite_view(struct client *c, const struct dev *dev, struct nlbuf *out);
