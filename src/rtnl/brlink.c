/* SPDX-License-Identifier: BSD-2-Clause
 *
 * brlink - ports of bridges as links of their own family (AF_BRIDGE): RTM_GETLINK,
 * RTM_SETLINK and the events.
 *
 * Such a message is a short one about the port's device, with the port's settings and state
 * in IFLA_PROTINFO, where an ordinary RTM_NEWLINK has them in IFLA_INFO_SLAVE_DATA.
 */
#include "nl/opt.h"
#include "rtnl/bridge.h"

#include <limits.h>
#include <linux/if.h>
#include <net/if_arp.h>

/* ---- one message ---- */

/* What a message of AF_BRIDGE repeats of the ordinary one, in its order. */
static const uint16_t repeated[] = {
	IFLA_IFNAME, IFLA_MASTER, IFLA_MTU, IFLA_OPERSTATE, IFLA_ADDRESS, IFLA_LINK,
};

/* As the model knows it, for a device whose mirror the kernel has ended already. */
static void put_from_model(struct nlbuf *view, const struct dev *dev)
{
	struct ifinfomsg ifi = {.ifi_type = ARPHRD_ETHER,
				.ifi_index = (int)dev->ifindex,
				.ifi_flags = IFF_BROADCAST | IFF_MULTICAST};
	size_t msg = msg_begin(view, RTM_NEWLINK, 0, 0, 0, &ifi, sizeof(ifi));

	put_str(view, IFLA_IFNAME, dev->name);
	put_u32(view, IFLA_MTU, dev_mtu(dev));
	put_u8(view, IFLA_OPERSTATE, IF_OPER_DOWN);
	put_attr(view, IFLA_ADDRESS, dev->addr, sizeof(dev->addr));
	msg_end(view, msg);
}

/* What to tell of a device. */
struct telling {
	uint16_t type, flags; /* of the message */
	uint32_t seq, pid;
	unsigned master; /* its index */
	bool port;	 /* tell how it is as a port */
	uint32_t mask;	 /* RTEXT_FILTER_*: which VLANs it is in */
};

static void put_link(struct client *c, struct nlbuf *out, const struct dev *dev,
		     const struct telling *t)
{
	const struct nlattr *attrs, *a;
	struct nlbuf view = {};
	struct ifinfomsg ifi;
	size_t msg, len;

	if (!rewrite_view(c, dev, &view))
		put_from_model(&view, dev);
	ifi = *(const struct ifinfomsg *)msg_header((void *)view.data, sizeof(ifi));
	attrs = msg_attrs((void *)view.data, sizeof(ifi), &len);
	ifi.ifi_family = AF_BRIDGE;
	ifi.ifi_change = 0;
	msg = msg_begin(out, t->type, t->flags, t->seq, t->pid, &ifi, sizeof(ifi));
	for (size_t i = 0; i < array_size(repeated); i++) {
		a = attr_find(attrs, len, repeated[i]);
		if (repeated[i] == IFLA_MASTER)
			put_u32(out, IFLA_MASTER, t->master);
		else if (a)
			put_copy(out, a);
	}
	if (t->port)
		put_port_data(out, IFLA_PROTINFO | NLA_F_NESTED, dev);
	brvlan_put(out, dev, t->mask);
	msg_end(out, msg);
	nlbuf_done(&view);
}

/* ---- dumps ---- */

static int by_number(const void *a, const void *b)
{
	unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;

	return x < y ? -1 : x > y;
}

void bridge_devs(struct client *c, struct dump *d,
		 bool (*wanted)(const struct dev *dev, const void *arg), const void *arg)
{
	struct dev *dev;
	size_t n = 0;

	list_foreach(dev, &c->ns->devs, in_ns)
		n++;
	free(d->devs);
	d->devs = xcalloc(n + 1, sizeof(*d->devs));
	d->n_devs = d->at = 0;
	list_foreach(dev, &c->ns->devs, in_ns)
		if (dev->ifindex && (dev_is_bridge(dev) || dev_bridge_of(dev)) &&
		    wanted(dev, arg))
			d->devs[d->n_devs++] = dev->ifindex;
	qsort(d->devs, d->n_devs, sizeof(*d->devs), by_number);
}

/* A bridge itself is among its ports for those who ask for VLANs. */
static bool is_port(const struct dev *dev, const void *arg)
{
	const uint32_t *mask = arg;

	return dev_bridge_of(dev) ||
	       *mask & (RTEXT_FILTER_BRVLAN | RTEXT_FILTER_BRVLAN_COMPRESSED);
}

static uint32_t asked_mask(const struct nlmsghdr *m)
{
	size_t len;
	const struct nlattr *attrs = msg_attrs(m, sizeof(struct ifinfomsg), &len);
	const struct nlattr *a = attrs ? attr_find(attrs, len, IFLA_EXT_MASK) : NULL;

	return a ? attr_u32(a) : 0;
}

static bool next_link(struct client *c, struct dump *d, struct nlbuf *out)
{
	uint32_t mask = asked_mask(dump_request(d));
	size_t start = out->len;

	if (!d->devs)
		bridge_devs(c, d, is_port, &mask);
	while (out->len - start < DUMP_CHUNK) {
		const struct nlmsghdr *m = dump_kernel(d);
		const struct ifinfomsg *ifi = m ? msg_header(m, sizeof(*ifi)) : NULL;
		unsigned kernels = ifi ? (unsigned)ifi->ifi_index : UINT_MAX;
		struct telling t = {.type = RTM_NEWLINK,
				    .flags = NLM_F_MULTI,
				    .seq = dump_request(d)->nlmsg_seq,
				    .pid = c->port,
				    .mask = mask};
		struct dev *dev;

		if (d->at == d->n_devs && !m)
			return false;
		if (m && (d->at == d->n_devs || kernels < d->devs[d->at])) {
			dump_take_kernel(d, out);
			continue;
		}
		dev = bridge_dev(c, (int)d->devs[d->at++]);
		if (!dev)
			continue; /* not any more */
		t.port = dev_bridge_of(dev);
		t.master = t.port ? dev->master->ifindex : dev->ifindex;
		put_link(c, out, dev, &t);
	}
	return true;
}

