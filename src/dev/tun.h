/* SPDX-License-Identifier: BSD-2-Clause
 *
 * tun - tap and tun: a device whose other end is a program.
 *
 * A queue is a pair of ports: the mirror's, to and from the namespace, and the far one, to
 * and from the program.  What comes in by one leaves by the other, through the device.
 */
#pragma once

#include "net/dev.h"

/* As many as Linux has. */
#define TUN_QUEUES_MAX 256u

/* An owner or group that is not set. */
#define TUN_NOBODY UINT32_MAX

struct tun_config {
	uint8_t mode; /* IFF_TAP or IFF_TUN */
	uint32_t owner, group;
	bool pi, vnet_hdr, persist, multi_queue;
	uint32_t n_queues; /* attached ones; the device's own, not a request's */
};

extern const struct dev_kind tun_kind;

/* Attach a queue.  Takes the ports, on failure too; they are closed after the queue has been
 * detached.  @mirror may be NULL: the queue then shares dev->mirror.  Returns the queue's
 * number, which both ports bear, -EBUSY when a device with a single queue has one, -E2BIG
 * when there are too many.  Control. */
int tun_attach_queue(struct dev *dev, struct port *mirror, struct port *far,
		     struct extack *ea) must_check;
void tun_detach_queue(struct dev *dev, unsigned queue);
unsigned tun_n_queues(const struct dev *dev);
