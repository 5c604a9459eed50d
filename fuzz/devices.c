/* SPDX-License-Identifier: BSD-2-Clause
 *
 * devices - fuzzes the data plane: bytes are a little program that makes devices of every kind,
 * connects them, and sends frames with any content and any offload metadata through them,
 * while they are changed, moved and deleted.
 *
 * Beyond not crashing: every packet comes home, whatever happened to its devices, and a port
 * is never given what it said it cannot carry.
 */
#include "input.h"
#include "dev/tun.h"
#include "dev/vlan.h"
#include "main/kinds.h"
#include "net/net.h"
#include "port/probe.h"

#include <linux/virtio_net.h>

#define SLOTS	   8u
#define FRAMES_MAX 200u
#define PORT_F_ALL 0x3fu

/* ---- the yard ---- */

static struct net net;
static struct worker w;
static struct netns *ns[2];
static struct dev *slot[SLOTS];
static unsigned n_frames;

/* What dies leaves its slot, and takes its ports. */
static void hear(struct net_listener *l, enum net_event event, struct dev *dev)
{
	for (unsigned i = 0; event == NET_DEV_DYING && i < SLOTS; i++) {
		if (slot[i] == dev)
			slot[i] = NULL;
		else if (slot[i] && slot[i]->upper == dev)
			dev_set_upper(slot[i], NULL, NULL);
	}
}

static void put(struct dev *dev)
{
	for (unsigned i = 0; i < SLOTS; i++) {
		if (!slot[i]) {
			slot[i] = dev;
			return;
		}
	}
	dev_destroy(dev);
}

static void make(struct input *in)
{
	unsigned n_kinds = 0, which = byte(in);
	const struct dev_kind *kind;
	void *config;
	struct link_req req = {.ns = ns[which >> 7]};

	while (dev_kinds[n_kinds])
		n_kinds++;
	kind = dev_kinds[(which & 0x7f) % n_kinds];
	config = xcalloc(1, kind->config_size + 1);
	if (kind->defaults)
		kind->defaults(config);
	req.config = config;
	if (!strcmp(kind->name, "tun"))
		((struct tun_config *)config)->multi_queue = byte(in) & 1;
	if (kind->on_lower)
		req.lower = slot[byte(in) % SLOTS];
	if (!strcmp(kind->name, "vlan"))
		((struct vlan_config *)config)->id = (uint16_t)(byte(in) & 3);
	if (dev_create(&net, kind, &req, NULL) == 0)
		for (unsigned i = 0; i < req.n_made; i++)
			put(req.made[i]);
	free(config);
}

/* A port that checks what it is given when the input takes it out. */
static struct port *port(unsigned features, enum dir input)
{
	struct port *p = probe_port_create(input);

	/* Each of these needs the one before, in virtio as in TUNSETOFFLOAD. */
	if (!(features & PORT_F_VNET_HDR))
		features &= ~(unsigned)PORT_F_CSUM;
	if (!(features & PORT_F_CSUM))
		features &= ~(unsigned)(PORT_F_TSO | PORT_F_USO);
	p->features = features & PORT_F_ALL;
	return p;
}

static void check_carried(const struct port *p, const struct pkt *pkt)
{
	if (pkt->off.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM && !(p->features & PORT_F_CSUM))
		abort();
	/* ECN alone is no segmentation; ports refuse it, which this target goes round. */
	if ((pkt->off.gso_type & ~VIRTIO_NET_HDR_GSO_ECN) != VIRTIO_NET_HDR_GSO_NONE &&
	    !(p->features & (PORT_F_TSO | PORT_F_USO)))
		abort();
}

static void take_sent(struct port *p)
{
	struct pkt *pkt;

	while ((pkt = probe_pop(p))) {
		check_carried(p, pkt);
		pkt_free(pkt);
	}
}

static void forward(struct worker *worker, struct dev *dev, struct burst *b)
{
	dev_queue_burst(worker, dev->upper, DIR_TX, b);
}

/* ---- frames ---- */

static struct pkt *frame(struct input *in)
{
	static uint8_t bytes[65536 + 64];
	unsigned size = word(in), start = byte(in), period = 1 + byte(in) % 128;
	unsigned given = min(size, period);
	struct pkt *p;

