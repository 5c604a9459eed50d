/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge - how fast a bridge switches frames in memory, on one core.
 *
 *	bridge [RUNS [MILLISECONDS]]	default: 7 runs of 300 ms each
 *
 * Ports are taps whose programs are memory: a source takes bursts of 64 packets from the pool
 * and writes their headers, as a network card would; a sink frees them.  Stations are spread
 * evenly over the ports, and a frame goes from any to any on another port.  Beside it in
 * turns, on the same core: dpdk-testpmd's macswap between two memory devices, and the kernel's
 * own bridge (kernel_bridge.c).
 *
 * The forwarding database by itself: how fast a million stations are learned, how much memory
 * they take, and how fast they are found.
 */
#include "measure.h"

#include "dev/bridge.h"
#include "dev/tun.h"
#include "main/kinds.h"
#include "net/fdb.h"
#include "net/net.h"
#include "net/post.h"

#include <linux/if_tun.h>
#include <stdio.h>

#define PORTS_MAX 16u

static struct net net;
static struct worker w;
static struct netns *ns;
static uint64_t n_sunk;

/* ---- topologies ---- */

static void sink_send(struct worker *worker, struct port *port, struct burst *b)
{
	n_sunk += b->n;
	burst_free(b);
}

static const struct port_ops sink_ops = {.name = "sink", .send = sink_send};

static struct dev *device(const char *kind, const void *config)
{
	struct link_req req = {.ns = ns, .config = config};
	struct extack ea = {};
	static unsigned last_ifindex;

	req.ifindex = ++last_ifindex;
	if (dev_create(&net, net_kind(&net, kind, strlen(kind)), &req, &ea) < 0)
		bench_die("%s: %s", kind, ea.msg);
	return req.made[0];
}

/* A case, and its bridge. */
static struct bench {
	const char *name;
	unsigned n_ports, n_stations, len;
	bool vlans, flood;
	struct dev *br, *port[PORTS_MAX];
	struct figures mpps, cycles, instructions;
} benches[] = {
#define CASE(p, s, l) \
	{.name = "bridge/" #p "-ports/" #s "-stations/" #l, \
	 .n_ports = p, \
	 .n_stations = s, \
	 .len = l}, \
	{ \
		.name = "bridge/" #p "-ports/" #s "-stations/" #l "/vlans", \
		.n_ports = p, .n_stations = s, .len = l, .vlans = true \
	}
	CASE(2, 10, 64),
	CASE(2, 1000, 64),
	CASE(2, 100000, 64),
	CASE(2, 1000, 1500),
	CASE(16, 10, 64),
	CASE(16, 1000, 64),
	CASE(16, 100000, 64),
	CASE(16, 1000, 1500),
	{.name = "bridge/flood-16-ports/64",
	 .n_ports = 16,
	 .n_stations = 16,
	 .len = 64,
	 .flood = true},
	{.name = "bridge/flood-16-ports/1500",
	 .n_ports = 16,
	 .n_stations = 16,
	 .len = 1500,
	 .flood = true},
};

static void make_ports(struct bench *b)
{
	for (unsigned i = 0; i < b->n_ports; i++) {
		struct tun_config config;
		struct port *sink = xnew(struct port);
		struct extack ea = {};

		tun_kind.defaults(&config);
		b->port[i] = device("tun", &config);
		sink->ops = &sink_ops;
		sink->fd = -1;
		if (tun_attach_queue(b->port[i], NULL, sink, &ea) < 0 ||
		    dev_enslave(b->port[i], b->br, &ea) < 0)
			bench_die("%s", ea.msg);
		dev_follow_flags(b->port[i], IFF_UP);
	}
}

static void make(struct bench *b)
{
	struct bridge_config config;

	bridge_kind.defaults(&config);
	config.mcast_snooping = false;
	config.vlan_filtering = b->vlans;
	b->br = device("bridge", &config);
	dev_follow_flags(b->br, IFF_UP);
	make_ports(b);
	net_run_deferred(&net);
}

