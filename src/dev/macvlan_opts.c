/* SPDX-License-Identifier: BSD-2-Clause
 *
 * macvlan_opts - the settings of macvlan and macvtap (IFLA_MACVLAN_*), and the list of sources.
 *
 * A request changes the list by up to three attributes that may come in any order: how, one
 * address, several.  They are gathered in the config as they are read, and carried out when all
 * are there, by macvlan_sources_apply.
 */
#include "dev/macvlan_priv.h"

#include <stdio.h>

#define FLAGS_ALL (MACVLAN_FLAG_NOPROMISC | MACVLAN_FLAG_NODST)

/* ---- the list of sources ---- */

/* Linux shows the list in the order of a hash of 8 bits, the youngest first where it is the
 * same. */
static unsigned show_order(const uint8_t addr[6])
{
	uint64_t v = 0;

	for (int i = 5; i >= 0; i--)
		v = v << 8 | addr[i];
	return (unsigned)((v << 16) * 0x61c8864680b583eb >> 56);
}

static int source_find(const struct macvlan_config *c, const uint8_t addr[6])
{
	for (int i = 0; i < c->n_sources; i++)
		if (!memcmp(c->sources[i], addr, 6))
			return i;
	return -1;
}

static int source_add(struct macvlan_config *c, const uint8_t addr[6], struct extack *ea)
{
	unsigned at = 0;

	if (source_find(c, addr) >= 0)
		return 0;
	if (c->n_sources == MACVLAN_SOURCES_MAX)
		return extack_set(ea, -ENOBUFS, "more than %u source addresses",
				  MACVLAN_SOURCES_MAX);
	while (at < c->n_sources && show_order(c->sources[at]) < show_order(addr))
		at++;
	memmove(c->sources[at + 1], c->sources[at], (c->n_sources - at) * 6u);
	memcpy(c->sources[at], addr, 6);
	c->n_sources++;
	return 0;
}

static void source_del(struct macvlan_config *c, const uint8_t addr[6])
{
	int at = source_find(c, addr);

	if (at < 0)
		return;
	c->n_sources--;
	memmove(c->sources[at], c->sources[at + 1], (c->n_sources - (unsigned)at) * 6u);
	memset(c->sources[c->n_sources], 0, 6);
}

static void sources_flush(struct macvlan_config *c)
{
	memset(c->sources, 0, sizeof(c->sources));
	c->n_sources = 0;
}

static int sources_set(struct macvlan_config *c, const struct macvlan_sources_change *to,
		       struct extack *ea)
{
	int err = 0;

	sources_flush(c);
	if (to->has_addr)
		err = source_add(c, to->addr, ea);
	for (unsigned i = 0; i < to->n && !err; i++)
		err = source_add(c, to->addrs[i], ea);
	return err;
}

static int sources_change(struct macvlan_config *c,
			  const struct macvlan_sources_change *to, struct extack *ea)
{
	bool one = to->how == MACVLAN_MACADDR_ADD || to->how == MACVLAN_MACADDR_DEL;

	if (c->mode != MACVLAN_MODE_SOURCE || (one && !to->has_addr))
		return -EINVAL;
	switch (to->how) {
	case MACVLAN_MACADDR_ADD:
		return source_add(c, to->addr, ea);
	case MACVLAN_MACADDR_DEL:
		source_del(c, to->addr);
		return 0;
	case MACVLAN_MACADDR_FLUSH:
		sources_flush(c);
		return 0;
	default:
		return sources_set(c, to, ea);
	}
}

int macvlan_sources_apply(struct macvlan_config *c, struct extack *ea)
{
	int err = c->change.asked ? sources_change(c, &c->change, ea) : 0;

	if (c->mode != MACVLAN_MODE_SOURCE)
		sources_flush(c);
	memset(&c->change, 0, sizeof(c->change));
	return err;
}

/* ---- the list: attributes and words ---- */

static int how_parse(const struct opt *o, const struct nlattr *a, void *config,
		     struct extack *ea)
{
	struct macvlan_config *c = config;

	c->change.how = attr_u32(a);
	c->change.asked = true;
	return c->change.how > MACVLAN_MACADDR_SET ? -EINVAL : 0;
}

static int addr_parse(const struct opt *o, const struct nlattr *a, void *config,
		      struct extack *ea)
{
	struct macvlan_config *c = config;

	if (attr_len(a) != sizeof(c->change.addr))
		return -EINVAL;
	if (dev_check_addr(attr_data(a), NULL))
		return -EADDRNOTAVAIL;
	memcpy(c->change.addr, attr_data(a), sizeof(c->change.addr));
	c->change.has_addr = true;
	return 0;
}

