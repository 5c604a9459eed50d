/* SPDX-License-Identifier: BSD-2-Clause
 *
 * mirror - the kernel device that stands for one of ours.
 *
 * There are two sorts.  In the yard's root namespace a mirror is a TAP, opened there: it is
 * made in 0.1 ms and is the faster one.  A TAP that is opened elsewhere would hold that
 * namespace open, and moving one there takes 16 ms; so a device that is born elsewhere gets
 * one end of a kernel veth pair, born in place.  The other end is in the factory, where the
 * engine writes it through a packet socket and shortcut.c says where its frames go.  A device
 * that shortcuts can start from (dev_kind.straight) gets such an end everywhere.  Neither sort
 * pins where it is, and either may be moved by the user afterwards.
 *
 * Deleting takes the kernel 16 ms, for one device or for many that bear the same group.  So
 * what dies with a device goes in the same request where that is possible; the rest waits
 * until there is nothing more urgent, at most LAZY_MAX, hidden from clients meanwhile.
 */
#include "host/host.h"
#include "base/log.h"
#include "dev/outside.h"
#include "port/packet.h"
#include "port/tap.h"

#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_tun.h>
#include <linux/net_namespace.h>
#include <linux/sockios.h>
#include <linux/veth.h>
#include <stdio.h>
#include <sys/ioctl.h>

#define LAZY_IDLE  (30 * NSEC_PER_MSEC)
#define LAZY_MAX   (200 * NSEC_PER_MSEC)
#define LAZY_COUNT 256

static void free_mirror(struct mirror *m)
{
	list_remove(&m->link);
	fd_close(&m->fd);
	free(m);
}

/* ---- birth ---- */

static int set_int(int fd, unsigned long request, int value)
{
	return ioctl(fd, request, &value) ? -errno : 0;
}

static unsigned tap_flags(const struct dev_kind *kind)
{
	return (kind->mirror == MIRROR_ETHER ? IFF_TAP : IFF_TUN) | IFF_NO_PI |
	       IFF_VNET_HDR;
}

int mirror_make_tap(int ns_fd, unsigned flags, unsigned ifindex, char name[IFNAMSIZ])
{
	auto_close int fd = kernel_tun_in(ns_fd);
	struct ifreq ifr = {.ifr_flags = (short)(flags | IFF_TUN_EXCL)};

	if (fd < 0)
		return fd;
	if (ifindex && ioctl(fd, TUNSETIFINDEX, &ifindex))
		return -errno;
	memcpy(ifr.ifr_name, name, IFNAMSIZ);
	if (ioctl(fd, TUNSETIFF, &ifr))
		return -errno;
	memcpy(name, ifr.ifr_name, IFNAMSIZ);
	return take_fd(&fd);
}

void mirror_follow(struct dev *dev, const struct kernel_link *link)
{
	dev_follow_name(dev, link->name);
	dev_follow_mtu(dev, link->mtu);
	if (link->has_addr)
		dev_follow_addr(dev, link->addr);
	dev_follow_flags(dev, link->flags);
	dev->group = link->group;
}

/* Why a name or index could not be had: as the kernel says it of links. */
static int name_error(int sock, const char *name, unsigned ifindex, int err)
{
	if (kernel_index_of(sock, name))
		return -EEXIST;
	if (ifindex && err == -EBUSY)
		return -EBUSY;
	return err;
}

/* Give the device its way to the namespace.  The port is its own afterwards. */
static int attach(struct dev *dev, struct port *port)
{
	int err;

	dev_set_mirror(dev, port);
	err = port_attach(dev->net, port);
	if (err)
		dev_set_mirror(dev, NULL);
	return err;
}

/* What the kind changes of BROADCAST and MULTICAST. */
static int set_kind_flags(int sock, const struct dev *dev)
{
	unsigned flags = dev->iff_on, mask = flags | dev->iff_off;

	return mask ? kernel_link_flags(sock, dev->ifindex, flags, mask) : 0;
}

