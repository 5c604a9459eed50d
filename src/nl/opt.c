/* SPDX-License-Identifier: BSD-2-Clause
 *
 * opt - option rows on the wire: checking, parsing and filling attributes.
 *
 * The checks are those of Linux's "liberal" policies, which is what RTM_NEWLINK uses for a
 * kind's data: a number that is too short is -ERANGE, one that is too long is read from its
 * beginning, and only attributes that came late (strict) must fit exactly.
 */
#include "nl/opt.h"

#include <arpa/inet.h>
#include <inttypes.h>

static const uint8_t wire_size[OPT_N_TYPES] = {
#define X(name, ctype, wire, meta) [OPT_T_##name] = wire,
	OPT_TYPES(X)
#undef X
};

/* ---- rows ---- */

const struct opt *opt_find(const struct opt *rows, unsigned attr)
{
	const struct opt *o;

	opt_foreach(o, rows)
		if (o->attr == attr)
			return o;
	return NULL;
}

const struct opt *opt_find_word(const struct opt *rows, const char *word)
{
	const struct opt *o;

	opt_foreach(o, rows)
		if (o->word && !strcmp(o->word, word))
			return o;
	return NULL;
}

bool opt_is_number(const struct opt *o)
{
	return o->type >= OPT_T_FLAG && o->type <= OPT_T_IFINDEX;
}

uint64_t opt_max(const struct opt *o)
{
	if (o->max)
		return o->max;
	return o->type == OPT_T_FLAG || o->type == OPT_T_BOOL ? 1
	       : wire_size[o->type] >= 8		      ? UINT64_MAX
					 : (UINT64_C(1) << wire_size[o->type] * 8) - 1;
}

const char *opt_label(const struct opt *o)
{
	return o->word ? o->word : "the setting";
}

const struct opt_name *opt_name_of(const struct opt *o, uint64_t value)
{
	for (const struct opt_name *n = o->names; n && n->word; n++)
		if (n->value == value)
			return n;
	return NULL;
}

/* ---- fields ---- */

uint64_t opt_number(const struct opt *o, const void *config)
{
	const void *field = (const char *)config + o->offset;

	switch (o->size) {
	case 1: /* bool too */
		return *(const uint8_t *)field;
	case 2:
		return *(const uint16_t *)field;
	case 4:
		return *(const uint32_t *)field;
	default:
		return *(const uint64_t *)field;
	}
}

static int refuse_change(const struct opt *o, struct extack *ea)
{
	return extack_set(ea, -EOPNOTSUPP, "%s is chosen when the device is made",
			  opt_label(o));
}

int opt_set_number(const struct opt *o, uint64_t value, bool birth, void *config,
		   struct extack *ea)
{
	void *field = (char *)config + o->offset;
	bool named = !o->names || opt_name_of(o, value);

	if (o->err && (!named || value < opt_min(o) || value > opt_max(o)))
		return o->sentence ? extack_set(ea, o->err, "%s", o->sentence) : o->err;
	if (!named)
		return extack_set(ea, -EINVAL, "%s %" PRIu64 " has no meaning",
				  opt_label(o), value);
	if (value < opt_min(o) || value > opt_max(o))
		return extack_set(ea, -ERANGE,
				  "%s %" PRIu64 " is outside %" PRIu64 "..%" PRIu64,
				  opt_label(o), value, opt_min(o), opt_max(o));
	if (o->at_birth && !birth && value != opt_number(o, config))
		return refuse_change(o, ea);
	if (o->born_with && !birth)
		return 0;
	switch (o->size) {
	case 1:
		*(uint8_t *)field = (uint8_t)value;
		break;
	case 2:
		*(uint16_t *)field = (uint16_t)value;
		break;
	case 4:
		*(uint32_t *)field = (uint32_t)value;
		break;
	default:
		*(uint64_t *)field = value;
	}
	return 0;
}

int opt_set_bytes(const struct opt *o, const void *bytes, bool birth, void *config,
		  struct extack *ea)
{
	void *field = (char *)config + o->offset;

	if (o->at_birth && !birth && memcmp(field, bytes, o->size) != 0)
		return refuse_change(o, ea);
	memcpy(field, bytes, o->size);
	return 0;
}

bool opt_is_zero(const struct opt *o, const void *config)
{
	const uint8_t *field = (const uint8_t *)config + o->offset;

	for (size_t i = 0; i < o->size; i++)
		if (field[i])
			return false;
	return true;
}

/* ---- parsing ---- */

static int refuse_attr(struct extack *ea)
{
	return extack_set(ea, -ERANGE, "Attribute failed policy validation");
}

