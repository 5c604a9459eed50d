/* SPDX-License-Identifier: BSD-2-Clause
 *
 * dev_stacks - every kind of device on every other that it can stand on, with everything on top that
 * can stand there: frames of all sorts from above and below, while it is up, after it has moved,
 * while it is down, and while it dies.  Each frame is delivered, or dropped for a reason.
 */
#include "net_util.h"

#include "dev/bridge.h"
#include "dev/dummy.h"
#include "dev/macvlan.h"
#include "dev/tun.h"
#include "dev/vlan.h"
#include "net/post.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/virtio_net.h>
#include <stdio.h>

static struct yard y;

/* ---- a stack ---- */

/* Where frames end: the mirrors, and the programs at taps. */
static struct held ends[32];
static unsigned n_ends;

/* A kind in one of its guises, with what it stands on, and what stands on it: may be NULL. */
struct stack {
	const struct dev_kind *kind, *below_kind, *above_kind;
	unsigned guise;
	struct dev *dev, *below, *above;
};

static struct port *new_end(enum dir input)
{
	struct held *h = &ends[n_ends++];

	assert_true(n_ends <= array_size(ends));
	held_init(h);
	h->port.input = input;
	return &h->port;
}

/* In use: up, with a mirror, and a program where there may be one. */
static void begin(struct dev *dev)
{
	dev_follow_flags(dev, IFF_UP);
	dev_set_mirror(dev, new_end(DIR_TX));
	if (dev->kind == &tun_kind)
		assert_true(tun_attach_queue(dev, NULL, new_end(DIR_RX), NULL) >= 0);
	if (dev->kind == &macvtap_kind)
		assert_int_equal(macvtap_attach(dev, new_end(DIR_TX)), 0);
}

#define GUISES 5

/* Settings by which kinds differ in what they do with frames.  False: there are no more. */
static bool disguise(const struct dev_kind *kind, unsigned guise, void *config)
{
	static const uint32_t modes[GUISES] = {MACVLAN_MODE_VEPA, MACVLAN_MODE_PRIVATE,
					       MACVLAN_MODE_BRIDGE, MACVLAN_MODE_PASSTHRU,
					       MACVLAN_MODE_SOURCE};
	struct macvlan_config *macvlan = config;
	struct bridge_config *bridge = config;
	struct vlan_config *vlan = config;

	if (kind == &macvlan_kind || kind == &macvtap_kind) {
		macvlan->mode = modes[guise];
		return true;
	}
	if (kind == &bridge_kind) {
		bridge->vlan_filtering = guise & 1;
		bridge->stp_state = guise >> 1;
		return guise < 4;
	}
	if (kind == &vlan_kind) {
		vlan->id = guise == 2 ? 0 : 5;
		vlan->protocol = guise == 1 ? ETH_P_8021AD : ETH_P_8021Q;
		return guise < 3;
	}
	return guise == 0;
}

static void add_port(struct dev *master, struct dev *port)
{
	assert_int_equal(dev_enslave(port, master, NULL), 0);
}

/* Two ports, each with somebody at its other end. */
static void add_ports(struct dev *master)
{
	char name[IFNAMSIZ];

	for (unsigned i = 0; i < 2; i++) {
		struct dev *port;

		snprintf(name, sizeof(name), "%.8s-%u", master->name, i);
		port = yard_dev(&y, "veth", master->ns, name);
		begin(veth_peer(port));
		add_port(master, port);
	}
}

/* A device in use; NULL with its errno. */
static struct dev *make(const struct dev_kind *kind, unsigned guise, const char *name,
			struct dev *lower, int *err)
{
	auto_free void *config = xcalloc(1, kind->config_size + 1);
	struct link_req req = {.ns = y.a, .name = name, .config = config, .lower = lower};
	struct extack ea = {};

	if (kind->defaults)
		kind->defaults(config);
	disguise(kind, guise, config);
	*err = dev_create(&y.net, kind, &req, &ea);
	if (*err)
		return NULL;
	for (unsigned i = 0; i < req.n_made; i++)
		begin(req.made[i]);
	if (kind->master)
		add_ports(req.made[0]);
	return req.made[0];
}

/* What cannot be, as on Linux: a bridge in a bridge, a macvtap in one, and two macvlans on one
 * device if one is passthru. */
static bool is_impossible(const struct stack *s, const struct dev_kind *above,
			  const struct dev_kind *below)
{
	bool macvlans = (above == &macvlan_kind || above == &macvtap_kind) &&
			(below == &macvlan_kind || below == &macvtap_kind);

	return (above->master && (below->master || below == &macvtap_kind)) ||
	       (macvlans && s->guise == 3);
}