/* ---- traffic ---- */

static uint64_t seed = 88172645463325252u;

static uint64_t any64(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

/* A number below @below, from 32 random bits. */
static uint32_t scale(uint32_t bits, uint32_t below)
{
	return (uint32_t)((uint64_t)bits * below >> 32);
}

/* Station @i is behind port @i modulo the number of ports. */
static void put_addr(uint8_t *to, uint32_t i)
{
	uint64_t addr = 2 | (uint64_t)htobe32(i) << 16;

	memcpy(to, &addr, 6);
}

static void pump(const struct bench *b, unsigned from)
{
	unsigned each = b->n_stations / b->n_ports, to = from;
	struct burst burst;

	burst.n = pkt_alloc_burst(&w, burst.pkt, BURST_MAX);
	for (uint32_t i = 0; i < burst.n; i++) {
		struct pkt *p = burst.pkt[i];
		uint64_t bits = any64();

		to = to + 1 == b->n_ports ? 0 : to + 1;
		if (to == from)
			to = to + 1 == b->n_ports ? 0 : to + 1;
		p->len = b->len;
		put_addr(p->data,
			 b->flood ? 0xffffff
				  : scale((uint32_t)bits, each) * b->n_ports + to);
		put_addr(p->data + 6,
			 scale((uint32_t)(bits >> 32), each) * b->n_ports + from);
		p->data[12] = 8;
		p->data[13] = 0;
	}
	dev_queue_burst(&w, b->port[from], DIR_RX, &burst);
	while (!dev_run_pending(&w, UINT32_MAX))
		;
}

/* As the engine does: what workers posted is heard, and the clock goes on. */
static void turn(const struct bench *b, unsigned n)
{
	w.now = clock_now();
	for (unsigned i = 0; i < n; i++)
		pump(b, i % b->n_ports);
	net_run_posts(&net);
	timers_run();
}

static void learn_all(const struct bench *b)
{
	unsigned turns = 20 + b->n_stations * 16 / (1024 * BURST_MAX);

	while (turns--) {
		turn(b, 1024);
		net_run_deferred(&net);
	}
}

static void run(struct bench *b)
{
	struct counts before, after;
	uint64_t n = 0, sunk;
	bool counted;
	nsec_t start, end;

	learn_all(b);
	sunk = n_sunk;
	counted = counts_read(&before);
	start = clock_now();
	do {
		turn(b, 1024);
		n += 1024 * (uint64_t)BURST_MAX;
		end = clock_now();
	} while (end - start < bench_run_ns);
	counted = counted && counts_read(&after);
	if (!b->flood && n_sunk - sunk > n + n / 100)
		bench_die("%s: %lu frames in, %lu out: it floods", b->name,
			  (unsigned long)n, (unsigned long)(n_sunk - sunk));
	figure(&b->mpps, 1e3 * (double)n / (double)(end - start));
	if (counted) {
		figure(&b->cycles, (double)(after.cycles - before.cycles) / (double)n);
		figure(&b->instructions,
		       (double)(after.instructions - before.instructions) / (double)n);
	}
}

/* ---- the database alone ---- */

#define MILLION 1000000u

static bool called;

static void on_call(struct fdb *fdb)
{
	called = true;
}

static void attend(struct fdb *fdb)
{
	if (!called)
		return;
	called = false;
	fdb_attend(fdb);
	net_run_deferred(&net);
}

static uint64_t station(uint32_t i)
{
	uint8_t addr[8] = {};

	put_addr(addr, i);
	return fdb_key(addr, 0);
}

static uint32_t n_known(struct fdb *fdb)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < MILLION; i++)
		n += fdb_get(fdb, station(i)) != FDB_NONE;
	return n;
}

