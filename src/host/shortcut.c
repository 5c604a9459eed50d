/* SPDX-License-Identifier: BSD-2-Clause
 *
 * shortcut - frames that the engine need not see go through the kernel.
 *
 * The engine decides and the kernel carries, as a switch's processor and its hardware do.  A
 * packet mirror's end in the factory is hooked (tc.c), and its last rule says where frames go
 * that enter by the mirror: straight to another mirror's end, as long as the data path would
 * hand every one of them on unchanged and that mirror would get it; else by a *detour*, a TAP
 * in the factory that a worker reads.  That rule is replaced in one go, so a frame goes one way
 * or the other, never both or neither.
 *
 * Order: from the shortcut to the detour it is kept, because the shortcut is the faster way.
 * The other way round, a frame may overtake those that the engine still holds.  For a veth
 * that happens only when something that stood on an end goes while traffic flows.
 *
 * The first rule is there before the device has its carrier, so before the first frame.
 * Where the kernel has no such rules, the mirror's packet socket listens itself, for good.
 *
 * Counters: for as long as a shortcut lasts, nothing but it feeds the end that it leads to, so
 * what that end has sent and lost is what the shortcut carried and lost.
 */
#include "host/shortcut.h"
#include "base/log.h"
#include "port/packet.h"
#include "port/tap.h"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <stdio.h>

#define DETOUR_FLAGS (IFF_TAP | IFF_NO_PI | IFF_VNET_HDR)

/* ---- where to ---- */

/* Would the data path hand all that enters by @m to one other mirror, and change nothing? */
static struct mirror *straight_ahead(const struct mirror *m)
{
	const struct dev *dev = m->dev;
	struct dev *to = dev->kind->straight ? dev->kind->straight(dev) : NULL;
	struct mirror *ahead = to ? to->host : NULL;

	if (!ahead || !ahead->packet || ahead->gone || !ahead->shortcut)
		return NULL;
	/* What others send through the device goes the same way, and would be counted as the
	 * shortcut's. */
	if (!dev->up || dev->watchers || dev->master || !list_is_empty(&dev->uppers))
		return NULL;
	/* Too big is what exceeds the receiver's MTU: then frames are looked at. */
	if (dev->mtu > to->mtu || !dev_delivers_straight(to))
		return NULL;
	return ahead;
}

/* ---- counting ---- */

static void count(struct host *h, struct mirror *m)
{
	struct shortcut *s = m->shortcut;
	struct kernel_stats now, *old = &s->counted;
	struct dev *from = m->dev, *to = s->ahead->dev;

	if (kernel_link_stats(h->factory_rtnl, s->ahead->factory_index, &now))
		return; /* it is gone */
	from->carried.tx_packets += now.tx_packets - old->tx_packets;
	from->carried.tx_bytes += now.tx_bytes - old->tx_bytes;
	/* The receiver's mirror has counted the loss itself. */
	from->carried.tx_dropped += now.tx_dropped - old->tx_dropped;
	to->carried.rx_packets += now.tx_packets - old->tx_packets;
	to->carried.rx_bytes += now.tx_bytes - old->tx_bytes;
	s->away.packets +=
		now.tx_packets - old->tx_packets + now.tx_dropped - old->tx_dropped;
	s->away.bytes += now.tx_bytes - old->tx_bytes;
	*old = now;
}

void shortcut_count(struct host *h, struct dev *dev)
{
	struct mirror *m = dev->host;

	flow_count_for(h, dev);
	if (!m || !m->shortcut)
		return;
	if (m->shortcut->ahead)
		count(h, m);
	if (m->shortcut->behind)
		count(h, m->shortcut->behind);
}

unsigned shortcut_number(const struct host *h)
{
	struct mirror *m;
	unsigned n = 0;

	list_foreach(m, &h->mirrors, link)
		n += m->shortcut && m->shortcut->ahead;
	return n;
}

/* ---- ways ---- */

/* Make the detour, which nobody reads yet. */
static int make_detour(struct host *h, struct mirror *m)
{
	struct shortcut *s = m->shortcut;
	char name[IFNAMSIZ];
	int own, features, err;

	snprintf(name, sizeof(name), "d%u", m->factory_index);
	m->fd = mirror_make_tap(h->factory_fd, DETOUR_FLAGS, 0, name);
	if (m->fd < 0)
		return m->fd;
	m->detour_index = kernel_index_of(h->factory_rtnl, name);
	err = kernel_link_flags(h->factory_rtnl, m->detour_index, IFF_UP, IFF_UP);
	if (err)
		return err;
	own = fcntl(m->fd, F_DUPFD_CLOEXEC, 3);
	if (own < 0)
		return -errno;
	features = tap_configure(own, DETOUR_FLAGS);
	if (features < 0) {
		close(own);
		return features;
	}
	s->detour = tap_port_create(own, (unsigned)features, DIR_TX, NULL);
	s->detour->dev = m->dev;
	s->hints = flow_hints_make(h, s->detour);
	return 0;
}

