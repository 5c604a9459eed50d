/* SPDX-License-Identifier: BSD-2-Clause
 *
 * net_dev - tests of a device's life and of bursts through devices.
 */
#include "net_util.h"

#include <stdio.h>

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

/* ---- life ---- */

static void a_device_is_born_down_with_its_kinds_defaults(void **state)
{
	struct link_req req = {.ns = y.a};
	struct dev *dev;

	assert_int_equal(dev_create(&y.net, yard_kind(&y, "dummy"), &req, NULL), 0);
	dev = req.made[0];
	assert_int_equal(req.n_made, 1);
	assert_false(dev_is_up(dev));
	assert_int_equal(dev_mtu(dev), 1500);
	assert_string_equal(dev->name, "dummy%d");
	assert_int_equal(dev->addr[0] & 3, 2); /* local, unicast */
	assert_ptr_equal(netns_dev_named(y.a, "dummy%d"), dev);
	assert_int_equal(y.n_told, 1);
	assert_int_equal(y.told[0].event, NET_DEV_BORN);
	assert_ptr_equal(y.told[0].dev, dev);
}

static void a_request_is_obeyed_or_refused_with_a_sentence(void **state)
{
	static const uint8_t addr[6] = {2, 0, 0, 0, 0, 9}, group[6] = {3};
	struct link_req req = {
		.ns = y.b, .name = "x", .ifindex = 7, .mtu = 9000, .addr = addr};
	struct extack ea = {};

	assert_int_equal(dev_create(&y.net, yard_kind(&y, "dummy"), &req, &ea), 0);
	assert_ptr_equal(netns_dev(y.b, 7), req.made[0]);
	assert_int_equal(dev_mtu(req.made[0]), 9000);
	assert_memory_equal(req.made[0]->addr, addr, 6);

	req.mtu = 67;
	assert_int_equal(dev_create(&y.net, yard_kind(&y, "dummy"), &req, &ea), -EINVAL);
	assert_string_equal(ea.msg, "mtu less than device minimum");
	ea = (struct extack){};
	req.mtu = 65536;
	assert_int_equal(dev_create(&y.net, yard_kind(&y, "veth"), &req, &ea), -EINVAL);
	assert_string_equal(ea.msg, "mtu greater than device maximum");
	ea = (struct extack){};
	req.mtu = 0;
	req.addr = group;
	assert_int_equal(dev_create(&y.net, yard_kind(&y, "veth"), &req, &ea),
			 -EADDRNOTAVAIL);
	assert_true(*ea.msg);
	assert_int_equal(y.n_told, 1);
}

static void an_id_is_never_used_again(void **state)
{
	uint64_t id = yard_dev(&y, "dummy", y.a, "one")->id;

	dev_destroy(netns_dev_named(y.a, "one"));
	net_run_deferred(&y.net);
	assert_true(yard_dev(&y, "dummy", y.a, "two")->id > id);
}

static void a_dead_device_is_out_of_the_model_before_anybody_hears(void **state)
{
	struct dev *dev = yard_dev(&y, "dummy", y.a, "d");

	y.n_told = 0;
	dev_destroy(dev);
	dev_destroy(dev); /* once more is nothing */
	assert_int_equal(y.n_told, 1);
	assert_int_equal(y.told[0].event, NET_DEV_DYING);
	assert_null(netns_dev_named(y.a, "d"));
	assert_true(list_is_empty(&y.net.devs));
	dev_destroy(NULL);
}

static void memory_goes_a_millisecond_later(void **state)
{
	clock_stop();
	dev_destroy(yard_dev(&y, "dummy", y.a, "d"));
	assert_int_equal(timers_run(), NSEC_PER_MSEC);
	assert_false(list_is_empty(&y.net.deferred));
	clock_warp(NSEC_PER_MSEC);
	assert_int_equal(timers_run(), -1);
	assert_true(list_is_empty(&y.net.deferred));
}

static void the_mirror_is_closed_once_after_its_device(void **state)
{
	struct dev *dev = yard_dev(&y, "dummy", y.a, "d");
	static struct held h, other;

	held_init(&h);
	held_init(&other);
	dev_set_mirror(dev, &h.port);
	assert_ptr_equal(h.port.dev, dev);
	dev_set_mirror(dev, &other.port);
	assert_int_equal(h.closed, 0);
	net_run_deferred(&y.net);
	assert_int_equal(h.closed, 1);
	dev_destroy(dev);
	assert_int_equal(other.closed, 0);
	net_run_deferred(&y.net);
	assert_int_equal(other.closed, 1);
}

