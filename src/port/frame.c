/* SPDX-License-Identifier: BSD-2-Clause
 *
 * frame - reading, writing and adapting frames for the ports of descriptors.
 */
#include "net/dev.h"
#include "pkt/csum.h"
#include "pkt/gso.h"
#include "port/frame.h"

#include <linux/if_tun.h>
#include <poll.h>
#include <sys/socket.h>

/* Frames that one recvmmsg may bring: more would hold more large packets than the second-level
 * cache. */
#define RX_BATCH    8u
#define CONTROL_MAX 64u

static struct frame_form form_of(const struct port *port)
{
	struct frame_form form = {
		.features = __atomic_load_n(&port->features, __ATOMIC_RELAXED),
		.vnet_hdr_size = __atomic_load_n(&port->vnet_hdr_size, __ATOMIC_RELAXED),
	};

	form.prefix = (form.features & PORT_F_PI ? (unsigned)sizeof(struct tun_pi) : 0) +
		      (form.features & PORT_F_VNET_HDR ? form.vnet_hdr_size : 0);
	assert_fast(form.prefix <= FRAME_PREFIX_MAX);
	return form;
}

/* ---- receiving ---- */

bool frame_rx_prepare(struct worker *w, struct port *port, struct frame_rx *rx)
{
	if (!rx->small) {
		rx->small = pkt_alloc(w);
		if (unlikely(!rx->small)) {
			/* Never read.  A tap gives nothing shorter than a virtio-net header. */
			static uint8_t nowhere[FRAME_PREFIX_MAX];

			rx->iov[0] = (struct iovec){nowhere, sizeof(nowhere)};
			rx->n_iov = 1;
			return false;
		}
		rx->form = form_of(port);
		rx->iov[0].iov_base = rx->small->data - rx->form.prefix;
		rx->iov[0].iov_len = pkt_tailroom(rx->small) + rx->form.prefix;
	}
	if (!rx->large) {
		rx->n_iov = 1;
		rx->large = pkt_alloc_large(w);
		if (likely(rx->large)) {
			rx->iov[1].iov_base = rx->large->data;
			rx->iov[1].iov_len = pkt_tailroom(rx->large);
			rx->n_iov = 2;
		}
	}
	return true;
}

void frame_rx_done(struct frame_rx *rx)
{
	if (rx->small)
		pkt_free(rx->small);
	if (rx->large)
		pkt_free(rx->large);
	*rx = (struct frame_rx){};
}

/* Set the packet's length and fragment for @len bytes of frame; false when they were cut. */
static bool rx_set_len(struct frame_rx *rx, struct pkt *p, size_t len)
{
	uint32_t room = pkt_tailroom(p);

	if (likely(len <= room)) {
		p->len = (uint32_t)len;
		/* A frame that just fills all there is was probably longer. */
		return len < room || rx->n_iov == 2;
	}
	p->len = room;
	pkt_give_frag(p, rx->large, (uint32_t)len - room);
	rx->large = NULL;
	return p->frag_len < rx->iov[1].iov_len;
}

struct pkt *frame_rx_take(struct worker *w, struct port *port, struct frame_rx *rx,
			  size_t len)
{
	struct pkt *p = rx->small;
	const struct frame_form *form = &rx->form;
	bool is_ip = form->features & PORT_F_IP;

	rx->small = NULL;
	if (unlikely(len < form->prefix + (is_ip ? 1 : sizeof(struct eth)))) {
		pkt_drop(w, port->dev, p, DROP_TOO_SHORT);
		return NULL;
	}
	if (unlikely(!rx_set_len(rx, p, len - form->prefix))) {
		pkt_drop(w, port->dev, p, rx->n_iov == 2 ? DROP_TOO_BIG : DROP_NO_BUFFER);
		return NULL;
	}
	p->flags = is_ip ? PKT_F_IP : 0;
	if (form->features & PORT_F_VNET_HDR) {
		struct virtio_net_hdr h;

		memcpy(&h, p->data - form->vnet_hdr_size, sizeof(h));
		if (unlikely((h.flags || h.gso_type) && !offload_parse(w, p, &h))) {
			pkt_drop(w, port->dev, p, DROP_NO_GSO);
			return NULL;
		}
	}
	return p;
}

