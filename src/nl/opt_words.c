/* SPDX-License-Identifier: BSD-2-Clause
 *
 * opt - option rows as words: what ip(8) would say to set a config, and its help.
 */
#include "nl/opt.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>

#define MAC_FORMAT "%02x:%02x:%02x:%02x:%02x:%02x"

static const char *const value_names[OPT_N_TYPES] = {
#define X(name, ctype, wire, meta) [OPT_T_##name] = meta,
	OPT_TYPES(X)
#undef X
		[OPT_T_HOOKS] = "...",
};

/* ---- parsing ---- */

static int refuse_value(const struct opt *o, const char *word, struct extack *ea)
{
	if (o->type == OPT_T_IFINDEX)
		return extack_set(ea, -ENODEV, "there is no device '%s'", word);
	return extack_set(ea, -EINVAL, "%s does not take '%s'", opt_label(o), word);
}

static bool parse_number(const char *word, uint64_t *v)
{
	char *end;

	/* strtoull would take a minus, a plus and blanks. */
	if (*word < '0' || *word > '9')
		return false;
	errno = 0;
	*v = strtoull(word, &end, 0);
	return !*end && !errno;
}

static bool parse_switch(const char *word, uint64_t *v)
{
	*v = !strcmp(word, "on") || !strcmp(word, "1");
	return *v || !strcmp(word, "off") || !strcmp(word, "0");
}

static bool value_of(const struct opt *o, const char *word, const struct opt_devs *devs,
		     uint64_t *v)
{
	for (const struct opt_name *n = o->names; n && n->word; n++) {
		if (!strcmp(n->word, word)) {
			*v = n->value;
			return true;
		}
	}
	if (parse_number(word, v))
		return true;
	*v = o->type == OPT_T_IFINDEX && devs ? devs->ifindex(devs, word) : 0;
	return *v;
}

static bool parse_mac(const char *word, uint8_t mac[6])
{
	unsigned b[6];
	int used = 0;

	if (sscanf(word, "%2x:%2x:%2x:%2x:%2x:%2x%n", &b[0], &b[1], &b[2], &b[3], &b[4],
		   &b[5], &used) != 6 ||
	    word[used])
		return false;
	for (int i = 0; i < 6; i++)
		mac[i] = (uint8_t)b[i];
	return true;
}

/* An address or a text, from one word. */
static int take_bytes(const struct opt *o, const char *word, bool birth, void *config,
		      struct extack *ea)
{
	auto_free char *bytes = xcalloc(1, o->size);
	bool fine;

	if (o->type == OPT_T_IN4)
		fine = inet_pton(AF_INET, word, bytes) == 1;
	else if (o->type == OPT_T_IN6)
		fine = inet_pton(AF_INET6, word, bytes) == 1;
	else if (o->type == OPT_T_MAC)
		fine = parse_mac(word, (uint8_t *)bytes);
	else if ((fine = strlen(word) < o->size))
		memcpy(bytes, word, strlen(word));
	if (!fine)
		return refuse_value(o, word, ea);
	return opt_set_bytes(o, bytes, birth, config, ea);
}

/* One setting from the words after its own.  Returns how many words it took, or -errno. */
static int take_words(const struct opt *o, char *const *words, size_t n, bool birth,
		      const struct opt_devs *devs, void *config, struct extack *ea)
{
	uint64_t v = 1;
	int err;

	if (o->type == OPT_T_HOOKS)
		return o->hooks->words(o, words, n, config, ea);
	if (o->type == OPT_T_FLAG || o->type == OPT_T_BOOL) {
		bool said = o->type == OPT_T_BOOL && n > 1 && parse_switch(words[1], &v);

		err = opt_set_number(o, said ? v : 1, birth, config, ea);
		return err ? err : 1 + said;
	}
	if (n < 2)
		return extack_set(ea, -EINVAL, "%s wants a value", opt_label(o));
	if (!opt_is_number(o))
		err = take_bytes(o, words[1], birth, config, ea);
	else if (!value_of(o, words[1], devs, &v))
		err = refuse_value(o, words[1], ea);
	else
		err = opt_set_number(o, v, birth, config, ea);
	return err ? err : 2;
}

static bool has_words(const struct opt *o)
{
	return o->word && !o->fill_only && (o->type != OPT_T_HOOKS || o->hooks->words);
}

int opts_words_parse(const struct opt *rows, char *const *words, size_t n, bool birth,
		     const struct opt_devs *devs, void *config, struct extack *ea)
{
	for (size_t i = 0; i < n;) {
		const struct opt *o = opt_find_word(rows, words[i]);
		int took;

		if (o && has_words(o)) {
			took = take_words(o, words + i, n - i, birth, devs, config, ea);
		} else {
			/* "nolearning" */
			o = strncmp(words[i], "no", 2)
				    ? NULL
				    : opt_find_word(rows, words[i] + 2);
			if (!o || !has_words(o) ||
			    (o->type != OPT_T_BOOL && o->type != OPT_T_FLAG))
				return extack_set(ea, -EINVAL,
						  "there is no setting '%s' here",
						  words[i]);
			took = opt_set_number(o, 0, birth, config, ea);
			took = took ? took : 1;
		}
		if (took < 0)
			return took;
		i += (size_t)took;
	}
	return 0;
}

