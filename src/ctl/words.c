/* SPDX-License-Identifier: BSD-2-Clause
 *
 * words - requests to the model in the words of ip(8).
 */
#include "ctl/words.h"

#include "nl/opt.h"

#include <stdarg.h>
#include <stdio.h>

#define WORDS_MAX 64
#define NAME_MAX_ 64

struct named {
	struct list link;
	struct netns *ns;
	char name[NAME_MAX_];
};

/* A command being read: the words that are left, and where its namespace is. */
struct cursor {
	struct words *words;
	struct netns *ns;
	char **word; /* NULL-terminated */
	char **out;
	struct extack *ea;
};

/* ---- reading ---- */

static bool next_is(struct cursor *c, const char *word)
{
	if (!*c->word || strcmp(*c->word, word) != 0)
		return false;
	c->word++;
	return true;
}

static const char *next(struct cursor *c)
{
	return *c->word ? *c->word++ : NULL;
}

/* The value that follows @word. */
static int value(struct cursor *c, const char *word, const char **ret)
{
	*ret = next(c);
	if (!*ret)
		return extack_set(c->ea, -EINVAL, "\"%s\" wants a value", word);
	return 0;
}

static int number(struct cursor *c, const char *word, unsigned *ret)
{
	const char *text = NULL;
	unsigned long v;
	char *end;
	int err = value(c, word, &text);

	if (err)
		return err;
	errno = 0;
	v = strtoul(text, &end, 0);
	if (*text < '0' || *text > '9' || *end || errno || v > UINT32_MAX)
		return extack_set(c->ea, -EINVAL, "\"%s\" wants a number, not \"%s\"",
				  word, text);
	*ret = (unsigned)v;
	return 0;
}

static int mac(struct cursor *c, const char *word, uint8_t addr[6])
{
	const char *text = NULL;
	unsigned b[6];
	int used = 0, err = value(c, word, &text);

	if (err)
		return err;
	if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%n", &b[0], &b[1], &b[2], &b[3], &b[4],
		   &b[5], &used) != 6 ||
	    text[used])
		return extack_set(c->ea, -EINVAL, "\"%s\" is no MAC address", text);
	for (int i = 0; i < 6; i++)
		addr[i] = (uint8_t)b[i];
	return 0;
}

static int netns(struct cursor *c, const char *word, struct netns **ret)
{
	const char *name = NULL;
	int err = value(c, word, &name);

	if (err)
		return err;
	*ret = words_netns(c->words, name);
	if (!*ret)
		return extack_set(c->ea, -EINVAL, "there is no namespace \"%s\"", name);
	return 0;
}

static int device(struct cursor *c, struct dev **ret)
{
	const char *name = NULL;
	int err;

	(void)next_is(c, "dev");
	err = value(c, "link", &name);
	if (err)
		return err;
	*ret = netns_dev_named(c->ns, name);
	if (!*ret)
		return extack_set(c->ea, -ENODEV, "Cannot find device \"%s\"", name);
	return 0;
}

static int unknown(struct cursor *c)
{
	if (!*c->word)
		return extack_set(c->ea, -EINVAL, "the command ends too early");
	return extack_set(c->ea, -EINVAL, "what is \"%s\"?", *c->word);
}

static void show(struct cursor *c, const char *format, ...) format_printf(2, 3);

static void show(struct cursor *c, const char *format, ...)
{
	char text[512], *before;
	va_list args;

	if (!c->out)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	before = *c->out;
	*c->out = xasprintf("%s%s", before ?: "", text);
	free(before);
}

/* ---- names of other devices, for settings ---- */

struct devs {
	struct opt_devs devs;
	struct netns *ns;
};

static unsigned devs_ifindex(const struct opt_devs *devs, const char *name)
{
	const struct devs *d = (const void *)devs;
	struct dev *dev = netns_dev_named(d->ns, name);

	return dev ? dev->ifindex : 0;
}

static const char *devs_name(const struct opt_devs *devs, unsigned ifindex)
{
	const struct devs *d = (const void *)devs;
	struct dev *dev = netns_dev(d->ns, ifindex);

	return dev ? dev->name : NULL;
}

static struct devs devs_of(struct netns *ns)
{
	return (struct devs){{devs_ifindex, devs_name}, ns};
}

