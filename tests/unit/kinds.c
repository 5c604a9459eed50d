/* SPDX-License-Identifier: BSD-2-Clause
 *
 * kinds - what must be true of every kind of device, tested by visiting all of them.  A new
 * kind is tested here from the day it is in the table.
 */
#include "all_opts.h"
#include "main/kinds.h"
#include "net/net.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

/* Settings as the tests see them: a kind's, or those of the table that has every type. */
struct subject {
	const char *name;
	const struct opt *rows;
	size_t size;
	void (*defaults)(void *config);
};

static void for_each_subject(void (*fn)(const struct subject *s))
{
	const struct subject all = {"all", all_opts, sizeof(struct all_config),
				    all_defaults};

	for (const struct dev_kind *const *k = dev_kinds; *k; k++) {
		const struct subject s = {(*k)->name, (*k)->opts, (*k)->config_size,
					  (*k)->defaults};

		fn(&s);
	}
	fn(&all);
}

static void *new_config(const struct subject *s)
{
	void *config = xcalloc(1, s->size + 1);

	if (s->defaults)
		s->defaults(config);
	return config;
}

/* @config as IFLA_INFO_DATA. */
static const struct nlattr *dump(const struct subject *s, const void *config,
				 struct nlbuf *b)
{
	size_t nest;

	nlbuf_clear(b);
	nest = nest_begin(b, IFLA_INFO_DATA);
	opts_fill(s->rows, config, b);
	nest_end(b, nest);
	return (const void *)b->data;
}

/* One setting with one number, as it travels. */
static const struct nlattr *one(const struct opt *o, uint64_t value, struct nlbuf *b)
{
	struct opt alone[] = {*o, OPT_END};
	const struct subject s = {"one", alone, 0, NULL};
	auto_free void *config = xcalloc(1, o->offset + o->size);
	struct opt free_of_limits = *o;

	alone[0].by_kind = false; /* a request has it all the same */
	free_of_limits.min = free_of_limits.max = 0;
	free_of_limits.names = NULL;
	free_of_limits.at_birth = false;
	alone[0].by_kind = false; /* no kind is here to show it */
	assert_int_equal(opt_set_number(&free_of_limits, value, true, config, NULL), 0);
	return dump(&s, config, b);
}

/* ---- the tables themselves ---- */

static void check_table(const struct subject *s)
{
	const struct opt *o, *other;

	opt_foreach(o, s->rows) {
		assert_true(o->attr > 0);
		assert_true(o->type > OPT_T_END && o->type < OPT_N_TYPES);
		assert_true(o->offset + o->size <= s->size);
		if (o->type == OPT_T_HOOKS) {
			assert_non_null(o->hooks->parse);
			assert_non_null(o->hooks->fill);
		}
		if (opt_is_number(o))
			assert_true(opt_min(o) <= opt_max(o));
		for (other = s->rows; other != o; other++) {
			/* Bits that share an attribute have a row each. */
			if (o->type != OPT_T_HOOKS || other->type != OPT_T_HOOKS)
				assert_int_not_equal(other->attr, o->attr);
			if (other->word && o->word)
				assert_string_not_equal(other->word, o->word);
		}
	}
}

static void no_two_rows_are_for_the_same(void **state)
{
	for_each_subject(check_table);
}

static void every_kind_has_a_name_and_its_words_have_help(void **state)
{
	const struct opt *o;

	for (const struct dev_kind *const *k = dev_kinds; *k; k++) {
		char name[IFNAMSIZ + 1];
		const char *format = (*k)->name_format;

		assert_in_range(strlen((*k)->name), 1, 15);
		snprintf(name, sizeof(name), "%s0", (*k)->name);
		assert_true(strlen(name) < IFNAMSIZ);
		assert_true(!format ||
			    (strlen(format) < IFNAMSIZ && strstr(format, "%d")));
		opt_foreach(o, (*k)->opts)
			assert_true(!o->word || o->help);
		/* In the table once, in order, so that one is found by looking. */
		if (k != dev_kinds)
			assert_true(strcmp(k[-1]->name, (*k)->name) < 0);
	}
}

/* ---- values ---- */

static void check_defaults(const struct subject *s)
{
	auto_free void *config = new_config(s);
	auto_free void *again = new_config(s);
	struct nlbuf b = {};
	struct extack ea = {};

	/* Not at birth: a dump sent back changes nothing, not even what is fixed. */
	assert_int_equal(opts_parse(s->rows, dump(s, config, &b), false, again, &ea), 0);
	assert_memory_equal(config, again, s->size);
	assert_int_equal(opts_check_known(s->rows, dump(s, config, &b), &ea), 0);
	nlbuf_done(&b);
}

static void defaults_can_be_dumped_and_sent_back(void **state)
{
	for_each_subject(check_defaults);
}

static void accepts(const struct subject *s, const struct opt *o, uint64_t value)
{
	auto_free void *config = new_config(s);
	auto_free void *again = new_config(s);
	struct nlbuf b = {};
	struct extack ea = {};

	assert_int_equal(opts_parse(s->rows, one(o, value, &b), true, config, &ea), 0);
	if (!o->fill_only)
		assert_int_equal(opt_number(o, config), value);
	if (o->by_kind) { /* the rows do not dump it */
		nlbuf_done(&b);
		return;
	}
	assert_int_equal(opts_parse(s->rows, dump(s, config, &b), true, again, &ea), 0);
	assert_memory_equal(config, again, s->size);
	nlbuf_done(&b);
}

