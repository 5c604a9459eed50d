/* SPDX-License-Identifier: BSD-2-Clause
 *
 * port_probe - tests of the port in memory, and with it of what all ports share: packets that
 * are more than a port can carry are adapted before they leave.
 */
#include "pkt_util.h"
#include "pkt/csum.h"
#include "pkt/gso.h"
#include "port/probe.h"

static struct worker w;
static struct port *port;

static int setup(void **state)
{
	worker_init(&w);
	port = probe_port_create(DIR_TX);
	return 0;
}

static int teardown(void **state)
{
	port->ops->close(port);
	worker_done(&w);
	return 0;
}

/* An IPv4 packet in Ethernet with a partial checksum: TCP of @payload bytes to be cut into
 * @size, or if that is 0 not to be cut. */
static struct pkt *tcp_packet(uint32_t payload, uint16_t size)
{
	static uint8_t frame[66000];
	struct eth *eth = (struct eth *)frame;
	struct ipv4 *ip = (struct ipv4 *)(eth + 1);
	struct tcp *tcp = (struct tcp *)(ip + 1);
	struct pkt *p;

	memset(frame, 0, sizeof(frame));
	eth->type = to_be16(ETHERTYPE_IPV4);
	ip->version_ihl = 0x45;
	ip->total_len = to_be16((uint16_t)(40 + payload));
	ip->proto = PROTO_TCP;
	ip->csum = csum_finish(csum_add(0, ip, sizeof(*ip)));
	tcp->data_off = 5 << 4;
	tcp->csum = csum_fold(csum_pseudo_ipv4(ip, PROTO_TCP, 20 + payload));
	for (uint32_t i = 0; i < payload; i++)
		frame[54 + i] = (uint8_t)(i * 7);
	p = pkt_from(&w, frame, 54 + payload);
	assert_non_null(p);
	p->off = (struct offload){.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
				  .gso_type = size ? VIRTIO_NET_HDR_GSO_TCPV4
						   : VIRTIO_NET_HDR_GSO_NONE,
				  .gso_size = size,
				  .csum_start = 34,
				  .csum_offset = 16};
	return p;
}

static void send_one(struct pkt *p)
{
	struct burst b = {.n = 1, .pkt = {p}};

	port->ops->send(&w, port, &b);
	assert_int_equal(b.n, 0);
}

/* Its TCP checksum is that of its bytes. */
static void check_summed(const struct pkt *p)
{
	struct ipv4 *ip = pkt_ipv4(p, 14);
	uint32_t len = pkt_size(p) - 34;

	assert_int_equal(p->off.flags, 0);
	assert_int_equal(csum_finish(csum_add_pkt(csum_pseudo_ipv4(ip, PROTO_TCP, len), p,
						  34, len))
				 .raw,
			 0);
}

static void what_is_pushed_is_received_in_order_by_bursts(void **state)
{
	struct burst b = {};
	unsigned n = 0;

	for (uint16_t i = 0; i < 150; i++) {
		struct pkt *p = pkt_alloc(&w);

		p->vid = i;
		probe_push(port, p);
	}
	for (unsigned round = 0; round < 3; round++) {
		struct pkt *p;

		assert_true(port->ops->receive(&w, port, &b));
		assert_int_equal(b.n, round < 2 ? BURST_MAX : 150 - 2 * BURST_MAX);
		burst_foreach(p, &b)
			assert_int_equal(p->vid, n++);
		burst_free(&b);
	}
	assert_true(port->ops->receive(&w, port, &b));
	assert_int_equal(b.n, 0);
	probe_kill(port);
	assert_false(port->ops->receive(&w, port, &b));
}

static void what_is_sent_is_popped_in_order(void **state)
{
	uint16_t sent = 0, popped = 0;
	uint64_t seed = 2;

	while (popped < 2000) {
		struct burst b = {
			.n = pkt_alloc_burst(&w, b.pkt, random_below(&seed, 40))};
		struct pkt *p;

		burst_foreach(p, &b)
			p->vid = sent++;
		port->ops->send(&w, port, &b);
		for (uint32_t n = random_below(&seed, 60); n; n--) {
			p = probe_pop(port);
			if (!p)
				break;
			assert_int_equal(p->vid, popped++);
			pkt_free(p);
		}
		assert_int_equal(probe_n_sent(port), sent - popped);
	}
}

static void a_port_with_offloads_gets_packets_as_they_are(void **state)
{
	struct pkt *p = tcp_packet(60000, 1460);

	send_one(p);
	assert_ptr_equal(probe_pop(port), p);
	assert_int_equal(p->off.gso_size, 1460);
	pkt_free(p);
}

static void a_port_with_checksums_only_gets_segments_to_be_summed(void **state)
{
	struct pkt *p;
	uint32_t bytes = 0;

	port->features = PORT_F_CSUM;
	send_one(tcp_packet(60000, 1460));
	assert_int_equal(probe_n_sent(port), 42);
	while ((p = probe_pop(port))) {
		assert_int_equal(p->off.flags, VIRTIO_NET_HDR_F_NEEDS_CSUM);
		assert_int_equal(p->off.gso_type, VIRTIO_NET_HDR_GSO_NONE);
		bytes += pkt_size(p) - 54;
		assert_true(csum_complete(&w, p));
		check_summed(p);
		pkt_free(p);
	}
	assert_int_equal(bytes, 60000);
}

static void a_port_without_offloads_gets_plain_frames_in_order(void **state)
{
	struct burst b = {};
	struct pkt *p;

	port->features = 0;
	b.pkt[b.n++] = tcp_packet(100, 0);
	b.pkt[b.n++] = tcp_packet(30000, 100); /* more segments than a burst holds */
	b.pkt[b.n++] = tcp_packet(1400, 0);
	port->ops->send(&w, port, &b);
	assert_int_equal(probe_n_sent(port), 302);
	for (unsigned i = 0; (p = probe_pop(port)); i++) {
		assert_int_equal(pkt_size(p), i < 301 ? 154 : 1454);
		check_summed(p);
		pkt_free(p);
	}
}

static void what_cannot_be_cut_is_dropped_and_the_rest_goes_on(void **state)
{
	struct burst b = {};
	struct pkt *p;

	port->features = 0;
	b.pkt[b.n++] = tcp_packet(5000, 1000);
	pkt_ipv4(b.pkt[0], 14)->proto = PROTO_GRE;
	b.pkt[b.n++] = tcp_packet(100, 0);
	port->ops->send(&w, port, &b);
	assert_int_equal(w.drops[DROP_NO_GSO], 1);
	assert_int_equal(probe_n_sent(port), 1);
	p = probe_pop(port);
	assert_int_equal(pkt_size(p), 154);
	pkt_free(p);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	static const struct CMUnitTest tests[] = {
		T(what_is_pushed_is_received_in_order_by_bursts),
		T(what_is_sent_is_popped_in_order),
		T(a_port_with_offloads_gets_packets_as_they_are),
		T(a_port_with_checksums_only_gets_segments_to_be_summed),
		T(a_port_without_offloads_gets_plain_frames_in_order),
		T(what_cannot_be_cut_is_dropped_and_the_rest_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