/* Read a kind's settings into @config, up to "peer" unless that is one, or the end. */
static int settings(struct cursor *c, const struct dev_kind *kind, bool birth,
		    void *config)
{
	bool has_peer = kind->opts && opt_find_word(kind->opts, "peer");
	struct devs devs = devs_of(c->ns);
	size_t n = 0;
	char **first = c->word;

	while (first[n] && (has_peer || strcmp(first[n], "peer") != 0))
		n++;
	c->word += n;
	if (!n)
		return 0;
	if (!kind->opts)
		return extack_set(c->ea, -EINVAL, "%s has no setting \"%s\"", kind->name,
				  *first);
	return opts_words_parse(kind->opts, first, n, birth, &devs.devs, config, c->ea);
}

/* ---- link add ---- */

/* A request and the memory it borrows. */
struct asked {
	struct link_req req;
	uint8_t addr[6];
	bool up;
};

static int lower(struct cursor *c, struct link_req *req)
{
	const char *name = NULL;
	int err = value(c, "link", &name);

	if (err)
		return err;
	req->lower = netns_dev_named(c->ns, name);
	if (!req->lower)
		return extack_set(c->ea, -ENODEV, "Cannot find device \"%s\"", name);
	req->link = req->lower->ifindex;
	return 0;
}

/* Read what comes before "type", or after "peer". */
static int common(struct cursor *c, struct asked *a)
{
	struct link_req *req = &a->req;

	while (*c->word && strcmp(*c->word, "type") != 0) {
		int err = 0;

		if (next_is(c, "mtu")) {
			err = number(c, "mtu", &req->mtu);
		} else if (next_is(c, "index")) {
			err = number(c, "index", &req->ifindex);
		} else if (next_is(c, "address")) {
			err = mac(c, "address", a->addr);
			req->addr = a->addr;
		} else if (next_is(c, "netns")) {
			err = netns(c, "netns", &req->ns);
		} else if (next_is(c, "link")) {
			err = lower(c, req);
		} else if (next_is(c, "up")) {
			a->up = true;
		} else if (next_is(c, "name") || next_is(c, "dev") || !req->name) {
			err = value(c, "name", &req->name);
		} else {
			err = unknown(c);
		}
		if (err)
			return err;
	}
	return 0;
}

static int kind_of(struct cursor *c, const struct dev_kind **ret)
{
	const char *name = NULL;
	int err = value(c, "type", &name);

	if (err)
		return err;
	*ret = net_kind(c->words->net, name, strlen(name));
	if (!*ret)
		return extack_set(c->ea, -EOPNOTSUPP, "Unknown device type");
	return 0;
}

/* Is the name one that the device can have?  A pattern becomes a name later. */
static int check_name(struct cursor *c, const struct link_req *req,
		      const struct dev_kind *kind, const struct link_req *other)
{
	const char *name = req->name && *req->name ? req->name : kind->name_format;
	char unused[IFNAMSIZ];

	if (strlen(name) >= IFNAMSIZ || strchr(name, '/'))
		return extack_set(c->ea, -EINVAL, "\"%s\" not a valid ifname", name);
	if (strchr(name, '%'))
		return netns_pick_name(req->ns, name, unused) == 0
			       ? 0
			       : extack_set(c->ea, -EINVAL, "\"%s\" makes no name", name);
	if (netns_dev_named(req->ns, name) ||
	    (other && other->ns == req->ns && other->name && !strcmp(other->name, name)))
		return extack_set(c->ea, -EEXIST, "File exists");
	return 0;
}

static void settle_name(struct dev *dev)
{
	char name[IFNAMSIZ];

	if (strchr(dev->name, '%') && netns_pick_name(dev->ns, dev->name, name) == 0)
		dev_follow_name(dev, name);
}

static void settle_ifindex(struct words *words, struct link_req *req)
{
	if (!req->ifindex)
		req->ifindex = ++words->last_ifindex;
	words->last_ifindex = max(words->last_ifindex, req->ifindex);
}

/* As the kernel does it, a pair's peer comes first: it has the lower number. */
static int create(struct cursor *c, const struct dev_kind *kind, struct asked *first,
		  struct asked *peer)
{
	struct link_req *req = &first->req;
	int err = check_name(c, req, kind, NULL);

	if (!err && kind->pair) {
		req->peer = &peer->req;
		err = check_name(c, req->peer, kind, req);
	}
	if (err)
		return err;
	if (kind->pair)
		settle_ifindex(c->words, req->peer);
	settle_ifindex(c->words, req);
	err = dev_create(c->words->net, kind, req, c->ea);
	if (!err && first->up)
		err = dev_check_up(req->made[0], c->ea);
	if (err) {
		if (req->n_made)
			dev_destroy(req->made[0]);
		return err;
	}
	for (unsigned i = req->n_made; i--;)
		settle_name(req->made[i]);
	if (first->up)
		dev_follow_flags(req->made[0], IFF_UP);
	if (peer->up && req->n_made > 1)
		dev_follow_flags(req->made[1], IFF_UP);
	return 0;
}

