/* SPDX-License-Identifier: BSD-2-Clause
 *
 * tap_offload - 64-KiB segments and partial checksums cross from one tap to another as one
 * frame with its virtio-net header, and what software makes of them for ends without offloads
 * is right in the kernel's eyes.
 */
#include "carry.h"
#include "port/tap.h"

#include <linux/if_tun.h>
#include <sys/ioctl.h>

static struct port *open_tap(int ns)
{
	struct ifreq ifr = {.ifr_name = "e0",
			    .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR};
	int fd, features;

	enter_netns(ns);
	fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		SKIP("/dev/net/tun cannot be opened: %m");
	REQUIRE(ioctl(fd, TUNSETIFF, &ifr) == 0);
	features = tap_configure(fd, IFF_TAP | IFF_NO_PI | IFF_VNET_HDR);
	REQUIRE(features >= 0);
	return tap_port_create(fd, (unsigned)features, DIR_TX, NULL);
}

int main(void)
{
	static struct port *a, *b;
	unsigned offload;
	pid_t carrier;

	begin_worlds();
	a = open_tap(ns_a);
	b = open_tap(ns_b);
	offload = a->features;
	PROVE(offload & PORT_F_CSUM && offload & PORT_F_TSO,
	      "a tap takes checksum and TCP segmentation offload");
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
	if (offload & PORT_F_USO)
		PROVE(seen->udp_gso, "having crossed as one frame");
	stop_carrier(carrier);

	/* From here on b has no offloads. */
	b->features &= ~(PORT_F_CSUM | PORT_F_TSO | PORT_F_USO);
	carrier = start_carrier(a, b);
	transfer(false);
	PROVE(seen->tcp4_gso, "TCP over IPv4 cut and summed by software is received");
	transfer(true);
	PROVE(seen->tcp6_gso, "TCP over IPv6 cut and summed by software is received");
	PROVE(datagrams(false) && datagrams(true),
	      "UDP cut and summed by software is received");
	PROVE(seen->drops == 0, "and nothing was dropped");
	stop_carrier(carrier);
	return prove_end();
}
