/* SPDX-License-Identifier: BSD-2-Clause
 *
 * deletion - the end of mirrors.
 *
 * Deleting takes the kernel 16 ms, for one device or for many that bear the same group.  So
 * what dies with a device goes in the same request where that is possible; the rest waits
 * until there is nothing more urgent, at most LAZY_MAX, hidden from clients meanwhile.
 */
#include "host/host.h"
#include "base/log.h"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sys/ioctl.h>

#define LAZY_IDLE  (30 * NSEC_PER_MSEC)
#define LAZY_MAX   (200 * NSEC_PER_MSEC)
#define LAZY_COUNT 256

void mirror_free(struct mirror *m)
{
	list_remove(&m->link);
	fd_close(&m->fd);
	free(m);
}

/* While the slow thread runs one, it alone uses the mirrors' descriptors and @gone; where
 * they are does not change any more. */
struct deletion {
	struct job job;
	struct list link; /* host->deletions */
	struct list mirrors;
	int factory_fd;
	void (*done)(void *arg);
	void *arg;
};

static void delete_group(int sock, const unsigned *indexes, unsigned n)
{
	struct nlbuf req = {};
	struct ifinfomsg ifi = {};
	size_t msg;
	int err = 0;

	for (unsigned i = 0; n > 1 && i < n; i++) {
		nlbuf_clear(&req);
		ifi.ifi_index = (int)indexes[i];
		msg = msg_begin(&req, RTM_NEWLINK, 0, 0, 0, &ifi, sizeof(ifi));
		put_u32(&req, IFLA_GROUP, DYING_GROUP);
		msg_end(&req, msg);
		err = kernel_request(sock, &req, NULL, NULL); /* it may be gone by now */
	}
	nlbuf_clear(&req);
	ifi.ifi_index = n > 1 ? 0 : (int)indexes[0];
	msg = msg_begin(&req, RTM_DELLINK, 0, 0, 0, &ifi, sizeof(ifi));
	if (n > 1)
		put_u32(&req, IFLA_GROUP, DYING_GROUP);
	msg_end(&req, msg);
	err = kernel_request(sock, &req, NULL, NULL);
	if (err && err != -ENODEV)
		log_debug("mirror", "", "deletion: %s", strerror(-err));
	nlbuf_done(&req);
}

static unsigned tap_index(const struct mirror *m, int ns_fd)
{
	auto_close int sock = kernel_socket_in(ns_fd, AF_UNIX, SOCK_DGRAM, 0);
	struct ifreq ifr = {};

	if (sock < 0 || ioctl(m->fd, TUNGETIFF, &ifr))
		return 0;
	return kernel_index_of(sock, ifr.ifr_name);
}

/* Delete, in one request, @first and all after it that the same request can name. */
static void delete_with(struct deletion *d, struct mirror *first)
{
	unsigned indexes[2 * LAZY_COUNT], n = 0;
	auto_close int ns_fd = first->packet ? fcntl(d->factory_fd, F_DUPFD_CLOEXEC, 3)
					     : ioctl(first->fd, TUNGETDEVNETNS);
	auto_close int sock = ns_fd < 0 ? -1 : kernel_rtnl_in(ns_fd);
	struct mirror *m;

	for (struct list *l = &first->link;
	     l != &d->mirrors && n + 1 < array_size(indexes); l = l->next) {
		m = list_item(l, struct mirror, link);
		if (m->gone || m->packet != first->packet ||
		    (!m->packet && m->ns_cookie != first->ns_cookie))
			continue;
		m->gone = true;
		indexes[n] = sock < 0	 ? 0
			     : m->packet ? m->factory_index
					 : tap_index(m, ns_fd);
		n += indexes[n] != 0;
		if (m->detour_index && sock >= 0)
			indexes[n++] = m->detour_index;
	}
	if (n)
		delete_group(sock, indexes, n);
}

static void run_deletion(struct job *job)
{
	struct deletion *d = container_of(job, struct deletion, job);
	struct mirror *m;

	list_foreach(m, &d->mirrors, link)
		if (!m->gone)
			delete_with(d, m);
	list_foreach(m, &d->mirrors, link)
		fd_close(&m->fd); /* waits for the kernel where it is the last one */
}