static int create_tap(struct host *h, struct mirror *m, int ns_fd, int sock,
		      char name[IFNAMSIZ], unsigned ifindex)
{
	struct dev *dev = m->dev;
	int own, features, err;

	m->fd = mirror_make_tap(ns_fd, tap_flags(dev->kind), ifindex, name);
	if (m->fd < 0)
		return name_error(sock, name, ifindex, m->fd);
	ifindex = kernel_index_of(sock, name);
	if (!dev->kind->carrier_unknown)
		(void)set_int(m->fd, TUNSETCARRIER, dev->carrier);
	dev_follow_place(dev, dev->ns, ifindex);
	err = set_kind_flags(sock, dev);
	if (err)
		return err;
	/* The port gets a descriptor of its own, so that closing it never waits: the last one
	 * is the mirror's, which the slow thread closes. */
	own = fcntl(m->fd, F_DUPFD_CLOEXEC, 3);
	if (own < 0)
		return -errno;
	features = tap_configure(own, tap_flags(dev->kind));
	if (features < 0) {
		close(own);
		return features;
	}
	return attach(dev, tap_port_create(own, (unsigned)features, DIR_TX, NULL));
}

/* A veth gets as many queues as there are CPUs, each with a folder in /sys: more than the rest
 * of it costs.  One is all that a mirror needs. */
static void put_one_queue(struct nlbuf *req)
{
	put_u32(req, IFLA_NUM_TX_QUEUES, 1);
	put_u32(req, IFLA_NUM_RX_QUEUES, 1);
}

/* Gives both ends: @mirror, and the index of the one in the factory. */
static int make_pair(struct host *h, struct mirror *m, int sock, const char *name,
		     unsigned ifindex, struct kernel_link *mirror, struct extack *ea)
{
	struct ifinfomsg ours = {};
	struct ifinfomsg theirs = {.ifi_index = (int)ifindex};
	char our_name[IFNAMSIZ];
	struct nlbuf req = {}, reply = {};
	const struct nlmsghdr *echo;
	struct kernel_link end;
	size_t info, data, peer,
		msg = msg_begin(&req, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ECHO,
				0, 0, &theirs, sizeof(theirs));
	int err;

	snprintf(our_name, sizeof(our_name), "m%u", ++h->last_factory_name);
	put_str(&req, IFLA_IFNAME, name);
	put_one_queue(&req);
	info = nest_begin(&req, IFLA_LINKINFO);
	put_str(&req, IFLA_INFO_KIND, "veth");
	data = nest_begin(&req, IFLA_INFO_DATA);
	peer = nest_begin(&req, VETH_INFO_PEER);
	nlbuf_raw(&req, &ours, sizeof(ours));
	put_str(&req, IFLA_IFNAME, our_name);
	put_u32(&req, IFLA_MTU, ETH_MAX_MTU); /* whatever the mirror's is, it fits */
	put_one_queue(&req);
	put_u32(&req, IFLA_NET_NS_FD, (uint32_t)h->factory_fd);
	nest_end(&req, peer);
	nest_end(&req, data);
	nest_end(&req, info);
	msg_end(&req, msg);
	err = kernel_request(sock, &req, &reply, ea);
	echo = err ? NULL : msg_first(reply.data, reply.len);
	if (echo && kernel_link_parse(echo, mirror)) {
		m->factory_index = mirror->peer_index;
	} else if (!err) { /* before Linux 6.2 */
		err = kernel_link_get(h->factory_rtnl, 0, our_name, &end);
		m->factory_index = err ? 0 : end.ifindex;
		if (!err)
			err = kernel_link_get(sock, end.peer_index, NULL, mirror);
	}
	nlbuf_done(&req);
	nlbuf_done(&reply);
	return err;
}

static int create_packet(struct host *h, struct mirror *m, int ns_fd, int sock,
			 const char *name, unsigned ifindex, struct extack *ea)
{
	struct kernel_link mirror;
	int err, port;

	host_factory_id(h, m->dev->ns, ns_fd);
	err = make_pair(h, m, sock, name, ifindex, &mirror, ea);
	if (err)
		return err;
	dev_follow_place(m->dev, m->dev->ns, mirror.ifindex);
	err = set_kind_flags(sock, m->dev);
	if (err)
		return err;
	port = packet_port_open(m->factory_index);
	if (port < 0)
		return port;
	dev_set_mirror(m->dev, packet_port_create(port, DIR_TX));
	shortcut_make(h, m);
	/* A device that stands on another may be born with a carrier. */
	if (m->dev->carrier)
		shortcut_begin(h, m);
	if (m->dev->carrier)
		err = kernel_link_flags(h->factory_rtnl, m->factory_index, IFF_UP,
					IFF_UP);
	if (err)
		return err;
	mirror_follow(m->dev, &mirror);
	return 0;
}

