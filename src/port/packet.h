/* SPDX-License-Identifier: BSD-2-Clause
 *
 * packet - a port that is a packet socket on one end of a kernel veth pair, whose other end is
 * the mirror of a device.
 *
 * Such a mirror is born in its user's namespace at once, and holds no namespace open, because
 * the socket is in another one.  The socket's end must be up and have an MTU that is not less
 * than the mirror's; its being up or down is the mirror's carrier.
 */
#pragma once

#include "net/port.h"

extern const struct port_ops packet_port_ops;

/* Who gets the descriptor of a port that is closed.  Closing it would wait for a grace period
 * of the kernel.  Control thread. */
struct packet_owner {
	/* Takes @fd.  @listens: it hears a device. */
	void (*released)(struct packet_owner *owner, int fd, bool listens);
};

/* Open a packet socket in the calling thread's namespace, ready for packet_port_bind.  Returns
 * a descriptor, the caller's, or -errno. */
int packet_port_open(void) must_check;

/* What is sent leaves by the device @ifindex.  Nothing is received before packet_port_listen.
 * At any time, for one that does not listen. */
int packet_port_bind(int fd, unsigned ifindex) must_check;

/* Make a port's socket of @fd, a packet socket (SOCK_RAW, without a protocol) in the namespace
 * of a device that is not a mirror: a network card.  It receives all that arrives there, what
 * is for others too (promiscuous while it is open), and nothing that is sent there. */
int packet_port_use(int fd, unsigned ifindex) must_check;

/* Gives a port for @fd, which goes to @owner when it is closed (NULL: which is closed, too). */
struct port *packet_port_create(int fd, enum dir input, struct packet_owner *owner);

/* Receive what arrives at the device @ifindex, the one that the port was opened for. */
int packet_port_listen(struct port *port, unsigned ifindex) must_check;
