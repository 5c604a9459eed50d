/* SPDX-License-Identifier: BSD-2-Clause
 *
 * usertap - tap and tun devices that programs of the yard open for themselves.
 *
 * The program has opened /dev/net/tun and asked for TUNSETIFF; the gate has a copy of that
 * very descriptor, has done the TUNSETIFF on it, and puts one end of a socket pair in its
 * place.  So the kernel's device is the program's own in every respect - name, owner,
 * persistence, which namespace it keeps open and for how long - and its frames pass through
 * the engine: device -> descriptor -> engine -> socket -> program, and back.
 *
 * A queue is one such pair.  When the program closes its end, the engine closes the
 * descriptor, and the kernel ends the device or, if it is persistent, keeps it.
 */
#include "host/host.h"
#include "base/log.h"
#include "dev/tun.h"
#include "port/sock.h"
#include "port/tap.h"

#include <fcntl.h>
#include <poll.h>
#include <linux/if_tun.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#ifndef TUN_F_USO4
#define TUN_F_USO4 0x20
#endif

struct queue {
	struct list link; /* host->queues */
	struct dev *dev;  /* NULL: the device is being destroyed */
	int tun_fd;
	int sock;	 /* a copy of the engine's end */
	uint64_t cookie; /* of the program's end */
	bool attached;	 /* has ports: TUNSETQUEUE has not detached it */
	unsigned number; /* tun_attach_queue's */
	struct port *mirror, *far;
	unsigned iff;	       /* what TUNSETIFF was called with */
	unsigned long offload; /* and TUNSETOFFLOAD */
};

static void queue_detach_ports(struct queue *q)
{
	if (q->dev && q->attached)
		tun_detach_queue(q->dev, q->number);
	q->attached = false;
	q->mirror = q->far = NULL;
}

static bool is_persistent(const struct queue *q)
{
	struct ifreq ifr = {};

	return !ioctl(q->tun_fd, TUNGETIFF, &ifr) && ifr.ifr_flags & IFF_PERSIST;
}

/* The device must be free for the next program when this returns, or be known to be going.
 * Deleting one takes the kernel long; letting go of a persistent one does not, once the ports'
 * copies of the descriptor are closed too. */
static void queue_end(struct host *h, struct queue *q)
{
	struct dev *dev = q->dev;
	bool last;

	queue_detach_ports(q);
	last = dev && !tun_n_queues(dev);
	list_remove(&q->link);
	if (!dev || (last && !is_persistent(q))) {
		mirror_delete_tap(h, dev, take_fd(&q->tun_fd));
	} else {
		net_run_deferred(h->net);
		fd_close(&q->tun_fd);
	}
	fd_close(&q->sock);
	free(q);
}

/* What frames look like on both sides. */
static unsigned frame_features(unsigned iff)
{
	return (iff & IFF_TUN ? PORT_F_IP : 0) | (iff & IFF_NO_PI ? 0 : PORT_F_PI) |
	       (iff & IFF_VNET_HDR ? PORT_F_VNET_HDR : 0);
}

/* What the program takes, by TUNSETOFFLOAD.  The kernel's side takes everything. */
static unsigned offload_features(unsigned long tun_f)
{
	return (tun_f & TUN_F_CSUM ? PORT_F_CSUM : 0) |
	       (tun_f & TUN_F_TSO4 ? PORT_F_TSO : 0) |
	       (tun_f & TUN_F_USO4 ? PORT_F_USO : 0);
}

static void follow_header_size(struct queue *q)
{
	int size = 0;

	if (q->iff & IFF_VNET_HDR && !ioctl(q->tun_fd, TUNGETVNETHDRSZ, &size)) {
		q->mirror->vnet_hdr_size = (unsigned)size;
		q->far->vnet_hdr_size = (unsigned)size;
	}
}

/* Takes @engine_end. */
static int queue_attach_ports(struct queue *q, int engine_end, struct extack *ea)
{
	int own = fcntl(q->tun_fd, F_DUPFD_CLOEXEC, 3), number;
	unsigned all = q->iff & IFF_VNET_HDR ? PORT_F_CSUM | PORT_F_TSO | PORT_F_USO : 0;
	int err = own < 0 ? -errno : fd_set_nonblock(own, true);

	if (!err)
		err = fd_set_nonblock(engine_end, true);
	if (err) {
		fd_close(&own);
		close(engine_end);
		return err;
	}
	q->mirror = tap_port_create(own, frame_features(q->iff) | all, DIR_TX, NULL);
	q->far = sock_port_create(engine_end,
				  frame_features(q->iff) | offload_features(q->offload),
				  q->mirror->vnet_hdr_size, DIR_RX);
	follow_header_size(q);
	number = tun_attach_queue(q->dev, q->mirror, q->far, ea);
	if (number < 0)
		return number;
	q->number = (unsigned)number;
	q->attached = true;
	return 0;
}

static uint64_t cookie_of(int sock)
{
	uint64_t cookie = 0;
	socklen_t len = sizeof(cookie);

	return getsockopt(sock, SOL_SOCKET, SO_COOKIE, &cookie, &len) ? 0 : cookie;
}

/* Where the device of @tun_fd is, and what it is called. */
static struct netns *place_of(struct host *h, int tun_fd, struct kernel_link *link)
{
	auto_close int fd = ioctl(tun_fd, TUNGETDEVNETNS);
	auto_close int sock = fd < 0 ? -1 : kernel_rtnl_in(fd);
	struct ifreq ifr = {};
	struct netns *ns;

	if (sock < 0 || ioctl(tun_fd, TUNGETIFF, &ifr) ||
	    kernel_link_get(sock, 0, ifr.ifr_name, link))
		return NULL;
	ns = host_netns_get(h, fd);
	if (ns && host_netns_watch(h, ns, fd)) {
		netns_put(ns);
		return NULL;
	}
	return ns;
}

