/* SPDX-License-Identifier: BSD-2-Clause
 *
 * mcast_msg - tests of IGMP and MLD messages, read and written, against the RFCs' octets.
 */
#include "pkt_util.h"
#include "dev/bridge_mcast.h"
#include "pkt/csum.h"

/* An IPv4 packet from 10.0.0.1 with a router alert; what its bytes are about is filled in. */
static uint32_t ipv4(uint8_t *p, const uint8_t to[4], const uint8_t *body, uint32_t len)
{
	static const uint8_t head[24] = {0x46, 0xc0, 0, 0, 0, 0, 0x40, 0, 1, 2,	   0,
					 0,    10,   0, 0, 1, 0, 0,    0, 0, 0x94, 4};
	be16 sum;

	memcpy(p, head, sizeof(head));
	p[3] = (uint8_t)(sizeof(head) + len);
	memcpy(p + 16, to, 4);
	sum = csum_finish(csum_add(0, p, sizeof(head)));
	memcpy(p + 10, &sum, sizeof(sum));
	memcpy(p + sizeof(head), body, len);
	sum = csum_finish(csum_add(0, p + sizeof(head), len));
	memcpy(p + sizeof(head) + 2, &sum, sizeof(sum));
	return (uint32_t)sizeof(head) + len;
}

static struct mcast_msg read_igmp(const uint8_t to[4], const uint8_t *body, uint32_t len)
{
	struct mcast_msg msg = {.addr.proto = ETHERTYPE_IPV4};
	static uint8_t p[256];
	uint32_t size = ipv4(p, to, body, len);

	igmp_parse(p, size, true, &msg);
	return msg;
}

/* An IPv6 packet from fe80::1 behind a hop-by-hop router alert. */
static struct mcast_msg read_mld(const uint8_t to[16], const uint8_t *body, uint32_t len)
{
	static const uint8_t head[8] = {58, 0, 5, 2, 0, 0, 1, 0};
	struct mcast_msg msg = {.addr.proto = ETHERTYPE_IPV6};
	static uint8_t p[256];
	be16 sum;

	memset(p, 0, 40);
	p[0] = 0x60;
	p[5] = (uint8_t)(len + 8);
	p[7] = 1;
	memcpy(p + 8, (uint8_t[16]){0xfe, 0x80, [15] = 1}, 16);
	memcpy(p + 24, to, 16);
	memcpy(p + 40, head, sizeof(head));
	memcpy(p + 48, body, len);
	sum = csum_finish(
		csum_add(csum_pseudo_ipv6((const struct ipv6 *)(const void *)p, 58, len),
			 p + 48, len));
	memcpy(p + 50, &sum, sizeof(sum));
	mld_parse(p, 48 + len, true, &msg);
	return msg;
}

static const uint8_t all[4] = {224, 0, 0, 1}, group[4] = {239, 1, 1, 1},
		     routers[4] = {224, 0, 0, 22}, all6[16] = {0xff, 2, [15] = 1},
		     group6[16] = {0xff, 5, [15] = 9},
		     routers6[16] = {0xff, 2, [15] = 22};

/* RFC 3376 7.1: by length and code. */
static void the_version_of_a_query_is_told_by_its_length_and_code(void **state)
{
	static const uint8_t v1[8] = {0x11}, v2[8] = {0x11, 100},
			     v3[12] = {0x11, 100, [8] = 0x0a, 125}, short3[10] = {0x11};
	struct mcast_msg msg = read_igmp(all, v1, sizeof(v1));

	assert_int_equal(msg.type, MCAST_QUERY);
	assert_int_equal(msg.max_delay, 10 * NSEC_PER_SEC);
	assert_int_equal(msg.counter, MCAST_COUNT_IGMP_V1_QUERY);
	msg = read_igmp(all, v2, sizeof(v2));
	assert_int_equal(msg.max_delay, 10 * NSEC_PER_SEC);
	assert_true(msg.general && !msg.v3);
	assert_int_equal(msg.counter, MCAST_COUNT_IGMP_V2_QUERY);
	msg = read_igmp(all, v3, sizeof(v3));
	assert_true(msg.general && msg.v3 && msg.suppress);
	assert_int_equal(msg.counter, MCAST_COUNT_IGMP_V3_QUERY);
	assert_int_equal(read_igmp(all, short3, sizeof(short3)).type, MCAST_INVALID);
}

