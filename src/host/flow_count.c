/* SPDX-License-Identifier: BSD-2-Clause
 *
 * flow_count - what went by the rules of flows is counted where Linux would count it, and the
 * stations that sent it are not forgotten.
 *
 * A rule's own count has a packet for each segment that is still to be cut, but Linux's devices
 * count what they hand on as one.  How many those were is known for a mirror's flows together:
 * what has entered by it, less what its detour was given, less what went straight ahead.  They
 * are shared out among the rules by how much each has counted, which is exact for one rule, and for
 * several whose packets are not such segments.
 *
 * The frames that wait in the detour at that moment seem to have gone by rules.  A rule gets
 * no more than it has counted itself, and what it gets too early it does not get again, so this
 * is put right by the next count.
 */
#include "host/shortcut.h"

#include <linux/if_ether.h>

void flow_note(struct flow_rule *rule, const struct tc_count *now)
{
	rule->fresh = now->packets - rule->counted.packets;
	rule->fresh_lost += now->lost - rule->counted.lost;
	rule->counted = *now;
	if (!rule->fresh)
		return;
	rule->used = clock_now() - now->idle;
	flow_carried(&rule->flow, rule->hop, rule->n_hops, rule->used);
}

static void note_one(void *arg, const struct tc_count *now)
{
	struct shortcut *s = arg;
	struct flow_rule *rule;

	list_foreach(rule, &s->flows, link)
		if (rule->handle == now->handle)
			flow_note(rule, now);
}

/* @lost of them did not leave by the last device but one. */
static void tell_devices(const struct flow_rule *rule, const struct amount *went,
			 uint64_t lost)
{
	uint64_t n = went->packets, bytes = went->bytes;

	for (unsigned i = 0; i < rule->n_hops; i++) {
		struct dev *dev = rule->hop[i].dev;

		if (i == rule->n_hops - 2 && lost) {
			lost = min(lost, n);
			dev->carried.tx_dropped += lost;
			bytes -= n ? bytes * lost / n : 0;
			n -= lost;
		}
		if (rule->hop[i].dir == DIR_TX) {
			dev->carried.tx_packets += n;
			dev->carried.tx_bytes += bytes;
		} else {
			dev->carried.rx_packets += n;
			dev->carried.rx_bytes += bytes - n * dev->kind->rx_uncounted;
		}
	}
}

/* How many more the rule may have carried. */
static uint64_t room(const struct flow_rule *rule)
{
	return rule->counted.packets - rule->told.packets;
}

/* The rule has carried @n more packets.  *bytes: what all rules may still get. */
static void give(struct shortcut *s, struct flow_rule *rule, uint64_t n, uint64_t *bytes)
{
	uint64_t all = rule->counted.bytes + (rule->told.packets + n) * ETH_HLEN;
	struct amount went = {
		.packets = n,
		.bytes = min(*bytes, all > rule->told.bytes ? all - rule->told.bytes : 0),
	};

	if (!n)
		return;
	*bytes -= went.bytes;
	rule->told.packets += n;
	rule->told.bytes += went.bytes;
	s->away.packets += n;
	s->away.bytes += went.bytes;
	tell_devices(rule, &went, rule->fresh_lost);
	rule->fresh_lost = 0;
}

/* Share @went out among the rules that have been used; when nothing has entered since the last
 * time (@quiet), no frame waits elsewhere, and all can have what is left. */
static void share(struct shortcut *s, struct amount went, bool quiet)
{
	struct flow_rule *rule;
	uint64_t weight = 0, part;

	list_foreach(rule, &s->flows, link)
		weight += rule->fresh;
	list_foreach(rule, &s->flows, link) {
		if (!rule->fresh)
			continue;
		part = min(went.packets * rule->fresh / weight, room(rule));
		weight -= rule->fresh;
		went.packets -= part;
		give(s, rule, part, &went.bytes);
	}
	list_foreach(rule, &s->flows, link) {
		if (!rule->fresh && !quiet)
			continue;
		part = min(went.packets, room(rule));
		went.packets -= part;
		give(s, rule, part, &went.bytes);
		rule->fresh = 0;
	}
}

static uint64_t rest(uint64_t all, uint64_t but)
{
	return all > but ? all - but : 0;
}

void flow_count(struct host *h, struct shortcut *s)
{
	struct mirror *m = s->mirror;
	struct kernel_stats entered, detour;
	bool quiet;

	/* The detour's last: what is under way meanwhile seems to be less, not more. */
	if (tc_flow_counts(h->factory_rtnl, m->factory_index, note_one, s) ||
	    kernel_link_stats(h->factory_rtnl, m->factory_index, &entered) ||
	    kernel_link_stats(h->factory_rtnl, m->detour_index, &detour))
		return;
	quiet = entered.rx_packets == s->last_rx;
	s->last_rx = entered.rx_packets;
	share(s,
	      (struct amount){
		      rest(entered.rx_packets,
			   detour.tx_packets + detour.tx_dropped + s->away.packets),
		      rest(entered.rx_bytes, detour.tx_bytes + s->away.bytes)},
	      quiet);
}
