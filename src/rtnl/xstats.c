/* SPDX-License-Identifier: BSD-2-Clause
 *
 * xstats - what is counted: of links, and in answers to RTM_GETSTATS.
 *
 * The kernel answers for the mirror; here IFLA_STATS_LINK_64 becomes the device's, and what
 * bridges and their ports count beside packets and bytes comes in: IFLA_STATS_LINK_XSTATS of
 * bridges and IFLA_STATS_LINK_XSTATS_SLAVE of ports, which `bridge -s vlan show` asks for.
 */
#include "rtnl/bridge.h"
#include "dev/bridge_mdb.h"

#define OF_BRIDGES IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_XSTATS)
#define OF_PORTS   IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_XSTATS_SLAVE)

/* ---- packets and bytes ---- */

/* struct rtnl_link_stats64 begins with rx and tx packets, rx and tx bytes, rx and tx errors,
 * rx and tx drops; struct rtnl_link_stats with the same, in 32 bits. */
enum {
	STATS_RX_DROPPED = 6,
	STATS_TX_DROPPED = 7,
	STATS_TOUCHED = 8
};

void put_link_stats(struct client *c, struct nlbuf *out, const struct nlattr *a,
		    bool wide, struct dev *dev)
{
	size_t unit = wide ? 8 : 4;
	struct dev_counters sum;
	uint64_t v[STATS_TOUCHED], old;
	char copy[512];

	if (attr_len(a) > sizeof(copy) || attr_len(a) < STATS_TOUCHED * unit) {
		put_copy(out, a);
		return;
	}
	memcpy(copy, attr_data(a), attr_len(a));
	shortcut_count(c->rtnl->host, dev);
	dev_counters(dev, &sum);
	v[0] = sum.rx_packets;
	v[1] = sum.tx_packets;
	v[2] = sum.rx_bytes;
	v[3] = sum.tx_bytes;
	for (size_t i = 4; i < STATS_TOUCHED; i++) {
		old = 0;
		memcpy(&old, copy + i * unit, unit);
		v[i] = old;
	}
	v[STATS_RX_DROPPED] += sum.rx_dropped;
	v[STATS_TX_DROPPED] += sum.tx_dropped;
	for (size_t i = 0; i < STATS_TOUCHED; i++)
		memcpy(copy + i * unit, &v[i], unit); /* little endian hosts */
	put_attr(out, attr_type(a), copy, attr_len(a));
}

/* ---- of bridges and ports ---- */

/* A message of a dump stays below what any program reads at once. */
#define VLANS_MAX 64u
/* A single answer tells of no more: an attribute ends at 64 KiB. */
#define VLANS_MAX_IN_ONE 1024u

/* Append those above @vid, until there are none (0) or they are @most (the last one told). */
static uint16_t put_vlans(struct nlbuf *out, const struct dev *dev, uint16_t vid,
			  unsigned most)
{
	unsigned own = dev_is_bridge(dev)
			       ? BRIDGE_VLAN_INFO_MASTER | BRIDGE_VLAN_INFO_BRENTRY
			       : 0;
	struct bridge_vlan v;
	unsigned told = 0;

	while ((vid = bridge_vlan_next(dev, vid)) && bridge_vlan_get(dev, vid, &v)) {
		struct bridge_vlan_xstats x = {
			.vid = vid, .flags = (uint16_t)(brvlan_flags(&v) | own)};
		struct bridge_vlan_counters n;

		bridge_vlan_counters(dev, vid, &n);
		x.rx_bytes = n.rx_bytes;
		x.rx_packets = n.rx_packets;
		x.tx_bytes = n.tx_bytes;
		x.tx_packets = n.tx_packets;
		put_attr(out, BRIDGE_XSTATS_VLAN, &x, sizeof(x));
		if (++told == most)
			return vid;
	}
	return 0;
}