static int add_of_kind(struct cursor *c, const struct dev_kind *kind, struct asked *first)
{
	struct asked peer = {.req.ns = first->req.ns};
	auto_free void *config = xcalloc(1, kind->config_size + 1);
	int err;

	if (kind->defaults)
		kind->defaults(config);
	err = settings(c, kind, true, config);
	if (err)
		return err;
	if (kind->config_size)
		first->req.config = config;
	if (kind->pair && next_is(c, "peer"))
		err = common(c, &peer);
	if (!err && *c->word)
		err = unknown(c);
	return err ?: create(c, kind, first, &peer);
}

static int link_add(struct cursor *c)
{
	struct asked first = {.req.ns = c->ns};
	const struct dev_kind *kind = NULL;
	int err = common(c, &first);

	if (!err && !next_is(c, "type"))
		err = extack_set(c->ea, -EINVAL, "the device's type is missing");
	if (!err)
		err = kind_of(c, &kind);
	return err ?: add_of_kind(c, kind, &first);
}

static int tuntap_add(struct cursor *c)
{
	const struct dev_kind *kind = net_kind(c->words->net, "tun", 3);
	struct asked first = {.req.ns = c->ns};
	int err;

	(void)next_is(c, "dev");
	err = value(c, "tuntap add", &first.req.name);
	if (!err && !kind)
		err = extack_set(c->ea, -EOPNOTSUPP, "Unknown device type");
	return err ?: add_of_kind(c, kind, &first);
}

/* ---- link set, del, show ---- */

static int set_up(struct cursor *c, struct dev *dev)
{
	int err = dev_check_up(dev, c->ea);

	if (!err)
		dev_follow_flags(dev, IFF_UP);
	return err;
}

static int rename_dev(struct cursor *c, struct dev *dev)
{
	const char *name = NULL;
	int err = value(c, "name", &name);

	if (err)
		return err;
	if (strlen(name) >= IFNAMSIZ || !*name || strpbrk(name, "/%"))
		return extack_set(c->ea, -EINVAL, "\"%s\" not a valid ifname", name);
	if (netns_dev_named(dev->ns, name))
		return extack_set(c->ea, -EEXIST, "File exists");
	dev_follow_name(dev, name);
	return 0;
}

/* A move sets the device down, as in Linux. */
static int move(struct cursor *c, struct dev *dev)
{
	struct netns *ns = NULL;
	int err = netns(c, "netns", &ns);

	if (err || ns == dev->ns)
		return err;
	if (netns_dev_named(ns, dev->name))
		return extack_set(c->ea, -EEXIST, "File exists");
	dev_follow_flags(dev, 0);
	dev_follow_place(dev, ns, dev->ifindex);
	return 0;
}

static int set_mtu(struct cursor *c, struct dev *dev)
{
	unsigned mtu = 0;
	int err = number(c, "mtu", &mtu);

	err = err ?: dev_check_new_mtu(dev, mtu, c->ea);
	if (!err)
		dev_follow_mtu(dev, mtu);
	return err;
}

static int set_addr(struct cursor *c, struct dev *dev)
{
	uint8_t addr[6];
	int err = mac(c, "address", addr);

	err = err ?: dev_check_new_addr(dev, addr, c->ea);
	if (!err)
		dev_follow_addr(dev, addr);
	return err;
}

static int change(struct cursor *c, struct dev *dev)
{
	const struct dev_kind *kind = NULL;
	auto_free void *config = xcalloc(1, dev->kind->config_size + 1);
	int err = kind_of(c, &kind);

	if (err)
		return err;
	if (kind != dev->kind)
		return extack_set(c->ea, -EOPNOTSUPP, "%s is no %s but a %s", dev->name,
				  kind->name, dev->kind->name);
	if (dev->kind->config_size)
		memcpy(config, dev_config(dev), dev->kind->config_size);
	err = settings(c, kind, false, config);
	return err ?: dev_change_config(dev, config, c->ea);
}

static int set_master(struct cursor *c, struct dev *dev)
{
	struct dev *master = NULL;
	int err = device(c, &master);

	if (err || dev->master == master)
		return err;
	dev_release(dev);
	return dev_enslave(dev, master, c->ea);
}