static void deletion_done(struct job *job)
{
	struct deletion *d = container_of(job, struct deletion, job);
	struct mirror *m, *next;

	list_foreach_safe(m, next, &d->mirrors, link)
		mirror_free(m);
	list_remove(&d->link);

	if (d->done)
		d->done(d->arg);
	free(d);
}

static struct deletion *deletion_new(struct host *h, void (*done)(void *), void *arg)
{
	struct deletion *d = xnew(struct deletion);

	d->job.run = run_deletion;
	d->job.done = deletion_done;
	d->factory_fd = h->factory_fd;
	d->done = done;
	d->arg = arg;
	list_init(&d->mirrors);
	list_append(&h->deletions, &d->link);
	return d;
}

static void move_item(struct list *to, struct list *item)
{
	list_remove(item);
	list_append(to, item);
}

void mirror_flush_lazy(struct host *h)
{
	struct deletion *d;
	struct mirror *m, *next;

	timer_disarm(&h->lazy_timer);
	if (list_is_empty(&h->lazy))
		return;
	d = deletion_new(h, NULL, NULL);
	list_foreach_safe(m, next, &h->lazy, link)
		move_item(&d->mirrors, &m->link);
	h->n_lazy = 0;
	slow_post(&h->slow, &d->job);
}

static void on_lazy_timer(struct timer *t)
{
	struct host *h = container_of(t, struct host, lazy_timer);

	/* Wait while somebody waits for the slow thread, but not for ever. */
	if (h->slow.n_pending && clock_now() - h->lazy_since < LAZY_MAX)
		timer_arm(t, LAZY_IDLE, on_lazy_timer);
	else
		mirror_flush_lazy(h);
}

void mirror_doom(struct host *h, struct dev *dev)
{
	struct mirror *m = dev->host;

	if (!m)
		return;
	shortcut_end(h, m);
	dev->host = NULL;
	m->dev = NULL;
	m->ifindex = dev->ifindex;
	move_item(&h->lazy, &m->link);
	if (!h->n_lazy++)
		h->lazy_since = clock_now();
	if (h->n_lazy >= LAZY_COUNT)
		mirror_flush_lazy(h);
	else
		timer_arm(&h->lazy_timer, LAZY_IDLE, on_lazy_timer);
}

void mirror_delete_tap(struct host *h, struct dev *dev, int tun_fd)
{
	struct deletion *d = deletion_new(h, NULL, NULL);
	struct mirror *m = xnew(struct mirror);

	m->fd = tun_fd;
	m->ns_cookie = dev ? dev->ns->cookie : 0;
	m->ifindex = dev ? dev->ifindex : 0;
	list_append(&d->mirrors, &m->link);
	slow_post(&h->slow, &d->job);
}

void mirror_delete(struct host *h, struct dev *dev, void (*done)(void *), void *arg)
{
	struct mirror *target = dev->host, *m, *next;
	struct deletion *d = deletion_new(h, done, arg);
	unsigned others = h->n_lazy;

	/* NET_DEV_DYING puts its mirror behind the others on h->lazy, and those of what goes
	 * with it. */
	dev_destroy(dev);
	if (h->n_lazy < others) /* they became too many and are being deleted */
		others = 0;
	list_foreach_safe(m, next, &h->lazy, link) {
		if (others && others-- &&
		    (m->packet != target->packet ||
		     (!m->packet && m->ns_cookie != target->ns_cookie)))
			continue;
		move_item(&d->mirrors, &m->link);
		h->n_lazy--;
	}
	slow_post(&h->slow, &d->job);
}

void mirror_delete_lazy(struct host *h, void (*done)(void *), void *arg)
{
	struct deletion *d = deletion_new(h, done, arg);

	mirror_flush_lazy(h);
	slow_post(&h->slow, &d->job);
}

static bool is_among(struct list *mirrors, uint64_t ns_cookie, unsigned ifindex)
{
	struct mirror *m;

	list_foreach(m, mirrors, link)
		if (m->ns_cookie == ns_cookie && m->ifindex == ifindex)
			return true;
	return false;
}

bool mirror_is_dying(struct host *h, uint64_t ns_cookie, unsigned ifindex)
{
	struct deletion *d;

	list_foreach(d, &h->deletions, link)
		if (is_among(&d->mirrors, ns_cookie, ifindex))
			return true;
	return is_among(&h->lazy, ns_cookie, ifindex);
}