	for (unsigned i = 0; i < given; i++)
		bytes[i] = (uint8_t)byte(in);
	for (unsigned i = given; i < size; i++)
		bytes[i] = bytes[i - period];
	p = pkt_from(&w, bytes, size);
	if (!p)
		return NULL;
	if (start & 1)
		p->off = (struct offload){
			.flags = (uint8_t)byte(in),
			.gso_type = (uint8_t)byte(in),
			.hdr_len = (uint16_t)word(in),
			.gso_size = (uint16_t)word(in),
			.csum_start = (uint16_t)word(in),
			.csum_offset = (uint16_t)word(in),
		};
	if (start & 2)
		p->flags |= PKT_F_IP;
	p->queue = (uint16_t)(start >> 4);
	return p;
}

static void send_frame(struct input *in, struct dev *dev)
{
	unsigned how = byte(in), copies = how >> 4;
	struct pkt *p = frame(in);

	if (!p)
		return;
	for (unsigned i = 0; i < copies && n_frames < FRAMES_MAX; i++) {
		struct pkt *q = pkt_clone(&w, p);

		n_frames++;
		if (q)
			dev_queue(&w, dev, how & 2 ? DIR_RX : DIR_TX, q);
	}
	n_frames++;
	dev_queue(&w, dev, how & 1 ? DIR_RX : DIR_TX, p);
}

/* ---- the program ---- */

static void queues(struct input *in, struct dev *dev)
{
	unsigned how = byte(in);

	if (strcmp(dev->kind->name, "tun") != 0)
		return;
	if (how & 1) {
		tun_detach_queue(dev, how >> 4);
		return;
	}
	if (tun_attach_queue(dev, how & 2 ? port(byte(in), DIR_TX) : NULL,
			     port(byte(in), DIR_RX), NULL) < 0)
		return;
}

static void follow(struct input *in, struct dev *dev)
{
	unsigned what = byte(in);

	if (what & 1)
		dev_follow_flags(dev, what & 2 ? 0 : IFF_UP);
	if (what & 4)
		dev_follow_place(dev, ns[what >> 3 & 1], what >> 4);
	if (what & 16)
		dev_follow_mtu(dev, word(in));
}

static void mirror(struct input *in, struct dev *dev)
{
	if (dev->mirror)
		take_sent(dev->mirror);
	dev_set_mirror(dev, port(byte(in), DIR_TX));
}

static void run(void)
{
	while (!dev_run_pending(&w, UINT32_MAX))
		;
	for (unsigned i = 0; i < SLOTS; i++)
		if (slot[i] && slot[i]->mirror)
			take_sent(slot[i]->mirror);
}

static void step(struct input *in)
{
	unsigned op = byte(in);
	struct dev *dev = slot[op >> 4 & 7], *other;

	if ((op & 15) == 0 || !dev) {
		make(in);
		return;
	}
	switch (op & 15) {
	case 1:
		run(); /* as a worker does before its quiescent state */
		dev_destroy(dev);
		net_run_deferred(&net);
		break;
	case 2:
		dev_destroy(dev); /* with packets on their way */
		break;
	case 3:
		follow(in, dev);
		break;
	case 4:
		mirror(in, dev);
		break;
	case 5:
		other = slot[byte(in) % SLOTS];
		dev_set_upper(dev, other, other ? forward : NULL);
		break;
	case 6:
		queues(in, dev);
		break;
	case 7:
		run();
		net_run_deferred(&net);
		break;
	case 8:
		(void)dev_run_pending(&w, byte(in));
		break;
	default:
		send_frame(in, dev);
	}
}

static bool is_whole(const struct pool *pool)
{
	return pool_available(pool) == pool_size(pool);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct input in = {data, len};
	struct net_listener listener = {.fn = hear};

	clock_stop();
	net_init(&net, dev_kinds, 1);
	net_listen(&net, &listener);
	ns[0] = netns_get(&net, 1);
	ns[1] = netns_get(&net, 2);
	w = (struct worker){.small = pool_create(256, PKT_SMALL_ROOM),
			    .large = pool_create(16, PKT_LARGE_ROOM)};
	n_frames = 0;
	while (in.len && n_frames < FRAMES_MAX)
		step(&in);
	run();
	list_remove(&listener.link);
	memset(slot, 0, sizeof(slot));
	dev_forget_pending(&w);
	net_done(&net);
	if (!is_whole(w.small) || !is_whole(w.large))
		abort();
	pool_destroy(w.small);
	pool_destroy(w.large);
	return 0;
}
