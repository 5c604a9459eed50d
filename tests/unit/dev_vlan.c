/* SPDX-License-Identifier: BSD-2-Clause
 *
 * dev_vlan - tests of VLAN devices: what netlink asks of them and says of them.
 */
#include "net_util.h"

#include "nl/opt.h"
#include "pkt/hdr.h"

#include <linux/if_link.h>
#include <linux/if_vlan.h>

static struct yard y;
static struct dev *lower;
static struct nlbuf data;
static size_t nest;

static int setup(void **state)
{
	yard_init(&y);
	list_remove(&y.listener.link);
	lower = yard_dev(&y, "dummy", y.a, "lower");
	nest = nest_begin(&data, IFLA_INFO_DATA);
	return 0;
}

static int teardown(void **state)
{
	list_append(&y.net.listeners, &y.listener.link);
	yard_done(&y);
	nlbuf_done(&data);
	return 0;
}

/* Ask for a device with what is in @data. */
static int ask(const char *name, struct dev **dev, struct extack *ea)
{
	struct link_req req = {.ns = y.a, .name = name, .lower = lower, .link = 1};
	int err;

	nest_end(&data, nest);
	req.data = (const void *)data.data;
	*ea = (struct extack){};
	err = dev_create(&y.net, yard_kind(&y, "vlan"), &req, ea);
	nlbuf_clear(&data);
	nest = nest_begin(&data, IFLA_INFO_DATA);
	*dev = err ? NULL : req.made[0];
	return err;
}

static struct dev *vlan(const char *name, uint16_t id)
{
	struct extack ea;
	struct dev *dev;

	put_u16(&data, IFLA_VLAN_ID, id);
	assert_int_equal(ask(name, &dev, &ea), 0);
	dev_follow_flags(dev, IFF_UP);
	return dev;
}

static void put_map(unsigned attr, uint32_t from, uint32_t to)
{
	struct ifla_vlan_qos_mapping map = {from, to};
	size_t at = nest_begin(&data, attr);

	put_attr(&data, IFLA_VLAN_QOS_MAPPING, &map, sizeof(map));
	nest_end(&data, at);
}

static int change(struct dev *dev, struct extack *ea)
{
	int err;

	nest_end(&data, nest);
	*ea = (struct extack){};
	err = dev_change(dev, (const void *)data.data, ea);
	nlbuf_clear(&data);
	nest = nest_begin(&data, IFLA_INFO_DATA);
	return err;
}

static void what_is_missing_is_named(void **state)
{
	struct link_req req = {.ns = y.a, .name = "v", .lower = lower};
	const struct dev_kind *kind = yard_kind(&y, "vlan");
	struct extack ea = {};
	struct dev *dev;

	assert_int_equal(dev_create(&y.net, kind, &req, &ea), -EINVAL);
	assert_string_equal(ea.msg, "8021q: VLAN properties not specified");
	put_u16(&data, IFLA_VLAN_PROTOCOL, htons(ETHERTYPE_VLAN));
	assert_int_equal(ask("v", &dev, &ea), -EINVAL);
	assert_string_equal(ea.msg, "8021q: VLAN id not specified");
	put_u16(&data, IFLA_VLAN_ID, 5);
	nest_end(&data, nest);
	req.data = (const void *)data.data;
	req.lower = NULL;
	ea = (struct extack){};
	assert_int_equal(dev_create(&y.net, kind, &req, &ea), -EINVAL);
	assert_string_equal(ea.msg, "8021q: link not specified");
	req.link = 99;
	ea = (struct extack){};
	assert_int_equal(dev_create(&y.net, kind, &req, &ea), -ENODEV);
	assert_string_equal(ea.msg, "8021q: link does not exist");
}

static void unknown_flags_are_refused(void **state)
{
	struct ifla_vlan_flags f = {.flags = 0x20, .mask = 0x20};
	struct extack ea;
	struct dev *dev;

	put_u16(&data, IFLA_VLAN_ID, 5);
	put_attr(&data, IFLA_VLAN_FLAGS, &f, sizeof(f));
	assert_int_equal(ask("v", &dev, &ea), -EINVAL);
	assert_string_equal(ea.msg, "8021q: Invalid VLAN flags");
}

