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

/* A namespace that has to do with a request.  Its user must rule it. */
struct place {
	int fd;		  /* -1: none */
	struct netns *ns; /* counted */
};

static void place_done(struct place *p)
{
	fd_close(&p->fd);
	if (p->ns)
		netns_put(p->ns);
}

/* Takes @fd. */
static int place_init(struct client *c, struct place *p, int fd)
{
	p->fd = fd;
	if (!host_owns(c->sender, fd))
		return -EPERM;
	p->ns = host_netns_get(c->rtnl->host, fd);
	return p->ns ? 0 : -EINVAL;
}

/* The namespace that @from names @id, which the kernel has found to be one. */
static int place_by_id(struct client *c, struct place *p, struct netns *from,
		       const struct nlattr *id, struct extack *ea)
{
	int fd = host_netns_open_id(c->rtnl->host, from, (int)attr_u32(id));

	return fd >= 0 ? place_init(c, p, fd)
		       : extack_set(
				 ea, -EINVAL,
				 "there is no way to namespace %u: it has no name, and "
				 "no program is in it",
				 attr_u32(id));
}

static void place_dup(struct place *p, const struct place *from)
{
	p->fd = fcntl(from->fd, F_DUPFD_CLOEXEC, 3);
	p->ns = netns_get(from->ns->net, from->ns->cookie);
}

/* Where this end is to be born: where it asks to be, or else @elsewhere. */
static int birth_place(struct client *c, struct birth *b, const struct place *elsewhere)
{
	struct place p = {.fd = -1};
	int err = 0;

	if (b->tb[IFLA_NET_NS_FD] || b->tb[IFLA_NET_NS_PID]) {
		int fd = asked_ns(b->tb);

		err = fd < 0 ? fd : place_init(c, &p, fd);
	} else {
		place_dup(&p, elsewhere);
	}
	b->ns_fd = p.fd;
	b->req.ns = p.ns;
	return err ?: b->ns_fd < 0 ? -EMFILE : 0;
}

