/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_mld - MLD messages (RFC 2710, 3810) as they stand in frames, read within bounds and
 * written; and router advertisements for snoopers (RFC 4286).
 *
 * As Linux has it: a message that does not follow a hop-by-hop header is none for us, and a
 * query must come from a link-local address, a general one to all nodes.
 */
#include "dev/bridge_mcast.h"
#include "pkt/csum.h"

enum {
	MLD_QUERY = 130,
	MLD_REPORT = 131,
	MLD_DONE = 132,
	MLD_V2_REPORT = 143,
	MLD_ROUTER_ADVERTISEMENT = 151,
};

static const uint8_t all_nodes[16] = {0xff, 0x02, [15] = 1},
		     all_snoopers[16] = {0xff, 0x02, [15] = 0x6a}, zero[16];

struct mld {
	uint8_t type, code;
	be16 csum;
	be16 max_delay; /* milliseconds; a v2 report: reserved */
	be16 reserved;	/* a v2 report: number of records */
	uint8_t group[16];
} wire_struct;
static_assert(sizeof(struct mld) == 24, "wire");

struct mld_v2_query {
	struct mld head;
	uint8_t flags, qqic; /* reserved 4, S 1, QRV 3 */
	be16 n_sources;
} wire_struct;
static_assert(sizeof(struct mld_v2_query) == 28, "wire");

#define MLD_V2_REPORT_LEN 8u
#define QUERY_SUPPRESS	  0x08
#define QUERY_ROBUSTNESS  2

/* RFC 3810, 5.1.3: milliseconds. */
static nsec_t max_response(uint16_t code)
{
	uint32_t ms = code < 32768
			      ? code
			      : ((code & 0xfffu) | 0x1000u) << ((code >> 12 & 7u) + 3);

	return ms * NSEC_PER_MSEC;
}

static enum mcast_type parse_query(const struct ipv6 *ip, const struct mld *mld,
				   uint32_t len, struct mcast_msg *msg)
{
	const struct mld_v2_query *v2 = (const void *)mld;
	uint16_t delay = from_be16(mld->max_delay);

	if (ip->src[0] != 0xfe || (ip->src[1] & 0xc0) != 0x80)
		return MCAST_INVALID;
	if (len != sizeof(*mld) && len < sizeof(*v2))
		return MCAST_INVALID;
	msg->general = !memcmp(mld->group, zero, sizeof(zero));
	if (msg->general && memcmp(ip->dst, all_nodes, sizeof(all_nodes)) != 0)
		return MCAST_INVALID;
	if (len == sizeof(*mld)) {
		msg->counter = MCAST_COUNT_MLD_V1_QUERY;
		msg->max_delay = delay * NSEC_PER_MSEC;
		/* Who wants an answer in no time asks nothing. */
		return delay ? MCAST_QUERY : MCAST_DATA;
	}
	msg->v3 = true;
	msg->counter = MCAST_COUNT_MLD_V2_QUERY;
	msg->n_sources = from_be16(v2->n_sources);
	msg->suppress = v2->flags & QUERY_SUPPRESS;
	msg->max_delay = max(max_response(delay), NSEC_PER_MSEC);
	return MCAST_QUERY;
}

static enum mcast_type parse_report_v2(const struct mld *mld, uint32_t len,
				       struct mcast_msg *msg)
{
	struct mcast_record r;
	uint32_t off = 0;
	unsigned i = 0;

	msg->counter = MCAST_COUNT_MLD_V2_REPORT;
	msg->n_records = from_be16(mld->reserved);
	msg->records = (const uint8_t *)mld + MLD_V2_REPORT_LEN;
	msg->len = len - MLD_V2_REPORT_LEN;
	while (mcast_next_record(msg, &i, &off, &r))
		;
	return i == msg->n_records ? MCAST_REPORT_V3 : MCAST_INVALID;
}

static uint64_t pseudo(const struct ipv6 *ip, uint32_t len)
{
	return csum_pseudo_ipv6(ip, PROTO_ICMPV6, len);
}

static enum mcast_type parse_mld(const struct ipv6 *ip, const struct mld *mld,
				 uint32_t len, bool check, struct mcast_msg *msg)
{
	if (len < MLD_V2_REPORT_LEN ||
	    (check && csum_finish(csum_add(pseudo(ip, len), mld, len)).raw))
		return MCAST_INVALID;
	if (mld->type == MLD_V2_REPORT)
		return parse_report_v2(mld, len, msg);
	if (mld->type == MLD_ROUTER_ADVERTISEMENT)
		return memcmp(ip->dst, all_snoopers, sizeof(all_snoopers)) ? MCAST_DATA
									   : MCAST_ROUTER;
	if (len < sizeof(*mld))
		return MCAST_DATA;
	memcpy(msg->addr.dst, mld->group, sizeof(mld->group));
	switch (mld->type) {
	case MLD_REPORT:
		msg->counter = MCAST_COUNT_MLD_V1_REPORT;
		return MCAST_REPORT;
	case MLD_DONE:
		msg->counter = MCAST_COUNT_MLD_DONE;
		return MCAST_LEAVE;
	case MLD_QUERY:
		return parse_query(ip, mld, len, msg);
	}
	return MCAST_DATA;
}

