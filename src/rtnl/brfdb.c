/* SPDX-License-Identifier: BSD-2-Clause
 *
 * brfdb - stations of bridges: RTM_NEWNEIGH, RTM_DELNEIGH and RTM_GETNEIGH of AF_BRIDGE.
 *
 * A request about a port ("master") is the bridge's; so is one about the bridge itself
 * ("self").  The address lists of all other devices are the mirrors' own, the kernel's: what
 * is asked of them, or of them besides, goes there.
 */
#include "rtnl/bridge.h"

#include <linux/neighbour.h>

/* Later headers' numbers. */
#define NDA_ATTR_FLAGS_EXT	15
#define NDA_ATTR_NDM_STATE_MASK 16
#define NDA_ATTR_NDM_FLAGS_MASK 17
#define NTF_EXTENDED_LOCKED	(1u << 1)
#define NDA_ATTRS		20

/* The largest VLAN identifier is reserved (802.1Q table 9-2). */
#define VLAN_ID_MAX 4094u

/* ---- requests ---- */

/* A request about stations, taken apart.  Pointers lead into the message. */
struct fdb_msg {
	const struct ndmsg *ndm;
	const struct nlattr *tb[NDA_ATTRS];
	struct dev *dev; /* a port or a bridge of ours; NULL: neither */
};

static bool parse(struct client *c, const struct nlmsghdr *m, struct fdb_msg *f)
{
	const struct nlattr *attrs;
	size_t len;

	*f = (struct fdb_msg){.ndm = msg_header(m, sizeof(*f->ndm))};
	if (!f->ndm || f->ndm->ndm_family != AF_BRIDGE)
		return false;
	attrs = msg_attrs(m, sizeof(*f->ndm), &len);
	if (attrs_index(f->tb, array_size(f->tb), attrs, len, NULL))
		return false;
	f->dev = bridge_dev(c, f->ndm->ndm_ifindex);
	return true;
}

static int read_vid(const struct nlattr *a, uint16_t *vid, struct extack *ea)
{
	*vid = 0;
	if (!a)
		return 0;
	if (attr_len(a) != sizeof(*vid))
		return extack_set(ea, -EINVAL, "invalid vlan");
	*vid = attr_u16(a);
	if (!*vid || *vid > VLAN_ID_MAX)
		return extack_set(ea, -EINVAL, "invalid vlan id");
	return 0;
}

static int read_addr(const struct nlattr *a, const uint8_t **addr, struct extack *ea)
{
	if (!a || attr_len(a) != 6)
		return extack_set(ea, -EINVAL, "invalid address");
	*addr = attr_data(a);
	return 0;
}

/* Is the request, or a part of it, the bridge's? */
static bool is_ours(const struct fdb_msg *f)
{
	if (!f->dev)
		return false;
	if (dev_is_bridge(f->dev))
		return f->ndm->ndm_flags & NTF_SELF;
	return !f->ndm->ndm_flags || f->ndm->ndm_flags & NTF_MASTER;
}

/* The bridge has done its part.  If the device itself is meant as well, that is the
 * kernel's, which acknowledges. */
static void finish(struct client *c, const struct nlmsghdr *m, const struct fdb_msg *f,
		   int err, const struct extack *ea)
{
	struct nlbuf rest = {};
	struct ndmsg *ndm;

	if (err || dev_is_bridge(f->dev) || !(f->ndm->ndm_flags & NTF_SELF)) {
		client_answer(c, m, err, ea);
		return;
	}
	nlbuf_raw(&rest, m, m->nlmsg_len);
	ndm = (void *)(rest.data + NLMSG_HDRLEN);
	ndm->ndm_flags &= (uint8_t)~NTF_MASTER;
	notify_deliver(c->rtnl);
	client_forward(c, (void *)rest.data);
	nlbuf_done(&rest);
}

/* ---- adding and deleting ---- */

