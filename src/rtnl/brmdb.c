/* SPDX-License-Identifier: BSD-2-Clause
 *
 * brmdb - multicast databases of bridges: RTM_NEWMDB, RTM_DELMDB, RTM_GETMDB, and their events.
 *
 * What is asked of another device than a bridge of the engine goes to the kernel, which has
 * the answer.
 */
#include "rtnl/bridge.h"
#include "dev/bridge_mdb.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>

/* MDBA_SET_ENTRY_* and MDBA_GET_ENTRY_*, which have the same numbers. */
enum {
	ENTRY = 1,
	ENTRY_ATTRS,
	ENTRY_N
};

/* MDBE_ATTR_*. */
enum {
	ATTR_SOURCE = 1,
	ATTR_SRC_LIST,
	ATTR_GROUP_MODE,
	ATTR_RTPROT,
	ATTR_N = 16
};
#define SRC_ADDRESS 1 /* MDBE_SRCATTR_ADDRESS */

/* MDBA_MDB_EATTR_*. */
enum {
	EATTR_TIMER = 1,
	EATTR_SRC_LIST,
	EATTR_GROUP_MODE,
	EATTR_SOURCE,
	EATTR_RTPROT,
};

/* MDBA_ROUTER_PATTR_*. */
enum {
	PATTR_TIMER = 1,
	PATTR_TYPE,
	PATTR_INET_TIMER,
	PATTR_INET6_TIMER,
};

#define VLAN_ID_MAX 4094u

/* A message of a dump is that long at most, but for one group's members. */
#define MESSAGE_FULL 3072u

/* ---- telling ---- */

static size_t addr_size(uint16_t proto)
{
	return proto == ETH_P_IPV6 ? 16 : proto ? 4 : 6;
}

static void put_sources(struct nlbuf *out, const struct mdb_info *e)
{
	size_t list, nest;

	if (!e->n_sources)
		return;
	list = nest_begin(out, EATTR_SRC_LIST | NLA_F_NESTED);
	for (unsigned i = 0; i < e->n_sources; i++) {
		nest = nest_begin(out, MDBA_MDB_SRCLIST_ENTRY | NLA_F_NESTED);
		put_attr(out, MDBA_MDB_SRCATTR_ADDRESS, e->source[i].addr,
			 addr_size(e->addr.proto));
		put_u32(out, MDBA_MDB_SRCATTR_TIMER, e->source[i].timer);
		nest_end(out, nest);
	}
	nest_end(out, list);
}

static uint8_t entry_flags(uint8_t flags)
{
	return (uint8_t)((flags & MDB_F_FAST_LEAVE ? MDB_FLAGS_FAST_LEAVE : 0) |
			 (flags & MDB_F_STAR_EXCL ? MDB_FLAGS_STAR_EXCL : 0) |
			 (flags & MDB_F_BLOCKED ? MDB_FLAGS_BLOCKED : 0));
}

static void put_info(struct nlbuf *out, const struct mdb_info *e)
{
	static const uint8_t none[16];
	struct br_mdb_entry entry = {
		.ifindex = e->port->ifindex,
		.state = e->flags & MDB_F_PERMANENT ? MDB_PERMANENT : MDB_TEMPORARY,
		.flags = entry_flags(e->flags),
		.vid = e->addr.vid,
		.addr.proto = htons(e->addr.proto),
	};
	size_t nest = nest_begin(out, MDBA_MDB_ENTRY_INFO);

	memcpy(&entry.addr.u, e->addr.dst, addr_size(e->addr.proto));
	nlbuf_raw(out, &entry, sizeof(entry));
	put_u32(out, EATTR_TIMER, e->timer);
	if (e->addr.proto && memcmp(e->addr.src, none, sizeof(none)) != 0)
		put_attr(out, EATTR_SOURCE, e->addr.src, addr_size(e->addr.proto));
	if (e->rt_protocol)
		put_u8(out, EATTR_RTPROT, e->rt_protocol);
	if (e->has_mode) {
		put_sources(out, e);
		put_u8(out, EATTR_GROUP_MODE, e->mode);
	}
	nest_end(out, nest);
}

static size_t begin(struct nlbuf *out, const struct dev *br, uint16_t type,
		    uint16_t flags, uint32_t seq, uint32_t pid)
{
	struct br_port_msg bpm = {.family = AF_BRIDGE, .ifindex = br->ifindex};

	return msg_begin(out, type, flags, seq, pid, &bpm, sizeof(bpm));
}

/* ---- dumps ---- */

