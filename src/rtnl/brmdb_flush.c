/* SPDX-License-Identifier: BSD-2-Clause
 *
 * brmdb_flush - many entries of a multicast database deleted at once: RTM_DELMDB with
 * NLM_F_BULK, which `bridge mdb flush` sends.
 *
 * Unlike other requests of the database's this one is read strictly, as in Linux: what is not
 * known is refused.
 */
#include "rtnl/bridge.h"
#include "dev/bridge_mdb.h"

/* MDBA_SET_ENTRY, MDBA_SET_ENTRY_ATTRS. */
enum {
	ENTRY = 1,
	ENTRY_ATTRS,
	ENTRY_N
};

/* MDBE_ATTR_*. */
enum {
	ATTR_RTPROT = 4,
	ATTR_STATE_MASK = 10,
	ATTR_N
};

#define VLAN_ID_MAX 4094u

static int refuse(const struct nlattr *a, struct extack *ea, int err, const char *why)
{
	if (ea && !ea->msg[0])
		ea->attr = a;
	return extack_set(ea, err, "%s", why);
}

/* Index into @tb, which has @n places. */
static int read_strictly(const struct nlattr **tb, size_t n, const void *first,
			 size_t len, struct extack *ea)
{
	const struct nlattr *a;
	int err = attrs_index(tb, n, first, len, ea);
	size_t left = len;

	if (err)
		return err;
	attr_foreach(a, first, len) {
		if (!attr_type(a) || attr_type(a) >= n)
			return refuse(a, ea, -EINVAL, "Unknown attribute type");
		left -= min(left, (size_t)NLA_ALIGN(a->nla_len));
	}
	return left ? extack_set(ea, -EINVAL, "bytes leftover after parsing attributes")
		    : 0;
}

static const char *wrong_entry(const struct br_mdb_entry *e)
{
	static const __typeof__(e->addr) none;

	if (e->state != MDB_PERMANENT && e->state != MDB_TEMPORARY)
		return "Unknown entry state";
	if (e->flags)
		return "Entry flags cannot be set";
	if (e->vid > VLAN_ID_MAX)
		return "Invalid entry VLAN id";
	if (memcmp(&e->addr, &none, sizeof(none)) != 0)
		return "Entry address cannot be set";
	return NULL;
}

static int read_attrs(const struct nlattr *nest, struct mdb_filter *f, struct extack *ea)
{
	const struct nlattr *tb[ATTR_N], *a;
	int err = read_strictly(tb, ATTR_N, attr_data(nest), attr_len(nest), ea);

	if (err)
		return err;
	attr_foreach_nested(a, nest) {
		if (attr_type(a) != ATTR_RTPROT && attr_type(a) != ATTR_STATE_MASK)
			return refuse(a, ea, -EINVAL, "Unsupported attribute");
		if (attr_len(a) != 1)
			return refuse(a, ea, -EINVAL, "invalid attribute length");
		if (attr_type(a) == ATTR_RTPROT && attr_u8(a) < RTPROT_STATIC)
			return refuse(a, ea, -ERANGE, "integer out of range");
		if (attr_type(a) == ATTR_STATE_MASK && attr_u8(a) & ~MDB_PERMANENT)
			return refuse(a, ea, -EINVAL, "reserved bit set");
	}
	f->by_state = tb[ATTR_STATE_MASK] && attr_u8(tb[ATTR_STATE_MASK]);
	f->rt_protocol = tb[ATTR_RTPROT] ? attr_u8(tb[ATTR_RTPROT]) : 0;
	return 0;
}

int brmdb_flush(struct dev *br, const struct nlmsghdr *m, struct extack *ea)
{
	const struct nlattr *tb[ENTRY_N], *attrs;
	const struct br_mdb_entry *e;
	struct mdb_filter f;
	size_t len;
	int err;

	attrs = msg_attrs(m, sizeof(struct br_port_msg), &len);
	err = read_strictly(tb, ENTRY_N, attrs, len, ea);
	if (err)
		return err;
	if (!tb[ENTRY])
		return extack_set(ea, -EINVAL, "Missing MDBA_SET_ENTRY attribute");
	err = brmdb_entry(tb[ENTRY], &e, ea);
	if (err)
		return err;
	if (wrong_entry(e))
		return extack_set(ea, -EINVAL, "%s", wrong_entry(e));
	if (tb[ENTRY_ATTRS] && !(tb[ENTRY_ATTRS]->nla_type & NLA_F_NESTED))
		return refuse(tb[ENTRY_ATTRS], ea, -EINVAL, "NLA_F_NESTED is missing");
	f = (struct mdb_filter){.ifindex = e->ifindex,
				.vid = e->vid,
				.permanent = e->state == MDB_PERMANENT};
	if (tb[ENTRY_ATTRS])
		err = read_attrs(tb[ENTRY_ATTRS], &f, ea);
	if (!err)
		mdb_flush(br, &f);
	return err;
}
