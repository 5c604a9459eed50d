/* SPDX-License-Identifier: BSD-2-Clause
 *
 * tap - a port that is one queue of a kernel tun or tap device.
 *
 * One read is one frame, and one write: the kernel has no call for several.  With 64-KiB
 * segments the calls are nothing beside the copies.
 */
#include "base/fd.h"
#include "net/dev.h"
#include "port/frame.h"
#include "port/tap.h"

#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <sys/ioctl.h>

/* Since Linux 6.2; older headers do not know them. */
#ifndef TUN_F_USO4
#define TUN_F_USO4 0x20
#define TUN_F_USO6 0x40
#endif

struct tap_port {
	struct port port;
	void (*close_fd)(int fd);
};

/* Give up frames that there is no packet for. */
static void discard(struct worker *w, struct port *port, struct frame_rx *rx)
{
	for (unsigned i = 0; i < BURST_MAX && readv(port->fd, rx->iov, 1) >= 0; i++)
		frame_count_drop(w, port, DROP_NO_BUFFER);
}

static bool tap_receive(struct worker *w, struct port *port, struct burst *b)
{
	struct frame_rx rx = {};
	uint32_t bytes = 0;
	bool alive = true;

	while (b->n < BURST_MAX && bytes < FRAME_BURST_BYTES) {
		struct pkt *p;
		ssize_t len;

		if (unlikely(!frame_rx_prepare(w, port, &rx))) {
			discard(w, port, &rx);
			break;
		}
		len = readv(port->fd, rx.iov, (int)rx.n_iov);
		if (len < 0) {
			/* EBADFD, or EFAULT in a call that was waiting: the device is gone. */
			alive = errno == EAGAIN || errno == EINTR || errno == EIO;
			break;
		}
		p = frame_rx_take(w, port, &rx, (size_t)len);
		if (!p)
			continue;
		bytes += pkt_size(p);
		b->pkt[b->n++] = p;
	}
	frame_rx_done(&rx);
	return alive;
}

static enum drop why_refused(int error)
{
	switch (error) {
	case EIO: /* the device is down */
		return DROP_DEV_DOWN;
	case EAGAIN:
		return DROP_FULL_RING;
	case EBADFD: /* deleted; the next receive says so */
		return DROP_NO_RECEIVER;
	case ENOMEM:
	case ENOBUFS:
		return DROP_NO_BUFFER;
	default:
		return DROP_PORT_ERROR;
	}
}

static void write_burst(struct worker *w, struct port *port, struct burst *b)
{
	struct pkt *p;

	burst_foreach(p, b) {
		uint8_t prefix[FRAME_PREFIX_MAX];
		struct iovec iov[3];
		unsigned n = frame_tx_iov(port, p, iov, prefix);

		if (likely(writev(port->fd, iov, (int)n) >= 0))
			pkt_free(p);
		else
			pkt_drop(w, port->dev, p, why_refused(errno));
	}
	b->n = 0;
}

static void tap_send(struct worker *w, struct port *port, struct burst *b)
{
	frame_send(w, port, b, write_burst);
}

static void tap_close(struct port *port)
{
	struct tap_port *tap = container_of(port, struct tap_port, port);

	if (tap->close_fd)
		tap->close_fd(port->fd);
	else
		close(port->fd);
	free(tap);
}

/* Ask for as much as the kernel gives; returns features. */
static unsigned set_offload(int fd)
{
	static const struct {
		unsigned tun, features;
	} offers[] = {
		{TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN | TUN_F_USO4 |
			 TUN_F_USO6,
		 PORT_F_CSUM | PORT_F_TSO | PORT_F_USO},
		{TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN,
		 PORT_F_CSUM | PORT_F_TSO},
		{TUN_F_CSUM, PORT_F_CSUM},
	};

	for (size_t i = 0; i < array_size(offers); i++)
		if (!ioctl(fd, TUNSETOFFLOAD, offers[i].tun))
			return offers[i].features;
	return 0;
}

int tap_configure(int fd, unsigned iff)
{
	unsigned features = 0;
	int size = (int)sizeof(struct virtio_net_hdr);
	int err = fd_set_nonblock(fd, true);

	if (err)
		return err;
	if (iff & IFF_TUN)
		features |= PORT_F_IP;
	if (!(iff & IFF_NO_PI))
		features |= PORT_F_PI;
	if (iff & IFF_VNET_HDR) {
		if (ioctl(fd, TUNSETVNETHDRSZ, &size))
			return -errno;
		features |= PORT_F_VNET_HDR | set_offload(fd);
	}
	return (int)features;
}

struct port *tap_port_create(int fd, unsigned features, enum dir input,
			     void (*close_fd)(int fd))
{
	struct tap_port *tap = xnew(struct tap_port);

	tap->port.ops = &tap_port_ops;
	tap->port.fd = fd;
	tap->port.features = features;
	tap->port.vnet_hdr_size = sizeof(struct virtio_net_hdr);
	tap->port.input = input;
	tap->close_fd = close_fd;
	return &tap->port;
}

const struct port_ops tap_port_ops = {
	.name = "tap",
	.receive = tap_receive,
	.send = tap_send,
	.close = tap_close,
};
