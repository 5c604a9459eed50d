/* SPDX-License-Identifier: BSD-2-Clause
 *
 * kernel - asking the host's kernel.
 */
#include "host/kernel.h"
#include "base/log.h"

#include <fcntl.h>
#include <linux/if_link.h>
#include <sched.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

static _Thread_local int home_fd = -1;

void kernel_thread_home(int home_ns_fd)
{
	home_fd = home_ns_fd;
}

/* Not being able to come home would let this thread's next work go to a stranger's
 * namespace: there is nothing to do then but to stop. */
static void go_home(void)
{
	if (setns(home_fd, CLONE_NEWNET)) {
		log_error("engine", "", "cannot return to its own network namespace: %s",
			  strerror(errno));
		abort();
	}
}

int kernel_socket_in(int ns_fd, int family, int type, int protocol)
{
	int fd, err;

	if (setns(ns_fd, CLONE_NEWNET))
		return -errno;
	fd = socket(family, type | SOCK_CLOEXEC, protocol);
	err = -errno;
	go_home();
	return fd < 0 ? err : fd;
}

int kernel_tun_in(int ns_fd)
{
	int fd, err;

	if (setns(ns_fd, CLONE_NEWNET))
		return -errno;
	fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	err = -errno;
	go_home();
	return fd < 0 ? err : fd;
}

int kernel_rtnl_in(int ns_fd)
{
	int on = 1, fd = kernel_socket_in(ns_fd, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);

	if (fd >= 0)
		(void)setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	return fd;
}

uint64_t kernel_socket_cookie(int sock)
{
	uint64_t cookie = 0;
	socklen_t len = sizeof(cookie);

	if (getsockopt(sock, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &len))
		return 0;
	return cookie;
}

uint64_t kernel_ns_cookie(int ns_fd)
{
	auto_close int sock = kernel_socket_in(ns_fd, AF_UNIX, SOCK_DGRAM, 0);

	return sock < 0 ? 0 : kernel_socket_cookie(sock);
}

/* The outcome in an NLMSG_ERROR, with the kernel's sentence. */
static int read_ack(const struct nlmsghdr *m, struct extack *ea)
{
	const struct nlmsgerr *e = msg_header(m, sizeof(*e));
	size_t skip = sizeof(*e), len;
	const struct nlattr *attrs, *text, *offset;
	char sentence[sizeof(ea->msg)];

	if (!e)
		return -EBADMSG;
	if (!e->error || !(m->nlmsg_flags & NLM_F_ACK_TLVS))
		return e->error;
	if (!(m->nlmsg_flags & NLM_F_CAPPED) && e->msg.nlmsg_len > sizeof(e->msg))
		skip += NLMSG_ALIGN(e->msg.nlmsg_len) - sizeof(e->msg);
	attrs = msg_attrs(m, skip, &len);
	text = attrs ? attr_find(attrs, len, NLMSGERR_ATTR_MSG) : NULL;
	offset = attrs ? attr_find(attrs, len, NLMSGERR_ATTR_OFFS) : NULL;
	if (offset && ea)
		ea->offset = attr_u32(offset);
	if (text) {
		attr_str(text, sentence, sizeof(sentence));
		return extack_set(ea, e->error, "%s", sentence);
	}
	return e->error;
}