/* False: it cannot stand so. */
static bool build(struct stack *s)
{
	int err = 0;

	if (s->below_kind) {
		struct dev *ground =
			s->below_kind->on_lower
				? make(yard_kind(&y, "dummy"), 0, "ground", NULL, &err)
				: NULL;

		s->below = make(s->below_kind, 0, "below", ground, &err);
		assert_non_null(s->below);
	}
	s->dev = make(s->kind, s->guise, "dev", s->below, &err);
	if (!s->dev) {
		assert_true(is_impossible(s, s->kind, s->below_kind));
		return false;
	}
	if (!s->above_kind)
		return true;
	s->above = make(s->above_kind, 0, "above",
			s->above_kind->on_lower ? s->dev : NULL, &err);
	if (s->above && s->above_kind->master)
		err = dev_enslave(s->dev, s->above, NULL);
	if ((err != 0) != is_impossible(s, s->above_kind, s->kind))
		fail_msg("%s on %s (guise %u) on %s: %d", s->above_kind->name,
			 s->kind->name, s->guise,
			 s->below_kind ? s->below_kind->name : "nothing", err);
	return !err;
}

/* ---- frames ---- */

static const uint8_t stranger[6] = {2, 0, 0, 9, 9, 9};

/* Ethertypes and tags behind the addresses. */
struct tags {
	uint16_t n, words[4];
};
static const struct tags taggings[] = {
	{0, {}},
	{2, {ETH_P_8021Q, 5}},
	{2, {ETH_P_8021Q, 7 | 5 << 13}},
	{2, {ETH_P_8021Q, 0}},
	{2, {ETH_P_8021AD, 5}},
	{4, {ETH_P_8021AD, 5, ETH_P_8021Q, 5}},
};

/* A TCP segment's worth over IPv4, of @len bytes; a GSO packet if it is larger than a frame. */
static struct pkt *frame(const uint8_t to[6], const uint8_t from[6],
			 const struct tags *tags, uint32_t len)
{
	static uint8_t bytes[10000];
	uint8_t *at = bytes;
	struct pkt *p;

	memset(bytes, 0, len);
	memcpy(at, to, 6);
	memcpy(at + 6, from, 6);
	at += 12;
	for (unsigned i = 0; i < tags->n; i++, at += 2)
		memcpy(at, &(uint16_t){htons(tags->words[i])}, 2);
	memcpy(at, (uint8_t[]){0x08, 0x00, 0x45, 0, 0, 0, 0, 0, 0, 0, 64, 6}, 12);
	p = pkt_from(&y.w, bytes, len);
	assert_non_null(p);
	if (len > ETH_FRAME_LEN) {
		p->off.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
		p->off.gso_type = VIRTIO_NET_HDR_GSO_TCPV4;
		p->off.gso_size = 1448;
		p->off.csum_start = (uint16_t)(at - bytes + 22);
		p->off.csum_offset = 16;
	}
	return p;
}

static uint64_t n_dropped(void)
{
	uint64_t sum = 0;
	struct dev *dev;

	for (unsigned why = 0; why < DROP_N_REASONS; why++) {
		sum += y.w.drops[why];
		list_foreach(dev, &y.net.devs, in_net)
			sum += dev_drops(dev, why);
	}
	return sum;
}

/* What dummies have sent: that is what they are for. */
static uint64_t n_swallowed(void)
{
	uint64_t sum = 0;
	struct dev *dev;

	list_foreach(dev, &y.net.devs, in_net) {
		struct dev_counters c;

		dev_counters(dev, &c);
		sum += dev->kind == &dummy_kind ? c.tx_packets : 0;
	}
	return sum;
}

static unsigned n_delivered(void)
{
	unsigned sum = 0;

	for (unsigned i = 0; i < n_ends; i++) {
		sum += ends[i].n;
		held_free(&ends[i]);
	}
	return sum;
}

static void check_all_home(void)
{
	assert_int_equal(pool_available(y.w.small), pool_size(y.w.small));
	assert_int_equal(pool_available(y.w.large), pool_size(y.w.large));
}

/* How frames ended, over all stacks: both must happen. */
static uint64_t total_delivered, total_dropped;

/* Takes @p, sees it to its end, and accounts for it. */
static void check_frame(const struct stack *s, struct dev *dev, enum dir dir,
			struct pkt *p)
{
	uint64_t dropped = n_dropped(), delivered = n_swallowed();

	dev_queue(&y.w, dev, dir, p);
	yard_run(&y);
	net_run_posts(&y.net);
	dropped = n_dropped() - dropped;
	delivered = n_swallowed() - delivered + n_delivered();
	if (!delivered && !dropped)
		fail_msg("a frame %s %s is nowhere: %s (guise %u) on %s, below %s",
			 dir == DIR_TX ? "sent by" : "that arrived at", dev->name,
			 s->kind->name, s->guise,
			 s->below_kind ? s->below_kind->name : "nothing",
			 s->above_kind ? s->above_kind->name : "nothing");
	check_all_home();
	total_delivered += delivered;
	total_dropped += dropped;
}

