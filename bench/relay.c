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
	int fd;

	if (setns(home, CLONE_NEWNET))
		err(1, "setns");
	snprintf(command, sizeof(command),
		 "ip link add %s type veth peer name e0 netns %s && ip link set %s up",
		 name, strrchr(netns, '/') + 1, name);
	if (system(command))
		errx(1, "%s", command);
	fd = packet_port_open(if_nametoindex(name));
	if (fd < 0)
		errx(1, "packet socket: %s", strerror(-fd));
	return packet_port_create(fd, DIR_TX);
}

static struct {
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
			count.bytes += pkt_size(p);
		count.sizes[b.n > 32 ? 4 : b.n > 8 ? 3 : b.n > 2 ? 2 : b.n > 1]++;
		to->ops->send(w, to, &b);
	}
}

/* Under load a relay is best beside the receiver, whose CPU nobody tells: so try.  Once in
 * PERIOD slots of busy traffic, spend TRIAL slots on another CPU, and stay there if more bytes
 * were carried. */
#define SLOT	   (5 * NSEC_PER_MSEC)
#define PERIOD	   100
#define TRIAL	   4
#define BUSY_BYTES (1u << 20) /* in a slot: 1.6 Gbit/s */

static struct {
	nsec_t slot_ends;
	uint64_t bytes_before;
	uint64_t home_bytes, trial_bytes; /* a slot, on average */
	int home, trial;
	unsigned n; /* slots since the last trial began */
} follow = {.home = -1};

static void run_on(int cpu)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET((size_t)cpu, &cpus);
	(void)sched_setaffinity(0, sizeof(cpus), &cpus);
}

static void follow_receiver(nsec_t now)
{
	uint64_t bytes = count.bytes - follow.bytes_before;

	if (now < follow.slot_ends)
		return;
	follow.slot_ends = now + SLOT;
	follow.bytes_before = count.bytes;
	if (bytes < BUSY_BYTES) {
		if (follow.home >= 0)
			run_on(follow.home);
		follow.n = PERIOD - TRIAL; /* try soon after it starts */
		return;
	}
	if (follow.home < 0)
		run_on(follow.home = sched_getcpu());
	follow.n++;
	if (follow.n == PERIOD) {
		follow.trial = (follow.home + 1) % (int)sysconf(_SC_NPROCESSORS_ONLN);
		run_on(follow.trial);
		follow.trial_bytes = 0;
	} else if (follow.n > PERIOD + 1 && follow.n <= PERIOD + TRIAL) {
		follow.trial_bytes += bytes / (TRIAL - 1);
	} else if (follow.n < PERIOD) {
		follow.home_bytes += ((int64_t)bytes - (int64_t)follow.home_bytes) / 4;
	}
	if (follow.n == PERIOD + TRIAL) {
		if (follow.trial_bytes > follow.home_bytes + follow.home_bytes / 10) {
			follow.home = follow.trial;
			follow.home_bytes = follow.trial_bytes;
		}
		run_on(follow.home);
		follow.n = 0;
	}
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
	memset(&count, 0, sizeof(count));
	follow.bytes_before = 0;
}

static void run(struct worker *w, struct port *ports[2], nsec_t spin, bool polite,
		bool follows)
{
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event events[2];
	nsec_t busy_until = 0, last_report = clock_now();

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
			follow_receiver(w->now);
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
			run_on(atoi(optarg));
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