static void what_the_kernel_decided_is_followed_and_told_once(void **state)
{
	static const uint8_t addr[6] = {2, 1, 2, 3, 4, 5};
	struct dev *dev = yard_dev(&y, "dummy", y.a, "d");

	y.n_told = 0;
	for (int twice = 0; twice < 2; twice++) {
		dev_follow_name(dev, "e");
		dev_follow_mtu(dev, 1400);
		dev_follow_addr(dev, addr);
		dev_follow_flags(dev, 0);
		dev_follow_place(dev, y.b, 12);
	}
	assert_int_equal(y.n_told, 5);
	for (unsigned i = 0; i < 5; i++)
		assert_int_equal(y.told[i].event, NET_DEV_FOLLOWED);
	assert_null(netns_dev(y.a, 12));
	assert_ptr_equal(netns_dev(y.b, 12), dev);
	assert_ptr_equal(netns_dev_named(y.b, "e"), dev);
	assert_int_equal(dev_mtu(dev), 1400);
	assert_memory_equal(dev->addr, addr, 6);
	assert_false(dev_is_up(dev));
}

static void a_namespace_lives_while_somebody_is_in_it(void **state)
{
	struct netns *c = netns_get(&y.net, 3);
	struct dev *dev = yard_dev(&y, "dummy", c, "d");

	netns_put(c);
	assert_ptr_equal(netns_find(&y.net, 3), c);
	dev_follow_place(dev, y.a, 1);
	assert_null(netns_find(&y.net, 3));
	dev_destroy(dev);
	assert_non_null(netns_find(&y.net, 1));
}

/* Every bucket of the tables has several. */
static void many_devices_are_found_by_name_and_number(void **state)
{
	enum {
		N = 4 * NET_BUCKETS
	};
	char name[IFNAMSIZ];

	list_remove(&y.listener.link);
	for (unsigned i = 0; i < N; i++) {
		snprintf(name, sizeof(name), "d%u", i / 2);
		dev_follow_place(yard_dev(&y, "dummy", i % 2 ? y.a : y.b, name),
				 i % 2 ? y.a : y.b, 1 + i / 2);
	}
	for (unsigned i = 0; i < N / 2; i += 3) {
		snprintf(name, sizeof(name), "d%u", i);
		dev_follow_name(netns_dev(y.a, 1 + i), "new");
		assert_ptr_equal(netns_dev_named(y.a, "new"), netns_dev(y.a, 1 + i));
		assert_null(netns_dev_named(y.a, name));
		dev_destroy(netns_dev(y.a, 1 + i));
		assert_null(netns_dev(y.a, 1 + i));
		assert_ptr_equal(netns_dev_named(y.b, name), netns_dev(y.b, 1 + i));
		assert_non_null(netns_dev(y.b, 1 + i));
	}
	net_listen(&y.net, &y.listener);
}

static void names_are_made_from_patterns(void **state)
{
	char name[IFNAMSIZ];

	yard_dev(&y, "dummy", y.a, "dummy0");
	yard_dev(&y, "dummy", y.a, "dummy2");
	assert_int_equal(netns_pick_name(y.a, "dummy%d", name), 0);
	assert_string_equal(name, "dummy1");
	assert_int_equal(netns_pick_name(y.b, "a%db", name), 0);
	assert_string_equal(name, "a0b");
	assert_int_equal(netns_pick_name(y.a, "plain", name), -EINVAL);
	assert_int_equal(netns_pick_name(y.a, "%s%d", name), -EINVAL);
	assert_int_equal(netns_pick_name(y.a, "fifteen-letters%d", name), -EINVAL);
}

/* ---- bursts ---- */

