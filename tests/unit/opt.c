/* SPDX-License-Identifier: BSD-2-Clause
 *
 * opt - tests of option rows: one table with a row of each type, read from the wire, from
 * words, and written to both.
 */
#include "all_opts.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct nlbuf buf;
static struct all_config conf;
static struct extack ea;

static int fresh(void **state)
{
	nlbuf_clear(&buf);
	conf = (struct all_config){};
	ea = (struct extack){};
	return 0;
}

static int free_buf(void **state)
{
	nlbuf_done(&buf);
	return 0;
}

/* A nest with one attribute of @len bytes at @data, in a block that ends where it ends. */
static struct nlattr *nest_of(unsigned type, const void *data, size_t len)
{
	struct nlattr *nest = calloc(1, NLA_HDRLEN * 2 + len);
	struct nlattr *a = nest + 1;

	assert_non_null(nest);
	a->nla_type = (uint16_t)type;
	a->nla_len = (uint16_t)(NLA_HDRLEN + len);
	if (len)
		memcpy(a + 1, data, len);
	nest->nla_type = IFLA_INFO_DATA;
	nest->nla_len = (uint16_t)(a->nla_len + NLA_HDRLEN);
	return nest;
}

static int parse_one(bool birth, unsigned type, const void *data, size_t len)
{
	struct nlattr *nest = nest_of(type, data, len);
	int err = opts_parse(all_opts, nest, birth, &conf, &ea);

	/* The attribute at fault is the one inside. */
	assert_ptr_equal(ea.attr, err ? nest + 1 : NULL);
	ea.attr = NULL;
	free(nest);
	return err;
}

static int parse_u32(bool birth, unsigned type, uint32_t v)
{
	return parse_one(birth, type, &v, sizeof(v));
}

static void vni_above_24_bits_is_refused_with_a_reason(void **state)
{
	assert_int_equal(parse_u32(true, A_VNI, 1 << 24), -ERANGE);
	assert_string_equal(ea.msg, "id 16777216 is outside 0..16777215");
	assert_int_equal(conf.vni, 0);
	ea = (struct extack){};
	assert_int_equal(parse_u32(true, A_VNI, 0xffffff), 0);
	assert_int_equal(conf.vni, 0xffffff);
}

static void limits_hold_at_both_ends(void **state)
{
	static const struct {
		uint16_t vid;
		int err;
	} cases[] = {{0, -ERANGE}, {1, 0}, {4094, 0}, {4095, -ERANGE}, {65535, -ERANGE}};

	for (size_t i = 0; i < array_size(cases); i++) {
		ea = (struct extack){};
		assert_int_equal(parse_one(true, A_U16, &cases[i].vid, 2), cases[i].err);
	}
	assert_int_equal(conf.vid, 4094);
}

static void numbers_with_names_have_no_others(void **state)
{
	uint8_t mode = 3;

	assert_int_equal(parse_one(true, A_MODE, &mode, 1), -EINVAL);
	assert_string_equal(ea.msg, "mode 3 has no meaning");
	mode = 4;
	ea = (struct extack){};
	assert_int_equal(parse_one(true, A_MODE, &mode, 1), 0);
}

static void what_is_set_at_birth_may_be_repeated_but_not_changed(void **state)
{
	uint16_t port = htons(4789);
	struct in_addr local = {htonl(0x0a000001)};

	assert_int_equal(parse_one(true, A_PORT, &port, 2), 0);
	assert_int_equal(conf.port, 4789);
	assert_int_equal(parse_one(false, A_PORT, &port, 2), 0);
	port = htons(8472);
	assert_int_equal(parse_one(false, A_PORT, &port, 2), -EOPNOTSUPP);
	assert_string_equal(ea.msg, "dstport is chosen when the device is made");
	assert_int_equal(conf.port, 4789);
	ea = (struct extack){};
	assert_int_equal(parse_one(false, A_LOCAL, &local, 4), -EOPNOTSUPP);
	assert_int_equal(conf.local.s_addr, 0);
	ea = (struct extack){};
	assert_int_equal(parse_u32(false, A_KEY, htonl(5)), 0);
	assert_int_equal(conf.key, 5);
}

