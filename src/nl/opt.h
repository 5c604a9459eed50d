/* SPDX-License-Identifier: BSD-2-Clause
 *
 * opt - the settings of a kind of device as rows of a table.
 *
 * A kind's settings are a struct, its *config*: a plain value that can be copied with
 * memcpy and published whole.  Each field that a user can set has one row, and the row is
 * all there is to say about it:
 *
 *	static const struct opt vxlan_opts[] = {
 *		OPT(U32, IFLA_VXLAN_ID, "id", vxlan_config, vni, .max = 0xffffff,
 *		    .at_birth = true, .help = "the network's identifier"),
 *		OPT(IN4, IFLA_VXLAN_GROUP, "remote", vxlan_config, remote),
 *		OPT(BE16, IFLA_VXLAN_PORT, "dstport", vxlan_config, port, .at_birth = true),
 *		OPT(BOOL, IFLA_VXLAN_LEARNING, "learning", vxlan_config, learning),
 *		OPT_END,
 *	};
 *
 * From that row come the check of a request's attribute, its parsing, its place in dumps,
 * the words of the command line and their help, and the dictionary and generic tests that
 * visit every kind.  So none of them can disagree, and a new setting is one line.
 *
 * OPT checks when it is compiled that the field has the C type that belongs to the row's
 * type.  Values are in host byte order in a config, whatever they are on the wire; only
 * addresses are as on the wire.
 *
 * A setting that is not one attribute with one value (a list, a nest, bits that share a
 * word) is a row with hooks, OPT_HOOKS: its functions see the same config.  Do not stretch
 * the row's language to cover it.
 *
 * Rows have no state and do no look-ups.  A check that needs more than one field, or another
 * device, belongs in the kind's change hook.
 */
#pragma once

#include "nl/msg.h"

#include <netinet/in.h>

typedef uint8_t opt_mac[6];
typedef char opt_string[];

/* Type of a row, C type of its field, bytes on the wire (0: it depends), and what help calls
 * the value.  FLAG is true when the attribute is there; BOOL is a u8 on the wire; BE16 (ports,
 * protocols) and BE32 (tunnel keys) are big endian on the wire; STRING is a char array that
 * always holds its NUL. */
#define OPT_TYPES(X) \
	X(FLAG, bool, 0, "") \
	X(BOOL, bool, 1, "on|off") \
	X(U8, uint8_t, 1, "NUMBER") \
	X(U16, uint16_t, 2, "NUMBER") \
	X(U32, uint32_t, 4, "NUMBER") \
	X(U64, uint64_t, 8, "NUMBER") \
	X(BE16, uint16_t, 2, "NUMBER") \
	X(BE32, uint32_t, 4, "NUMBER") \
	X(IFINDEX, uint32_t, 4, "DEVICE") \
	X(IN4, struct in_addr, 4, "ADDRESS") \
	X(IN6, struct in6_addr, 16, "ADDRESS") \
	X(MAC, opt_mac, 6, "MAC-ADDRESS") \
	X(STRING, opt_string, 0, "TEXT")

enum opt_type {
	OPT_T_END, /* zeroed memory ends a table */
#define X(name, ctype, wire, meta) OPT_T_##name,
	OPT_TYPES(X)
#undef X
	OPT_T_HOOKS,
	OPT_N_TYPES
};

struct opt;
struct opt_devs;

/* A setting whose numbers have names: {MACVLAN_MODE_VEPA, "vepa"}.  Ends with a NULL word.
 * The numbers listed are the only ones allowed. */
struct opt_name {
	uint64_t value;
	const char *word;
};

/* What a row with hooks does itself.  parse and fill may not be left out; without words and
 * print the setting has no place on the command line. */
struct opt_hooks {
	/* Check @a and put it into @config.  At least @min_len bytes are there. */
	int (*parse)(const struct opt *o, const struct nlattr *a, void *config,
		     struct extack *ea);
	void (*fill)(const struct opt *o, const void *config, struct nlbuf *b);
	size_t min_len;

	/* Take the value from words[1] and on (words[0] is the row's word).  Returns how many
	 * words it used, the first included, or -errno. */
	int (*words)(const struct opt *o, char *const *words, size_t n, void *config,
		     struct extack *ea);
	/* Give the words, as a string from malloc; NULL: nothing to say. */
	char *(*print)(const struct opt *o, const void *config);
};

/* One setting.  Make it with OPT, so that its type is checked. */
struct opt {
	enum opt_type type;
	uint16_t attr;	     /* attribute number inside IFLA_INFO_DATA */
	const char *word;    /* the command line's name for it, as ip(8) has it */
	const char *help;    /* half a sentence for help and manual, no full stop */
	size_t offset, size; /* the field's place in the config */