static int list_parse(const struct opt *o, const struct nlattr *nest, void *config,
		      struct extack *ea)
{
	struct macvlan_config *c = config;
	const struct nlattr *a;

	if (attr_len(nest) && attr_len(nest) < sizeof(*a))
		return extack_set(ea, -ERANGE, "Attribute failed policy validation");
	attr_foreach_nested(a, nest) {
		if (attr_type(a) != IFLA_MACVLAN_MACADDR || attr_len(a) != 6)
			return -EINVAL;
		if (dev_check_addr(attr_data(a), NULL))
			return -EADDRNOTAVAIL;
		if (c->change.n == MACVLAN_SOURCES_MAX)
			return extack_set(ea, -ENOBUFS, "more than %u source addresses",
					  MACVLAN_SOURCES_MAX);
		memcpy(c->change.addrs[c->change.n++], attr_data(a), 6);
	}
	return 0;
}

static void list_fill(const struct opt *o, const void *config, struct nlbuf *b)
{
	const struct macvlan_config *c = config;
	size_t nest;

	if (!c->n_sources)
		return;
	nest = nest_begin(b, IFLA_MACVLAN_MACADDR_DATA);
	for (unsigned i = 0; i < c->n_sources; i++)
		put_attr(b, IFLA_MACVLAN_MACADDR, c->sources[i], 6);
	nest_end(b, nest);
}

static void fill_nothing(const struct opt *o, const void *config, struct nlbuf *b)
{
}

static bool mac_of(const char *word, uint8_t addr[6])
{
	unsigned v[6];
	int used = 0;

	if (!word ||
	    sscanf(word, "%2x:%2x:%2x:%2x:%2x:%2x%n", &v[0], &v[1], &v[2], &v[3], &v[4],
		   &v[5], &used) != 6 ||
	    word[used])
		return false;
	for (int i = 0; i < 6; i++)
		addr[i] = (uint8_t)v[i];
	return true;
}

static const struct opt_name hows[] = {
	{MACVLAN_MACADDR_ADD, "add"},
	{MACVLAN_MACADDR_DEL, "del"},
	{MACVLAN_MACADDR_FLUSH, "flush"},
	{MACVLAN_MACADDR_SET, "set"},
	{},
};

static int list_words(const struct opt *o, char *const *words, size_t n, void *config,
		      struct extack *ea)
{
	struct macvlan_sources_change *change =
		&((struct macvlan_config *)config)->change;
	const struct opt_name *how = hows;
	uint8_t addr[6];
	size_t i = 2;

	while (how->word && (n < 2 || strcmp(how->word, words[1]) != 0))
		how++;
	if (!how->word)
		return extack_set(ea, -EINVAL, "macaddr wants add, del, set or flush");
	change->asked = true;
	change->how = (uint32_t)how->value;
	if (how->value == MACVLAN_MACADDR_ADD || how->value == MACVLAN_MACADDR_DEL) {
		if (n < 3 || !mac_of(words[2], change->addr))
			return extack_set(ea, -EINVAL, "macaddr %s wants an address",
					  how->word);
		change->has_addr = true;
		return 3;
	}
	for (; how->value == MACVLAN_MACADDR_SET && i < n && mac_of(words[i], addr); i++)
		memcpy(change->addrs[change->n++], addr, 6);
	return (int)i;
}

static char *list_print(const struct opt *o, const void *config)
{
	const struct macvlan_config *c = config;
	char *text = NULL;

	for (unsigned i = 0; i < c->n_sources; i++) {
		const uint8_t *a = c->sources[i];
		char *before = text;

		text = xasprintf("%s %02x:%02x:%02x:%02x:%02x:%02x",
				 before ?: "macaddr set", a[0], a[1], a[2], a[3], a[4],
				 a[5]);
		free(before);
	}
	return text;
}

static const struct opt_hooks how_hooks = {
	.parse = how_parse,
	.fill = list_fill,
	.min_len = sizeof(uint32_t),
	.words = list_words,
	.print = list_print,
};
static const struct opt_hooks addr_hooks = {.parse = addr_parse, .fill = fill_nothing};
static const struct opt_hooks list_hooks = {.parse = list_parse, .fill = fill_nothing};

/* ---- flags ---- */

static int flags_parse(const struct opt *o, const struct nlattr *a, void *config,
		       struct extack *ea)
{
	struct macvlan_config *c = config;

	if (attr_u16(a) & ~FLAGS_ALL)
		return -EINVAL;
	c->flags = attr_u16(a);
	return 0;
}

static void flags_fill(const struct opt *o, const void *config, struct nlbuf *b)
{
	put_u16(b, IFLA_MACVLAN_FLAGS, ((const struct macvlan_config *)config)->flags);
}

