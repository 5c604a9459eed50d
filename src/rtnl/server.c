/* SPDX-License-Identifier: BSD-2-Clause
 *
 * server - clients: their sockets, their requests in order, and the way back.
 *
 * What makes a Unix socket pass for a netlink one: the accepted end inherits the listener's
 * name, and with an abstract name of ten zero bytes recvmsg() at the program returns a
 * sender's address of 12 bytes whose nl_pid is 0, the kernel's.  SEQPACKET keeps datagrams
 * whole and ignores the address that the program sends to.
 */
#include "rtnl/rtnl.h"
#include "base/log.h"
#include "rtnl/bridge.h"

#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/un.h>

/* The kernel's own datagrams are this large before it knows its reader; some programs have
 * buffers for no more. */
#define REPLY_MAX 3776

#define CLIENTS_MAX 4096

struct handler {
	uint16_t type;
	bool (*handle)(struct client *c, const struct nlmsghdr *m);
};

static bool translate_only(struct client *c, const struct nlmsghdr *m)
{
	relay_quickly(c, m, NULL);
	return true;
}

/* What is not left to the kernel as it is. */
static const struct handler handlers[] = {
	{RTM_NEWLINK, link_new},       {RTM_SETLINK, link_new},
	{RTM_DELLINK, link_delete},    {RTM_GETLINK, link_get},
	{RTM_NEWNSID, translate_only}, {RTM_GETNSID, translate_only},
	{RTM_NEWNEIGH, brfdb_new},     {RTM_DELNEIGH, brfdb_delete},
	{RTM_GETNEIGH, neigh_get},     {RTM_NEWVLAN, vlandb_set},
	{RTM_DELVLAN, vlandb_set},     {RTM_GETVLAN, vlandb_get},
	{RTM_NEWMDB, brmdb_new},       {RTM_DELMDB, brmdb_delete},
	{RTM_GETMDB, brmdb_get},
};

/* ---- the way back ---- */

