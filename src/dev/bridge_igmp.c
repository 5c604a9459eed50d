/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_igmp - IGMP messages (RFC 1112, 2236, 3376) as they stand in frames, read within
 * bounds and written; and what IPv4 has beside them: PIM hellos and router advertisements
 * (RFC 4286).
 *
 * What is refused is what Linux refuses: wrong checksums and lengths, and general queries to
 * another address than all hosts'.  TTL and the router alert option are not looked at.
 */
#include "dev/bridge_mcast.h"
#include "pkt/csum.h"

#define PROTO_IGMP 2
#define PROTO_PIM  103

enum {
	IGMP_QUERY = 0x11,
	IGMP_V1_REPORT = 0x12,
	IGMP_V2_REPORT = 0x16,
	IGMP_LEAVE = 0x17,
	IGMP_V3_REPORT = 0x22,
	IGMP_ROUTER_ADVERTISEMENT = 0x30,
};

static const uint8_t all_hosts[4] = {224, 0, 0, 1}, all_pim_routers[4] = {224, 0, 0, 13},
		     all_snoopers[4] = {224, 0, 0, 106};

/* What all versions begin with. */
struct igmp {
	uint8_t type, code;
	be16 csum;
	uint8_t group[4];
} wire_struct;
static_assert(sizeof(struct igmp) == 8, "wire");

struct igmp_v3_query {
	struct igmp head;
	uint8_t flags, qqic; /* reserved 4, S 1, QRV 3 */
	be16 n_sources;
} wire_struct;
static_assert(sizeof(struct igmp_v3_query) == 12, "wire");

#define QUERY_SUPPRESS	 0x08
#define QUERY_ROBUSTNESS 2

/* RFC 3376, 4.1.1: tenths of a second. */
static nsec_t max_response(uint8_t code)
{
	unsigned tenths =
		code < 128 ? code : ((code & 15u) | 16u) << ((code >> 4 & 7u) + 3);

	return (nsec_t)tenths * NSEC_PER_SEC / 10;
}

static enum mcast_type parse_query(const struct ipv4 *ip, const struct igmp *igmp,
				   uint32_t len, struct mcast_msg *msg)
{
	const struct igmp_v3_query *v3 = (const void *)igmp;

	msg->general = !memcmp(igmp->group, (uint8_t[4]){}, 4);
	if (len != sizeof(*igmp) && len < sizeof(*v3))
		return MCAST_INVALID;
	if (msg->general && memcmp(&ip->dst, all_hosts, 4) != 0)
		return MCAST_INVALID;
	if (len == sizeof(*igmp)) {
		/* IGMPv1 has no code, waits ten seconds, and means all groups. */
		msg->max_delay =
			igmp->code ? igmp->code * NSEC_PER_SEC / 10 : 10 * NSEC_PER_SEC;
		msg->general |= !igmp->code;
		msg->counter = igmp->code ? MCAST_COUNT_IGMP_V2_QUERY
					  : MCAST_COUNT_IGMP_V1_QUERY;
		return MCAST_QUERY;
	}
	msg->v3 = true;
	msg->counter = MCAST_COUNT_IGMP_V3_QUERY;
	msg->n_sources = from_be16(v3->n_sources);
	msg->suppress = v3->flags & QUERY_SUPPRESS;
	msg->max_delay = max(max_response(igmp->code), NSEC_PER_MSEC);
	return MCAST_QUERY;
}

static enum mcast_type parse_report_v3(const struct igmp *igmp, uint32_t len,
				       struct mcast_msg *msg)
{
	struct mcast_record r;
	uint32_t off = 0;
	unsigned i = 0;

	msg->counter = MCAST_COUNT_IGMP_V3_REPORT;
	msg->n_records = (unsigned)igmp->group[2] << 8 | igmp->group[3];
	msg->records = (const uint8_t *)(igmp + 1);
	msg->len = len - (uint32_t)sizeof(*igmp);
	while (mcast_next_record(msg, &i, &off, &r))
		;
	return i == msg->n_records ? MCAST_REPORT_V3 : MCAST_INVALID;
}

static enum mcast_type parse_igmp(const struct ipv4 *ip, const struct igmp *igmp,
				  uint32_t len, bool check, struct mcast_msg *msg)
{
	if (len < sizeof(*igmp) || (check && csum_finish(csum_add(0, igmp, len)).raw))
		return MCAST_INVALID;
	memcpy(msg->addr.dst, igmp->group, 4);
	switch (igmp->type) {
	case IGMP_V1_REPORT:
		msg->counter = MCAST_COUNT_IGMP_V1_REPORT;
		return MCAST_REPORT;
	case IGMP_V2_REPORT:
		msg->counter = MCAST_COUNT_IGMP_V2_REPORT;
		return MCAST_REPORT;
	case IGMP_LEAVE:
		msg->counter = MCAST_COUNT_IGMP_LEAVE;
		return MCAST_LEAVE;
	case IGMP_V3_REPORT:
		return parse_report_v3(igmp, len, msg);
	case IGMP_QUERY:
		return parse_query(ip, igmp, len, msg);
	case IGMP_ROUTER_ADVERTISEMENT:
		return memcmp(&ip->dst, all_snoopers, 4) ? MCAST_DATA : MCAST_ROUTER;
	}
	return MCAST_DATA;
}

