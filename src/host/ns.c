/* SPDX-License-Identifier: BSD-2-Clause
 *
 * ns - the yard's namespaces: telling them apart, watching them, finding them again.
 *
 * A namespace is known by its cookie.  It is watched by giving it an id in the factory; the
 * id pins nothing and dies with it.  It can be entered again by way of something that is in
 * it anyway: a mirror, a client's socket, or its name.
 */
#include "host/host.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/if_tun.h>
#include <linux/net_namespace.h>
#include <linux/nsfs.h>
#include <linux/sockios.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

struct netns *host_netns_get(struct host *h, int ns_fd)
{
	uint64_t cookie = kernel_ns_cookie(ns_fd);

	return cookie ? netns_get(h->net, cookie) : NULL;
}

/* Send @req, an RTM_GETNSID, on @sock: the id that is the answer, or -1. */
static int nsid_answer(int sock, struct nlbuf *req, int *answer)
{
	struct nlbuf reply = {};
	const struct nlmsghdr *m;
	const struct nlattr *attrs, *id;
	size_t len;
	int err = kernel_request(sock, req, &reply, NULL);

	if (!err) {
		m = msg_first(reply.data, reply.len);
		attrs = m ? msg_attrs(m, sizeof(struct rtgenmsg), &len) : NULL;
		id = attrs ? attr_find(attrs, len, NETNSA_NSID) : NULL;
		*answer = id ? (int)attr_u32(id) : -1;
	}
	nlbuf_done(&reply);
	return err;
}

/* RTM_NEWNSID or RTM_GETNSID on @sock about the namespace behind @fd. */
static int nsid_request(int sock, uint16_t type, int fd, int nsid, int *answer)
{
	struct rtgenmsg gen = {.rtgen_family = AF_UNSPEC};
	struct nlbuf req = {};
	size_t msg = msg_begin(&req, type, 0, 0, 0, &gen, sizeof(gen));
	int err;

	put_u32(&req, NETNSA_FD, (uint32_t)fd);
	if (type == RTM_NEWNSID)
		put_u32(&req, NETNSA_NSID, (uint32_t)nsid);
	msg_end(&req, msg);
	err = answer ? nsid_answer(sock, &req, answer)
		     : kernel_request(sock, &req, NULL, NULL);
	nlbuf_done(&req);
	return err;
}

/* The id that the namespace of @sock has for the one behind @fd, assigning one if asked. */
static int nsid_of(int sock, int fd, bool assign)
{
	int id = -1;

	if (nsid_request(sock, RTM_GETNSID, fd, 0, &id) || id >= 0 || !assign)
		return id;
	if (nsid_request(sock, RTM_NEWNSID, fd, -1, NULL))
		return -1;
	return nsid_request(sock, RTM_GETNSID, fd, 0, &id) ? -1 : id;
}

int host_netns_watch(struct host *h, struct netns *ns, int ns_fd)
{
	if (ns->nsid >= 0)
		return 0;
	ns->nsid = nsid_of(h->factory_rtnl, ns_fd, true);
	if (ns->nsid < 0)
		return -ENOSPC;
	watch_id_given(h, ns);
	return 0;
}

void host_factory_id(struct host *h, struct netns *ns, int ns_fd)
{
	auto_close int opened = -1;
	int sock = ns->knows_factory ? -1 : host_rtnl(h, ns, ns_fd, &opened);

	if (sock < 0)
		return;
	/* -EEXIST: it has one. */
	(void)!nsid_request(sock, RTM_NEWNSID, h->factory_fd, FACTORY_NSID, NULL);
	ns->knows_factory = true;
}

int host_rtnl(struct host *h, const struct netns *ns, int ns_fd, int *opened)
{
	*opened = ns == h->root ? -1 : kernel_rtnl_in(ns_fd);
	return ns == h->root ? h->root_rtnl : *opened;
}

static struct list *hints(struct netns *ns)
{
	if (!ns->host) {
		ns->host = xnew(struct list);
		list_init(ns->host);
	}
	return ns->host;
}

