/* SPDX-License-Identifier: BSD-2-Clause
 *
 * dev_veth - tests of veth pairs and of dummies.
 */
#include "net_util.h"

#include <linux/virtio_net.h>

static struct yard y;

static int setup(void **state)
{
	yard_init(&y);
	return 0;
}

static int teardown(void **state)
{
	yard_done(&y);
	return 0;
}

static void a_pair_is_born_in_two_namespaces(void **state)
{
	static const uint8_t addr[6] = {2, 0, 0, 0, 0, 2};
	struct link_req peer = {.ns = y.b, .name = "there", .mtu = 1400, .addr = addr};
	struct link_req req = {.ns = y.a, .name = "here", .peer = &peer};

	assert_int_equal(dev_create(&y.net, yard_kind(&y, "veth"), &req, NULL), 0);
	assert_int_equal(req.n_made, 2);
	assert_ptr_equal(netns_dev_named(y.a, "here"), req.made[0]);
	assert_ptr_equal(netns_dev_named(y.b, "there"), req.made[1]);
	assert_ptr_equal(veth_peer(req.made[0]), req.made[1]);
	assert_ptr_equal(veth_peer(req.made[1]), req.made[0]);
	assert_int_equal(dev_mtu(req.made[0]), 1500);
	assert_int_equal(dev_mtu(req.made[1]), 1400);
	assert_memory_equal(req.made[1]->addr, addr, 6);
	assert_int_equal(y.n_told, 2);
}

static void a_bad_request_for_the_peer_leaves_nothing(void **state)
{
	struct link_req peer = {.ns = y.b, .mtu = 1};
	struct link_req req = {.ns = y.a, .peer = &peer};
	struct extack ea = {};

	assert_int_equal(dev_create(&y.net, yard_kind(&y, "veth"), &req, &ea), -EINVAL);
	assert_string_equal(ea.msg, "mtu less than device minimum");
	assert_int_equal(req.n_made, 0);
	assert_true(list_is_empty(&y.net.devs));
	assert_int_equal(y.n_told, 0);
}

static void a_peer_without_a_request_has_the_kinds_defaults(void **state)
{
	struct link_req req = {.ns = y.a, .name = "one"};

	assert_int_equal(dev_create(&y.net, yard_kind(&y, "veth"), &req, NULL), 0);
	assert_string_equal(req.made[1]->name, "veth%d");
	assert_ptr_equal(req.made[1]->ns, y.a);
	assert_memory_not_equal(req.made[0]->addr, req.made[1]->addr, 6);
}

static void both_ends_die_together(void **state)
{
	struct dev *a = yard_dev(&y, "veth", y.a, "a"), *b = veth_peer(a);

	dev_follow_place(b, y.b, 5);
	y.n_told = 0;
	dev_destroy(b);
	assert_true(list_is_empty(&y.net.devs));
	assert_int_equal(y.n_told, 2);
	assert_int_equal(y.told[0].event, NET_DEV_DYING);
	assert_ptr_equal(y.told[0].dev, b);
	assert_int_equal(y.told[1].event, NET_DEV_DYING);
	assert_ptr_equal(y.told[1].dev, a);
}

static void there_is_a_carrier_while_both_are_up(void **state)
{
	struct link_req req = {.ns = y.a};
	struct dev *a, *b;

	assert_int_equal(dev_create(&y.net, yard_kind(&y, "veth"), &req, NULL), 0);
	a = req.made[0];
	b = req.made[1];
	y.n_told = 0;
	dev_follow_flags(a, IFF_UP);
	assert_false(dev_has_carrier(a) || dev_has_carrier(b));
	dev_follow_flags(b, IFF_UP);
	assert_true(dev_has_carrier(a) && dev_has_carrier(b));
	dev_follow_flags(a, 0);
	assert_false(dev_has_carrier(a) || dev_has_carrier(b));
	/* three flags, and each end's carrier raised and lowered once */
	assert_int_equal(y.n_told, 7);
}

static void nothing_goes_to_a_peer_that_is_down(void **state)
{
	struct dev *a = yard_dev(&y, "veth", y.a, "a"), *b = veth_peer(a);
	struct dev_counters c;

	dev_follow_flags(b, 0);
	yard_send(&y, a, DIR_TX, 3, 60, 0);
	yard_run(&y);
	dev_counters(a, &c);
	assert_int_equal(dev_drops(a, DROP_PEER_DOWN), 3);
	assert_int_equal(c.tx_dropped, 3);
	assert_int_equal(c.tx_packets, 0);
}

