/* SPDX-License-Identifier: BSD-2-Clause
 *
 * packet - a port that is a packet socket on a veth end.
 *
 * The kernel takes the outermost VLAN tag off what a packet socket receives and tells it
 * beside the frame (PACKET_AUXDATA); it is put back here, so that a frame is what it was.
 */
#include "base/fd.h"
#include "pkt/gso.h"
#include "pkt/hdr.h"
#include "port/frame.h"
#include "port/packet.h"

#include <linux/if_packet.h>
#include <sys/socket.h>

#define ETH_P_ALL 0x0003

/* Of received frames, in the kernel's account of 64-KiB ones: what a sender may be ahead. */
#define RECEIVE_BUFFER (4 << 20)

struct packet_port {
	struct port port;
	struct packet_owner *owner;
};

static struct packet_port *packet_port_of(struct port *port)
{
	return container_of(port, struct packet_port, port);
}

static struct pkt *put_tag(struct worker *w, struct port *port, struct pkt *p,
			   const struct tpacket_auxdata *aux)
{
	struct vlan *vlan;
	uint8_t *data = pkt_push(p, sizeof(*vlan));

	if (!data) {
		pkt_drop(w, port->dev, p, DROP_NO_HEADROOM);
		return NULL;
	}
	memmove(data, data + sizeof(*vlan), 2 * sizeof(((struct eth *)0)->dst));
	pkt_eth(p)->type =
		to_be16(aux->tp_status & TP_STATUS_VLAN_TPID_VALID ? aux->tp_vlan_tpid
								   : ETHERTYPE_VLAN);
	vlan = (struct vlan *)(p->data + sizeof(struct eth));
	vlan->tci = to_be16(aux->tp_vlan_tci);
	offload_shift(p, sizeof(*vlan));
	return p;
}

static struct pkt *fix(struct worker *w, struct port *port, struct pkt *p,
		       struct msghdr *msg)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(msg);
	struct tpacket_auxdata aux;

	if (!c || c->cmsg_level != SOL_PACKET || c->cmsg_type != PACKET_AUXDATA)
		return p;
	memcpy(&aux, CMSG_DATA(c), sizeof(aux));
	if (!(aux.tp_status & TP_STATUS_VLAN_VALID))
		return p;
	return put_tag(w, port, p, &aux);
}

static struct sockaddr_ll address_of(int fd)
{
	struct sockaddr_ll addr = {};
	socklen_t len = sizeof(addr);

	if (getsockname(fd, (struct sockaddr *)&addr, &len))
		addr.sll_ifindex = 0;
	return addr;
}

/* An error was read: is the device gone, or only down? */
static bool is_bound(int fd)
{
	return address_of(fd).sll_ifindex > 0;
}

static bool packet_receive(struct worker *w, struct port *port, struct burst *b)
{
	return frame_receive_mmsg(w, port, b, CMSG_SPACE(sizeof(struct tpacket_auxdata)),
				  fix) ||
	       is_bound(port->fd);
}

static enum drop why_refused(struct port *port, int error)
{
	switch (error) {
	case ENETDOWN:
		return DROP_DEV_DOWN;
	case ENXIO: /* deleted */
		return DROP_NO_RECEIVER;
	case EAGAIN:
		return DROP_FULL_RING;
	case ENOBUFS: /* the receiving namespace's backlog is full, or its end is down */
		return DROP_FULL_RING;
	case EMSGSIZE:
		return DROP_TOO_BIG;
	default:
		return DROP_PORT_ERROR;
	}
}

static void send_burst(struct worker *w, struct port *port, struct burst *b)
{
	frame_send_mmsg(w, port, b, why_refused);
}

static void packet_send(struct worker *w, struct port *port, struct burst *b)
{
	frame_send(w, port, b, send_burst);
}

static void packet_close(struct port *port)
{
	struct packet_port *packet = packet_port_of(port);

	if (packet->owner)
		packet->owner->released(packet->owner, port->fd,
					address_of(port->fd).sll_protocol);
	else
		close(port->fd);
	free(packet);
}

static int set(int fd, int option)
{
	int on = 1;

	return setsockopt(fd, SOL_PACKET, option, &on, sizeof(on)) ? -errno : 0;
}

static int bind_to(int fd, unsigned ifindex, uint16_t protocol)
{
	struct sockaddr_ll addr = {.sll_family = AF_PACKET,
				   .sll_protocol = to_be16(protocol).raw,
				   .sll_ifindex = (int)ifindex};

	return bind(fd, (struct sockaddr *)&addr, sizeof(addr)) ? -errno : 0;
}

static int prepare(int fd, const int *options, size_t n_options)
{
	int size = RECEIVE_BUFFER, err;

	for (size_t i = 0; i < n_options; i++) {
		err = set(fd, options[i]);
		if (err)
			return err;
	}
	/* Beyond the system's limit only for those who may; the limit's own value for others. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	return 0;
}

int packet_port_open(void)
{
	static const int options[] = {PACKET_VNET_HDR, PACKET_AUXDATA,
				      PACKET_QDISC_BYPASS, PACKET_IGNORE_OUTGOING};
	auto_close int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int err = fd < 0 ? -errno : prepare(fd, options, array_size(options));

	return err ? err : take_fd(&fd);
}

/* Without a protocol it sends, but receives nothing. */
int packet_port_bind(int fd, unsigned ifindex)
{
	return bind_to(fd, ifindex, 0);
}

int packet_port_listen(struct port *port, unsigned ifindex)
{
	return bind_to(port->fd, ifindex, ETH_P_ALL);
}

int packet_port_use(int fd, unsigned ifindex)
{
	/* Not past the queueing discipline: it is the device's own. */
	static const int options[] = {PACKET_VNET_HDR, PACKET_AUXDATA,
				      PACKET_IGNORE_OUTGOING};
	struct packet_mreq all = {.mr_ifindex = (int)ifindex,
				  .mr_type = PACKET_MR_PROMISC};
	int err = prepare(fd, options, array_size(options));

	if (!err)
		err = bind_to(fd, ifindex, ETH_P_ALL);
	if (!err && setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof(all)))
		err = -errno;
	return err;
}

struct port *packet_port_create(int fd, enum dir input, struct packet_owner *owner)
{
	struct packet_port *packet = xnew(struct packet_port);
	struct port *port = &packet->port;

	packet->owner = owner;
	port->ops = &packet_port_ops;
	port->fd = fd;
	port->features = PORT_F_VNET_HDR | PORT_F_CSUM | PORT_F_TSO | PORT_F_USO;
	port->vnet_hdr_size = sizeof(struct virtio_net_hdr);
	port->input = input;
	return port;
}

const struct port_ops packet_port_ops = {
	.name = "packet",
	.receive = packet_receive,
	.send = packet_send,
	.close = packet_close,
};
