/* SPDX-License-Identifier: BSD-2-Clause
 *
 * probe - a port in memory.
 */
#include "port/frame.h"
#include "port/probe.h"

/* First in, first out; grows as needed, from the front's free room first. */
struct fifo {
	struct pkt **pkt;
	unsigned first, n, room;
};

struct probe {
	struct port port;
	struct fifo to_receive, sent;
	bool killed;
};

static void fifo_put(struct fifo *f, struct pkt *p)
{
	if (f->first + f->n == f->room) {
		if (f->n)
			memmove(f->pkt, f->pkt + f->first, f->n * sizeof(f->pkt[0]));
		f->first = 0;
		if (f->n * 2 >= f->room) {
			f->room = f->room ? f->room * 2 : BURST_MAX;
			f->pkt = xrealloc(f->pkt, f->room * sizeof(f->pkt[0]));
		}
	}
	f->pkt[f->first + f->n++] = p;
}

static struct pkt *fifo_get(struct fifo *f)
{
	if (!f->n)
		return NULL;
	f->n--;
	return f->pkt[f->first++];
}

static void fifo_done(struct fifo *f)
{
	struct pkt *p;

	while ((p = fifo_get(f)))
		pkt_free(p);
	free(f->pkt);
}

static struct probe *probe_of(const struct port *port)
{
	return container_of((struct port *)(uintptr_t)port, struct probe, port);
}

static bool probe_receive(struct worker *w, struct port *port, struct burst *b)
{
	struct probe *probe = probe_of(port);

	while (b->n < BURST_MAX && probe->to_receive.n)
		b->pkt[b->n++] = fifo_get(&probe->to_receive);
	return !probe->killed;
}

static void keep_burst(struct worker *w, struct port *port, struct burst *b)
{
	struct pkt *p;

	burst_foreach(p, b)
		fifo_put(&probe_of(port)->sent, p);
	b->n = 0;
}

static void probe_send(struct worker *w, struct port *port, struct burst *b)
{
	frame_send(w, port, b, keep_burst);
}

static void probe_close(struct port *port)
{
	struct probe *probe = probe_of(port);

	fifo_done(&probe->to_receive);
	fifo_done(&probe->sent);
	free(probe);
}

struct port *probe_port_create(enum dir input)
{
	struct probe *probe = xnew(struct probe);

	probe->port.ops = &probe_port_ops;
	probe->port.fd = -1;
	probe->port.features = PORT_F_CSUM | PORT_F_TSO | PORT_F_USO;
	probe->port.input = input;
	return &probe->port;
}

void probe_push(struct port *port, struct pkt *p)
{
	fifo_put(&probe_of(port)->to_receive, p);
}

struct pkt *probe_pop(struct port *port)
{
	return fifo_get(&probe_of(port)->sent);
}

unsigned probe_n_sent(const struct port *port)
{
	return probe_of(port)->sent.n;
}

void probe_kill(struct port *port)
{
	probe_of(port)->killed = true;
}

const struct port_ops probe_port_ops = {
	.name = "probe",
	.receive = probe_receive,
	.send = probe_send,
	.close = probe_close,
};