/* A bridge's part of one, from its entry @skip on. */
struct telling {
	struct nlbuf *out;
	const struct mdb_addr *group; /* the nest that is open is of; NULL: none is */
	struct mdb_addr last;
	size_t start, mdb, entry;
	uint32_t at, skip;
	bool full;
};

static void end_group(struct telling *t)
{
	if (t->group)
		nest_end(t->out, t->entry);
	t->group = NULL;
}

static bool tell_entry(void *arg, const struct mdb_info *e)
{
	struct telling *t = arg;

	if (t->at++ < t->skip)
		return true;
	if (t->out->len - t->start > MESSAGE_FULL) {
		t->at--;
		t->full = true;
		return false;
	}
	if (!t->group || memcmp(&t->last, &e->addr, sizeof(t->last)) != 0) {
		end_group(t);
		t->entry = nest_begin(t->out, MDBA_MDB_ENTRY);
		t->last = e->addr;
		t->group = &t->last;
	}
	put_info(t->out, e);
	return true;
}

static void put_router(void *arg, const struct mdb_router *r)
{
	struct nlbuf *out = arg;
	uint32_t ifindex = r->port->ifindex;
	size_t nest = nest_begin(out, MDBA_ROUTER_PORT);

	nlbuf_raw(out, &ifindex, sizeof(ifindex));
	put_u32(out, PATTR_TIMER, max(r->timer[0], r->timer[1]));
	put_u8(out, PATTR_TYPE, r->type);
	if (r->has[0])
		put_u32(out, PATTR_INET_TIMER, r->timer[0]);
	if (r->has[1])
		put_u32(out, PATTR_INET6_TIMER, r->timer[1]);
	nest_end(out, nest);
}

static void count_router(void *arg, const struct mdb_router *r)
{
	++*(unsigned *)arg;
}

/* One message about a bridge, from the entry *@cursor on.  True: that was the last. */
static bool put_bridge(struct client *c, const struct nlmsghdr *m, struct nlbuf *out,
		       const struct dev *br, uint32_t *cursor)
{
	struct telling t = {.out = out, .start = out->len, .skip = *cursor};
	size_t msg = begin(out, br, RTM_GETMDB, NLM_F_MULTI, m->nlmsg_seq, c->port), nest;
	unsigned n_routers = 0;

	t.mdb = nest_begin(out, MDBA_MDB);
	mdb_foreach(br, NULL, tell_entry, &t);
	end_group(&t);
	nest_end(out, t.mdb);
	mdb_routers_foreach(br, count_router, &n_routers);
	if (!t.full && n_routers) {
		nest = nest_begin(out, MDBA_ROUTER);
		mdb_routers_foreach(br, put_router, out);
		nest_end(out, nest);
	}
	msg_end(out, msg);
	*cursor = t.at;
	return !t.full;
}

static bool is_bridge(const struct dev *dev, const void *arg)
{
	return dev_is_bridge(dev);
}

/* The kernel's part is of VXLAN devices. */
static bool next_bridge(struct client *c, struct dump *d, struct nlbuf *out)
{
	size_t full = out->len + DUMP_CHUNK;
	const struct dev *dev;

	if (!d->devs)
		bridge_devs(c, d, is_bridge, NULL);
	while (out->len < full) {
		if (d->at == d->n_devs) {
			if (!dump_kernel(d))
				return false;
			dump_take_kernel(d, out);
			continue;
		}
		dev = bridge_dev(c, (int)d->devs[d->at]);
		if (dev && !put_bridge(c, dump_request(d), out, dev, &d->cursor))
			continue;
		d->at++;
		d->cursor = 0;
	}
	return true;
}

/* ---- requests ---- */

/* A request taken apart.  Pointers lead into the message. */
struct mdb_msg {
	struct dev *br;
	const struct br_mdb_entry *entry;
	const struct nlattr *tb[ENTRY_N], *attrs[ATTR_N];
};

static int refuse(const struct nlattr *a, struct extack *ea, int err, const char *why)
{
	if (ea && !ea->msg[0])
		ea->attr = a;
	return extack_set(ea, err, "%s", why);
}

static const char *wrong_ipv4(const uint8_t a[4])
{
	if (a[0] && (a[0] & 0xf0) != 0xe0)
		return "IPv4 entry group address is not multicast or 0.0.0.0";
	if (a[0] == 224 && !a[1] && !a[2])
		return "IPv4 entry group address is local multicast";
	return NULL;
}

