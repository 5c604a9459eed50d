/* SPDX-License-Identifier: BSD-2-Clause
 *
 * link - RTM_NEWLINK, RTM_SETLINK, RTM_DELLINK and RTM_GETLINK: whose a request is, and
 * changing, deleting and listing devices.  How one is made: link_create.c.
 */
#include "dev/outside.h"
#include "rtnl/bridge.h"

#include <linux/sockios.h>
#include <linux/veth.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

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
static struct dev *link_dev(struct netns *ns, const struct link_msg *lm)
{
	char name[IFNAMSIZ];

	if (lm->ifi->ifi_index > 0)
		return netns_dev(ns, (unsigned)lm->ifi->ifi_index);
	if (!lm->tb[IFLA_IFNAME] ||
	    attr_str(lm->tb[IFLA_IFNAME], name, sizeof(name)) >= sizeof(name))
		return NULL;
	return netns_dev_named(ns, name);
}

static const struct dev_kind *engine_kind(struct client *c, const struct link_msg *lm)
{
	const struct dev_kind *k = net_kind(c->rtnl->net, lm->kind, strlen(lm->kind));

	/* A tap cannot be made by rtnetlink: the kernel says so itself. */
	return k && k->mirror != MIRROR_OWN ? k : NULL;
}

/* ---- masters ---- */

struct dev *link_master(struct netns *ns, const struct nlattr *const *tb)
{
	struct dev *master = attr_u32(tb[IFLA_MASTER])
				     ? netns_dev(ns, attr_u32(tb[IFLA_MASTER]))
				     : NULL;

	return master && master->kind->master ? master : NULL;
}

/* Is the engine to carry out the request's IFLA_MASTER? */
static bool masters_ours(struct client *c, const struct link_msg *lm,
			 const struct dev *dev)
{
	if (!lm->tb[IFLA_MASTER])
		return false;
	return link_master(c->ns, lm->tb) ||
	       (dev->master && !attr_u32(lm->tb[IFLA_MASTER]));
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
	return master && !err ? dev_enslave(dev, master, ea) : err;
}

/* ---- changing one ---- */

static bool moves(const struct link_msg *lm)
{
	return lm->tb[IFLA_NET_NS_FD] || lm->tb[IFLA_NET_NS_PID] ||
	       lm->tb[IFLA_TARGET_NETNSID];
}

/* Is the namespace to be that of a process that does not exist? */
static bool names_nobody(const struct link_msg *lm)
{
	const struct nlattr *pid = lm->tb[IFLA_NET_NS_PID];
	char path[64];

	snprintf(path, sizeof(path), "/proc/%u/ns/net", pid ? attr_u32(pid) : 0);
	return pid && access(path, F_OK);
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
		err = link_preflight(c, m, false, &ea) ?: -EEXIST;
	else if (m->nlmsg_type == RTM_NEWLINK && m->nlmsg_flags & NLM_F_REPLACE)
		err = -EOPNOTSUPP;
	else if (lm->data && !is_outside(dev) && strcmp(lm->kind, dev->kind->name))
		err = -EOPNOTSUPP;
	else if (lm->tb[IFLA_CARRIER] && fixed_carrier(dev))
		err = -EOPNOTSUPP;
	else if (moves(lm) && dev->kind->netns_local)
		err = names_nobody(lm) ? -ESRCH
				       : extack_set(&ea, -EINVAL,
						    "The interface netns is immutable");
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
		err = set_master(c, dev, link_master(c->ns, lm->tb), &ea);
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

	/* Elsewhere: the kernel is asked when it is known where. */
	if (!ifindex || lm->tb[IFLA_LINK_NETNSID] || netns_dev(c->ns, ifindex))
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
	bool elsewhere;
	int err;

	if (is_of_bridges(m) && m->nlmsg_type == RTM_SETLINK)
		return brlink_set(c, m);
	if (!link_msg_parse(m, &lm))
		return false;
	/* Linux looks for one of the name where the new one is to be. */
	elsewhere = moves(&lm) && m->nlmsg_flags & NLM_F_CREATE &&
		    m->nlmsg_flags & NLM_F_EXCL;
	dev = elsewhere ? NULL : link_dev(c->ns, &lm);
	kind = engine_kind(c, &lm);
	if (!dev && kind && kind->on_lower && kernels_link(c, &lm))
		return false;
	if (!dev && !kind && lm.tb[IFLA_MASTER] && link_master(c->ns, lm.tb) &&
	    !(m->nlmsg_flags & NLM_F_CREATE)) {
		err = outside_port(c, &lm, &dev, &ea);
		if (err) {
			client_answer(c, m, err, &ea);
			return true;
		}
	}
	if (!dev && kind && m->nlmsg_type == RTM_NEWLINK && m->nlmsg_flags & NLM_F_CREATE)
		return link_create(c, m, elsewhere, kind);
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

/* Where the link is that a request to delete or to tell is about; NULL: where nothing is ours. */
static struct netns *asked_ns(struct client *c, const struct nlmsghdr *m,
			      const struct link_msg *lm)
{
	const struct nlattr *id = lm->tb[IFLA_TARGET_NETNSID];

	c->target.cookie = 0; /* ids may have changed since the last request */
	return id ? rewrite_target(c, m, (int)attr_u32(id)) : c->ns;
}

static bool may_change_in(struct client *c, struct netns *ns)
{
	auto_close int fd = host_netns_open(c->rtnl->host, ns);

	return fd >= 0 && host_owns(c->sender, fd);
}

bool link_delete(struct client *c, const struct nlmsghdr *m)
{
	struct link_msg lm;
	struct deleted *d;
	struct netns *ns;
	struct dev *dev;

	if (is_of_bridges(m))
		return brlink_set(c, m);
	if (!link_msg_parse(m, &lm))
		return false;
	ns = asked_ns(c, m, &lm);
	dev = ns ? link_dev(ns, &lm) : NULL;
	if (dev && ns != c->ns && !may_change_in(c, ns)) {
		client_answer(c, m, -EACCES, NULL);
		return true;
	}
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
static unsigned asked_ports(struct netns *ns, const struct link_msg *lm)
{
	const struct nlattr *a = lm->tb[IFLA_MASTER];
	const struct dev *master = a && ns ? link_master(ns, lm->tb) : NULL;

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
	f->master = asked_ports(asked_ns(c, m, &lm), &lm);
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
