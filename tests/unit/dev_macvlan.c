/* SPDX-License-Identifier: BSD-2-Clause
 *
 * dev_macvlan - tests of macvlan and macvtap in numbers: hundreds of devices on one, long lists of
 * senders, many programs; and of what netlink asks and is told.
 */
#include "dev/macvlan.h"
#include "net_util.h"

#include "nl/opt.h"
#include "port/probe.h"

#include <stdio.h>

static struct yard y;
static struct dev *lower;

static int setup(void **state)
{
	yard_init(&y);
	list_remove(&y.listener.link);
	lower = yard_dev(&y, "dummy", y.a, "lower");
	return 0;
}

static int teardown(void **state)
{
	list_append(&y.net.listeners, &y.listener.link);
	yard_done(&y);
	return 0;
}

#define MANY 400u

static const uint8_t *addr_of(unsigned i)
{
	static uint8_t addr[6];

	memcpy(addr, (uint8_t[]){2, 0, 0, 7, (uint8_t)(i >> 8), (uint8_t)i}, 6);
	return addr;
}

static struct dev *made(const char *kind, unsigned i, uint32_t mode)
{
	struct macvlan_config config = {.mode = mode, .bc_cutoff = 1};
	char name[IFNAMSIZ];
	struct link_req req = {.ns = y.a,
			       .name = name,
			       .lower = lower,
			       .addr = addr_of(i),
			       .config = &config};
	struct extack ea = {};

	snprintf(name, sizeof(name), "mv%u", i);
	assert_int_equal(dev_create(&y.net, yard_kind(&y, kind), &req, &ea), 0);
	dev_follow_flags(req.made[0], IFF_UP);
	return req.made[0];
}

static void arrive(const uint8_t to[6], const uint8_t from[6], uint32_t len)
{
	struct pkt *p = pkt_alloc(&y.w);

	assert_non_null(p);
	memset(p->data, 0, len);
	p->len = len;
	memcpy(pkt_eth(p)->dst, to, 6);
	memcpy(pkt_eth(p)->src, from, 6);
	dev_queue(&y.w, lower, DIR_RX, p);
	yard_run(&y);
}

static uint64_t received(const struct dev *dev)
{
	struct dev_counters c;

	dev_counters(dev, &c);
	return c.rx_packets;
}

static const uint8_t stranger[6] = {2, 0, 0, 9, 9, 9},
		     all[6] = {255, 255, 255, 255, 255, 255};

static void each_of_hundreds_gets_what_is_its_own(void **state)
{
	struct dev *dev[MANY];

	for (unsigned i = 0; i < MANY; i++)
		dev[i] = made("macvlan", i, MACVLAN_MODE_BRIDGE);
	for (unsigned i = 0; i < MANY; i++) {
		arrive(addr_of(i), stranger, 60);
		assert_int_equal(received(dev[i]), 1);
	}
	arrive(all, stranger, 60);
	for (unsigned i = 0; i < MANY; i++)
		assert_int_equal(received(dev[i]), 2);
	/* Every other one goes; those that stay are found as before. */
	for (unsigned i = 0; i < MANY; i += 2) {
		if (i % 4)
			dev_destroy(dev[i]);
		else
			dev_follow_flags(dev[i], 0);
	}
	net_run_deferred(&y.net);
	for (unsigned i = 0; i < MANY; i++)
		arrive(addr_of(i), stranger, 60);
	for (unsigned i = 1; i < MANY; i += 2)
		assert_int_equal(received(dev[i]), 3);
	assert_int_equal(dev_drops(lower, DROP_NO_RECEIVER), 1 + MANY / 2);
}

static void a_flood_shares_its_payload(void **state)
{
	static struct held held[3];

	for (unsigned i = 0; i < 3; i++) {
		held_init(&held[i]);
		dev_set_mirror(made("macvlan", i, MACVLAN_MODE_BRIDGE), &held[i].port);
	}
	arrive(all, stranger, 1500);
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(held[i].n, 1);
		assert_int_equal(pkt_size(held[i].pkt[0]), 1500);
		assert_int_equal(held[i].pkt[0]->len, PKT_COPY_MAX);
		assert_ptr_equal(held[i].pkt[0]->frag, held[0].pkt[0]->frag);
	}
	for (unsigned i = 0; i < 3; i++)
		held_free(&held[i]);
}

/* ---- netlink ---- */

static int ask_sources(struct dev *dev, unsigned n, struct extack *ea)
{
	struct nlbuf b = {};
	size_t nest = nest_begin(&b, IFLA_INFO_DATA), list;
	int err;

	/* The list comes before what is to be done with it: the order is the sender's. */
	list = nest_begin(&b, IFLA_MACVLAN_MACADDR_DATA);
	for (unsigned i = 0; i < n; i++)
		put_attr(&b, IFLA_MACVLAN_MACADDR, addr_of(i), 6);
	nest_end(&b, list);
	put_u32(&b, IFLA_MACVLAN_MACADDR_MODE, MACVLAN_MACADDR_SET);
	nest_end(&b, nest);
	err = dev_change(dev, (const void *)b.data, ea);
	nlbuf_done(&b);
	net_run_deferred(&y.net);
	return err;
}