/* Learn a million stations, as often as it takes, then find them. */
static void run_fdb(struct figures *learned, struct figures *found, struct figures *bytes)
{
	struct fdb *fdb = fdb_create(&net, on_call, NULL);
	nsec_t start = clock_now(), end;
	uint64_t sum = 0;

	for (uint32_t i = 0; i < MILLION; i++) {
		struct fdb_table *t = fdb_table(fdb);
		uint64_t key = station(i);
		struct fdb_hash h = fdb_hash(t, key);

		fdb_learn(fdb, t, h, key, 1, 0, start, fdb_tick(start));
		attend(fdb);
	}
	end = clock_now();
	figure(learned, 1e3 * MILLION / (double)(end - start));
	if (n_known(fdb) < MILLION / 100 * 99)
		bench_die("only %u stations were learned", n_known(fdb));
	figure(bytes, (double)fdb_memory(fdb) / n_known(fdb));

	start = clock_now();
	for (uint32_t i = 0; i < 4 * MILLION; i += 32) {
		struct fdb_table *t = fdb_table(fdb);
		struct fdb_hash h[32];
		uint64_t key[32];

		for (unsigned j = 0; j < 32; j++) {
			key[j] = station(scale((uint32_t)any64(), MILLION));
			h[j] = fdb_hash(t, key[j]);
			fdb_prefetch(t, h[j]);
		}
		for (unsigned j = 0; j < 32; j++)
			sum += fdb_lookup(t, h[j], key[j]);
	}
	end = clock_now();
	if (!sum)
		bench_die("nothing was found");
	figure(found, 1e3 * 4 * MILLION / (double)(end - start));
	fdb_destroy(fdb);
	net_run_deferred(&net);
}

/* The case @name again, under another name, beside the kernel. */
static void print_beside_kernel(const char *name, const char *as,
				const struct figures *kernel)
{
	for (size_t i = 0; i < array_size(benches); i++)
		if (!strcmp(benches[i].name, name))
			print_result(as, "Mpps", "higher", &benches[i].mpps, kernel,
				     "the kernel's bridge", NULL, NULL);
}

int main(int argc, char **argv)
{
	struct figures macswap = {}, learned = {}, found = {}, bytes = {};
	struct figures kernel = {}, kernel_many = {};

	bench_args(argc, argv);
	net_init(&net, dev_kinds, 1);
	ns = netns_get(&net, 1);
	w.small = pool_create(4096, PKT_SMALL_ROOM);
	w.large = pool_create(64, PKT_LARGE_ROOM);
	for (size_t i = 0; i < array_size(benches); i++)
		make(&benches[i]);
	for (unsigned i = 0; i < bench_runs; i++) {
		testpmd("macswap", &macswap);
		pin(true);
		for (size_t j = 0; j < array_size(benches); j++)
			run(&benches[j]);
		run_fdb(&learned, &found, &bytes);
		kernel_bridge(1000, &kernel);
		kernel_bridge(100000, &kernel_many);
		pin(false);
	}
	for (size_t i = 0; i < array_size(benches); i++) {
		struct bench *b = &benches[i];

		print_result(b->name, "Mpps", "higher", &b->mpps,
			     b->len == 64 && !b->flood ? &macswap : NULL,
			     "testpmd macswap", &b->cycles, &b->instructions);
	}
	print_beside_kernel("bridge/2-ports/1000-stations/64",
			    "bridge/beside-the-kernel/1000-stations/64", &kernel);
	print_beside_kernel("bridge/2-ports/100000-stations/64",
			    "bridge/beside-the-kernel/100000-stations/64", &kernel_many);
	print_result("fdb/million/learn", "M/s", "higher", &learned, NULL, NULL, NULL,
		     NULL);
	print_result("fdb/million/find", "M/s", "higher", &found, NULL, NULL, NULL, NULL);
	print_result("fdb/million/memory", "bytes/station", "lower", &bytes, NULL, NULL,
		     NULL, NULL);
	dev_forget_pending(&w);
	net_done(&net);
	pool_destroy(w.small);
	pool_destroy(w.large);
	return 0;
}
