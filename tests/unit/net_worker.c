/* SPDX-License-Identifier: BSD-2-Clause
 *
 * net_worker - tests of the data plane's threads: frames through real descriptors, ports that
 * die, devices that are born and end while traffic flows.
 */
#include "net_util.h"

#include "main/worker.h"
#include "port/sock.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

struct fixture {
	struct net net;
	struct netns *ns;
	struct workers *ws;
	struct dev *a, *b;
	int near, far; /* the programs' ends of the two mirrors */
};

static struct port *socket_port(int *program)
{
	int fd[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fd), 0);
	*program = fd[0];
	return sock_port_create(fd[1], 0, 0, DIR_TX);
}

static void pair(struct fixture *f, struct dev **a, struct dev **b)
{
	struct link_req req = {.ns = f->ns};

	assert_int_equal(dev_create(&f->net, net_kind(&f->net, "veth", 4), &req, NULL),
			 0);
	*a = req.made[0];
	*b = req.made[1];
	dev_follow_flags(*a, IFF_UP);
	dev_follow_flags(*b, IFF_UP);
}

static void give_mirror(struct fixture *f, struct dev *dev, int *program)
{
	struct port *port = socket_port(program);

	dev_set_mirror(dev, port);
	assert_int_equal(port_attach(&f->net, port), 0);
}

static void start(struct fixture *f, unsigned n)
{
	struct workers_config config = WORKERS_CONFIG_DEFAULT;
	struct extack ea = {};

	memset(f, 0, sizeof(*f));
	config.n = n;
	net_init(&f->net, dev_kinds, n);
	f->ns = netns_get(&f->net, 1);
	assert_int_equal(workers_start(&f->net, &config, &f->ws, &ea), 0);
	pair(f, &f->a, &f->b);
	give_mirror(f, f->a, &f->near);
	give_mirror(f, f->b, &f->far);
}

static void stop(struct fixture *f)
{
	workers_stop(f->ws);
	net_done(&f->net);
	close(f->near);
	close(f->far);
}

static void cross(int from, int to, unsigned number)
{
	uint8_t frame[60] = {2}, got[100];

	memcpy(frame + 14, &number, sizeof(number));
	assert_int_equal(send(from, frame, sizeof(frame), 0), sizeof(frame));
	assert_int_equal(recv(to, got, sizeof(got), 0), sizeof(frame));
	assert_memory_equal(got, frame, sizeof(frame));
}

static void frames_cross_both_ways(void **state)
{
	struct workers_stats stats;
	struct dev_counters c;
	struct fixture f;

	start(&f, 1);
	for (unsigned i = 0; i < 100; i++) {
		cross(f.near, f.far, i);
		cross(f.far, f.near, i);
	}
	workers_stats(f.ws, &stats);
	assert_true(stats.packets >= 200);
	dev_counters(f.a, &c);
	assert_int_equal(c.tx_packets, 100);
	stop(&f);
}

static void ports_are_spread_over_workers(void **state)
{
	struct fixture f;

	start(&f, 2);
	assert_int_not_equal(f.a->mirror->worker, f.b->mirror->worker);
	for (unsigned i = 0; i < 100; i++) {
		cross(f.near, f.far, i);
		cross(f.far, f.near, i);
	}
	stop(&f);
}

static void a_dead_port_is_told_and_not_polled_again(void **state)
{
	struct fixture f;
	struct pollfd poll_fd;
	struct port *dead;

	start(&f, 1);
	poll_fd = (struct pollfd){.fd = workers_dead_fd(f.ws), .events = POLLIN};
	assert_int_equal(poll(&poll_fd, 1, 0), 0);
	close(f.far);
	assert_int_equal(poll(&poll_fd, 1, -1), 1);
	dead = workers_take_dead(f.ws);
	assert_ptr_equal(dead, f.b->mirror);
	assert_null(workers_take_dead(f.ws));
	assert_int_equal(poll(&poll_fd, 1, 0), 0);
	dev_set_mirror(f.b, NULL);
	net_run_deferred(&f.net);
	/* and another may take its place */
	give_mirror(&f, f.b, &f.far);
	cross(f.near, f.far, 1);
	stop(&f);
}

static void a_port_that_leaves_before_it_is_found_dead_is_forgotten(void **state)
{
	struct fixture f;

	start(&f, 1);
	close(f.far);
	dev_set_mirror(f.b, NULL);
	net_run_deferred(&f.net);
	assert_null(workers_take_dead(f.ws));
	give_mirror(&f, f.b, &f.far);
	stop(&f);
}

/* Under a sanitizer, a pointer kept too long by either side is found here. */
static void devices_come_and_go_under_traffic(void **state)
{
	static const uint8_t frame[60] = {2};
	struct fixture f;

	start(&f, 2);
	for (unsigned i = 0; i < 200; i++) {
		struct dev *a, *b;
		int near, far;

		pair(&f, &a, &b);
		give_mirror(&f, a, &near);
		give_mirror(&f, b, &far);
		for (unsigned j = 0; j < 20; j++)
			assert_true(send(near, frame, sizeof(frame), MSG_DONTWAIT) > 0);
		cross(f.near, f.far, i);
		dev_destroy(i % 2 ? a : b);
		if (i % 8 == 0)
			net_run_deferred(&f.net);
		close(near);
		close(far);
	}
	cross(f.far, f.near, 1);
	stop(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_cross_both_ways),
		cmocka_unit_test(ports_are_spread_over_workers),
		cmocka_unit_test(a_dead_port_is_told_and_not_polled_again),
		cmocka_unit_test(a_port_that_leaves_before_it_is_found_dead_is_forgotten),
		cmocka_unit_test(devices_come_and_go_under_traffic),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
