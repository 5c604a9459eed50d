/* SPDX-License-Identifier: BSD-2-Clause
 *
 * tapnode - programs that open /dev/tapN, the file of the macvtap whose index is N.
 *
 * The gate answers the open with one end of a socket pair; the other end is a queue of the
 * device.  There is no descriptor of the kernel's behind it, so the ioctls of such a file are
 * carried out here, as Linux's macvtap does (TUN* of <linux/if_tun.h>, SIOCGIFHWADDR).
 *
 * When the device ends, the program keeps a file that nothing comes from any more, as on Linux;
 * when the program closes its end, the queue ends.
 */
#include "host/host.h"
#include "base/log.h"
#include "dev/macvlan.h"
#include "port/sock.h"

#include <fcntl.h>
#include <linux/if_arp.h>
#include <linux/if_tun.h>
#include <linux/sockios.h>
#include <linux/virtio_net.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#ifndef TUN_F_USO4
#define TUN_F_USO4 0x20
#define TUN_F_USO6 0x40
#endif

#define OFFLOADS_ALL \
	(TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN | TUN_F_UFO | TUN_F_USO4 | \
	 TUN_F_USO6)
#define IFF_CHANGEABLE (IFF_VNET_HDR | IFF_MULTI_QUEUE)
#define VNET_HDR_MAX   60 /* what a port has room for */

struct tapnode {
	struct list link; /* host->tapnodes */
	struct dev *dev;  /* NULL: it has ended */
	int sock;	  /* a copy of the engine's end */
	uint64_t cookie;  /* of the program's end */
	struct port *
		port; /* NULL: the queue is detached (TUNSETQUEUE), or the device ended */
	unsigned iff;
	int vnet_hdr_size;
	bool little_endian; /* TUNSETVNETLE: kept, and all there is */
};

/* ---- life ---- */

static unsigned features(const struct tapnode *t)
{
	unsigned takes = *macvtap_offload(t->dev);

	if (!(t->iff & IFF_VNET_HDR))
		return 0;
	if (!(takes & TUN_F_CSUM))
		return PORT_F_VNET_HDR;
	return PORT_F_VNET_HDR | PORT_F_CSUM | (takes & TUN_F_TSO4 ? PORT_F_TSO : 0) |
	       (takes & TUN_F_USO4 ? PORT_F_USO : 0);
}

static int attach(struct tapnode *t)
{
	int fd = fcntl(t->sock, F_DUPFD_CLOEXEC, 3), err;
	struct port *port;

	if (fd < 0)
		return -errno;
	port = sock_port_create(fd, features(t), (unsigned)t->vnet_hdr_size, DIR_TX);
	err = macvtap_attach(t->dev, port);
	if (!err)
		t->port = port;
	return err;
}

static void detach(struct tapnode *t)
{
	if (t->port)
		macvtap_detach(t->dev, t->port);
	t->port = NULL;
}

static void end(struct tapnode *t)
{
	detach(t);
	list_remove(&t->link);
	fd_close(&t->sock);
	free(t);
}

/* Has the program closed its end, and has all that it wrote been read, if anybody reads? */
static bool is_closed(const struct tapnode *t)
{
	struct pollfd p = {.fd = t->sock};
	int waiting = 0;

	return poll(&p, 1, 0) == 1 && p.revents & POLLHUP &&
	       (!t->port || (!ioctl(t->sock, FIONREAD, &waiting) && !waiting));
}

static void reap(struct host *h)
{
	struct tapnode *t, *next;

	list_foreach_safe(t, next, &h->tapnodes, link)
		if (is_closed(t))
			end(t);
}

/* The macvtap of that index where the program is, else wherever there is one: the name of a
 * file knows no namespaces. */
static struct dev *find_dev(struct host *h, const struct netns *ns, unsigned ifindex)
{
	struct dev *dev, *found = NULL;

	list_foreach(dev, &h->net->devs, in_net) {
		if (dev->ifindex != ifindex || !macvtap_is(dev))
			continue;
		if (dev->ns == ns)
			return dev;
		found = dev;
	}
	return found;
}

int tapnode_open(struct host *h, int ns_fd, unsigned ifindex, int *program_end)
{
	struct tapnode *t;
	struct netns *ns;
	struct dev *dev;
	int pair[2], err;
	socklen_t len = sizeof(t->cookie);

	watch_drain(h);
	reap(h);
	ns = host_netns_get(h, ns_fd);
	dev = find_dev(h, ns, ifindex);
	if (ns)
		netns_put(ns);
	if (!dev)
		return -ENOENT;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -errno;
	t = xnew(struct tapnode);
	t->dev = dev;
	t->sock = pair[1];
	t->iff = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR;
	t->vnet_hdr_size = sizeof(struct virtio_net_hdr);
	list_append(&h->tapnodes, &t->link);
	err = getsockopt(pair[0], SOL_SOCKET, SO_COOKIE, &t->cookie, &len) ? -errno : 0;
	if (!err)
		err = fd_set_nonblock(pair[1], true);
	if (!err)
		err = attach(t);
	if (err) {
		end(t);
		close(pair[0]);
		return err;
	}
	*program_end = pair[0];
	return 0;
}

bool tapnode_port_dead(struct host *h, const struct port *port)
{
	struct tapnode *t;

	list_foreach(t, &h->tapnodes, link) {
		if (t->port == port) {
			end(t);
			return true;
		}
	}
	return false;
}

