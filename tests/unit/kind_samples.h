/* SPDX-License-Identifier: BSD-2-Clause
 *
 * kind_samples - values that settings take and refuse, where the row does not say it, or where they
 * are no numbers; for kind_settings.
 */
#pragma once

#include "net_util.h"

#include "dev/bridge.h"
#include "dev/macvlan.h"
#include "dev/vlan.h"

#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_tun.h>
#include <linux/if_vlan.h>

/* An attribute's bytes as asked for, and those that are shown then; shown NULL: the same. */
struct value {
	const void *asked;
	unsigned len;
	const void *shown;
	unsigned shown_len;
};

#define B(...) ((const uint8_t[]){__VA_ARGS__})
#define BYTES(...) \
	{ \
		.asked = B(__VA_ARGS__), .len = sizeof((uint8_t[]){__VA_ARGS__}) \
	}
#define U8(v) BYTES(v)
#define U16(v) \
	{ \
		.asked = &(const uint16_t){v}, .len = 2 \
	}
#define U32(v) \
	{ \
		.asked = &(const uint32_t){v}, .len = 4 \
	}
#define U64(v) \
	{ \
		.asked = &(const uint64_t){v}, .len = 8 \
	}
/* Asked for one number, it makes another of it. */
#define MADE8(v, made) \
	{ \
		.asked = B(v), .len = 1, .shown = B(made), .shown_len = 1 \
	}
#define MADE64(v, made) \
	{ \
		.asked = &(const uint64_t){v}, .len = 8, \
		.shown = &(const uint64_t){made}, .shown_len = 8 \
	}
/* Nothing is shown. */
#define HIDDEN(...) \
	{ \
		.asked = B(__VA_ARGS__), .len = sizeof((uint8_t[]){__VA_ARGS__}), \
		.shown = "", .shown_len = 0 \
	}
/* struct br_boolopt_multi; struct ifla_vlan_flags, which is shown with all bits in its mask. */
#define PAIR(value, mask, made, all) \
	{ \
		.asked = (const uint32_t[]){value, mask}, .len = 8, \
		.shown = (const uint32_t[]){made, all}, .shown_len = 8 \
	}
/* A nest of one QoS map entry; of one address. */
#define MAPPING(from, to) \
	{ \
		.asked = (const uint32_t[]){12 | IFLA_VLAN_QOS_MAPPING << 16, from, to}, \
		.len = 12 \
	}
#define ADDRESS(last) BYTES(10, 0, IFLA_MACVLAN_MACADDR, 0, 2, 0, 0, 0, 0, last, 0, 0)

/* As much as does not fit. */
static uint8_t many_sources[(MACVLAN_SOURCES_MAX + 1) * 12];
static uint32_t many_mappings[(VLAN_EGRESS_MAX + 1) * 3];
static char long_name[] = "a name that is much longer than any name of a device may be";

static void make_many(void)
{
	for (unsigned i = 0; i <= MACVLAN_SOURCES_MAX; i++)
		memcpy(&many_sources[i * 12],
		       B(10, 0, IFLA_MACVLAN_MACADDR, 0, 2, 0, 0, 0, (uint8_t)(i >> 8),
			 (uint8_t)i, 0, 0),
		       12);
	for (uint32_t i = 0; i <= VLAN_EGRESS_MAX; i++)
		memcpy(&many_mappings[i * 3],
		       (uint32_t[]){12 | IFLA_VLAN_QOS_MAPPING << 16, i, 1}, 12);
}

enum how {
	SETTING,
	EVENT,	/* something is done; no dump tells */
	TOLD,	/* shown, and refused in a request */
	IGNORED /* shown, and without effect in a request */
};

enum when {
	ALWAYS,
	AT_BIRTH,
	LATE /* on a device that has what must come with it */
};

#define VALUES_MAX 5

