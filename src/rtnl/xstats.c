/* SPDX-License-Identifier: BSD-2-Clause
 *
 * xstats - what bridges and their ports count beside packets and bytes: RTM_GETSTATS with
 * IFLA_STATS_LINK_XSTATS (of bridges) and IFLA_STATS_LINK_XSTATS_SLAVE (of ports), which
 * `bridge -s vlan show` asks for.
 *
 * Dumps that ask for those alone are answered here; all else that RTM_GETSTATS tells is the
 * kernel's.
 */
#include "rtnl/bridge.h"

#define OF_BRIDGES IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_XSTATS)
#define OF_PORTS   IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_XSTATS_SLAVE)

/* A message of a dump stays below what any program reads at once. */
#define VLANS_MAX 64u

/* Append those above @vid, until there are none (0) or the message is long (the last one
 * told). */
static uint16_t put_vlans(struct nlbuf *out, const struct dev *dev, uint16_t vid)
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
		if (++told == VLANS_MAX)
			return vid;
	}
	return 0;
}

static bool is_wanted(const struct dev *dev, const void *arg)
{
	const struct if_stats_msg *asked = msg_header(arg, sizeof(*asked));

	return asked->filter_mask & (dev_is_bridge(dev) ? OF_BRIDGES : OF_PORTS);
}

static bool next_stats(struct client *c, struct dump *d, struct nlbuf *out)
{
	const struct nlmsghdr *m = dump_request(d);
	size_t start = out->len;

	if (!d->devs)
		bridge_devs(c, d, is_wanted, m);
	while (d->at < d->n_devs && out->len - start < DUMP_CHUNK) {
		struct dev *dev = bridge_dev(c, (int)d->devs[d->at]);
		struct if_stats_msg ifsm = {};
		size_t msg, nest, inner;

		if (!dev) { /* not any more */
			d->at++;
			d->cursor = 0;
			continue;
		}
		ifsm.ifindex = dev->ifindex;
		ifsm.filter_mask = dev_is_bridge(dev) ? OF_BRIDGES : OF_PORTS;
		msg = msg_begin(out, RTM_NEWSTATS, NLM_F_MULTI, m->nlmsg_seq, c->port,
				&ifsm, sizeof(ifsm));
		nest = nest_begin(out, dev_is_bridge(dev) ? IFLA_STATS_LINK_XSTATS
							  : IFLA_STATS_LINK_XSTATS_SLAVE);
		inner = nest_begin(out, LINK_XSTATS_TYPE_BRIDGE);
		d->cursor = put_vlans(out, dev, (uint16_t)d->cursor);
		nest_end(out, inner);
		nest_end(out, nest);
		msg_end(out, msg);
		d->at += !d->cursor;
	}
	return d->at < d->n_devs;
}

bool xstats_get(struct client *c, const struct nlmsghdr *m)
{
	const struct if_stats_msg *asked = msg_header(m, sizeof(*asked));

	if ((m->nlmsg_flags & NLM_F_DUMP) != NLM_F_DUMP || !asked ||
	    !asked->filter_mask || asked->filter_mask & ~(OF_BRIDGES | OF_PORTS))
		return false;
	dump_own(c, m, next_stats);
	return true;
}
