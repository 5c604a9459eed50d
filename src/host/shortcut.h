/* SPDX-License-Identifier: BSD-2-Clause
 *
 * shortcut - what shortcut.c and flow.c share: how the kernel carries what enters by a mirror.
 */
#pragma once

#include "host/host.h"
#include "net/flow.h"

struct flow_hints;

/* How much has gone a way. */
struct amount {
	uint64_t packets, bytes;
};

struct shortcut {
	struct mirror *mirror;
	bool hooked;	       /* there is a rule */
	struct mirror *ahead;  /* the mirror that gets the frames; NULL: the detour */
	struct mirror *behind; /* whose frames come here */
	struct kernel_stats counted; /* of @ahead's end, so far */
	struct port *detour;
	/* What has entered by the mirror and the kernel has carried, as far as it is counted:
	 * lost frames are among the packets. */
	struct amount away;

	/* flow.c's: flows that do not take the detour */
	struct list flows; /* struct flow_rule */
	unsigned n_flows;
	struct list with_flows; /* host->with_flows, while there are any */
	uint64_t last_rx;	/* frames that had entered when they were last counted */
	struct flow_hints *hints;
};

/* A flow of the mirror's that has a rule of its own. */
struct flow_rule {
	struct list link;
	struct flow flow;
	uint16_t type; /* ETH_P_* */
	uint32_t handle;
	nsec_t used;		 /* when its last frame went, as far as is known */
	struct tc_count counted; /* what the rule had seen then */
	uint64_t fresh;		 /* packets of those that came since the last time */
	uint32_t fresh_lost;
	struct amount told; /* to the devices */
	unsigned n_hops;
	struct flow_hop hop[];
};

/* ---- flow.c ---- */

/* End all rules. */
void flow_done(struct host *h, struct shortcut *s);

/* ---- flow_hint.c: what workers notice ---- */

/* Have the worker that reads @port, a detour, say which flows are worth a rule: flow_wanted is
 * called.  Free it when no worker is at the port any more. */
struct flow_hints *flow_hints_make(struct host *h, struct port *port);
void flow_hints_free(struct host *h, struct flow_hints *hints);

/* Many frames of @flow with the type @type enter by @dev. */
void flow_wanted(struct host *h, struct dev *dev, const struct flow *flow, uint16_t type);

/* ---- flow_count.c ---- */

/* Bring what the rules of @s carried into counters and stations' times. */
void flow_count(struct host *h, struct shortcut *s);

/* Take over a count of one rule's. */
void flow_note(struct flow_rule *rule, const struct tc_count *now);
