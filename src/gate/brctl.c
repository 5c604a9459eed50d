/* SPDX-License-Identifier: BSD-2-Clause
 *
 * brctl - the ioctls by which brctl(8) speaks of bridges: their arguments are read here, and
 * answers written.  What is not about a bridge of the engine is the kernel's.
 */
#include "base/brctl.h"
#include "gate/call.h"

#include <linux/if_bridge.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>

bool call_is_brctl(uint32_t cmd)
{
	switch (cmd) {
	case SIOCBRADDBR:
	case SIOCBRDELBR:
	case SIOCBRADDIF:
	case SIOCBRDELIF:
	case SIOCGIFBR:
	case SIOCSIFBR:
	case SIOCDEVPRIVATE:
		return true;
	}
	return false;
}

static bool read_name(struct call *c, uint64_t from, struct brctl *b)
{
	if (!call_read(c, from, b->name, sizeof(b->name)))
		return false;
	b->name[IFNAMSIZ - 1] = 0;
	return true;
}

/* Without a bridge's name: the words themselves.  Two of them have it in args[1]. */
static bool read_words(struct call *c, uint64_t from, struct brctl *b)
{
	const size_t n = 3;

	if (!call_read(c, from, b->args, n * sizeof(b->args[0])))
		return false;
	if (b->args[0] != BRCTL_ADD_BRIDGE && b->args[0] != BRCTL_DEL_BRIDGE)
		return true;
	return read_name(c, b->args[1], b);
}

static bool read_request(struct call *c, struct brctl *b)
{
	uint64_t from = c->n->data.args[2];
	struct ifreq ifr;

	switch (b->cmd) {
	case SIOCBRADDBR:
	case SIOCBRDELBR:
		return read_name(c, from, b);
	case SIOCGIFBR:
	case SIOCSIFBR:
		return read_words(c, from, b);
	}
	if (!call_read(c, from, &ifr, sizeof(ifr)) || !read_name(c, from, b))
		return false;
	b->ifindex = (unsigned)ifr.ifr_ifindex;
	/* Others give it another meaning: what is not there to be read is not for a bridge. */
	if (b->cmd == SIOCDEVPRIVATE)
		return call_read(c, (uintptr_t)ifr.ifr_data, b->args, sizeof(b->args));
	return true;
}

void call_brctl(struct call *c)
{
	auto_close int sock = call_fd(c, (int)c->n->data.args[0]);
	auto_close int ns_fd = sock < 0 ? -1 : ioctl(sock, SIOCGSKNS);
	static struct brctl b;

	memset(&b, 0, offsetof(struct brctl, out));
	b.cmd = (uint32_t)c->n->data.args[1];
	b.sock = sock;
	b.ns_fd = ns_fd;
	b.again = c->tries;
	b.out_len = 0;
	if (ns_fd < 0 || !read_request(c, &b)) {
		call_go_on(c);
		return;
	}
	b.may = c->gate->ops->may_rule(c->gate->arg, c->pid, ns_fd);
	if (!c->gate->ops->bridge_call(c->gate->arg, &b))
		call_go_on(c);
	else if (b.result == -EAGAIN)
		call_again(c);
	else if (b.out_len && !call_write(c, b.args[1], b.out, b.out_len))
		call_return(c, -EFAULT);
	else
		call_return(c, b.result);
}
