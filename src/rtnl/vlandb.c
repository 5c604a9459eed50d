/* SPDX-License-Identifier: BSD-2-Clause
 *
 * vlandb - VLANs of bridges in messages of their own: RTM_NEWVLAN, RTM_DELVLAN, RTM_GETVLAN,
 * and the events.
 *
 * An entry (BRIDGE_VLANDB_ENTRY) is a VLAN of a port or bridge, or a run of VLANs that are
 * alike; global options (BRIDGE_VLANDB_GLOBAL_OPTIONS) are of a VLAN that a bridge knows.
 * Those are about multicast, which is not looked at by VLAN here: they are shown as they are
 * in force, and not changed.
 */
#include "rtnl/bridge.h"

/* A message of a dump stays below what any program reads at once. */
#define MESSAGE_MAX 3000u

/* BRIDGE_VLANDB_ENTRY_*, BRIDGE_VLANDB_GOPTS_* that older headers lack. */
#define ENTRY_ATTR_NEIGH_SUPPRESS 9

/* ---- entries ---- */

static void put_counters(struct nlbuf *out, const struct dev *dev, uint16_t vid)
{
	size_t nest = nest_begin(out, BRIDGE_VLANDB_ENTRY_STATS | NLA_F_NESTED);
	struct bridge_vlan_counters n;

	bridge_vlan_counters(dev, vid, &n);
	put_u64(out, BRIDGE_VLANDB_STATS_RX_BYTES, n.rx_bytes);
	put_u64(out, BRIDGE_VLANDB_STATS_RX_PACKETS, n.rx_packets);
	put_u64(out, BRIDGE_VLANDB_STATS_TX_BYTES, n.tx_bytes);
	put_u64(out, BRIDGE_VLANDB_STATS_TX_PACKETS, n.tx_packets);
	nest_end(out, nest);
}

/* @v: what the VLANs are like; NULL: they are gone. */
static void put_entry(struct nlbuf *out, const struct dev *dev, uint16_t first,
		      uint16_t last, const struct bridge_vlan *v, bool counters)
{
	size_t nest = nest_begin(out, BRIDGE_VLANDB_ENTRY | NLA_F_NESTED);
	struct bridge_vlan_info info = {.vid = first, .flags = v ? brvlan_flags(v) : 0};

	put_attr(out, BRIDGE_VLANDB_ENTRY_INFO, &info, sizeof(info));
	if (last > first)
		put_u16(out, BRIDGE_VLANDB_ENTRY_RANGE, last);
	if (v) {
		put_u8(out, BRIDGE_VLANDB_ENTRY_STATE, v->state);
		put_u8(out, ENTRY_ATTR_NEIGH_SUPPRESS, v->neigh_suppress);
		put_u8(out, BRIDGE_VLANDB_ENTRY_MCAST_ROUTER, 1);
	}
	if (v && counters)
		put_counters(out, dev, first);
	nest_end(out, nest);
}

static bool alike(const struct bridge_vlan *a, const struct bridge_vlan *b)
{
	return !a->pvid && !b->pvid && a->untagged == b->untagged &&
	       a->state == b->state && a->neigh_suppress == b->neigh_suppress;
}

/* Append entries above @vid, until there are none (0) or the message is long (the last VLAN
 * told). */
static uint16_t put_entries(struct nlbuf *out, const struct dev *dev, uint16_t vid,
			    bool counters)
{
	size_t start = out->len;
	struct bridge_vlan v, next;
	uint16_t last;

	vid = bridge_vlan_next(dev, vid);
	while (vid && bridge_vlan_get(dev, vid, &v)) {
		for (last = vid; !counters && bridge_vlan_get(dev, last + 1, &next) &&
				 alike(&v, &next);)
			last++;
		put_entry(out, dev, vid, last, &v, counters);
		if (out->len - start > MESSAGE_MAX)
			return last;
		vid = bridge_vlan_next(dev, last);
	}
	return 0;
}

/* ---- global options ---- */

