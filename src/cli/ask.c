/* SPDX-License-Identifier: BSD-2-Clause
 *
 * ask - finding the yard a verb is about, and asking its engine.
 */
#include "cli/cli.h"

#include "base/ctl_proto.h"
#include "yard/rundir.h"

#include <stdio.h>

#define ASK_MS 10000

struct only {
	char name[YARD_NAME_MAX + 1];
	unsigned n;
};

static int only_count(const struct rundir *d, void *arg)
{
	struct only *only = arg;

	snprintf(only->name, sizeof(only->name), "%s", d->name);
	only->n++;
	return 0;
}

/* The yard that is meant: the one named, or the one we are in, or the only one there is. */
static int ask_which(const char *name, struct rundir *d, struct extack *why)
{
	struct only only = {};
	int err;

	if (!name)
		name = getenv("WIREYARD");
	if (name)
		return rundir_open(d, name, why);
	err = rundir_each(only_count, &only, why);
	if (err)
		return err;
	if (only.n != 1)
		return extack_set(
			why, -ESRCH,
			only.n ? "which of the %u yards? say -n NAME; \"wireyard ls\" lists them"
			       : "no yard runs",
			only.n);
	return rundir_open(d, only.name, why);
}

int cli_ask(const char *name, json_t *request, json_t **reply, struct extack *why)
{
	struct rundir d = RUNDIR_NONE;
	int err = ask_which(name, &d, why);
	auto_close int sock = -1;

	if (!err) {
		sock = ctl_connect(d.self, ASK_MS, why);
		err = min(sock, 0);
	}
	if (err)
		json_decref(request);
	else
		err = ctl_request(sock, request, NULL, 0, reply, why);
	rundir_close(&d);
	return err;
}
