/* SPDX-License-Identifier: BSD-2-Clause
 *
 * main - the entrance: the command line, or, when a yard's init executes it, the engine.
 */
#include "base/log.h"
#include "cli/cli.h"
#include "main/engine.h"
#include "yard/init.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

static int engine_main(const char *name, bool single_uid)
{
	const struct engine_start start = {
		.name = name,
		.ctl_fd = ENGINE_CTL_FD,
		.ready_fd = ENGINE_READY_FD,
		.single_uid = single_uid,
	};

	prctl(PR_SET_NAME, ENGINE_PROGRAM);
	signal(SIGPIPE, SIG_IGN);
	return engine_run(&start);
}

/* Whoever starts us without standard streams must not find our own files in their place. */
static void open_standard_streams(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

int main(int argc, char **argv)
{
	open_standard_streams();
	log_init();
	if (argc == 3 && !strcmp(argv[0], ENGINE_PROGRAM))
		return engine_main(argv[1], !strcmp(argv[2], ENGINE_ONE_USER));
	return cli_main(argc, argv);
}
