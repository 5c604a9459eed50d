/* SPDX-License-Identifier: BSD-2-Clause
 *
 * netns - the namespaces in which wireyard has or had something, and the names in them.
 *
 * Devices are found through two tables of the net, since every link message that passes is
 * looked up; namespaces, of which there are fewer, by walking their list.
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

/* ---- finding devices ---- */

static uint32_t mix(uint32_t h, uint32_t v)
{
	h = (h ^ v) * 0x9e3779b1u;
	return h ^ h >> 15;
}

static struct dev **index_bucket(const struct netns *ns, unsigned ifindex)
{
	return &ns->net->by_ifindex[mix((uint32_t)ns->cookie, ifindex) % NET_BUCKETS];
}

static struct dev **name_bucket(const struct netns *ns, const char *name)
{
	uint32_t h = (uint32_t)ns->cookie;

	for (; *name; name++)
		h = mix(h, (uint8_t)*name);
	return &ns->net->by_name[h % NET_BUCKETS];
}

void netns_enter(struct netns *ns, struct dev *dev)
{
	struct dev **index = index_bucket(ns, dev->ifindex);
	struct dev **name = name_bucket(ns, dev->name);

	ns->refs++;
	dev->ns = ns;
	list_append(&ns->devs, &dev->in_ns);
	dev->same_ifindex = *index;
	*index = dev;
	dev->same_name = *name;
	*name = dev;
}

void netns_leave(struct dev *dev)
{
	struct netns *ns = dev->ns;
	struct dev **d = index_bucket(ns, dev->ifindex);

	while (*d != dev)
		d = &(*d)->same_ifindex;
	*d = dev->same_ifindex;
	d = name_bucket(ns, dev->name);
	while (*d != dev)
		d = &(*d)->same_name;
	*d = dev->same_name;
	list_remove(&dev->in_ns);
	dev->ns = NULL;
	netns_put(ns);
}

struct dev *netns_dev(struct netns *ns, unsigned ifindex)
{
	struct dev *dev = *index_bucket(ns, ifindex);

	while (dev && (dev->ns != ns || dev->ifindex != ifindex))
		dev = dev->same_ifindex;
	return dev;
}

struct dev *netns_dev_named(struct netns *ns, const char *name)
{
	struct dev *dev = *name_bucket(ns, name);

	while (dev && (dev->ns != ns || strcmp(dev->name, name) != 0))
		dev = dev->same_name;
	return dev;
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