	uint64_t min, max; /* of a number; max 0: as much as the type holds */
	const struct opt_name *names;
	bool at_birth;	/* a later request may repeat the value but not change it */
	bool born_with; /* the same, but a later request's is ignored, as by Linux */
	/* What Linux refuses other values with (0: our own words), and what it says (NULL: nothing). */
	int err;
	const char *sentence;
	bool strict; /* a longer attribute is refused too, as Linux does for late ones */
	bool zero_too; /* dumped although zero: an address, text or device that is not set
			 * is left out otherwise */
	bool fill_only; /* shown, and ignored in requests */
	bool by_kind;	/* shown by the kind's own fill, which knows what is in force */
	const struct opt_hooks *hooks;
};

/* Whether a field has the C type of a row's type, which X makes into a name of its own.  A
 * char array of any length is a STRING: to the compiler char[] and char[16] are compatible. */
#define OPT_FITS(type_, field_) \
	__builtin_types_compatible_p(__typeof__(field_), opt_c_##type_)
#define X(name, ctype, wire, meta) typedef ctype opt_c_##name;
OPT_TYPES(X)
#undef X

/* OPT(type, attribute, word, config struct's name, field, .further = fields) */
#define OPT(type_, attr_, word_, config_, field_, ...) \
	{ \
		.type = OPT_T_##type_, .attr = (attr_), .word = (word_), \
		.offset = offsetof(struct config_, field_) + \
			  0 * sizeof(struct { \
				  static_assert(OPT_FITS(type_, \
							 ((struct config_ *)0)->field_), \
						#config_ "." #field_ " is no " #type_); \
				  char in_vain; \
			  }), \
		.size = sizeof(((struct config_ *)0)->field_), __VA_ARGS__ \
	}

/* OPT_HOOKS(attribute, word, hooks, .further = fields) */
#define OPT_HOOKS(attr_, word_, hooks_, ...) \
	{ \
		.type = OPT_T_HOOKS, .attr = (attr_), .word = (word_), \
		.hooks = (hooks_), __VA_ARGS__ \
	}

#define OPT_END \
	{ \
		.type = OPT_T_END \
	}

/* Visit every row; a kind without settings has NULL for a table. */
#define opt_foreach(o, rows) for (o = (rows); o && o->type != OPT_T_END; o++)

const struct opt *opt_find(const struct opt *rows, unsigned attr);
const struct opt *opt_find_word(const struct opt *rows, const char *word);

/* The smallest and largest number the row allows. */
static inline uint64_t opt_min(const struct opt *o)
{
	return o->min;
}
uint64_t opt_max(const struct opt *o);

/* ---- the wire ---- */

/* Put the attributes inside @nest (IFLA_INFO_DATA; NULL: none) into @config.
 *
 * Checks what Linux's policies check, with its errno and text where it has one, and the rows'
 * limits.  An attribute that no row names is ignored, as by Linux.  With @birth false a row
 * that is at_birth answers -EOPNOTSUPP to another value than @config's.  On failure
 * returns -errno, the sentence and the attribute are in @ea, and @config, though never given
 * a value that its row refuses, may have some of the new ones: parse into a copy. */
int opts_parse(const struct opt *rows, const struct nlattr *nest, bool birth,
	       void *config, struct extack *ea) must_check;

/* -EINVAL when @nest has an attribute that no row names; for requests that ask to be strict. */
int opts_check_known(const struct opt *rows, const struct nlattr *nest,
		     struct extack *ea) must_check;

/* Put @config's settings into @b, in the rows' order; the caller makes the nest around it. */
void opts_fill(const struct opt *rows, const void *config, struct nlbuf *b);

/* ---- words ---- */

/* How words name other devices.  NULL where one is wanted: only numbers. */
struct opt_devs {
	unsigned (*ifindex)(const struct opt_devs *devs, const char *name); /* 0: none */
	const char *(*name)(const struct opt_devs *devs,
			    unsigned ifindex); /* NULL: none */
};

/* Put @n words, "id 7 nolearning dstport 4789", into @config.  A switch (BOOL) is said as
 * "learning", "learning on", "learning 1" or "nolearning".  Like opts_parse otherwise; an
 * unknown word is -EINVAL. */
int opts_words_parse(const struct opt *rows, char *const *words, size_t n, bool birth,
		     const struct opt_devs *devs, void *config,
		     struct extack *ea) must_check;

/* Gives the words that opts_words_parse would make @config from, as a string to free. */
char *opts_words_print(const struct opt *rows, const struct opt_devs *devs,
		       const void *config) must_check;

/* Gives the help, a line for each word, as a string to free. */
char *opts_help(const struct opt *rows) must_check;

/* ---- shared by opt.c and opt_words.c ---- */

bool opt_is_number(const struct opt *o);
uint64_t opt_number(const struct opt *o, const void *config);
const char *opt_label(const struct opt *o); /* its word, or "the setting" */
const struct opt_name *opt_name_of(const struct opt *o, uint64_t value);

/* Check @value against limits and names, and @birth, and put it into @config. */
int opt_set_number(const struct opt *o, uint64_t value, bool birth, void *config,
		   struct extack *ea) must_check;
/* The same for the bytes of an address or string, @size of them, already checked. */
int opt_set_bytes(const struct opt *o, const void *bytes, bool birth, void *config,
		  struct extack *ea) must_check;
bool opt_is_zero(const struct opt *o, const void *config);
