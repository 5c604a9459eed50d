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
};

/* A dump that asks for links of one kind: the kernel, to which all ours are TAPs, is asked
 * for all, and the others are left out here. */
struct dump_filter {
	bool active;
	uint32_t seq;
	char kind[32];
};

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
	bool ext_ack, cap_ack;
	bool busy, closed, retried;
	ev_io request_io, reply_io;
	struct nlbuf in; /* the datagram being worked on, from @in_off on */
	size_t in_off;
	pid_t sender;	  /* of that datagram */
	struct nlbuf out; /* replies on their way: whole datagrams of @out_len each */
	struct dump_filter filter;
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
	char port_kind[32];		/* IFLA_INFO_SLAVE_KIND, or "" */
	const struct nlattr *port_data; /* IFLA_INFO_SLAVE_DATA */
	bool has_peer;			/* VETH_INFO_PEER */
	const struct ifinfomsg *peer_ifi;
	const struct nlattr *peer_tb[LINK_ATTRS];
};

/* Take a request apart.  False when it is malformed: the kernel says how. */
bool link_msg_parse(const struct nlmsghdr *m, struct link_msg *lm);

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

/* Append @m, as the client is to see it.  Nothing when it is not to see it. */
void rewrite_message(struct client *c, const struct nlmsghdr *m, struct nlbuf *out);