/* Values of one row that the row itself does not tell. */
struct sample {
	const char *kind;
	bool port; /* of that kind's ports */
	uint16_t attr;
	enum how how;
	struct value good[VALUES_MAX], bad[VALUES_MAX];
	uint16_t shown_as; /* by another attribute */
	enum when when;
	/* What must be asked for with it, up to two more. */
	struct {
		uint16_t attr;
		struct value value;
	} with[2];
};

#define OTHER_PORT 77 /* ifindex of one that stands beside the one that is tried */
#define THIRD_PORT 78

#define BRIDGE(attr_, ...) \
	{ \
		.kind = "bridge", .attr = IFLA_BR_##attr_, __VA_ARGS__ \
	}
#define PORT(attr_, ...) \
	{ \
		.kind = "bridge", .port = true, .attr = IFLA_BRPORT_##attr_, __VA_ARGS__ \
	}
#define MACVLAN(attr_, ...) \
	{ \
		.kind = "macvlan", .attr = IFLA_MACVLAN_##attr_, __VA_ARGS__ \
	}
#define VLAN(attr_, ...) \
	{ \
		.kind = "vlan", .attr = IFLA_VLAN_##attr_, __VA_ARGS__ \
	}
#define TUN(attr_, ...) \
	{ \
		.kind = "tun", .attr = IFLA_TUN_##attr_, __VA_ARGS__ \
	}
#define SOURCE_SET \
	.with = {{IFLA_MACVLAN_MODE, U32(MACVLAN_MODE_SOURCE)}, \
		 {IFLA_MACVLAN_MACADDR_MODE, U32(MACVLAN_MACADDR_SET)}}

