/* SPDX-License-Identifier: BSD-2-Clause
 *
 * tap_states - what reading and writing a tap say while it is empty, down, and deleted.
 */
#include "carry.h"
#include "port/frame.h"
#include "port/tap.h"

#include <linux/if_tun.h>
#include <sys/ioctl.h>

static struct worker w;

static int open_tap(short flags, int *ret_features)
{
	struct ifreq ifr = {.ifr_name = "e0", .ifr_flags = flags};
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		SKIP("/dev/net/tun cannot be opened: %m");
	REQUIRE(ioctl(fd, TUNSETIFF, &ifr) == 0);
	*ret_features = tap_configure(fd, (unsigned)flags);
	REQUIRE(*ret_features >= 0);
	return fd;
}

static bool fails_with(ssize_t result, int error)
{
	return result < 0 && errno == error;
}

static void send_one(struct port *port)
{
	struct burst b = {.n = 1};
	static const uint8_t frame[60];

	b.pkt[0] = pkt_from(&w, frame, sizeof(frame));
	port->ops->send(&w, port, &b);
}

static void frames_while_down(int fd, struct port *port)
{
	uint8_t frame[100] = {};

	PROVE(fails_with(read(fd, frame, sizeof(frame)), EAGAIN),
	      "an empty tap reads EAGAIN");
	PROVE(fails_with(write(fd, frame, 70), EIO), "a tap that is down writes EIO");
	send_one(port);
	PROVE(w.drops[DROP_DEV_DOWN] == 1, "which the port counts as DEV_DOWN");
	command("ip link set e0 up");
	PROVE(write(fd, frame, 70) == 70, "a tap that is up takes a frame");
	PROVE(fails_with(write(fd, frame, 10 + 13), EINVAL),
	      "but none that is not Ethernet");
}

/* The namespace sends router solicitations and the like by itself. */
static void frames_of_the_kernel(struct port *port)
{
	struct burst b = {};
	struct pollfd poll_fd = {.fd = port->fd, .events = POLLIN};

	command("ping -c1 -W1 -q 10.8.0.9 >/dev/null; true");
	PROVE(poll(&poll_fd, 1, 5000) == 1 && poll_fd.revents == POLLIN,
	      "a tap with frames is readable");
	PROVE(port->ops->receive(&w, port, &b) && b.n, "and the port receives them");
	burst_free(&b);
}

static void short_reads(int fd, struct port *port)
{
	uint8_t some[FRAME_PREFIX_MAX];
	static struct burst all[20];
	unsigned n = 0;

	command("ping -c1 -W1 -q 10.8.0.10 >/dev/null; true");
	PROVE(read(fd, some, sizeof(some)) > 0 && read(fd, some, 5) < 0 &&
		      errno == EINVAL,
	      "a read into a short buffer throws the rest away");
	while (read(fd, some, sizeof(some)) > 0)
		;
	command("ping -c1 -W1 -q 10.8.0.11 >/dev/null; true");
	while ((all[n].n = pkt_alloc_burst(&w, all[n].pkt, BURST_MAX)))
		n++;
	PROVE(port->ops->receive(&w, port, &all[n]) && w.drops[DROP_NO_BUFFER] > 0,
	      "which empties a tap when there are no packets");
	while (n--)
		burst_free(&all[n]);
}

static int handed_back = -1;

static void take_back(int fd)
{
	handed_back = fd;
}

static void the_end(int fd, struct port *port)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
	struct burst b = {};
	uint8_t frame[100] = {};

	command("ip link del e0");
	PROVE(poll(&poll_fd, 1, 5000) == 1 && poll_fd.revents & POLLERR,
	      "poll reports that a tap was deleted");
	PROVE(fails_with(read(fd, frame, sizeof(frame)), EBADFD),
	      "reading it then is EBADFD");
	PROVE(fails_with(write(fd, frame, 70), EBADFD), "and so is writing");
	PROVE(!port->ops->receive(&w, port, &b) && !b.n, "the port says that it is dead");
	send_one(port);
	PROVE(w.drops[DROP_NO_RECEIVER] == 1, "and counts frames as NO_RECEIVER");
	port->ops->close(port);
	REQUIRE(handed_back == fd);
	close(fd);
}

static void a_tun_carries_packets(void)
{
	uint8_t packet[28] = {0x45, 0, 0, 28, 0, 0, 0, 0, 64, PROTO_UDP};
	struct burst b = {};
	int features, fd = open_tap(IFF_TUN | IFF_NO_PI, &features);
	struct port *port = tap_port_create(fd, (unsigned)features, DIR_TX, NULL);

	PROVE(features == PORT_F_IP, "a tun's port is one of layer 3");
	command("ip link set e0 up && ip addr add 10.8.0.1/24 dev e0");
	PROVE(write(fd, packet, sizeof(packet)) == sizeof(packet),
	      "a tun takes bare packets");
	command("ping -c1 -W1 -q 10.8.0.9 >/dev/null; true");
	for (bool found = false; !found;) {
		struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
		struct pkt *p;

		REQUIRE(poll(&poll_fd, 1, 5000) == 1 && port->ops->receive(&w, port, &b));
		burst_foreach(p, &b)
			if (p->flags & PKT_F_IP && p->data[0] == 0x45 &&
			    p->data[9] == PROTO_ICMP)
				found = true;
		burst_free(&b);
	}
	PROVE(true, "and gives bare packets");
	port->ops->close(port);
}

int main(void)
{
	struct port *port;
	int fd, features;

	begin_worlds();
	enter_netns(ns_a);
	w = new_worker();
	fd = open_tap(IFF_TAP | IFF_NO_PI | IFF_VNET_HDR, &features);
	port = tap_port_create(fd, (unsigned)features, DIR_TX, take_back);
	frames_while_down(fd, port);
	command("ip addr add 10.8.0.1/24 dev e0");
	frames_of_the_kernel(port);
	short_reads(fd, port);
	the_end(fd, port);
	a_tun_carries_packets();
	return prove_end();
}
