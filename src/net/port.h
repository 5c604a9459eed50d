/* SPDX-License-Identifier: BSD-2-Clause
 *
 * port - a way for frames to leave the process: a mirror, a tap user's descriptor, memory.
 *
 * A port belongs to one device.  Frames that it receives enter the device in direction
 * @input: DIR_TX for a mirror (the namespace sends through the device), DIR_RX for the far
 * end of a tap (the program's frames arrive).
 *
 * Life: the control thread makes a port, port_attach hands it to a worker; port_detach
 * takes it back, and the port is closed after a grace period, when no
 * worker can still hold it.  receive and send run on workers, any of them at once.
 */
#pragma once

#include "pkt/worker.h"

struct port;

struct port_ops {
	const char *name;

	/* Gives up to BURST_MAX packets in @b (empty on entry).  Returns false when the port
	 * is dead: the worker stops polling it and tells the control thread. */
	bool (*receive)(struct worker *w, struct port *port, struct burst *b);

	/* Takes every packet. */
	void (*send)(struct worker *w, struct port *port, struct burst *b);

	/* Free what the port holds.  Control thread, after a grace period.  May be left out. */
	void (*close)(struct port *port);
};

/* What frames may look like when they are sent to the port; else the port's send cuts
 * segments and fills checksums in software. */
enum {
	PORT_F_VNET_HDR = 1u << 0, /* a struct virtio_net_hdr goes before each frame */
	PORT_F_CSUM = 1u << 1,	   /* partial checksums */
	PORT_F_TSO = 1u << 2,	   /* TCP segments over IPv4 and IPv6, with ECN */
	PORT_F_USO = 1u << 3,	   /* UDP segments (VIRTIO_NET_HDR_GSO_UDP_L4) */
	PORT_F_IP = 1u << 4,	   /* layer 3: bare IP packets */
	PORT_F_PI = 1u << 5,	   /* a struct tun_pi goes before each (no IFF_NO_PI) */
};

struct port {
	const struct port_ops *ops;
	struct dev *dev;
	enum dir input;
	unsigned features; /* PORT_F_* */
	int fd;		   /* polled by the worker; -1 for memory ports */
	unsigned vnet_hdr_size;
	unsigned queue;	   /* number of this port among its device's */
	_Atomic bool dead; /* worker: receive said so */
	/* Not NULL: sees what was received before anything is done with it, at least one
	 * packet.  Borrows.  Worker. */
	void (*glance)(struct worker *w, struct port *port, const struct burst *b);
	void *glancer;	       /* its own */
	unsigned worker, slot; /* main/worker.c's: where it is polled */
	void *priv;
};
