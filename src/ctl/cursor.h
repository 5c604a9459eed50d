/* SPDX-License-Identifier: BSD-2-Clause
 *
 * cursor - a command in words, being read from left to right: what the files behind ctl/words.h
 * share.  All that can fail gives -errno with a sentence in the cursor's @ea.
 */
#pragma once

#include "ctl/words.h"
#include "nl/opt.h"

/* The words that are left, and where the command works. */
struct cursor {
	struct words *words;
	struct netns *ns;
	char **word; /* NULL-terminated */
	char **out;
	struct extack *ea;
};

/* Is it the next word?  Then it is read. */
bool cursor_is(struct cursor *c, const char *word);

/* The next word, or NULL. */
const char *cursor_next(struct cursor *c);

/* The value that follows @word: a text, a number, an address, the name of a namespace. */
int cursor_value(struct cursor *c, const char *word, const char **ret) must_check;
int cursor_number(struct cursor *c, const char *word, unsigned *ret) must_check;
int cursor_mac(struct cursor *c, const char *word, uint8_t addr[6]) must_check;
int cursor_netns(struct cursor *c, const char *word, struct netns **ret) must_check;

/* "[dev] NAME". */
int cursor_device(struct cursor *c, struct dev **ret) must_check;

/* A kind's settings into @config, up to "peer" unless that is one, or the end. */
int cursor_settings(struct cursor *c, const struct dev_kind *kind, bool birth,
		    void *config) must_check;

/* The error for a word that means nothing here, or for none. */
int cursor_unknown(struct cursor *c) must_check;

/* Append to what the command shows. */
void cursor_show(struct cursor *c, const char *format, ...) format_printf(2, 3);

/* How settings name other devices of @ns. */
struct devs {
	struct opt_devs devs;
	struct netns *ns;
};
struct devs devs_of(struct netns *ns);

/* ---- link.c ---- */

int link_add(struct cursor *c);
int link_set(struct cursor *c);
int link_del(struct cursor *c);
int link_show(struct cursor *c);
int tuntap_add(struct cursor *c);
