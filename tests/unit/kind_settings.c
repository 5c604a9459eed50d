/* SPDX-License-Identifier: BSD-2-Clause
 *
 * kind_settings - every setting of every kind, and of every master's ports, on living devices: it
 * is changed to values that it takes and to some that it refuses, shown, and what is shown makes
 * a second device like the first.
 *
 * Numbers are tried by what their row says.  What a row cannot say, and values that are no numbers,
 * are in the table of kind_samples.h; a row for which neither knows values fails the test.
 */
#include "kind_samples.h"

#include "nl/opt.h"

#include <arpa/inet.h>
#include <stdio.h>

static struct yard y;

/* ---- whose settings ---- */

struct subject {
	const struct dev_kind *kind;
	bool port;
	const struct opt *rows;
};

static const char *label(const struct subject *s)
{
	static char text[64];

	snprintf(text, sizeof(text), "%s%s", s->kind->name, s->port ? "'s port" : "");
	return text;
}

static bool is_about(const struct sample *v, const struct subject *s, const struct opt *o)
{
	return v->attr == o->attr && v->port == s->port &&
	       (s->port ? v->kind == s->kind->name || !strcmp(v->kind, s->kind->name)
			: yard_kind(&y, v->kind)->opts == s->rows);
}

static struct dev *up(struct netns *ns, const char *kind, const char *name,
		      unsigned ifindex)
{
	struct dev *dev = yard_dev(&y, kind, ns, name);

	if (ifindex)
		dev_follow_place(dev, ns, ifindex);
	return dev;
}

/* A port of a master of @kind, with @data as its settings, beside two others. */
static struct dev *born_port(const struct dev_kind *kind, struct netns *ns,
			     const struct nlattr *data, int *err)
{
	struct dev *master = up(ns, kind->name, "master", 0),
		   *port = up(ns, "dummy", "port", 0);
	struct extack ea = {};

	assert_int_equal(dev_enslave(up(ns, "dummy", "other", OTHER_PORT), master, &ea),
			 0);
	assert_int_equal(dev_enslave(up(ns, "dummy", "third", THIRD_PORT), master, &ea),
			 0);
	assert_int_equal(dev_enslave(port, master, &ea), 0);
	*err = dev_change_port(port, data, &ea);
	return *err ? NULL : port;
}

/* The device or port in @ns, where there is nothing else; NULL with *@err. */
static struct dev *born(const struct subject *s, struct netns *ns,
			const struct nlattr *data, int *err)
{
	auto_free void *config = xcalloc(1, s->kind->config_size);
	struct link_req req = {.ns = ns, .name = "dev", .data = data};
	struct extack ea = {};

	if (s->port)
		return born_port(s->kind, ns, data, err);
	if (s->kind->not_by_request) {
		s->kind->defaults(config);
		*err = opts_parse(s->rows, data, true, config, &ea);
		if (*err)
			return NULL;
		req.config = config;
	}
	if (s->kind->on_lower)
		req.lower = up(ns, "dummy", "lower", 0);
	*err = dev_create(&y.net, s->kind, &req, &ea);
	return *err ? NULL : req.made[0];
}

static void die(struct netns *ns)
{
	while (!list_is_empty(&ns->devs))
		dev_destroy(list_first(&ns->devs, struct dev, in_ns));
	net_run_deferred(&y.net);
}

/* ---- asking and showing ---- */

static size_t config_size(const struct subject *s)
{
	return s->port ? s->kind->master->config_size : s->kind->config_size;
}

static const void *config_of(const struct subject *s, const struct dev *dev)
{
	return s->port ? dev_port_config(dev) : dev_config(dev);
}

static int change(const struct subject *s, struct dev *dev, const struct nlattr *data)
{
	auto_free void *next = xcalloc(1, config_size(s));
	struct extack ea = {};
	int err;

	if (s->port)
		return dev_change_port(dev, data, &ea);
	if (!s->kind->not_by_request)
		return dev_change(dev, data, &ea);
	assert_int_equal(dev_change(dev, data, &ea), -EOPNOTSUPP);
	assert_string_equal(ea.msg, s->kind->not_by_request);
	memcpy(next, dev_config(dev), config_size(s));
	err = opts_parse(s->rows, data, false, next, &ea);
	return err ?: dev_change_config(dev, next, &ea);
}

/* As the answers to programs have it: IFLA_INFO_DATA or IFLA_INFO_SLAVE_DATA. */
static const struct nlattr *show(const struct subject *s, const struct dev *dev,
				 struct nlbuf *b)
{
	void (*fill)(const struct dev *dev, struct nlbuf *b) =
		s->port ? s->kind->master->fill : s->kind->fill;
	size_t nest;