static void flags_change_under_their_mask(void **state)
{
	struct ifla_vlan_flags f = {.flags = VLAN_FLAG_GVRP, .mask = VLAN_FLAG_GVRP};
	struct dev *dev = vlan("v", 5);
	struct nlbuf dump = {};
	struct extack ea;
	const struct nlattr *a;

	put_attr(&data, IFLA_VLAN_FLAGS, &f, sizeof(f));
	assert_int_equal(change(dev, &ea), 0);
	opts_fill(dev->kind->opts, dev_config(dev), &dump);
	a = attr_find(dump.data, dump.len, IFLA_VLAN_FLAGS);
	memcpy(&f, attr_data(a), sizeof(f));
	assert_int_equal(f.flags, VLAN_FLAG_GVRP | VLAN_FLAG_REORDER_HDR);
	assert_int_equal(f.mask, UINT32_MAX);
	nlbuf_done(&dump);
}

/* In the order of Linux: 16 lists by the priority's last four bits, the youngest first, and
 * what maps to 0 is not there. */
static void maps_are_dumped_as_linux_dumps_them(void **state)
{
	static const struct ifla_vlan_qos_mapping wanted[] = {{16, 3}, {0, 1}, {2, 7}};
	struct dev *dev = vlan("v", 5);
	struct nlbuf dump = {};
	const struct nlattr *a, *m;
	struct extack ea;
	size_t n = 0;

	put_map(IFLA_VLAN_EGRESS_QOS, 0, 1);
	put_map(IFLA_VLAN_EGRESS_QOS, 2, 15);
	put_map(IFLA_VLAN_EGRESS_QOS, 5, 0);
	put_map(IFLA_VLAN_EGRESS_QOS, 16, 3);
	assert_int_equal(change(dev, &ea), 0);
	opts_fill(dev->kind->opts, dev_config(dev), &dump);
	assert_null(attr_find(dump.data, dump.len, IFLA_VLAN_INGRESS_QOS));
	a = attr_find(dump.data, dump.len, IFLA_VLAN_EGRESS_QOS);
	assert_non_null(a);
	attr_foreach_nested(m, a) {
		assert_true(n < array_size(wanted));
		assert_int_equal(attr_len(m), sizeof(wanted[0]));
		assert_memory_equal(attr_data(m), &wanted[n++], sizeof(wanted[0]));
	}
	assert_int_equal(n, array_size(wanted));
	nlbuf_done(&dump);
}

static void there_is_an_end_to_maps(void **state)
{
	struct dev *dev = vlan("v", 5);
	struct extack ea;
	int err = 0;
	uint32_t n;

	for (n = 0; !err && n < 1000; n++) {
		put_map(IFLA_VLAN_EGRESS_QOS, n, 1);
		err = change(dev, &ea);
		net_run_deferred(&y.net);
	}
	assert_int_equal(err, -ENOBUFS);
	assert_string_equal(ea.msg, "more than 64 egress QoS mappings");
	assert_int_equal(n, 65);
	put_map(IFLA_VLAN_EGRESS_QOS, 3, 7); /* one that is there */
	assert_int_equal(change(dev, &ea), 0);
}

/* A twin's payload is the other's: tags go into what is each one's own. */
static void a_tag_does_not_show_in_a_clone(void **state)
{
	static uint8_t bytes[1000];
	static struct held h;
	struct dev *veth = yard_dev(&y, "veth", y.a, "veth");
	struct link_req req = {.ns = y.a, .name = "v", .lower = veth, .link = 1};
	struct pkt *p = pkt_from(&y.w, bytes, sizeof(bytes)), *twin;
	struct extack ea = {};

	held_init(&h);
	dev_set_mirror(veth_peer(veth), &h.port);
	put_u16(&data, IFLA_VLAN_ID, 5);
	nest_end(&data, nest);
	req.data = (const void *)data.data;
	assert_int_equal(dev_create(&y.net, yard_kind(&y, "vlan"), &req, &ea), 0);
	dev_follow_flags(req.made[0], IFF_UP);
	twin = pkt_clone(&y.w, p);
	dev_queue(&y.w, req.made[0], DIR_TX, twin);
	yard_run(&y);
	dev_queue(&y.w, veth, DIR_TX, p);
	yard_run(&y);
	assert_int_equal(h.n, 2);
	assert_int_equal(pkt_size(h.pkt[0]), sizeof(bytes) + 4);
	assert_true(be16_equal(pkt_eth(h.pkt[0])->type, to_be16(ETHERTYPE_VLAN)));
	assert_int_equal(pkt_size(h.pkt[1]), sizeof(bytes));
	assert_memory_equal(h.pkt[1]->data, bytes, 256);
	held_free(&h);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(what_is_missing_is_named),	  T(unknown_flags_are_refused),
		T(flags_change_under_their_mask), T(maps_are_dumped_as_linux_dumps_them),
		T(there_is_an_end_to_maps),	  T(a_tag_does_not_show_in_a_clone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
