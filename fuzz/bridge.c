/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge - fuzzes what answers rtnetlink requests about bridges: family AF_BRIDGE, stations,
 * VLANs, multicast databases.
 *
 * A bridge and its two ports are there, with the indexes 1, 2 and 3, and a program that hears
 * of all that happens.  The bytes are datagrams of that program; a message's port number says
 * how much time passes after it.  Beyond not crashing: every answer is a whole message, an
 * acknowledgement comes where one was asked for, and each dump ends.
 */
#include "input.h"
#include "main/kinds.h"
#include "net/post.h"
#include "rtnl/bridge.h"

#include <ev.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#define N_PORTS	     2u
#define MESSAGES_MAX 64u

static struct net net;
static struct worker w;
static struct rtnl rtnl;
static struct netns *ns;
static struct dev *br, *port[N_PORTS];
static int program; /* the client's other end */

static struct dev *make(const char *kind, const void *config, unsigned ifindex)
{
	struct link_req req = {.ns = ns, .config = config, .ifindex = ifindex};

	if (dev_create(&net, net_kind(&net, kind, strlen(kind)), &req, NULL))
		abort();
	dev_follow_flags(req.made[0], IFF_UP);
	if (req.n_made > 1)
		dev_follow_flags(req.made[1], IFF_UP);
	return req.made[0];
}

static void make_bridge(unsigned settings)
{
	struct bridge_config config;

	bridge_kind.defaults(&config);
	config.vlan_filtering = settings & 1;
	config.mcast_igmp_version = settings & 2 ? 3 : 2;
	config.mcast_mld_version = settings & 2 ? 2 : 1;
	config.mcast_querier = settings & 4;
	config.vlan_stats = !!(settings & 8);
	if (config.vlan_filtering && settings & 16)
		config.boolopts = 1u << BR_BOOLOPT_MCAST_VLAN_SNOOPING;
	br = make("bridge", &config, 1);
	for (unsigned i = 0; i < N_PORTS; i++) {
		port[i] = make("veth", NULL, 2 + i);
		if (dev_enslave(port[i], br, NULL))
			abort();
	}
}

static void run(void)
{
	do {
		while (!dev_run_pending(&w, UINT32_MAX))
			;
		net_run_posts(&net);
	} while (w.first);
}

/* ---- the program ---- */

static struct client *client_make(void)
{
	static const unsigned groups[] = {RTNLGRP_NEIGH, RTNLGRP_MDB, RTNLGRP_BRVLAN};
	struct client *c = xnew(struct client);
	int kernel[2], pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET, 0, kernel))
		abort();
	close(kernel[1]); /* what is handed to this kernel, it refuses */
	signal(SIGPIPE, SIG_IGN);
	c->rtnl = &rtnl;
	c->ns = ns;
	c->fd = pair[0];
	program = pair[1];
	c->kernel = kernel[0];
	c->bound = c->may_rule = c->ext_ack = true;
	c->port = 7;
	for (size_t i = 0; i < array_size(groups); i++)
		c->groups[(groups[i] - 1) / 32] |= 1u << (groups[i] - 1) % 32;
	ev_init(&c->request_io, NULL);
	ev_init(&c->reply_io, NULL);
	ev_io_set(&c->request_io, c->fd, EV_READ);
	ev_io_set(&c->reply_io, c->kernel, EV_READ);
	list_append(&rtnl.clients, &c->link);
	return c;
}

static void client_end(struct client *c)
{
	ev_io_stop(rtnl.loop, &c->request_io);
	ev_io_stop(rtnl.loop, &c->reply_io);
	list_remove(&c->link);
	close(c->fd);
	close(c->kernel);
	close(program);
	nlbuf_done(&c->out);
	dump_end(&c->dump);
	free(c);
}

