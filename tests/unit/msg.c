/* SPDX-License-Identifier: BSD-2-Clause
 *
 * msg - tests of netlink's format: what is read, what is refused, what is written.
 *
 * Bytes that are read are always in a heap block of exactly their length, so that a sanitizer
 * build reports a reader that passes the end by one.
 */
#include "nl/msg.h"

#include <net/if.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <unistd.h>
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
			attr_foreach_nested(inner, a)
				sum += attr_str_is(inner, "veth");
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

static void types_are_compared_without_their_flags(void **state)
{
	struct nlbuf b = {};
	const struct nlattr *table[IFLA_LINKINFO + 1];

	put_attr(&b, IFLA_LINKINFO | NLA_F_NESTED, NULL, 0);
	put_attr(&b, IFLA_MTU | NLA_F_NET_BYTEORDER, "\0\0\5\xdc", 4);
	put_attr(&b, 0x3ffe, "x", 1); /* beyond the table */
	put_u32(&b, IFLA_MTU, 1400);
	assert_int_equal(attrs_index(table, array_size(table), b.data, b.len, NULL), 0);
	assert_non_null(table[IFLA_LINKINFO]);
	assert_int_equal(attr_u32(table[IFLA_MTU]), 1400); /* the last wins */
	assert_int_equal(attr_type(attr_find(b.data, b.len, IFLA_LINKINFO)),
			 IFLA_LINKINFO);
	assert_null(attr_find(b.data, b.len, IFLA_ADDRESS));
	nlbuf_done(&b);
}

static void malformed_attributes_are_an_error_with_a_sentence(void **state)
{
	static const uint16_t lengths[] = {0, 3, 9, 65535};
	const struct nlattr *table[4];

	for (size_t i = 0; i < array_size(lengths); i++) {
		struct nlattr *a = exact_copy("\0\0\1\0abcd", 8);
		struct extack ea = {};

		a->nla_len = lengths[i];
		assert_int_equal(attrs_index(table, 4, a, 8, &ea), -EINVAL);
		assert_string_equal(ea.msg, "bytes leftover after parsing attributes");
		assert_null(attr_find(a, 8, 1));
		free(a);
	}
}

static void values_that_are_too_short_read_as_zero(void **state)
{
	struct nlattr *a = exact_copy("\7\0\1\0abc", 7);
	char text[3];

	a->nla_len = 7;
	assert_int_equal(attr_u8(a), 'a');
	assert_int_equal(attr_u32(a), 0);
	assert_int_equal(attr_u64(a), 0);
	assert_int_equal(attr_str(a, text, sizeof(text)), 3);
	assert_string_equal(text, "ab");
	assert_int_equal(attr_str(a, text, 0), 3);
	a->nla_len = NLA_HDRLEN;
	assert_int_equal(attr_u8(a), 0);
	assert_int_equal(attr_str(a, text, sizeof(text)), 0);
	assert_true(attr_str_is(a, ""));
	free(a);
}

static void the_padding_of_the_last_message_may_be_missing(void **state)
{
	struct nlmsghdr heads[2] = {{.nlmsg_len = 16, .nlmsg_type = 1},
				    {.nlmsg_len = 16, .nlmsg_type = 2}};
	uint8_t *data = calloc(1, 17 + 16 + 3);
	const struct nlmsghdr *m;
	int n = 0;

	assert_non_null(data);
	heads[0].nlmsg_len = 17; /* then three bytes of padding, then one without */
	memcpy(data, &heads[0], 16);
	heads[1].nlmsg_len = 16;
	memcpy(data + 20, &heads[1], 16);
	msg_foreach(m, data, 36)
		assert_int_equal(m->nlmsg_type, ++n);
	assert_int_equal(n, 2);
	n = 0;
	msg_foreach(m, data, 17)
		n++;
	assert_int_equal(n, 1);
	free(data);
}

static void a_buffer_grows_and_pads_with_zeros(void **state)
{
	struct nlbuf b = {};

	for (unsigned i = 0; i < 5000; i++)
		put_attr(&b, i, "\xff\xff\xff\xff\xff", i % 6);
	for (size_t at = 0, i = 0; i < 5000; i++) {
		const struct nlattr *a = (void *)(b.data + at);

		assert_int_equal(a->nla_type, i);
		assert_int_equal(attr_len(a), i % 6);
		for (size_t pad = a->nla_len; pad < NLA_ALIGN((size_t)a->nla_len); pad++)
			assert_int_equal(b.data[at + pad], 0);
		at += NLA_ALIGN((size_t)a->nla_len);
	}
	nlbuf_clear(&b);
	put_u64(&b, 1, 0x0102030405060708);
	put_copy(&b, (void *)b.data);
	assert_int_equal(b.len, 24);
	assert_memory_equal(b.data, b.data + 12, 12);
	assert_int_equal(attr_u64((void *)(b.data + 12)), 0x0102030405060708);
	nlbuf_done(&b);
	assert_null(b.data);
}

