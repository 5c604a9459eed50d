/* SPDX-License-Identifier: BSD-2-Clause
 *
 * probe - a port in memory: a test pushes the frames that it receives and pops those that it
 * sent.
 *
 * It carries offload metadata as it is, as far as port->features (all at birth) say it can, and
 * does in software what they do not.  All calls on the thread of the one worker.
 */
#pragma once

#include "net/port.h"

extern const struct port_ops probe_port_ops;

struct port *probe_port_create(enum dir input);

/* A frame to be received.  Takes. */
void probe_push(struct port *port, struct pkt *p);

/* The oldest frame that was sent, or NULL.  Gives. */
struct pkt *probe_pop(struct port *port);

/* Frames that were sent and not popped. */
unsigned probe_n_sent(const struct port *port);

/* From now on receive says that the port is dead. */
void probe_kill(struct port *port);
