/* SPDX-License-Identifier: BSD-2-Clause
 *
 * dump - dumps of what both the kernel and the engine know.
 *
 * The kernel answers first; what it says is kept until it is done (it is little: the address
 * lists of the mirrors).  Then the engine tells its own, the kernel's messages in their places
 * among it, as fast as the program reads: nothing of the engine's is kept meanwhile but how
 * far it has come, so a table of a million stations costs no more memory than one of ten.
 */
#include "rtnl/rtnl.h"

void dump_end(struct dump *d)
{
	nlbuf_done(&d->asked);
	nlbuf_done(&d->kernel);
	nlbuf_done(&d->done);
	free(d->devs);
	*d = (struct dump){};
}

void dump_begin(struct client *c, const struct nlmsghdr *m, const struct nlbuf *to_kernel,
		bool (*next)(struct client *c, struct dump *d, struct nlbuf *out))
{
	struct dump *d = &c->dump;

	if (d->next) {
		client_answer(c, m, -EBUSY, NULL);
		return;
	}
	d->next = next;
	d->asking = true;
	nlbuf_raw(&d->asked, m, m->nlmsg_len);
	client_forward(c, to_kernel ? (const void *)to_kernel->data : m);
}

void dump_own(struct client *c, const struct nlmsghdr *m,
	      bool (*next)(struct client *c, struct dump *d, struct nlbuf *out))
{
	struct dump *d = &c->dump;
	const int fine = 0;

	if (d->next) {
		client_answer(c, m, -EBUSY, NULL);
		return;
	}
	(void)!client_bind(c, 0, 0);
	d->next = next;
	nlbuf_raw(&d->asked, m, m->nlmsg_len);
	msg_end(&d->done, msg_begin(&d->done, NLMSG_DONE, NLM_F_MULTI, m->nlmsg_seq,
				    c->port, &fine, sizeof(fine)));
}

/* The dump has failed when its last message says so. */
static bool is_failure(const struct nlmsghdr *m)
{
	const int *err = msg_header(m, sizeof(*err));

	return err && *err < 0;
}

bool dump_collect(struct client *c, const struct nlmsghdr *m)
{
	struct dump *d = &c->dump;

	if (!d->next || !d->asking || m->nlmsg_seq != dump_request(d)->nlmsg_seq ||
	    m->nlmsg_pid != c->port)
		return false;
	if (m->nlmsg_type == NLMSG_ERROR ||
	    (m->nlmsg_type == NLMSG_DONE && is_failure(m))) {
		if (d->kernel.len)
			nlbuf_raw(&c->out, d->kernel.data, d->kernel.len);
		dump_end(d);
		return false;
	}
	if (m->nlmsg_type == NLMSG_DONE) {
		d->asking = false;
		nlbuf_raw(&d->done, m, m->nlmsg_len);
	} else {
		nlbuf_raw(&d->kernel, m, m->nlmsg_len);
	}
	return true;
}

bool dump_continue(struct client *c)
{
	struct dump *d = &c->dump;

	if (!d->next || d->asking)
		return false;
	if (!d->next(c, d, &c->out)) {
		nlbuf_raw(&c->out, d->done.data, d->done.len);
		dump_end(d);
	}
	return true;
}

const struct nlmsghdr *dump_kernel(const struct dump *d)
{
	if (d->kernel_at >= d->kernel.len)
		return NULL;
	return msg_first(d->kernel.data + d->kernel_at, d->kernel.len - d->kernel_at);
}

void dump_take_kernel(struct dump *d, struct nlbuf *out)
{
	const struct nlmsghdr *m = dump_kernel(d);

	if (out)
		nlbuf_raw(out, m, m->nlmsg_len);
	d->kernel_at += NLMSG_ALIGN(m->nlmsg_len);
}