static int add(const struct fdb_msg *f, unsigned nlm_flags, struct extack *ea)
{
	const struct nlattr *ext = f->tb[NDA_ATTR_FLAGS_EXT];
	const uint8_t *addr = NULL;
	uint16_t vid;
	int err = read_addr(f->tb[NDA_LLADDR], &addr, ea);

	if (!err)
		err = read_vid(f->tb[NDA_VLAN], &vid, ea);
	if (err)
		return err;
	if (ext && attr_u32(ext) & NTF_EXTENDED_LOCKED)
		return extack_set(
			ea, -EINVAL,
			"bridge: Cannot add FDB entry with \"locked\" flag set");
	return bridge_fdb_add(f->dev, addr, vid, f->ndm->ndm_state, f->ndm->ndm_flags,
			      nlm_flags, ea);
}

bool brfdb_new(struct client *c, const struct nlmsghdr *m)
{
	struct extack ea = {};
	struct fdb_msg f;

	if (!parse(c, m, &f) || !is_ours(&f))
		return false;
	finish(c, m, &f, add(&f, m->nlmsg_flags, &ea), &ea);
	return true;
}

static int delete_one(const struct fdb_msg *f, struct extack *ea)
{
	const uint8_t *addr = NULL;
	uint16_t vid;
	int err = read_addr(f->tb[NDA_LLADDR], &addr, ea);

	if (!err)
		err = read_vid(f->tb[NDA_VLAN], &vid, ea);
	return err ? err : bridge_fdb_delete(f->dev, addr, vid, ea);
}

/* ---- flushing ---- */

#define FLUSH_FLAGS  (NTF_MASTER | NTF_SELF | NTF_EXT_LEARNED | NTF_STICKY | NTF_OFFLOADED)
#define FLUSH_STATES (NUD_PERMANENT | NUD_NOARP)

static int bad_attr(const struct nlattr *a, struct extack *ea, int err, const char *why)
{
	if (ea && !ea->msg[0])
		ea->attr = a;
	return extack_set(ea, err, "%s", why);
}

/* The attributes of a flush are looked at strictly, unlike those of other requests. */
static int check_flush_attrs(const struct fdb_msg *f, struct extack *ea)
{
	static const uint8_t sizes[NDA_ATTRS] = {
		[NDA_VLAN] = 2,
		[NDA_IFINDEX] = 4,
		[NDA_ATTR_NDM_STATE_MASK] = 2,
		[NDA_ATTR_NDM_FLAGS_MASK] = 1,
	};

	for (size_t i = 0; i < NDA_ATTRS; i++) {
		const struct nlattr *a = f->tb[i];

		if (!a)
			continue;
		if (!sizes[i])
			return bad_attr(a, ea, -EINVAL, "Unsupported attribute");
		if (attr_len(a) != sizes[i])
			return bad_attr(a, ea, -ERANGE,
					"Attribute failed policy validation");
	}
	if (f->tb[NDA_VLAN] &&
	    (!attr_u16(f->tb[NDA_VLAN]) || attr_u16(f->tb[NDA_VLAN]) > VLAN_ID_MAX))
		return bad_attr(f->tb[NDA_VLAN], ea, -ERANGE, "integer out of range");
	if (f->tb[NDA_IFINDEX] && (int)attr_u32(f->tb[NDA_IFINDEX]) < 1)
		return bad_attr(f->tb[NDA_IFINDEX], ea, -ERANGE, "integer out of range");
	return 0;
}

static int check_flush_bits(const struct fdb_msg *f, struct extack *ea)
{
	const struct nlattr *states = f->tb[NDA_ATTR_NDM_STATE_MASK],
			    *flags = f->tb[NDA_ATTR_NDM_FLAGS_MASK];

	if (f->ndm->ndm_flags & ~FLUSH_FLAGS)
		return extack_set(ea, -EINVAL,
				  "bridge: Unsupported fdb flush ndm flag bits set");
	if (f->ndm->ndm_state & ~FLUSH_STATES)
		return extack_set(ea, -EINVAL,
				  "bridge: Unsupported fdb flush ndm state bits set");
	if (states && attr_u16(states) & ~FLUSH_STATES)
		return extack_set(
			ea, -EINVAL,
			"bridge: Unsupported fdb flush ndm state mask bits set");
	if (flags && attr_u8(flags) & ~FLUSH_FLAGS)
		return extack_set(ea, -EINVAL,
				  "bridge: Unsupported fdb flush ndm flag mask bits set");
	return 0;
}

