/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_mcast_count - how many IGMP and MLD messages a bridge and its ports have seen, with
 * mcast_stats_enabled.
 *
 * As in Linux: received is what comes in by a port, or from the bridge's own stack; sent what
 * leaves by one, or goes to the stack.  The bridge's query to its own stack is received.  What
 * has been counted stays when counting ends.
 */
#include "dev/bridge_mcast.h"

struct mcast_counters {
	cache_aligned struct br_mcast_stats n;
};

/* One for each worker, and control's. */
static unsigned n_counters(const struct bridge *br)
{
	return br->dev->net->n_workers + 1;
}

static uint64_t *pair_of(struct br_mcast_stats *s, enum mcast_counter what)
{
	switch (what) {
	case MCAST_COUNT_NOTHING:
		break;
	case MCAST_COUNT_IGMP_V1_QUERY:
		return (uint64_t *)s->igmp_v1queries;
	case MCAST_COUNT_IGMP_V2_QUERY:
		return (uint64_t *)s->igmp_v2queries;
	case MCAST_COUNT_IGMP_V3_QUERY:
		return (uint64_t *)s->igmp_v3queries;
	case MCAST_COUNT_IGMP_LEAVE:
		return (uint64_t *)s->igmp_leaves;
	case MCAST_COUNT_IGMP_V1_REPORT:
		return (uint64_t *)s->igmp_v1reports;
	case MCAST_COUNT_IGMP_V2_REPORT:
		return (uint64_t *)s->igmp_v2reports;
	case MCAST_COUNT_IGMP_V3_REPORT:
		return (uint64_t *)s->igmp_v3reports;
	case MCAST_COUNT_MLD_V1_QUERY:
		return (uint64_t *)s->mld_v1queries;
	case MCAST_COUNT_MLD_V2_QUERY:
		return (uint64_t *)s->mld_v2queries;
	case MCAST_COUNT_MLD_DONE:
		return (uint64_t *)s->mld_leaves;
	case MCAST_COUNT_MLD_V1_REPORT:
		return (uint64_t *)s->mld_v1reports;
	case MCAST_COUNT_MLD_V2_REPORT:
		return (uint64_t *)s->mld_v2reports;
	}
	return NULL;
}

/* The counters of @id, if somebody counts: of @bp, NULL: of the bridge. */
static struct br_mcast_stats *counters(struct bridge *br, struct bridge_port *bp,
				       unsigned id)
{
	struct mcast_counters *c = rcu_load(bp ? &bp->mcast_count : &br->mcast_count);

	return c ? &c[id].n : NULL;
}

static void count(struct br_mcast_stats *s, enum mcast_counter what, unsigned dir)
{
	uint64_t *pair = s ? pair_of(s, what) : NULL;

	if (pair)
		__atomic_store_n(&pair[dir], pair[dir] + 1, __ATOMIC_RELAXED);
}

void mcast_count_rx(struct worker *w, struct bridge *br, struct bridge_port *bp,
		    enum mcast_counter what)
{
	count(counters(br, bp, w->id), what, BR_MCAST_DIR_RX);
}

void mcast_count_tx(struct worker *w, struct bridge *br, struct bridge_port *bp,
		    enum mcast_counter what)
{
	count(counters(br, bp, w->id), what, BR_MCAST_DIR_TX);
}

void mcast_count_error(struct worker *w, struct bridge *br, struct bridge_port *bp,
		       uint16_t proto)
{
	struct br_mcast_stats *s = counters(br, bp, w->id);
	uint64_t *n;

	if (!s)
		return;
	n = (uint64_t *)(proto == ETHERTYPE_IPV4 ? &s->igmp_parse_errors
						 : &s->mld_parse_errors);
	__atomic_store_n(n, *n + 1, __ATOMIC_RELAXED);
}

void mcast_count_own(struct bridge *br, struct bridge_port *bp, enum mcast_counter what)
{
	count(counters(br, bp, n_counters(br) - 1), what,
	      bp ? BR_MCAST_DIR_TX : BR_MCAST_DIR_RX);
}

/* ---- control ---- */

static void set(const struct bridge *br, struct mcast_counters **kept,
		struct mcast_counters **published)
{
	size_t size = n_counters(br) * sizeof(**kept);

	if (!bridge_config(br)->mcast_stats) {
		rcu_publish(published, NULL);
		return;
	}
	if (!*kept) {
		*kept = aligned_alloc(64, size);
		assert(*kept);
		memset(*kept, 0, size);
	}
	rcu_publish(published, *kept);
}

void mcast_count_set(struct bridge *br, struct bridge_port *bp)
{
	if (bp)
		set(br, &bp->mcast_counted, &bp->mcast_count);
	else
		set(br, &br->mcast_counted, &br->mcast_count);
}

void bridge_mcast_counters(const struct dev *dev, struct br_mcast_stats *sum)
{
	const struct bridge_port *bp = dev_is_bridge(dev) ? NULL : dev_port_state(dev);
	const struct bridge *br = bp ? bp->br : bridge_of(dev);
	const struct mcast_counters *c = bp ? bp->mcast_counted : br->mcast_counted;
	uint64_t *to = (uint64_t *)sum;

	*sum = (struct br_mcast_stats){};
	for (unsigned i = 0; c && i < n_counters(br); i++)
		for (size_t j = 0; j < sizeof(*sum) / sizeof(*to); j++)
			to[j] += __atomic_load_n((const uint64_t *)&c[i].n + j,
						 __ATOMIC_RELAXED);
}
