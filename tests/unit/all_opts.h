/* SPDX-License-Identifier: BSD-2-Clause
 *
 * all_opts - a table of settings with a row of each type, which no real kind has; for the
 * tests of option rows and their fuzzing.
 */
#pragma once

#include "nl/opt.h"

struct all_config {
	bool flag, learning;
	uint8_t ttl, mode;
	uint16_t vid, port;
	uint32_t vni, key, link;
	uint64_t bytes;
	struct in_addr remote, local;
	struct in6_addr remote6;
	uint8_t mac[6];
	char label[8];
	uint8_t bits;
	uint8_t shown;
};

enum {
	A_FLAG = 1,
	A_BOOL,
	A_U8,
	A_MODE,
	A_U16,
	A_PORT,
	A_VNI,
	A_KEY,
	A_LINK,
	A_U64,
	A_REMOTE,
	A_LOCAL,
	A_REMOTE6,
	A_MAC,
	A_LABEL,
	A_BITS,
	A_SHOWN,
	A_LATE,
	A_UNKNOWN
};

static const struct opt_name modes[] = {{1, "private"}, {2, "vepa"}, {4, "bridge"}, {}};

/* Two attributes' worth of bits in one: {mask, value}, as the bridge's boolean options. */
static int bits_parse(const struct opt *o, const struct nlattr *a, void *config,
		      struct extack *ea)
{
	struct all_config *c = config;
	const uint8_t *v = attr_data(a);

	if (v[0] & ~3)
		return extack_set(ea, -EINVAL, "unknown bits %#x", v[0]);
	c->bits = (uint8_t)((c->bits & ~v[0]) | (v[0] & v[1]));
	return 0;
}

static void bits_fill(const struct opt *o, const void *config, struct nlbuf *b)
{
	const struct all_config *c = config;
	uint8_t v[2] = {3, c->bits};

	put_attr(b, o->attr, v, sizeof(v));
}

static int bits_words(const struct opt *o, char *const *words, size_t n, void *config,
		      struct extack *ea)
{
	struct all_config *c = config;

	if (n < 3)
		return extack_set(ea, -EINVAL, "bits wants two values");
	c->bits = (strcmp(words[1], "a") ? 0 : 1) | (strcmp(words[2], "b") ? 0 : 2);
	return 3;
}

static char *bits_print(const struct opt *o, const void *config)
{
	const struct all_config *c = config;

	return xasprintf("bits %s %s", c->bits & 1 ? "a" : "-", c->bits & 2 ? "b" : "-");
}

static const struct opt_hooks bits_hooks = {
	.parse = bits_parse,
	.fill = bits_fill,
	.min_len = 2,
	.words = bits_words,
	.print = bits_print,
};

static const struct opt all_opts[] = {
	OPT(FLAG, A_FLAG, "external", all_config, flag),
	OPT(BOOL, A_BOOL, "learning", all_config, learning, .help = "learn addresses"),
	OPT(U8, A_U8, "ttl", all_config, ttl),
	OPT(U8, A_MODE, "mode", all_config, mode, .names = modes),
	OPT(U16, A_U16, "vid", all_config, vid, .min = 1, .max = 4094),
	OPT(BE16, A_PORT, "dstport", all_config, port, .at_birth = true),
	OPT(U32, A_VNI, "id", all_config, vni, .max = 0xffffff, .at_birth = true),
	OPT(BE32, A_KEY, "key", all_config, key),
	OPT(IFINDEX, A_LINK, "dev", all_config, link),
	OPT(U64, A_U64, "limit", all_config, bytes),
	OPT(IN4, A_REMOTE, "remote", all_config, remote),
	OPT(IN4, A_LOCAL, "local", all_config, local, .zero_too = true, .at_birth = true),
	OPT(IN6, A_REMOTE6, "remote6", all_config, remote6),
	OPT(MAC, A_MAC, "mac", all_config, mac),
	OPT(STRING, A_LABEL, "label", all_config, label),
	OPT_HOOKS(A_BITS, "bits", &bits_hooks),
	OPT(U8, A_SHOWN, NULL, all_config, shown, .fill_only = true),
	OPT(U8, A_LATE, NULL, all_config, ttl, .strict = true),
	OPT_END,
};

/* The least that the rows allow. */
static inline void all_defaults(void *config)
{
	struct all_config *c = config;

	c->mode = 1;
	c->vid = 1;
}
