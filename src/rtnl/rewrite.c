/* SPDX-License-Identifier: BSD-2-Clause
 *
 * rewrite - what programs are told of links.
 *
 * The kernel speaks of a mirror: a TAP, or one end of a veth whose other end is in the
 * factory.  Here that becomes what the model knows: kind and settings, the device at the
 * other end, carrier and operational state, counters, limits.  Everything else is left as
 * the kernel says it, in its order.  A message about a link that is not ours is copied.
 */
#include "dev/outside.h"
#include "nl/opt.h"
#include "rtnl/bridge.h"

#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/net_namespace.h>
#include <linux/pkt_sched.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* RFC 2863 ifOperStatus as Linux numbers it (enum in <linux/if.h>). */
static uint8_t oper_state(const struct dev *dev)
{
	if (dev->up && dev->carrier)
		return dev->oper_unknown ? IF_OPER_UNKNOWN : IF_OPER_UP;
	return dev->up && dev->lower_down ? IF_OPER_LOWERLAYERDOWN : IF_OPER_DOWN;
}

static uint32_t link_flags(const struct dev *dev, uint32_t flags)
{
	if (dev->kind->carrier_unknown)
		return flags;
	flags &= ~(uint32_t)(IFF_RUNNING | IFF_LOWER_UP);
	if (dev->up && dev->carrier)
		flags |= IFF_RUNNING | IFF_LOWER_UP;
	return flags;
}

void put_port_data(struct nlbuf *out, unsigned attr, const struct dev *port)
{
	const struct master_ops *ops = port->master->kind->master;
	size_t data = nest_begin(out, attr);

	opts_fill(ops->opts, dev_port_config(port), out);
	if (ops->fill)
		ops->fill(port, out);
	nest_end(out, data);
}

static void put_port_info(struct nlbuf *out, const struct dev *dev)
{
	put_str(out, IFLA_INFO_SLAVE_KIND, dev->master->kind->name);
	put_port_data(out, IFLA_INFO_SLAVE_DATA, dev);
}

/* Kind and settings from us; what is said of its role as a port from us, if we are its
 * master, else from the kernel. */
static void put_info(struct nlbuf *out, const struct nlattr *old, const struct dev *dev)
{
	size_t nest = nest_begin(out, IFLA_LINKINFO), data;
	const struct nlattr *a;

	put_str(out, IFLA_INFO_KIND, dev->kind->name);
	if (dev->kind->opts) {
		data = nest_begin(out, IFLA_INFO_DATA);
		opts_fill(dev->kind->opts, dev_config(dev), out);
		if (dev->kind->fill)
			dev->kind->fill(dev, out);
		nest_end(out, data);
	}
	if (dev->master) {
		put_port_info(out, dev);
	} else if (old) {
		attr_foreach_nested(a, old)
			if (attr_type(a) == IFLA_INFO_SLAVE_KIND ||
			    attr_type(a) == IFLA_INFO_SLAVE_DATA)
				put_copy(out, a);
	}
	nest_end(out, nest);
}

/* @seer: the namespace whose ids are used. */
static void put_other_end(struct client *c, struct nlbuf *out, struct dev *dev,
			  struct dev *other, struct netns *seer)
{
	int nsid;

	if (!other || !other->ifindex)
		return;
	put_u32(out, IFLA_LINK, other->ifindex);
	if (other->ns == dev->ns)
		return;
	nsid = host_nsid_between(c->rtnl->host, seer, other->ns, true);
	if (nsid >= 0)
		put_u32(out, IFLA_LINK_NETNSID, (uint32_t)nsid);
}

/* A mirror that is a veth says UP where a device without a notion of carrier says UNKNOWN. */
static uint8_t known_state(uint8_t state)
{
	return state == IF_OPER_UP ? IF_OPER_UNKNOWN : state;
}

/* Our devices have no queueing discipline unless they are given one; a TAP gets the default
 * one when it is first set up. */
static bool is_default_qdisc(const struct nlattr *kind)
{
	return attr_str_is(kind, "pfifo_fast") || attr_str_is(kind, "fq_codel") ||
	       attr_str_is(kind, "fq") || attr_str_is(kind, "mq");
}

