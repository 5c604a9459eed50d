/* SPDX-License-Identifier: BSD-2-Clause
 *
 * link_create - RTM_NEWLINK that makes a device of ours.
 *
 * The request is first shown to the kernel as one to change a device that does not exist: it
 * refuses malformed ones in its own words, and otherwise says ENODEV, which means that the
 * request is in order.  Then the model makes the device, its mirrors are made - a veth's peer
 * first, as Linux does, so that indexes come out the same - and the kernel gets what remains
 * of the request (MTU, addresses, "up") for each mirror.
 */
#include "rtnl/bridge.h"

#include <fcntl.h>
#include <linux/sockios.h>
#include <stdio.h>
#include <sys/ioctl.h>

/* One end of what is to be made. */
struct birth {
	const struct ifinfomsg *ifi;
	const struct nlattr *const *tb;
	int ns_fd;
	char name[IFNAMSIZ];
	struct link_req req;
	uint32_t mtu; /* as the model has made the device */
	uint8_t addr[6];
};

/* The namespace that @tb asks for; the caller closes it. */
static int asked_ns(const struct nlattr *const *tb)
{
	char path[64];
	int fd;

	if (tb[IFLA_NET_NS_FD]) {
		fd = fcntl((int)attr_u32(tb[IFLA_NET_NS_FD]), F_DUPFD_CLOEXEC, 3);
		return fd < 0 ? -EBADF : fd;
	}
	snprintf(path, sizeof(path), "/proc/%u/ns/net", attr_u32(tb[IFLA_NET_NS_PID]));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -ESRCH : fd;
}

/* Where this end is to be born: where it asks to be, or where the client is (@own). */
static int birth_place(struct client *c, struct birth *b, int own)
{
	if (b->tb[IFLA_NET_NS_FD] || b->tb[IFLA_NET_NS_PID]) {
		b->ns_fd = asked_ns(b->tb);
		if (b->ns_fd < 0)
			return b->ns_fd;
		b->req.ns = host_netns_get(c->rtnl->host, b->ns_fd);
	} else {
		b->ns_fd = fcntl(own, F_DUPFD_CLOEXEC, 3);
		b->req.ns = netns_get(c->rtnl->net, c->ns->cookie);
	}
	return b->req.ns && b->ns_fd >= 0 ? 0 : -EINVAL;
}

static int birth_init(struct client *c, struct birth *b, const struct ifinfomsg *ifi,
		      const struct nlattr *const *tb, const struct dev_kind *kind,
		      bool named, int own)
{
	const char *format = kind->name_format ? kind->name_format : kind->name;
	int err;

	b->ifi = ifi;
	b->tb = tb;
	err = birth_place(c, b, own);
	if (err)
		return err;
	if (named && tb[IFLA_IFNAME])
		attr_str(tb[IFLA_IFNAME], b->name, sizeof(b->name));
	else
		snprintf(b->name, sizeof(b->name), "%s", format);
	b->req.name = b->name;
	b->req.ifindex = (unsigned)max(ifi->ifi_index, 0);
	return 0;
}

static void birth_done(struct birth *b)
{
	if (b->req.ns)
		netns_put(b->req.ns);
	if (b->ns_fd >= 0)
		close(b->ns_fd);
}

/* What Linux applies to a link as it makes it, in the order in which it looks at them. */
static const uint16_t birth_attrs[] = {
	IFLA_MTU,
	IFLA_ADDRESS,
	IFLA_BROADCAST,
	IFLA_TXQLEN,
	IFLA_OPERSTATE,
	IFLA_LINKMODE,
	IFLA_GROUP,
	IFLA_GSO_MAX_SIZE,
	IFLA_GSO_MAX_SEGS,
	IFLA_GRO_MAX_SIZE,
	LINK_ATTR_GSO_IPV4_MAX_SIZE,
	LINK_ATTR_GRO_IPV4_MAX_SIZE,
};

/* What a device has of the one that it stands on, whatever was asked, and its mirror not yet. */
static void put_inherited(struct nlbuf *req, const struct birth *b)
{
	put_u32(req, IFLA_MTU, b->mtu);
	put_attr(req, IFLA_ADDRESS, b->addr, sizeof(b->addr));
}

static bool is_applied(const struct birth *b, const struct dev *dev, unsigned attr,
		       bool random_addr)
{
	if (attr == IFLA_ADDRESS && random_addr)
		return false;
	return b->tb[attr] &&
	       !(dev->kind->on_lower && (attr == IFLA_MTU || attr == IFLA_ADDRESS));
}

/* Give the kernel what remains of the request for this mirror. */
static int apply_rest(struct host *h, struct birth *b, struct dev *dev, bool random_addr,
		      struct extack *ea)
{
	struct ifinfomsg ifi = {.ifi_index = (int)dev->ifindex,
				.ifi_flags = b->ifi->ifi_flags,
				.ifi_change = b->ifi->ifi_change};
	auto_close int opened = -1;
	struct kernel_link link;
	struct nlbuf req = {};
	size_t msg, empty;
	int sock;
	int err = 0;