static void a_frame_may_be_as_big_as_the_receiver_allows(void **state)
{
	struct dev *a = yard_dev(&y, "veth", y.a, "a"), *b = veth_peer(a);
	struct dev_counters ca, cb;
	static struct held h;

	held_init(&h);
	dev_set_mirror(b, &h.port);
	dev_follow_mtu(a, 100); /* the sender's own matters to its stack only */
	dev_follow_mtu(b, 1000);
	yard_send(&y, a, DIR_TX, 1, 1000 + 14 + 4, 0); /* with a VLAN tag */
	yard_send(&y, a, DIR_TX, 1, 1000 + 14 + 5, 1);
	yard_send(&y, a, DIR_TX, 1, 60, 2);
	yard_run(&y);
	assert_int_equal(h.n, 2);
	assert_int_equal(frame_number(h.pkt[0]), 0);
	assert_int_equal(frame_number(h.pkt[1]), 2);
	assert_int_equal(dev_drops(a, DROP_TOO_BIG), 1);
	dev_counters(a, &ca);
	dev_counters(b, &cb);
	assert_int_equal(ca.tx_dropped, 1);
	assert_int_equal(cb.rx_dropped, 1);
	assert_int_equal(ca.tx_packets, 2);
	assert_int_equal(ca.tx_bytes, 1018 + 60);
	assert_int_equal(cb.rx_bytes, 1018 + 60);
	held_free(&h);
}

static void segments_that_are_still_to_be_cut_are_never_too_big(void **state)
{
	static uint8_t bytes[60000];
	struct dev *a = yard_dev(&y, "veth", y.a, "a");
	static struct held h;
	struct pkt *p = pkt_from(&y.w, bytes, sizeof(bytes));

	held_init(&h);
	dev_set_mirror(veth_peer(a), &h.port);
	p->off.gso_type = VIRTIO_NET_HDR_GSO_TCPV4;
	p->off.gso_size = 1448;
	dev_queue(&y.w, a, DIR_TX, p);
	yard_run(&y);
	assert_int_equal(h.n, 1);
	assert_int_equal(pkt_size(h.pkt[0]), sizeof(bytes));
	assert_int_equal(h.pkt[0]->off.gso_size, 1448);
	held_free(&h);
}

/* The peer's pointer is cut at once; its memory stays until the workers have left. */
static void a_burst_in_flight_survives_the_death_of_its_devices(void **state)
{
	struct dev *a = yard_dev(&y, "veth", y.a, "a"), *b = veth_peer(a);

	yard_send(&y, a, DIR_TX, 10, 60, 0);
	assert_false(dev_run_pending(&y.w, 1)); /* it waits at b now */
	yard_send(&y, a, DIR_TX, 10, 60, 0);
	dev_destroy(a);
	yard_run(&y);
	assert_int_equal(dev_drops(b, DROP_DEV_DOWN), 10);
	assert_int_equal(dev_drops(a, DROP_DEV_DOWN), 10);
}

static void a_dummy_counts_what_it_swallows_as_sent(void **state)
{
	struct dev *d = yard_dev(&y, "dummy", y.a, "d");
	struct dev_counters c;

	yard_send(&y, d, DIR_TX, 100, 60, 0);
	yard_run(&y);
	dev_counters(d, &c);
	assert_int_equal(c.tx_packets, 100);
	assert_int_equal(c.tx_bytes, 6000);
	assert_int_equal(c.tx_dropped, 0);
	assert_true(dev_has_carrier(d));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(a_pair_is_born_in_two_namespaces),
		T(a_bad_request_for_the_peer_leaves_nothing),
		T(a_peer_without_a_request_has_the_kinds_defaults),
		T(both_ends_die_together),
		T(there_is_a_carrier_while_both_are_up),
		T(nothing_goes_to_a_peer_that_is_down),
		T(a_frame_may_be_as_big_as_the_receiver_allows),
		T(segments_that_are_still_to_be_cut_are_never_too_big),
		T(a_burst_in_flight_survives_the_death_of_its_devices),
		T(a_dummy_counts_what_it_swallows_as_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