/* Where ICMPv6 begins; 0: nowhere.  UINT32_MAX: the packet ends before. */
static uint32_t skip_headers(const uint8_t *data, uint32_t len)
{
	const struct ipv6 *ip = (const void *)data;
	uint8_t next = ip->next_header;
	uint32_t off = sizeof(*ip);

	if (next != PROTO_HOPOPTS)
		return 0;
	while (next == PROTO_HOPOPTS || next == PROTO_ROUTING || next == PROTO_DSTOPTS) {
		const struct ipv6_ext *ext = (const void *)(data + off);

		if (len - off < 8 || len - off < (ext->len + 1u) * 8)
			return UINT32_MAX;
		next = ext->next_header;
		off += (ext->len + 1u) * 8;
	}
	return next == PROTO_ICMPV6 ? off : 0;
}

void mld_parse(const uint8_t *data, uint32_t len, bool check, struct mcast_msg *msg)
{
	const struct ipv6 *ip = (const void *)data;
	uint32_t off, total;

	msg->type = MCAST_INVALID;
	if (len < sizeof(*ip) || from_be32(ip->version_flow) >> 28 != 6)
		return;
	total = (uint32_t)sizeof(*ip) + from_be16(ip->payload_len);
	if (total > len)
		return;
	off = skip_headers(data, total);
	if (off == UINT32_MAX)
		return;
	msg->type = MCAST_DATA;
	memcpy(msg->host, ip->src, sizeof(ip->src));
	if (off)
		msg->type = parse_mld(ip, (const void *)(data + off), total - off, check,
				      msg);
}

/* ---- writing ---- */

/* RFC 3810, 5.1.9: numbers up to 127 as they are, beyond in 4 bits and 3. */
static uint8_t float_code(uint32_t v)
{
	unsigned exp = 0;

	if (v < 128)
		return (uint8_t)v;
	for (v >>= 3; v > 31 && exp < 7; exp++)
		v >>= 1;
	return (uint8_t)(0x80 | exp << 4 | (min(v, 31u) & 15));
}

static uint32_t write_mld(const struct mcast_ask *q, const struct ipv6 *ip,
			  struct mld_v2_query *v2)
{
	uint32_t len = sizeof(v2->head);
	nsec_t ms = min(q->response / NSEC_PER_MSEC, (nsec_t)UINT16_MAX);

	v2->head.type = MLD_QUERY;
	v2->head.max_delay = to_be16((uint16_t)ms);
	memcpy(v2->head.group, q->group, sizeof(q->group));
	if (q->v3) {
		v2->flags = QUERY_ROBUSTNESS | (q->suppress ? QUERY_SUPPRESS : 0);
		v2->qqic = float_code(q->query_interval);
		v2->n_sources = to_be16((uint16_t)q->n_sources);
		memcpy(v2 + 1, q->source, (size_t)q->n_sources * 16);
		len = (uint32_t)sizeof(*v2) + q->n_sources * 16;
	}
	v2->head.csum = csum_finish(csum_add(pseudo(ip, len), v2, len));
	return len;
}

uint32_t mld_write_query(const struct mcast_ask *q, uint8_t frame[QUERY_MAX])
{
	/* Hop-by-hop: the router alert of RFC 2711, and padding. */
	static const uint8_t options[8] = {PROTO_ICMPV6, 0, 5, 2, 0, 0, 0, 0};
	struct eth *eth = (void *)frame;
	struct ipv6 *ip = (void *)(eth + 1);
	uint32_t len;

	memset(frame, 0, QUERY_MAX);
	ip->version_flow = to_be32(0x60000000);
	ip->next_header = PROTO_HOPOPTS;
	ip->hop_limit = 1;
	memcpy(ip->src, q->src, sizeof(ip->src));
	memcpy(ip->dst, q->to[0] ? q->to : all_nodes, sizeof(ip->dst));
	memcpy(ip + 1, options, sizeof(options));
	len = (uint32_t)sizeof(options) +
	      write_mld(q, ip, (void *)((uint8_t *)(ip + 1) + sizeof(options)));
	ip->payload_len = to_be16((uint16_t)len);
	memcpy(eth->dst, (uint8_t[]){0x33, 0x33}, 2);
	memcpy(eth->dst + 2, ip->dst + 12, 4);
	memcpy(eth->src, q->src_mac, 6);
	eth->type = to_be16(ETHERTYPE_IPV6);
	return (uint32_t)(sizeof(*eth) + sizeof(*ip)) + len;
}