/* As Linux's liberal policies: short is out of range, long is read from its beginning. */
static void wrong_lengths_are_treated_as_linux_does(void **state)
{
	uint8_t bytes[20] = {7};

	for (unsigned attr = A_BOOL; attr <= A_BITS; attr++) {
		const struct opt *o = opt_find(all_opts, attr);
		size_t wire = o->type == OPT_T_STRING  ? 0
			      : o->type == OPT_T_HOOKS ? 2
						       : o->size;

		for (size_t len = 0; len < wire; len++) {
			fresh(NULL);
			assert_int_equal(parse_one(true, attr, bytes, len), -ERANGE);
			assert_string_equal(ea.msg, "Attribute failed policy validation");
		}
	}
	fresh(NULL);
	assert_int_equal(parse_one(true, A_U8, bytes, 2), 0);
	assert_int_equal(conf.ttl, 7);
	assert_int_equal(parse_one(true, A_LATE, bytes, 2), -EINVAL);
	assert_string_equal(ea.msg, "invalid attribute length");
	ea = (struct extack){};
	assert_int_equal(parse_one(true, A_FLAG, bytes, 1), -ERANGE);
}

static void strings_keep_their_nul(void **state)
{
	assert_int_equal(parse_one(true, A_LABEL, "1234567", 7), 0); /* without a NUL */
	assert_string_equal(conf.label, "1234567");
	assert_int_equal(parse_one(true, A_LABEL, "abc", 4), 0);
	assert_string_equal(conf.label, "abc");
	assert_memory_equal(conf.label + 3, "\0\0\0\0\0",
			    5); /* nothing of the old text */
	assert_int_equal(parse_one(true, A_LABEL, "12345678", 8), -ERANGE);
	assert_int_equal(parse_one(true, A_LABEL, "", 0), 0);
	assert_string_equal(conf.label, "");
}

static void unknown_attributes_are_ignored_unless_known_ones_are_asked_for(void **state)
{
	uint8_t junk[3] = {1, 2, 3};
	struct nlattr *nest = nest_of(A_UNKNOWN, junk, 3);

	assert_int_equal(opts_parse(all_opts, nest, true, &conf, &ea), 0);
	assert_int_equal(opts_parse(NULL, nest, true, &conf, &ea), 0);
	assert_int_equal(opts_check_known(all_opts, nest, &ea), -EINVAL);
	assert_string_equal(ea.msg, "Unknown attribute type");
	assert_ptr_equal(ea.attr, nest + 1);
	free(nest);
	assert_int_equal(opts_parse(all_opts, NULL, true, &conf, &ea), 0);
}

static void what_is_only_shown_is_ignored_in_requests(void **state)
{
	uint8_t v = 9;

	assert_int_equal(parse_one(true, A_SHOWN, &v, 1), 0);
	assert_int_equal(conf.shown, 0);
}

static void the_last_of_two_wins(void **state)
{
	size_t nest = nest_begin(&buf, IFLA_INFO_DATA);

	put_u8(&buf, A_U8, 1);
	put_u8(&buf, A_U8, 2);
	nest_end(&buf, nest);
	assert_int_equal(opts_parse(all_opts, (void *)buf.data, true, &conf, &ea), 0);
	assert_int_equal(conf.ttl, 2);
}

static const struct all_config full = {
	.flag = true,
	.learning = true,
	.ttl = 64,
	.mode = 4,
	.vid = 4094,
	.port = 4789,
	.vni = 0xffffff,
	.key = 0x01020304,
	.link = 42,
	.bytes = UINT64_MAX,
	.remote = {0x0200000a},
	.local = {0x0100000a},
	.remote6 = {.s6_addr = {0x20, 1, [15] = 1}},
	.mac = {2, 0, 0, 0, 0, 0xfe},
	.label = "seven77",
	.bits = 2,
};

static void fill_nest(const struct all_config *c)
{
	size_t nest;

	nlbuf_clear(&buf);
	nest = nest_begin(&buf, IFLA_INFO_DATA);
	opts_fill(all_opts, c, &buf);
	nest_end(&buf, nest);
}

static void a_dump_parses_back_to_the_same_settings(void **state)
{
	fill_nest(&full);
	assert_int_equal(opts_parse(all_opts, (void *)buf.data, true, &conf, &ea), 0);
	assert_memory_equal(&conf, &full, sizeof(full));
}

