/* SPDX-License-Identifier: BSD-2-Clause
 *
 * tun - ioctls on /dev/net/tun, and on the sockets that stand for it.
 *
 * TUNSETIFF is carried out on a copy of the program's own descriptor, so the device is the
 * program's as it would be without us; then a socket takes the descriptor's place.  All
 * later ioctls come with that socket, and are carried out on the copy.
 */
#include "gate/call.h"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/capability.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#define TUN_MAJOR 10
#define TUN_MINOR 200

#define FILTER_ADDRS_MAX 64

/* What an ioctl's argument is. */
enum shape {
	VALUE,	 /* itself */
	INT_IN,	 /* points to an int that is read */
	INT_OUT, /* points to an int that is written */
	IFR_IN,	 /* points to a struct ifreq */
	IFR_OUT,
	IFR_INOUT,
	FILTER, /* points to a struct tun_filter and its addresses */
	GIVES_FD,
};

static const struct tun_ioctl {
	uint32_t cmd;
	enum shape shape;
	bool changes; /* what the engine must know */
} ioctls[] = {
	{TUNSETNOCSUM, VALUE},	      {TUNSETDEBUG, VALUE},
	{TUNSETPERSIST, VALUE},	      {TUNSETOWNER, VALUE},
	{TUNSETLINK, VALUE},	      {TUNSETGROUP, VALUE},
	{TUNSETOFFLOAD, VALUE, true}, {TUNGETFEATURES, INT_OUT},
	{TUNGETSNDBUF, INT_OUT},      {TUNSETSNDBUF, INT_IN},
	{TUNGETVNETHDRSZ, INT_OUT},   {TUNSETVNETHDRSZ, INT_IN, true},
	{TUNGETVNETLE, INT_OUT},      {TUNSETVNETLE, INT_IN, true},
	{TUNGETVNETBE, INT_OUT},      {TUNSETVNETBE, INT_IN, true},
	{TUNSETCARRIER, INT_IN},      {TUNGETIFF, IFR_OUT},
	{TUNSETQUEUE, IFR_IN},	      {TUNSETTXFILTER, FILTER},
	{SIOCGIFHWADDR, IFR_INOUT},   {SIOCSIFHWADDR, IFR_IN},
	{TUNGETDEVNETNS, GIVES_FD},   {SIOCGSKNS, GIVES_FD},
};

static const struct tun_ioctl *find_ioctl(uint32_t cmd)
{
	for (size_t i = 0; i < array_size(ioctls); i++)
		if (ioctls[i].cmd == cmd)
			return &ioctls[i];
	return NULL;
}

static long do_filter(struct call *c, int fd, uint32_t cmd, uint64_t arg)
{
	uint8_t copy[sizeof(struct tun_filter) + FILTER_ADDRS_MAX * 6];
	struct tun_filter head;
	size_t len;

	if (!call_read(c, arg, &head, sizeof(head)))
		return -EFAULT;
	len = sizeof(head) + head.count * 6u;
	if (len > sizeof(copy))
		return -ENOMEM;
	if (!call_read(c, arg, copy, len))
		return -EFAULT;
	return ioctl(fd, cmd, copy) < 0 ? -errno : 0;
}

/* Carry out an ioctl on the descriptor behind the program's socket. */
static long perform(struct call *c, int fd, const struct tun_ioctl *t, uint64_t arg)
{
	struct ifreq ifr = {};
	int value = 0;
	long ret;

	switch (t->shape) {
	case VALUE:
		return ioctl(fd, t->cmd, arg) < 0 ? -errno : 0;
	case INT_IN:
		if (!call_read(c, arg, &value, sizeof(value)))
			return -EFAULT;
		return ioctl(fd, t->cmd, &value) < 0 ? -errno : 0;
	case INT_OUT:
		if (ioctl(fd, t->cmd, &value) < 0)
			return -errno;
		return call_write(c, arg, &value, sizeof(value)) ? 0 : -EFAULT;
	case IFR_IN:
		if (!call_read(c, arg, &ifr, sizeof(ifr)))
			return -EFAULT;
		return ioctl(fd, t->cmd, &ifr) < 0 ? -errno : 0;
	case IFR_INOUT:
		if (!call_read(c, arg, &ifr, sizeof(ifr)))
			return -EFAULT;
		__attribute__((fallthrough));
	case IFR_OUT:
		if (ioctl(fd, t->cmd, &ifr) < 0)
			return -errno;
		return call_write(c, arg, &ifr, sizeof(ifr)) ? 0 : -EFAULT;
	case FILTER:
		return do_filter(c, fd, t->cmd, arg);
	case GIVES_FD:
		ret = ioctl(fd, t->cmd);
		return ret < 0 ? -errno : ret;
	}
	return -EINVAL;
}

