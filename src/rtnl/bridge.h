/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge - what rtnetlink says of bridges of the engine, beside links: family AF_BRIDGE.
 *
 *	brlink.c	ports as links: bridge link
 *	brvlan.c	which VLANs a link is in: bridge vlan add, del, show
 *	vlandb.c	VLANs in messages of their own: bridge vlan set, global; bridge -d vlan
 *	xstats.c	what is counted by VLAN: bridge -s vlan; ip stats
 *	brfdb.c		stations: bridge fdb
 *	neigh.c		neighbours by their device's master: ip neigh show master
 *	brmdb.c		multicast groups: bridge mdb
 *	brmdb_flush.c	many of them deleted at once: bridge mdb flush
 *	brctl.c		the ioctls that came before rtnetlink: brctl
 */
#pragma once

#include "dev/bridge.h"
#include "rtnl/rtnl.h"

#ifndef NLM_F_BULK
#define NLM_F_BULK 0x200
#endif

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

/* ---- brvlan.c ---- */

/* BRIDGE_VLAN_INFO_PVID and _UNTAGGED as @v has them. */
uint16_t brvlan_flags(const struct bridge_vlan *v);

/* Append IFLA_AF_SPEC with the VLANs that a port or bridge is in, as RTEXT_FILTER_BRVLAN or
 * _COMPRESSED in @mask asks for them; with neither, nothing. */
void brvlan_put(struct nlbuf *out, const struct dev *dev, uint32_t mask);

/* Putting @dev into VLANs (@add) or taking it out of some. */
struct brvlan_change {
	struct rtnl *rtnl;
	struct dev *dev;
	bool add;
	bool dry;     /* only look whether the request is in order */
	bool changed; /* something was */
	bool in_range;
	struct bridge_vlan_info begin; /* of the range */
};

/* One VLAN, or one end of a range; Linux's errno and sentence.  Events are sent.  _spec: all
 * that are in an IFLA_AF_SPEC. */
int brvlan_change(struct brvlan_change *c, const struct bridge_vlan_info *info,
		  struct extack *ea) must_check;
int brvlan_spec(struct brvlan_change *c, const struct nlattr *spec,
		struct extack *ea) must_check;

/* ---- vlandb.c ---- */

/* RTM_NEWVLAN and RTM_DELVLAN; RTM_GETVLAN. */
bool vlandb_set(struct client *c, const struct nlmsghdr *m);
bool vlandb_get(struct client *c, const struct nlmsghdr *m);

/* Tell that @dev is in the VLANs from @first to @last, which are alike, or not any more. */
void vlandb_notify(struct rtnl *r, struct dev *dev, unsigned first, unsigned last,
		   bool gone);

/* Tell of the VLAN that a new bridge is born with. */
void vlandb_born(struct rtnl *r, struct dev *dev);

/* Hear of VLANs that come and go by themselves, or not any more. */
void vlandb_listen(struct rtnl *r, bool on);

/* ---- brfdb.c: messages of AF_BRIDGE ---- */

bool brfdb_new(struct client *c, const struct nlmsghdr *m);
bool brfdb_delete(struct client *c, const struct nlmsghdr *m);
bool brfdb_get(struct client *c, const struct nlmsghdr *m);

/* Hear of stations from now on, or not any more. */
void brfdb_listen(struct rtnl *r, bool on);

/* Tell of the stations that a new bridge is born with. */
void brfdb_born(struct rtnl *r, const struct dev *br);

/* ---- neigh.c ---- */

/* RTM_GETNEIGH, of all families. */
bool neigh_get(struct client *c, const struct nlmsghdr *m);

/* An RTM_NEWNEIGH of the kernel's: left out if the dump that is under way does not ask for it. */
void neigh_rewrite(struct client *c, const struct nlmsghdr *m, struct nlbuf *out);

/* ---- brmdb.c ---- */

bool brmdb_new(struct client *c, const struct nlmsghdr *m);
bool brmdb_delete(struct client *c, const struct nlmsghdr *m);
bool brmdb_get(struct client *c, const struct nlmsghdr *m);

/* Read MDBA_SET_ENTRY: it has the right size. */
int brmdb_entry(const struct nlattr *a, const struct br_mdb_entry **e,
		struct extack *ea) must_check;

/* Carry out RTM_DELMDB with NLM_F_BULK, of @br: brmdb_flush.c. */
int brmdb_flush(struct dev *br, const struct nlmsghdr *m, struct extack *ea) must_check;

/* Hear of groups from now on, or not any more. */
void brmdb_listen(struct rtnl *r, bool on);

/* ---- brctl.c ---- */

struct brctl;

/* Answer an ioctl.  False: it is about nothing of the engine's. */
bool brctl_call(struct rtnl *r, struct brctl *b);