static void numbers_that_travel_big_endian_do(void **state)
{
	const struct nlattr *nest, *a;

	fill_nest(&full);
	nest = (void *)buf.data;
	a = attr_find(attr_data(nest), attr_len(nest), A_PORT);
	assert_memory_equal(attr_data(a), "\x12\xb5", 2);
	a = attr_find(attr_data(nest), attr_len(nest), A_KEY);
	assert_memory_equal(attr_data(a), "\1\2\3\4", 4);
}

static void a_dump_leaves_out_what_is_not_set(void **state)
{
	static const uint16_t left_out[] = {A_FLAG,    A_LINK, A_REMOTE,
					    A_REMOTE6, A_MAC,  A_LABEL};
	const struct nlattr *nest;

	fill_nest(&conf);
	nest = (void *)buf.data;
	for (size_t i = 0; i < array_size(left_out); i++)
		assert_null(attr_find(attr_data(nest), attr_len(nest), left_out[i]));
	assert_non_null(attr_find(attr_data(nest), attr_len(nest), A_LOCAL));
	assert_non_null(attr_find(attr_data(nest), attr_len(nest), A_U8));
	assert_non_null(attr_find(attr_data(nest), attr_len(nest), A_SHOWN));
}

static void a_cut_nest_never_reads_past_its_end(void **state)
{
	size_t whole;

	fill_nest(&full);
	whole = buf.len;
	for (size_t len = NLA_HDRLEN; len < whole; len++) {
		struct nlattr *nest = malloc(len);
		struct all_config c = {};
		int err;

		assert_non_null(nest);
		memcpy(nest, buf.data, len);
		nest->nla_len = (uint16_t)len;
		err = opts_parse(all_opts, nest, true, &c, NULL);
		assert_true(err == 0 || err == -EINVAL);
		free(nest);
	}
}

static void bytes_after_the_last_attribute_are_an_error(void **state)
{
	fill_nest(&full);
	((struct nlattr *)(void *)buf.data)->nla_len -= 4;
	assert_int_equal(opts_parse(all_opts, (void *)buf.data, true, &conf, &ea),
			 -EINVAL);
	assert_string_equal(ea.msg, "bytes leftover after parsing attributes");
}

/* ---- words ---- */

static unsigned test_ifindex(const struct opt_devs *devs, const char *name)
{
	return strcmp(name, "eth0") ? 0 : 42;
}

static const char *test_name(const struct opt_devs *devs, unsigned ifindex)
{
	return ifindex == 42 ? "eth0" : NULL;
}

static const struct opt_devs devs = {test_ifindex, test_name};

static int parse_words(bool birth, const char *text)
{
	char *copy = xstrdup(text), *words[64], *save;
	size_t n = 0;
	int err;

	for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save))
		words[n++] = w;
	err = opts_words_parse(all_opts, words, n, birth, &devs, &conf, &ea);
	free(copy);
	return err;
}

static const char full_words[] =
	"external learning on ttl 64 mode bridge vid 4094 dstport 4789 id 16777215 "
	"key 16909060 dev eth0 limit 18446744073709551615 remote 10.0.0.2 local 10.0.0.1 "
	"remote6 2001::1 mac 02:00:00:00:00:fe label seven77 bits - b";

static void words_say_what_the_wire_says(void **state)
{
	char *text = opts_words_print(all_opts, &devs, &full);

	assert_string_equal(text, full_words);
	assert_int_equal(parse_words(true, text), 0);
	assert_memory_equal(&conf, &full, sizeof(full));
	free(text);
	free(opts_words_print(NULL, NULL, &full));
}

static void switches_can_be_said_in_four_ways(void **state)
{
	static const struct {
		const char *words;
		bool on;
	} cases[] = {{"learning", true},      {"nolearning", false},
		     {"learning 1", true},    {"learning 0", false},
		     {"learning on", true},   {"learning off", false},
		     {"learning ttl 3", true}};

	for (size_t i = 0; i < array_size(cases); i++) {
		conf.learning = !cases[i].on;
		assert_int_equal(parse_words(true, cases[i].words), 0);
		assert_int_equal(conf.learning, cases[i].on);
	}
}

