/* SPDX-License-Identifier: BSD-2-Clause
 *
 * ls - the verbs about yards that run: ls, rm.
 */
#include "cli/cli.h"

#include "base/ctl_proto.h"
#include "yard/yard.h"

#include <stdio.h>
#include <time.h>

#define ASK_MS 1000
#define END_MS 5000

/* How many devices the engine has; NULL if it does not say. */
static json_t *ask_devices(const struct rundir *d)
{
	auto_close int sock = ctl_connect(d->self, ASK_MS, NULL);
	json_t *reply = NULL, *devices;

	if (sock < 0 ||
	    ctl_request(sock, json_pack("{s:s}", "do", "info"), NULL, 0, &reply, NULL))
		return NULL;
	devices = json_incref(json_object_get(reply, "devices"));
	json_decref(reply);
	return devices;
}

/* Add what is known of the yard to the array @arg. */
static int ls_add(const struct rundir *d, void *arg)
{
	json_t *yards = arg, *yard = rundir_description(d), *devices;

	if (!yard)
		return 0; /* only just being made, or about to be gone */
	devices = ask_devices(d);
	json_object_set_new(yard, "name", json_string(d->name));
	json_object_set_new(yard, "age",
			    json_integer(time(NULL) - json_integer_value(json_object_get(
							      yard, "started"))));
	json_object_set_new(yard, "devices", devices ? devices : json_null());
	json_array_append_new(yards, yard);
	return 0;
}

static void format_age(char *text, size_t size, json_int_t seconds)
{
	if (seconds < 60)
		snprintf(text, size, "%ds", (int)seconds);
	else if (seconds < 3600)
		snprintf(text, size, "%dm%02ds", (int)(seconds / 60),
			 (int)(seconds % 60));
	else if (seconds < 86400)
		snprintf(text, size, "%dh%02dm", (int)(seconds / 3600),
			 (int)(seconds / 60 % 60));
	else
		snprintf(text, size, "%dd%02dh", (int)(seconds / 86400),
			 (int)(seconds / 3600 % 24));
}

/* A command may hold anything; a table's row is one line of text. */
static void print_word(const char *word)
{
	for (; *word; word++)
		putchar((unsigned char)*word < 0x20 || *word == 0x7f ? '?' : *word);
}

static void print_yard(const json_t *yard)
{
	json_t *devices = json_object_get(yard, "devices");
	char age[32], n[32] = "-";
	json_t *word;
	size_t i;

	format_age(age, sizeof(age), json_integer_value(json_object_get(yard, "age")));
	if (json_is_integer(devices))
		snprintf(n, sizeof(n), "%d", (int)json_integer_value(devices));
	printf("%-16s %8d %8s %8s ", json_string_value(json_object_get(yard, "name")),
	       (int)json_integer_value(json_object_get(yard, "pid")), age, n);
	json_array_foreach(json_object_get(yard, "command"), i, word)
	{
		putchar(' ');
		print_word(json_string_value(word));
	}
	putchar('\n');
}

static void print_table(const json_t *yards)
{
	json_t *yard;
	size_t i;

	if (!json_array_size(yards))
		return;
	printf("%-16s %8s %8s %8s  %s\n", "NAME", "PID", "AGE", "DEVICES", "COMMAND");
	json_array_foreach(yards, i, yard) print_yard(yard);
}

int cli_ls(const struct verb *verb, int argc, char **argv)
{
	bool as_json = false;
	const struct cli_option options[] = {{"--json", .flag = &as_json}};
	int status, first = cli_parse(verb, options, array_size(options), argc, argv,
				      &status);
	struct extack why = {};
	json_t *yards;

	if (first < 0)
		return status;
	if (first != argc)
		return complain_usage(verb, "\"%s\" is too much", argv[first]);
	yards = json_array();
	status = rundir_each(ls_add, yards, &why) != 0;
	if (status)
		complain("%s", why.msg);
	else if (as_json)
		status = json_dumpf(yards, stdout, JSON_INDENT(2)) || putchar('\n') < 0;
	else
		print_table(yards);
	json_decref(yards);
	return status;
}

static int rm_one(const char *name)
{
	struct extack why = {};
	struct yard yard;
	int err = yard_find(&yard, name, &why);

	if (!err)
		err = yard_end(&yard, END_MS, &why);
	if (err)
		complain("%s", why.msg);
	yard_close(&yard);
	return err ? 1 : 0;
}

int cli_rm(const struct verb *verb, int argc, char **argv)
{
	int status, first = cli_parse(verb, NULL, 0, argc, argv, &status);

	if (first < 0)
		return status;
	if (first == argc)
		return complain_usage(verb, "which yard?");
	status = 0;
	for (int i = first; i < argc; i++)
		status |= rm_one(argv[i]);
	return status;
}