void host_netns_hint(struct netns *ns, struct ns_hint *hint, int sock)
{
	hint->sock = sock;
	list_append(hints(ns), &hint->link);
}

void host_netns_unhint(struct netns *ns, struct ns_hint *hint)
{
	list_remove(&hint->link);
	if (list_is_empty(ns->host)) {
		free(ns->host);
		ns->host = NULL;
	}
}

/* A namespace that somebody keeps: what is looked for is one whose cookie is @cookie, or that
 * the namespace of the rtnetlink socket @sock names @id. */
struct wanted_ns {
	uint64_t cookie; /* 0: by the id */
	int sock, id;
};

/* The first among files @below (may be "") of the entries of @folder. */
static int open_wanted(const char *folder, const char *below, const struct wanted_ns *w)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	int found = -1;
	char path[300];

	while (dir && found < 0 && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "%s%s", entry->d_name, below);
		auto_close int fd = openat(dirfd(dir), path, O_RDONLY | O_CLOEXEC);

		if (fd >= 0 && (w->cookie ? kernel_ns_cookie(fd) == w->cookie
					  : nsid_of(w->sock, fd, false) == w->id))
			found = take_fd(&fd);
	}
	if (dir)
		closedir(dir);
	return found;
}

static int open_by_name(struct netns *ns)
{
	return open_wanted("/run/netns", "", &(struct wanted_ns){.cookie = ns->cookie});
}

int host_netns_open(struct host *h, struct netns *ns)
{
	struct ns_hint *hint;
	struct mirror *m;
	struct dev *dev;
	int fd;

	if (ns == h->root)
		return fcntl(h->root_fd, F_DUPFD_CLOEXEC, 3);
	list_foreach(dev, &ns->devs, in_ns) {
		m = dev->host;
		if (!m || m->packet || m->gone)
			continue;
		fd = ioctl(m->fd, TUNGETDEVNETNS);
		if (fd >= 0)
			return fd;
	}
	if (ns->host) {
		list_foreach(hint, (struct list *)ns->host, link) {
			fd = ioctl(hint->sock, SIOCGSKNS);
			if (fd >= 0)
				return fd;
		}
	}
	return open_by_name(ns);
}

/* ---- ids that users know ---- */

struct netns *host_netns_watched(struct host *h, int nsid)
{
	struct netns *ns;

	list_foreach(ns, &h->net->namespaces, link)
		if (nsid >= 0 && ns->nsid == nsid)
			return ns;
	return NULL;
}

struct netns *host_netns_by_id(struct host *h, struct netns *from, int id)
{
	struct rtgenmsg gen = {.rtgen_family = AF_UNSPEC};
	auto_close int fd = host_netns_open(h, from);
	auto_close int opened = -1;
	int sock = fd < 0 ? -1 : host_rtnl(h, from, fd, &opened), nsid = -1;
	struct nlbuf req = {};
	size_t msg;

	if (sock < 0)
		return NULL;
	/* The kernel translates an id of @from into one of the factory. */
	host_factory_id(h, from, fd);
	msg = msg_begin(&req, RTM_GETNSID, 0, 0, 0, &gen, sizeof(gen));
	put_u32(&req, NETNSA_NSID, (uint32_t)id);
	put_u32(&req, NETNSA_TARGET_NSID, FACTORY_NSID);
	msg_end(&req, msg);
	if (nsid_answer(sock, &req, &nsid))
		nsid = -1;
	nlbuf_done(&req);
	return host_netns_watched(h, nsid);
}

int host_netns_open_id(struct host *h, struct netns *from, int id)
{
	struct netns *known = host_netns_by_id(h, from, id);
	int fd = known ? host_netns_open(h, known) : -1;
	auto_close int from_fd = fd < 0 ? host_netns_open(h, from) : -1;
	auto_close int sock = from_fd < 0 ? -1 : kernel_rtnl_in(from_fd);
	struct wanted_ns wanted = {.sock = sock, .id = id};

	if (fd < 0 && sock >= 0)
		fd = open_wanted("/run/netns", "", &wanted);
	if (fd < 0 && sock >= 0)
		fd = open_wanted("/proc", "/ns/net", &wanted);
	return fd;
}