static void put_qdisc(struct nlbuf *out, const struct nlattr *a, const struct dev *dev)
{
	if (!dev->kind->tx_queue_len && is_default_qdisc(a))
		put_str(out, IFLA_QDISC, "noqueue");
	else
		put_copy(out, a);
}

static bool any_mtu(const struct dev_kind *kind)
{
	return kind->max_mtu == UINT32_MAX;
}

static uint32_t min_mtu(const struct dev_kind *kind)
{
	return any_mtu(kind) || kind->min_mtu == MTU_ANY ? 0
							 : kind->min_mtu ?: ETH_MIN_MTU;
}

/* The most that a Linux device can have (TSO_MAX_SIZE). */
#define TSO_MAX_SIZE 524280u

/* What stands on another device can do what that can; a bridge what all its ports can. */
static uint32_t tso_max_size(struct dev *dev, uint32_t mirrors)
{
	uint32_t least = TSO_MAX_SIZE;
	struct dev *port;

	while (dev->kind->on_lower && dev->lower)
		dev = dev->lower;
	if (!dev_is_bridge(dev) || !bridge_had_port(dev))
		return dev->kind->tso_max_size ?: mirrors;
	list_foreach(port, &dev->ports, in_master)
		least = min(least, tso_max_size(port, dev->kind->tso_max_size));
	return least;
}

static uint32_t queues(const struct dev *dev, unsigned asked)
{
	if (asked)
		return asked;
	return dev->kind->queue_per_cpu ? (uint32_t)sysconf(_SC_NPROCESSORS_CONF) : 1;
}

/* What a master changes of its port: it takes all frames, whomever they are for.  The kernel
 * counts that itself for a device of its own. */
static void put_of_port(struct nlbuf *out, const struct nlattr *a, const struct dev *dev)
{
	bool takes = dev_bridge_of(dev) && !is_outside(dev);

	switch (dev->master ? attr_type(a) : IFLA_UNSPEC) {
	case IFLA_MASTER:
		break;
	case IFLA_PROMISCUITY:
		put_u32(out, IFLA_PROMISCUITY,
			attr_u32(a) + (takes && bridge_port_is_promisc(dev)));
		break;
	case IFLA_ALLMULTI:
		put_u32(out, IFLA_ALLMULTI, attr_u32(a) + takes);
		break;
	default:
		put_copy(out, a);
	}
}

/* One attribute of a link of ours. */
static void put_one(struct client *c, struct nlbuf *out, const struct nlattr *a,
		    struct dev *dev, struct dev *other)
{
	const struct dev_kind *kind = dev->kind;

	switch (attr_type(a)) {
	case IFLA_OPERSTATE:
		put_u8(out, IFLA_OPERSTATE,
		       kind->carrier_unknown ? known_state(attr_u8(a)) : oper_state(dev));
		break;
	case IFLA_CARRIER:
		put_u8(out, IFLA_CARRIER,
		       kind->carrier_unknown ? attr_u8(a) : dev->carrier);
		break;
	case IFLA_QDISC:
		put_qdisc(out, a, dev);
		break;
	case IFLA_MIN_MTU:
		put_u32(out, IFLA_MIN_MTU, min_mtu(kind));
		break;
	case IFLA_MAX_MTU:
		put_u32(out, IFLA_MAX_MTU,
			dev_max_mtu(dev) == UINT32_MAX ? 0 : dev_max_mtu(dev));
		break;
	case IFLA_NUM_TX_QUEUES:
		put_u32(out, IFLA_NUM_TX_QUEUES, queues(dev, dev->n_tx_queues));
		break;
	case IFLA_NUM_RX_QUEUES:
		put_u32(out, IFLA_NUM_RX_QUEUES, queues(dev, dev->n_rx_queues));
		break;
	case IFLA_TSO_MAX_SIZE:
		put_u32(out, IFLA_TSO_MAX_SIZE, tso_max_size(dev, attr_u32(a)));
		break;
	case IFLA_STATS:
	case IFLA_STATS64:
		put_link_stats(c, out, a, attr_type(a) == IFLA_STATS64, dev);
		break;
	case IFLA_LINK:
	case IFLA_LINK_NETNSID:
		break; /* the mirror's own; ours comes with the address */
	case IFLA_LINKINFO:
		put_info(out, a, dev);
		break;
	case IFLA_ADDRESS:
		if (dev_is_bridge(dev))
			put_attr(out, IFLA_ADDRESS, bridge_addr(dev), ETH_ALEN);
		else
			put_copy(out, a);
		break;
	default:
		put_of_port(out, a, dev);
	}
}