static const struct sample samples[] = {
	/* 802.1D-1998 table 8-3; without the spanning tree any delay will do */
	BRIDGE(HELLO_TIME, .good = {U32(100), U32(1000)}, .bad = {U32(99), U32(1001)}),
	BRIDGE(MAX_AGE, .good = {U32(600), U32(4000)}, .bad = {U32(599), U32(4001)}),
	BRIDGE(FORWARD_DELAY, .good = {U32(0), U32(200), U32(3000), U32(UINT32_MAX)}),
	BRIDGE(FORWARD_DELAY, .when = LATE, .good = {U32(200), U32(3000)},
	       .bad = {U32(199), U32(3001)}, .with = {{IFLA_BR_STP_STATE, U32(1)}}),
	BRIDGE(STP_STATE, .good = {U32(1), U32(0)}),
	BRIDGE(GROUP_FWD_MASK, .good = {U16(0xfff8), U16(8), U16(0)},
	       .bad = {U16(1), U16(2), U16(4)}),
	BRIDGE(GROUP_ADDR,
	       .good = {BYTES(1, 0x80, 0xc2, 0, 0, 0xf), BYTES(1, 0x80, 0xc2, 0, 0, 4)},
	       .bad = {BYTES(1, 0x80, 0xc2, 0, 0, 1), BYTES(1, 0x80, 0xc2, 0, 0, 0x10),
		       BYTES(2, 0x80, 0xc2, 0, 0, 0), BYTES(1, 0x80, 0xc2, 0, 0)}),
	BRIDGE(FDB_FLUSH, .how = EVENT, .good = {U8(1), BYTES(0)}),
	BRIDGE(MULTI_BOOLOPT, .good = {PAIR(1, 1, 1, 0x1f), PAIR(0, 1, 0, 0x1f)},
	       .bad = {PAIR(0x20, 0x20, 0, 0), U32(1)}),
	{.kind = "bridge",
	 .attr = BRIDGE_ATTR_FDB_N_LEARNED,
	 .how = TOLD,
	 .bad = {U32(0), U32(1)}},
	BRIDGE(VLAN_DEFAULT_PVID, .good = {U16(0), U16(4094)},
	       .bad = {U16(4095), U16(65535)}),
	BRIDGE(MCAST_ROUTER, .good = {U8(0), U8(2)}, .bad = {U8(3), U8(255)}),
	BRIDGE(MCAST_HASH_ELASTICITY, .how = IGNORED, .good = {U32(1), U32(UINT32_MAX)}),
	BRIDGE(MCAST_IGMP_VERSION, .good = {U8(3), U8(2)}, .bad = {U8(1), U8(4)}),
	BRIDGE(MCAST_MLD_VERSION, .good = {U8(2), U8(1)}, .bad = {U8(0), U8(3)}),
	/* 1 s to 24 h; what is outside is brought there */
	BRIDGE(MCAST_QUERY_INTVL, .good = {U64(100), U64(8640000), MADE64(99, 100),
					   MADE64(UINT64_MAX, 8640000)}),
	BRIDGE(MCAST_STARTUP_QUERY_INTVL, .good = {U64(100), U64(8640000), MADE64(0, 100),
						   MADE64(8640001, 8640000)}),

	/* without the spanning tree a port that blocks is made to forward at once */
	PORT(STATE, .good = {U8(1), U8(2), U8(0), MADE8(4, 3), U8(3)},
	     .bad = {U8(5), U8(255)}),
	PORT(PRIORITY, .good = {U16(0), U16(63)}, .bad = {U16(64), U16(65535)}),
	PORT(COST, .good = {U32(1), U32(65535)}, .bad = {U32(0), U32(65536)}),
	PORT(GROUP_FWD_MASK, .good = {U16(0xfffd), U16(8), U16(0)},
	     .bad = {U16(2), U16(65535)}),
	PORT(FLUSH, .how = EVENT, .good = {U8(1), BYTES(0)}),
	{.kind = "bridge",
	 .port = true,
	 .attr = BRPORT_ATTR_MAB,
	 .good = {U8(1), U8(0)},
	 .with = {{IFLA_BRPORT_LOCKED, U8(1)}}},
	{.kind = "bridge",
	 .port = true,
	 .attr = BRPORT_ATTR_MAB,
	 .bad = {U8(1)},
	 .with = {{IFLA_BRPORT_LOCKED, U8(0)}}},
	{.kind = "bridge",
	 .port = true,
	 .attr = BRPORT_ATTR_MCAST_N_GROUPS,
	 .how = TOLD,
	 .bad = {U32(0), U32(1)}},
	PORT(MCAST_EHT_HOSTS_CNT, .how = TOLD, .bad = {U32(0), U32(1)}),
	PORT(BACKUP_PORT, .good = {U32(OTHER_PORT), U32(THIRD_PORT), HIDDEN(0, 0, 0, 0)},
	     .bad = {U32(99999)}),
	{.kind = "bridge",
	 .port = true,
	 .attr = BRPORT_ATTR_BACKUP_NHID,
	 .good = {U32(1), U32(UINT32_MAX), HIDDEN(0, 0, 0, 0)}},

	/* what is passthru is so from birth */
	MACVLAN(MODE,
		.good = {U32(MACVLAN_MODE_PRIVATE), U32(MACVLAN_MODE_BRIDGE),
			 U32(MACVLAN_MODE_SOURCE), U32(MACVLAN_MODE_VEPA)},
		.bad = {U32(0), U32(3), U32(32)}),
	MACVLAN(MODE, .when = LATE, .bad = {U32(MACVLAN_MODE_PASSTHRU)}),
	MACVLAN(MODE, .when = AT_BIRTH, .good = {U32(MACVLAN_MODE_PASSTHRU)}),
	MACVLAN(FLAGS,
		.good = {U16(MACVLAN_FLAG_NOPROMISC),
			 U16(MACVLAN_FLAG_NOPROMISC | MACVLAN_FLAG_NODST), U16(0)},
		.bad = {U16(4), U16(0x8000)}),
	MACVLAN(MACADDR_MODE, .how = EVENT,
		.good = {U32(MACVLAN_MACADDR_FLUSH), U32(MACVLAN_MACADDR_SET)},
		/* without an address */
		.bad = {U32(MACVLAN_MACADDR_ADD), U32(MACVLAN_MACADDR_DEL), U32(4)},
		.with = {{IFLA_MACVLAN_MODE, U32(MACVLAN_MODE_SOURCE)}}),
	MACVLAN(MACADDR,
		.good = {{B(2, 0, 0, 0, 0, 1), 6,
			  B(10, 0, IFLA_MACVLAN_MACADDR, 0, 2, 0, 0, 0, 0, 1, 0, 0), 12},
			 {B(2, 0, 0, 0, 0, 2), 6,
			  B(10, 0, IFLA_MACVLAN_MACADDR, 0, 2, 0, 0, 0, 0, 2, 0, 0), 12}},
		.bad = {BYTES(1, 0, 0, 0, 0, 1), BYTES(0, 0, 0, 0, 0, 0),
			BYTES(2, 0, 0, 0, 0)},
		.shown_as = IFLA_MACVLAN_MACADDR_DATA, SOURCE_SET),
	MACVLAN(MACADDR_DATA, .good = {ADDRESS(3), ADDRESS(4)},
		.bad = {{many_sources, sizeof(many_sources)},
			BYTES(10, 0, IFLA_MACVLAN_MACADDR, 0, 1, 0, 0, 0, 0, 1, 0, 0),
			BYTES(9, 0, IFLA_MACVLAN_MACADDR, 0, 2, 0, 0, 0, 0, 0, 0, 0),
			BYTES(4, 0, 0)},
		SOURCE_SET),
	MACVLAN(MACADDR_COUNT, .how = TOLD, .bad = {U32(0), U32(1)}),
	MACVLAN(BC_QUEUE_LEN_USED, .how = TOLD, .bad = {U32(0), U32(1)}),
	{.kind = "macvlan",
	 .attr = MACVLAN_ATTR_BC_CUTOFF,
	 .good = {U32(0), U32((uint32_t)-1), U32(INT32_MAX)}},

	/* a VLAN's number is for life: 0..4094 */
	VLAN(ID, .good = {U16(0), U16(4094)}, .bad = {U16(4095), U16(65535)}),
	VLAN(PROTOCOL, .good = {BYTES(0x88, 0xa8), BYTES(0x81, 0x00)},
	     .bad = {BYTES(0x08, 0x00), BYTES(0, 0)}, .with = {{IFLA_VLAN_ID, U16(9)}}),
	VLAN(FLAGS,
	     .good = {PAIR(VLAN_FLAG_GVRP, VLAN_FLAG_GVRP,
			   VLAN_FLAG_REORDER_HDR | VLAN_FLAG_GVRP, UINT32_MAX),
		      PAIR(0x1e, 0x1f, 0x1e, UINT32_MAX),
		      PAIR(VLAN_FLAG_REORDER_HDR, 0x1f, VLAN_FLAG_REORDER_HDR,
			   UINT32_MAX)},
	     .bad = {PAIR(0x20, 0x20, 0, 0)}),
	VLAN(INGRESS_QOS, .good = {MAPPING(3, 5), MAPPING(3, UINT32_MAX)},
	     .bad = {BYTES(8, 0, IFLA_VLAN_QOS_MAPPING, 0, 1, 0, 0, 0)}),
	VLAN(EGRESS_QOS, .good = {MAPPING(UINT32_MAX, 1), MAPPING(UINT32_MAX, 7)},
	     .bad = {BYTES(8, 0, IFLA_VLAN_QOS_MAPPING, 0, 1, 0, 0, 0),
		     {many_mappings, sizeof(many_mappings)}}),

	TUN(OWNER, .good = {U32(1000), U32(0)}),
	TUN(GROUP, .good = {U32(1000), U32(0)}),
	TUN(NUM_QUEUES, .how = IGNORED, .good = {U32(7)}),
};