/* A kernel without veth: a TAP made in the factory and moved, which takes its 16 ms. */
static int create_moved_tap(struct host *h, struct mirror *m, int ns_fd,
			    char name[IFNAMSIZ], unsigned ifindex, struct extack *ea)
{
	struct ifinfomsg ifi = {};
	struct nlbuf req = {};
	char wanted[IFNAMSIZ];
	size_t msg;
	int err;

	memcpy(wanted, name, IFNAMSIZ);
	snprintf(name, IFNAMSIZ, "m%u", ++h->last_factory_name);
	err = create_tap(h, m, h->factory_fd, h->factory_rtnl, name, 0);
	if (err)
		return err;
	ifi.ifi_index = (int)m->dev->ifindex;
	msg = msg_begin(&req, RTM_NEWLINK, 0, 0, 0, &ifi, sizeof(ifi));
	put_u32(&req, IFLA_NET_NS_FD, (uint32_t)ns_fd);
	put_str(&req, IFLA_IFNAME, wanted);
	if (ifindex)
		put_u32(&req, IFLA_NEW_IFINDEX, ifindex);
	msg_end(&req, msg);
	err = kernel_request(h->factory_rtnl, &req, NULL, ea);
	nlbuf_done(&req);
	return err;
}

static void follow_tap_addr(struct mirror *m)
{
	struct ifreq ifr = {};

	if (m->dev->kind->mirror == MIRROR_ETHER && !ioctl(m->fd, SIOCGIFHWADDR, &ifr))
		dev_follow_addr(m->dev, (const uint8_t *)ifr.ifr_hwaddr.sa_data);
}

static int create_in(struct host *h, struct mirror *m, int ns_fd, int sock,
		     char name[IFNAMSIZ], unsigned ifindex, struct extack *ea)
{
	struct dev *dev = m->dev;
	struct kernel_link link;
	int err;

	if (m->packet)
		return create_packet(h, m, ns_fd, sock, name, ifindex, ea);
	if (dev->ns == h->root)
		err = create_tap(h, m, ns_fd, sock, name, ifindex);
	else
		err = create_moved_tap(h, m, ns_fd, name, ifindex, ea);
	if (err)
		return err;
	if (dev->ns != h->root) {
		int fd;

		if (!mirror_locate(h, m, &fd, &ifindex))
			return -ENODEV;
		close(fd);
		dev_follow_place(dev, dev->ns, ifindex);
	}
	if (dev->ns == h->root) { /* all but name and address is as the model has it */
		dev_follow_name(dev, name);
		follow_tap_addr(m);
		return 0;
	}
	err = kernel_link_get(sock, dev->ifindex, NULL, &link);
	if (err)
		return err;
	if (dev->lower)
		dev_follow_name(dev, link.name); /* it tells the kernel MTU and address */
	else
		mirror_follow(dev, &link);
	return 0;
}

int mirror_create(struct host *h, struct dev *dev, int ns_fd, const char *name,
		  unsigned ifindex, struct extack *ea)
{
	auto_close int opened = -1;
	int sock = host_rtnl(h, dev->ns, ns_fd, &opened);
	struct mirror *m;
	char own_name[IFNAMSIZ] = {};
	int err;

	if (sock < 0)
		return sock;
	err = host_netns_watch(h, dev->ns, ns_fd);
	if (err)
		return err;
	m = xnew(struct mirror);
	m->dev = dev;
	m->fd = -1;
	m->packet = h->has_veth && dev->kind->mirror == MIRROR_ETHER &&
		    (dev->ns != h->root || dev->kind->straight);
	m->ns_cookie = dev->ns->cookie;
	list_append(&h->mirrors, &m->link);
	dev->host = m;
	memcpy(own_name, name, strnlen(name, IFNAMSIZ - 1));
	dev->making = true;
	err = create_in(h, m, ns_fd, sock, own_name, ifindex, ea);
	dev->making = false;
	if (err && m->fd < 0 && !m->factory_index) {
		dev->host = NULL;
		free_mirror(m);
	}
	return err;
}

