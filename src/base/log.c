/* SPDX-License-Identifier: BSD-2-Clause
 *
 * log - lines to standard error, and memory that ends the process with a line.
 */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static const char *const level_names[] = {"error", "warn", "info", "debug"};

enum log_level log_threshold = LOG_WARN;

void log_init(void)
{
	const char *wanted = getenv("WIREYARD_LOG");

	for (size_t i = 0; wanted && i < array_size(level_names); i++)
		if (!strcmp(wanted, level_names[i]))
			log_threshold = (enum log_level)i;
}

void log_line(enum log_level level, const char *kind, const char *name,
	      const char *format, ...)
{
	char line[1024];
	va_list args;
	int n = snprintf(line, sizeof(line), "wireyard: %s: %s%s%s: ", level_names[level],
			 kind, name && *name ? " " : "", name ? name : "");

	va_start(args, format);
	n += vsnprintf(line + n, sizeof(line) - (size_t)n, format, args);
	va_end(args);
	n = min(n, (int)sizeof(line) - 1);
	line[n] = '\n';
	if (write(STDERR_FILENO, line, (size_t)n + 1) < 0)
		return; /* there is nowhere left to say so */
}

static void *or_die(void *p)
{
	if (!p) {
		log_error("memory", "", "none left, ending");
		abort();
	}
	return p;
}

void *xcalloc(size_t n, size_t size)
{
	return or_die(calloc(n, size));
}

void *xrealloc(void *p, size_t size)
{
	return or_die(realloc(p, size));
}

char *xstrdup(const char *s)
{
	return or_die(strdup(s));
}

char *xasprintf(const char *format, ...)
{
	char *s = NULL;
	va_list args;
	int n;

	va_start(args, format);
	n = vasprintf(&s, format, args);
	va_end(args);
	return or_die(n < 0 ? NULL : s);
}