bool brlink_get(struct client *c, const struct nlmsghdr *m)
{
	if ((m->nlmsg_flags & NLM_F_DUMP) != NLM_F_DUMP)
		return false;
	dump_begin(c, m, NULL, next_link);
	return true;
}

/* ---- changes ---- */

/* IFLA_PROTINFO: settings in a nest, or, from old programs, a state alone. */
static int change_port(struct dev *port, const struct nlattr *info, struct extack *ea)
{
	struct nlbuf b = {};
	size_t nest;
	int err;

	if (info->nla_type & NLA_F_NESTED)
		return dev_change_port(port, info, ea);
	if (attr_len(info) < 1)
		return -EINVAL;
	nest = nest_begin(&b, IFLA_PROTINFO);
	put_u8(&b, IFLA_BRPORT_STATE, attr_u8(info));
	nest_end(&b, nest);
	err = dev_change_port(port, (void *)b.data, ea);
	nlbuf_done(&b);
	return err;
}

/* BRIDGE_FLAGS_* in IFLA_AF_SPEC: who is meant, the bridge or the device itself. */
static int read_flags(const struct nlattr *spec, unsigned *flags)
{
	const struct nlattr *a;

	*flags = 0;
	if (!spec)
		return 0;
	attr_foreach_nested(a, spec) {
		if (attr_type(a) != IFLA_BRIDGE_FLAGS && attr_type(a) != IFLA_BRIDGE_MODE)
			continue;
		if (attr_len(a) < sizeof(uint16_t))
			return -EINVAL;
		if (attr_type(a) == IFLA_BRIDGE_FLAGS)
			*flags = attr_u16(a);
	}
	return 0;
}

static int set_port(struct client *c, struct dev *dev, const struct nlattr *info,
		    const struct nlattr *spec, struct extack *ea)
{
	struct brvlan_change change = {.rtnl = c->rtnl, .dev = dev, .add = true};
	struct rtnl *r = c->rtnl;
	int err = 0;

	r->quiet = dev; /* told once, whatever has changed */
	if (info && !dev_is_bridge(dev))
		err = change_port(dev, info, ea);
	r->quiet = NULL;
	if (err)
		return err;
	if (spec)
		err = brvlan_spec(&change, spec, ea);
	if (change.changed || (info && !dev_is_bridge(dev)))
		brlink_notify(r, dev);
	return err;
}

/* RTM_DELLINK takes VLANs away, and nothing else. */
static int unset_port(struct client *c, struct dev *dev, const struct nlattr *spec)
{
	struct brvlan_change change = {.rtnl = c->rtnl, .dev = dev};
	int err = spec ? brvlan_spec(&change, spec, NULL) : 0;

	if (change.changed)
		brlink_notify(c->rtnl, dev);
	return err;
}

bool brlink_set(struct client *c, const struct nlmsghdr *m)
{
	const struct ifinfomsg *ifi = msg_header(m, sizeof(*ifi));
	struct dev *dev = ifi ? bridge_dev(c, ifi->ifi_index) : NULL;
	const struct nlattr *attrs, *info, *spec;
	struct extack ea = {};
	bool set = m->nlmsg_type == RTM_SETLINK;
	unsigned flags;
	size_t len;
	int err;

	if (!dev)
		return false;
	attrs = msg_attrs(m, sizeof(*ifi), &len);
	info = attr_find(attrs, len, IFLA_PROTINFO);
	spec = attr_find(attrs, len, IFLA_AF_SPEC);
	err = read_flags(spec, &flags);
	if (!err && (!flags || flags & BRIDGE_FLAGS_MASTER))
		err = !dev_bridge_of(dev) ? -EOPNOTSUPP
		      : set		  ? set_port(c, dev, info, spec, &ea)
					  : unset_port(c, dev, spec);
	if (!err && flags & BRIDGE_FLAGS_SELF)
		err = !dev_is_bridge(dev) ? -EOPNOTSUPP
		      : set		  ? set_port(c, dev, info, spec, &ea)
					  : unset_port(c, dev, spec);
	client_answer(c, m, err, &ea);
	return true;
}

/* ---- events ---- */

void brlink_notify(struct rtnl *r, struct dev *dev)
{
	const struct dev *br = dev_is_bridge(dev) ? dev : dev_bridge_of(dev);
	struct client *c = notify_wanted(r, dev->ns, RTNLGRP_LINK);
	struct telling t = {.type = br ? RTM_NEWLINK : RTM_DELLINK,
			    .master = br ? br->ifindex : dev->last_master,
			    .port = br && br != dev,
			    .mask = br ? RTEXT_FILTER_BRVLAN_COMPRESSED : 0};
	struct nlbuf msg = {};

	if (!c || (dev->master && !br))
		return;
	put_link(c, &msg, dev, &t);
	rtnl_notify(r, dev->ns, RTNLGRP_LINK, &msg);
	nlbuf_done(&msg);
}
