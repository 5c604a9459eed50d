/* SPDX-License-Identifier: BSD-2-Clause
 *
 * log - one line to standard error: level, object, sentence.
 *
 * Folders up to dev/ do not log above debug: they return an error with its sentence.  A
 * warning ends with what was done about it.  Any thread but a worker inside a burst.
 */
#pragma once

#include "base/base.h"

enum log_level {
	LOG_ERROR,
	LOG_WARN,
	LOG_INFO,
	LOG_DEBUG
};

/* What is written; WIREYARD_LOG=error|warn|info|debug sets it at start.  Default: warn. */
extern enum log_level log_threshold;
void log_init(void);

/* @kind and @name say which object: log_warn("dev", dev->name, "..."). */
void log_line(enum log_level level, const char *kind, const char *name,
	      const char *format, ...) format_printf(4, 5);

#define log_at(level, ...) \
	do { \
		if (unlikely((level) <= log_threshold)) \
			log_line(level, __VA_ARGS__); \
	} while (0)
#define log_error(...) log_at(LOG_ERROR, __VA_ARGS__)
#define log_warn(...)  log_at(LOG_WARN, __VA_ARGS__)
#define log_info(...)  log_at(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_at(LOG_DEBUG, __VA_ARGS__)