/* What the program reads is whole.  True: the answer to @m was among it. */
static bool read_answers(const struct nlmsghdr *m)
{
	static char buf[1 << 17] __attribute__((aligned(8)));
	bool answered = false;
	ssize_t n;

	while ((n = recv(program, buf, sizeof(buf), MSG_DONTWAIT)) > 0) {
		const struct nlmsghdr *a;
		size_t told = 0;

		msg_foreach(a, buf, (size_t)n) {
			told += NLMSG_ALIGN(a->nlmsg_len);
			answered |= a->nlmsg_seq == m->nlmsg_seq &&
				    (a->nlmsg_type == NLMSG_ERROR ||
				     a->nlmsg_type == NLMSG_DONE);
		}
		if (told != (size_t)n)
			abort();
	}
	return answered;
}

/* The kernel has nothing to add to a dump. */
static void end_kernels_part(struct client *c)
{
	const struct nlmsghdr *m = dump_request(&c->dump);
	struct nlbuf b = {};
	const int fine = 0;

	msg_end(&b, msg_begin(&b, NLMSG_DONE, NLM_F_MULTI, m->nlmsg_seq, c->port, &fine,
			      sizeof(fine)));
	if (!dump_collect(c, (const void *)b.data))
		abort();
	nlbuf_done(&b);
}

static bool handle(struct client *c, const struct nlmsghdr *m)
{
	const struct rtgenmsg *gen = msg_header(m, sizeof(*gen));

	switch (m->nlmsg_type) {
	case RTM_NEWNEIGH:
		return brfdb_new(c, m);
	case RTM_DELNEIGH:
		return brfdb_delete(c, m);
	case RTM_GETNEIGH:
		return brfdb_get(c, m);
	case RTM_NEWVLAN:
	case RTM_DELVLAN:
		return vlandb_set(c, m);
	case RTM_GETVLAN:
		return vlandb_get(c, m);
	case RTM_NEWMDB:
		return brmdb_new(c, m);
	case RTM_DELMDB:
		return brmdb_delete(c, m);
	case RTM_GETMDB:
		return brmdb_get(c, m);
	case RTM_SETLINK:
	case RTM_DELLINK:
		return gen && gen->rtgen_family == AF_BRIDGE && brlink_set(c, m);
	}
	return false;
}

static void ask(struct client *c, const struct nlmsghdr *m)
{
	bool taken = handle(c, m), answered = false;

	if (c->dump.next && c->dump.asking)
		end_kernels_part(c);
	do {
		client_drain(c);
		answered |= read_answers(m);
	} while (c->dump.next || c->out.len);
	if (taken && m->nlmsg_flags & NLM_F_ACK && !answered)
		abort();
	run();
	if (m->nlmsg_pid) {
		clock_warp((nsec_t)(1u << (m->nlmsg_pid & 15)) * NSEC_PER_MSEC * 10);
		timers_run();
		w.now = clock_now();
		run();
		net_run_deferred(&net);
	}
}

static void program_runs(const uint8_t *data, size_t len)
{
	struct client *c = client_make();
	const struct nlmsghdr *m;
	unsigned n = 0;

	brfdb_listen(&rtnl, true);
	brmdb_listen(&rtnl, true);
	vlandb_listen(&rtnl, true);
	msg_foreach(m, data, len)
		if (++n <= MESSAGES_MAX)
			ask(c, m);
	notify_deliver(&rtnl);
	vlandb_listen(&rtnl, false);
	brmdb_listen(&rtnl, false);
	brfdb_listen(&rtnl, false);
	client_end(c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct input in = {data, len};
	unsigned settings = byte(&in);
	auto_free uint8_t *aligned = xcalloc(1, in.len + 1);

	memcpy(aligned, in.data, in.len);
	clock_stop();
	net_init(&net, dev_kinds, 1);
	ns = netns_get(&net, 1);
	w = (struct worker){.small = pool_create(256, PKT_SMALL_ROOM),
			    .large = pool_create(16, PKT_LARGE_ROOM)};
	net.self = &w;
	rtnl = (struct rtnl){.net = &net, .loop = ev_default_loop(0)};
	list_init(&rtnl.clients);
	list_init(&rtnl.events);
	make_bridge(settings);
	run();
	program_runs(aligned, in.len);
	run();
	dev_forget_pending(&w);
	net_done(&net);
	pool_destroy(w.small);
	pool_destroy(w.large);
	return 0;
}