/* The device whose stations are meant, by NDA_IFINDEX. */
static int flush_port(struct client *c, const struct dev *br, int ifindex,
		      const struct dev **port, struct extack *ea)
{
	struct dev *dev = netns_dev(c->ns, (unsigned)ifindex);

	if (!dev)
		return extack_set(ea, -ENODEV, "bridge: Unknown flush device ifindex");
	if (!dev_is_bridge(dev) && !dev_bridge_of(dev))
		return extack_set(ea, -EINVAL,
				  "bridge: Flush device is not a bridge or bridge port");
	if (dev_is_bridge(dev) && dev != br)
		return extack_set(
			ea, -EINVAL,
			"bridge: Flush bridge device does not match target bridge device");
	if (dev_bridge_of(dev) && dev_bridge_of(dev) != br)
		return extack_set(ea, -EINVAL,
				  "bridge: Port belongs to a different bridge device");
	*port = dev;
	return 0;
}

static int flush(struct client *c, const struct fdb_msg *f, struct extack *ea)
{
	struct dev *br = dev_is_bridge(f->dev) ? f->dev : dev_bridge_of(f->dev);
	struct bridge_fdb_filter filter = {.port = f->dev == br ? NULL : f->dev};
	int err = check_flush_attrs(f, ea);

	if (!err)
		err = check_flush_bits(f, ea);
	if (!err && f->tb[NDA_IFINDEX])
		err = flush_port(c, br, (int)attr_u32(f->tb[NDA_IFINDEX]), &filter.port,
				 ea);
	if (err)
		return err;
	filter.vid = f->tb[NDA_VLAN] ? attr_u16(f->tb[NDA_VLAN]) : 0;
	filter.state = f->ndm->ndm_state;
	filter.flags = f->ndm->ndm_flags & ~(NTF_MASTER | NTF_SELF);
	if (f->tb[NDA_ATTR_NDM_STATE_MASK])
		filter.state_mask = attr_u16(f->tb[NDA_ATTR_NDM_STATE_MASK]);
	if (f->tb[NDA_ATTR_NDM_FLAGS_MASK])
		filter.flags_mask = attr_u8(f->tb[NDA_ATTR_NDM_FLAGS_MASK]) &
				    ~(NTF_MASTER | NTF_SELF);
	bridge_fdb_flush(br, &filter);
	return 0;
}

bool brfdb_delete(struct client *c, const struct nlmsghdr *m)
{
	struct extack ea = {};
	struct fdb_msg f;
	int err;

	if (!parse(c, m, &f) || !is_ours(&f))
		return false;
	err = m->nlmsg_flags & NLM_F_BULK ? flush(c, &f, &ea) : delete_one(&f, &ea);
	finish(c, m, &f, err, &ea);
	return true;
}

/* ---- one message ---- */

static void put_entry(struct nlbuf *out, const struct dev *br,
		      const struct bridge_fdb_entry *e, uint16_t type, uint16_t flags,
		      uint32_t seq, uint32_t pid)
{
	struct ndmsg ndm = {.ndm_family = AF_BRIDGE,
			    .ndm_ifindex = (int)(e->port ?: br)->ifindex,
			    .ndm_state = e->state,
			    .ndm_flags = e->flags};
	struct nda_cacheinfo info = {.ndm_used = e->used, .ndm_updated = e->updated};
	size_t msg = msg_begin(out, type, flags, seq, pid, &ndm, sizeof(ndm));

	put_attr(out, NDA_LLADDR, e->addr, sizeof(e->addr));
	put_u32(out, NDA_MASTER, br->ifindex);
	put_u32(out, NDA_ATTR_FLAGS_EXT, e->ext_flags);
	put_attr(out, NDA_CACHEINFO, &info, sizeof(info));
	if (e->vid)
		put_u16(out, NDA_VLAN, e->vid);
	msg_end(out, msg);
}

