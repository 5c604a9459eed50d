/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_opts - the settings of a bridge and of its ports, and what Linux checks of them.
 *
 * Linux refuses most values without a sentence, so what needs more than a row's type is
 * checked by bridge_check_times and by hooks here.
 */
#include "dev/bridge_opts.h"
#include "dev/bridge_priv.h"

#include <linux/if_ether.h>
#include <stdio.h>

/* ---- checks ---- */

#define HELLO_TIME_MIN 100u /* clock ticks; 802.1D-1998 table 8-3 */
#define HELLO_TIME_MAX 1000u
#define MAX_AGE_MIN    600u
#define MAX_AGE_MAX    4000u

int bridge_check_times(const struct bridge_config *next)
{
	if (next->hello_time < HELLO_TIME_MIN || next->hello_time > HELLO_TIME_MAX ||
	    next->max_age < MAX_AGE_MIN || next->max_age > MAX_AGE_MAX)
		return -ERANGE;
	return 0;
}

static const struct {
	unsigned speed; /* Mbit/s */
	uint32_t cost;
} costs[] = {{10000, 2}, {5000, 3}, {2500, 4}, {1000, 4}, {100, 19}, {10, 100}};

uint32_t bridge_path_cost(const struct dev *port)
{
	const struct dev *dev = port;

	while (dev && !dev->kind->speed)
		dev = dev->lower;
	if (!dev)
		return 100;
	if (dev->kind->speed > costs[0].speed)
		return 1;
	for (size_t i = 0; i < array_size(costs); i++)
		if (dev->kind->speed == costs[i].speed)
			return costs[i].cost;
	return 100;
}

/* ---- hooks ---- */

static void fill_nothing(const struct opt *o, const void *config, struct nlbuf *b)
{
}

static uint32_t *count_of(const struct opt *o, void *config)
{
	return (uint32_t *)((char *)config + o->offset);
}

static int flush_parse(const struct opt *o, const struct nlattr *a, void *config,
		       struct extack *ea)
{
	++*count_of(o, config);
	return 0;
}

static int flush_words(const struct opt *o, char *const *words, size_t n, void *config,
		       struct extack *ea)
{
	++*count_of(o, config);
	return 1;
}

static const struct opt_hooks flush_hooks = {
	.parse = flush_parse, .fill = fill_nothing, .words = flush_words};

/* What each bit of these masks would let through has a meaning on one link only. */
#define GROUP_FWD_RESTRICTED 0x0007u
#define GROUP_FWD_PAUSE	     0x0002u

static int mask_set(const struct opt *o, uint16_t mask, void *config)
{
	bool of_port = o->attr == IFLA_BRPORT_GROUP_FWD_MASK &&
		       o->offset == offsetof(struct bridge_port_config, group_fwd_mask);

	if (mask & (of_port ? GROUP_FWD_PAUSE : GROUP_FWD_RESTRICTED))
		return -EINVAL;
	memcpy((char *)config + o->offset, &mask, sizeof(mask));
	return 0;
}

static int mask_parse(const struct opt *o, const struct nlattr *a, void *config,
		      struct extack *ea)
{
	return mask_set(o, attr_u16(a), config);
}

static uint16_t mask_of(const struct opt *o, const void *config)
{
	uint16_t mask;

	memcpy(&mask, (const char *)config + o->offset, sizeof(mask));
	return mask;
}

static void mask_fill(const struct opt *o, const void *config, struct nlbuf *b)
{
	put_u16(b, o->attr, mask_of(o, config));
}

/* The value after a word. */
static int number_word(char *const *words, size_t n, uint64_t most, uint64_t *v,
		       struct extack *ea)
{
	char *end;

	if (n < 2)
		return extack_set(ea, -EINVAL, "%s wants a value", words[0]);
	errno = 0;
	*v = strtoull(words[1], &end, 0);
	if (*words[1] < '0' || *words[1] > '9' || *end || errno || *v > most)
		return extack_set(ea, -EINVAL, "%s does not take '%s'", words[0],
				  words[1]);
	return 0;
}

static int mask_words(const struct opt *o, char *const *words, size_t n, void *config,
		      struct extack *ea)
{
	uint64_t v = 0;
	int err = number_word(words, n, UINT16_MAX, &v, ea);

	if (!err)
		err = mask_set(o, (uint16_t)v, config);
	return err ? err : 2;
}

