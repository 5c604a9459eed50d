/* SPDX-License-Identifier: BSD-2-Clause
 *
 * csum - tests of the Internet checksum against the definition, written as plainly as it is.
 */
#include "pkt_util.h"
#include "pkt/csum.h"

#include <linux/virtio_net.h>

static struct worker w;
static uint8_t bytes[70000];

static int setup(void **state)
{
	uint64_t seed = 7;

	worker_init(&w);
	random_bytes(&seed, bytes, sizeof(bytes));
	return 0;
}

static int teardown(void **state)
{
	worker_done(&w);
	return 0;
}

/* RFC 1071: the ones' complement sum of 16-bit words, an odd last byte padded with zero. */
static uint16_t plain_sum(const uint8_t *at, size_t len)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < len; i++) {
		sum += i & 1 ? at[i] : (uint32_t)at[i] << 8;
		sum = (sum & 0xffff) + (sum >> 16);
	}
	return (uint16_t)sum;
}

/* 0 and 0xffff are the same number in ones' complement. */
static void check_same(uint16_t a, uint16_t b)
{
	assert_int_equal(a % 0xffff, b % 0xffff);
}

static void the_example_of_rfc_1071_is_right(void **state)
{
	static const uint8_t example[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};

	assert_int_equal(from_be16(csum_fold(csum_add(0, example, 8))), 0xddf2);
	assert_int_equal(from_be16(csum_finish(csum_add(0, example, 8))), 0x220d);
}

static void any_length_and_alignment_gives_the_plain_sum(void **state)
{
	for (size_t off = 0; off < 9; off++)
		for (size_t len = 0; len < 300; len++)
			check_same(from_be16(csum_fold(csum_add(0, bytes + off, len))),
				   plain_sum(bytes + off, len));
	check_same(from_be16(csum_fold(csum_add(0, bytes, sizeof(bytes)))),
		   plain_sum(bytes, sizeof(bytes)));
	memset(bytes, 0xff, sizeof(bytes));
	check_same(from_be16(csum_fold(csum_add(UINT64_MAX, bytes, sizeof(bytes)))),
		   0xffff);
}

static void a_packet_sums_like_its_bytes_wherever_it_is_split(void **state)
{
	uint64_t seed = 3;

	for (int i = 0; i < 3000; i++) {
		struct pkt *p = pkt_alloc(&w), *rest = pkt_alloc_large(&w);
		uint32_t len = 1 + random_below(&seed, 3000), off, n;

		p->len = random_below(&seed, min(len, 1700u));
		memcpy(p->data, bytes, p->len);
		memcpy(rest->data, bytes + p->len, len - p->len);
		pkt_give_frag(p, rest, len - p->len);
		off = random_below(&seed, len);
		n = random_below(&seed, len - off + 1);
		check_same(from_be16(csum_fold(csum_add_pkt(0, p, off, n))),
			   plain_sum(bytes + off, n));
		pkt_free(p);
	}
}

static void an_update_gives_the_sum_of_the_changed_bytes(void **state)
{
	uint64_t seed = 5;

	for (int i = 0; i < 100000; i++) {
		uint8_t h[20];
		be16 csum, word, old;
		be32 dword, old32;
		size_t at = random_below(&seed, 10) * 2;

		random_bytes(&seed, h, sizeof(h));
		if (i % 7 == 0)
			memset(h, i % 2 ? 0xff : 0, sizeof(h) - 4);
		csum = csum_finish(csum_add(0, h, sizeof(h)));
		memcpy(&old, h + at, 2);
		word = to_be16(i % 3 ? (uint16_t)random_u32(&seed) : 0xffff);
		memcpy(h + at, &word, 2);
		csum = csum_update16(csum, old, word);
		check_same(from_be16(csum), (uint16_t)~plain_sum(h, sizeof(h)));
		at = min(at, sizeof(h) - 4);
		memcpy(&old32, h + at, 4);
		dword = to_be32(i % 5 ? random_u32(&seed) : 0);
		memcpy(h + at, &dword, 4);
		csum = csum_update32(csum, old32, dword);
		check_same(from_be16(csum), (uint16_t)~plain_sum(h, sizeof(h)));
	}
}