static void rewrite_link(struct client *c, const struct nlmsghdr *m, struct dev *dev,
			 struct nlbuf *out)
{
	struct dev *other = dev_link(dev);
	struct ifinfomsg ifi = *(const struct ifinfomsg *)msg_header(m, sizeof(ifi));
	const struct nlattr *attrs, *a;
	size_t len, msg;

	attrs = msg_attrs(m, sizeof(ifi), &len);
	ifi.ifi_flags = link_flags(dev, ifi.ifi_flags);
	msg = msg_begin(out, m->nlmsg_type, m->nlmsg_flags, m->nlmsg_seq, m->nlmsg_pid,
			&ifi, sizeof(ifi));
	attr_foreach(a, attrs, len)
		put_one(c, out, a, dev, other);
	put_other_end(c, out, dev, other,
		      attr_find(attrs, len, IFLA_TARGET_NETNSID) ? c->ns : dev->ns);
	if (dev->master)
		put_u32(out, IFLA_MASTER, dev->master->ifindex);
	msg_end(out, msg);
}

/* A link that is the kernel's own, or a program's tap, but a port of ours: only that is told. */
static void rewrite_port(const struct nlmsghdr *m, const struct dev *dev,
			 struct nlbuf *out)
{
	const struct ifinfomsg *ifi = msg_header(m, sizeof(*ifi));
	const struct nlattr *attrs, *a, *old = NULL;
	size_t len, msg, info;

	attrs = msg_attrs(m, sizeof(*ifi), &len);
	msg = msg_begin(out, m->nlmsg_type, m->nlmsg_flags, m->nlmsg_seq, m->nlmsg_pid,
			ifi, sizeof(*ifi));
	attr_foreach(a, attrs, len) {
		if (attr_type(a) == IFLA_LINKINFO)
			old = a;
		else
			put_of_port(out, a, dev);
	}
	info = nest_begin(out, IFLA_LINKINFO);
	if (old)
		attr_foreach_nested(a, old)
			put_copy(out, a);
	put_port_info(out, dev);
	nest_end(out, info);
	put_u32(out, IFLA_MASTER, dev->master->ifindex);
	msg_end(out, msg);
}

/* Is it what the dump that is under way asks for? */
static bool asked_for(const struct client *c, const struct dev *dev,
		      const struct nlattr *attrs, size_t len)
{
	const struct dump_filter *f = &c->filter;
	const struct nlattr *info, *kind;

	if (f->master == NO_MASTER && dev && dev->master)
		return false;
	if (f->master && f->master != NO_MASTER &&
	    (!dev || !dev->master || dev->master->ifindex != f->master))
		return false;
	if (!f->kind[0])
		return true;
	if (dev && !is_outside(dev))
		return !strcmp(dev->kind->name, f->kind);
	info = attr_find(attrs, len, IFLA_LINKINFO);
	kind = info ? attr_find(attr_data(info), attr_len(info), IFLA_INFO_KIND) : NULL;
	return kind && attr_str_is(kind, f->kind);
}

/* An event of a mirror's last moments, which the client's socket has kept until all was over. */
static bool is_late(struct client *c, const struct netns *ns, const struct nlmsghdr *m,
		    const struct dev *dev)
{
	const struct ifinfomsg *ifi = msg_header(m, sizeof(*ifi));
	const struct obituary *o;

	if (dev || m->nlmsg_seq)
		return false;
	o = host_obituary(c->rtnl->host, ns->cookie, (unsigned)ifi->ifi_index);
	return o && o->died && o->kind->mirror != MIRROR_OWN;
}

