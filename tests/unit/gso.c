/* SPDX-License-Identifier: BSD-2-Clause
 *
 * gso - tests of segmentation and of virtio-net headers.
 *
 * Segmentation is judged by a receiver written here: it checks every header and checksum of a
 * segment by itself and puts the payload together again, which must give the original's.
 */
#include "pkt_util.h"
#include "pkt/csum.h"
#include "pkt/gso.h"

static struct worker w;

static int setup(void **state)
{
	worker_init(&w);
	return 0;
}

static int teardown(void **state)
{
	worker_done(&w);
	return 0;
}

/* What a packet to be cut is made of. */
struct shape {
	bool v6, udp, no_ethernet;
	unsigned tags;	   /* VLAN */
	unsigned ext;	   /* IPv6 destination options, in units of 8 bytes */
	unsigned ip_opts;  /* IPv4 options, in words */
	unsigned tcp_opts; /* in words */
	uint8_t tcp_flags;
	uint32_t payload, size;
	uint32_t head; /* bytes in the head, the rest is a fragment */
};

struct made {
	uint8_t bytes[70000];
	uint32_t len, l3, l4, hdr_len;
};

#define SEQ 0xfffff000u /* wraps */
#define ID  0xfffeu	/* wraps */

static void put_ip(struct made *m, const struct shape *s, uint32_t l4_len)
{
	uint8_t proto = s->udp ? PROTO_UDP : PROTO_TCP;

	if (s->v6) {
		struct ipv6 *ip = (struct ipv6 *)(m->bytes + m->l3);

		ip->version_flow = to_be32(0x61234567);
		ip->payload_len = to_be16((uint16_t)(s->ext * 8 + l4_len));
		ip->next_header = s->ext ? PROTO_DSTOPTS : proto;
		ip->hop_limit = 64;
		memset(ip->src, 0x11, sizeof(ip->src));
		memset(ip->dst, 0x22, sizeof(ip->dst));
		if (s->ext) {
			struct ipv6_ext *ext = (struct ipv6_ext *)(ip + 1);

			memset(ext, 1, s->ext * 8);
			ext->next_header = proto;
			ext->len = (uint8_t)(s->ext - 1);
		}
		m->l4 = m->l3 + (uint32_t)sizeof(*ip) + s->ext * 8;
	} else {
		struct ipv4 *ip = (struct ipv4 *)(m->bytes + m->l3);
		unsigned len = (uint32_t)sizeof(*ip) + s->ip_opts * 4;

		memset(ip, 1, len);
		ip->version_ihl = (uint8_t)(0x40 | len / 4);
		ip->total_len = to_be16((uint16_t)(len + l4_len));
		ip->id = to_be16(ID);
		ip->frag_off = to_be16(IPV4_DF);
		ip->proto = proto;
		ip->csum = to_be16(0);
		ip->csum = csum_finish(csum_add(0, ip, len));
		m->l4 = m->l3 + len;
	}
}

static void put_headers(struct made *m, const struct shape *s)
{
	uint32_t l4_len = (s->udp ? 8u : 20u + s->tcp_opts * 4) + s->payload;

	m->l3 = 0;
	if (!s->no_ethernet) {
		struct eth *eth = (struct eth *)m->bytes;
		be16 *type = &eth->type;

		memset(eth, 0x42, 12);
		m->l3 = sizeof(*eth);
		for (unsigned i = 0; i < s->tags; i++, m->l3 += 4) {
			*type = to_be16(i + 1 < s->tags ? ETHERTYPE_QINQ
							: ETHERTYPE_VLAN);
			type[1] = to_be16((uint16_t)(100 + i));
			type += 2;
		}
		*type = to_be16(s->v6 ? ETHERTYPE_IPV6 : ETHERTYPE_IPV4);
	}
	put_ip(m, s, l4_len);
	if (s->udp) {
		struct udp *udp = (struct udp *)(m->bytes + m->l4);

		udp->len = to_be16((uint16_t)l4_len);
		m->hdr_len = m->l4 + (uint32_t)sizeof(*udp);
	} else {
		struct tcp *tcp = (struct tcp *)(m->bytes + m->l4);

		memset(tcp, 1, 20 + s->tcp_opts * 4);
		tcp->seq = to_be32(SEQ);
		tcp->data_off = (uint8_t)((5 + s->tcp_opts) << 4);
		tcp->flags = s->tcp_flags;
		m->hdr_len = m->l4 + 20 + s->tcp_opts * 4;
	}
	m->len = m->hdr_len + s->payload;
}

