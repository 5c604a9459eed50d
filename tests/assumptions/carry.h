/* SPDX-License-Identifier: BSD-2-Clause
 *
 * carry - two network namespaces, a and b, with a device "e0" each, and a process that carries
 * frames between the ports behind them, as an engine does; and real traffic to send through.
 */
#pragma once

#include "net/dev.h"
#include "pkt/gso.h"
#include "pkt/hdr.h"
#include "prove.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sys/socket.h>

/* Younger than some headers. */
#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#ifndef UDP_GRO
#define UDP_GRO 104
#endif

/* What the carrier saw; in memory that all processes share. */
struct seen {
	unsigned frames, largest;
	unsigned tcp4_gso, tcp6_gso, udp_gso, partial, tagged, drops;
};
static struct seen *seen;

static int home, ns_a, ns_b;

static inline void enter_netns(int ns)
{
	REQUIRE(setns(ns, CLONE_NEWNET) == 0);
}

static inline int new_netns(void)
{
	int fd;

	REQUIRE(unshare(CLONE_NEWNET) == 0);
	fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	REQUIRE(fd >= 0);
	return fd;
}

static inline void begin_worlds(void)
{
	prove_begin();
	seen = mmap(NULL, sizeof(*seen), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	REQUIRE(seen != MAP_FAILED);
	enter_world(CLONE_NEWNET);
	home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	ns_a = new_netns();
	ns_b = new_netns();
	enter_netns(home);
	alarm(60); /* only if a frame is lost for ever */
}

static inline bool try_command(const char *command)
{
	return system(command) == 0;
}

static inline void command(const char *line)
{
	if (!try_command(line))
		prove_point(false, line, __FILE__, __LINE__);
}

static inline void set_address(int ns, unsigned host)
{
	auto_free char *line = xasprintf(
		"sysctl -q -w net.ipv6.conf.e0.accept_dad=0 && ip link set e0 up && "
		"ip addr add 10.8.0.%u/24 dev e0 && ip addr add fd00::%u/64 dev e0 nodad",
		host, host);

	enter_netns(ns);
	command(line);
}

static inline void look_at(const struct pkt *p)
{
	uint32_t l3;

	seen->frames++;
	seen->largest = max(seen->largest, pkt_size(p));
	seen->partial += p->off.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM;
	seen->tcp4_gso += p->off.gso_type == VIRTIO_NET_HDR_GSO_TCPV4;
	seen->tcp6_gso += p->off.gso_type == VIRTIO_NET_HDR_GSO_TCPV6;
	seen->udp_gso += p->off.gso_type == VIRTIO_NET_HDR_GSO_UDP_L4;
	(void)pkt_ethertype(p, &l3);
	seen->tagged += l3 > 14;
}

static inline struct worker new_worker(void)
{
	struct worker w = {.small = pool_create(1024, PKT_SMALL_ROOM),
			   .large = pool_create(64, PKT_LARGE_ROOM)};

	REQUIRE(w.small && w.large);
	return w;
}

/* A process that carries frames between @a and @b until it is killed. */
static inline pid_t start_carrier(struct port *a, struct port *b)
{
	struct port *ports[2] = {a, b};
	struct worker w;
	pid_t pid = fork_child();

	if (pid)
		return pid;
	w = new_worker();
	for (;;) {
		struct pollfd fds[2] = {{.fd = a->fd, .events = POLLIN},
					{.fd = b->fd, .events = POLLIN}};

		REQUIRE(poll(fds, 2, -1) > 0);
		for (int i = 0; i < 2; i++) {
			struct burst burst = {};
			struct pkt *p;

			if (!ports[i]->ops->receive(&w, ports[i], &burst))
				_exit(0);
			burst_foreach(p, &burst)
				look_at(p);
			ports[!i]->ops->send(&w, ports[!i], &burst);
		}
		seen->drops = 0;
		for (unsigned why = 0; why < DROP_N_REASONS; why++)
			seen->drops += (unsigned)w.drops[why];
	}
}

static inline void stop_carrier(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

#define TRANSFER (8u << 20)

static inline struct sockaddr_in6 address_of(bool v6, unsigned host, uint16_t port)
{
	struct sockaddr_in6 addr = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
	auto_free char *text =
		v6 ? xasprintf("fd00::%u", host) : xasprintf("::ffff:10.8.0.%u", host);

	REQUIRE(inet_pton(AF_INET6, text, &addr.sin6_addr) == 1);
	return addr;
}

static inline void receive_transfer(int listener)
{
	static uint8_t buf[1 << 16];
	int fd = accept(listener, NULL, NULL);
	uint32_t at = 0;
	ssize_t n;

	REQUIRE(fd >= 0);
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		for (ssize_t i = 0; i < n; i++, at++)
			REQUIRE(buf[i] == (uint8_t)(at * 2654435761u >> 11));
	REQUIRE(n == 0 && at == TRANSFER);
	_exit(0);
}

/* 8 MiB from a to b by TCP; every byte is checked. */
static inline void transfer(bool v6)
{
	static uint8_t data[TRANSFER];
	struct sockaddr_in6 addr = address_of(v6, 2, 7000);
	int listener, fd;
	size_t done = 0;
	pid_t receiver;

	*seen = (struct seen){};
	enter_netns(ns_b);
	listener = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	REQUIRE(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int)) ==
		0);
	REQUIRE(bind(listener, (struct sockaddr *)&addr, sizeof(addr)) == 0);
	REQUIRE(listen(listener, 1) == 0);
	receiver = fork_child();
	if (!receiver)
		receive_transfer(listener);
	close(listener);
	for (uint32_t i = 0; i < TRANSFER; i++)
		data[i] = (uint8_t)(i * 2654435761u >> 11);
	enter_netns(ns_a);
	fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	REQUIRE(connect(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0);
	while (done < TRANSFER) {
		ssize_t n = write(fd, data + done, TRANSFER - done);

		REQUIRE(n > 0);
		done += (size_t)n;
	}
	close(fd);
	expect_success(receiver);
}

/* One sendmsg of 20 datagrams of 1000 bytes from a to b; true if all arrive. */
static inline bool datagrams(bool v6)
{
	struct sockaddr_in6 addr = address_of(v6, 2, 7001);
	static uint8_t data[20000], got[2000];
	int size = 1000, from, to, n = 0;

	*seen = (struct seen){};
	enter_netns(ns_b);
	to = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	REQUIRE(bind(to, (struct sockaddr *)&addr, sizeof(addr)) == 0);
	enter_netns(ns_a);
	from = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	REQUIRE(setsockopt(from, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof(size)) == 0);
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i / 1000);
	REQUIRE(sendto(from, data, sizeof(data), 0, (struct sockaddr *)&addr,
		       sizeof(addr)) == sizeof(data));
	for (; n < 20; n++) {
		struct pollfd fd = {.fd = to, .events = POLLIN};

		if (poll(&fd, 1, 5000) != 1 || recv(to, got, sizeof(got), 0) != 1000 ||
		    got[0] != n || got[999] != n)
			break;
	}
	close(from);
	close(to);
	return n == 20;
}
