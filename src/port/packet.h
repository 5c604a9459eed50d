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

/* Open a packet socket for the device @ifindex of the calling thread's namespace, ready for
 * packet_port_create: it sends, but receives nothing before packet_port_listen.  Returns a
 * descriptor, the caller's, or -errno. */
int packet_port_open(unsigned ifindex) must_check;

/* Make a port's socket of @fd, a packet socket (SOCK_RAW, without a protocol) in the namespace
 * of a device that is not a mirror: a network card.  It receives all that arrives there, what
 * is for others too (promiscuous while it is open), and nothing that is sent there. */
int packet_port_use(int fd, unsigned ifindex) must_check;

/* Gives a port for @fd, which is closed with it. */
struct port *packet_port_create(int fd, enum dir input);

/* Receive what arrives at the device @ifindex, the one that the port was opened for. */
int packet_port_listen(struct port *port, unsigned ifindex) must_check;
