/* SPDX-License-Identifier: BSD-2-Clause
 *
 * words - requests to the model in the words of ip(8).
 */
#include "ctl/cursor.h"

#define WORDS_MAX 64
#define NAME_MAX_ 64

struct named {
	struct list link;
	struct netns *ns;
	char name[NAME_MAX_];
};

/* ---- netns ---- */

static struct named *find_named(struct words *words, const char *name)
{
	struct named *n;

	list_foreach(n, &words->named, link)
		if (!strcmp(n->name, name))
			return n;
	return NULL;
}

static int netns_add(struct cursor *c)
{
	const char *name = NULL;
	struct named *n;
	int err = cursor_value(c, "netns add", &name);

	if (err)
		return err;
	if (strlen(name) >= NAME_MAX_ || !*name || strchr(name, '/'))
		return extack_set(c->ea, -EINVAL, "Invalid netns name \"%s\"", name);
	if (find_named(c->words, name))
		return extack_set(c->ea, -EEXIST, "File exists");
	n = xnew(struct named);
	memcpy(n->name, name, strlen(name) + 1);
	n->ns = netns_get(c->words->net, ++c->words->last_cookie);
	list_append(&c->words->named, &n->link);
	return 0;
}

/* A namespace takes its devices with it. */
static void named_free(struct named *n)
{
	struct dev *dev;

	while ((dev = list_first(&n->ns->devs, struct dev, in_ns)))
		dev_destroy(dev);
	list_remove(&n->link);
	netns_put(n->ns);
	free(n);
}

static int netns_del(struct cursor *c)
{
	const char *name = NULL;
	struct named *n;
	int err = cursor_value(c, "netns del", &name);

	if (err)
		return err;
	n = find_named(c->words, name);
	if (!n)
		return extack_set(c->ea, -ENOENT, "there is no namespace \"%s\"", name);
	named_free(n);
	return 0;
}

static int netns_list(struct cursor *c)
{
	struct named *n;

	list_foreach(n, &c->words->named, link)
		cursor_show(c, "%s\n", n->name);
	return 0;
}

/* ---- commands ---- */

static const struct command {
	const char *object,
		*verb; /* the first of an object without a verb is the default */
	int (*fn)(struct cursor *c);
} commands[] = {
	{"link", "show", link_show},	{"link", "add", link_add},
	{"link", "set", link_set},	{"link", "del", link_del},
	{"link", "delete", link_del},	{"tuntap", "add", tuntap_add},
	{"tuntap", "del", link_del},	{"netns", "list", netns_list},
	{"netns", "add", netns_add},	{"netns", "del", netns_del},
	{"netns", "delete", netns_del},
};

static int dispatch(struct cursor *c)
{
	const char *object;

	(void)cursor_is(c, "ip");
	if (cursor_is(c, "-n")) {
		int err = cursor_netns(c, "-n", &c->ns);

		if (err)
			return err;
	}
	object = cursor_next(c);
	if (!object)
		return cursor_unknown(c);
	for (size_t i = 0; i < array_size(commands); i++) {
		const struct command *command = &commands[i];

		if (strcmp(object, command->object) != 0)
			continue;
		if (cursor_is(c, command->verb) || !*c->word)
			return command->fn(c);
	}
	return extack_set(c->ea, -EINVAL, "what is \"%s %s\"?", object, *c->word ?: "");
}

int words_run(struct words *words, const char *line, char **out, struct extack *ea)
{
	auto_free char *copy = xstrdup(line);
	char *word[WORDS_MAX + 1] = {}, *save = NULL;
	struct cursor c = {
		.words = words, .ns = words->root, .word = word, .out = out, .ea = ea};
	size_t n = 0;

	for (char *w = strtok_r(copy, " \t\n", &save); w;
	     w = strtok_r(NULL, " \t\n", &save)) {
		if (n == WORDS_MAX)
			return extack_set(ea, -E2BIG,
					  "the command has more than %d words",
					  WORDS_MAX);
		word[n++] = w;
	}
	return dispatch(&c);
}

void words_init(struct words *words, struct net *net)
{
	*words = (struct words){.net = net, .last_cookie = 1};
	list_init(&words->named);
	words->root = netns_get(net, words->last_cookie);
}

void words_done(struct words *words)
{
	struct named *n;

	while ((n = list_first(&words->named, struct named, link)))
		named_free(n);
	netns_put(words->root);
}

struct netns *words_netns(struct words *words, const char *name)
{
	struct named *n;

	if (!*name)
		return words->root;
	n = find_named(words, name);
	return n ? n->ns : NULL;
}

struct dev *words_dev(struct words *words, const char *name)
{
	const char *slash = strchr(name, '/');
	char ns_name[NAME_MAX_] = "";
	struct netns *ns;

	if (slash && (size_t)(slash - name) < sizeof(ns_name))
		memcpy(ns_name, name, (size_t)(slash - name));
	ns = words_netns(words, ns_name);
	return ns ? netns_dev_named(ns, slash ? slash + 1 : name) : NULL;
}