/* Payload that tells its place. */
static void put_payload(struct made *m)
{
	for (uint32_t i = m->hdr_len; i < m->len; i++)
		m->bytes[i] = (uint8_t)((i - m->hdr_len) * 2654435761u >> 16);
}

static void set_offload(struct pkt *p, const struct made *m, const struct shape *s)
{
	p->flags = s->no_ethernet ? PKT_F_IP : 0;
	p->off = (struct offload){.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
				  .gso_type = s->udp  ? VIRTIO_NET_HDR_GSO_UDP_L4
					      : s->v6 ? VIRTIO_NET_HDR_GSO_TCPV6
						      : VIRTIO_NET_HDR_GSO_TCPV4,
				  .gso_size = (uint16_t)s->size,
				  .csum_start = (uint16_t)m->l4,
				  .csum_offset = s->udp ? 6 : 16};
	if (s->tcp_flags & TCP_CWR)
		p->off.gso_type |= VIRTIO_NET_HDR_GSO_ECN;
}

static struct pkt *make(struct made *m, const struct shape *s)
{
	struct pkt *p = pkt_alloc(&w), *rest = NULL;
	uint32_t head = min(m->len, max(s->head, 1u));

	memset(m, 0, sizeof(*m));
	put_headers(m, s);
	put_payload(m);
	head = min(m->len, max(s->head, 1u));
	if (head > pkt_tailroom(p)) {
		pkt_free(p);
		p = pkt_alloc_large(&w);
	}
	memcpy(p->data, m->bytes, head);
	p->len = head;
	if (m->len > head) {
		rest = pkt_alloc_large(&w);
		memcpy(rest->data, m->bytes + head, m->len - head);
		pkt_give_frag(p, rest, m->len - head);
	}
	set_offload(p, m, s);
	return p;
}

static void check_ip(const struct made *m, const struct shape *s, const uint8_t *f,
		     uint32_t len, unsigned n)
{
	if (s->v6) {
		const struct ipv6 *ip = (const struct ipv6 *)(f + m->l3);

		assert_int_equal(from_be16(ip->payload_len), len - m->l3 - sizeof(*ip));
		assert_memory_equal(f + m->l3 + 6, m->bytes + m->l3 + 6,
				    m->l4 - m->l3 - 6);
	} else {
		const struct ipv4 *ip = (const struct ipv4 *)(f + m->l3);

		assert_int_equal(from_be16(ip->total_len), len - m->l3);
		assert_int_equal(from_be16(ip->id), (uint16_t)(ID + n));
		assert_int_equal(csum_finish(csum_add(0, ip, ipv4_header_len(ip))).raw,
				 0);
		assert_memory_equal(&ip->src,
				    &((const struct ipv4 *)(m->bytes + m->l3))->src,
				    ipv4_header_len(ip) - 12);
	}
}

static void check_csum(const struct made *m, const struct shape *s, const uint8_t *f,
		       uint32_t len)
{
	uint8_t proto = s->udp ? PROTO_UDP : PROTO_TCP;
	uint64_t sum = s->v6 ? csum_pseudo_ipv6((const struct ipv6 *)(f + m->l3), proto,
						len - m->l4)
			     : csum_pseudo_ipv4((const struct ipv4 *)(f + m->l3), proto,
						len - m->l4);

	assert_int_equal(csum_finish(csum_add(sum, f + m->l4, len - m->l4)).raw, 0);
}

