/* SPDX-License-Identifier: BSD-2-Clause
 *
 * sock - a port that is one end of a SEQPACKET pair.
 */
#include "base/fd.h"
#include "port/frame.h"
#include "port/sock.h"

#include <linux/virtio_net.h>

static bool sock_receive(struct worker *w, struct port *port, struct burst *b)
{
	return frame_receive_mmsg(w, port, b, 0, NULL);
}

static enum drop why_refused(struct port *port, int error)
{
	switch (error) {
	case EAGAIN:
	case ENOBUFS:
		return DROP_FULL_RING;
	case EPIPE: /* closed; the next receive says so */
	case ECONNRESET:
		return DROP_NO_RECEIVER;
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

static void sock_send(struct worker *w, struct port *port, struct burst *b)
{
	frame_send(w, port, b, send_burst);
}

static void sock_close(struct port *port)
{
	close(port->fd);
	free(port);
}

struct port *sock_port_create(int fd, unsigned features, unsigned vnet_hdr_size,
			      enum dir input)
{
	struct port *port = xnew(struct port);

	assert(!(features & PORT_F_VNET_HDR) ||
	       (vnet_hdr_size >= sizeof(struct virtio_net_hdr) &&
		vnet_hdr_size <= FRAME_PREFIX_MAX - 4));
	port->ops = &sock_port_ops;
	port->fd = fd;
	port->features = features;
	port->vnet_hdr_size = vnet_hdr_size;
	port->input = input;
	return port;
}

const struct port_ops sock_port_ops = {
	.name = "sock",
	.receive = sock_receive,
	.send = sock_send,
	.close = sock_close,
};