	msg = msg_begin(&req, RTM_NEWLINK, 0, 0, 0, &ifi, sizeof(ifi));
	empty = req.len;
	for (size_t i = 0; i < array_size(birth_attrs); i++)
		if (is_applied(b, dev, birth_attrs[i], random_addr))
			put_copy(&req, b->tb[birth_attrs[i]]);
	if (dev->kind->on_lower)
		put_inherited(&req, b);
	if (dev->kind->tx_queue_len && !b->tb[IFLA_TXQLEN])
		put_u32(&req, IFLA_TXQLEN, dev->kind->tx_queue_len);
	msg_end(&req, msg);
	if (req.len > empty || ifi.ifi_flags || ifi.ifi_change) {
		sock = host_rtnl(h, dev->ns, b->ns_fd, &opened);
		err = sock < 0 ? sock : kernel_request(sock, &req, NULL, ea);
		if (!err)
			err = kernel_link_get(sock, dev->ifindex, NULL, &link);
		if (!err) {
			dev->making = true; /* it is born with that */
			dev_follow_mtu(dev, link.mtu);
			dev->making = false;
			if (link.has_addr)
				dev_follow_addr(dev, link.addr);
			dev->group = link.group;
			dev_follow_flags(dev, link.flags);
		}
	}
	nlbuf_done(&req);
	return err;
}

static int make_mirror(struct client *c, struct birth *b, struct dev *dev,
		       bool random_addr, struct extack *ea)
{
	int err;

	b->mtu = dev_mtu(dev);
	memcpy(b->addr, dev->addr, sizeof(b->addr));
	err = b->ifi->ifi_flags & b->ifi->ifi_change & IFF_UP ? dev_check_up(dev, ea) : 0;
	if (!err)
		err = mirror_create(c->rtnl->host, dev, b->ns_fd, b->name, b->req.ifindex,
				    ea);
	return err ? err : apply_rest(c->rtnl->host, b, dev, random_addr, ea);
}

/* Numbers of queues are only for show: a burst goes where it goes. */
static void birth_queues(const struct birth *b, struct dev *dev)
{
	if (b->tb[IFLA_NUM_TX_QUEUES])
		dev->n_tx_queues = attr_u32(b->tb[IFLA_NUM_TX_QUEUES]);
	if (b->tb[IFLA_NUM_RX_QUEUES])
		dev->n_rx_queues = attr_u32(b->tb[IFLA_NUM_RX_QUEUES]);
}

/* The new device's master is one of ours, or else the kernel knows what to say. */
static int birth_master(struct client *c, const struct birth *b, struct dev *dev,
			struct extack *ea)
{
	struct ifinfomsg ifi = {.ifi_index = (int)dev->ifindex};
	struct dev *master = link_master(c, b->tb);
	auto_close int opened = -1;
	struct nlbuf req = {};
	int sock, err;
	size_t msg;

	if (master)
		return dev_enslave(dev, master, ea);
	sock = host_rtnl(c->rtnl->host, dev->ns, b->ns_fd, &opened);
	if (sock < 0)
		return sock;
	msg = msg_begin(&req, RTM_NEWLINK, 0, 0, 0, &ifi, sizeof(ifi));
	put_copy(&req, b->tb[IFLA_MASTER]);
	msg_end(&req, msg);
	err = kernel_request(sock, &req, NULL, ea);
	nlbuf_done(&req);
	return err;
}

static int make_devices(struct client *c, const struct dev_kind *kind, struct birth *b,
			struct birth *peer, bool peer_addr, struct extack *ea)
{
	struct host *h = c->rtnl->host;
	struct dev *dev, *other;
	int err = dev_create(c->rtnl->net, kind, &b->req, ea);

	if (err)
		return err;
	dev = b->req.made[0];
	birth_queues(b, dev);
	other = b->req.n_made > 1 ? b->req.made[1] : NULL;
	if (other && other->ns != dev->ns)
		host_nsid_pair(h, dev->ns, b->ns_fd, other->ns, peer->ns_fd);
	if (other)
		err = make_mirror(c, peer, other, !peer_addr, ea);
	if (!err)
		err = make_mirror(c, b, dev, false, ea);
	if (!err) {
		vlandb_born(c->rtnl, dev);
		brfdb_born(c->rtnl, dev);
	}
	if (!err && b->tb[IFLA_MASTER])
		err = birth_master(c, b, dev, ea);
	if (err)
		dev_destroy(dev);
	return err;
}

/* The device that IFLA_LINK names: one of ours, or one of the kernel's that will do. */
static int birth_link(struct client *c, const struct link_msg *lm,
		      const struct dev_kind *kind, int own, struct link_req *req,
		      struct extack *ea)
{
	if (!lm->tb[IFLA_LINK])
		return 0;
	req->link = attr_u32(lm->tb[IFLA_LINK]);
	req->lower = netns_dev(c->ns, req->link);
	if (req->lower || !kind->on_lower || !req->link)
		return 0;
	int err = outside_get(c->rtnl->host, c->ns, own, req->link, &req->lower, ea);