/* RFC 3376 4.1.1: from 128 on a mantissa of four bits and an exponent of three. */
static void long_response_times_are_floating_point_numbers(void **state)
{
	static const struct {
		uint8_t code;
		unsigned tenths;
	} of[] = {{1, 1},      {127, 127},  {0x80, 128},
		  {0x8f, 248}, {0x90, 256}, {0xff, 31744}};

	for (size_t i = 0; i < array_size(of); i++) {
		uint8_t v3[12] = {0x11, of[i].code};

		assert_int_equal(read_igmp(all, v3, sizeof(v3)).max_delay,
				 of[i].tenths * NSEC_PER_SEC / 10);
	}
}

/* RFC 3810 5.1.3: from 32768 on a mantissa of twelve bits and an exponent of three. */
static void long_response_delays_of_mld_are_floating_point_numbers(void **state)
{
	uint8_t v2[28] = {130, [4] = 0x80, 0x01};
	struct mcast_msg msg = read_mld(all6, v2, sizeof(v2));

	assert_int_equal(msg.max_delay, (0x1001 << 3) * NSEC_PER_MSEC);
	v2[4] = 0xff;
	v2[5] = 0xff;
	msg = read_mld(all6, v2, sizeof(v2));
	assert_int_equal(msg.max_delay, (UINT64_C(0x1fff) << 10) * NSEC_PER_MSEC);
	v2[4] = 0x7f;
	msg = read_mld(all6, v2, sizeof(v2));
	assert_int_equal(msg.max_delay, 32767 * NSEC_PER_MSEC);
}

/* RFC 3376 4.2: records one behind the other, with sources and auxiliary data. */
static void a_report_is_read_record_by_record(void **state)
{
	static const uint8_t
		report
			[] =
				{
					0x22, 0,    0,	  0,  0,   0, 0, 3, /* three records */
					4,    1,    0,	  0,  239, 1, 1, 1, 0xde,
					0xad, 0xbe, 0xef, /* TO_EX {}, 4 bytes more */
					1,    0,    0,	  2,  239, 1, 1, 2, 10,
					0,    0,    1,	  10, 0,   0, 2, /* IS_IN {A, B} */
					6,    0,    0,	  0,  239, 1, 1, 3, /* BLOCK {} */
				};
	struct mcast_msg msg = read_igmp(routers, report, sizeof(report));
	struct mcast_record r;
	uint32_t off = 0;
	unsigned i = 0;

	assert_int_equal(msg.type, MCAST_REPORT_V3);
	assert_memory_equal(msg.host, ((uint8_t[16]){10, 0, 0, 1}), 16);
	assert_true(mcast_next_record(&msg, &i, &off, &r));
	assert_int_equal(r.type, RECORD_TO_EX);
	assert_int_equal(r.n_sources, 0);
	assert_true(mcast_next_record(&msg, &i, &off, &r));
	assert_int_equal(r.type, RECORD_IS_IN);
	assert_int_equal(r.n_sources, 2);
	assert_memory_equal(r.sources, ((uint8_t[8]){10, 0, 0, 1, 10, 0, 0, 2}), 8);
	assert_memory_equal(r.group, ((uint8_t[16]){239, 1, 1, 2}), 16);
	assert_true(mcast_next_record(&msg, &i, &off, &r));
	assert_int_equal(r.type, RECORD_BLOCK);
	assert_false(mcast_next_record(&msg, &i, &off, &r));
}

/* RFC 3810 5.2: the same with addresses of 16 bytes. */
static void a_report_of_mld_is_read_record_by_record(void **state)
{
	uint8_t report[8 + 20 + 16] = {143, [7] = 1, RECORD_ALLOW, 0, 0, 1};
	struct mcast_record r;
	struct mcast_msg msg;
	uint32_t off = 0;
	unsigned i = 0;

	memcpy(report + 12, group6, 16);
	memcpy(report + 28, (uint8_t[16]){0x20, 1, [15] = 7}, 16);
	msg = read_mld(routers6, report, sizeof(report));
	assert_int_equal(msg.type, MCAST_REPORT_V3);
	assert_int_equal(msg.counter, MCAST_COUNT_MLD_V2_REPORT);
	assert_true(mcast_next_record(&msg, &i, &off, &r));
	assert_int_equal(r.type, RECORD_ALLOW);
	assert_memory_equal(r.group, group6, 16);
	assert_memory_equal(r.sources, report + 28, 16);
	assert_false(mcast_next_record(&msg, &i, &off, &r));
}

static void a_report_that_ends_before_its_records_do_is_invalid(void **state)
{
	uint8_t report[] = {0x22, 0, 0, 0, 0,  0, 0, 2, 1, 0, 0, 1,
			    239,  1, 1, 1, 10, 0, 0, 1, 2, 0, 0, 0};

	/* The second record lacks its group; without it the first one's source is cut. */
	assert_int_equal(read_igmp(routers, report, sizeof(report)).type, MCAST_INVALID);
	report[7] = 1;
	assert_int_equal(read_igmp(routers, report, 20).type, MCAST_REPORT_V3);
	for (uint32_t len = 8; len < 20; len++)
		assert_int_equal(read_igmp(routers, report, len).type, MCAST_INVALID);
}