/* What is wrong with an entry in itself; NULL: nothing. */
static const char *wrong_entry(const struct br_mdb_entry *e)
{
	static const uint8_t all_nodes[16] = {0xff, 0x02, [15] = 1};
	const uint8_t *addr = (const void *)&e->addr.u;
	const char *why = NULL;

	if (!e->ifindex)
		return "Zero entry ifindex is not allowed";
	switch (ntohs(e->addr.proto)) {
	case ETH_P_IP:
		why = wrong_ipv4(addr);
		break;
	case ETH_P_IPV6:
		if (!memcmp(addr, all_nodes, sizeof(all_nodes)))
			why = "IPv6 entry group address is link-local all nodes";
		break;
	case 0:
		if (!(addr[0] & 1))
			why = "L2 entry group is not multicast";
		break;
	default:
		why = "Unknown entry protocol";
	}
	if (why)
		return why;
	if (e->state != MDB_PERMANENT && e->state != MDB_TEMPORARY)
		return "Unknown entry state";
	return e->vid > VLAN_ID_MAX ? "Invalid entry VLAN id" : NULL;
}

int brmdb_entry(const struct nlattr *a, const struct br_mdb_entry **e, struct extack *ea)
{
	if (attr_len(a) > sizeof(**e))
		return refuse(a, ea, -ERANGE, "Attribute failed policy validation");
	if (attr_len(a) < sizeof(**e))
		return refuse(a, ea, -EINVAL, "Invalid attribute length");
	*e = attr_data(a);
	return 0;
}

static int parse(struct mdb_msg *q, const struct nlmsghdr *m, struct extack *ea)
{
	const struct nlattr *attrs, *a;
	const char *why;
	size_t len;
	int err;

	attrs = msg_attrs(m, sizeof(struct br_port_msg), &len);
	err = attrs_index(q->tb, ENTRY_N, attrs, len, ea);
	if (err)
		return err;
	a = q->tb[ENTRY];
	if (!a)
		return extack_set(ea, -EINVAL, "Missing MDBA_SET_ENTRY attribute");
	err = brmdb_entry(a, &q->entry, ea);
	if (err)
		return err;
	why = wrong_entry(q->entry);
	if (why)
		return extack_set(ea, -EINVAL, "%s", why);
	a = q->tb[ENTRY_ATTRS];
	return a ? attrs_index(q->attrs, ATTR_N, attr_data(a), attr_len(a), ea) : 0;
}

/* A source's address, or the sentence. */
static const char *read_source(const struct nlattr *a, uint16_t proto, uint8_t src[16])
{
	const uint8_t *addr = attr_data(a);

	memset(src, 0, 16);
	switch (proto) {
	case ETH_P_IP:
		if (attr_len(a) != 4)
			return "bridge: IPv4 invalid source address length";
		if ((addr[0] & 0xf0) == 0xe0)
			return "bridge: IPv4 multicast source address is not allowed";
		break;
	case ETH_P_IPV6:
		if (attr_len(a) != 16)
			return "bridge: IPv6 invalid source address length";
		if (addr[0] == 0xff)
			return "bridge: IPv6 multicast source address is not allowed";
		break;
	default:
		return "bridge: Invalid protocol used with source address";
	}
	memcpy(src, addr, attr_len(a));
	return NULL;
}

static int read_addr(const struct mdb_msg *q, struct mdb_addr *addr, struct extack *ea)
{
	const struct nlattr *src = q->attrs[ATTR_SOURCE];
	const char *why;

	*addr = (struct mdb_addr){.proto = ntohs(q->entry->addr.proto),
				  .vid = q->entry->vid};
	memcpy(addr->dst, &q->entry->addr.u, addr_size(addr->proto));
	if (!src)
		return 0;
	if (attr_len(src) < 4 || attr_len(src) > 16)
		return refuse(src, ea, -ERANGE, "invalid attribute length");
	why = read_source(src, addr->proto, addr->src);
	return why ? extack_set(ea, -EINVAL, "%s", why) : 0;
}

static int read_port(struct client *c, const struct mdb_msg *q, struct dev **port,
		     struct extack *ea)
{
	struct dev *dev = netns_dev(c->ns, q->entry->ifindex);

	if (!dev)
		return extack_set(ea, -ENODEV, "bridge: Port net device doesn't exist");
	*port = dev;
	if (dev == q->br)
		return 0;
	if (!dev_bridge_of(dev))
		return extack_set(ea, -EINVAL, "bridge: Net device is not a bridge port");
	if (dev_bridge_of(dev) != q->br)
		return extack_set(ea, -EINVAL,
				  "bridge: Port belongs to a different bridge device");
	return 0;
}

static int read_source_list(const struct nlattr *list, struct mdb_request *req,
			    struct extack *ea)
{
	const struct nlattr *a, *addr;
	const char *why;

