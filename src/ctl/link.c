/* SPDX-License-Identifier: BSD-2-Clause
 *
 * link - "link add", "set", "del" and "show" as ctl/words.h has them.
 */
#include "ctl/cursor.h"

#include <stdio.h>

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
	int err = cursor_value(c, "link", &name);

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

		if (cursor_is(c, "mtu")) {
			err = cursor_number(c, "mtu", &req->mtu);
		} else if (cursor_is(c, "index")) {
			err = cursor_number(c, "index", &req->ifindex);
		} else if (cursor_is(c, "address")) {
			err = cursor_mac(c, "address", a->addr);
			req->addr = a->addr;
		} else if (cursor_is(c, "netns")) {
			err = cursor_netns(c, "netns", &req->ns);
		} else if (cursor_is(c, "link")) {
			err = lower(c, req);
		} else if (cursor_is(c, "up")) {
			a->up = true;
		} else if (cursor_is(c, "name") || cursor_is(c, "dev") || !req->name) {
			err = cursor_value(c, "name", &req->name);
		} else {
			err = cursor_unknown(c);
		}
		if (err)
			return err;
	}
	return 0;
}

static int kind_of(struct cursor *c, const struct dev_kind **ret)
{
	const char *name = NULL;
	int err = cursor_value(c, "type", &name);

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
	err = cursor_settings(c, kind, true, config);
	if (err)
		return err;
	if (kind->config_size)
		first->req.config = config;
	if (kind->pair && cursor_is(c, "peer"))
		err = common(c, &peer);
	if (!err && *c->word)
		err = cursor_unknown(c);
	return err ?: create(c, kind, first, &peer);
}

int link_add(struct cursor *c)
{
	struct asked first = {.req.ns = c->ns};
	const struct dev_kind *kind = NULL;
	int err = common(c, &first);

	if (!err && !cursor_is(c, "type"))
		err = extack_set(c->ea, -EINVAL, "the device's type is missing");
	if (!err)
		err = kind_of(c, &kind);
	return err ?: add_of_kind(c, kind, &first);
}

int tuntap_add(struct cursor *c)
{
	const struct dev_kind *kind = net_kind(c->words->net, "tun", 3);
	struct asked first = {.req.ns = c->ns};
	int err;

	(void)cursor_is(c, "dev");
	err = cursor_value(c, "tuntap add", &first.req.name);
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
	int err = cursor_value(c, "name", &name);

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
	int err = cursor_netns(c, "netns", &ns);

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
	int err = cursor_number(c, "mtu", &mtu);

	err = err ?: dev_check_new_mtu(dev, mtu, c->ea);
	if (!err)
		dev_follow_mtu(dev, mtu);
	return err;
}

static int set_addr(struct cursor *c, struct dev *dev)
{
	uint8_t addr[6];
	int err = cursor_mac(c, "address", addr);

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
	err = cursor_settings(c, kind, false, config);
	return err ?: dev_change_config(dev, config, c->ea);
}

static int set_master(struct cursor *c, struct dev *dev)
{
	struct dev *master = NULL;
	int err = cursor_device(c, &master);

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

int link_set(struct cursor *c)
{
	struct dev *dev = NULL;
	int err = cursor_device(c, &dev);

	while (!err && *c->word) {
		if (cursor_is(c, "up"))
			err = set_up(c, dev);
		else if (cursor_is(c, "down"))
			dev_follow_flags(dev, 0);
		else if (cursor_is(c, "mtu"))
			err = set_mtu(c, dev);
		else if (cursor_is(c, "address"))
			err = set_addr(c, dev);
		else if (cursor_is(c, "name"))
			err = rename_dev(c, dev);
		else if (cursor_is(c, "netns"))
			err = move(c, dev);
		else if (cursor_is(c, "master"))
			err = set_master(c, dev);
		else if (cursor_is(c, "nomaster"))
			dev_release(dev);
		else if (cursor_is(c, "promisc"))
			dev_follow_promisc(dev,
					   !cursor_is(c, "off") && cursor_is(c, "on"));
		else if (cursor_is(c, "type"))
			err = set_type(c, dev);
		else
			err = cursor_unknown(c);
	}
	return err;
}

int link_del(struct cursor *c)
{
	struct dev *dev = NULL;
	int err = cursor_device(c, &dev);

	if (!err && *c->word)
		err = cursor_unknown(c);
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

	cursor_show(c, "%u: %s", dev->ifindex, dev->name);
	if (other && other->ns == dev->ns)
		cursor_show(c, "@%s", other->name);
	else if (other)
		cursor_show(c, "@if%u", other->ifindex);
	cursor_show(c, ": <%s> mtu %u",
		    dev_is_up(dev)
			    ? dev_has_carrier(dev) ? "UP,LOWER_UP" : "NO-CARRIER,UP"
			    : "",
		    dev_mtu(dev));
	cursor_show(c, " address %02x:%02x:%02x:%02x:%02x:%02x type %s%s%s\n",
		    dev->addr[0], dev->addr[1], dev->addr[2], dev->addr[3], dev->addr[4],
		    dev->addr[5], dev->kind->name, text && *text ? " " : "", text ?: "");
	free(text);
}

int link_show(struct cursor *c)
{
	struct dev *dev = NULL;
	int err;

	if (*c->word) {
		err = cursor_device(c, &dev);
		if (!err)
			show_dev(c, dev);
		return err;
	}
	list_foreach(dev, &c->ns->devs, in_ns)
		show_dev(c, dev);
	return 0;
}
