/* SPDX-License-Identifier: BSD-2-Clause
 *
 * sock - a port that is one end of a SEQPACKET pair whose other end is what a program takes for
 * its tun or tap descriptor: each message is one frame.
 *
 * The frames have in front of them what the program asked for in TUNSETIFF: a struct tun_pi, a
 * virtio-net header of the program's size, or nothing.  When the program has closed its end
 * the port is dead.
 */
#pragma once

#include "net/port.h"

extern const struct port_ops sock_port_ops;

/* Gives a port for @fd, the engine's end, which is closed with it.  @features are what the
 * program asked for: PORT_F_IP, _PI, _VNET_HDR and, by TUNSETOFFLOAD, _CSUM, _TSO, _USO.
 * The control thread may change features and vnet_hdr_size (10 to 60) while workers run:
 * frames in flight have the old form, as with a kernel tap. */
struct port *sock_port_create(int fd, unsigned features, unsigned vnet_hdr_size,
			      enum dir input);
