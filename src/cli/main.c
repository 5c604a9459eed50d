/* SPDX-License-Identifier: BSD-2-Clause
 *
 * main - the table of verbs, and what they share: options, help, complaints.
 */
#include "cli/cli.h"

#include "yard/enter.h"

#include <stdarg.h>
#include <stdio.h>

static int cli_help(const struct verb *verb, int argc, char **argv);
static int cli_version(const struct verb *verb, int argc, char **argv);

static const struct verb verbs[] = {
	{"run", cli_run, "[-n NAME] [--] COMMAND [ARGUMENT...]",
	 "run a command in a new yard",
	 "  -n, --name NAME   the yard gets this name and goes on after the command, until\n"
	 "                    \"wireyard rm NAME\"; without it the yard ends with the command\n"
	 "\n"
	 "The exit status is the command's, 128+N if signal N killed it, 127 if it was not\n"
	 "found, 126 if it could not be executed, 125 if the yard could not be made.\n"},
	{"sh", cli_sh, "[-n NAME]", "run a shell ($SHELL) in a new yard",
	 "  -n, --name NAME   as for \"wireyard run\"\n"},
	{"exec", cli_exec, "-n NAME [--] [COMMAND [ARGUMENT...]]",
	 "run a command, or a shell, in a running yard",
	 "  -n, --name NAME   the yard\n"
	 "\n"
	 "The exit status is as for \"wireyard run\".\n"},
	{"ls", cli_ls, "[--json]", "list the yards that run",
	 "  --json   print a JSON array of objects\n"},
	{"rm", cli_rm, "NAME...", "end yards, with all that runs in them", NULL},
	{"drops", cli_drops, "[-n NAME] [--json]",
	 "tell which device dropped frames, and why",
	 "  -n, --name NAME   the yard; by default the one this runs in, or the only one\n"
	 "  --json            print a JSON array of objects\n"},
	{"net", cli_net,
	 "default [-n NAME] [--uplink] | ls [-n NAME] [--json] | rm [-n NAME] default",
	 "make, list or end libvirt's default network in a yard",
	 "  default           make it: the bridge virbr0 with 192.168.122.1/24, DHCP and DNS by\n"
	 "                    dnsmasq, NAT by nftables\n"
	 "  ls                tell whether it is there\n"
	 "  rm default        end it\n"
	 "\n"
	 "  -n, --name NAME   the yard; not needed in it\n"
	 "  --uplink          with a way to the host's network (slirp4netns), granted outside\n"
	 "  --json            print a JSON array of objects, with the leases\n"},
	{"doctor", cli_doctor, "[--json]",
	 "try all that a yard needs of this host, and name cures",
	 "  --json   print a JSON array of objects\n"
	 "\n"
	 "The exit status is 1 if something is missing.\n"},
	{"version", cli_version, "", "print the version", NULL},
	{"help", cli_help, "[VERB]", "print this, or more about one verb", NULL},
};

