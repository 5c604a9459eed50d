/* SPDX-License-Identifier: BSD-2-Clause
 *
 * tc - rules of the kernel's traffic control on devices of the factory.
 *
 * A device that is hooked has a clsact, whose ingress filters see every frame once; a filter
 * is a u32 match and a mirred action that hands the frame on as it is.  The kernel replaces a
 * filter's action under RCU, and adds and removes filters likewise: each frame goes the old way
 * or the new one, none both or neither.
 *
 * Flows are filters of their Ethernet type's protocol, which a tagged frame does not have, even
 * if its tag stands beside it; u32 finds the addresses in front of the network header.
 */
#include "host/host.h"

#include <arpa/inet.h>
#include <linux/gen_stats.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/tc_act/tc_mirred.h>

/* Lower is earlier; one for each Ethernet type. */
#define IPV4_PRIORITY 1u
#define IPV6_PRIORITY 2u
#define LAST_PRIORITY 0x8000u
/* The only entry of the root table, which the first filter of a device gets. */
#define LAST_HANDLE 0x80000800u

/* What the kernel answers is appended to @reply, if that is not NULL. */
static int ask(int sock, uint16_t type, uint16_t flags, const struct tcmsg *tc,
	       void (*fill)(struct nlbuf *req, const void *arg), const void *arg,
	       struct nlbuf *reply)
{
	struct nlbuf req = {};
	size_t msg = msg_begin(&req, type, flags, 0, 0, tc, sizeof(*tc));
	int err;

	if (fill)
		fill(&req, arg);
	msg_end(&req, msg);
	err = kernel_request(sock, &req, reply, NULL);
	nlbuf_done(&req);
	return err;
}

static int request(int sock, uint16_t type, uint16_t flags, const struct tcmsg *tc,
		   void (*fill)(struct nlbuf *req, const void *arg), const void *arg)
{
	return ask(sock, type, flags, tc, fill, arg, NULL);
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

/* ---- flows ---- */

struct flow_arg {
	const struct tc_flow *flow;
	unsigned to;
};

static struct tcmsg flow_msg(unsigned ifindex, uint16_t type, uint32_t handle)
{
	unsigned priority = type == ETH_P_IP ? IPV4_PRIORITY : IPV6_PRIORITY;

	return (struct tcmsg){.tcm_ifindex = (int)ifindex,
			      .tcm_handle = handle,
			      .tcm_parent = TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS),
			      .tcm_info = TC_H_MAKE(priority << 16, htons(type))};
}

/* The four bytes at @at from the network header; @bytes of the header's addresses, of which
 * those in @mask count. */
static struct tc_u32_key key_at(int at, const uint8_t bytes[4], uint32_t mask)
{
	struct tc_u32_key key = {.off = at, .mask = htonl(mask)};

	memcpy(&key.val, bytes, sizeof(key.val));
	key.val &= key.mask;
	return key;
}

static void fill_flow(struct nlbuf *req, const void *arg)
{
	const struct flow_arg *a = arg;
	const struct tc_u32_sel sel = {.flags = TC_U32_TERMINAL, .nkeys = 4};
	uint8_t bytes[16] = {}; /* ends where the network header begins, as do the keys */
	uint8_t rule[sizeof(sel) + 4 * sizeof(struct tc_u32_key)];
	struct tc_u32_key keys[4];
	size_t options;

	memcpy(bytes + 2, a->flow->dst, 6);
	memcpy(bytes + 8, a->flow->src, 6);
	keys[0] = key_at(-16, bytes, 0x0000ffff);
	keys[1] = key_at(-12, bytes + 4, 0xffffffff);
	keys[2] = key_at(-8, bytes + 8, 0xffffffff);
	keys[3] = key_at(-4, bytes + 12, 0xffff0000);
	memcpy(rule, &sel, sizeof(sel));
	memcpy(rule + sizeof(sel), keys, sizeof(keys));
	put_str(req, TCA_KIND, "u32");
	options = nest_begin(req, TCA_OPTIONS);
	put_attr(req, TCA_U32_SEL, rule, sizeof(rule));
	put_redirect(req, a->to);
	nest_end(req, options);
}

