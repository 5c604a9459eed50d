/* SPDX-License-Identifier: BSD-2-Clause
 *
 * dev_tun - tests of taps and tuns and their queues.
 */
#include "net_util.h"

#include "dev/tun.h"

#include <linux/if_tun.h>

static struct yard y;
static struct extack ea;

static int setup(void **state)
{
	yard_init(&y);
	ea = (struct extack){};
	return 0;
}

static int teardown(void **state)
{
	yard_done(&y);
	return 0;
}

static struct dev *tap(bool multi_queue)
{
	struct tun_config config = {.mode = IFF_TAP,
				    .owner = TUN_NOBODY,
				    .group = TUN_NOBODY,
				    .multi_queue = multi_queue};
	struct link_req req = {.ns = y.a, .name = "tap0", .config = &config};

	assert_int_equal(dev_create(&y.net, yard_kind(&y, "tun"), &req, &ea), 0);
	dev_follow_flags(req.made[0], IFF_UP);
	return req.made[0];
}

static void it_is_not_made_by_netlink(void **state)
{
	struct link_req req = {.ns = y.a, .name = "tap0"};

	assert_int_equal(dev_create(&y.net, yard_kind(&y, "tun"), &req, &ea),
			 -EOPNOTSUPP);
	assert_string_equal(ea.msg, "tun/tap creation via rtnetlink is not supported.");
	assert_int_equal(dev_change(tap(false), NULL, NULL), -EOPNOTSUPP);
}

static void without_a_program_there_is_no_carrier(void **state)
{
	struct dev *dev = tap(false);

	assert_false(dev_has_carrier(dev));
	yard_send(&y, dev, DIR_TX, 3, 60, 0);
	yard_run(&y);
	assert_int_equal(dev_drops(dev, DROP_NO_CARRIER), 3);
}

static void frames_pass_between_mirror_and_program(void **state)
{
	struct dev *dev = tap(false);
	static struct held mirror, far;
	struct dev_counters c;

	held_init(&mirror);
	held_init(&far);
	dev_set_mirror(dev, &mirror.port);
	assert_int_equal(tun_attach_queue(dev, NULL, &far.port, &ea), 0);
	assert_true(dev_has_carrier(dev));
	assert_int_equal(far.port.input, DIR_RX);
	yard_send(&y, dev, DIR_TX, 3, 60, 0);
	yard_send(&y, dev, DIR_RX, 2, 70, 0);
	yard_run(&y);
	assert_int_equal(far.n, 3);
	assert_int_equal(mirror.n, 2);
	dev_counters(dev, &c);
	assert_int_equal(c.tx_packets, 3);
	assert_int_equal(c.rx_packets, 2);
	assert_int_equal(c.rx_bytes, 140);
	held_free(&far);
	held_free(&mirror);

	tun_detach_queue(dev, 0);
	assert_false(dev_has_carrier(dev));
	net_run_deferred(&y.net);
	assert_int_equal(far.closed, 1);
	assert_int_equal(mirror.closed, 0);
}

static void a_second_open_of_a_single_queue_is_busy(void **state)
{
	struct dev *dev = tap(false);
	static struct held one, two;

	held_init(&one);
	held_init(&two);
	assert_int_equal(tun_attach_queue(dev, NULL, &one.port, &ea), 0);
	assert_int_equal(tun_attach_queue(dev, NULL, &two.port, &ea), -EBUSY);
	assert_true(*ea.msg);
	net_run_deferred(&y.net);
	assert_int_equal(two.closed, 1); /* the port was taken all the same */
	assert_int_equal(one.closed, 0);
}

static void send_on_queue(struct dev *dev, enum dir dir, unsigned queue, unsigned number)
{
	uint16_t bytes = (uint16_t)number;
	struct pkt *p = pkt_from(&y.w, &bytes, sizeof(bytes));

	p->queue = (uint16_t)queue;
	dev_queue(&y.w, dev, dir, p);
}