static void set_ahead(struct host *h, struct mirror *m, struct mirror *to)
{
	struct shortcut *s = m->shortcut;

	if (s->ahead) {
		count(h, m);
		s->ahead->shortcut->behind = NULL;
	}
	s->ahead = to;
	if (!to)
		return;
	to->shortcut->behind = m;
	if (kernel_link_stats(h->factory_rtnl, to->factory_index, &s->counted))
		log_debug("dev", m->dev->name, "no counters for its shortcut");
}

/* Let the frames that enter by @m go where they should go now. */
static int set_way(struct host *h, struct mirror *m)
{
	struct shortcut *s = m->shortcut;
	struct mirror *to = straight_ahead(m);
	bool attach = false;
	int err = 0;

	if (s->hooked && to == s->ahead)
		return 0;
	if (!to && !s->detour) {
		err = make_detour(h, m);
		attach = !err;
	}
	if (!err)
		err = tc_redirect_rest(h->factory_rtnl, m->factory_index,
				       to ? to->factory_index : m->detour_index,
				       s->hooked);
	if (err)
		return err;
	s->hooked = true;
	/* The shortcut's last frames are counted before the detour's first are sent. */
	set_ahead(h, m, to);
	return attach ? port_attach(h->net, s->detour) : 0;
}

/* ---- the engine's own socket ---- */

/* The packet socket hears what enters by the mirror, from now on and for good. */
static void listen_instead(struct host *h, struct mirror *m)
{
	struct dev *dev = m->dev;
	int err;

	if (m->listens)
		return;
	m->listens = true;
	err = port_attach(h->net, dev->mirror);
	if (!err)
		err = packet_port_listen(dev->mirror, m->factory_index);
	if (err)
		log_error("dev", dev->name, "nothing is received from its mirror: %s",
			  strerror(-err));
}

/* Neither shortcut nor detour can be had. */
static void give_up(struct host *h, struct mirror *m, int err)
{
	struct mirror *behind = m->shortcut->behind;

	log_debug("dev", m->dev->name, "no rules for its mirror: %s", strerror(-err));
	if (!m->shortcut->hooked && (err == -ENOENT || err == -EOPNOTSUPP))
		h->shortcuts = false; /* the kernel has none */
	listen_instead(h, m);
	if (tc_unhook(h->factory_rtnl, m->factory_index))
		log_debug("dev", m->dev->name, "rules remain");
	shortcut_end(h, m);
	if (behind)
		shortcut_dev_changed(h, behind->dev);
}

/* ---- life ---- */

static struct shortcut *shortcut_new(struct mirror *m)
{
	struct shortcut *s = xnew(struct shortcut);

	s->mirror = m;
	list_init(&s->flows);
	return s;
}

void shortcut_make(struct host *h, struct mirror *m)
{
	if (h->shortcuts && !m->dev->kind->carrier_unknown)
		m->shortcut = shortcut_new(m);
}

void shortcut_begin(struct host *h, struct mirror *m)
{
	struct shortcut *s = m->shortcut;
	int err = 0;

	if (!s || !h->shortcuts) {
		listen_instead(h, m);
		return;
	}
	if (!s->hooked)
		err = tc_hook(h->factory_rtnl, m->factory_index);
	if (!err)
		err = set_way(h, m);
	if (err)
		give_up(h, m, err);
}

static void decide_anew(struct host *h, struct dev *dev)
{
	struct mirror *m = dev ? dev->host : NULL;
	int err;

	if (!m || !m->shortcut || !m->shortcut->hooked || !dev->carrier)
		return;
	err = set_way(h, m);
	if (err)
		give_up(h, m, err);
}

void shortcut_dev_changed(struct host *h, struct dev *dev)
{
	decide_anew(h, dev);
	if (dev->kind->straight)
		decide_anew(h, dev->kind->straight(dev));
}

void shortcut_end(struct host *h, struct mirror *m)
{
	struct shortcut *s = m->shortcut;

	if (!s)
		return;
	if (s->ahead)
		s->ahead->shortcut->behind = NULL;
	if (s->behind)
		s->behind->shortcut->ahead = NULL;
	flow_done(h, s);
	if (s->detour)
		port_detach(h->net, s->detour);
	flow_hints_free(h, s->hints);
	m->shortcut = NULL;
	free(s);
}
