/* SPDX-License-Identifier: BSD-2-Clause
 *
 * frame - what all ports of descriptors have in common: where a frame is read to, where it is
 * written from, what stands in front of it, and what is done in software because the port
 * cannot carry it.
 *
 * A frame is read into two packets at once: a small one, in which nearly all frames end, and a
 * large one behind it that becomes its fragment when a 64-KiB segment comes.  What precedes
 * the frame (struct tun_pi, struct virtio_net_hdr) is read and written in the headroom, so a
 * frame is one or two pieces of memory.
 */
#pragma once

#include "net/port.h"

#include <sys/types.h>
#include <sys/uio.h>

/* A burst ends when it has so many bytes, too: more than that, and the first ones leave the
 * cache before they are written.  See bench/relay.c. */
#define FRAME_BURST_BYTES (256u << 10)

/* Where the next frame is read to. */
struct frame_rx {
	struct pkt *small, *large;
	struct iovec iov[2];
	unsigned n_iov;
	struct frame_form {
		unsigned features;
		unsigned vnet_hdr_size;
		unsigned prefix; /* bytes in front of the frame in all */
	} form; /* the port's when @small was prepared: the control thread may change it */
};

/* Make @rx ready to be read into.  False when the pool is empty; rx->iov then is
 * where frames are thrown away, at most BURST_MAX of them in one receive. */
bool frame_rx_prepare(struct worker *w, struct port *port, struct frame_rx *rx);

/* Give the packet of @len bytes that were read, what precedes the frame included; or NULL
 * after dropping it with its reason. */
struct pkt *frame_rx_take(struct worker *w, struct port *port, struct frame_rx *rx,
			  size_t len);

/* Return what was not used. */
void frame_rx_done(struct frame_rx *rx);

/* Count a frame that never was in a packet. */
void frame_count_drop(struct worker *w, struct port *port, enum drop why);

/* Where a frame is written from: @iov has room for 3, @prefix FRAME_PREFIX_MAX bytes that live
 * as long as it.  Returns the number of pieces. */
#define FRAME_PREFIX_MAX 64u
unsigned frame_tx_iov(const struct port *port, struct pkt *p, struct iovec *iov,
		      uint8_t *prefix);

/* Send @b by way of @send, which gets bursts that need nothing more than port->features.
 * Both take. */
void frame_send(struct worker *w, struct port *port, struct burst *b,
		void (*send)(struct worker *w, struct port *port, struct burst *b));

/* Ports of sockets: both read and write many frames with one call.  @control is room for
 * ancillary data of each frame, or 0; @fix sees it before the packet joins the burst. */
struct msghdr;
bool frame_receive_mmsg(struct worker *w, struct port *port, struct burst *b,
			size_t control,
			struct pkt *(*fix)(struct worker *w, struct port *port,
					   struct pkt *p, struct msghdr *msg));
/* Takes.  A frame that is refused is dropped for the reason that @why gives for its errno, and
 * the next one is tried. */
void frame_send_mmsg(struct worker *w, struct port *port, struct burst *b,
		     enum drop (*why)(struct port *port, int error));