int kernel_request(int sock, struct nlbuf *req, struct nlbuf *reply, struct extack *ea)
{
	static _Thread_local uint32_t last_seq;
	struct nlmsghdr *m = (void *)req->data;
	char buf[32768] __attribute__((aligned(8)));
	const struct nlmsghdr *r;

	m->nlmsg_seq = ++last_seq;
	m->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
	if (send(sock, req->data, req->len, 0) < 0)
		return -errno;
	for (;;) {
		ssize_t n = recv(sock, buf, sizeof(buf), 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		msg_foreach(r, buf, (size_t)n) {
			if (r->nlmsg_seq != last_seq)
				continue;
			if (r->nlmsg_type == NLMSG_ERROR)
				return read_ack(r, ea);
			if (r->nlmsg_type == NLMSG_DONE)
				return 0;
			if (reply)
				nlbuf_raw(reply, r, r->nlmsg_len);
		}
	}
}

bool kernel_link_parse(const struct nlmsghdr *m, struct kernel_link *link)
{
	const struct ifinfomsg *ifi = msg_header(m, sizeof(*ifi));
	const struct nlattr *attrs, *a;
	size_t len;

	if (!ifi)
		return false;
	attrs = msg_attrs(m, sizeof(*ifi), &len);
	*link = (struct kernel_link){.ifindex = (unsigned)ifi->ifi_index,
				     .flags = ifi->ifi_flags,
				     .type = ifi->ifi_type,
				     .peer_nsid = -1};
	attr_foreach(a, attrs, len) {
		switch (attr_type(a)) {
		case IFLA_IFNAME:
			attr_str(a, link->name, sizeof(link->name));
			break;
		case IFLA_MTU:
			link->mtu = attr_u32(a);
			break;
		case IFLA_PROMISCUITY:
			link->promiscuity = attr_u32(a);
			break;
		case IFLA_GROUP:
			link->group = attr_u32(a);
			break;
		case IFLA_MASTER:
			link->master = attr_u32(a);
			break;
		case IFLA_LINK:
			link->peer_index = attr_u32(a);
			break;
		case IFLA_LINK_NETNSID:
			link->peer_nsid = (int)attr_u32(a);
			break;
		case IFLA_ADDRESS:
			if (attr_len(a) == sizeof(link->addr)) {
				memcpy(link->addr, attr_data(a), sizeof(link->addr));
				link->has_addr = true;
			}
			break;
		}
	}
	return true;
}

int kernel_link_get(int sock, unsigned ifindex, const char *name,
		    struct kernel_link *link)
{
	struct ifinfomsg ifi = {.ifi_index = (int)ifindex};
	struct nlbuf req = {}, reply = {};
	const struct nlmsghdr *m;
	size_t msg = msg_begin(&req, RTM_GETLINK, 0, 0, 0, &ifi, sizeof(ifi));
	int err;

	if (!ifindex)
		put_str(&req, IFLA_IFNAME, name);
	msg_end(&req, msg);
	err = kernel_request(sock, &req, &reply, NULL);
	if (!err) {
		m = msg_first(reply.data, reply.len);
		if (!m || !kernel_link_parse(m, link))
			err = -EBADMSG;
	}
	nlbuf_done(&req);
	nlbuf_done(&reply);
	return err;
}

int kernel_sender_nsid(struct msghdr *msg)
{
	int nsid = -1;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c))
		if (c->cmsg_level == SOL_NETLINK &&
		    c->cmsg_type == NETLINK_LISTEN_ALL_NSID)
			memcpy(&nsid, CMSG_DATA(c), sizeof(nsid));
	return nsid;
}

int kernel_link_stats(int sock, unsigned ifindex, struct kernel_stats *stats)
{
	struct if_stats_msg ask = {.ifindex = ifindex,
				   .filter_mask = 1u << (IFLA_STATS_LINK_64 - 1)};
	struct nlbuf req = {}, reply = {};
	const struct nlmsghdr *m;
	const struct nlattr *attrs, *a;
	struct rtnl_link_stats64 s = {};
	size_t len;
	int err;

	msg_end(&req, msg_begin(&req, RTM_GETSTATS, 0, 0, 0, &ask, sizeof(ask)));
	err = kernel_request(sock, &req, &reply, NULL);
	m = err ? NULL : msg_first(reply.data, reply.len);
	attrs = m ? msg_attrs(m, sizeof(ask), &len) : NULL;
	a = attrs ? attr_find(attrs, len, IFLA_STATS_LINK_64) : NULL;
	if (a)
		memcpy(&s, attr_data(a), min(attr_len(a), sizeof(s)));
	else if (!err)
		err = -EBADMSG;
	*stats = (struct kernel_stats){.rx_packets = s.rx_packets,
				       .rx_bytes = s.rx_bytes,
				       .tx_packets = s.tx_packets,
				       .tx_bytes = s.tx_bytes,
				       .tx_dropped = s.tx_dropped};
	nlbuf_done(&req);
	nlbuf_done(&reply);
	return err;
}

unsigned kernel_index_of(int sock, const char *name)
{
	struct ifreq ifr = {};

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	return ioctl(sock, SIOCGIFINDEX, &ifr) ? 0 : (unsigned)ifr.ifr_ifindex;
}

int kernel_link_flags(int sock, unsigned ifindex, unsigned flags, unsigned mask)
{
	struct ifinfomsg ifi = {
		.ifi_index = (int)ifindex, .ifi_flags = flags, .ifi_change = mask};
	struct nlbuf req = {};
	int err;

	msg_end(&req, msg_begin(&req, RTM_NEWLINK, 0, 0, 0, &ifi, sizeof(ifi)));
	err = kernel_request(sock, &req, NULL, NULL);
	nlbuf_done(&req);
	return err;
}
