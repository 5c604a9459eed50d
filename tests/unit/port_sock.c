/* SPDX-License-Identifier: BSD-2-Clause
 *
 * port_sock - tests of the port that is a program's tap: what the program writes is received,
 * what is sent is what it reads, in the form that it asked for.
 */
#include "pkt_util.h"
#include "pkt/gso.h"
#include "port/sock.h"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <sys/socket.h>
#include <unistd.h>

static struct worker w;
static struct port *port;
static int program; /* the program's end */
static uint8_t frame[66000], got[66000];

static void open_port(unsigned features, unsigned vnet_hdr_size)
{
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	port = sock_port_create(pair[0], features, vnet_hdr_size, DIR_RX);
	program = pair[1];
	assert_int_equal(fcntl(program, F_SETFL, O_NONBLOCK), 0);
}

static int setup(void **state)
{
	uint64_t seed = 4;

	worker_init(&w);
	random_bytes(&seed, frame, sizeof(frame));
	frame[12] = 0x86;
	frame[13] = 0xdd;
	return 0;
}

static int teardown(void **state)
{
	port->ops->close(port);
	close(program);
	worker_done(&w);
	return 0;
}

static struct pkt *receive_one(void)
{
	struct burst b = {};

	assert_true(port->ops->receive(&w, port, &b));
	assert_int_equal(b.n, 1);
	return b.pkt[0];
}

static unsigned receive_none(void)
{
	struct burst b = {};

	assert_true(port->ops->receive(&w, port, &b));
	return b.n;
}

static void send_one(struct pkt *p)
{
	struct burst b = {.n = 1, .pkt = {p}};

	port->ops->send(&w, port, &b);
	assert_int_equal(b.n, 0);
}

static void each_write_is_a_frame_of_any_length(void **state)
{
	static const uint32_t lens[] = {14, 60, 1514, 1728, 1729, 9000, 65549};
	struct pkt *p;

	open_port(0, 0);
	for (size_t i = 0; i < array_size(lens); i++) {
		assert_int_equal(write(program, frame, lens[i]), lens[i]);
		p = receive_one();
		check_bytes(p, frame, lens[i]);
		assert_int_equal(p->flags, 0);
		send_one(p);
		assert_int_equal(read(program, got, sizeof(got)), lens[i]);
		assert_memory_equal(got, frame, lens[i]);
	}
	assert_int_equal(receive_none(), 0);
}

static void many_frames_come_by_bursts_and_in_order(void **state)
{
	struct burst b = {};
	unsigned n = 0;

	open_port(0, 0);
	for (unsigned i = 0; i < 100; i++) {
		frame[0] = (uint8_t)i;
		assert_int_equal(write(program, frame, 60), 60);
	}
	while (n < 100) {
		struct pkt *p;

		assert_true(port->ops->receive(&w, port, &b));
		assert_true(b.n > 0);
		burst_foreach(p, &b)
			assert_int_equal(p->data[0], n++);
		burst_free(&b);
	}
}

static void a_burst_ends_before_it_outgrows_the_cache(void **state)
{
	struct burst b = {};
	unsigned n = 0;
	int size = 4 << 20;

	open_port(0, 0);
	assert_int_equal(setsockopt(program, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)),
			 0);
	while (n < 10 && write(program, frame, 60000) == 60000)
		n++;
	assert_true(port->ops->receive(&w, port, &b));
	assert_true(b.n >= 1 && b.n <= 12);
	burst_free(&b);
}

static void what_is_not_even_ethernet_is_dropped(void **state)
{
	open_port(0, 0);
	assert_int_equal(write(program, frame, 13), 13);
	assert_int_equal(receive_none(), 0);
	assert_int_equal(w.drops[DROP_TOO_SHORT], 1);
}

static void a_tun_carries_bare_packets_with_its_protocol_in_front(void **state)
{
	struct tun_pi pi = {.proto = to_be16(ETHERTYPE_IPV4).raw};
	struct pkt *p;

	open_port(PORT_F_IP | PORT_F_PI, 0);
	memcpy(frame, &pi, sizeof(pi));
	memset(frame + sizeof(pi), 0x45, 30);
	assert_int_equal(write(program, frame, 34), 34);
	p = receive_one();
	assert_int_equal(p->flags, PKT_F_IP);
	check_bytes(p, frame + sizeof(pi), 30);
	send_one(p);
	assert_int_equal(read(program, got, sizeof(got)), 34);
	assert_memory_equal(got, frame, 34);
	assert_int_equal(write(program, frame, sizeof(pi)),
			 sizeof(pi)); /* nothing behind it */
	assert_int_equal(receive_none(), 0);
}

/* An IPv4 UDP frame with a partial checksum behind a header of 12 bytes. */
static void put_partial_udp(void)
{
	struct virtio_net_hdr h = {
		.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM, .csum_start = 34, .csum_offset = 6};

	memset(frame, 0, 112);
	memcpy(frame, &h, sizeof(h));
	frame[12 + 12] = 0x08;
	frame[12 + 14] = 0x45;
	frame[12 + 34 + 5] = 66; /* the length; the payload is all zero */
}