/* Is this link to be left out: a mirror that is being deleted, or not asked for? */
static bool hidden(struct client *c, const struct netns *ns, const struct nlmsghdr *m,
		   const struct dev *dev, const struct nlattr *attrs, size_t len)
{
	const struct nlattr *group = attr_find(attrs, len, IFLA_GROUP);
	const struct ifinfomsg *ifi = msg_header(m, sizeof(*ifi));

	if (m->nlmsg_type == RTM_NEWLINK &&
	    ((group && attr_u32(group) == DYING_GROUP) ||
	     mirror_is_dying(c->rtnl->host, ns->cookie, (unsigned)ifi->ifi_index) ||
	     is_late(c, ns, m, dev)))
		return true;
	return c->filter.active && m->nlmsg_seq == c->filter.seq &&
	       !asked_for(c, dev, attrs, len);
}

/* Somebody waits for an answer about that one link. */
static void put_no_device(struct client *c, const struct nlmsghdr *m, struct nlbuf *out)
{
	const struct nlmsghdr request = {.nlmsg_len = sizeof(request),
					 .nlmsg_type = RTM_GETLINK,
					 .nlmsg_flags = NLM_F_REQUEST,
					 .nlmsg_seq = m->nlmsg_seq};

	put_ack(out, &request, c->port, -ENODEV, NULL, false, true);
}

/* The last that is told of a link: its kind, and where it led. */
static void rewrite_leaving(struct client *c, const struct netns *ns,
			    const struct nlmsghdr *m, struct nlbuf *out)
{
	const struct ifinfomsg *ifi = msg_header(m, sizeof(*ifi));
	const struct obituary *o =
		host_obituary(c->rtnl->host, ns->cookie, (unsigned)ifi->ifi_index);
	const struct nlattr *attrs, *a;
	size_t len, msg, info;

	if (m->nlmsg_type != RTM_DELLINK || !o || o->kind->mirror == MIRROR_OWN) {
		nlbuf_raw(out, m, m->nlmsg_len);
		return;
	}
	attrs = msg_attrs(m, sizeof(*ifi), &len);
	msg = msg_begin(out, m->nlmsg_type, m->nlmsg_flags, m->nlmsg_seq, m->nlmsg_pid,
			ifi, sizeof(*ifi));
	attr_foreach(a, attrs, len)
		if (attr_type(a) != IFLA_LINKINFO && attr_type(a) != IFLA_LINK &&
		    attr_type(a) != IFLA_LINK_NETNSID)
			put_copy(out, a);
	info = nest_begin(out, IFLA_LINKINFO);
	put_str(out, IFLA_INFO_KIND, o->kind->name);
	nest_end(out, info);
	if (o->link || o->kind->link)
		put_u32(out, IFLA_LINK, o->link);
	msg_end(out, msg);
}

bool rewrite_view(struct client *c, const struct dev *dev, struct nlbuf *out)
{
	struct ifinfomsg ifi = {.ifi_index = (int)dev->ifindex};
	auto_close int own = c->ns == dev->ns ? ioctl(c->kernel, SIOCGSKNS)
					      : host_netns_open(c->rtnl->host, dev->ns);
	auto_close int opened = -1;
	int sock = own < 0 ? -1 : host_rtnl(c->rtnl->host, dev->ns, own, &opened);
	struct nlbuf req = {}, reply = {};
	size_t before = out->len;
	struct nlmsghdr *m;
	int err = -EBADF;

	msg_end(&req, msg_begin(&req, RTM_GETLINK, 0, 0, 0, &ifi, sizeof(ifi)));
	if (sock >= 0)
		err = kernel_request(sock, &req, &reply, NULL);
	if (!err && reply.len) {
		m = (void *)reply.data;
		m->nlmsg_flags = 0;
		m->nlmsg_seq = m->nlmsg_pid = 0;
		rewrite_message(c, dev->ns, m, out);
	}
	nlbuf_done(&req);
	nlbuf_done(&reply);
	return out->len > before;
}

struct netns *rewrite_target(struct client *c, const struct nlmsghdr *m, int id)
{
	struct target *t = &c->target;
	struct netns *ns;

	if (t->cookie && t->seq == m->nlmsg_seq && t->id == id)
		return netns_find(c->rtnl->net, t->cookie);
	ns = host_netns_by_id(c->rtnl->host, c->ns, id);
	*t = (struct target){
		.seq = m->nlmsg_seq, .id = id, .cookie = ns ? ns->cookie : 0};
	return ns;
}