static void refuses(const struct subject *s, const struct opt *o, uint64_t value)
{
	auto_free void *config = new_config(s);
	auto_free void *before = new_config(s);
	struct nlbuf b = {};
	struct extack ea = {};

	assert_true(opts_parse(s->rows, one(o, value, &b), true, config, &ea) < 0);
	assert_true(ea.msg[0] || (o->err && !o->sentence));
	assert_true(ea.attr || (o->err && !o->sentence));
	assert_memory_equal(config, before, s->size);
	nlbuf_done(&b);
}

static void check_numbers(const struct subject *s)
{
	const struct opt *o;

	opt_foreach(o, s->rows) {
		struct opt widest = *o;

		if (!opt_is_number(o) || o->type == OPT_T_FLAG || o->strict)
			continue;
		widest.max = 0;
		for (const struct opt_name *n = o->names; n && n->word; n++)
			accepts(s, o, n->value);
		if (!o->names) {
			accepts(s, o, opt_min(o));
			accepts(s, o, opt_max(o));
		}
		if (opt_max(o) < opt_max(&widest))
			refuses(s, o, opt_max(o) + 1);
		if (opt_min(o) > 0)
			refuses(s, o, opt_min(o) - 1);
	}
}

static void numbers_are_taken_up_to_their_limits_and_no_further(void **state)
{
	for_each_subject(check_numbers);
}

static void check_birth(const struct subject *s)
{
	const struct opt *o;

	opt_foreach(o, s->rows) {
		auto_free void *config = new_config(s);
		auto_free void *before = new_config(s);
		struct nlbuf b = {};
		struct extack ea = {};
		uint64_t other;

		if (!o->at_birth || !opt_is_number(o) || o->type == OPT_T_FLAG)
			continue;
		other = o->names ? o->names[0].value : opt_min(o);
		if (other == opt_number(o, config))
			other = o->names ? o->names[1].value : opt_max(o);
		assert_int_equal(
			opts_parse(s->rows, one(o, other, &b), false, config, &ea),
			-EOPNOTSUPP);
		assert_true(ea.msg[0]);
		assert_memory_equal(config, before, s->size);
		nlbuf_done(&b);
	}
}

static void what_is_fixed_at_birth_is_fixed(void **state)
{
	for_each_subject(check_birth);
}

static void check_words(const struct subject *s)
{
	auto_free void *config = new_config(s);
	auto_free void *again = new_config(s);
	auto_free char *text = opts_words_print(s->rows, NULL, config);
	auto_free char *help = opts_help(s->rows);
	char *words[128], *save;
	struct extack ea = {};
	const struct opt *o;
	size_t n = 0;

	for (char *w = strtok_r(text, " ", &save); w; w = strtok_r(NULL, " ", &save))
		words[n++] = w;
	assert_int_equal(opts_words_parse(s->rows, words, n, false, NULL, again, &ea), 0);
	assert_memory_equal(config, again, s->size);
	opt_foreach(o, s->rows)
		assert_true(!o->word || o->fill_only || strstr(help, o->word));
}

static void defaults_can_be_said_in_words(void **state)
{
	for_each_subject(check_words);
}

/* ---- devices ---- */

static struct dev *make(struct net *net, const struct dev_kind *kind, struct netns *ns)
{
	const struct subject s = {kind->name, kind->opts, kind->config_size,
				  kind->defaults};
	auto_free void *config = new_config(&s);
	struct link_req req = {.ns = ns, .name = "x", .config = config};
	struct extack ea = {};

	assert_int_equal(dev_create(net, kind, &req, &ea), 0);
	assert_true(req.n_made >= 1);
	return req.made[0];
}

/* Kinds that live on another device are made by tests of their own. */
static bool needs_another(const struct dev_kind *kind)
{
	struct net net;
	struct link_req req = {.name = "x"};
	bool refused;

	net_init(&net, dev_kinds, 1);
	req.ns = netns_get(&net, 1);
	refused = dev_create(&net, kind, &req, NULL) != 0;
	netns_put(req.ns);
	net_done(&net);
	return refused && (kind->link || kind->on_lower);
}

static void every_kind_is_born_changed_by_its_own_dump_and_dies(void **state)
{
	for (const struct dev_kind *const *k = dev_kinds; *k; k++) {
		struct net net;
		struct netns *ns;
		struct dev *dev;
		struct nlbuf b = {};
		struct extack ea = {};
		const struct subject s = {(*k)->name, (*k)->opts, (*k)->config_size,
					  NULL};

		if (needs_another(*k))
			continue;
		net_init(&net, dev_kinds, 1);
		ns = netns_get(&net, 1);
		dev = make(&net, *k, ns);
		assert_ptr_equal(net_kind(&net, (*k)->name, strlen((*k)->name)), *k);
		if ((*k)->opts)
			assert_int_equal(
				dev_change(dev, dump(&s, dev_config(dev), &b), &ea),
				(*k)->not_by_request ? -EOPNOTSUPP : 0);
		assert_true(!(*k)->not_by_request || ea.msg[0]);
		dev_follow_flags(dev, IFF_UP);
		dev_follow_flags(dev, 0);
		dev_destroy(dev);
		assert_null(netns_dev_named(ns, "x"));
		assert_true(list_is_empty(&net.devs));
		netns_put(ns);
		net_run_deferred(&net);
		net_done(&net);
		nlbuf_done(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_two_rows_are_for_the_same),
		cmocka_unit_test(every_kind_has_a_name_and_its_words_have_help),
		cmocka_unit_test(defaults_can_be_dumped_and_sent_back),
		cmocka_unit_test(numbers_are_taken_up_to_their_limits_and_no_further),
		cmocka_unit_test(what_is_fixed_at_birth_is_fixed),
		cmocka_unit_test(defaults_can_be_said_in_words),
		cmocka_unit_test(every_kind_is_born_changed_by_its_own_dump_and_dies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