static char *mask_print(const struct opt *o, const void *config)
{
	return xasprintf("%s %#x", o->word, mask_of(o, config));
}

static const struct opt_hooks mask_hooks = {
	.parse = mask_parse,
	.fill = mask_fill,
	.min_len = 2,
	.words = mask_words,
	.print = mask_print,
};

/* A link-local group address that no other protocol has (802.1Q table 8-1). */
static int group_set(const uint8_t addr[6], struct bridge_config *c)
{
	static const uint8_t group[5] = {0x01, 0x80, 0xc2};

	if (memcmp(addr, group, sizeof(group)) != 0 || addr[5] & 0xf0 ||
	    (addr[5] >= 1 && addr[5] <= 3))
		return -EINVAL;
	memcpy(c->group_addr, addr, ETH_ALEN);
	return 0;
}

static int group_parse(const struct opt *o, const struct nlattr *a, void *config,
		       struct extack *ea)
{
	if (attr_len(a) > ETH_ALEN)
		return extack_set(ea, -ERANGE, "Attribute failed policy validation");
	return attr_len(a) == ETH_ALEN ? group_set(attr_data(a), config) : -EINVAL;
}

static void group_fill(const struct opt *o, const void *config, struct nlbuf *b)
{
	const struct bridge_config *c = config;

	put_attr(b, o->attr, c->group_addr, ETH_ALEN);
}

static int group_words(const struct opt *o, char *const *words, size_t n, void *config,
		       struct extack *ea)
{
	unsigned v[6];
	uint8_t addr[6];
	int err;

	if (n < 2 || sscanf(words[1], "%2x:%2x:%2x:%2x:%2x:%2x", &v[0], &v[1], &v[2],
			    &v[3], &v[4], &v[5]) != 6)
		return extack_set(ea, -EINVAL, "%s wants an address", words[0]);
	for (unsigned i = 0; i < 6; i++)
		addr[i] = (uint8_t)v[i];
	err = group_set(addr, config);
	return err ? err : 2;
}

static char *group_print(const struct opt *o, const void *config)
{
	const uint8_t *a = ((const struct bridge_config *)config)->group_addr;

	return xasprintf("%s %02x:%02x:%02x:%02x:%02x:%02x", o->word, a[0], a[1], a[2],
			 a[3], a[4], a[5]);
}

static const struct opt_hooks group_hooks = {
	.parse = group_parse,
	.fill = group_fill,
	.words = group_words,
	.print = group_print,
};

/* Switches that share an attribute: struct br_boolopt_multi, a value and a mask. */
static const struct opt_name boolopts[] = {
	{BR_BOOLOPT_NO_LL_LEARN, "no_linklocal_learn"},
	{BR_BOOLOPT_MCAST_VLAN_SNOOPING, "mcast_vlan_snooping"},
	{2, "mst_enabled"},
	{3, "mdb_offload_fail_notification"},
	{4, "fdb_local_vlan_0"},
	{},
};
#define BOOLOPTS_ALL 0x1fu

static int boolopts_parse(const struct opt *o, const struct nlattr *a, void *config,
			  struct extack *ea)
{
	struct bridge_config *c = config;
	struct br_boolopt_multi m;

	if (attr_len(a) != sizeof(m))
		return extack_set(ea, -ERANGE, "binary attribute size out of range");
	memcpy(&m, attr_data(a), sizeof(m));
	if (m.optmask & ~BOOLOPTS_ALL)
		return extack_set(ea, -EINVAL, "bridge: Unknown boolean option %d",
				  __builtin_ctz(m.optmask & ~BOOLOPTS_ALL));
	c->boolopts = (c->boolopts & ~m.optmask) | (m.optval & m.optmask);
	return 0;
}

static void boolopts_fill(const struct opt *o, const void *config, struct nlbuf *b)
{
	const struct bridge_config *c = config;
	struct br_boolopt_multi m = {.optval = c->boolopts, .optmask = BOOLOPTS_ALL};

	put_attr(b, o->attr, &m, sizeof(m));
}

static int boolopts_words(const struct opt *o, char *const *words, size_t n, void *config,
			  struct extack *ea)
{
	struct bridge_config *c = config;
	uint64_t v = 0;
	int err = number_word(words, n, BOOLOPTS_ALL, &v, ea);

	if (err)
		return err;
	c->boolopts = (uint32_t)v;
	return 2;
}

static char *boolopts_print(const struct opt *o, const void *config)
{
	const struct bridge_config *c = config;

	return xasprintf("%s %#x", o->word, c->boolopts);
}

