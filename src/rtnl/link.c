/* SPDX-License-Identifier: BSD-2-Clause
 *
 * link - RTM_NEWLINK, RTM_SETLINK, RTM_DELLINK and RTM_GETLINK.
 *
 * A request to make a device of ours is first shown to the kernel as one to change a device
 * that does not exist: it refuses malformed ones in its own words, and otherwise says
 * ENODEV, which means that the request is in order.  Then the model makes the device, its
 * mirrors are made - a veth's peer first, as Linux does, so that indexes come out the same -
 * and the kernel gets what remains of the request (MTU, addresses, "up") for each mirror.
 */
#include "base/log.h"
#include "dev/outside.h"
#include "rtnl/bridge.h"

#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/sockios.h>
#include <linux/veth.h>
#include <stdio.h>
#include <sys/ioctl.h>

/* ---- taking requests apart ---- */

static bool peer_parse(const struct nlattr *peer, struct link_msg *lm)
{
	size_t skip = sizeof(struct ifinfomsg);

	if (attr_len(peer) < skip)
		return false;
	lm->has_peer = true;
	lm->peer_ifi = attr_data(peer);
	return !attrs_index(lm->peer_tb, array_size(lm->peer_tb),
			    (const char *)attr_data(peer) + skip, attr_len(peer) - skip,
			    NULL);
}

bool link_msg_parse(const struct nlmsghdr *m, struct link_msg *lm)
{
	const struct nlattr *attrs, *a;
	size_t len;

	memset(lm, 0, sizeof(*lm));
	lm->ifi = msg_header(m, sizeof(*lm->ifi));
	if (!lm->ifi)
		return false;
	attrs = msg_attrs(m, sizeof(*lm->ifi), &len);
	if (attrs_index(lm->tb, array_size(lm->tb), attrs, len, NULL))
		return false;
	if (!lm->tb[IFLA_LINKINFO])
		return true;
	attr_foreach_nested(a, lm->tb[IFLA_LINKINFO]) {
		if (attr_type(a) == IFLA_INFO_KIND)
			attr_str(a, lm->kind, sizeof(lm->kind));
		else if (attr_type(a) == IFLA_INFO_DATA)
			lm->data = a;
		else if (attr_type(a) == IFLA_INFO_SLAVE_DATA)
			lm->port_data = a;
	}
	if (lm->data && !strcmp(lm->kind, "veth")) {
		a = attr_find(attr_data(lm->data), attr_len(lm->data), VETH_INFO_PEER);
		return !a || peer_parse(a, lm);
	}
	return true;
}

/* The device of ours that a request is about. */
static struct dev *link_dev(struct client *c, const struct link_msg *lm)
{
	char name[IFNAMSIZ];

	if (lm->ifi->ifi_index > 0)
		return netns_dev(c->ns, (unsigned)lm->ifi->ifi_index);
	if (!lm->tb[IFLA_IFNAME] ||
	    attr_str(lm->tb[IFLA_IFNAME], name, sizeof(name)) >= sizeof(name))
		return NULL;
	return netns_dev_named(c->ns, name);
}

static const struct dev_kind *engine_kind(struct client *c, const struct link_msg *lm)
{
	const struct dev_kind *k = net_kind(c->rtnl->net, lm->kind, strlen(lm->kind));

	/* A tap cannot be made by rtnetlink: the kernel says so itself. */
	return k && k->mirror != MIRROR_OWN ? k : NULL;
}

/* ---- making a device ---- */

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

/* ---- masters ---- */

/* The device of ours that IFLA_MASTER names; NULL: it names none, or one of the kernel's. */
static struct dev *asked_master(struct client *c, const struct nlattr *const *tb)
{
	struct dev *master = attr_u32(tb[IFLA_MASTER])
				     ? netns_dev(c->ns, attr_u32(tb[IFLA_MASTER]))
				     : NULL;

	return master && master->kind->master ? master : NULL;
}

