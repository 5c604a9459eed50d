/* SPDX-License-Identifier: BSD-2-Clause
 *
 * tc_flow - traffic control takes the frames of one station to another, and no others: u32 finds
 * the addresses in front of the network header, a rule of one protocol sees no tagged frame,
 * segments pass whole, and a rule's count can be told from that of the devices.
 */
#include "carry.h"
#include "host/host.h"

#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/ioctl.h>

static int rtnl;
static unsigned w0, w1;
static uint8_t mac_a[6], mac_b[6];

/* A veth pair: @name at home, and "e0" in @ns. */
static unsigned make_veth(int ns, const char *name)
{
	auto_free char *line =
		xasprintf("ip link add %s mtu 65535 type veth peer name e0 "
			  "mtu 1500 netns /proc/self/fd/%d 2>/dev/null",
			  name, ns);
	auto_free char *up = xasprintf("ip link set %s up", name);
	unsigned ifindex;

	enter_netns(home);
	REQUIRE(fcntl(ns, F_SETFD, 0) == 0); /* for ip */
	if (!try_command(line))
		SKIP("this kernel has no veth");
	command(up);
	ifindex = if_nametoindex(name);
	if (tc_hook(rtnl, ifindex))
		SKIP("this kernel has no clsact");
	return ifindex;
}

static void find_mac(int ns, uint8_t mac[6])
{
	struct ifreq ifr = {.ifr_name = "e0"};
	auto_close int sock = -1;

	enter_netns(ns);
	sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	REQUIRE(sock >= 0 && !ioctl(sock, SIOCGIFHWADDR, &ifr));
	memcpy(mac, ifr.ifr_hwaddr.sa_data, 6);
	enter_netns(home);
}

static uint32_t add(uint16_t type)
{
	struct tc_flow flow = {.type = type};
	uint32_t handle = 0;

	memcpy(flow.dst, mac_b, 6);
	memcpy(flow.src, mac_a, 6);
	PROVE(!tc_flow_add(rtnl, w0, &flow, w1, &handle) && handle,
	      type == ETH_P_IP ? "a flow of IPv4 gets a rule" : "and one of IPv6");
	return handle;
}

struct search {
	uint32_t handle;
	struct tc_count found;
};

static void look(void *arg, const struct tc_count *count)
{
	struct search *s = arg;

	if (count->handle == s->handle)
		s->found = *count;
}

static struct tc_count count_of(uint32_t handle)
{
	struct search s = {.handle = handle};

	enter_netns(home);
	REQUIRE(!tc_flow_counts(rtnl, w0, look, &s));
	REQUIRE(s.found.handle == handle);
	return s.found;
}

static void add_up(void *arg, const struct tc_count *count)
{
	struct tc_count *sum = arg;

	sum->packets += count->packets;
	sum->bytes += count->bytes;
}

/* Of all rules of w0. */
static struct tc_count count_all(void)
{
	struct tc_count sum = {};

	enter_netns(home);
	REQUIRE(!tc_flow_counts(rtnl, w0, add_up, &sum));
	return sum;
}

static struct kernel_stats stats_of(unsigned ifindex)
{
	struct kernel_stats stats;

	REQUIRE(!kernel_link_stats(rtnl, ifindex, &stats));
	return stats;
}

/* Send a frame from a to b with what follows the addresses; it has arrived when this returns. */
static void send_raw(const uint8_t *rest, size_t len)
{
	struct sockaddr_ll addr = {.sll_family = AF_PACKET};
	uint64_t before = stats_of(w1).tx_packets;
	uint8_t frame[100];
	auto_close int raw = -1;

	memcpy(frame, mac_b, 6);
	memcpy(frame + 6, mac_a, 6);
	memset(frame + 12, 0, sizeof(frame) - 12);
	memcpy(frame + 12, rest, len);
	enter_netns(ns_a);
	raw = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	addr.sll_ifindex = (int)if_nametoindex("e0");
	REQUIRE(raw >= 0 && !bind(raw, (struct sockaddr *)&addr, sizeof(addr)));
	REQUIRE(send(raw, frame, sizeof(frame), 0) == (ssize_t)sizeof(frame));
	enter_netns(home);
	while (stats_of(w1).tx_packets == before)
		usleep(1000);
}

static void others_pass_by(uint32_t handle)
{
	uint64_t n = count_of(handle).packets;

	send_raw((const uint8_t[]){0x08, 0x00, 0x45}, 3);
	PROVE(count_of(handle).packets == n + 1, "it takes an untagged frame");
	send_raw((const uint8_t[]){0x81, 0x00, 0x00, 0x07, 0x08, 0x00, 0x45}, 7);
	PROVE(count_of(handle).packets == n + 1, "and no tagged one");
	send_raw((const uint8_t[]){0x81, 0x00, 0x60, 0x00, 0x08, 0x00, 0x45}, 7);
	PROVE(count_of(handle).packets == n + 1, "nor one that is tagged for priority");
	send_raw((const uint8_t[]){0x08, 0x06, 0x00, 0x01}, 4);
	PROVE(count_of(handle).packets == n + 1, "nor ARP");
	mac_a[5] ^= 1;
	send_raw((const uint8_t[]){0x08, 0x00, 0x45}, 3);
	mac_a[5] ^= 1;
	PROVE(count_of(handle).packets == n + 1, "nor another station's");
}

static void counts(uint32_t handle)
{
	/* The rules are looked at before and after the device: theirs is the longer time. */
	struct tc_count old = count_all(), now, one;
	struct kernel_stats before = stats_of(w1), after;
	uint64_t frames, bytes;

	transfer(false);
	after = stats_of(w1);
	now = count_all();
	one = count_of(handle);
	frames = after.tx_packets - before.tx_packets;
	bytes = after.tx_bytes - before.tx_bytes;
	PROVE(one.bytes > TRANSFER, "TCP over IPv4 goes by its rule");
	PROVE(bytes / frames > 16384, "large segments pass whole");
	PROVE(now.packets - old.packets > frames,
	      "rules count a packet for each of their parts");
	PROVE(now.bytes - old.bytes + frames * 14 >= bytes,
	      "and all bytes but the Ethernet headers");
	PROVE(one.idle < 2 * NSEC_PER_SEC, "one knows when it was used last");
	PROVE(!one.lost, "and that nothing was lost");
}

int main(void)
{
	struct tc_count last = {};
	uint32_t v4, v6;

	begin_worlds();
	rtnl = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	/* As in the factory: the ends here say nothing for themselves. */
	command("sysctl -q -w net.ipv6.conf.default.disable_ipv6=1");
	w0 = make_veth(ns_a, "w0");
	w1 = make_veth(ns_b, "w1");
	set_address(ns_a, 1);
	set_address(ns_b, 2);
	find_mac(ns_a, mac_a);
	find_mac(ns_b, mac_b);
	if (tc_redirect_rest(rtnl, w0, w1, false))
		SKIP("this kernel has no u32 or mirred");
	PROVE(!tc_redirect_rest(rtnl, w1, w0, false), "all else has a rule, each way");

	v4 = add(ETH_P_IP);
	v6 = add(ETH_P_IPV6);
	counts(v4);
	transfer(true);
	PROVE(count_of(v6).packets, "TCP over IPv6 goes by its rule");
	others_pass_by(v4);

	PROVE(!tc_flow_delete(rtnl, w0, ETH_P_IP, v4, &last), "a rule that is deleted");
	PROVE(last.handle == v4 && last.packets, "tells its last count");
	transfer(false);
	PROVE(true, "and frames go the other way again");
	return prove_end();
}
