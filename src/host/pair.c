/* SPDX-License-Identifier: BSD-2-Clause
 *
 * pair - packet mirrors: one end of a kernel veth pair is the mirror, the other is in the
 * factory.
 *
 * What a device may never need is made when it gets its carrier: all that IPv6 keeps of the
 * end in the factory, and the packet socket by which the engine writes it.  Such a socket is
 * used again when its device is gone: to close one takes the kernel 12 ms.
 */
#include "host/host.h"
#include "port/packet.h"

#include <linux/if_ether.h>
#include <linux/veth.h>
#include <net/if.h>
#include <stdio.h>

/* Too small for IPv6 (RFC 8200, section 5): the kernel makes less for the device, by a third. */
#define BIRTH_MTU 1279

/* ---- sockets ---- */

static void keep_socket(struct packet_owner *owner, int fd, bool listens)
{
	struct host *h = container_of(owner, struct host, socket_owner);

	if (listens || h->slow.stopping) {
		slow_close(&h->slow, &fd);
		return;
	}
	h->spare_sockets = xrealloc(h->spare_sockets,
				    (h->n_spare_sockets + 1) * sizeof(*h->spare_sockets));
	h->spare_sockets[h->n_spare_sockets++] = fd;
}

void pair_start(struct host *h)
{
	h->socket_owner.released = keep_socket;
}

void pair_stop(struct host *h)
{
	while (h->n_spare_sockets)
		close(h->spare_sockets[--h->n_spare_sockets]);
	free(h->spare_sockets);
}

/* See to it that the engine can write the factory's end. */
static int open_socket(struct host *h, struct mirror *m)
{
	auto_close int fd = -1;
	int err;

	if (m->dev->mirror)
		return 0;
	fd = h->n_spare_sockets ? h->spare_sockets[--h->n_spare_sockets]
				: packet_port_open();
	if (fd < 0)
		return fd;
	err = packet_port_bind(fd, m->factory_index);
	if (!err)
		dev_set_mirror(m->dev, packet_port_create(take_fd(&fd), DIR_TX,
							  &h->socket_owner));
	return err;
}

/* ---- the other end ---- */

/* A veth gets as many queues as there are CPUs, each with a folder in /sys: more than the rest
 * of it costs.  One is all that a mirror needs. */
static void put_one_queue(struct nlbuf *req)
{
	put_u32(req, IFLA_NUM_TX_QUEUES, 1);
	put_u32(req, IFLA_NUM_RX_QUEUES, 1);
}

/* The mirror has a carrier while the other end is up.  Before that is up for the first time it
 * gets an MTU that whatever the mirror may have fits into. */
static int set_factory_end(struct host *h, struct mirror *m, bool up)
{
	struct ifinfomsg ifi = {.ifi_index = (int)m->factory_index,
				.ifi_flags = up ? IFF_UP : 0,
				.ifi_change = IFF_UP};
	struct nlbuf req = {};
	size_t msg = msg_begin(&req, RTM_NEWLINK, 0, 0, 0, &ifi, sizeof(ifi));
	int err;

	if (up && !m->widened)
		put_u32(&req, IFLA_MTU, ETH_MAX_MTU);
	msg_end(&req, msg);
	err = kernel_request(h->factory_rtnl, &req, NULL, NULL);
	nlbuf_done(&req);
	m->widened |= up && !err;
	return err;
}

/* Gives both ends: @mirror, and the index of the one in the factory. */
static int make_pair(struct host *h, struct mirror *m, int sock, const char *name,
		     unsigned ifindex, struct kernel_link *mirror, struct extack *ea)
{
	struct ifinfomsg ours = {};
	struct ifinfomsg theirs = {.ifi_index = (int)ifindex};
	char our_name[IFNAMSIZ];
	struct nlbuf req = {}, reply = {};
	const struct nlmsghdr *echo;
	struct kernel_link end;
	size_t info, data, peer,
		msg = msg_begin(&req, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ECHO,
				0, 0, &theirs, sizeof(theirs));
	int err;

	snprintf(our_name, sizeof(our_name), "m%u", ++h->last_factory_name);
	put_str(&req, IFLA_IFNAME, name);
	put_one_queue(&req);
	info = nest_begin(&req, IFLA_LINKINFO);
	put_str(&req, IFLA_INFO_KIND, "veth");
	data = nest_begin(&req, IFLA_INFO_DATA);
	peer = nest_begin(&req, VETH_INFO_PEER);
	nlbuf_raw(&req, &ours, sizeof(ours));
	put_str(&req, IFLA_IFNAME, our_name);
	put_u32(&req, IFLA_MTU, BIRTH_MTU);
	put_one_queue(&req);
	put_u32(&req, IFLA_NET_NS_FD, (uint32_t)h->factory_fd);
	nest_end(&req, peer);
	nest_end(&req, data);
	nest_end(&req, info);
	msg_end(&req, msg);
	err = kernel_request(sock, &req, &reply, ea);
	echo = err ? NULL : msg_first(reply.data, reply.len);
	if (echo && kernel_link_parse(echo, mirror)) {
		m->factory_index = mirror->peer_index;
	} else if (!err) { /* before Linux 6.2 */
		err = kernel_link_get(h->factory_rtnl, 0, our_name, &end);
		m->factory_index = err ? 0 : end.ifindex;
		if (!err)
			err = kernel_link_get(sock, end.peer_index, NULL, mirror);
	}
	nlbuf_done(&req);
	nlbuf_done(&reply);
	return err;
}

int pair_create(struct host *h, struct mirror *m, int ns_fd, int sock, const char *name,
		unsigned ifindex, struct extack *ea)
{
	struct kernel_link mirror;
	int err;

	host_factory_id(h, m->dev->ns, ns_fd);
	err = make_pair(h, m, sock, name, ifindex, &mirror, ea);
	if (err)
		return err;
	dev_follow_place(m->dev, m->dev->ns, mirror.ifindex);
	err = mirror_set_kind_flags(sock, m->dev);
	if (err)
		return err;
	shortcut_make(h, m);
	/* A device that stands on another may be born with a carrier. */
	if (m->dev->carrier)
		err = pair_show_carrier(h, m);
	if (err)
		return err;
	mirror_follow(m->dev, &mirror);
	return 0;
}

/* ---- carrier ---- */

/* What @dev's frames may be led straight to must be ready for them. */
static int open_ahead(struct host *h, const struct dev *dev)
{
	struct dev *to = dev->kind->straight ? dev->kind->straight(dev) : NULL;
	struct mirror *m = to ? to->host : NULL;

	return m && m->packet && !m->gone ? open_socket(h, m) : 0;
}

int pair_show_carrier(struct host *h, struct mirror *m)
{
	bool carrier = m->dev->carrier;
	int err = carrier ? open_socket(h, m) : 0;

	if (!err && carrier)
		err = open_ahead(h, m->dev);
	if (err)
		return err;
	if (carrier)
		shortcut_begin(h, m);
	return set_factory_end(h, m, carrier);
}
