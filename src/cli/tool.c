/* SPDX-License-Identifier: BSD-2-Clause
 *
 * tool - finds, feeds and understands other programs.
 *
 * What they read and write is kept in memory files rather than pipes: a daemon that keeps its
 * standard error open cannot make us wait, and nothing can block on a full pipe.
 */
#include "cli/tool.h"

#include "base/fd.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>

#define ADMIN_PATH "/usr/local/sbin:/usr/sbin:/sbin"

char *tool_find(const struct tool *tool, struct extack *why)
{
	const char *path = getenv("PATH");
	auto_free char *places = xasprintf("%s:%s", path ? path : "", ADMIN_PATH);

	for (char *rest = places, *dir = strsep(&rest, ":"); dir;
	     dir = strsep(&rest, ":")) {
		char *file = xasprintf("%s/%s", dir, tool->name);

		if (*dir && !access(file, X_OK))
			return file;
		free(file);
	}
	extack_set(why, -ENOENT, "%s is missing: install the package %s", tool->name,
		   tool->package);
	return NULL;
}

static _Noreturn void tool_exec(const char *file, const char *argv[], int in, int said)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(in, STDIN_FILENO);
	dup2(said, STDOUT_FILENO);
	dup2(said, STDERR_FILENO);
	execv(file, (char *const *)(uintptr_t)argv);
	dprintf(STDERR_FILENO, "%s cannot be executed: %m\n", file);
	_exit(1);
}

int tool_explain(const struct tool *tool, const char *task, char *text,
		 struct extack *why)
{
	char *line = NULL;

	while (text && (!line || !*line))
		line = strsep(&text, "\n");
	if (!line || !*line)
		return extack_set(why, -EIO, "%s: %s has failed without a word", task,
				  tool->name);
	return extack_set(why, -EIO, "%s: %s", task, line);
}

/* A memory file that holds @text and is read from its beginning. */
static int text_file(const char *text)
{
	auto_close int fd = memfd_create("text", MFD_CLOEXEC);
	size_t len = strlen(text);

	if (fd < 0 || write(fd, text, len) != (ssize_t)len || lseek(fd, 0, SEEK_SET))
		return -EIO;
	return take_fd(&fd);
}

int tool_run(const struct tool *tool, const char *argv[], const char *input,
	     const char *task, struct extack *why)
{
	auto_free char *file = tool_find(tool, why);
	auto_close int in = text_file(input), said = text_file("");
	char text[1024] = "";
	int status;
	pid_t pid;

	if (!file)
		return -ENOENT;
	if (in < 0 || said < 0)
		return extack_set(why, -EIO, "%s: no memory for %s", task, tool->name);
	argv[0] = file;
	pid = fork();
	if (!pid)
		tool_exec(file, argv, in, said);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return extack_set(why, -errno, "%s: %s cannot be started (%m)", task,
				  tool->name);
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return 0;
	if (pread(said, text, sizeof(text) - 1, 0) < 0)
		text[0] = 0;
	return tool_explain(tool, task, text, why);
}