/* ---- asking for one ---- */

/* The bridge that is asked; NULL with *err 0: it is the kernel's to answer. */
static const struct dev *asked_bridge(struct client *c, const struct fdb_msg *f, int *err,
				      struct extack *ea)
{
	const struct nlattr *master = f->tb[NDA_MASTER];
	const struct dev *br = master ? netns_dev(c->ns, attr_u32(master)) : NULL;

	*err = 0;
	if (f->ndm->ndm_ifindex && br && dev_is_bridge(br)) {
		*err = extack_set(ea, -EINVAL,
				  "Master and device are mutually exclusive");
		return NULL;
	}
	if (br)
		return dev_is_bridge(br) ? br : NULL;
	if (!f->dev || f->tb[NDA_MASTER])
		return NULL;
	if (!is_ours(f))
		return NULL;
	return dev_is_bridge(f->dev) ? f->dev : dev_bridge_of(f->dev);
}

static int check_get(const struct fdb_msg *f, struct extack *ea)
{
	const struct ndmsg *ndm = f->ndm;

	if (ndm->ndm_pad1 || ndm->ndm_pad2 || ndm->ndm_state || ndm->ndm_type)
		return extack_set(ea, -EINVAL,
				  "Invalid values in header for fdb get request");
	if (ndm->ndm_flags & ~(NTF_MASTER | NTF_SELF))
		return extack_set(ea, -EINVAL,
				  "Invalid flags in header for fdb get request");
	for (unsigned i = 0; i < NDA_ATTRS; i++)
		if (f->tb[i] && i != NDA_MASTER && i != NDA_LLADDR && i != NDA_VLAN &&
		    i != NDA_VNI)
			return extack_set(ea, -EINVAL,
					  "Unsupported attribute in fdb get request");
	if (!f->tb[NDA_LLADDR])
		return extack_set(ea, -EINVAL,
				  "Missing lookup address for fdb get request");
	if (attr_len(f->tb[NDA_LLADDR]) != 6)
		return extack_set(ea, -EINVAL, "Invalid address in fdb get request");
	return 0;
}

static bool get_one(struct client *c, const struct nlmsghdr *m, const struct fdb_msg *f)
{
	struct bridge_fdb_entry e;
	struct extack ea = {};
	const struct dev *br;
	uint16_t vid = 0;
	int err;

	br = asked_bridge(c, f, &err, &ea);
	if (!br && !err)
		return false;
	if (!err)
		err = check_get(f, &ea);
	if (!err)
		err = read_vid(f->tb[NDA_VLAN], &vid, &ea);
	if (!err && !bridge_fdb_get(br, attr_data(f->tb[NDA_LLADDR]), vid, &e))
		err = extack_set(&ea, -ENOENT, "Fdb entry not found");
	if (!err) {
		(void)!client_bind(c, 0, 0);
		client_drain(c);
		put_entry(&c->out, br, &e, RTM_NEWNEIGH, 0, m->nlmsg_seq, c->port);
	}
	client_answer(c, m, err, &ea);
	return true;
}

/* ---- dumps ---- */

/* What a dump is about; 0: anything. */
struct dump_scope {
	unsigned bridge, port; /* indexes */
};

/* A request for a dump may have either of two headers: the right one, or, from programs that
 * do not ask to be checked strictly, that of a link. */
static struct dump_scope read_scope(const struct client *c, const struct nlmsghdr *m)
{
	const struct ifinfomsg *ifi = msg_header(m, sizeof(*ifi));
	const struct ndmsg *ndm = msg_header(m, sizeof(*ndm));
	size_t size = m->nlmsg_len - NLMSG_HDRLEN, len;
	struct dump_scope scope = {};
	const struct nlattr *attrs, *a;

