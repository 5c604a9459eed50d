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
#include "main/kinds.h"
#include "net/net.h"

#include <linux/perf_event.h>
#include <sched.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define RUNS_MAX 64
#define CHAIN	 10

static struct net net;
static struct worker w;
static struct netns *ns;
static unsigned n_runs = 7;
static nsec_t run_ns = 300 * NSEC_PER_MSEC;
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

/* ---- cycles and instructions ---- */

static int perf_open(uint64_t config, int leader)
{
	struct perf_event_attr attr = {.type = PERF_TYPE_HARDWARE,
				       .size = sizeof(attr),
				       .config = config,
				       .exclude_kernel = true,
				       .read_format = PERF_FORMAT_GROUP};

	return (int)syscall(SYS_perf_event_open, &attr, 0, -1, leader, 0);
}

/* Cycles and instructions so far; false where they cannot be counted. */
static bool perf_read(uint64_t counts[2])
{
	static int leader = -2;
	uint64_t group[3];

	if (leader == -2) {
		leader = perf_open(PERF_COUNT_HW_CPU_CYCLES, -1);
		if (leader >= 0 && perf_open(PERF_COUNT_HW_INSTRUCTIONS, leader) < 0)
			leader = -1;
	}
	if (leader < 0 || read(leader, group, sizeof(group)) != sizeof(group))
		return false;
	counts[0] = group[1];
	counts[1] = group[2];
	return true;
}

/* ---- measuring ---- */

struct figures {
	double values[RUNS_MAX];
	unsigned n;
};

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
	uint64_t before[2], after[2], n = 0;
	nsec_t start, end;
	bool counted;

	for (unsigned i = 0; i < 1000; i++)
		pump(dev);
	counted = perf_read(before);
	start = clock_now();
	do {
		for (unsigned i = 0; i < 1000; i++)
			pump(dev);
		n += 1000 * (uint64_t)in_burst;
		end = clock_now();
	} while (end - start < run_ns);
	counted = counted && perf_read(after);
	return (struct sample){
		.ns = (double)(end - start) / (double)n,
		.cycles = counted ? (double)(after[0] - before[0]) / (double)n : 0,
		.instructions = counted ? (double)(after[1] - before[1]) / (double)n : 0,
	};
}

/* What testpmd reaches in Mpps; 0 without it. */
static double testpmd(const char *mode)
{
	char command[1024], line[64] = "";
	FILE *out;

	snprintf(command, sizeof(command), "%s/testpmd.sh %s", BENCH_DIR, mode);
	out = popen(command, "r");
	if (!out)
		return 0;
	if (!fgets(line, sizeof(line), out))
		line[0] = 0;
	pclose(out);
	return strtod(line, NULL);
}

/* ---- results ---- */

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(const struct figures *f)
{
	double sorted[RUNS_MAX];

	memcpy(sorted, f->values, sizeof(sorted));
	qsort(sorted, f->n, sizeof(sorted[0]), by_value);
	return f->n % 2 ? sorted[f->n / 2]
			: (sorted[f->n / 2 - 1] + sorted[f->n / 2]) / 2;
}

static void print_side(const char *side, const struct figures *f)
{
	double least = f->values[0], most = f->values[0];

	printf(", \"%s\": {\"median\": %.4g", side, median(f));
	for (unsigned i = 1; i < f->n; i++) {
		least = min(least, f->values[i]);
		most = max(most, f->values[i]);
	}
	printf(", \"min\": %.4g, \"max\": %.4g, \"runs\": %u, \"values\": [", least, most,
	       f->n);
	for (unsigned i = 0; i < f->n; i++)
		printf("%s%.4g", i ? ", " : "", f->values[i]);
	printf("]}");
}

static void print_result(const char *name, const char *unit, const char *better,
			 const struct figures *ours, const struct figures *rival,
			 const char *rival_is, const struct figures *cycles,
			 const struct figures *instructions)
{
	printf("{\"name\": \"%s\", \"unit\": \"%s\", \"better\": \"%s\"", name, unit,
	       better);
	print_side("ours", ours);
	if (rival && rival->n) {
		print_side("rival", rival);
		printf(", \"rival_is\": \"%s\", \"ratio\": %.4g", rival_is,
		       median(ours) / median(rival));
	}
	if (cycles && cycles->n)
		printf(", \"cycles\": %.4g, \"instructions\": %.4g", median(cycles),
		       median(instructions));
	printf("}\n");
	fflush(stdout);
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

static void add(struct figures *f, double value)
{
	f->values[f->n++] = value;
}

static void run(struct bench *b)
{
	struct sample s;

	in_burst = b->in_burst;
	copy = b->copy;
	if (b->wide)
		hold(true);
	s = measure(b->dev);
	hold(false);
	add(&b->ns, s.ns);
	add(&b->mpps, 1000 / s.ns);
	if (s.cycles > 0) {
		add(&b->cycles, s.cycles / max(b->hops, 1u));
		add(&b->instructions, s.instructions / max(b->hops, 1u));
	}
}

/* What each hop after the first adds, from the same run's two figures. */
static void print_further_hop(const char *name, const struct bench *one,
			      const struct bench *ten, const struct figures *io)
{
	struct figures hop = {}, rival = {};

	for (unsigned i = 0; i < one->ns.n; i++)
		add(&hop, (ten->ns.values[i] - one->ns.values[i]) / (CHAIN - 1));
	for (unsigned i = 0; io && i < io->n; i++)
		add(&rival, 1000 / io->values[i]);
	print_result(name, "ns/packet", "lower", &hop, &rival, "testpmd io, a packet",
		     NULL, NULL);
}

/* Measure on the last core that may be used; testpmd needs them all, so it is let go again. */
static void pin(bool on)
{
	static cpu_set_t all;
	cpu_set_t one;
	size_t last = 0;

	if (on && sched_getaffinity(0, sizeof(all), &all) == 0)
		for (size_t i = 0; i < CPU_SETSIZE; i++)
			if (CPU_ISSET(i, &all))
				last = i;
	CPU_ZERO(&one);
	CPU_SET(last, &one);
	if (sched_setaffinity(0, sizeof(one), on ? &one : &all) < 0)
		perror("mem: pinning");
}

int main(int argc, char **argv)
{
	struct figures io = {}, io_copy = {};
	double mpps;

	if (argc > 1)
		n_runs = (unsigned)min(max(atoi(argv[1]), 1), RUNS_MAX);
	if (argc > 2)
		run_ns = atoi(argv[2]) * NSEC_PER_MSEC;
	net_init(&net, dev_kinds, 1);
	ns = netns_get(&net, 1);
	w.small = pool_create(4096, PKT_SMALL_ROOM);
	w.large = pool_create(64, PKT_LARGE_ROOM);
	for (size_t i = 0; i < array_size(benches); i++) {
		struct bench *b = &benches[i];

		b->dev = b->hops ? chain(b->hops) : device("dummy");
	}
	for (unsigned i = 0; i < n_runs; i++) {
		/* testpmd first: it needs more cores than the one this is pinned to. */
		if ((mpps = testpmd("io")) > 0)
			add(&io, mpps);
		if ((mpps = testpmd("io-copied")) > 0)
			add(&io_copy, mpps);
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