static void packets_keep_their_order_and_are_counted(void **state)
{
	struct dev *a = yard_dev(&y, "veth", y.a, "a"), *b = veth_peer(a);
	struct dev_counters ca, cb;
	static struct held h;

	held_init(&h);
	dev_set_mirror(b, &h.port);
	yard_send(&y, a, DIR_TX, 200, 60, 0);
	yard_run(&y);
	assert_int_equal(h.n, 200);
	assert_int_equal(h.sends, 4); /* full bursts of 64 stay full */
	for (unsigned i = 0; i < h.n; i++) {
		assert_int_equal(frame_number(h.pkt[i]), i);
		assert_ptr_equal(h.pkt[i]->in, b);
		assert_int_equal(h.pkt[i]->hops, 1);
	}
	dev_counters(a, &ca);
	dev_counters(b, &cb);
	assert_int_equal(ca.tx_packets, 200);
	assert_int_equal(ca.tx_bytes, 200 * 60);
	assert_int_equal(cb.rx_packets, 200);
	assert_int_equal(cb.rx_bytes, 200 * 60);
	assert_int_equal(ca.rx_packets + ca.tx_dropped + cb.tx_packets + cb.rx_dropped,
			 0);
	held_free(&h);
}

static void a_whole_burst_joins_what_is_pending(void **state)
{
	struct dev *a = yard_dev(&y, "veth", y.a, "a");
	struct burst b = {};
	static struct held h;

	held_init(&h);
	dev_set_mirror(veth_peer(a), &h.port);
	yard_send(&y, a, DIR_TX, 40, 60, 0);
	for (unsigned i = 0; i < BURST_MAX; i++) {
		uint16_t number = (uint16_t)(40 + i);

		b.pkt[b.n++] = pkt_from(&y.w, &number, sizeof(number));
	}
	dev_queue_burst(&y.w, a, DIR_TX, &b);
	assert_int_equal(b.n, 0);
	dev_queue_burst(&y.w, a, DIR_TX, &b); /* an empty one opens nothing */
	yard_send(&y, a, DIR_TX, 1, 60, 104);
	assert_false(dev_run_pending(&y.w, 1));
	yard_run(&y);
	assert_int_equal(h.n, 105);
	assert_int_equal(h.sends, 2); /* 64 + 41 */
	for (unsigned i = 0; i < h.n; i++)
		assert_int_equal(frame_number(h.pkt[i]), i);
	held_free(&h);
}

static void devices_take_turns_in_the_order_of_their_first_packet(void **state)
{
	struct dev *a = yard_dev(&y, "veth", y.a, "a"),
		   *c = yard_dev(&y, "veth", y.a, "c");
	static struct held h;

	held_init(&h);
	dev_set_mirror(veth_peer(a), &h.port);
	dev_set_mirror(veth_peer(c), &h.port);
	for (unsigned i = 0; i < 6; i++)
		yard_send(&y, i % 2 ? c : a, DIR_TX, 1, 60, i);
	yard_run(&y);
	assert_int_equal(h.sends, 2);
	for (unsigned i = 0; i < 6; i++)
		assert_int_equal(frame_number(h.pkt[i]), i < 3 ? 2 * i : 2 * i - 5);
	held_free(&h);
}

static void a_device_that_is_down_neither_sends_nor_receives(void **state)
{
	struct dev *d = yard_dev(&y, "dummy", y.a, "d");
	struct dev_counters c;

	dev_follow_flags(d, 0);
	yard_send(&y, d, DIR_TX, 3, 60, 0);
	yard_send(&y, d, DIR_RX, 2, 60, 0);
	yard_run(&y);
	dev_counters(d, &c);
	assert_int_equal(dev_drops(d, DROP_DEV_DOWN), 5);
	assert_int_equal(c.tx_dropped, 3);
	assert_int_equal(c.rx_dropped, 2);
	assert_int_equal(c.tx_packets + c.rx_packets, 0);
}

static void without_mirror_and_upper_there_is_no_receiver(void **state)
{
	struct dev *d = yard_dev(&y, "dummy", y.a, "d");
	struct dev_counters c;

	yard_send(&y, d, DIR_RX, 2, 60, 0);
	yard_run(&y);
	dev_counters(d, &c);
	assert_int_equal(dev_drops(d, DROP_NO_RECEIVER), 2);
	assert_int_equal(c.rx_packets, 2);
	assert_int_equal(c.rx_dropped, 2);
}

/* An upper that sends what arrives out of another device. */
static void forward(struct worker *w, struct dev *dev, struct burst *b)
{
	dev_queue_burst(w, dev->upper, DIR_TX, b);
}