/* Is the engine to carry out the request's IFLA_MASTER? */
static bool masters_ours(struct client *c, const struct link_msg *lm,
			 const struct dev *dev)
{
	if (!lm->tb[IFLA_MASTER])
		return false;
	return asked_master(c, lm->tb) || (dev->master && !attr_u32(lm->tb[IFLA_MASTER]));
}

static int set_master(struct client *c, struct dev *dev, struct dev *master,
		      struct extack *ea)
{
	int err = 0;

	if (dev->master == master)
		return 0;
	dev_release(dev);
	if (master && is_outside(dev)) {
		auto_close int own = ioctl(c->kernel, SIOCGSKNS);

		err = outside_be_port(c->rtnl->host, dev, own, ea);
	}
	return master && !err ? dev_enslave(dev, master, NULL, ea) : err;
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
	struct dev *master = asked_master(c, b->tb);
	auto_close int opened = -1;
	struct nlbuf req = {};
	int sock, err;
	size_t msg;

	if (master)
		return dev_enslave(dev, master, NULL, ea);
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
static int link_create(struct client *c, const struct nlmsghdr *m,
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

static bool create(struct client *c, const struct nlmsghdr *m,
		   const struct dev_kind *kind)
{
	struct relay_fds fds = {};
	struct nlbuf copy = {};
	struct extack ea = {};
	int err = preflight(c, m, &ea);

	if (!err)
		err = relay_translate(c, m, NULL, &copy, &fds);
	if (!err)
		err = link_create(c, (void *)copy.data, kind, &ea);
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

/* ---- changing one ---- */

static bool moves(const struct link_msg *lm)
{
	return lm->tb[IFLA_NET_NS_FD] || lm->tb[IFLA_NET_NS_PID];
}

/* Does @m ask for nothing but another master? */
static bool only_master(const struct nlmsghdr *m)
{
	const struct ifinfomsg *ifi = msg_header(m, sizeof(*ifi));
	const struct nlattr *attrs, *a;
	size_t len;

	attrs = msg_attrs(m, sizeof(*ifi), &len);
	attr_foreach(a, attrs, len)
		if (attr_type(a) != IFLA_MASTER && attr_type(a) != IFLA_EXT_MASK &&
		    (attr_type(a) != IFLA_IFNAME || ifi->ifi_index > 0))
			return false;
	return !ifi->ifi_flags && !ifi->ifi_change;
}

/* A veth's carrier is its peer's to give. */
static bool fixed_carrier(const struct dev *dev)
{
	return dev->kind->mirror != MIRROR_OWN && !dev->kind->carrier_unknown;
}

/* What the kernel cannot judge, because only the model knows what the device stands on. */
static int check_state(const struct link_msg *lm, struct dev *dev, struct extack *ea)
{
	const struct nlattr *addr = lm->tb[IFLA_ADDRESS];
	int err = 0;

	/* What is no unicast address the kernel refuses itself. */
	if (addr && attr_len(addr) >= sizeof(dev->addr) &&
	    !dev_check_addr(attr_data(addr), NULL))
		err = dev_check_new_addr(dev, attr_data(addr), ea);
	if (!err && lm->tb[IFLA_MTU] && attr_u32(lm->tb[IFLA_MTU]) != dev_mtu(dev) &&
	    dev->kind->may_mtu)
		err = dev_check_new_mtu(dev, attr_u32(lm->tb[IFLA_MTU]), ea);
	if (!err && lm->ifi->ifi_flags & lm->ifi->ifi_change & IFF_UP)
		err = dev_check_up(dev, ea);
	return err;
}

/* What the kernel is not shown of a request, because it was for us. */
static const uint16_t *left_out(const struct dev *dev, const struct link_msg *lm,
				bool master)
{
	static const uint16_t info[] = {IFLA_LINKINFO, 0},
			      only_master[] = {IFLA_MASTER, 0},
			      both[] = {IFLA_LINKINFO, IFLA_MASTER, 0};
	bool kernels = dev->kind->mirror == MIRROR_OWN && !(lm->port_data && dev->master);
	/* It may be a port of one of the kernel's. */
	bool kernels_port = lm->port_data && !lm->data && !dev->master;

	if (kernels || kernels_port)
		return master ? only_master : NULL;
	return master ? both : info;
}

static bool change(struct client *c, const struct nlmsghdr *m, const struct link_msg *lm,
		   struct dev *dev)
{
	bool ours = masters_ours(c, lm, dev);
	struct extack ea = {};
	int err = 0;

	if (m->nlmsg_type == RTM_NEWLINK && m->nlmsg_flags & NLM_F_EXCL)
		err = -EEXIST;
	else if (m->nlmsg_type == RTM_NEWLINK && m->nlmsg_flags & NLM_F_REPLACE)
		err = -EOPNOTSUPP;
	else if (lm->data && !is_outside(dev) && strcmp(lm->kind, dev->kind->name))
		err = -EOPNOTSUPP;
	else if (lm->tb[IFLA_CARRIER] && fixed_carrier(dev))
		err = -EOPNOTSUPP;
	else if (moves(lm) && dev->kind->netns_local)
		err = extack_set(&ea, -EINVAL, "The interface netns is immutable");
	if (!err)
		err = check_state(lm, dev, &ea);
	if (!err && lm->data && dev->kind->mirror != MIRROR_OWN)
		err = dev->kind->opts ? dev_change(dev, lm->data, &ea) : -EOPNOTSUPP;
	if (!err && lm->port_data && !dev->master && ours)
		err = -EOPNOTSUPP; /* it is no port yet */
	if (!err && lm->port_data && dev->master) {
		err = dev_change_port(dev, lm->port_data, &ea);
		if (!err)
			notify_link(c->rtnl, dev);
	}
	if (!err && ours)
		err = set_master(c, dev, asked_master(c, lm->tb), &ea);
	if (err || (ours && only_master(m)))
		client_answer(c, m, err, &ea);
	else
		relay_slowly(c, m, left_out(dev, lm, ours),
			     moves(lm) && !is_outside(dev) ? dev : NULL);
	return true;
}

/* Is the device to stand on one of the kernel's own that will not do for ours?  Then it is the
 * kernel's to refuse. */
static bool kernels_link(struct client *c, const struct link_msg *lm)
{
	struct kernel_link link;
	auto_close int own = -1, opened = -1;
	unsigned ifindex = lm->tb[IFLA_LINK] ? attr_u32(lm->tb[IFLA_LINK]) : 0;
	int sock;

	if (!ifindex || netns_dev(c->ns, ifindex))
		return false;
	own = ioctl(c->kernel, SIOCGSKNS);
	sock = host_rtnl(c->rtnl->host, c->ns, own, &opened);
	return sock >= 0 && !kernel_link_get(sock, ifindex, NULL, &link) &&
	       !outside_suits(&link);
}

/* The kernel's device that is to become a port of one of our masters. */
static int outside_port(struct client *c, const struct link_msg *lm, struct dev **dev,
			struct extack *ea)
{
	auto_close int own = ioctl(c->kernel, SIOCGSKNS);
	unsigned ifindex = (unsigned)max(lm->ifi->ifi_index, 0);
	char name[IFNAMSIZ];

	if (own < 0)
		return -EBADF;
	if (!ifindex && lm->tb[IFLA_IFNAME]) {
		attr_str(lm->tb[IFLA_IFNAME], name, sizeof(name));
		ifindex = kernel_index_of(c->kernel, name);
	}
	return ifindex ? outside_get(c->rtnl->host, c->ns, own, ifindex, dev, ea)
		       : -ENODEV;
}

static bool is_of_bridges(const struct nlmsghdr *m)
{
	const struct rtgenmsg *gen = msg_header(m, sizeof(*gen));

	return gen && gen->rtgen_family == AF_BRIDGE;
}

bool link_new(struct client *c, const struct nlmsghdr *m)
{
	const struct dev_kind *kind;
	struct extack ea = {};
	struct link_msg lm;
	struct dev *dev;
	int err;

	if (is_of_bridges(m) && m->nlmsg_type == RTM_SETLINK)
		return brlink_set(c, m);
	if (!link_msg_parse(m, &lm) || lm.tb[IFLA_TARGET_NETNSID])
		return false;
	dev = link_dev(c, &lm);
	kind = engine_kind(c, &lm);
	if (!dev && kind && kind->on_lower && kernels_link(c, &lm))
		return false;
	if (!dev && !kind && lm.tb[IFLA_MASTER] && asked_master(c, lm.tb) &&
	    !(m->nlmsg_flags & NLM_F_CREATE)) {
		err = outside_port(c, &lm, &dev, &ea);
		if (err) {
			client_answer(c, m, err, &ea);
			return true;
		}
	}
	if (!dev && kind && m->nlmsg_type == RTM_NEWLINK && m->nlmsg_flags & NLM_F_CREATE)
		return create(c, m, kind);
	if (dev && (moves(&lm) || lm.tb[IFLA_LINKINFO] || lm.tb[IFLA_CARRIER] ||
		    masters_ours(c, &lm, dev)))
		return change(c, m, &lm, dev);
	if (dev && (err = check_state(&lm, dev, &ea))) {
		client_answer(c, m, err, &ea);
		return true;
	}
	if (moves(&lm) || lm.has_peer) {
		relay_slowly(c, m, NULL, NULL);
		return true;
	}
	return false;
}

/* ---- deleting and listing ---- */

struct deleted {
	struct client *client;
	struct nlbuf request;
};

static void on_deleted(void *arg)
{
	struct deleted *d = arg;

	if (!d->client->closed)
		client_answer(d->client, (void *)d->request.data, 0, NULL);
	client_resume(d->client);
	nlbuf_done(&d->request);
	free(d);
}

bool link_delete(struct client *c, const struct nlmsghdr *m)
{
	struct link_msg lm;
	struct deleted *d;
	struct dev *dev;

	if (is_of_bridges(m))
		return brlink_set(c, m);

	if (!link_msg_parse(m, &lm) || lm.tb[IFLA_TARGET_NETNSID])
		return false;
	dev = link_dev(c, &lm);
	if (!dev || !dev->host || (lm.kind[0] && strcmp(lm.kind, dev->kind->name))) {
		relay_slowly(c, m, NULL, NULL);
		return true;
	}
	d = xnew(struct deleted);
	d->client = c;
	nlbuf_raw(&d->request, m, m->nlmsg_len);
	client_pause(c);
	mirror_delete(c->rtnl->host, dev, on_deleted, d);
	return true;
}

/* Asked for by a dump: ports of a master of ours, or of none. */
static unsigned asked_ports(struct client *c, const struct link_msg *lm)
{
	const struct nlattr *a = lm->tb[IFLA_MASTER];
	const struct dev *master = a ? asked_master(c, lm->tb) : NULL;

	if (a && attr_u32(a) == NO_MASTER)
		return NO_MASTER;
	return master ? master->ifindex : 0;
}

bool link_get(struct client *c, const struct nlmsghdr *m)
{
	static const uint16_t without_kind[] = {IFLA_LINKINFO, 0},
			      without_master[] = {IFLA_MASTER, 0},
			      without_both[] = {IFLA_LINKINFO, IFLA_MASTER, 0};
	struct dump_filter *f = &c->filter;
	struct link_msg lm;
	bool dump = (m->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;

	if (dump && is_of_bridges(m))
		return brlink_get(c, m);
	if (dump)
		f->active = false;
	if (!dump || !link_msg_parse(m, &lm))
		return false;
	snprintf(f->kind, sizeof(f->kind), "%s", lm.kind);
	f->master = asked_ports(c, &lm);
	f->seq = m->nlmsg_seq;
	f->active = f->kind[0] || f->master;
	/* That a link has no master the kernel can tell of what is not ours. */
	if (f->active)
		relay_quickly(c, m,
			      !f->master || f->master == NO_MASTER ? without_kind
			      : !f->kind[0]			   ? without_master
								   : without_both);
	return f->active;
}
