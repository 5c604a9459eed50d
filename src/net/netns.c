/* SPDX-License-Identifier: BSD-2-Clause
 *
 * netns - the namespaces in which wireyard has or had something, and the names in them.
 *
 * Lookups walk lists: a namespace rarely has more than a dozen devices, and a yard's
 * namespaces are looked for only by the control thread.
 */
#include "net/net.h"

#include <stdio.h>

/* Names that a pattern may make before the search gives up, as Linux bounds it. */
#define NAMES_MAX 32768u

struct netns *netns_find(struct net *net, uint64_t cookie)
{
	struct netns *ns;

	list_foreach(ns, &net->namespaces, link)
		if (ns->cookie == cookie)
			return ns;
	return NULL;
}

struct netns *netns_get(struct net *net, uint64_t cookie)
{
	struct netns *ns = netns_find(net, cookie);

	if (!ns) {
		ns = xnew(struct netns);
		ns->net = net;
		ns->cookie = cookie;
		ns->nsid = -1;
		list_init(&ns->devs);
		list_append(&net->namespaces, &ns->link);
	}
	ns->refs++;
	return ns;
}

static void netns_free(struct netns *ns)
{
	list_remove(&ns->link);
	free(ns);
}

void netns_put(struct netns *ns)
{
	if (!ns)
		return;
	assert(ns->refs);
	if (!--ns->refs)
		netns_free(ns);
}

void netns_free_all(struct net *net)
{
	struct netns *ns;

	while ((ns = list_first(&net->namespaces, struct netns, link)))
		netns_free(ns);
}

struct dev *netns_dev(struct netns *ns, unsigned ifindex)
{
	struct dev *dev;

	list_foreach(dev, &ns->devs, in_ns)
		if (dev->ifindex == ifindex)
			return dev;
	return NULL;
}

struct dev *netns_dev_named(struct netns *ns, const char *name)
{
	struct dev *dev;

	list_foreach(dev, &ns->devs, in_ns)
		if (!strcmp(dev->name, name))
			return dev;
	return NULL;
}

int netns_pick_name(struct netns *ns, const char *format, char name[IFNAMSIZ])
{
	const char *hole = strstr(format, "%d");
	char tried[IFNAMSIZ + 16];

	if (!hole || strchr(format, '%') != hole || strchr(hole + 2, '%'))
		return -EINVAL;
	for (unsigned i = 0; i < NAMES_MAX; i++) {
		if (snprintf(tried, sizeof(tried), "%.*s%u%s", (int)(hole - format),
			     format, i, hole + 2) >= IFNAMSIZ)
			return -EINVAL;
		if (netns_dev_named(ns, tried))
			continue;
		memcpy(name, tried, strlen(tried) + 1);
		return 0;
	}
	return -ENFILE;
}