static uint64_t wire_number(const struct opt *o, const struct nlattr *a)
{
	switch (o->type) {
	case OPT_T_FLAG:
		return 1;
	case OPT_T_BOOL: /* any other than 0 is yes, as Linux has it */
		return !!attr_u8(a);
	case OPT_T_U8:
		return attr_u8(a);
	case OPT_T_U16:
		return attr_u16(a);
	case OPT_T_BE16:
		return ntohs(attr_u16(a));
	case OPT_T_BE32:
		return ntohl(attr_u32(a));
	case OPT_T_U64:
		return attr_u64(a);
	default:
		return attr_u32(a);
	}
}

static int parse_string(const struct opt *o, const struct nlattr *a, bool birth,
			void *config, struct extack *ea)
{
	auto_free char *text = xcalloc(1, o->size);

	if (attr_str(a, text, o->size) >= o->size)
		return refuse_attr(ea);
	return opt_set_bytes(o, text, birth, config, ea);
}

static int parse_one(const struct opt *o, const struct nlattr *a, bool birth,
		     void *config, struct extack *ea)
{
	size_t wire = wire_size[o->type];

	if (o->type == OPT_T_HOOKS) {
		if (attr_len(a) < o->hooks->min_len)
			return refuse_attr(ea);
		return o->hooks->parse(o, a, config, ea);
	}
	if (o->type == OPT_T_STRING)
		return parse_string(o, a, birth, config, ea);
	if (o->strict && attr_len(a) != wire)
		return extack_set(ea, -EINVAL, "invalid attribute length");
	if (attr_len(a) < wire || (o->type == OPT_T_FLAG && attr_len(a)))
		return refuse_attr(ea);
	if (o->fill_only)
		return 0;
	if (opt_is_number(o))
		return opt_set_number(o, wire_number(o, a), birth, config, ea);
	return opt_set_bytes(o, attr_data(a), birth, config, ea);
}

int opts_parse(const struct opt *rows, const struct nlattr *nest, bool birth,
	       void *config, struct extack *ea)
{
	const struct nlattr *a;
	const char *end, *at;

	if (!nest)
		return 0;
	at = attr_data(nest);
	end = at + attr_len(nest);
	attr_foreach_nested(a, nest) {
		const struct opt *o = opt_find(rows, attr_type(a));
		int err = o ? parse_one(o, a, birth, config, ea) : 0;

		if (err) {
			/* Linux tells the place only where it says something. */
			if (ea && !ea->attr && ea->msg[0])
				ea->attr = a;
			return err;
		}
		at = (const char *)a + NLA_ALIGN((size_t)a->nla_len);
	}
	if (at < end)
		return extack_set(ea, -EINVAL, "bytes leftover after parsing attributes");
	return 0;
}

int opts_check_known(const struct opt *rows, const struct nlattr *nest, struct extack *ea)
{
	const struct nlattr *a;

	if (!nest)
		return 0;
	attr_foreach_nested(a, nest) {
		if (opt_find(rows, attr_type(a)))
			continue;
		if (ea && !ea->attr)
			ea->attr = a;
		return extack_set(ea, -EINVAL, "Unknown attribute type");
	}
	return 0;
}

/* ---- filling ---- */

static void fill_number(const struct opt *o, uint64_t v, struct nlbuf *b)
{
	switch (o->type) {
	case OPT_T_FLAG:
		if (v)
			put_attr(b, o->attr, NULL, 0);
		break;
	case OPT_T_BOOL:
	case OPT_T_U8:
		put_u8(b, o->attr, (uint8_t)v);
		break;
	case OPT_T_U16:
		put_u16(b, o->attr, (uint16_t)v);
		break;
	case OPT_T_BE16:
		put_u16(b, o->attr, htons((uint16_t)v));
		break;
	case OPT_T_BE32:
		put_u32(b, o->attr, htonl((uint32_t)v));
		break;
	case OPT_T_U64:
		put_u64(b, o->attr, v);
		break;
	case OPT_T_IFINDEX:
		if (v || o->zero_too)
			put_u32(b, o->attr, (uint32_t)v);
		break;
	default:
		put_u32(b, o->attr, (uint32_t)v);
	}
}

void opts_fill(const struct opt *rows, const void *config, struct nlbuf *b)
{
	const struct opt *o;

	opt_foreach(o, rows) {
		const char *field = (const char *)config + o->offset;

		if (o->by_kind)
			continue;
		if (o->type == OPT_T_HOOKS)
			o->hooks->fill(o, config, b);
		else if (opt_is_number(o))
			fill_number(o, opt_number(o, config), b);
		else if (opt_is_zero(o, config) && !o->zero_too)
			continue;
		else if (o->type == OPT_T_STRING)
			put_str(b, o->attr, field);
		else
			put_attr(b, o->attr, field, wire_size[o->type]);
	}
}
