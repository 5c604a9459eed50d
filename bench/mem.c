/* SPDX-License-Identifier: BSD-2-Clause
 *
 * mem - how fast packets cross devices in memory, on one core: no descriptor, no kernel.
 *
 *	mem [RUNS [MILLISECONDS]]	default: 7 runs of 300 ms each
 *
 * A source takes bursts of 64 packets of 64 bytes from the pool and queues them on a device;
 * a sink that stands where a mirror would be gives them back.  The limit beside it, in turns
 * on the same core, is dpdk-testpmd's io forwarding between two memory devices, one hop that
 * looks at nothing (bench/testpmd.sh), where that is installed.  Prints JSON lines as
 * bench/lib.py describes; cycles and instructions a packet where the host lets them be
 * counted.
 */
#include "measure.h"

#include "main/kinds.h"
#include "net/net.h"

#include <stdio.h>

#define CHAIN 10

static struct net net;
static struct worker w;
static struct netns *ns;
static unsigned in_burst = BURST_MAX;
static bool copy, wide;
static uint8_t template[64];

/* Packets that the sink holds back in a wide run, so that each is cold when it comes again. */
static struct pkt *held[2048];
static unsigned next_held;

/* ---- topologies ---- */

static void sink_send(struct worker *worker, struct port *port, struct burst *b)
{
	if (copy) {
		static uint8_t seen[64];

		for (uint32_t i = 0; i < b->n; i++)
			memcpy(seen, b->pkt[i]->data, sizeof(seen));
		__asm__ volatile("" : : "r"(seen) : "memory");
	}
	for (uint32_t i = 0; wide && i < b->n; i++) {
		struct pkt *p = b->pkt[i];

		b->pkt[i] = held[next_held];
		held[next_held] = p;
		next_held = (next_held + 1) % array_size(held);
	}
	burst_free(b);
}

/* A wide run begins and ends with packets held back, others have none. */
static void hold(bool on)
{
	wide = on;
	for (size_t i = 0; i < array_size(held); i++) {
		if (on)
			held[i] = pkt_alloc(&w);
		else if (held[i])
			pkt_free(held[i]);
		if (!on)
			held[i] = NULL;
	}
}

static const struct port_ops sink_ops = {.name = "sink", .send = sink_send};

static struct port sink = {.ops = &sink_ops, .fd = -1};

static struct dev *device(const char *kind)
{
	struct link_req req = {.ns = ns};
	struct extack ea = {};

	if (dev_create(&net, net_kind(&net, kind, strlen(kind)), &req, &ea) < 0) {
		fprintf(stderr, "mem: %s: %s\n", kind, ea.msg);
		exit(1);
	}
	for (unsigned i = 0; i < req.n_made; i++)
		dev_follow_flags(req.made[i], IFF_UP);
	return req.made[0];
}

static void forward(struct worker *worker, struct dev *dev, struct burst *b)
{
	dev_queue_burst(worker, dev->upper, DIR_TX, b);
}

/* @hops pairs, each end of one forwarding into the next, the last into the sink. */
static struct dev *chain(unsigned hops)
{
	struct dev *first = device("veth"), *end = first->kind->link(first);

	for (unsigned i = 1; i < hops; i++) {
		struct dev *next = device("veth");

		dev_set_upper(end, next, forward);
		end = next->kind->link(next);
	}
	dev_set_mirror(end, &sink);
	return first;
}

/* ---- measuring ---- */

struct sample {
	double ns, cycles, instructions; /* a packet; 0: not counted */
};

static void pump(struct dev *dev)
{
	struct burst b;

	b.n = pkt_alloc_burst(&w, b.pkt, in_burst);
	for (uint32_t i = 0; i < b.n; i++) {
		b.pkt[i]->len = sizeof(template);
		if (copy)
			memcpy(b.pkt[i]->data, template, sizeof(template));
	}
	dev_queue_burst(&w, dev, DIR_TX, &b);
	dev_run_pending(&w, UINT32_MAX);
}

static struct sample measure(struct dev *dev)
{
	struct counts before, after;
	uint64_t n = 0;
	nsec_t start, end;
	bool counted;