	attr_foreach_nested(a, list) {
		addr = attr_find(attr_data(a), attr_len(a), SRC_ADDRESS);
		if (!addr)
			return -EINVAL;
		if (req->n_sources == MDB_SOURCES_MAX)
			return extack_set(
				ea, -EINVAL,
				"bridge: Exceeded maximum number of source entries");
		why = read_source(addr, req->addr.proto, req->source[req->n_sources++]);
		if (why)
			return extack_set(ea, -EINVAL, "%s", why);
	}
	return 0;
}

/* Mode, sources and protocol: what they may be set for. */
static const char *wrong_attrs(const struct mdb_msg *q, const struct mdb_request *req)
{
	static const uint8_t none[16];
	bool host = req->port == q->br;
	bool star = !memcmp(req->addr.src, none, sizeof(none));

	if (q->attrs[ATTR_GROUP_MODE] && host)
		return "bridge: Filter mode cannot be set for host groups";
	if (q->attrs[ATTR_GROUP_MODE] && !star)
		return "bridge: Filter mode can only be set for (*, G) entries";
	if (q->attrs[ATTR_SRC_LIST] && host)
		return "bridge: Source list cannot be set for host groups";
	if (q->attrs[ATTR_SRC_LIST] && !star)
		return "bridge: Source list can only be set for (*, G) entries";
	if (q->attrs[ATTR_SRC_LIST] && !q->attrs[ATTR_GROUP_MODE])
		return "bridge: Source list cannot be set without filter mode";
	return NULL;
}

static int read_attrs(const struct mdb_msg *q, struct mdb_request *req, struct extack *ea)
{
	const struct nlattr *mode = q->attrs[ATTR_GROUP_MODE],
			    *protocol = q->attrs[ATTR_RTPROT];
	const char *why = wrong_attrs(q, req);
	int err = 0;

	if (mode && attr_u8(mode) > MDB_INCLUDE)
		return refuse(mode, ea, -ERANGE, "integer out of range");
	if (protocol && attr_u8(protocol) < RTPROT_STATIC)
		return refuse(protocol, ea, -ERANGE, "integer out of range");
	if (why)
		return extack_set(ea, -EINVAL, "%s", why);
	req->mode = mode ? attr_u8(mode) : MDB_EXCLUDE;
	if (q->attrs[ATTR_SRC_LIST])
		err = read_source_list(q->attrs[ATTR_SRC_LIST], req, ea);
	if (err)
		return err;
	if (!req->n_sources && req->mode == MDB_INCLUDE)
		return extack_set(
			ea, -EINVAL,
			"bridge: Cannot add (*, G) INCLUDE with an empty source list");
	if (protocol && req->port == q->br)
		return extack_set(ea, -EINVAL,
				  "bridge: Protocol cannot be set for host groups");
	if (protocol)
		req->rt_protocol = attr_u8(protocol);
	return 0;
}

/* What a change is about. */
static int read_change(struct client *c, const struct nlmsghdr *m, struct mdb_msg *q,
		       struct mdb_request *req, struct extack *ea)
{
	int err = parse(q, m, ea);

	if (!err)
		err = mdb_may_change(q->br, ea);
	if (err)
		return err;
	*req = (struct mdb_request){
		.permanent = q->entry->state == MDB_PERMANENT,
		.replace = m->nlmsg_flags & NLM_F_REPLACE,
		.mode = MDB_EXCLUDE,
		.rt_protocol = RTPROT_STATIC,
	};
	err = read_port(c, q, &req->port, ea);
	if (err)
		return err;
	if (ntohs(q->entry->addr.proto) == ETH_P_IP &&
	    !(*(const uint8_t *)&q->entry->addr.u))
		return extack_set(
			ea, -EINVAL,
			"bridge: IPv4 entry group address 0.0.0.0 is not allowed");
	err = read_addr(q, &req->addr, ea);
	return err ? err : read_attrs(q, req, ea);
}

/* The bridge of ours that a request is about. */
static struct dev *asked_bridge(struct client *c, const struct nlmsghdr *m)
{
	const struct br_port_msg *bpm = msg_header(m, sizeof(*bpm));
	struct dev *dev = bpm ? bridge_dev(c, (int)bpm->ifindex) : NULL;

	return dev && dev_is_bridge(dev) ? dev : NULL;
}

bool brmdb_new(struct client *c, const struct nlmsghdr *m)
{
	struct mdb_msg q = {.br = asked_bridge(c, m)};
	struct mdb_request req;
	struct extack ea = {};
	int err;

	if (!q.br)
		return false;
	err = read_change(c, m, &q, &req, &ea);
	if (!err)
		err = mdb_add(q.br, &req, &ea);
	client_answer(c, m, err, &ea);
	return true;
}

