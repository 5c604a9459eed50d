/* SPDX-License-Identifier: BSD-2-Clause
 *
 * flow - flows that go through the kernel past the engine's bridges.
 *
 * What enters by a mirror and has no shortcut as a whole takes the detour.  For a flow
 * (net/flow.h) whose way leads to another mirror over devices that would only hand it on, there
 * is a rule in front of the last one that redirects it, and it alone, to the other mirror's
 * end in the factory.  All else, of the same stations too, goes on to the engine.
 *
 * Workers notice which flows are busy (flow_hint.c).  A rule ends before whatever changed its way
 * is answered, and when it has not been used for IDLE; that the devices on the way count, and
 * that their stations do not age meanwhile, is flow_count.c's.
 *
 * Order: as of shortcuts (shortcut.c).  When a rule begins, frames may overtake those that the
 * engine still holds: few, because the rule comes with the first frames of a flow.
 */
#include "host/shortcut.h"
#include "base/log.h"

#define PER_MIRROR 32u	/* rules; each frame is compared with all */
#define PER_YARD   512u /* to be asked about every PERIOD */
#define IDLE	   (10 * NSEC_PER_SEC)
#define RESTING	   NSEC_PER_SEC /* so long unused, it makes room for others */
#define PERIOD	   NSEC_PER_SEC
#define REST	   50 /* times as long as counting takes, at least */

/* ---- end ---- */

static void end_rule(struct host *h, struct shortcut *s, struct flow_rule *rule)
{
	struct tc_count last;
	int err = tc_flow_delete(h->factory_rtnl, s->mirror->factory_index, rule->type,
				 rule->handle, &last);

	if (!err)
		flow_note(rule, &last);
	else
		log_debug("dev", s->mirror->dev->name, "a flow's rule: %s",
			  strerror(-err));
	flow_count(h, s);
	flow_end(rule->hop, rule->n_hops);
	list_remove(&rule->link);
	free(rule);
	if (!--s->n_flows)
		list_remove(&s->with_flows);
	if (!--h->n_flows)
		timer_disarm(&h->flow_timer);
}

static bool crosses(const struct flow_rule *rule, const struct dev *dev)
{
	for (unsigned i = 0; i < rule->n_hops; i++)
		if (rule->hop[i].dev == dev || rule->hop[i].master == dev)
			return true;
	return false;
}

/* @dev is not as it was: find the ways over it again. */
static void review(struct host *h, const struct dev *dev)
{
	struct flow_hop hop[FLOW_HOPS_MAX];
	struct flow_rule *rule, *next;
	struct shortcut *s, *later;
	unsigned n;

	list_foreach_safe(s, later, &h->with_flows, with_flows)
		list_foreach_safe(rule, next, &s->flows, link) {
			if (!crosses(rule, dev) &&
			    !(dev->master && crosses(rule, dev->master)))
				continue;
			n = flow_way(s->mirror->dev, &rule->flow, hop);
			if (!flow_is_same_way(hop, n, rule->hop, rule->n_hops))
				end_rule(h, s, rule);
		}
}

/* ---- time ---- */

static void on_timer(struct timer *t)
{
	struct host *h = container_of(t, struct host, flow_timer);
	nsec_t start = clock_now();
	struct flow_rule *rule, *next;
	struct shortcut *s, *later;

	list_foreach_safe(s, later, &h->with_flows, with_flows) {
		flow_count(h, s);
		list_foreach_safe(rule, next, &s->flows, link)
			if (start - rule->used > IDLE)
				end_rule(h, s, rule);
	}
	if (h->n_flows)
		timer_arm(t, max(PERIOD, (clock_now() - start) * REST), on_timer);
}

/* ---- begin ---- */

static struct flow_rule *find(const struct shortcut *s, const struct flow *flow,
			      uint16_t type)
{
	struct flow_rule *rule;

	list_foreach(rule, &s->flows, link)
		if (rule->type == type && !memcmp(&rule->flow, flow, sizeof(*flow)))
			return rule;
	return NULL;
}

static bool make_room(struct host *h, struct shortcut *s)
{
	struct flow_rule *rule, *idlest = NULL;

	if (s->n_flows < PER_MIRROR && h->n_flows < PER_YARD)
		return true;
	if (!s->n_flows)
		return false;
	flow_count(h, s);
	list_foreach(rule, &s->flows, link)
		if (!idlest || rule->used < idlest->used)
			idlest = rule;
	if (clock_now() - idlest->used < RESTING)
		return false;
	end_rule(h, s, idlest);
	return true;
}

static int begin_rule(struct host *h, struct shortcut *s, const struct flow *flow,
		      uint16_t type, const struct flow_hop *hop, unsigned n)
{
	struct mirror *to = hop[n - 1].dev->host;
	struct flow_rule *rule = xcalloc(1, sizeof(*rule) + n * sizeof(*hop));
	struct tc_flow match = {.type = type};
	int err;

	memcpy(match.dst, flow->dst, sizeof(match.dst));
	memcpy(match.src, flow->src, sizeof(match.src));
	err = tc_flow_add(h->factory_rtnl, s->mirror->factory_index, &match,
			  to->factory_index, &rule->handle);
	if (err) {
		free(rule);
		return err;
	}
	rule->flow = *flow;
	rule->type = type;
	rule->used = clock_now();
	rule->n_hops = n;
	memcpy(rule->hop, hop, n * sizeof(*hop));
	flow_begin(hop, n);
	list_append(&s->flows, &rule->link);
	if (!s->n_flows++)
		list_append(&h->with_flows, &s->with_flows);
	if (!h->n_flows++)
		timer_arm(&h->flow_timer, PERIOD, on_timer);
	return 0;
}

static bool is_fit(const struct mirror *m)
{
	return m && m->packet && !m->gone && m->shortcut && m->dev->carrier;
}

void flow_wanted(struct host *h, struct dev *dev, const struct flow *flow, uint16_t type)
{
	struct flow_hop hop[FLOW_HOPS_MAX];
	struct mirror *m = dev->host;
	struct shortcut *s = m ? m->shortcut : NULL;
	unsigned n;
	int err;

	if (!is_fit(m) || !s->hooked || s->ahead || find(s, flow, type))
		return;
	n = flow_way(dev, flow, hop);
	/* A way without a bridge is shortcut.c's. */
	if (n <= 2 || !is_fit(hop[n - 1].dev->host) || hop[n - 1].dev == dev ||
	    !make_room(h, s))
		return;
	err = begin_rule(h, s, flow, type, hop, n);
	if (err)
		log_debug("dev", dev->name, "no rule for a flow: %s", strerror(-err));
}

/* ---- what others say ---- */

static bool has_over(const struct shortcut *s, const struct dev *dev)
{
	struct flow_rule *rule;

	list_foreach(rule, &s->flows, link)
		if (crosses(rule, dev))
			return true;
	return false;
}

void flow_count_for(struct host *h, struct dev *dev)
{
	struct shortcut *s;

	if (!dev->n_flows)
		return;
	list_foreach(s, &h->with_flows, with_flows)
		if (has_over(s, dev))
			flow_count(h, s);
}

void flow_on_event(struct host *h, enum net_event event, struct dev *dev)
{
	if (!flow_is_near(dev))
		return;
	if (event == NET_FLOWS_ASKED)
		flow_count_for(h, dev);
	else
		review(h, dev);
}

void flow_done(struct host *h, struct shortcut *s)
{
	struct flow_rule *rule, *next;

	list_foreach_safe(rule, next, &s->flows, link)
		end_rule(h, s, rule);
}
