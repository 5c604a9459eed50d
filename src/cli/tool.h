/* SPDX-License-Identifier: BSD-2-Clause
 *
 * tool - running other programs that do a part of the work: ip, nft, dnsmasq, slirp4netns.
 */
#pragma once

#include "base/extack.h"

struct tool {
	const char *name;
	const char *package; /* Debian's name, for whoever lacks it */
};

/* Where it is, by PATH and then where the administrator's programs are, which is not in an
 * ordinary user's PATH.  Gives the path; NULL with a sentence. */
char *tool_find(const struct tool *tool, struct extack *why) must_check;

/* Run it to its end, or until it goes on in the background, with the text @input to read.
 * @argv[0] is filled in.  0, or -errno with the sentence "@task: " and the first line that it
 * complained with. */
int tool_run(const struct tool *tool, const char *argv[], const char *input,
	     const char *task, struct extack *why) must_check;

/* Sentence of a program that has written @text to its standard error. */
int tool_explain(const struct tool *tool, const char *task, char *text,
		 struct extack *why);
