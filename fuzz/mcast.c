/* SPDX-License-Identifier: BSD-2-Clause
 *
 * mcast - fuzzes what a bridge hears of multicast: IGMP, MLD, PIM and what looks like them.
 *
 * A bridge with three ports that snoops and asks.  The bytes are steps: a frame in at a port,
 * as it stands or as the message of a frame that is otherwise in order, its checksum made
 * right if the step says so; or time that passes.  Beyond not crashing: every packet comes
 * home, and what was learned can be shown.
 */
#include "input.h"
#include "dev/bridge.h"
#include "main/kinds.h"
#include "net/net.h"
#include "net/post.h"
#include "nl/msg.h"
#include "pkt/csum.h"
#include "pkt/hdr.h"

#include <linux/if_ether.h>

#define N_PORTS	    3u
#define STEPS_MAX   200u
#define MESSAGE_MAX 400u

static struct net net;
static struct worker w;
static struct netns *ns;
static struct dev *br, *port[N_PORTS];

static struct dev *make(const char *kind, const void *config)
{
	struct link_req req = {.ns = ns, .config = config};
	static unsigned last_ifindex;

	req.ifindex = ++last_ifindex;
	if (dev_create(&net, net_kind(&net, kind, strlen(kind)), &req, NULL))
		abort();
	dev_follow_flags(req.made[0], IFF_UP);
	if (req.n_made > 1)
		dev_follow_flags(req.made[1], IFF_UP);
	return req.made[0];
}

static void set_fast_leave(struct dev *dev)
{
	struct bridge_port_config config =
		*(const struct bridge_port_config *)dev_port_config(dev);

	config.fast_leave = true;
	config.mcast_eht_hosts_limit = 3;
	if (dev_change_port_config(dev, &config, NULL))
		abort();
}

static void make_bridge(unsigned settings)
{
	struct bridge_config config;

	bridge_kind.defaults(&config);
	config.mcast_querier = settings & 1;
	config.mcast_igmp_version = settings & 2 ? 3 : 2;
	config.mcast_mld_version = settings & 4 ? 2 : 1;
	config.vlan_filtering = settings & 8;
	config.mcast_stats = settings & 16;
	br = make("bridge", &config);
	for (unsigned i = 0; i < N_PORTS; i++) {
		port[i] = make("veth", NULL);
		if (dev_enslave(port[i], br, NULL))
			abort();
		if (settings & 32)
			set_fast_leave(port[i]);
	}
}

static void run(void)
{
	do {
		while (!dev_run_pending(&w, UINT32_MAX))
			;
		net_run_posts(&net);
	} while (w.first);
}

/* ---- frames ---- */

static uint8_t frame[ETH_HLEN + 64 + MESSAGE_MAX];

static uint32_t take(struct input *in, uint8_t *to, uint32_t max)
{
	uint32_t n = byte(in);

	n = min(n, max);
	for (uint32_t i = 0; i < n; i++)
		to[i] = (uint8_t)byte(in);
	return n;
}

/* To 224.0.0.22 by way of a router alert, or PIM. */
static uint32_t ipv4(struct input *in, unsigned how)
{
	static const uint8_t head[] = {0x01, 0x00, 0x5e, 0,  0,	   0x16, 2,  0, 0, 0,
				       0,    9,	   0x08, 0,  0x46, 0xc0, 0,  0, 0, 0,
				       0,    0,	   1,	 2,  0,	   0,	 10, 0, 0, 9,
				       224,  0,	   0,	 22, 0x94, 4,	 0,  0};
	uint8_t *ip = frame + ETH_HLEN, *message = frame + sizeof(head);
	uint32_t n;
	be16 sum;

	memcpy(frame, head, sizeof(head));
	n = take(in, message, MESSAGE_MAX);
	ip[3] = (uint8_t)(24 + n);
	ip[2] = (uint8_t)((24 + n) >> 8);
	if (how & 4)
		ip[9] = 103;
	if (how & 8 && n >= 4) {
		message[2] = message[3] = 0;
		sum = csum_finish(csum_add(0, message, n));
		memcpy(message + 2, &sum, sizeof(sum));
	}
	sum = csum_finish(csum_add(0, ip, 24));
	memcpy(ip + 10, &sum, sizeof(sum));
	return (uint32_t)sizeof(head) + n;
}

/* From a link-local address to ff02::16 behind a hop-by-hop router alert. */
static uint32_t ipv6(struct input *in, unsigned how)
{
	static const uint8_t head[] = {
		0x33, 0x33, 0, 0, 0, 0x16, 2,	 0,    0, 0, 0, 9, 0x86, 0xdd, 0x60, 0,
		0,    0,    0, 0, 0, 1,	   0xfe, 0x80, 0, 0, 0, 0, 0,	 0,    0,    0,
		0,    0,    0, 0, 0, 9,	   0xff, 0x02, 0, 0, 0, 0, 0,	 0,    0,    0,
		0,    0,    0, 0, 0, 0x16, 58,	 0,    5, 2, 0, 0, 1,	 0};
	uint8_t *ip = frame + ETH_HLEN, *message = frame + sizeof(head);
	uint32_t n;
	be16 sum;

	memcpy(frame, head, sizeof(head));
	n = take(in, message, MESSAGE_MAX);
	ip[4] = (uint8_t)((8 + n) >> 8);
	ip[5] = (uint8_t)(8 + n);
	if (how & 8 && n >= 4) {
		message[2] = message[3] = 0;
		sum = csum_finish(csum_add(
			csum_pseudo_ipv6((const struct ipv6 *)(const void *)ip, 58, n),
			message, n));
		memcpy(message + 2, &sum, sizeof(sum));
	}
	return (uint32_t)sizeof(head) + n;
}

static void send_frame(struct input *in, unsigned how)
{
	uint32_t len = how & 1	 ? take(in, frame, sizeof(frame))
		       : how & 2 ? ipv4(in, how)
				 : ipv6(in, how);
	struct pkt *p = pkt_from(&w, frame, len);
	unsigned from = how >> 6;

	if (!p)
		return;
	if (from < N_PORTS)
		dev_queue(&w, port[from], DIR_RX, p);
	else
		dev_queue(&w, br, DIR_TX, p);
}

static void show(void)
{
	struct nlbuf b = {};

	br->kind->fill(br, &b);
	for (unsigned i = 0; i < N_PORTS; i++)
		br->kind->master->fill(port[i], &b);
	nlbuf_done(&b);
}

static void step(struct input *in)
{
	unsigned how = byte(in);

	if ((how & 0x30) == 0x30) {
		clock_warp((nsec_t)(1u << (how & 15)) * NSEC_PER_MSEC * 10);
		timers_run();
		w.now = clock_now();
		show();
	} else {
		send_frame(in, how);
	}
	run();
}

static bool is_whole(const struct pool *pool)
{
	return pool_available(pool) == pool_size(pool);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct input in = {data, len};

	clock_stop();
	net_init(&net, dev_kinds, 1);
	ns = netns_get(&net, 1);
	w = (struct worker){.small = pool_create(256, PKT_SMALL_ROOM),
			    .large = pool_create(16, PKT_LARGE_ROOM)};
	net.self = &w;
	make_bridge(byte(&in));
	for (unsigned i = 0; in.len && i < STEPS_MAX; i++)
		step(&in);
	run();
	dev_forget_pending(&w);
	net_done(&net);
	if (!is_whole(w.small) || !is_whole(w.large))
		abort();
	pool_destroy(w.small);
	pool_destroy(w.large);
	return 0;
}
