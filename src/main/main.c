/* SPDX-License-Identifier: BSD-2-Clause
 *
 * main - the entrance: the command line, or, when a yard's init executes it, the engine.
 */
#include "base/log.h"
#include "cli/cli.h"
#include "main/engine.h"
#include "yard/init.h"

#include <signal.h>
#include <sys/prctl.h>

static int engine_main(const char *name, bool single_uid)
{
	const struct engine_start start = {
		.name = name,
		.ctl_fd = ENGINE_CTL_FD,
		.ready_fd = ENGINE_READY_FD,
		.single_uid = single_uid,
	};

	prctl(PR_SET_NAME, "wireyard-engine");
	signal(SIGPIPE, SIG_IGN);
	return engine_run(&start);
}

int main(int argc, char **argv)
{
	log_init();
	if (argc == 3 && !strcmp(argv[1], ENGINE_ARGUMENT))
		return engine_main(argv[2], false);
	if (argc == 3 && !strcmp(argv[1], ENGINE_ARGUMENT_SINGLE))
		return engine_main(argv[2], true);
	return cli_main(argc, argv);
}
