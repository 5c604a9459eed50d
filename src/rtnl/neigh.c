/* SPDX-License-Identifier: BSD-2-Clause
 *
 * neigh - neighbours by their device's master: ip neigh show master BR, nomaster.
 *
 * Neighbours are the kernel's, masters the engine's: a dump of those of one master's ports
 * (NDA_MASTER), or of nobody's, is asked for whole and filtered here.
 */
#include "rtnl/bridge.h"

#include <linux/neighbour.h>

bool neigh_get(struct client *c, const struct nlmsghdr *m)
{
	const struct ndmsg *ndm = msg_header(m, sizeof(*ndm));
	struct dump_filter *f = &c->filter;
	const struct nlattr *attrs, *a;
	const struct dev *master;
	struct nlbuf copy = {};
	size_t len, msg;

	if (brfdb_get(c, m))
		return true;
	if ((m->nlmsg_flags & NLM_F_DUMP) != NLM_F_DUMP || !ndm)
		return false;
	attrs = msg_attrs(m, sizeof(*ndm), &len);
	a = attr_find(attrs, len, NDA_MASTER);
	master = a && attr_len(a) == sizeof(uint32_t) ? netns_dev(c->ns, attr_u32(a))
						      : NULL;
	if (!a || (attr_u32(a) != NO_MASTER && (!master || !master->kind->master)))
		return false;
	*f = (struct dump_filter){
		.active = true, .seq = m->nlmsg_seq, .master = attr_u32(a)};
	msg = msg_begin(&copy, m->nlmsg_type, m->nlmsg_flags, m->nlmsg_seq, m->nlmsg_pid,
			ndm, sizeof(*ndm));
	/* That a device is no port the kernel can tell of what is not ours. */
	attr_foreach(a, attrs, len)
		if (attr_type(a) != NDA_MASTER || f->master == NO_MASTER)
			put_copy(&copy, a);
	msg_end(&copy, msg);
	client_forward(c, (void *)copy.data);
	nlbuf_done(&copy);
	return true;
}

static bool is_asked_for(const struct dump_filter *f, const struct dev *dev)
{
	if (f->master == NO_MASTER)
		return !dev || !dev->master;
	return dev && dev->master && dev->master->ifindex == f->master;
}

void neigh_rewrite(struct client *c, const struct nlmsghdr *m, struct nlbuf *out)
{
	const struct ndmsg *ndm = msg_header(m, sizeof(*ndm));
	const struct dump_filter *f = &c->filter;
	size_t at = out->len;

	if (!f->active || m->nlmsg_seq != f->seq || !ndm) {
		nlbuf_raw(out, m, m->nlmsg_len);
	} else if (is_asked_for(f, netns_dev(c->ns, (unsigned)ndm->ndm_ifindex))) {
		nlbuf_raw(out, m, m->nlmsg_len);
		((struct nlmsghdr *)(out->data + at))->nlmsg_flags |= NLM_F_DUMP_FILTERED;
	}
}