/* One segment, as a receiver sees it; returns its payload's length. */
static uint32_t check_segment(const struct made *m, const struct shape *s,
			      const uint8_t *f, uint32_t len, unsigned n, uint32_t done)
{
	uint32_t payload = len - m->hdr_len;
	bool last = done + payload == s->payload;

	assert_true(len > m->hdr_len && payload <= s->size);
	assert_true(last || payload == s->size);
	assert_memory_equal(f, m->bytes, m->l3);
	check_ip(m, s, f, len, n);
	check_csum(m, s, f, len);
	if (s->udp) {
		const struct udp *udp = (const struct udp *)(f + m->l4);

		assert_int_equal(from_be16(udp->len), len - m->l4);
		assert_memory_equal(f + m->l4, m->bytes + m->l4, 4);
	} else {
		const struct tcp *tcp = (const struct tcp *)(f + m->l4);
		uint8_t flags = s->tcp_flags;

		if (n)
			flags &= (uint8_t)~TCP_CWR;
		if (!last)
			flags &= (uint8_t) ~(TCP_FIN | TCP_PSH);
		assert_int_equal(tcp->flags, flags);
		assert_int_equal(from_be32(tcp->seq), (uint32_t)(SEQ + done));
		assert_memory_equal(f + m->l4 + 8, m->bytes + m->l4 + 8, 5);
		assert_memory_equal(f + m->l4 + 20, m->bytes + m->l4 + 20,
				    m->hdr_len - m->l4 - 20);
	}
	assert_memory_equal(f + m->hdr_len, m->bytes + m->hdr_len + done, payload);
	return payload;
}

/* Cut, check each segment and that nothing is missing; returns how many. */
static unsigned cut_and_check(const struct shape *s)
{
	static struct made m;
	struct pkt *p = make(&m, s), *q;
	struct burst b = {};
	struct gso gso;
	static uint8_t frame[70000];
	uint32_t done = 0;
	unsigned n = 0;

	assert_true(gso_begin(&gso, &w, p));
	while (gso_next(&gso, &b)) {
		burst_foreach(q, &b) {
			uint32_t len;

			assert_int_equal(q->off.gso_type, VIRTIO_NET_HDR_GSO_NONE);
			assert_int_equal(q->flags, p->flags);
			assert_true(csum_complete(&w, q));
			len = pkt_size(q);
			assert_true(pkt_copy_out(q, 0, frame, len));
			done += check_segment(&m, s, frame, len, n, done);
			n++;
		}
		burst_free(&b);
	}
	gso_end(&gso, NULL);
	assert_int_equal(done, s->payload);
	assert_int_equal(n, (s->payload + s->size - 1) / s->size);
	return n;
}

static void a_full_tcp_segment_is_cut_for_an_ethernet_mtu(void **state)
{
	struct shape s = {.tcp_opts = 3,
			  .tcp_flags = TCP_ACK | TCP_PSH | TCP_FIN | TCP_CWR | TCP_ECE,
			  .payload = 65000,
			  .size = 1448,
			  .head = 1700};

	assert_int_equal(cut_and_check(&s), 45);
	s.v6 = true;
	s.size = 1428;
	assert_int_equal(cut_and_check(&s), 46);
}

static void payload_is_shared_not_copied(void **state)
{
	struct shape s = {.payload = 20000, .size = 1000, .head = 54};
	static struct made m;
	struct pkt *p = make(&m, &s);
	const uint8_t *from = p->frag_data;
	struct pkt *q;
	struct burst b = {};
	struct gso gso;
	uint32_t at = 0;

	assert_true(gso_begin(&gso, &w, p));
	assert_true(gso_next(&gso, &b));
	assert_int_equal(b.n, 20);
	burst_foreach(q, &b) {
		assert_int_equal(q->len, 54);
		assert_ptr_equal(q->frag_data, from + at);
		at += q->frag_len;
	}
	gso_end(&gso, NULL); /* the payload outlives the original */
	burst_free(&b);
}

static void any_shape_of_packet_is_cut_right(void **state)
{
	uint64_t seed = 11;

	for (int i = 0; i < 1500; i++) {
		struct shape s = {
			.v6 = random_below(&seed, 2),
			.udp = random_below(&seed, 2),
			.no_ethernet = !random_below(&seed, 4),
			.tags = random_below(&seed, 3),
			.tcp_opts = random_below(&seed, 11),
			.ip_opts = random_below(&seed, 3) ? 0 : random_below(&seed, 11),
			.ext = random_below(&seed, 3) ? 0 : random_below(&seed, 6),
			.tcp_flags = (uint8_t)random_u32(&seed),
			.size = 8 +
				random_below(&seed, random_below(&seed, 2) ? 60 : 9000),
		};

		s.payload =
			1 + random_below(&seed, random_below(&seed, 2) ? 3000 : 65000);
		s.payload = min(s.payload, 65000u);
		s.head = random_below(&seed, random_below(&seed, 2) ? 1700 : 60000);
		cut_and_check(&s);
	}
}

