/* SPDX-License-Identifier: BSD-2-Clause
 *
 * brvlan - VLANs of bridges in messages of AF_BRIDGE about links: IFLA_AF_SPEC with
 * IFLA_BRIDGE_VLAN_INFO, one VLAN each, or a range in two of them.
 */
#include "rtnl/bridge.h"

/* Which of struct bridge_vlan_info's flags say what a VLAN is like. */
#define INFO_FLAGS (BRIDGE_VLAN_INFO_PVID | BRIDGE_VLAN_INFO_UNTAGGED)
#define INFO_RANGE (BRIDGE_VLAN_INFO_RANGE_BEGIN | BRIDGE_VLAN_INFO_RANGE_END)

/* ---- telling ---- */

uint16_t brvlan_flags(const struct bridge_vlan *v)
{
	return (uint16_t)((v->pvid ? BRIDGE_VLAN_INFO_PVID : 0) |
			  (v->untagged ? BRIDGE_VLAN_INFO_UNTAGGED : 0));
}

static void put_info(struct nlbuf *out, unsigned vid, unsigned flags)
{
	struct bridge_vlan_info info = {.flags = (uint16_t)flags, .vid = (uint16_t)vid};

	put_attr(out, IFLA_BRIDGE_VLAN_INFO, &info, sizeof(info));
}

static void put_run(struct nlbuf *out, unsigned first, unsigned last, unsigned flags)
{
	if (!first)
		return;
	if (first == last) {
		put_info(out, first, flags);
		return;
	}
	put_info(out, first, flags | BRIDGE_VLAN_INFO_RANGE_BEGIN);
	put_info(out, last, flags | BRIDGE_VLAN_INFO_RANGE_END);
}

static void put_compressed(struct nlbuf *out, const struct dev *dev)
{
	unsigned first = 0, last = 0, flags = 0;
	struct bridge_vlan v;
	uint16_t vid = 0;

	while ((vid = bridge_vlan_next(dev, vid)) && bridge_vlan_get(dev, vid, &v)) {
		if (vid != last + 1 || brvlan_flags(&v) != flags) {
			put_run(out, first, last, flags);
			first = vid;
			flags = brvlan_flags(&v);
		}
		last = vid;
	}
	put_run(out, first, last, flags);
}

void brvlan_put(struct nlbuf *out, const struct dev *dev, uint32_t mask)
{
	struct bridge_vlan v;
	uint16_t vid = 0;
	size_t spec;

	if (!(mask & (RTEXT_FILTER_BRVLAN | RTEXT_FILTER_BRVLAN_COMPRESSED)))
		return;
	spec = nest_begin(out, IFLA_AF_SPEC);
	if (mask & RTEXT_FILTER_BRVLAN_COMPRESSED)
		put_compressed(out, dev);
	else
		while ((vid = bridge_vlan_next(dev, vid)) &&
		       bridge_vlan_get(dev, vid, &v))
			put_info(out, vid, brvlan_flags(&v));
	nest_end(out, spec);
}

/* ---- changing ---- */

static int check_vid(unsigned vid, struct extack *ea)
{
	if (!vid || vid > BRIDGE_VID_MAX)
		return extack_set(ea, -EINVAL, "bridge: Vlan id is invalid");
	return 0;
}

/* May @cur begin a range (@begin NULL), or end the one that @begin began? */
static int check_range(const struct bridge_vlan_info *cur,
		       const struct bridge_vlan_info *begin, struct extack *ea)
{
	const char *why = NULL;

	if (cur->flags & BRIDGE_VLAN_INFO_PVID)
		why = "Pvid isn't allowed in a range";
	else if (begin && cur->flags & BRIDGE_VLAN_INFO_RANGE_BEGIN)
		why = "Found a new vlan range start while processing one";
	else if (begin && !(cur->flags & BRIDGE_VLAN_INFO_RANGE_END))
		why = "Vlan range end flag is missing";
	else if (begin && cur->vid <= begin->vid)
		why = "End vlan id is less than or equal to start vlan id";
	else if (!(cur->flags & INFO_RANGE))
		why = "Both vlan range flags are missing";
	return why ? extack_set(ea, -EINVAL, "bridge: %s", why) : 0;
}

static bool change_one(const struct brvlan_change *c, unsigned vid, unsigned flags)
{
	return c->add ? bridge_vlan_add(c->dev, (uint16_t)vid, flags)
		      : bridge_vlan_delete(c->dev, (uint16_t)vid, flags);
}

/* Those that changed are told of, in runs. */
static void change_range(struct brvlan_change *c, unsigned first, unsigned last,
			 unsigned flags)
{
	unsigned start = 0;

	if (c->dry)
		return;
	flags &= INFO_FLAGS | BRIDGE_VLAN_INFO_MASTER;
	for (unsigned vid = first; vid <= last; vid++) {
		if (change_one(c, vid, flags)) {
			c->changed = true;
			start = start ?: vid;
		} else if (start) {
			vlandb_notify(c->rtnl, c->dev, start, vid - 1, !c->add);
			start = 0;
		}
	}
	if (start)
		vlandb_notify(c->rtnl, c->dev, start, last, !c->add);
}

int brvlan_change(struct brvlan_change *c, const struct bridge_vlan_info *info,
		  struct extack *ea)
{
	const struct bridge_vlan_info *begin = c->in_range ? &c->begin : NULL;
	int err = check_vid(info->vid, ea);

	if (!err && (begin || info->flags & BRIDGE_VLAN_INFO_RANGE_BEGIN))
		err = check_range(info, begin, ea);
	if (err)
		return err;
	if (begin) {
		c->in_range = false;
		change_range(c, begin->vid, info->vid, begin->flags);
	} else if (info->flags & BRIDGE_VLAN_INFO_RANGE_BEGIN) {
		c->in_range = true;
		c->begin = *info;
	} else {
		change_range(c, info->vid, info->vid, info->flags);
	}
	return 0;
}

int brvlan_spec(struct brvlan_change *c, const struct nlattr *spec, struct extack *ea)
{
	const struct nlattr *a;
	int err = 0;

	attr_foreach_nested(a, spec) {
		if (attr_type(a) == IFLA_BRIDGE_VLAN_TUNNEL_INFO) {
			err = extack_set(ea, -EINVAL,
					 "VLANs are not mapped to tunnels here");
		} else if (attr_type(a) == IFLA_BRIDGE_VLAN_INFO) {
			if (attr_len(a) != sizeof(struct bridge_vlan_info))
				return -EINVAL;
			err = brvlan_change(c, attr_data(a), ea);
		}
		if (err)
			return err;
	}
	return 0;
}