	if (c->strict && ndm) {
		attrs = msg_attrs(m, sizeof(*ndm), &len);
		scope.port = (unsigned)ndm->ndm_ifindex;
		a = attr_find(attrs, len, NDA_IFINDEX);
		scope.port = a ? attr_u32(a) : scope.port;
		a = attr_find(attrs, len, NDA_MASTER);
		scope.bridge = a ? attr_u32(a) : 0;
	} else if (!c->strict && ifi && size != sizeof(*ndm) &&
		   size != sizeof(*ndm) + NLA_HDRLEN + sizeof(uint32_t)) {
		attrs = msg_attrs(m, sizeof(*ifi), &len);
		scope.port = (unsigned)ifi->ifi_index;
		a = attr_find(attrs, len, IFLA_MASTER);
		scope.bridge = a ? attr_u32(a) : 0;
	}
	return scope;
}

static bool in_scope(const struct dev *dev, const void *arg)
{
	const struct dump_scope *s = arg;

	if (s->port && dev->ifindex != s->port)
		return false;
	return !s->bridge || (dev->ifindex == s->bridge && dev_is_bridge(dev)) ||
	       (dev->master && dev->master->ifindex == s->bridge);
}

/* One part of a device's stations. */
struct part {
	struct nlbuf *out;
	const struct dev *br, *port; /* @port NULL: the bridge's own */
	uint32_t seq, pid;
	size_t full;	   /* @out is long enough then */
	unsigned may_look; /* at so many entries more */
	bool stopped;
};

static bool put_if_of(void *arg, const struct bridge_fdb_entry *e)
{
	struct part *p = arg;

	if (p->out->len >= p->full || !p->may_look) {
		p->stopped = true;
		return false; /* the next part begins with this one */
	}
	p->may_look--;
	if (e->port == p->port)
		put_entry(p->out, p->br, e, RTM_NEWNEIGH, NLM_F_MULTI, p->seq, p->pid);
	return true;
}

/* So many entries of a table are looked at before others have their turn. */
#define LOOK_MAX 20000u

/* Tell of @dev's stations, from d->cursor on.  False when there are more. */
static bool put_stations(struct client *c, struct dump *d, struct nlbuf *out,
			 const struct dev *dev)
{
	struct part p = {.out = out,
			 .br = dev_is_bridge(dev) ? dev : dev_bridge_of(dev),
			 .port = dev_is_bridge(dev) ? NULL : dev,
			 .seq = dump_request(d)->nlmsg_seq,
			 .pid = c->port,
			 .full = out->len + DUMP_CHUNK,
			 .may_look = LOOK_MAX};

	bridge_fdb_foreach(p.br, &d->cursor, put_if_of, &p);
	return !p.stopped;
}

/* A message of the kernel's, about the address list of a device, if it is in scope. */
static void take_kernel(struct client *c, struct dump *d, struct nlbuf *out)
{
	const struct ndmsg *ndm = msg_header(dump_kernel(d), sizeof(*ndm));
	struct dump_scope scope = read_scope(c, dump_request(d));
	const struct dev *dev = ndm ? bridge_dev(c, ndm->ndm_ifindex) : NULL;
	bool wanted = ndm &&
		      !mirror_is_dying(c->rtnl->host, c->ns->cookie,
				       (unsigned)ndm->ndm_ifindex) &&
		      (!scope.bridge || (dev && in_scope(dev, &scope)));

	dump_take_kernel(d, wanted ? out : NULL);
}

/* By device as the kernel: a port's stations come before its own addresses, a bridge's
 * after. */
static bool kernel_first(const struct client *c, const struct dump *d)
{
	const struct nlmsghdr *m = dump_kernel(d);
	const struct ndmsg *ndm = m ? msg_header(m, sizeof(*ndm)) : NULL;
	const struct dev *dev;

	if (!m || d->cursor)
		return false;
	if (d->at == d->n_devs || !ndm)
		return true;
	if ((unsigned)ndm->ndm_ifindex != d->devs[d->at])
		return (unsigned)ndm->ndm_ifindex < d->devs[d->at];
	dev = netns_dev(c->ns, d->devs[d->at]);
	return dev && dev_is_bridge(dev);
}

