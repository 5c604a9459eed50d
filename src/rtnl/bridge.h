/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge - what rtnetlink says of bridges of the engine, beside links: family AF_BRIDGE.
 *
 *	brlink.c	ports as links: bridge link
 *	brfdb.c		stations: bridge fdb
 *	brctl.c		the ioctls that came before rtnetlink: brctl
 */
#pragma once

#include "dev/bridge.h"
#include "rtnl/rtnl.h"

/* The port of a bridge of ours, or the bridge itself, that @ifindex is where @c is; NULL. */
static inline struct dev *bridge_dev(struct client *c, int ifindex)
{
	struct dev *dev = ifindex > 0 ? netns_dev(c->ns, (unsigned)ifindex) : NULL;

	return dev && (dev_is_bridge(dev) || dev_bridge_of(dev)) ? dev : NULL;
}

/* Those of them that @wanted chooses (@arg is its own), by rising index, for a dump. */
void bridge_devs(struct client *c, struct dump *d,
		 bool (*wanted)(const struct dev *dev, const void *arg), const void *arg);

/* ---- brlink.c ---- */

/* As link_new and link_get in rtnl.h, for messages of AF_BRIDGE. */
bool brlink_set(struct client *c, const struct nlmsghdr *m);
bool brlink_get(struct client *c, const struct nlmsghdr *m);

/* Tell of a port: that it is, how it is, or that it is one no more. */
void brlink_notify(struct rtnl *r, struct dev *dev);

/* ---- brfdb.c: messages of AF_BRIDGE ---- */

bool brfdb_new(struct client *c, const struct nlmsghdr *m);
bool brfdb_delete(struct client *c, const struct nlmsghdr *m);
bool brfdb_get(struct client *c, const struct nlmsghdr *m);

/* Hear of stations from now on, or not any more. */
void brfdb_listen(struct rtnl *r, bool on);

/* Tell of the stations that a new bridge is born with. */
void brfdb_born(struct rtnl *r, const struct dev *br);

/* ---- brctl.c ---- */

struct brctl;

/* Answer an ioctl.  False: it is about nothing of the engine's. */
bool brctl_call(struct rtnl *r, struct brctl *b);
