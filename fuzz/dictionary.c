/* SPDX-License-Identifier: BSD-2-Clause
 *
 * dictionary - prints a libFuzzer dictionary: for each setting of each kind the attribute as
 * it travels, with the smallest, the largest and a too large value, and the kinds' names.
 */
#include "all_opts.h"
#include "main/kinds.h"

#include <ctype.h>
#include <stdio.h>

static void print_bytes(const void *data, size_t len)
{
	const uint8_t *at = data;

	putchar('"');
	for (size_t i = 0; i < len; i++)
		if (isalnum(at[i]))
			putchar(at[i]);
		else
			printf("\\x%02x", at[i]);
	puts("\"");
}

static void print_rows(const struct opt *rows)
{
	static const uint8_t zeros[256];
	const struct opt *o;

	opt_foreach(o, rows) {
		const uint64_t values[] = {opt_is_number(o) ? opt_min(o) : 0,
					   opt_is_number(o) ? opt_max(o) : UINT64_MAX,
					   opt_is_number(o) ? opt_max(o) + 1 : 1};
		size_t len = o->size && o->type != OPT_T_FLAG
				     ? min(o->size, sizeof(zeros))
				     : 0;

		for (size_t i = 0; i < array_size(values); i++) {
			struct nlbuf b = {};

			put_attr(&b, o->attr, zeros, len);
			memcpy(b.data + NLA_HDRLEN, &values[i],
			       min(len, sizeof(values[i])));
			print_bytes(b.data, b.len);
			nlbuf_done(&b);
		}
	}
}

int main(void)
{
	for (const struct dev_kind *const *kind = dev_kinds; *kind; kind++) {
		print_bytes((*kind)->name, strlen((*kind)->name));
		print_rows((*kind)->opts);
	}
	print_rows(all_opts);
	return 0;
}
