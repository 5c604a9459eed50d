/* SPDX-License-Identifier: BSD-2-Clause
 *
 * listen - where programs listen with packet sockets.
 *
 * What makes a mirror promiscuous the kernel tells (host/capture.c); a packet socket that does
 * not, as `tcpdump -p` and `tcpdump -i any` have, it tells nobody of.  So the gate traps the
 * call that opens one, and from then on its namespace's packet sockets are asked for
 * (NETLINK_SOCK_DIAG), often at first, because a program binds its socket a moment later, then
 * twice a second, until none is left.
 *
 * A socket listens when it is for all protocols: what another device takes the others do not
 * see on Linux either.
 */
#include "base/log.h"
#include "host/host.h"

#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/packet_diag.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>

#define ASK_FIRST (1 * NSEC_PER_MSEC)
#define ASK_LAST  (512 * NSEC_PER_MSEC)

/* A namespace in which somebody has a packet socket, or is about to. */
struct listening {
	struct list link; /* host->listening */
	struct timer timer;
	struct host *host;
	struct netns *ns; /* counted */
	int fd;		  /* of the namespace, which the socket keeps alive as well */
	nsec_t wait;
	bool any;
	unsigned *ifindex; /* n of them, as the kernel tells them */
	size_t n;
};

static struct listening *listening_in(const struct host *h, const struct netns *ns)
{
	struct listening *l;

	list_foreach(l, &h->listening, link)
		if (l->ns == ns)
			return l;
	return NULL;
}

bool listen_at(const struct host *h, const struct dev *dev)
{
	const struct listening *l =
		list_is_empty(&h->listening) ? NULL : listening_in(h, dev->ns);

	for (size_t i = 0; l && i < l->n; i++)
		if (l->ifindex[i] == dev->ifindex)
			return true;
	return l && l->any;
}

int listen_ns_fd(const struct host *h, const struct netns *ns)
{
	const struct listening *l = listening_in(h, ns);

	return l ? fcntl(l->fd, F_DUPFD_CLOEXEC, 3) : -1;
}

static void hear(struct listening *l, const struct nlmsghdr *m)
{
	const struct packet_diag_msg *pdm = msg_header(m, sizeof(*pdm));
	const struct packet_diag_info *info;
	const struct nlattr *attrs, *a;
	size_t len;

	if (!pdm || pdm->pdiag_num != ETH_P_ALL)
		return;
	attrs = msg_attrs(m, sizeof(*pdm), &len);
	a = attr_find(attrs, len, PACKET_DIAG_INFO);
	if (!a || attr_len(a) < sizeof(*info))
		return;
	info = attr_data(a);
	if (!info->pdi_index) {
		l->any = true;
		return;
	}
	l->ifindex = xrealloc(l->ifindex, (l->n + 1) * sizeof(*l->ifindex));
	l->ifindex[l->n++] = info->pdi_index;
}

/* Ask for all packet sockets: how many there are, or -errno. */
static int ask(struct listening *l)
{
	struct packet_diag_req req = {.sdiag_family = AF_PACKET,
				      .pdiag_show = PACKET_SHOW_INFO};
	auto_close int sock =
		kernel_socket_in(l->fd, AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG);
	struct nlbuf out = {}, reply = {};
	const struct nlmsghdr *m;
	int err, n = 0;

	if (sock < 0)
		return sock;
	msg_end(&out, msg_begin(&out, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, 0, 0, &req,
				sizeof(req)));
	err = kernel_request(sock, &out, &reply, NULL);
	l->any = false;
	l->n = 0;
	msg_foreach(m, reply.data, reply.len) {
		hear(l, m);
		n++;
	}
	nlbuf_done(&out);
	nlbuf_done(&reply);
	return err ?: n;
}

static void tell_devices(struct listening *l)
{
	struct dev *dev;

	list_foreach(dev, &l->ns->devs, in_ns)
		capture_listeners_changed(l->host, dev);
}

static void forget(struct listening *l)
{
	list_remove(&l->link);
	tell_devices(l);
	timer_disarm(&l->timer);
	fd_close(&l->fd);
	netns_put(l->ns);
	free(l->ifindex);
	free(l);
}

static void on_timer(struct timer *t)
{
	struct listening *l = container_of(t, struct listening, timer);
	int n = ask(l);

	/* The call that opens the first may not be through yet. */
	if (n < 0 || (!n && l->wait >= ASK_LAST / 4)) {
		if (n < 0)
			log_debug("ns", "", "packet sockets: %s", strerror(-n));
		forget(l);
		return;
	}
	tell_devices(l);
	l->wait = min(l->wait * 2, ASK_LAST);
	timer_arm(t, l->wait, on_timer);
}

void listen_begins(struct host *h, int ns_fd)
{
	struct netns *ns = host_netns_get(h, ns_fd);
	struct listening *l = ns ? listening_in(h, ns) : NULL;

	if (!ns)
		return;
	if (l) {
		netns_put(ns);
	} else {
		l = xnew(struct listening);
		l->host = h;
		l->ns = ns;
		l->fd = fcntl(ns_fd, F_DUPFD_CLOEXEC, 3);
		list_append(&h->listening, &l->link);
	}
	l->wait = ASK_FIRST;
	timer_arm(&l->timer, l->wait, on_timer);
}

void listen_stop(struct host *h)
{
	struct listening *l;

	while ((l = list_first(&h->listening, struct listening, link)))
		forget(l);
}