	nlbuf_clear(b);
	nest = nest_begin(b, IFLA_INFO_DATA);
	opts_fill(s->rows, config_of(s, dev), b);
	if (fill)
		fill(dev, b);
	nest_end(b, nest);
	return (const void *)b->data;
}

static const struct nlattr *find(const struct nlattr *nest, unsigned attr)
{
	return attr_find(attr_data(nest), attr_len(nest), attr);
}

static void put_with(struct nlbuf *b, const struct sample *v)
{
	for (size_t i = 0; i < array_size(v->with) && v->with[i].attr; i++)
		put_attr(b, v->with[i].attr, v->with[i].value.asked,
			 v->with[i].value.len);
}

/* A VLAN needs a number, whatever else is asked. */
static void put_number_of_vlan(struct nlbuf *b, const struct subject *s, unsigned attr)
{
	if (s->kind == &vlan_kind && attr != IFLA_VLAN_ID)
		put_u16(b, IFLA_VLAN_ID, 9);
}

static const struct nlattr *request(const struct subject *s, const struct sample *v,
				    const struct value *value, struct nlbuf *b)
{
	size_t nest;

	nlbuf_clear(b);
	nest = nest_begin(b, IFLA_INFO_DATA);
	put_number_of_vlan(b, s, v->attr);
	put_with(b, v);
	if (value)
		put_attr(b, v->attr, value->asked, value->len);
	nest_end(b, nest);
	return (const void *)b->data;
}

static bool is_told(const struct subject *s, const struct opt *o)
{
	for (size_t i = 0; i < array_size(samples); i++)
		if (is_about(&samples[i], s, o) && samples[i].how != SETTING)
			return true;
	return o->fill_only;
}

/* What @dump shows of settings, as a request for all of it. */
static const struct nlattr *as_request(const struct subject *s, const struct sample *v,
				       const struct nlattr *dump, struct nlbuf *b)
{
	const struct opt *o, *before = NULL;
	size_t nest;

	nlbuf_clear(b);
	nest = nest_begin(b, IFLA_INFO_DATA);
	put_with(b, v);
	opt_foreach(o, s->rows) {
		const struct nlattr *a = find(dump, o->attr);

		/* Rows may share an attribute. */
		if (a && !is_told(s, o) && (!before || before->attr != o->attr))
			put_attr(b, o->attr, attr_data(a), attr_len(a));
		before = o;
	}
	nest_end(b, nest);
	return (const void *)b->data;
}

/* ---- what is checked ---- */

static void check_same(const struct subject *s, const struct nlattr *a,
		       const struct nlattr *b)
{
	const struct opt *o;

	opt_foreach(o, s->rows) {
		const struct nlattr *one = find(a, o->attr), *other = find(b, o->attr);

		if (!one != !other || (one && (attr_len(one) != attr_len(other) ||
					       memcmp(attr_data(one), attr_data(other),
						      attr_len(one)) != 0)))
			fail_msg("attribute %u (%s) of a %s is not the same", o->attr,
				 o->word ?: "without a word", label(s));
	}
}

/* What is shown of @dev makes another like it: one that is born so, and, unless it is about
 * births, one that becomes so. */
static void check_twin(const struct subject *s, const struct sample *v, struct dev *dev,
		       bool birth)
{
	struct nlbuf shown = {}, ask = {}, twins = {};
	const struct nlattr *dump = show(s, dev, &shown),
			    *data = as_request(s, v, dump, &ask);
	struct dev *twin;
	int err;

	twin = born(s, y.b, data, &err);
	assert_int_equal(err, 0);
	check_same(s, dump, show(s, twin, &twins));
	die(y.b);
	if (!birth) {
		twin = born(s, y.b, request(s, &(struct sample){}, NULL, &twins), &err);
		assert_int_equal(err, 0);
		assert_int_equal(change(s, twin, data), 0);
		check_same(s, dump, show(s, twin, &twins));
		die(y.b);
	}
	nlbuf_done(&shown);
	nlbuf_done(&ask);
	nlbuf_done(&twins);
}

static void check_shown(const struct subject *s, const struct sample *v,
			const struct value *value, const struct dev *dev)
{
	const void *bytes = value->shown ?: value->asked;
	unsigned len = value->shown ? value->shown_len : value->len;
	struct nlbuf b = {};
	const struct nlattr *a = find(show(s, dev, &b), v->shown_as ?: v->attr);

	if (value->shown && !len) {
		assert_null(a);
	} else if (!a || attr_len(a) != len || memcmp(attr_data(a), bytes, len) != 0) {
		fail_msg("attribute %u of a %s is not shown as it was asked for", v->attr,
			 label(s));
	}
	nlbuf_done(&b);
}

