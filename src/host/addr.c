/* SPDX-License-Identifier: BSD-2-Clause
 *
 * addr - which addresses a device has: the kernel's to know, asked for when needed.
 */
#include "host/host.h"

#include <linux/if_addr.h>

/* An address of the device that is in use on its link; sets *found to it. */
static bool read_addr(const struct nlmsghdr *m, const struct dev *dev, int family,
		      const struct nlattr **found)
{
	const struct ifaddrmsg *ifa = msg_header(m, sizeof(*ifa));
	const struct nlattr *attrs, *a;
	uint32_t flags;
	size_t len;

	if (m->nlmsg_type != RTM_NEWADDR || !ifa || ifa->ifa_index != dev->ifindex ||
	    ifa->ifa_family != family)
		return false;
	attrs = msg_attrs(m, sizeof(*ifa), &len);
	a = attr_find(attrs, len, IFA_FLAGS);
	flags = a ? attr_u32(a) : ifa->ifa_flags;
	if (family == AF_INET6) {
		if (ifa->ifa_scope != RT_SCOPE_LINK ||
		    (flags & IFA_F_TENTATIVE && !(flags & IFA_F_OPTIMISTIC)))
			return false;
		*found = attr_find(attrs, len, IFA_ADDRESS);
	} else {
		if (ifa->ifa_scope > RT_SCOPE_LINK || flags & IFA_F_SECONDARY)
			return false;
		*found = attr_find(attrs, len, IFA_LOCAL);
	}
	return *found && attr_len(*found) == (family == AF_INET6 ? 16 : 4);
}

static bool find_addr(struct net_addrs *addrs, const struct dev *dev, int family,
		      uint8_t addr[16])
{
	struct host *h = container_of(addrs, struct host, addrs);
	struct ifaddrmsg ifa = {.ifa_family = (uint8_t)family, .ifa_index = dev->ifindex};
	auto_close int ns_fd = host_netns_open(h, dev->ns), opened = -1;
	struct nlbuf request = {}, reply = {};
	const struct nlmsghdr *m;
	const struct nlattr *a;
	bool has = false;
	int sock;

	if (ns_fd < 0)
		return false;
	sock = host_rtnl(h, dev->ns, ns_fd, &opened);
	if (sock < 0)
		return false;
	msg_end(&request,
		msg_begin(&request, RTM_GETADDR, NLM_F_DUMP, 0, 0, &ifa, sizeof(ifa)));
	if (!kernel_request(sock, &request, &reply, NULL)) {
		msg_foreach(m, reply.data, reply.len) {
			if (!has && read_addr(m, dev, family, &a)) {
				memcpy(addr, attr_data(a), attr_len(a));
				has = true;
			}
		}
	}
	nlbuf_done(&request);
	nlbuf_done(&reply);
	return has;
}

void addr_start(struct host *h)
{
	h->addrs.find = find_addr;
	h->net->addrs = &h->addrs;
}