int tc_flow_add(int sock, unsigned ifindex, const struct tc_flow *flow, unsigned to,
		uint32_t *handle)
{
	struct flow_arg arg = {flow, to};
	struct tcmsg tc = flow_msg(ifindex, flow->type, 0);
	struct nlbuf reply = {};
	const struct nlmsghdr *m;
	const struct tcmsg *made;
	int err = ask(sock, RTM_NEWTFILTER, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ECHO, &tc,
		      fill_flow, &arg, &reply);

	m = err ? NULL : msg_first(reply.data, reply.len);
	made = m ? msg_header(m, sizeof(*made)) : NULL;
	if (made)
		*handle = made->tcm_handle;
	else if (!err)
		err = -EBADMSG;
	nlbuf_done(&reply);
	return err;
}

static const struct nlattr *inner(const struct nlattr *nest, unsigned type)
{
	return nest ? attr_find(attr_data(nest), attr_len(nest), type) : NULL;
}

static void copy_attr(void *to, size_t size, const struct nlattr *a)
{
	if (a)
		memcpy(to, attr_data(a), min(size, attr_len(a)));
}

/* False: @m is no rule, but its table. */
static bool parse_count(const struct nlmsghdr *m, struct tc_count *count)
{
	const struct tcmsg *tc = msg_header(m, sizeof(*tc));
	size_t len;
	const struct nlattr *attrs = tc ? msg_attrs(m, sizeof(*tc), &len) : NULL,
			    *options = attrs ? attr_find(attrs, len, TCA_OPTIONS) : NULL,
			    *action = inner(inner(options, TCA_U32_ACT), 1),
			    *stats = inner(action, TCA_ACT_STATS), *wide;
	struct gnet_stats_basic basic = {};
	struct gnet_stats_queue queue = {};
	struct tcf_t times = {};

	if (!stats)
		return false;
	copy_attr(&basic, sizeof(basic), inner(stats, TCA_STATS_BASIC));
	copy_attr(&queue, sizeof(queue), inner(stats, TCA_STATS_QUEUE));
	copy_attr(&times, sizeof(times),
		  inner(inner(action, TCA_ACT_OPTIONS), TCA_MIRRED_TM));
	*count = (struct tc_count){.handle = tc->tcm_handle,
				   .packets = basic.packets,
				   .bytes = basic.bytes,
				   .lost = queue.overlimits,
				   .idle = (nsec_t)times.lastuse * (NSEC_PER_SEC / 100)};
	wide = inner(stats, TCA_STATS_PKT64); /* there when 32 bits are too few */
	if (wide)
		count->packets = attr_u64(wide);
	return true;
}

int tc_flow_delete(int sock, unsigned ifindex, uint16_t type, uint32_t handle,
		   struct tc_count *count)
{
	struct tcmsg tc = flow_msg(ifindex, type, handle);
	struct nlbuf reply = {};
	const struct nlmsghdr *m;
	int err = ask(sock, RTM_DELTFILTER, NLM_F_ECHO, &tc, NULL, NULL, &reply);

	m = err ? NULL : msg_first(reply.data, reply.len);
	if (!err && (!m || !parse_count(m, count)))
		err = -EBADMSG;
	nlbuf_done(&reply);
	return err;
}

int tc_flow_counts(int sock, unsigned ifindex,
		   void (*fn)(void *arg, const struct tc_count *count), void *arg)
{
	struct tcmsg tc = {.tcm_ifindex = (int)ifindex,
			   .tcm_parent = TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS)};
	struct nlbuf reply = {};
	const struct nlmsghdr *m;
	struct tc_count count;
	int err = ask(sock, RTM_GETTFILTER, NLM_F_DUMP, &tc, NULL, NULL, &reply);

	if (!err)
		msg_foreach(m, reply.data, reply.len)
			if (parse_count(m, &count))
				fn(arg, &count);
	nlbuf_done(&reply);
	return err;
}