static const struct opt_hooks boolopts_hooks = {
	.parse = boolopts_parse,
	.fill = boolopts_fill,
	.words = boolopts_words,
	.print = boolopts_print,
};

/* The state is asked for and not a setting: it is shown with the port's identifiers. */
static int state_parse(const struct opt *o, const struct nlattr *a, void *config,
		       struct extack *ea)
{
	struct bridge_port_config *c = config;

	c->state = attr_u8(a);
	c->states++;
	return 0;
}

static int state_words(const struct opt *o, char *const *words, size_t n, void *config,
		       struct extack *ea)
{
	struct bridge_port_config *c = config;
	uint64_t v = 0;
	int err = number_word(words, n, UINT8_MAX, &v, ea);

	if (err)
		return err;
	c->state = (uint8_t)v;
	c->states++;
	return 2;
}

static const struct opt_hooks state_hooks = {
	.parse = state_parse, .fill = fill_nothing, .min_len = 1, .words = state_words};

/* What is shown, by the bridge itself, and may not be in a request. */
static int told_parse(const struct opt *o, const struct nlattr *a, void *config,
		      struct extack *ea)
{
	return extack_set(ea, -EINVAL, "Attribute failed policy validation");
}

static const struct opt_hooks told_hooks = {.parse = told_parse, .fill = fill_nothing};

/* The same, of an attribute that Linux has no policy for. */
static int unsupported_parse(const struct opt *o, const struct nlattr *a, void *config,
			     struct extack *ea)
{
	return extack_set(ea, -EINVAL, "Unsupported attribute");
}

static const struct opt_hooks unsupported_hooks = {.parse = unsupported_parse,
						   .fill = fill_nothing};

/* ---- the tables ---- */

