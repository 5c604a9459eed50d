/* SPDX-License-Identifier: BSD-2-Clause
 *
 * cli - the command line: a table of verbs.
 *
 * Knows yards and words, and nothing of networks: what concerns the engine is asked over
 * the yard's control socket.
 */
#pragma once

#include "base/extack.h"

#include <jansson.h>

struct verb {
	const char *name;
	/* Returns the exit status.  argv[0] is the verb. */
	int (*run)(const struct verb *verb, int argc, char **argv);
	const char *usage;   /* after "wireyard NAME" */
	const char *summary; /* one line */
	const char *help;    /* further lines, or NULL */
};

int cli_main(int argc, char **argv);

/* "wireyard: SENTENCE" on standard error. */
void complain(const char *format, ...) format_printf(1, 2);

/* Usage errors: the sentence, then where help is.  Returns the status for them. */
int complain_usage(const struct verb *verb, const char *format, ...) format_printf(2, 3);

/* One option of a verb: a flag if @value is NULL, else a word follows it. */
struct cli_option {
	const char *name;	/* "--json" */
	const char *short_name; /* "-n" or NULL */
	bool *flag;
	const char **value;
};

/* Take the options, which end with "--" or the first other word, and --help.  Returns the
 * index of the first other word, or with *@status set -1 when the verb shall end now. */
int cli_parse(const struct verb *verb, const struct cli_option *options, size_t n_options,
	      int argc, char **argv, int *status) must_check;

/* Ask the engine of the yard @name; if NULL, of the yard we are in or the only one there is.
 * Takes @request, gives *@reply. */
int cli_ask(const char *name, json_t *request, json_t **reply,
	    struct extack *why) must_check;

int cli_run(const struct verb *verb, int argc, char **argv);
int cli_sh(const struct verb *verb, int argc, char **argv);
int cli_exec(const struct verb *verb, int argc, char **argv);
int cli_ls(const struct verb *verb, int argc, char **argv);
int cli_rm(const struct verb *verb, int argc, char **argv);
int cli_net(const struct verb *verb, int argc, char **argv);
int cli_doctor(const struct verb *verb, int argc, char **argv);
int cli_drops(const struct verb *verb, int argc, char **argv);