static void an_empty_pool_ends_the_cutting_with_a_drop(void **state)
{
	struct shape s = {.payload = 60000, .size = 50, .head = 54};
	static struct made m;
	struct pkt *p = make(&m, &s);
	static struct burst b[16];
	struct gso gso;
	unsigned n = 0, segments = 0;

	assert_true(gso_begin(&gso, &w, p));
	while (gso_next(&gso, &b[n]))
		segments += b[n++].n;
	gso_end(&gso, NULL);
	assert_int_equal(segments, pool_size(w.small) - 1);
	assert_int_equal(w.drops[DROP_NO_BUFFER], 1);
	while (n--)
		burst_free(&b[n]);
}

static void refused(struct shape s, void (*spoil)(struct pkt *p, struct made *m))
{
	static struct made m;
	struct pkt *p = make(&m, &s);
	struct gso gso;

	spoil(p, &m);
	assert_false(gso_begin(&gso, &w, p));
	pkt_free(p);
}

static void other_version(struct pkt *p, struct made *m)
{
	p->off.gso_type = VIRTIO_NET_HDR_GSO_TCPV6;
}

static void other_protocol(struct pkt *p, struct made *m)
{
	((struct ipv4 *)(p->data + m->l3))->proto = PROTO_UDP;
}

static void a_fragment(struct pkt *p, struct made *m)
{
	((struct ipv4 *)(p->data + m->l3))->frag_off = to_be16(IPV4_MF);
}

static void layer_4_elsewhere(struct pkt *p, struct made *m)
{
	p->off.csum_start += 4;
}

static void other_ethertype(struct pkt *p, struct made *m)
{
	pkt_eth(p)->type = to_be16(0x9000);
}

static void no_partial_checksum(struct pkt *p, struct made *m)
{
	p->off.flags = 0;
}

static void no_size(struct pkt *p, struct made *m)
{
	p->off.gso_size = 0;
}

static void short_tcp_header(struct pkt *p, struct made *m)
{
	((struct tcp *)(p->data + m->l4))->data_off = 4 << 4;
}

static void headers_that_contradict_the_request_are_refused(void **state)
{
	struct shape s = {.payload = 5000, .size = 1000, .head = 1000};

	refused(s, other_version);
	refused(s, other_protocol);
	refused(s, a_fragment);
	refused(s, layer_4_elsewhere);
	refused(s, other_ethertype);
	refused(s, no_partial_checksum);
	refused(s, no_size);
	refused(s, short_tcp_header);
}

static void a_header_goes_in_and_out_unchanged(void **state)
{
	struct shape s = {.payload = 5000, .size = 1000, .head = 1000, .tcp_opts = 3};
	static struct made m;
	struct pkt *p = make(&m, &s);
	struct virtio_net_hdr in = {.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
				    .gso_type = VIRTIO_NET_HDR_GSO_TCPV4 |
						VIRTIO_NET_HDR_GSO_ECN,
				    .hdr_len = 1, /* a hint, and a wrong one */
				    .gso_size = 1000,
				    .csum_start = 34,
				    .csum_offset = 16},
			      out;

	assert_true(offload_parse(&w, p, &in));
	assert_int_equal(p->off.hdr_len, 14 + 20 + 32);
	offload_fill(p, &out);
	in.hdr_len = 66;
	assert_memory_equal(&in, &out, sizeof(in));
	pkt_free(p);
}

static void one_segment_is_no_segmentation(void **state)
{
	struct shape s = {.payload = 900, .size = 1000, .head = 1000};
	static struct made m;
	struct pkt *p = make(&m, &s);
	struct virtio_net_hdr h;

	offload_fill(p, &h);
	assert_true(offload_parse(&w, p, &h));
	assert_false(pkt_is_gso(p));
	assert_int_equal(p->off.flags, VIRTIO_NET_HDR_F_NEEDS_CSUM);
	pkt_free(p);
}

/* Whatever a program writes in front of its frames: it is refused, or it lies inside the
 * packet and can be sent, cut or summed without a step outside (the sanitizers watch). */
