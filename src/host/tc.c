/* SPDX-License-Identifier: BSD-2-Clause
 *
 * tc - rules of the kernel's traffic control on devices of the factory.
 *
 * A device that is hooked has a clsact, whose ingress filters see every frame once; a filter
 * is a u32 match and a mirred action that hands the frame on as it is.  The kernel replaces a
 * filter's action under RCU: each frame goes the old way or the new one, none both or neither.
 */
#include "host/host.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/tc_act/tc_mirred.h>

#define LAST_PRIORITY 0x8000u
/* The only entry of the root table, which the first filter of a device gets. */
#define LAST_HANDLE 0x80000800u

static int request(int sock, uint16_t type, uint16_t flags, const struct tcmsg *tc,
		   void (*fill)(struct nlbuf *req, const void *arg), const void *arg)
{
	struct nlbuf req = {};
	size_t msg = msg_begin(&req, type, flags, 0, 0, tc, sizeof(*tc));
	int err;

	if (fill)
		fill(&req, arg);
	msg_end(&req, msg);
	err = kernel_request(sock, &req, NULL, NULL);
	nlbuf_done(&req);
	return err;
}

static void fill_clsact(struct nlbuf *req, const void *arg)
{
	put_str(req, TCA_KIND, "clsact");
}

static struct tcmsg clsact_of(unsigned ifindex)
{
	return (struct tcmsg){.tcm_ifindex = (int)ifindex,
			      .tcm_handle = TC_H_MAKE(TC_H_CLSACT, 0),
			      .tcm_parent = TC_H_CLSACT};
}

int tc_hook(int sock, unsigned ifindex)
{
	struct tcmsg tc = clsact_of(ifindex);

	return request(sock, RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL, &tc, fill_clsact,
		       NULL);
}

int tc_unhook(int sock, unsigned ifindex)
{
	struct tcmsg tc = clsact_of(ifindex);

	return request(sock, RTM_DELQDISC, 0, &tc, fill_clsact, NULL);
}

static void put_redirect(struct nlbuf *req, unsigned to)
{
	const struct tc_mirred mirred = {
		.action = TC_ACT_STOLEN, .eaction = TCA_EGRESS_REDIR, .ifindex = to};
	size_t actions = nest_begin(req, TCA_U32_ACT), first = nest_begin(req, 1);
	size_t options;

	put_str(req, TCA_ACT_KIND, "mirred");
	options = nest_begin(req, TCA_ACT_OPTIONS);
	put_attr(req, TCA_MIRRED_PARMS, &mirred, sizeof(mirred));
	nest_end(req, options);
	nest_end(req, first);
	nest_end(req, actions);
}

/* No key: every frame matches, even one that is too short to look into. */
static void fill_last(struct nlbuf *req, const void *arg)
{
	const struct tc_u32_sel all = {.flags = TC_U32_TERMINAL};
	size_t options;

	put_str(req, TCA_KIND, "u32");
	options = nest_begin(req, TCA_OPTIONS);
	put_attr(req, TCA_U32_SEL, &all, sizeof(all));
	put_redirect(req, *(const unsigned *)arg);
	nest_end(req, options);
}

int tc_redirect_rest(int sock, unsigned ifindex, unsigned to, bool replace)
{
	struct tcmsg tc = {.tcm_ifindex = (int)ifindex,
			   .tcm_handle = replace ? LAST_HANDLE : 0,
			   .tcm_parent = TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS),
			   .tcm_info = TC_H_MAKE(LAST_PRIORITY << 16, htons(ETH_P_ALL))};

	return request(sock, RTM_NEWTFILTER,
		       replace ? NLM_F_REPLACE : NLM_F_CREATE | NLM_F_EXCL, &tc,
		       fill_last, &to);
}