/* "type bridge_slave ...": the device's settings as a port. */
static int change_port(struct cursor *c, struct dev *dev)
{
	const struct master_ops *ops = dev->master ? dev->master->kind->master : NULL;
	struct devs devs = devs_of(c->ns);
	auto_free void *config = NULL;
	size_t n = 0;
	int err;

	c->word++;
	if (!ops)
		return extack_set(c->ea, -EOPNOTSUPP, "%s is no port", dev->name);
	while (c->word[n])
		n++;
	config = xcalloc(1, ops->config_size);
	memcpy(config, dev_port_config(dev), ops->config_size);
	err = opts_words_parse(ops->opts, c->word, n, false, &devs.devs, config, c->ea);
	c->word += n;
	return err ?: dev_change_port_config(dev, config, c->ea);
}

/* "bridge_slave": the master's kind, and "_slave". */
static bool is_port_type(const char *word, const struct dev *dev)
{
	size_t len = dev->master ? strlen(dev->master->kind->name) : 0;

	return len && !strncmp(word, dev->master->kind->name, len) &&
	       !strcmp(word + len, "_slave");
}

static int set_type(struct cursor *c, struct dev *dev)
{
	return *c->word && is_port_type(*c->word, dev) ? change_port(c, dev)
						       : change(c, dev);
}

static int link_set(struct cursor *c)
{
	struct dev *dev = NULL;
	int err = device(c, &dev);

	while (!err && *c->word) {
		if (next_is(c, "up"))
			err = set_up(c, dev);
		else if (next_is(c, "down"))
			dev_follow_flags(dev, 0);
		else if (next_is(c, "mtu"))
			err = set_mtu(c, dev);
		else if (next_is(c, "address"))
			err = set_addr(c, dev);
		else if (next_is(c, "name"))
			err = rename_dev(c, dev);
		else if (next_is(c, "netns"))
			err = move(c, dev);
		else if (next_is(c, "master"))
			err = set_master(c, dev);
		else if (next_is(c, "nomaster"))
			dev_release(dev);
		else if (next_is(c, "promisc"))
			dev_follow_promisc(dev, !next_is(c, "off") && next_is(c, "on"));
		else if (next_is(c, "type"))
			err = set_type(c, dev);
		else
			err = unknown(c);
	}
	return err;
}

static int link_del(struct cursor *c)
{
	struct dev *dev = NULL;
	int err = device(c, &dev);

	if (!err && *c->word)
		err = unknown(c);
	if (!err)
		dev_destroy(dev);
	return err;
}

static void show_dev(struct cursor *c, struct dev *dev)
{
	struct dev *other = dev_link(dev);
	struct devs devs = devs_of(dev->ns);
	char *text =
		dev->kind->config_size
			? opts_words_print(dev->kind->opts, &devs.devs, dev_config(dev))
			: NULL;

	show(c, "%u: %s", dev->ifindex, dev->name);
	if (other && other->ns == dev->ns)
		show(c, "@%s", other->name);
	else if (other)
		show(c, "@if%u", other->ifindex);
	show(c, ": <%s> mtu %u",
	     dev_is_up(dev) ? dev_has_carrier(dev) ? "UP,LOWER_UP" : "NO-CARRIER,UP" : "",
	     dev_mtu(dev));
	show(c, " address %02x:%02x:%02x:%02x:%02x:%02x type %s%s%s\n", dev->addr[0],
	     dev->addr[1], dev->addr[2], dev->addr[3], dev->addr[4], dev->addr[5],
	     dev->kind->name, text && *text ? " " : "", text ?: "");
	free(text);
}

static int link_show(struct cursor *c)
{
	struct dev *dev = NULL;
	int err;

	if (*c->word) {
		err = device(c, &dev);
		if (!err)
			show_dev(c, dev);
		return err;
	}
	list_foreach(dev, &c->ns->devs, in_ns)
		show_dev(c, dev);
	return 0;
}

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
	int err = value(c, "netns add", &name);

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
	int err = value(c, "netns del", &name);

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
		show(c, "%s\n", n->name);
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

	(void)next_is(c, "ip");
	if (next_is(c, "-n")) {
		int err = netns(c, "-n", &c->ns);

		if (err)
			return err;
	}
	object = next(c);
	if (!object)
		return unknown(c);
	for (size_t i = 0; i < array_size(commands); i++) {
		const struct command *command = &commands[i];

		if (strcmp(object, command->object) != 0)
			continue;
		if (next_is(c, command->verb) || !*c->word)
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
