/* SPDX-License-Identifier: BSD-2-Clause
 *
 * run - the verbs that run a command in a yard: run, sh, exec.
 */
#include "cli/cli.h"

#include "yard/enter.h"

#include <signal.h>

/* The user's shell as a command. */
static char **shell_command(void)
{
	static char fallback[] = "/bin/sh", *command[2];
	char *shell = getenv("SHELL");

	command[0] = shell && *shell ? shell : fallback;
	return command;
}

static int run_in_new_yard(const char *name, char **command)
{
	struct extack why = {};
	struct yard yard;
	int status;

	if (yard_start(&yard, name, command, &why)) {
		complain("%s", why.msg);
		return STATUS_NO_YARD;
	}
	status = yard_execute(&yard, command, &why);
	if (why.msg[0])
		complain("%s", why.msg);
	yard_leave(&yard);
	yard_close(&yard);
	return status;
}

int cli_run(const struct verb *verb, int argc, char **argv)
{
	const char *name = NULL;
	const struct cli_option options[] = {{"--name", "-n", .value = &name}};
	int status, first = cli_parse(verb, options, array_size(options), argc, argv,
				      &status);

	if (first < 0)
		return status;
	if (first == argc)
		return complain_usage(verb, "which command shall run?");
	return run_in_new_yard(name, argv + first);
}

int cli_sh(const struct verb *verb, int argc, char **argv)
{
	const char *name = NULL;
	const struct cli_option options[] = {{"--name", "-n", .value = &name}};
	int status, first = cli_parse(verb, options, array_size(options), argc, argv,
				      &status);

	if (first < 0)
		return status;
	if (first != argc)
		return complain_usage(
			verb, "\"%s\" is too much; \"wireyard run\" takes a command",
			argv[first]);
	return run_in_new_yard(name, shell_command());
}

int cli_exec(const struct verb *verb, int argc, char **argv)
{
	const char *name = NULL;
	const struct cli_option options[] = {{"--name", "-n", .value = &name}};
	int status, first = cli_parse(verb, options, array_size(options), argc, argv,
				      &status);
	struct extack why = {};
	struct yard yard;

	if (first < 0)
		return status;
	if (!name)
		return complain_usage(verb, "which yard? -n NAME is missing");
	if (yard_find(&yard, name, &why)) {
		complain("%s", why.msg);
		return STATUS_NO_YARD;
	}
	status = yard_execute(&yard, first < argc ? argv + first : shell_command(), &why);
	/* Init gives up its lock before the kernel kills the others, so this is no guess. */
	if (status == 128 + SIGKILL && !rundir_is_alive(&yard.dir))
		complain("yard \"%s\" has ended", name);
	if (why.msg[0])
		complain("%s", why.msg);
	yard_close(&yard);
	return status;
}