void igmp_parse(const uint8_t *data, uint32_t len, bool check, struct mcast_msg *msg)
{
	const struct ipv4 *ip = (const void *)data;
	uint32_t header, total;
	const uint8_t *body;

	msg->type = MCAST_INVALID;
	if (len < sizeof(*ip) || ip->version_ihl >> 4 != 4)
		return;
	header = ipv4_header_len(ip);
	total = from_be16(ip->total_len);
	if (header < sizeof(*ip) || total < header || total > len ||
	    csum_finish(csum_add(0, ip, header)).raw)
		return;
	msg->type = MCAST_DATA;
	if (from_be16(ip->frag_off) & (IPV4_MF | IPV4_OFFSET))
		return;
	body = data + header;
	memcpy(msg->host, &ip->src, 4);
	if (ip->proto == PROTO_IGMP)
		msg->type =
			parse_igmp(ip, (const void *)body, total - header, check, msg);
	else if (ip->proto == PROTO_PIM && !memcmp(&ip->dst, all_pim_routers, 4) &&
		 total > header && body[0] == 0x20) /* version 2, hello */
		msg->type = MCAST_ROUTER;
}

/* ---- writing ---- */

/* RFC 3376, 4.1.1 and 4.1.7, for numbers up to 127 as they are, beyond in 4 bits and 3. */
static uint8_t float_code(uint32_t v)
{
	unsigned exp = 0;

	if (v < 128)
		return (uint8_t)v;
	for (v >>= 3; v > 31 && exp < 7; exp++)
		v >>= 1;
	return (uint8_t)(0x80 | exp << 4 | (min(v, 31u) & 15));
}

static uint32_t write_igmp(const struct mcast_ask *q, struct igmp_v3_query *v3)
{
	uint32_t len = sizeof(v3->head);

	v3->head.type = IGMP_QUERY;
	memcpy(v3->head.group, q->group, 4);
	if (q->v3) {
		v3->head.code = float_code((uint32_t)(q->response / (NSEC_PER_SEC / 10)));
		v3->flags = QUERY_ROBUSTNESS | (q->suppress ? QUERY_SUPPRESS : 0);
		v3->qqic = float_code(q->query_interval);
		v3->n_sources = to_be16((uint16_t)q->n_sources);
		for (unsigned i = 0; i < q->n_sources; i++)
			memcpy((uint8_t *)(v3 + 1) + i * 4, q->source[i], 4);
		len = (uint32_t)sizeof(*v3) + q->n_sources * 4;
	} else {
		v3->head.code =
			(uint8_t)min(q->response / (NSEC_PER_SEC / 10), (nsec_t)255);
	}
	v3->head.csum = csum_finish(csum_add(0, v3, len));
	return len;
}

uint32_t igmp_write_query(const struct mcast_ask *q, uint8_t frame[QUERY_MAX])
{
	static const uint8_t router_alert[4] = {0x94, 4, 0, 0}; /* RFC 2113 */
	struct eth *eth = (void *)frame;
	struct ipv4 *ip = (void *)(eth + 1);
	uint8_t *to = (uint8_t *)&ip->dst;
	uint32_t len;

	memset(frame, 0, QUERY_MAX);
	len = (uint32_t)(sizeof(*ip) + sizeof(router_alert)) +
	      write_igmp(q, (void *)(frame + sizeof(*eth) + sizeof(*ip) +
				     sizeof(router_alert)));
	ip->version_ihl = 0x46;
	ip->tos = 0xc0; /* internetwork control, as RFC 3376 4 has it */
	ip->total_len = to_be16((uint16_t)len);
	ip->frag_off = to_be16(IPV4_DF);
	ip->ttl = 1;
	ip->proto = PROTO_IGMP;
	memcpy(&ip->src, q->src, 4);
	memcpy(to, q->to[0] ? q->to : all_hosts, 4);
	memcpy(ip + 1, router_alert, sizeof(router_alert));
	ip->csum = csum_finish(csum_add(0, ip, sizeof(*ip) + sizeof(router_alert)));
	memcpy(eth->dst, (uint8_t[]){1, 0, 0x5e, to[1] & 0x7f, to[2], to[3]}, 6);
	memcpy(eth->src, q->src_mac, 6);
	eth->type = to_be16(ETHERTYPE_IPV4);
	return (uint32_t)sizeof(*eth) + len;
}
