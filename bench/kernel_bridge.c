/* SPDX-License-Identifier: BSD-2-Clause
 *
 * kernel_bridge - how fast the kernel's own bridge switches frames, on one core.
 *
 *	kernel_bridge STATIONS		prints million packets a second, or nothing without a bridge
 *
 * In a network namespace of its own: a bridge with two veth ends as ports.  64-byte frames go
 * in at the far end of one by a transmit ring of a packet socket that passes the queueing
 * discipline by, the fastest generator there is without a kernel module; they are counted
 * where they come out, at the far end of the other.  All of it runs on the sender's core.
 */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define FRAME_SIZE 256u /* of the ring */
#define N_FRAMES   16384u
#define FRAME_LEN  60u /* without its checksum */
#define SECONDS	   1.0

static const char setup[] = "exec 2>/dev/null; set -e\n"
			    "ip link add br0 type bridge ageing_time 1000000\n"
			    "for i in 1 2; do ip link add h$i type veth peer name p$i\n"
			    "ip link set p$i master br0 up; ip link set h$i up; done\n"
			    "ip link set br0 up\n";

/* A network namespace of our own, which an ordinary user has only as root of a user namespace
 * of his own. */
static bool enter(void)
{
	unsigned uid = geteuid();
	FILE *f;

	if (!uid)
		return !unshare(CLONE_NEWNET);
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET))
		return false;
	f = fopen("/proc/self/uid_map", "we");
	if (!f)
		return false;
	fprintf(f, "0 %u 1\n", uid);
	return !fclose(f);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Frames that @name has received. */
static uint64_t received(const char *name)
{
	char line[512], format[64];
	unsigned long long bytes, packets = 0;
	FILE *f = fopen("/proc/net/dev", "re");

	snprintf(format, sizeof(format), " %s: %%llu %%llu", name);
	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, format, &bytes, &packets) == 2)
			break;
	if (f)
		fclose(f);
	return packets;
}

struct ring {
	int sock;
	uint8_t *mem;
};

static bool ring_open(struct ring *r, const char *name)
{
	struct tpacket_req req = {.tp_block_size = 1u << 20,
				  .tp_block_nr = N_FRAMES * FRAME_SIZE >> 20,
				  .tp_frame_size = FRAME_SIZE,
				  .tp_frame_nr = N_FRAMES};
	struct sockaddr_ll addr = {.sll_family = AF_PACKET,
				   .sll_protocol = 0,
				   .sll_ifindex = (int)if_nametoindex(name)};
	int version = TPACKET_V2, on = 1;

	r->sock = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (r->sock < 0 ||
	    setsockopt(r->sock, SOL_PACKET, PACKET_VERSION, &version, sizeof(version)) ||
	    setsockopt(r->sock, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof(on)) ||
	    setsockopt(r->sock, SOL_PACKET, PACKET_TX_RING, &req, sizeof(req)) ||
	    bind(r->sock, (void *)&addr, sizeof(addr)))
		return false;
	r->mem = mmap(NULL, (size_t)N_FRAMES * FRAME_SIZE, PROT_READ | PROT_WRITE,
		      MAP_SHARED, r->sock, 0);
	return r->mem != MAP_FAILED;
}

static struct tpacket2_hdr *frame(const struct ring *r, uint32_t i)
{
	return (void *)(r->mem + (size_t)i * FRAME_SIZE);
}

/* Station @n of those behind the port @side. */
static void put_station(uint8_t addr[6], unsigned side, uint32_t n)
{
	uint32_t wire = htonl(n);

	addr[0] = 2;
	addr[1] = (uint8_t)side;
	memcpy(addr + 2, &wire, 4);
}

/* Frames from @n stations of one side to @n of the other. */
static void fill(const struct ring *r, unsigned from, uint32_t first, uint32_t n)
{
	for (uint32_t i = 0; i < N_FRAMES; i++) {
		struct tpacket2_hdr *h = frame(r, i);
		uint8_t *data =
			(uint8_t *)h + TPACKET2_HDRLEN - sizeof(struct sockaddr_ll);

		memset(data, 0, FRAME_LEN);
		put_station(data, 3 - from, (uint32_t)random() % n);
		put_station(data + 6, from, (first + i) % n);
		data[12] = 0x88; /* for local experiments: no netfilter looks into it */
		data[13] = 0xb5;
		h->tp_len = FRAME_LEN;
	}
}

static void send_all(const struct ring *r)
{
	for (uint32_t i = 0; i < N_FRAMES; i++)
		__atomic_store_n(&frame(r, i)->tp_status, TP_STATUS_SEND_REQUEST,
				 __ATOMIC_RELEASE);
	if (send(r->sock, NULL, 0, 0) < 0)
		exit(0);
}

int main(int argc, char **argv)
{
	uint32_t n = argc == 2 ? (uint32_t)strtoul(argv[1], NULL, 10) / 2 : 0;
	struct ring ring[2];
	uint64_t before;
	double start, took;

	if (!n) {
		fprintf(stderr, "usage: kernel_bridge STATIONS\n");
		return 2;
	}
	if (!enter() || system(setup) || !ring_open(&ring[0], "h1") ||
	    !ring_open(&ring[1], "h2"))
		return 0;
	for (unsigned side = 1; side <= 2; side++)
		for (uint32_t first = 0; first < n; first += N_FRAMES) {
			fill(&ring[side - 1], side, first, n);
			send_all(&ring[side - 1]);
		}
	fill(&ring[0], 1, 0, n);
	before = received("h2");
	start = now();
	do {
		send_all(&ring[0]);
		took = now() - start;
	} while (took < SECONDS);
	printf("%.4f\n", (double)(received("h2") - before) / took / 1e6);
	return 0;
}