static void rewrite_any_link(struct client *c, struct netns *ns, const struct nlmsghdr *m,
			     struct nlbuf *out)
{
	const struct ifinfomsg *ifi = msg_header(m, sizeof(*ifi));
	const struct nlattr *attrs, *target;
	struct dev *dev;
	size_t len;

	if (!ifi || ifi->ifi_family != AF_UNSPEC) {
		nlbuf_raw(out, m, m->nlmsg_len);
		return;
	}
	attrs = msg_attrs(m, sizeof(*ifi), &len);
	target = attr_find(attrs, len, IFLA_TARGET_NETNSID);
	if (target)
		ns = rewrite_target(c, m, (int)attr_u32(target));
	if (!ns) {
		nlbuf_raw(out, m, m->nlmsg_len);
		return;
	}
	dev = netns_dev(ns, (unsigned)ifi->ifi_index);
	if (hidden(c, ns, m, dev, attrs, len)) {
		if (m->nlmsg_pid == c->port && m->nlmsg_seq &&
		    !(m->nlmsg_flags & NLM_F_MULTI))
			put_no_device(c, m, out);
		return;
	}
	if (dev && dev->kind->mirror != MIRROR_OWN)
		rewrite_link(c, m, dev, out);
	else if (dev && dev->master)
		rewrite_port(m, dev, out);
	else if (dev)
		nlbuf_raw(out, m, m->nlmsg_len);
	else
		rewrite_leaving(c, ns, m, out);
}

static bool is_factory_id(const struct nlmsghdr *m)
{
	size_t len;
	const struct nlattr *attrs = msg_attrs(m, sizeof(struct rtgenmsg), &len);
	const struct nlattr *id = attrs ? attr_find(attrs, len, NETNSA_NSID) : NULL;

	return id && attr_u32(id) == FACTORY_NSID;
}

/* The default discipline has no handle of its own. */
static void rewrite_qdisc(struct netns *ns, const struct nlmsghdr *m, struct nlbuf *out)
{
	const struct tcmsg *tc = msg_header(m, sizeof(*tc));
	const struct dev *dev = tc ? netns_dev(ns, (unsigned)tc->tcm_ifindex) : NULL;
	const struct nlattr *attrs, *a;
	size_t len, msg;

	if (!dev || dev->kind->mirror == MIRROR_OWN || dev->kind->tx_queue_len ||
	    tc->tcm_handle || tc->tcm_parent != TC_H_ROOT) {
		nlbuf_raw(out, m, m->nlmsg_len);
		return;
	}
	attrs = msg_attrs(m, sizeof(*tc), &len);
	msg = msg_begin(out, m->nlmsg_type, m->nlmsg_flags, m->nlmsg_seq, m->nlmsg_pid,
			tc, sizeof(*tc));
	attr_foreach(a, attrs, len) {
		if (attr_type(a) == TCA_KIND)
			put_str(out, TCA_KIND, "noqueue");
		else if (attr_type(a) != TCA_OPTIONS)
			put_copy(out, a);
	}
	msg_end(out, msg);
}

void rewrite_message(struct client *c, struct netns *ns, const struct nlmsghdr *m,
		     struct nlbuf *out)
{
	if (!ns && m->nlmsg_type != RTM_NEWNSID && m->nlmsg_type != RTM_DELNSID) {
		nlbuf_raw(out, m, m->nlmsg_len);
		return;
	}
	switch (m->nlmsg_type) {
	case RTM_NEWLINK:
	case RTM_DELLINK:
		rewrite_any_link(c, ns, m, out);
		break;
	case RTM_NEWQDISC:
	case RTM_DELQDISC:
		rewrite_qdisc(ns, m, out);
		break;
	case RTM_NEWNSID:
	case RTM_DELNSID:
		if (!is_factory_id(m))
			nlbuf_raw(out, m, m->nlmsg_len);
		break;
	case RTM_NEWNEIGH:
		neigh_rewrite(c, m, out);
		break;
	case RTM_NEWSTATS:
		xstats_rewrite(c, ns, m, out);
		break;
	case NLMSG_DONE:
		if (c->filter.active && m->nlmsg_seq == c->filter.seq)
			c->filter.active = false;
		nlbuf_raw(out, m, m->nlmsg_len);
		break;
	default:
		nlbuf_raw(out, m, m->nlmsg_len);
	}
}