bool brmdb_delete(struct client *c, const struct nlmsghdr *m)
{
	struct mdb_msg q = {.br = asked_bridge(c, m)};
	struct mdb_request req;
	struct extack ea = {};
	int err;

	if (!q.br)
		return false;
	if (m->nlmsg_flags & NLM_F_BULK) {
		err = brmdb_flush(q.br, m, &ea);
	} else {
		err = read_change(c, m, &q, &req, &ea);
		if (!err)
			err = mdb_delete(q.br, &req.addr, req.port, &ea);
	}
	client_answer(c, m, err, &ea);
	return true;
}

static int get_one(struct client *c, const struct nlmsghdr *m, struct mdb_msg *q,
		   struct extack *ea)
{
	struct telling t = {.out = &c->out};
	struct mdb_addr addr;
	size_t start = c->out.len, msg;
	int err = parse(q, m, ea);

	if (!err)
		err = read_addr(q, &addr, ea);
	if (err)
		return err;
	msg = begin(&c->out, q->br, RTM_NEWMDB, 0, m->nlmsg_seq, c->port);
	t.start = c->out.len;
	t.mdb = nest_begin(&c->out, MDBA_MDB);
	mdb_foreach(q->br, &addr, tell_entry, &t);
	if (!t.at) {
		c->out.len = start;
		return extack_set(ea, -ENOENT, "bridge: MDB entry not found");
	}
	end_group(&t);
	nest_end(&c->out, t.mdb);
	msg_end(&c->out, msg);
	return 0;
}

bool brmdb_get(struct client *c, const struct nlmsghdr *m)
{
	struct mdb_msg q = {};
	struct extack ea = {};
	int err;

	if ((m->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP) {
		dump_begin(c, m, NULL, next_bridge);
		return true;
	}
	q.br = asked_bridge(c, m);
	if (!q.br)
		return false;
	client_drain(c);
	err = get_one(c, m, &q, &ea);
	client_answer(c, m, err, &ea);
	client_drain(c);
	return true;
}

/* ---- events ---- */

struct mdb_ear {
	struct mdb_listener listener;
	struct rtnl *rtnl;
};

static bool is_heard(struct rtnl *r, const struct dev *br)
{
	return br->ns && br->ifindex && notify_wanted(r, br->ns, RTNLGRP_MDB);
}

static void on_entry(struct mdb_listener *l, const struct dev *br,
		     const struct mdb_info *e, bool gone)
{
	struct rtnl *r = container_of(l, struct mdb_ear, listener)->rtnl;
	struct nlbuf out = {};
	size_t msg, mdb, entry;

	if (!is_heard(r, br))
		return;
	msg = begin(&out, br, gone ? RTM_DELMDB : RTM_NEWMDB, 0, 0, 0);
	mdb = nest_begin(&out, MDBA_MDB);
	entry = nest_begin(&out, MDBA_MDB_ENTRY);
	put_info(&out, e);
	nest_end(&out, entry);
	nest_end(&out, mdb);
	msg_end(&out, msg);
	rtnl_notify(r, br->ns, RTNLGRP_MDB, &out);
	nlbuf_done(&out);
}

static void on_router(struct mdb_listener *l, const struct dev *br,
		      const struct dev *port, bool gone)
{
	struct rtnl *r = container_of(l, struct mdb_ear, listener)->rtnl;
	uint32_t ifindex = port->ifindex;
	struct nlbuf out = {};
	size_t msg, nest;

	if (!is_heard(r, br))
		return;
	msg = begin(&out, br, gone ? RTM_DELMDB : RTM_NEWMDB, 0, 0, 0);
	nest = nest_begin(&out, MDBA_ROUTER);
	put_attr(&out, MDBA_ROUTER_PORT, &ifindex, sizeof(ifindex));
	nest_end(&out, nest);
	msg_end(&out, msg);
	rtnl_notify(r, br->ns, RTNLGRP_MDB, &out);
	nlbuf_done(&out);
}

void brmdb_listen(struct rtnl *r, bool on)
{
	struct mdb_ear *ear = r->mdb;

	mdb_listen(NULL);
	free(ear);
	r->mdb = NULL;
	if (!on)
		return;
	ear = xnew(struct mdb_ear);
	ear->listener = (struct mdb_listener){.entry = on_entry, .router = on_router};
	ear->rtnl = r;
	r->mdb = ear;
	mdb_listen(&ear->listener);
}