/* ---- carrier ---- */

static void show_carrier(struct host *h, const struct dev *dev)
{
	struct mirror *m = dev->host;
	int err;

	if (!m || m->gone || dev->kind->carrier_unknown)
		return;
	if (m->packet && dev->carrier)
		shortcut_begin(h, m);
	if (m->packet)
		err = kernel_link_flags(h->factory_rtnl, m->factory_index,
					dev->carrier ? IFF_UP : 0, IFF_UP);
	else
		err = set_int(m->fd, TUNSETCARRIER, dev->carrier);
	if (err)
		log_debug("dev", dev->name, "its carrier could not be shown: %s",
			  strerror(-err));
}

/* ---- what a kind decided of its device ---- */

static void push(struct host *h, const struct dev *dev, enum net_event what)
{
	struct ifinfomsg ifi = {.ifi_index = (int)dev->ifindex};
	auto_close int ns_fd = -1, opened = -1;
	struct nlbuf req = {};
	size_t msg;
	int sock, err;

	if ((!dev->host && !is_outside(dev)) || !dev->ifindex)
		return;
	if (what == NET_DEV_SET_UP) {
		ifi.ifi_flags = dev->up ? IFF_UP : 0;
		ifi.ifi_change = IFF_UP;
	}
	if (dev->ns != h->root)
		ns_fd = host_netns_open(h, dev->ns);
	sock = host_rtnl(h, dev->ns, ns_fd, &opened);
	if (sock < 0)
		return; /* the namespace is about to end */
	msg = msg_begin(&req, RTM_NEWLINK, 0, 0, 0, &ifi, sizeof(ifi));
	if (what == NET_DEV_SET_ADDR)
		put_attr(&req, IFLA_ADDRESS, dev->addr, sizeof(dev->addr));
	if (what == NET_DEV_SET_MTU)
		put_u32(&req, IFLA_MTU, dev->mtu);
	msg_end(&req, msg);
	err = kernel_request(sock, &req, NULL, NULL);
	if (err)
		log_debug("dev", dev->name, "its kernel device does not follow: %s",
			  strerror(-err));
	nlbuf_done(&req);
}

/* ---- whereabouts ---- */

static bool locate_packet(struct host *h, struct mirror *m, int *ns_fd, unsigned *ifindex)
{
	struct kernel_link end;
	struct netns *ns;

	if (kernel_link_get(h->factory_rtnl, m->factory_index, NULL, &end))
		return false;
	*ifindex = end.peer_index;
	list_foreach(ns, &h->net->namespaces, link)
		if (ns->nsid == end.peer_nsid && ns->nsid >= 0) {
			*ns_fd = host_netns_open(h, ns);
			return *ns_fd >= 0;
		}
	return false;
}

bool mirror_locate(struct host *h, struct mirror *m, int *ns_fd, unsigned *ifindex)
{
	struct ifreq ifr = {};
	auto_close int fd = -1, sock = -1;

	if (m->gone)
		return false;
	if (m->packet)
		return locate_packet(h, m, ns_fd, ifindex);
	if (ioctl(m->fd, TUNGETIFF, &ifr))
		return false;
	fd = ioctl(m->fd, TUNGETDEVNETNS);
	sock = fd < 0 ? -1 : kernel_socket_in(fd, AF_UNIX, SOCK_DGRAM, 0);
	if (sock < 0)
		return false;
	*ifindex = kernel_index_of(sock, ifr.ifr_name);
	*ns_fd = take_fd(&fd);
	return *ifindex;
}

/* ---- death ---- */

/* While the slow thread runs one, it alone uses the mirrors' descriptors and @gone; where
 * they are does not change any more. */
struct deletion {
	struct job job;
	struct list link; /* host->deletions */
	struct list mirrors;
	int factory_fd;
	void (*done)(void *arg);
	void *arg;
};

