/* SPDX-License-Identifier: BSD-2-Clause
 *
 * relay - requests that name descriptors of their sender, or keep the kernel busy for long.
 *
 * rtnetlink looks descriptors up in the table of whoever sends, which is the engine here, so
 * copies of the sender's are put in their place.  Requests that move or delete go to the
 * kernel on the slow thread, through the client's own socket, so that the answer comes back
 * the usual way.
 */
#include "rtnl/rtnl.h"

#include <fcntl.h>
#include <linux/net_namespace.h>
#include <linux/veth.h>
#include <stdio.h>

/* ---- descriptors ---- */

void relay_fds_done(struct relay_fds *fds)
{
	while (fds->n)
		close(fds->fd[--fds->n]);
}

static int fd_of_sender(struct client *c, uint32_t theirs, struct relay_fds *fds)
{
	char path[64];
	int fd;

	if (fds->n == RELAY_FDS)
		return -EBADF;
	snprintf(path, sizeof(path), "/proc/%d/fd/%u", (int)c->sender, theirs);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -EBADF;
	return fds->fd[fds->n++] = fd;
}

static int put_translated(struct client *c, const struct nlattr *a, struct nlbuf *out,
			  struct relay_fds *fds)
{
	int fd = fd_of_sender(c, attr_u32(a), fds);

	if (fd < 0)
		return fd;
	put_u32(out, attr_type(a), (uint32_t)fd);
	return 0;
}

static int translate_peer(struct client *c, const struct nlattr *peer, struct nlbuf *out,
			  struct relay_fds *fds)
{
	size_t nest = nest_begin(out, attr_type(peer)), skip = sizeof(struct ifinfomsg);
	const char *data = attr_data(peer);
	const struct nlattr *a;

	if (attr_len(peer) >= skip) {
		nlbuf_raw(out, data, skip);
		attr_foreach(a, data + skip, attr_len(peer) - skip) {
			if (attr_type(a) == IFLA_NET_NS_FD) {
				int err = put_translated(c, a, out, fds);

				if (err)
					return err;
			} else {
				put_copy(out, a);
			}
		}
	} else {
		nlbuf_raw(out, data, attr_len(peer));
	}
	nest_end(out, nest);
	return 0;
}

/* IFLA_LINKINFO: only a veth's peer (and its like: the attribute is number 1 for each) may
 * hold a descriptor. */
static int translate_info(struct client *c, const struct nlattr *info, struct nlbuf *out,
			  struct relay_fds *fds)
{
	const struct nlattr *kind =
		attr_find(attr_data(info), attr_len(info), IFLA_INFO_KIND);
	bool has_peer =
		kind && (attr_str_is(kind, "veth") || attr_str_is(kind, "vxcan") ||
			 attr_str_is(kind, "netkit"));
	size_t nest = nest_begin(out, IFLA_LINKINFO), inner;
	const struct nlattr *a, *d;

	attr_foreach_nested(a, info) {
		if (!has_peer || attr_type(a) != IFLA_INFO_DATA) {
			put_copy(out, a);
			continue;
		}
		inner = nest_begin(out, IFLA_INFO_DATA);
		attr_foreach_nested(d, a) {
			int err = 0;

			if (attr_type(d) == VETH_INFO_PEER)
				err = translate_peer(c, d, out, fds);
			else
				put_copy(out, d);
			if (err)
				return err;
		}
		nest_end(out, inner);
	}
	nest_end(out, nest);
	return 0;
}

static bool listed(const uint16_t *types, unsigned type)
{
	for (; types && *types; types++)
		if (*types == type)
			return true;
	return false;
}

static size_t header_size(uint16_t type)
{
	return type == RTM_NEWNSID || type == RTM_GETNSID ? sizeof(struct rtgenmsg)
							  : sizeof(struct ifinfomsg);
}

int relay_translate(struct client *c, const struct nlmsghdr *m, const uint16_t *without,
		    struct nlbuf *out, struct relay_fds *fds)
{
	size_t head = header_size(m->nlmsg_type), len, msg;
	bool nsid = head == sizeof(struct rtgenmsg);
	unsigned fd_type = nsid ? NETNSA_FD : IFLA_NET_NS_FD;
	const void *header = msg_header(m, head);
	const struct nlattr *attrs, *a;
	int err = 0;

	if (!header) {
		nlbuf_raw(out, m, m->nlmsg_len);
		return 0;
	}
	attrs = msg_attrs(m, head, &len);
	msg = msg_begin(out, m->nlmsg_type, m->nlmsg_flags, m->nlmsg_seq, m->nlmsg_pid,
			header, head);
	attr_foreach(a, attrs, len) {
		if (listed(without, attr_type(a)))
			continue;
		if (attr_type(a) == fd_type)
			err = put_translated(c, a, out, fds);
		else if (!nsid && attr_type(a) == IFLA_LINKINFO)
			err = translate_info(c, a, out, fds);
		else
			put_copy(out, a);
		if (err)
			return err;
	}
	msg_end(out, msg);
	return 0;
}