static void put_global(struct nlbuf *out, uint16_t first, uint16_t last)
{
	/* Linux's defaults, in hundredths of a second. */
	static const struct {
		uint16_t attr;
		uint32_t value;
	} times[] = {
		{BRIDGE_VLANDB_GOPTS_MCAST_LAST_MEMBER_INTVL, 100},
		{BRIDGE_VLANDB_GOPTS_MCAST_MEMBERSHIP_INTVL, 26000},
		{BRIDGE_VLANDB_GOPTS_MCAST_QUERIER_INTVL, 25500},
		{BRIDGE_VLANDB_GOPTS_MCAST_QUERY_INTVL, 12500},
		{BRIDGE_VLANDB_GOPTS_MCAST_QUERY_RESPONSE_INTVL, 1000},
		{BRIDGE_VLANDB_GOPTS_MCAST_STARTUP_QUERY_INTVL, 3125},
	};
	size_t nest = nest_begin(out, BRIDGE_VLANDB_GLOBAL_OPTIONS | NLA_F_NESTED);

	put_u16(out, BRIDGE_VLANDB_GOPTS_ID, first);
	if (last > first)
		put_u16(out, BRIDGE_VLANDB_GOPTS_RANGE, last);
	put_u8(out, BRIDGE_VLANDB_GOPTS_MCAST_SNOOPING, 1);
	put_u8(out, BRIDGE_VLANDB_GOPTS_MCAST_IGMP_VERSION, 2);
	put_u32(out, BRIDGE_VLANDB_GOPTS_MCAST_LAST_MEMBER_CNT, 2);
	put_u32(out, BRIDGE_VLANDB_GOPTS_MCAST_STARTUP_QUERY_CNT, 2);
	put_u8(out, BRIDGE_VLANDB_GOPTS_MCAST_QUERIER, 0);
	for (size_t i = 0; i < array_size(times); i++)
		put_u64(out, times[i].attr, times[i].value);
	put_u8(out, BRIDGE_VLANDB_GOPTS_MCAST_MLD_VERSION, 1);
	put_u16(out, BRIDGE_VLANDB_GOPTS_MSTI, 0);
	nest_end(out, nest);
}

/* As put_entries. */
static uint16_t put_globals(struct nlbuf *out, const struct dev *br, uint16_t vid)
{
	size_t start = out->len;

	for (uint16_t last; ++vid <= BRIDGE_VID_MAX; vid = last) {
		last = vid;
		if (!bridge_vlan_is_known(br, vid))
			continue;
		while (last < BRIDGE_VID_MAX &&
		       bridge_vlan_is_known(br, (uint16_t)(last + 1)))
			last++;
		put_global(out, vid, last);
		if (out->len - start > MESSAGE_MAX)
			return last;
	}
	return 0;
}

/* ---- dumps ---- */

static uint32_t dump_flags(const struct nlmsghdr *m)
{
	size_t len;
	const struct nlattr *attrs = msg_attrs(m, sizeof(struct br_vlan_msg), &len);
	const struct nlattr *a =
		attrs ? attr_find(attrs, len, BRIDGE_VLANDB_DUMP_FLAGS) : NULL;

	return a ? attr_u32(a) : 0;
}

static bool is_wanted(const struct dev *dev, const void *arg)
{
	const struct nlmsghdr *m = arg;
	const struct br_vlan_msg *bvm = msg_header(m, sizeof(*bvm));

	if (bvm->ifindex && bvm->ifindex != dev->ifindex)
		return false;
	return dev_is_bridge(dev) || !(dump_flags(m) & BRIDGE_VLANDB_DUMPF_GLOBAL);
}

static bool next_vlans(struct client *c, struct dump *d, struct nlbuf *out)
{
	const struct nlmsghdr *m = dump_request(d);
	uint32_t flags = dump_flags(m);
	size_t start = out->len;

	if (!d->devs)
		bridge_devs(c, d, is_wanted, m);
	while (d->at < d->n_devs && out->len - start < DUMP_CHUNK) {
		struct br_vlan_msg bvm = {.family = AF_BRIDGE, .ifindex = d->devs[d->at]};
		struct dev *dev = bridge_dev(c, (int)bvm.ifindex);
		size_t msg;

		if (!dev) { /* not any more */
			d->at++;
			d->cursor = 0;
			continue;
		}
		msg = msg_begin(out, RTM_NEWVLAN, NLM_F_MULTI, m->nlmsg_seq, c->port,
				&bvm, sizeof(bvm));
		if (flags & BRIDGE_VLANDB_DUMPF_GLOBAL)
			d->cursor = put_globals(out, dev, (uint16_t)d->cursor);
		else
			d->cursor = put_entries(out, dev, (uint16_t)d->cursor,
						flags & BRIDGE_VLANDB_DUMPF_STATS);
		msg_end(out, msg);
		d->at += !d->cursor;
	}
	return d->at < d->n_devs;
}

bool vlandb_get(struct client *c, const struct nlmsghdr *m)
{
	const struct br_vlan_msg *bvm = msg_header(m, sizeof(*bvm));

	if ((m->nlmsg_flags & NLM_F_DUMP) != NLM_F_DUMP || !bvm)
		return false;
	if (bvm->ifindex && !bridge_dev(c, (int)bvm->ifindex))
		return false;
	dump_own(c, m, next_vlans);
	return true;
}