static int birth_init(struct client *c, struct birth *b, const struct ifinfomsg *ifi,
		      const struct nlattr *const *tb, const struct dev_kind *kind,
		      bool named, const struct place *elsewhere)
{
	const char *format = kind->name_format ? kind->name_format : kind->name;
	int err;

	b->ifi = ifi;
	b->tb = tb;
	err = birth_place(c, b, elsewhere);
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

static bool asks_up(const struct birth *b)
{
	return b->ifi->ifi_flags & b->ifi->ifi_change & IFF_UP;
}

static int make_mirror(struct client *c, struct birth *b, struct dev *dev,
		       bool random_addr, struct extack *ea)
{
	int err;

	b->mtu = dev_mtu(dev);
	memcpy(b->addr, dev->addr, sizeof(b->addr));
	err = asks_up(b) ? dev_check_up(dev, ea) : 0;
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
	struct dev *master = link_master(dev->ns, b->tb);
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
	if (other) {
		birth_queues(peer, other);
		err = make_mirror(c, peer, other, !peer_addr, ea);
		/* There is nothing at its other end yet. */
		if (!err && asks_up(peer))
			err = -ENOTCONN;
	}
	if (!err)
		err = make_mirror(c, b, dev, false, ea);
	/* Events and replies name the other's namespace, but not those of what has failed. */
	if (!err && other && other->ns != dev->ns)
		host_nsid_pair(h, dev->ns, b->ns_fd, other->ns, peer->ns_fd);
	for (unsigned i = 0; !err && i < b->req.n_made; i++)
		dev_note_lower(b->req.made[i]);
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

/* The device in @place that IFLA_LINK names: one of ours, or one of the kernel's that will do. */
static int birth_link(struct client *c, const struct link_msg *lm,
		      const struct dev_kind *kind, const struct place *place,
		      struct link_req *req, struct extack *ea)
{
	int err;

	if (!lm->tb[IFLA_LINK])
		return 0;
	req->link = attr_u32(lm->tb[IFLA_LINK]);
	req->lower = netns_dev(place->ns, req->link);
	if (req->lower || !kind->on_lower || !req->link)
		return 0;
	err = outside_get(c->rtnl->host, place->ns, place->fd, req->link, &req->lower,
			  ea);
	return err == -ENODEV ? 0 : err; /* the kind says it in its own words */
}

/* As many queues as Linux allows a device. */
#define QUEUES_MAX 4096

static int queues_check(const struct nlattr *const *tb, struct extack *ea)
{
	const struct nlattr *tx = tb[IFLA_NUM_TX_QUEUES], *rx = tb[IFLA_NUM_RX_QUEUES];

	if (tx && (attr_u32(tx) < 1 || attr_u32(tx) > QUEUES_MAX))
		return extack_set(ea, -EINVAL, "Invalid number of transmit queues");
	if (rx && (attr_u32(rx) < 1 || attr_u32(rx) > QUEUES_MAX))
		return extack_set(ea, -EINVAL, "Invalid number of receive queues");
	return 0;
}

/* What a request to make a device is about. */
struct creation {
	struct link_msg lm;
	const struct dev_kind *kind;
	struct birth dev, peer;
	struct place own;    /* the client's */
	struct place target; /* IFLA_TARGET_NETNSID */
	struct place link;   /* IFLA_LINK_NETNSID */
};

static void creation_done(struct creation *n)
{
	birth_done(&n->dev);
	birth_done(&n->peer);
	place_done(&n->own);
	place_done(&n->target);
	place_done(&n->link);
}

static int dev_birth(struct client *c, struct creation *n, struct extack *ea)
{
	const struct nlattr *const *tb = n->lm.tb;
	struct birth *b = &n->dev;
	int err = 0;

	if (tb[IFLA_TARGET_NETNSID])
		err = place_by_id(c, &n->target, c->ns, tb[IFLA_TARGET_NETNSID], ea);
	if (!err)
		err = birth_init(c, b, n->lm.ifi, tb, n->kind, true,
				 n->target.ns ? &n->target : &n->own);
	/* Ids are those of the namespace where the device comes to be. */
	if (!err && tb[IFLA_LINK_NETNSID])
		err = place_by_id(c, &n->link, b->req.ns, tb[IFLA_LINK_NETNSID], ea);
	b->req.data = n->lm.data;
	if (n->kind->on_lower && tb[IFLA_MTU])
		b->req.mtu = attr_u32(tb[IFLA_MTU]);
	if ((n->kind->on_lower || n->kind->master) && tb[IFLA_ADDRESS])
		b->req.addr = attr_data(tb[IFLA_ADDRESS]);
	return err
		       ?: birth_link(c, &n->lm, n->kind, n->link.ns ? &n->link : &n->own,
				     &b->req, ea);
}

static int peer_birth(struct client *c, struct creation *n)
{
	static const struct ifinfomsg nothing;
	const struct place *elsewhere = n->link.ns ? &n->link : &n->own;
	int err;

	if (n->lm.has_peer)
		err = birth_init(c, &n->peer, n->lm.peer_ifi, n->lm.peer_tb, n->kind,
				 true, elsewhere);
	else
		/* Nothing is said of the peer: all but name, index and address is as here. */
		err = birth_init(c, &n->peer, &nothing, n->lm.tb, n->kind, false,
				 elsewhere);
	n->dev.req.peer = &n->peer.req;
	if (!n->dev.req.ifindex) /* Linux heeds the peer's index only with one here */
		n->peer.req.ifindex = 0;
	return err;
}

/* Is there a link with the name or index of @b where it is to be born? */
static bool is_taken(struct client *c, const struct birth *b)
{
	auto_close int opened = -1;
	int sock = host_rtnl(c->rtnl->host, b->req.ns, b->ns_fd, &opened);
	struct kernel_link link;

	if (sock < 0)
		return false;
	if (b->req.ifindex)
		return !kernel_link_get(sock, b->req.ifindex, NULL, &link);
	return b->tb[IFLA_IFNAME] && kernel_index_of(sock, b->name);
}

/* @m has descriptors of ours in it and is known to be in order. */
static int create_checked(struct client *c, const struct nlmsghdr *m, bool elsewhere,
			  const struct dev_kind *kind, struct extack *ea)
{
	struct creation n = {.kind = kind,
			     .dev.ns_fd = -1,
			     .peer.ns_fd = -1,
			     .own.fd = ioctl(c->kernel, SIOCGSKNS),
			     .target.fd = -1,
			     .link.fd = -1};
	int err = -EINVAL;

	if (n.own.fd >= 0 && link_msg_parse(m, &n.lm)) {
		n.own.ns = netns_get(c->rtnl->net, c->ns->cookie);
		err = queues_check(n.lm.tb, ea);
		if (!err && n.lm.has_peer)
			err = queues_check(n.lm.peer_tb, ea);
		if (!err)
			err = dev_birth(c, &n, ea);
		if (!err && elsewhere && is_taken(c, &n.dev))
			err = -EEXIST;
		if (!err && kind->pair)
			err = peer_birth(c, &n);
		if (!err)
			err = make_devices(c, kind, &n.dev, &n.peer, n.lm.has_peer, ea);
	}
	creation_done(&n);
	return err;
}

int link_preflight(struct client *c, const struct nlmsghdr *m, bool elsewhere,
		   struct extack *ea)
{
	static const uint16_t group[] = {IFLA_GROUP, 0},
			      identity[] = {IFLA_GROUP, IFLA_IFNAME, IFLA_ALT_IFNAME, 0};
	const uint16_t *without = elsewhere ? identity : group;
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
		if (elsewhere)
			((struct ifinfomsg *)NLMSG_DATA(copy))->ifi_index = 0;
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

/* An answer that waits until what a failed request had made is gone. */
struct refusal {
	struct client *client;
	struct nlbuf request;
	struct extack ea;
	int err;
};

static void on_undone(void *arg)
{
	struct refusal *r = arg;

	if (!r->client->closed)
		client_answer(r->client, (void *)r->request.data, r->err, &r->ea);
	client_resume(r->client);
	nlbuf_done(&r->request);
	free(r);
}

static void refuse_later(struct client *c, const struct nlmsghdr *m, int err,
			 const struct extack *ea)
{
	struct refusal *r = xnew(struct refusal);

	*r = (struct refusal){.client = c, .ea = *ea, .err = err};
	r->ea.attr = NULL;
	nlbuf_raw(&r->request, m, m->nlmsg_len);
	client_pause(c);
	mirror_delete_lazy(c->rtnl->host, on_undone, r);
}

bool link_create(struct client *c, const struct nlmsghdr *m, bool elsewhere,
		 const struct dev_kind *kind)
{
	struct host *h = c->rtnl->host;
	bool waiting = deletions_pending(h);
	unsigned put_off = h->n_lazy;
	struct relay_fds fds = {};
	struct nlbuf copy = {};
	struct extack ea = {};
	int err = link_preflight(c, m, elsewhere, &ea);

	if (!err)
		err = relay_translate(c, m, NULL, &copy, &fds);
	if (!err)
		err = create_checked(c, (void *)copy.data, elsewhere, kind, &ea);
	nlbuf_done(&copy);
	relay_fds_done(&fds);
	/* The name may be that of a mirror whose deletion was put off. */
	if (err == -EEXIST && !c->retried && waiting) {
		relay_retry_later(c, m);
		return true;
	}
	c->retried = false;
	if (err && h->n_lazy != put_off)
		refuse_later(c, m, err, &ea);
	else
		client_answer(c, m, err, &ea);
	return true;
}
