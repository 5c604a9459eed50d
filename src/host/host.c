/* SPDX-License-Identifier: BSD-2-Clause
 *
 * host - bringing the kernel's side up and down.
 */
#include "host/host.h"
#include "base/log.h"

#include <fcntl.h>
#include <sched.h>

/* The factory's stack must not answer what passes through its ends of mirrors. */
static void silence_factory(void)
{
	static const char *const files[] = {
		"/proc/sys/net/ipv6/conf/all/disable_ipv6",
		"/proc/sys/net/ipv6/conf/default/disable_ipv6"};

	for (size_t i = 0; i < array_size(files); i++) {
		int err = fd_write_file(AT_FDCWD, files[i], "1");

		if (err && err != -ENOENT)
			log_debug("engine", "", "%s: %s", files[i], strerror(-err));
	}
}

static int enter_factory(struct host *h, struct extack *ea)
{
	static const char self[] = "/proc/thread-self/ns/net";

	h->root_fd = open(self, O_RDONLY | O_CLOEXEC);
	if (h->root_fd < 0)
		return extack_set(ea, -errno, "cannot open %s", self);
	if (unshare(CLONE_NEWNET))
		return extack_set(ea, -errno, "no network namespace for the engine");
	h->factory_fd = open(self, O_RDONLY | O_CLOEXEC);
	if (h->factory_fd < 0)
		return extack_set(ea, -errno, "cannot open %s", self);
	kernel_thread_home(h->factory_fd);
	silence_factory();
	return 0;
}

/* Does this kernel make veth pairs?  An MTU that no veth can have is refused by the kind itself;
 * without the kind the answer is EOPNOTSUPP.  Nothing is made. */
static bool probe_veth(struct host *h)
{
	struct ifinfomsg ifi = {};
	struct nlbuf req = {};
	size_t info, msg = msg_begin(&req, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0, 0,
				     &ifi, sizeof(ifi));
	int err;

	put_str(&req, IFLA_IFNAME, "probe0");
	info = nest_begin(&req, IFLA_LINKINFO);
	put_str(&req, IFLA_INFO_KIND, "veth");
	nest_end(&req, info);
	put_u32(&req, IFLA_MTU, 1);
	msg_end(&req, msg);
	err = kernel_request(h->factory_rtnl, &req, NULL, NULL);
	nlbuf_done(&req);
	return err == -EINVAL;
}

int host_start(struct host *h, struct net *net, struct ev_loop *loop, struct extack *ea)
{
	int err;

	*h = (struct host){.net = net,
			   .loop = loop,
			   .root_fd = -1,
			   .factory_fd = -1,
			   .root_rtnl = -1,
			   .factory_rtnl = -1,
			   .events = -1};
	list_init(&h->mirrors);
	list_init(&h->lazy);
	list_init(&h->deletions);
	list_init(&h->moves);
	list_init(&h->queues);
	list_init(&h->outsiders);
	list_init(&h->tapnodes);
	list_init(&h->captures);
	list_init(&h->listening);
	list_init(&h->with_flows);
	err = enter_factory(h, ea);
	if (err)
		return err;
	h->root_rtnl = kernel_rtnl_in(h->root_fd);
	h->factory_rtnl = kernel_rtnl_in(h->factory_fd);
	if (h->root_rtnl < 0 || h->factory_rtnl < 0)
		return extack_set(ea, -EPERM, "no rtnetlink socket");
	h->root = host_netns_get(h, h->root_fd);
	if (!h->root)
		return extack_set(
			ea, -ENOPROTOOPT,
			"the kernel does not number its namespaces (it needs 5.14)");
	err = watch_start(h, ea);
	if (!err)
		err = host_netns_watch(h, h->root, h->root_fd);
	if (err)
		return extack_set(ea, err, "the root namespace cannot be watched");
	h->has_veth = probe_veth(h);
	h->shortcuts = h->has_veth;
	pair_start(h);
	h->listener.fn = mirror_on_event;
	net_listen(net, &h->listener);
	addr_start(h);
	err = slow_start(&h->slow, loop, h->factory_fd);
	return err ? extack_set(ea, err, "no thread for slow work") : 0;
}

void host_stop(struct host *h)
{
	h->net->addrs = NULL;
	usertap_stop(h);
	outside_stop(h);
	tapnode_stop(h);
	listen_stop(h);
	mirror_flush_lazy(h);
	slow_stop(&h->slow);
	pair_stop(h);
	watch_stop(h);
	netns_put(h->root);
	free(h->nsid_memo);
	fd_close(&h->root_rtnl);
	fd_close(&h->factory_rtnl);
	fd_close(&h->root_fd);
	fd_close(&h->factory_fd);
}

void host_note_leaving(struct host *h, const struct dev *dev, unsigned link)
{
	h->obituaries[h->next_obituary++ % OBITUARIES] = (struct obituary){
		.ns_cookie = dev->ns->cookie,
		.ifindex = dev->ifindex,
		.link = link,
		.died = dev->dying,
		.kind = dev->kind,
	};
}

const struct obituary *host_obituary(const struct host *h, uint64_t ns_cookie,
				     unsigned ifindex)
{
	for (unsigned i = 1; i <= OBITUARIES; i++) {
		const struct obituary *o =
			&h->obituaries[(h->next_obituary - i) % OBITUARIES];

		if (o->kind && o->ns_cookie == ns_cookie && o->ifindex == ifindex)
			return o;
	}
	return NULL;
}

/* @port may be freed already (it was detached while the worker's word was on its way): it is
 * compared, not looked into. */
void host_port_dead(struct host *h, const struct port *port)
{
	struct mirror *m;

	watch_drain(h);
	if (usertap_port_dead(h, port) || tapnode_port_dead(h, port) ||
	    outside_port_dead(h, port))
		return;
	list_foreach(m, &h->mirrors, link) {
		if (!m->dev || m->dev->mirror != port)
			continue;
		m->gone = true;
		dev_destroy(m->dev);
		mirror_flush_lazy(h);
		return;
	}
}