/* ---- events ---- */

void vlandb_notify(struct rtnl *r, struct dev *dev, unsigned first, unsigned last,
		   bool gone)
{
	struct br_vlan_msg bvm = {.family = AF_BRIDGE, .ifindex = dev->ifindex};
	struct bridge_vlan v;
	struct nlbuf out = {};
	size_t msg;

	if (!notify_wanted(r, dev->ns, RTNLGRP_BRVLAN) ||
	    (!gone && !bridge_vlan_get(dev, (uint16_t)first, &v)))
		return;
	msg = msg_begin(&out, gone ? RTM_DELVLAN : RTM_NEWVLAN, 0, 0, 0, &bvm,
			sizeof(bvm));
	put_entry(&out, dev, (uint16_t)first, (uint16_t)last, gone ? NULL : &v, false);
	msg_end(&out, msg);
	rtnl_notify(r, dev->ns, RTNLGRP_BRVLAN, &out);
	nlbuf_done(&out);
}

void vlandb_born(struct rtnl *r, struct dev *dev)
{
	uint16_t vid = dev_is_bridge(dev) ? bridge_vlan_next(dev, 0) : 0;

	if (vid)
		vlandb_notify(r, dev, vid, vid, false);
}

struct ear {
	struct bridge_vlan_listener listener;
	struct rtnl *rtnl;
};

static void on_vlan(struct bridge_vlan_listener *l, struct dev *dev, uint16_t first,
		    uint16_t last, bool gone)
{
	vlandb_notify(container_of(l, struct ear, listener)->rtnl, dev, first, last,
		      gone);
}

void vlandb_listen(struct rtnl *r, bool on)
{
	static struct ear ear = {.listener.vlan = on_vlan};

	ear.rtnl = r;
	bridge_vlan_listen(r->net, on ? &ear.listener : NULL);
}

/* ---- changes ---- */

/* The attributes of an entry by number. */
#define ENTRY_ATTRS 16

/* State and the like of VLAN @v->vid, in Linux's order; what was before the one that is refused
 * holds.  Sets *changed if that changed anything. */
static int change_option(struct dev *dev, const struct bridge_vlan *v,
			 const struct nlattr *const *tb, bool *changed, struct extack *ea)
{
	const struct nlattr *state = tb[BRIDGE_VLANDB_ENTRY_STATE],
			    *suppress = tb[ENTRY_ATTR_NEIGH_SUPPRESS];

	*changed = false;
	if (tb[BRIDGE_VLANDB_ENTRY_TUNNEL_INFO] || tb[BRIDGE_VLANDB_ENTRY_MCAST_ROUTER])
		return extack_set(ea, -EOPNOTSUPP,
				  "of a VLAN's options only its state and neigh_suppress "
				  "are heeded");
	if (suppress && attr_u8(suppress) > 1)
		return -ERANGE;
	if (state && attr_u8(state) > BR_STATE_BLOCKING)
		return extack_set(ea, -EINVAL, "bridge: Invalid vlan state");
	if (state)
		*changed |= bridge_vlan_set_state(dev, v->vid, attr_u8(state));
	if (suppress && dev_is_bridge(dev))
		return extack_set(ea, -EINVAL,
				  "bridge: Can't set neigh_suppress for non-port vlans");
	if (suppress)
		*changed |= bridge_vlan_set_suppress(dev, v->vid, attr_u8(suppress));
	return 0;
}

/* Options of the VLANs from @first to @last, which exist.  Those that changed are told of in
 * runs that are alike. */
static int change_options(struct rtnl *r, struct dev *dev, unsigned first, unsigned last,
			  const struct nlattr *const *tb, struct extack *ea)
{
	struct bridge_vlan v, head = {};
	bool changed = false;
	unsigned end = 0;
	int err = 0;

	for (unsigned vid = first; vid <= last && !err; vid++) {
		if (!bridge_vlan_get(dev, (uint16_t)vid, &v)) {
			err = extack_set(
				ea, -ENOENT,
				"bridge: Vlan in range doesn't exist, can't process options");
			break;
		}
		err = change_option(dev, &v, tb, &changed, ea);
		if (err)
			break;
		(void)bridge_vlan_get(dev, (uint16_t)vid, &v);
		if (end && (!changed || !alike(&head, &v))) {
			vlandb_notify(r, dev, head.vid, end, false);
			end = 0;
		}
		if (!changed)
			continue;
		if (!end)
			head = v;
		end = vid;
	}
	if (end)
		vlandb_notify(r, dev, head.vid, end, false);
	return err;
}

