/* SPDX-License-Identifier: BSD-2-Clause
 *
 * drops - the verb that tells which device dropped how many frames, and why.
 */
#include "cli/cli.h"

#include <stdio.h>

static void print_device(const json_t *device, const json_t *reasons)
{
	const char *name = json_string_value(json_object_get(device, "name"));
	const char *kind = json_string_value(json_object_get(device, "kind"));
	json_t *drops = json_object_get(device, "drops"), *count;
	const char *reason;

	json_object_foreach(drops, reason, count)
	{
		const char *text = json_string_value(json_object_get(reasons, reason));

		printf("%-16s %-8s %12lld  %-12s %s\n", name, kind,
		       (long long)json_integer_value(count), reason, text ? text : "");
	}
}

static void print_table(const json_t *reply)
{
	const json_t *devices = json_object_get(reply, "devices");
	json_t *device;
	size_t i;

	if (json_array_size(devices))
		printf("%-16s %-8s %12s  %-12s %s\n", "DEVICE", "KIND", "FRAMES",
		       "REASON", "");
	json_array_foreach(devices, i, device)
		print_device(device, json_object_get(reply, "reasons"));
}

int cli_drops(const struct verb *verb, int argc, char **argv)
{
	const char *name = NULL;
	bool as_json = false;
	const struct cli_option options[] = {{"--name", "-n", .value = &name},
					     {"--json", .flag = &as_json}};
	int status, first = cli_parse(verb, options, array_size(options), argc, argv,
				      &status);
	struct extack why = {};
	json_t *reply = NULL;

	if (first < 0)
		return status;
	if (first != argc)
		return complain_usage(verb, "\"%s\" is too much", argv[first]);
	if (cli_ask(name, json_pack("{s:s}", "do", "drops"), &reply, &why)) {
		complain("%s", why.msg);
		return 1;
	}
	status = 0;
	if (as_json)
		status = json_dumpf(json_object_get(reply, "devices"), stdout,
				    JSON_INDENT(2)) ||
			 putchar('\n') < 0;
	else
		print_table(reply);
	json_decref(reply);
	return status;
}
