/* SPDX-License-Identifier: BSD-2-Clause
 *
 * rtnl - fuzzes what reads rtnetlink requests: bytes come as a datagram from a program of the
 * yard, and go through the readers of messages, the parser of requests for links and the
 * option rows of every kind.
 *
 * Beyond not crashing, it holds the code to what can be said of any input: settings that were
 * accepted survive being dumped and read back, and what is answered is itself well formed.
 */
#include "all_opts.h"
#include "main/kinds.h"
#include "rtnl/rtnl.h"

#include <linux/if_link.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* ---- settings ---- */

/* A dump of @config, read over it, is @config. */
static void check_dump(const struct opt *rows, const void *config, size_t size)
{
	auto_free void *again = xcalloc(1, size + 1);
	struct nlbuf b = {};
	size_t nest = nest_begin(&b, IFLA_INFO_DATA);

	memcpy(again, config, size);
	opts_fill(rows, config, &b);
	nest_end(&b, nest);
	if (opts_parse(rows, (void *)b.data, false, again, NULL) != 0)
		abort(); /* nor does it change what is fixed at birth */
	if (memcmp(again, config, size) != 0)
		abort();
	nlbuf_done(&b);
}

static void check_rows(const struct opt *rows, void (*defaults)(void *config),
		       size_t size, const struct nlattr *data)
{
	auto_free void *config = xcalloc(1, size + 1);
	struct extack ea = {};
	char *words;

	if (defaults)
		defaults(config);
	/* No refusal without a sentence, but where a kind is as silent as Linux. */
	if (opts_parse(rows, data, true, config, &ea) != 0 && !ea.msg[0] &&
	    rows == all_opts)
		abort();
	/* Refused or not, the config holds only values that its rows allow. */
	check_dump(rows, config, size);
	words = opts_words_print(rows, NULL, config);
	free(words);
	if (opts_check_known(rows, data, &ea) && !ea.msg[0])
		abort();
}

/* IFLA_INFO_SLAVE_DATA, IFLA_PROTINFO: what a port's settings are at first only a port knows. */
static void check_port(const struct master_ops *ops, const struct nlattr *data)
{
	auto_free void *config = xcalloc(1, ops->config_size + 1);
	const struct nlattr *tb[1];
	struct nlbuf b = {};

	(void)!opts_parse(ops->opts, data, true, config, NULL);
	opts_fill(ops->opts, config, &b);
	if (attrs_index(tb, array_size(tb), b.data, b.len, NULL) != 0)
		abort();
	nlbuf_done(&b);
}

static void check_data(const struct nlattr *data)
{
	for (const struct dev_kind *const *k = dev_kinds; *k; k++) {
		check_rows((*k)->opts, (*k)->defaults, (*k)->config_size, data);
		if ((*k)->master)
			check_port((*k)->master, data);
	}
	check_rows(all_opts, all_defaults, sizeof(struct all_config), data);
}

/* The bytes as settings, for inputs that never get as far as a message. */
static void check_as_data(const uint8_t *data, size_t len)
{
	struct nlattr *nest;

	if (len > UINT16_MAX - NLA_HDRLEN)
		return;
	nest = malloc(NLA_HDRLEN + len);
	if (!nest)
		abort();
	nest->nla_len = (uint16_t)(NLA_HDRLEN + len);
	nest->nla_type = IFLA_INFO_DATA;
	memcpy(nest + 1, data, len);
	check_data(nest);
	free(nest);
}

/* ---- messages ---- */

static void check_link(const struct nlattr *info)
{
	const struct nlattr *a, *tb[IFLA_INFO_MAX + 1];
	char kind[16];

	if (attrs_index(tb, array_size(tb), attr_data(info), attr_len(info), NULL) != 0)
		return;
	if (tb[IFLA_INFO_KIND]) {
		size_t len = attr_str(tb[IFLA_INFO_KIND], kind, sizeof(kind));

		if (len < sizeof(kind) && !attr_str_is(tb[IFLA_INFO_KIND], kind))
			abort();
	}
	if (!tb[IFLA_INFO_DATA])
		return;
	check_data(tb[IFLA_INFO_DATA]);
	attr_foreach_nested(a, tb[IFLA_INFO_DATA])
		(void)attr_find(attr_data(a), attr_len(a), IFLA_IFNAME);
}

/* An answer is one whole message, and holds one whole sentence if it may. */
static void check_answer(const struct nlmsghdr *m, int err, bool tlvs, bool capped)
{
	struct nlbuf b = {};
	struct extack ea = {.msg = "why", .attr = (const char *)m + NLMSG_HDRLEN};
	const struct nlmsghdr *answer;
	const struct nlattr *attrs;
	size_t skip = sizeof(struct nlmsgerr), len;

	put_ack(&b, m, 1, err, &ea, tlvs, capped);
	answer = msg_first(b.data, b.len);
	if (!answer || msg_next(answer, b.data, b.len) ||
	    answer->nlmsg_seq != m->nlmsg_seq)
		abort();
	if (!(answer->nlmsg_flags & NLM_F_CAPPED))
		skip += NLMSG_ALIGN(m->nlmsg_len - NLMSG_HDRLEN);
	attrs = msg_attrs(answer, skip, &len);
	if (tlvs != !!attr_find(attrs, len, NLMSGERR_ATTR_MSG))
		abort();
	nlbuf_done(&b);
}

static void check_inside(const struct nlmsghdr *m, const void *p, size_t len)
{
	size_t at = (size_t)((const char *)p - (const char *)m);

	if ((const char *)p < (const char *)m || at > m->nlmsg_len ||
	    len > m->nlmsg_len - at)
		abort();
}

/* What the parser points at is whole and inside the message. */
static void check_request(const struct nlmsghdr *m)
{
	struct link_msg lm;

	if (!link_msg_parse(m, &lm))
		return;
	check_inside(m, lm.ifi, sizeof(*lm.ifi));
	if (lm.data)
		check_inside(m, lm.data, lm.data->nla_len);
	if (lm.has_peer)
		check_inside(m, lm.peer_ifi, sizeof(*lm.peer_ifi));
	for (size_t i = 0; i < array_size(lm.tb); i++) {
		if (lm.tb[i])
			check_inside(m, lm.tb[i], lm.tb[i]->nla_len);
		if (lm.peer_tb[i])
			check_inside(m, lm.peer_tb[i], lm.peer_tb[i]->nla_len);
	}
	if (!memchr(lm.kind, 0, sizeof(lm.kind)))
		abort();
}

static void check_msg(const struct nlmsghdr *m)
{
	const struct nlattr *tb[IFLA_MAX + 1], *attrs, *a;
	struct nlbuf copy = {};
	size_t len;

	for (int i = 0; i < 8; i++)
		check_answer(m, i & 1 ? -EINVAL : 0, i & 2, i & 4);
	check_request(m);
	if (!msg_header(m, sizeof(struct ifinfomsg)))
		return;
	attrs = msg_attrs(m, sizeof(struct ifinfomsg), &len);
	attr_foreach(a, attrs, len)
		put_copy(&copy, a);
	if (attrs_index(tb, array_size(tb), attrs, len, NULL) == 0) {
		/* Whole attributes copy to what they were, but for bytes of padding. */
		if (copy.len != NLMSG_ALIGN(len))
			abort();
		if (tb[IFLA_LINKINFO])
			check_link(tb[IFLA_LINKINFO]);
	}
	nlbuf_done(&copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct nlmsghdr *m;

	msg_foreach(m, data, len)
		check_msg(m);
	check_as_data(data, len);
	return 0;
}