void frame_count_drop(struct worker *w, struct port *port, enum drop why)
{
	struct dev_worker *dw;

	if (!port->dev) {
		w->drops[why]++;
		return;
	}
	dw = dev_worker(w, port->dev);
	dw->drops[why]++;
	if (port->input == DIR_RX)
		dw->counters.rx_dropped++;
	else
		dw->counters.tx_dropped++;
}

/* ---- sending ---- */

static void fill_prefix(const struct frame_form *form, const struct pkt *p, uint8_t *at)
{
	struct virtio_net_hdr h;

	if (form->features & PORT_F_PI) {
		uint32_t l3;
		struct tun_pi pi = {.proto = to_be16(pkt_ethertype(p, &l3)).raw};

		memcpy(at, &pi, sizeof(pi));
		at += sizeof(pi);
	}
	if (form->features & PORT_F_VNET_HDR) {
		offload_fill(p, &h);
		memcpy(at, &h, sizeof(h));
		memset(at + sizeof(h), 0, form->vnet_hdr_size - sizeof(h));
	}
}

unsigned frame_tx_iov(const struct port *port, struct pkt *p, struct iovec *iov,
		      uint8_t *prefix)
{
	struct frame_form form = form_of(port);
	unsigned len = form.prefix, n = 0;

	if (len) {
		/* In front of the head is nobody's memory, unless an outer header that other
		 * packets still read was taken off. */
		if (likely(pkt_headroom(p) >= len &&
			   (p->refs == 1 || p->shared >= p->data)))
			prefix = p->data - len;
		fill_prefix(&form, p, prefix);
		if (likely(prefix + len == p->data))
			iov[n++] = (struct iovec){prefix, len + p->len};
		else
			iov[n++] = (struct iovec){prefix, len};
	}
	if (!n || iov[0].iov_len == len)
		iov[n++] = (struct iovec){p->data, p->len};
	if (p->frag_len)
		iov[n++] = (struct iovec){(void *)(uintptr_t)p->frag_data, p->frag_len};
	return n;
}

static unsigned offloads_of(const struct port *port)
{
	if (!(port->features & PORT_F_VNET_HDR) && port->fd >= 0)
		return 0; /* there is nowhere to say so */
	return (port->features & PORT_F_CSUM ? OFFLOAD_CSUM : 0) |
	       (port->features & PORT_F_TSO ? OFFLOAD_TSO : 0) |
	       (port->features & PORT_F_USO ? OFFLOAD_USO : 0);
}

typedef void send_fn(struct worker *w, struct port *port, struct burst *b);

static void add(struct worker *w, struct port *port, struct burst *out, struct pkt *p,
		unsigned can, send_fn *send)
{
	if (!(can & OFFLOAD_CSUM) && !csum_complete(w, p)) {
		pkt_drop(w, port->dev, p, DROP_TOO_SHORT);
		return;
	}
	out->pkt[out->n++] = p;
	if (out->n == BURST_MAX)
		send(w, port, out);
}

static void add_segments(struct worker *w, struct port *port, struct burst *out,
			 struct pkt *p, unsigned can, send_fn *send)
{
	struct gso gso;
	struct burst segments = {};

	if (!gso_begin(&gso, w, p)) {
		pkt_drop(w, port->dev, p, DROP_NO_GSO);
		return;
	}
	while (gso_next(&gso, &segments)) {
		struct pkt *q;

		burst_foreach(q, &segments)
			add(w, port, out, q, can, send);
		segments.n = 0;
	}
	gso_end(&gso, port->dev);
}

/* Some packet of @b is more than the port can carry. */
static void send_adapted(struct worker *w, struct port *port, struct burst *b,
			 unsigned can, send_fn *send)
{
	struct burst out = {};
	struct pkt *p;

	burst_foreach(p, b) {
		if (offload_fits(p, can | OFFLOAD_CSUM))
			add(w, port, &out, p, can, send);
		else
			add_segments(w, port, &out, p, can, send);
	}
	b->n = 0;
	if (out.n)
		send(w, port, &out);
}

void frame_send(struct worker *w, struct port *port, struct burst *b, send_fn *send)
{
	unsigned can = offloads_of(port);
	struct pkt *p;

	burst_foreach(p, b) {
		if (unlikely(!offload_fits(p, can))) {
			send_adapted(w, port, b, can, send);
			return;
		}
	}
	send(w, port, b);
}

