/* SPDX-License-Identifier: BSD-2-Clause
 *
 * net - the verb for the ready-made network of a yard.
 *
 * The work is done in the yard (lan.h); from outside, this program runs itself there.  Only
 * the uplink is a matter of the outside.
 */
#include "base/fd.h"
#include "cli/cli.h"
#include "cli/lan.h"
#include "cli/uplink.h"
#include "yard/enter.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>

/* What the words said. */
struct net_words {
	const char *yard;
	const char *uplink_fd; /* given by this program to itself */
	bool uplink, as_json;
};

struct net_task {
	const char *name;
	int (*inside)(const struct net_words *words);
	bool takes_name; /* of a network */
};

static int report(const struct extack *why)
{
	complain("%s", why->msg);
	return 1;
}

/* ---- in the yard ---- */

static int default_inside(const struct net_words *words)
{
	struct extack why = {};
	int fd = words->uplink_fd ? atoi(words->uplink_fd) : -1;

	return lan_start(fd, &why) ? report(&why) : 0;
}

static int rm_inside(const struct net_words *words)
{
	struct extack why = {};

	(void)words;
	return lan_stop(&why) ? report(&why) : 0;
}

static int ls_inside(const struct net_words *words)
{
	json_t *lan = lan_describe(), *lans = json_array();
	int status = 0;

	if (lan)
		json_array_append(lans, lan);
	if (words->as_json)
		status = json_dumpf(lans, stdout, JSON_INDENT(2)) || putchar('\n') < 0;
	else if (lan)
		printf("%-10s %-10s %-18s %-6s %6s\n%-10s %-10s %-18s %-6s %6zu\n",
		       "NAME", "BRIDGE", "NETWORK", "UPLINK", "LEASES", LAN_NAME,
		       LAN_BRIDGE, LAN_NETWORK,
		       json_is_true(json_object_get(lan, "uplink")) ? "yes" : "no",
		       json_array_size(json_object_get(lan, "leases")));
	json_decref(lans);
	json_decref(lan);
	return status;
}

/* ---- from outside ---- */

/* Run "wireyard net WORDS" in the yard. */
static int run_inside(struct yard *yard, char *const words[])
{
	char self[PATH_MAX] = "", *argv[8] = {self, (char[]){"net"}};
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	struct extack why = {};
	int status;

	for (size_t i = 2; *words && i + 1 < array_size(argv); i++)
		argv[i] = *words++;
	if (len <= 0)
		extack_set(&why, 0, "this program cannot be found again (%m)");
	status = len <= 0 ? STATUS_NO_YARD : yard_execute(yard, argv, &why);
	if (why.msg[0])
		complain("%s", why.msg);
	return status;
}

static int default_with_uplink(struct yard *yard)
{
	auto_close int life_r = -1, life_w = -1;
	char *undo[] = {(char[]){"rm"}, (char[]){LAN_NAME}, NULL};
	struct extack why = {};
	int life[2], status;

	/* The yard's end of the pipe keeps its number on the way to where it is used. */
	if (uplink_check(&why))
		return report(&why);
	if (pipe2(life, O_CLOEXEC) || fcntl(life[1], F_SETFD, 0))
		return extack_set(&why, 1, "a pipe cannot be made (%m)"), report(&why);
	life_r = life[0];
	life_w = life[1];
	auto_free char *fd = xasprintf("--uplink-fd=%d", life_w);
	char *make[] = {(char[]){"default"}, fd, NULL};

	status = run_inside(yard, make);
	fd_close(&life_w);
	if (status)
		return status;
	if (!uplink_start(yard->init, take_fd(&life_r), &why))
		return 0;
	run_inside(yard, undo);
	return report(&why);
}

static int do_outside(const struct net_task *task, const struct net_words *words)
{
	char *argv[] = {(char *)(uintptr_t)task->name,
			words->as_json	   ? (char[]){"--json"}
			: task->takes_name ? (char[]){LAN_NAME}
					   : NULL,
			NULL};
	struct extack why = {};
	struct yard yard;
	int status;

	if (yard_find(&yard, words->yard, &why)) {
		complain("%s", why.msg);
		return STATUS_NO_YARD;
	}
	status = words->uplink ? default_with_uplink(&yard) : run_inside(&yard, argv);
	yard_close(&yard);
	return status;
}

/* ---- words ---- */

static const struct net_task tasks[] = {
	{"default", default_inside},
	{"ls", ls_inside},
	{"rm", rm_inside, .takes_name = true},
};

static const struct net_task *task_find(const char *name)
{
	for (size_t i = 0; i < array_size(tasks); i++)
		if (!strcmp(tasks[i].name, name))
			return &tasks[i];
	return NULL;
}

/* The words after the options.  0, or the status of a usage error. */
static int check_rest(const struct verb *verb, const struct net_task *task, int argc,
		      char **argv)
{
	if (task->takes_name && !argc)
		return complain_usage(verb, "which network?");
	if (task->takes_name && strcmp(argv[0], LAN_NAME))
		return complain_usage(verb, "there is no network but \"%s\"", LAN_NAME);
	if (argc > task->takes_name)
		return complain_usage(verb, "\"%s\" is too much", argv[task->takes_name]);
	return 0;
}

int cli_net(const struct verb *verb, int argc, char **argv)
{
	struct net_words words = {};
	const struct cli_option options[] = {
		{"--name", "-n", .value = &words.yard},
		{"--uplink", .flag = &words.uplink},
		{"--json", .flag = &words.as_json},
		{"--uplink-fd", .value = &words.uplink_fd},
	};
	const struct net_task *task;
	int status, first = cli_parse(verb, NULL, 0, argc, argv, &status);

	if (first < 0)
		return status;
	if (first == argc)
		return complain_usage(verb, "what shall be done: default, ls or rm?");
	task = task_find(argv[first]);
	if (!task)
		return complain_usage(verb, "there is no \"%s\"", argv[first]);
	argc -= first;
	argv += first;
	first = cli_parse(verb, options, array_size(options), argc, argv, &status);
	if (first < 0)
		return status;
	status = check_rest(verb, task, argc - first, argv + first);
	if (status)
		return status;
	if (words.uplink && task->inside != default_inside)
		return complain_usage(verb, "--uplink is for \"default\"");
	if (words.as_json && task->inside != ls_inside)
		return complain_usage(verb, "--json is for \"ls\"");
	if (words.yard)
		return do_outside(task, &words);
	if (!yard_is_inside()) {
		complain("this is not in a yard: say which one with -n NAME");
		return 1;
	}
	if (words.uplink) {
		complain("an uplink leads out of the yard, so it is granted outside: "
			 "wireyard net default -n %s --uplink",
			 getenv("WIREYARD"));
		return 1;
	}
	return task->inside(&words);
}
