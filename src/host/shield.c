/* SPDX-License-Identifier: BSD-2-Clause
 *
 * shield - keeps what arrives on a kernel device from the stack of its namespace.
 *
 * A chain at the device's ingress (nftables, family netdev) whose policy is to drop.  Packet
 * sockets come before it: they see every frame.  Its table is owned by a socket
 * (NFT_TABLE_F_OWNER), so nobody else removes it by mistake, "nft flush ruleset" included,
 * and it goes with the socket, whatever becomes of the engine.
 */
#include "host/host.h"

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <endian.h>
#include <stdio.h>
#include <sys/socket.h>

#ifndef NFT_TABLE_F_OWNER
#define NFT_TABLE_F_OWNER 2
#endif
#define INGRESS 0 /* NF_NETDEV_INGRESS */

enum {
	SEQ_BEGIN = 1,
	SEQ_TABLE,
	SEQ_CHAIN,
	SEQ_END,
};

static void put_be32(struct nlbuf *b, unsigned type, uint32_t v)
{
	put_u32(b, type, htobe32(v));
}

static size_t nft_begin(struct nlbuf *b, uint16_t type, uint16_t flags, uint32_t seq)
{
	static const struct nfgenmsg header = {.nfgen_family = NFPROTO_NETDEV,
					       .version = NFNETLINK_V0};

	return msg_begin(b, (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | type),
			 NLM_F_REQUEST | NLM_F_ACK | flags, seq, 0, &header,
			 sizeof(header));
}

static void put_batch(struct nlbuf *b, uint16_t type, uint32_t seq)
{
	static const struct nfgenmsg header = {.version = NFNETLINK_V0, .res_id = 0};
	struct nfgenmsg h = header;

	h.res_id = htobe16(NFNL_SUBSYS_NFTABLES);
	msg_end(b, msg_begin(b, type, NLM_F_REQUEST, seq, 0, &h, sizeof(h)));
}

/* All of it or nothing: the kernel takes a batch as one. */
static void fill_batch(struct nlbuf *b, const char *table, const char *ifname)
{
	size_t msg, hook;

	put_batch(b, NFNL_MSG_BATCH_BEGIN, SEQ_BEGIN);
	msg = nft_begin(b, NFT_MSG_NEWTABLE, NLM_F_CREATE | NLM_F_EXCL, SEQ_TABLE);
	put_str(b, NFTA_TABLE_NAME, table);
	put_be32(b, NFTA_TABLE_FLAGS, NFT_TABLE_F_OWNER);
	msg_end(b, msg);
	msg = nft_begin(b, NFT_MSG_NEWCHAIN, NLM_F_CREATE | NLM_F_EXCL, SEQ_CHAIN);
	put_str(b, NFTA_CHAIN_TABLE, table);
	put_str(b, NFTA_CHAIN_NAME, "ingress");
	put_str(b, NFTA_CHAIN_TYPE, "filter");
	put_be32(b, NFTA_CHAIN_POLICY, NF_DROP);
	hook = nest_begin(b, NFTA_CHAIN_HOOK);
	put_be32(b, NFTA_HOOK_HOOKNUM, INGRESS);
	put_be32(b, NFTA_HOOK_PRIORITY, 0);
	put_str(b, NFTA_HOOK_DEV, ifname);
	nest_end(b, hook);
	msg_end(b, msg);
	put_batch(b, NFNL_MSG_BATCH_END, SEQ_END);
}

/* Both requests are answered, or there is one error for all. */
static int read_answers(int sock)
{
	char buf[4096] __attribute__((aligned(8)));
	const struct nlmsghdr *m;

	for (;;) {
		ssize_t n = recv(sock, buf, sizeof(buf), 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EIO;
		msg_foreach(m, buf, (size_t)n) {
			const struct nlmsgerr *e = msg_header(m, sizeof(*e));

			if (m->nlmsg_type != NLMSG_ERROR || !e)
				continue;
			if (e->error || m->nlmsg_seq == SEQ_CHAIN)
				return e->error;
		}
	}
}

int shield_raise(int ns_fd, const struct dev *dev)
{
	auto_close int sock =
		kernel_socket_in(ns_fd, AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER);
	static unsigned last;
	struct nlbuf batch = {};
	char table[64];
	int err = 0;

	if (sock < 0)
		return sock;
	/* Its predecessor of the same device may still be going. */
	snprintf(table, sizeof(table), "wireyard-%s-%u", dev->name, ++last);
	fill_batch(&batch, table, dev->name);
	if (send(sock, batch.data, batch.len, 0) < 0)
		err = -errno;
	else
		err = read_answers(sock);
	nlbuf_done(&batch);
	return err ? err : take_fd(&sock);
}