	return err == -ENODEV ? 0 : err; /* the kind says it in its own words */
}

/* As many queues as Linux allows a device. */
#define QUEUES_MAX 4096

static int queues_check(const struct link_msg *lm, struct extack *ea)
{
	const struct nlattr *tx = lm->tb[IFLA_NUM_TX_QUEUES],
			    *rx = lm->tb[IFLA_NUM_RX_QUEUES];

	if (tx && (attr_u32(tx) < 1 || attr_u32(tx) > QUEUES_MAX))
		return extack_set(ea, -EINVAL, "Invalid number of transmit queues");
	if (rx && (attr_u32(rx) < 1 || attr_u32(rx) > QUEUES_MAX))
		return extack_set(ea, -EINVAL, "Invalid number of receive queues");
	return 0;
}

/* @m has descriptors of ours in it and is known to be in order. */
static int create_checked(struct client *c, const struct nlmsghdr *m,
			  const struct dev_kind *kind, struct extack *ea)
{
	auto_close int own = ioctl(c->kernel, SIOCGSKNS);
	struct birth b = {.ns_fd = -1}, peer = {.ns_fd = -1};
	bool pair = !strcmp(kind->name, "veth");
	static const struct ifinfomsg nothing;
	struct link_msg lm;
	int err;

	if (own < 0 || !link_msg_parse(m, &lm))
		return -EINVAL;
	err = queues_check(&lm, ea);
	if (!err)
		err = birth_init(c, &b, lm.ifi, lm.tb, kind, true, own);
	b.req.data = lm.data;
	if (!err)
		err = birth_link(c, &lm, kind, own, &b.req, ea);
	if (kind->on_lower && lm.tb[IFLA_MTU])
		b.req.mtu = attr_u32(lm.tb[IFLA_MTU]);
	if (kind->on_lower && lm.tb[IFLA_ADDRESS])
		b.req.addr = attr_data(lm.tb[IFLA_ADDRESS]);
	if (!err && pair && lm.has_peer)
		err = birth_init(c, &peer, lm.peer_ifi, lm.peer_tb, kind, true, own);
	else if (!err && pair)
		/* Nothing is said of the peer: all but name, index and address is as here. */
		err = birth_init(c, &peer, &nothing, lm.tb, kind, false, own);
	if (!err) {
		if (pair)
			b.req.peer = &peer.req;
		if (!b.req.ifindex) /* Linux heeds the peer's index only with one here */
			peer.req.ifindex = 0;
		err = make_devices(c, kind, &b, &peer, lm.has_peer, ea);
	}
	birth_done(&b);
	birth_done(&peer);
	return err;
}

/* Ask the kernel whether the request is in order: 0, or what it says. */
static int preflight(struct client *c, const struct nlmsghdr *m, struct extack *ea)
{
	static const uint16_t without[] = {IFLA_GROUP, 0};
	bool root = c->ns == c->rtnl->host->root;
	auto_close int own = root ? -1 : ioctl(c->kernel, SIOCGSKNS);
	auto_close int opened = -1;
	int sock = host_rtnl(c->rtnl->host, c->ns, own, &opened);
	struct relay_fds fds = {};
	struct nlbuf req = {};
	int err = sock < 0 ? -EBADF : relay_translate(c, m, without, &req, &fds);

	if (!err) {
		struct nlmsghdr *copy = (void *)req.data;

		copy->nlmsg_type = RTM_NEWLINK;
		copy->nlmsg_flags = NLM_F_REQUEST | NLM_F_EXCL;
		err = kernel_request(sock, &req, NULL, ea);
		/* EOPNOTSUPP: this kernel has no such kind, so it is all on us. */
		if (err == -ENODEV || err == -EOPNOTSUPP) {
			err = 0;
			*ea = (struct extack){};
		} else if (!err)
			err = -EEXIST;
	}
	nlbuf_done(&req);
	relay_fds_done(&fds);
	return err;
}

static bool deletions_pending(const struct host *h)
{
	return h->n_lazy || h->slow.n_pending;
}

bool link_create(struct client *c, const struct nlmsghdr *m, const struct dev_kind *kind)
{
	struct relay_fds fds = {};
	struct nlbuf copy = {};
	struct extack ea = {};
	int err = preflight(c, m, &ea);

	if (!err)
		err = relay_translate(c, m, NULL, &copy, &fds);
	if (!err)
		err = create_checked(c, (void *)copy.data, kind, &ea);
	nlbuf_done(&copy);
	relay_fds_done(&fds);
	/* The name may be that of a mirror whose deletion was put off. */
	if (err == -EEXIST && !c->retried && deletions_pending(c->rtnl->host)) {
		relay_retry_later(c, m);
		return true;
	}
	c->retried = false;
	client_answer(c, m, err, &ea);
	return true;
}