static const char *const flag_words[FLAGS_ALL + 1] = {"null", "nopromisc", "nodst",
						      "nopromisc,nodst"};

static int flags_words(const struct opt *o, char *const *words, size_t n, void *config,
		       struct extack *ea)
{
	for (uint16_t i = 0; n > 1 && i <= FLAGS_ALL; i++) {
		if (strcmp(words[1], flag_words[i]) != 0)
			continue;
		((struct macvlan_config *)config)->flags = i;
		return 2;
	}
	return extack_set(ea, -EINVAL, "flag wants null, nopromisc or nodst");
}

static char *flags_print(const struct opt *o, const void *config)
{
	uint16_t flags = ((const struct macvlan_config *)config)->flags;

	return flags ? xasprintf("flag %s", flag_words[flags]) : NULL;
}

static const struct opt_hooks flags_hooks = {
	.parse = flags_parse,
	.fill = flags_fill,
	.min_len = sizeof(uint16_t),
	.words = flags_words,
	.print = flags_print,
};

/* ---- what is told and not asked, and the queue that does not exist ---- */

static int refuse_count(const struct opt *o, const struct nlattr *a, void *config,
			struct extack *ea)
{
	return -EINVAL;
}

static int refuse(const struct opt *o, const struct nlattr *a, void *config,
		  struct extack *ea)
{
	return extack_set(ea, -EINVAL, "Attribute failed policy validation");
}

static const struct opt_hooks count_hooks = {
	.parse = refuse_count, .fill = fill_nothing, .min_len = sizeof(uint32_t)};
static const struct opt_hooks told_hooks = {.parse = refuse, .fill = fill_nothing};

static int cutoff_parse(const struct opt *o, const struct nlattr *a, void *config,
			struct extack *ea)
{
	struct macvlan_config *c = config;

	c->bc_cutoff = attr_u32(a);
	c->cutoff_asked++;
	return 0;
}

static int cutoff_words(const struct opt *o, char *const *words, size_t n, void *config,
			struct extack *ea)
{
	struct macvlan_config *c = config;
	char *end = NULL;
	long v = n > 1 ? strtol(words[1], &end, 0) : 0;

	if (!end || *end || end == words[1] || v < INT32_MIN || v > INT32_MAX)
		return extack_set(ea, -EINVAL, "bclim wants a number");
	c->bc_cutoff = (uint32_t)v;
	c->cutoff_asked++;
	return 2;
}

static char *cutoff_print(const struct opt *o, const void *config)
{
	const struct macvlan_config *c = config;

	return c->cutoff_asked ? xasprintf("bclim %d", (int32_t)c->bc_cutoff) : NULL;
}

static const struct opt_hooks cutoff_hooks = {
	.parse = cutoff_parse,
	.fill = fill_nothing,
	.min_len = sizeof(uint32_t),
	.words = cutoff_words,
	.print = cutoff_print,
};

static const struct opt_name modes[] = {
	{MACVLAN_MODE_PRIVATE, "private"}, {MACVLAN_MODE_VEPA, "vepa"},
	{MACVLAN_MODE_BRIDGE, "bridge"},   {MACVLAN_MODE_PASSTHRU, "passthru"},
	{MACVLAN_MODE_SOURCE, "source"},   {},
};

const struct opt macvlan_opts[] = {
	OPT(U32, IFLA_MACVLAN_MODE, "mode", macvlan_config, mode, .names = modes,
	    .err = -EINVAL,
	    .help = "which of the other devices there it exchanges frames with"),
	OPT_HOOKS(IFLA_MACVLAN_FLAGS, "flag", &flags_hooks,
		  .help = "null, nopromisc (passthru), nodst (source)"),
	OPT_HOOKS(
		IFLA_MACVLAN_MACADDR_MODE, "macaddr", &how_hooks,
		.help = "add, del, set or flush the senders that mode source listens to"),
	OPT_HOOKS(IFLA_MACVLAN_MACADDR, NULL, &addr_hooks),
	OPT_HOOKS(IFLA_MACVLAN_MACADDR_DATA, NULL, &list_hooks),
	OPT_HOOKS(IFLA_MACVLAN_MACADDR_COUNT, NULL, &count_hooks),
	OPT(U32, IFLA_MACVLAN_BC_QUEUE_LEN, "bcqueuelen", macvlan_config, bc_queue_len,
	    .help = "kept and shown; broadcasts do not wait here"),
	OPT_HOOKS(IFLA_MACVLAN_BC_QUEUE_LEN_USED, NULL, &told_hooks),
	OPT_HOOKS(MACVLAN_ATTR_BC_CUTOFF, "bclim", &cutoff_hooks,
		  .help = "kept and shown, as bcqueuelen"),
	OPT_END,
};