static int check_ends(const struct dev *dev, unsigned first, unsigned last,
		      struct extack *ea)
{
	struct bridge_vlan v;

	if (!bridge_vlan_get(dev, (uint16_t)first, &v))
		return extack_set(
			ea, -ENOENT,
			"bridge: Vlan range start doesn't exist, can't process options");
	if (!bridge_vlan_get(dev, (uint16_t)last, &v))
		return extack_set(
			ea, -ENOENT,
			"bridge: Vlan range end doesn't exist, can't process options");
	return 0;
}

/* One BRIDGE_VLANDB_ENTRY. */
static int change_entry(struct rtnl *r, struct dev *dev, bool add,
			const struct nlattr *entry, struct extack *ea)
{
	struct brvlan_change change = {.rtnl = r, .dev = dev, .add = add};
	const struct nlattr *tb[ENTRY_ATTRS] = {};
	struct bridge_vlan_info info, end;
	int err = attrs_index(tb, array_size(tb), attr_data(entry), attr_len(entry), ea);

	if (err)
		return err;
	if (!tb[BRIDGE_VLANDB_ENTRY_INFO])
		return extack_set(ea, -EINVAL, "bridge: Missing vlan entry info");
	if (attr_len(tb[BRIDGE_VLANDB_ENTRY_INFO]) != sizeof(info))
		return -ERANGE;
	memcpy(&info, attr_data(tb[BRIDGE_VLANDB_ENTRY_INFO]), sizeof(info));
	end = info;
	if (info.flags & (BRIDGE_VLAN_INFO_RANGE_BEGIN | BRIDGE_VLAN_INFO_RANGE_END))
		return extack_set(
			ea, -EINVAL,
			"bridge: Old-style vlan ranges are not allowed when using RTM vlan calls");
	if (tb[BRIDGE_VLANDB_ENTRY_RANGE]) {
		end.vid = attr_u16(tb[BRIDGE_VLANDB_ENTRY_RANGE]);
		end.flags |= BRIDGE_VLAN_INFO_RANGE_END;
		info.flags |= BRIDGE_VLAN_INFO_RANGE_BEGIN;
	}
	change.dry = info.flags & BRIDGE_VLAN_INFO_ONLY_OPTS && add;
	err = brvlan_change(&change, &info, ea);
	if (!err && change.in_range)
		err = brvlan_change(&change, &end, ea);
	if (change.changed)
		brlink_notify(r, dev);
	if (err || !add)
		return err;
	return check_ends(dev, info.vid, end.vid, ea)
		       ?: change_options(r, dev, info.vid, end.vid, tb, ea);
}

static int change_global(struct dev *dev, bool add, struct extack *ea)
{
	if (!add)
		return extack_set(
			ea, -EINVAL,
			"bridge: Global vlan options support only set operation");
	if (!dev_is_bridge(dev))
		return extack_set(
			ea, -EINVAL,
			"bridge: Global vlan options can only be set on bridge device");
	return extack_set(ea, -EOPNOTSUPP, "multicast is not snooped by VLAN here");
}

static int change(struct rtnl *r, struct dev *dev, const struct nlmsghdr *m,
		  struct extack *ea)
{
	bool add = m->nlmsg_type == RTM_NEWVLAN;
	const struct nlattr *attrs, *a;
	unsigned n = 0;
	size_t len;
	int err = 0;

	attrs = msg_attrs(m, sizeof(struct br_vlan_msg), &len);
	attr_foreach(a, attrs, len) {
		if (attr_type(a) == BRIDGE_VLANDB_ENTRY)
			err = change_entry(r, dev, add, a, ea);
		else if (attr_type(a) == BRIDGE_VLANDB_GLOBAL_OPTIONS)
			err = change_global(dev, add, ea);
		else
			continue;
		n++;
		if (err)
			return err;
	}
	return n ? 0 : extack_set(ea, -EINVAL, "bridge: No vlans found to process");
}

bool vlandb_set(struct client *c, const struct nlmsghdr *m)
{
	const struct br_vlan_msg *bvm = msg_header(m, sizeof(*bvm));
	struct dev *dev = bvm ? netns_dev(c->ns, bvm->ifindex) : NULL;
	struct extack ea = {};
	int err;

	if (!dev)
		return false;
	if (!dev_is_bridge(dev) && !dev_bridge_of(dev))
		err = extack_set(
			&ea, -EINVAL,
			"bridge: The device is not a valid bridge or bridge port");
	else
		err = change(c->rtnl, dev, m, &ea);
	client_answer(c, m, err, &ea);
	return true;
}