/* IGMP and MLD; of a port, BPDUs as well. */
static void put_messages(struct nlbuf *out, const struct dev *dev)
{
	struct bridge_stp_xstats stp;
	struct br_mcast_stats sum;

	bridge_mcast_counters(dev, &sum);
	put_attr(out, BRIDGE_XSTATS_MCAST, &sum, sizeof(sum));
	if (dev_is_bridge(dev))
		return;
	bridge_stp_counters(dev, &stp);
	put_attr(out, BRIDGE_XSTATS_STP, &stp, sizeof(stp));
}

/* Append @attr with what there is beyond the VLAN @vid; as put_vlans. */
static uint16_t put_xstats(struct nlbuf *out, unsigned attr, const struct dev *dev,
			   uint16_t vid, unsigned most)
{
	size_t nest = nest_begin(out, attr);
	size_t inner = nest_begin(out, LINK_XSTATS_TYPE_BRIDGE);

	vid = put_vlans(out, dev, vid, most);
	if (!vid)
		put_messages(out, dev);
	nest_end(out, inner);
	nest_end(out, nest);
	return vid;
}

/* Which of the two @dev has and @asked asks for; 0: none. */
static unsigned xstats_attr(const struct dev *dev, const struct if_stats_msg *asked)
{
	if (dev_is_bridge(dev))
		return asked->filter_mask & OF_BRIDGES ? IFLA_STATS_LINK_XSTATS : 0;
	return asked->filter_mask & OF_PORTS && dev_bridge_of(dev)
		       ? IFLA_STATS_LINK_XSTATS_SLAVE
		       : 0;
}

/* ---- answers ---- */

/* A dump's next messages: the VLANs above @vid. */
static void put_rest(const struct nlmsghdr *m, const struct if_stats_msg *asked,
		     unsigned attr, const struct dev *dev, uint16_t vid,
		     struct nlbuf *out)
{
	while (vid) {
		size_t msg = msg_begin(out, RTM_NEWSTATS, m->nlmsg_flags, m->nlmsg_seq,
				       m->nlmsg_pid, asked, sizeof(*asked));

		vid = put_xstats(out, attr, dev, vid, VLANS_MAX);
		msg_end(out, msg);
	}
}

static void rewrite_stats(struct client *c, const struct nlmsghdr *m, struct dev *dev,
			  struct nlbuf *out)
{
	const struct if_stats_msg *asked = msg_header(m, sizeof(*asked));
	bool kernels = dev->kind->mirror == MIRROR_OWN;
	unsigned attr = xstats_attr(dev, asked), due = attr;
	unsigned most = m->nlmsg_flags & NLM_F_MULTI ? VLANS_MAX : VLANS_MAX_IN_ONE;
	const struct nlattr *attrs, *a;
	uint16_t vid = 0;
	size_t len, msg;

	attrs = msg_attrs(m, sizeof(*asked), &len);
	msg = msg_begin(out, RTM_NEWSTATS, m->nlmsg_flags, m->nlmsg_seq, m->nlmsg_pid,
			asked, sizeof(*asked));
	attr_foreach(a, attrs, len) {
		if (due && attr_type(a) > due) { /* in Linux's order */
			vid = put_xstats(out, attr, dev, 0, most);
			due = 0;
		}
		if (attr_type(a) == IFLA_STATS_LINK_64 && !kernels)
			put_link_stats(c, out, a, true, dev);
		else
			put_copy(out, a);
	}
	if (due)
		vid = put_xstats(out, attr, dev, 0, most);
	msg_end(out, msg);
	put_rest(m, asked, attr, dev, vid, out);
}

void xstats_rewrite(struct client *c, struct netns *ns, const struct nlmsghdr *m,
		    struct nlbuf *out)
{
	const struct if_stats_msg *asked = msg_header(m, sizeof(*asked));
	struct dev *dev = asked ? netns_dev(ns, asked->ifindex) : NULL;

	if (dev)
		rewrite_stats(c, m, dev, out);
	else if (!asked || !(m->nlmsg_flags & NLM_F_MULTI) ||
		 !mirror_is_dying(c->rtnl->host, ns->cookie, asked->ifindex))
		nlbuf_raw(out, m, m->nlmsg_len);
}