/* Who may be meant: everybody, groups, those who stand there, nobody there. */
#define TARGETS 8
static const uint8_t *target(const struct stack *s, unsigned i)
{
	static const uint8_t fixed[TARGETS - 3][6] = {
		{255, 255, 255, 255, 255, 255},
		{0x01, 0x00, 0x5e, 1, 1, 1},
		{0x33, 0x33, 0, 0, 0, 1},
		{0x01, 0x80, 0xc2, 0, 0, 0},
		{2, 0, 0, 8, 8, 8},
	};

	switch (i) {
	case 0:
		return s->dev->addr;
	case 1:
		return (s->above ?: s->dev)->addr;
	case 2:
		return (s->below ?: s->dev)->addr;
	default:
		return fixed[i - 3];
	}
}

static void check_frames_at(const struct stack *s, struct dev *dev, enum dir dir)
{
	const uint8_t *from = dir == DIR_TX ? dev->addr : stranger;

	for (unsigned i = 0; i < TARGETS; i++) {
		const uint8_t *to = target(s, i);

		for (size_t k = 0; k < array_size(taggings); k++)
			check_frame(s, dev, dir, frame(to, from, &taggings[k], 64));
		check_frame(s, dev, dir, frame(to, from, &taggings[i % 2], 9000));
	}
	check_frame(s, dev, dir, frame(stranger, from, &taggings[0], 13));
	check_frame(s, dev, dir, frame(target(s, 3), from, &taggings[1], 15));
	check_frame(s, dev, dir, frame(stranger, stranger, &taggings[0], 1514));
}

static void check_frames(const struct stack *s)
{
	struct dev *const devs[] = {s->dev, s->above, s->below};

	for (size_t i = 0; i < array_size(devs); i++) {
		if (!devs[i])
			continue;
		check_frames_at(s, devs[i], DIR_TX);
		check_frames_at(s, devs[i], DIR_RX);
	}
}

/* ---- a stack's life ---- */

/* What is on its way when it dies comes to its end too. */
static void check_death(struct stack *s)
{
	struct dev *const devs[] = {s->dev, s->above, s->below};

	for (size_t i = 0; i < array_size(devs); i++)
		for (unsigned k = 0; k < 40 && devs[i]; k++)
			dev_queue(&y.w, devs[i], k % 2 ? DIR_TX : DIR_RX,
				  frame(target(s, k % TARGETS), stranger,
					&taggings[k % 3], 64));
	assert_false(dev_run_pending(&y.w, 1));
	dev_destroy(s->dev);
	yard_run(&y);
	net_run_deferred(&y.net);
	n_delivered();
	check_all_home();
}

static void raze(void)
{
	while (!list_is_empty(&y.net.devs))
		dev_destroy(list_first(&y.net.devs, struct dev, in_net));
	net_run_deferred(&y.net);
	for (unsigned i = 0; i < n_ends; i++)
		assert_int_equal(ends[i].closed, 1);
	n_ends = 0;
}

static void check_stack(struct stack *s)
{
	bool stands = build(s);

	if (stands) {
		check_frames(s);
		if (s->below)
			dev_follow_flags(s->below, 0);
		check_frames(s);
		if (s->below)
			dev_follow_flags(s->below, IFF_UP);
		if (!s->kind->netns_local)
			dev_follow_place(s->dev, y.b, 9);
		check_frames(s);
		dev_follow_flags(s->dev, 0);
		check_frames(s);
		dev_follow_flags(s->dev, IFF_UP);
		check_death(s);
	}
	raze();
	s->dev = s->above = s->below = NULL;
}

/* Everything that can be on top: what stands on another, and masters. */
static void check_with_all_on_top(struct stack *s)
{
	s->above_kind = NULL;
	check_stack(s);
	for (const struct dev_kind *const *k = dev_kinds; *k; k++) {
		s->above_kind = *k;
		if ((*k)->on_lower || (*k)->master)
			check_stack(s);
	}
}

static void check_on_all_below(struct stack *s)
{
	if (!s->kind->on_lower) {
		check_with_all_on_top(s);
		return;
	}
	for (const struct dev_kind *const *k = dev_kinds; *k; k++) {
		s->below_kind = *k;
		check_with_all_on_top(s);
	}
}

static void no_frame_is_lost_or_kept_in_any_stack(void **state)
{
	for (const struct dev_kind *const *k = dev_kinds; *k; k++) {
		auto_free void *config = xcalloc(1, (*k)->config_size + 1);
		struct stack s = {.kind = *k};

		total_delivered = total_dropped = 0;
		for (; s.guise < GUISES && disguise(*k, s.guise, config); s.guise++)
			check_on_all_below(&s);
		assert_true(total_delivered > 500 && total_dropped > 500);
	}
}

static int setup(void **state)
{
	yard_init(&y);
	list_remove(&y.listener.link); /* there will be more events than it holds */
	return 0;
}

static int teardown(void **state)
{
	list_append(&y.net.listeners, &y.listener.link);
	yard_done(&y);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(no_frame_is_lost_or_kept_in_any_stack,
						setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
