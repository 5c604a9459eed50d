/* SPDX-License-Identifier: BSD-2-Clause
 *
 * neigh - the kernel's neighbours and addresses of bridges' devices, for bridges that answer
 * for them (proxy_arp, neigh_suppress).
 *
 * From the first such port on, the event socket hears of both; what was there before is asked
 * for.
 */
#include "host/host.h"
#include "base/log.h"
#include "dev/bridge.h"

#include <linux/if_addr.h>
#include <linux/neighbour.h>
#include <sys/socket.h>

#define NUD_IN_USE \
	(NUD_PERMANENT | NUD_NOARP | NUD_REACHABLE | NUD_PROBE | NUD_STALE | NUD_DELAY)

static bool read_family(struct bridge_neighbour *n, int family, const struct nlattr *addr)
{
	if ((family != AF_INET && family != AF_INET6) || !addr ||
	    attr_len(addr) != (family == AF_INET6 ? 16 : 4))
		return false;
	n->family = (uint8_t)family;
	memcpy(n->addr, attr_data(addr), attr_len(addr));
	return true;
}

static void on_neigh(struct netns *ns, const struct nlmsghdr *m)
{
	const struct ndmsg *nd = msg_header(m, sizeof(*nd));
	const struct nlattr *attrs, *mac;
	struct bridge_neighbour n = {};
	struct dev *dev;
	size_t len;

	dev = nd && !(nd->ndm_flags & NTF_PROXY)
		      ? netns_dev(ns, (unsigned)nd->ndm_ifindex)
		      : NULL;
	if (!dev || !bridge_neigh_home(dev))
		return;
	attrs = msg_attrs(m, sizeof(*nd), &len);
	if (!read_family(&n, nd->ndm_family, attr_find(attrs, len, NDA_DST)))
		return;
	mac = attr_find(attrs, len, NDA_LLADDR);
	if (m->nlmsg_type == RTM_DELNEIGH || !(nd->ndm_state & NUD_IN_USE) || !mac ||
	    attr_len(mac) != sizeof(n.mac)) {
		bridge_neigh_delete(dev, &n);
		return;
	}
	memcpy(n.mac, attr_data(mac), sizeof(n.mac));
	n.router = nd->ndm_flags & NTF_ROUTER;
	bridge_neigh_add(dev, &n);
}

static void on_addr(struct netns *ns, const struct nlmsghdr *m)
{
	const struct ifaddrmsg *ifa = msg_header(m, sizeof(*ifa));
	const struct nlattr *attrs, *a;
	struct bridge_neighbour n = {.local = true};
	struct dev *dev;
	uint32_t flags;
	size_t len;

	dev = ifa ? netns_dev(ns, ifa->ifa_index) : NULL;
	if (!dev || !bridge_neigh_home(dev))
		return;
	attrs = msg_attrs(m, sizeof(*ifa), &len);
	a = attr_find(attrs, len, IFA_LOCAL) ?: attr_find(attrs, len, IFA_ADDRESS);
	if (!read_family(&n, ifa->ifa_family, a))
		return;
	a = attr_find(attrs, len, IFA_FLAGS);
	flags = a ? attr_u32(a) : ifa->ifa_flags;
	if (m->nlmsg_type == RTM_NEWADDR && !(flags & IFA_F_TENTATIVE))
		bridge_neigh_add(dev, &n);
	else
		bridge_neigh_delete(dev, &n);
}

void neigh_heard(struct netns *ns, const struct nlmsghdr *m)
{
	if (m->nlmsg_type == RTM_NEWNEIGH || m->nlmsg_type == RTM_DELNEIGH)
		on_neigh(ns, m);
	if (m->nlmsg_type == RTM_NEWADDR || m->nlmsg_type == RTM_DELADDR)
		on_addr(ns, m);
}

/* ---- what was there before ---- */

/* @type: RTM_GETNEIGH or RTM_GETADDR. */
static void ask(int sock, struct netns *ns, uint16_t type)
{
	/* Either header begins with the family, and zeros ask for all. */
	static const struct ndmsg all;
	struct nlbuf request = {}, reply = {};
	const struct nlmsghdr *m;
	size_t len =
		type == RTM_GETNEIGH ? sizeof(struct ndmsg) : sizeof(struct ifaddrmsg);
	int err;

	msg_end(&request, msg_begin(&request, type, NLM_F_DUMP, 0, 0, &all, len));
	err = kernel_request(sock, &request, &reply, NULL);
	if (err)
		log_debug("engine", "", "neighbours cannot be read: %s", strerror(-err));
	msg_foreach(m, reply.data, reply.len)
		neigh_heard(ns, m);
	nlbuf_done(&request);
	nlbuf_done(&reply);
}

static void ask_ns(struct host *h, struct netns *ns)
{
	auto_close int ns_fd = host_netns_open(h, ns), opened = -1;
	int sock = ns_fd < 0 ? -1 : host_rtnl(h, ns, ns_fd, &opened);

	if (sock < 0)
		return; /* the namespace is about to end */
	ask(sock, ns, RTM_GETNEIGH);
	ask(sock, ns, RTM_GETADDR);
}

void neigh_resync(struct host *h, struct dev *br)
{
	struct dev *dev;

	bridge_neigh_forget(br, NULL);
	ask_ns(h, br->ns);
	list_foreach(dev, &br->uppers, on_lower)
		if (dev->ns && dev->ns != br->ns)
			ask_ns(h, dev->ns);
}

/* ---- when ---- */

static void join_groups(struct host *h)
{
	static const int groups[] = {RTNLGRP_NEIGH, RTNLGRP_IPV4_IFADDR,
				     RTNLGRP_IPV6_IFADDR};

	if (h->hears_neigh)
		return;
	h->hears_neigh = true;
	for (size_t i = 0; i < array_size(groups); i++)
		if (setsockopt(h->events, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &groups[i],
			       sizeof(groups[i])))
			log_warn("engine", "", "the kernel does not tell of neighbours");
}

/* Its entries go with it: nobody finds it by number any more when the kernel tells. */
static void forget(struct host *h, const struct dev *gone)
{
	struct dev *br;

	list_foreach(br, &h->net->devs, in_net)
		if (br != gone && dev_is_bridge(br) && bridge_neigh_is_followed(br))
			bridge_neigh_forget(br, gone);
}

void neigh_on_event(struct host *h, enum net_event event, struct dev *dev)
{
	struct dev *br = dev_bridge_of(dev);

	if (event == NET_DEV_DYING && h->hears_neigh)
		forget(h, dev);
	if ((event != NET_PORT_CHANGED && event != NET_DEV_MASTER) || !br || !br->ns ||
	    !bridge_neigh_follow(br))
		return;
	join_groups(h);
	neigh_resync(h, br);
}