static bool next_station(struct client *c, struct dump *d, struct nlbuf *out)
{
	struct dump_scope scope = read_scope(c, dump_request(d));
	size_t full = out->len + DUMP_CHUNK;
	const struct dev *dev;

	if (!d->devs)
		bridge_devs(c, d, in_scope, &scope);
	while (out->len < full) {
		if (kernel_first(c, d)) {
			take_kernel(c, d, out);
			continue;
		}
		if (d->at == d->n_devs)
			return false;
		dev = bridge_dev(c, (int)d->devs[d->at]);
		if (dev && !put_stations(c, d, out, dev))
			return true;
		d->at++;
		d->cursor = 0;
	}
	return true;
}

/* The kernel knows of no bridge of ours: it is asked for all. */
static void without_bridge(const struct client *c, const struct nlmsghdr *m,
			   struct nlbuf *out)
{
	size_t head = c->strict ? sizeof(struct ndmsg) : sizeof(struct ifinfomsg), len;
	unsigned bridge = c->strict ? NDA_MASTER : IFLA_MASTER;
	const struct nlattr *attrs = msg_attrs(m, head, &len), *a;
	size_t msg = msg_begin(out, m->nlmsg_type, m->nlmsg_flags, m->nlmsg_seq,
			       m->nlmsg_pid, msg_header(m, head), head);

	attr_foreach(a, attrs, len)
		if (attr_type(a) != bridge)
			put_copy(out, a);
	msg_end(out, msg);
}

static bool get_all(struct client *c, const struct nlmsghdr *m)
{
	struct dump_scope scope = read_scope(c, m);
	const struct dev *br = scope.bridge ? netns_dev(c->ns, scope.bridge) : NULL;
	struct nlbuf other = {};

	if (br && dev_is_bridge(br))
		without_bridge(c, m, &other);
	dump_begin(c, m, other.len ? &other : NULL, next_station);
	nlbuf_done(&other);
	return true;
}

bool brfdb_get(struct client *c, const struct nlmsghdr *m)
{
	const struct rtgenmsg *gen = msg_header(m, sizeof(*gen));
	struct fdb_msg f;

	if (!gen || gen->rtgen_family != AF_BRIDGE)
		return false;
	if ((m->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP)
		return get_all(c, m);
	return parse(c, m, &f) && get_one(c, m, &f);
}

/* ---- events ---- */

struct fdb_ear {
	struct bridge_listener listener;
	struct rtnl *rtnl;
};

static void on_station(struct bridge_listener *l, const struct dev *br,
		       const struct bridge_fdb_entry *e, bool gone)
{
	struct rtnl *r = container_of(l, struct fdb_ear, listener)->rtnl;
	struct nlbuf msg = {};

	/* A bridge that is being born is told of when it is whole: brfdb_born. */
	if (!br->ns || !br->ifindex || br->making ||
	    !notify_wanted(r, br->ns, RTNLGRP_NEIGH))
		return;
	put_entry(&msg, br, e, gone ? RTM_DELNEIGH : RTM_NEWNEIGH, 0, 0, 0);
	rtnl_notify(r, br->ns, RTNLGRP_NEIGH, &msg);
	nlbuf_done(&msg);
}

void brfdb_listen(struct rtnl *r, bool on)
{
	struct fdb_ear *ear = r->fdb;

	if (on == (ear != NULL))
		return;
	if (on) {
		ear = xnew(struct fdb_ear);
		ear->listener.fdb = on_station;
		ear->rtnl = r;
		bridge_listen(r->net, &ear->listener);
	} else {
		bridge_listen(r->net, NULL);
		free(ear);
		ear = NULL;
	}
	r->fdb = ear;
}

struct birth {
	struct rtnl *rtnl;
	const struct dev *br;
};

static bool tell_station(void *arg, const struct bridge_fdb_entry *e)
{
	struct birth *b = arg;

	on_station(&((struct fdb_ear *)b->rtnl->fdb)->listener, b->br, e, false);
	return true;
}

void brfdb_born(struct rtnl *r, const struct dev *br)
{
	struct birth b = {.rtnl = r, .br = br};
	uint32_t cursor = 0;

	if (r->fdb && dev_is_bridge(br))
		bridge_fdb_foreach(br, &cursor, tell_station, &b);
}