#define BR(type, attr, word, field, text, ...) \
	OPT(type, IFLA_BR_##attr, word, bridge_config, field, .help = text, ##__VA_ARGS__)

static const struct opt_name vlan_protocols[] = {
	{ETH_P_8021Q, "802.1Q"}, {ETH_P_8021AD, "802.1ad"}, {}};

const struct opt bridge_opts[] = {
	BR(U32, FORWARD_DELAY, "forward_delay", forward_delay,
	   "hundredths of a second that a port listens, and learns, before it forwards",
	   .by_kind = true),
	BR(U32, HELLO_TIME, "hello_time", hello_time,
	   "hundredths of a second between BPDUs of the root", .by_kind = true),
	BR(U32, MAX_AGE, "max_age", max_age,
	   "hundredths of a second after which what a BPDU said is old", .by_kind = true),
	BR(U32, AGEING_TIME, "ageing_time", ageing_time,
	   "hundredths of a second after which a silent station is forgotten"),
	BR(U32, STP_STATE, "stp_state", stp_state,
	   "run the spanning tree (1) or not (0)"),
	BR(U16, PRIORITY, "priority", priority, "of the bridge in the spanning tree"),
	BR(BOOL, VLAN_FILTERING, "vlan_filtering", vlan_filtering,
	   "heed VLAN tags and who is in which VLAN"),
	OPT_HOOKS(IFLA_BR_GROUP_FWD_MASK, "group_fwd_mask", &mask_hooks,
		  .help = "bits of link-local addresses 01:80:c2:00:00:0X to forward",
		  .offset = offsetof(struct bridge_config, group_fwd_mask), .size = 2),
	OPT_HOOKS(IFLA_BR_GROUP_ADDR, "group_address", &group_hooks,
		  .help = "where BPDUs are sent"),
	OPT_HOOKS(IFLA_BR_FDB_FLUSH, "fdb_flush", &flush_hooks,
		  .help = "forget all learned stations now",
		  .offset = offsetof(struct bridge_config, flushes), .size = 4),
	OPT_HOOKS(IFLA_BR_MULTI_BOOLOPT, "boolopts", &boolopts_hooks, .names = boolopts,
		  .help = "bits: no_linklocal_learn 1, mcast_vlan_snooping 2"),
	OPT(U32, BRIDGE_ATTR_FDB_MAX_LEARNED, "fdb_max_learned", bridge_config,
	    fdb_max_learned, .strict = true,
	    .help = "learn no more stations than that (0: no limit)"),
	OPT_HOOKS(BRIDGE_ATTR_FDB_N_LEARNED, NULL, &told_hooks),
	BR(BE16, VLAN_PROTOCOL, "vlan_protocol", vlan_protocol,
	   "ethertype of the tags that are heeded", .names = vlan_protocols,
	   .err = -EPROTONOSUPPORT),
	BR(U16, VLAN_DEFAULT_PVID, "vlan_default_pvid", vlan_default_pvid,
	   "VLAN of untagged frames on new ports (0: none)"),
	BR(U8, VLAN_STATS_ENABLED, "vlan_stats_enabled", vlan_stats,
	   "count frames per VLAN (1) or not (0)", .max = 1, .err = -EINVAL),
	BR(U8, VLAN_STATS_PER_PORT, "vlan_stats_per_port", vlan_stats_per_port,
	   "count frames per VLAN and port (1) or not (0)", .max = 1, .err = -EINVAL),
	BR(U8, MCAST_ROUTER, "mcast_router", mcast_router,
	   "is there a multicast router: 0 no, 1 if one is seen, 2 yes"),
	BR(BOOL, MCAST_SNOOPING, "mcast_snooping", mcast_snooping,
	   "send multicast only where it is wanted"),
	BR(BOOL, MCAST_QUERY_USE_IFADDR, "mcast_query_use_ifaddr", mcast_query_use_ifaddr,
	   "send queries from the bridge's own address"),
	BR(BOOL, MCAST_QUERIER, "mcast_querier", mcast_querier,
	   "ask for members of multicast groups"),
	BR(BOOL, MCAST_STATS_ENABLED, "mcast_stats_enabled", mcast_stats,
	   "count IGMP and MLD messages"),
	BR(U32, MCAST_HASH_ELASTICITY, NULL, mcast_hash_elasticity, NULL,
	   .fill_only = true),
	BR(U32, MCAST_HASH_MAX, "mcast_hash_max", mcast_hash_max,
	   "as many multicast groups at most"),
	BR(U32, MCAST_LAST_MEMBER_CNT, "mcast_last_member_count", mcast_last_member_count,
	   "queries before a group that was left is given up"),
	BR(U32, MCAST_STARTUP_QUERY_CNT, "mcast_startup_query_count",
	   mcast_startup_query_count, "queries in the beginning"),
	BR(U8, MCAST_IGMP_VERSION, "mcast_igmp_version", mcast_igmp_version,
	   "version of IGMP queries"),
	BR(U8, MCAST_MLD_VERSION, "mcast_mld_version", mcast_mld_version,
	   "version of MLD queries"),
	BR(U64, MCAST_LAST_MEMBER_INTVL, "mcast_last_member_interval",
	   mcast_last_member_interval, "between queries for a group that was left"),
	BR(U64, MCAST_MEMBERSHIP_INTVL, "mcast_membership_interval",
	   mcast_membership_interval, "after which a silent member is forgotten"),
	BR(U64, MCAST_QUERIER_INTVL, "mcast_querier_interval", mcast_querier_interval,
	   "after which a silent querier is given up"),
	BR(U64, MCAST_QUERY_INTVL, "mcast_query_interval", mcast_query_interval,
	   "between queries"),
	BR(U64, MCAST_QUERY_RESPONSE_INTVL, "mcast_query_response_interval",
	   mcast_query_response_interval, "members have to answer in"),
	BR(U64, MCAST_STARTUP_QUERY_INTVL, "mcast_startup_query_interval",
	   mcast_startup_query_interval, "between queries in the beginning"),
	BR(BOOL, NF_CALL_IPTABLES, "nf_call_iptables", nf_call_iptables,
	   "kept and shown; netfilter does not see what is switched"),
	BR(BOOL, NF_CALL_IP6TABLES, "nf_call_ip6tables", nf_call_ip6tables,
	   "kept and shown; netfilter does not see what is switched"),
	BR(BOOL, NF_CALL_ARPTABLES, "nf_call_arptables", nf_call_arptables,
	   "kept and shown; netfilter does not see what is switched"),
	OPT_END,
};

#define BP(type, attr, word, field, text, ...) \
	OPT(type, IFLA_BRPORT_##attr, word, bridge_port_config, field, .help = text, \
	    ##__VA_ARGS__)

const struct opt bridge_port_opts[] = {
	OPT_HOOKS(
		IFLA_BRPORT_STATE, "state", &state_hooks,
		.help = "0 disabled, 1 listening, 2 learning, 3 forwarding, 4 blocking"),
	BP(U16, PRIORITY, "priority", priority, "of the port in the spanning tree",
	   .max = 63, .err = -ERANGE),
	BP(U32, COST, "cost", cost, "of the way by this port", .min = 1, .max = 65535,
	   .err = -ERANGE, .by_kind = true),
	BP(BOOL, MODE, "hairpin", hairpin, "frames may leave by the port they came from"),
	BP(BOOL, GUARD, "guard", guard, "a BPDU disables the port"),
	BP(BOOL, PROTECT, "root_block", root_block, "the root is never behind this port"),
	BP(BOOL, FAST_LEAVE, "fastleave", fast_leave,
	   "who leaves a multicast group is the last one"),
	BP(BOOL, MCAST_TO_UCAST, "mcast_to_unicast", mcast_to_unicast,
	   "send each member its own copy"),
	BP(BOOL, LEARNING, "learning", learning, "learn stations"),
	BP(BOOL, UNICAST_FLOOD, "flood", flood, "have frames for unknown stations"),
	BP(BOOL, MCAST_FLOOD, "mcast_flood", mcast_flood, "have unknown multicast"),
	BP(BOOL, BCAST_FLOOD, "bcast_flood", bcast_flood, "have broadcasts"),
	BP(BOOL, PROXYARP, "proxy_arp", proxy_arp, "answer ARP for known neighbours"),
	BP(BOOL, PROXYARP_WIFI, "proxy_arp_wifi", proxy_arp_wifi,
	   "answer ARP for known neighbours, isolated stations too"),
	BP(BOOL, VLAN_TUNNEL, "vlan_tunnel", vlan_tunnel, "map VLANs to tunnels"),
	OPT_HOOKS(IFLA_BRPORT_GROUP_FWD_MASK, "group_fwd_mask", &mask_hooks,
		  .help = "bits of link-local addresses 01:80:c2:00:00:0X to forward",
		  .offset = offsetof(struct bridge_port_config, group_fwd_mask),
		  .size = 2),
	BP(BOOL, NEIGH_SUPPRESS, "neigh_suppress", neigh_suppress,
	   "answer ARP and ND for known neighbours, and flood none of it here"),
	BP(BOOL, ISOLATED, "isolated", isolated, "reach no other isolated port"),
	BP(BOOL, LOCKED, "locked", locked, "take frames of known stations only",
	   .strict = true),
	OPT(BOOL, BRPORT_ATTR_MAB, "mab", bridge_port_config, mab, .strict = true,
	    .help = "note who is refused on a locked port"),
	OPT(U8, BRPORT_ATTR_NEIGH_VLAN_SUPPRESS, "neigh_vlan_suppress",
	    bridge_port_config, neigh_vlan_suppress, .strict = true, .max = 1,
	    .err = -ERANGE, .sentence = "integer out of range",
	    .help = "neigh_suppress by VLAN instead"),
	OPT_HOOKS(IFLA_BRPORT_FLUSH, "fdb_flush", &flush_hooks,
		  .help = "forget the port's learned stations now",
		  .offset = offsetof(struct bridge_port_config, flushes), .size = 4),
	BP(U8, MULTICAST_ROUTER, "mcast_router", mcast_router,
	   "is there a multicast router: 0 no, 1 if one is seen, 2 yes, 3 for now",
	   .max = MDB_RTR_TYPE_TEMP, .err = -EINVAL),
	BP(U32, MCAST_EHT_HOSTS_LIMIT, "mcast_eht_hosts_limit", mcast_eht_hosts_limit,
	   "hosts that are told apart at most", .min = 1, .err = -EINVAL),
	OPT_HOOKS(IFLA_BRPORT_MCAST_EHT_HOSTS_CNT, NULL, &unsupported_hooks),
	OPT(U32, BRPORT_ATTR_MCAST_MAX_GROUPS, "mcast_max_groups", bridge_port_config,
	    mcast_max_groups, .strict = true,
	    .help = "multicast groups at most (0: no limit)"),
	OPT_HOOKS(BRPORT_ATTR_MCAST_N_GROUPS, NULL, &told_hooks),
	BP(IFINDEX, BACKUP_PORT, "backup_port", backup_port,
	   "has this port's frames while it has no carrier"),
	OPT(U32, BRPORT_ATTR_BACKUP_NHID, "backup_nhid", bridge_port_config, backup_nhid,
	    .strict = true, .by_kind = true, .help = "kept and shown"),
	OPT_END,
};
