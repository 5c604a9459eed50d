/* SPDX-License-Identifier: BSD-2-Clause
 *
 * relation - masters and their ports, and devices that stand on others.
 *
 * A device has at most one master, whose port it is: the master gets its frames.  Any number
 * of devices (VLANs, macvlans) may stand on it besides.  Ties end with either device: ports of
 * a dying master become free, and what stands on a dying device dies first.
 */
#include "net/relation.h"
#include "net/net.h"
#include "nl/opt.h"

#include <linux/if_ether.h>

/* ---- masters ---- */

/* Is @dev @other, or a port, or on top of one, of what is above it? */
static bool is_above(const struct dev *dev, const struct dev *other)
{
	for (; other; other = other->master ?: other->lower)
		if (other == dev)
			return true;
	return false;
}

/* Is @other below @dev, or a port of what is? */
static bool is_below(struct dev *other, struct dev *dev)
{
	struct dev *port;

	if (dev->lower && (dev->lower == other || is_below(other, dev->lower)))
		return true;
	list_foreach(port, &dev->ports, in_master)
		if (port == other || is_below(other, port))
			return true;
	return false;
}

static void port_begin(struct dev *dev, struct dev *master)
{
	const struct master_ops *ops = master->kind->master;
	void *config = ops->config_size ? xcalloc(1, ops->config_size) : NULL;

	if (config && ops->defaults)
		ops->defaults(master, dev, config);
	rcu_publish(&dev->port_config, config);
	rcu_publish(&dev->port, ops->state_size ? xcalloc(1, ops->state_size) : NULL);
}

static void port_end(struct dev *dev)
{
	void *config = dev->port_config, *state = dev->port;

	rcu_publish(&dev->port, NULL);
	rcu_publish(&dev->port_config, NULL);
	if (state)
		dev_defer(dev->net, free, state);
	if (config)
		dev_defer(dev->net, free, config);
}

int dev_enslave(struct dev *dev, struct dev *master, struct extack *ea)
{
	const struct master_ops *ops = master->kind->master;
	int err;

	if (!ops)
		return -EOPNOTSUPP;
	err = ops->may_add ? ops->may_add(master, dev, ea) : 0;
	if (err)
		return err;
	if (dev->master || dev->upper_receive || is_below(master, dev))
		return -EBUSY;
	if (is_above(dev, master))
		return -ELOOP;
	port_begin(dev, master);
	dev->master = master;
	list_append(&master->ports, &dev->in_master);
	err = ops->add ? ops->add(master, dev, ea) : 0;
	if (err) {
		list_remove(&dev->in_master);
		dev->master = NULL;
		port_end(dev);
		return err;
	}
	net_tell(dev->net, NET_DEV_MASTER, dev);
	return 0;
}

void dev_release(struct dev *dev)
{
	struct dev *master = dev->master;

	if (!master)
		return;
	dev_set_upper(dev, NULL, NULL);
	list_remove(&dev->in_master);
	if (master->kind->master->remove)
		master->kind->master->remove(master, dev);
	dev->master = NULL;
	dev->last_master = master->ifindex;
	port_end(dev);
	net_tell(dev->net, NET_DEV_MASTER, dev);
}

/* Takes @next. */
static int port_config_publish(struct dev *dev, void *next, struct extack *ea)
{
	const struct master_ops *ops = dev->master->kind->master;
	int err = ops->change ? ops->change(dev->master, dev, next, ea) : 0;
	void *old = dev->port_config;

	if (err || !memcmp(old, next, ops->config_size)) {
		free(next);
		return err;
	}
	rcu_publish(&dev->port_config, next);
	if (ops->changed)
		ops->changed(dev->master, dev, old);
	dev_defer(dev->net, free, old);
	net_tell(dev->net, NET_PORT_CHANGED, dev);
	return 0;
}

static void *port_config_copy(const struct dev *dev, const void *from)
{
	size_t size = dev->master->kind->master->config_size;

	return memcpy(xcalloc(1, size), from, size);
}

int dev_change_port_config(struct dev *dev, const void *config, struct extack *ea)
{
	if (!dev->master || !dev->port_config)
		return -EOPNOTSUPP;
	return port_config_publish(dev, port_config_copy(dev, config), ea);
}

int dev_change_port(struct dev *dev, const struct nlattr *data, struct extack *ea)
{
	void *next;
	int err;

	if (!dev->master || !dev->port_config)
		return -EOPNOTSUPP;
	next = port_config_copy(dev, dev->port_config);
	err = opts_parse(dev->master->kind->master->opts, data, false, next, ea);
	if (err) {
		free(next);
		return err;
	}
	return port_config_publish(dev, next, ea);
}

/* ---- devices on top of others ---- */

void dev_set_lower(struct dev *dev, struct dev *lower)
{
	assert(!dev->lower);
	dev->lower = lower;
	list_append(&lower->uppers, &dev->on_lower);
	dev_path_changed(lower);
}

unsigned dev_levels(struct dev *dev)
{
	unsigned below = dev->lower ? dev_levels(dev->lower) : 0;
	struct dev *port;

	list_foreach(port, &dev->ports, in_master)
		below = max(below, dev_levels(port));
	return below + 1;
}

/* ---- what one's fate means to the others ---- */

void relations_end(struct dev *dev)
{
	struct dev *other;

	while ((other = list_first(&dev->ports, struct dev, in_master)))
		dev_release(other);
	dev_release(dev);
	/* A device that dies takes others along, perhaps the next one too. */
	while ((other = list_first(&dev->uppers, struct dev, on_lower)))
		dev_destroy(other);
	other = dev->lower;
	dev->lower = NULL;
	if (other) {
		list_remove(&dev->on_lower);
		dev->stood_on = other->ifindex;
		dev_path_changed(other);
	}
}

void relations_tell(struct dev *dev, enum dev_change what)
{
	struct dev *upper, *next;

	if (dev->dying)
		return;
	list_foreach_safe(upper, next, &dev->uppers, on_lower)
		if (upper->kind->lower_changed)
			upper->kind->lower_changed(upper, what);
	if (dev->master && dev->master->kind->master->port_changed)
		dev->master->kind->master->port_changed(dev->master, dev, what);
}

/* ---- what a kind decides ---- */

void dev_set_addr(struct dev *dev, const uint8_t addr[6])
{
	if (!memcmp(dev->addr, addr, 6))
		return;
	memcpy(dev->addr, addr, 6);
	relations_tell(dev, DEV_ADDR);
	net_tell(dev->net, NET_DEV_SET_ADDR, dev);
}

void dev_set_mtu(struct dev *dev, uint32_t mtu)
{
	if (dev->mtu == mtu)
		return;
	dev->mtu = mtu;
	relations_tell(dev, DEV_MTU);
	net_tell(dev->net, NET_DEV_SET_MTU, dev);
}

void dev_set_up(struct dev *dev, bool up)
{
	if (dev->up == up)
		return;
	dev_follow_flags(dev, up ? IFF_UP : 0);
	net_tell(dev->net, NET_DEV_SET_UP, dev);
}
