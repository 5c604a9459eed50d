/* SPDX-License-Identifier: BSD-2-Clause
 *
 * packet_veth - a packet socket on one end of a veth pair is as good as a tap: it carries
 * large segments and partial checksums, lets no VLAN tag be lost, and tells when its device
 * is down and when it is gone.
 */
#include "carry.h"
#include "port/packet.h"

#include <linux/if_packet.h>
#include <net/if.h>

static struct worker w;

/* A veth pair: @name at home, with the port, and "e0" in @ns. */
static struct port *open_veth(int ns, const char *name)
{
	auto_free char *line = xasprintf("ip link add %s type veth peer name e0 netns "
					 "/proc/self/fd/%d 2>/dev/null",
					 name, ns);
	auto_free char *up = xasprintf("ip link set %s mtu 9000 up", name);
	struct port *port;
	int fd;

	enter_netns(home);
	REQUIRE(fcntl(ns, F_SETFD, 0) == 0); /* for ip */
	if (!try_command(line))
		SKIP("this kernel has no veth");
	command(up);
	fd = packet_port_open();
	errno = -fd;
	REQUIRE(fd >= 0 && packet_port_bind(fd, if_nametoindex(name)) == 0);
	port = packet_port_create(fd, DIR_TX, NULL);
	REQUIRE(!packet_port_listen(port, if_nametoindex(name)));
	return port;
}

/* The next frame that is not the kernel's own chatter. */
static struct pkt *receive_from(struct port *port, const uint8_t src[6])
{
	for (;;) {
		struct pollfd fd = {.fd = port->fd, .events = POLLIN};
		struct burst b = {};
		struct pkt *p, *found = NULL;

		REQUIRE(poll(&fd, 1, 5000) == 1);
		REQUIRE(port->ops->receive(&w, port, &b));
		burst_foreach(p, &b) {
			if (!found && !memcmp(pkt_eth(p)->src, src, 6))
				found = p;
			else
				pkt_free(p);
		}
		if (found)
			return found;
	}
}

/* A frame leaves the user's end by a raw socket and is received by the port. */
static bool arrives_unchanged(struct port *port, int raw, const uint8_t *frame,
			      uint32_t len)
{
	uint8_t got[2000];
	struct pkt *p;
	bool same;

	REQUIRE(send(raw, frame, len, 0) == (ssize_t)len);
	p = receive_from(port, frame + 6);
	same = pkt_size(p) == len && pkt_copy_out(p, 0, got, len) &&
	       !memcmp(got, frame, len);
	pkt_free(p);
	return same;
}

static void tags_are_kept(struct port *port)
{
	uint8_t frame[200] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2,
			      0,    0,	  0,	0,    9,    0x88, 0xb5};
	struct sockaddr_ll addr = {.sll_family = AF_PACKET};
	int raw;

	enter_netns(ns_a);
	raw = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	addr.sll_ifindex = (int)if_nametoindex("e0");
	REQUIRE(raw >= 0 && bind(raw, (struct sockaddr *)&addr, sizeof(addr)) == 0);
	for (unsigned i = 14; i < sizeof(frame); i++)
		frame[i] = (uint8_t)i;
	PROVE(arrives_unchanged(port, raw, frame, sizeof(frame)),
	      "a plain frame is received");
	memcpy(frame + 12, (uint8_t[]){0x81, 0x00, 0x60, 0x05, 0x88, 0xb5}, 6);
	PROVE(arrives_unchanged(port, raw, frame, sizeof(frame)),
	      "an 802.1Q tag with its priority is received as it was sent");
	memcpy(frame + 12, (uint8_t[]){0x88, 0xa8, 0x00, 0x07, 0x81, 0x00, 0x00, 0x05},
	       8);
	PROVE(arrives_unchanged(port, raw, frame, sizeof(frame)),
	      "and so is an 802.1ad tag with another in it");
	memcpy(frame + 12, (uint8_t[]){0x81, 0x00, 0x00, 0x00, 0x88, 0xb5}, 6);
	PROVE(arrives_unchanged(port, raw, frame, sizeof(frame)), "and a tag of VLAN 0");
	close(raw);
}

static void states(struct port *port)
{
	static const uint8_t frame[60] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
	struct burst b = {.n = 1, .pkt = {pkt_from(&w, frame, sizeof(frame))}};
	bool alive = true;

	enter_netns(home);
	command("ip link set w0 down");
	port->ops->send(&w, port, &b);
	PROVE(w.drops[DROP_DEV_DOWN] == 1,
	      "sending while the device is down is DEV_DOWN");
	b.n = 0;
	PROVE(port->ops->receive(&w, port, &b), "being down is not being dead");
	burst_free(&b);
	command("ip link set w0 up");
	b = (struct burst){.n = 1, .pkt = {pkt_from(&w, frame, sizeof(frame))}};
	port->ops->send(&w, port, &b);
	PROVE(w.drops[DROP_DEV_DOWN] == 1, "and up again it takes frames");
	command("ip link del w0");
	for (int tries = 0; tries < 10 && alive; tries++) {
		alive = port->ops->receive(&w, port, &b);
		burst_free(&b);
	}
	PROVE(!alive, "a deleted device makes the port dead");
	b = (struct burst){.n = 1, .pkt = {pkt_from(&w, frame, sizeof(frame))}};
	port->ops->send(&w, port, &b);
	PROVE(w.drops[DROP_NO_RECEIVER] == 1, "and frames for it are NO_RECEIVER");
}

int main(void)
{
	static struct port *a, *b;
	pid_t carrier;

	begin_worlds();
	w = new_worker();
	a = open_veth(ns_a, "w0");
	b = open_veth(ns_b, "w1");
	set_address(ns_a, 1);
	set_address(ns_b, 2);

	carrier = start_carrier(a, b);
	transfer(false);
	PROVE(seen->tcp4_gso && seen->largest > 16384,
	      "TCP over IPv4 crosses in large frames");
	PROVE(seen->partial, "with partial checksums");
	transfer(true);
	PROVE(seen->tcp6_gso && seen->largest > 16384,
	      "TCP over IPv6 crosses in large frames");
	PROVE(datagrams(false) && datagrams(true), "UDP segments arrive");
	stop_carrier(carrier);

	b->features &= ~(PORT_F_CSUM | PORT_F_TSO | PORT_F_USO);
	carrier = start_carrier(a, b);
	transfer(false);
	transfer(true);
	PROVE(seen->tcp6_gso, "what is cut and summed by software is received");
	stop_carrier(carrier);

	tags_are_kept(a);
	states(a);
	return prove_end();
}