/* Send @request to the kernel and give the acknowledgement or error it answers. */
static size_t kernel_ack(const struct nlbuf *request, int option, char *reply,
			 size_t size, uint32_t *pid)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), on = 1;
	struct sockaddr_nl addr;
	socklen_t addr_len = sizeof(addr);
	ssize_t len;

	assert_true(fd >= 0);
	if (option)
		assert_return_code(setsockopt(fd, SOL_NETLINK, option, &on, sizeof(on)),
				   errno);
	/* Else it would not object to anything in a request that only looks. */
	assert_return_code(
		setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof(on)),
		errno);
	assert_int_equal(send(fd, request->data, request->len, 0), request->len);
	assert_return_code(getsockname(fd, (void *)&addr, &addr_len), errno);
	*pid = addr.nl_pid;
	do {
		len = recv(fd, reply, size, 0);
		assert_true(len > 0);
	} while (((struct nlmsghdr *)(void *)reply)->nlmsg_type != NLMSG_ERROR);
	close(fd);
	return (size_t)len;
}

/* A question about a device: by number, with attributes that may be wrong. */
static void fill_getlink(struct nlbuf *b, int ifindex, const char *name, unsigned unknown)
{
	struct ifinfomsg info = {.ifi_index = ifindex};
	size_t msg = msg_begin(b, RTM_GETLINK, NLM_F_REQUEST | NLM_F_ACK, 77, 0, &info,
			       sizeof(info));

	if (unknown)
		put_attr(b, unknown, "odd", 3);
	if (name)
		put_attr(b, IFLA_IFNAME, name, strlen(name));
	msg_end(b, msg);
}

static void answers_are_byte_for_byte_the_kernels(void **state)
{
	static const struct {
		int ifindex;
		const char *name;
		unsigned unknown;
		int option, err;
		const char *why;
	} cases[] = {
		{1, NULL, 0, 0, 0, NULL},
		{1, NULL, 0, NETLINK_CAP_ACK, 0, NULL},
		{1, NULL, 0, NETLINK_EXT_ACK, 0, NULL},
		{INT32_MAX, NULL, 0, 0, -ENODEV, NULL},
		{INT32_MAX, NULL, 0, NETLINK_CAP_ACK, -ENODEV, NULL},
		{0, "no-such-dev", 0, NETLINK_EXT_ACK, -ENODEV, NULL},
		{1, NULL, 0x1fff, 0, -EINVAL, "Unknown attribute type"},
		{1, NULL, 0x1fff, NETLINK_CAP_ACK, -EINVAL, "Unknown attribute type"},
		{1, NULL, 0x1fff, NETLINK_EXT_ACK, -EINVAL, "Unknown attribute type"},
	};

	for (size_t i = 0; i < array_size(cases); i++) {
		struct nlbuf request = {}, ours = {};
		struct extack ea = {};
		char *theirs = malloc(65536);
		const struct nlmsghdr *m;
		uint32_t pid;
		size_t len, room;

		fill_getlink(&request, cases[i].ifindex, cases[i].name, cases[i].unknown);
		m = (void *)request.data;
		if (cases[i].why) {
			extack_set(&ea, 0, "%s", cases[i].why);
			ea.attr = msg_attrs(m, sizeof(struct ifinfomsg), &room);
		}
		len = kernel_ack(&request, cases[i].option, theirs, 65536, &pid);
		put_ack(&ours, m, pid, cases[i].err, &ea,
			cases[i].option == NETLINK_EXT_ACK,
			cases[i].option == NETLINK_CAP_ACK);
		assert_int_equal(ours.len, len);
		assert_memory_equal(ours.data, theirs, len);
		free(theirs);
		nlbuf_done(&request);
		nlbuf_done(&ours);
	}
}

static void a_fault_outside_the_request_has_no_offset(void **state)
{
	struct nlbuf request = {}, ack = {};
	struct extack ea = {.msg = "why", .attr = &ea};
	const struct nlmsghdr *m;
	const struct nlattr *tlv;

	fill_getlink(&request, 1, "x", 0);
	put_ack(&ack, (void *)request.data, 0, -EINVAL, &ea, true, true);
	m = (void *)ack.data;
	assert_int_equal(m->nlmsg_flags, NLM_F_CAPPED | NLM_F_ACK_TLVS);
	tlv = (void *)(ack.data + NLMSG_HDRLEN + sizeof(struct nlmsgerr));
	assert_int_equal(attr_type(tlv), NLMSGERR_ATTR_MSG);
	assert_true(attr_str_is(tlv, "why"));
	assert_int_equal((const uint8_t *)tlv + NLA_ALIGN(tlv->nla_len) - ack.data,
			 ack.len);
	nlbuf_done(&request);
	nlbuf_done(&ack);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writers_make_the_bytes_of_the_protocol),
		cmocka_unit_test(readers_find_what_writers_put),
		cmocka_unit_test(no_reader_passes_the_end_of_a_cut_message),
		cmocka_unit_test(types_are_compared_without_their_flags),
		cmocka_unit_test(malformed_attributes_are_an_error_with_a_sentence),
		cmocka_unit_test(values_that_are_too_short_read_as_zero),
		cmocka_unit_test(the_padding_of_the_last_message_may_be_missing),
		cmocka_unit_test(a_buffer_grows_and_pads_with_zeros),
		cmocka_unit_test(answers_are_byte_for_byte_the_kernels),
		cmocka_unit_test(a_fault_outside_the_request_has_no_offset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