/* ---- sockets ---- */

struct rx_batch {
	struct frame_rx rx[RX_BATCH];
	struct mmsghdr msg[RX_BATCH];
	_Alignas(struct cmsghdr) uint8_t control[RX_BATCH][CONTROL_MAX];
};

static unsigned prepare_batch(struct worker *w, struct port *port, struct rx_batch *batch,
			      unsigned n, size_t control)
{
	for (unsigned i = 0; i < n; i++) {
		struct msghdr *m = &batch->msg[i].msg_hdr;

		if (!frame_rx_prepare(w, port, &batch->rx[i]) && i > 0)
			return i;
		*m = (struct msghdr){.msg_iov = batch->rx[i].iov,
				     .msg_iovlen = batch->rx[i].n_iov};
		if (control) {
			m->msg_control = batch->control[i];
			m->msg_controllen = control;
		}
	}
	return n;
}

/* An empty message reads like the end of a connection; this tells which it was. */
static bool has_hung_up(int fd)
{
	struct pollfd p = {.fd = fd};

	return poll(&p, 1, 0) == 1 && p.revents & (POLLHUP | POLLERR);
}

bool frame_receive_mmsg(struct worker *w, struct port *port, struct burst *b,
			size_t control,
			struct pkt *(*fix)(struct worker *w, struct port *port,
					   struct pkt *p, struct msghdr *msg))
{
	struct rx_batch batch = {};
	unsigned wanted, discarded = 0;
	uint32_t bytes = 0;
	bool alive = true;
	int n;

	assert_fast(control <= CONTROL_MAX);
	do {
		wanted = prepare_batch(w, port, &batch, min(RX_BATCH, BURST_MAX - b->n),
				       control);
		n = recvmmsg(port->fd, batch.msg, wanted, MSG_DONTWAIT, NULL);
		for (int i = 0; i < n; i++) {
			struct pkt *p;

			if (!batch.msg[i].msg_len) {
				if (has_hung_up(port->fd)) {
					alive = false;
					break;
				}
				frame_count_drop(w, port, DROP_TOO_SHORT);
				continue;
			}
			if (!batch.rx[i].small) {
				frame_count_drop(w, port, DROP_NO_BUFFER);
				discarded++;
				continue;
			}
			p = frame_rx_take(w, port, &batch.rx[i], batch.msg[i].msg_len);
			if (p && fix)
				p = fix(w, port, p, &batch.msg[i].msg_hdr);
			if (!p)
				continue;
			b->pkt[b->n++] = p;
			bytes += pkt_size(p);
		}
		/* Fewer than there was room for: the queue is empty, or its last word is an error. */
	} while (alive && n == (int)wanted && b->n < BURST_MAX &&
		 bytes < FRAME_BURST_BYTES);
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		alive = false;
	for (unsigned i = 0; i < RX_BATCH; i++)
		frame_rx_done(&batch.rx[i]);
	return alive;
}

/* Returns how many were sent; *error is errno of the one behind them, or 0. */
static unsigned frame_sendmmsg(struct port *port, struct pkt *const *p, unsigned n,
			       int *error)
{
	struct mmsghdr msg[BURST_MAX];
	struct iovec iov[BURST_MAX][3];
	uint8_t prefix[BURST_MAX][FRAME_PREFIX_MAX];
	int sent;

	for (unsigned i = 0; i < n; i++)
		msg[i].msg_hdr = (struct msghdr){
			.msg_iov = iov[i],
			.msg_iovlen = frame_tx_iov(port, p[i], iov[i], prefix[i])};
	sent = sendmmsg(port->fd, msg, n, MSG_DONTWAIT | MSG_NOSIGNAL);
	*error = sent < 0 ? errno : 0;
	return sent < 0 ? 0 : (unsigned)sent;
}

void frame_send_mmsg(struct worker *w, struct port *port, struct burst *b,
		     enum drop (*why)(struct port *port, int error))
{
	unsigned done = 0;

	while (done < b->n) {
		int error;
		unsigned n = frame_sendmmsg(port, b->pkt + done, b->n - done, &error);

		for (unsigned i = 0; i < n; i++)
			pkt_free(b->pkt[done + i]);
		done += n;
		if (error)
			pkt_drop(w, port->dev, b->pkt[done++], why(port, error));
	}
	b->n = 0;
}