/* ---- printing ---- */

static void print_number(FILE *f, const struct opt *o, const struct opt_devs *devs,
			 uint64_t v)
{
	const struct opt_name *name = opt_name_of(o, v);
	const char *dev =
		o->type == OPT_T_IFINDEX && devs ? devs->name(devs, (unsigned)v) : NULL;

	if (o->type == OPT_T_FLAG)
		fprintf(f, " %s", o->word);
	else if (o->type == OPT_T_BOOL)
		fprintf(f, " %s %s", o->word, v ? "on" : "off");
	else if (name || dev)
		fprintf(f, " %s %s", o->word, name ? name->word : dev);
	else
		fprintf(f, " %s %" PRIu64, o->word, v);
}

static void print_bytes(FILE *f, const struct opt *o, const void *config)
{
	const uint8_t *field = (const uint8_t *)config + o->offset;
	char text[INET6_ADDRSTRLEN];

	if (o->type == OPT_T_STRING)
		fprintf(f, " %s %s", o->word, (const char *)field);
	else if (o->type == OPT_T_MAC)
		fprintf(f, " %s " MAC_FORMAT, o->word, field[0], field[1], field[2],
			field[3], field[4], field[5]);
	else
		fprintf(f, " %s %s", o->word,
			inet_ntop(o->type == OPT_T_IN4 ? AF_INET : AF_INET6, field, text,
				  sizeof(text)));
}

/* What is not set and has no word for that says nothing. */
static bool is_silent(const struct opt *o, const void *config)
{
	switch (o->type) {
	case OPT_T_FLAG:
	case OPT_T_IFINDEX:
	case OPT_T_IN4:
	case OPT_T_IN6:
	case OPT_T_MAC:
	case OPT_T_STRING:
		return opt_is_zero(o, config);
	default: /* below what may be asked for: the kind decides */
		return opt_is_number(o) && opt_number(o, config) < opt_min(o);
	}
}

static FILE *text_open(char **text, size_t *len)
{
	FILE *f = open_memstream(text, len);

	if (!f)
		abort(); /* no memory */
	return f;
}

char *opts_words_print(const struct opt *rows, const struct opt_devs *devs,
		       const void *config)
{
	const struct opt *o;
	char *text = NULL;
	size_t len;
	FILE *f = text_open(&text, &len);

	opt_foreach(o, rows) {
		if (!o->word)
			continue;
		if (o->type == OPT_T_HOOKS) {
			auto_free char *said =
				o->hooks->print ? o->hooks->print(o, config) : NULL;

			if (said)
				fprintf(f, " %s", said);
		} else if (is_silent(o, config)) {
			continue;
		} else if (opt_is_number(o)) {
			print_number(f, o, devs, opt_number(o, config));
		} else {
			print_bytes(f, o, config);
		}
	}
	fclose(f);
	if (len)
		memmove(text, text + 1, len); /* the first blank; the NUL comes along */
	return text;
}

/* ---- help ---- */

static void help_value(FILE *f, const struct opt *o)
{
	const char *between = " ";

	if (!o->names) {
		fprintf(f, "%s%s", *value_names[o->type] ? " " : "",
			value_names[o->type]);
		return;
	}
	for (const struct opt_name *n = o->names; n->word; n++, between = "|")
		fprintf(f, "%s%s", between, n->word);
}

static void help_limits(FILE *f, const struct opt *o)
{
	if (opt_is_number(o) && (o->min || o->max))
		fprintf(f, ", %" PRIu64 "..%" PRIu64, opt_min(o), opt_max(o));
	if (o->type == OPT_T_STRING)
		fprintf(f, ", up to %zu bytes", o->size - 1);
	if (o->at_birth || o->born_with)
		fprintf(f, "; only when the device is made");
}

char *opts_help(const struct opt *rows)
{
	const struct opt *o;
	char *text = NULL;
	size_t len;
	FILE *f = text_open(&text, &len);

	opt_foreach(o, rows) {
		auto_free char *left = NULL;
		size_t left_len;
		FILE *head;

		if (!has_words(o))
			continue;
		head = text_open(&left, &left_len);
		fprintf(head, "%s", o->word);
		help_value(head, o);
		fclose(head);
		fprintf(f, "%-32s %s", left, o->help ? o->help : "");
		help_limits(f, o);
		fputc('\n', f);
	}
	fclose(f);
	return text;
}