static void queues_are_not_mixed(void **state)
{
	struct dev *dev = tap(true);
	static struct held mirror[3], far[3];

	for (int i = 0; i < 3; i++) {
		held_init(&mirror[i]);
		held_init(&far[i]);
		assert_int_equal(
			tun_attach_queue(dev, &mirror[i].port, &far[i].port, &ea), i);
		assert_int_equal(far[i].port.queue, i);
		assert_int_equal(mirror[i].port.queue, i);
	}
	for (unsigned i = 0; i < 30; i++) {
		send_on_queue(dev, DIR_TX, i % 3, i);
		send_on_queue(dev, DIR_RX, i % 3, i);
	}
	yard_run(&y);
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(far[i].n, 10);
		assert_int_equal(mirror[i].n, 10);
		for (unsigned j = 0; j < 10; j++) {
			assert_int_equal(frame_number(far[i].pkt[j]), 3 * j + i);
			assert_int_equal(frame_number(mirror[i].pkt[j]), 3 * j + i);
		}
		held_free(&far[i]);
		held_free(&mirror[i]);
	}
}

static void a_queue_that_left_is_stood_in_for(void **state)
{
	struct dev *dev = tap(true);
	static struct held far[3], again;

	for (int i = 0; i < 3; i++) {
		held_init(&far[i]);
		assert_int_equal(tun_attach_queue(dev, NULL, &far[i].port, &ea), i);
	}
	assert_int_equal(tun_n_queues(dev), 3);
	tun_detach_queue(dev, 1);
	tun_detach_queue(dev, 1); /* once more is nothing */
	assert_int_equal(tun_n_queues(dev), 2);
	send_on_queue(dev, DIR_TX, 1, 7);
	send_on_queue(dev, DIR_TX, 2, 8);
	send_on_queue(dev, DIR_TX, 200, 9);
	yard_run(&y);
	assert_int_equal(far[1].n, 0);
	assert_int_equal(far[0].n + far[2].n, 3);
	held_init(&again);
	assert_int_equal(tun_attach_queue(dev, NULL, &again.port, &ea), 1);
	tun_detach_queue(dev, 2);
	tun_detach_queue(dev, 0);
	send_on_queue(dev, DIR_TX, 0, 1);
	yard_run(&y);
	assert_int_equal(again.n, 1);
	for (int i = 0; i < 3; i++)
		held_free(&far[i]);
	held_free(&again);
}

static void there_are_256_queues_at_most(void **state)
{
	static struct held far[TUN_QUEUES_MAX + 1];
	struct dev *dev = tap(true);

	for (unsigned i = 0; i <= TUN_QUEUES_MAX; i++)
		held_init(&far[i]);
	y.listener.fn = NULL;
	list_remove(&y.listener.link);
	for (unsigned i = 0; i < TUN_QUEUES_MAX; i++)
		assert_int_equal(tun_attach_queue(dev, NULL, &far[i].port, &ea), i);
	assert_int_equal(tun_attach_queue(dev, NULL, &far[TUN_QUEUES_MAX].port, &ea),
			 -E2BIG);
	dev_destroy(dev);
	net_run_deferred(&y.net);
	for (unsigned i = 0; i <= TUN_QUEUES_MAX; i++)
		assert_int_equal(far[i].closed, 1);
}

static void its_nature_cannot_be_changed(void **state)
{
	struct dev *dev = tap(false);
	struct tun_config config = *(const struct tun_config *)dev_config(dev);

	y.n_told = 0;
	config.persist = true;
	config.vnet_hdr = true;
	assert_int_equal(dev_change_config(dev, &config, &ea), 0);
	assert_true(((const struct tun_config *)dev_config(dev))->persist);
	assert_int_equal(dev_change_config(dev, &config, &ea), 0);
	assert_int_equal(y.n_told, 1); /* told once: the second changed nothing */
	config.multi_queue = true;
	assert_int_equal(dev_change_config(dev, &config, &ea), -EINVAL);
	config.multi_queue = false;
	config.mode = IFF_TUN;
	assert_int_equal(dev_change_config(dev, &config, &ea), -EINVAL);
	assert_int_equal(((const struct tun_config *)dev_config(dev))->mode, IFF_TAP);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(it_is_not_made_by_netlink),
		T(without_a_program_there_is_no_carrier),
		T(frames_pass_between_mirror_and_program),
		T(a_second_open_of_a_single_queue_is_busy),
		T(queues_are_not_mixed),
		T(a_queue_that_left_is_stood_in_for),
		T(there_are_256_queues_at_most),
		T(its_nature_cannot_be_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