static void a_list_of_senders_has_a_limit(void **state)
{
	struct dev *dev = made("macvlan", 999, MACVLAN_MODE_SOURCE);
	const struct macvlan_config *c;
	struct extack ea = {};

	assert_int_equal(ask_sources(dev, MACVLAN_SOURCES_MAX, &ea), 0);
	assert_int_equal(ask_sources(dev, MACVLAN_SOURCES_MAX + 1, &ea), -ENOBUFS);
	assert_string_equal(ea.msg, "more than 256 source addresses");
	c = dev_config(dev);
	assert_int_equal(c->n_sources, MACVLAN_SOURCES_MAX);
	assert_false(c->change.asked);
	for (unsigned i = 0; i < MACVLAN_SOURCES_MAX; i++)
		arrive(stranger, addr_of(i), 60);
	assert_int_equal(received(dev), MACVLAN_SOURCES_MAX);
	arrive(stranger, addr_of(MACVLAN_SOURCES_MAX), 60);
	assert_int_equal(received(dev), MACVLAN_SOURCES_MAX);
}

static int ask_u32(struct dev *dev, unsigned attr, uint32_t v)
{
	struct nlbuf b = {};
	struct extack ea = {};
	size_t nest = nest_begin(&b, IFLA_INFO_DATA);
	int err;

	put_u32(&b, attr, v);
	nest_end(&b, nest);
	err = dev_change(dev, (const void *)b.data, &ea);
	nlbuf_done(&b);
	net_run_deferred(&y.net);
	return err;
}

static void what_has_no_meaning_is_refused(void **state)
{
	struct dev *dev = made("macvlan", 1, MACVLAN_MODE_SOURCE);

	assert_int_equal(ask_u32(dev, IFLA_MACVLAN_MODE, 3), -EINVAL);
	assert_int_equal(ask_u32(dev, IFLA_MACVLAN_MODE, 0), -EINVAL);
	assert_int_equal(ask_u32(dev, IFLA_MACVLAN_FLAGS, 4), -EINVAL);
	assert_int_equal(ask_u32(dev, IFLA_MACVLAN_MACADDR_MODE, 4), -EINVAL);
	assert_int_equal(ask_u32(dev, IFLA_MACVLAN_MACADDR_MODE, MACVLAN_MACADDR_ADD),
			 -EINVAL);
	assert_int_equal(ask_u32(dev, IFLA_MACVLAN_MACADDR, 1), -EINVAL);
	assert_int_equal(ask_u32(dev, IFLA_MACVLAN_MACADDR_COUNT, 1), -EINVAL);
	assert_int_equal(ask_u32(dev, IFLA_MACVLAN_BC_QUEUE_LEN_USED, 1), -EINVAL);
	assert_int_equal(ask_u32(dev, IFLA_MACVLAN_MACADDR_MODE, MACVLAN_MACADDR_FLUSH),
			 0);
}

/* ---- macvtap ---- */

static void a_macvtap_has_as_many_programs_as_linux_allows(void **state)
{
	struct dev *dev = made("macvtap", 1, MACVLAN_MODE_BRIDGE);
	struct port *far[MACVTAP_QUEUES_MAX];

	for (unsigned i = 0; i < MACVTAP_QUEUES_MAX; i++) {
		far[i] = probe_port_create(DIR_TX);
		assert_int_equal(macvtap_attach(dev, far[i]), 0);
	}
	assert_int_equal(macvtap_attach(dev, probe_port_create(DIR_TX)), -EBUSY);
	macvtap_detach(dev, far[17]);
	assert_int_equal(macvtap_attach(dev, probe_port_create(DIR_TX)), 0);
	net_run_deferred(&y.net);
}

/* Frames of one flow, there and back, come to one program; of many flows to several. */
static void flows_keep_their_program(void **state)
{
	struct dev *dev = made("macvtap", 1, MACVLAN_MODE_BRIDGE);
	struct port *far[2] = {probe_port_create(DIR_TX), probe_port_create(DIR_TX)};
	unsigned both[2] = {};

	assert_int_equal(macvtap_attach(dev, far[0]) | macvtap_attach(dev, far[1]), 0);
	for (unsigned flow = 0; flow < 64; flow++) {
		unsigned before = probe_n_sent(far[0]);

		for (unsigned back = 0; back < 2; back++) {
			struct pkt *p = pkt_alloc(&y.w);
			struct ipv4 *ip;
			struct udp *udp;

			memset(p->data, 0, 60);
			p->len = 60;
			memcpy(pkt_eth(p)->dst, dev->addr, 6);
			pkt_eth(p)->type = to_be16(ETHERTYPE_IPV4);
			ip = pkt_hdr(p, sizeof(struct eth), struct ipv4);
			ip->version_ihl = 0x45;
			ip->proto = PROTO_UDP;
			ip->src = to_be32(back ? 2 : 1);
			ip->dst = to_be32(back ? 1 : 2);
			udp = pkt_hdr(p, sizeof(struct eth) + sizeof(*ip), struct udp);
			udp->sport = to_be16((uint16_t)(back ? 53 : 1000 + flow));
			udp->dport = to_be16((uint16_t)(back ? 1000 + flow : 53));
			dev_queue(&y.w, dev, DIR_RX, p);
			yard_run(&y);
		}
		assert_int_equal((probe_n_sent(far[0]) - before) % 2, 0);
		both[probe_n_sent(far[0]) == before]++;
	}
	assert_true(both[0] > 10 && both[1] > 10);
	for (unsigned i = 0; i < 2; i++)
		while (probe_n_sent(far[i]))
			pkt_free(probe_pop(far[i]));
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_of_hundreds_gets_what_is_its_own),
		TEST(a_flood_shares_its_payload),
		TEST(a_list_of_senders_has_a_limit),
		TEST(what_has_no_meaning_is_refused),
		TEST(a_macvtap_has_as_many_programs_as_linux_allows),
		TEST(flows_keep_their_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