static void takes_at_birth(const struct subject *s, const struct opt *o,
			   const struct sample *v, const struct value *value)
{
	struct nlbuf b = {};
	int err;
	struct dev *dev = born(s, y.a, request(s, v, value, &b), &err);

	if (err)
		fail_msg("a %s is not born with attribute %u: %d", label(s), o->attr,
			 err);
	check_shown(s, v, value, dev);
	check_twin(s, v, dev, true);
	die(y.a);
	nlbuf_done(&b);
}

/* What is chosen at birth is not changed later: it is refused, or ignored as by Linux. */
static void keeps(const struct subject *s, const struct opt *o, const struct sample *v,
		  struct dev *dev, const struct value *value)
{
	struct nlbuf before = {}, after = {}, b = {};
	const struct nlattr *was = show(s, dev, &before);
	int err = change(s, dev, request(s, v, value, &b));

	if (o->born_with)
		assert_int_equal(err, 0);
	else
		assert_true(!err || err == -EOPNOTSUPP);
	check_same(s, was, show(s, dev, &after));
	nlbuf_done(&before);
	nlbuf_done(&after);
	nlbuf_done(&b);
}

static void takes(const struct subject *s, const struct opt *o, const struct sample *v,
		  struct dev *dev, const struct value *value)
{
	struct nlbuf before = {}, after = {}, b = {};
	int err;

	if (o->at_birth || o->born_with) {
		keeps(s, o, v, dev, value);
		return;
	}
	/* What must come with it is not what is tried. */
	assert_int_equal(change(s, dev, request(s, v, NULL, &b)), 0);
	show(s, dev, &before);
	err = change(s, dev, request(s, v, value, &b));
	if (err)
		fail_msg("a %s refuses a value of attribute %u: %d", label(s), o->attr,
			 err);
	if (v->how == SETTING) {
		check_shown(s, v, value, dev);
		check_twin(s, v, dev, false);
	} else {
		check_same(s, (const void *)before.data, show(s, dev, &after));
	}
	nlbuf_done(&before);
	nlbuf_done(&after);
	nlbuf_done(&b);
}

static void refuses(const struct subject *s, const struct opt *o, const struct sample *v,
		    struct dev *dev, const struct value *value)
{
	auto_free void *config = xcalloc(1, config_size(s));
	struct nlbuf before = {}, after = {}, b = {};
	const struct nlattr *was, *data;
	int err = v->when == LATE ? change(s, dev, request(s, v, NULL, &b)) : 0;

	assert_int_equal(err, 0);
	was = show(s, dev, &before);
	data = request(s, v, value, &b);
	memcpy(config, config_of(s, dev), config_size(s));
	if (!o->born_with && change(s, dev, data) >= 0)
		fail_msg("a %s takes a bad value of attribute %u", label(s), o->attr);
	assert_memory_equal(config_of(s, dev), config, config_size(s));
	check_same(s, was, show(s, dev, &after));
	if (v->when != LATE && born(s, y.b, data, &err))
		fail_msg("a %s is born with a bad value of attribute %u", label(s),
			 o->attr);
	assert_true(v->when == LATE || err < 0);
	die(y.b);
	nlbuf_done(&before);
	nlbuf_done(&after);
	nlbuf_done(&b);
}

/* ---- numbers, by their rows ---- */

static const uint8_t wire_size[OPT_N_TYPES] = {
#define X(name, ctype, wire, meta) [OPT_T_##name] = wire,
	OPT_TYPES(X)
#undef X
};

static struct value number(const struct opt *o, uint64_t v, uint8_t bytes[8])
{
	unsigned len = wire_size[o->type];

	if (o->type == OPT_T_BE16)
		v = htons((uint16_t)v);
	if (o->type == OPT_T_BE32)
		v = htonl((uint32_t)v);
	memcpy(bytes, &v, 8);
	return (struct value){.asked = bytes, .len = len};
}

/* Two values or more that the row allows, and one beyond each limit. */
static void number_values(const struct opt *o, struct sample *v,
			  uint8_t bytes[2 * VALUES_MAX][8])
{
	struct opt any = {.type = o->type};
	uint64_t beyond = 0;
	unsigned good = 0, bad = 0;

	for (const struct opt_name *n = o->names; n && n->word; n++) {
		assert_true(good < VALUES_MAX);
		v->good[good] = number(o, n->value, bytes[good]);
		good++;
		beyond = max(beyond, n->value);
	}
	if (!o->names) {
		const uint64_t tried[] = {opt_max(o), opt_min(o), opt_max(o)};

		for (; good < array_size(tried); good++)
			v->good[good] = number(o, tried[good], bytes[good]);
		beyond = opt_max(o);
	}
	if (beyond < opt_max(&any) && o->type != OPT_T_BOOL)
		v->bad[bad] = number(o, beyond + 1, bytes[VALUES_MAX + bad]), bad++;
	if (!o->names && opt_min(o))
		v->bad[bad] = number(o, opt_min(o) - 1, bytes[VALUES_MAX + bad]), bad++;
}