void complain(const char *format, ...)
{
	char line[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	fflush(stdout);
	fprintf(stderr, "wireyard: %s\n", line);
}

int complain_usage(const struct verb *verb, const char *format, ...)
{
	char line[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (verb)
		complain("%s: %s; see \"wireyard help %s\"", verb->name, line,
			 verb->name);
	else
		complain("%s; see \"wireyard help\"", line);
	return STATUS_USAGE;
}

static const struct verb *verb_find(const char *name)
{
	for (size_t i = 0; i < array_size(verbs); i++)
		if (!strcmp(verbs[i].name, name))
			return &verbs[i];
	return NULL;
}

static void help_verb(const struct verb *verb)
{
	printf("usage: wireyard %s %s\n\n%s\n", verb->name, verb->usage, verb->summary);
	if (verb->help)
		printf("\n%s", verb->help);
}

static void help_all(FILE *to)
{
	fprintf(to,
		"usage: wireyard VERB ...\n\n"
		"A yard is a private network world: its programs are root in it, and nothing they do\n"
		"there reaches the host.\n\n");
	for (size_t i = 0; i < array_size(verbs); i++)
		fprintf(to, "  %-8s %s\n", verbs[i].name, verbs[i].summary);
	fprintf(to,
		"\n\"wireyard help VERB\" tells more; so do wireyard(1) and wireyard-yard(7).\n");
}

static const struct cli_option *option_find(const struct cli_option *options, size_t n,
					    const char *word, size_t len)
{
	for (size_t i = 0; i < n; i++) {
		if (strlen(options[i].name) == len &&
		    !strncmp(options[i].name, word, len))
			return &options[i];
		if (options[i].short_name && len == 2 &&
		    !strncmp(options[i].short_name, word, 2))
			return &options[i];
	}
	return NULL;
}

/* One option word.  Returns how many words it took, or 0 after a complaint. */
static int option_take(const struct verb *verb, const struct cli_option *options,
		       size_t n, char **words, int n_words)
{
	bool is_long = words[0][1] == '-';
	size_t len = is_long ? strcspn(words[0], "=") : 2;
	const struct cli_option *o = option_find(options, n, words[0], len);
	const char *attached = words[0] + len + (is_long && words[0][len] == '=');

	if (!o) {
		complain_usage(verb, "there is no option \"%s\"", words[0]);
		return 0;
	}
	if (o->flag) {
		*o->flag = true;
		if (!words[0][len])
			return 1;
		complain_usage(verb, "the option \"%s\" takes no value", o->name);
		return 0;
	}
	if (words[0][len]) {
		*o->value = attached;
		return 1;
	}
	if (n_words < 2) {
		complain_usage(verb, "the option \"%s\" needs a value", words[0]);
		return 0;
	}
	*o->value = words[1];
	return 2;
}

int cli_parse(const struct verb *verb, const struct cli_option *options, size_t n_options,
	      int argc, char **argv, int *status)
{
	int i = 1;

	while (i < argc && argv[i][0] == '-' && argv[i][1]) {
		int took;

		if (!strcmp(argv[i], "--"))
			return i + 1;
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
			help_verb(verb);
			*status = 0;
			return -1;
		}
		took = option_take(verb, options, n_options, argv + i, argc - i);
		if (!took) {
			*status = STATUS_USAGE;
			return -1;
		}
		i += took;
	}
	return i;
}

static int cli_help(const struct verb *verb, int argc, char **argv)
{
	const struct verb *about;
	int status, first = cli_parse(verb, NULL, 0, argc, argv, &status);

	if (first < 0)
		return status;
	if (first == argc) {
		help_all(stdout);
		return 0;
	}
	about = verb_find(argv[first]);
	if (!about)
		return complain_usage(NULL, "there is no verb \"%s\"", argv[first]);
	help_verb(about);
	return 0;
}

static int cli_version(const struct verb *verb, int argc, char **argv)
{
	int status, first = cli_parse(verb, NULL, 0, argc, argv, &status);

	if (first < 0)
		return status;
	printf("wireyard %s\n", WIREYARD_VERSION);
	return 0;
}

/* Output that could not be written is a failure: a full disk must not look like success. */
static int cli_finish(int status)
{
	if ((fflush(stdout) || ferror(stdout)) && !status) {
		complain("standard output cannot be written: %m");
		return 1;
	}
	return status;
}

int cli_main(int argc, char **argv)
{
	const struct verb *verb;
	const char *name;

	if (argc < 2) {
		help_all(stderr);
		return STATUS_USAGE;
	}
	name = argv[1];
	if (!strcmp(name, "--help") || !strcmp(name, "-h"))
		name = "help";
	if (!strcmp(name, "--version") || !strcmp(name, "-V"))
		name = "version";
	verb = verb_find(name);
	if (!verb)
		return complain_usage(NULL, "there is no verb \"%s\"", argv[1]);
	return cli_finish(verb->run(verb, argc - 1, argv + 1));
}
