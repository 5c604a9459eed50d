/* SPDX-License-Identifier: BSD-2-Clause
 *
 * tap - a port that is one queue of a tun or tap device of the kernel: the mirror of a device.
 *
 * The device may be down (frames sent to it are dropped with DEV_DOWN) or moved to another
 * namespace at any time; when it is deleted, poll() reports POLLERR and the port is dead.
 */
#pragma once

#include "net/port.h"

extern const struct port_ops tap_port_ops;

/* Prepare a queue's descriptor after TUNSETIFF: not blocking, and with a virtio-net header of
 * the size that it has, segmentation and checksum offload as far as the kernel goes.  @iff is
 * what the device was made with: IFF_TUN or IFF_TAP, IFF_VNET_HDR, IFF_NO_PI.  Returns the
 * features of a port with this descriptor, or -errno. */
int tap_configure(int fd, unsigned iff) must_check;

/* Gives a port for @fd with the features that tap_configure told, which becomes the port's: it
 * is closed with the port by @close_fd(fd), or close() if that is NULL.  (Closing a tap's last
 * descriptor deletes the device, which takes the kernel some 16 ms: whoever cannot wait hands
 * it to another thread there.) */
struct port *tap_port_create(int fd, unsigned features, enum dir input,
			     void (*close_fd)(int fd));