static void what_is_damaged_is_invalid(void **state)
{
	static const uint8_t report[8] = {0x16, 0, 0, 0, 239, 1, 1, 1},
			     query[8] = {0x11, 100};
	struct mcast_msg msg = {.addr.proto = ETHERTYPE_IPV4};
	uint8_t p[64];
	uint32_t len = ipv4(p, group, report, sizeof(report));

	for (uint32_t i = 0; i < len; i++) {
		p[i] ^= 1; /* header or message: a checksum is over each */
		igmp_parse(p, len, true, &msg);
		assert_true(msg.type == MCAST_INVALID || msg.type == MCAST_DATA);
		p[i] ^= 1;
	}
	for (uint32_t i = 0; i < len; i++) {
		igmp_parse(p, i, true, &msg);
		assert_int_equal(msg.type, MCAST_INVALID);
	}
	igmp_parse(p, len, true, &msg);
	assert_int_equal(msg.type, MCAST_REPORT);
	/* A general query is for all hosts (RFC 3376 9.1). */
	assert_int_equal(read_igmp(group, query, sizeof(query)).type, MCAST_INVALID);
}

/* What is written is what is read; frame by RFC 3376 4.1, 4, and RFC 2113. */
static void a_query_is_written_as_it_is_read(void **state)
{
	struct mcast_ask ask = {.src_mac = {2, 0, 0, 0, 0, 9},
				.src = {10, 0, 0, 9},
				.to = {239, 1, 1, 1},
				.group = {239, 1, 1, 1},
				.v3 = true,
				.suppress = true,
				.response = NSEC_PER_SEC,
				.query_interval = 125,
				.n_sources = 2,
				.source = {{10, 0, 0, 1}, {10, 0, 0, 2}}};
	uint8_t frame[QUERY_MAX];
	uint32_t len = igmp_write_query(&ask, frame);
	struct mcast_msg msg;

	assert_int_equal(len, 14 + 24 + 12 + 8);
	assert_memory_equal(
		frame, ((uint8_t[]){1, 0, 0x5e, 1, 1, 1, 2, 0, 0, 0, 0, 9, 8, 0}), 14);
	assert_int_equal(frame[14 + 8], 1); /* TTL */
	assert_memory_equal(frame + 34, ((uint8_t[]){0x94, 4, 0, 0}), 4);
	mcast_parse(frame, len, 0, true, &msg);
	assert_int_equal(msg.type, MCAST_QUERY);
	assert_true(msg.v3 && msg.suppress && !msg.general);
	assert_int_equal(msg.n_sources, 2);
	assert_int_equal(msg.max_delay, NSEC_PER_SEC);
	assert_memory_equal(msg.addr.dst, ask.group, 16);
}

/* RFC 3810 5.1. */
static void a_query_of_mld_is_written_as_it_is_read(void **state)
{
	struct mcast_ask ask = {.src_mac = {2, 0, 0, 0, 0, 9},
				.src = {0xfe, 0x80, [15] = 9},
				.response = 10 * NSEC_PER_SEC};
	uint8_t frame[QUERY_MAX];
	uint32_t len = mld_write_query(&ask, frame);
	struct mcast_msg msg;

	assert_int_equal(len, 14 + 40 + 8 + 24);
	assert_memory_equal(frame, ((uint8_t[]){0x33, 0x33, 0, 0, 0, 1}), 6);
	mcast_parse(frame, len, 7, true, &msg);
	assert_int_equal(msg.type, MCAST_QUERY);
	assert_true(msg.general && !msg.v3);
	assert_int_equal(msg.addr.vid, 7);
	assert_int_equal(msg.max_delay, 10 * NSEC_PER_SEC);
	assert_memory_equal(msg.host, ask.src, 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_version_of_a_query_is_told_by_its_length_and_code),
		cmocka_unit_test(long_response_times_are_floating_point_numbers),
		cmocka_unit_test(long_response_delays_of_mld_are_floating_point_numbers),
		cmocka_unit_test(a_report_is_read_record_by_record),
		cmocka_unit_test(a_report_of_mld_is_read_record_by_record),
		cmocka_unit_test(a_report_that_ends_before_its_records_do_is_invalid),
		cmocka_unit_test(what_is_damaged_is_invalid),
		cmocka_unit_test(a_query_is_written_as_it_is_read),
		cmocka_unit_test(a_query_of_mld_is_written_as_it_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