static int find_or_create(struct host *h, struct queue *q, struct dev **ret,
			  struct extack *ea)
{
	struct tun_config config = {.mode = q->iff & IFF_TUN ? IFF_TUN : IFF_TAP,
				    .owner = TUN_NOBODY,
				    .group = TUN_NOBODY,
				    .pi = !(q->iff & IFF_NO_PI),
				    .vnet_hdr = q->iff & IFF_VNET_HDR,
				    .multi_queue = q->iff & IFF_MULTI_QUEUE};
	struct kernel_link link;
	struct netns *ns = place_of(h, q->tun_fd, &link);
	struct link_req req = {.ns = ns, .name = link.name, .config = &config};
	struct dev *dev;
	int err = 0;

	if (!ns)
		return extack_set(ea, -ENODEV, "the tap's namespace cannot be told");
	watch_drain(h);
	dev = netns_dev(ns, link.ifindex);
	if (!dev) {
		err = dev_create(h->net, &tun_kind, &req, ea);
		if (!err) {
			dev = req.made[0];
			dev_follow_place(dev, ns, link.ifindex);
			mirror_follow(dev, &link);
		}
	}
	netns_put(ns);
	*ret = dev;
	return err;
}

int usertap_open(struct host *h, int tun_fd, unsigned iff, int *program_end,
		 struct extack *ea)
{
	struct queue *q = xnew(struct queue);
	int pair[2], err;

	q->tun_fd = tun_fd;
	q->iff = iff;
	q->sock = -1;
	list_append(&h->queues, &q->link);
	err = find_or_create(h, q, &q->dev, ea);
	if (!err && socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		err = -errno;
	if (!err) {
		q->cookie = cookie_of(pair[0]);
		q->sock = fcntl(pair[1], F_DUPFD_CLOEXEC, 3);
		err = queue_attach_ports(q, pair[1], ea);
		if (err)
			close(pair[0]);
	}
	if (err) {
		queue_end(h, q);
		return err;
	}
	*program_end = pair[0];
	return 0;
}

static struct queue *queue_by_cookie(struct host *h, uint64_t cookie)
{
	struct queue *q;

	list_foreach(q, &h->queues, link)
		if (q->cookie == cookie)
			return q;
	return NULL;
}

int usertap_find(struct host *h, uint64_t cookie)
{
	struct queue *q = queue_by_cookie(h, cookie);

	return q ? q->tun_fd : -1;
}

void usertap_changed(struct host *h, uint64_t cookie, uint32_t cmd, uint64_t value)
{
	struct queue *q = queue_by_cookie(h, cookie);

	if (!q)
		return;
	if (cmd == TUNSETOFFLOAD)
		q->offload = value;
	if (!q->attached)
		return;
	q->far->features = frame_features(q->iff) | offload_features(q->offload);
	follow_header_size(q);
}

void usertap_queue(struct host *h, uint64_t cookie, bool attached)
{
	struct queue *q = queue_by_cookie(h, cookie);
	struct extack ea = {};
	int err;

	if (!q || !q->dev || q->attached == attached)
		return;
	if (!attached) {
		queue_detach_ports(q);
		return;
	}
	err = queue_attach_ports(q, fcntl(q->sock, F_DUPFD_CLOEXEC, 3), &ea);
	if (err)
		log_warn("dev", q->dev->name, "%s, leaving its queue detached", ea.msg);
}

bool usertap_port_dead(struct host *h, const struct port *port)
{
	struct queue *q;

	list_foreach(q, &h->queues, link) {
		if (q->mirror == port || q->far == port) {
			queue_end(h, q);
			return true;
		}
	}
	return false;
}

/* Has the program closed its end, and has all that it wrote been read? */
static bool is_closed(const struct queue *q)
{
	struct pollfd p = {.fd = q->sock};
	int waiting = 0;

	/* Not by reading: an empty frame reads like an end. */
	return poll(&p, 1, 0) == 1 && p.revents & POLLHUP &&
	       !ioctl(q->sock, FIONREAD, &waiting) && !waiting;
}

void usertap_reap(struct host *h)
{
	struct queue *q, *next;

	list_foreach_safe(q, next, &h->queues, link)
		if (is_closed(q))
			queue_end(h, q);
}

static unsigned index_in(int ns_fd, const char *name)
{
	auto_close int sock = kernel_socket_in(ns_fd, AF_UNIX, SOCK_DGRAM, 0);

	return sock < 0 ? 0 : kernel_index_of(sock, name);
}

int usertap_prepare(struct host *h, int ns_fd, const char *name, bool exclusive)
{
	struct netns *ns;
	struct dev *dev;
	int err = 0;

	usertap_reap(h);
	watch_drain(h);
	ns = host_netns_get(h, ns_fd);
	if (!ns)
		return -EINVAL;
	dev = name[0] ? netns_dev_named(ns, name) : NULL;
	if (dev && dev->kind != &tun_kind)
		err = exclusive ? -EBUSY : -EINVAL;
	else if (name[0] && mirror_is_dying(h, ns->cookie, index_in(ns_fd, name)))
		err = -EAGAIN;
	netns_put(ns);
	return err;
}

void usertap_dev_dying(struct host *h, struct dev *dev)
{
	struct queue *q, *next;

	list_foreach_safe(q, next, &h->queues, link) {
		if (q->dev != dev)
			continue;
		q->dev = NULL; /* the kind detaches its queues as it dies */
		q->attached = false;
		queue_end(h, q);
	}
}

void usertap_stop(struct host *h)
{
	struct queue *q, *next;

	list_foreach_safe(q, next, &h->queues, link)
		queue_end(h, q);
}
