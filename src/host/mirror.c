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
int mirror_set_kind_flags(int sock, const struct dev *dev)
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
	err = mirror_set_kind_flags(sock, dev);
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
		return pair_create(h, m, ns_fd, sock, name, ifindex, ea);
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
		mirror_free(m);
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
	if (m->packet)
		err = pair_show_carrier(h, m);
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

void mirror_on_event(struct net_listener *l, enum net_event event, struct dev *dev)
{
	struct host *h = container_of(l, struct host, listener);

	outside_on_event(h, event, dev);
	capture_on_event(h, event, dev);
	neigh_on_event(h, event, dev);
	flow_on_event(h, event, dev);
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
		mirror_doom(h, dev);
	}
}