/* Send what is in @out, a datagram at a time.  False when the program must read first. */
static bool flush(struct client *c)
{
	size_t off = 0;

	while (off < c->out.len) {
		size_t end = off;
		const struct nlmsghdr *m;

		/* As many whole messages as fit, at least one. */
		while (end < c->out.len) {
			m = (const void *)(c->out.data + end);
			if (end > off &&
			    end - off + NLMSG_ALIGN(m->nlmsg_len) > REPLY_MAX)
				break;
			end += NLMSG_ALIGN(m->nlmsg_len);
		}
		if (send(c->fd, c->out.data + off, end - off,
			 MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
			if (errno != EAGAIN && errno != ENOBUFS)
				off = c->out.len; /* nobody is there to read it */
			break;
		}
		off = end;
	}
	if (off)
		memmove(c->out.data, c->out.data + off, c->out.len - off);
	c->out.len -= off;
	return !c->out.len;
}

static bool owes(const struct client *c)
{
	return c->out.len || (c->dump.next && !c->dump.asking);
}

static void update_watchers(struct client *c)
{
	int events = (c->busy || c->in.len ? 0 : EV_READ) | (owes(c) ? EV_WRITE : 0);

	ev_io_stop(c->rtnl->loop, &c->request_io);
	if (events && !c->closed) {
		ev_io_set(&c->request_io, c->fd, events);
		ev_io_start(c->rtnl->loop, &c->request_io);
	}
	if (owes(c) || c->closed)
		ev_io_stop(c->rtnl->loop, &c->reply_io);
	else
		ev_io_start(c->rtnl->loop, &c->reply_io);
}

/* So many parts of a dump in a row, then others have their turn. */
#define DUMP_TURNS 8

/* One datagram of the kernel's, and which namespace it is about: another one only for a client
 * with NETLINK_LISTEN_ALL_NSID.  What the engine's own has to tell is nobody's business. */
static ssize_t receive_kernel(struct client *c, void *buf, size_t size,
			      struct netns **from)
{
	char control[256] __attribute__((aligned(8)));
	struct iovec iov = {buf, size};
	ssize_t n;
	int nsid;

	do {
		struct msghdr msg = {.msg_iov = &iov,
				     .msg_iovlen = 1,
				     .msg_control = control,
				     .msg_controllen = sizeof(control)};

		n = recvmsg(c->kernel, &msg, MSG_DONTWAIT);
		nsid = n < 0 || !c->all_nsid ? -1 : kernel_sender_nsid(&msg);
	} while (nsid == FACTORY_NSID);
	*from = nsid < 0 ? c->ns : host_netns_by_id(c->rtnl->host, c->ns, nsid);
	return n;
}

/* Bring over what the kernel has answered, until the program cannot take more. */
static void drain_kernel(struct client *c)
{
	static char buf[1 << 17] __attribute__((aligned(8)));
	unsigned turns = 0;

	while (flush(c)) {
		const struct nlmsghdr *m;
		struct netns *from;
		ssize_t n;

		if (dump_continue(c)) {
			if (++turns < DUMP_TURNS)
				continue;
			flush(c);
			return;
		}
		n = receive_kernel(c, buf, sizeof(buf), &from);
		if (n < 0 && (errno == EINTR || errno == ENOBUFS))
			continue;
		if (n <= 0)
			return;
		watch_drain(c->rtnl->host);
		msg_foreach(m, buf, (size_t)n)
			if (!dump_collect(c, m))
				rewrite_message(c, from, m, &c->out);
	}
}

void client_drain(struct client *c)
{
	drain_kernel(c);
	update_watchers(c);
}

void client_answer(struct client *c, const struct nlmsghdr *request, int err,
		   const struct extack *ea)
{
	if (!err && !(request->nlmsg_flags & NLM_F_ACK))
		return;
	notify_deliver(c->rtnl);
	(void)!client_bind(c, 0, 0);
	drain_kernel(c);
	put_ack(&c->out, request, c->port, err, ea, c->ext_ack, c->cap_ack);
	flush(c);
}

/* ---- requests ---- */

/* May the sender change the network?  As the kernel asks: CAP_NET_ADMIN in the user
 * namespace that owns the network namespace.  The engine itself always may, so it asks for
 * the sender. */
static bool may_change(const struct client *c)
{
	return c->may_rule && host_has_net_admin(c->sender);
}

void client_forward(struct client *c, const struct nlmsghdr *m)
{
	(void)!client_bind(c, 0, 0);
	if (send(c->kernel, m, m->nlmsg_len, 0) < 0)
		client_answer(c, m, -errno, NULL);
	drain_kernel(c);
}

static void handle(struct client *c, const struct nlmsghdr *m)
{
	bool changes = m->nlmsg_type >= RTM_BASE && (m->nlmsg_type & 3) != 2;

	if (changes && !may_change(c)) {
		client_answer(c, m, -EPERM, NULL);
		return;
	}
	for (size_t i = 0; i < array_size(handlers); i++)
		if (handlers[i].type == m->nlmsg_type && handlers[i].handle(c, m))
			return;
	client_forward(c, m);
}

/* Work through the datagram at hand. */
static void pump(struct client *c)
{
	while (!c->busy && c->in_off < c->in.len) {
		size_t left = c->in.len - c->in_off;
		const void *at = c->in.data + c->in_off;
		const struct nlmsghdr *m = msg_first(at, left);

		if (!m) {
			/* Not a message: the kernel knows what to say to it. */
			if (send(c->kernel, at, left, 0) < 0)
				log_debug("client", "", "%s", strerror(errno));
			c->in_off = c->in.len;
			break;
		}
		c->in_off += min((size_t)NLMSG_ALIGN(m->nlmsg_len), left);
		handle(c, m);
	}
	if (!c->busy) {
		nlbuf_clear(&c->in);
		c->in_off = 0;
	}
	drain_kernel(c);
}

static void client_destroy(struct client *c)
{
	c->closed = true;
	ev_io_stop(c->rtnl->loop, &c->request_io);
	ev_io_stop(c->rtnl->loop, &c->reply_io);
	if (c->busy)
		return; /* the slow thread still uses the socket; client_resume comes here */
	host_netns_unhint(c->ns, &c->hint);
	netns_put(c->ns);
	list_remove(&c->link);
	c->rtnl->n_clients--;
	fd_close(&c->fd);
	fd_close(&c->kernel);
	nlbuf_done(&c->in);
	nlbuf_done(&c->out);
	dump_end(&c->dump);
	free(c);
}

/* One datagram from the program, with who sent it.  False at its end. */
static bool receive(struct client *c)
{
	static char buf[1 << 18] __attribute__((aligned(8)));
	char control[CMSG_SPACE(sizeof(struct ucred)) + 64] __attribute__((aligned(8)));
	struct iovec iov = {buf, sizeof(buf)};
	struct msghdr msg = {.msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = control,
			     .msg_controllen = sizeof(control)};
	ssize_t n = recvmsg(c->fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	for (struct cmsghdr *h = CMSG_FIRSTHDR(&msg); n && h; h = CMSG_NXTHDR(&msg, h)) {
		struct ucred cred;

		if (h->cmsg_level != SOL_SOCKET || h->cmsg_type != SCM_CREDENTIALS)
			continue;
		memcpy(&cred, CMSG_DATA(h), sizeof(cred));
		c->sender = cred.pid;
	}
	if (n)
		nlbuf_raw(&c->in, buf, (size_t)n);
	return n;
}

/* A batch sends its next request as soon as it has read the answer.  Waiting for that moment
 * here, without sleeping, saves it two wake-ups; anybody else costs a few yields. */
#define LINGER (40 * NSEC_PER_USEC)

static bool more_soon(struct client *c)
{
	nsec_t until = clock_now() + LINGER;
	struct pollfd p = {.fd = c->fd, .events = POLLIN};

	while (!c->busy && !c->out.len && clock_now() < until) {
		if (poll(&p, 1, 0) == 1)
			return p.revents & POLLIN;
		sched_yield();
	}
	return false;
}

/* False when the client is gone. */
static bool serve(struct client *c)
{
	if (!receive(c)) {
		client_destroy(c);
		return false;
	}
	usertap_reap(c->rtnl->host);
	watch_drain(c->rtnl->host);
	pump(c);
	return true;
}

/* So many requests in a row, then others have their turn. */
#define REQUESTS_IN_A_ROW 16

static void on_request(struct ev_loop *loop, ev_io *w, int revents)
{
	struct client *c = w->data;

	if (revents & EV_READ && !c->busy) {
		unsigned n = 0;

		do {
			if (!serve(c))
				return;
		} while (++n < REQUESTS_IN_A_ROW && more_soon(c));
	} else {
		drain_kernel(c);
	}
	update_watchers(c);
}

static void on_reply(struct ev_loop *loop, ev_io *w, int revents)
{
	struct client *c = w->data;

	watch_drain(c->rtnl->host);
	drain_kernel(c);
	update_watchers(c);
}

void client_pause(struct client *c)
{
	c->busy = true;
}

void client_resume(struct client *c)
{
	c->busy = false;
	if (c->closed) {
		client_destroy(c);
		return;
	}
	watch_drain(c->rtnl->host);
	pump(c);
	update_watchers(c);
}

/* ---- opening ---- */

int client_bind(struct client *c, uint32_t wanted, uint32_t groups)
{
	struct sockaddr_nl addr = {
		.nl_family = AF_NETLINK, .nl_pid = wanted, .nl_groups = groups};
	socklen_t len = sizeof(addr);

	if (c->bound && !wanted && !groups)
		return 0;
	if (!wanted)
		addr.nl_pid = c->bound ? c->port : (uint32_t)c->pid;
	if (bind(c->kernel, (void *)&addr, sizeof(addr))) {
		if (wanted || c->bound || errno != EADDRINUSE)
			return -errno;
		addr.nl_pid = 0;
		if (bind(c->kernel, (void *)&addr, sizeof(addr)))
			return -errno;
	}
	if (getsockname(c->kernel, (void *)&addr, &len))
		return -errno;
	c->port = addr.nl_pid;
	c->bound = true;
	if (groups)
		notify_groups(c);
	return 0;
}

void client_option(struct client *c, int option, int value)
{
	if (option == NETLINK_EXT_ACK)
		c->ext_ack = value;
	else if (option == NETLINK_CAP_ACK)
		c->cap_ack = value;
	else if (option == NETLINK_GET_STRICT_CHK)
		c->strict = value;
	else if (option == NETLINK_LISTEN_ALL_NSID)
		c->all_nsid = value;
	else if (option == NETLINK_ADD_MEMBERSHIP || option == NETLINK_DROP_MEMBERSHIP)
		notify_groups(c);
}

static int connect_pair(struct rtnl *r, int *ours, int *theirs)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	auto_close int end =
		kernel_socket_in(r->host->factory_fd, AF_UNIX, SOCK_SEQPACKET, 0);
	int on = 1;

	if (end < 0)
		return end;
	if (connect(end, (void *)&addr, sizeof(struct sockaddr_nl)))
		return -errno;
	*ours = accept4(r->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (*ours < 0)
		return -errno;
	(void)setsockopt(*ours, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on));
	*theirs = take_fd(&end);
	return 0;
}

int rtnl_open(struct rtnl *r, int ns_fd, pid_t pid, bool nonblock, int *program_end)
{
	auto_close int kernel =
		kernel_socket_in(ns_fd, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	auto_close int ours = -1, theirs = -1;
	socklen_t len = sizeof(uint64_t);
	struct client *c;
	int err;

	if (kernel < 0)
		return kernel;
	if (r->n_clients >= CLIENTS_MAX)
		return -EMFILE;
	err = connect_pair(r, &ours, &theirs);
	if (!err && nonblock)
		err = fd_set_nonblock(theirs, true);
	if (err)
		return err;
	c = xnew(struct client);
	if (getsockopt(theirs, SOL_SOCKET, SO_COOKIE, &c->cookie, &len)) {
		free(c);
		return -errno;
	}
	c->rtnl = r;
	c->ns = netns_get(r->net, kernel_socket_cookie(kernel));
	c->fd = take_fd(&ours);
	c->kernel = take_fd(&kernel);
	c->pid = c->sender = pid;
	c->may_rule = host_owns(pid, ns_fd);
	host_netns_hint(c->ns, &c->hint, c->kernel);
	ev_io_init(&c->request_io, on_request, c->fd, EV_READ);
	ev_io_init(&c->reply_io, on_reply, c->kernel, EV_READ);
	c->request_io.data = c->reply_io.data = c;
	list_prepend(&r->clients, &c->link);
	r->n_clients++;
	update_watchers(c);
	*program_end = take_fd(&theirs);
	return 0;
}

struct client *rtnl_client(struct rtnl *r, uint64_t cookie)
{
	struct client *c;

	list_foreach(c, &r->clients, link)
		if (c->cookie == cookie)
			return c;
	return NULL;
}

int rtnl_start(struct rtnl *r, struct host *host, struct extack *ea)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX}; /* ten zero bytes of a name */

	*r = (struct rtnl){.host = host, .net = host->net, .loop = host->loop};
	list_init(&r->clients);
	r->listener = kernel_socket_in(host->factory_fd, AF_UNIX, SOCK_SEQPACKET, 0);
	if (r->listener < 0)
		return extack_set(ea, r->listener, "no Unix socket");
	if (bind(r->listener, (void *)&name, sizeof(struct sockaddr_nl)) ||
	    listen(r->listener, 64))
		return extack_set(ea, -errno, "no name for the clients' socket");
	notify_start(r);
	return 0;
}

void rtnl_stop(struct rtnl *r)
{
	struct client *c, *next;

	notify_stop(r);
	list_foreach_safe(c, next, &r->clients, link) {
		c->busy = false;
		client_destroy(c);
	}
	fd_close(&r->listener);
}
