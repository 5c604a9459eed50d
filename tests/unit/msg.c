/* SPDX-License-Identifier: BSD-2-Clause
 *
 * msg - tests of netlink's format: what is read, what is refused, what is written.
 *
 * Bytes that are read are always in a heap block of exactly their length, so that a sanitizer
 * build reports a reader that passes the end by one.
 */
#include "nl/msg.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* A block that ends where the data ends. */
static void *exact_copy(const void *data, size_t len)
{
	void *copy = malloc(len ? len : 1);

	assert_non_null(copy);
	memcpy(copy, data, len);
	return copy;
}

/* RTM_NEWLINK {ifinfomsg, IFLA_IFNAME "v0", IFLA_LINKINFO {INFO_KIND "veth" without NUL}} */
static void fill_newlink(struct nlbuf *b)
{
	struct ifinfomsg info = {.ifi_index = 7};
	size_t msg = msg_begin(b, RTM_NEWLINK, NLM_F_REQUEST | NLM_F_CREATE, 5, 0, &info,
			       sizeof(info));
	size_t nest;

	put_str(b, IFLA_IFNAME, "v0");
	nest = nest_begin(b, IFLA_LINKINFO);
	put_attr(b, IFLA_INFO_KIND, "veth", 4);
	nest_end(b, nest);
	msg_end(b, msg);
}

static void writers_make_the_bytes_of_the_protocol(void **state)
{
	/* Written down from RFC 3549 and <linux/rtnetlink.h>, little endian. */
	static const uint8_t wanted[] = {
		0x34, 0,   0,	 0,    /* length 52 */
		16,   0,   0x01, 0x04, /* RTM_NEWLINK, REQUEST|CREATE */
		5,    0,   0,	 0,
		0,    0,   0,	 0, /* seq, pid */
		0,    0,   0,	 0,
		7,    0,   0,	 0, /* family, type, index */
		0,    0,   0,	 0,
		0,    0,   0,	 0, /* flags, change */
		7,    0,   3,	 0,
		'v',  '0', 0,	 0, /* IFLA_IFNAME with its NUL, padded */
		12,   0,   18,	 0, /* IFLA_LINKINFO */
		8,    0,   1,	 0,
		'v',  'e', 't',	 'h',
	};
	struct nlbuf b = {};

	if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__)
		skip();
	fill_newlink(&b);
	assert_int_equal(b.len, sizeof(wanted));
	assert_memory_equal(b.data, wanted, sizeof(wanted));
	nlbuf_done(&b);
}

static void readers_find_what_writers_put(void **state)
{
	struct nlbuf b = {};
	const struct nlmsghdr *m;
	const struct nlattr *a, *table[IFLA_LINKINFO + 1];
	const struct ifinfomsg *info;
	size_t len;

	fill_newlink(&b);
	m = msg_first(b.data, b.len);
	assert_non_null(m);
	assert_null(msg_next(m, b.data, b.len));
	info = msg_header(m, sizeof(*info));
	assert_int_equal(info->ifi_index, 7);
	a = msg_attrs(m, sizeof(*info), &len);
	assert_int_equal(attrs_index(table, array_size(table), a, len, NULL), 0);
	assert_true(attr_str_is(table[IFLA_IFNAME], "v0"));
	assert_null(table[IFLA_MTU]);
	a = attr_find(attr_data(table[IFLA_LINKINFO]), attr_len(table[IFLA_LINKINFO]),
		      IFLA_INFO_KIND);
	assert_non_null(a);
	assert_true(attr_str_is(a, "veth"));
	assert_false(attr_str_is(a, "vet"));
	assert_false(attr_str_is(a, "vethx"));
	nlbuf_done(&b);
}

static volatile unsigned sum;

/* Visit every byte that a reader of @len bytes may look at. */
static void read_all(const void *data, size_t len)
{
	const struct nlattr *table[4], *a, *inner;
	const struct nlmsghdr *m;
	char text[4];

	msg_foreach(m, data, len) {
		size_t room;
		const struct nlattr *first =
			msg_attrs(m, sizeof(struct ifinfomsg), &room);

		if (msg_header(m, sizeof(struct ifinfomsg)))
			sum += ((const struct ifinfomsg *)msg_header(m, 16))->ifi_change;
		if (attrs_index(table, array_size(table), first, room, NULL) == 0)
			sum += !!table[1];
		attr_foreach(a, first, room) {
			sum += attr_u8(a) + attr_u16(a) + attr_u32(a) +
			       (unsigned)attr_u64(a);
			sum += (unsigned)attr_str(a, text, sizeof(text));
			sum += attr_str_is(a, "v0");
			attr_foreach_nested(inner, a) sum += attr_str_is(inner, "veth");
		}
	}
}

static void no_reader_passes_the_end_of_a_cut_message(void **state)
{
	struct nlbuf b = {};

	fill_newlink(&b);
	fill_newlink(&b);
	for (size_t len = 0; len <= b.len; len++) {
		uint8_t *cut = exact_copy(b.data, len);

		read_all(cut, len);
		/* The header may also believe in the cut: then the attributes are cut. */
		if (len >= NLMSG_HDRLEN) {
			((struct nlmsghdr *)(void *)cut)->nlmsg_len = (uint32_t)len;
			read_all(cut, len);
		}
		free(cut);
	}
	nlbuf_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writers_make_the_bytes_of_the_protocol),
		cmocka_unit_test(readers_find_what_writers_put),
		cmocka_unit_test(no_reader_passes_the_end_of_a_cut_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
