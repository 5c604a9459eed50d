/* SPDX-License-Identifier: BSD-2-Clause
 *
 * frame - fuzzes the way of frames: from what a descriptor gave, through a cable, to what
 * another descriptor gets.
 *
 * An input is three bytes of circumstances (enum below) and frames: two bytes of length, the
 * less significant first, and what was read, which is a virtio-net header and struct tun_pi if the port
 * has them, and the frame.
 *
 * Beyond not crashing: what leaves asks nothing of a port that it cannot do, every byte of it
 * is there, and every packet returns to its pool.
 */
#include "main/kinds.h"
#include "net/net.h"
#include "pkt/gso.h"
#include "port/frame.h"
#include "port/probe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define REQUIRE(fact) \
	do { \
		if (!(fact)) \
			abort(); \
	} while (0)

/* The first byte: the port that reads; the second: the port that writes, as PORT_F_*. */
enum {
	IN_VNET_HDR = 1u << 0,
	IN_PI = 1u << 1,
	IN_LONG_HDR = 1u << 2, /* 12 bytes, with num_buffers */
	IN_CLONE = 1u << 3,    /* as in a flood: the frame goes twice */
	IN_BIG_MTU = 1u << 4,
	IN_UNSHARE = 1u << 5, /* somebody rewrites the headers on the way */
	IN_SMALL_POOL = 1u << 6,
};

static struct {
	struct net net;
	struct worker w;
	struct dev *near, *far;
	struct port *in, *out;
} y;

/* Packets held back from the pool, so that it runs out. */
static struct pkt *hoard[512];

static void set_up(void)
{
	struct link_req req = {.name = "va"};
	struct net *net = &y.net;

	net_init(net, dev_kinds, 1);
	req.ns = netns_get(net, 1);
	y.w.small = pool_create(512, PKT_SMALL_ROOM);
	y.w.large = pool_create(16, PKT_LARGE_ROOM);
	REQUIRE(y.w.small && y.w.large);
	REQUIRE(dev_create(net, net_kind(net, "veth", 4), &req, NULL) == 0);
	y.near = req.made[0];
	y.far = req.made[1];
	dev_follow_flags(y.near, IFF_UP);
	dev_follow_flags(y.far, IFF_UP);
	y.in = probe_port_create(DIR_TX);
	y.out = probe_port_create(DIR_TX);
	dev_set_mirror(y.near, y.in);
	dev_set_mirror(y.far, y.out);
}

/* What readv(2) does: the bytes that fit, and how many there were room for. */
static size_t read_into(const struct frame_rx *rx, const uint8_t *data, size_t len)
{
	size_t done = 0;

	for (unsigned i = 0; i < rx->n_iov; i++) {
		size_t n = min(len - done, rx->iov[i].iov_len);

		memcpy(rx->iov[i].iov_base, data + done, n);
		done += n;
	}
	return done;
}

static void receive(const uint8_t *data, size_t len, unsigned how)
{
	struct frame_rx rx = {};
	struct pkt *p, *copy;

	if (!frame_rx_prepare(&y.w, y.in, &rx)) {
		frame_rx_done(&rx);
		return;
	}
	p = frame_rx_take(&y.w, y.in, &rx, read_into(&rx, data, len));
	frame_rx_done(&rx);
	copy = p && how & IN_CLONE ? pkt_clone(&y.w, p) : NULL;
	if (p && how & IN_UNSHARE)
		p = pkt_unshare(&y.w, p);
	if (p && how & IN_UNSHARE)
		memset(p->data, 0xff, min(p->len, 12u));
	if (p)
		dev_queue(&y.w, y.near, DIR_TX, p);
	if (copy)
		dev_queue(&y.w, y.near, DIR_TX, copy);
}

static void check_asked(const struct pkt *p, unsigned features)
{
	static const unsigned needs[] = {
		[VIRTIO_NET_HDR_GSO_TCPV4] = PORT_F_TSO,
		[VIRTIO_NET_HDR_GSO_TCPV6] = PORT_F_TSO,
		[VIRTIO_NET_HDR_GSO_UDP_L4] = PORT_F_USO,
	};
	unsigned gso = p->off.gso_type & (unsigned)~VIRTIO_NET_HDR_GSO_ECN;

	if (p->off.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) {
		REQUIRE(features & PORT_F_CSUM);
		REQUIRE(p->off.csum_start + p->off.csum_offset + 2u <= pkt_size(p));
	}
	if (gso == VIRTIO_NET_HDR_GSO_NONE)
		return;
	REQUIRE(gso < array_size(needs) && features & needs[gso]);
	REQUIRE(p->off.gso_size && p->off.hdr_len <= pkt_size(p));
}

static volatile uint8_t sum;

/* Look at each byte that would be written. */
static void check_written(struct pkt *p)
{
	uint8_t prefix[FRAME_PREFIX_MAX];
	struct iovec iov[3];
	unsigned n = frame_tx_iov(y.out, p, iov, prefix);
	size_t len = 0;

	for (unsigned i = 0; i < n; i++) {
		for (size_t j = 0; j < iov[i].iov_len; j++)
			sum ^= ((const uint8_t *)iov[i].iov_base)[j];
		len += iov[i].iov_len;
	}
	REQUIRE(n <= 3 && len >= pkt_size(p) && len <= pkt_size(p) + FRAME_PREFIX_MAX);
}

static void write_all(void)
{
	struct pkt *p;

	while ((p = probe_pop(y.out))) {
		check_asked(p, y.out->features);
		check_written(p);
		pkt_free(p);
	}
}

static void choose(uint8_t in, uint8_t out)
{
	y.in->features =
		(in & IN_VNET_HDR ? PORT_F_VNET_HDR : 0) | (in & IN_PI ? PORT_F_PI : 0);
	y.in->vnet_hdr_size = in & IN_LONG_HDR ? 12 : 10;
	y.out->features = out & (PORT_F_VNET_HDR | PORT_F_PI | PORT_F_CSUM | PORT_F_TSO |
				 PORT_F_USO);
	/* Nobody can cut segments without summing them. */
	if (!(y.out->features & PORT_F_CSUM))
		y.out->features &= ~(unsigned)(PORT_F_TSO | PORT_F_USO);
	y.out->vnet_hdr_size = 12;
	dev_follow_mtu(y.near, in & IN_BIG_MTU ? 65535 : 1500);
	dev_follow_mtu(y.far, in & IN_BIG_MTU ? 65535 : 1500);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	unsigned n_hoarded = 0, how;

	if (len < 3)
		return 0;
	if (!y.near)
		set_up();
	how = data[0];
	choose(data[0], data[1]);
	while (how & IN_SMALL_POOL && n_hoarded < array_size(hoard) - data[2])
		hoard[n_hoarded++] = pkt_alloc(&y.w);
	data += 3;
	len -= 3;
	while (len >= 2) {
		size_t n = min((size_t)(data[0] | data[1] << 8), len - 2);
		uint8_t *frame = malloc(n ? n : 1);

		REQUIRE(frame);
		memcpy(frame, data + 2, n);
		receive(frame, n, how);
		free(frame);
		data += 2 + n;
		len -= 2 + n;
	}
	while (!dev_run_pending(&y.w, UINT32_MAX))
		;
	write_all();
	while (n_hoarded)
		pkt_free(hoard[--n_hoarded]);
	REQUIRE(pool_available(y.w.small) == pool_size(y.w.small));
	REQUIRE(pool_available(y.w.large) == pool_size(y.w.large));
	return 0;
}