void tapnode_dev_dying(struct host *h, struct dev *dev)
{
	struct tapnode *t;

	list_foreach(t, &h->tapnodes, link) {
		if (t->dev != dev)
			continue;
		t->dev = NULL;
		t->port = NULL; /* the kind detaches its queues as it dies */
	}
}

void tapnode_stop(struct host *h)
{
	struct tapnode *t, *next;

	list_foreach_safe(t, next, &h->tapnodes, link)
		end(t);
}

/* ---- ioctls ---- */

/* The settings of @t, or all queues', have changed: frames look otherwise from now on. */
static void follow(struct host *h, const struct dev *dev)
{
	struct tapnode *t;

	list_foreach(t, &h->tapnodes, link) {
		if (t->dev != dev || !t->port)
			continue;
		t->port->features = features(t);
		t->port->vnet_hdr_size = (unsigned)t->vnet_hdr_size;
	}
}

static int set_iff(struct tapnode *t, unsigned iff)
{
	if ((iff & ~(unsigned)IFF_CHANGEABLE) != (IFF_TAP | IFF_NO_PI))
		return -EINVAL;
	t->iff = iff;
	return 0;
}

static int get_iff(const struct tapnode *t, struct ifreq *ifr)
{
	if (!t->dev)
		return -ENOLINK;
	memcpy(ifr->ifr_name, t->dev->name, IFNAMSIZ);
	ifr->ifr_flags = (short)t->iff;
	return 0;
}

static int set_queue(struct tapnode *t, unsigned iff)
{
	bool wanted = iff & IFF_ATTACH_QUEUE;

	if (!t->dev || wanted == !!t->port ||
	    !(iff & (IFF_ATTACH_QUEUE | IFF_DETACH_QUEUE)))
		return -EINVAL;
	if (wanted)
		return attach(t);
	detach(t);
	return 0;
}

static int set_offload(struct tapnode *t, uint64_t takes)
{
	if (takes & ~(uint64_t)OFFLOADS_ALL)
		return -EINVAL;
	if (!t->dev)
		return -ENOLINK;
	*macvtap_offload(t->dev) = (unsigned)takes;
	return 0;
}

static int set_header_size(struct tapnode *t, int size)
{
	if (size < (int)sizeof(struct virtio_net_hdr) || size > VNET_HDR_MAX)
		return -EINVAL;
	t->vnet_hdr_size = size;
	return 0;
}

static int get_addr(const struct tapnode *t, struct ifreq *ifr)
{
	if (!t->dev)
		return -ENOLINK;
	memcpy(ifr->ifr_name, t->dev->name, IFNAMSIZ);
	ifr->ifr_hwaddr.sa_family = ARPHRD_ETHER;
	memcpy(ifr->ifr_hwaddr.sa_data, t->dev->addr, sizeof(t->dev->addr));
	return 0;
}

static int set_addr(struct tapnode *t, const struct ifreq *ifr)
{
	const uint8_t *addr = (const uint8_t *)ifr->ifr_hwaddr.sa_data;
	int err;

	if (!t->dev)
		return -ENOLINK;
	if (ifr->ifr_hwaddr.sa_family != ARPHRD_ETHER)
		return -EINVAL;
	err = dev_check_new_addr(t->dev, addr, NULL);
	if (err)
		return err;
	dev_set_addr(t->dev, addr);
	t->dev->kind->followed(t->dev, DEV_ADDR);
	return 0;
}

static int carry_out(struct tapnode *t, uint32_t cmd, union tapnode_arg *arg)
{
	switch (cmd) {
	case TUNSETIFF:
		return set_iff(t, (unsigned short)arg->ifr.ifr_flags);
	case TUNGETIFF:
		return get_iff(t, &arg->ifr);
	case TUNSETQUEUE:
		return set_queue(t, (unsigned short)arg->ifr.ifr_flags);
	case TUNGETFEATURES:
		arg->number = IFF_TAP | IFF_NO_PI | IFF_CHANGEABLE;
		return 0;
	case TUNSETSNDBUF: /* what waits for the engine is the socket's to bound */
		return arg->number > 0 ? 0 : -EINVAL;
	case TUNGETVNETHDRSZ:
		arg->number = t->vnet_hdr_size;
		return 0;
	case TUNSETVNETHDRSZ:
		return set_header_size(t, arg->number);
	case TUNGETVNETLE:
		arg->number = t->little_endian;
		return 0;
	case TUNSETVNETLE:
		t->little_endian = arg->number;
		return 0;
	case TUNSETOFFLOAD:
		return set_offload(t, arg->value);
	case SIOCGIFHWADDR:
		return get_addr(t, &arg->ifr);
	case SIOCSIFHWADDR:
		return set_addr(t, &arg->ifr);
	default:
		return -EINVAL;
	}
}

static struct tapnode *by_cookie(struct host *h, uint64_t cookie)
{
	struct tapnode *t;

	list_foreach(t, &h->tapnodes, link)
		if (t->cookie == cookie)
			return t;
	return NULL;
}

bool tapnode_is(struct host *h, uint64_t cookie)
{
	return by_cookie(h, cookie);
}

int tapnode_ioctl(struct host *h, uint64_t cookie, uint32_t cmd, union tapnode_arg *arg)
{
	struct tapnode *t = by_cookie(h, cookie);
	int err;

	if (!t)
		return -ENOTTY;
	watch_drain(h);
	err = carry_out(t, cmd, arg);
	if (!err && t->dev)
		follow(h, t->dev);
	return err;
}