static void delete_group(int sock, const unsigned *indexes, unsigned n)
{
	struct nlbuf req = {};
	struct ifinfomsg ifi = {};
	size_t msg;
	int err = 0;

	for (unsigned i = 0; n > 1 && i < n; i++) {
		nlbuf_clear(&req);
		ifi.ifi_index = (int)indexes[i];
		msg = msg_begin(&req, RTM_NEWLINK, 0, 0, 0, &ifi, sizeof(ifi));
		put_u32(&req, IFLA_GROUP, DYING_GROUP);
		msg_end(&req, msg);
		err = kernel_request(sock, &req, NULL, NULL); /* it may be gone by now */
	}
	nlbuf_clear(&req);
	ifi.ifi_index = n > 1 ? 0 : (int)indexes[0];
	msg = msg_begin(&req, RTM_DELLINK, 0, 0, 0, &ifi, sizeof(ifi));
	if (n > 1)
		put_u32(&req, IFLA_GROUP, DYING_GROUP);
	msg_end(&req, msg);
	err = kernel_request(sock, &req, NULL, NULL);
	if (err && err != -ENODEV)
		log_debug("mirror", "", "deletion: %s", strerror(-err));
	nlbuf_done(&req);
}

static unsigned tap_index(const struct mirror *m, int ns_fd)
{
	auto_close int sock = kernel_socket_in(ns_fd, AF_UNIX, SOCK_DGRAM, 0);
	struct ifreq ifr = {};

	if (sock < 0 || ioctl(m->fd, TUNGETIFF, &ifr))
		return 0;
	return kernel_index_of(sock, ifr.ifr_name);
}

/* Delete, in one request, @first and all after it that the same request can name. */
static void delete_with(struct deletion *d, struct mirror *first)
{
	unsigned indexes[2 * LAZY_COUNT], n = 0;
	auto_close int ns_fd = first->packet ? fcntl(d->factory_fd, F_DUPFD_CLOEXEC, 3)
					     : ioctl(first->fd, TUNGETDEVNETNS);
	auto_close int sock = ns_fd < 0 ? -1 : kernel_rtnl_in(ns_fd);
	struct mirror *m;

	for (struct list *l = &first->link;
	     l != &d->mirrors && n + 1 < array_size(indexes); l = l->next) {
		m = list_item(l, struct mirror, link);
		if (m->gone || m->packet != first->packet ||
		    (!m->packet && m->ns_cookie != first->ns_cookie))
			continue;
		m->gone = true;
		indexes[n] = sock < 0	 ? 0
			     : m->packet ? m->factory_index
					 : tap_index(m, ns_fd);
		n += indexes[n] != 0;
		if (m->detour_index && sock >= 0)
			indexes[n++] = m->detour_index;
	}
	if (n)
		delete_group(sock, indexes, n);
}

static void run_deletion(struct job *job)
{
	struct deletion *d = container_of(job, struct deletion, job);
	struct mirror *m;

	list_foreach(m, &d->mirrors, link)
		if (!m->gone)
			delete_with(d, m);
	list_foreach(m, &d->mirrors, link)
		fd_close(&m->fd); /* waits for the kernel where it is the last one */
}

static void deletion_done(struct job *job)
{
	struct deletion *d = container_of(job, struct deletion, job);
	struct mirror *m, *next;

	list_foreach_safe(m, next, &d->mirrors, link)
		free_mirror(m);
	list_remove(&d->link);

	if (d->done)
		d->done(d->arg);
	free(d);
}

static struct deletion *deletion_new(struct host *h, void (*done)(void *), void *arg)
{
	struct deletion *d = xnew(struct deletion);

	d->job.run = run_deletion;
	d->job.done = deletion_done;
	d->factory_fd = h->factory_fd;
	d->done = done;
	d->arg = arg;
	list_init(&d->mirrors);
	list_append(&h->deletions, &d->link);
	return d;
}

static void move_item(struct list *to, struct list *item)
{
	list_remove(item);
	list_append(to, item);
}