/* ---- the visit ---- */

static void check_values(const struct subject *s, const struct opt *o,
			 const struct sample *v)
{
	struct nlbuf b = {};
	int err;
	struct dev *dev = born(s, y.a, request(s, &(struct sample){}, NULL, &b), &err);

	assert_int_equal(err, 0);
	for (unsigned i = 0; i < VALUES_MAX && v->bad[i].asked; i++)
		refuses(s, o, v, dev, &v->bad[i]);
	for (unsigned i = 0; i < VALUES_MAX && v->good[i].asked; i++)
		if (v->when != AT_BIRTH)
			takes(s, o, v, dev, &v->good[i]);
	for (unsigned i = 0; i < VALUES_MAX && v->bad[i].asked; i++)
		refuses(s, o, v, dev, &v->bad[i]);
	die(y.a);
	for (unsigned i = 0; i < VALUES_MAX && v->good[i].asked && v->how == SETTING; i++)
		takes_at_birth(s, o, v, &v->good[i]);
	nlbuf_done(&b);
}

/* What Linux's policies say of lengths. */
static void check_lengths(const struct subject *s, const struct opt *o)
{
	unsigned least =
		o->type == OPT_T_HOOKS ? (unsigned)o->hooks->min_len : wire_size[o->type];
	const struct sample v = {.attr = o->attr};
	struct nlbuf b = {};
	int err;
	struct dev *dev = born(s, y.a, request(s, &(struct sample){}, NULL, &b), &err);

	assert_int_equal(err, 0);
	if (least && !o->fill_only)
		refuses(s, o, &v, dev,
			&(struct value){.asked = long_name, .len = least - 1});
	if (o->strict)
		refuses(s, o, &v, dev,
			&(struct value){.asked = long_name, .len = least + 1});
	die(y.a);
	nlbuf_done(&b);
}

/* False: nobody knows values for the row. */
static bool check_row(const struct subject *s, const struct opt *o)
{
	uint8_t bytes[2 * VALUES_MAX][8];
	struct sample own = {.kind = s->kind->name, .port = s->port, .attr = o->attr};
	bool known = false;

	for (size_t i = 0; i < array_size(samples); i++) {
		if (!is_about(&samples[i], s, o))
			continue;
		known = true;
		check_values(s, o, &samples[i]);
	}
	if (!known && opt_is_number(o) && o->type != OPT_T_FLAG &&
	    o->type != OPT_T_IFINDEX && !o->fill_only) {
		known = true;
		number_values(o, &own, bytes);
		check_values(s, o, &own);
	}
	if (known)
		check_lengths(s, o);
	return known;
}

static void check_subject(const struct subject *s)
{
	const struct opt *o;

	opt_foreach(o, s->rows) {
		if (!check_row(s, o))
			fail_msg("no values are known for \"%s\" (attribute %u) of a %s",
				 o->word ?: "", o->attr, label(s));
		assert_true(list_is_empty(&y.net.devs));
	}
}

static void each_setting_of_each_kind_is_taken_shown_and_read_back(void **state)
{
	for (const struct dev_kind *const *k = dev_kinds; *k; k++)
		check_subject(&(struct subject){*k, false, (*k)->opts});
}

static void each_setting_of_each_masters_ports_too(void **state)
{
	for (const struct dev_kind *const *k = dev_kinds; *k; k++)
		if ((*k)->master)
			check_subject(&(struct subject){*k, true, (*k)->master->opts});
}

static void a_row_of_which_nobody_knows_values_is_found(void **state)
{
	const struct subject s = {&bridge_kind, false, bridge_kind.opts};
	struct opt strange = {.type = OPT_T_IN6, .attr = 9999, .word = "strange"};

	assert_false(check_row(&s, &strange));
	strange.type = OPT_T_HOOKS;
	assert_false(check_row(&s, &strange));
}

/* A sample whose row has gone would be tried by nobody. */
static void each_sample_is_about_a_row(void **state)
{
	for (size_t i = 0; i < array_size(samples); i++) {
		const struct dev_kind *kind = yard_kind(&y, samples[i].kind);

		assert_non_null(
			opt_find(samples[i].port ? kind->master->opts : kind->opts,
				 samples[i].attr));
	}
}

static int setup(void **state)
{
	make_many();
	yard_init(&y);
	list_remove(&y.listener.link); /* there will be more events than it holds */
	return 0;
}

static int teardown(void **state)
{
	list_append(&y.net.listeners, &y.listener.link);
	yard_done(&y);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_setting_of_each_kind_is_taken_shown_and_read_back),
		TEST(each_setting_of_each_masters_ports_too),
		TEST(a_row_of_which_nobody_knows_values_is_found),
		TEST(each_sample_is_about_a_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