	for (unsigned i = 0; i < 1000; i++)
		pump(dev);
	counted = counts_read(&before);
	start = clock_now();
	do {
		for (unsigned i = 0; i < 1000; i++)
			pump(dev);
		n += 1000 * (uint64_t)in_burst;
		end = clock_now();
	} while (end - start < bench_run_ns);
	counted = counted && counts_read(&after);
	return (struct sample){
		.ns = (double)(end - start) / (double)n,
		.cycles =
			counted ? (double)(after.cycles - before.cycles) / (double)n : 0,
		.instructions =
			counted ? (double)(after.instructions - before.instructions) /
					  (double)n
				: 0,
	};
}

/* ---- the cases ---- */

static struct bench {
	const char *name;
	unsigned hops; /* of veth; 0: a dummy */
	unsigned in_burst;
	bool copy, wide;
	struct dev *dev;
	struct figures ns, mpps, cycles, instructions;
} benches[] = {
	{.name = "mem/veth/one-hop", .hops = 1, .in_burst = BURST_MAX},
	{.name = "mem/veth/ten-hops", .hops = CHAIN, .in_burst = BURST_MAX},
	{.name = "mem/dummy", .in_burst = BURST_MAX},
	{.name = "mem/veth/one-hop/copied",
	 .hops = 1,
	 .in_burst = BURST_MAX,
	 .copy = true},
	{.name = "mem/veth/one-hop/cold", .hops = 1, .in_burst = BURST_MAX, .wide = true},
	{.name = "mem/veth/one-hop/single", .hops = 1, .in_burst = 1},
	{.name = "mem/veth/ten-hops/single", .hops = CHAIN, .in_burst = 1},
};

static void run(struct bench *b)
{
	struct sample s;

	in_burst = b->in_burst;
	copy = b->copy;
	if (b->wide)
		hold(true);
	s = measure(b->dev);
	hold(false);
	figure(&b->ns, s.ns);
	figure(&b->mpps, 1000 / s.ns);
	if (s.cycles > 0) {
		figure(&b->cycles, s.cycles / max(b->hops, 1u));
		figure(&b->instructions, s.instructions / max(b->hops, 1u));
	}
}

/* What each hop after the first adds, from the same run's two figures. */
static void print_further_hop(const char *name, const struct bench *one,
			      const struct bench *ten, const struct figures *io)
{
	struct figures hop = {}, rival = {};

	for (unsigned i = 0; i < one->ns.n; i++)
		figure(&hop, (ten->ns.values[i] - one->ns.values[i]) / (CHAIN - 1));
	for (unsigned i = 0; io && i < io->n; i++)
		figure(&rival, 1000 / io->values[i]);
	print_result(name, "ns/packet", "lower", &hop, &rival, "testpmd io, a packet",
		     NULL, NULL);
}

int main(int argc, char **argv)
{
	struct figures io = {}, io_copy = {};

	bench_args(argc, argv);
	net_init(&net, dev_kinds, 1);
	ns = netns_get(&net, 1);
	w.small = pool_create(4096, PKT_SMALL_ROOM);
	w.large = pool_create(64, PKT_LARGE_ROOM);
	for (size_t i = 0; i < array_size(benches); i++) {
		struct bench *b = &benches[i];

		b->dev = b->hops ? chain(b->hops) : device("dummy");
	}
	for (unsigned i = 0; i < bench_runs; i++) {
		/* testpmd first: it needs more cores than the one this is pinned to. */
		testpmd("io", &io);
		testpmd("io-copied", &io_copy);
		pin(true);
		for (size_t j = 0; j < array_size(benches); j++)
			run(&benches[j]);
		pin(false);
	}
	for (size_t i = 0; i < array_size(benches); i++) {
		struct bench *b = &benches[i];

		const struct figures *rival = b->copy ? &io_copy : &io;

		/* testpmd has bursts of warm packets: beside others it says nothing. */
		if (b->wide || b->in_burst == 1)
			rival = NULL;
		print_result(b->name, "Mpps", "higher", &b->mpps, rival,
			     b->copy ? "testpmd io, one hop, copied"
				     : "testpmd io, one hop",
			     &b->cycles, &b->instructions);
	}
	print_further_hop("mem/veth/further-hop", &benches[0], &benches[1], &io);
	print_further_hop("mem/veth/further-hop/single", &benches[5], &benches[6], NULL);
	dev_forget_pending(&w);
	net_done(&net);
	pool_destroy(w.small);
	pool_destroy(w.large);
	return 0;
}