void mirror_flush_lazy(struct host *h)
{
	struct deletion *d;
	struct mirror *m, *next;

	timer_disarm(&h->lazy_timer);
	if (list_is_empty(&h->lazy))
		return;
	d = deletion_new(h, NULL, NULL);
	list_foreach_safe(m, next, &h->lazy, link)
		move_item(&d->mirrors, &m->link);
	h->n_lazy = 0;
	slow_post(&h->slow, &d->job);
}

static void on_lazy_timer(struct timer *t)
{
	struct host *h = container_of(t, struct host, lazy_timer);

	/* Wait while somebody waits for the slow thread, but not for ever. */
	if (h->slow.n_pending && clock_now() - h->lazy_since < LAZY_MAX)
		timer_arm(t, LAZY_IDLE, on_lazy_timer);
	else
		mirror_flush_lazy(h);
}

static void doom(struct host *h, struct dev *dev)
{
	struct mirror *m = dev->host;

	if (!m)
		return;
	shortcut_end(h, m);
	dev->host = NULL;
	m->dev = NULL;
	m->ifindex = dev->ifindex;
	move_item(&h->lazy, &m->link);
	if (!h->n_lazy++)
		h->lazy_since = clock_now();
	if (h->n_lazy >= LAZY_COUNT)
		mirror_flush_lazy(h);
	else
		timer_arm(&h->lazy_timer, LAZY_IDLE, on_lazy_timer);
}

void mirror_delete_tap(struct host *h, struct dev *dev, int tun_fd)
{
	struct deletion *d = deletion_new(h, NULL, NULL);
	struct mirror *m = xnew(struct mirror);

	m->fd = tun_fd;
	m->ns_cookie = dev ? dev->ns->cookie : 0;
	m->ifindex = dev ? dev->ifindex : 0;
	list_append(&d->mirrors, &m->link);
	slow_post(&h->slow, &d->job);
}

void mirror_delete(struct host *h, struct dev *dev, void (*done)(void *), void *arg)
{
	struct mirror *target = dev->host, *m, *next;
	struct deletion *d = deletion_new(h, done, arg);

	dev_destroy(
		dev); /* NET_DEV_DYING has put its mirror, and its peer's, on h->lazy */
	list_foreach_safe(m, next, &h->lazy, link) {
		if (m != target && (m->packet != target->packet ||
				    (!m->packet && m->ns_cookie != target->ns_cookie)))
			continue;
		move_item(&d->mirrors, &m->link);
		h->n_lazy--;
	}
	slow_post(&h->slow, &d->job);
}

static bool is_among(struct list *mirrors, uint64_t ns_cookie, unsigned ifindex)
{
	struct mirror *m;

	list_foreach(m, mirrors, link)
		if (m->ns_cookie == ns_cookie && m->ifindex == ifindex)
			return true;
	return false;
}

bool mirror_is_dying(struct host *h, uint64_t ns_cookie, unsigned ifindex)
{
	struct deletion *d;

	list_foreach(d, &h->deletions, link)
		if (is_among(&d->mirrors, ns_cookie, ifindex))
			return true;
	return is_among(&h->lazy, ns_cookie, ifindex);
}

void mirror_on_event(struct net_listener *l, enum net_event event, struct dev *dev)
{
	struct host *h = container_of(l, struct host, listener);

	outside_on_event(h, event, dev);
	capture_on_event(h, event, dev);
	neigh_on_event(h, event, dev);
	if (event == NET_DEV_CARRIER)
		show_carrier(h, dev);
	if (event == NET_DEV_FOLLOWED || event == NET_DEV_MASTER || event == NET_DEV_PATH)
		shortcut_dev_changed(h, dev);
	if (event == NET_DEV_SET_MTU || event == NET_DEV_SET_UP)
		shortcut_dev_changed(h, dev);
	if (event == NET_DEV_SET_ADDR || event == NET_DEV_SET_MTU ||
	    event == NET_DEV_SET_UP)
		push(h, dev, event);
	if (event == NET_DEV_DYING) {
		if (dev->ns)
			host_note_leaving(h, dev, dev->stood_on);
		usertap_dev_dying(h, dev);
		tapnode_dev_dying(h, dev);
		doom(h, dev);
	}
}
