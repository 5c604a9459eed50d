/* SPDX-License-Identifier: BSD-2-Clause
 *
 * drop - the end of packets that did not arrive, counted where it happened.
 *
 * Declared in pkt/pkt.h, since every folder above drops packets, but here because only net/
 * knows where a device keeps its counters.
 */
#include "net/dev.h"

static inline void count(struct worker *w, struct dev *dev, const struct pkt *p,
			 enum drop why)
{
	struct dev_worker *dw;

	if (!dev) {
		w->drops[why]++;
		return;
	}
	dw = dev_worker(w, dev);
	dw->drops[why]++;
	if (p->in == dev)
		dw->counters.rx_dropped++;
	else
		dw->counters.tx_dropped++;
}

void pkt_drop(struct worker *w, struct dev *dev, struct pkt *p, enum drop why)
{
	count(w, dev, p, why);
	pkt_free(p);
}

void burst_drop(struct worker *w, struct dev *dev, struct burst *b, enum drop why)
{
	struct pkt *p;

	burst_foreach(p, b) {
		count(w, dev, p, why);
		pkt_free(p);
	}
	b->n = 0;
}