void relay_quickly(struct client *c, const struct nlmsghdr *m, const uint16_t *without)
{
	struct relay_fds fds = {};
	struct nlbuf copy = {};
	int err = relay_translate(c, m, without, &copy, &fds);

	if (err)
		client_answer(c, m, err, NULL);
	else
		client_forward(c, (void *)copy.data);
	nlbuf_done(&copy);
	relay_fds_done(&fds);
}

/* ---- the slow way to the kernel ---- */

struct relay_job {
	struct job job;
	struct client *client;
	struct nlbuf msg;
	struct relay_fds fds;
	struct move *move;
	int err;
};

static void run_relay(struct job *job)
{
	struct relay_job *r = container_of(job, struct relay_job, job);

	if (send(r->client->kernel, r->msg.data, r->msg.len, 0) < 0)
		r->err = -errno;
}

static void relay_done(struct job *job)
{
	struct relay_job *r = container_of(job, struct relay_job, job);
	struct client *c = r->client;

	watch_drain(c->rtnl->host);
	if (r->move)
		watch_move_done(c->rtnl->host, r->move);
	if (r->err && !c->closed)
		client_answer(c, (void *)r->msg.data, r->err, NULL);
	nlbuf_done(&r->msg);
	relay_fds_done(&r->fds);
	free(r);
	client_resume(c);
}

/* Where a move leads: by descriptor, by a process, or by an id. */
static struct netns *move_target(struct client *c, const struct nlmsghdr *m, int *fd)
{
	size_t len;
	const struct nlattr *attrs = msg_attrs(m, sizeof(struct ifinfomsg), &len);
	const struct nlattr *by_fd = attr_find(attrs, len, IFLA_NET_NS_FD);
	const struct nlattr *by_pid = attr_find(attrs, len, IFLA_NET_NS_PID);
	const struct nlattr *by_id = attr_find(attrs, len, IFLA_TARGET_NETNSID);
	char path[64];

	if (by_fd)
		*fd = fcntl((int)attr_u32(by_fd), F_DUPFD_CLOEXEC, 3);
	else if (by_pid) {
		snprintf(path, sizeof(path), "/proc/%u/ns/net", attr_u32(by_pid));
		*fd = open(path, O_RDONLY | O_CLOEXEC);
	} else if (by_id) {
		*fd = host_netns_open_id(c->rtnl->host, c->ns, (int)attr_u32(by_id));
	}
	return *fd < 0 ? NULL : host_netns_get(c->rtnl->host, *fd);
}

static struct move *expect_move(struct client *c, const struct nlmsghdr *m,
				struct dev *dev)
{
	struct host *h = c->rtnl->host;
	auto_close int fd = -1;
	struct netns *to = move_target(c, m, &fd);
	struct move *move = NULL;

	if (to && to != dev->ns && !host_netns_watch(h, to, fd)) {
		host_factory_id(h, to, fd);
		move = watch_expect_move(h, dev->ns, dev->ifindex, to, take_fd(&fd));
	}
	if (to)
		netns_put(to);
	return move;
}

void relay_slowly(struct client *c, const struct nlmsghdr *m, const uint16_t *without,
		  struct dev *dev)
{
	struct relay_job *r = xnew(struct relay_job);
	int err = relay_translate(c, m, without, &r->msg, &r->fds);

	(void)!client_bind(c, 0, 0);
	if (err) {
		nlbuf_done(&r->msg);
		relay_fds_done(&r->fds);
		free(r);
		client_answer(c, m, err, NULL);
		return;
	}
	r->job.run = run_relay;
	r->job.done = relay_done;
	r->client = c;
	r->move = dev ? expect_move(c, (void *)r->msg.data, dev) : NULL;
	client_pause(c);
	slow_post(&c->rtnl->host->slow, &r->job);
}

/* ---- waiting for deletions ---- */

struct retry {
	struct job job;
	struct client *client;
};

static void run_nothing(struct job *job)
{
}

static void retry_done(struct job *job)
{
	struct client *c = container_of(job, struct retry, job)->client;

	free(container_of(job, struct retry, job));
	client_resume(c);
}

void relay_retry_later(struct client *c, const struct nlmsghdr *m)
{
	struct retry *r = xnew(struct retry);

	r->job.run = run_nothing;
	r->job.done = retry_done;
	r->client = c;
	c->retried = true;
	c->in_off -= NLMSG_ALIGN(m->nlmsg_len);
	client_pause(c);
	mirror_flush_lazy(c->rtnl->host);
	slow_post(&c->rtnl->host->slow, &r->job);
}
