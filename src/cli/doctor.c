/* SPDX-License-Identifier: BSD-2-Clause
 *
 * doctor - the verb that says what the host lacks, and the cure.
 */
#include "cli/cli.h"

#include "yard/probe.h"

#include <jansson.h>
#include <stdio.h>

static const char *const state_names[] = {
	[PROBE_OK] = "ok", [PROBE_MISSING] = "missing", [PROBE_INFO] = "info"};

static json_t *probe_to_json(const struct probe *probe)
{
	json_t *object = json_pack("{s:s, s:s, s:s}", "name", probe->name, "state",
				   state_names[probe->state], "text", probe->text);

	if (probe->state == PROBE_MISSING)
		json_object_set_new(object, "cure", json_string(probe->cure));
	return object;
}

static int print_json(const struct probe *probes, size_t n)
{
	json_t *array = json_array();
	int err;

	for (size_t i = 0; i < n; i++)
		json_array_append_new(array, probe_to_json(&probes[i]));
	err = json_dumpf(array, stdout, JSON_INDENT(2)) || putchar('\n') < 0;
	json_decref(array);
	return err;
}

static void print_lines(const struct probe *probes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct probe *probe = &probes[i];

		if (probe->state == PROBE_MISSING)
			printf("missing: %s: %s. cure: %s\n", probe->name, probe->text,
			       probe->cure);
		else
			printf("%s %s: %s\n", state_names[probe->state], probe->name,
			       probe->text);
	}
}

int cli_doctor(const struct verb *verb, int argc, char **argv)
{
	bool as_json = false;
	const struct cli_option options[] = {{"--json", .flag = &as_json}};
	int status, first = cli_parse(verb, options, array_size(options), argc, argv,
				      &status);
	struct probe probes[PROBES_MAX];
	size_t n;

	if (first < 0)
		return status;
	if (first != argc)
		return complain_usage(verb, "\"%s\" is too much", argv[first]);
	n = probe_host(probes);
	status = 0;
	for (size_t i = 0; i < n; i++)
		if (probes[i].state == PROBE_MISSING)
			status = 1;
	if (as_json)
		status |= print_json(probes, n);
	else
		print_lines(probes, n);
	return status;
}
