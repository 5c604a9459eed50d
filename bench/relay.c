/* SPDX-License-Identifier: BSD-2-Clause
 *
 * relay - frames between two mirrors and nothing else: what ports cost without an engine.
 *
 *	relay [-p] [-y] [-f] [-s SPIN_US] [-c CPU] NETNS_A NETNS_B
 *
 * Makes a device "e0" in each of two network namespaces (paths of their files) and carries
 * frames between them until it is killed: taps or, with -p, veth ends with packet sockets on
 * their other ends.  -s: poll so long after traffic before sleeping.  -y: let others run while polling.  -c: run on this CPU.  -f: find the best
 * CPU while traffic flows.
 * It says "ready" when the devices are there; bench/relay.py gives them addresses and measures.
 */
#include "base/clock.h"
#include "base/fd.h"
#include "port/follow.h"
#include "port/packet.h"
#include "port/tap.h"

#include <err.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>

#define ROUND_BURSTS 8

/* The calling thread is left in the namespace. */
static void enter(const char *netns)
{
	auto_close int fd = open(netns, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || setns(fd, CLONE_NEWNET))
		err(1, "%s", netns);
}

static struct port *open_tap(const char *netns)
{
	struct ifreq ifr = {.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR};
	int fd, features;

	enter(netns);
	strcpy(ifr.ifr_name, "e0");
	fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &ifr))
		err(1, "tap in %s", netns);
	features = tap_configure(fd, (unsigned)ifr.ifr_flags);
	if (features < 0)
		errx(1, "tap in %s: %s", netns, strerror(-features));
	return tap_port_create(fd, (unsigned)features, DIR_TX, NULL);
}

/* The other end stays in the namespace of @home. */
static struct port *open_packet(int home, const char *netns)
{
	const char *name = strrchr(netns, '/') + 1; /* the same as the namespace's */
	char command[256];
	struct port *port;
	int fd;

	if (setns(home, CLONE_NEWNET))
		err(1, "setns");
	snprintf(command, sizeof(command),
		 "ip link add %s type veth peer name e0 netns %s && ip link set %s up",
		 name, strrchr(netns, '/') + 1, name);
	if (system(command))
		errx(1, "%s", command);
	fd = packet_port_open();
	if (fd < 0)
		errx(1, "packet socket: %s", strerror(-fd));
	port = packet_port_create(fd, DIR_TX, NULL);
	if (packet_port_bind(fd, if_nametoindex(name)) ||
	    packet_port_listen(port, if_nametoindex(name)))
		errx(1, "packet socket: it cannot listen");
	return port;
}

static struct count {
	uint64_t carried; /* bytes, in all its life; the rest since the last report */
	uint64_t rounds, sleeps, bursts, packets, bytes, sizes[5];
} count;

static void carry(struct worker *w, struct port *from, struct port *to)
{
	struct burst b;

	for (unsigned i = 0; i < ROUND_BURSTS; i++) {
		struct pkt *p;

		b.n = 0;
		if (!from->ops->receive(w, from, &b))
			errx(1, "a device is gone");
		if (!b.n)
			return;
		count.bursts++;
		count.packets += b.n;
		burst_foreach(p, &b)
			count.bytes += pkt_size(p), count.carried += pkt_size(p);
		count.sizes[b.n > 32 ? 4 : b.n > 8 ? 3 : b.n > 2 ? 2 : b.n > 1]++;
		to->ops->send(w, to, &b);
	}
}

static void run_on(const cpu_set_t *cpus)
{
	if (sched_setaffinity(0, sizeof(*cpus), cpus))
		err(1, "CPU");
}

static void follow_receiver(struct follow *follow, const cpu_set_t *all, nsec_t now)
{
	int next = follow_next(follow, now, count.carried, sched_getcpu());
	cpu_set_t one;

	if (next == FOLLOW_ANY)
		run_on(all);
	if (next < 0)
		return;
	CPU_ZERO(&one);
	CPU_SET((size_t)next, &one);
	run_on(&one);
}

static void report(const struct worker *w)
{
	fprintf(stderr,
		"rounds %lu sleeps %lu bursts %lu packets %lu bytes/packet %lu"
		" burst sizes 1:%lu 2:%lu 3-8:%lu 9-32:%lu more:%lu drops",
		count.rounds, count.sleeps, count.bursts, count.packets,
		count.packets ? count.bytes / count.packets : 0, count.sizes[0],
		count.sizes[1], count.sizes[2], count.sizes[3], count.sizes[4]);
	for (enum drop why = 0; why < DROP_N_REASONS; why++)
		if (w->drops[why])
			fprintf(stderr, " %s:%lu", drop_name(why), w->drops[why]);
	fprintf(stderr, "\n");
	count = (struct count){.carried = count.carried};
}

static void run(struct worker *w, struct port *ports[2], nsec_t spin, bool polite,
		bool follows)
{
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event events[2];
	struct follow follow;
	cpu_set_t all;
	nsec_t busy_until = 0, last_report = clock_now();

	sched_getaffinity(0, sizeof(all), &all);
	follow_init(&follow, &all);
	for (unsigned i = 0; i < 2; i++) {
		struct epoll_event event = {.events = EPOLLIN, .data.u32 = i};

		if (epoll_ctl(epoll, EPOLL_CTL_ADD, ports[i]->fd, &event))
			err(1, "epoll");
	}
	for (;;) {
		int n;

		w->now = clock_now();
		if (w->now < busy_until) {
			n = epoll_wait(epoll, events, 2, 0);
		} else {
			if (getenv("RELAY_STATS") &&
			    w->now - last_report > NSEC_PER_SEC) {
				last_report = w->now;
				report(w);
			}
			count.sleeps++;
			n = epoll_wait(epoll, events, 2, -1);
			w->now = clock_now();
		}
		count.rounds++;
		if (follows)
			follow_receiver(&follow, &all, w->now);
		for (int i = 0; i < n; i++)
			carry(w, ports[events[i].data.u32], ports[!events[i].data.u32]);
		if (n > 0)
			busy_until = w->now + spin;
		else if (polite)
			sched_yield();
	}
}

int main(int argc, char **argv)
{
	struct worker w = {};
	struct port *ports[2];
	nsec_t spin = 0;
	bool packet = false, polite = false, follows = false;
	int option, home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	while ((option = getopt(argc, argv, "pyfs:c:")) >= 0) {
		cpu_set_t cpus;

		switch (option) {
		case 'p':
			packet = true;
			break;
		case 'f':
			follows = true;
			break;
		case 'y':
			polite = true;
			break;
		case 's':
			spin = atoi(optarg) * NSEC_PER_USEC;
			break;
		case 'c':
			CPU_ZERO(&cpus);
			CPU_SET((size_t)atoi(optarg), &cpus);
			run_on(&cpus);
			break;
		default:
			return 2;
		}
	}
	if (argc - optind != 2)
		errx(2, "usage: relay [-p] [-s SPIN_US] [-c CPU] NETNS_A NETNS_B");
	w.small = pool_create(4096, PKT_SMALL_ROOM);
	w.large = pool_create(256, PKT_LARGE_ROOM);
	if (!w.small || !w.large)
		errx(1, "no memory");
	for (int i = 0; i < 2; i++)
		ports[i] = packet ? open_packet(home, argv[optind + i])
				  : open_tap(argv[optind + i]);
	puts("ready");
	fflush(stdout);
	run(&w, ports, spin, polite, follows);
}