static void the_upper_gets_frames_instead_of_the_namespace(void **state)
{
	struct dev *a = yard_dev(&y, "veth", y.a, "a"), *b = veth_peer(a);
	struct dev *c = yard_dev(&y, "veth", y.a, "c"), *d = veth_peer(c);
	static struct held mirror, end;

	held_init(&mirror);
	held_init(&end);
	dev_set_mirror(b, &mirror.port);
	dev_set_mirror(d, &end.port);
	dev_set_upper(b, c, forward);
	yard_send(&y, a, DIR_TX, 5, 60, 0);
	yard_run(&y);
	assert_int_equal(mirror.n, 0);
	assert_int_equal(end.n, 5);
	assert_int_equal(end.pkt[0]->hops, 2);

	dev_set_upper(b, NULL, NULL);
	yard_send(&y, a, DIR_TX, 5, 60, 0);
	yard_run(&y);
	assert_int_equal(mirror.n, 5);
	held_free(&mirror);
	held_free(&end);
}

static void the_namespace_of_a_captured_port_sees_copies_of_both_directions(void **state)
{
	struct dev *a = yard_dev(&y, "veth", y.a, "a"), *b = veth_peer(a);
	struct dev *c = yard_dev(&y, "veth", y.a, "c"), *d = veth_peer(c);
	static struct held arriving, leaving, end;

	held_init(&arriving);
	held_init(&leaving);
	held_init(&end);
	dev_set_mirror(b, &arriving.port);
	dev_set_mirror(c, &leaving.port);
	dev_set_mirror(d, &end.port);
	dev_set_upper(b, c, forward);
	dev_set_captured(b, CAPTURE_PORT);
	dev_set_captured(c, CAPTURE_PORT);
	yard_send(&y, a, DIR_TX, 5, 1500, 0);
	yard_run(&y);
	assert_int_equal(end.n, 5);
	assert_int_equal(arriving.n, 5);
	assert_int_equal(leaving.n, 5);
	for (unsigned i = 0; i < 5; i++) {
		assert_int_equal(frame_number(end.pkt[i]), i);
		assert_int_equal(frame_number(arriving.pkt[i]), i);
		assert_int_equal(frame_number(leaving.pkt[i]), i);
		assert_int_equal(pkt_size(leaving.pkt[i]), 1500);
	}
	held_free(&arriving);
	held_free(&leaving);
	held_free(&end);

	dev_set_captured(b, CAPTURE_NONE);
	dev_set_captured(c, CAPTURE_NONE);
	yard_send(&y, a, DIR_TX, 5, 60, 0);
	yard_run(&y);
	assert_int_equal(arriving.n + leaving.n, 0);
	assert_int_equal(end.n, 5);
	held_free(&end);
}

static void a_loop_ends(void **state)
{
	struct dev *a = yard_dev(&y, "veth", y.a, "a"), *b = veth_peer(a);

	dev_set_upper(a, a, forward);
	dev_set_upper(b, b, forward);
	yard_send(&y, a, DIR_TX, 100, 60, 0);
	yard_run(&y);
	assert_int_equal(dev_drops(a, DROP_LOOP) + dev_drops(b, DROP_LOOP), 100);
	assert_int_equal(pool_available(y.w.small), pool_size(y.w.small));
}

static void what_is_pending_at_the_end_is_dropped(void **state)
{
	yard_send(&y, yard_dev(&y, "dummy", y.a, "d"), DIR_TX, 100, 60, 0);
	dev_forget_pending(&y.w);
	assert_int_equal(pool_available(y.w.small), pool_size(y.w.small));
	assert_int_equal(y.w.drops[DROP_DEV_DOWN], 100);
	yard_run(&y); /* and it can go on */
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(a_device_is_born_down_with_its_kinds_defaults),
		T(a_request_is_obeyed_or_refused_with_a_sentence),
		T(an_id_is_never_used_again),
		T(a_dead_device_is_out_of_the_model_before_anybody_hears),
		T(memory_goes_a_millisecond_later),
		T(the_mirror_is_closed_once_after_its_device),
		T(what_the_kernel_decided_is_followed_and_told_once),
		T(a_namespace_lives_while_somebody_is_in_it),
		T(many_devices_are_found_by_name_and_number),
		T(names_are_made_from_patterns),
		T(packets_keep_their_order_and_are_counted),
		T(a_whole_burst_joins_what_is_pending),
		T(devices_take_turns_in_the_order_of_their_first_packet),
		T(a_device_that_is_down_neither_sends_nor_receives),
		T(without_mirror_and_upper_there_is_no_receiver),
		T(the_upper_gets_frames_instead_of_the_namespace),
		T(the_namespace_of_a_captured_port_sees_copies_of_both_directions),
		T(a_loop_ends),
		T(what_is_pending_at_the_end_is_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