static void on_attached(struct call *c, int fd, uint64_t cookie)
{
	uint32_t cmd = (uint32_t)c->n->data.args[1];
	uint64_t arg = c->n->data.args[2];
	const struct tun_ioctl *t = find_ioctl(cmd);
	struct ifreq ifr;
	long ret;

	if (!t) {
		/* It is attached already; and filters live in the program's memory. */
		call_return(c, cmd == TUNSETIFF ? -EEXIST : -EINVAL);
		return;
	}
	ret = perform(c, fd, t, arg);
	if (t->shape == GIVES_FD && ret >= 0) {
		call_return_fd(c, (int)ret, true);
		close((int)ret);
		return;
	}
	if (!ret && t->changes)
		c->gate->ops->tap_changed(c->gate->arg, cookie, cmd, arg);
	if (!ret && cmd == TUNSETQUEUE && call_read(c, arg, &ifr, sizeof(ifr)))
		c->gate->ops->tap_queue(c->gate->arg, cookie,
					ifr.ifr_flags & IFF_ATTACH_QUEUE);
	call_return(c, ret);
}

/* The program's @number becomes a socket.  The TUNSETIFF has been done on @tun_fd. */
static long put_in_place(struct call *c, int tun_fd, unsigned flags, int number)
{
	bool cloexec = call_fd_cloexec(c, number);
	int nonblock = fcntl(tun_fd, F_GETFL), end = -1;
	int own = fcntl(tun_fd, F_DUPFD_CLOEXEC, 3);
	long err;

	if (own < 0)
		return -errno;
	err = c->gate->ops->tap_open(c->gate->arg, own, flags, &end);
	if (err)
		return err;
	err = fd_set_nonblock(end, nonblock & O_NONBLOCK);
	if (!err)
		err = call_replace_fd(c, end, number, cloexec);
	fd_close(&end); /* if it was not put in place, the tap ends with it */
	return err;
}

static void on_setiff(struct call *c, int tun_fd)
{
	auto_close int ns_fd = ioctl(tun_fd, SIOCGSKNS);
	uint64_t arg = c->n->data.args[2];
	struct ifreq ifr;
	unsigned flags;
	long err;

	/* Who may not make devices shall hear so from the kernel, or attach to one of its
	 * own. */
	if (ns_fd < 0 || !c->gate->ops->may_rule(c->gate->arg, c->pid, ns_fd)) {
		call_go_on(c);
		return;
	}
	if (!call_read(c, arg, &ifr, sizeof(ifr))) {
		call_return(c, -EFAULT);
		return;
	}
	flags = (unsigned short)ifr.ifr_flags;
	ifr.ifr_name[IFNAMSIZ - 1] = 0;
	err = c->gate->ops->tap_prepare(c->gate->arg, ns_fd, ifr.ifr_name,
					flags & IFF_TUN_EXCL);
	if (!err && ioctl(tun_fd, TUNSETIFF, &ifr))
		err = -errno;
	if (err == -EAGAIN) {
		call_again(c);
		return;
	}
	if (err) {
		call_return(c, err);
		return;
	}
	err = put_in_place(c, tun_fd, flags, (int)c->n->data.args[0]);
	if (!err && !call_write(c, arg, &ifr, sizeof(ifr)))
		err = -EFAULT;
	call_return(c, err);
}

static bool is_tun_device(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && S_ISCHR(st.st_mode) &&
	       st.st_rdev == makedev(TUN_MAJOR, TUN_MINOR);
}

void call_tun_ioctl(struct call *c)
{
	auto_close int fd = call_fd(c, (int)c->n->data.args[0]);
	uint64_t cookie;
	int tun_fd;

	if (fd < 0) {
		call_go_on(c);
		return;
	}
	if (is_tun_device(fd)) {
		if ((uint32_t)c->n->data.args[1] == TUNSETIFF)
			on_setiff(c, fd);
		else
			call_go_on(c);
		return;
	}
	cookie = call_cookie(fd);
	tun_fd = cookie ? c->gate->ops->tap_descriptor(c->gate->arg, cookie) : -1;
	if (cookie && c->gate->ops->is_node(c->gate->arg, cookie))
		call_node_ioctl(c, cookie);
	else if (tun_fd < 0)
		call_go_on(c);
	else
		on_attached(c, tun_fd, cookie);
}