/* A UDP packet over IPv4 or IPv6 whose checksum field holds the pseudo header's sum. */
static struct pkt *partial_udp(bool v6, uint32_t payload, uint16_t *wanted)
{
	uint8_t frame[4096] = {};
	uint32_t l4 = v6 ? 40 : 20, len = l4 + 8 + payload;
	struct udp *udp = (struct udp *)(frame + l4);
	uint8_t pseudo[4096] = {};
	uint64_t sum;
	struct pkt *p;

	memcpy(frame + l4, bytes, 8 + payload);
	udp->len = to_be16((uint16_t)(8 + payload));
	udp->csum = to_be16(0);
	if (v6) {
		memcpy(frame + 8, bytes + 3000, 32);
		memcpy(pseudo, bytes + 3000, 32);
		pseudo[35] = (uint8_t)(8 + payload);
		pseudo[34] = (uint8_t)((8 + payload) >> 8);
		pseudo[39] = PROTO_UDP;
		memcpy(pseudo + 40, udp, 8 + payload);
		*wanted = (uint16_t)~plain_sum(pseudo, 48 + payload);
		sum = csum_pseudo_ipv6((struct ipv6 *)frame, PROTO_UDP, 8 + payload);
	} else {
		memcpy(frame + 12, bytes + 3000, 8);
		memcpy(pseudo, bytes + 3000, 8);
		pseudo[9] = PROTO_UDP;
		pseudo[10] = (uint8_t)((8 + payload) >> 8);
		pseudo[11] = (uint8_t)(8 + payload);
		memcpy(pseudo + 12, udp, 8 + payload);
		*wanted = (uint16_t)~plain_sum(pseudo, 20 + payload);
		sum = csum_pseudo_ipv4((struct ipv4 *)frame, PROTO_UDP, 8 + payload);
	}
	udp->csum = csum_fold(sum);
	p = pkt_from(&w, frame, len);
	assert_non_null(p);
	p->off = (struct offload){.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
				  .csum_start = (uint16_t)l4,
				  .csum_offset = 6};
	return p;
}

static void a_partial_checksum_is_completed(void **state)
{
	for (uint32_t i = 0; i < 2000; i++) {
		uint16_t wanted;
		struct pkt *p = partial_udp(i & 1, i, &wanted);
		uint32_t l4 = i & 1 ? 40 : 20;

		assert_true(csum_complete(&w, p));
		assert_int_equal(p->off.flags, 0);
		check_same(from_be16(pkt_hdr(p, l4, struct udp)->csum), wanted);
		assert_int_not_equal(pkt_hdr(p, l4, struct udp)->csum.raw, 0);
		assert_true(csum_complete(&w, p)); /* nothing more to do */
		pkt_free(p);
	}
}

static void a_checksum_field_beyond_the_end_is_refused(void **state)
{
	struct pkt *p = pkt_from(&w, bytes, 60);

	p->off = (struct offload){.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM, .csum_start = 54};
	p->off.csum_offset = 5;
	assert_false(csum_complete(&w, p));
	p->off.csum_start = 65535;
	p->off.csum_offset = 65535;
	assert_false(csum_complete(&w, p));
	pkt_free(p);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	static const struct CMUnitTest tests[] = {
		T(the_example_of_rfc_1071_is_right),
		T(any_length_and_alignment_gives_the_plain_sum),
		T(a_packet_sums_like_its_bytes_wherever_it_is_split),
		T(an_update_gives_the_sum_of_the_changed_bytes),
		T(a_partial_checksum_is_completed),
		T(a_checksum_field_beyond_the_end_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