static void a_virtio_header_of_the_programs_size_is_understood(void **state)
{
	struct virtio_net_hdr h;
	struct pkt *p;

	open_port(PORT_F_VNET_HDR | PORT_F_CSUM, 12);
	put_partial_udp();
	assert_int_equal(write(program, frame, 112), 112);
	p = receive_one();
	assert_int_equal(p->off.csum_start, 34);
	check_bytes(p, frame + 12, 100);
	send_one(p);
	memset(got, 0xff, sizeof(got));
	assert_int_equal(read(program, got, sizeof(got)), 112);
	memcpy(&h, got, sizeof(h));
	assert_int_equal(h.flags, VIRTIO_NET_HDR_F_NEEDS_CSUM);
	assert_memory_equal(got, frame, 112);
}

static void a_program_that_takes_no_checksums_gets_finished_ones(void **state)
{
	struct pkt *p;

	open_port(PORT_F_VNET_HDR, 12);
	put_partial_udp();
	assert_int_equal(write(program, frame, 112), 112);
	p = receive_one();
	send_one(p);
	assert_int_equal(read(program, got, sizeof(got)), 112);
	assert_int_equal(got[0], 0);
	/* The sum of the UDP header is its length, 66; complemented. */
	assert_int_equal(got[12 + 34 + 6] << 8 | got[12 + 34 + 7], (uint16_t)~66);
}

static void a_header_that_points_outside_is_refused(void **state)
{
	open_port(PORT_F_VNET_HDR | PORT_F_CSUM, 12);
	put_partial_udp();
	frame[7] = 0xff; /* csum_start */
	assert_int_equal(write(program, frame, 112), 112);
	assert_int_equal(receive_none(), 0);
	assert_int_equal(w.drops[DROP_NO_GSO], 1);
}

static void a_program_that_does_not_read_loses_frames_and_others_wait_for_none(
	void **state)
{
	unsigned sent = 0, read_back = 0;

	open_port(0, 0);
	while (!w.drops[DROP_FULL_RING]) {
		send_one(pkt_from(&w, frame, 1000));
		assert_true(++sent < 100000);
	}
	while (read(program, got, sizeof(got)) == 1000)
		read_back++;
	assert_int_equal(read_back, sent - w.drops[DROP_FULL_RING]);
}

static void a_program_that_is_gone_makes_the_port_dead(void **state)
{
	struct burst b = {};

	open_port(0, 0);
	assert_int_equal(write(program, frame, 60), 60);
	shutdown(program, SHUT_RDWR);
	send_one(pkt_from(&w, frame, 60));
	assert_int_equal(w.drops[DROP_NO_RECEIVER], 1);
	assert_false(port->ops->receive(&w, port, &b));
	assert_int_equal(b.n, 1); /* what it had written still arrives */
	burst_free(&b);
}

static void without_packets_frames_are_thrown_away_and_counted(void **state)
{
	static struct burst all[16];
	unsigned n = 0;

	open_port(0, 0);
	for (unsigned i = 0; i < 5; i++)
		assert_int_equal(write(program, frame, 60), 60);
	while ((all[n].n = pkt_alloc_burst(&w, all[n].pkt, BURST_MAX)))
		n++;
	assert_int_equal(receive_none(), 0);
	assert_int_equal(w.drops[DROP_NO_BUFFER], 5);
	while (n--)
		burst_free(&all[n]);
	assert_int_equal(write(program, frame, 60), 60);
	pkt_free(receive_one());
}

static void without_large_packets_only_large_frames_are_lost(void **state)
{
	struct pkt *large[64];

	open_port(0, 0);
	for (unsigned i = 0; i < array_size(large); i++)
		large[i] = pkt_alloc_large(&w);
	assert_null(pkt_alloc_large(&w));
	assert_int_equal(write(program, frame, 5000), 5000);
	assert_int_equal(receive_none(), 0);
	assert_int_equal(w.drops[DROP_NO_BUFFER], 1);
	assert_int_equal(write(program, frame, 1514), 1514);
	pkt_free(receive_one());
	for (unsigned i = 0; i < array_size(large); i++)
		pkt_free(large[i]);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	static const struct CMUnitTest tests[] = {
		T(each_write_is_a_frame_of_any_length),
		T(many_frames_come_by_bursts_and_in_order),
		T(a_burst_ends_before_it_outgrows_the_cache),
		T(what_is_not_even_ethernet_is_dropped),
		T(a_tun_carries_bare_packets_with_its_protocol_in_front),
		T(a_virtio_header_of_the_programs_size_is_understood),
		T(a_program_that_takes_no_checksums_gets_finished_ones),
		T(a_header_that_points_outside_is_refused),
		T(a_program_that_does_not_read_loses_frames_and_others_wait_for_none),
		T(a_program_that_is_gone_makes_the_port_dead),
		T(without_packets_frames_are_thrown_away_and_counted),
		T(without_large_packets_only_large_frames_are_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