static void random_headers_are_refused_or_harmless(void **state)
{
	uint64_t seed = 99;
	unsigned accepted = 0, cut = 0;

	for (int i = 0; i < 60000; i++) {
		struct shape s = {.v6 = random_below(&seed, 2),
				  .udp = random_below(&seed, 2),
				  .payload = random_below(&seed, 3000),
				  .size = 1 + random_below(&seed, 600),
				  .head = 1 + random_below(&seed, 1700)};
		static struct made m;
		struct pkt *p = make(&m, &s);
		struct virtio_net_hdr h;
		uint8_t *raw = (uint8_t *)&h;
		struct gso gso;

		offload_fill(p, &h);
		for (uint32_t k = random_below(&seed, 4); k; k--)
			raw[random_below(&seed, sizeof(h))] = (uint8_t)random_u32(&seed);
		for (uint32_t k = random_below(&seed, 3); k; k--)
			p->data[random_below(&seed, p->len)] = (uint8_t)random_u32(&seed);
		p->flags = random_below(&seed, 8) ? 0 : PKT_F_IP;
		if (offload_parse(&w, p, &h)) {
			accepted++;
			if (p->off.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM)
				assert_true(p->off.csum_start + p->off.csum_offset + 2u <=
					    p->len);
			if (pkt_is_gso(p)) {
				assert_in_range(p->off.hdr_len, 1, p->len);
				assert_true(p->off.gso_size);
			}
			if (pkt_is_gso(p) && gso_begin(&gso, &w, p)) {
				struct burst b = {};
				uint32_t bytes = 0;

				while (gso_next(&gso, &b)) {
					struct pkt *q;

					burst_foreach(q, &b)
						bytes += pkt_size(q) - gso.hdr_len;
					burst_free(&b);
				}
				assert_int_equal(bytes, gso.payload);
				gso_end(&gso, NULL);
				cut++;
				continue;
			}
			assert_true(csum_complete(&w, p) || p->off.flags);
		}
		pkt_free(p);
	}
	assert_true(accepted > 10000 && cut > 5000);
}

static void positions_move_with_pushed_headers(void **state)
{
	struct shape s = {.payload = 5000, .size = 1000, .head = 1000};
	static struct made m;
	struct pkt *p = make(&m, &s);
	struct virtio_net_hdr h;

	offload_fill(p, &h);
	assert_true(offload_parse(&w, p, &h));
	offload_shift(p, 4);
	assert_int_equal(p->off.csum_start, 38);
	assert_int_equal(p->off.hdr_len, 58);
	offload_shift(p, -4);
	assert_int_equal(p->off.csum_start, 34);
	pkt_free(p);
}

static void features_say_what_is_carried(void **state)
{
	struct pkt *p = pkt_alloc(&w);

	assert_true(offload_fits(p, 0));
	p->off.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	assert_false(offload_fits(p, 0));
	assert_true(offload_fits(p, OFFLOAD_CSUM));
	p->off.gso_type = VIRTIO_NET_HDR_GSO_TCPV6 | VIRTIO_NET_HDR_GSO_ECN;
	assert_false(offload_fits(p, OFFLOAD_CSUM | OFFLOAD_USO));
	assert_true(offload_fits(p, OFFLOAD_CSUM | OFFLOAD_TSO));
	p->off.gso_type = VIRTIO_NET_HDR_GSO_UDP_L4;
	assert_false(offload_fits(p, OFFLOAD_CSUM | OFFLOAD_TSO));
	assert_true(offload_fits(p, OFFLOAD_CSUM | OFFLOAD_USO));
	pkt_free(p);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	static const struct CMUnitTest tests[] = {
		T(a_full_tcp_segment_is_cut_for_an_ethernet_mtu),
		T(payload_is_shared_not_copied),
		T(any_shape_of_packet_is_cut_right),
		T(an_empty_pool_ends_the_cutting_with_a_drop),
		T(headers_that_contradict_the_request_are_refused),
		T(a_header_goes_in_and_out_unchanged),
		T(one_segment_is_no_segmentation),
		T(random_headers_are_refused_or_harmless),
		T(positions_move_with_pushed_headers),
		T(features_say_what_is_carried),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
