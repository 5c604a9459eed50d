/* SPDX-License-Identifier: BSD-2-Clause
 *
 * dev_kinds - what every kind of device must do, whatever it is: be made, set up and down, moved,
 * given bursts, and deleted, with no packet lost or kept.  A new kind is tested here by being in
 * the table.  Its settings are tried by kind_settings, its place among others by dev_stacks.
 */
#include "net_util.h"

static struct yard y;
static const struct dev_kind *kind;

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

static struct dev *made(void)
{
	auto_free void *config = xcalloc(1, kind->config_size + 1);
	struct link_req req = {.ns = y.a, .name = "dev0", .config = config};
	struct extack ea = {};

	if (kind->defaults)
		kind->defaults(config);
	if (kind->on_lower)
		req.lower = yard_dev(&y, "dummy", y.a, "lower");
	assert_int_equal(dev_create(&y.net, kind, &req, &ea), 0);
	assert_int_equal(req.n_made, kind->pair ? 2 : 1);
	return req.made[0];
}

static void destroy_lower(void)
{
	if (kind->on_lower)
		dev_destroy(netns_dev_named(y.a, "lower"));
}

/* ---- life ---- */

static void check_all_home(void)
{
	assert_int_equal(pool_available(y.w.small), pool_size(y.w.small));
	assert_int_equal(pool_available(y.w.large), pool_size(y.w.large));
}

static void check_bursts(struct dev *dev, struct held *h)
{
	static const unsigned sizes[] = {1, BURST_MAX, BURST_MAX + 1, 150};

	for (size_t i = 0; i < array_size(sizes); i++) {
		yard_send(&y, dev, DIR_TX, sizes[i], 60, 0);
		yard_run(&y);
		yard_send(&y, dev, DIR_RX, sizes[i], 60, 0);
		yard_run(&y);
		held_free(h); /* the pool is small */
		yard_send(&y, dev, DIR_TX, sizes[i], 14, 0);
		yard_send(&y, dev, DIR_RX, sizes[i], 1514, 0);
		yard_run(&y);
		held_free(h);
		check_all_home();
	}
}

/* Frames of a segment's size, shared ones, and empty ones. */
static void check_odd_packets(struct dev *dev, struct held *h)
{
	static uint8_t bytes[60000];
	struct pkt *big = pkt_from(&y.w, bytes, sizeof(bytes)),
		   *twin = pkt_clone(&y.w, big);

	assert_non_null(twin);
	dev_queue(&y.w, dev, DIR_TX, big);
	dev_queue(&y.w, dev, DIR_RX, twin);
	dev_queue(&y.w, dev, DIR_TX, pkt_alloc(&y.w));
	dev_queue(&y.w, dev, DIR_RX, pkt_alloc(&y.w));
	yard_run(&y);
	held_free(h);
	check_all_home();
}

static void check_everywhere(struct dev *dev, struct held *h)
{
	check_bursts(dev, h);
	dev_follow_flags(dev, IFF_UP);
	check_bursts(dev, h);
	check_odd_packets(dev, h);
	dev_follow_place(dev, y.b, 9);
	assert_ptr_equal(netns_dev(y.b, 9), dev);
	check_bursts(dev, h);
	dev_follow_mtu(dev, 68);
	check_bursts(dev, h);
	dev_follow_flags(dev, 0);
	check_bursts(dev, h);
}

static void it_does_what_every_kind_must(void **state)
{
	static struct held mirrors[2];

	for (const struct dev_kind *const *k = dev_kinds; (kind = *k); k++) {
		struct dev *dev, *other;

		assert_ptr_equal(net_kind(&y.net, kind->name, strlen(kind->name)), kind);
		assert_true(kind->name_format && strlen(kind->name_format) < IFNAMSIZ);
		dev = made();
		other = kind->link ? kind->link(dev) : NULL;
		held_init(&mirrors[0]);
		held_init(&mirrors[1]);
		check_everywhere(dev, &mirrors[0]);
		dev_set_mirror(dev, &mirrors[0].port);
		if (kind->pair) {
			/* What the other end is given is held there. */
			dev_follow_flags(other, IFF_UP);
			dev_set_mirror(other, &mirrors[0].port);
			mirrors[0].port.dev = dev;
		}
		check_everywhere(dev, &mirrors[0]);
		if (kind->pair)
			other->mirror = NULL; /* it was one port for both */
		dev_destroy(dev);
		destroy_lower();
		assert_true(list_is_empty(&y.net.devs));
		net_run_deferred(&y.net);
		assert_int_equal(mirrors[0].closed, 1);
	}
}

static void packets_outlive_its_death(void **state)
{
	for (const struct dev_kind *const *k = dev_kinds; (kind = *k); k++) {
		struct dev *dev = made();

		dev_follow_flags(dev, IFF_UP);
		yard_send(&y, dev, DIR_TX, 100, 60, 0);
		assert_false(dev_run_pending(&y.w, 1));
		dev_destroy(dev);
		yard_run(&y);
		check_all_home();
		destroy_lower();
		net_run_deferred(&y.net);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(it_does_what_every_kind_must, setup,
						teardown),
		cmocka_unit_test_setup_teardown(packets_outlive_its_death, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