void host_nsid_forget(struct host *h, uint64_t cookie)
{
	for (size_t i = 0; i < h->n_nsid_memo; i++)
		if (h->nsid_memo[i].from == cookie || h->nsid_memo[i].to == cookie)
			h->nsid_memo[i--] = h->nsid_memo[--h->n_nsid_memo];
}

static struct nsid_memo *remembered(struct host *h, struct netns *from, struct netns *to)
{
	for (size_t i = h->n_nsid_memo; i--;)
		if (h->nsid_memo[i].from == from->cookie &&
		    h->nsid_memo[i].to == to->cookie)
			return &h->nsid_memo[i];
	return NULL;
}

static int remember(struct host *h, struct netns *from, struct netns *to, int id)
{
	if (id < 0)
		return id;
	h->nsid_memo =
		xrealloc(h->nsid_memo, (h->n_nsid_memo + 1) * sizeof(*h->nsid_memo));
	h->nsid_memo[h->n_nsid_memo++] = (struct nsid_memo){from->cookie, to->cookie, id};
	return id;
}

int host_nsid_between(struct host *h, struct netns *from, struct netns *to, bool assign)
{
	const struct nsid_memo *memo = remembered(h, from, to);
	auto_close int from_fd = memo ? -1 : host_netns_open(h, from);
	auto_close int to_fd = memo ? -1 : host_netns_open(h, to);
	auto_close int sock = from_fd < 0 || to_fd < 0 ? -1 : kernel_rtnl_in(from_fd);

	if (memo)
		return memo->id;
	return sock < 0 ? -1 : remember(h, from, to, nsid_of(sock, to_fd, assign));
}

static void see_to_id(struct host *h, struct netns *from, int from_fd, struct netns *to,
		      int to_fd)
{
	auto_close int sock = -1;

	if (remembered(h, from, to))
		return;
	sock = kernel_rtnl_in(from_fd);
	if (sock >= 0)
		(void)remember(h, from, to, nsid_of(sock, to_fd, true));
}

void host_nsid_pair(struct host *h, struct netns *a, int a_fd, struct netns *b, int b_fd)
{
	auto_close int a_own = a_fd < 0 ? host_netns_open(h, a) : -1;
	auto_close int b_own = b_fd < 0 ? host_netns_open(h, b) : -1;

	a_fd = max(a_fd, a_own);
	b_fd = max(b_fd, b_own);
	if (a_fd < 0 || b_fd < 0)
		return;
	see_to_id(h, a, a_fd, b, b_fd);
	see_to_id(h, b, b_fd, a, a_fd);
}

/* ---- who may ---- */

bool host_owns(pid_t pid, int ns_fd)
{
	char path[64];
	struct stat theirs, st;
	int fd = ioctl(ns_fd, NS_GET_USERNS);

	snprintf(path, sizeof(path), "/proc/%d/ns/user", (int)pid);
	if (stat(path, &theirs)) {
		fd_close(&fd);
		return false;
	}
	while (fd >= 0) {
		int parent;

		if (!fstat(fd, &st) && st.st_ino == theirs.st_ino &&
		    st.st_dev == theirs.st_dev) {
			close(fd);
			return true;
		}
		parent = ioctl(fd, NS_GET_PARENT); /* EPERM above the yard's own */
		close(fd);
		fd = parent;
	}
	return false;
}

bool host_has_net_admin(pid_t pid)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3,
						.pid = pid};
	struct __user_cap_data_struct caps[2] = {};

	return !syscall(SYS_capget, &head, caps) &&
	       caps[0].effective & (1u << CAP_NET_ADMIN);
}