static void wrong_words_are_named(void **state)
{
	static const struct {
		const char *words;
		int err;
		const char *why;
	} cases[] = {
		{"colour red", -EINVAL, "there is no setting 'colour' here"},
		{"nottl", -EINVAL, "there is no setting 'nottl' here"},
		{"no", -EINVAL, "there is no setting 'no' here"},
		{"ttl", -EINVAL, "ttl wants a value"},
		{"ttl 256", -ERANGE, "ttl 256 is outside 0..255"},
		{"ttl -1", -EINVAL, "ttl does not take '-1'"},
		{"ttl 1x", -EINVAL, "ttl does not take '1x'"},
		{"mode router", -EINVAL, "mode does not take 'router'"},
		{"dev eth7", -ENODEV, "there is no device 'eth7'"},
		{"remote 10.0.0", -EINVAL, "remote does not take '10.0.0'"},
		{"remote6 10.0.0.1", -EINVAL, "remote6 does not take '10.0.0.1'"},
		{"mac 02:00:00:00:00", -EINVAL, "mac does not take '02:00:00:00:00'"},
		{"mac 02:00:00:00:00:001", -EINVAL,
		 "mac does not take '02:00:00:00:00:001'"},
		{"label 12345678", -EINVAL, "label does not take '12345678'"},
		{"limit 18446744073709551616", -EINVAL,
		 "limit does not take '18446744073709551616'"},
		{"bits a", -EINVAL, "bits wants two values"},
	};

	for (size_t i = 0; i < array_size(cases); i++) {
		fresh(NULL);
		assert_int_equal(parse_words(true, cases[i].words), cases[i].err);
		assert_string_equal(ea.msg, cases[i].why);
	}
}

static void words_too_cannot_change_what_is_set_at_birth(void **state)
{
	conf.vni = 7;
	assert_int_equal(parse_words(false, "id 7"), 0);
	assert_int_equal(parse_words(false, "id 8"), -EOPNOTSUPP);
	assert_int_equal(conf.vni, 7);
}

static void help_has_a_line_for_each_word(void **state)
{
	char *text = opts_help(all_opts);

	assert_non_null(
		strstr(text, "learning on|off                  learn addresses\n"));
	assert_non_null(strstr(text, "mode private|vepa|bridge "));
	assert_non_null(strstr(text, "id NUMBER"));
	assert_non_null(strstr(text, ", 0..16777215; only when the device is made\n"));
	assert_non_null(strstr(text, ", up to 7 bytes\n"));
	assert_null(strstr(text, "(null)"));
	free(text);
}

static void the_first_sentence_wins(void **state)
{
	struct extack first = {};

	assert_int_equal(extack_set(&first, -EINVAL, "deep %d", 1), -EINVAL);
	assert_int_equal(extack_set(&first, -EBUSY, "shallow"), -EBUSY);
	assert_string_equal(first.msg, "deep 1");
	assert_int_equal(extack_set(NULL, -EBUSY, "nobody listens"), -EBUSY);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup(name, fresh)
	const struct CMUnitTest tests[] = {
		T(vni_above_24_bits_is_refused_with_a_reason),
		T(limits_hold_at_both_ends),
		T(numbers_with_names_have_no_others),
		T(what_is_set_at_birth_may_be_repeated_but_not_changed),
		T(wrong_lengths_are_treated_as_linux_does),
		T(strings_keep_their_nul),
		T(unknown_attributes_are_ignored_unless_known_ones_are_asked_for),
		T(what_is_only_shown_is_ignored_in_requests),
		T(the_last_of_two_wins),
		T(a_dump_parses_back_to_the_same_settings),
		T(numbers_that_travel_big_endian_do),
		T(a_dump_leaves_out_what_is_not_set),
		T(a_cut_nest_never_reads_past_its_end),
		T(bytes_after_the_last_attribute_are_an_error),
		T(words_say_what_the_wire_says),
		T(switches_can_be_said_in_four_ways),
		T(wrong_words_are_named),
		T(words_too_cannot_change_what_is_set_at_birth),
		T(help_has_a_line_for_each_word),
		T(the_first_sentence_wins),
	};

	return cmocka_run_group_tests(tests, NULL, free_buf);
}
